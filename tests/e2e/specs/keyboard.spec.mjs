// Everything without a mouse.

import { full } from "../support/rows.mjs";
import { expect, test } from "../support/test.mjs";

/** What has the focus, in a word. */
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element === document.body ? "" : (element.ariaLabel || element.textContent.trim() || element.tagName).slice(0, 40);
  });

test("the first Tab skips to the content", async ({ ringside, page }) => {
  await ringside.open("?demo&view=deployments");
  await page.keyboard.press("Tab");
  const skip = page.locator("a:focus");
  await expect(skip).toHaveAccessibleName(/skip/i);
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("main:focus, main :focus")).toHaveCount(1);
});

test("Tab goes through header, filters and table, and shows where it is", async ({ ringside, page }) => {
  await ringside.open("?demo&view=deployments");
  const seen = [];
  let sawSearch = false;
  let sawRow = false;
  for (let presses = 0; presses < 60 && !sawRow; presses++) {
    await page.keyboard.press("Tab");
    seen.push(await focused(page));
    const focus = await page.evaluate(() => {
      const element = document.querySelector(":focus");
      if (!element) return undefined;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const isShown = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      return { isShown, isSearch: element.matches("input[type=search]"), isRow: element.matches("tr[data-deployment]") };
    });
    if (!focus) break;
    expect(focus.isShown, `${seen.at(-1)} shows its focus`).toBe(true);
    sawSearch ||= focus.isSearch;
    sawRow = focus.isRow;
  }
  expect(sawSearch, seen.join(" | ")).toBe(true);
  expect(sawRow, seen.join(" | ")).toBe(true);
  const order = ["Rings", "Deployments", "Compare", "Connections"].map((name) => seen.findIndex((text) => text.startsWith(name)));
  expect(order.every((place, i) => place >= 0 && (i === 0 || place > order[i - 1])), seen.join(" | ")).toBe(true);
  // One row alone takes part: the rest are reached with arrows.
  await expect(page.locator('tr[data-deployment][tabindex="0"]')).toHaveCount(1);
});

test("/ goes to the search box", async ({ ringside, page }) => {
  await ringside.open("?demo&view=deployments");
  await page.keyboard.press("/");
  await expect(ringside.search).toBeFocused();
  await expect(ringside.search).toHaveValue("");
  await page.keyboard.press("/");
  await expect(ringside.search, "a slash in it is a slash").toHaveValue("/");
});

test("arrows and j/k move in the table, Home and End to its ends", async ({ ringside, page }) => {
  await ringside.open("?view=deployments&demo=3000");
  await ringside.expectCount(3000);
  const place = () => page.evaluate(() => Number(document.activeElement.getAttribute("aria-rowindex")));
  await ringside.rows.first().focus();
  expect(await place()).toBe(2);
  for (const [key, expected] of [["ArrowDown", 3], ["j", 4], ["ArrowUp", 3], ["k", 2], ["ArrowUp", 2], ["End", 3001], ["Home", 2]]) {
    await page.keyboard.press(key);
    await expect.poll(place, key).toBe(expected);
  }
  // Beyond what is drawn.
  for (let row = 3; row <= 62; row++) {
    await page.keyboard.press("j");
    await expect.poll(place, { intervals: [5] }).toBe(row);
  }
  await expect(page.locator("tr[data-deployment]:focus")).toBeInViewport();
});

test("h and l and the arrows walk through the links of a row, and back to it", async ({ ringside, site, page }) => {
  await site.useRows([full(1, { RowKey: "one", pr: "7", prUrl: "https://git.contoso.example/pull/7", prState: "merged" }), full(2, { RowKey: "two" })]);
  await ringside.open("?view=deployments");
  const row = ringside.row("one");
  const links = row.getByRole("link");
  const press = async (key, expected) => {
    await page.keyboard.press(key);
    await expect(expected, key).toBeFocused();
  };
  for (const [on, back] of [["l", "h"], ["ArrowRight", "ArrowLeft"]]) {
    await row.focus();
    await press(on, links.nth(0));
    await press(on, links.nth(1));
    await press(back, links.nth(0));
    await press(back, row);
  }
  await press("F2", links.nth(0));
  await press("Escape", row);
  await press("l", links.nth(0));
  await press("j", ringside.row("two"));
  await expect(ringside.details).toHaveCount(0);
});

