//! What is kept, as it is written: short names, and nothing written of what is absent. [`Writer`] and the functions
//! that read stand in the same order.

use super::cached_fact::CachedFact;
use crate::{
    domain::{
        commit::Commit,
        deployment::Status,
        fact::Fact,
        id::{Branch, CommitId, ImageTag, PullRequestId, Repository},
        link::Link,
        manifests::{Listed, Tag},
        person::Person,
        pull_request::{PullRequest, PullState},
        run::{Run, RunPart},
        time::Timestamp,
    },
    json::{self, Faults, FromJson, Json, Members, write_text},
};

const STATES: [PullState; 4] = [PullState::Open, PullState::Merged, PullState::Abandoned, PullState::Unknown];

/// Writes facts, but for those that are not to be kept.
pub(super) fn write(facts: &[CachedFact], out: String) -> String {
    let mut writer = Writer(out);
    writer.0.push('[');
    facts.iter().filter(|kept| lasts(&kept.fact)).for_each(|kept| writer.entry(kept));
    writer.0.push(']');
    writer.0
}

/// Whether it is so for more than now.
const fn lasts(fact: &Fact) -> bool {
    match fact {
        Fact::Run(_)
        | Fact::Commit(_)
        | Fact::PullRequest(_)
        | Fact::Project { .. }
        | Fact::Listed(_)
        | Fact::Tag(_)
        | Fact::Compared { .. }
        | Fact::Gone => true,
        Fact::Log(_)
        | Fact::Tags(_)
        | Fact::Statuses(_)
        | Fact::Approvals(_)
        | Fact::Deployments(_)
        | Fact::Outcome(_)
        | Fact::Branch(_)
        | Fact::BranchPullRequest(_) => false,
    }
}

struct Writer(String);

impl Writer {
    /// What follows is another value of a list or an object, if it is not the first one.
    fn next(&mut self) {
        if !self.0.ends_with(['[', '{', ':']) {
            self.0.push(',');
        }
    }

    fn name(&mut self, name: &str) {
        self.text(name);
        self.0.push(':');
    }

    fn begin(&mut self, bracket: char) {
        self.next();
        self.0.push(bracket);
    }

    fn text(&mut self, text: &str) {
        self.next();
        write_text(&mut self.0, text);
    }

    /// What needs no quotes.
    fn plain(&mut self, word: &str) {
        self.next();
        self.0.push_str(word);
    }

    fn number(&mut self, number: Option<i64>) {
        match number {
            Some(number) => self.plain(&number.to_string()),
            None => self.plain("null"),
        }
    }

