//! Two rings side by side: for each service what runs in one and not yet in the other.

mod choice;

use std::time::Duration;

pub use choice::{Choice, choose};

use super::{
    rings::{Board, is_same_version},
    store::{Slot, Store},
    symbols::{RingSym, ServiceSym},
};
use crate::{
    domain::{
        deployment::Deployment,
        id::{CommitId, Repository},
        project::ProjectId,
    },
    model::wording::{self, escape_markdown},
    text,
};

/// How a service in one ring stands to the same in another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lag {
    /// Both run the same.
    Same,
    /// The second runs what the first ran before.
    Behind,
    /// The first runs what the second ran before.
    Ahead,
    /// Neither ever ran what the other does, as far as is known.
    Other,
    /// Nothing runs in the second.
    OnlyFirst,
    /// Nothing runs in the first.
    OnlySecond,
}

impl Lag {
    /// All of them, in the order of a comparison: what the second ring would get comes first, what is the same last.
    pub const ALL: [Self; 6] = [Self::Behind, Self::Other, Self::OnlyFirst, Self::Ahead, Self::OnlySecond, Self::Same];

    /// Its word in the page's hooks.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Behind => "behind",
            Self::Ahead => "ahead",
            Self::Other => "other",
            Self::OnlyFirst => "only-first",
            Self::OnlySecond => "only-second",
        }
    }
}

/// What lies between two versions, for a forge's page that compares them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Range {
    /// Where the commits are.
    pub repository: Repository,
    /// The older version.
    pub from: CommitId,
    /// The newer version.
    pub to: CommitId,
}

/// One service in both rings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServiceDiff {
    /// The project's number.
    pub project: ProjectId,
    /// The service.
    pub service: ServiceSym,
    /// What runs in the first ring.
    pub first: Option<Slot>,
    /// What runs in the second ring.
    pub second: Option<Slot>,
    /// How they stand.
    pub lag: Lag,
    /// What the ring that is ahead got since the version that the other one runs, the newest first, one a version.
    pub between: Vec<Slot>,
    /// There may be more between: the other's version is not among what is known of the ring that is ahead.
    pub is_partial: bool,
    /// How much older the older version is, where both have a time.
    pub by: Option<Duration>,
    /// What lies between.
    pub range: Option<Range>,
}

impl ServiceDiff {
    /// What runs in both, the older first, where they differ.
    #[must_use]
    pub fn span(&self) -> Option<(Slot, Slot)> {
        let (first, second) = (self.first?, self.second?);
        match self.lag {
            Lag::Behind | Lag::Other => Some((second, first)),
            Lag::Ahead => Some((first, second)),
            Lag::Same | Lag::OnlyFirst | Lag::OnlySecond => None,
        }
    }

    /// Every deployment that it is about: what runs, and what lies between.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        self.first.into_iter().chain(self.second).chain(self.between.iter().copied())
    }
}

/// Two rings side by side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    /// The ring that is usually ahead.
    pub first: RingSym,
    /// The ring that is to follow.
    pub second: RingSym,
    /// Every service that runs in either, in the board's order.
    pub services: Vec<ServiceDiff>,
}

/// Compares two rings of the board. `None` when it has no such ring.
#[must_use]
pub fn compare(store: &Store, board: &Board, first: RingSym, second: RingSym) -> Option<Comparison> {
    let column = |ring: RingSym| board.rings.iter().position(|r| r.ring == ring);
    let (one, two) = (column(first)?, column(second)?);
    let mut services = Vec::new();
    for row in &board.services {
        let (Some(a), Some(b)) = (row.cells.get(one), row.cells.get(two)) else { continue };
        let blank = ServiceDiff {
            project: row.project,
            service: row.service,
            first: a.running,
            second: b.running,
            lag: Lag::Same,
            between: Vec::new(),
            is_partial: false,
            by: None,
            range: None,
        };
        services.push(match (a.running, b.running) {
            (None, None) => continue,
            (Some(_), None) => ServiceDiff { lag: Lag::OnlyFirst, ..blank },
            (None, Some(_)) => ServiceDiff { lag: Lag::OnlySecond, ..blank },
            (Some(x), Some(y)) if is_same_version(store, x, y) => blank,
            (Some(x), Some(y)) => {
                let until = |history: &[Slot], other: Slot| {
                    history.iter().position(|&slot| is_same_version(store, slot, other))
                };
                match (until(a.history(), y), until(b.history(), x)) {
                    (Some(n), _) => differ(store, blank, Lag::Behind, a.history(), Some(n), (y, x)),
                    (None, Some(n)) => differ(store, blank, Lag::Ahead, b.history(), Some(n), (x, y)),
                    (None, None) => differ(store, blank, Lag::Other, a.history(), None, (y, x)),
                }
            }
        });
    }
    Some(Comparison { first, second, services })
}

