// What changes in the table while the page is open.

import { full, many, sync } from "../support/rows.mjs";
import { asked, expect, isRefresh, isSweep, setVisibility, test } from "../support/test.mjs";

const EVERY = 5;

/** Writes down which parts of `selector` change from now on, in words. */
async function watch(page, selector) {
  await page.evaluate((selector) => {
    const place = (node) => {
      const element = node instanceof Element ? node : node.parentElement;
      const row = element?.closest("tr[data-deployment]");
      return row ? `row ${row.dataset.deployment}` : `${element?.tagName} ${element?.className} ${element?.textContent}`;
    };
    window.changes = [];
    window.touched = [];
    const observer = new MutationObserver((records) => {
      for (const { target, addedNodes, removedNodes } of records) {
        const rows = [...addedNodes, ...removedNodes].filter((node) => node.nodeName === "TR");
        window.changes.push(rows.length ? "rows added or removed" : place(target));
        const element = target instanceof Element ? target : target.parentElement;
        const cell = element?.closest("[data-service][data-ring]");
        const touched = cell ? `${cell.dataset.service} ${cell.dataset.ring}` : element?.className;
        if (!window.touched.includes(touched)) window.touched.push(touched);
      }
    });
    const options = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(document.querySelector(selector), options);
  }, selector);
}

const changes = (page) => page.evaluate(() => [...new Set(window.changes)]);

/** Waits for the end of a request, and until the page has drawn what it brought. */
async function drawn(page, predicate) {
  const request = await page.waitForEvent("requestfinished", { predicate });
  // A whole frame has passed after the next one began.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return request;
}

test.beforeEach(async ({ site, table }) => {
  await table.insert(many(5));
  site.use(table.storage(), { refreshSeconds: EVERY });
});

test("a new row appears", async ({ ringside, table }) => {
  await ringside.open("?view=deployments");
  await ringside.expectCount(5);
  await table.insert([full(100)]);
  await ringside.expectCount(6);
  await expect(ringside.row(full(100).RowKey)).toBeVisible();
});

test("a row that is changed shows it", async ({ ringside, table }) => {
  const row = full(3);
  await ringside.open("?view=deployments");
  await expect(ringside.row(row.RowKey)).toHaveAttribute("data-status", "succeeded");
  await table.update(row, { manifestCommitId: "", p3Status: "failed" });
  await expect(ringside.row(row.RowKey)).toHaveAttribute("data-status", "failed");
  await ringside.expectCount(5);
});

test("what a ring runs follows the table", async ({ ringside, table }) => {
  // 1 and 16 are of one service and ring, and 1 is newer.
  const { RowKey, service, env } = full(1);
  const next = full(16, { p3End: new Date().toISOString() });
  await ringside.open();
  await expect(ringside.cell(service, env)).toHaveAttribute("data-running", RowKey);
  await table.insert([next]);
  await expect(ringside.cell(service, env)).toHaveAttribute("data-running", next.RowKey);
  await expect(ringside.cell(service, env)).toContainText("1.16.0");
});

