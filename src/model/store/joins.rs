//! Rows that are one deployment, or complete one another.
//!
//! Each of three pipelines writes its part, and not all of them find the row that the others wrote. Three kinds of rows
//! are left over, and joined here:
//!
//! 1. A build writes its image tag with `-` in place of `/`, `.` and `_`, the release as it is, so with such a branch
//!    the release makes a row of its own. Who may not read makes one in any case.
//! 2. Of the deployments in one pull request the pipeline that makes manifests completes one row alone.
//! 3. Where that pipeline may not read, its part is a row of its own.
//!
//! What is shown follows from the rows alone, in whatever order they came. A row that is part of another one is hidden.
//! Where more than one row could be the missing part, none is.

use std::borrow::Cow;

use super::{
    groups::{GroupBy, LARGEST},
    joined::{Joined, OwnTexts},
    journey::pull_state,
    layout::{Home, home},
    rows::Store,
    slot::Slot,
};
use crate::{
    domain::{
        id::{image_parts, is_same_commit},
        pull_request::PullState,
    },
    model::order::sorted_by,
    storage::row::{Field, Row, is_written_after},
};

/// What the pipeline that makes manifests writes.
const OF_MANIFESTS: [Field; 8] = [
    Field::P3,
    Field::ManifestCommitId,
    Field::ManifestRepo,
    Field::P3Status,
    Field::P3Start,
    Field::P3End,
    Field::P3Url,
    Field::P3Name,
];
/// What it has of the pull request.
const OF_PULL: [Field; 9] = [
    Field::Pr,
    Field::HldRepo,
    Field::PrUrl,
    Field::PrTitle,
    Field::PrBranch,
    Field::PrCreatedAt,
    Field::PrMergedAt,
    Field::MergedBy,
    Field::MergedByImage,
];

impl Store {
    /// A field as its row was written, whatever that is shown with.
    #[must_use]
    pub fn row_text(&self, slot: Slot, field: Field) -> &str {
        match self.joined.get(&slot) {
            Some(joined) => super::columns::tidy(field, joined.own.get(field)),
            None => self.at(slot).text(field),
        }
    }

