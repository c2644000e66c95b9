// Rows from Azure Table storage, read from a real (emulated) account with tokens and rules an administrator would make.

import { once } from "node:events";
import { createServer } from "node:http";

import { inDays } from "../support/azurite.mjs";
import { Ringside } from "../support/ringside.mjs";
import { bare, daysAgo, full, many } from "../support/rows.mjs";
import { asked, expect, isRefresh, isSweep, test } from "../support/test.mjs";

/** The requests for rows, as opposed to those for the site's files. */
const forRows = (requests, azurite) => requests.filter((request) => request.url().startsWith(azurite.origin));

/** Answers the first `times` requests for rows otherwise than the account would. */
async function disturb(page, azurite, answer, times = 1) {
  let left = times;
  await page.route(`${azurite.endpoint}/**`, (route) => (left-- > 0 ? answer(route) : route.fallback()));
}

/** An answer that the page may read, as the service gives it when a CORS rule fits. */
const readable = (answer) => (route) =>
  route.fulfill({ ...answer, headers: { "access-control-allow-origin": "*", ...answer.headers } });

test.describe("the first page is asked for while the program loads, and once", () => {
  const PARTITION = "o'hara & (sons)!*~";
  const withoutSas = ({ sas: _, ...storage }) => storage;
  const cases = [
    ["by the SAS of config.json", (storage) => storage],
    ["by the SAS that this tab has", withoutSas, "sessionStorage"],
    ["by the SAS that this device has", (storage) => ({ ...withoutSas(storage), endpoint: `${storage.endpoint}/` }), "localStorage"],
    ["of a whole table", (storage) => ({ ...storage, partition: undefined })],
  ];
  for (const [what, storageOf, keeps] of cases) {
    test(what, async ({ ringside, site, azurite, table, requests, page }) => {
      await table.insert([full(1), full(2)].map((row) => ({ ...row, PartitionKey: PARTITION })));
      const given = table.storage({ partition: PARTITION });
      site.use(storageOf(given));
      if (keeps) {
        const key = `ringside.credential.${azurite.endpoint}/${table.name}`;
        await page.addInitScript(([keeps, key, sas]) => window[keeps].setItem(key, sas), [keeps, key, given.sas]);
      }
      // The program waits until the page has been asked for without it.
      let isAsked;
      const first = new Promise((done) => (isAsked = done));
      page.on("request", (request) => request.url().startsWith(azurite.origin) && isAsked());
      await page.route("**/*.wasm", async (route) => {
        await first;
        await route.continue();
      });
      await ringside.open("?view=deployments&refresh=off");
      await ringside.expectCount(2);
      const recent = forRows(requests, azurite).filter(isRefresh);
      expect(recent.map(asked), "asked by the script, and not again by the program").toHaveLength(1);
      expect(recent[0].headers()["accept"]).toBe("application/json;odata=nometadata");
    });
  }

  const refused = [
    ["for another table", (storage) => ({ ...storage, sas: storage.sas.replace(/tn=\w+/, "tn=others") })],
    ["that may not read", (storage) => ({ ...storage, sas: storage.sas.replace("sp=r", "sp=a") })],
    ["without a signature", (storage) => ({ ...storage, sas: storage.sas.replace("sig=", "sog=") })],
  ];
  for (const [what, storageOf] of refused) {
    test(`a SAS ${what} is sent nowhere`, async ({ ringside, site, azurite, table, requests }) => {
      site.use(storageOf(table.storage()));
      await ringside.open("?view=deployments&refresh=off");
      await expect(ringside.problems.first()).toBeVisible();
      expect(forRows(requests, azurite)).toEqual([]);
    });
  }
});

