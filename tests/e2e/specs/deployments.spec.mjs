// The table of deployments: what it draws, in which order, and what filters leave of it.

import { bare, daysAgo, failed, full, many, sync, waiting } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

const VIEW = "?view=deployments";
const COLUMNS = ["status", "service", "ring", "author", "build", "release", "pr", "mergedBy", "manifest", "updated", "clusters"];

/** The first lines of a column's drawn cells. */
const texts = async (ringside, column) =>
  (await ringside.column(column).allInnerTexts()).map((text) => text.split("\n")[0]);

/** The columns of the first drawn row, in order. */
const columns = (ringside) =>
  ringside.rows.first().locator("td[data-column]").evaluateAll((cells) => cells.map((cell) => cell.dataset.column));

test.describe("the table", () => {
  test("each row and cell carries its hooks", async ({ ringside, site }) => {
    const merged = full(5, {
      pr: "4549",
      prState: "merged",
      prTitle: "Promote",
      prBranch: "deploy/api",
      prCreatedAt: daysAgo(5, 8),
      prMergedAt: daysAgo(5, 12),
      mergedBy: "Ken Abe",
    });
    const nothing = undefined;
    const edit = bare(9, { p1: nothing, p2: nothing, imageTag: nothing, commitId: nothing, service: "traefik" });
    await site.useRows([
      merged,
      full(2, failed),
      full(3, waiting(4550)),
      edit,
      sync("prod-east", merged.manifestCommitId),
      sync("prod-west", merged.manifestCommitId),
    ]);
    await ringside.open(VIEW);
    await ringside.expectCount(4);
    await expect(ringside.table).toHaveAttribute("aria-rowcount", "5");
    expect(await columns(ringside)).toEqual(COLUMNS);

    const states = [[merged, "succeeded"], [full(2), "failed"], [full(3), "waiting"], [edit, "succeeded"]];
    for (const [{ RowKey }, status] of states) {
      await expect(ringside.row(RowKey)).toHaveAttribute("data-status", status);
      await expect(ringside.row(RowKey).locator('[data-column="status"]')).toContainText(status, { ignoreCase: true });
    }
    await expect(ringside.row(merged.RowKey)).toHaveAttribute("data-type", "deployment");
    await expect(ringside.row(edit.RowKey)).toHaveAttribute("data-type", "hld-edit");

    const cell = (column) => ringside.row(merged.RowKey).locator(`[data-column="${column}"]`);
    await expect(cell("author")).toContainText("Ken Abe");
    await expect(cell("build")).toContainText("6005");
    await expect(cell("build")).toContainText(merged.commitId.slice(0, 7));
    await expect(cell("release")).toContainText("505");
    await expect(cell("release")).toContainText("1.5.0");
    await expect(cell("pr")).toContainText("4549");
    await expect(cell("pr")).toContainText("deploy/api");
    await expect(cell("mergedBy")).toContainText("Ken Abe");
    await expect(cell("manifest")).toContainText("9005");
    await expect(cell("manifest")).toContainText(merged.hldCommitId.slice(0, 7));
    await expect(cell("updated")).toContainText("5 d ago");
    await expect(cell("updated")).toContainText("22 min");
    await expect(cell("clusters")).toContainText("prod-east and prod-west");
  });

  test("a row is a link as a whole, but not for whoever selects text", async ({ ringside, site, page, context }) => {
    await site.useRows([full(1, { RowKey: "one" }), full(2, { RowKey: "two" })]);
    await ringside.open("?view=deployments");
    const status = ringside.row("one").locator('[data-column="status"]');
    for (const how of [{ modifiers: ["Control"] }, { button: "middle" }]) {
      const [tab] = await Promise.all([context.waitForEvent("page"), status.click(how)]);
      await expect.poll(() => new URL(tab.url()).searchParams.get("deployment")).toBe("one");
      await tab.close();
    }
    await status.evaluate((cell) => {
      getSelection().selectAllChildren(cell);
      cell.dispatchEvent(new MouseEvent("click", { bubbles: true, button: 0 }));
      getSelection().removeAllRanges();
    });
    expect(ringside.query.has("deployment")).toBe(false);
    await status.click();
    await expect(ringside.details).toHaveAttribute("data-details", "one");
  });

  test("many clusters are counted after the first two", async ({ ringside, site }) => {
    const row = full(1);
    const clusters = ["a", "b", "c", "d", "e"].map((name) => sync(`cluster-${name}`, row.manifestCommitId));
    await site.useRows([row, ...clusters]);
    await ringside.open(VIEW);
    await expect(ringside.column("clusters")).toContainText("cluster-a, cluster-b and 3 more");
  });

  test("a state that the row does not tell is unknown, and says why", async ({ ringside, site }) => {
    await site.useRows([bare(1, { manifestCommitId: undefined })]);
    await ringside.open(VIEW);
    const row = ringside.row(bare(1).RowKey);
    await expect(row).toHaveAttribute("data-status", "unknown");
    const status = row.locator('[data-column="status"]');
    await expect(status).toContainText("Unknown");
    const why = await status.evaluate((cell) => cell.title || cell.querySelector("[title]")?.title || "");
    expect(why, "on hover").not.toBe("");
  });

  test("5,000 rows stay under 2,000 nodes and can be scrolled to the end", async ({ ringside, page }) => {
    await ringside.open(`${VIEW}&demo=5000`);
    await ringside.expectCount(5000);
    await expect(ringside.table).toHaveAttribute("aria-rowcount", "5001");
    const indices = () => ringside.rows.evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("aria-rowindex"))));
    expect((await indices())[0]).toBe(2);
    const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
    expect(await nodes()).toBeLessThan(2000);

    await ringside.table.evaluate((table) => {
      let scroller = table;
      while (scroller && !(scroller.scrollHeight > scroller.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(scroller).overflowY))) {
        scroller = scroller.parentElement;
      }
      scroller ??= document.scrollingElement;
      scroller.scrollTop = scroller.scrollHeight;
    });
    await expect.poll(async () => (await indices()).at(-1)).toBe(5001);
    await expect(ringside.rows.last()).toBeInViewport();
    expect(await nodes()).toBeLessThan(2000);
    const drawn = await indices();
    expect(drawn, "without a gap").toEqual(drawn.map((_, i) => drawn[0] + i));
  });

  test("a wide screen has room for all columns", async ({ ringside }) => {
    await ringside.open(`${VIEW}&demo`);
    expect(await columns(ringside)).toEqual(COLUMNS);
    await expect(ringside.rows.first().locator('[data-column="clusters"]')).toBeInViewport({ ratio: 0.95 });
  });

  test("all rows are of one height", async ({ ringside }) => {
    await ringside.open(`${VIEW}&demo`);
    const heights = await ringside.rows.evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
    expect(new Set(heights.map(Math.round)).size).toBe(1);
  });
});

