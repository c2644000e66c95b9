//! Who and what the sample describes. Nobody and nothing here exists.

use super::mix::pick;

/// A service of the trivia shop.
pub(super) struct Service {
    pub(super) name: &'static str,
    /// The repository of its source, below `contoso/`.
    pub(super) repository: &'static str,
    /// How its images are tagged.
    pub(super) tags: Tags,
    /// Whether everything is built from `main`, for whichever ring.
    pub(super) trunk: bool,
}

/// How a service's images are tagged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tags {
    /// `1.43.0`
    Versions,
    /// `client-main-6881`: branch and build.
    Builds,
    /// It has no image of its own: only its place in the high-level definition is edited.
    None,
}

pub(super) struct Ring {
    /// Its name, as the rows spell it.
    pub(super) name: &'static str,
    /// The branch that is built for it.
    pub(super) branch: &'static str,
    /// Whether a pull request must be merged first.
    pub(super) needs_approval: bool,
}

/// Somebody who works at the shop.
pub(super) struct Person {
    /// Display name.
    pub(super) name: &'static str,
    /// What the e-mail address and the profile begin with.
    pub(super) login: &'static str,
    /// Whether the rows have the e-mail address.
    pub(super) has_email: bool,
    /// Not somebody after all.
    pub(super) is_bot: bool,
}

const fn service(name: &'static str, repository: &'static str, tags: Tags, trunk: bool) -> Service {
    Service { name, repository, tags, trunk }
}

const fn feature(name: &'static str, branch: &'static str) -> Ring {
    Ring { name, branch, needs_approval: false }
}

const fn person(name: &'static str, login: &'static str, has_email: bool) -> Person {
    Person { name, login, has_email, is_bot: false }
}

pub(super) static API: Service = service("api", "trivia", Tags::Versions, false);
pub(super) static CLIENT: Service = service("client", "trivia", Tags::Builds, true);
pub(super) static LEADERBOARD: Service = service("leaderboard", "leaderboard", Tags::Versions, true);
pub(super) static QUIZ_IMPORT: Service = service("quiz-import", "quiz-import", Tags::Versions, false);
pub(super) static AUTH: Service = service("auth", "auth", Tags::Builds, true);
pub(super) static TRAEFIK: Service = service("traefik", "", Tags::None, true);

/// All services; the hand-written sample has the first six, a small generated one too.
pub(super) static SERVICES: [&Service; 24] = [
    &API,
    &CLIENT,
    &LEADERBOARD,
    &QUIZ_IMPORT,
    &AUTH,
    &TRAEFIK,
    &service("rooms", "trivia", Tags::Versions, true),
    &service("scores", "leaderboard", Tags::Builds, true),
    &service("search", "search", Tags::Versions, true),
    &service("billing", "billing", Tags::Versions, false),
    &service("chat", "chat", Tags::Builds, true),
    &service("media", "media", Tags::Builds, true),
    &service("mailer", "mailer", Tags::Versions, true),
    &service("moderation", "moderation", Tags::Versions, false),
    &service("achievements", "leaderboard", Tags::Versions, true),
    &service("avatars", "media", Tags::Builds, true),
    &service("seasons", "trivia", Tags::Versions, true),
    &service("invites", "trivia", Tags::Builds, true),
    &service("reports", "reports", Tags::Versions, true),
    &service("translations", "translations", Tags::Versions, true),
    &service("audit-log", "audit", Tags::Builds, true),
    &service("push-notifications", "mailer", Tags::Versions, true),
    &service("question-bank", "quiz-import", Tags::Versions, false),
    &service("feature-flags", "flags", Tags::Builds, true),
];

pub(super) static DEV: Ring = feature("dev", "develop");
/// Between the two; the hand-written sample alone has it.
pub(super) static STAGING: Ring = feature("staging", "main");
pub(super) static PRODUCTION: Ring = Ring { name: "master", branch: "main", needs_approval: true };
pub(super) static SECURITY_FIX: Ring = feature("security-fix", "fix/cve-2026-1044");
pub(super) static NEW_SCORING: Ring = feature("new-scoring", "feature/new-scoring");

/// All rings; the hand-written sample has the first four, a small generated one too.
pub(super) static RINGS: [&Ring; 12] = [
    &DEV,
    &PRODUCTION,
    &SECURITY_FIX,
    &NEW_SCORING,
    &feature("load-test", "perf/load-test"),
    &feature("team-quiz", "feature/team-quiz"),
    &feature("dark-theme", "feature/dark-theme"),
    &feature("spring-season", "release/spring-season"),
    &feature("postgres-17", "chore/postgres-17"),
    &feature("audio-rounds", "feature/audio-rounds"),
    &feature("partner-preview", "preview/partners"),
    &feature("accessibility", "feature/accessibility"),
];

pub(super) static MARA: Person = person("Mara Lind", "mara.lind", true);
pub(super) static KEN: Person = person("Ken Abe", "ken.abe", true);
pub(super) static ANA: Person = person("Ana Ruiz", "ana.ruiz", true);
pub(super) static JO: Person = person("Jo Okafor", "jo.okafor", true);
pub(super) static PRIYA: Person = person("Priya Nair", "priya.nair", true);
pub(super) static TOMAS: Person = person("Tomáš Dvořák", "tomas.dvorak", false);
pub(super) static INES: Person = person("Inês Holm", "ines.holm", true);
pub(super) static BOT: Person =
    Person { name: "contoso-updates[bot]", login: "contoso-updates", has_email: false, is_bot: true };

pub(super) static PEOPLE: [&Person; 8] = [&MARA, &KEN, &ANA, &JO, &PRIYA, &TOMAS, &INES, &BOT];
static HUMANS: [&Person; 7] = [&MARA, &KEN, &ANA, &JO, &PRIYA, &TOMAS, &INES];

/// Somebody other than the author, to approve of the change.
pub(super) fn approver(author: &Person, seed: u64) -> &'static Person {
    let chosen = pick(&HUMANS, seed, 20, &MARA);
    if chosen.login != author.login {
        return chosen;
    }
    if author.login == MARA.login { &KEN } else { &MARA }
}

/// Messages of commits.
pub(super) static MESSAGES: [&str; 24] = [
    "Cache the question list per tenant",
    "Show the timer while a question loads",
    "Do not count an answer twice",
    "Retry the import when the sheet is locked",
    "Sort categories by name",
    "Log the tenant with every request",
    "Keep the session when the network changes",
    "Round scores half up",
    "Fix the order of equal scores",
    "Read the upload limit from the settings",
    "Remove the old lobby",
    "Return 404 for a closed room",
    "Speed up the first page",
    "Explain why a quiz cannot start",
    "Add the weekly summary",
    "Revert \"Sort categories by name\"",
    "Let hosts pause a round",
    "Wait for the cache before answering",
    "Use the tenant's time zone",
    "Test the import with 10,000 rows",
    "Trim names before comparing them",
    "Close idle connections after a minute",
    "Translate the error page",
    "Update dependencies",
];

/// Messages of manual edits of the high-level definition.
pub(super) static EDITS: [&str; 4] =
    ["Update traefik to 2.11.4", "Raise the memory limit of traefik", "Add a second replica", "Renew the TLS issuer"];
