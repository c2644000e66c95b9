// Signing in without pasted tokens: a real provider, and the emulator with access tokens over https.

import { startAzurite } from "../support/azurite.mjs";
import { startRelay } from "../support/relay.mjs";
import { many } from "../support/rows.mjs";
import { CLIENT, startProvider } from "../support/sign-in.mjs";
import { asked, expect, test as base } from "../support/test.mjs";

const BEARER_CORS = "accept,authorization,x-ms-version";

const test = base.extend({
  // The emulator's certificate is nobody's.
  ignoreHTTPSErrors: true,

  /** A storage account that takes access tokens. */
  vault: [
    async ({}, use) => {
      const vault = await startAzurite({ oauth: true });
      await use(vault);
      await vault.stop();
    },
    { scope: "worker" },
  ],

  entra: async ({ site }, use) => {
    const entra = await startProvider("entra", site.url);
    await use(entra);
    await entra.stop();
  },

  /** A table of four rows whose readers sign in. */
  signedTable: async ({ vault, site, entra }, use) => {
    await vault.setCors(site.origin, "x-ms-*", BEARER_CORS);
    const table = await vault.createTable();
    await table.insert(many(4));
    const signIn = [{ kind: "entra", clientId: CLIENT, tenant: "contoso", authority: entra.authority }];
    site.use(table.storage({ sas: undefined }), { signIn });
    await use(table);
  },
});

test.beforeEach(({ trouble }) => trouble.expectNetwork());

const signIn = (page, name = "Microsoft") => page.getByRole("button", { name: `Sign in with ${name}` });
const card = (page) => page.locator("[data-sign-in]");
const goOn = (page) => page.getByRole("link", { name: "Go on as Mara" });

/** Signs in, and is back. */
async function through(ringside, page, name) {
  await signIn(page, name).click();
  await goOn(page).click();
  await ringside.ready();
}

const kept = (page) => page.evaluate(() => ({ session: { ...sessionStorage }, local: { ...localStorage } }));

test("rows are read with a sign-in, and the page comes back to where it was", async ({ ringside, page, entra, vault, signedTable, requests }) => {
  await ringside.open("?view=setup&service=api&q=x");
  await expect(ringside.problem("storage", "unauthorized")).toContainText("sign in or enter a SAS");
  const [leaving] = await Promise.all([page.waitForRequest((request) => request.url().startsWith(entra.origin)), signIn(page).click()]);
  const words = new URL(leaving.url()).searchParams;
  expect(words.get("code_challenge_method")).toBe("S256");
  expect(words.get("scope")).toBe("https://storage.azure.com/user_impersonation offline_access");
  await goOn(page).click();
  await ringside.ready();

  await expect(ringside.count).toHaveAttribute("data-total", "4");
  expect(new URL(page.url()).search).toBe("?view=setup&service=api&q=x");
  expect(new URL(page.url()).hash).toBe("");
  await expect(card(page)).toHaveAttribute("data-sign-in", "in");
  await expect(ringside.main.locator("[data-source-state]").first()).toContainText("your sign-in");

  // The code and the tokens are in no address, and nothing but the table gets the token.
  const form = entra.forms[0];
  expect(form.grant_type).toBe("authorization_code");
  expect(page.url()).not.toContain(form.code);
  const bearers = [];
  for (const request of requests) {
    const { authorization } = await request.allHeaders();
    if (authorization) bearers.push(new URL(request.url()).origin);
  }
  expect(new Set(bearers)).toEqual(new Set([vault.origin]));
  const history = await page.evaluate(() => performance.getEntriesByType("navigation").map((entry) => entry.name).join());
  for (const token of Object.values((await kept(page)).session)) expect(history).not.toContain(token);
  expect(JSON.stringify((await kept(page)).local)).not.toMatch(/Bearer|refresh/);

  // It lasts over a reload, without another exchange.
  const count = entra.forms.length;
  await page.reload();
  await ringside.ready();
  await expect(ringside.count).toHaveAttribute("data-total", "4");
  expect(entra.forms.length).toBe(count);
});

