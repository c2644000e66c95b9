// What changes in the table while the page is open.

import { full, many } from "../support/rows.mjs";
import { asked, expect, isRefresh, isSweep, test } from "../support/test.mjs";

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
    const observer = new MutationObserver((records) => {
      for (const { target, addedNodes, removedNodes } of records) {
        const rows = [...addedNodes, ...removedNodes].filter((node) => node.nodeName === "TR");
        window.changes.push(rows.length ? "rows added or removed" : place(target));
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

/** Hides or shows the tab, as far as the page can tell. */
const setVisibility = (page, state) =>
  page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    Object.defineProperty(document, "hidden", { value: state === "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, state);

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

test("going to another project gives up what was asked for the first", async ({
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
  const isSlow = (request) => request.url().includes(`/${table.name}()`);
  await page.route((url) => url.href.includes(`/${table.name}()`), () => {});

  const [request] = await Promise.all([
    page.waitForRequest(isSlow),
    page.goto(`${site.url}?view=deployments&project=slow`),
  ]);
  const given = page.waitForEvent("requestfailed", { predicate: (r) => r === request });
  await ringside.visit("?view=deployments&project=fast");
  await given;
  await ringside.expectCount(2);
});

test("refresh=off asks only by hand", async ({ ringside, page, requests, azurite }) => {
  const ours = () => requests.filter((request) => request.url().startsWith(azurite.origin));
  const rows = () => ours().map(asked);
  await page.clock.install();
  await ringside.open("?view=deployments&refresh=off");
  await ringside.expectCount(5);
  // The rest behind the recent rows has been asked for too.
  await expect.poll(() => rows().length).toBe(2);
  // Answered as well: a minute is longer than the page waits for an answer.
  for (const request of ours()) await (await request.response()).finished();
  const before = rows();
  for (let minute = 0; minute < 15; minute++) await page.clock.fastForward("01:00");
  expect(rows()).toEqual(before);
  await ringside.refreshNow.click();
  await expect.poll(() => rows().length).toBeGreaterThan(2);
});
