// What the header says of how old the rows are.

import { many } from "../support/rows.mjs";
import { expect, isRefresh, test } from "../support/test.mjs";

const label = (page) => page.locator("[data-fresh]");

/** How so many minutes pass: a tick is never waited for longer than that. */
async function minutes(page, many) {
  for (let minute = 0; minute < many; minute++) await page.clock.fastForward("01:00");
}

test("rows that have come are never beside 'Not loaded yet'", async ({ ringside, site, table, azurite, page, trouble }) => {
  trouble.expectNetwork();
  await page.clock.install();
  await site.put("snapshot.json", { value: many(5) });
  const held = [];
  await page.route(`${azurite.endpoint}/**`, (route) => held.push(route));
  site.config = {
    refreshSeconds: 5,
    projects: [
      { name: "file", storage: { kind: "snapshot", url: "snapshot.json" } },
      { name: "table", storage: table.storage() },
    ],
  };
  await page.goto(`${site.url}?view=deployments`);
  await expect(ringside.rows.first()).toBeVisible();
  await expect(label(page)).toHaveText("Loading rows");
  // The table fails for good: some of what is wanted was never read.
  for (const route of held) await route.fulfill({ status: 500, body: "", headers: { "access-control-allow-origin": "*" } });
  await page.unroute(`${azurite.endpoint}/**`);
  await page.route(`${azurite.endpoint}/**`, (route) =>
    route.fulfill({ status: 403, body: "", headers: { "access-control-allow-origin": "*" } }));
  await minutes(page, 1);
  await expect(label(page)).not.toHaveText(/Not loaded yet|Up to date/);
  await expect(label(page)).toHaveAttribute("data-fresh", "unknown");
});

test("a table that has failed for a minute is not up to date, until it answers again", async ({
  ringside, site, table, azurite, page, trouble,
}) => {
  trouble.expectNetwork();
  await table.insert(many(5));
  site.use(table.storage(), { refreshSeconds: 5 });
  await page.clock.install();
  await ringside.open("?view=deployments");
  await ringside.expectCount(5);
  await expect(label(page)).toHaveText("Up to date");
  const fails = (route) => route.fulfill({ status: 500, body: "", headers: { "access-control-allow-origin": "*" } });
  await page.route(`${azurite.endpoint}/**`, fails);
  const asked = page.waitForRequest(isRefresh);
  await page.clock.fastForward("00:06");
  await asked;
  await minutes(page, 1);
  await expect(label(page)).toHaveAttribute("data-fresh", "old");
  await expect(label(page)).not.toHaveText("Up to date");
  await minutes(page, 3);
  await expect(label(page)).toHaveText(/^Updated [45] min ago$/);

  await page.unroute(`${azurite.endpoint}/**`, fails);
  await ringside.refreshNow.click();
  await expect.poll(async () => {
    await page.clock.fastForward("00:11");
    return label(page).textContent();
  }).toBe("Up to date");
});
