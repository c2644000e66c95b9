//! The address, read and written.

use proptest::prelude::*;

use super::*;
use crate::domain::{column::Column, time::Timestamp};

/// What a query is read as, by what is printed of it.
#[track_caller]
fn check(query: &str, expect: &str) {
    assert_eq!(print(&parse(query)), expect, "{query}");
    assert_eq!(parse(expect), parse(query), "{query}");
}

#[test]
fn every_key() {
    check("", "");
    check("?", "");
    check("?view=rings", "");
    check("view=deployments", "view=deployments");
    check("view=setup&view=&view=deployments", "view=deployments"); // the last one that is not blank
    check("view=attic", "");
    check("view=compare", "view=compare");
    check("to=prod&view=compare&from=dev", "view=compare&from=dev&to=prod");
    check("view=compare&from=dev&from=&from=qa+2", "view=compare&from=qa%202");
    check("view=history&of=api&project=trivia", "view=history&of=api&project=trivia");
    check("view=history&of=+contoso%2Fapi+", "view=history&of=contoso/api");
    check("from=dev&of=+", "from=dev"); // kept whatever the view, as others are
    check("project=trivia", "project=trivia");
    check("ring=prod&service=api&ring=dev&service=web", "service=api&service=web&ring=prod&ring=dev");
    check("branch=feature/x&cluster=east&author=Mara+Lind", "author=Mara%20Lind&cluster=east&branch=feature/x");
    check("status=FAILED&status=waiting&status=broken", "status=failed&status=waiting");
    check("type=hld-edit&type=mystery", "type=hld-edit");
    check("q=-service:api+%22two%20words%22", "q=-service:api%20%22two%20words%22");
    check("q=++", "");
    check("sort=-updated", "sort=-updated");
    check("sort=mergedby", "sort=mergedBy");
    check("sort=colour", "");
    check("since=24h", "since=24h");
    check("since=7d", "since=7d");
    check("since=30d", "since=30d");
    check("since=all", "");
    check("since=yesterday", "");
    check("since=2026-11-01", "since=2026-11-01");
    check("since=2026-11-01T00:00:00Z", "since=2026-11-01");
    check("since=2026-11-01T10%3A30%3A00%2B02%3A00", "since=2026-11-01T08:30:00Z");
    check("since=2026-11-01T10:30:00+02:00", "since=2026-11-01T08:30:00Z"); // nobody encodes by hand
    check("deployment=trivia/a1b2", "deployment=trivia/a1b2");
    check("refresh=30", "refresh=30");
    check("refresh=off", "refresh=off");
    check("refresh=0", "refresh=off");
    check("refresh=4", "");
    check("refresh=3601", "");
    check("refresh=-5", "");
    check("refresh=often", "");
    check("theme=dark&theme=auto", "");
    check("theme=dark", "theme=dark");
    check("theme=pink", "");
    check("embed=1", "embed=1");
    check("embed=0", "");
    check("demo", "demo=sample");
    check("demo=", "demo=sample");
    check("demo=sample", "demo=sample");
    check("demo=off", "");
    check("demo=100000", "demo=100000");
    check("demo=0", "demo=0");
    check("demo=1000001", "demo=sample");
}

#[test]
fn what_needs_attention() {
    check("attention=behind", "attention=behind");
    check("attention=Cluster-Failed", "attention=cluster-failed");
    check("attention=elsewhere", "");
}

#[test]
fn foreign_keys_are_kept() {
    check("theme=dark&utm=a%20b&x&x=2&=3&&", "theme=dark&utm=a%20b&x&x=2");
    check("%26=%3D", "%26=%3D");
    check("bad=%ff%zz", "bad=%EF%BF%BD%25zz");
}

#[test]
fn secrets_are_not() {
    check("sv=2024-05-04&tn=t&sp=r&sig=abc", "tn=t&sp=r");
    check("SIG=abc&sas=x&token=x&access_token=x&code=x&Password=x", "");
    check("next=https%3A%2F%2Fa.example%3Fsig%3Dabc", "");
    check("q=%3Fsv%3D1%26sig%3Dabc", ""); // pasted into the search box
    let route = Route { q: "sp=r&sig=abc".into(), rest: vec![("sig".into(), "abc".into())], ..Route::default() };
    assert_eq!(print(&route), "");
}

