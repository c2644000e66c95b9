// Rows that come over a slow line. How much has come decides what the page's clock shows, so that a slow machine does not
// make the line any slower, and minutes pass in seconds.

import { makeRows, serveTable } from "../../bench/table.mjs";
import { expect, test } from "../support/test.mjs";

/** How many bytes a row of the table has. */
const ROW = 1_200;
const DAY = 86_400_000;

/** Notes how many bytes of answers the page has been given. */
function countBytes() {
  window.bytesRead = 0;
  const { read } = ReadableStreamDefaultReader.prototype;
  ReadableStreamDefaultReader.prototype.read = async function (...args) {
    const chunk = await read.apply(this, args);
    window.bytesRead += chunk.value?.length ?? 0;
    return chunk;
  };
}

/** A line that takes all that is under way along in turn, as many bytes as it is told to. */
class Line {
  underWay = [];
  fetched = 0;
  sent = 0;

  take(response, body) {
    this.fetched += body.length;
    this.underWay.push({ response, body });
    response.once("close", () => (this.underWay = this.underWay.filter((one) => one.response !== response)));
  }

  async carry(bytes) {
    for (let left = bytes; left > 0 && this.underWay.length; ) {
      const one = this.underWay.shift();
      const part = one.body.subarray(0, Math.min(left, 16_384));
      left -= part.length;
      this.sent += part.length;
      one.body = one.body.subarray(part.length);
      if (one.body.length) {
        // Called too where nobody listens any more.
        await new Promise((done) => one.response.write(part, done));
        if (!one.response.destroyed) this.underWay.push(one);
      } else one.response.end(part);
    }
  }
}

for (const [what, { rows, bytesASecond, seconds, progressEvery }] of Object.entries({
  // 1.6 Mbit/s: a page of rows takes six seconds, and six pages at once longer than any answer is waited for in silence.
  "is shown as it comes": { rows: 9_000, bytesASecond: 200_000, seconds: 1, progressEvery: 10_000 },
  // A page of rows takes a minute.
  "is waited for as long as it comes": { rows: 2_500, bytesASecond: 20_000, seconds: 5, progressEvery: 65_000 },
})) {
  test(`what comes over a slow line ${what}`, async ({ ringside, site, page }) => {
    test.setTimeout(120_000);
    const made = makeRows(rows, Date.now() - 40 * DAY);
    for (const row of made) row.json = row.json.replace(/}$/, `,"notes":"${"x".repeat(ROW - row.json.length - 11)}"}`);
    const whole = made.reduce((sum, row) => sum + row.json.length, 0);
    const line = new Line();
    const table = await serveTable(made, (response, body) => line.take(response, body));
    site.use({ kind: "azure-table", endpoint: table.url, table: "deployments", partition: "trivia", sas: "tn=deployments&sp=r&sig=none" });
    await page.addInitScript(countBytes);
    await page.clock.install();
    await page.goto(`${site.url}?view=deployments`);
    const bar = page.getByRole("progressbar");
    // Until then the program starts, and steps of that wait for the clock.
    await expect(bar).toBeVisible();
    await page.clock.pauseAt(Date.now() + 10_000);

    const known = () => page.evaluate(() => document.querySelector("[role=progressbar]")?.getAttribute("aria-valuetext") ?? "");
    let [clock, seenAt, seen, longest] = [0, 0, "", 0];
    await expect
      .poll(async () => {
        await line.carry(bytesASecond * seconds);
        await expect.poll(() => page.evaluate(() => window.bytesRead), { intervals: [10] }).toBeGreaterThanOrEqual(line.sent);
        await page.clock.runFor(seconds * 1_000);
        clock += seconds * 1_000;
        const says = await known();
        if (says !== seen) [seen, seenAt, longest] = [says, clock, Math.max(longest, clock - seenAt)];
        return (await ringside.count.count()) ? ringside.count.getAttribute("data-total") : undefined;
      }, { intervals: [1], timeout: 100_000 })
      .toBe(String(rows));
    await expect(bar).toHaveCount(0);
    expect(longest).toBeLessThanOrEqual(progressEvery);
    expect(line.fetched / whole, `${line.fetched} bytes were fetched for ${whole}`).toBeLessThan(1.1);
    await expect(ringside.problems).toHaveCount(0);
    await table.close();
  });
}