/// `history` is that of the ring that is ahead, with the other's version at `until`; `(older, newer)` is what runs.
fn differ(
    store: &Store,
    blank: ServiceDiff,
    lag: Lag,
    history: &[Slot],
    until: Option<usize>,
    (older, newer): (Slot, Slot),
) -> ServiceDiff {
    let mut between: Vec<Slot> = Vec::new();
    let since = store.at(older).updated();
    for (n, &slot) in history.iter().enumerate() {
        // Where the other's version never ran here, what is newer than it is the best guess.
        let is_after = until.map_or(store.at(slot).updated() > since, |until| n < until);
        if is_after && !between.iter().any(|&known| is_same_version(store, known, slot)) {
            between.push(slot);
        }
    }
    // A promotion is always later than what it promotes: where a ring had both, its own two times count.
    let came = until.and_then(|n| history.get(n)).map_or(since, |&slot| store.at(slot).updated());
    let (from, to) = (store.at(older), store.at(newer));
    let range = || {
        let repository = Repository::new(to.repository())?;
        let is_one = from.repository().eq_ignore_ascii_case(repository.as_str());
        let (from, to) = (CommitId::new(from.commit())?, CommitId::new(to.commit())?);
        (is_one && !from.is_same_as(&to)).then_some(Range { repository, from, to })
    };
    ServiceDiff {
        lag,
        between,
        is_partial: until.is_none(),
        by: to.updated().zip(came).map(|(to, came)| to.since(came)),
        range: range(),
        ..blank
    }
}

impl Comparison {
    /// As release notes in Markdown: what the second ring would get. `deployment` has all that is known of one.
    #[must_use]
    pub fn to_markdown(&self, store: &Store, deployment: &dyn Fn(Slot) -> Option<Deployment>) -> String {
        let names = store.rings();
        let (first, second) = (escape_markdown(names.title(self.first)), escape_markdown(names.title(self.second)));
        let mut out = format!("# In {first}, not in {second}\n");
        let titles = [
            format!("Newer in {second}"),
            "Other versions".to_owned(),
            format!("Not yet in {second}"),
            format!("Only in {second}"),
            "The same in both".to_owned(),
        ];
        let mut rest: Vec<(String, Vec<String>)> = titles.into_iter().map(|title| (title, Vec::new())).collect();
        for diff in &self.services {
            let name = match store.service_name(diff.service) {
                "" if diff.service == ServiceSym::NONE => "HLD edits".to_owned(),
                name => escape_markdown(name),
            };
            let version =
                |slot: Option<Slot>| slot.and_then(deployment).map(|d| escape_markdown(&wording::version(&d)));
            let (one, two) = (version(diff.first), version(diff.second));
            let place = match diff.lag {
                Lag::Behind => {
                    out += &format!("\n## {name}: {} → {}\n\n", two.unwrap_or_default(), one.unwrap_or_default());
                    let by = diff.by.map_or_else(String::new, |by| format!(" and {}", text::duration(by)));
                    out += &format!("{second} is {}{by} behind.\n\n", text::plural(diff.between.len(), "version"));
                    for d in diff.between.iter().filter_map(|&slot| deployment(slot)) {
                        out += &item(&d);
                    }
                    continue;
                }
                Lag::Ahead => 0,
                Lag::Other => 1,
                Lag::OnlyFirst => 2,
                Lag::OnlySecond => 3,
                Lag::Same => 4,
            };
            let line = match (one, two) {
                (Some(one), Some(two)) if one != two => format!("{name}: {one} in {first}, {two} in {second}"),
                (Some(version), _) | (_, Some(version)) => format!("{name}: {version}"),
                _ => name,
            };
            if let Some((_, lines)) = rest.get_mut(place) {
                lines.push(line);
            }
        }
        for (title, lines) in rest.iter().filter(|(_, lines)| !lines.is_empty()) {
            out += &format!("\n## {title}\n\n");
            for line in lines {
                out += &format!("- {line}\n");
            }
        }
        out
    }
}

fn item(d: &Deployment) -> String {
    let mut line = format!("- **{}**", escape_markdown(&wording::version(d)));
    let message = d.source.message.as_deref().map(text::first_line).filter(|m| !m.is_empty());
    if let Some(message) = message {
        line += &format!(": {}", escape_markdown(message));
    }
    if let Some(commit) = &d.source.commit {
        line += &match &d.source.link {
            Some(link) => format!(" ([{}]({}))", commit.short(), address(link.as_str())),
            None => format!(" ({})", escape_markdown(commit.short())),
        };
    }
    if let Some(author) = &d.source.author {
        line += &format!(" by {}", escape_markdown(&author.name));
    }
    if let Some(pr) = &d.pull_request {
        let number = escape_markdown(pr.id.as_str());
        line += &match &pr.link {
            Some(link) => format!(", pull request [{number}]({})", address(link.as_str())),
            None => format!(", pull request {number}"),
        };
    }
    line.push('\n');
    line
}

/// An address between brackets.
fn address(link: &str) -> String {
    link.replace('(', "%28").replace(')', "%29").replace('<', "%3C").replace('>', "%3E")
}

#[cfg(test)]
mod tests;
