//! What stands in each column of the table. A cell carries itself what belongs to the whole of it: at hundreds of cells
//! an element around each text is what a browser spends most of its time on.

use super::{
    ViewContext,
    parts::{avatar, contact, outside, unseen},
};
use crate::{
    domain::{
        cluster::SyncState,
        column::Column,
        deployment::{Deployment, Kind, Status},
        link::Link,
        person::Person,
        stage::{Provenance, Stage, StageKind},
    },
    model::wording,
    text,
    ui::html::{Element, Html, el},
};

/// What is not there.
const DASH: &str = "–";
/// So many characters of a run's name, and of what it made, fit into a column. Their ends distinguish them.
const RUN: usize = 13;
const MADE: usize = 16;

/// A column's cell for a deployment.
#[must_use]
pub fn cell(column: Column, d: &Deployment, context: &ViewContext) -> Element {
    let cell = el("td").set("role", "cell").set("data-column", column.id());
    match column {
        Column::Status => cell
            .set("data-status", d.status.as_str())
            .set("title", wording::why_status(d))
            .text(text::status(d.status))
            .children(wording::place(d, context.now).map(below)),
        Column::Service => cell
            .maybe("title", d.source.repository.as_ref().map(ToString::to_string))
            .text(d.service.as_ref().map_or_else(|| DASH.to_owned(), ToString::to_string))
            .children((d.kind == Kind::HldEdit).then(|| below(text::kind(d.kind).to_owned()))),
        Column::Ring => cell
            .maybe("title", d.ring_from_branch.then_some(text::parts::RING_FROM_BRANCH))
            .text(d.ring_title.as_deref().unwrap_or(DASH).to_owned())
            .children(d.source.branch.as_ref().map(|branch| below(branch.to_string()).class("code"))),
        Column::Author => who(cell, d.source.author.as_ref()),
        Column::MergedBy => who(cell, d.pull_request.as_ref().and_then(|pr| pr.merged_by.as_ref())),
        Column::Build => {
            let commit = d.source.commit.as_ref().map(|c| (c.short().to_owned(), d.source.link.as_ref()));
            run(cell, d.stage(StageKind::Build), run_name, commit)
        }
        Column::Release => {
            let tag = d.image.as_ref().map(|tag| (tag.to_string(), d.hld_link.as_ref()));
            run(cell, d.stage(StageKind::Release), run_name, tag)
        }
        Column::PullRequest => {
            let stage = d.stage(StageKind::PullRequest);
            let number = d.pull_request.as_ref().map(|pr| format!("#{}", pr.id));
            let branch = d.pull_request.as_ref().and_then(|pr| pr.branch.as_ref());
            // While it waits, for whom matters more than from which branch.
            let waits = wording::waits_for(d).filter(|_| stage.is_some_and(|s| s.status == Status::Waiting));
            let branch = branch.filter(|_| waits.is_none()).map(|branch| (branch.to_string(), None));
            // Names are read from their beginning.
            run(cell, stage, |_| number, branch).children(waits.map(below))
        }
        Column::Manifest => {
            let of_hld = d.hld_commit.as_ref().map(|c| (c.short().to_owned(), d.hld_link.as_ref()));
            let of_manifest = || d.manifest_commit.as_ref().map(|c| (c.short().to_owned(), d.manifest_link.as_ref()));
            run(cell, d.stage(StageKind::Manifest), run_name, of_hld.or_else(of_manifest))
        }
        Column::Updated => {
            let took = match wording::running_since(d) {
                Some(since) => Some(format!("for {}", text::duration(context.now.since(since)))),
                None => d.took.map(|took| format!("took {}", text::duration(took))),
            };
            cell.child(context.maybe_ago(d.updated)).children(took.map(below))
        }
        Column::Clusters => {
            let summary = wording::clusters::in_table(&d.clusters);
            let non_empty = |words: String| Some(words).filter(|words| !words.is_empty());
            let others = non_empty(summary.others)
                .map(|others| below(others).maybe("data-sync", summary.state.map(SyncState::as_str)));
            cell.maybe("title", non_empty(summary.all)).children(non_empty(summary.synced)).children(others)
        }
    }
}

/// The second line of a cell.
fn below(text: String) -> Element {
    el("small").text(text)
}

fn who(cell: Element, somebody: Option<&Person>) -> Element {
    match somebody {
        Some(person) => cell.set("title", contact(person)).child(avatar(person)).text(person.name.to_string()),
        None => cell,
    }
}

/// The run's name, else its number.
#[must_use]
pub fn run_name(stage: &Stage) -> Option<String> {
    stage.name.as_deref().map(str::to_owned).or_else(|| stage.run.as_ref().map(ToString::to_string))
}

