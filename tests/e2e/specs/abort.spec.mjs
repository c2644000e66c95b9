// A program that ends: what is on screen stays, and the page says so.

import { many } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

/** A number as WebAssembly writes it, and what stands behind it. */
function leb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, at];
  }
}

function toLeb(value) {
  const bytes = [];
  do bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
  while ((value >>>= 7));
  return bytes;
}

/** The same program in a memory that can only grow by so many pages of 64 kB. */
function withLittleMemory(wasm, pages) {
  for (let at = 8; at < wasm.length; ) {
    const [size, start] = leb(wasm, at + 1);
    if (wasm[at] === 5) {
      const [first] = leb(wasm, start + 2);
      const section = [1, 1, ...toLeb(first), ...toLeb(first + pages)];
      return Buffer.concat([wasm.subarray(0, at), Buffer.from([5, ...toLeb(section.length), ...section]), wasm.subarray(start + size)]);
    }
    at = start + size;
  }
  throw new Error("no memory in the program");
}

test("a program out of memory says so, keeps the screen and the address, and gives a report without secrets", async ({ ringside, site, page, context, trouble }) => {
  trouble.expect(/./);
  test.slow();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.route(/_bg\.wasm$/, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    delete headers["content-encoding"];
    delete headers["content-length"];
    await route.fulfill({ status: 200, headers, body: withLittleMemory(await response.body(), 400) });
  });
  await site.useRows(many(20), { refreshSeconds: 5 });
  await ringside.open("?view=deployments&service=api&note=glpat-0123456789abcdef");
  await expect(ringside.rows).toHaveCount(4);
  await expect(page.locator(".broken")).toHaveCount(0);

  // More rows than it has room for.
  await site.put("snapshot.json", { value: many(60_000).map((row) => ({ ...row, commitMessage: "x".repeat(400) + row.RowKey })) });
  await ringside.refreshNow.click();
  const bar = page.locator(".broken");
  await expect(bar).toBeVisible({ timeout: 25_000 });
  await expect(bar).toContainText("Ringside stopped working");
  // How many of the new ones it had drawn by then, is chance.
  await expect(ringside.rows.nth(3), "what was on screen stays").toBeVisible();
  expect(page.url()).toContain("service=api");

  await bar.getByRole("button", { name: "Copy report" }).click();
  await expect(bar.getByRole("button", { name: "Copied" })).toBeVisible();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toMatch(/view: deployments/);
  expect(report).toMatch(/browser: .*Chrome/);
  expect(report).not.toMatch(/glpat-0/);

  await page.unroute(/_bg\.wasm$/);
  await site.put("snapshot.json", { value: many(20) });
  await Promise.all([page.waitForEvent("load"), bar.getByRole("button", { name: "Reload" }).click()]);
  await ringside.ready();
  await expect(ringside.rows).toHaveCount(4);
});

test("a fault of the program is reported in its own words", async ({ ringside, site, page, trouble }) => {
  trouble.expect(/./);
  await site.useRows(many(20));
  await ringside.open("?view=deployments");
  await ringside.expectCount(20);
  // An event while the program works on what the event needs, which no browser sends.
  await page.evaluate(() => {
    const { now } = Date;
    Date.now = () => {
      Date.now = now;
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
      return now();
    };
  });
  await ringside.refreshNow.click();
  const bar = page.locator(".broken");
  await expect(bar).toContainText("Ringside stopped working");
  await expect(bar.locator("pre")).toContainText("panicked at");
  await expect(ringside.rows.first(), "what was on screen stays").toBeVisible();

  // It is left alone: whatever it did now could only be wrong.
  const before = page.url();
  await ringside.rows.first().click();
  await page.keyboard.press("j");
  expect(page.url()).toBe(before);
  await expect(ringside.details).toHaveCount(0);
});

test("a fault while an answer is read is reported as well, without the secrets in it", async ({ ringside, site, page, trouble }) => {
  trouble.expect(/./);
  await site.useRows(many(20));
  await ringside.open("?view=deployments");
  await ringside.expectCount(20);
  await page.evaluate(() => {
    const { fetch } = window;
    const { now } = Date;
    const fault = "unreachable: https://a.example/t()?sv=1&sig=c2VjcmV0&se=2 of glpat-0123456789abcdef";
    window.fetch = (...request) =>
      fetch(...request).finally(() => {
        Date.now = () => {
          Date.now = now;
          throw new WebAssembly.RuntimeError(fault);
        };
      });
  });
  await ringside.refreshNow.click();
  const report = page.locator(".broken pre");
  await expect(report).toContainText("https://a.example/t()?sv=1&…&se=2 of …");
  await expect(report).not.toContainText(/c2VjcmV0|0123456789abcdef/);
});

test("a fault where nothing but a promise hears of it is reported as well", async ({ ringside, site, page, trouble }) => {
  trouble.expect(/./);
  await site.useRows(many(20));
  await ringside.open("?view=deployments");
  await ringside.expectCount(20);
  // What the program does first with an answer runs within that answer's promise, which is rejected then.
  await page.evaluate(() => {
    const { fetch, queueMicrotask } = window;
    window.fetch = async (...request) => {
      const answer = await fetch(...request);
      window.queueMicrotask = () => {
        Object.assign(window, { fetch, queueMicrotask });
        throw new WebAssembly.RuntimeError("unreachable, in a promise");
      };
      return answer;
    };
  });
  await ringside.refreshNow.click();
  const bar = page.locator(".broken");
  await expect(bar).toContainText("Ringside stopped working");
  await expect(bar.locator("pre")).toContainText("unreachable, in a promise");
  await expect(ringside.rows.first(), "what was on screen stays").toBeVisible();
});

for (const [how, answer] of [
  ["fetched", { status: 404 }],
  ["compiled", { contentType: "application/wasm", body: "no program" }],
]) {
  test(`a program that cannot be ${how} is said not to have started`, async ({ ringside, page, site, trouble }) => {
    trouble.expect(/./);
    await page.route(/_bg\.wasm/, (route) => route.fulfill(answer));
    await page.goto(site.url);
    await ringside.ready();
    await expect(page.getByText("Ringside could not start")).toBeVisible();
  });
}

for (const [what, address] of [
  ["program", /_bg\.wasm/],
  ["config.json", /\/config\.json$/],
]) {
  test(`a ${what} that does not arrive is said to be late, and the page goes on when it comes`, async ({ ringside, page, site }) => {
    let release;
    const held = new Promise((done) => (release = done));
    await page.route(address, async (route) => {
      await held;
      await route.continue();
    });
    await page.clock.install();
    await page.goto(site.url);
    const late = page.getByText("Ringside is still loading");
    await page.clock.fastForward(15_000);
    await expect(late).toHaveCount(0);
    await page.clock.fastForward(6_000);
    await expect(late).toBeVisible();
    release();
    await ringside.ready();
    await expect(late).toHaveCount(0);
  });
}
