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
