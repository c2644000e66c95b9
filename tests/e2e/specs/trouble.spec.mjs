// What the page says of what is wrong, what stands first, and what it tells outside of itself.

import AxeBuilder from "@axe-core/playwright";

import { full, many, waiting } from "../support/rows.mjs";
import { expect, setVisibility, test } from "../support/test.mjs";

async function expectAccessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
}

test("a first visit asks for the SAS in place, and says of no error", async ({ ringside, site, table, azurite, page }) => {
  await table.insert(many(3));
  site.use(table.storage({ sas: undefined }));
  await ringside.open("?view=deployments");
  const card = ringside.problem("storage", "unauthorized");
  await expect(card).toHaveAttribute("data-severity", "note");
  await expect(page.getByText("No deployments could be loaded")).toBeHidden();
  await expect(ringside.link("Connections"), "nothing is marked as wrong").toHaveText(/^Connections\s*$/);
  await expect(page.locator("[data-source]")).toHaveAttribute("data-state", "unknown");
  await expectAccessible(page);
  // Where it is entered nothing is wrong either, and nothing is well.
  await ringside.go("Connections");
  const source = ringside.main.locator("[data-source-state]");
  await expect(source).toHaveAttribute("data-source-state", "unknown");
  await expect(ringside.problem("storage", "unauthorized")).toHaveText(/^\s*note: .*enter a SAS for \S+\.\s*$/);
  await page.goBack();
  await ringside.credential(azurite.origin).fill(table.sas());
  await page.keyboard.press("Enter");
  await ringside.expectCount(3);
  await expect(ringside.problems).toHaveCount(0);
  const chip = page.locator(`[data-source="${azurite.origin}"]`);
  await expect(chip).toHaveAttribute("data-state", "good");
  await expect(chip).toHaveText(/^Working: Table\s*(now|\d+ min)$/);
  await ringside.go("Connections");
  await expect(source).toHaveAttribute("data-source-state", "succeeded");
  await expectAccessible(page);
});

test("what is wrong with one origin takes one line, and its chip in the header says so", async ({ ringside, site, page, trouble }) => {
  trouble.expectNetwork();
  const github = { kind: "github", repository: "contoso/trivia" };
  await site.put("snapshot.json", { value: [full(1, { p1: "11", p1Status: "running" })] });
  site.config = { refreshSeconds: 0, projects: [{ name: "trivia", storage: { kind: "snapshot", url: "snapshot.json" }, pipelines: github, manifests: github }] };
  const headers = { "access-control-allow-origin": "*", "content-type": "application/json" };
  await page.route("https://api.github.com/**", (route) =>
    route.fulfill({ status: 403, headers, body: JSON.stringify({ message: "Resource not accessible by personal access token" }) }));
  await ringside.open();
  const lines = page.locator(".problem--line");
  await expect(lines.getByText("+1 more")).toBeVisible();
  await expect(lines).toHaveCount(1);
  await lines.getByText("Details").click();
  await expect(lines.locator("[data-problem]")).toBeVisible();
  await expect(page.locator('[data-source="https://api.github.com"]')).toHaveAttribute("data-state", "failed");
  await expect(ringside.link("Connections")).toContainText("problems");
  await lines.getByRole("button", { name: "Dismiss" }).click();
  await expect(ringside.problems).toHaveCount(0);
});

test("an outage after a success says since when, advises nothing, and can be hidden", async ({ ringside, site, table, azurite, page, trouble }) => {
  trouble.expectNetwork();
  await azurite.setCors(site.origin);
  await table.insert(many(3));
  site.use(table.storage());
  await ringside.open("?view=deployments");
  await ringside.expectCount(3);
  await page.route((url) => url.origin === azurite.origin, (route) => route.abort());
  await ringside.refreshNow.click();
  const problem = ringside.problem("storage");
  await expect(problem).toContainText(`Can't reach ${azurite.origin} · showing `);
  await expect(problem).toContainText(/Retrying/);
  expect((await problem.innerText()).match(/Retrying/g)).toHaveLength(1);
  await expect(problem).not.toContainText("CORS");
  await expect(problem.getByRole("link", { name: "Connections" })).toBeVisible();
  const { height } = await problem.boundingBox();
  expect(height).toBeLessThan(44);
  await expectAccessible(page);
  await problem.getByRole("button", { name: "Dismiss" }).click();
  await expect(ringside.problems).toHaveCount(0);
  await ringside.expectCount(3);
});