/// A stage: its state as an icon, its run, and what it made with where to see that.
fn run(
    cell: Element,
    stage: Option<&Stage>,
    name: impl FnOnce(&Stage) -> Option<String>,
    made: Option<(String, Option<&Link>)>,
) -> Element {
    let name = stage.and_then(name);
    // Nothing to show of a stage that has not begun.
    let begun = stage.filter(|s| {
        (name.is_some() || made.is_some()) && s.status != Status::Incomplete && s.status != Status::Skipped
    });
    let is_gone = stage.is_some_and(|s| matches!(s.provenance, Some(Provenance::Gone(..))));
    let title =
        stage.map(|s| format!("{}: {}. {}", wording::stage_title(s.kind), wording::stage_state(s), wording::why(s)));
    let label = name.unwrap_or_else(|| DASH.to_owned());
    let made_whole = made.as_ref().map_or("", |(made, _)| made);
    let whole = [(&*label, RUN), (made_whole, MADE)].into_iter().filter(|(text, fit)| text.chars().count() > *fit);
    let whole = whole.map(|(text, _)| text.to_owned());
    let title = whole.chain(title).collect::<Vec<_>>().join("\n");
    let read_aloud = begun.map(|s| format!("{}: ", wording::stage_state(s)));
    let cell = cell
        .maybe("data-status", begun.map(|s| s.status.as_str()))
        .maybe("data-warned", stage.is_some_and(|s| s.warned).then_some("true"))
        .maybe("data-gone", is_gone.then_some("true"))
        .maybe("title", Some(title).filter(|title| !title.is_empty()))
        .children(read_aloud.map(unseen));
    let label = text::shorten_middle(&label, RUN).into_owned();
    let link = stage.and_then(|s| s.link.as_ref());
    let made = made.map(|(made, link)| {
        el("small").class("code").child(linked(link, text::shorten_middle(&made, MADE).into_owned()))
    });
    cell.child(linked(link, label)).children(made)
}

/// A text that leads elsewhere where there is somewhere to go. Not a place of the keyboard's order: a row would have
/// six.
fn linked(link: Option<&Link>, label: String) -> Html {
    match link {
        Some(link) => outside("", link).set("tabindex", "-1").text(label).into(),
        None => label.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::view::fixtures::{context, deployment};

    #[test]
    fn cells_of_the_table() {
        #[track_caller]
        fn check(column: Column, texts: &str, expect: &str) {
            let markup = cell(column, &deployment(texts), &context()).to_markup();
            assert_eq!(markup.strip_prefix("<td role=\"cell\" data-column=").unwrap(), expect, "{texts}");
        }
        check(Column::Service, "service=api", r#""service">api</td>"#);
        check(Column::Service, "commitId=abc", r#""service">–</td>"#);
        check(
            Column::Service,
            "service=a<b sourceRepo=github.com/c/a",
            r#""service" title="github.com/c/a">a&lt;b</td>"#,
        );
        check(Column::Ring, "env=dev branch=main", r#""ring">dev<small class="code">main</small></td>"#);
        check(Column::Author, "service=api", r#""author"></td>"#);
        check(
            Column::Updated,
            "service=api p1=1 p1Start=2026-11-23T10:00:00Z p1End=2026-11-23T10:20:00Z",
            r#""updated"><time datetime="2026-11-23T10:20:00Z" title="23 Nov 2026, 10:20:00">1 h ago</time><small>took 20 min</small></td>"#,
        );
    }

    #[test]
    fn a_stage_shows_its_state_and_what_it_made() {
        let d = deployment("service=api p1=7 p1Status=succeeded commitId=abcdef0123");
        let markup = cell(Column::Build, &d, &context()).to_markup();
        assert!(markup.contains(r#" data-status="succeeded""#), "{markup}");
        assert!(markup.ends_with(r#": </span>7<small class="code">abcdef0</small></td>"#), "{markup}");
        let markup = cell(Column::Manifest, &d, &context()).to_markup();
        assert!(markup.ends_with(">–</td>") && !markup.contains("data-status"), "{markup}");
    }

    #[test]
    fn a_long_run_keeps_its_end_and_is_whole_where_somebody_points() {
        let d =
            deployment("service=api p1=20261127.10345 p1Status=succeeded p2=8 imageTag=api-feature-x-20261127.10345");
        let markup = cell(Column::Build, &d, &context()).to_markup();
        assert!(markup.contains(">202611….10345<") && markup.contains("title=\"20261127.10345\nImage: "), "{markup}");
        let markup = cell(Column::Release, &d, &context()).to_markup();
        assert!(markup.contains(">api-feat…7.10345</small>"), "{markup}");
    }

    #[test]
    fn a_link_from_data_leaves_the_page_without_a_referrer() {
        let d = deployment("service=api p1=7 p1Status=failed p1Url=https://ci.example/7");
        let markup = cell(Column::Build, &d, &context()).to_markup();
        let link = r#"<a href="https://ci.example/7" target="_blank" rel="noopener noreferrer" tabindex="-1">7</a>"#;
        assert!(markup.contains(link), "{markup}");
        let d = deployment("service=api p1=7 p1Status=failed p1Url=javascript:alert(1)");
        assert!(!cell(Column::Build, &d, &context()).to_markup().contains("javascript"));
    }
}