test("? opens the help, Escape closes it and gives the focus back", async ({ ringside, page }) => {
  await ringside.open("?demo&view=deployments");
  await ringside.rows.first().focus();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await expect(ringside.rows.first()).toBeFocused();
});

test("shortcuts are letters while something is typed", async ({ ringside, page }) => {
  await ringside.open("?demo&view=deployments");
  await ringside.search.click();
  await page.keyboard.type("j?k");
  await expect(ringside.search).toHaveValue("j?k");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("the rings are used without a mouse", async ({ ringside, page }) => {
  await ringside.open("?demo");
  const inside = ringside.cell("api", "master").locator("a, button").first();
  await inside.focus();
  await page.keyboard.press("Enter");
  await expect(ringside.details).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(ringside.details).toHaveCount(0);
  await expect(inside).toBeFocused();
});

test("arrows and h j k l walk through the board from anywhere, with one stop of Tab", async ({ ringside, page }) => {
  await ringside.open("?demo");
  const at = () =>
    page.evaluate(() => {
      const place = document.activeElement.closest("td, th");
      return place && `${place.dataset.service ?? place.parentElement.querySelector(".service__name")?.textContent ?? ""} ${place.dataset.ring ?? place.dataset.ringHeader ?? ""}`.trim();
    });
  for (const [key, expected] of [
    ["j", "api dev"], ["l", "api staging"], ["ArrowDown", "auth staging"], ["h", "auth dev"], ["ArrowLeft", "auth"],
    ["End", "auth security-fix"], ["Home", "auth dev"], ["ArrowRight", "auth staging"], ["h", "auth dev"],
    ["k", "api dev"], ["ArrowUp", "dev"], ["j", "api dev"],
  ]) {
    await page.keyboard.press(key);
    await expect.poll(at, key).toBe(expected);
  }
  await expect(page.locator(".board td[tabindex='0']")).toHaveCount(1);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement.closest(".board"))).toBeNull();
  await page.keyboard.press("Shift+Tab");
  await expect.poll(at).toBe("api dev");
  await page.keyboard.press("Enter");
  await expect(ringside.details).toHaveCount(1);
});

test("a page down and up in the table, and in the board", async ({ ringside, page }) => {
  for (const [query, places] of [["?demo&view=deployments", "tr[data-deployment]"], ["?demo=6000", ".board__rows > tr"]]) {
    await ringside.open(query);
    const at = () => page.evaluate((places) => [...document.querySelectorAll(places)].findIndex((row) => row.contains(document.activeElement)), places);
    await page.keyboard.press("j");
    // The focus follows with the next frame, and a page is counted from where it is.
    await expect.poll(at, query).toBeGreaterThanOrEqual(0);
    const first = await at();
    await page.keyboard.press("PageDown");
    await expect.poll(at, query).toBeGreaterThan(first + 2);
    await page.keyboard.press("PageUp");
    await expect.poll(at, query).toBeLessThanOrEqual(first + 1);
  }
});

test("how far a view is scrolled survives other views and a refresh", async ({ ringside, page }) => {
  await page.setViewportSize({ width: 1280, height: 500 });
  await ringside.open("?demo=6000");
  const board = page.getByRole("region", { name: "Services by ring" });
  // Not pixels: rows are measured when they are drawn, and the browser keeps what is read in its place.
  const top = () =>
    board.evaluate((board) => {
      const edge = board.querySelector("thead").getBoundingClientRect().bottom;
      const rows = [...board.querySelectorAll(".board__rows > tr")];
      return rows.find((row) => row.getBoundingClientRect().bottom > edge + 1)?.querySelector("th").textContent;
    });
  const first = await top();
  await board.evaluate((board) => board.scrollTo(0, 400));
  let seen;
  await expect.poll(async () => (seen = await top()) !== undefined && seen !== first).toBe(true);
  await ringside.refreshNow.click();
  await ringside.go("Deployments");
  await expect(ringside.rows.first()).toBeVisible();
  await ringside.go("Rings");
  await expect.poll(top).toBe(seen);
});

