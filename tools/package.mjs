// Makes a release archive of a built site:
//
//   node tools/package.mjs --site dist --out target/package [--config FILE]
//
// The page gets the policy for exactly the hosts that FILE names. FILE itself goes along, unless it holds a SAS.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";

import { compress } from "./compress.mjs";
import { policy, withPolicy } from "./policy.mjs";
import { sbom } from "./sbom.mjs";

const LOCKS = ["tests/package-lock.json", "tests/e2e/package-lock.json"];
const ALONG = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "chart", "container", "docs"];

const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** All files below a folder, by path. */
const files = (dir) => readdirSync(dir, { recursive: true }).filter((name) => statSync(join(dir, name)).isFile()).sort();

function readConfig(file) {
  const text = readFileSync(file, "utf8");
  try {
    return { text, config: JSON.parse(text.replace(/^\ufeff/, "")) };
  } catch (error) {
    throw new Error(`${file}: ${error.message}`);
  }
}

const holdsSas = (config) => (config.projects ?? []).some(({ storage }) => storage?.sas || /[?&]sig=/.test(storage?.endpoint ?? ""));

async function main() {
  const { values } = parseArgs({ options: { site: { type: "string" }, out: { type: "string" }, config: { type: "string" } } });
  const version = /^version = "(.*)"$/m.exec(readFileSync("Cargo.toml", "utf8"))[1];
  const name = `ringside-${version}`;
  const dir = join(values.out, name);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });

  const site = join(dir, "dist");
  cpSync(values.site, site, { recursive: true });
  // What somebody tried out there is not what is asked for here.
  rmSync(join(site, "config.json"), { force: true });
  const { text, config } = values.config ? readConfig(values.config) : {};
  const page = readFileSync(join(site, "index.html"), "utf8");
  writeFileSync(join(site, "index.html"), withPolicy(page, config));
  if (config && holdsSas(config)) {
    console.error("x: the configuration holds a SAS, so it is left out: put it beside index.html where the site is hosted");
  } else if (config) {
    writeFileSync(join(site, "config.json"), text);
  }
  await compress(site);

  for (const path of ALONG) cpSync(path, join(dir, path), { recursive: true });
  cpSync("public/capture.sh", join(dir, "capture.sh"));
  writeFileSync(join(dir, "sbom.cdx.json"), `${JSON.stringify(sbom(LOCKS.filter(existsSync)), undefined, 1)}\n`);
  writeFileSync(join(dir, "SHA256SUMS"), files(dir).map((file) => `${sha256(join(dir, file))}  ${file}\n`).join(""));

  // The same files make the same archive, whenever and by whomever.
  const archive = join(values.out, `${name}.tar.gz`);
  const when = process.env.SOURCE_DATE_EPOCH ?? "0";
  const fixed = ["--sort=name", `--mtime=@${when}`, "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"];
  const tar = execFileSync("tar", ["--create", ...fixed, "--directory", values.out, name], { maxBuffer: 1 << 30 });
  writeFileSync(archive, execFileSync("gzip", ["--no-name", "--best"], { input: tar, maxBuffer: 1 << 30 }));
  writeFileSync(`${archive}.sha256`, `${sha256(archive)}  ${name}.tar.gz\n`);
  console.log(`policy: ${policy(page, config)}`);
  console.log(relative(process.cwd(), archive));
}

try {
  await main();
} catch (error) {
  console.error(`x: ${error.message}`);
  process.exitCode = 1;
}
