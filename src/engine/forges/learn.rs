//! From answers to facts, and from facts to rows.

use super::{
    Forges, Tested, UnderWay,
    ask::Question,
    facts::{Lasting, lasting},
    places::{Git, Key, Thing},
};
use crate::{
    config::Forge,
    domain::{
        commit::Commit,
        deployment::Status,
        id::{PullRequestId, RunId},
        problem::ProblemKind,
        pull_request::PullRequest,
        run::{Run, RunPart},
        time::Timestamp,
    },
    engine::{
        RequestId,
        backoff::{Random, wait},
        cache::{Fact, Kept},
    },
    forge::{Limits, Reads, azure_devops, github, gitlab},
    http::{ApiError, NetError, Page, Response},
    model::store::{Slot, Store},
};

/// What an answer told.
#[derive(Debug, Default)]
struct Told {
    facts: Vec<(Key, Fact)>,
    /// The parts of a run.
    parts: Option<Vec<RunPart>>,
    /// Things that have to be asked one by one.
    alone: Vec<Key>,
    /// Things that could not be read.
    unreadable: Vec<Key>,
    /// Kinds of things that the credential may not read, of several that were asked for at once.
    refused: Vec<Reads>,
}

impl Forges {
    /// Whether an answer belongs here.
    pub(in crate::engine) fn has_asked(&self, id: RequestId) -> bool {
        self.under_way.iter().any(|under_way| under_way.id == id)
    }

    /// Takes an answer in. Returns whether anything that is shown has changed.
    pub(in crate::engine) fn answer(
        &mut self,
        id: RequestId,
        result: Result<Response, NetError>,
        now: Timestamp,
        store: &mut Store,
        random: &mut Random,
    ) -> bool {
        let Some(at) = self.under_way.iter().position(|under_way| under_way.id == id) else { return false };
        let asked = self.under_way.swap_remove(at);
        self.is_dirty = true;
        for key in asked.question.keys() {
            self.facts.entry(key).asked = false;
        }
        let Some(line) = self.lines.get_mut(asked.line) else { return false };
        line.budget.give_back();
        let is_of_now = line.epoch == asked.epoch;
        if let Ok(response) = &result {
            // What an earlier token had left is nothing to this one, but who asks for patience means everybody.
            let limits = limits(&line.forge, response);
            let patience = Limits { retry_after: limits.retry_after, ..Limits::default() };
            line.budget.learn(if is_of_now { &limits } else { &patience }, now);
        }
        if !is_of_now {
            return false;
        }
        match &asked.question {
            Question::Test => return self.tested(&asked, result),
            Question::Probe => return self.probed(&asked, &result),
            _ => {}
        }
        let etag = result.as_ref().ok().and_then(|response| response.header("etag")).map(str::to_owned);
        if result.as_ref().is_ok_and(|response| response.status == 304) {
            for key in asked.question.keys() {
                let entry = self.facts.entry(key);
                (entry.learnt, entry.is_stale, entry.failures) = (asked.sent, false, 0);
            }
            self.went_well(&asked);
            return self.learnt_again(asked.question.keys(), store);
        }
        let told = result.map_err(ApiError::from).and_then(|response| self.read(&asked, &response, now));
        match told {
            Ok(told) => {
                self.went_well(&asked);
                self.take_in(&asked, told, etag, now, store, random)
            }
            Err(error) => {
                self.failed(&asked, &error, now, store, random);
                true
            }
        }
    }

    fn went_well(&mut self, asked: &UnderWay) {
        if let Some(line) = self.lines.get_mut(asked.line) {
            line.went_well(asked.place, asked.question.reads());
        }
    }

