//! The walls of `docs/ARCHITECTURE.md`, as far as imports show them.
//!
//! Each rule has a list of what breaks it today. A new breach fails, and so does an entry that nothing needs any more:
//! the lists can only shrink.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by a panic; clippy knows tests by their attribute, and here is what they share"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A file of `src/`, without its tests.
struct Source {
    /// Its path below `src/`.
    file: String,
    /// Its module: `crate`, `crate::model::store`.
    module: String,
    /// Its text without comments, with blanks in place of line breaks.
    code: String,
    /// Every path that it imports or writes out, from `crate` on or from another crate's name on.
    paths: BTreeSet<String>,
}

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = entry.file_name().into_string().unwrap();
        if path.is_dir() && name != "tests" {
            files(&path, found);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            found.push(path);
        }
    }
}

/// The tests too.
fn all_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with("node_modules") {
            all_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&root, &mut all);
    let mut sources: Vec<Source> = all.iter().map(|path| Source::read(&root, path)).collect();
    sources.sort_by(|a, b| a.file.cmp(&b.file));
    sources
}

impl Source {
    fn read(root: &Path, path: &Path) -> Self {
        let file = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        let bare = file.trim_end_matches(".rs").trim_end_matches("/mod");
        let module = match bare {
            "lib" | "main" => "crate".to_owned(),
            _ => format!("crate::{}", bare.replace('/', "::")),
        };
        let text = fs::read_to_string(path).unwrap();
        // Tests inside of the file stand at its end.
        let is_test_module = |(at, _): &(usize, &str)| {
            text[*at..].lines().nth(1).is_some_and(|line| line.contains("mod ") && line.ends_with('{'))
        };
        let text = text.match_indices("#[cfg(test)]\n").find(is_test_module).map_or(&*text, |(at, _)| &text[..at]);
        let lines = text.lines().map(|line| match line.find("//") {
            Some(at) if !line[..at].ends_with(':') && line[..at].matches('"').count() % 2 == 0 => &line[..at],
            _ => line,
        });
        let code = lines.collect::<Vec<_>>().join(" ");
        let children: BTreeSet<&str> =
            code.split("mod ").skip(1).filter_map(|rest| Some(rest.split_once(';')?.0)).collect();
        let paths = imports(&code, &module).into_iter().map(|path| match path.split("::").next() {
            // `mod rows; pub use rows::Store;`
            Some(first) if children.contains(first) => format!("{module}::{path}"),
            _ => path,
        });
        let paths = paths.collect();
        Self { file, module, code, paths }
    }

    fn is_in(&self, room: &str) -> bool {
        self.file == format!("{room}.rs") || self.file.starts_with(&format!("{room}/"))
    }

    fn imports(&self, path: &str) -> bool {
        self.paths.iter().any(|p| p == path || p.starts_with(&format!("{path}::")))
    }

    /// The room of `crate` that a path leads to.
    fn rooms(&self) -> BTreeSet<&str> {
        self.paths.iter().filter_map(|p| p.strip_prefix("crate::")?.split("::").next()).collect()
    }
}

/// The paths of all `use` declarations, and of all that is written out from `crate` or `super` on.
fn imports(code: &str, module: &str) -> BTreeSet<String> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("use ").filter(|(at, _)| *at == 0 || code[..*at].ends_with([' ', '(', ')'])) {
        let tree = &code[at + 4..];
        spread("", tree[..tree.find(';').unwrap_or(0)].trim(), &mut paths);
    }
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    for (at, _) in ["crate::", "super::"].into_iter().flat_map(|begin| code.match_indices(begin)) {
        // How far something is visible is no import.
        if !code[..at].ends_with(is_path) && !code[..at].ends_with("pub(in ") {
            let path = &code[at..];
            let path = &path[..path.find(|c| !is_path(c)).unwrap_or(path.len())];
            // What stands before the braces of a `use` is no import by itself.
            if !path.ends_with(':') {
                paths.push(path.to_owned());
            }
        }
    }
    paths.into_iter().map(|path| resolved(&path, module)).collect()
}

