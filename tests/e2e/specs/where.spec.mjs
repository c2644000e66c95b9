// "Where is it?": what the search box names, before what it finds.

import { full, sync, waiting } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

/** A deployment of api, `n` days old. */
const api = (n, env, imageTag, more) => full(n, { service: "api", env, imageTag, ...more });

const MANIFEST = "abcdef0123";

const ROWS = [
  api(1, "prod", "4812", { ...waiting(13), commitId: "c0ffee1" }),
  api(2, "dev", "4812", { commitId: "c0ffee1", manifestCommitId: MANIFEST, pr: "12", prState: "merged", authorName: "Ada" }),
  api(3, "qa", "4811"),
  api(4, "prod", "4810"),
  sync("dev-1", MANIFEST),
];

const panel = (page) => page.locator("[data-where]");
const place = (page, ring) => panel(page).locator(`[data-ring="${ring}"][data-fate]`);

test.beforeEach(async ({ site, table }) => {
  await table.insert(ROWS);
  site.use(table.storage(), {
    rings: ["dev", "qa", "prod"].map((name) => ({ name, clusters: [name === "dev" ? "dev-1" : `${name}-none`] })),
  });
});

test("says in which rings and on which clusters a pull request's change runs", async ({ ringside, page }) => {
  await ringside.open();
  await ringside.search.fill("#12");
  await expect(panel(page)).toHaveAttribute("data-where", "pull-request");
  await expect(panel(page)).toContainText("Pull request #12");
  await expect(place(page, "dev")).toHaveAttribute("data-fate", "live");
  await expect(place(page, "dev")).toContainText(/live in dev.*on dev-1/);
  await expect(place(page, "prod")).toHaveAttribute("data-fate", "on-its-way");
  await expect(place(page, "prod")).toContainText("in progress in prod: waiting for approval for");
  await expect(place(page, "qa")).toHaveAttribute("data-fate", "not-there");
  await expect(panel(page)).toContainText("not in qa");
  expect(await panel(page).locator("[data-ring]").evaluateAll((all) => all.map((one) => one.dataset.ring))).toEqual(["dev", "prod", "qa"]);
  await expect(ringside.count, "and what the search finds is below").toHaveAttribute("data-shown", "1");
});

test("understands commits, tags, builds and people, and nothing else", async ({ ringside, page }) => {
  await ringside.open("?view=deployments");
  const asked = [
    ["c0ffee1", "commit"],
    ["C0FFEE1234567890", "commit"],
    ["4812", "image"],
    ["13", "pull-request"],
    [full(3).p1, "run"],
    [full(3).RowKey, "deployment"],
    ["ada", "author"],
    ['author:"Ada"', "author"],
  ];
  for (const [q, by] of asked) {
    await ringside.search.fill(q);
    await ringside.search.press("Enter");
    await expect(panel(page), q).toHaveAttribute("data-where", by);
  }
  for (const q of ["c0ffee", "api", "service:api", "nosuch", "-4812"]) {
    await ringside.search.fill(q);
    await ringside.search.press("Enter");
    await expect(panel(page), q).toHaveCount(0);
  }
});

test("is there in every view with a search box, from the address too", async ({ ringside, page }) => {
  for (const view of ["rings", "deployments", "compare", "setup"]) {
    await ringside.open(`?view=${view}&q=4812`);
    await expect(place(page, "dev"), view).toHaveAttribute("data-fate", "live");
  }
  await ringside.open("?q=4812&embed=1");
  await ringside.expectCount(4, 2);
  await expect(panel(page)).toHaveCount(0);
});

test("goes when the search is cleared", async ({ ringside, page }) => {
  await ringside.open("?q=4812");
  await expect(panel(page)).toBeVisible();
  await ringside.search.fill("");
  await expect(panel(page)).toHaveCount(0);
});

test("waits for a pause in the typing", async ({ ringside, page }) => {
  await page.clock.install();
  await ringside.open();
  await page.clock.pauseAt(Date.now() + 60_000);
  await ringside.search.fill("4812");
  await ringside.expectCount(4, 2);
  await expect(panel(page), "the list follows every key, this does not").toHaveCount(0);
  await page.clock.runFor(300);
  await expect(panel(page)).toBeVisible();
});

test("is read out, without its times", async ({ ringside, page }) => {
  await ringside.open("?q=4812");
  const said = page.locator("main [aria-live=polite]").filter({ hasText: "Image 4812" });
  await expect(said).toHaveText("Image 4812. api 4812: live in dev; in progress in prod; not in qa.");
});

test("leads to the details and to the history, without a mouse", async ({ ringside, page }) => {
  await ringside.open("?q=4812");
  await place(page, "dev").getByRole("link").focus();
  await page.keyboard.press("Enter");
  await expect(ringside.details).toHaveAttribute("data-details", full(2).RowKey);
  await page.keyboard.press("Escape");
  await panel(page).getByRole("link", { name: "api" }).focus();
  await page.keyboard.press("Enter");
  await expect(ringside.main).toHaveAttribute("data-view", "history");
});

test("fits on a phone", async ({ ringside, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await ringside.open("?q=4812");
  await expect(place(page, "prod")).toBeInViewport();
  const sideways = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
});