test.describe("all pages", () => {
  test("every row of three pages is known where the headers are exposed", async ({
    ringside, site, azurite, bigTable, requests, page,
  }) => {
    await azurite.setCors(site.origin);
    site.use(bigTable.storage());
    let now = 0;
    let most = 0;
    const ours = (request) => request.url().startsWith(azurite.origin);
    page.on("request", (request) => ours(request) && (most = Math.max(most, ++now)));
    page.on("requestfinished", (request) => ours(request) && now--);

    await ringside.open("?view=deployments");
    await ringside.expectCount(2500);

    const rows = forRows(requests, azurite);
    expect(new Set(rows.map((request) => request.method())), "no preflight").toEqual(new Set(["GET"]));
    expect(rows.every((request) => asked(request).includes("PartitionKey eq 'trivia'"))).toBe(true);
    expect(asked(rows[0]), "the recent ones first").toContain("Timestamp ge");
    expect(rows[0].headers()["accept"]).toBe("application/json;odata=nometadata");
    expect(most, "requests under way at once").toBeLessThanOrEqual(6);

    await ringside.go("Connections");
    await expect(ringside.main).toHaveAttribute("data-view", "setup");
    await expect(ringside.problems).toHaveCount(0);
  });

  test("every row is known where they are not, and the connections view names the header once", async ({
    ringside, site, azurite, bigTable,
  }) => {
    await azurite.setCors(site.origin, "date");
    site.use(bigTable.storage());
    await ringside.open("?view=deployments");
    await ringside.expectCount(2500);
    await expect(ringside.problems, "nothing is wrong with what is shown").toHaveCount(0);

    await ringside.go("Connections");
    await expect(ringside.problem("storage", "truncated")).toHaveCount(1);
    await expect(ringside.problem("storage", "truncated")).toContainText("x-ms-continuation-");
  });

  test("a table without a partition is read whole", async ({ ringside, site, table }) => {
    const one = full(1);
    await table.insert([one, full(2)]);
    await table.insert([{ ...one, PartitionKey: "another" }]);
    site.use(table.storage({ partition: undefined }));
    await ringside.open("?view=deployments");
    await ringside.expectCount(3);
    const ids = await ringside.rows.evaluateAll((rows) => rows.map((row) => row.dataset.deployment));
    expect(new Set(ids).size, "two rows of one key are two deployments").toBe(3);
  });

  test("an empty table is said to be empty", async ({ ringside, site, table }) => {
    site.use(table.storage());
    await ringside.open("?view=deployments");
    await ringside.expectCount(0);
    await expect(ringside.main).toContainText(/no deployments/i);
    await expect(ringside.problems).toHaveCount(0);
  });
});

test.describe("a SAS is read before it is used", () => {
  // Whether its dates fit is for the service to say, whose clock is the right one.
  const outdated = [
    ["has expired", { expires: inDays(-1) }, "expired", /expired/],
    ["is not valid yet", { starts: inDays(1) }, "unauthorized", /not valid before/],
  ];
  for (const [name, options, kind, says] of outdated) {
    test(`one that ${name} by this clock is tried once`, async ({ ringside, site, table, azurite, requests, trouble }) => {
      trouble.expectNetwork();
      await table.insert([full(1)]);
      site.use(table.storage({ sas: table.sas(options) }));
      await ringside.open("?view=deployments");
      await expect(ringside.problem("storage", kind)).toContainText(says);
      await expect(ringside.problem("storage", kind)).toContainText("refuses it");
      expect(forRows(requests, azurite)).toHaveLength(1);
    });
  }

  const cases = [
    ["may not read", { permissions: "au" }, "forbidden", /does not allow reading/],
    ["is for another table", { table: "another" }, "forbidden", /"another"/],
    ["is for https only", { protocol: "https" }, "forbidden", /https/],
  ];
  for (const [name, options, kind, says] of cases) {
    test(`one that ${name} is not sent anywhere`, async ({ ringside, site, table, azurite, requests }) => {
      await table.insert([full(1)]);
      site.use(table.storage({ sas: table.sas(options) }));
      await ringside.open("?view=deployments");
      await expect(ringside.problem("storage", kind)).toContainText(says);
      expect(forRows(requests, azurite)).toHaveLength(0);
    });
  }

  const warned = [
    ["may write", { permissions: "raud" }, /more than reading/],
    ["opens the whole account", { account: true }, /whole storage account/],
    ["ends in two days", { expires: inDays(2) }, /expires on/],
  ];
  for (const [name, options, says] of warned) {
    test(`one that ${name} works, with a warning`, async ({ ringside, site, table }) => {
      await table.insert([full(1)]);
      site.use(table.storage({ sas: table.sas(options) }));
      await ringside.open("?view=deployments");
      await ringside.expectCount(1);
      // That it ends soon is for who can renew it.
      if (options.expires) {
        await expect(ringside.problems).toHaveCount(0);
        await ringside.go("Connections");
      }
      await expect(ringside.problem("storage").first()).toContainText(says);
    });
  }
});

