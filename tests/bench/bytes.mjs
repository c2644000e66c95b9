// What the built site weighs, file by file, and what of it a page needs before it shows the first rows.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

export const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** What lies beside the site for people and pipelines, and copies of what is there. */
const NOT_THE_PAGES = /\.(br|gz|sh)$|^config\.schema\.json$|^embed\.js$/;

/**
 * The name of a file without its hash; code that several modules share comes in numbered files, and what the tab's icon
 * may become in one for each state.
 */
const plain = (name) => name.replace(/-[0-9a-f]{8,16}/, "").replace(/^chunk_\d+/, "shared").replace(/^favicon-\w+/, "icons");

/** The files of a site, the heaviest first. `isFirst`: needed before the first rows, as opposed to a module. */
export async function weigh(dist) {
  const entries = await readdir(dist, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !NOT_THE_PAGES.test(entry.name)).map((entry) => entry.name);
  const files = names.map(async (name) => {
    const body = await readFile(join(dist, name));
    const isFirst = !/^favicon-|\.wasm$/.test(name) || name.endsWith("_bg.wasm");
    return { what: plain(name), isFirst, raw: body.length, gzip: gzipSync(body, { level: 9 }).length, brotli: brotliCompressSync(body).length };
  });
  const byName = new Map();
  for (const file of await Promise.all(files)) byName.set(file.what, [...(byName.get(file.what) ?? []), file]);
  return [...byName.values()].map((same) => ({ ...sum(same[0].what, same), isFirst: same[0].isFirst })).sort((a, b) => b.brotli - a.brotli);
}

const sum = (what, files) => {
  const of = (key) => files.reduce((total, file) => total + file[key], 0);
  return { what, raw: of("raw"), gzip: of("gzip"), brotli: of("brotli") };
};

export const TOTALS = [
  (files) => sum("before the first rows", files.filter((file) => file.isFirst)),
  (files) => sum("the whole site", files),
];