test("a token is renewed before its end, with the newest refresh token", async ({ ringside, page, entra, signedTable, requests }) => {
  await ringside.open("?view=setup");
  await through(ringside, page);
  await ringside.expectCount(4);
  const soon = async () =>
    page.evaluate(() => {
      const key = Object.keys(sessionStorage).find((key) => key.startsWith("ringside.session."));
      const session = JSON.parse(sessionStorage[key]);
      sessionStorage[key] = JSON.stringify({ ...session, ends: session.ends.map(() => Date.now() + 60_000) });
      return session.refresh;
    });
  const seen = [];
  for (let round = 1; round <= 2; round++) {
    seen.push(await soon());
    const before = requests.length;
    await page.reload();
    await ringside.ready();
    await expect.poll(() => entra.forms.length).toBe(1 + round);
    expect(entra.forms.at(-1)).toMatchObject({ grant_type: "refresh_token", refresh_token: seen.at(-1) });
    await expect.poll(() => kept(page).then(({ session }) => JSON.stringify(session).includes(seen.at(-1)))).toBe(false);
    // The table is asked with the new one.
    const token = Object.values((await kept(page)).session).map((text) => /^Bearer \d+ (.*)/.exec(text)?.[1]).find(Boolean);
    await expect.poll(async () => {
      const headers = await Promise.all(requests.slice(before).map((request) => request.allHeaders()));
      return headers.some(({ authorization }) => authorization === `Bearer ${token}`);
    }).toBe(true);
  }
  expect(new Set(seen).size).toBe(2);
});

test("a session that has ended is said, and signing in again goes on", async ({ ringside, page, entra, signedTable }) => {
  await ringside.open("?view=setup");
  await through(ringside, page);
  await ringside.expectCount(4);
  await entra.refreshTokens.at(-1).destroy();
  await page.evaluate(() => {
    for (const [key, text] of Object.entries(sessionStorage)) {
      if (key.startsWith("ringside.session.")) sessionStorage[key] = text.replace(/"ends":\[\d+\]/, '"ends":[1]');
      if (text.startsWith("Bearer ")) sessionStorage[key] = text.replace(/^Bearer \d+/, "Bearer 1");
    }
  });
  await page.reload();
  await ringside.ready();
  await expect(ringside.problem("config", "expired")).toContainText("The sign-in with Microsoft has ended.");
  await expect(ringside.problem("storage", "unauthorized")).toBeVisible();
  expect(JSON.stringify((await kept(page)).session)).not.toMatch(/Bearer|refresh/);
  // The provider still knows who it is, and asks nothing.
  await signIn(page).click();
  await expect(card(page)).toHaveAttribute("data-sign-in", "in");
  await ringside.expectCount(4);
  await expect(ringside.problem("config")).toHaveCount(0);
});

test("signing out forgets everything here", async ({ ringside, page, signedTable }) => {
  await ringside.open("?view=setup");
  await through(ringside, page);
  await ringside.expectCount(4);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(card(page)).toHaveAttribute("data-sign-in", "out");
  await expect(ringside.problem("storage", "unauthorized")).toBeVisible();
  expect(JSON.stringify((await kept(page)).session)).not.toMatch(/Bearer|refresh/);
});

test("a SAS that somebody enters goes before the sign-in, until it is removed", async ({ ringside, page, vault, signedTable, requests }) => {
  await ringside.open("?view=setup");
  await through(ringside, page);
  await ringside.expectCount(4);
  await ringside.openSource(vault.origin);
  await ringside.credential(vault.origin).fill(signedTable.sas());
  await ringside.credential(vault.origin).press("Enter");
  await expect.poll(() => requests.some((request) => asked(request).includes("sig="))).toBe(true);
  await page.getByRole("button", { name: "Remove" }).click();
  await expect(ringside.main.locator("[data-source-state]").first()).toContainText("your sign-in");
});

