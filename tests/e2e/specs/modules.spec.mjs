// What is fetched when it is first needed, and what the page says when it does not come.

import { enterTokens } from "../support/forges.mjs";
import { expect, test } from "../support/test.mjs";

const FORGES = "**/forges-*.wasm";
/** What the loader writes to the console. */
const NOT_FETCHED = /^TypeError: Failed to fetch/;

test.describe("what asks the forges", () => {
  test.beforeEach(async ({ page, site, forges, trouble }) => {
    trouble.expectNetwork();
    await forges.useAt(site);
    await enterTokens(page, forges);
  });

  test("is fetched after the first rows", async ({ page, ringside }) => {
    let rowsThere;
    await page.route(FORGES, async (route) => {
      rowsThere = await page.locator("tr[data-deployment]").count();
      await route.continue();
    });
    await ringside.open("?view=deployments");
    await expect.poll(() => rowsThere).toBeGreaterThan(0);
  });

  test("leaves the rows readable while it does not come, and is fetched again by itself", async ({ page, ringside, trouble }) => {
    trouble.expect(NOT_FETCHED);
    const refuse = (route) => route.abort();
    await page.route(FORGES, refuse);
    await ringside.open("?view=deployments");
    const row = ringside.row("classic:classic/failed-in-prod");
    await expect(row).toBeVisible();
    await expect(ringside.problem("config", "unreachable")).toContainText("could not be loaded");
    await expect(row).not.toHaveAttribute("data-status", "failed");

    await page.unroute(FORGES, refuse);
    await expect(row).toHaveAttribute("data-status", "failed", { timeout: 20_000 });
    await expect(ringside.problem("config")).toHaveCount(0);
  });
});

test("sample data that cannot be fetched is said, and fetched again by itself", async ({ page, site, trouble }) => {
  trouble.expectNetwork();
  trouble.expect(NOT_FETCHED);
  const refuse = (route) => route.abort();
  await page.route("**/sample-*.wasm", refuse);
  await page.goto(`${site.url}?demo`);
  await expect(page.getByRole("heading", { name: "The sample data is not available now" })).toBeVisible();
  await page.unroute("**/sample-*.wasm", refuse);
  await expect(page.locator("td[data-running]").first()).toBeVisible({ timeout: 20_000 });
});

test.describe("what is asked for before the code for it is there is done when it is", () => {
  const PAGES = "**/pages-*.wasm";
  let release;

  test.beforeEach(async ({ page }) => {
    let fetched;
    const isFetched = new Promise((done) => (fetched = done));
    const isReleased = new Promise((done) => (release = async () => (await isFetched, done())));
    await page.route(PAGES, async (route) => {
      fetched();
      await isReleased;
      await route.continue();
    });
  });

  test("a SAS that is entered", async ({ page, site, ringside }) => {
    const endpoint = "https://a.table.core.windows.net";
    const asked = [];
    await page.route(/^https:/, (route) => {
      asked.push(new URL(route.request().url()).searchParams.get("sig"));
      return route.fulfill({ json: { value: [] }, headers: { "access-control-allow-origin": "*" } });
    });
    site.use({ kind: "azure-table", endpoint, table: "deployments" });
    await page.goto(site.url);
    const loads = [];
    page.on("load", () => loads.push(page.url()));
    await ringside.credential(endpoint).fill("sv=2024-05-04&tn=deployments&sp=r&sig=AAAA");
    await page.keyboard.press("Enter");
    await release();
    await expect(page.locator("[data-empty]")).toContainText("No deployments yet");
    expect(loads, "the page stays").toEqual([]);
    expect([...new Set(asked)]).toEqual(["AAAA"]);
  });

  test("a file of what is shown, and a view under a name", async ({ page, ringside }) => {
    await page.goto(`${ringside.site.url}?demo&view=deployments&status=failed`);
    await expect(ringside.rows.first()).toBeVisible();
    const loads = [];
    page.on("load", () => loads.push(page.url()));
    const file = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("button", { name: "CSV" }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("textbox", { name: /name/i }).first().fill("Broken");
    await page.keyboard.press("Enter");
    await release();
    expect((await file).suggestedFilename()).toBe("deployments.csv");
    await expect(page.getByRole("link", { name: "Broken" })).toBeVisible();
    expect(loads, "the page stays").toEqual([]);
  });
});
