// Tokens for forges: whom they are for, how long they last, what is said of them; and the pictures of people.

import { full } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

const TOKEN = "github_pat_0123456789";
const GITHUB = "https://api.github.com";

/** One project whose rows are in a file, with these forges. */
async function use(site, forges) {
  await site.put("snapshot.json", { value: [full(1)] });
  const project = { name: "trivia", storage: { kind: "snapshot", url: "snapshot.json" }, ...forges };
  site.config = { refreshSeconds: 0, projects: [project] };
}

const github = (more) => ({ pipelines: { kind: "github", repository: "contoso/trivia", ...more } });

/** Where the token is kept, and under which key. */
const kept = (page) =>
  page.evaluate((token) => {
    const keys = (storage) => Object.keys(storage).filter((key) => storage[key].includes(token));
    return { session: keys(sessionStorage), local: keys(localStorage) };
  }, TOKEN);

test.describe("a token", () => {
  // Nothing here needs an answer of a forge.
  test.beforeEach(async ({ context, trouble }) => {
    trouble.expectNetwork();
    await context.route(/^https:/, (route) => route.abort());
  });

  test("is asked for once an origin, with what it must be allowed and where it is made", async ({
    ringside, site, page,
  }) => {
    const azure = { kind: "azure-devops", organization: "contoso", project: "trivia" };
    const stages = { build: github().pipelines, release: azure, manifest: azure };
    await use(site, { pipelines: stages, manifests: { kind: "github", repository: "contoso/manifests" } });
    await ringside.open("?view=setup");
    await expect(page.locator("input[data-credential]")).toHaveCount(2);

    const ours = page.locator("section", { has: ringside.credential("https://dev.azure.com") });
    await expect(ours).toContainText("Releases and manifest builds of contoso/trivia");
    for (const scope of ["Build (read)", "Release (read)", "Code (read)"]) await expect(ours).toContainText(scope);
    await expect(ours).toContainText("https://vsrm.dev.azure.com");
    await expect(ours.getByRole("link")).toHaveAttribute("href", "https://dev.azure.com/contoso/_usersSettings/tokens");
    await expect(ours.getByRole("link")).toHaveAttribute("rel", /noopener/);
  });

  test("is kept for the tab under its origin, and stands nowhere in the page", async ({ ringside, site, page }) => {
    await use(site, github());
    await ringside.open("?view=setup");
    await ringside.credential(GITHUB).fill(TOKEN);
    await ringside.credential(GITHUB).press("Enter");
    await expect(ringside.credential(GITHUB)).toHaveValue("");
    await expect(ringside.main).toContainText("kept until this tab is closed");
    expect(await kept(page)).toEqual({ session: [`ringside.credential.${GITHUB}`], local: [] });
    expect(await page.content()).not.toContain(TOKEN);
    expect(page.url()).not.toContain(TOKEN);
  });

  test("is kept on the device when asked, and forgotten when asked", async ({ ringside, site, page }) => {
    await use(site, github());
    await ringside.open("?view=setup");
    await page.getByLabel("Keep on this device").check();
    await ringside.credential(GITHUB).fill(TOKEN);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(ringside.main).toContainText("typed here, kept on this device");
    expect(await kept(page)).toEqual({ session: [], local: [`ringside.credential.${GITHUB}`] });

    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await expect(ringside.credential(GITHUB), "the button is gone").toBeFocused();
    expect(await kept(page)).toEqual({ session: [], local: [] });
  });

  test("is not found by a config.json that points elsewhere", async ({ ringside, site }) => {
    await use(site, github());
    await ringside.open("?view=setup");
    await ringside.credential(GITHUB).fill(TOKEN);
    await ringside.credential(GITHUB).press("Enter");
    await expect(ringside.main).toContainText("kept until this tab is closed");

    await use(site, github({ api: "https://github.evil.example/api/v3" }));
    await ringside.open("?view=setup");
    await expect(ringside.credential("https://github.evil.example")).toBeVisible();
    await expect(ringside.main).not.toContainText("typed here");
  });

  test("that is none is not taken, and not repeated", async ({ ringside, site, page }) => {
    await use(site, github());
    await ringside.open("?view=setup");
    await ringside.credential(GITHUB).fill("my-pässword");
    await ringside.credential(GITHUB).press("Enter");
    await expect(page.getByRole("status").filter({ hasText: "Not a token" })).toBeVisible();
    await expect(ringside.credential(GITHUB)).toHaveAttribute("aria-invalid", "true");
    await expect(page.locator("body")).not.toContainText("pässword");
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });
});

