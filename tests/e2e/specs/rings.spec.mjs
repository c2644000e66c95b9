// What runs in which ring, and what is on its way.

import { daysAgo, failed, full, sync, waiting } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

/** The rings in the order of their headers. */
const order = (ringside) =>
  ringside.ringHeaders.evaluateAll((headers) => headers.map((header) => header.dataset.ringHeader));

/** A deployment of `api` to a ring, `n` days old. */
const api = (n, env, more) => full(n, { service: "api", env, ...more });

test("rows that name no ring say so, with what to write", async ({ ringside, site, page }) => {
  const rows = [1, 2, 3].map((n) => api(n, undefined, { branch: n < 3 ? "main" : "develop" }));
  await site.useRows(rows);
  await ringside.open();
  const empty = page.locator('[data-empty="without-ring"]');
  await expect(empty).toContainText("3 deployments without a ring");
  await expect(empty).toContainText("rings[].branches");
  await empty.getByRole("link").click();
  await ringside.expectCount(3);
  await expect(ringside.rows).toHaveCount(3);

  await site.useRows(rows, { rings: [{ name: "prod", branches: ["main"] }] });
  await ringside.open();
  await expect(ringside.cell("api", "prod")).toHaveAttribute("data-running", /.+/);
  await page.getByText("1 note", { exact: true }).click();
  await expect(page.locator('[data-note="without-ring"]')).toContainText("1 deployment without a ring");
});

test.describe("the sample answers without a click", () => {
  test.beforeEach(async ({ ringside }) => {
    await ringside.open("?demo");
    await expect(ringside.main).toHaveAttribute("data-view", "rings");
  });

  test("what runs in production, and who wrote it", async ({ ringside }) => {
    const cell = ringside.cell("api", "master");
    await expect(cell).toHaveAttribute("data-running", /.+/);
    await expect(cell).toContainText("1.42.3");
    await expect(cell).toContainText("Ana");
  });

  test("what is on its way there, and what it waits for", async ({ ringside }) => {
    const cell = ringside.cell("api", "master");
    await expect(cell).toHaveAttribute("data-next", /.+/);
    await expect(cell).toContainText("1.43.0");
    await expect(cell).toContainText(/1\.43\.0 waiting for Inês Holm, 1[12] h/);
  });

  test("which branch a feature ring runs, and whose it is", async ({ ringside }) => {
    await expect(ringside.ringHeader("new-scoring")).toContainText("feature/new-scoring");
    const cell = ringside.cell("client", "new-scoring");
    await expect(cell).toHaveAttribute("data-running", /.+/);
    await expect(cell).toContainText("Priya");
  });

  test("what failed on its way", async ({ ringside }) => {
    await expect(ringside.cell("auth", "master")).toHaveAttribute("data-failed", /.+/);
    await expect(ringside.cell("auth", "master")).toContainText("failed: Lint · Inês Holm");
    await expect(ringside.cell("leaderboard", "master")).toContainText("rolled back to 0.30.5 from 0.31.0");
    await expect(ringside.cell("auth", "master"), "and yet something runs").toHaveAttribute("data-running", /.+/);
  });

  test("the rings stand in promotion order, production by its title", async ({ ringside }) => {
    expect(await order(ringside)).toEqual(["dev", "staging", "master", "new-scoring", "security-fix"]);
    await expect(ringside.ringHeader("master")).toContainText("Production");
    await expect(ringside.ringHeader("master")).toHaveAttribute("data-sync", /^(synced|pending|failed|unknown)$/);
  });

  test("how much happened today, and where the source is", async ({ ringside, page }) => {
    const about = page.locator("tr", { has: page.locator('[data-service="api"]') }).locator(".service__about");
    await expect(about).toHaveText(/^\d deployments today · contoso\/trivia$/);
    expect(await about.evaluate((e) => e.scrollWidth <= e.clientWidth), "there is room for it").toBe(true);
    await ringside.open("?demo&group=repository");
    await expect(about, "the group's name is its repository").toHaveText(/^\d deployments today$/);
  });

  test("services stand together by repository or by team, and the address says so", async ({ ringside, page, site }) => {
    const groups = () => page.locator("tr[data-group]").evaluateAll((rows) => rows.map((row) => row.dataset.group));
    await page.getByRole("combobox", { name: "Group services" }).selectOption("By repository");
    await expect.poll(() => ringside.query.get("group")).toBe("repository");
    expect(await groups()).toEqual(["contoso/auth", "contoso/leaderboard", "contoso/quiz-import", "contoso/trivia", "Others"]);
    // A group takes no row of its own.
    await expect(page.locator(".board__rows > tr")).toHaveCount(7);
    await page.getByRole("button", { name: /traefik/ }).first().click({ force: true });
    expect((await groups())[0]).toBe("Pinned");

    const row = (service, n) => ({ PartitionKey: "p", RowKey: `k${n}`, Timestamp: "2026-11-23T09:00:00Z", service, env: "dev", imageTag: `${service}-1`, p1: `${n}`, p2: `${n}`, p3: `${n}`, manifestCommitId: `abcdef${n}` });
    await site.useRows([row("api", 1), row("client", 2), row("auth", 3)], { teams: [{ name: "Quiz", services: ["CLIENT", "auth"] }] });
    await ringside.open("?group=team");
    expect(await groups()).toEqual(["Quiz", "Others"]);
    await expect(page.locator(".service__name")).toHaveText(["auth", "client", "api"]);
  });

  test("every cell with something in it has a state", async ({ ringside }) => {
    const states = await ringside.page
      .locator("[data-service][data-ring][data-running]")
      .evaluateAll((cells) => cells.map((cell) => cell.dataset.status));
    expect(states.length).toBeGreaterThan(5);
    for (const state of states) {
      expect(state).toMatch(/^(queued|running|waiting|succeeded|failed|canceled|incomplete|unknown)$/);
    }
  });
});

