// A service's changes, and what became of each in every ring.

import { failed, full, many, waiting } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

/** A deployment of api, `n` days old. */
const api = (n, env, imageTag, more) => full(n, { service: "api", env, imageTag, ...more });

const BUILDING = { ...failed, imageTag: undefined, p1Status: "running", p1End: undefined };

const ROWS = [
  api(1, "dev", undefined, { ...BUILDING, commitId: "beef001" }),
  api(2, "dev", undefined, { ...failed, commitId: "beef002" }),
  api(3, "prod", "1.5.0", waiting(77)),
  api(4, "dev", "1.6.0"),
  api(5, "dev", "1.5.0"),
  api(6, "prod", "1.4.0"),
  api(7, "dev", "1.4.0"),
  full(8, { service: "other", env: "qa" }),
];

const cells = (page) => page.locator("[data-change][data-ring][data-fate]");
const cell = (page, n, ring) => page.locator(`[data-change="${full(n).RowKey}"][data-ring="${ring}"]`);

test.describe("a service of six changes in two rings", () => {
  test.beforeEach(async ({ site, table }) => {
    await table.insert(ROWS);
    site.use(table.storage());
  });

  test("each cell says what became of it there", async ({ ringside, page }) => {
    await ringside.open("?view=history&of=api");
    await expect(ringside.main).toHaveAttribute("data-view", "history");
    await expect(page).toHaveTitle(/History of api · /);
    await expect(page.getByText("5 changes in 2 rings")).toBeVisible();
    const fates = [
      [1, "dev", "on-its-way", "building for"],
      [1, "prod", "not-there", "not deployed"],
      [2, "dev", "failed", "image build"],
      [3, "prod", "on-its-way", "waiting for approval for"],
      [3, "dev", "replaced", "after 1 d by 1.6.0"],
      [4, "dev", "live", "for 4 d"],
      [4, "prod", "not-there", "not deployed"],
      [6, "prod", "live", "for 6 d"],
      [6, "dev", "replaced", "after 2 d by 1.5.0"],
    ];
    for (const [n, ring, fate, says] of fates) {
      await expect(cell(page, n, ring), `${n} in ${ring}`).toHaveAttribute("data-fate", fate);
      await expect(cell(page, n, ring), `${n} in ${ring}`).toContainText(says);
    }
    await expect(cells(page)).toHaveCount(10);
    const head = page.getByRole("rowheader", { name: /^1\.5\.0/ });
    await expect(head).toContainText("Change number 3");
    await expect(head).toContainText(full(3).authorName);
    await expect(head.getByRole("link", { name: "#77" })).toHaveAttribute("href", /pull\/77$/);
  });

  test("a name in the rings leads to it, and back", async ({ ringside, page }) => {
    await ringside.open();
    await ringside.service("api").getByRole("link", { name: "api" }).focus();
    await page.keyboard.press("Enter");
    await expect(ringside.main).toHaveAttribute("data-view", "history");
    expect(ringside.query.get("of")).toBe("api");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("History of api");
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    await page.getByRole("main").getByRole("link", { name: "Rings" }).click();
    await expect(ringside.main).toHaveAttribute("data-view", "rings");
    expect(ringside.query.get("of")).toBeNull();
    await page.goBack();
    await expect(cell(page, 4, "dev")).toBeVisible();
  });

  test("a cell leads to the deployment that says so, without a mouse as well", async ({ ringside, page }) => {
    await ringside.open("?view=history&of=api");
    const link = cell(page, 6, "dev").getByRole("link");
    await link.focus();
    await page.keyboard.press("Enter");
    await expect(ringside.details).toHaveAttribute("data-details", full(7).RowKey);
    await page.keyboard.press("Escape");
    await expect(link).toBeFocused();
  });

  test("filters narrow it: rings by column, all else by change", async ({ ringside, page }) => {
    await ringside.open("?view=history&of=api&ring=prod");
    await expect(cell(page, 6, "prod")).toBeVisible();
    await expect(cell(page, 6, "dev")).toHaveCount(0);
    await ringside.visit("?view=history&of=api&status=failed");
    await expect(cells(page)).toHaveCount(2);
    await expect(cell(page, 2, "dev")).toBeVisible();
    await ringside.visit("?view=history&of=api&service=other");
    await expect(page.getByRole("heading", { name: "No deployments match" })).toBeVisible();
  });

  test("a service that nobody knows is said", async ({ ringside, page }) => {
    await ringside.open("?view=history&of=nosuch");
    await expect(page.getByRole("heading", { name: "No service called nosuch" })).toBeVisible();
    await ringside.visit("?view=history");
    await expect(page.getByRole("heading", { name: "No service selected" })).toBeVisible();
  });

  test("it fits on a phone, a card a change", async ({ ringside, page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await ringside.open("?view=history&of=api");
    const live = cell(page, 4, "dev");
    await live.scrollIntoViewIfNeeded();
    await expect(live).toBeInViewport();
    const { x, width } = await live.boundingBox();
    expect(x + width).toBeLessThanOrEqual(390);
    const sideways = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    expect(sideways).toBeLessThanOrEqual(0);
  });
});

test("fifty changes are shown, and how many more there are is said", async ({ ringside, site, page }) => {
  await site.useRows(many(112, (n) => api(n, "dev", `1.${n}.0`)));
  await ringside.open("?view=history&of=api");
  await expect(page.getByText("112 changes in 1 ring")).toBeVisible();
  await expect(cells(page)).toHaveCount(50);
  await page.getByRole("button", { name: "Show 50 more of 62 older changes" }).click();
  await expect(cells(page)).toHaveCount(100);
  await page.getByRole("button", { name: "Show 12 older changes" }).focus();
  await page.keyboard.press("Enter");
  await expect(cells(page)).toHaveCount(112);
  await expect(page.getByRole("button", { name: /older change/ })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Changes of api by ring" })).toBeFocused();
});

test("of two projects with a service of that name the first is shown, and which that is", async ({ ringside, site, page }) => {
  await site.put("one.json", { value: [api(1, "dev", "one")] });
  await site.put("two.json", { value: [api(2, "dev", "two")] });
  const project = (name) => ({ name, storage: { kind: "snapshot", url: `${name}.json` } });
  site.config = { refreshSeconds: 0, projects: [project("one"), project("two")] };
  await ringside.open("?view=history&of=api");
  await expect(page.getByRole("rowheader", { name: /^one/ })).toBeVisible();
  await expect(page.getByRole("note")).toContainText("Shows project one. 1 other project also has");
  await ringside.visit("?view=history&of=api&project=two");
  await expect(page.getByRole("rowheader", { name: /^two/ })).toBeVisible();
  await expect(page.getByRole("note")).toHaveCount(0);
});
