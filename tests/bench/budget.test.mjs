// The built site weighs no more than docs/BENCHMARKS.md allows, and what it allows names all that is there.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { TOTALS, kilo, weigh } from "./bytes.mjs";

const root = new URL("../../", import.meta.url);
const stated = await readFile(new URL("docs/BENCHMARKS.md", root), "utf8");
const budget = new Map([...stated.matchAll(/^\| ([^|]+?) +\| ≤ (\d+) kB/gm)].map(([, what, most]) => [what, Number(most) * 1000]));
const files = await weigh(new URL("dist", root).pathname);

for (const { what, brotli } of [...files, ...TOTALS.map((total) => total(files))]) {
  test(`${what} keeps to its budget`, () => {
    assert.ok(budget.has(what), `docs/BENCHMARKS.md has no line for ${what}`);
    assert.ok(brotli <= budget.get(what), `${what}: ${kilo(brotli)}, and ${kilo(budget.get(what))} are allowed`);
  });
}

test("every line of the budget is about something", () => {
  const there = new Set([...files, ...TOTALS.map((total) => total(files))].map(({ what }) => what));
  assert.deepEqual([...budget.keys()].filter((what) => !there.has(what)), []);
});