test("in a problem's line nothing wraps alone", async ({ ringside, site, page, trouble }) => {
  trouble.expectNetwork();
  const storage = (name) => ({ kind: "azure-table", endpoint: `https://${name}.table.core.windows.net`, table: "deployments", sas: "sv=2019-02-02&tn=deployments&sp=r&sig=AAAA" });
  const file = { kind: "snapshot", url: "nosuch.json" };
  site.config = { refreshSeconds: 0, projects: [{ name: "trivia", storage: storage("a") }, { name: "quiz", storage: storage("a-much-longer-account") }, { name: "file", storage: file }] };
  await page.route(/^https:/, (route) => route.abort());
  await ringside.open();
  const lines = page.locator(".problem--line");
  await expect(lines).toHaveCount(3);
  for (const width of [1600, 1280, 1024, 900, 768, 720]) {
    await page.setViewportSize({ width, height: 800 });
    const alone = await lines.evaluateAll((lines) =>
      lines.flatMap((line) => {
        const link = line.querySelector(".problem__link").getBoundingClientRect();
        const parts = line.querySelectorAll(".problem__what, .problem__count, .problem__retry, .problem__short");
        const isBeside = [...parts].some((part) => {
          const box = part.getBoundingClientRect();
          return box.top < link.bottom - 2 && link.top < box.bottom - 2;
        });
        return isBeside ? [] : [line.innerText];
      }));
    expect(alone, `${width}`).toEqual([]);
  }
});

test("a pinned service stands first, and still does after a reload", async ({ ringside, page }) => {
  await ringside.open("?demo");
  const names = () => page.locator(".service__name").allInnerTexts();
  const [first] = await names();
  await page.locator("th.service", { hasText: "quiz-import" }).hover();
  await page.getByRole("button", { name: "Pin quiz-import to the top" }).click();
  await expect.poll(async () => (await names()).slice(0, 2)).toEqual(["quiz-import", first]);
  await page.reload();
  await ringside.ready();
  expect((await names())[0]).toBe("quiz-import");
  await page.getByRole("button", { name: "Unpin quiz-import" }).click();
  await expect.poll(async () => (await names())[0]).toBe(first);
});

/** Notes what the page tells the device, and how often it asks for the permission. */
const listen = (page) =>
  page.addInitScript(() => {
    window.told = [];
    window.asked = 0;
    window.Notification = class {
      static permission = "default";
      static async requestPermission() {
        window.asked++;
        return (this.permission = "granted");
      }
      constructor(title, { body }) {
        window.told.push(`${body}: ${title}`);
      }
    };
  });

/** Asks for notifications as somebody does, in the menu of views. */
async function askForNotifications(page) {
  await page.getByRole("button", { name: "Views", exact: true }).click();
  await page.getByRole("button", { name: /^Notify me/ }).click();
  await expect(page.getByRole("button", { name: /^Notify me/ })).toHaveAttribute("aria-pressed", "true");
}

test("notifications are asked for by a click, and name pinned services", async ({ ringside, site, page }) => {
  await page.clock.install();
  await listen(page);
  const at = (n, key, service, more) => full(n, { RowKey: key, service, env: "dev", imageTag: key, ...more });
  const before = [at(4, "a1", "api"), at(4, "w1", "web")];
  await site.useRows(before);
  await ringside.open("?refresh=30");
  await page.locator("th.service", { hasText: "api" }).hover();
  await page.getByRole("button", { name: "Pin api to the top" }).click();
  expect(await page.evaluate(() => asked)).toBe(0);
  await askForNotifications(page);
  await page.keyboard.press("Escape");
  const failed = { p3Status: "failed", manifestCommitId: undefined };
  await site.put("snapshot.json", { value: [...before, at(2, "a2", "api"), at(2, "w2", "web"), at(1, "a3", "api", failed)] });
  await ringside.refreshNow.click();
  await expect.poll(() => page.evaluate(() => told.toSorted())).toEqual(["Deployed: api a2 → dev", "Failed: api a3 → dev"]);

  // A tab in which nobody looks is where they matter.
  await setVisibility(page, "hidden");
  await site.put("snapshot.json", { value: [...before, at(2, "a2", "api"), at(1, "a4", "api")] });
  await page.clock.fastForward("01:00");
  await expect.poll(() => page.evaluate(() => told.at(-1))).toBe("Deployed: api a4 → dev");
});

