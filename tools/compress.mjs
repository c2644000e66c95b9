// Writes FILE.br and FILE.gz beside each file of a site that is worth it, for hosts that serve what lies there.
//
//   node tools/compress.mjs dist

import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const TEXTS = new Set([".css", ".html", ".js", ".json", ".sh", ".svg", ".txt", ".wasm", ".webmanifest"]);
// Edited where it lies, by people who would not think of its copies.
const LEFT_ALONE = "config.json";
// Below this many bytes headers weigh more than what is saved.
const LEAST = 512;

const ENCODINGS = {
  ".br": (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  ".gz": (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

/** Compresses the files of a folder. Copies of an earlier time are gone afterwards. */
export async function compress(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  await Promise.all(files.filter((file) => extname(file) in ENCODINGS).map((file) => rm(file)));
  const worth = files.filter((file) => TEXTS.has(extname(file)) && !file.endsWith(LEFT_ALONE));
  await Promise.all(worth.map(compressFile));
}

async function compressFile(file) {
  const bytes = await readFile(file);
  if (bytes.length < LEAST) return;
  for (const [extension, encode] of Object.entries(ENCODINGS)) {
    const encoded = await encode(bytes);
    if (encoded.length < bytes.length) await writeFile(file + extension, encoded);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await compress(process.argv[2]);