for (const [view, rows] of [["rings", ".board__rows > tr"], ["deployments", ".rows > tr"]]) {
  test(`${view} are drawn a few rows with each frame, and nothing moves`, async ({ ringside, page }) => {
    await page.addInitScript((rows) => {
      window.frames_seen = [];
      const look = () => {
        const drawn = document.querySelectorAll(rows);
        const [search, strip] = ["[type=search]", ".strip"].map((part) => document.querySelector(part)?.getBoundingClientRect().top);
        window.frames_seen.push({ rows: drawn.length, first: drawn[0]?.getBoundingClientRect().top, search, strip });
        if (!document.documentElement.dataset.ready) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }, rows);
    await ringside.open(`?demo=4312&view=${view}`);
    const seen = (await page.evaluate(() => window.frames_seen)).filter(({ search }) => search !== undefined);
    const counts = seen.map(({ rows }) => rows).filter((count) => count > 0);
    expect(counts[0], "the first rows do not wait for the others").toBe(2);
    expect(counts, "what is drawn stays").toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBeGreaterThan(5);
    expect(counts.at(-1)).toBe(await page.locator(rows).count());
    const tops = (part) => [...new Set(seen.map((frame) => frame[part]).filter((top) => top !== undefined).map(Math.round))];
    expect([tops("search"), tops("first")].map((all) => all.length), JSON.stringify(seen.slice(0, 4))).toEqual([1, 1]);
    // Going to the other view begins again.
    await ringside.go(view === "rings" ? "Deployments" : "Rings");
    await expect(page.locator(".board__rows > tr, .rows > tr").nth(5)).toBeAttached();
  });
}

for (const [view, rows] of [["deployments", ".rows > tr"], ["rings", ".board__rows > tr"]]) {
  test(`${view}: where a frame holds few rows a key is answered from the first one down`, async ({ ringside, page }) => {
    // To the page each frame takes twenty times as long as it does.
    await page.addInitScript(() => {
      const now = performance.now.bind(performance);
      performance.now = () => now() * 20;
    });
    await ringside.open(`?demo=4312&view=${view}`);
    await expect(page.getByRole("progressbar")).toHaveCount(0);
    await page.evaluate((rows) => {
      window.states = [];
      const name = (row) => row.dataset.deployment ?? row.querySelector("[data-service]")?.dataset.service ?? "";
      new MutationObserver(() => {
        const all = [...document.querySelectorAll(rows)];
        const isBusy = all[0]?.closest("table").getAttribute("aria-busy") === "true";
        window.states.push({ isBusy, named: all.map(name), shown: document.querySelector("[data-shown]")?.dataset.shown });
      }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    }, rows);
    const partly = [];
    // The first keys show how few a frame holds.
    for (const text of ["a", "ap", "a", "e"]) {
      await page.evaluate(() => (window.states = []));
      await ringside.search.fill(text);
      // Both of them have been drawn after so many.
      for (let frames = 0; frames < 4; frames++) await page.evaluate(() => new Promise((then) => requestAnimationFrame(then)));
      await expect(page.locator("table[aria-busy]")).toHaveCount(0);
      const states = await page.evaluate(() => window.states);
      const { named: last, shown } = states.at(-1);
      expect(last.includes(""), "every row is named at the end").toBe(false);
      for (const state of states.filter(({ isBusy }) => isBusy)) {
        partly.push(state);
        expect(state.shown, "how many there are is known at once").toBe(shown);
        expect(state.named[0]).toBe(last[0]);
        expect(new Set(state.named.filter(Boolean)).size, "none is there twice").toBe(state.named.filter(Boolean).length);
        // A row of the table that shows what it did before names no deployment, since that may not be listed any more.
        if (view === "deployments") expect(state.named.filter(Boolean)).toEqual(last.slice(0, state.named.indexOf("")));
      }
    }
    expect(partly.length, "the rows took two frames").toBeGreaterThan(0);
  });
}