test("the place of the keyboard survives a refresh and other views", async ({ ringside, page }) => {
  await ringside.open("?demo");
  const at = () =>
    page.evaluate(() => {
      const place = document.activeElement.closest("td.cell, tr[data-deployment]");
      return place?.matches("tr") ? Number(place.ariaRowIndex) : place && `${place.dataset.service} ${place.dataset.ring}`;
    });
  const press = async (keys) => {
    for (const [key, expected] of keys) {
      await page.keyboard.press(key);
      await expect.poll(at, key).toBe(expected);
    }
  };
  await press([["j", "api dev"], ["l", "api staging"], ["j", "auth staging"], ["j", "client staging"]]);
  await page.keyboard.press("Shift+R");
  await expect.poll(at).toBe("client staging");
  const go = async (key, view) => {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await expect(ringside.main).toHaveAttribute("data-view", view);
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  };
  await go("d", "deployments");
  await press([["j", 2], ["j", 3], ["j", 4]]);
  await go("r", "rings");
  await expect(page.locator(".board td[tabindex='0']")).toHaveAttribute("data-service", "client");
  await press([["j", "client staging"]]);
  await go("d", "deployments");
  await press([["j", 4]]);
});

test("Shift+R asks anew, and c copies the link of what the keyboard is on", async ({ ringside, site, context, page }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const row = full(1, { RowKey: "one", service: "api", env: "dev" });
  await site.useRows([row]);
  await ringside.open();
  await site.put("snapshot.json", { value: [row, full(2, { service: "web", env: "dev" })] });
  await page.keyboard.press("Shift+R");
  await ringside.expectCount(2);
  await page.keyboard.press("j");
  await expect(page.locator("td.cell:focus")).toHaveAttribute("data-service", "api");
  await page.keyboard.press("c");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(`${site.url}?deployment=one`);
  await expect(page.getByText("Link copied")).toBeVisible();
});

test("the density is remembered on the device", async ({ ringside, page }) => {
  await ringside.open("?demo");
  await expect(ringside.html).toHaveAttribute("data-density", "comfortable");
  await page.getByRole("button", { name: "Compact rows" }).click();
  await expect(ringside.html).toHaveAttribute("data-density", "compact");
  await page.reload();
  await ringside.ready();
  await expect(ringside.html).toHaveAttribute("data-density", "compact");
});

test("letters lead to the views, copy the link and change the theme", async ({ ringside, page }) => {
  await ringside.open("?demo");
  for (const [key, view] of [["d", "deployments"], ["c", "compare"], ["s", "setup"], ["r", "rings"], ["h", "history"]]) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await expect(ringside.main).toHaveAttribute("data-view", view);
  }
  const theme = await ringside.html.getAttribute("data-theme");
  await page.keyboard.press("t");
  await page.keyboard.press("t");
  await expect(ringside.html).not.toHaveAttribute("data-theme", theme);
});

test("a menu takes the focus and arrows, and gives it back", async ({ ringside, page }) => {
  await ringside.open("?demo");
  await ringside.menu("ring").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("checkbox").first()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("checkbox").nth(1)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(ringside.menu("ring")).toBeFocused();
});

test("another view takes the focus to its heading, and says its name", async ({ ringside, page }) => {
  await ringside.open("?demo");
  await ringside.link("Deployments").focus();
  await page.keyboard.press("Enter");
  await expect(ringside.main).toHaveAttribute("data-view", "deployments");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Deployments/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});

test("j is the browser's with Ctrl, Alt or Meta", async ({ ringside, page }) => {
  await ringside.open("?demo&view=deployments");
  await ringside.rows.first().focus();
  await page.keyboard.press("Alt+j");
  await expect(ringside.rows.first()).toBeFocused();
});