    /// Reads an answer.
    fn read(&mut self, asked: &UnderWay, response: &Response, now: Timestamp) -> Result<Told, ApiError> {
        let mut told = Told::default();
        let run = |key: &Key, run: Run| vec![(key.clone(), Fact::Run(run))];
        match &asked.question {
            Question::Builds(keys) => told.put_runs(keys, azure_devops::parse_builds(response)?),
            Question::Releases(keys) => told.put_runs(keys, azure_devops::parse_releases(response)?),
            Question::Stages(_) => told.parts = Some(azure_devops::parse_stages(response)?),
            Question::Commits(keys) => told.put_commits(keys, azure_devops::parse_commits(response)?),
            Question::AzureCommit(key) => told.put_commit(key, azure_devops::parse_commit(response)?)?,
            Question::AzurePull(key) => told.put_pull(key, azure_devops::parse_pull_request(response)?)?,
            Question::AzurePulls(keys) => {
                let page = azure_devops::parse_pull_requests(response)?;
                // Others that came into sight meanwhile are told by it too, if they are in it.
                let is_other = |key: &Key| key.place == asked.place && matches!(key.thing, Thing::PullRequest(_));
                let others = self.wants.iter().map(|want| &want.key).filter(|key| is_other(key) && !keys.contains(key));
                let (others, pulls): (Vec<Key>, Vec<PullRequest>) = (others.cloned().collect(), page.items.clone());
                told.put_pulls(keys, page);
                told.add_pulls(&others, &pulls);
            }
            Question::Job(key) => told.facts = run(key, github::parse_job(response)?),
            Question::Run(key) => told.facts = run(key, github::parse_run(response)?),
            Question::GitHubCommit(key) => told.put_commit(key, github::parse_commit(response)?)?,
            Question::GitHubPull(key) => told.put_pull(key, github::parse_pull_request(response)?)?,
            Question::Many(keys, asks) => {
                let (found, limits) = github::parse_many(response, asks)?;
                if let Some(line) = self.lines.get_mut(asked.line) {
                    line.budget.learn(&limits, now);
                }
                told.put_many(keys, found);
            }
            Question::Pipeline(key) => told.facts = run(key, gitlab::parse_pipeline(response)?),
            Question::Jobs(_) => told.parts = Some(gitlab::parse_jobs(response)?),
            Question::GitLabCommit(key) => told.put_commit(key, gitlab::parse_commit(response)?)?,
            Question::MergeRequest(key) => told.put_pull(key, gitlab::parse_merge_request(response)?)?,
            Question::Project(key) => {
                let gitlab::Project { path, web } = gitlab::parse_project(response)?;
                told.facts.push((key.clone(), Fact::Project { path, web }));
            }
            Question::Git(keys) => told.facts = self.read_git(keys, response)?,
            Question::Manifests(key) => {
                let (facts, refused, limits) = self.read_manifests(key, response)?;
                (told.facts, told.refused) = (facts, refused);
                if let Some(line) = self.lines.get_mut(asked.line) {
                    line.budget.learn(&limits, now);
                }
            }
            Question::Test | Question::Probe => {}
        }
        Ok(told)
    }

    /// Takes in what an answer told.
    fn take_in(
        &mut self,
        asked: &UnderWay,
        told: Told,
        etag: Option<String>,
        now: Timestamp,
        store: &mut Store,
        random: &mut Random,
    ) -> bool {
        let mut changed: Vec<Key> = Vec::new();
        if let (Some(parts), Some(key)) = (told.parts, asked.question.keys().first()) {
            let entry = self.facts.entry(key);
            entry.parts_stale = false;
            if let Some(Fact::Run(run)) = &mut entry.fact
                && run.parts != parts
            {
                run.parts = parts;
                changed.push(key.clone());
            }
            self.keep(key, now);
        }
        let mut same: Vec<Key> = Vec::new();
        for (key, fact) in told.facts {
            if self.learn(&key, fact, asked.sent) {
                changed.push(key.clone());
            } else {
                same.push(key.clone());
            }
            self.facts.entry(&key).etag.clone_from(&etag);
            self.keep(&key, now);
        }
        if let (Question::Manifests(key), Some(line)) = (&asked.question, self.lines.get_mut(asked.line)) {
            for reads in [Reads::Statuses, Reads::Environments] {
                if told.refused.contains(&reads) {
                    let error = ApiError::new(ProblemKind::Forbidden, "");
                    line.went_wrong(key.place, reads, &error, false, now, random);
                } else {
                    line.went_well(key.place, reads);
                }
            }
        }
        for key in told.alone {
            let entry = self.facts.entry(&key);
            (entry.alone, entry.at_most) = (true, 1);
        }
        for key in told.unreadable {
            let entry = self.facts.entry(&key);
            entry.failures += 1;
            entry.again_at = now + wait(entry.failures, None, random);
        }
        self.learnt_again(&same, store) | self.changed(&changed, store)
    }

