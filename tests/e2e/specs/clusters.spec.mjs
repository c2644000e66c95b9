// What clusters run, as the table's rows report it: in the rings, in the table and in the details.

import { failed, full, sync } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

const [newest, older, oldest] = [1, 2, 3].map((n) => full(n, { service: "api", env: "prod" }));
const message = "health check failed: deployment/api not ready";

/** One ring, three clusters: one runs the newest, one could not apply it, one has stayed behind. */
const rows = [
  newest,
  older,
  oldest,
  sync("east", newest.manifestCommitId),
  sync("west", oldest.manifestCommitId),
  sync("lab", newest.manifestCommitId, { syncState: "failed", syncMessage: message }),
];
const rings = [{ name: "prod", clusters: ["east", "west", "lab"] }];

/** Opens the list of a ring's clusters. */
const open = (ringside, ring) => ringside.ringHeader(ring).getByRole("button", { name: /synced|behind|failed|unknown/ });

/** A cluster in the head of the ring, in the open list of a cell, in the details. */
const cluster = (place, name) => place.locator(`[data-cluster="${name}"]`);
const count = (ringside) => ringside.cell("api", "prod").getByRole("button", { name: /of 3 clusters/ });

test.describe("three clusters in three states", () => {
  test.beforeEach(async ({ site }) => site.useRows(rows, { rings }));

  test("stand in the ring's head, what needs somebody first", async ({ ringside }) => {
    await ringside.open();
    const header = ringside.ringHeader("prod");
    await expect(header).toHaveAttribute("data-sync", "failed");
    await expect(open(ringside, "prod")).toContainText(/1 synced.*1 behind.*1 failed/);
    await expect(cluster(header, "lab")).toHaveCount(0);
    await open(ringside, "prod").press("Enter");
    const names = await header.locator("[data-cluster]").evaluateAll((all) => all.map((c) => c.dataset.cluster));
    expect(names).toEqual(["lab", "west", "east"]);
    await expect(cluster(header, "lab")).toHaveAttribute("data-sync", "failed");
    await expect(cluster(header, "lab")).toContainText(`failed: ${message}`);
    await expect(cluster(header, "west")).toHaveAttribute("data-sync", "pending");
    await expect(cluster(header, "west")).toContainText("2 deployments behind");
    await expect(cluster(header, "east")).toHaveAttribute("data-sync", "synced");
    await expect(cluster(header, "east")).toContainText(/synced 12 h ago/);
    await header.page().keyboard.press("Escape");
    await expect(cluster(header, "lab")).toHaveCount(0);
    await expect(open(ringside, "prod")).toBeFocused();
  });

  test("a cell says how many run what it shows, and opens to which, by keyboard", async ({ ringside, page }) => {
    await ringside.open();
    const cell = ringside.cell("api", "prod");
    await expect(cell).toHaveAttribute("data-running", newest.RowKey);
    await expect(count(ringside)).toContainText("1/3 clusters");
    await expect(count(ringside)).toHaveAttribute("aria-expanded", "false");
    await expect(cluster(cell, "west")).toBeHidden();
    await count(ringside).focus();
    await page.keyboard.press("Enter");
    await expect(count(ringside)).toHaveAttribute("aria-expanded", "true");
    await expect(count(ringside)).toBeFocused();
    await expect(cluster(cell, "east")).toContainText("runs 1.1.0");
    await expect(cluster(cell, "west")).toContainText("runs 1.3.0");
    // It failed at the newest, and never said what it ran before.
    await expect(cluster(cell, "lab")).toHaveAttribute("data-sync", "failed");
    await expect(cluster(cell, "lab")).toContainText("version unknown");
    await page.keyboard.press("Enter");
    await expect(cluster(cell, "west")).toBeHidden();
  });

  test("the table names those that have a deployment and those that failed it, and filters by them", async ({ ringside }) => {
    await ringside.open("?view=deployments");
    const cell = ringside.row(newest.RowKey).locator('[data-column="clusters"]');
    await expect(cell).toContainText("east");
    await expect(cell).toContainText("failed: lab");
    await ringside.search.fill("cluster:west");
    await ringside.expectCount(3, 1);
    await expect(ringside.row(oldest.RowKey)).toBeVisible();
  });

  test("the details list each of them, with the message of a failure", async ({ ringside }) => {
    await ringside.open(`?deployment=${newest.RowKey}`);
    const stage = ringside.stage("sync");
    await expect(cluster(stage, "east")).toContainText("applied 12 h ago");
    await expect(cluster(stage, "east")).toContainText(newest.manifestCommitId.slice(0, 7));
    await expect(cluster(stage, "east").locator("time")).toHaveAttribute("title", /\d{4}, \d\d:\d\d:\d\d/);
    await expect(cluster(stage, "lab")).toHaveAttribute("data-sync", "failed");
    await expect(cluster(stage, "lab")).toContainText(message);
  });

  test.describe("on a phone", () => {
    test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

    test("heads and counts are there, and nothing scrolls sideways", async ({ ringside, page }) => {
      await ringside.open();
      await open(ringside, "prod").tap();
      await expect(cluster(ringside.ringHeader("prod"), "lab")).toBeInViewport();
      await page.keyboard.press("Escape");
      await count(ringside).tap();
      await expect(cluster(ringside.cell("api", "prod"), "west")).toBeVisible();
      const { height } = await count(ringside).boundingBox();
      expect(height).toBeGreaterThanOrEqual(24);
      const wider = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.scrollingElement;
        return scrollWidth - clientWidth;
      });
      expect(wider).toBeLessThanOrEqual(0);
    });
  });
});

