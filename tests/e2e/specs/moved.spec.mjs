// Redirects of a forge: a renamed repository, and one that leads elsewhere.

import { once } from "node:events";
import { createServer } from "node:http";

import { full } from "../support/rows.mjs";
import { expect, test as base } from "../support/test.mjs";

const TOKEN = "github_pat_0123456789";

async function listen(answer) {
  const requests = [];
  const server = createServer((request, response) => {
    response.setHeader("access-control-allow-origin", "*").setHeader("access-control-allow-headers", "*, authorization");
    if (request.method === "OPTIONS") return response.end();
    requests.push(request);
    return answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, requests, close: () => { server.closeAllConnections(); server.close(); } };
}

/** A server whose repository was renamed, and another host that it may lead to. */
const test = base.extend({
  elsewhere: async ({}, use) => {
    const server = await listen((request, response) => response.end("{}"));
    await use(server);
    server.close();
  },
  github: async ({ site }, use) => {
    const server = await listen((request, response) => {
      if (request.url.startsWith("/repositories/7/") && server.isPrivate && !request.headers.authorization) {
        response.writeHead(404).end("{}");
      } else if (request.url.startsWith("/repositories/7/")) {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ id: 7001, status: "completed", conclusion: "success", head_sha: "a".repeat(40), html_url: "https://github.com/contoso/new/actions/runs/7001" }));
      } else {
        const path = request.url.replace(/^\/repos\/[^/]+\/[^/]+/, "/repositories/7");
        response.writeHead(301, { location: `${server.leadsTo ?? server.origin}${path}` }).end();
      }
    });
    await site.put("snapshot.json", { value: [full(1, { p1: "7001", p1Status: undefined })] });
    const storage = { kind: "snapshot", url: "snapshot.json" };
    const pipelines = { kind: "github", repository: "contoso/trivia", api: server.origin };
    site.config = { refreshSeconds: 0, projects: [{ name: "trivia", storage, pipelines }] };
    await use(server);
    server.close();
  },
});

test.beforeEach(({ trouble }) => trouble.expectNetwork());

test("a renamed repository is read where it is now, and the page says where that is", async ({ ringside, github }) => {
  await ringside.open("?view=deployments");
  await expect.poll(() => github.requests.some((request) => request.url.startsWith("/repositories/7/"))).toBe(true);
  await ringside.refreshNow.click();
  await expect(ringside.problem("pipelines", "not-found").first()).toContainText("/repos/contoso/");
  await expect(ringside.problem("pipelines", "not-found").first()).toContainText("has moved to");
});

test("an answer of another origin is not taken", async ({ ringside, github, elsewhere }) => {
  github.leadsTo = elsewhere.origin;
  await ringside.open("?view=deployments");
  await expect(ringside.problem("pipelines", "unreachable").first()).toContainText("redirect");
});

test("no token follows a redirect", async ({ ringside, page, github, elsewhere }) => {
  github.leadsTo = elsewhere.origin;
  await page.addInitScript(([origin, token]) => sessionStorage.setItem(`ringside.credential.${origin}`, token), [github.origin, TOKEN]);
  await ringside.open("?view=deployments");
  await expect(ringside.problem("pipelines", "unreachable").first()).toContainText("redirect");
  expect(github.requests.some((request) => request.headers.authorization?.includes(TOKEN))).toBe(true);
  // It is asked without the token where it leads, as without one from the beginning.
  expect(JSON.stringify(elsewhere.requests.map(({ url, headers }) => [url, headers]))).not.toContain(TOKEN);
  expect(elsewhere.requests.some((request) => request.headers.authorization)).toBe(false);
});

test("with a token a renamed repository is read with it where it is now, and is not looked for again", async ({ ringside, page, github }) => {
  github.isPrivate = true;
  await page.addInitScript(([origin, token]) => sessionStorage.setItem(`ringside.credential.${origin}`, token), [github.origin, TOKEN]);
  await ringside.open("?view=deployments");
  // The commit's answer is none, so that it is asked for again.
  const asked = (path) => github.requests.filter(({ url, headers }) => url.startsWith(path) && url.includes("/commits/") && headers.authorization?.includes(TOKEN)).length;
  await expect.poll(() => asked("/repositories/7/")).toBeGreaterThan(0);
  await expect(ringside.problem("pipelines", "not-found").first()).toContainText("has moved to");
  const before = asked("/repositories/7/");
  await ringside.refreshNow.click();
  await expect.poll(() => asked("/repositories/7/")).toBeGreaterThan(before);
  expect(asked("/repos/contoso/")).toBe(1);
});
