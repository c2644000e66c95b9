// The simulated forges behave as the real ones do in a browser: these tests hold without the page's program.

import { TOKENS } from "../support/forges.mjs";
import { expect, test } from "../support/test.mjs";

const BUILDS = "/contoso/Trivia%20Shop/_apis/build/builds?buildIds=6001&api-version=7.1";
const basic = (token) => ({ Authorization: `Basic ${btoa(`:${token}`)}` });
const bearer = (token) => ({ Authorization: `Bearer ${token}` });

/** Fetches from the site's page: status, readable headers and body, or that the browser refused. */
const fetchFrom = (page, url, headers = {}, more = {}) =>
  page.evaluate(
    async ([url, init]) => {
      try {
        const answer = await fetch(url, init);
        return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
      } catch {
        return { refused: true };
      }
    },
    [url, { headers, cache: "no-store", ...more }],
  );

test.beforeEach(async ({ page, site, forges, trouble }) => {
  void forges;
  trouble.expectNetwork();
  await site.put("plain.html", "<!doctype html><title>A page of another origin</title>");
  await page.goto(`${site.url}plain.html`);
});

test("Azure DevOps shows a page nothing unless the token is good", async ({ page, forges }) => {
  const builds = forges.origins["azure-devops"] + BUILDS;
  expect(await fetchFrom(page, builds)).toEqual({ refused: true });
  expect(await fetchFrom(page, builds, basic("wrong"))).toEqual({ refused: true });
  const { status, body } = await fetchFrom(page, builds, basic(TOKENS["azure-devops"]));
  expect([status, JSON.parse(body).value[0].result]).toEqual([200, "succeeded"]);

  const release = BUILDS.replace("build/builds?buildIds=6001", "release/releases?releaseIdFilter=202");
  expect((await fetchFrom(page, forges.origins.releases + release, basic(TOKENS["azure-devops"]))).status).toBe(200);
});

test("GitHub says why it refuses, and what is left", async ({ page, forges }) => {
  await forges.setLimits({ anonymous: 1 });
  const repository = `${forges.origins.github}/repos/contoso/quiz`;
  expect((await fetchFrom(page, repository, bearer("wrong"))).status).toBe(401);
  const { status, headers } = await fetchFrom(page, repository);
  expect([status, headers["x-ratelimit-remaining"]]).toEqual([200, "0"]);
  expect((await fetchFrom(page, repository)).status).toBe(403);
  const known = { ...bearer(TOKENS.github), "If-None-Match": headers.etag };
  expect((await fetchFrom(page, repository, known)).status).toBe(304);

  const query = '{ repository(owner: "contoso", name: "quiz") { object(expression: "fffffff") { oid } } }';
  const ask = { method: "POST", body: JSON.stringify({ query }) };
  const headersOfAsk = { ...bearer(TOKENS.github), "Content-Type": "application/json" };
  const { body } = await fetchFrom(page, `${forges.origins.github}/graphql`, headersOfAsk, ask);
  expect(JSON.parse(body)).toEqual({ data: { repository: { object: null } } });
});

test("GitLab can be read without a token, and not with a wrong one", async ({ page, forges }) => {
  const project = `${forges.origins.gitlab}/api/v4/projects/contoso%2Fweb%2Fmail`;
  expect((await fetchFrom(page, project)).status).toBe(200);
  expect((await fetchFrom(page, project, { "PRIVATE-TOKEN": "wrong" })).status).toBe(401);
  expect((await fetchFrom(page, project, { "PRIVATE-TOKEN": TOKENS.gitlab })).status).toBe(200);
});

test("they can be disturbed, and time can be made to pass", async ({ page, forges }) => {
  const project = `${forges.origins.gitlab}/api/v4/projects/contoso%2Fweb%2Fmail`;
  forges.disturb("gitlab", { status: 429, headers: { "retry-after": "7" }, times: 1 });
  expect((await fetchFrom(page, project)).status).toBe(429);
  forges.disturb("gitlab", { half: true });
  expect((await fetchFrom(page, project)).body).toMatch(/^\{.*[^}]$/);
  expect(forges.count("gitlab")).toBe(2);
  forges.disturb("gitlab", { cut: true });
  expect(await fetchFrom(page, project)).toEqual({ refused: true });
  forges.mend("gitlab");
  expect((await fetchFrom(page, project)).status).toBe(200);

  const before = await forges.truth();
  expect(before["stages-running"].release.status).toBe("running");
  forges.advance(2 * 3_600_000);
  expect((await forges.truth())["stages-running"].release.status).toBe("succeeded");
});