test.describe("one deployment from its build to its clusters", () => {
  const id = "c0ffee123456";
  const about = { service: "orders", env: "prod", branch: "main", commitId: "c0ffee1", commitMessage: "Round prices" };
  const manifest = "beef123";
  /** So many hours and a half ago: no age changes while the test runs. */
  const ago = (hours) => new Date(Date.now() - hours * 3_600_000 - 1_800_000).toISOString();

  /** What its row gets, and what is to be seen then; `age` is how long ago something last happened, in hours. */
  const steps = [
    { columns: { p1: "7001", p1Status: "queued", p1Start: ago(9) }, status: "queued", says: "queued", age: 9 },
    { columns: { p1Status: "running", p1Start: ago(8) }, status: "running", says: "building for 8 h", age: 8 },
    {
      columns: { p1Status: "succeeded", p1End: ago(7), imageTag: "4.2.0", p2: "801", p2Status: "running", p2Start: ago(7) },
      status: "running", says: "4.2.0 updating metadata for 7 h", age: 7,
    },
    {
      columns: { p2Status: "succeeded", p2End: ago(6), hldCommitId: "d1d1d1d", pr: "4563", prState: "open", prCreatedAt: ago(6) },
      status: "waiting", says: "PR #4563 open for 6 h", age: 6,
    },
    {
      columns: { prState: "merged", prMergedAt: ago(5), mergedBy: "Jo Okafor" },
      status: "incomplete", says: "stalled after", age: 5,
    },
    { columns: { p3: "9901", p3Status: "running", p3Start: ago(4) }, status: "running", says: "generating manifests for 4 h", age: 4 },
    { columns: { authorName: "Mara Lind" }, status: "running", author: "Mara", age: 4 },
    {
      columns: { p3Status: "succeeded", p3End: ago(3), manifestCommitId: manifest },
      status: "succeeded", says: "4.2.0", author: "Mara", age: 3, runs: true,
    },
    { cluster: true, status: "succeeded", age: 3, runs: true },
  ];
  const SUMS = { running: ["running", "queued"], waiting: ["waiting"] };

  for (const view of ["rings", "deployments"]) {
    test(`is followed by everything that shows it (${view})`, async ({ ringside, table, page }) => {
      test.setTimeout(120_000);
      await ringside.open(`?view=${view}&deployment=${id}`);
      const { details } = ringside;
      const cell = ringside.cell("orders", "prod");
      const row = ringside.row(id);
      const later = { timeout: 3 * EVERY * 1_000 };
      for (const [i, step] of steps.entries()) {
        const columns = { RowKey: id, PartitionKey: "trivia", ...about, ...step.columns };
        if (step.cluster) await table.insert([sync("prod-east", manifest)]);
        else if (i === 0) await table.insert([columns]);
        else await table.update({ RowKey: id, PartitionKey: "trivia" }, step.columns);

        await expect(details.locator(".drawer__about [data-status]").first()).toHaveAttribute("data-status", step.status, later);
        await expect(details.locator(".drawer__about")).toContainText(`${step.age} h ago`, later);
        if (step.author) await expect(details.locator(".drawer__about")).toContainText(step.author, later);
        if (step.cluster) await expect(ringside.stage("sync")).toHaveAttribute("data-status", "synced", later);
        for (const [sum, statuses] of Object.entries(SUMS)) {
          const count = statuses.includes(step.status) ? "1" : "0";
          await expect(page.locator(`.sum[data-status="${sum}"] b`)).toHaveText(count);
        }
        if (view === "deployments") {
          await expect(row).toHaveAttribute("data-status", step.status);
          await expect(row.locator("[data-column=updated]")).toContainText(`${step.age} h`);
          if (step.author) await expect(row.locator("[data-column=author]")).toContainText(step.author);
          continue;
        }
        await expect(cell).toHaveAttribute("data-status", step.status);
        await expect(cell).toHaveAttribute(step.runs ? "data-running" : "data-next", id);
        if (step.says) await expect(cell).toContainText(step.says);
        if (step.runs) await expect(cell.locator("time")).toHaveText(`${step.age} h`);
        if (step.runs && step.author) await expect(cell).toContainText(step.author);
        await expect(ringside.ringHeader("prod").locator(".ring__active")).toHaveText(`last activity ${step.age} h ago`);
        await expect(ringside.ringHeader("prod")).toHaveAttribute("data-sync", step.cluster ? "synced" : "unknown");
      }
    });
  }

  test("a cell of which nothing changed is left alone", async ({ ringside, table, page }) => {
    await table.insert([{ RowKey: id, PartitionKey: "trivia", ...about, ...steps[1].columns, p1: "7001" }]);
    await ringside.open();
    await expect(ringside.cell("orders", "prod")).toHaveAttribute("data-status", "running");
    await drawn(page, isRefresh);
    await watch(page, ".board__table tbody");
    await table.update({ RowKey: id, PartitionKey: "trivia" }, { p1Status: "succeeded", p1End: ago(7), p2: "801", p2Status: "running", p2Start: ago(7) });
    await expect(ringside.cell("orders", "prod")).toContainText("updating metadata");
    const touched = await page.evaluate(() => window.touched);
    expect(touched).toEqual(["orders prod"]);
  });
});

