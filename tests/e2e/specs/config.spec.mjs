// What config.json and the address make of the page.

import { full, many } from "../support/rows.mjs";
import { Ringside } from "../support/ringside.mjs";
import { startSite } from "../support/site.mjs";
import { expect, test } from "../support/test.mjs";

const storage = { kind: "snapshot", url: "snapshot.json" };
const json = (text) => new Response(text, { headers: { "content-type": "application/json" } });

test.describe("sample data", () => {
  test("stands in for a config.json that is not there, and says so", async ({ ringside, page, requests, site }) => {
    await ringside.open();
    await expect(page.getByText(/sample data/i).first()).toBeVisible();
    await expect(ringside.cell("api", "master")).toBeVisible();
    expect(requests.every((request) => request.url().startsWith(site.origin)), "no network").toBe(true);
  });

  test("stands in where the host answers with a web page", async ({ ringside, page, site }) => {
    site.config = new Response("<!doctype html><title>Ringside</title>", { headers: { "content-type": "text/html" } });
    await ringside.open();
    await expect(page.getByText(/sample data/i).first()).toBeVisible();
    await expect(ringside.cell("api", "master")).toBeVisible();
  });

  test("is what ?demo shows whatever config.json says", async ({ ringside, site, page }) => {
    await site.useRows([full(1)]);
    await ringside.open("?demo");
    await expect(page.getByText(/sample data/i).first()).toBeVisible();
    await expect(ringside.cell("api", "master")).toBeVisible();
  });

  test("has as many deployments as asked for, and the same each time", async ({ ringside }) => {
    const ids = () => ringside.rows.evaluateAll((rows) => rows.map((row) => row.dataset.deployment));
    const query = "?view=deployments&demo=200&sort=build";
    await ringside.open(query);
    await ringside.expectCount(200);
    const first = await ids();
    await ringside.open(query);
    await ringside.expectCount(200);
    expect(await ids()).toEqual(first);
  });

  test("can be none at all", async ({ ringside }) => {
    await ringside.open("?view=deployments&demo=0");
    await ringside.expectCount(0);
    await expect(ringside.main).toContainText(/no deployments/i);
  });
});

test.describe("a config.json that is wrong", () => {
  const project = { name: "trivia", storage };
  const cases = [
    ["a number out of range", { refreshSeconds: 2, projects: [project] }, ["refreshSeconds", "2", "5 to 3600"]],
    ["a kind nobody knows", { projects: [{ name: "a", storage: { kind: "mysql" } }] }, ["projects[0].storage.kind", "mysql", "azure-table"]],
    ["a missing key", { title: "x" }, ["projects", "missing"]],
    ["a column nobody knows", { projects: [project], columns: ["colour"] }, ["columns[0]", "colour", "mergedBy"]],
    ["an account's key in place of a SAS", { projects: [{ name: "a", storage: { kind: "azure-table", endpoint: "https://a.table.core.windows.net", table: "deployments", sas: "AccountKey=abcdef" } }] }, ["projects[0].storage.sas", "account's key"]],
  ];
  for (const [name, config, words] of cases) {
    test(`${name} is a message that names it`, async ({ ringside, site }) => {
      site.config = config;
      await ringside.open();
      const problem = ringside.problem("config").first();
      for (const word of words) await expect(problem).toContainText(word);
      await expect(ringside.count).toHaveCount(0);
    });
  }

  test("everything that is wrong is said at once, and no secret with it", async ({ ringside, site, page }) => {
    site.config = {
      refreshSeconds: "soon",
      projects: [{ name: "a", storage: { kind: "azure-table", endpoint: "nowhere", table: "?sv=1&sig=topsecret" } }],
    };
    await ringside.open();
    for (const key of ["refreshSeconds", "projects[0].storage.endpoint", "projects[0].storage.table"]) {
      await expect(ringside.problems.filter({ hasText: key })).toHaveCount(1);
    }
    expect(await page.content()).not.toContain("topsecret");
  });

  test("what is no JSON is located", async ({ ringside, site }) => {
    site.config = json('{\n  "title": "Trivia",\n  // a comment\n  "projects": []\n}');
    await ringside.open();
    await expect(ringside.problem("config", "unreadable")).toContainText("line 3");
  });

  test("a host that fails is no reason to show sample data, and is asked again by itself", async ({
    ringside, site, page, trouble,
  }) => {
    trouble.expectNetwork();
    site.config = new Response("", { status: 503 });
    await ringside.open();
    await expect(ringside.problem("config", "server")).toContainText("503");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/not available now/);
    await expect(ringside.count).toHaveCount(0);
    await site.useRows(many(3));
    await ringside.expectCount(3);
    await expect(ringside.problems).toHaveCount(0);
  });

  test("a host that cannot be reached is an outage, and is asked again by itself", async ({ ringside, site, page }) => {
    await site.useRows(many(3));
    await page.route("**/config.json", (route) => route.abort("connectionrefused"));
    await ringside.open();
    await expect(ringside.problem("config", "unreachable")).toContainText("did not arrive");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/not available now/);
    await expect(ringside.count).toHaveCount(0);
    await page.unroute("**/config.json");
    await ringside.expectCount(3);
    await expect(ringside.problems).toHaveCount(0);
  });

  test("a key that means nothing is a warning, and the page works", async ({ ringside, site }) => {
    await site.useRows(many(3), { refreshSecond: 10 });
    await ringside.open();
    await ringside.expectCount(3);
    await expect(ringside.problem("config")).toContainText("refreshSecond");
    await expect(ringside.problem("config")).toContainText("refreshSeconds");
  });

  test.describe("and large", () => {
    /** The longest task of the page so far, in milliseconds. */
    const longest = (page) => page.evaluate(() => Math.max(0, ...window.longTasks));
    const unknown = (keys) => Object.fromEntries(Array.from({ length: keys }, (_, n) => [`refreshSecond${n}`.padEnd(40, "x"), n]));

    test.beforeEach(async ({ page, site, ringside }) => {
      await page.addInitScript(() => {
        window.longTasks = [];
        const note = (list) => window.longTasks.push(...list.getEntries().map((task) => task.duration));
        new PerformanceObserver(note).observe({ type: "longtask", buffered: true });
      });
      await site.useRows(many(3));
      await ringside.open();
    });

    test("warns of ten keys that mean nothing, works, and does not stand still", async ({ ringside, site, page }) => {
      const usual = await longest(page);
      // A little less than may be.
      await site.useRows(many(3), unknown(20_000));
      await ringside.open("?view=setup");
      await expect(ringside.problems).toHaveCount(11);
      await expect(ringside.problems.filter({ hasText: "19,990 more of these" })).toHaveCount(1);
      await ringside.go("Deployments");
      await ringside.expectCount(3);
      expect(await longest(page)).toBeLessThan(usual + 2_000);
    });

    test("is refused with its size, and the page does not stand still", async ({ ringside, site, page }) => {
      const usual = await longest(page);
      await site.useRows(many(3), unknown(100_000));
      await ringside.open();
      await expect(ringside.problem("config")).toContainText(/config.json has [45],\d{3},\d{3} bytes/);
      await expect(ringside.problems).toHaveCount(1);
      expect(await longest(page)).toBeLessThan(usual + 2_000);
    });
  });
});