test.describe("places", () => {
  test("running is the newest that succeeded; newer ones are on their way or have failed", async ({ ringside, site }) => {
    await site.useRows([
      api(1, "prod", failed),
      api(2, "prod", waiting(4549)),
      api(3, "prod"),
      api(4, "prod"),
    ]);
    await ringside.open();
    const cell = ringside.cell("api", "prod");
    await expect(cell).toHaveAttribute("data-running", full(3).RowKey);
    await expect(cell).toHaveAttribute("data-next", full(2).RowKey);
    await expect(cell).toHaveAttribute("data-failed", full(1).RowKey);
    await expect(cell).toContainText("1.3.0");
    await expect(cell).toContainText(full(3).commitId.slice(0, 7));
    await expect(cell).toContainText("PR #4549 open");
  });

  test("nothing but a failure is no version", async ({ ringside, site }) => {
    await site.useRows([api(1, "prod", failed), api(2, "dev")]);
    await ringside.open();
    await expect(ringside.cell("api", "prod")).not.toHaveAttribute("data-running");
    await expect(ringside.cell("api", "prod")).toHaveAttribute("data-failed", full(1).RowKey);
  });

  test("what waits for a person is never behind a +1", async ({ ringside, site }) => {
    const runs = { ...waiting(1), prState: undefined, pr: undefined, prUrl: undefined, prCreatedAt: undefined, p2Status: "running", p2End: undefined };
    await site.useRows([api(1, "prod", runs), api(2, "prod", runs), api(3, "prod", waiting(41, { prCreatedAt: daysAgo(3, 7) })), api(4, "prod")]);
    await ringside.open();
    const cell = ringside.cell("api", "prod");
    await expect(cell, "it is not the next").toHaveAttribute("data-next", full(1).RowKey);
    await expect(cell.locator(".line__more")).toHaveText(/^\+\d$/);
    await expect(cell.locator('.line[data-status="waiting"]')).toContainText("PR #41 open");
  });

  test("an empty cell shows a dot, and says why to whoever hears it", async ({ ringside, site }) => {
    await site.useRows([api(1, "prod"), full(2, { service: "web", env: "dev" })]);
    await ringside.open();
    const cell = ringside.cell("api", "dev");
    await expect(cell).toHaveAttribute("data-empty", "true");
    await expect(cell).toHaveText("not in this ring");
    expect(await cell.evaluate((cell) => getComputedStyle(cell, "::before").content)).toBe('"·"');
    expect(await cell.locator(":scope > *").evaluateAll((all) => all.every((one) => one.matches(".unseen")))).toBe(true);
  });

  test("the same image in two rings is two deployments", async ({ ringside, site }) => {
    await site.useRows([api(1, "prod", { imageTag: "7" }), api(2, "dev", { imageTag: "7" })]);
    await ringside.open();
    await ringside.expectCount(2);
    await expect(ringside.cell("api", "prod")).toHaveAttribute("data-running", full(1).RowKey);
    await expect(ringside.cell("api", "dev")).toHaveAttribute("data-running", full(2).RowKey);
  });

  test("owners and the case of names do not separate what belongs together", async ({ ringside, site }) => {
    await site.useRows([api(1, "PROD", { service: "Contoso/API" }), api(2, "prod"), api(3, "Prod", { service: "Api" })]);
    await ringside.open();
    await expect(ringside.ringHeaders).toHaveCount(1);
    await expect(ringside.page.locator("[data-service][data-ring]")).toHaveCount(1);
    await expect(ringside.page.locator("[data-running]")).toHaveAttribute("data-running", full(1).RowKey);
  });
});