/// `a::{b, c::{self, d}}` as `a::b`, `a::c`, `a::c::d`.
fn spread(prefix: &str, tree: &str, out: &mut Vec<String>) {
    let join = |path: &str| if prefix.is_empty() { path.to_owned() } else { format!("{prefix}::{path}") };
    match tree.split_once('{') {
        Some((path, inner)) => {
            let prefix = join(path.trim().trim_end_matches(':'));
            let inner = &inner[..inner.rfind('}').unwrap_or(inner.len())];
            let (mut depth, mut start) = (0, 0);
            for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        let item = inner[start..at].trim();
                        if !item.is_empty() {
                            spread(&prefix, item, out);
                        }
                        start = at + 1;
                    }
                    _ => {}
                }
            }
        }
        None => {
            let path = tree.split(" as ").next().unwrap_or(tree).trim();
            out.push(join(path).trim_end_matches("::self").to_owned());
        }
    }
}

fn resolved(path: &str, module: &str) -> String {
    let mut at = module.to_owned();
    let mut rest = path;
    if let Some(after) = rest.strip_prefix("self::") {
        return format!("{at}::{after}");
    }
    if !rest.starts_with("super") {
        return path.to_owned();
    }
    while let Some(after) = rest.strip_prefix("super") {
        at = at.rsplit_once("::").map_or("crate", |(parent, _)| parent).to_owned();
        rest = after.trim_start_matches("::");
    }
    if rest.is_empty() { at } else { format!("{at}::{rest}") }
}

/// Holds a rule: what breaks it is what is known to, no more and no less. A known one that ends with a slash is a
/// whole folder.
#[track_caller]
fn hold(rule: &str, breaches: impl IntoIterator<Item = String>, known: &[&str]) {
    let breaches: BTreeSet<String> = breaches.into_iter().collect();
    let covers = |known: &str, breach: &str| known == breach || known.ends_with('/') && breach.starts_with(known);
    let new: Vec<_> = breaches.iter().filter(|breach| !known.iter().any(|known| covers(known, breach))).collect();
    let gone: Vec<_> = known.iter().filter(|known| !breaches.iter().any(|breach| covers(known, breach))).collect();
    assert!(new.is_empty(), "{rule}: broken anew by {new:#?}");
    assert!(gone.is_empty(), "{rule}: no longer broken by these, so take them out of the list: {gone:#?}");
}

/// Which file imports which, by their places in `sources`.
fn graph(sources: &[Source]) -> Vec<BTreeSet<usize>> {
    let by_module: BTreeMap<&str, usize> = sources.iter().enumerate().map(|(i, s)| (s.module.as_str(), i)).collect();
    let target = |path: &str| {
        let mut path = path;
        loop {
            if let Some(&i) = by_module.get(path) {
                return Some(i);
            }
            path = path.rsplit_once("::")?.0;
        }
    };
    let edges = sources.iter().enumerate().map(|(i, source)| {
        let targets = source.paths.iter().filter(|p| p.starts_with("crate")).filter_map(|p| target(p));
        targets.filter(|&t| t != i && sources[t].module != "crate").collect()
    });
    edges.collect()
}

/// The files from which imports lead back to themselves.
fn in_circles(sources: &[Source]) -> Vec<String> {
    let edges = graph(sources);
    let leads_back = |from: usize| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<usize> = edges[from].iter().copied().collect();
        while let Some(i) = next.pop() {
            if seen.insert(i) {
                next.extend(&edges[i]);
            }
        }
        seen.contains(&from)
    };
    (0..sources.len()).filter(|&i| leads_back(i)).map(|i| sources[i].file.clone()).collect()
}

#[test]
fn no_file_imports_in_a_circle() {
    hold("no circles", in_circles(&sources()), &[]);
}

#[test]
fn rooms_import_only_what_they_may() {
    let sources = sources();
    let mut breaches = Vec::new();
    for (room, may) in ROOMS {
        for source in sources.iter().filter(|s| s.is_in(room)) {
            let others = source.rooms();
            breaches.extend(
                others
                    .iter()
                    .filter(|other| *other != room && !may.contains(other))
                    .map(|other| format!("{} → {other}", source.file)),
            );
        }
    }
    hold("rooms", breaches, &[]);
}

