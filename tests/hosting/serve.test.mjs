// The compressed copies of a site, and `./x serve`, which sends them.

import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { compress } from "../../tools/compress.mjs";
import { serveSite } from "../e2e/serve.mjs";
import { checkHost, get, makeSite } from "./site.mjs";

test("what is worth it gets compressed copies, and no copy outlives its file", async () => {
  const dir = await makeSite("{}".padEnd(2000));
  writeFileSync(join(dir, "gone.js.br"), "old");
  await compress(dir);
  const copies = readdirSync(dir).filter((name) => /\.(br|gz)$/.test(name));
  const names = ["capture.sh", "config.schema.json", "favicon.svg", "index.html", "ringside-0123456789abcdef.js", "ringside-0123456789abcdef_bg.wasm", "style-0123456789abcdef.css"];
  assert.deepEqual(copies.sort(), names.flatMap((name) => [`${name}.br`, `${name}.gz`]));
});

test("it serves a site as any host should", async () => {
  for (const base of ["/", "/deep/down/"]) {
    const site = await serveSite({ dir: await makeSite(), base });
    await checkHost(site.url);
    assert.equal((await get(site.url, {}, "POST")).status, 405);
    const head = await get(site.url, {}, "HEAD");
    assert.deepEqual([head.status, head.body.length], [200, 0]);
    await site.close();
  }
});