/** The clusters in each state, by name, as the heads of all rings say. */
async function inHeads(ringside) {
  const found = { failed: new Set(), pending: new Set() };
  for (const head of await ringside.ringHeaders.all()) {
    const open = head.locator(".ring__clusters");
    if (!(await open.count())) continue;
    await open.click();
    for (const one of await head.locator("[data-cluster]").all()) {
      found[await one.getAttribute("data-sync")]?.add(await one.getAttribute("data-cluster"));
    }
    await ringside.page.keyboard.press("Escape");
  }
  return [found.failed.size, found.pending.size];
}

test("what needs attention counts the clusters that the heads name, and leads to where they are", async ({ ringside, site, page }) => {
  const sum = (name) => page.locator(`[data-attention="${name}"]`);
  const check = async (failed, behind) => {
    for (const [name, expected] of [["cluster-failed", failed], ["cluster-behind", behind]]) {
      if (expected) await expect(sum(name).locator("b")).toHaveText(String(expected));
      else await expect(sum(name)).toHaveCount(0);
    }
    expect(await inHeads(ringside)).toEqual([failed, behind]);
  };
  // From rows alone it is not known what of a service is missing in a cluster that is behind.
  await site.useRows([...rows, full(30, { service: "web", env: "dev" })], { rings: [{ name: "dev", clusters: ["none"] }, ...rings] });
  await ringside.open();
  await expect(open(ringside, "prod")).toContainText("1 behind");
  await check(1, 1);
  await sum("cluster-behind").click();
  await expect(ringside.cell("api", "prod")).not.toHaveAttribute("data-dim");
  await expect(ringside.cell("web", "dev")).toHaveCount(0);

  await ringside.open("?demo");
  await expect(sum("cluster-behind")).toBeVisible();
  await check(1, 1);
});

test("where all clusters are in step a cell counts none", async ({ ringside, site }) => {
  const all = ["east", "west", "lab"].map((name) => sync(name, newest.manifestCommitId));
  await site.useRows([newest, ...all], { rings });
  await ringside.open();
  await expect(open(ringside, "prod")).toHaveText(/^\s*3 synced\s*$/);
  await expect(ringside.cell("api", "prod")).toContainText("Runs");
  await expect(count(ringside)).toHaveCount(0);
});

test("what no cluster is known to have is deployed, and no more", async ({ ringside, site }) => {
  const other = full(4, { service: "api", env: "dev" });
  await site.useRows([newest, older, sync("east", "fffffffffff"), other], {
    rings: [{ name: "dev", clusters: ["lab"] }, { name: "prod", clusters: ["east"] }],
  });
  await ringside.open();
  await expect(ringside.cell("api", "prod")).toContainText("deployed · cluster state unknown");
  await expect(ringside.cell("api", "prod")).not.toContainText("Runs");
  await expect(ringside.ringHeader("prod")).toHaveAttribute("data-sync", "unknown");
  await expect(ringside.cell("api", "dev"), "where no cluster reports, the rows say").toContainText("Runs");
});

test("a failed build stays a failed build beside what clusters run", async ({ ringside, site }) => {
  const broken = full(0, { service: "api", env: "prod", ...failed });
  await site.useRows([broken, newest, sync("east", newest.manifestCommitId)], { rings: [{ name: "prod" }] });
  await ringside.open();
  await expect(ringside.cell("api", "prod")).toHaveAttribute("data-running", newest.RowKey);
  await expect(ringside.cell("api", "prod")).toHaveAttribute("data-failed", broken.RowKey);
});

test("several clusters that no ring names are a note, with what to write", async ({ ringside, site, page }) => {
  await site.useRows(rows);
  await ringside.open();
  const note = page.locator('[data-note="no-rings"]');
  await expect(note).toBeHidden();
  await page.getByText("1 note", { exact: true }).click();
  await expect(note).toContainText('"clusters"');
  await site.useRows(rows, { rings });
  await ringside.open();
  await expect(page.locator("[data-note]")).toHaveCount(0);
});

test.describe("feature rings left over", () => {
  const idle = [newest, full(20, { service: "api", env: "fix-login" }), full(3, { service: "api", env: "fix-logout" })];

  test("are marked when nothing happened for long", async ({ ringside, site }) => {
    await site.useRows(idle);
    await ringside.open();
    await expect(ringside.ringHeader("fix-login")).toHaveAttribute("data-left-over", "idle");
    await expect(ringside.ringHeader("fix-login")).toContainText("idle for 20 days");
    await expect(ringside.ringHeader("fix-logout")).not.toHaveAttribute("data-left-over");
    await expect(ringside.ringHeader("prod")).not.toHaveAttribute("data-left-over");
  });

  for (const idleDays of [0, 30]) {
    test(`are not after ${idleDays} days`, async ({ ringside, site }) => {
      await site.useRows(idle, { idleDays });
      await ringside.open();
      await expect(ringside.ringHeaders).toHaveCount(3);
      await expect(ringside.page.locator("[data-left-over]")).toHaveCount(0);
    });
  }
});
