// From sample data to a page of one's own, in the page itself.

import { readFile } from "node:fs/promises";

import { full, many } from "../support/rows.mjs";
import { asked, expect, test } from "../support/test.mjs";

const step = (page, name) => page.locator(`[data-step="${name}"]`);
const paste = (page) => page.locator('[data-guide="paste"]');
const read = (page) => page.getByRole("button", { name: "Read the table" });
/** The page starts anew with what the guide made. */
const restarted = async (ringside, act) => {
  await Promise.all([ringside.page.waitForEvent("load"), act()]);
  await ringside.ready();
};
const downloaded = async (page) => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download config.json" }).click()]);
  expect(download.suggestedFilename()).toBe("config.json");
  return JSON.parse(await readFile(await download.path(), "utf8"));
};

test("a card on the sample page leads there", async ({ ringside, page }) => {
  await ringside.open();
  await page.getByRole("link", { name: "Connect your table" }).click();
  await expect(ringside.main).toHaveAttribute("data-view", "setup");
  for (const name of ["rows", "forge", "rings", "publish"]) await expect(step(page, name)).toBeVisible();
});

test("a whole address with a SAS brings the rows, and ends in a config.json without it", async ({ ringside, page, azurite, table, site, requests }) => {
  await table.insert([
    ...many(3).map((row) => ({ ...row, sourceRepo: "https://github.com/contoso/trivia" })),
    full(7, { sourceRepo: "https://github.com/contoso/trivia", p1Url: "https://github.com/contoso/trivia/actions/runs/7", manifestRepo: "https://github.com/contoso/manifests" }),
  ]);
  const sas = table.sas();
  await ringside.open("?view=setup");
  await paste(page).fill(`"${azurite.endpoint}/${table.name}?${sas}"`);
  await restarted(ringside, () => read(page).click());

  // The whole page shows them now; the guide the newest.
  await ringside.expectCount(4);
  await expect(step(page, "rows").locator("[data-newest] tbody tr")).toHaveCount(4);
  expect(await page.content()).not.toContain(new URLSearchParams(sas).get("sig"));
  await ringside.go("Deployments");
  await expect(ringside.rows).toHaveCount(4);
  await ringside.go("Connections");

  // What the rows name is proposed.
  await expect(step(page, "forge").locator('[data-guide="pipelines"]')).toHaveValue("github");
  await expect(step(page, "forge").getByLabel("Repository").first()).toHaveValue("contoso/trivia");

  const config = await downloaded(page);
  expect(config.projects[0].storage).toEqual({ kind: "azure-table", endpoint: azurite.endpoint, table: table.name });
  expect(config.projects[0].pipelines).toEqual({ kind: "github", repository: "contoso/trivia" });

  // On explicit wish alone, and not on screen even then.
  await page.getByLabel("Write the SAS into config.json").check();
  await expect(step(page, "publish")).toContainText("Everybody who can open the page");
  expect((await downloaded(page)).projects[0].storage.sas).toBe(sas);
  expect(await page.content()).not.toContain(new URLSearchParams(sas).get("sig"));
  const told = requests.filter((request) => asked(request).includes(new URLSearchParams(sas).get("sig")));
  expect(new Set(told.map((request) => new URL(request.url()).origin))).toEqual(new Set([azurite.origin]));

  // What was downloaded is a configuration that works.
  site.config = { ...config, projects: [{ ...config.projects[0], pipelines: undefined, manifests: undefined }] };
  await ringside.open("?view=deployments");
  await ringside.expectCount(4);
});

test("a SAS alone asks for what it does not say", async ({ ringside, page, azurite, table }) => {
  await table.insert(many(2));
  await ringside.open("?view=setup");
  await paste(page).fill(table.sas());
  await read(page).click();
  await expect(step(page, "rows")).toContainText("Which storage account?");
  await expect(page.getByLabel("Table", { exact: true })).toHaveValue(table.name);
  await page.getByLabel("Table service").fill(azurite.endpoint);
  await restarted(ringside, () => read(page).click());
  await ringside.expectCount(2);
});

test("an account's key is not taken, and does not stay", async ({ ringside, page }) => {
  await ringside.open("?view=setup");
  await paste(page).fill("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0;");
  await read(page).click();
  await expect(step(page, "rows")).toContainText("allows everything");
  await expect(paste(page)).toHaveValue("");
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).not.toContain("c2VjcmV0");
});

test("a missing rule is explained with the command for this page and account, and the page goes on by itself", async ({ ringside, page, azurite, table, site, trouble }) => {
  trouble.expectNetwork();
  await table.insert(many(2));
  await azurite.setCors(false);
  await ringside.open("?view=setup");
  await paste(page).fill(`${azurite.endpoint}/${table.name}?${table.sas()}`);
  await restarted(ringside, () => read(page).click());
  await expect(ringside.problem("storage", "unreachable")).toContainText(`--origins ${site.origin}`);
  await azurite.setCors(site.origin);
  await ringside.refreshNow.click();
  await ringside.expectCount(2);
});

