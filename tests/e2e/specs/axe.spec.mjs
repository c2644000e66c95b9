// Every view and state, light and dark, wide and narrow: nothing that axe finds.

import AxeBuilder from "@axe-core/playwright";

import { many } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

/** Name, what to do before, the address, and what to wait for; whether something is asked that does not answer. */
const STATES = [
  { name: "rings", query: "?demo" },
  { name: "deployments", query: "?view=deployments&demo" },
  { name: "deployments, filtered", query: "?view=deployments&demo=60&service=api&ring=dev&q=a&sort=-service" },
  { name: "connections", query: "?view=setup&demo" },
  { name: "compare", query: "?view=compare&demo" },
  { name: "compare, one ring twice", query: "?view=compare&demo&from=dev&to=dev" },
  { name: "compare, filtered", query: "?view=compare&demo=300&author=Mara%20Lind" },
  { name: "compare, an unknown ring", query: "?view=compare&demo&from=attic" },
  { name: "a history", query: "?view=history&of=api&demo" },
  { name: "a history of nothing", query: "?view=history&of=nosuch&demo" },
  { name: "where a change is", query: "?view=compare&demo&q=1.43.0", act: whereIs },
  { name: "where somebody's changes are", query: "?view=deployments&demo&q=author:%22Ana%20Ruiz%22", act: whereIs },
  { name: "details", query: "?view=deployments&demo", act: openDetails },
  { name: "a deployment nobody knows", query: "?demo&deployment=nosuch" },
  { name: "an empty table", query: "?view=deployments&demo=0" },
  { name: "rings of an empty table", query: "?demo=0" },
  { name: "filters that hide everything", query: "?view=deployments&demo&q=nosuchthing" },
  { name: "rings with filters that hide everything", query: "?demo&q=nosuchthing" },
  { name: "first run", query: "" },
  { name: "a wrong config.json", config: { refreshSeconds: 2 }, query: "" },
  { name: "a warning", rows: many(3), more: { refreshSecond: 2 }, query: "" },
  { name: "failing", config: failing(), query: "?view=deployments", fails: true },
  { name: "connections of what fails", config: failing(), query: "?view=setup", fails: true },
  { name: "connections with forges", rows: many(1), more: withForges(), query: "?view=setup" },
  { name: "an open menu", query: "?view=deployments&demo=9", act: openMenu },
  { name: "suggestions", query: "?view=deployments&demo=9", act: suggest },
  { name: "the columns panel", query: "?view=deployments&demo=9", act: openColumns },
  { name: "the help", query: "?demo=9", act: openHelp },
  { name: "groups", query: "?demo=9&group=repository" },
  { name: "compact rings", query: "?demo=9&density=compact" },
  { name: "details of a failure", query: "?demo&view=deployments&status=failed", act: openDetails },
  { name: "the wall", query: "?demo=9&kiosk=1" },
  { name: "embedded", query: "?demo=9&embed=1" },
];

async function openDetails(ringside) {
  await ringside.rows.first().locator('[data-column="status"]').click();
  await expect(ringside.details).toBeVisible();
}

async function whereIs(ringside) {
  await expect(ringside.page.locator("[data-where]")).toBeVisible();
}

async function openMenu(ringside) {
  const filters = ringside.page.getByRole("button", { name: /filter/i }).first();
  if (!(await ringside.menu("service").isVisible())) await filters.click();
  await ringside.menu("service").click();
  await expect(ringside.choice(/^api\b/)).toBeVisible();
}

async function suggest(ringside) {
  await ringside.search.click();
  await ringside.search.pressSequentially("service:");
  await expect(ringside.suggestions.first()).toBeVisible();
}

async function openColumns(ringside) {
  await ringside.page.getByRole("button", { name: "Columns", exact: true }).click();
  await expect(ringside.page.getByRole("checkbox", { name: "Author" })).toBeVisible();
}

async function openHelp(ringside) {
  await ringside.page.keyboard.press("?");
  await expect(ringside.page.getByRole("dialog")).toBeVisible();
}

/** Two projects whose storage cannot be read, for two reasons. */
function failing() {
  const storage = { kind: "azure-table", endpoint: "https://a.table.core.windows.net", table: "deployments" };
  const expired = "sv=2019-02-02&tn=deployments&sp=raud&se=2020-01-01T00%3A00%3A00Z&sig=AAAA";
  return {
    refreshSeconds: 0,
    projects: [
      { name: "unasked", storage },
      { name: "expired", storage: { ...storage, sas: expired } },
    ],
  };
}

/** Forges of every kind; nothing is asked of them while nobody looks at a deployment. */
function withForges() {
  const pipelines = {
    build: { kind: "github", repository: "contoso/trivia" },
    release: { kind: "azure-devops", organization: "contoso", project: "trivia" },
    manifest: { kind: "gitlab", project: "1042" },
  };
  return { refreshSeconds: 0, projects: [{ name: "trivia", storage: { kind: "snapshot", url: "snapshot.json" }, pipelines }] };
}

/** What axe finds, in words. Of what it looks at only colours depend on the theme. */
async function findings(page, rules) {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`),
  );
}

test.use({ contextOptions: { reducedMotion: "reduce" } });

for (const { name, query, config, rows, more, act, fails } of STATES) {
  for (const width of [1600, 390]) {
    test(`${name}, ${width} wide`, async ({ ringside, site, trouble, page }) => {
      // Two looks at every element, which takes long where other tests run beside it.
      test.setTimeout(90_000);
      if (fails) trouble.expectNetwork();
      if (config) site.config = config;
      if (rows) await site.useRows(rows, more);
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await page.emulateMedia({ colorScheme: "light" });
      await ringside.open(query);
      await act?.(ringside);
      expect(await findings(page), "light").toEqual([]);

      // As the theme's button does it, but without taking the focus from what is open.
      await ringside.html.evaluate((html) => (html.dataset.theme = "dark"));
      expect(await findings(page, ["color-contrast", "link-in-text-block"]), "dark").toEqual([]);
    });
  }
}
