// What need not wait for the program: the theme, config.json, and the first rows of each table. `tools/finish.mjs`
// puts the program's names in.
(() => {
  const TIMEOUT = 46_000;
  const query = new URLSearchParams(location.search);
  const root = document.documentElement;
  const kept = (key) => {
    for (const name of ["sessionStorage", "localStorage"]) {
      try {
        const value = window[name].getItem(`ringside.${key}`);
        if (value !== null) return value;
      } catch { /* storage is switched off */ }
    }
    return null;
  };

  // Before the first paint; the program takes over from here.
  const theme = [query.get("theme"), kept("theme")].find((name) => ["auto", "light", "dark"].includes(name));
  const isDark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = isDark ? "dark" : "light";
  if (["1", "true"].includes(query.get("embed"))) root.dataset.embed = "true";

  // A program that can't be fetched or compiled would leave the page loading for ever.
  const fail = () => {
    const boot = document.querySelector(".boot");
    if (!boot) return;
    boot.textContent = "Ringside could not start. Reload the page; if that does not help, try a current browser.";
    boot.className = "boot boot--failed";
    root.dataset.ready = "true";
  };

  // Requests by their address, each with what it brought; `web::fetch` takes them from here instead of asking again.
  const early = (window.ringsideEarly = new Map());
  const ask = (address, options) => {
    // The program gives up a little earlier, and says so.
    const signal = AbortSignal.timeout(TIMEOUT);
    const answer = fetch(address, { cache: "no-store", referrerPolicy: "no-referrer", signal, ...options });
    answer.catch(() => {}); // whoever takes it hears of that
    early.set(address, answer);
    return answer;
  };
  const firstRows = ({ storage }) => {
    if (storage?.kind !== "azure-table") return;
    const endpoint = storage.endpoint.trim().replace(/\/+$/, "");
    const sas = storage.sas ?? kept(`credential.${endpoint}/${storage.table}`);
    if (!sas) return;
    const partition = storage.partition && `PartitionKey eq '${storage.partition.replaceAll("'", "''")}'`;
    const filter = partition ? `&$filter=${encode(partition)}` : "";
    const address = `${endpoint}/${storage.table}()?$top=1000${filter}&${sas.trim().replace(/^\?/, "")}`;
    ask(address, { credentials: "omit", redirect: "error", headers: { accept: "application/json;odata=nometadata" } });
  };
  const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  if (!query.has("demo")) {
    const wanted = query.getAll("project");
    ask("config.json", { credentials: "same-origin" })
      .then((answer) => answer.clone().json())
      .then(({ projects }) => projects.filter((p) => !wanted.length || wanted.includes(p.name)).forEach(firstRows))
      // The program says what is wrong.
      .catch(() => {});
  }

  const program = new URL("PROGRAM_WASM", document.currentScript.src);
  import("PROGRAM_JS").then(({ default: run }) => run({ module_or_path: program })).catch(fail);
})();