#[test]
fn only_storage_and_the_store_know_fields_of_rows() {
    let sources = sources();
    let users = sources.iter().filter(|s| !s.is_in("storage") && !s.is_in("model/store"));
    let users = users.filter(|s| s.imports("crate::storage::row::Field")).map(|s| s.file.clone());
    hold("fields", users, &[]);
}

#[test]
fn the_engine_names_no_forge() {
    let sources = sources();
    let names = ["GitHub", "GitLab", "AzureDevOps", "github", "gitlab", "azure_devops", "azure-devops"];
    let users = sources.iter().filter(|s| s.is_in("engine") && names.iter().any(|name| s.code.contains(name)));
    hold("forges", users.map(|s| s.file.clone()), &[]);
}

/// What a forge's folder shows is what its `mod.rs` names, to `forge` alone: of requests and of what reads their
/// answers no more than `request`, `read`, and what tries a token.
#[test]
fn a_forges_protocol_is_private_to_its_folder() {
    let sources = sources();
    let mut breaches = Vec::new();
    for forge in ["azure_devops", "github", "gitlab"] {
        let folder = format!("forge/{forge}");
        let module = sources.iter().find(|s| s.file == format!("{folder}/mod.rs")).unwrap();
        assert!(["plan", "read"].iter().all(|name| module.code.contains(&format!(" {name}, "))), "{folder}");
        let words: BTreeSet<&str> = module.code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let shown = words.into_iter().filter(|word| word.starts_with("request_") || word.starts_with("parse_"));
        breaches.extend(shown.map(|word| format!("{folder} shows {word}")));
        // Whatever else is declared here would be seen outside without being named above.
        let open = ["pub mod ", "pub use ", "pub fn ", "pub(super) mod ", "pub(crate) ", "pub(in "];
        breaches
            .extend(open.iter().filter(|open| module.code.contains(**open)).map(|open| format!("{folder}: {open}")));
        let users = sources.iter().filter(|s| !s.is_in(&folder) && s.imports(&format!("crate::forge::{forge}")));
        breaches.extend(users.map(|s| format!("{} uses one", s.file)));
    }
    let known = [
        "forge/azure_devops shows parse_test",
        "forge/azure_devops shows request_owner",
        "forge/azure_devops shows request_test",
        "forge/github shows parse_test",
        "forge/github shows request_owner",
        "forge/github shows request_test",
        "forge/gitlab shows parse_test",
        "forge/gitlab shows request_owner",
        "forge/gitlab shows request_test",
        "forge/adapters.rs uses one",
        "forge/call.rs uses one",
        "forge/connections.rs uses one",
        "forge/owner.rs uses one",
        "forge/references.rs uses one",
    ];
    hold("protocols", breaches, &known);
}

/// It composes the agents, and does the work of none of them.
#[test]
fn the_scheduler_is_short() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine/forge/scheduler.rs");
    let lines = fs::read_to_string(file).unwrap().lines().count();
    assert!(lines <= 250, "{lines} lines");
}

#[test]
fn no_moment_stands_for_none() {
    let sources = sources();
    let users = sources.iter().filter(|s| SENTINELS.iter().any(|sentinel| s.code.contains(sentinel)));
    hold("sentinels", users.map(|s| s.file.clone()), &[]);
}

#[test]
fn names_are_the_fields_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    ["src", "tests"].into_iter().for_each(|folder| all_files(&root.join(folder), &mut all));
    let old = all.iter().filter(|path| !path.ends_with(file!())).flat_map(|path| {
        let text = fs::read_to_string(path).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = lines.map(|line| line.split(" // ").next().unwrap_or(line)).collect::<Vec<_>>().join(" ");
        let words: BTreeSet<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let functions = OLD_FUNCTIONS.iter().filter(|name| code.contains(&format!("fn {name}(")));
        let types = OLD_TYPES.iter().filter(|name| words.contains(*name));
        let mut found: Vec<String> = types.chain(functions).map(|name| (*name).to_owned()).collect();
        let code = without_literals(&code);
        let names: BTreeSet<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let is_person = |part: &str| PERSONS.iter().any(|word| part.eq_ignore_ascii_case(word));
        found.extend(names.into_iter().filter(|name| name.split('_').any(is_person)).map(str::to_owned));
        found.into_iter().map(|name| format!("{name} in {}", path.display())).collect::<Vec<_>>()
    });
    hold("names", old, &[]);
}

