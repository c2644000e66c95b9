// A page that stays open for weeks: refreshes that bring ever new builds, commits and pull requests, in every view.

import { once } from "node:events";
import { createServer } from "node:http";

import { full, hex } from "../support/rows.mjs";
import { expect, setVisibility, test as base } from "../support/test.mjs";

const ROWS = 12;
/** Seconds between two refreshes, and how much faster than time the page's clocks go. */
const EVERY = 5;
const SPEED = 20;
/** So many refreshes until what nobody needs has been forgotten a few times, and twice as many again. */
const REFRESHES = Number(process.env.RINGSIDE_REFRESHES ?? 60);

/** A table whose rows are others at each look, and a GitLab that knows every build, commit and merge request there may be. */
const test = base.extend({
  world: async ({ site }, use) => {
    const person = { name: "Mara Lind", web_url: "https://gitlab.com/mara" };
    const at = "2026-01-02T03:04:05Z";
    const project = { id: 1, path_with_namespace: "contoso/trivia", web_url: "https://gitlab.com/contoso/trivia" };
    const tell = (kind, id) => {
      switch (kind) {
        case "pipelines": return { id: Number(id), iid: Number(id), project_id: 1, status: "success", sha: hex(Number(id), 40), finished_at: at, user: person };
        case "merge_requests": return { iid: Number(id), title: `Change ${id}`, state: "merged", merged_at: at, author: person };
        case "commits": return { id: id.padEnd(40, "0"), message: `Message of ${id}`, author_name: person.name, committed_date: at };
        default: return [];
      }
    };
    const row = (n) => full((n % ROWS) + 1, {
      p1: String(n), p2: String(n + 1e6), p3: String(n + 2e6), commitId: hex(n, 7), pr: String(n), manifestCommitId: hex(n + 3e6, 7),
      imageTag: `build-${n}`, branch: `feature/${n}`, p1Status: undefined, p2Status: undefined, p3Status: undefined,
      sourceRepo: undefined, hldRepo: undefined, manifestRepo: undefined,
      // A deployment in five is another one, of a service and a ring that nobody heard of before.
      ...(n % 5 === 0 && { RowKey: `deployment-${n}`, service: `service-${n}`, env: `feature-${n}` }),
    });
    const world = { looks: 0 };
    const server = createServer((request, response) => {
      response.setHeader("access-control-allow-origin", "*").setHeader("access-control-allow-headers", "*");
      response.setHeader("content-type", "application/json");
      const { pathname } = new URL(request.url, "http://localhost");
      const [, kind, id] = /\/(pipelines|merge_requests|commits)\/([^/]+)$/.exec(pathname) ?? [];
      return response.end(JSON.stringify(pathname.endsWith("/projects/1") ? project : tell(kind, id)));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${server.address().port}`;
    const pipelines = { kind: "gitlab", project: "1", api: `${origin}/api/v4` };
    site.made["rows.json"] = () => {
      const first = ROWS * ++world.looks;
      return { value: Array.from({ length: ROWS }, (_, nth) => row(first + nth)) };
    };
    const storage = { kind: "snapshot", url: "rows.json" };
    site.config = { refreshSeconds: EVERY, projects: [{ name: "trivia", storage, pipelines }] };
    await use(world);
    server.closeAllConnections();
    server.close();
  },
});

/** Lets the page's clocks run faster, and notes the program's memory when it starts. */
const hurry = (page) =>
  page.addInitScript((speed) => {
    const RealDate = Date;
    const [now, begin, wall] = [performance.now.bind(performance), performance.now(), Date.now()];
    const passed = () => (now() - begin) * speed;
    performance.now = () => begin + passed();
    window.Date = class extends RealDate {
      constructor(...args) {
        super(...(args.length ? args : [wall + passed()]));
      }
      static now = () => wall + passed();
    };
    for (const name of ["setTimeout", "setInterval"]) {
      const real = window[name];
      window[name] = (run, wait = 0, ...args) => real(run, wait / speed, ...args);
    }
    for (const name of ["instantiate", "instantiateStreaming"]) {
      const real = WebAssembly[name];
      WebAssembly[name] = async (...args) => {
        const made = await real.apply(WebAssembly, args);
        const { exports } = made.instance ?? made;
        if (exports.memory) window.program ??= exports;
        return made;
      };
    }
  }, SPEED);

/**
 * What the browser holds once nothing goes on any more: a tab that is hidden asks nothing and draws nothing. It is looked
 * at until two looks in a row find the same, since what is no longer needed goes in several steps.
 */
async function measure(page, session) {
  const look = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    const metric = (name) => metrics.find((metric) => metric.name === name).value;
    const program = await page.evaluate(() => window.program.memory.buffer.byteLength);
    return { program, heap: metric("JSHeapUsedSize"), nodes: metric("Nodes"), listeners: metric("JSEventListeners") };
  };
  await setVisibility(page, "hidden");
  let held = await look();
  await expect
    .poll(async () => {
      const before = held;
      held = await look();
      return held.nodes === before.nodes && held.listeners === before.listeners && Math.abs(held.heap - before.heap) < 0.002 * held.heap;
    }, { intervals: [200], timeout: 30_000 })
    .toBe(true);
  const attached = await page.evaluate(() => {
    const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
    let count = 1;
    while (walker.nextNode()) count++;
    return count;
  });
  await setVisibility(page, "visible");
  const { nodes, ...others } = held;
  return { ...others, detached: nodes - attached };
}

for (const [view, query] of Object.entries({
  rings: "?view=rings",
  deployments: "?view=deployments",
  compare: "?view=compare&from=dev&to=prod",
  history: "?view=history&of=api",
  details: `?view=deployments&deployment=${full(1).RowKey}`,
  connections: "?view=setup",
})) {
  test(`${view}: refreshes with new ids do not add up`, async ({ ringside, page, world }) => {
    const longest = 30_000 + (4_000 * REFRESHES * EVERY) / SPEED;
    test.setTimeout(3 * longest + 120_000);
    await hurry(page);
    await ringside.open(query);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    const held = [];
    for (let times = 1; times <= 3; times++) {
      await expect.poll(() => world.looks, { timeout: longest, intervals: [50] }).toBeGreaterThan(times * REFRESHES);
      held.push(await measure(page, session));
    }
    // What is kept of every refresh grows from each look to the next; what the browser compiles late, or has free between
    // what is in use, does so once. It is so small here that a few pages of 64 KiB count.
    const room = { program: (before) => 0.05 * before + 4 * 65_536, heap: (before) => 0.05 * before, detached: () => 5, listeners: () => 0 };
    for (const [name, allowed] of Object.entries(room)) {
      const beyond = held.slice(1).map((look, at) => look[name] - held[at][name] - allowed(held[at][name]));
      expect(Math.min(...beyond), `${name}: ${JSON.stringify(held)}`).toBeLessThanOrEqual(0);
    }
  });
}
