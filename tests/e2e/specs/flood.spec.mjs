// A service that answers more than a page can take, or what is of no use.

import { once } from "node:events";
import { createServer } from "node:http";

import { full } from "../support/rows.mjs";
import { expect, test as base } from "../support/test.mjs";

const MB = 1_000_000;

/** Notes how long the page's long tasks take. */
function noteTasks() {
  window.longTasks = [];
  const note = (list) => window.longTasks.push(...list.getEntries().map((task) => task.duration));
  new PerformanceObserver(note).observe({ type: "longtask", buffered: true });
}

/** A table service whose every answer is what a test says, and how many bytes of answers have left it. */
const test = base.extend({
  service: async ({ site, page }, use) => {
    const service = { answer: () => {}, sent: 0 };
    const server = createServer((request, response) => {
      response.setHeader("access-control-allow-origin", "*").setHeader("access-control-expose-headers", "x-ms-version");
      response.setHeader("x-ms-version", "2024-05-04").setHeader("content-type", "application/json");
      const write = response.write.bind(response);
      response.write = (part, ...args) => {
        service.sent += part.length;
        return write(part, ...args);
      };
      service.answer(response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `http://127.0.0.1:${server.address().port}`;
    site.use({ kind: "azure-table", endpoint, table: "deployments", partition: "trivia", sas: "tn=deployments&sp=r&sig=none" });
    await page.addInitScript(noteTasks);
    await use(service);
    server.closeAllConnections();
    server.close();
  },
});

/** The longest task of the page so far, in milliseconds. */
const longest = (page) => page.evaluate(() => Math.max(0, ...window.longTasks));

for (const isAnnounced of [true, false]) {
  test(`an answer of 50 MB is refused, what is known stays (its size is ${isAnnounced ? "" : "not "}announced)`, async ({ ringside, page, service, trouble }) => {
    trouble.expectNetwork();
    service.answer = (response) => response.end(JSON.stringify({ value: [full(1)] }));
    await ringside.open("?view=deployments");
    await ringside.expectCount(1);
    const [usual, before] = [await longest(page), service.sent];
    service.answer = async (response) => {
      if (isAnnounced) response.setHeader("content-length", 50 * MB);
      for (let n = 0; n < 50 && !response.destroyed; n++) {
        const part = `${n ? "," : "["}"${"x".repeat(MB - 4)}"`;
        await new Promise((done) => response.write(part, done));
      }
      if (!response.destroyed) response.end();
    };
    await ringside.refreshNow.click();
    await expect(ringside.problem("storage", "unreadable")).toContainText("refused: it is larger than any page of rows");
    await ringside.expectCount(1);
    // What is under way is given up: a few MB lie in buffers on the way here.
    expect((service.sent - before) / MB).toBeLessThan(isAnnounced ? 20 : 80);
    expect(await longest(page)).toBeLessThan(usual + 2_000);
    service.answer = (response) => response.end(JSON.stringify({ value: [full(1), full(2)] }));
    await ringside.refreshNow.click();
    await ringside.expectCount(2);
  });
}

test("megabytes of what are no rows are counted, and hold up neither the page nor the rows among them", async ({ ringside, site, page }) => {
  test.setTimeout(90_000);
  await page.addInitScript(noteTasks);
  await site.useRows([full(1)]);
  await ringside.open("?view=deployments");
  await ringside.expectCount(1);
  const usual = await longest(page);
  const useless = `"${"x".repeat(37)}",`.repeat(250_000);
  await site.put("snapshot.json", `{"value":[${useless}${JSON.stringify(full(1))},${JSON.stringify(full(2, { p1: "1".repeat(10_000) }))}]}`);
  await ringside.refreshNow.click();
  await expect(ringside.row(full(2).RowKey)).toBeVisible({ timeout: 60_000 });
  // What is no row, and what was cut.
  await expect(ringside.problem("storage")).toHaveCount(2);
  expect(await longest(page)).toBeLessThan(usual + 1_000);
  const lengths = await page.evaluate(() => Array.from(document.querySelectorAll("main *"), (e) => (e.children.length ? 0 : e.textContent.length)));
  expect(Math.max(...lengths)).toBeLessThan(1_000);
});