    /// What was known has been said again: a row that was written meanwhile may no longer be newer.
    fn learnt_again(&self, keys: &[Key], store: &mut Store) -> bool {
        let mut changed = false;
        for &slot in keys.iter().filter_map(|key| self.watchers.get(key)).flatten() {
            changed |= self.lay_over(slot, store);
        }
        changed
    }

    /// Writes a fact down. Returns whether it is news.
    fn learn(&mut self, key: &Key, mut fact: Fact, sent: Timestamp) -> bool {
        let entry = self.facts.entry(key);
        if entry.learnt > sent && entry.fact.is_some() {
            return false;
        }
        let is_news;
        // The parts of a run come by another answer, and stay until that does.
        if let (Fact::Run(new), Some(Fact::Run(old))) = (&mut fact, &entry.fact) {
            if new.parts.is_empty() {
                new.parts.clone_from(&old.parts);
            }
            is_news = new != old;
            let moves = lasting(&Fact::Run(new.clone())) != Lasting::Final;
            entry.parts_stale |= is_news || moves && lasting(&Fact::Run(old.clone())) == Lasting::Moving;
        } else {
            is_news = entry.fact.as_ref() != Some(&fact);
        }
        (entry.learnt, entry.is_stale, entry.failures, entry.at_most) = (sent, false, 0, usize::MAX);
        if is_news {
            if matches!(key.thing, Thing::Git(_)) {
                self.news.push(key.clone());
            }
            entry.kept = false;
            let is_shown = fact != Fact::Gone;
            entry.fact = Some(fact);
            self.facts.note(key.place, is_shown);
        }
        is_news
    }

    /// Gives a fact about finished work to the browser to keep.
    fn keep(&mut self, key: &Key, now: Timestamp) {
        let wants_parts = self.wants.iter().any(|want| want.parts && want.key == *key);
        let is_azure = matches!(self.places.get(key.place), Some(Forge::AzureDevOps(_)));
        let entry = self.facts.entry(key);
        let Some(fact) = &entry.fact else { return };
        let lasts = matches!(lasting(fact), Lasting::Final | Lasting::Reversible);
        // Only Azure DevOps says for sure that a build is no more: the others hide from strangers what is there.
        let is_sure = *fact != Fact::Gone || is_azure;
        // Without its parts it would be asked for again.
        // What was wanted of it before it went well is not wanted any more.
        let is_whole = match fact {
            Fact::Run(run) => !entry.parts_stale || !wants_parts || !wants_parts_of(run, is_azure),
            _ => true,
        };
        if lasts && is_sure && is_whole && !entry.kept {
            entry.kept = true;
            let kept = Kept { key: self.places.text(key).into(), learnt: entry.learnt, fact: fact.clone() };
            self.keeper.add(kept, now);
        }
    }

    /// What was asked for did not come.
    fn failed(&mut self, asked: &UnderWay, error: &ApiError, now: Timestamp, store: &mut Store, random: &mut Random) {
        let keys = asked.question.keys();
        let reads = asked.question.reads();
        if error.kind == ProblemKind::RateLimited {
            if let Some(line) = self.lines.get_mut(asked.line) {
                line.budget.slow_down(error.retry_after, now, random);
            }
            return;
        }
        if error.kind == ProblemKind::NotFound && self.not_found(asked, now, store) {
            return;
        }
        let answers = self.lines.get(asked.line).is_some_and(|line| line.answers(reads));
        // One among many may be what the service stumbles over; then the others need not suffer for it.
        let is_about_some = match error.kind {
            ProblemKind::Unreadable | ProblemKind::Server | ProblemKind::Truncated => true,
            ProblemKind::Timeout | ProblemKind::Unreachable => answers,
            _ => false,
        };
        for key in keys {
            let entry = self.facts.entry(key);
            entry.failures += 1;
            if is_about_some {
                entry.at_most = (keys.len() / 2).max(1);
                entry.again_at = now + wait(entry.failures, error.retry_after, random);
                entry.alone |=
                    matches!(asked.question, Question::AzurePulls(_) | Question::Many(..) | Question::Manifests(_));
            }
        }
        let blocks = !is_about_some || matches!(error.kind, ProblemKind::Timeout | ProblemKind::Unreachable);
        if let Some(line) = self.lines.get_mut(asked.line) {
            line.went_wrong(asked.place, reads, error, blocks, now, random);
        }
    }