test("notifications name what waits for me, and nobody else's", async ({ ringside, site, page }) => {
  await listen(page);
  const REVIEWERS = { 7: "Ana Ruiz", 8: "Ken Abe" };
  await page.route("https://gitlab.example/**", (route) => {
    const id = new URL(route.request().url()).pathname.match(/merge_requests\/(\d+)$/)?.[1];
    const request = { iid: Number(id), title: `Promote ${id}`, state: "opened", author: { name: "Jo Okafor" }, reviewers: [{ name: REVIEWERS[id] }] };
    const project = { id: 1, path_with_namespace: "contoso/trivia", web_url: "https://gitlab.example/contoso/trivia" };
    const json = id ? request : route.request().url().endsWith("/projects/1") ? project : [];
    return route.fulfill({ json, headers: { "access-control-allow-origin": "*" } });
  });
  const places = { sourceRepo: undefined, hldRepo: undefined, manifestRepo: undefined };
  const row = (n, key, service, more) => full(n, { RowKey: key, service, env: "dev", imageTag: key, ...places, ...more });
  const before = [row(4, "a1", "api"), row(5, "w1", "web")];
  await site.useRows(before);
  site.config.projects[0].pipelines = { kind: "gitlab", project: "1", api: "https://gitlab.example/api/v4" };
  await ringside.open();
  await askForNotifications(page);
  await page.getByLabel(/Your name/).fill("Ana Ruiz");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  const waits = (key, service, pr) => row(1, key, service, { ...waiting(pr), prState: undefined, ...places });
  await site.put("snapshot.json", { value: [...before, waits("a2", "api", 7), waits("w2", "web", 8)] });
  await ringside.refreshNow.click();
  await expect(ringside.cell("web", "dev")).toContainText("Ken Abe");
  await expect.poll(() => page.evaluate(() => told)).toEqual(["Waiting for your approval: api a2 → dev"]);
  // And of what becomes of my own changes.
  const mine = row(1, "m1", "mine", { authorName: "Ana Ruiz" });
  await site.put("snapshot.json", { value: [...before, waits("a2", "api", 7), waits("w2", "web", 8), mine, row(1, "o1", "other", { authorName: "Ken Abe" })] });
  await ringside.refreshNow.click();
  await expect(ringside.cell("other", "dev")).toContainText("o1");
  await expect.poll(() => page.evaluate(() => told.at(-1))).toBe("Deployed: mine m1 → dev");
});

test("what has changed is pointed out for two seconds, and not for who asks for less motion", async ({ ringside, site, page }) => {
  await page.clock.install();
  for (const [reducedMotion, animation] of [["no-preference", "changed"], ["reduce", "none"]]) {
    await page.emulateMedia({ reducedMotion });
    const at = (n, key) => full(n, { RowKey: key, service: "api", env: "dev", imageTag: key });
    await site.useRows([at(4, "a1")]);
    await ringside.open();
    await site.put("snapshot.json", { value: [at(4, "a1"), at(2, "a2")] });
    await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
    await ringside.refreshNow.click();
    const cell = page.locator("td.cell[data-changed]");
    await expect.poll(async () => (await page.clock.runFor(50), cell.count())).toBe(1);
    await expect(cell).toHaveCSS("animation-name", animation);
    await expect(cell).toHaveCSS("animation-duration", animation === "none" ? "0s" : "2s");
    // It was drawn within the last 50 ms. A refresh that brings nothing new does not end it.
    await page.clock.runFor(1_000);
    await ringside.refreshNow.click();
    await page.clock.runFor(900);
    await expect(cell).toHaveCount(1);
    await page.clock.runFor(250);
    await expect(cell).toHaveCount(0);
    await page.clock.resume();
    await expect(ringside.cell("api", "dev")).toContainText("a2");
  }
});