/// What Spektate's dashboard writes: form encoding, a key per chosen value, `limit` and `refresh` always; its
/// releases before February 2020 wrote `%20` and neither of the two.
#[test]
fn links_into_spektate() {
    check("?limit=50&refresh=30", "refresh=30");
    check("?keyword=fix+quiz&limit=50&refresh=30", "q=fix%20quiz&refresh=30");
    check(
        "?service=api&service=web&author=Mara+Lind&limit=50&refresh=30",
        "service=api&service=web&author=Mara%20Lind&refresh=30",
    );
    check("?env=dev&env=prod&limit=50&refresh=30", "ring=dev&ring=prod&refresh=30");
    check("?type=Bedrock+Deployments&limit=50&refresh=30", "type=deployment&refresh=30");
    check(
        "?type=Manual+HLD+Edits&type=Bedrock+Deployments&limit=5&refresh=10",
        "type=hld-edit&type=deployment&refresh=10",
    );
    check("?keyword=quiz&service=api&author=Mara%20Lind&env=prod", "service=api&ring=prod&author=Mara%20Lind&q=quiz");
    check("?env=prod&limit=50&refresh=1", "ring=prod"); // faster than we go
}

#[test]
fn links() {
    assert_eq!(Route::default().href(), "?");
    let route = Route { view: View::Deployments, embed: true, ..Route::default() };
    assert_eq!(route.href(), "?view=deployments&embed=1");
}

#[test]
fn another_view_leaves_behind_what_only_the_old_one_understands() {
    #[track_caller]
    fn check(query: &str, view: View, expect: &str) {
        let mut route = parse(query);
        route.leave_for(view);
        assert_eq!(print(&route), expect, "{query}");
    }
    check("view=compare&from=dev&to=prod&service=api&q=x", View::Rings, "service=api&q=x");
    check("view=history&of=api&deployment=1&since=7d", View::Compare, "view=compare&since=7d");
    check("deployment=1&theme=dark", View::Deployments, "view=deployments&theme=dark");
    check("attention=behind&service=api", View::Deployments, "view=deployments&service=api");
}

#[test]
fn columns_and_density_are_part_of_an_address() {
    #[track_caller]
    fn check(query: &str, expect: &str) {
        assert_eq!(print(&parse(query)), expect, "{query}");
    }
    check("columns=ring,SERVICE,ring,colour&density=compact&kiosk=1", "columns=ring,service&density=compact&kiosk=1");
    check("columns=colour&density=tight&kiosk=0", "");
    check("columns=&density=", "");
    check("group=team&service=api", "service=api&group=team");
    check("group=colour", "");
}

#[test]
fn a_view_that_is_kept_is_what_is_shown_and_not_how() {
    let query = "view=deployments&service=api&attention=behind&q=x&sort=service&since=7d&columns=ring&density=compact";
    let shown = [query, "&deployment=1&refresh=off&theme=dark&embed=1&kiosk=1&demo&mine=1"].concat();
    assert_eq!(print(&parse(&shown).to_save()), query);
    let mut route = parse("ring=dev&deployment=1&theme=dark&demo&mine=1");
    route.go_to_saved("service=api&theme=light&deployment=2");
    assert_eq!(print(&route), "service=api&theme=dark&demo=sample&mine=1");
}

#[test]
fn every_tab_is_a_view() {
    assert!(View::TABS.iter().all(|tab| View::ALL.contains(tab)));
}

#[test]
fn since_starts() {
    #[track_caller]
    fn check(since: Since, expect: Option<&str>) {
        let now = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
        assert_eq!(since.start(|| now).map(Timestamp::to_rfc3339).as_deref(), expect, "{since:?}");
    }
    check(Since::All, None);
    check(Since::Hours24, Some("2026-11-22T12:00:00Z"));
    check(Since::Days7, Some("2026-11-16T12:00:00Z"));
    check(Since::Days30, Some("2026-10-24T12:00:00Z"));
    check(Since::parse("2026-11-01").unwrap(), Some("2026-11-01T00:00:00Z"));
}