test("a SAS on its last day counts down by the second", async ({ ringside, site, page }) => {
  const end = new Date(Date.now() + 3 * 3_600_000).toISOString();
  const sas = `sv=2024-05-04&tn=deployments&sp=r&se=${encodeURIComponent(end)}&sig=AAAA`;
  site.use({ kind: "azure-table", endpoint: "https://a.table.core.windows.net", table: "deployments", sas });
  await page.route(/^https:/, (route) => route.fulfill({ json: { value: [] }, headers: { "access-control-allow-origin": "*" } }));
  await ringside.open("?view=setup");
  await page.locator("summary").first().click();
  const timer = page.getByRole("timer");
  await expect(timer).toHaveText(/^in (3:00:00|2:59:\d\d) \(/);
  const before = await timer.textContent();
  await expect(timer).not.toHaveText(before);
});

for (const [whose, isTyped] of [["of config.json", false], ["that was entered here", true]]) {
  test(`a SAS ${whose} that ends within a day is a note in Connections, and a dot ${isTyped ? "on its tab" : "for nobody"}`, async ({ ringside, site, page }) => {
    const end = new Date(Date.now() + 20 * 3_600_000).toISOString();
    const sas = `sv=2024-05-04&tn=deployments&sp=r&se=${encodeURIComponent(end)}&sig=AAAA`;
    const endpoint = "https://a.table.core.windows.net";
    site.use({ kind: "azure-table", endpoint, table: "deployments", ...(isTyped ? {} : { sas }) });
    await page.route(/^https:/, (route) => route.fulfill({ json: { value: [] }, headers: { "access-control-allow-origin": "*" } }));
    await ringside.open();
    if (isTyped) {
      await ringside.credential(endpoint).fill(sas);
      await page.keyboard.press("Enter");
    }
    await expect(page.locator('[data-empty="table"], [data-empty]').first()).toContainText("No deployments yet");
    // Above the rows nothing is said of it.
    await expect(ringside.problems).toHaveCount(0);
    await expect(ringside.link("Connections")).toHaveText(isTyped ? /problems/ : /^Connections\s*$/);
    await ringside.go("Connections");
    await page.locator("summary.source__line").click();
    const note = ringside.main.locator('[data-problem="storage"][data-kind="expired"]');
    await expect(note).toContainText(/The SAS expires on \d{4}-\d\d-\d\d \d\d:\d\d UTC\./);
    await expect(note).toHaveAttribute("data-severity", "warning");
    await expect(page.locator("summary.source__line")).toContainText(/SAS expires in (19|20) h/);
  });
}

test.describe("pictures of people", () => {
  const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="18" height="18"><rect width="18" height="18"/></svg>';
  const BASE = "https://pictures.example";
  let asked;

  test.beforeEach(async ({ context }) => {
    asked = [];
    await context.route(/^https?:\/\/(?!127)/, async (route) => {
      const request = route.request();
      asked.push(request);
      const { pathname } = new URL(request.url());
      const headers = { "access-control-allow-origin": "*" };
      if (pathname.startsWith("/good")) return route.fulfill({ contentType: "image/svg+xml", headers, body: PICTURE });
      if (pathname.startsWith("/html")) return route.fulfill({ contentType: "text/html", headers, body: "<p>Sign in" });
      // Never answered: it goes with the page.
      if (pathname.startsWith("/slow")) return undefined;
      return route.fulfill({ status: pathname.startsWith("/401") ? 401 : 404, headers });
    });
  });

  test("those that cannot be had leave initials, whoever had the row before", async ({ ringside, site, trouble, page }) => {
    trouble.expectNetwork();
    const people = ["good/ann", "404/bea", "html/cem", "401/dan", "slow/eva", "good/fay"];
    await site.useRows(
      people.map((path, i) => full(i + 1, { authorName: path.split("/")[1], authorImage: `${BASE}/${path}` })),
      { avatars: [BASE] },
    );
    await ringside.open("?view=deployments");
    const face = page.locator('[data-column="author"] .avatar img');
    const one = async (name) => {
      await ringside.search.fill(`author:${name}`);
      await ringside.expectCount(6, 1);
      await expect(face).toHaveAttribute("src", new RegExp(`${name}$`));
    };
    // Again and again in the same row.
    for (const path of ["good/ann", "slow/eva", "good/fay", "404/bea", "good/ann", "401/dan", "good/fay", "html/cem"]) {
      await one(path.split("/")[1]);
      await expect(face, path).toHaveCSS("opacity", path.startsWith("good") ? "1" : "0");
    }
    const headers = await Promise.all(asked.map((request) => request.allHeaders()));
    expect(headers.every(({ referer, cookie }) => !referer && !cookie), "nobody is told who asks").toBe(true);
  });

  test("none is fetched from where a row alone says", async ({ ringside, site }) => {
    const strange = ["http://192.168.0.1/reboot", "https://evil.example/good", "https://pictures.example@evil.example/good"];
    await site.useRows([...strange, `${BASE}/good/ann`].map((authorImage, i) => full(i + 1, { authorImage })), { avatars: [BASE] });
    await ringside.open("?view=deployments");
    await ringside.expectCount(4);
    await expect(ringside.page.locator('[data-column="author"] .avatar img')).toHaveCount(1);
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    expect(new Set(asked.map((request) => new URL(request.url()).origin))).toEqual(new Set([BASE]));
  });
});
