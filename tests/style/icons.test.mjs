// The icons' polygons are those that tools/icons.mjs draws, and a style names none that is not there.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";

import { draw } from "../../tools/icons.mjs";

const styles = new URL("../../style/", import.meta.url);

test("style/icons.css is what tools/icons.mjs draws", async () => {
  assert.equal(await readFile(new URL("icons.css", styles), "utf8"), draw());
});

test("every icon that a style names is drawn, and every one that is drawn is named", async () => {
  const drawn = new Set(draw().match(/--icon-[a-z]+(?=:)/g));
  const named = new Set();
  for (const file of await readdir(styles)) {
    if (file === "icons.css") continue;
    for (const [, name] of (await readFile(new URL(file, styles), "utf8")).matchAll(/var\((--icon-[a-z]+)\)/g)) named.add(name);
  }
  assert.ok(drawn.size > 20);
  assert.deepEqual([...named].sort(), [...drawn].sort());
});

test("every corner lies within the icon's box", () => {
  for (const line of draw().split("\n").filter((line) => line.includes("polygon("))) {
    const parts = line.match(/-?[\d.]+(?=%)/g).map(Number);
    assert.ok(parts.length > 6 && parts.every((part) => part >= 0 && part <= 100), line);
  }
});