test.describe("columns", () => {
  test("one with nothing in it hides itself", async ({ ringside, site }) => {
    await site.useRows(many(3, bare));
    await ringside.open(VIEW);
    expect(await columns(ringside)).toEqual(["status", "service", "ring", "build", "release", "manifest", "updated"]);
    await expect(ringside.header("Author")).toHaveCount(0);
  });

  test("config.json sets which there are, and in which order", async ({ ringside, site }) => {
    await site.useRows(many(3), { columns: ["updated", "service", "status"] });
    await ringside.open(VIEW);
    expect(await columns(ringside)).toEqual(["updated", "service", "status"]);
  });

  test("the viewer hides, shows and moves them, and the device remembers", async ({ ringside, site, page }) => {
    await site.useRows(many(3));
    await ringside.open(VIEW);
    const before = await columns(ringside);
    const panel = page.getByRole("button", { name: "Columns", exact: true });

    await panel.click();
    await page.getByRole("checkbox", { name: "Author" }).uncheck();
    await expect(ringside.column("author")).toHaveCount(0);
    await page.getByRole("button", { name: /ring.* up|up.* ring/i }).click();
    const expected = before.filter((id) => id !== "author");
    const ring = expected.indexOf("ring");
    [expected[ring - 1], expected[ring]] = [expected[ring], expected[ring - 1]];
    await expect.poll(() => columns(ringside)).toEqual(expected);

    await page.reload();
    await ringside.ready();
    expect(await columns(ringside)).toEqual(expected);

    await panel.click();
    await page.getByRole("checkbox", { name: "Author" }).check();
    await expect(ringside.column("author")).not.toHaveCount(0);
  });
});

