// What eyes need: dimmed and forced colours, paper, and pictures that stay what they are.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "../support/test.mjs";

/** What axe finds of contrast, in words. */
async function faint(page) {
  const { violations } = await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze();
  return violations.flatMap(({ nodes }) => nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`));
}

for (const theme of ["light", "dark"]) {
  test(`what filters dim can be read, ${theme}`, async ({ ringside, page }) => {
    // Two looks at every element, which takes long where other tests run beside it.
    test.setTimeout(120_000);
    await page.emulateMedia({ reducedMotion: "reduce" });
    for (const density of ["comfortable", "compact"]) {
      await ringside.open(`?demo&author=Jo%20Okafor&density=${density}&theme=${theme}`);
      expect(await page.locator(".cell[data-dim] .line, .cell[data-dim] .cell__about").count()).toBeGreaterThan(2);
      expect(await faint(page), density).toEqual([]);
    }
  });
}

test("with forced colours every state keeps its icon, and every line and chip an edge", async ({ ringside, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  for (const query of ["?demo", "?demo&view=deployments", "?demo&view=compare", "?demo&view=history&of=api", "?demo&view=setup"]) {
    await ringside.open(query);
    await expect(ringside.main).not.toBeEmpty();
    const { lost, icons } = await page.evaluate(() => {
      let icons = 0;
      const paper = getComputedStyle(document.body).backgroundColor;
      const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
      const found = [];
      for (const element of document.querySelectorAll("body *")) {
        if (!isSeen(element)) continue;
        for (const pseudo of [null, "::before", "::after"]) {
          const style = getComputedStyle(element, pseudo);
          // An icon is its background's colour in a shape.
          const isIcon = style.clipPath.startsWith("polygon") && style.content !== (pseudo ? "none" : "");
          icons += isIcon;
          if (isIcon && [paper, "rgba(0, 0, 0, 0)"].includes(style.backgroundColor)) {
            found.push(`${element.className}${pseudo ?? ""} in ${element.parentElement.className}`);
          }
        }
        // What is told apart by its tint has an edge in its place.
        if (element.matches(".line, .chip, .problem, .button, .sum") && getComputedStyle(element).borderTopStyle === "none") {
          found.push(`no edge: ${element.className}`);
        }
      }
      return { lost: [...new Set(found)], icons };
    });
    expect(lost, query).toEqual([]);
    expect(icons, query).toBeGreaterThan(9);
  }
});

for (const reducedMotion of ["no-preference", "reduce"])
test(`numbers that go on beyond the edge fade there until their end is reached, motion: ${reducedMotion}`, async ({ ringside, page }) => {
  await page.emulateMedia({ reducedMotion });
  await ringside.open("?demo");
  const numbers = page.locator(".sums");
  await expect(numbers, "all of them fit").toHaveCSS("mask-image", "none");
  await page.setViewportSize({ width: 768, height: 1024 });
  await expect(numbers).toHaveCSS("mask-image", /gradient/);
  await numbers.evaluate((e) => e.scrollTo(e.scrollWidth, 0));
  await expect(numbers).toHaveCSS("mask-image", "none");
});

test("paper gets all rows, with their icons, in light colours", async ({ ringside, page }) => {
  for (const [query, rows, all] of [
    ["?demo=6000&theme=dark", "tbody tr:has(th.service)", 24],
    ["?demo&view=deployments&theme=dark", "tr[data-deployment]", 76],
  ]) {
    await ringside.open(query);
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    await expect(page.locator(rows)).toHaveCount(all);
    const paper = await page.evaluate(() => {
      const dark = (color) => color.match(/[\d.]+/g).slice(0, 3).every((part) => part < 100);
      const icon = getComputedStyle(document.querySelector("main .state, main .rows td[data-status]"), "::before");
      return {
        hasDarkInk: dark(getComputedStyle(document.querySelector("main table")).color),
        icons: icon.printColorAdjust ?? icon.webkitPrintColorAdjust,
        clipped: [...document.querySelectorAll("main, .board, .scroller")].some((one) =>
          one.scrollHeight > one.clientHeight + 1 && (one.matches("main") || getComputedStyle(one).overflowY !== "visible")),
      };
    });
    expect(paper, query).toEqual({ hasDarkInk: true, icons: "exact", clipped: false });
    await page.emulateMedia({ media: "screen" });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  }
});

test("on upright paper all columns are there, and nothing in them is cut", async ({ ringside, page }) => {
  await page.setViewportSize({ width: 718, height: 1000 });
  for (const [query, parts] of [["?demo", ".cell__version, .version__begin, .behind, .line__text, .service__name"], ["?demo&view=deployments", ".rows td, .rows small"]]) {
    await ringside.open(query);
    await expect(page.locator(parts).first()).toBeVisible();
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    const cut = () =>
      page.locator(parts).evaluateAll((all) =>
        all.filter((one) => {
          const [box, cell] = [one, one.closest("td, th")].map((e) => e.getBoundingClientRect());
          const isClipped = one.clientWidth > 0 && getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1;
          return isClipped || box.width < 2 || box.right > cell.right + 1 || cell.right > innerWidth + 1;
        }).map((one) => one.textContent));
    await expect.poll(cut, query).toEqual([]);
    await page.emulateMedia({ media: "screen" });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  }
});

// Pictures compared with stored ones: `--update-snapshots` makes them anew after a change of the look. One font from a
// package, one time, and no motion; what another version of Chromium draws otherwise is within the tolerance.
const FONT = (weight) =>
  readFile(fileURLToPath(new URL(`../node_modules/@fontsource/inter/files/inter-latin-${weight}-normal.woff2`, import.meta.url)), "base64");

test.describe("pictures", () => {
  test.use({ bypassCSP: true, locale: "en-GB", timezoneId: "UTC", contextOptions: { reducedMotion: "reduce" } });

  const NOW = new Date("2026-11-23T09:30:12Z");
  const PICTURES = [
    // What is in the last place is the part that is compared, to keep the files small.
    ["board", "?demo", 1600, "light", { x: 0, y: 0, width: 1600, height: 470 }],
    ["board", "?demo", 390, "dark", { x: 0, y: 0, width: 390, height: 844 }],
    ["table", "?demo&view=deployments", 1600, "dark", { x: 0, y: 0, width: 1600, height: 360 }],
    ["table", "?demo&view=deployments", 390, "light", { x: 0, y: 0, width: 390, height: 844 }],
    ["drawer", "?demo&view=deployments&status=waiting&service=api", 1600, "light", { x: 1110, y: 40, width: 490, height: 800 }],
    ["connections", "?demo&view=setup", 1600, "light", { x: 340, y: 0, width: 920, height: 560 }],
    ["connections", "?demo&view=setup", 390, "dark", { x: 0, y: 0, width: 390, height: 844 }],
  ];

  for (const [name, query, width, theme, clip] of PICTURES) {
    test(`${name}, ${width} wide, ${theme}`, async ({ ringside, page }) => {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await page.clock.setFixedTime(NOW);
      await ringside.open(`${query}&theme=${theme}&refresh=off`);
      const faces = await Promise.all([400, 600].map(async (weight) =>
        `@font-face { font-family: Pictured; font-weight: ${weight === 400 ? "1 499" : "500 999"}; src: url(data:font/woff2;base64,${await FONT(weight)}); }`));
      await page.addStyleTag({ content: `${faces.join("")} :root { --sans: Pictured; --code: Pictured; }` });
      if (name === "drawer") {
        await ringside.rows.first().locator('[data-column="status"]').click();
        await expect(ringside.stage("pr")).toContainText("Inês Holm");
      }
      // What the forge tells has come.
      if (name === "board") await expect(ringside.cell("auth", "master")).toContainText("Lint");
      if (name === "table") await expect(ringside.rows.first()).toBeVisible();
      await page.evaluate(() => document.fonts.ready);
      await expect(page).toHaveScreenshot(`${name}-${width}-${theme}.png`, { clip, maxDiffPixelRatio: 0.02, threshold: 0.25 });
    });
  }
});
