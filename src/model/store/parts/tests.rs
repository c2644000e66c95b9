use super::*;
use crate::support::rows::ring_rule;

fn rings(names: &[&str]) -> RingNames {
    let rule = |name: &&str| ring_rule(name);
    RingNames::new(&names.iter().map(rule).collect::<Vec<_>>())
}

fn parts(all: &[(&str, Status)]) -> Vec<RunPart> {
    let part = |&(name, status): &(&str, Status)| RunPart {
        waits_for: Vec::new(),
        approvals: Vec::new(),
        name: name.into(),
        status,
        warned: false,
        started: None,
        ended: None,
    };
    all.iter().map(part).collect()
}

#[test]
fn names_decide_before_places_do() {
    /// `b`uild, `r`elease, `-` neither.
    #[track_caller]
    fn check(names: &[&str], own: &str, expect: &str) {
        let all: Vec<(&str, Status)> = names.iter().map(|name| (*name, Status::Succeeded)).collect();
        let known = rings(&["dev", "prod", "qa"]);
        let roles = roles(&parts(&all), [own, "", ""], StageNames { rules: None, rings: Some(&known) });
        let letter = |(role, _): &(Role, bool)| match role {
            Role::Build => 'b',
            Role::Release => 'r',
            Role::Other => '-',
        };
        assert_eq!(roles.iter().map(letter).collect::<String>(), expect, "{names:?} {own}");
    }
    check(&["Test", "Build image", "Update HLD"], "prod", "bbr");
    check(&["Build", "dev", "prod"], "prod", "b-r");
    check(&["Build", "dev", "prod"], "dev", "br-");
    check(&["Build", "Deploy to dev", "Deploy to prod"], "dev", "br-");
    check(&["Build for prod", "Deploy"], "prod", "br");
    check(&["Build", "Deploy to dev", "Smoke test", "Deploy to prod"], "dev", "brr-");
    check(&["Build", "Deploy to dev", "Smoke test", "Deploy to prod"], "prod", "b-br");
    // The parts of all rings, where none is this one's.
    check(&["Build", "dev", "prod"], "feature-7", "brr");
    check(&["Build", "Release", "Rollback prod"], "prod", "br-");
    // Unknown by name: by place.
    check(&["One", "Two"], "prod", "br");
    check(&["One", "Two", "Three"], "prod", "brr");
    check(&["One", "Build", "Three"], "prod", "bbr");
    check(&["One", "Update HLD", "Three"], "prod", "brr");
    check(&["Only"], "prod", "b");
    check(&[], "prod", "");
    // A ring may be called as stages are.
    check(&["Compile", "Test"], "test", "br");
}

#[test]
fn the_configuration_decides_first() {
    let boxed = |names: &[&str]| names.iter().map(|name| (*name).into()).collect();
    let rules = StageRules {
        build: boxed(&["Alpha*"]),
        release: boxed(&["Common"]),
        rings: vec![("prod".into(), boxed(&["Live*"])), ("dev".into(), boxed(&["Lab*"]))],
    };
    let all = parts(&[
        ("Common", Status::Succeeded),
        ("Alpha deploy", Status::Succeeded),
        ("lab", Status::Succeeded),
        ("LIVE eu", Status::Failed),
    ]);
    let names = StageNames { rules: Some(&rules), rings: None };
    let of = |own: &str| roles(&all, [own, "", ""], names).into_iter().map(|(role, _)| role).collect::<Vec<_>>();
    assert_eq!(of("Prod"), [Role::Release, Role::Build, Role::Other, Role::Release]);
    assert_eq!(of("dev"), [Role::Release, Role::Build, Role::Release, Role::Other]);
}

#[test]
fn parts_taken_together() {
    use Status::{Canceled, Failed, Incomplete, Running, Skipped, Succeeded, Unknown, Waiting};
    #[track_caller]
    fn check(run: Status, states: &[Status], expect: Option<Status>) {
        let all: Vec<(&str, Status)> = states.iter().map(|status| ("part", *status)).collect();
        let found = together(&Run::new(run), parts(&all).iter()).map(|stage| stage.status);
        assert_eq!(found, expect, "{run:?} {states:?}");
    }
    check(Running, &[], None);
    check(Succeeded, &[Succeeded, Succeeded], Some(Succeeded));
    check(Succeeded, &[Succeeded, Skipped], Some(Skipped));
    check(Succeeded, &[Skipped], Some(Skipped));
    check(Failed, &[Succeeded, Failed, Skipped], Some(Failed));
    check(Canceled, &[Canceled, Running], Some(Canceled));
    check(Running, &[Succeeded, Incomplete], Some(Running));
    check(Failed, &[Succeeded, Incomplete], Some(Incomplete));
    check(Running, &[Incomplete], Some(Incomplete));
    check(Running, &[Succeeded, Waiting], Some(Waiting));
    check(Succeeded, &[Succeeded, Unknown], Some(Unknown));
}