test.describe("order", () => {
  test.beforeEach(({ site }) => site.useRows(many(30)));

  /** By time, as `full` makes them: the lower the number, the newer. */
  const byTime = many(30).map((row) => row.RowKey);
  const ids = (ringside) => ringside.rows.evaluateAll((rows) => rows.map((row) => row.dataset.deployment));

  test("the newest come first", async ({ ringside }) => {
    await ringside.open(VIEW);
    const drawn = await ids(ringside);
    expect(drawn).toEqual(byTime.slice(0, drawn.length));
  });

  test("a click on a header sorts by it, another the other way round", async ({ ringside, page }) => {
    await ringside.open(VIEW);
    const header = ringside.header("Service");
    await header.getByRole("button").click();
    await expect(header).toHaveAttribute("aria-sort", "ascending");
    await expect.poll(() => ringside.query.get("sort")).toBe("service");
    expect((await texts(ringside, "service"))[0]).toBe("api");

    await header.getByRole("button").click();
    await expect(header).toHaveAttribute("aria-sort", "descending");
    await expect.poll(() => ringside.query.get("sort")).toBe("-service");
    expect((await texts(ringside, "service"))[0]).toBe("search");
    await expect(page.locator("th[aria-sort=ascending]")).toHaveCount(0);
  });

  test("the keyboard sorts as well", async ({ ringside }) => {
    await ringside.open(VIEW);
    const header = ringside.header("Last updated");
    await header.getByRole("button").focus();
    await ringside.page.keyboard.press("Enter");
    await expect(header).toHaveAttribute("aria-sort", /ascending|descending/);
    await expect(header.getByRole("button")).toBeFocused();
    await expect.poll(() => ringside.query.get("sort")).toMatch(/updated/);
  });

  test("a link brings the order along, and nonsense is the default", async ({ ringside }) => {
    await ringside.open(`${VIEW}&sort=updated`);
    expect((await ids(ringside))[0]).toBe(byTime.at(-1));
    await expect(ringside.header("Last updated")).toHaveAttribute("aria-sort", "ascending");
    await ringside.open(`${VIEW}&sort=colour`);
    expect((await ids(ringside))[0]).toBe(byTime[0]);
  });

  test("rings sort in promotion order", async ({ ringside }) => {
    await ringside.open(`${VIEW}&sort=ring`);
    const rings = [...new Set(await texts(ringside, "ring"))];
    expect(rings).toEqual(["dev", "staging", "prod"].slice(0, rings.length));
  });
});

