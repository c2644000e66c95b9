// The page under the Content-Security-Policy that `./x package` gives it.

import { withPolicy } from "../../../tools/policy.mjs";
import { many } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

/** Gives the page the policy for a configuration. What it forbids is an error in the console, which fails a test. */
async function pack(site, config) {
  const page = await (await fetch(site.url)).text();
  await site.put("index.html", withPolicy(page, config));
}

test("every view of the sample data keeps to it", async ({ site, page, ringside }) => {
  await pack(site, { projects: [] });
  for (const view of ["rings", "deployments", "compare", "history&of=api", "setup"]) {
    await ringside.open(`?view=${view}`);
    await expect(page.locator("main")).toHaveAttribute("data-view", view.split("&")[0]);
  }
});

test("rows come from the table that the configuration names", async ({ site, ringside, table }) => {
  await table.insert(many(3));
  site.use(table.storage());
  await pack(site, site.config);
  await ringside.open("?view=deployments");
  await ringside.expectCount(3);
});

test("nothing comes from a host that it does not name, and no script that is not its own runs", async ({ site, page, ringside, table, trouble }) => {
  trouble.expect(/Content Security Policy/);
  await table.insert(many(3));
  site.use(table.storage());
  await pack(site, { projects: [{ storage: { endpoint: "https://other.table.core.windows.net" } }] });
  await ringside.open("?view=deployments");
  await expect(page.locator('[data-problem="storage"]').first()).toHaveAttribute("data-kind", "unreachable");
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    return window.ran;
  });
  expect(ran).toBe(undefined);
});
