// Takes a program apart that was built with the feature `split`: what is fetched when it is first needed becomes files
// of its own, and every file is optimised.
//
//   cargo's program ─► wasm-split-cli ─► the rest ─► wasm-bindgen ─► wasm-opt
//                                    └─► modules ──────────────────► wasm-opt

import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

// rustc emits all of these features; wasm-opt refuses what it has not been told of. Left alone it glues every function
// into its only caller, up to one of 150 kB that has to be compiled whole before the first row.
const OPTIMISE = [
  "-Oz", "-ocimfs", "500",
  ...["simd", "bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals", "reference-types", "multivalue"].map((feature) => `--enable-${feature}`),
];

const optimise = (file, to) => run("wasm-opt", [...OPTIMISE, file, "-o", to]);

/** Whether cargo built a program that can be taken apart. */
export async function isDivisible(cargoProgram) {
  const module = await WebAssembly.compile(await readFile(cargoProgram));
  return WebAssembly.Module.customSections(module, "reloc.CODE").length > 0;
}

/**
 * Replaces the program `NAME-HASH.js`, `NAME-HASH_bg.wasm` in `dist` by one that fetches its modules: `modules-HASH.js`
 * says where each is, and is what this returns the name of. All carry the program's hash, so that none meets another's.
 */
export async function divide(cargoProgram, dist, name) {
  const hash = name.slice(name.lastIndexOf("-") + 1);
  const work = await mkdtemp(join(tmpdir(), "ringside-modules-"));
  try {
    await run("wasm-split-cli", [cargoProgram, work, "--target", "web", "--out-name", name]);
    await run("wasm-bindgen", ["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-dir", work, "--out-name", name, join(work, `${name}.wasm`)]);
    const modules = (await readdir(work)).filter((file) => file.endsWith(".wasm") && !file.startsWith(name));
    let loader = await readFile(join(work, "__wasm_split.js"), "utf8");
    for (const module of modules) {
      const file = module.replace(/^split_/, "").replace(/\.wasm$/, `-${hash}.wasm`);
      await optimise(join(work, module), join(dist, file));
      loader = loader.replaceAll(`./${module}`, `./${file}`);
    }
    await optimise(join(work, `${name}_bg.wasm`), join(dist, `${name}_bg.wasm`));
    const loaderName = `modules-${hash}.js`;
    await writeFile(join(dist, loaderName), withAnyType(loader));
    const program = await readFile(join(work, `${name}.js`), "utf8");
    await writeFile(join(dist, `${name}.js`), program.replaceAll(`from "./__wasm_split.js"`, `from "./${loaderName}"`));
    return loaderName;
  } finally {
    await rm(work, { recursive: true });
  }
}

/** The loader for hosts too that serve WebAssembly as anything else, as the program itself does. */
function withAnyType(loader) {
  const call = "WebAssembly.instantiateStreaming(src, imports)";
  if (!loader.includes(call)) throw new Error("wasm-split-cli writes another loader than expected");
  return `${loader.replaceAll(call, "instantiate(src, imports)")}
async function instantiate(src, imports) {
  const answer = await src;
  if (!answer.ok) throw new Error(\`\${answer.url}: \${answer.status}\`);
  if (answer.headers.get("content-type") === "application/wasm") return WebAssembly.instantiateStreaming(answer, imports);
  return WebAssembly.instantiate(await answer.arrayBuffer(), imports);
}
`;
}