test.describe("search", () => {
  // 60 rows: 12 of each service, 20 of each ring, 15 of each author.
  test.beforeEach(({ site }) => site.useRows(many(60)));

  const cases = [
    ["api", 12, "a word"],
    ["API", 12, "in any case"],
    ["api staging", 4, "two words, both"],
    ["service:api", 12, "a key"],
    ["service:api service:auth", 24, "a key twice, either"],
    ["service:api ring:dev", 4, "two keys, both"],
    ["service:api -ring:dev", 8, "a key that must not be"],
    ["-service:api", 48, "nothing else but a key that must not be"],
    ['author:"Mara Lind"', 15, "quotes"],
    ['"Change number 7"', 1, "quoted words stand together"],
    ["1.7.0", 1, "an image's tag"],
    [full(7).commitId, 1, "a commit"],
    [full(7).RowKey, 1, "a deployment's id"],
    ["nosuchthing", 0, "what is not there"],
    ["service:", 60, "what is not finished"],
    ['"', 60, "a lone quote"],
  ];
  for (const [words, shown, name] of cases) {
    test(`${name}: ${words}`, async ({ ringside }) => {
      await ringside.open(VIEW);
      await ringside.search.fill(words);
      await ringside.expectCount(60, shown);
      await expect.poll(() => ringside.query.get("q")).toBe(words);
    });
  }

  test("filters that leave nothing offer to be cleared", async ({ ringside, page }) => {
    await ringside.open(`${VIEW}&q=nosuchthing&service=api`);
    await ringside.expectCount(60, 0);
    await expect(ringside.rows).toHaveCount(0);
    await page.getByRole("button", { name: /clear/i }).last().click();
    await ringside.expectCount(60);
    await expect(ringside.search).toHaveValue("");
  });

  test("keys and then values are suggested, and taken with the keyboard", async ({ ringside, page }) => {
    await ringside.open(VIEW);
    await ringside.search.click();
    await ringside.search.pressSequentially("serv");
    await expect(ringside.suggestions.first()).toContainText("service:");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(ringside.search).toHaveValue("service:");

    await expect(ringside.suggestions.filter({ hasText: "billing" })).toBeVisible();
    await ringside.search.pressSequentially("bil");
    await expect(ringside.suggestions).toHaveCount(1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(ringside.search).toHaveValue("service:billing ");
    await ringside.expectCount(60, 12);
  });

  test("a value with a blank is suggested in quotes", async ({ ringside, page }) => {
    await ringside.open(VIEW);
    await ringside.search.click();
    await ringside.search.pressSequentially("author:ma");
    await ringside.suggestions.filter({ hasText: "Mara Lind" }).click();
    await expect(ringside.search).toHaveValue('author:"Mara Lind" ');
    await ringside.expectCount(60, 15);
  });

  test("Escape closes the suggestions and leaves the words", async ({ ringside, page }) => {
    await ringside.open(VIEW);
    await ringside.search.click();
    await ringside.search.pressSequentially("service:a");
    await expect(ringside.suggestions.first()).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(ringside.suggestions).toHaveCount(0);
    await expect(ringside.search).toHaveValue("service:a");
  });
});

test.describe("menus and chips", () => {
  test.beforeEach(({ site }) => site.useRows(many(60)));

  test("a menu counts its values, and those chosen are alternatives", async ({ ringside }) => {
    await ringside.open(VIEW);
    await expect(ringside.menu("service")).toHaveAttribute("aria-expanded", "false");
    await ringside.menu("service").click();
    await expect(ringside.menu("service")).toHaveAttribute("aria-expanded", "true");
    await ringside.choice(/^api\b.*12/).check();
    await ringside.expectCount(60, 12);
    await ringside.choice(/^auth\b.*12/).check();
    await ringside.expectCount(60, 24);
    expect(ringside.query.getAll("service")).toEqual(["api", "auth"]);
    await ringside.choice(/^api\b/).uncheck();
    await ringside.expectCount(60, 12);
    expect(ringside.query.getAll("service")).toEqual(["auth"]);
  });

  test("the counts of one menu follow the filters of the others", async ({ ringside, page }) => {
    await ringside.open(`${VIEW}&service=api`);
    await ringside.menu("ring").click();
    await expect(ringside.choice(/^dev\b.*\b4\b/)).toBeVisible();
    await page.keyboard.press("Escape");
    await ringside.menu("service").click();
    await expect(ringside.choice(/^auth\b.*12/), "and not its own").toBeVisible();
  });

  for (const [facet, value] of [["service", "api"], ["ring", "dev"], ["author", "Mara Lind"], ["status", "succeeded"], ["type", "deployment"]]) {
    test(`the menu ${facet} is used with the keyboard alone`, async ({ ringside, page }) => {
      await ringside.open(VIEW);
      await ringside.menu(facet).focus();
      await page.keyboard.press("Enter");
      const choice = ringside.choice(new RegExp(`^${value}`, "i"));
      await expect(choice).toBeVisible();
      await choice.focus();
      await page.keyboard.press("Space");
      await expect(choice).toBeChecked();
      await expect.poll(() => ringside.query.get(facet)).toBe(value);
      await page.keyboard.press("Escape");
      await expect(choice).toBeHidden();
      await expect(ringside.menu(facet)).toBeFocused();
    });
  }

  test("what differs in case alone, or is another name of the same ring, is one value", async ({
    ringside, site, page,
  }) => {
    await site.useRows(many(4, (n) => full(n, { env: "prod", authorName: n % 2 ? "Änne Öst" : "Ken Abe" })), {
      rings: [{ name: "prod", aliases: ["master"] }],
    });
    await ringside.open("?view=deployments&author=änne öst&ring=MASTER");
    await ringside.expectCount(4, 2);
    await expect(ringside.chip("author", "Änne Öst")).toBeVisible();
    await expect(ringside.chip("ring", "prod")).toBeVisible();
    for (const [facet, value] of [["author", /^Änne Öst/], ["ring", /^prod/]]) {
      await ringside.menu(facet).click();
      await expect(ringside.choice(value)).toHaveCount(1);
      await expect(ringside.choice(value)).toBeChecked();
      await ringside.choice(value).uncheck();
      await expect.poll(() => ringside.query.getAll(facet)).toEqual([]);
      await page.keyboard.press("Escape");
    }
    await ringside.expectCount(4);
    await ringside.search.fill("author:\"ÄNNE ÖST\"");
    await ringside.expectCount(4, 2);
  });

  test("an active filter is a chip that takes itself away", async ({ ringside }) => {
    await ringside.open(`${VIEW}&service=api&ring=dev`);
    await ringside.expectCount(60, 4);
    await ringside.chip("ring", "dev").click();
    await ringside.expectCount(60, 12);
    await expect(ringside.chip("ring", "dev")).toHaveCount(0);
    await expect(ringside.chip("service", "api")).toBeVisible();
    expect(ringside.query.has("ring")).toBe(false);
  });

  test("one button clears them all", async ({ ringside, page }) => {
    await ringside.open(`${VIEW}&service=api&ring=dev&q=number`);
    await page.getByRole("button", { name: "Clear all" }).click();
    await ringside.expectCount(60);
    for (const key of ["service", "ring", "q"]) expect(ringside.query.has(key)).toBe(false);
  });

  test("a click beside a menu closes it", async ({ ringside, page }) => {
    await ringside.open(VIEW);
    await ringside.menu("service").click();
    await expect(ringside.choice(/^api\b/)).toBeVisible();
    await page.mouse.click(800, 700);
    await expect(ringside.choice(/^api\b/)).toBeHidden();
  });
});

test.describe("the address", () => {
  test.beforeEach(({ site }) => site.useRows(many(60)));

  test("typing replaces, navigating pushes, and back goes back", async ({ ringside, page }) => {
    await ringside.open(VIEW);
    const entries = () => page.evaluate(() => history.length);
    const start = await entries();
    await ringside.search.click();
    await ringside.search.pressSequentially("api");
    await ringside.search.press("Enter");
    await ringside.expectCount(60, 12);
    await expect.poll(() => ringside.query.get("q")).toBe("api");
    expect(await entries(), "after typing").toBe(start);

    await ringside.menu("ring").click();
    await ringside.choice(/^dev\b/).check();
    await ringside.expectCount(60, 4);
    expect(await entries(), "after choosing").toBe(start + 1);
    await ringside.go("Rings");
    await expect(ringside.main).toHaveAttribute("data-view", "rings");
    expect(await entries(), "after another view").toBe(start + 2);

    await page.goBack();
    await expect(ringside.main).toHaveAttribute("data-view", "deployments");
    await ringside.expectCount(60, 4);
    await page.goBack();
    await ringside.expectCount(60, 12);
    await expect(ringside.search).toHaveValue("api");
    await page.goForward();
    await ringside.expectCount(60, 4);
    await expect(ringside.chip("ring", "dev")).toBeVisible();
  });

  test("filters go along from view to view", async ({ ringside }) => {
    await ringside.open(`${VIEW}&service=api`);
    await ringside.go("Rings");
    await expect(ringside.chip("service", "api")).toBeVisible();
    await ringside.expectCount(60, 12);
  });

  test("links of Spektate still work", async ({ ringside }) => {
    await ringside.open("?keyword=number&env=dev&service=api&limit=50");
    await ringside.expectCount(60, 4);
    await expect(ringside.search).toHaveValue("number");
    await expect(ringside.chip("ring", "dev")).toBeVisible();
  });

  const links = [
    ["service=api&service=auth", 24],
    ["service=API", 12],
    ["ring=dev&service=api", 4],
    ["author=Mara+Lind", 15],
    ["status=succeeded", 60],
    ["status=failed", 0],
    ["type=hld-edit", 0],
    ["branch=main", 20],
    ["since=7d", 6],
    ["since=nonsense", 60],
    ["project=trivia", 60],
  ];
  for (const [query, shown] of links) {
    test(`${query} shows ${shown}`, async ({ ringside }) => {
      await ringside.open(`${VIEW}&${query}`);
      await ringside.expectCount(60, shown);
    });
  }

  test("a key that is not ours is kept, a secret is not", async ({ ringside }) => {
    await ringside.open(`${VIEW}&portal=7&sig=topsecret`);
    await ringside.menu("service").click();
    await ringside.choice(/^api\b/).check();
    await expect.poll(() => ringside.query.get("service")).toBe("api");
    expect(ringside.query.get("portal")).toBe("7");
    expect(ringside.query.has("sig")).toBe(false);
  });

  test("the count says how many of how many", async ({ ringside, page }) => {
    await ringside.open(`${VIEW}&demo=4312`);
    await expect(ringside.count).toContainText("4,312");
    await ringside.search.fill("service:api");
    await expect(ringside.count).toContainText(/[\d,]+ of 4,312/);
    await expect(page.locator("[data-total]")).toHaveCount(1);
  });
});
