// A view in another page, of another origin and site.

import { blockStorage, expect, test } from "../support/portal.mjs";
import { full, many } from "../support/rows.mjs";

test.beforeEach(({ trouble }) => {
  // The portal's strict policy allows no icon.
  trouble.expect(/favicon|Content Security Policy.*img-src/);
});

test("shows a view without a header, and takes the theme of the page around", async ({ portal, page, site }) => {
  await site.useRows(many(5));
  const frame = await portal.open('view="deployments" theme="dark" query="service=api"');
  await expect(frame.locator("main")).toHaveAttribute("data-view", "deployments");
  await expect(frame.locator("header.top")).toHaveCount(0);
  await expect(frame.locator("[data-total]")).toHaveAttribute("data-shown", "1");
  await expect(frame.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.locator("ringside-view").evaluate((view) => (view.theme = "light"));
  await expect(frame.locator("html")).toHaveAttribute("data-theme", "light");
});

test("tells its height, which the element takes when asked", async ({ portal, page, site }) => {
  await site.useRows(many(30));
  const frame = await portal.open('view="deployments" fit');
  await expect(frame.locator("tr[data-deployment]").first()).toBeVisible();
  await expect.poll(() => page.evaluate(() => heard.at(-1) ?? 0)).toBeGreaterThan(600);
  const height = await page.locator("ringside-view").evaluate((view) => view.getBoundingClientRect().height);
  expect(height).toBeGreaterThan(600);
});

test("neither side listens to anybody else", async ({ portal, page, site }) => {
  await site.useRows(many(5));
  const frame = await portal.open('view="rings" theme="light" fit');
  await expect(frame.locator("main")).toBeVisible();
  await expect.poll(() => page.evaluate(() => heard.length)).toBeGreaterThan(0);
  const before = await page.evaluate(() => heard.length);
  // The portal's own script poses as the frame; the frame gets a message from itself.
  await page.evaluate(() => window.postMessage({ ringside: "height", height: 3_999 }, "*"));
  await frame.locator("html").evaluate(() => window.postMessage({ ringside: "theme", theme: "dark" }, "*"));
  await page.evaluate(() => new Promise((done) => { addEventListener("message", done, { once: true }); window.postMessage("last", "*"); }));
  expect((await page.evaluate(() => heard)).slice(before)).not.toContain(3_999);
  await expect(frame.locator("html")).toHaveAttribute("data-theme", "light");

  // A frame whose address names another host.
  await page.evaluate((src) => {
    const iframe = document.createElement("iframe");
    iframe.src = `${src}?embed=1&theme=light&host=https://other.example`;
    iframe.id = "other";
    document.body.append(iframe);
  }, site.url);
  const other = page.frameLocator("#other");
  await expect(other.locator("main")).toBeVisible();
  await page.evaluate((origin) => document.querySelector("#other").contentWindow.postMessage({ ringside: "theme", theme: "dark" }, origin), site.origin);
  await expect(other.locator("html")).toHaveAttribute("data-theme", "light");
});

test("an address that is no page's is not framed", async ({ portal, page, site }) => {
  await portal.open("");
  await page.locator("ringside-view").evaluate((view) => view.setAttribute("src", "javascript:document.title='ran'"));
  await expect(page.locator("ringside-view iframe")).not.toHaveAttribute("src", /./);
  expect(await page.title()).toBe("Portal");
  void site;
});

test("works where a framed page may keep nothing, and says once what it does not remember", async ({ portal, page, site }) => {
  await blockStorage(page);
  await site.useRows(many(5));
  const frame = await portal.open('view="deployments"');
  await expect(frame.locator("[data-total]")).toHaveAttribute("data-total", "5");
  await expect(frame.locator("[data-problem]"), "not in every view").toHaveCount(0);
  await portal.open('view="setup"');
  const note = frame.locator('[data-problem="config"][data-kind="forbidden"]');
  await expect(note).toHaveCount(1);
  await expect(note).toContainText("Credentials, columns");
});

test("a badge is green only for what is known to run", async ({ ringside, site, page, trouble }) => {
  trouble.expectNetwork();
  const badge = page.locator("[data-badge]");
  await site.useRows([full(1, { service: "api", env: "prod" }), full(2, { service: "auth", env: "prod", p3Status: "failed", manifestCommitId: undefined })]);
  await ringside.open("?view=badge&service=api&ring=prod");
  await expect(badge).toHaveAttribute("data-status", "succeeded");
  await expect(badge).toContainText("api in prod");
  await expect(page.locator("header.top")).toHaveCount(0);
  await ringside.open("?view=badge&service=auth&ring=prod");
  await expect(badge).toHaveAttribute("data-status", "failed");
  for (const query of ["service=nosuch&ring=prod", "service=api&ring=nosuch", "service=api", ""]) {
    await ringside.open(`?view=badge&${query}`);
    await expect(badge, query).toHaveAttribute("data-status", "unknown");
  }
  site.use({ kind: "snapshot", url: "gone.json" });
  await ringside.open("?view=badge&service=api&ring=prod");
  await expect(badge).toHaveAttribute("data-status", "unknown");
});
