// What Azure DevOps, GitHub and GitLab say of the deployments in sight, over real HTTP, with their CORS behaviour.

import { createServer } from "node:http";
import { once } from "node:events";

import { FORGE_OF, TOKENS, enterTokens } from "../support/forges.mjs";
import { Ringside } from "../support/ringside.mjs";
import { expect, test } from "../support/test.mjs";

/** A request for what clusters say now, and for the branch they follow: that is asked at every visit. */
const isOfClusters = ({ url, body }) =>
  /-Manifests\/(commits\?|refs\?|commitsbatch\?includeStatuses|annotatedtags)/.test(url) ||
  /\/repository\/(commits\?|tags\?|commits\/[0-9a-f]+\/statuses)/.test(url) ||
  (url.startsWith("/graphql") && /refPrefix/.test(String(body)));

/** A deployment of the story by the key of its row. */
const id = (project, key) => `${project}:${project}/${key}`;

const ROWS = {
  "all-succeeded": "classic",
  "failed-in-prod": "classic",
  waiting: "classic",
  abandoned: "classic",
  expired: "classic",
  warned: "classic",
  "hld-edit": "classic",
  "stages-running": "stages",
  "stages-retried": "stages",
  "jobs-succeeded": "jobs",
  "jobs-unknown-author": "jobs",
  "jobs-waiting": "jobs",
  "runs-failed": "runs",
  "pipeline-succeeded": "lab",
  "pipeline-running": "lab",
  mixed: "mixed",
};
const row = (ringside, key) => ringside.row(id(ROWS[key], key));

/** Waits until nothing has been asked for longer than Azure DevOps is left alone between two requests. */
async function quiet(forges) {
  let count;
  await expect
    .poll(
      () => {
        const before = count;
        count = forges.requests.length;
        return before === count;
      },
      { intervals: [2_600], timeout: 40_000 },
    )
    .toBe(true);
}

/** Waits until the browser has all that was learnt: a write waits a second, and then what it keeps grows no more. */
async function written(page) {
  const kept = () => page.evaluate(() => new Promise((done) => {
    const open = indexedDB.open("ringside");
    open.onsuccess = () => {
      const all = open.result.transaction("kept").objectStore("kept").getAll();
      all.onsuccess = () => { open.result.close(); done(all.result.reduce((sum, chunk) => sum + chunk.length, 0)); };
    };
  }));
  let size = 0;
  await expect
    .poll(
      async () => {
        const before = size;
        size = await kept();
        return size > 0 && size === before;
      },
      { intervals: [2_000], timeout: 20_000 },
    )
    .toBe(true);
}

/** What was asked of forges since, but for what is asked at every visit. */
const askedSince = (forges, before) => {
  const others = forges.requests.slice(before).filter((request) => !isOfClusters(request));
  const asked = others.map(({ method, url, body }) => `${method} ${url} ${body}`);
  // What still moves.
  return asked.filter((request) => !/pullrequests\/502|pulls\/505|pullRequest\(number: 505\)/.test(request));
};