    fn row(&self, slot: Slot) -> Row<'static> {
        let mut row = Row::default();
        for &field in Field::ALL {
            let text = self.row_text(slot, field);
            if !text.is_empty() {
                row.set(field, text.to_owned());
            }
        }
        row
    }

    /// Whether there is a row in that slot, be it shown or part of another one.
    #[must_use]
    pub fn has_row(&self, slot: Slot) -> bool {
        self.is_live(slot) || self.hidden.contains(&slot)
    }

    /// The deployment that a row is part of: itself, unless it is hidden.
    pub(super) fn shown_with(&self, slot: Slot) -> Option<Slot> {
        if !self.hidden.contains(&slot) {
            return Some(slot);
        }
        let wholes = self.neighbours(slot).into_iter().filter(|&whole| {
            whole != slot && (self.builds_of(whole).contains(&slot) || self.manifests_of(whole).contains(&slot))
        });
        wholes.min_by(|&a, &b| self.at(a).key().cmp(self.at(b).key()))
    }

    fn has(&self, slot: Slot, field: Field) -> bool {
        match home(field) {
            // This is asked several times of every row that comes.
            Home::Shown | Home::Hidden if !self.joined.contains_key(&slot) => {
                slot.of(&self.present).is_some_and(|present| present >> field as u8 & 1 == 1)
            }
            _ => !self.row_text(slot, field).is_empty(),
        }
    }

    fn has_any_of(&self, slot: Slot, fields: &[Field]) -> bool {
        fields.iter().any(|&field| self.has(slot, field))
    }

    /// Whether a row is what a check of the set-up left behind.
    pub(super) fn is_self_test(&self, slot: Slot) -> bool {
        self.row_text(slot, Field::Service).eq_ignore_ascii_case("bedrock-self-test")
    }

    /// Only a build has written it.
    fn is_build_alone(&self, slot: Slot) -> bool {
        const LATER: [Field; 6] =
            [Field::P2, Field::HldCommitId, Field::Pr, Field::P3, Field::ManifestCommitId, Field::P2Status];
        self.has(slot, Field::ImageTag)
            && self.has_any_of(slot, &[Field::P1, Field::CommitId])
            && !self.has_any_of(slot, &LATER)
    }

    /// No build has written it, but a release has.
    fn lacks_build(&self, slot: Slot) -> bool {
        self.has(slot, Field::ImageTag)
            && self.has_any_of(slot, &[Field::P2, Field::HldCommitId, Field::Pr])
            && !self.has_any_of(slot, &[Field::P1, Field::CommitId, Field::P1Status])
    }

    /// Whether a row is that of a build or of a release alone.
    pub(super) fn has_one_half(&self, slot: Slot) -> bool {
        self.is_build_alone(slot) || self.lacks_build(slot)
    }

    fn has_manifests(&self, slot: Slot) -> bool {
        self.has_any_of(slot, &[Field::P3, Field::ManifestCommitId])
    }

    /// Only the pipeline that makes manifests has written it.
    fn is_manifests_alone(&self, slot: Slot) -> bool {
        const EARLIER: [Field; 5] = [Field::ImageTag, Field::P1, Field::P2, Field::Service, Field::CommitId];
        self.has_manifests(slot) && !self.has_any_of(slot, &EARLIER)
    }

    /// That pipeline has yet to write it, or wrote elsewhere.
    fn lacks_manifests(&self, slot: Slot) -> bool {
        self.has_any_of(slot, &[Field::ImageTag, Field::P2, Field::Service])
            && !self.has_manifests(slot)
            && !self.has(slot, Field::P3Status)
    }

    /// Whether both rows have a text, and not the same.
    fn differ(&self, a: Slot, b: Slot, field: Field) -> bool {
        let (a, b) = (tidy(field, self.row_text(a, field)), tidy(field, self.row_text(b, field)));
        !a.is_empty() && !b.is_empty() && a != b
    }

    fn are_one_image(&self, build: Slot, release: Slot) -> bool {
        let own = [Field::Service, Field::Env, Field::SourceRepo, Field::HldRepo, Field::Branch];
        let digest = |slot| image_parts(self.row_text(slot, Field::ImageTag)).1;
        let is_other = digest(build).zip(digest(release)).is_some_and(|(a, b)| !a.eq_ignore_ascii_case(b));
        !is_other && !own.into_iter().any(|field| self.differ(build, release, field))
    }

    fn is_one_change(&self, a: Slot, b: Slot) -> bool {
        let text = |slot, field| self.row_text(slot, field);
        let is_pull = self.has(a, Field::Pr) && !self.differ(a, b, Field::Pr) && self.has(b, Field::Pr);
        let is_commit = is_same_commit(text(a, Field::HldCommitId), text(b, Field::HldCommitId));
        let own = [Field::Pr, Field::HldRepo, Field::PrUrl];
        (is_pull || is_commit) && !own.into_iter().any(|field| self.differ(a, b, field))
    }

    /// The other rows of a row's group, unless it is too large to mean anything.
    fn others(&self, by: GroupBy, slot: Slot) -> impl Iterator<Item = Slot> {
        let group = self.group(by, slot);
        let is_small = group.len() <= LARGEST;
        group.into_iter().filter(move |&other| is_small && other != slot)
    }

    /// The rows of the build that a release's row lacks. There are several if one build has written several.
    fn builds_of(&self, release: Slot) -> Vec<Slot> {
        if !self.lacks_build(release) {
            return Vec::new();
        }
        let fits = |&build: &Slot| self.is_build_alone(build) && self.are_one_image(build, release);
        let mut builds: Vec<Slot> = self.others(GroupBy::Image, release).filter(fits).collect();
        // The very same tag counts more than one that is the same after a replacement.
        let tag = |slot| image_parts(self.row_text(slot, Field::ImageTag)).0;
        if builds.iter().any(|&build| tag(build) == tag(release)) {
            builds.retain(|&build| tag(build) == tag(release));
        }
        let is_one = builds.iter().zip(builds.iter().skip(1)).all(|(&a, &b)| {
            [Field::P1, Field::CommitId].into_iter().all(|field| self.row_text(a, field) == self.row_text(b, field))
        });
        if !is_one {
            return Vec::new();
        }
        self.newest_first(&builds)
    }

    /// The rows from which one without manifests is completed, the one that counts first.
    fn manifests_of(&self, slot: Slot) -> Vec<Slot> {
        if !self.lacks_manifests(slot) {
            return Vec::new();
        }
        let others = self.others(GroupBy::PullRequest, slot).chain(self.others(GroupBy::Definition, slot));
        let fits = |&other: &Slot| self.has_manifests(other) && self.is_one_change(slot, other);
        let mut found: Vec<Slot> = others.filter(fits).collect();
        found.sort_unstable();
        found.dedup();
        self.newest_first(&found)
    }

    /// Numbers of runs grow within a pipeline; else what was written last is newest.
    fn newest_first(&self, slots: &[Slot]) -> Vec<Slot> {
        let number = |slot| self.row_text(slot, Field::P3).parse::<u64>().ok();
        let written = |slot| self.row_text(slot, Field::Timestamp);
        sorted_by(slots, |&a, &b| {
            let by_number = match (number(a), number(b)) {
                (Some(a), Some(b)) => b.cmp(&a),
                (a, b) => b.is_some().cmp(&a.is_some()),
            };
            by_number.then_with(|| written(b).cmp(written(a))).then_with(|| self.at(a).key().cmp(self.at(b).key()))
        })
    }

    /// The rows that complete one, those that count first.
    fn parts_of(&self, slot: Slot) -> Vec<Slot> {
        let manifests = self.manifests_of(slot).into_iter().take(1);
        self.builds_of(slot).into_iter().take(1).chain(manifests).collect()
    }

    /// Whether a row is part of another one, or of no deployment at all.
    fn is_part(&self, slot: Slot) -> bool {
        if self.is_self_test(slot) {
            return true;
        }
        if self.is_build_alone(slot) {
            return self.others(GroupBy::Image, slot).any(|release| self.builds_of(release).contains(&slot));
        }
        self.is_manifests_alone(slot) && {
            let mut others = self.others(GroupBy::PullRequest, slot).chain(self.others(GroupBy::Definition, slot));
            others.any(|other| self.manifests_of(other).contains(&slot))
        }
    }

    /// All rows that what a row states may have an effect on, itself included.
    pub(super) fn neighbours(&self, slot: Slot) -> Vec<Slot> {
        // One that has just grown too large is of one row more.
        let groups = GroupBy::ALL.into_iter().map(|by| self.group(by, slot)).filter(|group| group.len() <= LARGEST + 1);
        let mut all: Vec<Slot> = groups.flatten().chain([slot]).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Joins these rows anew with what belongs to them, after a row came, changed or went.
    pub(super) fn join(&mut self, slots: &[Slot]) {
        for &slot in slots {
            if !self.has_row(slot) {
                continue;
            }
            let parts = self.parts_of(slot);
            if !parts.is_empty() || self.joined.contains_key(&slot) {
                self.complete(slot, parts);
            }
            let is_part = self.is_part(slot);
            self.set_hidden(slot, is_part);
        }
    }

    /// Shows a row with what those parts report.
    fn complete(&mut self, slot: Slot, parts: Vec<Slot>) {
        let own = self.row(slot);
        let whole = self.completed(own.clone(), &parts);
        let shown = whole.fingerprint();
        let known = self.joined.remove(&slot).map_or_else(|| own.fingerprint(), |joined| joined.shown);
        if shown != known {
            let (project, fingerprint) = (self.at(slot).project(), slot.of(&self.fingerprint).copied());
            self.rewrite(slot, project, &whole, fingerprint.unwrap_or(0));
        }
        if !parts.is_empty() {
            self.joined.insert(slot, Box::new(Joined { own: OwnTexts::of(&own), parts, shown }));
        }
    }

    /// A new version of a row that is joined, with what its parts report until they are looked for anew.
    pub(super) fn with_parts<'r>(&mut self, slot: Slot, row: &'r Row<'r>) -> Cow<'r, Row<'r>> {
        let Some(mut joined) = self.joined.remove(&slot) else { return Cow::Borrowed(row) };
        let mut own = Row::default();
        for &field in Field::ALL {
            own.set(field, row.get(field).to_owned());
        }
        let whole = self.completed(own, &joined.parts);
        (joined.own, joined.shown) = (OwnTexts::of(row), whole.fingerprint());
        self.joined.insert(slot, joined);
        Cow::Owned(whole)
    }

    fn completed(&self, mut whole: Row<'static>, parts: &[Slot]) -> Row<'static> {
        for &part in parts {
            let is_build = self.is_build_alone(part);
            let fields: Vec<Field> = if is_build {
                let own = [Field::PartitionKey, Field::RowKey, Field::Timestamp];
                Field::ALL.iter().copied().filter(|field| !own.contains(field)).collect()
            } else {
                OF_MANIFESTS.into_iter().chain(OF_PULL).collect()
            };
            for field in fields {
                if whole.get(field).is_empty() {
                    whole.set(field, self.row_text(part, field).to_owned());
                }
            }
            let (tag, own) = image_parts(whole.get(Field::ImageTag));
            let (_, digest) = image_parts(self.row_text(part, Field::ImageTag));
            if let Some(digest) = digest.filter(|_| is_build && own.is_none()) {
                let image = [tag, "@", digest].concat();
                whole.set(Field::ImageTag, image);
            }
            // A merge is known to the pipeline that it sets off, and not to the one that asked for it.
            let is_over = |word: &str| matches!(pull_state(word), PullState::Merged | PullState::Abandoned);
            let state = self.row_text(part, Field::PrState);
            if !is_over(whole.get(Field::PrState)) && !state.is_empty() {
                whole.set(Field::PrState, state.to_owned());
            }
            let written = self.row_text(part, Field::Timestamp);
            if is_written_after(written, whole.get(Field::Timestamp)) {
                whole.set(Field::Timestamp, written.to_owned());
            }
        }
        whole
    }
}

/// A text as it is compared: addresses are written with and without a scheme.
fn tidy(field: Field, text: &str) -> String {
    let text = text.to_lowercase();
    match field {
        Field::SourceRepo | Field::HldRepo | Field::PrUrl => {
            let bare = text.split_once("://").map_or(&*text, |(_, rest)| rest);
            let bare = bare.split_once('@').map_or(bare, |(_, rest)| rest).trim_end_matches('/');
            bare.strip_suffix(".git").unwrap_or(bare).to_owned()
        }
        _ => super::columns::tidy(field, &text).to_owned(),
    }
}

#[cfg(test)]
mod tests;
