// Two rings side by side.

import { bare, daysAgo, full, many, sync } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

/** A deployment, `n` days old. */
const to = (env, service, n, imageTag, more) => full(n, { env, service, imageTag, ...more });

const MERGED = { pr: "12", prState: "merged", prUrl: "https://github.com/contoso/trivia-hld/pull/12", prMergedAt: daysAgo(2, 15) };

/** One service of each kind: behind, ahead, in another version, only in one, the same. */
const ROWS = [
  to("dev", "api", 1, "1.1.0"),
  to("dev", "api", 2, "1.2.0", MERGED),
  to("dev", "api", 4, "1.4.0"),
  to("prod", "api", 3, "1.4.0"),
  to("prod", "billing", 10, "b"),
  to("dev", "billing", 12, "a"),
  to("prod", "billing", 11, "a"),
  to("dev", "search", 13, "new"),
  to("prod", "search", 14, "strange"),
  to("dev", "auth", 7, "1"),
  to("prod", "legacy", 8, "1"),
  to("dev", "client", 5, "9"),
  to("prod", "client", 6, "9"),
];

/** A service's card. */
const card = (page, service) => page.locator(`main[data-view=compare] [data-service="${service}"][data-lag]`);
const lags = (page) =>
  page.locator("[data-service][data-lag]").evaluateAll((all) => all.map((one) => `${one.dataset.service} ${one.dataset.lag}`));
const first = (page) => page.getByRole("combobox", { name: "In", exact: true });
const second = (page) => page.getByRole("combobox", { name: "but not in", exact: true });