test.describe("with tokens", () => {
  test.beforeEach(async ({ page, site, forges, trouble }) => {
    // Pictures that are not there, and jobs that are runs: a browser writes every 404 to its console.
    trouble.expectNetwork();
    await forges.useAt(site);
    await enterTokens(page, forges);
  });

  test("every column says what is true", async ({ ringside, forges }) => {
    await ringside.open("?view=deployments");
    const truth = await forges.truth();
    const STATES = { "failed-in-prod": "failed", waiting: "waiting", "jobs-waiting": "waiting", abandoned: "canceled" };
    for (const key of Object.keys(ROWS)) {
      const { build, release, manifest } = truth[key];
      const running = [build, release, manifest].some((stage) => stage?.status === "running");
      const failed = [build, release, manifest].some((stage) => stage?.status === "failed" && !stage.gone);
      const state = STATES[key] ?? (running ? "running" : failed ? "failed" : "succeeded");
      await expect(row(ringside, key), key).toHaveAttribute("data-status", state);
    }
    const cell = (key, column) => row(ringside, key).locator(`td[data-column="${column}"]`);
    await expect(cell("all-succeeded", "author")).toContainText(truth["all-succeeded"].commit.author.name);
    await expect(cell("all-succeeded", "build").getByRole("link").first()).toHaveAttribute("href", /buildId=6001/);
    await expect(cell("all-succeeded", "build").getByRole("link").last()).toHaveAttribute("href", /\/commit\//);
    await expect(cell("all-succeeded", "mergedBy")).toContainText("Ana María Ruiz");
    await expect(cell("jobs-succeeded", "build")).toContainText("build");
    await expect(cell("jobs-succeeded", "pr").getByRole("link").first()).toHaveAttribute("href", /\/pull\/504$/);
    await expect(cell("pipeline-succeeded", "build").getByRole("link").last()).toHaveAttribute("href", /\/-\/commit\//);
    await expect(cell("hld-edit", "author")).toContainText(truth["hld-edit"].commit.author.name);
  });

  test("a failed release counts as failed, and says to where", async ({ ringside }) => {
    await ringside.open("?view=deployments");
    await expect(row(ringside, "failed-in-prod").locator('[data-column="status"]')).toContainText("release to prod");
    await ringside.open();
    await expect(ringside.cell("client", "prod")).toContainText("failed: release to prod");
  });

  test("what waits says since when, and for whom", async ({ ringside }) => {
    await ringside.open("?view=deployments");
    await expect(row(ringside, "waiting").locator('[data-column="status"]')).toContainText("PR #502 open for 4 h");
    await expect(row(ringside, "waiting").locator('[data-column="pr"]')).toContainText("Ken Abe and Ana María Ruiz");
    await row(ringside, "waiting").click();
    await expect(ringside.stage("pr")).toContainText("Waiting for");
    await expect(ringside.details.getByRole("link", { name: /^Review PR/ })).toHaveAttribute("href", /pullrequest\/502/);
  });

  test("a closed pull request is not waited for, and nobody merged it", async ({ ringside }) => {
    await ringside.open("?view=deployments");
    await expect(row(ringside, "abandoned")).toHaveAttribute("data-status", "canceled");
    await expect(row(ringside, "abandoned").locator('[data-column="mergedBy"]')).toHaveText("");
  });

  test("what has expired shows what its row knows, and says so", async ({ ringside }) => {
    await ringside.open(`?view=deployments&deployment=${id("classic", "expired")}`);
    await expect(row(ringside, "expired")).toContainText("expired in Azure DevOps");
    await expect(row(ringside, "expired")).toHaveAttribute("data-status", "succeeded");
    await expect(ringside.stage("build")).toContainText("Expired in Azure DevOps");
  });

  test("warnings are no failure, and no silence", async ({ ringside }) => {
    await ringside.open("?view=deployments");
    await expect(row(ringside, "warned")).toHaveAttribute("data-status", "succeeded");
    await expect(row(ringside, "warned").locator('[data-column="status"]')).toContainText("with warnings");
  });

  test("the details tell where each fact is from, and of each stage", async ({ ringside }) => {
    await ringside.open(`?view=deployments&deployment=${id("mixed", "mixed")}`);
    const run = (stage) => ringside.stage(stage).getByRole("link").first();
    await expect(run("build")).toHaveAttribute("href", /\/actions\/runs\//);
    await expect(run("release")).toHaveAttribute("href", /_release|_build/);
    await expect(run("manifest")).toHaveAttribute("href", /\/-\/pipelines\//);
    await ringside.open(`?view=deployments&deployment=${id("stages", "stages-running")}`);
    await expect(ringside.stage("build")).toHaveAttribute("data-status", "succeeded");
    await expect(ringside.stage("release")).toHaveAttribute("data-status", "running");
  });

  test("authors and mergers can be searched and filtered for", async ({ ringside, page }) => {
    await ringside.open("?view=deployments");
    await expect(row(ringside, "all-succeeded")).toContainText("Mara Lind");
    await expect(row(ringside, "pipeline-succeeded")).toContainText("Ana María Ruiz");
    await ringside.menu("mergedBy").click();
    await ringside.choice(/Ana María Ruiz/).check();
    await expect(row(ringside, "all-succeeded")).toBeVisible();
    await expect(row(ringside, "warned")).toHaveCount(0);
    expect(ringside.query.get("mergedBy")).toBe("Ana María Ruiz");
    await ringside.open("?view=deployments");
    // Whom only a forge knows is found once the deployment has been on screen.
    await expect(row(ringside, "all-succeeded")).toContainText("Mara Lind");
    await ringside.search.fill('author:"Mara Lind"');
    await expect(row(ringside, "warned")).toHaveCount(0);
    await expect(row(ringside, "all-succeeded")).toBeVisible();
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe('author:"Mara Lind"');
  });

  test("what runs is followed every few seconds, and time counts up", async ({ ringside, forges, site }) => {
    await forges.useAt(site, { refreshSeconds: 30 });
    await ringside.open("?view=deployments");
    await expect(row(ringside, "pipeline-running")).toHaveAttribute("data-status", "running");
    await expect(row(ringside, "pipeline-running").locator('[data-column="updated"]')).toContainText("for 1 min");
    forges.advance(2 * 3_600_000);
    await expect(row(ringside, "pipeline-running")).not.toHaveAttribute("data-status", "running", { timeout: 12_000 });
    await expect(ringside.problems).toHaveCount(0);
  });

  test("a cell follows what forges report, and the counts with it", async ({ ringside, forges, site, page }) => {
    await forges.useAt(site, { refreshSeconds: 30 });
    await ringside.open();
    const cell = ringside.cell("rooms", "dev");
    const running = async () => Number(await page.locator('.sum[data-status="running"] b').textContent());
    await expect(cell).toHaveAttribute("data-status", "running");
    await expect.poll(running).toBeGreaterThan(0);
    const before = await running();
    forges.advance(2 * 3_600_000);
    await expect(cell).toHaveAttribute("data-status", "incomplete", { timeout: 20_000 });
    await expect(cell).toContainText("stalled");
    await expect.poll(running, { timeout: 20_000 }).toBeLessThan(before);
  });

  test("the first screen takes few requests", async ({ ringside, forges }) => {
    await ringside.open("?view=deployments");
    await expect(row(ringside, "jobs-succeeded")).toContainText("Ken Abe");
    await quiet(forges);
    const of = (...names) => forges.requests.filter((request) => names.includes(request.name));
    const others = (...names) => of(...names).filter((request) => !isOfClusters(request));
    expect(others("azure-devops", "releases").length).toBeLessThanOrEqual(10);
    expect(others("github").length).toBeLessThanOrEqual(6);
    // The branch, its tags, the statuses of its newest commits; one question where GraphQL tells all of them.
    expect(of("azure-devops").filter(isOfClusters).length).toBeLessThanOrEqual(3);
    expect(of("github").filter(isOfClusters).length).toBe(1);
    // What nobody sees is not asked.
    await ringside.visit("?view=setup");
    const before = forges.requests.length;
    await quiet(forges);
    expect(forges.requests.length).toBe(before);
  });

  test("a second visit asks nothing about what is finished", async ({ ringside, forges, site, page }) => {
    forges.advance(5 * 3_600_000);
    await forges.put(site);
    await ringside.open("?view=deployments");
    await expect(row(ringside, "jobs-succeeded")).toContainText("Ken Abe");
    await quiet(forges);
    await written(page);
    await ringside.visit("?view=setup");
    await expect(ringside.main).toContainText(/\d\d facts about finished work/);
    const before = forges.requests.length;
    await ringside.open("?view=deployments");
    await expect(row(ringside, "jobs-succeeded")).toContainText("Ken Abe");
    await quiet(forges);
    expect(askedSince(forges, before)).toEqual([]);

    // Forgotten, it is asked for again.
    await ringside.open("?view=setup");
    await page.getByRole("button", { name: "Clear cache" }).click();
    await expect(ringside.main).not.toContainText(/\d\d facts about finished work/);
    const forgotten = forges.requests.length;
    await ringside.open("?view=deployments");
    await expect(row(ringside, "jobs-succeeded")).toContainText("Ken Abe");
    await expect.poll(() => forges.count("azure-devops", forgotten)).toBeGreaterThan(1);
  });

  test("what two tabs learn at once is kept of both", async ({ ringside, forges, site, page, context }) => {
    forges.advance(5 * 3_600_000);
    await forges.put(site);
    const second = await context.newPage();
    await enterTokens(second, forges);
    const other = new Ringside(second, site);
    // Each sees what the other does not.
    await Promise.all([ringside.open("?view=deployments&project=jobs"), other.open("?view=deployments&project=classic")]);
    await expect(row(ringside, "jobs-succeeded")).toContainText("Ken Abe");
    await expect(row(other, "all-succeeded")).toHaveAttribute("data-status", "succeeded");
    await quiet(forges);
    await written(page);
    await second.close();
    const before = forges.requests.length;
    await ringside.open("?view=deployments&project=jobs&project=classic");
    await expect(row(ringside, "jobs-succeeded")).toContainText("Ken Abe");
    await expect(row(ringside, "all-succeeded")).toHaveAttribute("data-status", "succeeded");
    await quiet(forges);
    expect(askedSince(forges, before)).toEqual([]);
  });
});

test.describe("a forge that fails", () => {
  // A browser writes every answer of this kind to its console.
  test.beforeEach(async ({ page, site, forges, trouble }) => {
    trouble.expectNetwork();
    await forges.useAt(site);
    await enterTokens(page, forges);
  });

  for (const [name, other, fault] of [
    ["azure-devops", "jobs-succeeded", { status: 500, readable: true }],
    ["github", "all-succeeded", { status: 500 }],
    ["gitlab", "all-succeeded", { html: true }],
    ["github", "all-succeeded", { half: true }],
    ["gitlab", "jobs-succeeded", { cut: true }],
  ]) {
    test(`${name} with ${JSON.stringify(fault)} leaves the others as they are`, async ({ ringside, forges }) => {
      forges.disturb(name, fault);
      await ringside.open("?view=deployments");
      await expect(ringside.problem("pipelines")).toHaveCount(1);
      await expect(row(ringside, other)).toHaveAttribute("data-status", "succeeded");
      await ringside.expectCount(16);
      forges.mend(name);
      await ringside.refreshNow.click();
      await expect(ringside.problem("pipelines")).toHaveCount(0, { timeout: 20_000 });
      await expect(row(ringside, "pipeline-succeeded")).toHaveAttribute("data-status", "succeeded");
      await expect(row(ringside, "jobs-succeeded")).toContainText("Ken Abe");
    });
  }

  test("too many questions: said, with the time it goes on", async ({ ringside, forges }) => {
    forges.disturb("github", { status: 429, headers: { "retry-after": "120", "access-control-expose-headers": "retry-after" } });
    await ringside.open("?view=deployments");
    await expect(ringside.problem("pipelines", "rate-limited")).toContainText(/Retrying in (1 min|2 min)/);
    await expect(row(ringside, "all-succeeded")).toHaveAttribute("data-status", "succeeded");
  });
});

test.describe("without tokens", () => {
  test.beforeEach(({ trouble }) => trouble.expectNetwork());

  test("public projects are told of, and Azure DevOps says what it needs", async ({ ringside, site, forges }) => {
    await forges.useAt(site);
    await ringside.open("?view=deployments");
    await expect(row(ringside, "jobs-succeeded")).toContainText("Ken Abe");
    await expect(row(ringside, "pipeline-succeeded")).toContainText("Mara Lind");
    await expect(ringside.problem("pipelines", "unauthorized").first()).toContainText("Azure DevOps");
    expect(forges.count("azure-devops") + forges.count("releases")).toBe(0);
  });

  test("when the hour is used up it says so, and asks no more", async ({ ringside, site, forges }) => {
    await forges.useAt(site);
    await forges.setLimits({ anonymous: 5 });
    await ringside.open("?view=deployments");
    await expect(ringside.problem("pipelines", "rate-limited")).toContainText(/Retrying in/);
    await quiet(forges);
    expect(forges.count("github")).toBeLessThanOrEqual(5);
    await ringside.expectCount(16);
  });
});

test.describe("the test of a token", () => {
  const section = (ringside, page, origin) => page.locator("section", { has: ringside.credential(origin) });
  const result = (at) => at.locator("[data-tested]");

  test.beforeEach(async ({ site, forges, trouble }) => {
    trouble.expectNetwork();
    await forges.useAt(site);
  });

  test("says that it works", async ({ ringside, page, forges }) => {
    await ringside.open("?view=setup");
    for (const name of ["azure-devops", "github", "gitlab"]) {
      const at = section(ringside, page, forges.origins[name]);
      await ringside.credential(forges.origins[name]).fill(TOKENS[name]);
      await ringside.credential(forges.origins[name]).press("Enter");
      await expect(result(at)).toHaveAttribute("data-tested", "passed");
      await expect(result(at)).toContainText("Token of Mara Lind accepted.");
    }
  });

  test("says that it is wrong, in words", async ({ ringside, page, forges }) => {
    await ringside.open("?view=setup");
    for (const [name, words] of [
      ["azure-devops", /token/i],
      ["github", /refuses the token/],
      ["gitlab", /refuses the token/],
    ]) {
      const at = section(ringside, page, forges.origins[name]);
      await ringside.credential(forges.origins[name]).fill("wrong-token");
      await ringside.credential(forges.origins[name]).press("Enter");
      await expect(result(at), name).toHaveAttribute("data-tested", "failed");
      await expect(result(at), name).toContainText(words);
      await expect(at).not.toContainText("wrong-token");
    }
  });

  test("tells an unreachable host from a refusal", async ({ ringside, page, forges, site }) => {
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const origin = `http://127.0.0.1:${gone.address().port}`;
    gone.close();
    site.config.projects[0].pipelines = { ...site.config.projects[0].pipelines, api: origin, releaseApi: origin };
    await ringside.open("?view=setup");
    await ringside.credential(origin).fill("some-token");
    await ringside.credential(origin).press("Enter");
    await expect(result(section(ringside, page, origin))).toContainText(/cannot be reached/);
    void forges;
  });

  test("names the scope that is missing, or that it has expired", async ({ ringside, page, forges }) => {
    await ringside.open("?view=setup");
    const { gitlab } = forges.origins;
    for (const [status, body, words] of [
      [403, { error: "insufficient_scope", scope: "read_api" }, /read_api/],
      [401, { error: "invalid_token", error_description: "Token is expired." }, /expired/],
    ]) {
      forges.disturb("gitlab", { status, body: JSON.stringify(body) });
      await ringside.credential(gitlab).fill("old-token");
      await ringside.credential(gitlab).press("Enter");
      await expect(result(section(ringside, page, gitlab))).toContainText(words);
    }
  });
});

test.describe("a token", () => {
  test.beforeEach(({ trouble }) => trouble.expectNetwork());

  test("goes to its own origin and nowhere else", async ({ ringside, page, forges, site, context }) => {
    const seen = [];
    context.on("request", (request) => {
      const text = `${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ""}`;
      const basic = Buffer.from(`:${TOKENS["azure-devops"]}`).toString("base64");
      for (const [name, secret] of [...Object.entries(TOKENS), ["azure-devops", basic]]) {
        if (text.includes(secret)) seen.push([new URL(request.url()).origin, name]);
      }
    });
    const logged = [];
    page.on("console", (message) => logged.push(message.text()));
    await forges.useAt(site);
    await enterTokens(page, forges);
    await ringside.open("?view=deployments");
    await expect(row(ringside, "jobs-succeeded")).toContainText("Ken Abe");
    await quiet(forges);
    await ringside.visit("?view=setup");
    expect(seen.length).toBeGreaterThan(0);
    const allowed = Object.entries(FORGE_OF).map(([name, forge]) => `${forges.origins[name]} ${forge}`);
    expect(seen.map(([origin, name]) => `${origin} ${name}`).filter((s) => !allowed.includes(s))).toEqual([]);

    const secrets = Object.values(TOKENS);
    const content = await page.content();
    const stored = await page.evaluate(async () => {
      const open = await new Promise((done) => {
        const request = indexedDB.open("ringside");
        request.onsuccess = () => done(request.result);
      });
      const all = await new Promise((done) => {
        const request = open.transaction("kept").objectStore("kept").getAll();
        request.onsuccess = () => done(request.result);
      });
      open.close();
      return JSON.stringify(localStorage) + all.map((bytes) => new TextDecoder().decode(bytes)).join("");
    });
    for (const secret of secrets) {
      for (const text of [content, stored, page.url(), ...logged]) expect(text).not.toContain(secret);
    }
  });

  test("does not follow a redirect", async ({ ringside, page, forges, site }) => {
    const caught = [];
    const elsewhere = createServer((request, response) => {
      caught.push(request.headers);
      response.setHeader("access-control-allow-origin", "*");
      response.setHeader("access-control-allow-headers", "*, authorization, private-token");
      response.end("{}");
    }).listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    const location = `http://127.0.0.1:${elsewhere.address().port}/`;
    for (const name of ["azure-devops", "github", "gitlab"]) {
      forges.disturb(name, { status: 302, readable: true, headers: { location } });
    }
    await forges.useAt(site);
    await enterTokens(page, forges);
    await ringside.open("?view=deployments");
    await expect(ringside.problem("pipelines").first()).toBeVisible();
    await expect.poll(() => forges.count("gitlab")).toBeGreaterThan(0);
    await expect.poll(() => forges.count("azure-devops")).toBeGreaterThan(0);
    await quiet(forges);
    // It is asked there without one, as if there were none.
    const said = JSON.stringify(caught);
    for (const secret of [...Object.values(TOKENS), Buffer.from(`:${TOKENS["azure-devops"]}`).toString("base64")]) expect(said).not.toContain(secret);
    expect(caught.filter((headers) => headers.authorization || headers["private-token"])).toEqual([]);
    elsewhere.close();
  });

  test("is not led away by a config.json", async ({ ringside, page, forges, site }) => {
    const caught = [];
    const evil = createServer((request, response) => {
      caught.push(request.headers);
      response.setHeader("access-control-allow-origin", "*");
      response.setHeader("access-control-allow-headers", "authorization, content-type, private-token");
      response.end("{}");
    }).listen(0, "127.0.0.1");
    await once(evil, "listening");
    const api = `http://127.0.0.1:${evil.address().port}`;
    await forges.useAt(site);
    await enterTokens(page, forges);
    // The same projects, with every API elsewhere; and the releases alone elsewhere.
    for (const project of site.config.projects) {
      const led = (forge) => (forge.kind ? { ...forge, api, ...(forge.kind === "azure-devops" && { releaseApi: api }) } : forge);
      const { build, release, manifest } = project.pipelines;
      project.pipelines = build ? { build: led(build), release: led(release), manifest: led(manifest) } : led(project.pipelines);
    }
    site.config.projects[0].pipelines = { ...site.config.projects[0].pipelines, api: forges.origins["azure-devops"] };
    await ringside.open("?view=deployments");
    await ringside.expectCount(16);
    await quiet(forges);
    const secrets = [...Object.values(TOKENS), Buffer.from(`:${TOKENS["azure-devops"]}`).toString("base64")];
    for (const secret of secrets) expect(JSON.stringify(caught)).not.toContain(secret);
    evil.close();
  });
});