#[test]
fn browser_crates_are_for_the_browsers_rooms() {
    let sources = sources();
    let users = sources.iter().filter(|s| !s.is_in("web") && !s.is_in("ui") && BROWSER.iter().any(|c| s.imports(c)));
    hold("browser", users.map(|s| s.file.clone()), &[]);
}

#[test]
fn serde_stays_out_of_the_domain() {
    let sources = sources();
    let users = sources.iter().filter(|s| s.is_in("domain") && (s.imports("serde") || s.imports("serde_json")));
    hold("serde", users.map(|s| s.file.clone()), &[]);
}

#[test]
fn the_interface_writes_no_sentences() {
    let sources = sources();
    let writers = sources.iter().filter(|s| s.is_in("ui") && literals(&s.code).iter().any(is_wording));
    hold("words of the page belong into text or model/wording", writers.map(|s| s.file.clone()), SENTENCE_WRITERS);
}

/// An error states what to do about it where it arises, beside the code that finds its cause: only these write
/// sentences besides `text` and `model/wording`.
#[test]
fn sentences_are_written_where_texts_or_errors_are() {
    let sources = sources();
    let is_sentence = |text: &str| {
        let words = text.split(' ').count();
        words > 2 && text.starts_with(|c: char| c.is_ascii_uppercase()) && text.ends_with(['.', ':', '?'])
    };
    let others = sources.iter().filter(|s| !s.is_in("text") && !s.is_in("model/wording") && !s.is_in("demo"));
    let writers = others.filter(|s| literals(&s.code).iter().any(|(_, text)| is_sentence(text)));
    hold("sentences", writers.map(|s| s.file.clone()), ERROR_WRITERS);
}

/// The texts in a file's code, with what stands before each.
fn literals(code: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let (mut at, bytes) = (0, code.as_bytes());
    while let Some(start) = code.get(at..).and_then(|rest| rest.find('"')).map(|n| at + n) {
        // A quote as a character.
        if code[..start].ends_with('\'') && code[start + 1..].starts_with('\'') {
            at = start + 2;
            continue;
        }
        let mut end = start + 1;
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        found.push((&code[..start], code.get(start + 1..end).unwrap_or_default()));
        at = end + 1;
    }
    found
}

/// The code between its texts.
fn without_literals(code: &str) -> String {
    let (mut kept, mut at) = (String::new(), 0);
    for (before, text) in literals(code) {
        kept.push_str(&code[at..before.len()]);
        at = before.len() + text.len() + 2;
    }
    kept + code.get(at..).unwrap_or_default()
}

/// Whether people read it: it begins like a sentence or a label, or holds words with a blank between them. Names of
/// classes and selectors stand where only these can be, as do reasons for the compiler; keys are called by the browser.
fn is_wording((before, text): &(&str, &str)) -> bool {
    const CLASSES: [&str; 13] = [
        "class(",
        "icon(",
        "button(",
        "outside(",
        "link(",
        "version(",
        "to_details(",
        "set(\"rel\", ",
        "find(",
        "query_selector(",
        "closest(",
        "matches(",
        "within(",
    ];
    const KEYS: [&str; 11] = [
        "ArrowDown",
        "ArrowLeft",
        "ArrowRight",
        "ArrowUp",
        "End",
        "Enter",
        "Escape",
        "Home",
        "PageDown",
        "PageUp",
        "Tab",
    ];
    if KEYS.contains(text) || before.ends_with("reason = ") {
        return false;
    }
    let begins =
        text.starts_with(|c: char| c.is_ascii_uppercase()) && text[1..].starts_with(|c: char| c.is_ascii_lowercase());
    let is_word = |word: &str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_lowercase() || b",.:".contains(&b));
    let words: Vec<&str> = text.split(' ').collect();
    let is_phrase = words.windows(2).any(|pair| pair.iter().all(|word| is_word(word)));
    begins || is_phrase && !CLASSES.iter().any(|class| before.ends_with(class))
}

