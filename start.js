// What need not wait for the program: the theme, and config.json. `tools/finish.mjs` puts the program's names in.
(() => {
  // Somebody comes back from signing in: the answer leaves the address before anything else looks at it, and what was
  // looked at comes back. `ui/state/sign_in` takes it from here.
  for (const words of [location.hash.slice(1), location.search.slice(1)]) {
    const answer = new URLSearchParams(words);
    if (!answer.get("state") || !(answer.has("code") || answer.has("error"))) continue;
    let place = "";
    try {
      place = JSON.parse(sessionStorage.getItem(`ringside.attempt.${answer.get("state")}`))?.query ?? "";
    } catch { /* an answer to nothing that this tab asked */ }
    window.ringsideSignIn = words;
    history.replaceState(null, "", location.pathname + place);
    break;
  }

  const query = new URLSearchParams(location.search);
  const root = document.documentElement;
  let kept = null;
  try { kept = localStorage.getItem("ringside.theme"); } catch { /* storage is switched off */ }

  // Before the first paint; the program takes over from here.
  const theme = [query.get("theme"), kept].find((name) => ["auto", "light", "dark"].includes(name));
  const isDark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = isDark ? "dark" : "light";
  if (["1", "true"].includes(query.get("embed"))) root.dataset.embed = "true";

  // In another page's frame: it is sent how high this is, and sends which theme it has. Nobody else is listened or
  // answered to: neither a page that is not around this one, nor one of another origin than the address names.
  const host = query.get("host") ?? location.ancestorOrigins?.[0];
  if (root.dataset.embed && parent !== window && host && host !== "null") {
    const post = (message) => {
      try { parent.postMessage(message, host); } catch { /* the address names no origin */ }
    };
    addEventListener("message", ({ source, origin, data }) => {
      if (source !== parent || origin !== host || data?.ringside !== "theme") return;
      if (!["auto", "light", "dark"].includes(data.theme)) return;
      const next = new URL(location.href);
      if ((next.searchParams.get("theme") ?? "auto") === data.theme) return;
      next.searchParams.set("theme", data.theme);
      // The program follows the address, and takes the theme from there.
      history.replaceState(null, "", next);
      dispatchEvent(new PopStateEvent("popstate"));
    });
    let sent = 0;
    const measure = () => {
      // What scrolls within the page could be shown whole.
      const inner = [...document.querySelectorAll(".board, .scroller")].map((box) => box.scrollHeight - box.clientHeight);
      const height = document.body.scrollHeight + inner.reduce((sum, part) => sum + part, 0);
      if (height !== sent) post({ ringside: "height", height: (sent = height) });
    };
    document.addEventListener("DOMContentLoaded", () => {
      post({ ringside: "ready" });
      new ResizeObserver(measure).observe(document.body);
      new MutationObserver(() => requestAnimationFrame(measure)).observe(document.body, { childList: true, subtree: true });
    });
  }

  // A program that can't be fetched or compiled would leave the page loading for ever.
  const fail = () => {
    const boot = document.querySelector(".boot");
    if (!boot) return;
    boot.textContent = "Ringside could not start. Reload the page; if that does not help, try a current browser.";
    boot.className = "boot boot--failed";
    root.dataset.ready = "true";
  };

  // One that never arrives, or whose config.json does not. What comes after all takes the place of this.
  setTimeout(() => {
    const text = document.querySelector(".boot .unseen");
    if (!text) return;
    text.textContent = "Ringside is still loading: the line may be slow, or its host may not answer. It goes on by itself; reloading tries again.";
    text.className = "boot--late";
  }, 20_000);

  // By their addresses; `web::fetch` takes them from here instead of asking again, and gives them up by its own signal.
  const early = (window.ringsideEarly = new Map());
  const ask = (address, options, then = (answer) => answer) => {
    const controller = new AbortController();
    const { signal } = controller;
    const answer = fetch(address, { cache: "no-store", referrerPolicy: "no-referrer", signal, ...options }).then(then);
    answer.catch(() => {}); // whoever takes it hears of that
    answer.abortWith = (other) => other.addEventListener("abort", () => controller.abort());
    early.set(address, answer);
  };

  // The first page of rows, in the words of `storage::azure_table`, which a test holds it to. What the program would
  // have to correct or refuse is left to it.
  const keptFor = (key) => {
    try { return sessionStorage.getItem(key) ?? localStorage.getItem(key); } catch { return null; }
  };
  const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const askRows = ({ kind, endpoint, table, partition, sas: shared }) => {
    const base = endpoint.trim().replace(/\/+$/, "");
    const { protocol, hostname } = new URL(base);
    const sas = keptFor(`ringside.credential.${base}/${table}`) ?? shared;
    const of = new URLSearchParams(sas);
    const isHere = protocol === "http:" && ["127.0.0.1", "localhost"].includes(hostname) && of.get("spr") !== "https";
    const isReadable = of.has("sig") && of.get("sp")?.includes("r") && (of.get("tn") ?? table).toLowerCase() === table.toLowerCase();
    const isPlain = /^[\w%&=.:~+-]+$/.test(sas) && /^[A-Za-z][A-Za-z0-9]{2,62}$/.test(table) && !/[?#@]/.test(base);
    if (kind !== "azure-table" || !(protocol === "https:" || isHere) || !isReadable || !isPlain) return;
    // The last 30 days, from a full hour on: so that it is the same to the program a moment later.
    const hour = 3_600_000;
    const since = new Date(Math.floor(Date.now() / hour - 30 * 24) * hour).toISOString().replace(".000", "");
    const ofPartition = partition ? `PartitionKey eq '${partition.replaceAll("'", "''")}' and ` : "";
    const filter = `${ofPartition}Timestamp ge datetime'${since}'`;
    // A redirect could carry the credential to somebody it was not given for.
    const options = { headers: { Accept: "application/json;odata=nometadata" }, credentials: "omit", redirect: "manual" };
    ask(`${base}/${table}()?$top=1000&$filter=${encode(filter)}&${sas}`, options);
  };
  if (!query.has("demo")) {
    const wanted = query.getAll("project");
    // The program has it when the rows have been asked for: else it might ask for them, too.
    ask("config.json", { credentials: "same-origin" }, async (answer) => {
      try {
        const { projects } = await answer.clone().json();
        for (const { name, storage } of projects) if (!wanted.length || wanted.includes(name)) askRows(storage);
      } catch { /* the program shows what is wrong with it */ }
      return answer;
    });
  }

  const program = new URL("PROGRAM_WASM", document.currentScript.src);

  // A program that has aborted (out of memory, or a fault of ours) runs no more: what it drew stays, and so does the
  // address. The page shows that, and no event reaches the program any longer, which would only fail again.
  const SECRET = /\b(sig|\w*token|pat|\w*key|secret|password|code)=[^&\s]+|gh[a-z]_\w+|github_pat_\w+|glpat-[\w-]+|eyJ[\w.-]{20,}|[\w+/]{40,}={0,2}/gi;
  const stop = (error) => {
    if (root.dataset.broken) return;
    root.dataset.broken = root.dataset.ready = "true";
    const make = (tag, text, role) => {
      const made = document.createElement(tag);
      made.textContent = text;
      if (role) made.className = role;
      return made;
    };
    const report = [
      "Ringside stopped",
      `when: ${new Date().toISOString()}, after ${Math.round(performance.now() / 1000)} s`,
      `view: ${new URLSearchParams(location.search).get("view") ?? "rings"}`,
      `browser: ${navigator.userAgent}`,
      `program: ${program.pathname.split("/").pop()}`,
      `${window.ringsidePanic ?? ""}\n${error.stack ?? error}`.trim().slice(0, 4_000),
    ].join("\n").replace(SECRET, "…");
    const reload = make("button", "Reload", "button");
    const copy = make("button", "Copy report", "button");
    const details = make("details");
    details.append(make("summary", "Report"), make("pre", report));
    const bar = make("div", "", "broken");
    bar.setAttribute("role", "alert");
    bar.append(make("b", "Ringside stopped working. What is on screen stays, but is no longer updated."), reload, copy, details);
    document.body.prepend(bar);
    const answer = async (event) => {
      event.stopImmediatePropagation();
      if (event.type !== "click") return;
      if (event.target === reload) location.reload();
      if (event.target === copy) {
        const copied = await navigator.clipboard?.writeText(report).then(() => true, () => false);
        copy.textContent = copied ? "Copied" : "Not allowed: see the report";
        details.open ||= !copied;
      }
    };
    const kinds = ["click", "input", "change", "submit", "keydown", "focusin", "focusout", "pointerdown", "scroll", "popstate", "visibilitychange"];
    for (const kind of kinds) addEventListener(kind, answer, true);
  };
  // Memory that cannot grow ends a program like any fault of it.
  const hear = (error) => error instanceof WebAssembly.RuntimeError && stop(error);
  addEventListener("error", ({ error }) => hear(error));
  addEventListener("unhandledrejection", ({ reason }) => hear(reason));

  import("PROGRAM_JS").then(({ default: run }) => run({ module_or_path: program })).catch((error) => {
    console.error(error);
    fail();
  });
})();