for (const [what, act, says] of [
  ["somebody cancels", async (page) => page.getByRole("link", { name: "Cancel" }).click(), "requires consent to what this page reads"],
]) {
  test(`it is said when ${what}`, async ({ ringside, page, signedTable }) => {
    await ringside.open("?view=deployments&service=api");
    await ringside.go("Connections");
    await signIn(page).click();
    await act(page);
    await ringside.ready();
    await expect(ringside.problem("config")).toContainText(says);
    expect(new URL(page.url()).searchParams.get("service")).toBe("api");
    expect(page.url()).not.toContain("error");
    await expect(signIn(page)).toBeVisible();
  });
}

test("what the provider refuses is said in words", async ({ ringside, page, entra, signedTable }) => {
  const cases = [
    [{ error: "invalid_request", error_description: "AADSTS9002326: Cross-origin token redemption is permitted only for SPA" }, "Single-page application"],
    [{ error: "interaction_required", error_description: "AADSTS50076: multi-factor" }, "requires a new sign-in"],
    [{ error: "consent_required", error_description: "AADSTS65001: not consented" }, "administrator"],
    [{ error: "unauthorized_client", error_description: "AADSTS700016: not found" }, "signIn.clientId"],
  ];
  await ringside.open("?view=setup");
  for (const [refusal, says] of cases) {
    entra.refuse = () => ({ body: JSON.stringify(refusal) });
    await signIn(page).click();
    // The second time the provider knows who it is.
    await Promise.race([goOn(page).click(), page.waitForURL((url) => url.href.startsWith(ringside.site.url))]);
    await ringside.ready();
    await expect(ringside.problem("config")).toContainText(says);
    await expect(ringside.problem("config")).toContainText(refusal.error_description.split(":")[0]);
  }
});

test("a token for somebody else is told from a SAS that is refused", async ({ ringside, page, entra, signedTable }) => {
  entra.audience = "https://graph.microsoft.com";
  await ringside.open("?view=setup");
  await through(ringside, page);
  await expect(ringside.problem("storage", "unauthorized")).toContainText("does not accept the sign-in");
});

test("a rule that forbids the headers is explained with the ones that it needs", async ({ ringside, page, vault, site, signedTable }) => {
  await vault.setCors(site.origin);
  await ringside.open("?view=setup");
  await through(ringside, page);
  await expect(ringside.problem("storage", "unreachable")).toContainText("--allowed-headers accept authorization x-ms-version");
});

test("an answer that belongs to no attempt is not used", async ({ ringside, page, entra, signedTable }) => {
  await ringside.open("?view=setup#code=stolen&state=of-somebody-else");
  await expect(ringside.problem("config", "unauthorized")).toContainText("belongs to no sign-in of this tab");
  expect(page.url()).not.toContain("stolen");
  expect(entra.forms).toEqual([]);
});