test.describe("order of the rings", () => {
  const rows = (...rings) => rings.map((ring, i) => api(i + 1, ring));

  test("is guessed from their names, feature rings last", async ({ ringside, site }) => {
    await site.useRows(rows("my-feature", "prod", "canary", "qa", "staging", "dev"));
    await ringside.open();
    expect(await order(ringside)).toEqual(["dev", "qa", "staging", "canary", "prod", "my-feature"]);
  });

  test("is the configuration's where there is one", async ({ ringside, site }) => {
    await site.useRows(rows("a", "b", "c"), { rings: [{ name: "c" }, { name: "a" }, { name: "b" }] });
    await ringside.open();
    expect(await order(ringside)).toEqual(["c", "a", "b"]);
  });
});

test.describe("configured rings", () => {
  test("an alias and a title are one ring, found by any of its names", async ({ ringside, site }) => {
    await site.useRows([api(1, "master"), api(2, "prod"), api(3, "dev")], {
      rings: [{ name: "dev" }, { name: "prod", title: "Production", aliases: ["master"], branches: ["main"] }],
    });
    await ringside.open();
    expect(await order(ringside)).toEqual(["dev", "prod"]);
    await expect(ringside.ringHeader("prod")).toContainText("Production");
    await expect(ringside.cell("api", "prod")).toHaveAttribute("data-running", full(1).RowKey);
    for (const ring of ["prod", "master"]) {
      await ringside.open(`?view=deployments&ring=${ring}`);
      await ringside.expectCount(3, 2);
    }
  });

  test("a row that names no ring goes where its branch says", async ({ ringside, site }) => {
    await site.useRows([api(1, undefined, { branch: "develop" })], { rings: [{ name: "dev", branches: ["develop"] }] });
    await ringside.open();
    await expect(ringside.cell("api", "dev")).toHaveAttribute("data-running", full(1).RowKey);
  });
});

