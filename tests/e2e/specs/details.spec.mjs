// The drawer with one deployment's stages.

import { daysAgo, failed, full, many, sync } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

const whole = full(2, {
  commitId: "0a12da8c9914f3a1b2c3d4e5f60718293a4b5c6d",
  pr: "4549",
  prUrl: "https://git.contoso.example/pull/4549",
  prState: "merged",
  prTitle: "Promote api",
  prBranch: "deploy/api",
  prCreatedAt: daysAgo(2, 8),
  prMergedAt: daysAgo(2, 12),
  mergedBy: "Ken Abe",
  p2Url: "javascript:alert(1)",
});

test.beforeEach(({ site }) =>
  site.useRows([full(1), whole, full(3, failed), ...many(20).slice(3), sync("prod-east", whole.manifestCommitId)]),
);

test("a click opens them, in the address too", async ({ ringside }) => {
  await ringside.open("?view=deployments");
  await ringside.row(whole.RowKey).locator('[data-column="status"]').click();
  await expect(ringside.details).toHaveAttribute("data-details", whole.RowKey);
  await expect.poll(() => ringside.query.get("deployment")).toBe(whole.RowKey);
  await expect(ringside.page.getByRole("dialog").getByRole("heading").first()).toBeVisible();
});

test("stages stand in their order, each with its state", async ({ ringside }) => {
  await ringside.open(`?view=deployments&deployment=${whole.RowKey}`);
  const stages = await ringside.stages.evaluateAll((all) => all.map((s) => [s.dataset.stage, s.dataset.status]));
  expect(stages).toEqual([
    ["commit", "succeeded"],
    ["build", "succeeded"],
    ["release", "succeeded"],
    ["pr", "succeeded"],
    ["manifest", "succeeded"],
    ["sync", "synced"],
  ]);
  await expect(ringside.stage("commit")).toContainText("0a12da8");
  await expect(ringside.stage("commit")).toContainText("Change number 2");
  await expect(ringside.stage("build")).toContainText("6002");
  await expect(ringside.stage("build")).toContainText("5 min");
  await expect(ringside.stage("pr")).toContainText("4549");
  await expect(ringside.stage("pr")).toContainText("Ken Abe");
  await expect(ringside.stage("manifest")).toContainText(whole.manifestCommitId.slice(0, 7));
  await expect(ringside.stage("sync")).toContainText("prod-east");
});

test("a failure stands at the stage that failed", async ({ ringside }) => {
  await ringside.open(`?view=deployments&deployment=${full(3).RowKey}`);
  await expect(ringside.stage("build")).toHaveAttribute("data-status", "failed");
  await expect(ringside.stage("manifest")).not.toHaveAttribute("data-status", "succeeded");
});

test("Enter opens them, Escape closes them and gives the focus back", async ({ ringside, page }) => {
  await ringside.open("?view=deployments");
  await ringside.row(whole.RowKey).focus();
  await page.keyboard.press("Enter");
  await expect(ringside.details).toHaveAttribute("data-details", whole.RowKey);
  await expect(ringside.details.locator(":focus").or(page.locator("[data-details]:focus"))).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(ringside.details).toHaveCount(0);
  await expect(ringside.row(whole.RowKey)).toBeFocused();
  expect(ringside.query.has("deployment")).toBe(false);
});

test("the button closes them as well, and back does too", async ({ ringside, page }) => {
  await ringside.open("?view=deployments");
  await ringside.row(whole.RowKey).click();
  await page.getByRole("button", { name: "Close details" }).click();
  await expect(ringside.details).toHaveCount(0);

  await ringside.row(whole.RowKey).click();
  await expect(ringside.details).toHaveCount(1);
  await page.goBack();
  await expect(ringside.details).toHaveCount(0);
  await expect(ringside.main).toHaveAttribute("data-view", "deployments");
});

test("a link opens them in either view", async ({ ringside }) => {
  for (const view of ["rings", "deployments"]) {
    await ringside.open(`?view=${view}&deployment=${whole.RowKey}`);
    await expect(ringside.details).toHaveAttribute("data-details", whole.RowKey);
    await expect(ringside.details).toBeInViewport();
  }
});