test("rings are ordered by keys and by dragging", async ({ ringside, page, azurite, table }) => {
  await table.insert(["dev", "qa", "prod"].map((env, i) => full(i + 1, { env })));
  await ringside.open("?view=setup");
  await paste(page).fill(`${azurite.endpoint}/${table.name}?${table.sas()}`);
  await restarted(ringside, () => read(page).click());
  const rings = () => page.locator("[data-guide-ring]").evaluateAll((all) => all.map((ring) => ring.dataset.guideRing));
  await expect.poll(rings).toEqual(["dev", "qa", "prod"]);
  await page.getByRole("button", { name: "Move prod up" }).press("Enter");
  await expect.poll(rings).toEqual(["dev", "prod", "qa"]);
  await page.locator('[data-guide-ring="qa"]').dragTo(page.locator('[data-guide-ring="dev"]'));
  await expect.poll(rings).toEqual(["qa", "dev", "prod"]);
  expect((await downloaded(page)).rings.map((ring) => ring.name)).toEqual(["qa", "dev", "prod"]);
  await restarted(ringside, () => page.getByRole("button", { name: "Use this order" }).click());
  await ringside.go("Rings");
  await expect(page.locator("[data-ring-header]")).toHaveCount(3);
  expect(await page.locator("[data-ring-header]").evaluateAll((all) => all.map((ring) => ring.dataset.ringHeader))).toEqual(["qa", "dev", "prod"]);
});

test("it can be given up", async ({ ringside, page, azurite, table }) => {
  await table.insert(many(2));
  await ringside.open("?view=setup");
  await paste(page).fill(`${azurite.endpoint}/${table.name}?${table.sas()}`);
  await restarted(ringside, () => read(page).click());
  await restarted(ringside, () => page.getByRole("button", { name: /^Discard/ }).click());
  await expect(page.getByRole("heading", { name: "Set up your own page" })).toBeVisible();
});

test("a health line says of each source how it is", async ({ ringside, site, table }) => {
  await table.insert(many(2));
  site.use(table.storage());
  await ringside.open("?view=setup");
  const source = ringside.main.locator("[data-source-state]").first();
  await expect(source).toHaveAttribute("data-source-state", "succeeded");
  await expect(source.locator("summary")).toContainText(/answered .* · \d+ ms · SAS expires in/);
});

/** What was pasted has named the project, which is called otherwise. */
async function rename(page, from, to) {
  const field = page.getByLabel("Name of the project");
  await paste(page).blur();
  await expect(field).toHaveValue(from);
  await field.fill(to);
}

test("a second project is added, and taken out again", async ({ ringside, page, azurite, table }) => {
  await table.insert(many(3));
  const other = await azurite.createTable();
  await other.insert(many(2));
  await ringside.open("?view=setup");
  for (const [each, name] of [[table, "first"], [other, "second"]]) {
    await paste(page).fill(`${azurite.endpoint}/${each.name}?${each.sas()}`);
    await rename(page, each.name, name);
    await restarted(ringside, () => read(page).click());
    if (name === "first") await page.getByRole("button", { name: "Add another project" }).click();
  }
  await ringside.expectCount(5);
  // The steps are those of the second.
  await expect(step(page, "rows").locator("[data-newest] tbody tr")).toHaveCount(2);
  const { projects } = await downloaded(page);
  expect(projects.map(({ name, storage }) => [name, storage.table, storage.sas])).toEqual([["first", table.name, undefined], ["second", other.name, undefined]]);
  await page.getByRole("button", { name: "Edit first" }).click();
  await expect(page.getByLabel("Table", { exact: true })).toHaveValue(table.name);
  await page.getByRole("button", { name: "Remove second" }).click();
  expect((await downloaded(page)).projects.map(({ name }) => name)).toEqual(["first"]);
});

test("a project is added to the configuration that a page has, which keeps all else", async ({ ringside, page, azurite, table, site }) => {
  await site.useRows(many(3), { columns: ["status", "service"], rings: [{ name: "prod", aliases: ["master"] }] });
  const before = site.config;
  await table.insert(many(2));
  await ringside.open("?view=setup");
  await expect(step(page, "rows")).toHaveCount(0);
  await page.getByRole("button", { name: "Add a project" }).click();
  await paste(page).fill(`${azurite.endpoint}/${table.name}?${table.sas()}`);
  await rename(page, table.name, "added");
  await restarted(ringside, () => read(page).click());
  await ringside.expectCount(5);
  const config = await downloaded(page);
  expect({ ...config, projects: config.projects.slice(0, -1) }).toEqual(before);
  expect(config.projects.at(-1)).toMatchObject({ name: "added", storage: { kind: "azure-table", endpoint: azurite.endpoint, table: table.name } });
  await restarted(ringside, () => page.getByRole("button", { name: "Discard" }).click());
  await ringside.expectCount(3);
});
