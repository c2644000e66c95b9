//! The rules of filters and search, over plain texts with nothing clever in it.

use super::*;

/// What one row holds, by column.
pub(super) type Texts = BTreeMap<Field, String>;

pub(super) const PROJECTS: [&str; 2] = ["Trivia", "Quiz"];
pub(super) const CLUSTERS: [(&str, &str); 3] = [("east", "0a12da8c99104f"), ("East-2", "0A12DA8"), ("west", "beef123")];

pub(super) fn rules() -> Vec<RingRule> {
    let rule = |name: &str, title: Option<&str>, aliases: &[&str], branches: &[&str]| RingRule {
        title: title.map(Into::into),
        aliases: aliases.iter().map(|a| Box::from(*a)).collect(),
        branches: branches.iter().map(|b| Box::from(*b)).collect(),
        ..ring_rule(name)
    };
    vec![rule("dev", None, &[], &["develop"]), rule("prod", Some("Produktion Süd"), &["master"], &["main"])]
}

/// The shown columns that are searched, and those that many rows share.
pub(super) const SHOWN: [Field; 14] = [
    Field::P1,
    Field::P2,
    Field::P3,
    Field::CommitId,
    Field::ImageTag,
    Field::HldCommitId,
    Field::ManifestCommitId,
    Field::Pr,
    Field::CommitMessage,
    Field::P1Name,
    Field::P2Name,
    Field::P3Name,
    Field::PrTitle,
    Field::PrBranch,
];
pub(super) const NAMES: [Field; 5] =
    [Field::Service, Field::AuthorName, Field::MergedBy, Field::Branch, Field::SourceRepo];

/// A store, and the same rows as plain texts.
pub(super) struct Fixture {
    pub(super) store: Store,
    pub(super) syncs: Syncs,
    /// By slot; what was taken out is `None`.
    pub(super) rows: Vec<Option<(ProjectId, Texts)>>,
    /// Every name that any row ever had.
    pub(super) known: BTreeMap<Field, BTreeSet<String>>,
}

pub(super) fn low(text: &str) -> String {
    fold(text)
}

pub(super) fn new_row(texts: &Texts) -> Row<'static> {
    RowBuilder::texts(texts.iter().map(|(field, text)| (*field, text))).row()
}

impl Fixture {
    pub(super) fn new(rows: Vec<(ProjectId, Texts, bool)>) -> Self {
        let projects = PROJECTS.iter().map(|p| ProjectName::new(p).unwrap()).collect();
        let mut syncs = Syncs::new(&rules(), &[]);
        for (cluster, commit) in CLUSTERS {
            syncs.put(ProjectId::at(0), &row(&format!("{cluster} syncCommit={commit} syncState=applied")));
        }
        let store = Store::new(projects, RingNames::new(&rules()));
        let mut fixture = Self { store, syncs, rows: Vec::new(), known: BTreeMap::new() };
        for (n, (project, mut texts, gone)) in rows.into_iter().enumerate() {
            texts.insert(Field::RowKey, format!("key {n}"));
            // Rows of different partitions are not joined.
            texts.insert(Field::PartitionKey, format!("{n}"));
            let (slot, _) = fixture.store.put(project, &new_row(&texts));
            for field in NAMES {
                fixture.known.entry(field).or_default().insert(low(&name(&texts, field)));
            }
            fixture.rows.resize(fixture.rows.len().max(slot.index() + 1), None);
            fixture.rows[slot.index()] = (!gone).then_some((ProjectId::at(project.index()), texts));
            if gone {
                fixture.store.remove(slot);
            }
        }
        fixture.store.rebuild();
        fixture.syncs.rebuild(&fixture.store);
        fixture
    }

    pub(super) fn is_wanted(&self, slot: usize, filter: &Filter) -> bool {
        let Some((project, texts)) = &self.rows[slot] else { return false };
        let facts = outcome_of_row(&new_row(texts));
        let by_filters = Facet::ALL.into_iter().all(|facet| {
            let values = filter.values.get(facet);
            values.is_empty() || values.iter().any(|v| self.is_exactly(facet, v, *project, texts))
        });
        let positive = |facet: Facet| filter.terms.iter().filter(move |t| !t.negated && t.facet == Some(facet));
        let by_terms = filter.terms.iter().all(|term| match term.facet {
            None => self.shows(&term.value, *project, texts) != term.negated,
            Some(facet) if term.negated => !self.is_loosely(facet, &term.value, *project, texts),
            Some(facet) => positive(facet).any(|t| self.is_loosely(facet, &t.value, *project, texts)),
        });
        by_filters && by_terms && filter.since.is_none_or(|since| facts.updated >= Some(since))
    }