    fn text_of(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.name(name);
            self.text(text);
        }
    }

    fn time_of(&mut self, name: &str, time: Option<Timestamp>) {
        if let Some(time) = time {
            self.name(name);
            self.number(Some(time.millis()));
        }
    }

    fn flag_of(&mut self, name: &str, flag: bool) {
        if flag {
            self.name(name);
            self.plain("true");
        }
    }

    fn person_of(&mut self, name: &str, person: Option<&Person>) {
        if let Some(person) = person {
            self.name(name);
            self.person(person);
        }
    }

    fn entry(&mut self, kept: &CachedFact) {
        self.begin('{');
        self.text_of("k", Some(&kept.key));
        self.time_of("t", Some(kept.fetched_at));
        self.name("f");
        self.fact(&kept.fact);
        self.flag_of("a", kept.has_read_parts);
        self.0.push('}');
    }

    fn fact(&mut self, fact: &Fact) {
        let name = match fact {
            Fact::Run(_) => "r",
            Fact::Commit(_) => "c",
            Fact::PullRequest(_) => "p",
            Fact::Project { .. } => "j",
            Fact::Listed(_) => "l",
            Fact::Tag(_) => "t",
            Fact::Compared { .. } => "d",
            _ => return self.text("g"),
        };
        self.begin('{');
        self.name(name);
        let is_list = matches!(fact, Fact::Project { .. } | Fact::Listed(_) | Fact::Compared { .. });
        self.begin(if is_list { '[' } else { '{' });
        match fact {
            Fact::Run(run) => self.run(run),
            Fact::Commit(commit) => {
                self.text_of("i", Some(commit.id.as_str()));
                self.text_of("m", commit.message.as_deref());
                self.person_of("p", commit.author.as_ref());
                self.time_of("t", commit.at);
                self.text_of("l", commit.link.as_ref().map(Link::as_str));
            }
            Fact::PullRequest(pull) => self.pull_request(pull),
            Fact::Project { path, web } => {
                self.text(path);
                self.text(web.as_str());
            }
            Fact::Listed(listed) => {
                self.text(listed.id.as_str());
                self.begin('[');
                listed.parents.iter().for_each(|parent| self.text(parent.as_str()));
                self.0.push(']');
                self.number(listed.at.map(Timestamp::millis));
            }
            Fact::Tag(tag) => {
                self.text_of("n", Some(&tag.name));
                self.text_of("o", tag.object.as_deref());
                self.text_of("c", tag.commit.as_ref().map(CommitId::as_str));
                self.time_of("t", tag.at);
                self.flag_of("a", tag.is_approximate);
            }
            Fact::Compared { ahead, is_ancestor } => {
                self.number(ahead.map(i64::from));
                self.plain(is_ancestor.map_or("null", |is| if is { "true" } else { "false" }));
            }
            _ => {}
        }
        self.0.push_str(if is_list { "]}" } else { "}}" });
    }

    fn person(&mut self, person: &Person) {
        self.begin('{');
        self.text_of("n", Some(&person.name));
        self.text_of("e", person.email.as_deref());
        self.text_of("i", person.image.as_ref().map(Link::as_str));
        self.text_of("u", person.url.as_ref().map(Link::as_str));
        self.0.push('}');
    }

    fn run(&mut self, run: &Run) {
        self.text_of("s", Some(run.status.as_str()));
        self.flag_of("w", run.warned);
        self.text_of("n", run.name.as_deref());
        self.text_of("l", run.link.as_ref().map(Link::as_str));
        self.time_of("q", run.queued);
        self.time_of("b", run.started);
        self.time_of("e", run.ended);
        self.text_of("c", run.commit.as_ref().map(CommitId::as_str));
        self.text_of("h", run.branch.as_ref().map(Branch::as_str));
        self.text_of("r", run.repository.as_ref().map(Repository::as_str));
        self.person_of("p", run.starter.as_ref());
        self.text_of("i", run.image.as_ref().map(ImageTag::as_str));
        if run.parts.is_empty() {
            return;
        }
        self.name("a");
        self.begin('[');
        for part in &run.parts {
            self.begin('{');
            self.text_of("n", Some(&part.name));
            self.text_of("s", Some(part.status.as_str()));
            self.flag_of("w", part.warned);
            self.time_of("b", part.started);
            self.time_of("e", part.ended);
            self.0.push('}');
        }
        self.0.push(']');
    }

    fn pull_request(&mut self, pull: &PullRequest) {
        self.text_of("i", Some(pull.id.as_str()));
        self.name("s");
        self.number(STATES.iter().position(|state| *state == pull.state).map(|place| place as i64));
        self.flag_of("d", pull.draft);
        self.text_of("t", pull.title.as_deref());
        self.text_of("l", pull.link.as_ref().map(Link::as_str));
        self.text_of("h", pull.branch.as_ref().map(Branch::as_str));
        self.time_of("b", pull.created);
        self.time_of("e", pull.ended);
        self.person_of("p", pull.author.as_ref());
        self.person_of("m", pull.merged_by.as_ref());
        if !pull.waits_for.is_empty() {
            self.name("w");
            self.begin('[');
            pull.waits_for.iter().for_each(|person| self.person(person));
            self.0.push(']');
        }
        self.text_of("c", pull.merge_commit.as_ref().map(CommitId::as_str));
    }
}

/// Reads what [`write`] wrote; nothing of anything else.
pub(super) fn read(text: &str) -> Vec<CachedFact> {
    let entries: Vec<Entry> = json::from_str(text).unwrap_or_default();
    entries.into_iter().filter_map(|entry| entry.0).collect()
}

struct Entry(Option<CachedFact>);

impl FromJson<'_> for Entry {
    fn read(json: &Json<'_>, faults: &mut Faults) -> Self {
        let members = json.members(faults);
        let (key, fetched_at) = (members.field::<String>("k", faults).into(), members.field("t", faults));
        let (has_read_parts, fact) = (flag(members, "a", faults), fact(members.only("f", faults), faults));
        let fetched_at = Timestamp::from_millis(fetched_at);
        Self(fact.map(|fact| CachedFact { key, fetched_at, fact, has_read_parts }))
    }
}

