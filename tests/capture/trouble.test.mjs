// What capture.sh does when something is wrong, and what nobody gets to see.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { DONE, KEY, SHELLS, capture, folder, noting, page, service } from "./support.mjs";

const BUILD = ["build", "start", "--image-tag", "a:1"];
const RELEASE = ["release", "start", "--image-tag", "a:1", "--ring", "dev"];

/** Answers with these in turn, the last for ever, and runs it once as it is and once strictly. */
async function check(answers, args, expect, { env, requests } = {}) {
  for (const strict of [false, true]) {
    const table = await service((_, n) => answers[Math.min(n, answers.length) - 1]);
    const { code, out, error } = await capture([...args, ...(strict ? ["--strict"] : [])], { env: { ...table.env, ...env } });
    await table.close();
    const went = expect === "recorded";
    assert.equal(code, went || !strict ? 0 : 1, `${args} ${answers}: ${error}`);
    assert.match(went ? out : error, new RegExp(expect));
    if (requests) assert.equal(table.requests.length, requests, `${args} ${answers}`);
  }
}

const status = (code, error) => ({ status: code, headers: error && { "x-ms-error-code": error } });

test("a service that fails for a while is asked again", async () => {
  await Promise.all([
    check([status(503, "ServerBusy"), DONE], BUILD, "recorded", { requests: 2 }),
    check([status(429), status(500), DONE], BUILD, "recorded", { requests: 3 }),
    check(["reset", DONE], BUILD, "recorded", { requests: 2 }),
    check(["cut", page([]), DONE], RELEASE, "recorded", { requests: 3 }),
  ]);
});

test("what asking again does not mend is asked once", async () => {
  await check([status(403, "AuthenticationFailed")], BUILD, "access was refused \\(403 AuthenticationFailed\\)", { requests: 1 });
  await check([status(404, "TableNotFound")], BUILD, "no such table", { requests: 1 });
  await check([status(400, "InvalidInput")], BUILD, "answered 400 InvalidInput", { requests: 1 });
  await check([{ status: 200, body: "<html>Sign in</html>" }], RELEASE, "answered unreadable", { requests: 1 });
  await check([{ status: 200, body: '{"value":[{"RowKey":"a"}' }], RELEASE, "answered unreadable", { requests: 1 });
  await check([{ status: 302, headers: { location: "http://127.0.0.1:1/" } }], BUILD, "answered 302", { requests: 1 });
});

test("a service that never answers costs no more than the time it is given", async () => {
  const begun = Date.now();
  await Promise.all([
    check(["hang"], [...BUILD, "--timeout", "2"], "no answer came in time"),
    check([status(500)], [...BUILD, "--timeout", "2"], "answered 500"),
  ]);
  assert.ok(Date.now() - begun < 20_000);
});

test("a row that somebody else claims meanwhile is left to them", async () => {
  const free = { RowKey: "free", "odata.etag": `W/"datetime'1'"`, p1: "7" };
  const taken = { ...free, env: "prod" };
  const table = await service(({ method, headers }, n) => {
    if (method === "GET") return page([n === 1 ? free : taken]);
    return n === 2 ? status(412, "UpdateConditionNotSatisfied") : DONE;
  });
  const { code } = await capture([...RELEASE, "--strict"], { env: table.env });
  await table.close();
  assert.equal(code, 0);
  const [, claim, , write] = table.requests;
  assert.equal(claim.headers["if-match"], `W/"datetime'1'"`);
  assert.match(claim.url, /RowKey='free'/);
  assert.equal(write.headers["if-match"], undefined);
  assert.doesNotMatch(write.url, /RowKey='free'/);
  assert.deepEqual([write.body.p1, write.body.env], ["7", "dev"]);
});

test("rows are read to their last page", async () => {
  const more = { "x-ms-continuation-NextPartitionKey": "1!4!cA--", "x-ms-continuation-NextRowKey": "a b" };
  // Pages may be empty, and may name a partition alone.
  let pages = 0;
  const table = await service((request) => {
    if (request.method !== "GET") return DONE;
    pages++;
    return pages === 1 ? page([], more) : pages === 2 ? page([{ RowKey: "one", pr: "3" }], { "x-ms-continuation-nextpartitionkey": "p" }) : page([{ RowKey: "two", pr: "3" }]);
  });
  const { code, out } = await capture(["manifest", "start", "--pr", "3", "--strict"], { env: table.env });
  await table.close();
  assert.equal(code, 0);
  assert.match(out, /rows: 2/);
  assert.match(table.requests[1].url, /NextPartitionKey=1%214%21cA--&NextRowKey=a%20b&sp=rau/);
  assert.equal(new URL(table.requests[2].url, "http://x").searchParams.get("NextRowKey"), null);
});

test("when one of several rows cannot be written, that is said", async () => {
  const table = await service(({ method, url }) => {
    if (method === "GET") return page([{ RowKey: "a", pr: "3" }, { RowKey: "b", pr: "3" }]);
    return url.includes("'a'") ? status(400) : DONE;
  });
  const { code, error } = await capture(["manifest", "start", "--pr", "3", "--strict"], { env: table.env });
  await table.close();
  assert.equal(code, 1);
  assert.match(error, /in 1 rows and not in others/);
});

