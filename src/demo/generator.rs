//! Any number of deployments, each made up from its index when it is asked for: to try the page with a
//! busy team's years. Index 0 is the newest.

use super::{
    fixtures::{DEV, EDITS, MARA, MESSAGES, PEOPLE, PRODUCTION, RINGS, Ring, SERVICES, Service, Tags, approver},
    mix::{below, mix, pick},
    row::{Plan, Style},
    tag::Version,
    timeline::{Cause, Outcome, Run, Step, Timeline},
};

/// From so many deployments on there are many services and rings.
const MANY: u32 = 5_000;
/// One deployment follows another after nine minutes, ...
const EVERY: i64 = 540;
/// ... but the newest come thick, so that something is under way: so many of them, ...
const THICK: u32 = 24;
/// ... each after so many seconds.
const EVERY_THICK: i64 = 25;
/// Among so many of the newest some wait for their approval.
const WAITING: u32 = 120;
/// Older ones may have been written by Bedrock's pipelines.
const BARE: u32 = 40;
/// Of so many deployments ...
const ROUND: u32 = 6;
/// ... this one goes to production, ...
const PROMOTION: u32 = 3;
/// ... with the image that the dev ring got so many deployments earlier, always in this place of its round ...
const LATER: u32 = ROUND * 16 + 1;
const PROMOTED: u32 = PROMOTION + 1;
/// ... and this one to a feature ring. All others go to the dev ring.
const FEATURE: u32 = 5;

/// So many deployments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Generator {
    pub(super) count: u32,
}

/// What decides how a deployment goes.
struct Lot {
    seed: u64,
    /// The deployment whose build made the image, and its seed.
    origin: u32,
    image: u64,
    ring: &'static Ring,
    service: &'static Service,
    outcome: Outcome,
    style: Style,
}

impl Generator {
    /// The deployment with that index.
    pub(super) fn plan(self, index: u32) -> Plan {
        let lot = self.lot(index);
        let Lot { seed, origin, image, ring, service, outcome: _, style } = lot;
        let built = self.count.saturating_sub(origin);
        let author = pick(&PEOPLE, image, 10, &MARA);
        let messages: &[&str] = if style == Style::Edit { &EDITS } else { &MESSAGES };
        let is_common = service.trunk && (ring.needs_approval || ring.name == DEV.name);
        let branch = match (is_common, origin == index) {
            (true, _) => PRODUCTION.branch,
            (false, true) => ring.branch,
            (false, false) => DEV.branch,
        };
        Plan {
            seed,
            source: image,
            number: FIRST + self.count.saturating_sub(index),
            build: (FIRST + built) * 2 + 1,
            service: Some(service),
            ring,
            branch,
            version: Version::Count(built),
            message: pick(messages, image, 11, ""),
            author,
            approver: approver(author, seed),
            style,
            timeline: lot.timeline(index),
        }
    }

    /// When the row of that index changed last, if it does not change any more. The same as its plan shows,
    /// without making up the rest: a filter of time asks it of every row there is.
    pub(super) fn settled(self, index: u32) -> Option<i64> {
        let lot = (index >= WAITING).then(|| self.lot(index))?;
        Some(lot.timeline(index).last_change(0, lot.style.is_bare()))
    }

    fn lot(self, index: u32) -> Lot {
        let seed = self::seed(index);
        let is_promotion = index % ROUND == PROMOTION;
        let origin = if is_promotion && index + LATER < self.count { index + LATER } else { index };
        let image = if origin == index { seed } else { self::seed(origin) };
        let ring = if is_promotion { &PRODUCTION } else { self.ring(index, seed) };
        let service = self.service(ring, image, origin != index);
        let outcome = outcome(index, seed, ring, service.tags == Tags::None);
        Lot { seed, origin, image, ring, service, outcome, style: style(index, seed, service, ring, outcome) }
    }

    fn ring(self, index: u32, seed: u64) -> &'static Ring {
        let features = if self.count >= MANY { RINGS.get(2..) } else { RINGS.get(2..4) }.unwrap_or_default();
        if index % ROUND == FEATURE { pick(features, seed, 12, &DEV) } else { &DEV }
    }

    /// Some services change more often than others, and a feature ring holds only a few.
    fn service(self, ring: &Ring, image: u64, is_promoted: bool) -> &'static Service {
        let many = if self.count >= MANY { SERVICES.len() } else { 6 } as u64;
        let often = below(image, 13, many).min(below(image, 14, many + 2));
        let is_feature = !is_promoted && !matches!(ring.name, "dev" | "master");
        let place = if is_feature { (ring.name.len() as u64 * 5 + below(image, 15, 3)) % many } else { often };
        SERVICES.get(place as usize).map_or(&super::fixtures::API, |service| service)
    }
}