test.describe("40 services in 15 rings", () => {
  const rings = Array.from({ length: 15 }, (_, i) => `ring-${i + 1}`);
  const services = Array.from({ length: 40 }, (_, i) => `service-${i + 1}`);

  test.beforeEach(async ({ site, ringside }) => {
    const rows = services.flatMap((service, s) =>
      rings.map((env, r) => full((s + r) % 20, { RowKey: `${s}-${r}`, service, env })),
    );
    await site.useRows(rows, { rings: rings.map((name) => ({ name })) });
    await ringside.open();
    await ringside.expectCount(600);
  });

  /** Scrolls to the last cell. What is drawn on the way there tells how far it is. */
  const scrollToEnd = (ringside) =>
    expect(async () => {
      await ringside.page.getByRole("region", { name: "Services by ring" }).evaluate((board) => board.scrollTo(board.scrollWidth, board.scrollHeight));
      await expect(ringside.cell("service-40", "ring-15")).toBeInViewport({ ratio: 0.9, timeout: 500 });
    }).toPass();

  test("of two of these rings all services are drawn, also those that no screen shows", async ({ ringside }) => {
    await ringside.open("?ring=ring-1&ring=ring-2");
    await expect(ringside.page.locator("[data-service][data-ring='ring-2']")).toHaveCount(40);
    await ringside.cell("service-40", "ring-2").scrollIntoViewIfNeeded();
    await expect(ringside.cell("service-40", "ring-2")).toBeInViewport();
  });

  test("are all reached, and only those in sight are drawn", async ({ ringside, page }) => {
    const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
    await expect(ringside.ringHeaders).toHaveCount(15);
    await expect(ringside.cell("service-1", "ring-1")).toContainText("1.0.0");
    await expect(ringside.cell("service-40", "ring-15")).toHaveCount(0);
    expect(await nodes()).toBeLessThan(2500);
    await scrollToEnd(ringside);
    await expect(ringside.cell("service-40", "ring-15")).toContainText("1.13.0");
    await expect(ringside.cell("service-1", "ring-1")).toHaveCount(0);
    expect(await nodes()).toBeLessThan(2500);
  });

  test("the header row and the first column stay in sight", async ({ ringside }) => {
    const header = ringside.ringHeader("ring-15");
    const first = ringside.service("service-40");
    await scrollToEnd(ringside);
    await expect(header).toBeInViewport({ ratio: 0.9 });
    await expect(first).toBeInViewport({ ratio: 0.9 });

    const [cell, top, left] = await Promise.all(
      [ringside.cell("service-40", "ring-15"), header, first].map((part) => part.boundingBox()),
    );
    expect(Math.abs(top.x - cell.x), "the header stands above its cell").toBeLessThan(3);
    expect(Math.abs(left.y - cell.y), "the service stands beside its cell").toBeLessThan(3);
    expect(top.y + top.height).toBeLessThanOrEqual(cell.y + 1);
    expect(left.x + left.width).toBeLessThanOrEqual(cell.x + 1);
  });

  test("filters take rows and columns away", async ({ ringside }) => {
    await ringside.search.fill("service:service-7");
    await ringside.expectCount(600, 15);
    await expect(ringside.service("service-7")).toBeVisible();
    await expect(ringside.cell("service-8", "ring-1")).toHaveCount(0);
    await ringside.open("?ring=ring-3");
    await ringside.expectCount(600, 40);
    await expect(ringside.ringHeaders).toHaveCount(1);
  });
});

