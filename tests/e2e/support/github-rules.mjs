// GitHub's own descriptions of its API, and what they say against a request.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { schema as description } from "@octokit/graphql-schema";
import { buildSchema, parse, validate } from "graphql";

const OPENAPI = createRequire(import.meta.url).resolve("@octokit/openapi/generated/api.github.com.json");

const once = (make) => {
  let made;
  return () => (made ??= make());
};

/** The paths of the REST API, each split into its parts. */
const openapi = once(() => {
  const document = JSON.parse(readFileSync(OPENAPI, "utf8"));
  const resolve = (part) => (part.$ref ? part.$ref.slice(2).split("/").reduce((at, name) => at[name], document) : part);
  const paths = Object.entries(document.paths).map(([template, item]) => ({ parts: template.split("/"), item }));
  return { resolve, paths };
});

const graphqlSchema = once(() => buildSchema(description.idl, { assumeValid: true }));

/** Why GitHub would not understand a request; nothing when it would. */
export function whatGitHubRefuses({ method, address, body }) {
  const url = new URL(address, "https://api.github.com");
  return url.pathname === "/graphql" ? againstSchema(method, body) : againstOpenApi(method, url);
}

function againstSchema(method, body) {
  if (method !== "POST") return "GraphQL is asked by POST";
  try {
    const { query, variables } = JSON.parse(body);
    const errors = validate(graphqlSchema(), parse(query));
    if (variables !== undefined && typeof variables !== "object") return "variables are an object";
    return errors.length ? errors.map((error) => error.message).join("; ") : undefined;
  } catch (error) {
    return String(error);
  }
}

function againstOpenApi(method, url) {
  const { resolve, paths } = openapi();
  const segments = url.pathname.split("/").map(decodeURIComponent);
  const isVariable = (part) => part.startsWith("{");
  // A ref has slashes of its own, which the description does not say.
  const partsFor = ({ parts }) =>
    parts.at(-1) === "{ref}" && segments.length > parts.length
      ? [...segments.slice(0, parts.length - 1), segments.slice(parts.length - 1).join("/")]
      : segments;
  const fits = (path) => {
    const asked = partsFor(path);
    return (
      path.parts.length === asked.length &&
      path.parts.every((part, n) => (isVariable(part) ? asked[n] !== "" : part === asked[n]))
    );
  };
  // What is written out goes before what varies.
  const variables = ({ parts }) => parts.filter(isVariable).length;
  const found = paths.filter(fits).sort((a, b) => variables(a) - variables(b))[0];
  if (!found) return "no such path";
  const asked = partsFor(found);
  const operation = found.item[method.toLowerCase()];
  if (!operation) return `no ${method} there`;

  const parameters = [...(found.item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
  const named = (place, name) => parameters.find((p) => p.in === place && (p.name === name || `${p.name}[]` === name));
  for (const [n, part] of found.parts.entries()) {
    if (!isVariable(part)) continue;
    const parameter = named("path", part.slice(1, -1));
    if (parameter && !allows(resolve(parameter.schema), asked[n], resolve)) return `${asked[n]} is no ${part}`;
  }
  for (const [name, value] of url.searchParams) {
    const parameter = named("query", name);
    if (!parameter) return `there is no parameter ${name}`;
    if (!allows(resolve(parameter.schema), value, resolve)) return `${value} is no ${name}`;
    if (name === "per_page" && Number(value) > 100) return "more than 100 a page";
  }
  const missing = parameters.find((p) => p.in === "query" && p.required && !url.searchParams.has(p.name));
  return missing && `the parameter ${missing.name} is missing`;
}

/** Whether a schema allows a value, as far as one can tell from its text. */
function allows(schema, text, resolve) {
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.some((choice) => allows(resolve(choice), text, resolve));
  if (schema.enum && !schema.enum.map(String).includes(text)) return false;
  switch (schema.type) {
    case "integer":
      return /^-?\d+$/.test(text);
    case "number":
      return text !== "" && Number.isFinite(Number(text));
    case "boolean":
      return text === "true" || text === "false";
    default:
      return true;
  }
}
