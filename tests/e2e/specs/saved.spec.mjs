// Views under a name, whose changes are mine, what is taken along, what the tab tells, a screen on a wall.

import { readFile } from "node:fs/promises";

import { PARTITION, daysAgo, full } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";
import AxeBuilder from "@axe-core/playwright";

const views = (page) => page.getByRole("button", { name: "Views", exact: true });
const panel = (page) => page.getByRole("dialog", { name: "Views" });

async function download(page, name) {
  const asked = page.waitForEvent("download");
  if (!(await page.getByRole("dialog", { name: "Export" }).isVisible())) {
    await page.getByRole("button", { name: "Export", exact: true }).click();
  }
  await page.getByRole("button", { name, exact: true }).click();
  const file = await asked;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

test("a view is kept under its name with filters, order, columns and density, and removed", async ({ ringside, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await ringside.open("?demo&view=deployments&status=failed&sort=service");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Merged by" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Compact rows" }).click();
  await views(page).click();
  await expect(panel(page)).toContainText("No saved views yet");
  // Whoever is sent the link sees the same.
  await panel(page).getByRole("button", { name: "Copy a link to this view" }).click();
  const copied = async () => Object.fromEntries(new URL(await page.evaluate(() => navigator.clipboard.readText())).searchParams);
  await expect.poll(copied).toMatchObject({ view: "deployments", status: "failed", sort: "service", density: "compact" });
  expect((await copied()).columns).not.toContain("mergedBy");
  await page.getByRole("textbox", { name: "Name of this view" }).fill("Broken");
  await page.keyboard.press("Enter");
  const link = panel(page).getByRole("link", { name: "Broken" });
  await expect(link).toBeVisible();

  await page.goto(`${ringside.site.url}?demo`);
  await ringside.ready();
  await page.getByRole("button", { name: "Comfortable rows" }).click();
  await views(page).click();
  await link.click();
  await expect(ringside.main).toHaveAttribute("data-view", "deployments");
  expect(Object.fromEntries(ringside.query)).toMatchObject({ status: "failed", sort: "service", density: "compact", demo: "sample" });
  expect(ringside.query.get("columns")).not.toContain("mergedBy");
  await expect(ringside.html).toHaveAttribute("data-density", "compact");
  await expect(ringside.header("Merged by")).toHaveCount(0);

  await views(page).click();
  await page.getByRole("button", { name: "Remove view Broken" }).click();
  await expect(link).toHaveCount(0);
  await page.reload();
  await ringside.ready();
  await views(page).click();
  await expect(panel(page)).toContainText("No saved views yet");
});

test("views of config.json are there for everybody", async ({ ringside, site, page }) => {
  await site.useRows([full(1), full(2)], { views: [{ name: "Only dev", query: "?view=deployments&ring=dev" }] });
  await ringside.open();
  await views(page).click();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  const beyond = await panel(page).evaluate((panel) => {
    const edge = panel.getBoundingClientRect().right - parseFloat(getComputedStyle(panel).paddingRight) + 1;
    return [...panel.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > edge).map((one) => one.outerHTML);
  });
  expect(beyond, "what a panel holds is within its edges").toEqual([]);
  await panel(page).getByRole("link", { name: "Only dev" }).click();
  await expect(ringside.chip("ring", "dev")).toBeVisible();
  await expect(panel(page)).toHaveCount(0);
});

test("@me is whoever said so, as author and as who merged", async ({ ringside, site, page }) => {
  const row = (key, authorName, mergedBy) => full(1, { RowKey: key, authorName, pr: "7", prState: "merged", mergedBy });
  await site.useRows([row("a", "Mara Lind", "Ken Abe"), row("b", "Ken Abe", "Mara Lind"), row("c", "Ken Abe", "Ana Ruiz")]);
  await ringside.open("?view=deployments&author=@me");
  await ringside.expectCount(3, 0);
  await views(page).click();
  await page.getByRole("textbox", { name: /Your name/ }).fill("mara lind");
  await page.keyboard.press("Enter");
  await ringside.expectCount(3, 1);
  await expect(ringside.row("a")).toBeVisible();
  await page.reload();
  await ringside.ready();
  await ringside.expectCount(3, 1);
  await ringside.visit("?view=deployments&mergedBy=@me");
  await expect(ringside.row("b")).toBeVisible();
  await ringside.expectCount(3, 1);
  await ringside.visit("?view=deployments&q=-author:@me");
  await ringside.expectCount(3, 2);
});