fn fact(json: &Json<'_>, faults: &mut Faults) -> Option<Fact> {
    if json.text().is_some_and(|text| text == "g") {
        return Some(Fact::Gone);
    }
    let members = json.members(faults);
    let Some((name, value)) = members.only_one() else {
        faults.note(json, "one fact");
        return None;
    };
    match (name, value.items()) {
        ("r", _) => run(value, faults).map(Fact::from),
        ("c", _) => commit(value, faults).map(Fact::from),
        ("p", _) => pull_request(value, faults).map(Fact::from),
        ("j", Some([path, web])) => {
            let (path, web) = (String::read(path, faults), String::read(web, faults));
            Some(Fact::Project { path: path.into(), web: Link::new(&web)? })
        }
        ("l", Some([id, parents, at])) => {
            let (id, parents) = (String::read(id, faults), Vec::<String>::read(parents, faults));
            let at = Option::read(at, faults).map(Timestamp::from_millis);
            let parents = parents.iter().map(|id| CommitId::new(id)).collect::<Option<_>>()?;
            Some(Fact::Listed(Listed { id: CommitId::new(&id)?, parents, at }))
        }
        ("t", _) => {
            let members = value.members(faults);
            Some(Fact::Tag(Tag {
                name: members.field::<String>("n", faults).into(),
                object: text(members, "o", faults),
                commit: of(members, "c", CommitId::new, faults),
                at: time(members, "t", faults),
                is_approximate: flag(members, "a", faults),
            }))
        }
        ("d", Some([ahead, is_ancestor])) => {
            let (ahead, is_ancestor) = (Option::read(ahead, faults), Option::read(is_ancestor, faults));
            Some(Fact::Compared { ahead, is_ancestor })
        }
        _ => {
            faults.note(json, "a fact");
            None
        }
    }
}

fn text(members: Members<'_, '_>, name: &'static str, faults: &mut Faults) -> Option<Box<str>> {
    members.field::<Option<String>>(name, faults).map(Into::into)
}

/// What `make` makes of a text.
fn of<T>(members: Members<'_, '_>, name: &'static str, make: fn(&str) -> Option<T>, faults: &mut Faults) -> Option<T> {
    text(members, name, faults).as_deref().and_then(make)
}

fn time(members: Members<'_, '_>, name: &'static str, faults: &mut Faults) -> Option<Timestamp> {
    members.field::<Option<i64>>(name, faults).map(Timestamp::from_millis)
}

fn flag(members: Members<'_, '_>, name: &'static str, faults: &mut Faults) -> bool {
    members.field::<Option<bool>>(name, faults) == Some(true)
}

fn person(members: Members<'_, '_>, name: &'static str, faults: &mut Faults) -> Option<Person> {
    members.field(name, faults)
}

impl FromJson<'_> for Person {
    fn read(json: &Json<'_>, faults: &mut Faults) -> Self {
        let members = json.members(faults);
        Self {
            name: members.field::<String>("n", faults).into(),
            email: text(members, "e", faults),
            image: of(members, "i", Link::new, faults),
            url: of(members, "u", Link::new, faults),
        }
    }
}

fn commit(json: &Json<'_>, faults: &mut Faults) -> Option<Commit> {
    let members = json.members(faults);
    Some(Commit {
        id: of(members, "i", CommitId::new, faults)?,
        message: text(members, "m", faults),
        author: person(members, "p", faults),
        at: time(members, "t", faults),
        link: of(members, "l", Link::new, faults),
    })
}

struct Part(Option<RunPart>);

impl FromJson<'_> for Part {
    fn read(json: &Json<'_>, faults: &mut Faults) -> Self {
        let members = json.members(faults);
        let name = members.field::<String>("n", faults);
        Self(of(members, "s", Status::from_word, faults).map(|status| RunPart {
            warned: flag(members, "w", faults),
            started: time(members, "b", faults),
            ended: time(members, "e", faults),
            ..RunPart::new(&name, status)
        }))
    }
}

fn run(json: &Json<'_>, faults: &mut Faults) -> Option<Run> {
    let members = json.members(faults);
    let parts = members.field::<Option<Vec<Part>>>("a", faults).unwrap_or_default();
    Some(Run {
        status: of(members, "s", Status::from_word, faults)?,
        warned: flag(members, "w", faults),
        name: text(members, "n", faults),
        link: of(members, "l", Link::new, faults),
        queued: time(members, "q", faults),
        started: time(members, "b", faults),
        ended: time(members, "e", faults),
        commit: of(members, "c", CommitId::new, faults),
        branch: of(members, "h", Branch::new, faults),
        repository: of(members, "r", Repository::new, faults),
        starter: person(members, "p", faults),
        image: of(members, "i", ImageTag::new, faults),
        parts: parts.into_iter().map(|part| part.0).collect::<Option<_>>()?,
        // What waits for somebody is not kept.
        approvals: None,
    })
}

fn pull_request(json: &Json<'_>, faults: &mut Faults) -> Option<PullRequest> {
    let members = json.members(faults);
    Some(PullRequest {
        id: of(members, "i", PullRequestId::new, faults)?,
        state: *STATES.get(members.field::<usize>("s", faults))?,
        draft: flag(members, "d", faults),
        title: text(members, "t", faults),
        link: of(members, "l", Link::new, faults),
        branch: of(members, "h", Branch::new, faults),
        created: time(members, "b", faults),
        ended: time(members, "e", faults),
        author: person(members, "p", faults),
        merged_by: person(members, "m", faults),
        waits_for: members.field::<Option<Vec<Person>>>("w", faults).unwrap_or_default(),
        merge_commit: of(members, "c", CommitId::new, faults),
    })
}