test.describe("how much is seen at once", () => {
  /** Like the sample: five of seven services have something on its way to one of three rings. */
  test.beforeEach(async ({ site, ringside }) => {
    const rows = Array.from({ length: 20 }, (_, s) => {
      const service = `service-${s}`;
      const all = ["dev", "qa", "prod"].map((env, r) => full(s + r, { RowKey: `${s}-${r}`, service, env, imageTag: `${service}-main-2026112${s}` }));
      return s % 7 < 5 ? [...all, full(0, { RowKey: `${s}-next`, service, env: "prod", ...waiting(100 + s) })] : all;
    });
    const unplaced = full(0, { RowKey: "unplaced", service: "service-0", env: undefined });
    await site.useRows([...rows.flat(), unplaced], { rings: [{ name: "dev", clusters: ["lab"] }, { name: "qa" }, { name: "prod" }] });
    await ringside.open();
  });

  for (const [width, height, least] of [[1600, 900, 12], [1280, 800, 9]]) {
    test(`${least} services at ${width} × ${height}, under a head of at most 64 pixels`, async ({ ringside, page }) => {
      await page.setViewportSize({ width, height });
      const whole = () =>
        page.locator(".board__rows > tr").evaluateAll((rows) => rows.filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length);
      await expect.poll(whole).toBeGreaterThanOrEqual(least);
      const comfortable = await whole();
      const { height: head } = await page.locator(".board thead").boundingBox();
      expect(head).toBeLessThanOrEqual(64);

      await page.getByRole("button", { name: "Compact rows" }).click();
      await expect.poll(whole).toBeGreaterThan(comfortable);
      await page.reload();
      await ringside.ready();
      await expect.poll(whole, "the device remembers").toBeGreaterThan(comfortable);
    });
  }

  for (const [width, height, least] of [[1600, 900, 12], [1280, 800, 9]]) {
    test(`${least} services at ${width} × ${height} in five rings too`, async ({ ringside, site, page }) => {
      const rings = ["dev", "staging", "prod", "fix-login", "scoring"];
      const rows = Array.from({ length: 20 }, (_, s) => {
        const service = `service-${s}`;
        const of = (r, more) => full(s + r, { RowKey: `${s}-${r}-${more ? 1 : 0}`, service, env: rings[r], ...more });
        const all = [of(0), of(1), of(2), of(3 + (s % 2))];
        // In two of seven a person is waited for, in two something has failed.
        return s % 7 < 2 ? [...all, of(2, waiting(100 + s))] : s % 7 < 4 ? [...all, of(2, { ...failed, p1Start: daysAgo(0), p1End: daysAgo(0) })] : all;
      });
      await site.useRows(rows.flat(), { rings: rings.slice(0, 3).map((name) => ({ name })) });
      await page.setViewportSize({ width, height });
      await ringside.open();
      await expect(ringside.ringHeaders).toHaveCount(5);
      const whole = () =>
        page.locator(".board__rows > tr").evaluateAll((rows) => rows.filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length);
      await expect.poll(whole).toBeGreaterThanOrEqual(least);
    });
  }

  test("a long version keeps its end", async ({ ringside, page }) => {
    await page.setViewportSize({ width: 900, height: 800 });
    const version = ringside.cell("service-19", "dev").locator(".version");
    await expect(version).toHaveText("main-202611219");
    const end = await version.evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element.lastChild);
      return range.getBoundingClientRect().right <= element.closest("td").getBoundingClientRect().right;
    });
    expect(end).toBe(true);
  });

  test("the first filter moves nothing", async ({ ringside, page }) => {
    for (const width of [1600, 1280, 768, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await ringside.open();
      await expect(page.getByText("1 note", { exact: true })).toBeVisible();
      const { y } = await page.locator(".board").boundingBox();
      await ringside.open("?service=service-1");
      await expect(page.locator(".notes")).toHaveCount(0);
      expect((await page.locator(".board").boundingBox()).y, `${width}`).toBe(y);
    }
  });
});

