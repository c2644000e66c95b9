//! The hand-tuned sample: what a visitor sees first, so every line is there for what it shows.
//!
//! At a glance: production of `api` is behind staging, with its approval open for half a day, `client` is (nearly)
//! level, `leaderboard` was rolled back, `auth` has failed on its way to production, `quiz-import` is being built, has
//! failed on its way to staging and is old in production, `traefik` is edited by hand. Lines stand newest first; an
//! image is known by its service and build number, so a promotion names no more than that.

use super::{
    fixtures::{
        ANA, API, AUTH, BOT, CLIENT, DEV, INES, JO, KEN, LEADERBOARD, MARA, NEW_SCORING, PRIYA, PRODUCTION, Person,
        QUIZ_IMPORT, Ring, SECURITY_FIX, STAGING, Service, TOMAS, TRAEFIK, Tags, approver,
    },
    mix::mix,
    row::{Plan, Style},
    tag::Version,
    timeline::{Cause, Outcome, Outcome::*, Step, Timeline},
};

/// One deployment of the script.
#[derive(Clone, Copy)]
struct ScenarioStep {
    service: Option<&'static Service>,
    ring: &'static Ring,
    build: u32,
    kind: Kind,
    /// How long ago it was set off, in seconds.
    ago: i64,
    outcome: Outcome,
    style: Style,
}