test("an answer is used once", async ({ ringside, page, entra, signedTable }) => {
  let answer;
  page.on("framenavigated", (frame) => (answer ??= /#code=/.test(frame.url()) ? frame.url() : undefined));
  page.on("request", (request) => (answer ??= /#code=/.test(request.url()) ? request.url() : undefined));
  await ringside.open("?view=setup");
  const [response] = await Promise.all([
    page.waitForResponse((response) => response.headers().location?.includes("#code=")),
    through(ringside, page),
  ]);
  await ringside.expectCount(4);
  const before = entra.forms.length;
  await page.goto(response.headers().location);
  await page.reload();
  await ringside.ready();
  expect(entra.forms.length).toBe(before);
  await ringside.expectCount(4);
});

test("it works under the policy that a package gives the page", async ({ ringside, page, site, signedTable }) => {
  const { withPolicy } = await import("../../../tools/policy.mjs");
  await site.put("index.html", withPolicy(await (await fetch(site.url)).text(), site.config));
  await ringside.open("?view=setup");
  await through(ringside, page);
  await ringside.expectCount(4);
});

test.describe("with forges", () => {
  test("one sign-in reads tables and Azure DevOps, each with a token of its own", async ({ ringside, page, site, vault, entra, forges, signedTable }) => {
    await forges.useAt(site, { signIn: site.config.signIn });
    const project = site.config.projects.find((each) => JSON.stringify(each).includes("azure-devops"));
    site.config.projects = [{ ...project, storage: signedTable.storage({ sas: undefined }) }];
    await ringside.open("?view=setup");
    await signIn(page).click();
    await goOn(page).click();
    await expect.poll(() => entra.forms.length).toBe(2);
    await expect.poll(async () => Object.values((await kept(page)).session).filter((text) => text.startsWith("Bearer ")).length).toBe(3);
    expect(entra.forms.map((form) => form.scope.includes("storage.azure.com"))).toEqual([true, false]);
    await ringside.ready();
    await ringside.expectCount(4);
    const storage = (await kept(page)).session;
    const tokens = Object.entries(storage).filter(([, text]) => text.startsWith("Bearer ")).map(([key]) => key);
    const { "azure-devops": devops, releases } = forges.origins;
    const targets = [`${vault.endpoint}/${signedTable.name}`, devops, releases];
    expect(new Set(tokens)).toEqual(new Set(targets.map((target) => `ringside.credential.${target}`)));
  });

  test("one API without consent leaves the other readable, and is named", async ({ ringside, page, site, entra, forges, signedTable }) => {
    await forges.useAt(site, { signIn: site.config.signIn });
    const project = site.config.projects.find((each) => JSON.stringify(each).includes("azure-devops"));
    site.config.projects = [{ ...project, storage: signedTable.storage({ sas: undefined }) }];
    entra.refuse = (form) => form.scope.includes("499b84ac") && { body: JSON.stringify({ error: "invalid_grant", error_description: "AADSTS65001: not consented" }) };
    await ringside.open("?view=setup");
    await through(ringside, page);
    await ringside.expectCount(4);
    await expect(ringside.problem("config", "forbidden")).toContainText("Azure DevOps: Microsoft requires consent");
  });

  test("GitHub gives tokens by the relay alone", async ({ ringside, page, site, forges }) => {
    const github = await startProvider("github", site.url);
    const relay = await startRelay({ ORIGIN: site.origin, CLIENT_ID: CLIENT, CLIENT_SECRET: "the relay's secret", TOKEN_URL: `${github.origin}/login/oauth/access_token` });
    try {
      await forges.useAt(site, { signIn: [{ kind: "github", clientId: CLIENT, url: github.authority, relay: relay.url }] });
      await ringside.open("?view=setup");
      await through(ringside, page, "GitHub");
      await expect(card(page)).toHaveAttribute("data-sign-in", "in");
      const storage = JSON.stringify((await kept(page)).session);
      expect(storage).toContain(github.tokens.at(-1));
      expect(storage).not.toContain("the relay's secret");
      const stranger = await fetch(relay.url, { method: "POST", headers: { origin: "https://other.example" }, body: "grant_type=refresh_token" });
      expect([stranger.status, stranger.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    } finally {
      await relay.stop();
      await github.stop();
    }
  });

  test("GitLab is read with a sign-in", async ({ ringside, page, site, forges }) => {
    const gitlab = await startProvider("gitlab", site.url);
    try {
      await forges.useAt(site, { signIn: [{ kind: "gitlab", clientId: CLIENT, url: gitlab.authority }] });
      await ringside.open("?view=setup");
      await through(ringside, page, "GitLab");
      await expect(card(page)).toHaveAttribute("data-sign-in", "in");
      expect(page.url()).not.toContain("code=");
      await forges.setTokens([{ forge: "gitlab", text: gitlab.tokens.at(-1) }]);
      await ringside.openSource(forges.origins.gitlab);
      const source = page.locator("section", { has: ringside.credential(forges.origins.gitlab) });
      await source.getByRole("button", { name: "Test" }).click();
      await expect(source.locator("[data-tested]")).toHaveAttribute("data-tested", "passed");
      const test = forges.requests.filter((request) => request.headers.authorization === `Bearer ${gitlab.tokens.at(-1)}`);
      expect(test.length).toBeGreaterThan(0);
    } finally {
      await gitlab.stop();
    }
  });
});
