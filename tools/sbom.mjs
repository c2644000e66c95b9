// What is in the site and what made it, as CycloneDX: of Rust what Cargo.lock holds, of npm what the tests' locks hold.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const TARGET = "wasm32-unknown-unknown";

/** The crates of the lock; those that are linked into the site are required, the others are not in it. */
function crates() {
  const cargo = (...args) => execFileSync("cargo", args, { encoding: "utf8", maxBuffer: 1 << 28 });
  const { packages, workspace_members } = JSON.parse(cargo("metadata", "--format-version", "1", "--locked", "--offline"));
  const tree = cargo("tree", "--locked", "--offline", "--target", TARGET, "--edges", "normal", "--prefix", "none", "--format", "{p}");
  const shipped = new Set(tree.split("\n").map((line) => line.split(" ").slice(0, 2).join(" ")));
  const sums = new Map([...readFileSync("Cargo.lock", "utf8").matchAll(/^name = "(.*)"\nversion = "(.*)"\nsource = ".*"\nchecksum = "(.*)"$/gm)].map(([, name, version, sum]) => [`${name} ${version}`, sum]));
  const components = packages
    .filter(({ id }) => !workspace_members.includes(id))
    .map(({ name, version, license }) => {
      const sum = sums.get(`${name} ${version}`);
      return {
        type: "library",
        "bom-ref": `pkg:cargo/${name}@${version}`,
        name,
        version,
        scope: shipped.has(`${name} v${version}`) ? "required" : "excluded",
        ...(license && { licenses: [{ expression: license.replaceAll("/", " OR ") }] }),
        ...(sum && { hashes: [{ alg: "SHA-256", content: sum }] }),
        purl: `pkg:cargo/${name}@${version}`,
      };
    });
  const [{ name, version, license }] = packages.filter(({ id }) => workspace_members.includes(id));
  return { components, own: { type: "application", "bom-ref": name, name, version, licenses: [{ expression: license }] } };
}

/** The packages of a lock of npm. Nothing of them is in the site. */
function npm(lock) {
  const { packages } = JSON.parse(readFileSync(lock, "utf8"));
  return Object.entries(packages)
    .filter(([path]) => path)
    .map(([path, { version, license, integrity }]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      const [algorithm, digest] = integrity?.split("-") ?? [];
      const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
      return {
        type: "library",
        "bom-ref": purl,
        name,
        version,
        scope: "excluded",
        ...(license && { licenses: [{ expression: license }] }),
        ...(algorithm === "sha512" && { hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }] }),
        purl,
      };
    });
}

/** The whole of it; the same for the same locks. */
export function sbom(locks) {
  const { components, own } = crates();
  const all = new Map([...components, ...locks.flatMap(npm)].map((component) => [component["bom-ref"], component]));
  const sorted = [...all.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const digest = createHash("sha256").update(JSON.stringify([own, sorted])).digest("hex");
  // A UUID of version 8: one's own digits.
  const uuid = [digest.slice(0, 8), digest.slice(8, 12), `8${digest.slice(13, 16)}`, `8${digest.slice(17, 20)}`, digest.slice(20, 32)].join("-");
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    serialNumber: `urn:uuid:${uuid}`,
    version: 1,
    metadata: { component: own },
    components: sorted,
  };
}
