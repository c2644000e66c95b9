// Whether Kubernetes would take a manifest, by the schemas of its own API; a field that they do not know is a mistake too.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const SCHEMAS = join(dirname(createRequire(import.meta.url).resolve("kubernetes-models")), "_schemas");
const capital = (word) => word[0].toUpperCase() + word.slice(1);

/** Throws what is wrong with one object. */
export async function checkManifest(object) {
  const { apiVersion, kind } = object;
  const [version, group = "core"] = apiVersion.split("/").reverse();
  const name = `IoK8sApi${capital(group.split(".")[0])}${capital(version)}${kind}.mjs`;
  const { validate } = await import(pathToFileURL(join(SCHEMAS, name))).catch(() => ({}));
  if (!validate) throw new Error(`Kubernetes has no ${apiVersion} ${kind}`);
  // The validators look at every field that they know.
  const looked = new Set();
  if (!validate(watch(object, kind, looked))) throw new Error(`${kind}: ${JSON.stringify(validate.errors)}`);
  for (const path of fields(object, kind)) {
    if (!looked.has(path)) throw new Error(`there is no field ${path}`);
  }
}

function watch(value, path, looked) {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      if (typeof key === "string") looked.add(`${path}.${key}`);
      return watch(target[key], `${path}.${String(key)}`, looked);
    },
  });
}

/** The paths of all fields. */
function* fields(value, path) {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield `${path}.${key}`;
    yield* fields(inner, `${path}.${key}`);
  }
}
