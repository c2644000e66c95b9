// The page under a strict Content-Security-Policy: the one that `./x package` gives it, as a meta element and as a header.

import { policy, withPolicy } from "../../../tools/policy.mjs";
import { many } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

const VIEWS = ["rings", "deployments", "compare", "history&of=api", "setup", "badge&service=api&ring=prod", "rings&q=4563", "rings&embed=1"];

/** Gives the page the policy for a configuration. What it forbids is an error in the console, which fails a test. */
const WAYS = {
  meta: async (site, config) => site.put("index.html", withPolicy(await index(site), config)),
  header: async (site, config, page) => {
    const header = policy(await index(site), config);
    await page.route(new RegExp(`^${site.url}(\\?.*)?$`), async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": header } });
    });
  },
};

const index = async (site) => (await fetch(site.url)).text();

for (const [way, pack] of Object.entries(WAYS)) {
  test(`every view of the sample data keeps to it (${way})`, async ({ site, page, ringside }) => {
    await pack(site, { projects: [] }, page);
    for (const view of VIEWS) {
      await ringside.open(`?view=${view}`);
      await expect(page.locator("main")).toHaveAttribute("data-view", view.split("&")[0]);
    }
    await ringside.open("?view=deployments");
    await page.locator("tr[data-deployment]").first().click();
    await expect(ringside.details).toBeVisible();
    // What the data decides is styled all the same.
    await expect(page.locator(".avatar").first()).toHaveAttribute("style", /--hue/);
  });
}

test("rows come from the table that the configuration names", async ({ site, page, ringside, table }) => {
  await table.insert(many(3));
  site.use(table.storage());
  await WAYS.meta(site, site.config, page);
  await ringside.open("?view=deployments");
  await ringside.expectCount(3);
});

test("what is wrong is said under it, for a configuration that cannot be used, too", async ({ site, page, ringside }) => {
  site.config = { projects: [] };
  await WAYS.meta(site, { projects: [] }, page);
  await ringside.open();
  await expect(page.locator("main")).toHaveAttribute("data-view", "config-error");
});

test("nothing comes from a host that it does not name, and no script that is not its own runs", async ({ site, page, ringside, table, trouble }) => {
  trouble.expect(/Content Security Policy|'TrustedScript' assignment/);
  await table.insert(many(3));
  site.use(table.storage());
  await WAYS.meta(site, { projects: [{ storage: { endpoint: "https://other.table.core.windows.net" } }] }, page);
  await ringside.open("?view=deployments");
  await expect(page.locator('[data-problem="storage"]').first()).toHaveAttribute("data-kind", "unreachable");
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    // Refused at once where text must not become a script.
    try { script.textContent = "window.ran = true"; } catch { /* as it should be */ }
    document.body.append(script);
    return window.ran;
  });
  expect(ran).toBe(undefined);
});
