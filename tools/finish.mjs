// The last step of a build, which trunk runs. A release is taken apart into modules. No script and no style stay within
// index.html, so that a strict policy holds: all styles become one file, and `start.js`, which also starts the program,
// takes the place of trunk's script.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { divide, isDivisible } from "./modules.mjs";

const dist = process.env.TRUNK_STAGING_DIR;
const isRelease = process.env.TRUNK_PROFILE === "release";
const page = join(dist, "index.html");
let html = await readFile(page, "utf8");

/** Makes scripts and styles small. Trunk's own way of that does not read what `wasm-bindgen` writes. */
async function minify(...files) {
  const small = (file) => promisify(execFile)("esbuild", [file, "--minify", "--log-level=error", "--allow-overwrite", `--outfile=${file}`]);
  if (isRelease) await Promise.all(files.map((file) => small(join(dist, file))));
}

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
if (isRelease) {
  const built = join(process.env.CARGO_TARGET_DIR ?? "target", "wasm32-unknown-unknown/release/ringside.wasm");
  if (!(await isDivisible(built))) throw new Error("a release is built with the feature split: --features split");
  const modules = await divide(built, dist, program);
  await minify(modules, `${program}.js`);
  html = html.replace("</head>", `<link rel="modulepreload" href="${base}${modules}">\n</head>`);
}
const script = (await readFile("start.js", "utf8")).replace("PROGRAM_JS", `./${program}.js`).replace("PROGRAM_WASM", wasm);
const [style, start] = [await write("style", "css", styles), await write("start", "js", script)];
await minify(style, start);
// Nobody reads it: comments and indents stay here.
html = html.replace(/<!--[^]*?-->/g, "").replace(/\n\s*/g, "\n");
const head = `<link rel="stylesheet" href="${base}${style}">
<script src="${base}${start}"></script>`;
html = html.replace("</title>", `</title>\n${head}`);
await writeFile(page, html);
