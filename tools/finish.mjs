// The last step of a build, which trunk runs. A release is taken apart into modules. No script and no style stay within
// index.html, so that a strict policy holds: all styles become one file, and `start.js`, which also starts the program,
// takes the place of trunk's script.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { divide, isDivisible } from "./modules.mjs";

const dist = process.env.TRUNK_STAGING_DIR;
const page = join(dist, "index.html");
let html = await readFile(page, "utf8");

/** Writes a file whose name carries its content's hash, and says that name. */
async function write(name, extension, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const file = `${name}-${hash}.${extension}`;
  await writeFile(join(dist, file), text);
  return file;
}

function take(pattern, what) {
  const found = [...html.matchAll(pattern)];
  if (!found.length) throw new Error(`index.html has no ${what}: has trunk changed?`);
  html = html.replaceAll(pattern, "");
  return found.map((match) => match[1]);
}

const styles = take(/<style[^>]*>([\s\S]*?)<\/style>/g, "styles").join("\n");
const [loader] = take(/<script type="?module"?[^>]*>([\s\S]*?)<\/script>/g, "program");
const [, base, program] = loader.match(/["']([^"']*?)([^"'/]+)\.js["']/);
const [wasm] = loader.match(/[^"'/]+\.wasm/);
if (process.env.TRUNK_PROFILE === "release") {
  const built = join(process.env.CARGO_TARGET_DIR ?? "target", "wasm32-unknown-unknown/release/ringside.wasm");
  if (!(await isDivisible(built))) throw new Error("a release is built with the feature split: --features split");
  html = html.replace("</head>", `<link rel="modulepreload" href="${base}${await divide(built, dist, program)}">\n</head>`);
}
// Everybody waits for it: its comments stay here.
const script = (await readFile("start.js", "utf8")).replace(/^ *\/\/.*\n/gm, "").replace("PROGRAM_JS", `./${program}.js`).replace("PROGRAM_WASM", wasm);
const head = `<link rel="stylesheet" href="${base}${await write("style", "css", styles)}">
<script src="${base}${await write("start", "js", script)}"></script>`;
html = html.replace("</title>", `</title>\n${head}`);
await writeFile(page, html);