test("what is shown is exported as CSV that no spreadsheet calculates, JSON and Markdown", async ({ ringside, site, page }) => {
  const evil = full(1, { RowKey: "evil", service: "api", authorName: "=1+1", env: "dev" });
  await site.useRows([evil, full(2, { RowKey: "other", service: "web" })]);
  await ringside.open("?view=deployments&service=api");
  await ringside.expectCount(2, 1);
  const csv = await download(page, "CSV");
  expect(csv.name).toBe("deployments.csv");
  expect(csv.text).toContain("'=1+1");
  expect(csv.text.trim().split("\r\n")).toHaveLength(2);
  const json = await download(page, "JSON");
  expect(JSON.parse(json.text)).toMatchObject([{ id: "evil", service: "api", author: "=1+1" }]);
  const markdown = await download(page, "Markdown");
  expect(markdown.text).toMatch(/^\| Version \|.*\n\|( --- \|)+\n\| .*api.*\|\n$/);
});

test("a snapshot shows the same rows elsewhere, without names if asked", async ({ ringside, site, page }) => {
  const sync = { PartitionKey: PARTITION, RowKey: "sync-east", kind: "sync", cluster: "east", syncState: "applied", syncCommit: full(1).manifestCommitId, syncAt: daysAgo(0) };
  await site.useRows([full(1, { authorName: "Mara Lind" }), full(2), sync]);
  await ringside.open("?view=deployments");
  const shown = () => ringside.rows.evaluateAll((rows) => rows.map((row) => [row.dataset.deployment, row.dataset.status, row.innerText]));
  const before = await shown();
  const { text, name } = await download(page, "Snapshot");
  expect(name).toBe("snapshot.json");
  const nameless = await download(page, "Snapshot without names");
  expect(nameless.text).not.toContain("Mara");

  await site.put("snapshot.json", text);
  await page.reload();
  await ringside.ready();
  await expect.poll(shown).toEqual(before);

  await site.put("snapshot.json", nameless.text);
  await page.reload();
  await ringside.ready();
  const states = (rows) => rows.map(([id, status]) => [id, status]);
  await expect.poll(async () => states(await shown())).toEqual(states(before));
  await expect(ringside.main).not.toContainText("Mara");
});

test("the tab tells the worst state and names the open deployment", async ({ ringside, site, page }) => {
  const at = { service: "api", env: "dev" };
  const good = full(3, { ...at, RowKey: "good" });
  const bad = full(1, { ...at, RowKey: "bad", p3Status: "failed", manifestCommitId: undefined });
  await site.useRows([good, bad]);
  await ringside.open();
  await expect(page).toHaveTitle(/^1 failed · Rings · /);
  await expect(page.locator("link[rel=icon]")).toHaveAttribute("href", "favicon-failed.svg");
  expect((await page.request.get(`${site.url}favicon-failed.svg`)).ok()).toBe(true);
  await ringside.visit("?deployment=good");
  await expect(page).toHaveTitle(/^1 failed · api .* → dev · /);
  await site.useRows([good]);
  await ringside.open();
  await expect(page).toHaveTitle(/^Rings · /);
  await expect(page.locator("link[rel=icon]")).toHaveAttribute("href", "favicon.svg");
});

test("a screen on a wall shows one view after another, large and without controls", async ({ ringside, site, page, context, trouble }) => {
  // The icon of a state is not there to be had.
  trouble.expectNetwork();
  await page.clock.install({ time: new Date("2026-11-23T12:00:00") });
  const at = (key, env) => full(1, { RowKey: key, env });
  const own = [{ name: "Development", query: "ring=dev" }, { name: "All of it", query: "view=deployments" }];
  await site.useRows([at("a", "dev"), at("b", "prod")], { views: own, refreshSeconds: 30 });
  await ringside.open("?kiosk=1&ring=dev");
  await expect(page.locator(".wall")).toContainText("Development");
  await expect(page.locator(".wall__clock")).toHaveText("12:00");
  await expect(page.locator("nav, input[type=search], [data-filter]")).toHaveCount(0);
  await expect(page.locator(".board")).toBeVisible();
  await expect(page.locator("select:visible, input:visible")).toHaveCount(0);
  await page.clock.runFor(31_000);
  await expect(ringside.main).toHaveAttribute("data-view", "deployments");
  await expect(page.locator(".wall")).toContainText("All of it");
  await context.setOffline(true);
  await page.clock.runFor(60 * 60_000);
  await expect(page.locator(".wall__clock")).toHaveText("13:00");
  await expect(page.locator("tr[data-deployment], [data-running]").first()).toBeVisible();
  await site.put("snapshot.json", { value: [at("a", "dev"), at("b", "prod"), full(0, { RowKey: "c", env: "dev" })] });
  await context.setOffline(false);
  await expect(page.locator('[data-deployment="c"], [data-running="c"]').first(), "what came meanwhile is read").toBeVisible();
  expect(ringside.query.get("kiosk")).toBe("1");
});