    /// The forge has no such thing. Returns whether that is all there is to it.
    fn not_found(&mut self, asked: &UnderWay, now: Timestamp, store: &mut Store) -> bool {
        match &asked.question {
            // A project that is not there has no builds; one that is, answers with those that it has.
            Question::Builds(_) | Question::Releases(_) => return false,
            // A row may hold a run's number where most hold a job's.
            Question::Job(key) => self.facts.entry(key).as_run = true,
            // The repository, or its branch, is not there, or not for who asks.
            Question::Manifests(_) => return false,
            Question::Git(keys) if matches!(keys.first(), Some(Key { thing: Thing::Git(Git::Head(_)), .. })) => {
                return false;
            }
            Question::Git(keys) if keys.len() > 1 => {
                for key in keys {
                    self.facts.entry(key).at_most = (keys.len() / 2).max(1);
                }
            }
            // A run without stages to tell of is no less there.
            Question::Stages(key) | Question::Jobs(key) => self.facts.entry(key).parts_stale = false,
            // One of them is not there, and which is not said.
            Question::Commits(keys) | Question::AzurePulls(keys) | Question::Many(keys, _) => {
                for key in keys {
                    let entry = self.facts.entry(key);
                    (entry.at_most, entry.alone) = ((keys.len() / 2).max(1), true);
                }
            }
            question => {
                for key in question.keys() {
                    if self.learn(key, Fact::Gone, asked.sent) {
                        self.keep(key, now);
                        self.changed(std::slice::from_ref(key), store);
                    }
                }
            }
        }
        true
    }

    /// Lays what is new over every row that has to do with it. Returns whether that changed any.
    fn changed(&mut self, keys: &[Key], store: &mut Store) -> bool {
        let mut slots: Vec<Slot> = keys.iter().filter_map(|key| self.watchers.get(key)).flatten().copied().collect();
        slots.sort_unstable();
        slots.dedup();
        let mut changed = false;
        for &slot in &slots {
            if store.is_live(slot) && self.seen.contains_key(&slot) {
                changed |= self.see(slot, store);
            }
        }
        changed
    }

    /// Somebody asks whether the credential for an origin is good.
    pub(in crate::engine) fn test(&mut self, origin: &crate::http::Origin) {
        if let Some(at) = self.lines.iter().position(|line| line.origin == *origin) {
            self.to_test.push((at, Question::Test));
            if let Some(line) = self.lines.get_mut(at) {
                line.tested = Some(Tested::Running);
            }
        }
    }

    fn tested(&mut self, asked: &UnderWay, result: Result<Response, NetError>) -> bool {
        let has_token = self.token(asked.line).is_some();
        let Some(line) = self.lines.get_mut(asked.line) else { return false };
        let outcome = result.map_err(ApiError::from).and_then(|response| match &line.forge {
            Forge::AzureDevOps(_) => azure_devops::parse_test(&response),
            Forge::GitHub(_) => github::parse_test(&response),
            Forge::GitLab(_) => gitlab::parse_test(&response),
        });
        match outcome {
            Ok(()) => {
                let what = if has_token { "It works: the token is accepted." } else { "It answers without a token." };
                line.tested = Some(Tested::Passed(what.to_owned()));
            }
            Err(error) => {
                let (what, hint) = super::show::explain(&error, &line.forge, asked.question.reads(), has_token);
                line.tested = Some(Tested::Failed { what, hint });
                // A refusal without CORS headers looks like a network that is down.
                if error.kind == ProblemKind::Unreachable {
                    line.tested = Some(Tested::Running);
                    self.to_test.push((asked.line, Question::Probe));
                }
            }
        }
        true
    }

    fn probed(&mut self, asked: &UnderWay, result: &Result<Response, NetError>) -> bool {
        let has_token = self.token(asked.line).is_some();
        let Some(line) = self.lines.get_mut(asked.line) else { return false };
        line.tested = Some(match result {
            Ok(_) => {
                let refused = ApiError::new(ProblemKind::Unauthorized, "");
                let (what, hint) = super::show::explain(&refused, &line.forge, asked.question.reads(), has_token);
                Tested::Failed { what, hint }
            }
            Err(_) => Tested::Failed {
                what: format!("{} cannot be reached from here.", line.origin),
                hint: "No host of that name answers: check the address in config.json, the network, a VPN or a proxy."
                    .to_owned(),
            },
        });
        true
    }
}