impl Lot {
    fn timeline(&self, index: u32) -> Timeline {
        let promoted = if self.origin == index { None } else { build(self.origin, self.image) };
        let cause = match self.style {
            Style::Edit => Cause::Edit,
            _ => promoted.map_or(Cause::Commit, Cause::Image),
        };
        Timeline::new(self.seed, -age(index, self.seed), cause, self.ring.needs_approval, self.outcome)
    }
}

fn seed(index: u32) -> u64 {
    mix(u64::from(index) ^ 0x5EED_0000_0000)
}

/// Where numbers begin.
const FIRST: u32 = 3_300;

/// How long ago it was set off.
fn age(index: u32, seed: u64) -> i64 {
    let thick = index.min(THICK);
    let jitter = if index < THICK { EVERY_THICK - 5 } else { EVERY - 5 };
    let even = 15 + i64::from(thick) * EVERY_THICK + i64::from(index - thick) * EVERY;
    even + below(seed, 16, jitter as u64) as i64
}

/// The build of a deployment that another one promotes.
fn build(origin: u32, image: u64) -> Option<Run> {
    Timeline::new(image, -age(origin, image), Cause::Commit, false, Outcome::Lives).build
}

fn outcome(index: u32, seed: u64, ring: &Ring, is_edit: bool) -> Outcome {
    let roll = below(seed, 17, 100);
    let hours = 3_600 * (1 + below(seed, 18, 12) as i64);
    if ring.needs_approval {
        return match roll {
            _ if index < WAITING && index / ROUND % 4 == 1 => Outcome::Waits(None),
            0..4 => Outcome::Abandoned(hours),
            4..6 if !is_edit => Outcome::Fails(Step::Release),
            6..9 => Outcome::Fails(Step::Manifest),
            9..24 => Outcome::Waits(Some(hours)),
            _ => Outcome::Lives,
        };
    }
    // What is to be promoted later goes well.
    if is_edit || index % ROUND == PROMOTED {
        return Outcome::Lives;
    }
    match roll {
        0..5 => Outcome::Fails(Step::Build),
        5..7 => Outcome::Fails(Step::Release),
        7..10 => Outcome::Fails(Step::Manifest),
        10..12 => Outcome::Cancels(Step::Build),
        12..14 => Outcome::Stops(Step::Build),
        14..15 => Outcome::Stops(Step::Release),
        _ => Outcome::Lives,
    }
}

fn style(index: u32, seed: u64, service: &Service, ring: &Ring, outcome: Outcome) -> Style {
    if service.tags == Tags::None {
        return Style::Edit;
    }
    // Bedrock's pipelines write of what went well only.
    if index >= BARE && matches!(outcome, Outcome::Lives | Outcome::Stops(_)) && below(seed, 19, 5) == 0 {
        return Style::Bare { vague: below(seed, 21, 6) == 0 };
    }
    // Only where the branch has the ring may the row leave it out.
    Style::Full { ring_late: !service.trunk && ring.name == DEV.name && below(seed, 22, 4) == 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATOR: Generator = Generator { count: 6_000 };

    #[test]
    fn an_image_is_promoted_as_it_is() {
        let promotions = (PROMOTION..2_000).step_by(ROUND as usize);
        for (promotion, origin) in promotions.map(|i| (GENERATOR.plan(i), GENERATOR.plan(i + LATER))) {
            assert_eq!((promotion.ring.name, origin.ring.name), ("master", "dev"));
            assert_eq!((promotion.build, promotion.source), (origin.build, origin.source));
            assert_eq!(promotion.service.map(|s| s.name), origin.service.map(|s| s.name));
            assert_eq!(promotion.branch, origin.branch);
            assert_eq!(promotion.message, origin.message);
            assert_eq!(promotion.timeline.build.map(|r| r.ended), origin.timeline.build.map(|r| r.ended));
            assert!(origin.timeline.published().is_some());
        }
    }

    #[test]
    fn a_higher_index_is_older() {
        let ages: Vec<i64> = (0..5_000).map(|i| age(i, mix(u64::from(i)))).collect();
        assert!(ages.is_sorted_by(|a, b| a < b));
        assert!(ages.first().is_some_and(|&a| a < 60));
    }

    #[test]
    fn what_is_settled_stays() {
        for index in 0..6_000 {
            let plan = GENERATOR.plan(index);
            if let Some(last) = GENERATOR.settled(index) {
                assert_eq!((plan.last_change(0), plan.last_change(i64::MAX)), (last, last), "{index}");
            }
        }
    }

    #[test]
    fn only_the_newest_are_under_way() {
        for index in WAITING..6_000 {
            let timeline = GENERATOR.plan(index).timeline;
            assert!(timeline.approval.is_none_or(|a| a.closed_by(0).is_some()), "{index}");
            let runs = [timeline.build, timeline.release, timeline.manifest];
            assert!(runs.into_iter().flatten().all(|run| run.ended <= 0), "{index}");
        }
    }
}