#[derive(Clone, Copy)]
enum Kind {
    Built { version: &'static str, author: &'static Person, message: &'static str },
    Promoted,
    Edited { author: &'static Person, title: &'static str },
}

impl ScenarioStep {
    const fn style(self, style: Style) -> Self {
        Self { style, ..self }
    }
    const fn bare(self) -> Self {
        self.style(Style::Bare { vague: false })
    }
    const fn vague(self) -> Self {
        self.style(Style::Bare { vague: true })
    }
    const fn ring_late(self) -> Self {
        self.style(Style::Full { ring_late: true })
    }
}

/// An image and what it was made of.
type Made = (u32, &'static str, &'static Person, &'static str);

const fn built(service: &'static Service, ring: &'static Ring, made: Made, ago: i64, outcome: Outcome) -> ScenarioStep {
    let (build, version, author, message) = made;
    let kind = Kind::Built { version, author, message };
    ScenarioStep { service: Some(service), ring, build, kind, ago, outcome, style: Style::Full { ring_late: false } }
}

const fn promoted(service: &'static Service, build: u32, ago: i64, outcome: Outcome) -> ScenarioStep {
    let style = Style::Full { ring_late: false };
    ScenarioStep { service: Some(service), ring: &PRODUCTION, build, kind: Kind::Promoted, ago, outcome, style }
}

const fn staged(service: &'static Service, build: u32, ago: i64, outcome: Outcome) -> ScenarioStep {
    ScenarioStep { ring: &STAGING, ..promoted(service, build, ago, outcome) }
}

const fn edited(
    service: Option<&'static Service>,
    ring: &'static Ring,
    author: &'static Person,
    title: &'static str,
    ago: i64,
) -> ScenarioStep {
    ScenarioStep {
        service,
        ring,
        build: 0,
        kind: Kind::Edited { author, title },
        ago,
        outcome: Lives,
        style: Style::Edit,
    }
}

const fn m(minutes: i64) -> i64 {
    minutes * 60
}
const fn h(hours: i64) -> i64 {
    hours * 3_600
}
const fn d(days: i64) -> i64 {
    days * 86_400
}

/// Images tagged by their build have no version.
const NONE: &str = "";

static SCRIPT: &[ScenarioStep] = &[
    // Now: queued, building, releasing, publishing.
    built(&QUIZ_IMPORT, &DEV, (6885, "3.0.0-rc.3", &JO, "Accept sheets with a byte order mark"), 20, Lives).ring_late(),
    built(&API, &DEV, (6883, "1.44.0-dev.13", &MARA, "Cache the question list per tenant"), m(2), Lives),
    built(&CLIENT, &NEW_SCORING, (6881, NONE, &PRIYA, "Animate the score when it doubles"), m(3), Lives),
    built(&AUTH, &DEV, (6879, NONE, &BOT, "Bump jsonwebtoken from 9.0.2 to 9.0.3"), 312, Lives),
    built(&CLIENT, &DEV, (6877, NONE, &TOMAS, "Show the timer while a question loads"), 360, Lives),
    // The last hours.
    built(&API, &DEV, (6873, "1.44.0-dev.12", &MARA, "Do not count an answer twice"), 720, Lives),
    promoted(&CLIENT, 6859, m(27) + 30, Waits(Some(m(34)))),
    built(&API, &SECURITY_FIX, (6869, "1.42.3-cve.1", &JO, "Check the token's audience (CVE-2026-1044)"), m(34), Lives),
    promoted(&AUTH, 6863, m(37), Fails(Step::Release)),
    staged(&CLIENT, 6859, m(44), Lives),
    staged(&AUTH, 6863, m(45), Lives),
    built(
        &LEADERBOARD,
        &NEW_SCORING,
        (6867, "0.32.0-scoring.4", &KEN, "Round halves up"),
        m(49),
        Fails(Step::Manifest),
    ),
    built(&AUTH, &DEV, (6863, NONE, &INES, "Keep the session when the network changes"), m(58), Lives),
    built(&CLIENT, &DEV, (6859, NONE, &PRIYA, "Explain why a quiz cannot start"), m(70), Lives),
    built(&API, &DEV, (6857, "1.44.0-dev.11", &TOMAS, "Log the tenant with every request"), h(2), Lives),
    built(&API, &DEV, (6853, "1.44.0-dev.10", &TOMAS, "Log the tenant"), h(3), Fails(Step::Build)),
    built(&AUTH, &DEV, (6851, NONE, &BOT, "Bump axios from 1.12.0 to 1.12.2"), h(4), Cancels(Step::Build)),
    built(&LEADERBOARD, &NEW_SCORING, (6849, "0.32.0-scoring.3", &KEN, "Score by speed"), h(5), Lives),
    promoted(&CLIENT, 6841, h(6) + m(20), Waits(Some(m(14)))),
    built(&CLIENT, &DEV, (6847, NONE, &PRIYA, "Keep the lobby's scroll position"), h(7), Lives),
    staged(&CLIENT, 6841, h(8), Lives),
    built(&API, &DEV, (6845, "1.44.0-dev.9", &MARA, "Return 404 for a closed room"), h(9), Lives),
    built(&CLIENT, &DEV, (6841, NONE, &TOMAS, "Translate the error page"), h(10), Lives),
    staged(&API, 6837, h(11) + m(40), Lives),
    built(&API, &PRODUCTION, (6837, "1.43.0", &KEN, "Release 1.43.0"), h(12) + m(6), Waits(None)),
    // Yesterday.
    built(&API, &DEV, (6835, "1.44.0-dev.8", &ANA, "Revert \"Sort categories by name\""), h(15), Lives),
    built(&CLIENT, &NEW_SCORING, (6833, NONE, &PRIYA, "Draw the new score board"), h(19), Lives),
    promoted(&CLIENT, 6825, h(22), Abandoned(h(2))),
    built(&CLIENT, &DEV, (6831, NONE, &TOMAS, "Try the beta of the router"), h(25), Stops(Step::Build)),
    built(&API, &DEV, (6829, "1.44.0-dev.7", &ANA, "Sort categories by name"), h(27), Lives),
    built(&QUIZ_IMPORT, &SECURITY_FIX, (6827, "2.7.9-cve.1", &JO, "Limit the size of archives"), h(28), Lives),
    // A rollback: 0.31.0 went out, and 0.30.5 once more.
    promoted(&LEADERBOARD, 6765, h(29), Lives),
    promoted(&LEADERBOARD, 6813, h(30), Lives),
    built(&CLIENT, &DEV, (6825, NONE, &PRIYA, "Preload the next question's picture"), h(31), Lives),
    built(&API, &DEV, (6823, "1.44.0-dev.6", &MARA, "Read the upload limit from the settings"), h(44), Lives),
    staged(&LEADERBOARD, 6813, h(45), Lives),
    // This week.
    built(&AUTH, &DEV, (6819, NONE, &INES, "Rotate keys every week"), h(46), Stops(Step::Release)),
    staged(&API, 6817, d(2) - h(1), Lives),
    built(&API, &PRODUCTION, (6817, "1.42.3", &ANA, "Release 1.42.3"), d(2), Lives),
    built(&API, &DEV, (6815, "1.44.0-dev.5", &TOMAS, "Speed up the first page"), d(2) + h(5), Lives),
    built(&LEADERBOARD, &DEV, (6813, "0.31.0", &KEN, "Fix the order of equal scores"), d(2) + h(6), Lives),
    promoted(&AUTH, 6797, d(3), Lives),
    built(&API, &DEV, (6811, "1.44.0-dev.4", &MARA, "Use the tenant's time zone"), d(3) + h(2), Lives),
    edited(None, &DEV, &KEN, "Raise the memory limit of every pod", d(3) + h(3)),
    built(&API, &DEV, (6807, "1.44.0-dev.3", &ANA, "Use the tenant's locale"), d(3) + h(4), Fails(Step::Manifest)),
    staged(&AUTH, 6797, d(3) + h(20), Lives),
    built(&AUTH, &DEV, (6797, NONE, &INES, "Refuse tokens without an issuer"), d(4), Lives),
    promoted(&CLIENT, 6793, d(4) + h(1), Lives),
    built(&CLIENT, &DEV, (6793, NONE, &PRIYA, "Let hosts pause a round"), d(4) + h(6), Lives),
    staged(&QUIZ_IMPORT, 6789, d(4) + h(20), Fails(Step::Manifest)),
    built(&QUIZ_IMPORT, &DEV, (6789, "3.0.0-rc.2", &JO, "Retry when the sheet is locked"), d(5), Lives),
    built(&API, &DEV, (6785, "1.44.0-dev.2", &MARA, "Wait for the cache before answering"), d(5) + h(3), Lives),
    built(&QUIZ_IMPORT, &DEV, (6781, "3.0.0-rc.1", &JO, "Import from spreadsheets"), d(6), Cancels(Step::Release)),
    built(&API, &PRODUCTION, (6777, "1.42.2", &ANA, "Release 1.42.2"), d(6) + h(4), Lives),
    promoted(&LEADERBOARD, 6765, d(8) + h(2), Lives),
    staged(&LEADERBOARD, 6765, d(8) + h(4), Lives),
    built(&LEADERBOARD, &DEV, (6765, "0.30.5", &KEN, "Cache the top hundred"), d(8) + h(8), Lives),
    built(&CLIENT, &DEV, (6761, NONE, &TOMAS, "Remove the old lobby"), d(9), Fails(Step::Release)),
    promoted(&LEADERBOARD, 6747, d(9) + h(2), Lives),
    // What Bedrock's own pipelines wrote, before the capture was set up.
    built(&LEADERBOARD, &DEV, (6747, "0.30.4", &MARA, "Do not show retired players"), d(11), Lives).bare(),
    edited(Some(&TRAEFIK), &STAGING, &KEN, "Update traefik to 2.11.3", d(11) + h(1)),
    edited(Some(&TRAEFIK), &DEV, &KEN, "Update traefik to 2.11.4", d(12)),
    built(&API, &PRODUCTION, (6741, "1.42.1", &ANA, ""), d(13), Lives).bare(),
    built(&CLIENT, &DEV, (6737, NONE, &PRIYA, ""), d(13) + h(4), Lives).bare(),
    built(&AUTH, &DEV, (6733, NONE, &INES, ""), d(14), Lives).vague(),
    built(&API, &DEV, (6731, "1.43.0-dev.9", &MARA, ""), d(14) + h(7), Lives).bare(),
    built(&API, &DEV, (6727, "1.43.0-dev.8", &TOMAS, ""), d(16), Stops(Step::Build)).bare(),
    promoted(&AUTH, 6719, d(17), Lives).bare(),
    built(&AUTH, &DEV, (6719, NONE, &INES, ""), d(18), Lives).bare(),
    built(&QUIZ_IMPORT, &DEV, (6711, "2.8.0-rc.1", &JO, ""), d(21), Lives).vague(),
    built(&CLIENT, &DEV, (6707, NONE, &PRIYA, ""), d(24), Lives).bare(),
    edited(Some(&TRAEFIK), &DEV, &INES, "Update traefik to 2.11.3", d(28)),
    built(&QUIZ_IMPORT, &PRODUCTION, (6699, "2.7.9", &ANA, ""), d(31), Lives).vague(),
    built(&QUIZ_IMPORT, &PRODUCTION, (6687, "2.7.8", &ANA, ""), d(38), Lives).bare(),
    edited(Some(&TRAEFIK), &PRODUCTION, &KEN, "Update traefik to 2.11.2", d(40)),
    edited(Some(&TRAEFIK), &DEV, &KEN, "Update traefik to 2.11.2", d(41)),
];

/// The script as plans, newest first.
pub(super) fn plans() -> Vec<Plan> {
    SCRIPT.iter().enumerate().map(|(place, line)| plan(place, line)).collect()
}

fn plan(place: usize, line: &ScenarioStep) -> Plan {
    // A promotion shares the build of the line that made its image.
    let is_origin = |l: &&ScenarioStep| {
        matches!(l.kind, Kind::Built { .. }) && l.build == line.build && same(l.service, line.service)
    };
    let origin = SCRIPT.iter().find(is_origin).filter(|_| line.build > 0).unwrap_or(line);
    let source = mix(u64::from(origin.build).wrapping_add(7_000));
    let first = Timeline::new(source, -origin.ago, Cause::Commit, false, Lives);
    let seed = mix(source ^ place as u64);
    let (version, author, message) = match origin.kind {
        Kind::Built { version, author, message } => (version, author, message),
        Kind::Edited { author, title } => (NONE, author, title),
        Kind::Promoted => (NONE, &BOT, NONE),
    };
    let (seed, cause) = match (line.kind, first.build) {
        (Kind::Edited { .. }, _) => (mix(place as u64), Cause::Edit),
        (Kind::Promoted, Some(run)) => (seed, Cause::Image(run)),
        // The build's pace comes from the source, here and in the line that promotes it.
        _ => (source, Cause::Commit),
    };
    let is_trunk = line.service.is_some_and(|s| s.trunk) && matches!(origin.ring.name, "dev" | "master");
    Plan {
        seed,
        source,
        number: NEWEST.saturating_sub(place as u32),
        build: line.build,
        service: line.service,
        ring: line.ring,
        branch: if is_trunk { PRODUCTION.branch } else { origin.ring.branch },
        version: Version::Text(if line.service.is_some_and(|s| s.tags == Tags::Versions) { version } else { NONE }),
        message,
        author,
        approver: approver(author, seed),
        style: line.style,
        timeline: Timeline::new(seed, -line.ago, cause, line.ring.needs_approval, line.outcome),
    }
}

/// The number of the newest deployment.
const NEWEST: u32 = 3_443;

fn same(a: Option<&Service>, b: Option<&Service>) -> bool {
    a.map(|s| s.name) == b.map(|s| s.name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_newest_comes_first() {
        assert!(SCRIPT.is_sorted_by_key(|line| line.ago));
        assert!((60..=80).contains(&SCRIPT.len()), "{}", SCRIPT.len());
    }

    #[test]
    fn builds_are_numbered_in_their_order() {
        let builds: Vec<u32> =
            SCRIPT.iter().filter(|l| matches!(l.kind, Kind::Built { .. })).map(|l| l.build).collect();
        assert!(builds.is_sorted_by(|a, b| a > b), "{builds:?}");
    }

    #[test]
    fn a_build_makes_one_image_and_promotions_come_after_it() {
        let mut images = HashSet::new();
        for line in SCRIPT {
            match line.kind {
                Kind::Built { .. } => assert!(images.insert(line.build) && line.build % 2 == 1, "{}", line.build),
                Kind::Promoted => assert!(
                    SCRIPT
                        .iter()
                        .any(|l| l.build == line.build && l.ago > line.ago + 600 && same(l.service, line.service)),
                    "{}",
                    line.build
                ),
                Kind::Edited { .. } => {}
            }
        }
    }

    #[test]
    fn a_promotion_is_of_the_same_image() {
        let plans = plans();
        let rings: Vec<_> = plans.iter().filter(|p| p.build == 6813).collect();
        assert_eq!(rings.iter().map(|p| p.ring.name).collect::<Vec<_>>(), ["master", "staging", "dev"]);
        assert_eq!(rings[0].timeline.build.map(|r| r.ended), rings[1].timeline.build.map(|r| r.ended));
        assert_eq!(rings[0].source, rings[1].source);
        assert_ne!(rings[0].manifest(), rings[1].manifest());
    }
}