test("under a path of its own everything is found", async ({ page, requests }) => {
  const site = await startSite({ base: "/some/base/" });
  try {
    await site.useRows(many(3));
    const ringside = new Ringside(page, site);
    await ringside.open("?view=deployments");
    await ringside.expectCount(3);
    await ringside.go("Rings");
    await expect(ringside.main).toHaveAttribute("data-view", "rings");
    await page.reload();
    await ringside.expectCount(3);
    const icon = await page.locator("link[rel=icon]").evaluate((link) => link.href);
    for (const url of [icon, ...requests.map((request) => request.url())]) expect(url).toContain("/some/base/");
  } finally {
    await site.close();
  }
});

test.describe("title", () => {
  test("is the configuration's", async ({ ringside, site, page }) => {
    await site.useRows(many(1), { title: "Quiz night" });
    await ringside.open();
    await expect(page).toHaveTitle(/Quiz night/);
    await expect(page.getByRole("banner")).toContainText("Quiz night");
  });

  test("is Ringside without one, and tells the view", async ({ ringside, site, page }) => {
    await site.useRows(many(1));
    await ringside.open("?view=deployments");
    await expect(page).toHaveTitle(/Ringside/);
    await expect(page).toHaveTitle(/Deployments/);
  });
});

test.describe("theme", () => {
  for (const [query, scheme, theme] of [
    ["?demo&theme=dark", "light", "dark"],
    ["?demo&theme=light", "dark", "light"],
    ["?demo&theme=auto", "dark", "dark"],
    ["?demo", "light", "light"],
    ["?demo", "dark", "dark"],
  ]) {
    test(`${query} where the device is ${scheme} is ${theme}`, async ({ ringside, page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await ringside.open(query);
      await expect(ringside.html).toHaveAttribute("data-theme", theme);
    });
  }

  test("follows the device while the page is open", async ({ ringside, page }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await ringside.open("?demo");
    await page.emulateMedia({ colorScheme: "dark" });
    await expect(ringside.html).toHaveAttribute("data-theme", "dark");
  });

  test("is switched with a button, and the device remembers", async ({ ringside, page }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await ringside.open("?demo");
    await expect(ringside.theme).toHaveAccessibleName("Theme: auto");
    for (let times = 0; times < 3 && (await ringside.html.getAttribute("data-theme")) !== "dark"; times++) {
      await ringside.theme.click();
    }
    await expect(ringside.html).toHaveAttribute("data-theme", "dark");
    await expect(ringside.theme).toHaveAccessibleName("Theme: dark");

    await ringside.open("?demo");
    await expect(ringside.html).toHaveAttribute("data-theme", "dark");
    await expect(ringside.theme).toHaveAccessibleName("Theme: dark");
  });

  test("is right before the first paint", async ({ page, site }) => {
    await page.goto(`${site.url}?demo&theme=dark`, { waitUntil: "commit" });
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  });
});

test("embed=1 leaves the header out", async ({ ringside, page }) => {
  await ringside.open("?demo");
  await expect(page.getByRole("banner")).toBeVisible();
  await ringside.open("?demo&embed=1");
  await expect(page.getByRole("banner")).toHaveCount(0);
  await expect(ringside.cell("api", "master")).toBeVisible();
});

test("several projects can be looked at one by one", async ({ ringside, site }) => {
  await site.put("a.json", many(3));
  await site.put("b.json", many(7).slice(3));
  site.config = {
    refreshSeconds: 0,
    projects: ["a", "b"].map((name) => ({ name, storage: { kind: "snapshot", url: `${name}.json` } })),
  };
  await ringside.open("?view=deployments");
  await ringside.expectCount(7);
  await ringside.menu("project").click();
  await ringside.choice(/^b\b/).check();
  await expect(ringside.count).toHaveAttribute("data-shown", "4");
  expect(ringside.query.get("project")).toBe("b");
});

test("the schema of config.json is served", async ({ request, site }) => {
  const response = await request.get(`${site.url}config.schema.json`);
  expect(response.ok()).toBe(true);
  expect((await response.json()).properties).toHaveProperty("projects");
});