test("why something failed and who is waited for can be read in narrow cells", async ({ ringside, page }) => {
  /** Whether all of these words are within what is seen of the line. */
  const isSeen = (line, words) =>
    line.evaluate((says, words) => {
      const at = says.textContent.indexOf(words);
      if (at < 0) return false;
      const range = document.createRange();
      range.setStart(says.firstChild, at);
      range.setEnd(says.firstChild, at + words.length);
      const [seen, all] = [says.getBoundingClientRect(), says.closest("td").getBoundingClientRect()];
      return [...range.getClientRects()].every((box) => box.right <= seen.right + 1 && box.bottom <= seen.bottom + 1 && box.bottom <= all.bottom);
    }, words);
  for (const width of [1600, 1280, 900]) {
    await page.setViewportSize({ width, height: 800 });
    await ringside.open("?demo");
    const line = (service, status) => ringside.cell(service, "master").locator(`.line[data-status="${status}"] .line__text`);
    await expect.poll(() => isSeen(line("auth", "failed"), "failed: Lint"), `${width}`).toBe(true);
    await expect.poll(() => isSeen(line("api", "waiting"), "waiting for Inês Holm"), `${width}`).toBe(true);
    await expect.poll(() => isSeen(line("client", "waiting"), "waiting for Ana"), `${width}`).toBe(true);
    // Who can mend it too, where the cells are not the narrowest.
    if (width === 1600) await expect.poll(() => isSeen(line("auth", "failed"), "Inês Holm")).toBe(true);
    await ringside.visit("?demo&density=compact");
    await expect.poll(() => isSeen(line("auth", "failed"), "failed: Lint"), `${width}, compact`).toBe(true);
    await expect(ringside.cell("client", "dev").locator(".cell__clusters")).toBeInViewport();
    await expect(ringside.cell("client", "staging").locator("time")).toBeInViewport();
    // And from there to the run that failed, in a tab of its own.
    const out = ringside.cell("auth", "master").getByRole("link", { name: "Open the failed run" });
    await expect(out).toHaveAttribute("href", /^https:/);
    await expect(out).toHaveAttribute("target", "_blank");
  }
});

