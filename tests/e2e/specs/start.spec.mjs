// What is seen stays where it is: when the program takes over, when more rows are drawn, when filters are chosen.

import { expect, test } from "../support/test.mjs";

/** Runs in the page: where the header and the filters end. */
const edges = () => Object.fromEntries([".top", ".strip"].map((part) => [part, Math.round(document.querySelector(part).getBoundingClientRect().bottom)]));

/** Runs in the page before anything else: notes where the first row is drawn first. */
function watch() {
  const observer = new MutationObserver(() => {
    const row = document.querySelector("tr[data-deployment], tr:has(td[data-service])");
    if (!row) return;
    observer.disconnect();
    window.firstRow = row.getBoundingClientRect().top;
  });
  observer.observe(document, { childList: true, subtree: true });
}

for (const [width, height] of [[1920, 1080], [1600, 900], [1280, 800], [768, 1024], [560, 900], [390, 844]]) {
  for (const query of ["", "?view=deployments"]) {
    test(`nothing moves while the page comes up, ${width} px wide${query}`, async ({ page, site, ringside }) => {
      await page.setViewportSize({ width, height });
      await page.addInitScript(watch);
      let begin;
      const mayBegin = new Promise((resolve) => (begin = resolve));
      await page.route("**/ringside-*_bg.wasm", async (route) => {
        await mayBegin;
        await route.continue();
      });
      await page.goto(site.url + query);
      await expect(page.locator(".boot")).toHaveCount(1);
      const painted = await page.evaluate(edges);
      begin();
      await ringside.ready();
      await expect(page.locator(".boot")).toHaveCount(0);
      expect(await page.evaluate(edges)).toEqual(painted);
      const [first, now] = await page.evaluate(() =>
        [window.firstRow, document.querySelector("tr[data-deployment], tr:has(td[data-service])").getBoundingClientRect().top]);
      expect(first).toBe(now);
    });
  }
}

for (const width of [1600, 1280, 768, 390]) {
  test(`nothing moves when filters are chosen, ${width} px wide`, async ({ page, ringside }) => {
    await page.setViewportSize({ width, height: 900 });
    for (const view of ["deployments", "rings"]) {
      await ringside.open(`?demo&view=${view}`);
      const before = await page.evaluate(edges);
      await ringside.visit(`?demo&view=${view}&service=api&ring=master&author=Ana%20Ruiz&status=waiting&kind=deployment`);
      await expect(ringside.chip("service", "api")).toBeAttached();
      expect(await page.evaluate(edges), view).toEqual(before);
    }
  });
}
