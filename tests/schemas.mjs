// Whether a file is what a CI reads, by its published schema.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import Ajv from "ajv";
import formats from "ajv-formats";

/** The published schema of that name. */
function schema(name) {
  assert.ok(process.env.RINGSIDE_SCHEMAS, "RINGSIDE_SCHEMAS is missing; ./x test sets it");
  return JSON.parse(readFileSync(join(process.env.RINGSIDE_SCHEMAS, `${name}.json`), "utf8"));
}

const validators = new Map();
/** Fails with what does not fit. */
export function fits(name, value) {
  // Compiled once: one of them takes seconds.
  if (!validators.has(name)) {
    const ajv = formats(new Ajv({ strict: false, allErrors: true, logger: false, unicodeRegExp: false }));
    validators.set(name, ajv.compile(schema(name)));
  }
  const validate = validators.get(name);
  assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 5), undefined, 1));
}
