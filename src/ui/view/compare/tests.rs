use std::{sync::Arc, time::Duration};

use super::*;
use crate::{
    domain::project::ProjectId,
    model::{
        cluster_state::Known,
        compare::ServiceDiff,
        kept::ServiceHash,
        store::Slot,
        symbols::{RingSym, ServiceSym},
    },
    support::rows::empty_store,
    ui::view::fixtures::{context, deployment, ring, service},
};

const DEV: RingSym = RingSym::at(1);
const PROD: RingSym = RingSym::at(2);

fn shown_card(lag: Lag, between: usize, is_open: bool) -> ServiceCard {
    let version = |tag: &str| Some(Arc::new(deployment(&format!("service=api imageTag={tag} commitId=abcdef0123"))));
    let diff = ServiceDiff {
        project: ProjectId::default(),
        service: ServiceSym::NONE,
        first: None,
        second: None,
        lag,
        between: (0..9).map(Slot::at).collect(),
        is_partial: lag == Lag::Other,
        by: Some(Duration::from_secs(3 * 86_400)),
        range: None,
    };
    let store = empty_store(&[]);
    ServiceCard {
        key: ServiceHash::of(&store, diff.project, diff.service),
        diff,
        service: service("api"),
        runs: ((version("1.5"), Known::Rows), (version("1.4"), Known::Unknown)),
        between: version("1.5").into_iter().map(|d| (d, false)).cycle().take(between).collect(),
        is_open,
        commits: Some(12),
        link: None,
    }
}

fn view(outcome: Outcome, differ: Vec<ServiceCard>) -> CompareView {
    let choice = Choice { first: DEV, second: PROD, unknown: vec!["attic".to_owned()] };
    let rings = vec![ring(DEV, "dev"), ring(PROD, "prod")];
    CompareView { rings, choice: Some(choice), outcome, differ, same: vec![(service("client"), "9".to_owned())] }
}

#[track_caller]
fn check(view: &CompareView, parts: &[&str]) {
    let markup = compare(view, &context()).to_string();
    let mut rest = markup.as_str();
    for part in parts {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("{part} is not, in its turn, in {markup}")).1;
    }
}

#[test]
fn what_differs_comes_first_and_what_does_not_is_folded() {
    let view = view(Outcome::Services, vec![shown_card(Lag::Behind, 5, false)]);
    let parts = [
        r#"<span>In</span><select class="button" value="dev"><option value="dev">dev</option>"#,
        r#"<span>but not in</span><select class="button" value="prod">"#,
        "Unknown ring &quot;attic&quot;; comparing dev and prod</p>",
        "Copy as Markdown",
        "prod vs dev: 1 behind, 1 the same</p>",
        r#"<article class="diff" data-service="api" data-lag="behind">"#,
        r#"<dt>dev</dt><dd><a class="inside" href="?deployment=1">1.5</a>"#,
        "cluster state unknown</span></dd>",
        "prod is 9 versions, 12 commits and 3 d behind</span>",
        r#"<li class="between__item" data-dim="true"><a class="inside between__version" href="?deployment=1">1.5</a>"#,
        "<code>abcdef0</code>",
        r#"aria-expanded="false">Show 4 older versions</button></article>"#,
        "<summary>1 service is the same</summary>",
        r#"<li data-service="client" data-lag="same">"#,
    ];
    check(&view, &parts);
}

#[test]
fn all_versions_may_be_shown_and_may_be_incomplete() {
    let view = view(Outcome::Services, vec![shown_card(Lag::Other, 9, true)]);
    let parts = [
        "Diverged: 1.4 not seen in dev (3 d older)",
        "In dev since 1.4 was built; may be incomplete</p>",
        r#"aria-expanded="true">Show the newest only</button>"#,
    ];
    check(&view, &parts);
}

#[test]
fn why_there_is_nothing_to_show() {
    check(&view(Outcome::Services, Vec::new()), &["No differences", "The only service runs the same", "<details"]);
    check(&view(Outcome::OneRing, Vec::new()), &["Pick two different rings"]);
    check(&view(Outcome::NothingRuns, Vec::new()), &["Nothing deployed"]);
    check(&view(Outcome::Empty(Nothing::Filtered(7)), Vec::new()), &["compare__bar", "data-empty=\"filtered\""]);
    let none = CompareView { choice: None, ..view(Outcome::TooFew, Vec::new()) };
    check(&none, &["data-empty=\"too-few\"", "Open Rings"]);
    let loading = compare(&view(Outcome::Empty(Nothing::Loading), Vec::new()), &context()).to_string();
    assert!(loading.starts_with("<div class=\"skeleton\""), "{loading}");
}