test("mistakes in the call", async () => {
  async function refused(args, env, expect) {
    const table = await service(() => DONE);
    for (const [strict, code] of [[[], 0], [["--strict"], 2]]) {
      const ended = await capture([...args.slice(0, 2), ...strict, ...args.slice(2)], { env: { ...table.env, ...env } });
      assert.equal(ended.code, code, args.join(" "));
      assert.match(ended.error, expect);
    }
    assert.equal(table.requests.length, 0, args.join(" "));
    await table.close();
  }
  await refused(["bild", "start"], {}, /no command/);
  await refused(["build"], {}, /start or end/);
  await refused(["build", "start"], {}, /--image-tag/);
  await refused([...BUILD, "--colour", "red"], {}, /option is not known/);
  await refused([...BUILD, "--ring"], {}, /lacks its value/);
  await refused([...BUILD, "stray"], {}, /no option/);
  await refused(BUILD, { RINGSIDE_SAS: "" }, /no SAS and no key/);
  await refused(BUILD, { RINGSIDE_SAS: "$(RINGSIDE_SAS)" }, /no SAS and no key/);
  await refused(BUILD, { RINGSIDE_SAS: 'a"b' }, /damaged/);
  await refused(BUILD, { RINGSIDE_SAS: "", RINGSIDE_KEY: "k y" }, /damaged/);
  await refused(BUILD, { RINGSIDE_TABLE: "" }, /no table/);
  await refused(BUILD, { RINGSIDE_TABLE: "a/b" }, /letters and digits/);
  await refused(BUILD, { RINGSIDE_PARTITION: "" }, /no partition/);
  await refused(BUILD, { RINGSIDE_ENDPOINT: "ftp://x" }, /no address/);
  await refused(BUILD, { RINGSIDE_ENDPOINT: "" }, /no storage account/);
  await refused(["sync", "end", "--cluster", "c", "--commit-id", "a"], {}, /--status/);
  await refused(["sync", "start", "--commit-id", "a"], {}, /--cluster/);
  await refused(["manifest", "start"], {}, /--hld-commit-id, --pr or --id/);
  await refused(["deployment", "create"], {}, /--p1, --p2 or --p3/);
  await refused(["deployment", "create", "--p1", "1"], {}, /--p1 needs/);
});

test("a SAS as people have it", async () => {
  async function check(sas, more = {}) {
    const table = await service(() => DONE);
    const env = { ...table.env, ...more, RINGSIDE_SAS: sas(table.env.RINGSIDE_ENDPOINT) };
    const { code, error } = await capture([...BUILD, "--strict"], { env });
    await table.close();
    assert.equal(code, 0, error);
    assert.match(table.requests[0].url, /^\/account\/t\(PartitionKey='p',RowKey='[0-9a-f]{32}'\)\?sp=rau&sig=a%2Bb%3D$/);
  }
  await check(() => "sp=rau&sig=a%2Bb%3D");
  await check(() => "  ?sp=rau&sig=a%2Bb%3D\r\n");
  await check((endpoint) => `${endpoint}/t?sp=rau&sig=a%2Bb%3D`, { RINGSIDE_ENDPOINT: "" });
  await check(() => "https://other.table.core.windows.net/t?sp=rau&sig=a%2Bb%3D");
});

for (const shell of SHELLS) {
  test(`a secret is in no output, no argument and no file (${shell.name})`, async () => {
    const log = join(folder("log"), "log");
    const path = `${noting(["curl", "openssl", "sed", "awk", "od", "tr", "cut"], log)}:${shell.path}`;
    const secret = KEY.slice(0, 20);
    const signed = "sp=rau&sig=t0ps3cret";
    for (const answer of [DONE, status(403), "reset"]) {
      for (const env of [{ RINGSIDE_SAS: signed }, { RINGSIDE_SAS: "", RINGSIDE_KEY: KEY }]) {
        const table = await service(() => answer);
        const at = { shell, path, flags: ["-x"], env: { ...table.env, ...env, SHELLOPTS: "xtrace", TMPDIR: folder("tmp") } };
        // Bash does not let its caller set this one.
        if (shell.name === "bash") delete at.env.SHELLOPTS;
        const { out, error } = await capture([...RELEASE, "--timeout", "2"], at);
        await table.close();
        for (const text of [out, error, readFileSync(log, "utf8")]) {
          assert.ok(!text.includes("t0ps3cret") && !text.includes(secret), text);
        }
        assert.ok(table.requests.length > 0);
        const { authorization } = table.requests[0].headers;
        if (env.RINGSIDE_KEY) assert.match(authorization, /^SharedKeyLite account:[A-Za-z0-9+/]{43}=$/);
      }
    }
  });
}

test("a commit's message gives a CI no command, and a password in an address goes nowhere", async () => {
  const table = await service(() => status(400));
  const args = [...BUILD, "--message", "\n::error::x\n##vso[task.complete]", "--repository", "https://user:pa55@host/o/r"];
  for (const ci of ["GITHUB_ACTIONS", "TF_BUILD"]) {
    const { out, error } = await capture(args, { env: { ...table.env, [ci]: "true" } });
    assert.equal(out, "");
    assert.match(error, /^(::warning title=Ringside::|##\[warning\]Ringside: )the build was not recorded: the table service answered 400 \n$/);
  }
  await table.close();
  assert.equal(table.requests[0].body.sourceRepo, "https://host/o/r");
});