test.describe("a refusal names its cause", () => {
  test("a wrong signature", async ({ ringside, site, table, trouble }) => {
    trouble.expectNetwork();
    await table.insert([full(1)]);
    const forged = table.sas().replace(/sig=[^&]+/, `sig=${encodeURIComponent("A".repeat(43))}%3D`);
    site.use(table.storage({ sas: forged }));
    await ringside.open("?view=deployments");
    await expect(ringside.problem("storage", "unauthorized")).toContainText(/refuses the SAS/);
  });

  test("a missing table", async ({ ringside, site, azurite, trouble }) => {
    trouble.expectNetwork();
    await azurite.setCors(site.origin);
    site.use(azurite.table("nowhere").storage());
    await ringside.open();
    await expect(ringside.problem("storage", "not-found")).toContainText("nowhere");
  });

  test("no CORS rule: both causes, and the command that adds one for this page", async ({
    ringside, site, table, azurite, trouble,
  }) => {
    trouble.expectNetwork();
    await table.insert([full(1)]);
    await azurite.setCors(false);
    site.use(table.storage());
    await ringside.open();
    const problem = ringside.problem("storage", "unreachable");
    await expect(problem).toContainText(/CORS rule/);
    await expect(problem, "or").toContainText(/the host is down/);
    await expect(problem).toContainText("az storage cors add");
    await expect(problem).toContainText(`--origins ${site.origin}`);
  });

  test("a CORS rule for another page", async ({ ringside, site, table, azurite, trouble }) => {
    trouble.expectNetwork();
    await azurite.setCors("https://elsewhere.example");
    site.use(table.storage());
    await ringside.open();
    await expect(ringside.problem("storage", "unreachable")).toContainText(`--origins ${site.origin}`);
  });
});