test("a row that is deleted disappears with the next sweep", async ({ ringside, table, page }) => {
  const row = full(3);
  await ringside.open("?view=deployments");
  await expect(ringside.row(row.RowKey)).toBeVisible();
  await table.delete(row);
  const sweep = page.waitForRequest(isSweep);
  await ringside.refreshNow.click();
  await sweep;
  await expect(ringside.row(row.RowKey)).toHaveCount(0);
  await ringside.expectCount(4);
});

test("a refresh asks only for what has changed since", async ({ ringside, page }) => {
  await ringside.open("?view=deployments");
  await ringside.expectCount(5);
  const request = await page.waitForRequest(isRefresh);
  const [, since] = asked(request).match(/Timestamp ge datetime'([^']+)'/);
  expect(Date.now() - Date.parse(since), "a few minutes back, for clocks that differ").toBeLessThan(10 * 60_000);
});

for (const view of ["deployments", "rings"]) {
  test(`a refresh that changes nothing touches nothing (${view})`, async ({ ringside, page }) => {
    await ringside.open(`?view=${view}`);
    await ringside.expectCount(5);
    // The first refresh of all may bring the last of the loading to its end.
    await drawn(page, isRefresh);
    await watch(page, "main");
    await drawn(page, isRefresh);
    expect(await changes(page)).toEqual([]);
  });
}

test("a refresh that changes a row draws that row anew and no other", async ({ ringside, page, table }) => {
  const row = full(3);
  await ringside.open("?view=deployments");
  await ringside.expectCount(5);
  await drawn(page, isRefresh);
  await watch(page, "main");
  await table.update(row, { imageTag: "9.9.9" });
  await expect(ringside.row(row.RowKey)).toContainText("9.9.9");
  expect(await changes(page)).toEqual([`row ${row.RowKey}`]);
});

test("a row that is changed keeps the focus where it is", async ({ ringside, table }) => {
  const row = full(3);
  await ringside.open("?view=deployments");
  await ringside.row(row.RowKey).focus();
  await table.update(row, { imageTag: "9.9.9" });
  await expect(ringside.row(row.RowKey)).toContainText("9.9.9");
  await expect(ringside.row(row.RowKey)).toBeFocused();
});

test("a hidden tab asks nothing, and asks at once when it is seen again", async ({
  ringside, page, requests, azurite,
}) => {
  const count = () => requests.filter((request) => request.url().startsWith(azurite.origin)).length;
  await page.clock.install();
  await ringside.open("?view=deployments");
  await ringside.expectCount(5);
  await drawn(page, isRefresh);

  await setVisibility(page, "hidden");
  const before = count();
  for (let minute = 0; minute < 5; minute++) await page.clock.fastForward("01:00");
  expect(count(), "while hidden").toBe(before);

  const back = page.waitForRequest(isRefresh, { timeout: 2_000 });
  await setVisibility(page, "visible");
  await back;
});

/** Counts timers, frames and changes of the document from now on. */
const countWork = (page) =>
  page.evaluate(() => {
    window.work = { timers: 0, frames: 0, changes: 0 };
    for (const [name, kind] of Object.entries({ setTimeout: "timers", setInterval: "timers", requestAnimationFrame: "frames" })) {
      const real = window[name];
      window[name] = (...args) => {
        window.work[kind]++;
        return real(...args);
      };
    }
    new MutationObserver((records) => (window.work.changes += records.length)).observe(document, {
      subtree: true, childList: true, characterData: true, attributes: true,
    });
  });

test("a hidden tab does nothing at all, and tells ages anew when it is seen again", async ({ ringside, page }) => {
  await page.clock.install();
  await ringside.open("?view=deployments");
  await ringside.expectCount(5);
  await drawn(page, isRefresh);
  await setVisibility(page, "hidden");
  await page.clock.fastForward("01:00");
  await countWork(page);
  for (let minute = 0; minute < 30; minute++) await page.clock.fastForward("01:00");
  expect(await page.evaluate(() => window.work)).toEqual({ timers: 0, frames: 0, changes: 0 });
  await setVisibility(page, "visible");
  await expect.poll(() => page.evaluate(() => window.work.timers)).toBeGreaterThan(0);
  // From then on as before.
  const before = await page.evaluate(() => window.work.timers);
  for (let times = 0; times < 3; times++) await page.clock.fastForward("00:11");
  expect(await page.evaluate(() => window.work.timers)).toBeGreaterThan(before);
});

