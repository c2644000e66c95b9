// Another page, of another origin and site, that shows Ringside in a frame.

import { createServer } from "node:http";
import { once } from "node:events";

import { test as base } from "./test.mjs";

export { expect } from "./test.mjs";

/** A portal whose page has this body. Its name is another site than the page's own. */
export const test = base.extend({
  portal: async ({ site, page }, use) => {
    let body = "";
    const server = createServer((request, response) => {
      const policy = `default-src 'none'; script-src ${site.origin} 'unsafe-inline'; frame-src ${site.origin}`;
      response.setHeader("content-type", "text/html").setHeader("content-security-policy", policy);
      response.end(request.url === "/" ? `<!doctype html><title>Portal</title>${body}` : "");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://localhost:${server.address().port}/`;
    await use({
      url,
      /** Opens the page with `<ringside-view>` in it. */
      async open(attributes) {
        body = `<link rel="icon" href="data:,"><script src="${site.url}embed.js" defer></script>
          <script>window.heard = []; addEventListener("ringside-height", (event) => heard.push(event.detail.height));</script>
          <ringside-view src="${site.url}" ${attributes}></ringside-view>`;
        await page.goto(url);
        return page.frameLocator("ringside-view iframe");
      },
    });
    server.closeAllConnections();
    server.close();
  },
});

/** Takes all storage from pages in frames, as browsers do that block what is of another site. */
export const blockStorage = (page) =>
  page.context().addInitScript(() => {
    if (window === top) return;
    for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
      Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
    }
  });