/// Whether the parts of a run tell what the run does not. On GitLab only those of a failure are asked for.
pub(super) fn wants_parts_of(run: &Run, is_azure: bool) -> bool {
    if is_azure { run.status != Status::Succeeded || run.warned } else { run.status == Status::Failed }
}

fn limits(forge: &Forge, response: &Response) -> Limits {
    match forge {
        Forge::AzureDevOps(_) => azure_devops::limits(response),
        Forge::GitHub(_) => github::limits(response),
        Forge::GitLab(_) => gitlab::limits(response),
    }
}

impl Told {
    /// Runs by their numbers. Those that were asked for and are not there are no more.
    fn put_runs(&mut self, keys: &[Key], page: Page<(RunId, Run), ()>) {
        let is_all_read = page.bad.is_empty();
        let mut found = page.items;
        for key in keys {
            let (Thing::Run(id) | Thing::Release(id)) = &key.thing else { continue };
            match found.iter().position(|(of, _)| of == id) {
                Some(at) => self.facts.push((key.clone(), Fact::Run(found.swap_remove(at).1))),
                None if is_all_read => self.facts.push((key.clone(), Fact::Gone)),
                None => self.unreadable.push(key.clone()),
            }
        }
    }

    fn put_commits(&mut self, keys: &[Key], page: Page<Commit, ()>) {
        let mut found = page.items;
        for key in keys {
            let Thing::Commit(id) = &key.thing else { continue };
            match found.iter().position(|commit| commit.id.is_same_as(id)) {
                Some(at) => self.facts.push((key.clone(), Fact::Commit(found.swap_remove(at)))),
                // What a batch leaves out is asked for by itself, and said to be gone only then.
                None => self.alone.push(key.clone()),
            }
        }
    }

    /// A commit, if it is the one that was asked for: whatever has an id could be one.
    fn put_commit(&mut self, key: &Key, commit: Commit) -> Result<(), ApiError> {
        let is_it = matches!(&key.thing, Thing::Commit(id) if commit.id.is_same_as(id));
        if !is_it {
            return Err(ApiError::new(ProblemKind::Unreadable, "another commit than was asked for"));
        }
        self.facts.push((key.clone(), Fact::Commit(commit)));
        Ok(())
    }

    fn put_pull(&mut self, key: &Key, pull: PullRequest) -> Result<(), ApiError> {
        let is_it = matches!(&key.thing, Thing::PullRequest(id) if pull.id == *id);
        if !is_it {
            return Err(ApiError::new(ProblemKind::Unreadable, "another pull request than was asked for"));
        }
        self.facts.push((key.clone(), Fact::PullRequest(pull)));
        Ok(())
    }

    fn put_pulls(&mut self, keys: &[Key], page: Page<PullRequest, ()>) {
        let mut found = page.items;
        for key in keys {
            let Thing::PullRequest(id) = &key.thing else { continue };
            let is_it = |pull: &PullRequest| pull.id == PullRequestId::clone(id);
            match found.iter().position(is_it) {
                Some(at) => self.facts.push((key.clone(), Fact::PullRequest(found.swap_remove(at)))),
                // Older than the newest hundred.
                None => self.alone.push(key.clone()),
            }
        }
    }

    fn add_pulls(&mut self, keys: &[Key], pulls: &[PullRequest]) {
        for key in keys {
            let found = pulls.iter().find(|pull| matches!(&key.thing, Thing::PullRequest(id) if pull.id == *id));
            self.facts.extend(found.map(|pull| (key.clone(), Fact::PullRequest(pull.clone()))));
        }
    }

    fn put_many(&mut self, keys: &[Key], found: Vec<github::Found>) {
        for (key, found) in keys.iter().zip(found) {
            let fact = match found {
                github::Found::Commit(commit) => Fact::Commit(commit),
                github::Found::PullRequest(pull) => Fact::PullRequest(pull),
                github::Found::Run(run) => Fact::Run(run),
                github::Found::Nothing => Fact::Gone,
                github::Found::Unsaid => {
                    self.alone.push(key.clone());
                    continue;
                }
            };
            self.facts.push((key.clone(), fact));
        }
    }
}
