//! From the text of `config.json` to a [`Config`], or to everything that is wrong with it.

#[cfg(test)]
mod tests;

use std::time::Duration;

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::{
    Config, Project,
    forge::{manifests, pipelines, stages},
    link::{Gap, LinkTemplate, TemplateError},
    reader::{Object, Place, Report, alternatives},
    rings::{clusters, rings},
    sign_in::{mark_tables, sign_in},
    storage::storage,
    views::{teams, views},
};
use crate::{
    domain::{
        column::Column,
        id::ProjectName,
        problem::{Area, Problem, ProblemKind},
        time::{days, minutes},
    },
    http::Origin,
    text::count,
};

/// `$schema` lets editors find `config.schema.json`.
pub(super) const ROOT: [&str; 14] = [
    "$schema",
    "title",
    "refreshSeconds",
    "idleDays",
    "waitingHours",
    "projects",
    "rings",
    "clusters",
    "columns",
    "links",
    "avatars",
    "views",
    "teams",
    "signIn",
];
pub(super) const PROJECT: [&str; 4] = ["name", "storage", "pipelines", "manifests"];
pub(super) const LINK: [&str; 2] = ["title", "url"];

/// What the page is called by default.
const TITLE: &str = "Ringside";
/// A file of this size names thousands of projects; a larger one is something else.
const MOST_BYTES: usize = 1 << 20;
/// How often to look again by default.
const REFRESH: Duration = Duration::from_secs(30);
/// After how many days without anything new a feature ring is left over by default.
const IDLE_DAYS: u64 = 14;

/// After how many hours a pull request that waits needs attention by default.
const WAITING_HOURS: u64 = 4;

/// Reads `config.json`. What comes with a usable configuration are warnings.
///
/// # Errors
///
/// Everything that is wrong, each problem naming the key, what was found and what is allowed, and the warnings too: a
/// misspelt key explains a missing one.
pub fn parse(text: &str) -> Result<(Config, Vec<Problem>), Vec<Problem>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MOST_BYTES {
        let what = format!("config.json has {} bytes.", count(text.len()));
        let hint = format!("Allowed: at most {}.", count(MOST_BYTES));
        return Err(vec![Problem::error(Area::Config, ProblemKind::Unreadable, what, hint)]);
    }
    let root = serde_json::from_str::<Value>(text).map_err(|error| vec![syntax(text, &error)])?;
    let mut report = Report::default();
    let config = config(&root, &mut report);
    let is_usable = report.is_usable();
    let problems = report.into_problems(text);
    config.filter(|_| is_usable).map(|config| (config, problems.clone())).ok_or(problems)
}

fn config(root: &Value, report: &mut Report) -> Option<Config> {
    let place = Place { path: String::new(), value: root };
    let root = place.object(&ROOT, "an object, { … }", report)?;
    let mut config = Config {
        title: root.text("title", "a text", report).unwrap_or(TITLE).into(),
        refresh: root.get("refreshSeconds").map_or(Some(REFRESH), |place| refresh(&place, report)),
        idle: root.get("idleDays").map_or(Some(days(IDLE_DAYS)), |place| idle(&place, report)),
        waiting_limit: root
            .get("waitingHours")
            .map_or(Some(minutes(60 * WAITING_HOURS)), |place| waiting_limit(&place, report)),
        projects: projects(&root, report),
        rings: rings(&root, report),
        clusters: clusters(&root, report),
        columns: root.get("columns").map(|place| columns(&place, report)),
        links: links(&root, report),
        avatars: avatars(&root, report),
        views: views(&root, report),
        teams: teams(&root, report),
        sign_in: sign_in(&root, report),
    };
    let sign_in = &config.sign_in;
    config.projects.iter_mut().for_each(|project| mark_tables(&mut project.storage, sign_in));
    Some(config)
}

fn refresh(place: &Place<'_>, report: &mut Report) -> Option<Duration> {
    match place.value.as_u64() {
        Some(0) => None,
        Some(seconds @ 5..=3600) => Some(Duration::from_secs(seconds)),
        _ => {
            report.wrong(place, "a whole number of seconds from 5 to 3600, or 0 for only by hand");
            None
        }
    }
}

fn idle(place: &Place<'_>, report: &mut Report) -> Option<Duration> {
    match place.value.as_u64() {
        Some(0) => None,
        Some(n @ 1..=3650) => Some(days(n)),
        _ => {
            report.wrong(place, "a whole number of days from 1 to 3650, or 0 for never");
            None
        }
    }
}

fn waiting_limit(place: &Place<'_>, report: &mut Report) -> Option<Duration> {
    match place.value.as_u64() {
        Some(0) => None,
        Some(n @ 1..=8760) => Some(minutes(60 * n)),
        _ => {
            report.wrong(place, "a whole number of hours from 1 to 8760, or 0 for never");
            None
        }
    }
}

fn projects(root: &Object<'_>, report: &mut Report) -> Vec<Project> {
    let allowed = "a list of at least one project";
    let Some(place) = root.need("projects", allowed, report) else { return Vec::new() };
    let items = place.items(allowed, report);
    if items.is_empty() && place.value.is_array() {
        report.error(&place, "is an empty list.", "Allowed: a list of at least one project.");
    }
    let mut names = FxHashSet::default();
    items.iter().filter_map(|item| project(item, &mut names, report)).collect()
}