fn filters() -> impl Strategy<Value = Filters> {
    let word = prop_oneof![any::<String>(), Just("failed".to_owned()), Just("hld-edit".to_owned()), "[a-cA-C ]{1,3}"];
    prop::collection::vec((prop::sample::select(Facet::ALL.to_vec()), word), 0..8).prop_map(|chosen| {
        let mut filters = Filters::default();
        for (facet, value) in chosen {
            filters.add(facet, &value);
        }
        filters
    })
}

fn since() -> impl Strategy<Value = Since> {
    let moment = (31_536_000_000_i64..253_402_300_800_000).prop_map(|ms| Since::From(Timestamp::from_millis(ms)));
    let date = (366_i64..40_000).prop_map(|day| Since::From(Timestamp::from_millis(day * 86_400_000)));
    prop_oneof![Just(Since::All), Just(Since::Hours24), Just(Since::Days7), Just(Since::Days30), moment, date]
}

fn sort() -> impl Strategy<Value = SortBy> {
    (prop::sample::select(Column::ALL.to_vec()), any::<bool>())
        .prop_map(|(column, descending)| SortBy { column, descending })
}

fn route() -> impl Strategy<Value = Route> {
    let text = || any::<String>().prop_filter("fit for a URL", |t| !t.trim().is_empty() && !holds_secret(t));
    let id = || text().prop_map(|t| t.trim().to_owned());
    let key = any::<String>().prop_filter("fit for a URL", |t| !t.is_empty() && !holds_secret(t));
    let of_views = (prop::option::of(id()), prop::option::of(id()), prop::option::of(id()));
    let refresh = prop_oneof![Just(Refresh::Off), (5_u16..=3600).prop_map(Refresh::Every)];
    let demo = prop_oneof![Just(Demo::Sample), (0..=Demo::MOST).prop_map(Demo::Rows)];
    let foreign = ("[a-z_&=? ä]{1,6}", any::<String>()).prop_filter("not ours", |(key, value)| {
        parse(&format!("{}=x", crate::http::encode(key))).rest.len() == 1 && !holds_secret(value)
    });
    let first = (prop::sample::select(View::ALL.to_vec()), filters(), prop_oneof![Just(String::new()), text()]);
    let second = (prop::option::of(sort()), since(), prop::option::of(key), prop::option::of(refresh));
    let attention = prop::option::of(prop::sample::select(Attention::ALL.to_vec()));
    let columns = Just(Column::ALL.to_vec())
        .prop_shuffle()
        .prop_flat_map(|all| (1..=all.len()).prop_map(move |n| all[..n].to_vec()));
    let density = prop::option::of(prop_oneof![Just(Density::Comfortable), Just(Density::Compact)]);
    let group = prop::option::of(prop::sample::select(Grouping::ALL.to_vec()));
    let device = (prop::option::of(columns), density, any::<bool>(), group);
    let third = (prop::sample::select(Theme::ALL.to_vec()), any::<bool>(), prop::option::of(demo), attention);
    (first, of_views, second, third, device, prop::collection::vec(foreign, 0..3)).prop_map(|(a, of, b, c, d, rest)| {
        Route {
            view: a.0,
            from: of.0,
            to: of.1,
            of: of.2,
            filters: a.1,
            q: a.2,
            sort: b.0,
            since: b.1,
            deployment: b.2,
            refresh: b.3,
            theme: c.0,
            embed: c.1,
            demo: c.2,
            attention: c.3,
            columns: d.0,
            density: d.1,
            kiosk: d.2,
            group: d.3,
            rest,
        }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(route in route()) {
        prop_assert_eq!(parse(&print(&route)), route);
    }

    #[test]
    fn anything_is_read_and_then_stays(query in "(\\?|&|=|%|%2|%20|\\+|view|q|ring|since|from|to|of|2026-11-01|demo|sig|a|ä| ){0,30}") {
        let route = parse(&query);
        prop_assert_eq!(parse(&print(&route)), route);
    }
}
