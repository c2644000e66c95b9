// A table service of one's own: Azurite, and what an administrator does with a storage account.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import {
  AzureNamedKeyCredential,
  TableClient,
  TableServiceClient,
  generateAccountSas,
  generateTableSas,
} from "@azure/data-tables";

import { freePort } from "../../free-port.mjs";
import { PARTITION } from "./rows.mjs";

const PROGRAM = createRequire(import.meta.url).resolve("azurite/dist/src/table/main.js");
const ACCOUNT = "devstoreaccount1";
// The emulator's key, the same on every machine, and so no secret.
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
/** As many rows as a transaction takes. */
const BATCH = 100;

/** So many days from now, or ago. */
export const inDays = (days) => new Date(Date.now() + days * 86_400_000);

/** Starts the emulator on a free port; with `oauth` over https, where it takes access tokens. End it with `stop`. */
export async function startAzurite({ oauth = false } = {}) {
  const certificate = oauth ? makeCertificate() : undefined;
  for (let tries = 1; ; tries++) {
    const azurite = await start(await freePort(), certificate);
    if (azurite) return azurite;
    // Somebody else took the port meanwhile.
    if (tries === 5) throw new Error("Azurite did not start");
  }
}

/** One that nobody else trusts. */
function makeCertificate() {
  const dir = mkdtempSync(join(tmpdir(), "ringside-certificate-"));
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
  return { key, cert };
}

async function start(port, certificate) {
  const flags = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"];
  if (certificate) flags.push("--oauth", "basic", "--key", certificate.key, "--cert", certificate.cert);
  const where = ["--tableHost", "127.0.0.1", "--tablePort", String(port)];
  // In a folder that is nobody's: it looks for files where it is started.
  const child = spawn(process.execPath, [PROGRAM, ...flags, ...where], { cwd: tmpdir(), stdio: "ignore" });
  const end = () => child.kill();
  process.once("exit", end);

  const origin = `${certificate ? "https" : "http"}://127.0.0.1:${port}`;
  while (!(await answers(port))) {
    if (child.exitCode !== null) return undefined;
    await sleep(50);
  }
  return new Azurite(origin, async () => {
    process.off("exit", end);
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, "exit");
  }, certificate && readFileSync(certificate.cert, "utf8"));
}

export function answers(port) {
  const socket = connect(port, "127.0.0.1");
  return once(socket, "connect").then(() => true, () => false).finally(() => socket.destroy());
}

/** A storage account. */
class Azurite {
  #credential = new AzureNamedKeyCredential(ACCOUNT, KEY);
  #options;
  #service;
  #tables = 0;

  constructor(origin, stop, ca) {
    this.origin = origin;
    this.endpoint = `${origin}/${ACCOUNT}`;
    this.stop = stop;
    this.#options = { allowInsecureConnection: true, ...(ca && { tlsOptions: { ca } }) };
    this.#service = new TableServiceClient(this.endpoint, this.#credential, this.#options);
  }

  /** The CORS rule, which is the account's: none for `false`. `exposed` are the headers that a page may read. */
  async setCors(origin, exposed = "x-ms-*", allowed = "accept") {
    const rule = {
      allowedOrigins: origin,
      allowedMethods: "GET",
      // As a rule, what needs no leave: a request that costs a preflight is refused.
      allowedHeaders: allowed,
      exposedHeaders: exposed,
      maxAgeInSeconds: 60,
    };
    await this.#service.setProperties({ cors: origin === false ? [] : [rule] });
  }

  /** A new, empty table. */
  async createTable() {
    const name = `deployments${++this.#tables}`;
    await this.#service.createTable(name);
    return this.table(name);
  }

  /** The table of that name, whether it is there or not. */
  table(name) {
    const client = new TableClient(this.endpoint, name, this.#credential, this.#options);
    return new Table(this, name, client);
  }

  /** A SAS as `az storage table generate-sas` makes it; with `account` one of `az storage account generate-sas`. */
  sas({ table, permissions = "r", expires = inDays(60), starts, protocol, account = false }) {
    const may = (letter) => permissions.includes(letter);
    const letters = { query: may("r"), add: may("a"), update: may("u"), delete: may("d") };
    const limits = { permissions: letters, expiresOn: expires, startsOn: starts, protocol };
    if (!account) return generateTableSas(table, this.#credential, limits);
    return generateAccountSas(this.#credential, { ...limits, services: { table: true }, resourceTypes: "sco" });
  }
}

/** One table of it. */
class Table {
  #client;

  constructor(azurite, name, client) {
    this.azurite = azurite;
    this.name = name;
    this.#client = client;
  }

  /** Puts rows in, all of one partition. */
  async insert(rows) {
    const actions = rows.map((row) => ["create", entity(row)]);
    for (let at = 0; at < actions.length; at += BATCH) {
      await this.#client.submitTransaction(actions.slice(at, at + BATCH));
    }
  }

  /** Changes columns of a row; the others stay. */
  async update({ PartitionKey, RowKey }, columns) {
    await this.#client.updateEntity(entity({ PartitionKey, RowKey, ...columns }), "Merge");
  }

  /** Deletes a row. */
  async delete({ PartitionKey, RowKey }) {
    await this.#client.deleteEntity(PartitionKey, RowKey);
  }

  /** A SAS for this table. */
  sas(options = {}) {
    return this.azurite.sas({ table: this.name, ...options });
  }

  /** `storage` of a project in config.json, with a SAS that may read; `sas: undefined` leaves it out. */
  storage(more = {}) {
    const { endpoint } = this.azurite;
    return { kind: "azure-table", endpoint, table: this.name, partition: PARTITION, sas: this.sas(), ...more };
  }
}

/** A row in the client's spelling. */
const entity = ({ PartitionKey, RowKey, ...columns }) => ({ partitionKey: PartitionKey, rowKey: RowKey, ...columns });