for (const viewport of [{ width: 768, height: 600 }, { width: 390, height: 844 }])
test(`of a board that does not fit a wall of ${viewport.width} px each part is shown, then the next view`, async ({ ringside, page }) => {
  await page.clock.install();
  await page.setViewportSize(viewport);
  await ringside.open("?demo&kiosk=1");
  const first = ringside.cell("api", "dev");
  const last = ringside.cell("quiz-import", "security-fix");
  await expect(first).toBeInViewport();
  await expect(last).not.toBeInViewport();
  const seen = new Set();
  const isSeen = (cell) => cell.evaluate((cell) => new Promise((done) => new IntersectionObserver(([one]) => done(one.intersectionRatio > 0.5)).observe(cell)));
  for (let turn = 0; turn < 20 && (await ringside.main.getAttribute("data-view")) === "rings"; turn++) {
    for (const [name, cell] of Object.entries({ first, last })) if (await isSeen(cell)) seen.add(name);
    await page.clock.runFor(30_500);
  }
  expect([...seen]).toEqual(["first", "last"]);
  await expect(ringside.main).toHaveAttribute("data-view", "deployments");
});

test("of a table that is longer than a wall each row is shown whole, then the next view", async ({ ringside, site, page }) => {
  await page.clock.install();
  await page.setViewportSize({ width: 1280, height: 800 });
  await site.useRows(Array.from({ length: 60 }, (_, n) => full(n, { RowKey: `row-${n}` })), { refreshSeconds: 0 });
  await ringside.open("?kiosk=1&view=deployments");
  const whole = () =>
    page.locator(".scroller").evaluate((scroller) => {
      const [head, { bottom }] = [scroller.querySelector("thead"), scroller].map((e) => e.getBoundingClientRect());
      const boxes = [...scroller.querySelectorAll("tr[data-deployment]")].map((row) => [row.dataset.deployment, row.getBoundingClientRect()]);
      return boxes.filter(([, box]) => box.top > head.bottom - 1 && box.bottom < bottom + 1).map(([id]) => id);
    });
  const seen = new Set();
  for (let turn = 0; turn < 20 && (await ringside.main.getAttribute("data-view")) === "deployments"; turn++) {
    for (const id of await whole()) seen.add(id);
    await page.clock.runFor(30_500);
  }
  await expect(ringside.main).toHaveAttribute("data-view", "rings");
  expect(seen.size).toBe(60);
  await page.clock.runFor(30_500);
  await expect(ringside.main).toHaveAttribute("data-view", "deployments");
  expect(await whole(), "it begins at its top again").toContain("row-0");
});

test("a wall shows so much of a very long table, then the next view", async ({ ringside, site, page }) => {
  await page.clock.install();
  await page.setViewportSize({ width: 1280, height: 800 });
  await site.useRows(Array.from({ length: 400 }, (_, n) => full(n, { RowKey: `row-${n}` })), { refreshSeconds: 0 });
  await ringside.open("?kiosk=1&view=deployments");
  let turns = 0;
  for (; turns < 30 && (await ringside.main.getAttribute("data-view")) === "deployments"; turns++) await page.clock.runFor(30_000);
  expect(turns, "ten screens, with what is shown twice").toBeGreaterThanOrEqual(10);
  expect(turns).toBeLessThan(18);
});

test("on a wall nothing looks as if it could be pressed", async ({ ringside, page }) => {
  await ringside.open("?demo&kiosk=1");
  await expect(ringside.cell("auth", "master").locator('.line[data-status="failed"]')).toContainText("Lint");
  await expect(ringside.cell("auth", "master").locator(".line__out")).toHaveCount(1);
  await expect(page.locator(".line__out:visible, main .icon--down:visible, .board__more:visible, .board__group:visible")).toHaveCount(0);
});