test("a redirect is not followed with the SAS, neither by the program nor before it runs", async ({ ringside, site, table, trouble }) => {
  trouble.expectNetwork();
  const led = [];
  const listen = async (answer) => {
    const server = createServer((request, response) => {
      response.setHeader("access-control-allow-origin", "*").setHeader("access-control-allow-headers", "*");
      answer(request, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return { server, origin: `http://127.0.0.1:${server.address().port}` };
  };
  const elsewhere = await listen(({ url }, response) => response.end(String(led.push(url))));
  let asked = 0;
  const moved = await listen(({ url, method }, response) => {
    if (method === "GET") asked++;
    response.writeHead(307, { location: `${elsewhere.origin}${url}` }).end();
  });
  site.use(table.storage({ endpoint: `${moved.origin}/account` }));
  await ringside.open("?view=deployments");
  await expect(ringside.problem("storage")).toContainText("redirect");
  await ringside.refreshNow.click();
  // The first is the script's.
  await expect.poll(() => asked).toBeGreaterThan(1);
  await expect(ringside.problem("storage")).toContainText("redirect");
  expect(led).toEqual([]);
  for (const { server } of [moved, elsewhere]) {
    server.closeAllConnections();
    server.close();
  }
});

test.describe("answers that are of no use", () => {
  for (const [status, kind] of [[429, "rate-limited"], [503, "rate-limited"], [500, "server"]]) {
    test(`after a ${status} it asks again by itself`, async ({ ringside, site, table, azurite, page, trouble }) => {
      trouble.expectNetwork();
      await table.insert(many(3));
      site.use(table.storage());
      await disturb(page, azurite, readable({ status, body: "" }));
      await ringside.open("?view=deployments");
      await expect(ringside.problem("storage", kind)).toBeVisible();
      await ringside.expectCount(3);
      await expect(ringside.problems).toHaveCount(0);
    });
  }

  test("JSON that breaks off is asked for again", async ({ ringside, site, table, azurite, page }) => {
    await table.insert(many(3));
    site.use(table.storage());
    await disturb(page, azurite, async (route) => {
      const response = await route.fetch();
      const body = await response.text();
      await route.fulfill({ response, body: body.slice(0, body.length / 2) });
    });
    await ringside.open("?view=deployments");
    await expect(ringside.problem("storage", "truncated")).toBeVisible();
    await ringside.expectCount(3);
    await expect(ringside.problems).toHaveCount(0);
  });

  test("a web page instead of rows is said to be one, and Refresh asks again", async ({
    ringside, site, table, azurite, page,
  }) => {
    await table.insert(many(3));
    site.use(table.storage());
    const html = { contentType: "text/html", body: "<!doctype html><title>Sign in</title>" };
    await disturb(page, azurite, readable({ status: 200, ...html }));
    await ringside.open("?view=deployments");
    await expect(ringside.problem("storage", "unreadable")).toContainText(/sign-in page/);
    await ringside.refreshNow.click();
    await ringside.expectCount(3);
    await expect(ringside.problems).toHaveCount(0);
  });

  test("no answer at all is a timeout, and old rows are not waited for", async ({
    ringside, site, table, azurite, page, trouble,
  }) => {
    trouble.expectNetwork();
    await page.clock.install();
    site.use(table.storage());
    await disturb(page, azurite, () => {}, Infinity);
    const request = page.waitForRequest(isRefresh);
    await page.goto(site.url);
    await request;
    // The program waits for the answer from now on, whoever asked.
    await expect(ringside.main).toHaveAttribute("data-view", "rings");
    await page.clock.fastForward("01:00");
    await ringside.ready();
    await expect(ringside.problem("storage", "timeout")).toContainText(/in time/);
  });

  test("bad rows among good ones are counted, and can be looked at", async ({
    ringside, site, table, azurite, page,
  }) => {
    await table.insert(many(3));
    site.use(table.storage());
    await disturb(page, azurite, async (route) => {
      const response = await route.fetch();
      const { value } = await response.json();
      const json = { value: [{ p1: "12345", service: "lost" }, value[0], null, ...value.slice(1)] };
      await route.fulfill({ response, json });
    });
    await ringside.open("?view=deployments");
    await ringside.expectCount(3);
    const problem = ringside.problem("storage", "unreadable");
    await expect(problem).toContainText("2 rows cannot be read");
    await problem.locator("summary").click();
    await expect(problem.getByText(/12345/)).toBeVisible();
  });

  test("numbers, booleans and long numbers are read like texts", async ({ ringside, site, table }) => {
    const id = "typed";
    await table.insert([
      bare(1, {
        RowKey: id,
        p1: 6001,
        p2: { type: "Int64", value: "9007199254740993" },
        p3: { type: "Double", value: "9001" },
        etag: "left by a tool",
        pr: 17,
      }),
    ]);
    site.use(table.storage());
    await ringside.open(`?view=deployments&deployment=${id}`);
    await expect(ringside.stage("build")).toContainText("6001");
    await expect(ringside.stage("release")).toContainText("9007199254740993");
    await expect(ringside.stage("pr")).toContainText("17");
    await expect(ringside.stage("manifest")).toContainText("9001");
    await expect(ringside.row(id)).toHaveAttribute("data-status", "succeeded");
  });
});

test.describe("what is known stays while trouble lasts", () => {
  test("offline", async ({ ringside, site, table, context, trouble }) => {
    trouble.expectNetwork();
    await table.insert(many(3));
    site.use(table.storage());
    await ringside.open("?view=deployments");
    await ringside.expectCount(3);

    await context.setOffline(true);
    await expect(ringside.problem("storage", "offline")).toBeVisible();
    await ringside.expectCount(3);
    await expect(ringside.row(full(1).RowKey)).toBeVisible();

    await context.setOffline(false);
    await expect(ringside.problems).toHaveCount(0);
  });

  test("a refresh that fails", async ({ ringside, site, table, azurite, page, trouble }) => {
    trouble.expectNetwork();
    await table.insert(many(3));
    site.use(table.storage());
    await ringside.open("?view=deployments");
    await ringside.expectCount(3);

    let failing = true;
    await page.route(`${azurite.endpoint}/**`, (route) =>
      failing ? readable({ status: 500, body: "" })(route) : route.fallback(),
    );
    await ringside.refreshNow.click();
    await expect(ringside.problem("storage", "server")).toBeVisible();
    await ringside.expectCount(3);
    await expect(ringside.row(full(1).RowKey)).toBeVisible();

    failing = false;
    await expect(ringside.problems).toHaveCount(0);
  });

  test("one project that fails leaves the other's rows", async ({ ringside, site, table, azurite, trouble }) => {
    trouble.expectNetwork();
    await table.insert(many(3));
    site.config = {
      refreshSeconds: 0,
      projects: [
        { name: "good", storage: table.storage() },
        { name: "bad", storage: azurite.table("nowhere").storage() },
      ],
    };
    await ringside.open("?view=deployments");
    await ringside.expectCount(3);
    await expect(ringside.problem("storage", "not-found")).toContainText("nowhere");
  });
});

test.describe("a SAS that the viewer enters", () => {
  const KEPT = "Keep on this device";

  /** Where the page's storages hold a text. */
  const storages = (page, text) =>
    page.evaluate((text) => {
      const holds = (storage) => Object.values({ ...storage }).some((value) => decodeURIComponent(value).includes(text));
      return { session: holds(sessionStorage), local: holds(localStorage) };
    }, text);

  const signature = (sas) => new URLSearchParams(sas).get("sig");

  /** The signature stands in no attribute, no text, no field and no address. */
  async function expectHidden(page, sas) {
    const seen = await page.evaluate(() => {
      const fields = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
      return [document.documentElement.outerHTML, location.href, ...fields].join("\n");
    });
    expect(seen).not.toContain(signature(sas));
    expect(seen).not.toContain(encodeURIComponent(signature(sas)));
    expect(decodeURIComponent(page.url())).not.toContain("sig=");
  }

  test.beforeEach(async ({ site, table }) => {
    await table.insert(many(3));
    site.use(table.storage({ sas: undefined }));
  });

  test("the page asks for one, and Enter brings the rows", async ({ ringside, table, azurite, page }) => {
    const sas = table.sas();
    await ringside.open("?view=deployments");
    await expect(ringside.problem("storage", "unauthorized")).toContainText(/SAS/);

    await ringside.go("Connections");
    await ringside.credential(azurite.origin).fill(sas);
    await ringside.credential(azurite.origin).press("Enter");
    await expect(ringside.problem("storage")).toHaveCount(0);
    await expect(ringside.credential(azurite.origin)).toHaveValue("");
    await expectHidden(page, sas);

    await ringside.go("Deployments");
    await ringside.expectCount(3);
    await expectHidden(page, sas);
    expect(await storages(page, signature(sas))).toEqual({ session: true, local: false });
  });

  test("a question mark before it and blanks around it do no harm", async ({ ringside, table, azurite }) => {
    await ringside.open("?view=setup");
    await ringside.credential(azurite.origin).fill(` "${azurite.endpoint}/${table.name ?? "deployments"}?${table.sas()}", `);
    await ringside.credential(azurite.origin).press("Enter");
    await ringside.expectCount(3);
  });

  test("it lasts as long as the tab, and another tab asks again", async ({ ringside, table, azurite, context, site }) => {
    await ringside.open("?view=setup");
    await ringside.credential(azurite.origin).fill(table.sas());
    await ringside.credential(azurite.origin).press("Enter");
    await ringside.expectCount(3);

    await ringside.page.reload();
    await ringside.ready();
    await ringside.expectCount(3);

    const other = await context.newPage();
    await other.goto(site.url);
    await expect(other.locator('[data-problem="storage"][data-kind="unauthorized"]')).toBeVisible();
  });

  test("it is kept on the device when asked, until it is forgotten", async ({
    ringside, table, azurite, context, site, page,
  }) => {
    const sas = table.sas();
    await ringside.open("?view=setup");
    await page.getByLabel(KEPT).first().check();
    await ringside.credential(azurite.origin).fill(sas);
    await page.getByRole("button", { name: "Save" }).first().click();
    await ringside.expectCount(3);
    expect((await storages(page, signature(sas))).local).toBe(true);
    await expectHidden(page, sas);

    const other = await context.newPage();
    await other.goto(`${site.url}?view=deployments`);
    await expect(other.locator("[data-total]")).toHaveAttribute("data-total", "3");
    await expectHidden(other, sas);

    await page.getByRole("button", { name: "Remove" }).first().click();
    await expect.poll(() => storages(page, signature(sas))).toEqual({ session: false, local: false });
    await page.reload();
    await ringside.ready();
    await expect(ringside.problem("storage", "unauthorized")).toBeVisible();
  });

  test("it is sent to its own origin alone", async ({ ringside, table, azurite, requests }) => {
    const sas = table.sas();
    await ringside.open("?view=setup");
    await ringside.credential(azurite.origin).fill(sas);
    await ringside.credential(azurite.origin).press("Enter");
    await ringside.expectCount(3);
    const told = requests.filter((request) => asked(request).includes(signature(sas)));
    expect(new Set(told.map((request) => new URL(request.url()).origin))).toEqual(new Set([azurite.origin]));
    for (const request of requests) expect(request.headers()["referer"] ?? "").not.toContain("sig=");
  });

  test("one that is wrong is refused in words that do not repeat it", async ({ ringside, azurite, page }) => {
    await ringside.open("?view=setup");
    await ringside.credential(azurite.origin).fill("this is no SAS at all, sig or not");
    await ringside.credential(azurite.origin).press("Enter");
    await expect(ringside.problem("storage", "unauthorized")).toContainText(/Not a SAS/);
    await expect(page.locator("body")).not.toContainText("at all, sig or not");
  });
});

test.describe("a browser that keeps nothing", () => {
  const block = (names) => {
    for (const name of names) Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
  };
  for (const [name, breakIt, blocked] of [
    ["site data blocked", block, ["localStorage", "sessionStorage", "indexedDB"]],
    ["IndexedDB alone", block, ["indexedDB"]],
    ["IndexedDB that never answers", () => (IDBFactory.prototype.open = () => new EventTarget()), []],
    ["IndexedDB that fails", () => {
      const { open } = IDBFactory.prototype;
      // Refused, as by a database of a later version.
      IDBFactory.prototype.open = function (name) {
        open.call(this, name, 99);
        return open.call(this, name, 1);
      };
    }, []],
  ]) {
    test(`shows everything, and says once what is not remembered (${name})`, async ({ ringside, site, table, page }) => {
      await page.addInitScript(breakIt, blocked);
      await table.insert(many(3));
      site.use(table.storage());
      await ringside.open("?view=deployments");
      await ringside.expectCount(3);
      await expect(ringside.problems, "not in every view").toHaveCount(0);
      await ringside.go("Connections");
      await expect(ringside.problem("config", "forbidden")).toHaveCount(1);
      await expect(ringside.problem("config", "forbidden")).toContainText(blocked.length > 1 ? "Credentials, columns" : "fetched again");
    });
  }

  test("a full device is one that keeps nothing", async ({ ringside, site, table, page, azurite }) => {
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
    });
    await table.insert(many(3));
    site.use(table.storage({ sas: undefined }));
    await ringside.open("?view=setup");
    await ringside.credential(azurite.origin).fill(table.sas());
    await ringside.credential(azurite.origin).press("Enter");
    await ringside.expectCount(3);
    await expect(ringside.main).toContainText("gone with the next reload");
  });
});

test("two tabs of one table do not disturb each other", async ({ ringside, site, table, context }) => {
  await table.insert(many(3));
  site.use(table.storage());
  await ringside.open("?view=deployments");
  await ringside.expectCount(3);
  const other = await context.newPage();
  await other.goto(`${site.url}?view=rings`);
  await expect(other.locator("[data-total]")).toHaveAttribute("data-total", "3");
  await table.insert([full(9)]);
  await ringside.refreshNow.click();
  await ringside.expectCount(4);
  await other.getByRole("button", { name: "Refresh now" }).click();
  await expect(other.locator("[data-total]")).toHaveAttribute("data-total", "4");
});

test("a tab that holds IndexedDB up costs two others what is remembered, said once, and no row", async ({ ringside, site, context, trouble }) => {
  // A picture for a document that has none.
  trouble.expectNetwork();
  await site.useRows(many(3));
  await ringside.open("?view=setup");
  await ringside.expectCount(3);
  await expect(ringside.problems).toHaveCount(0);
  const holder = await context.newPage();
  await holder.goto(`${site.url}config.schema.json`);
  // It does not close what it has open when a later version is asked for, so that this and all that comes after waits.
  await holder.evaluate(() => new Promise((blocked) => {
    indexedDB.open("ringside", 1).onsuccess = ({ target }) => {
      window.held = target.result;
      const upgrade = indexedDB.open("ringside", 2);
      upgrade.onblocked = blocked;
      upgrade.onupgradeneeded = () => upgrade.transaction.abort();
    };
  }));
  const second = await context.newPage();
  const both = [ringside, new Ringside(second, site)];
  for (const tab of both) {
    await tab.open("?view=deployments");
    await tab.expectCount(3);
    await tab.go("Connections");
    await expect(tab.problem("config", "forbidden")).toHaveCount(1);
    await expect(tab.problem("config", "forbidden")).toContainText("fetched again");
  }
  await site.put("snapshot.json", { value: many(4) });
  for (const tab of both) {
    await tab.refreshNow.click();
    await tab.expectCount(4);
  }
  // Once it lets go the next visit remembers again.
  await holder.evaluate(() => window.held.close());
  for (const tab of both) {
    await tab.open("?view=setup");
    await tab.expectCount(4);
    await expect(tab.problems).toHaveCount(0);
  }
});

test("the SAS of config.json stands nowhere in the page", async ({ ringside, site, table, page }) => {
  await table.insert(many(3));
  const storage = table.storage();
  site.use(storage);
  const { sig } = Object.fromEntries(new URLSearchParams(storage.sas));
  for (const view of ["rings", "deployments", "setup"]) {
    await ringside.open(`?view=${view}`);
    await ringside.expectCount(3);
    const html = await page.content();
    expect(html).not.toContain(sig);
    expect(html).not.toContain(encodeURIComponent(sig));
  }
});

test("rows from an exported file need no account, and nulls in it do no harm", async ({ ringside, site, requests }) => {
  await site.useRows([
    ...many(3),
    { ...full(4), p2: null, hldCommitId: null, pr: null, authorName: null },
    full(5, { branch: "", service: "contoso/Checkout" }),
  ]);
  await ringside.open("?view=deployments");
  await ringside.expectCount(5);
  await expect(ringside.row(full(5).RowKey).locator('td[data-column="service"]')).toHaveText("Checkout");
  expect(requests.every((request) => request.url().startsWith(site.origin))).toBe(true);
});

test("a file of rows that is not there is named", async ({ ringside, site, trouble }) => {
  trouble.expectNetwork();
  site.use({ kind: "snapshot", url: "exported.json" });
  await ringside.open();
  await expect(ringside.problem("storage", "not-found")).toContainText("exported.json");
});

test("a sweep after Refresh asks for keys alone", async ({ ringside, site, table, page }) => {
  await table.insert([full(1, { p3End: daysAgo(1) })]);
  site.use(table.storage());
  await ringside.open("?view=deployments");
  await ringside.expectCount(1);
  const sweep = page.waitForRequest(isSweep);
  await ringside.refreshNow.click();
  await sweep;
});