fn project(place: &Place<'_>, names: &mut FxHashSet<String>, report: &mut Report) -> Option<Project> {
    let object = place.object(&PROJECT, "an object with name and storage", report)?;
    let allowed = "a name that no other project has, in any case";
    let name = object.need_text("name", allowed, report).and_then(ProjectName::new);
    if let (Some(name), Some(place)) = (&name, object.get("name"))
        && !names.insert(name.as_str().to_lowercase())
    {
        report.wrong(&place, allowed);
    }
    let storage = storage(&object, report);
    let pipelines = object.get("pipelines").and_then(|place| pipelines(&place, report));
    let manifests = object.get("manifests").and_then(|place| manifests(&place, report));
    let stages = object.get("pipelines").map(|place| stages(&place, report)).unwrap_or_default();
    Some(Project { name: name?, storage: storage?, pipelines, stages, manifests })
}

fn columns(place: &Place<'_>, report: &mut Report) -> Vec<Column> {
    let allowed = ["a list of ", &alternatives(&Column::ALL.map(Column::id)), ", each at most once"].concat();
    let items = place.items(&allowed, report);
    if items.is_empty() && place.value.is_array() {
        report.error(place, "is an empty list.", "Name at least one column, or leave the key out for all of them.");
    }
    let mut columns = Vec::new();
    for item in items {
        match item.value.as_str().and_then(Column::from_id).filter(|column| !columns.contains(column)) {
            Some(column) => columns.push(column),
            None => report.wrong(&item, &allowed),
        }
    }
    columns
}

fn avatars(root: &Object<'_>, report: &mut Report) -> Vec<Origin> {
    let allowed = "a list of https origins such as https://avatars.example.com";
    let items = root.get("avatars").map_or_else(Vec::new, |place| place.items(allowed, report));
    let mut origins = Vec::new();
    for item in items {
        let text = item.value.as_str().unwrap_or_default().trim_end_matches('/');
        match Origin::of(text).filter(|origin| origin.is_https() && origin.as_str() == text.to_ascii_lowercase()) {
            Some(origin) => origins.push(origin),
            None => report.wrong(&item, allowed),
        }
    }
    origins
}

fn links(root: &Object<'_>, report: &mut Report) -> Vec<LinkTemplate> {
    let Some(place) = root.get("links") else { return Vec::new() };
    let items = place.items("a list of objects with title and url", report);
    items.iter().filter_map(|item| link(item, report)).collect()
}

fn link(place: &Place<'_>, report: &mut Report) -> Option<LinkTemplate> {
    let object = place.object(&LINK, "an object with title and url", report)?;
    let title = object.need_text("title", "a text", report);
    let gaps = Gap::ALL.map(|gap| ["{", gap.as_str(), "}"].concat()).join(" ");
    let allowed = ["an http or https address, with any of ", &gaps].concat();
    let place = object.need("url", &allowed, report)?;
    let url = place.text(&allowed, report)?;
    match LinkTemplate::new(title.unwrap_or_default(), url) {
        Ok(template) => title.map(|_| template),
        Err(TemplateError::NotWeb) => {
            report.wrong(&place, &allowed);
            None
        }
        Err(TemplateError::Gap(word)) => {
            let what = format!("has the placeholder {{{word}}}, which nothing fills.");
            report.error(
                &place,
                &what,
                &["Allowed: ", &gaps, ". A brace of the address itself is %7B or %7D."].concat(),
            );
            None
        }
        Err(TemplateError::Brace) => {
            let hint = ["Allowed: ", &gaps, ". A brace of the address itself is %7B or %7D."].concat();
            report.error(&place, "has a brace without its other half.", &hint);
            None
        }
    }
}

/// What is wrong with text that is no JSON. The text itself is not shown: it may hold a SAS.
fn syntax(text: &str, error: &serde_json::Error) -> Problem {
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or_default();
    let (line, column) = (error.line(), error.column());
    let rest = text.lines().nth(line.saturating_sub(1)).and_then(|l| l.get(column.saturating_sub(1)..));
    let hint = match rest.and_then(|rest| rest.chars().next()) {
        _ if text.trim().is_empty() => "The file is empty. Delete it to see sample data.",
        _ if error.is_eof() => "The file ends too early: a closing brace, bracket or quote is missing.",
        Some('/' | '#') => "JSON has no comments: delete them.",
        Some('\'' | '‘' | '’' | '“' | '”' | '„' | '«' | '»') => {
            "Put straight double quotes around keys and texts."
        }
        Some('}' | ']') => "Delete the comma before it, or write the value that is missing.",
        Some('"') => "A comma or a colon is probably missing before it.",
        Some('\\') => "Write \\\\ for a backslash.",
        _ => {
            "Usual causes: a comment, a comma after the last entry, a forgotten comma, or quotes that are not straight \
             double ones."
        }
    };
    let what = format!("config.json is not valid JSON: {reason}, in line {line}, column {column}.");
    Problem::error(Area::Config, ProblemKind::Unreadable, what, hint)
}