test("one that no table holds is said to be unknown", async ({ ringside, page }) => {
  await ringside.open("?view=deployments&deployment=nosuch");
  await expect(page.getByRole("dialog")).toContainText(/no deployment has this id/i);
  await expect(ringside.rows.first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("from the rings, what runs is one click away", async ({ ringside }) => {
  await ringside.open();
  const running = await ringside.cell("client", "prod").getAttribute("data-running");
  await ringside.cell("client", "prod").getByRole("link").or(ringside.cell("client", "prod").getByRole("button")).first().click();
  await expect(ringside.details).toHaveAttribute("data-details", running);
  await ringside.page.keyboard.press("Escape");
  await expect(ringside.details).toHaveCount(0);
  await expect(ringside.cell("client", "prod").locator(":focus")).toHaveCount(1);
});

test("where a fact comes from does not stand on a line alone, and what a cluster failed to apply did not succeed", async ({ ringside }) => {
  await ringside.open("?demo&view=deployments&service=api&status=succeeded&ring=dev");
  await ringside.rows.first().locator('[data-column="status"]').click();
  await expect(ringside.details.locator(".drawer__about .state")).toHaveText("Published");
  const isAlone = (info) => {
    const before = document.createRange();
    before.selectNodeContents(info.parentElement);
    before.setEndBefore(info);
    const box = info.getBoundingClientRect();
    return ![...before.getClientRects()].some(({ top, bottom }) => top < box.bottom - 2 && box.top < bottom - 2);
  };
  expect(await ringside.stage("manifest").locator(".stage__info").evaluate(isAlone)).toBe(false);
});

test("ids are copied whole", async ({ ringside, context, page }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await ringside.open(`?view=deployments&deployment=${whole.RowKey}`);
  await ringside.details.getByText("IDs", { exact: true }).click();
  await ringside.details.getByRole("button", { name: "Copy the commit" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(whole.commitId);
});

test("links open in a new tab, and only web addresses are links", async ({ ringside }) => {
  await ringside.open(`?view=deployments&deployment=${whole.RowKey}`);
  const link = ringside.stage("build").getByRole("link").first();
  await expect(link).toHaveAttribute("href", "https://ci.contoso.example/builds/6002");
  await expect(link).toHaveAttribute("target", "_blank");
  await expect(link).toHaveAttribute("rel", /noopener/);
  await expect(ringside.page.locator('a[href^="javascript:"]')).toHaveCount(0);
  await expect(ringside.stage("release").locator("a[href*=alert]")).toHaveCount(0);
});

test("another row takes the place of the open one", async ({ ringside }) => {
  await ringside.open(`?view=deployments&deployment=${whole.RowKey}`);
  await ringside.row(full(1).RowKey).locator('[data-column="status"]').click();
  await expect(ringside.details).toHaveAttribute("data-details", full(1).RowKey);
  await expect(ringside.details).toHaveCount(1);
});

test("they stand beside the view and cover no control, and their width is remembered", async ({ ringside, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await ringside.open(`?view=deployments&deployment=${whole.RowKey}`);
  const drawer = await ringside.details.boundingBox();
  for (const covered of [ringside.main, page.getByRole("banner")]) {
    const box = await covered.boundingBox();
    expect(box.x + box.width <= drawer.x + 1 || box.y + box.height <= drawer.y + 1).toBe(true);
  }
  const edge = page.getByRole("separator", { name: "Width of the details" });
  const { x, y, height } = await edge.boundingBox();
  await page.mouse.move(x + 3, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x - 97, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Math.abs((await ringside.details.boundingBox()).width - drawer.width - 97)).toBeLessThan(8);
  await edge.focus();
  await page.keyboard.press("ArrowRight");
  const { width } = await ringside.details.boundingBox();
  await page.reload();
  await ringside.ready();
  await expect.poll(async () => (await ringside.details.boundingBox()).width).toBe(width);
});

test("the keys j and k lead to the deployments before and after", async ({ ringside, page }) => {
  const before = many(20).slice(3).find((row) => row.service === whole.service && row.env === whole.env);
  await ringside.open(`?view=deployments&deployment=${whole.RowKey}`);
  await expect(page.locator("#details-title")).toBeFocused();
  await page.keyboard.press("j");
  await expect(ringside.details).toHaveAttribute("data-details", before.RowKey);
  await page.keyboard.press("k");
  await expect(ringside.details).toHaveAttribute("data-details", whole.RowKey);
  await page.getByRole("button", { name: /^Previous deployment/ }).click();
  await expect(ringside.details).toHaveAttribute("data-details", before.RowKey);
  await page.getByRole("button", { name: /^Next deployment/ }).click();
  await expect(ringside.details).toHaveAttribute("data-details", whole.RowKey);
});

test("the way is drawn to scale, and its waits stand in the list", async ({ ringside }) => {
  await ringside.open(`?view=deployments&deployment=${whole.RowKey}`);
  await expect(ringside.details.locator('[data-wait="pr"]')).toHaveText("waited 4 min for Ken Abe");
  const drawing = await ringside.details.locator("svg.way").boundingBox();
  const waits = await ringside.details.locator("svg .way__wait").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
  // The cluster applied it two days later: that wait is nearly all of the way.
  expect(Math.max(...waits)).toBeGreaterThan(drawing.width * 0.9);
  expect(Math.min(...waits)).toBeLessThan(drawing.width * 0.1);
});

test("beside a wait and the whole way stands what is usual in this service and ring, of the last 30 days", async ({ ringside, site }) => {
  const promoted = (n, waited) =>
    full(n, { service: "api", env: "prod", pr: `${n}`, prState: "merged", mergedBy: "Ken Abe", prCreatedAt: daysAgo(n, 8), prMergedAt: daysAgo(n, 8 + waited), p3Start: daysAgo(n, 9 + waited), p3End: daysAgo(n, 10 + waited) });
  const before = [promoted(3, 30), promoted(4, 50), promoted(5, 40)];
  const others = [full(6, { ...promoted(6, 5), env: "dev" }), promoted(33, 700), promoted(34, 700), promoted(35, 700)];
  const slow = promoted(1, 720);
  await site.useRows([slow, ...before, ...others]);
  await ringside.open(`?view=deployments&deployment=${slow.RowKey}`);
  await expect(ringside.details.locator('[data-wait="pr"]')).toHaveText("waited 12 h for Ken Abe, usually 40 min");
  await expect(ringside.details).toContainText("12 h 10 min from image build to manifest build, usually 50 min (30 days)");
});

test("until it is published the details show what each cluster of its ring runs", async ({ ringside }) => {
  await ringside.open("?demo");
  await ringside.cell("api", "master").locator('.line[data-status="waiting"] a').first().click();
  const clusters = ringside.stage("sync").locator("[data-cluster]");
  await expect(clusters).toHaveText([/prod-east runs 1\.42\.3, applied .* ago/, /prod-west runs 1\.42\.3, applied .* ago/]);
  await expect(clusters.first().getByRole("link")).toHaveJSProperty("tabIndex", 0);
});

test("what ships names its commits and authors, and the history and the same version elsewhere are a click away", async ({ ringside, site }) => {
  const at = (n, key, env, tag, more) => full(n, { RowKey: key, service: "api", env, imageTag: tag, ...more });
  await site.useRows([at(1, "new", "prod", "3", { authorName: "Ana Ruiz" }), at(2, "same", "dev", "3"), at(3, "mid", "dev", "2", { authorName: "Mara Lind" }), at(4, "old", "prod", "1")]);
  await ringside.open("?view=deployments&deployment=new");
  const ships = ringside.details.locator('[data-section="ships"]');
  await expect(ships).toContainText("From 1 to 3");
  await expect(ships).toContainText("Ana Ruiz");
  await expect(ships).toContainText("Mara Lind");
  const elsewhere = ringside.details.locator('[data-section="elsewhere"]');
  await expect(elsewhere).toContainText("live in dev");
  await elsewhere.getByRole("link").click();
  await expect(ringside.details).toHaveAttribute("data-details", "same");
  await ringside.details.getByRole("link", { name: "History of api" }).click();
  await expect(ringside.main).toHaveAttribute("data-view", "history");
});

test("on paper they are a sheet without what can only be pressed", async ({ ringside, page }) => {
  await ringside.open(`?view=deployments&deployment=${whole.RowKey}`);
  await expect(ringside.stage("build")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(ringside.stage("sync")).toBeVisible();
  await expect(ringside.main).toBeHidden();
  await expect(ringside.details.getByRole("button")).toHaveCount(0);
  const clipped = await ringside.details.evaluate((drawer) => drawer.scrollHeight > drawer.clientHeight + 1);
  expect(clipped).toBe(false);
});

test("on a narrow screen they are a page of their own", async ({ ringside, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await ringside.open(`?view=deployments&deployment=${whole.RowKey}`);
  expect(await ringside.details.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
  const sideways = await ringside.details.evaluate((drawer) => drawer.lastElementChild.scrollWidth - drawer.lastElementChild.clientWidth);
  expect(sideways).toBeLessThanOrEqual(0);
});

test("custom links carry the deployment's values", async ({ ringside, site }) => {
  site.config = {
    ...site.config,
    links: [{ title: "Logs", url: "https://logs.example/?app={service}&env={ring}&tag={imageTag}" }],
  };
  await ringside.open(`?view=deployments&deployment=${whole.RowKey}`);
  await expect(ringside.details.getByRole("link", { name: "Logs" })).toHaveAttribute(
    "href",
    `https://logs.example/?app=${whole.service}&env=${whole.env}&tag=1.2.0`,
  );
});