    pub(super) fn is_exactly(&self, facet: Facet, value: &str, project: ProjectId, texts: &Texts) -> bool {
        let facts = outcome_of_row(&new_row(texts));
        match facet {
            Facet::Service => !value.is_empty() && low(&name(texts, Field::Service)) == low(value),
            Facet::Author => !value.is_empty() && low(&name(texts, Field::AuthorName)) == low(value),
            Facet::MergedBy => !value.is_empty() && low(&name(texts, Field::MergedBy)) == low(value),
            Facet::Branch => !value.is_empty() && low(&name(texts, Field::Branch)) == low(value),
            Facet::Ring => ring(texts).is_some_and(|ring| words_for(&ring).contains(&low(value))),
            Facet::Status => facts.status.as_str() == low(value),
            Facet::Kind => facts.kind.as_str() == low(value),
            Facet::Project => low(PROJECTS[project.index()]) == low(value),
            Facet::Cluster => clusters(project, texts).any(|cluster| low(cluster) == low(value)),
        }
    }

    /// A typed value: the whole text if there is such a one at all, else a part of it.
    pub(super) fn is_loosely(&self, facet: Facet, value: &str, project: ProjectId, texts: &Texts) -> bool {
        let facts = outcome_of_row(&new_row(texts));
        let known = |field: Field| self.known.get(&field).is_some_and(|all| all.contains(&low(value)));
        let named = |field: Field| {
            let name = low(&name(texts, field));
            if known(field) { name == low(value) } else { name.contains(&low(value)) }
        };
        match facet {
            Facet::Service => named(Field::Service),
            Facet::Author => named(Field::AuthorName),
            Facet::MergedBy => named(Field::MergedBy),
            Facet::Branch => named(Field::Branch),
            Facet::Ring => {
                let all: Vec<String> = self.rows.iter().flatten().filter_map(|(_, texts)| ring(texts)).collect();
                let configured = ["dev", "prod"].map(str::to_owned);
                let is_one = configured.iter().chain(&all).any(|ring| words_for(ring).contains(&low(value)));
                let part = |ring: &str| low(ring).contains(&low(value)) || ring == "prod" && title_has(value);
                let gone = self.store.rings().find(value).is_some();
                if is_one || gone {
                    self.is_exactly(facet, value, project, texts)
                } else {
                    ring(texts).is_some_and(|ring| part(&ring))
                }
            }
            Facet::Status => facts.status.as_str().starts_with(&low(value)),
            Facet::Kind => facts.kind.as_str().starts_with(&low(value)),
            Facet::Project => {
                let is_one = PROJECTS.iter().any(|p| low(p) == low(value));
                if is_one {
                    low(PROJECTS[project.index()]) == low(value)
                } else {
                    low(PROJECTS[project.index()]).contains(&low(value))
                }
            }
            Facet::Cluster => {
                let is_one = CLUSTERS.iter().any(|(cluster, _)| low(cluster) == low(value));
                clusters(project, texts)
                    .any(|c| if is_one { low(c) == low(value) } else { low(c).contains(&low(value)) })
            }
        }
    }

    pub(super) fn shows(&self, value: &str, project: ProjectId, texts: &Texts) -> bool {
        let needle = low(value);
        let shown = |field: &Field| low(&name(texts, *field));
        let is_commit = needle.len() > 7 && needle.bytes().all(|b| b.is_ascii_hexdigit());
        let short = |text: String| is_commit && text.len() >= 7 && needle.starts_with(&text);
        let facts = outcome_of_row(&new_row(texts));
        SHOWN.iter().map(shown).any(|text| text.contains(&needle) || short(text))
            || NAMES.iter().map(shown).any(|text| text.contains(&needle))
            || ring(texts).is_some_and(|ring| low(&ring).contains(&needle) || ring == "prod" && title_has(value))
            || facts.status.as_str().contains(&needle)
            || facts.status == Status::Waiting && "waiting for approval".contains(&needle)
            || clusters(project, texts).any(|cluster| low(cluster).contains(&needle))
    }
}

pub(super) fn title_has(value: &str) -> bool {
    low("Produktion Süd").contains(&low(value))
}

/// A text as it is shown.
pub(super) fn name(texts: &Texts, field: Field) -> String {
    let text = texts.get(&field).map_or("", |t| t.trim());
    match field {
        Field::Service => text.rsplit('/').next().unwrap_or_default().to_owned(),
        Field::Branch | Field::PrBranch => text.trim_start_matches("refs/heads/").to_owned(),
        _ => text.to_owned(),
    }
}

/// The ring of a row, in lower case.
pub(super) fn ring(texts: &Texts) -> Option<String> {
    match (low(&name(texts, Field::Env)).as_str(), low(&name(texts, Field::Branch)).as_str()) {
        ("master", _) | ("", "main") => Some("prod".to_owned()),
        ("", "develop") => Some("dev".to_owned()),
        ("", _) => None,
        (env, _) => Some(env.to_owned()),
    }
}

/// What a ring is called, by whatever name.
pub(super) fn words_for(ring: &str) -> Vec<String> {
    match ring {
        "prod" => vec!["prod".to_owned(), "master".to_owned(), low("Produktion Süd")],
        other => vec![other.to_owned()],
    }
}

/// All reports are of the first project.
pub(super) fn clusters(project: ProjectId, texts: &Texts) -> impl Iterator<Item = &'static str> {
    let commit = name(texts, Field::ManifestCommitId);
    let of_project = CLUSTERS.into_iter().filter(move |_| project == ProjectId::at(0));
    of_project.filter(move |(_, c)| is_same_commit(c, &commit)).map(|(cluster, _)| cluster)
}
