//! Which ring a row means, what it is called, and where it stands in the order of promotion.

use rustc_hash::FxHashMap;

use crate::{
    config::RingRule,
    model::{
        fold::fold,
        order::sorted_by,
        symbols::{RingSym, Symbols, compare},
    },
};

/// What a ring is for. Configured rings need no guess, but a role distinguishes feature rings from the way to
/// production.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RingRole {
    /// Where changes come first.
    Development,
    /// Test and quality assurance.
    Test,
    /// The rehearsal.
    Staging,
    /// A part of production.
    Canary,
    /// Production.
    Production,
    /// A ring of one branch.
    Feature,
}

impl RingRole {
    /// Guesses by the name's first word: `prod-east` and `dev2`, but not `dev-login-page-rewrite`.
    #[must_use]
    pub fn guess(name: &str) -> Self {
        let name = fold(name);
        let words: Vec<&str> = name.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
        let (Some(first), 1..=2) = (words.first(), words.len()) else { return Self::Feature };
        match *first {
            "dev" | "develop" | "development" | "integration" | "int" => Self::Development,
            "test" | "testing" | "qa" | "quality" => Self::Test,
            "staging" | "stage" | "stg" | "uat" | "preprod" | "pre" | "acceptance" => Self::Staging,
            "canary" | "preview" | "pilot" => Self::Canary,
            "prod" | "production" | "main" | "master" | "live" => Self::Production,
            _ => Self::Feature,
        }
    }
}

#[derive(Clone, Debug)]
struct Rule {
    ring: RingSym,
    title: Option<Box<str>>,
    branches: Vec<Box<str>>,
}

/// All rings: those of the configuration, in its order, and those that rows name.
#[derive(Debug, Default)]
pub struct RingNames {
    rings: Symbols,
    rules: Vec<Rule>,
    /// Folded name, alias or title to ring.
    known: FxHashMap<Box<str>, RingSym>,
    /// Folded branch to ring.
    by_branch: FxHashMap<Box<str>, RingSym>,
}

impl RingNames {
    /// The rings of the configuration.
    #[must_use]
    pub fn new(rules: &[RingRule]) -> Self {
        let mut names = Self { rings: Symbols::folding(), ..Self::default() };
        for rule in rules {
            let ring = names.rings.intern(rule.name.as_str()).into();
            for name in rule.aliases.iter().chain(&rule.title).map(|n| &**n).chain([rule.name.as_str()]) {
                names.known.insert(fold(name).into(), ring);
            }
            for branch in &rule.branches {
                names.by_branch.entry(fold(branch).into()).or_insert(ring);
            }
            names.rules.push(Rule { ring, title: rule.title.clone(), branches: rule.branches.clone() });
        }
        names
    }

    /// The ring that a row's `env` names, known from now on.
    pub fn resolve(&mut self, env: &str) -> RingSym {
        if env.is_empty() {
            return RingSym::NONE;
        }
        match self.known.get(&*fold(env)) {
            Some(&ring) => ring,
            None => self.rings.intern(env).into(),
        }
    }

    /// The ring of that name, alias or title.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<RingSym> {
        self.known.get(&*fold(name)).copied().or_else(|| self.rings.find(name).map(Into::into))
    }

    /// The ring that the configuration gives to a branch.
    #[must_use]
    pub fn of_branch(&self, branch: &str) -> RingSym {
        if branch.is_empty() {
            RingSym::NONE
        } else {
            self.by_branch.get(&*fold(branch)).copied().unwrap_or(RingSym::NONE)
        }
    }

    /// Its name, as hooks and the URL have it.
    #[must_use]
    pub fn name(&self, ring: RingSym) -> &str {
        self.rings.text(ring.into())
    }

    /// Its name in lower case.
    #[must_use]
    pub fn folded(&self, ring: RingSym) -> &str {
        self.rings.folded(ring.into())
    }

    /// What people call it.
    #[must_use]
    pub fn title(&self, ring: RingSym) -> &str {
        self.rule(ring).and_then(|r| r.title.as_deref()).unwrap_or_else(|| self.name(ring))
    }

    /// The branches that the configuration gives it.
    #[must_use]
    pub fn branches(&self, ring: RingSym) -> &[Box<str>] {
        self.rule(ring).map_or(&[], |r| &r.branches)
    }

    fn rule(&self, ring: RingSym) -> Option<&Rule> {
        self.rules.iter().find(|r| r.ring == ring)
    }

    /// Whether the configuration names it.
    #[must_use]
    pub fn is_configured(&self, ring: RingSym) -> bool {
        self.rule(ring).is_some()
    }

    /// What it is for. A configured ring is on the way to production unless it has a name of production.
    #[must_use]
    pub fn role(&self, ring: RingSym) -> RingRole {
        match RingRole::guess(self.name(ring)) {
            RingRole::Feature if self.is_configured(ring) => RingRole::Test,
            role => role,
        }
    }

    /// All rings.
    pub fn all(&self) -> impl Iterator<Item = RingSym> {
        self.rings.all().map(Into::into)
    }

    /// The length of a table indexed by rings, no ring included.
    #[must_use]
    pub fn table_len(&self) -> usize {
        self.rings.table_len()
    }

    /// Grows whenever a ring comes, goes or is called otherwise.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.rings.version()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rings.is_empty()
    }

    /// Whether so many have come since some were last forgotten that it is worth a look.
    pub(in crate::model) const fn may_forget(&self) -> bool {
        self.rings.may_forget()
    }

    /// Forgets all rings but those that are used and those of the configuration.
    pub(in crate::model) fn keep(&mut self, mut used: Vec<bool>) {
        for ring in self.known.values().chain(self.by_branch.values()) {
            if let Some(used) = ring.of_mut(&mut used) {
                *used = true;
            }
        }
        self.rings.keep(&used);
    }

    /// Brings rings into promotion order: the configured ones as configured, others by their names.
    // Of its own, so that the modules of the site share it.
    #[inline(never)]
    pub fn sort(&self, rings: &mut Vec<RingSym>) {
        let place = |&ring: &RingSym| {
            let (role, rule) = (self.role(ring), self.rules.iter().position(|r| r.ring == ring));
            (role == RingRole::Feature, rule.unwrap_or(self.rules.len()), role)
        };
        let placed: Vec<_> = rings.iter().map(|ring| (place(ring), *ring)).collect();
        let sorted = sorted_by(&placed, |(a_place, a), (b_place, b)| {
            a_place.cmp(b_place).then_with(|| compare(self.folded(*a), self.folded(*b)))
        });
        *rings = sorted.into_iter().map(|(_, ring)| ring).collect();
    }

    /// For each ring its place in promotion order; no ring comes last.
    #[must_use]
    pub fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<RingSym> = self.all().collect();
        self.sort(&mut order);
        let mut ranks = vec![order.len() as u32; self.table_len()];
        for (rank, ring) in order.into_iter().enumerate() {
            if let Some(slot) = ring.of_mut(&mut ranks) {
                *slot = rank as u32;
            }
        }
        ranks
    }
}