test("how far a ring is behind is whole or without its age", async ({ ringside, page }) => {
  for (const width of [1600, 1280, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    await ringside.open("?demo");
    await expect(ringside.cell("auth", "master").locator(".behind")).toBeVisible();
    const cut = await page.locator(".behind > [aria-hidden]", { hasText: /behind|diverged/ }).evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
    expect(cut, `${width}`).toEqual([]);
    const beyond = await page.locator(".behind").evaluateAll((all) =>
      all.filter((one) => {
        const [box, cell, version] = [one, one.closest("td"), one.parentElement.querySelector(".cell__version")].map((e) => e.getBoundingClientRect());
        const isOnVersion = box.left < version.right - 1 && box.top < version.bottom - 1;
        return isOnVersion || box.left < cell.left || box.right > cell.right + 1;
      }).map((one) => one.textContent));
    expect(beyond, `within its cell, and beside or below the version, ${width}`).toEqual([]);
    for (const density of ["comfortable", "compact"]) {
      await ringside.visit(`?demo&density=${density}`);
      await expect(ringside.html).toHaveAttribute("data-density", density);
      const isWhole = (service) => ringside.cell(service, "master").locator(".version__begin").evaluate((begin) => begin.scrollWidth <= begin.clientWidth);
      expect(await Promise.all(["auth", "client", "traefik"].map(isWhole)), `the version stays whole, ${width}, ${density}`).toEqual([true, true, true]);
      // What stands below the version, or beside it, has company.
      const alone = await page.locator('[data-density="compact"] td.cell .cell__clusters').evaluateAll((all) =>
        all.filter((one) => {
          const middle = (element) => { const box = element.getBoundingClientRect(); return (box.top + box.bottom) / 2; };
          const others = one.closest("td").querySelectorAll(".cell__version, .behind");
          return [...others].every((other) => Math.abs(middle(other) - middle(one)) > 8);
        }).map((one) => one.closest("td").dataset.service));
      expect(alone, `a count of clusters stands beside something, ${width}, ${density}`).toEqual([]);
    }
  }
});

test.describe("60 services in 15 rings", () => {
  test("draw less than 2,500 nodes", async ({ site, ringside, page }) => {
    const rows = Array.from({ length: 900 }, (_, i) => {
      const more = i % 3 ? {} : waiting(i);
      return full(i % 20, { RowKey: `${i}`, service: `service-${Math.floor(i / 15)}`, env: `ring-${i % 15}`, ...more });
    });
    await site.useRows(rows, { rings: Array.from({ length: 15 }, (_, i) => ({ name: `ring-${i}` })) });
    await page.setViewportSize({ width: 1600, height: 900 });
    await ringside.open();
    await ringside.expectCount(900);
    await expect(ringside.cell("service-0", "ring-1")).toContainText("1.1.0");
    expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(2500);
  });
});

test("of a thousand feature rings those in sight are drawn, and the last is reached", async ({ site, ringside, page }) => {
  const rows = Array.from({ length: 1000 }, (_, i) => full(i % 28, { RowKey: `${i}`, service: `service-${i % 5}`, env: `fix-number-${i}-of-many` }));
  await site.useRows(rows);
  await ringside.open();
  await expect(ringside.ringHeaders).toHaveCount(8);
  await page.getByRole("button", { name: "Show 992 more" }).click();
  await expect(page.locator('table[aria-colcount="1001"]')).toBeVisible();
  expect(await ringside.ringHeaders.count()).toBeLessThan(20);
  const first = await ringside.ringHeaders.first().getAttribute("data-ring-header");
  await page.getByRole("region", { name: "Services by ring" }).evaluate((board) => board.scrollTo(board.scrollWidth, 0));
  await expect(page.locator('[data-ring-header][aria-colindex="1001"]')).toBeInViewport();
  await expect(ringside.ringHeader(first)).toHaveCount(0);
});

test.describe("what needs attention", () => {
  const rings = [{ name: "dev" }, { name: "prod", clusters: ["east"] }];
  test.beforeEach(async ({ site, ringside }) => {
    await site.useRows(
      [
        api(1, "dev", { imageTag: "3" }), api(5, "prod", { imageTag: "2" }), api(6, "dev", { imageTag: "2" }),
        full(7, { service: "level", env: "dev", imageTag: "9" }),
        full(8, { service: "level", env: "dev", ...waiting(77), prCreatedAt: daysAgo(0) }),
        full(20, { service: "level", env: "fix-login" }),
      ],
      { rings },
    );
    await ringside.open();
  });
  const sum = (page, name) => page.locator(`[data-attention="${name}"]`);

  test("is counted, and each is a filter of the board", async ({ ringside, page }) => {
    await expect(sum(page, "cluster-failed")).toHaveCount(0);
    await sum(page, "behind").click();
    await expect.poll(() => ringside.query.get("attention")).toBe("behind");
    await expect(sum(page, "behind")).toHaveAttribute("aria-pressed", "true");
    await expect(ringside.cell("api", "prod")).not.toHaveAttribute("data-dim");
    await expect(ringside.cell("api", "dev")).toHaveAttribute("data-dim", "true");
    await expect(ringside.cell("level", "dev")).toHaveCount(0);

    await sum(page, "left-over").click();
    await expect(ringside.ringHeaders).toHaveCount(1);
    await expect(ringside.ringHeader("fix-login")).toBeVisible();
    await sum(page, "left-over").click();
    await expect(ringside.ringHeaders).toHaveCount(3);
  });

  test("a long wait and clusters that failed or are behind are counted too", async ({ ringside, site, page }) => {
    const newest = api(2, "prod");
    const rows = [
      newest, full(1, { service: "level", env: "dev", ...waiting(77), prCreatedAt: daysAgo(0) }),
      sync("east", newest.manifestCommitId, { syncState: "failed" }), sync("west", newest.manifestCommitId),
    ];
    const clusters = { rings: [{ name: "dev" }, { name: "prod", clusters: ["east", "west"] }] };
    await site.useRows(rows, { ...clusters, waitingHours: 2 });
    await ringside.open();
    await expect(sum(page, "waiting-long")).toHaveText(/1\s*waiting > 2 h/);
    await expect(sum(page, "cluster-failed")).toHaveText(/1\s*cluster failed/);
    await sum(page, "waiting-long").click();
    await expect(ringside.cell("level", "dev")).not.toHaveAttribute("data-dim");
    await expect(ringside.cell("api", "prod")).toHaveCount(0);
    await sum(page, "cluster-failed").click();
    await expect(ringside.cell("api", "prod")).not.toHaveAttribute("data-dim");
    await expect(ringside.cell("level", "dev")).toHaveCount(0);
    await site.useRows(rows, { ...clusters, waitingHours: 24 });
    await ringside.open();
    await expect(sum(page, "cluster-failed")).toBeVisible();
    await expect(sum(page, "waiting-long")).toHaveCount(0);

    await ringside.open("?demo");
    await expect(sum(page, "cluster-behind")).toHaveText(/1\s*cluster behind/);
    await sum(page, "cluster-behind").click();
    await expect.poll(() => ringside.query.get("attention")).toBe("cluster-behind");
    await expect(ringside.cell("client", "master")).not.toHaveAttribute("data-dim");
    await expect(ringside.cell("client", "dev")).toHaveAttribute("data-dim", "true");
  });

  test("what a ring lacks leads to how the two differ", async ({ ringside, page }) => {
    await ringside.cell("api", "prod").locator(".behind").click();
    await expect(ringside.main).toHaveAttribute("data-view", "compare");
    expect(["from", "to", "service"].map((key) => ringside.query.get(key))).toEqual(["dev", "prod", "api"]);
    await page.goBack();
    await expect(ringside.cell("api", "prod")).toBeVisible();
  });
});

test("a cell is a link as a whole, but not for whoever selects text", async ({ ringside, page, context }) => {
  await ringside.open("?demo");
  const cell = ringside.cell("api", "master");
  const id = await cell.getAttribute("data-running");
  const { width, height } = await cell.boundingBox();
  const position = { x: width - 4, y: height - 4 };
  await cell.click({ position });
  await expect(page.locator(`[data-details="${id}"]`)).toBeVisible();
  await page.keyboard.press("Escape");

  const version = cell.locator(".cell__version");
  for (const how of [{ modifiers: ["Control"] }, { button: "middle" }]) {
    for (const click of [() => cell.click({ position, ...how }), () => version.click(how)]) {
      const [tab] = await Promise.all([context.waitForEvent("page"), click()]);
      await expect.poll(() => new URL(tab.url()).searchParams.get("deployment")).toBe(id);
      await tab.close();
    }
  }
  await expect(ringside.details).toHaveCount(0);

  await cell.evaluate((cell) => {
    getSelection().selectAllChildren(cell);
    cell.dispatchEvent(new MouseEvent("click", { bubbles: true, button: 0 }));
    getSelection().removeAllRanges();
  });
  await expect(ringside.details).toHaveCount(0);
});

test("a service's row shows where rings differ", async ({ ringside, site }) => {
  await site.useRows([
    api(1, "dev", { imageTag: "3" }),
    api(2, "dev", { imageTag: "2" }),
    api(5, "prod", { imageTag: "2", p3End: daysAgo(5) }),
    full(6, { service: "level", env: "dev", imageTag: "9" }),
    full(7, { service: "level", env: "prod", imageTag: "9" }),
  ]);
  await ringside.open();
  await expect(ringside.cell("api", "prod"), "one deployment and one day older than what dev runs").toContainText(/1\sbehind\s·\s1\sd/);
  await expect(ringside.cell("level", "prod")).not.toContainText("·  d");
});

test("filters that hide everything say so", async ({ ringside, page }) => {
  await ringside.open("?demo&service=nosuch");
  await expect(ringside.count).toHaveAttribute("data-shown", "0");
  await page.getByRole("button", { name: /clear/i }).last().click();
  await expect(ringside.cell("api", "master")).toBeVisible();
});