#[test]
fn commands_print_what_can_be_pasted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = vec![root.join("README.md")];
    files(&root.join("src"), &mut all);
    for path in all {
        let text = fs::read_to_string(&path).unwrap().replace("\\\n", "");
        for (at, _) in text.match_indices("az storage ") {
            // To the end of the command: of its line, its quotes or its code.
            let command = &text[at..];
            let end = command.find(['"', '`', '<']).into_iter().chain(command.find("\n  ```")).min();
            let command = &command[..end.unwrap_or(command.len())];
            assert!(command.contains("--output tsv"), "{}: {command}", path.display());
        }
    }
}

/// What a room may import beside itself. `ui` may import all.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("text", &["domain"]),
    ("http", &["domain"]),
    ("json", &[]),
    ("config", &["domain", "http", "text"]),
    ("storage", &["config", "domain", "http"]),
    ("forge", &["config", "domain", "http", "json", "text"]),
    ("model", &["config", "domain", "storage", "text"]),
    ("route", &["domain", "http", "model", "text"]),
    ("guide", &["domain", "http", "storage"]),
    ("sign_in", &["config", "domain", "forge", "http", "storage"]),
    ("demo", &["config", "domain", "http", "storage"]),
    ("engine", &["config", "domain", "forge", "http", "json", "model", "storage", "text"]),
    ("web", &["domain", "http", "text"]),
];

/// Moments and lengths of time that would stand for none: an `Option` does.
const SENTINELS: &[&str] = &["from_millis(0)", "from_millis(i64::", "Duration::MAX", "NEVER", "unwrap_or(Timestamp"];

/// Names of an earlier edition that the field has a term for, in code and in tests. Left out are those that have their
/// ordinary meaning where they stand: `Place` (in a file of JSON, on a forge), `Key` (of a row), `Line` (of text),
/// `Keep` (for how long a browser keeps something), `Needs`, `Git`, `gap`.
const OLD_TYPES: &[&str] = &[
    "Told", "Said", "Sight", "Seen", "Want", "Wanted", "Question", "Thing", "Lasting", "Moving", "Keeper", "Kept",
    "Standing", "Truth", "Fate", "Hang", "Carrier",
];
const OLD_FUNCTIONS: &[&str] =
    &["pump", "look", "arrive", "adjust", "settle", "ordered", "learn", "tell", "ask", "see"];

/// What only persons do, so that no name holds it: services report, rows have, views show, adapters read and plan.
const PERSONS: &[&str] = &[
    "tell", "tells", "told", "telling", "say", "says", "said", "speak", "speaks", "spoke", "spoken", "hear", "heard",
    "learn", "learnt", "knows", "patience", "sight",
];

/// Parts of the page that still write words of their own.
const SENTENCE_WRITERS: &[&str] = &[];

/// Where errors arise, and so are put into words.
const ERROR_WRITERS: &[&str] = &[
    "config/load.rs",
    "config/parse.rs",
    "config/reader.rs",
    "config/sign_in.rs",
    "config/storage.rs",
    "engine/forge/origin.rs",
    "engine/forge/problems.rs",
    "engine/rows/access.rs",
    "engine/rows/problems.rs",
    "forge/adapters.rs",
    "forge/azure_devops/explain.rs",
    "forge/explain.rs",
    "forge/github/trouble.rs",
    "forge/gitlab/trouble.rs",
    "guide/address.rs",
    "model/sync/note.rs",
    "sign_in/failure.rs",
    "storage/azure_table.rs",
    "storage/sample.rs",
    "storage/sas.rs",
    "storage/snapshot.rs",
];

/// Crates that only exist in a browser.
const BROWSER: &[&str] = &["web_sys", "js_sys", "wasm_bindgen", "wasm_bindgen_futures", "leptos", "gloo_timers"];