test.describe("what is in dev and not in prod", () => {
  test.beforeEach(async ({ site, table }) => {
    await table.insert(ROWS);
    site.use(table.storage());
  });

  test("without a word the last two rings are compared", async ({ ringside, page }) => {
    await ringside.open("?view=compare");
    await expect(ringside.main).toHaveAttribute("data-view", "compare");
    await expect(page).toHaveTitle(/^Compare/);
    await expect(first(page)).toHaveValue("dev");
    await expect(second(page)).toHaveValue("prod");
    await expect(card(page, "api")).toBeVisible();
    expect(await lags(page)).toEqual([
      "api behind",
      "search other",
      "auth only-first",
      "billing ahead",
      "legacy only-second",
      "client same",
    ]);
    await expect(page.getByText("prod vs dev: 1 behind", { exact: false })).toBeVisible();
  });

  test("each says by how much, and what lies between", async ({ ringside, page }) => {
    await ringside.open("?view=compare");
    const api = card(page, "api");
    await expect(api).toContainText("prod is 2 versions and 3 d behind");
    const between = api.getByRole("listitem");
    await expect(between).toHaveCount(2);
    await expect(between.first()).toContainText("1.1.0");
    await expect(between.last()).toContainText("1.2.0");
    await expect(between.last()).toContainText("Change number 2");
    await expect(between.last()).toContainText(full(2).commitId);
    await expect(between.last()).toContainText(full(2).authorName);
    const pull = between.last().getByRole("link", { name: "#12" });
    await expect(pull).toHaveAttribute("href", MERGED.prUrl);
    await expect(pull).toHaveAttribute("rel", /noopener/);
    await expect(card(page, "billing")).toContainText("prod is 1 version and 1 d ahead");
    await expect(card(page, "search"), "what it cannot know").toContainText("Diverged: strange not seen in dev");
    await expect(card(page, "search")).toContainText("may be incomplete");
  });

  test("what is the same takes one line, and opens", async ({ ringside, page }) => {
    await ringside.open("?view=compare");
    await expect(card(page, "client")).toBeHidden();
    await page.getByText("1 service is the same").click();
    await expect(card(page, "client")).toContainText("9");
  });

  test("a version leads to its details", async ({ ringside, page }) => {
    await ringside.open("?view=compare");
    await card(page, "api").getByRole("link", { name: "1.2.0" }).click();
    await expect(ringside.details).toHaveAttribute("data-details", full(2).RowKey);
    expect(ringside.query.get("view")).toBe("compare");
  });

  test("the rings are in the address, and back leads back", async ({ ringside, page }) => {
    await ringside.open("?view=compare&from=dev&to=prod");
    await page.getByRole("button", { name: "Swap the rings" }).click();
    await expect(card(page, "api")).toHaveAttribute("data-lag", "ahead");
    expect([ringside.query.get("from"), ringside.query.get("to")]).toEqual(["prod", "dev"]);
    await page.goBack();
    await expect(card(page, "api")).toHaveAttribute("data-lag", "behind");
    await expect(first(page)).toHaveValue("dev");
    await first(page).selectOption("prod");
    await expect(second(page), "whoever picks the other's ring wants them swapped").toHaveValue("dev");
    await expect(card(page, "api")).toHaveAttribute("data-lag", "ahead");
  });

  test("a ring that nobody knows is said, and another one taken", async ({ ringside, page }) => {
    await ringside.open("?view=compare&from=attic&to=prod");
    await expect(page.getByText('Unknown ring "attic"; comparing dev and prod')).toBeVisible();
    await expect(first(page)).toHaveValue("dev");
    await ringside.visit("?view=compare&from=dev&to=dev");
    await expect(page.getByRole("heading", { name: "Pick two different rings" })).toBeVisible();
  });

  test("release notes are copied as Markdown, of what is shown", async ({ ringside, page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const copy = page.getByRole("button", { name: "Copy as Markdown" });
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await ringside.open("?view=compare");
    await copy.click();
    await expect(copy.getByText("Copied")).toBeVisible();
    const notes = await clipboard();
    expect(notes).toContain("# In dev, not in prod");
    expect(notes).toContain("## api: 1.4.0 → 1.1.0");
    expect(notes).toContain(`pull request [12](${MERGED.prUrl})`);
    expect(notes).toContain("- auth: 1");
    await ringside.visit("?view=compare&service=auth");
    await expect(card(page, "api")).toHaveCount(0);
    await copy.click();
    await expect.poll(clipboard).not.toContain("api");
    expect(await clipboard()).toContain("- auth: 1");
  });

  test("filters and the search narrow it", async ({ ringside, page }) => {
    await ringside.open("?view=compare&service=api&service=client");
    await expect(card(page, "api")).toBeVisible();
    expect(await lags(page)).toEqual(["api behind", "client same"]);
    await ringside.visit("?view=compare&q=%22number+2%22");
    await expect(card(page, "billing")).toHaveCount(0);
    expect(await lags(page)).toEqual(["api behind"]);
    await ringside.visit("?view=compare&service=client");
    await expect(page.getByRole("heading", { name: "No differences" })).toBeVisible();
    await ringside.visit("?view=compare&q=nosuchthing");
    await expect(page.getByRole("heading", { name: "No deployments match" })).toBeVisible();
  });

  test("all of it without a mouse", async ({ ringside, page }) => {
    await ringside.open();
    await page.keyboard.press("g");
    await page.keyboard.press("v");
    await expect(ringside.main).toHaveAttribute("data-view", "compare");
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    await first(page).focus();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Swap the rings" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(card(page, "api")).toHaveAttribute("data-lag", "ahead");
    await page.keyboard.press("Tab");
    await expect(second(page)).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Copy as Markdown" })).toBeFocused();
    await page.locator("summary").focus();
    await page.keyboard.press("Enter");
    await expect(card(page, "client")).toBeVisible();
  });

  test("it fits on a phone", async ({ ringside, page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await ringside.open("?view=compare");
    await expect(card(page, "api")).toBeVisible();
    const { width, x } = await card(page, "api").boundingBox();
    expect(x + width).toBeLessThanOrEqual(390);
    const sideways = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    expect(sideways).toBeLessThanOrEqual(0);
    await expect(card(page, "legacy")).toContainText("Not in dev");
    await card(page, "legacy").scrollIntoViewIfNeeded();
    await expect(card(page, "legacy")).toBeInViewport();
  });
});

test("a cluster that runs neither for certain makes it unsure", async ({ ringside, site, table, page }) => {
  // What the cluster applied is no row's manifest commit.
  const rings = [{ name: "dev" }, { name: "prod", clusters: ["prod-1"] }];
  await table.insert([to("dev", "api", 1, "2"), to("dev", "api", 3, "1"), to("prod", "api", 2, "1"), sync("prod-1", "0000000")]);
  site.use(table.storage(), { rings: rings.map((ring) => ({ clusters: ["dev-1"], ...ring })) });
  await ringside.open("?view=compare");
  await expect(card(page, "api")).toHaveAttribute("data-lag", "behind");
  await expect(card(page, "api").getByText("cluster state unknown")).toHaveCount(1);
});

test("of many versions the newest are shown first, and the rest is counted", async ({ ringside, site, page }) => {
  await site.useRows([...many(9, (n) => to("dev", "api", n, `1.${n}.0`)), to("prod", "api", 20, "1.9.0")]);
  await ringside.open("?view=compare");
  await expect(card(page, "api")).toContainText("prod is 8 versions");
  await expect(card(page, "api").getByRole("listitem")).toHaveCount(5);
  await page.getByRole("button", { name: "Show 3 older versions" }).focus();
  await page.keyboard.press("Enter");
  await expect(card(page, "api").getByRole("listitem")).toHaveCount(8);
  const fewer = page.getByRole("button", { name: "Show the newest only" });
  await expect(fewer).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(card(page, "api").getByRole("listitem")).toHaveCount(5);
});

test("one ring is nothing to compare with", async ({ ringside, site, page }) => {
  await site.useRows([bare(1, { env: "prod" })]);
  await ringside.open("?view=compare");
  await expect(page.locator('[data-empty="too-few"]')).toContainText("takes two rings");
  await page.getByRole("link", { name: "Open Rings" }).click();
  await expect(ringside.main).toHaveAttribute("data-view", "rings");
});
