// What every spec starts from: `test` with the page, the site it is on, and a storage account where one is wanted.

import { test as base } from "@playwright/test";

import { startAzurite } from "./azurite.mjs";
import { startForges } from "./forges.mjs";
import { Ringside } from "./ringside.mjs";
import { many } from "./rows.mjs";
import { startSite } from "./site.mjs";

export { expect } from "@playwright/test";

/** What a browser writes to the console when a request fails or is refused. */
const NETWORK = /^Failed to load resource|blocked by CORS policy/;

export const test = base.extend({
  /** A storage account, one a worker, started where a test first asks for it. */
  azurite: [
    async ({}, use) => {
      const azurite = await startAzurite();
      await use(azurite);
      await azurite.stop();
    },
    { scope: "worker" },
  ],

  /** A table of 2,500 rows, to be read only. */
  bigTable: [
    async ({ azurite }, use) => {
      const table = await azurite.createTable();
      await table.insert(many(2500));
      await use(table);
    },
    { scope: "worker" },
  ],

  /** An empty table that this test's site may read. */
  table: async ({ azurite, site }, use) => {
    await azurite.setCors(site.origin);
    await use(await azurite.createTable());
  },

  /** Which world the forges answer from: the hand-made one, or a seed's. */
  forgeSeed: [undefined, { option: true }],

  /** Azure DevOps, GitHub and GitLab. Nothing may be sent that the real ones would not have understood. */
  forges: async ({ forgeSeed }, use) => {
    const forges = await startForges({ seed: forgeSeed });
    await use(forges);
    const violations = await forges.violations();
    await forges.stop();
    base.expect(violations, "requests that no forge understands").toEqual([]);
  },

  // The site outlives the pages that are open on it.
  context: async ({ site, context }, use) => {
    void site;
    await use(context);
  },

  site: async ({}, use) => {
    const site = await startSite();
    await use(site);
    await site.close();
  },

  ringside: async ({ page, site }, use) => use(new Ringside(page, site)),

  /** Every request of this test's pages, in order. */
  requests: async ({ context }, use) => {
    const requests = [];
    context.on("request", (request) => requests.push(request));
    await use(requests);
  },

  /** What went wrong unseen. Errors fail the test, except those it calls expected. */
  trouble: [
    async ({ context }, use) => {
      const errors = [];
      const expected = [];
      context.on("console", (message) => {
        const { url } = message.location();
        // No config.json: sample data.
        if (NETWORK.test(message.text()) && url.endsWith("/config.json")) return;
        if (message.type() === "error") errors.push(`${message.text()} (${url})`);
        // What the page itself writes has arguments; the browser's own messages hold whole addresses.
        else if (message.args().length && message.text().includes("sig=")) errors.push(`logged: ${message.text()}`);
      });
      context.on("weberror", (error) => errors.push(String(error.error().stack || error.error())));

      await use({
        expect: (pattern) => expected.push(pattern),
        expectNetwork: () => expected.push(NETWORK),
      });

      const unexpected = errors.filter((error) => !expected.some((pattern) => pattern.test(error)));
      base.expect(unexpected, "errors in the console").toEqual([]);
    },
    { auto: true },
  ],
});

/** A request for rows of a table, in readable letters. */
export const asked = (request) => decodeURIComponent(request.url());

/** A request for what has changed lately. */
export const isRefresh = (request) => asked(request).includes("Timestamp ge");

/** A request of a sweep for deleted rows. */
export const isSweep = (request) => asked(request).includes("$select=PartitionKey,RowKey");

/** Hides or shows the tab, as far as the page can tell. */
export const setVisibility = (page, state) =>
  page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    Object.defineProperty(document, "hidden", { value: state === "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, state);
