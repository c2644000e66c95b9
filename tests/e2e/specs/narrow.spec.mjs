// On a phone.

import { expect, test } from "../support/test.mjs";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

/** The page itself does not scroll sideways; parts of it may. */
async function expectNoSideways(page) {
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    return { scrollWidth, clientWidth };
  });
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
}

for (const view of ["rings", "deployments", "compare", "setup"]) {
  test(`${view} fits`, async ({ ringside, page }) => {
    await ringside.open(`?demo&view=${view}`);
    await expect(ringside.main).toHaveAttribute("data-view", view);
    await expectNoSideways(page);
    for (const name of ["Rings", "Deployments", "Compare", "Connections"]) {
      await expect(ringside.link(name)).toBeInViewport();
    }
  });
}

// 320 px, and what 1280 × 800 is at 200 % and at 400 %.
for (const viewport of [{ width: 320, height: 640 }, { width: 640, height: 400 }, { width: 320, height: 256 }]) {
  test(`nothing is cut at ${viewport.width} × ${viewport.height}`, async ({ ringside, page }) => {
    await page.setViewportSize(viewport);
    for (const query of ["", "&view=deployments", "&view=compare", "&view=setup", "&view=history&of=api"]) {
      await ringside.open(`?demo${query}`);
      await expectNoSideways(page);
    }
  });
}

test("the search box keeps at least 320 px from 768 up", async ({ ringside, page }) => {
  for (const width of [768, 900, 1024, 1101, 1280, 1600]) {
    await page.setViewportSize({ width, height: 800 });
    await ringside.open("?demo");
    expect((await ringside.search.boundingBox()).width, `${width}`).toBeGreaterThanOrEqual(320);
  }
});

test("no control of the filters lies on another or beyond the edge, beside the details too", async ({ ringside, page }) => {
  for (const [width, query] of [
    [1600, "service=api&status=waiting"], [1600, "service=api&status=waiting&open"], [1280, "service=api&status=waiting&open"],
    [1280, "service=api&status=waiting&author=Ken%20Abe"], [960, "service=api&status=waiting"], [768, "service=api&status=waiting"],
  ]) {
    await page.setViewportSize({ width, height: 900 });
    await ringside.open(`?demo&view=deployments&${query}`);
    if (query.endsWith("open")) {
      await ringside.rows.first().locator('[data-column="status"]').click();
      await expect(ringside.details).toBeVisible();
    }
    await expect(ringside.chip("service", "api")).toBeVisible();
    const wrong = await page.evaluate(() => {
      const edge = document.querySelector("main").getBoundingClientRect().right;
      const all = [...document.querySelectorAll(".strip :is(button, select)")].filter((one) => one.checkVisibility());
      const boxes = all.map((one) => [one.ariaLabel || one.textContent.trim().slice(0, 20), one.getBoundingClientRect(), one.closest(".chips, .sums")]);
      const found = [];
      for (const [n, [name, box, scrolls]] of boxes.entries()) {
        if (!scrolls && box.right > edge) found.push(`${name} is beyond the edge`);
        for (const [other, its] of boxes.slice(n + 1)) {
          const isOver = box.left < its.right - 1 && its.left < box.right - 1 && box.top < its.bottom - 1 && its.top < box.bottom - 1;
          // What has scrolled out of its own box is not seen.
          const seen = (at) => at.right <= edge + 1;
          if (isOver && seen(box) && seen(its)) found.push(`${name} over ${other}`);
        }
      }
      return found;
    });
    expect(wrong, `${width} ${query}`).toEqual([]);
  }
});

test("the rings tell what runs in production", async ({ ringside }) => {
  await ringside.open("?demo");
  const cell = ringside.cell("api", "master");
  await cell.scrollIntoViewIfNeeded();
  await expect(cell).toBeInViewport();
  await expect(cell).toContainText("1.42.3");
  const { width } = await cell.boundingBox();
  expect(width).toBeLessThanOrEqual(390);
});

test("a deployment is recognised, and opens over the full width", async ({ ringside, page }) => {
  await ringside.open("?demo&view=deployments");
  const row = ringside.rows.first();
  for (const column of ["status", "service", "ring"]) {
    await expect(row.locator(`[data-column="${column}"]`), column).toBeInViewport();
  }
  await row.locator('[data-column="status"]').tap();
  await expect(ringside.details).toBeVisible();
  const box = await page.getByRole("dialog").boundingBox();
  expect(Math.round(box.width)).toBe(390);
  expect(Math.round(box.x)).toBe(0);
  await expectNoSideways(page);
  await page.getByRole("button", { name: "Close details" }).tap();
  await expect(ringside.details).toHaveCount(0);
});

test("the first chip is seen whole", async ({ ringside }) => {
  await ringside.open("?demo&author=Jo%20Okafor");
  const chip = ringside.chip("author", "Jo Okafor");
  const end = (one) => one.evaluate((one) => one.getBoundingClientRect().right);
  expect(await end(chip)).toBeLessThanOrEqual(await end(chip.locator("xpath=ancestor::*[contains(@class, 'chips')]")));
});

test("filters are used with a finger", async ({ ringside, page }) => {
  await ringside.open("?demo&view=deployments");
  await ringside.search.fill("api");
  await expect(ringside.count).not.toHaveAttribute("data-shown", await ringside.count.getAttribute("data-total"));
  await ringside.search.fill("");
  await ringside.search.press("Enter");
  if (!(await ringside.menu("service").isVisible())) await page.getByRole("button", { name: /filter/i }).first().tap();
  await ringside.menu("service").tap();
  const choice = ringside.choice(/^api\b/);
  await expect(choice).toBeInViewport();
  await choice.tap();
  await expect.poll(() => ringside.query.get("service")).toBe("api");
  await expectNoSideways(page);
});

test("what a finger touches is big enough", async ({ ringside, page }) => {
  await ringside.open("?demo&view=deployments");
  const small = await page.locator("button:visible, input:visible").evaluateAll((elements) =>
    elements
      .map((element) => [element.ariaLabel || element.textContent.trim(), element.getBoundingClientRect()])
      .filter(([, box]) => box.width < 24 || box.height < 24)
      .map(([name, box]) => `${name}: ${Math.round(box.width)}×${Math.round(box.height)}`),
  );
  expect(small).toEqual([]);
});