test("an offline page asks nothing, and does no more than tell ages", async ({ ringside, page, context, requests, azurite, trouble }) => {
  trouble.expectNetwork();
  const count = () => requests.filter((request) => request.url().startsWith(azurite.origin)).length;
  await page.clock.install();
  await ringside.open("?view=deployments");
  await ringside.expectCount(5);
  await drawn(page, isRefresh);
  await context.setOffline(true);
  await expect(ringside.problem("storage", "offline")).toBeVisible();
  await page.clock.fastForward("01:00");
  const before = count();
  await countWork(page);
  for (let times = 0; times < 60; times++) await page.clock.fastForward("00:10");
  expect(count(), "while offline").toBe(before);
  const { timers, frames } = await page.evaluate(() => window.work);
  expect(frames).toBe(0);
  expect(timers, "one for each time that ages are told").toBeLessThanOrEqual(60);
});

test("a refresh never overlaps another", async ({ ringside, page, azurite }) => {
  await page.clock.install();
  await ringside.open("?view=deployments");
  await ringside.expectCount(5);

  const held = [];
  await page.route(`${azurite.endpoint}/**`, (route) => held.push(route));
  await page.clock.fastForward(EVERY * 1000 + 1000);
  await expect.poll(() => held.length).toBe(1);
  for (let times = 0; times < 4; times++) await page.clock.fastForward(EVERY * 1000);
  expect(held).toHaveLength(1);

  await held[0].continue();
  await page.clock.fastForward(EVERY * 1000 + 1000);
  await expect.poll(() => held.length).toBe(2);
  await held[1].continue();
});

for (const [when, hold] of Object.entries({ "before the program is there": true, "when the program has asked": false })) {
  test(`going to another project gives up what was asked for the first, ${when}`, async ({
    ringside, site, page, azurite, table, trouble,
  }) => {
    trouble.expectNetwork();
    const other = await azurite.createTable();
    await other.insert(many(2));
    site.config = {
      projects: [
        { name: "slow", storage: table.storage() },
        { name: "fast", storage: other.storage() },
      ],
    };
    let begin;
    const mayBegin = new Promise((resolve) => (begin = resolve));
    await page.route("**/ringside-*_bg.wasm", async (route) => {
      await mayBegin;
      await route.continue();
    });
    const isSlow = (request) => request.url().includes(`/${table.name}()`);
    await page.route((url) => url.href.includes(`/${table.name}()`), () => {});

    const [request] = await Promise.all([
      page.waitForRequest(isSlow),
      page.goto(`${site.url}?view=deployments&project=slow`),
    ]);
    const given = page.waitForEvent("requestfailed", { predicate: (r) => r === request });
    if (!hold) {
      begin();
      // What index.html has painted gave way to the program's page, which waits for the rows.
      await expect(page.locator(".boot")).toHaveCount(0);
    }
    await ringside.visit("?view=deployments&project=fast");
    begin();
    await given;
    await ringside.expectCount(2);
  });
}

test("refresh=off asks only by hand", async ({ ringside, page, requests, azurite }) => {
  const ours = () => requests.filter((request) => request.url().startsWith(azurite.origin));
  const rows = () => ours().map(asked);
  await page.clock.install();
  await ringside.open("?view=deployments&refresh=off");
  await ringside.expectCount(5);
  // The rest behind the recent rows has been asked for too, and whether this page sees where a next page begins.
  await expect.poll(() => rows().length).toBe(3);
  // Answered as well: a minute is longer than the page waits for an answer.
  for (const request of ours()) await (await request.response()).finished();
  const before = rows();
  for (let minute = 0; minute < 15; minute++) await page.clock.fastForward("01:00");
  expect(rows()).toEqual(before);
  await ringside.refreshNow.click();
  await expect.poll(() => rows().length).toBeGreaterThan(3);
});
