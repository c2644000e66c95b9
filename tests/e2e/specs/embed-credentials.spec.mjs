// Credentials for a view in another page's frame, which may keep nothing: a window of the page's own hands them over.

import { startAzurite } from "../support/azurite.mjs";
import { blockStorage, expect, test } from "../support/portal.mjs";
import { many } from "../support/rows.mjs";
import { CLIENT, startProvider } from "../support/sign-in.mjs";

test.use({ ignoreHTTPSErrors: true });

test.beforeEach(async ({ page, trouble }) => {
  trouble.expectNetwork();
  // The portal's strict policy allows no icon.
  trouble.expect(/favicon|Content Security Policy.*img-src/);
  await blockStorage(page);
});

/** Everything that the page around was told. */
const overheard = (page) => page.evaluate(() => JSON.stringify(window.messages));
const listen = (page) =>
  page.addInitScript(() => {
    window.messages = [];
    addEventListener("message", ({ data }) => window.messages.push(data));
  });

const ask = (frame) => frame.getByRole("button", { name: "Sign in or enter credentials" });
const handOver = (page) => page.getByRole("button", { name: "Hand over and close" });

async function openWindow(page, frame) {
  const [popup] = await Promise.all([page.waitForEvent("popup"), ask(frame).click()]);
  await expect(popup.locator("html")).toHaveAttribute("data-ready", "true", { timeout: 20_000 });
  return popup;
}

test("a SAS that is entered in the window reads the rows in the frame, and nobody else hears of it", async ({ portal, page, site, azurite, table }) => {
  await table.insert(many(3));
  site.use(table.storage({ sas: undefined }));
  await listen(page);
  const frame = await portal.open('view="deployments"');
  await expect(frame.locator('[data-problem="storage"]')).toHaveAttribute("data-kind", "unauthorized");

  const popup = await openWindow(page, frame);
  await expect(handOver(popup)).toHaveAttribute("aria-disabled", "true");
  const field = popup.locator(`input[data-credential="${azurite.origin}"]`);
  await field.fill(table.sas());
  await field.press("Enter");
  await expect(popup.locator("[data-total]")).toHaveAttribute("data-total", "3");
  await Promise.all([popup.waitForEvent("close"), handOver(popup).click()]);

  await expect(frame.locator("[data-total]")).toHaveAttribute("data-total", "3");
  await expect(ask(frame)).toHaveCount(0);
  expect(await overheard(page)).not.toContain("sig=");
});

test("a sign-in in the window is one in the frame", async ({ portal, page, site }) => {
  // With an emulator of its own.
  test.slow();
  const [vault, entra] = await Promise.all([startAzurite({ oauth: true }), startProvider("entra", site.url)]);
  try {
    await vault.setCors(site.origin, "x-ms-*", "accept,authorization,x-ms-version");
    const table = await vault.createTable();
    await table.insert(many(4));
    site.use(table.storage({ sas: undefined }), { signIn: [{ kind: "entra", clientId: CLIENT, tenant: "contoso", authority: entra.authority }] });
    await listen(page);
    const frame = await portal.open('view="deployments"');
    const popup = await openWindow(page, frame);
    await popup.getByRole("button", { name: "Sign in with Microsoft" }).click();
    await popup.getByRole("link", { name: "Go on as Mara" }).click();
    await expect(popup.locator('[data-sign-in="in"]')).toBeVisible();
    await Promise.all([popup.waitForEvent("close"), handOver(popup).click()]);
    await expect(frame.locator("[data-total]")).toHaveAttribute("data-total", "4");
    const told = await overheard(page);
    expect(told).not.toMatch(/Bearer|eyJ/);
  } finally {
    await Promise.all([vault.stop(), entra.stop()]);
  }
});

test("a window that the browser does not open is said", async ({ portal, page, site, table }) => {
  site.use(table.storage({ sas: undefined }));
  await page.addInitScript(() => {
    if (window !== top) window.open = () => null;
  });
  const frame = await portal.open('view="deployments"');
  await ask(frame).click();
  await expect(frame.locator("[data-window]")).toContainText("Allow pop-ups for this page");
});

test("a page of another origin that opens the window gets nothing", async ({ portal, page, site, azurite, table }) => {
  await table.insert(many(3));
  site.use(table.storage({ sas: undefined }));
  await listen(page);
  await portal.open('view="deployments"');
  const [popup] = await Promise.all([
    page.waitForEvent("popup"),
    page.evaluate((url) => void window.open(`${url}?view=setup&handover=1`), site.url),
  ]);
  const field = popup.locator(`input[data-credential="${azurite.origin}"]`);
  await field.fill(table.sas());
  await field.press("Enter");
  await expect(popup.locator("[data-total]")).toHaveAttribute("data-total", "3");
  await handOver(popup).click();
  await expect(popup.locator("[data-hand-over]")).toContainText("did not answer");
  expect(await overheard(page)).not.toContain("sig=");
});

test("a frame takes nothing from the page around it, nor from itself", async ({ portal, page, site, azurite, table }) => {
  await table.insert(many(3));
  site.use(table.storage({ sas: undefined }));
  const frame = await portal.open('view="deployments"');
  const popup = await openWindow(page, frame);
  const message = ["ringside", "credentials", JSON.stringify([[`ringside.credential.${azurite.endpoint}/${table.name}`, table.sas()]])];
  await page.evaluate((message) => document.querySelector("ringside-view").shadowRoot.querySelector("iframe").contentWindow.postMessage(message, "*"), message);
  await frame.locator("html").evaluate((_, message) => window.postMessage(message, "*"), message);
  await frame.locator("html").evaluate(() => new Promise((done) => { addEventListener("message", done, { once: true }); window.postMessage("last", "*"); }));
  await expect(frame.locator('[data-problem="storage"]')).toHaveAttribute("data-kind", "unauthorized");
  await expect(frame.locator("[data-total]")).toHaveAttribute("data-total", "0");
  await popup.close();
});
