//! Who may ask, how often, and what a page of another origin gets to see.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{
    call::{Answer, Call},
    world::{Forge, Millis},
};

const HOUR: Millis = 3_600_000;

/// What a token must be allowed for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Read {
    Runs,
    Releases,
    Commits,
    PullRequests,
    /// GitHub only: elsewhere whoever may read commits may read these.
    Statuses,
    /// GitHub only.
    Deployments,
}

impl Read {
    pub(crate) const ALL: [Self; 6] =
        [Self::Runs, Self::Releases, Self::Commits, Self::PullRequests, Self::Statuses, Self::Deployments];

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "runs" => Self::Runs,
            "releases" => Self::Releases,
            "commits" => Self::Commits,
            "pull-requests" => Self::PullRequests,
            "statuses" => Self::Statuses,
            "deployments" => Self::Deployments,
            _ => return None,
        })
    }
}

/// A token that a forge accepts.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) forge: Forge,
    pub(crate) text: String,
    pub(crate) reads: Vec<Read>,
}

/// Who asks.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Caller {
    Nobody,
    /// With a token that the forge does not know, or no longer.
    Stranger,
    Known {
        token: String,
        reads: Vec<Read>,
    },
}

impl Caller {
    pub(crate) fn may(&self, read: Read) -> bool {
        match self {
            Self::Nobody => true,
            Self::Stranger => false,
            Self::Known { reads, .. } => reads.contains(&read),
        }
    }
}

/// How many requests of an hour are used up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    pub(crate) limit: u32,
    pub(crate) used: u32,
    pub(crate) reset: Millis,
}

impl Budget {
    pub(crate) const fn remaining(&self) -> u32 {
        self.limit.saturating_sub(self.used)
    }
}

/// The state of all forges' doors.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    pub(crate) tokens: Vec<Token>,
    /// Requests an hour that GitHub grants without a token, and with one.
    pub(crate) github_limits: (u32, u32),
    /// Calls that the real service would not have understood.
    pub(crate) violations: Vec<String>,
    counts: BTreeMap<Forge, u64>,
    budgets: BTreeMap<(Forge, String), Budget>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            tokens: Vec::new(),
            github_limits: (60, 5000),
            violations: Vec::new(),
            counts: BTreeMap::new(),
            budgets: BTreeMap::new(),
        }
    }
}

impl Gate {
    /// Makes a token known that may read everything.
    pub(crate) fn admit(&mut self, forge: Forge, text: &str) {
        self.admit_for(forge, text, &Read::ALL);
    }

    /// Makes a token known, with what it may read and nothing else.
    pub(crate) fn admit_for(&mut self, forge: Forge, text: &str, reads: &[Read]) {
        self.tokens.retain(|t| t.forge != forge || t.text != text);
        self.tokens.push(Token { forge, text: text.to_owned(), reads: reads.to_vec() });
    }

    /// How many calls there were, preflights among them.
    pub(crate) fn calls(&self, forge: Forge) -> u64 {
        self.counts.get(&forge).copied().unwrap_or_default()
    }

    pub(crate) fn count(&mut self, forge: Forge) {
        *self.counts.entry(forge).or_default() += 1;
    }

    pub(crate) fn violation(&mut self, call: &Call, why: &str) {
        self.violations.push(format!("{}: {why}", call.line()));
    }

    /// Checks that every parameter is one that the service documents.
    pub(crate) fn has_known_params(&mut self, call: &Call, known: &[&str]) -> bool {
        let strange = call.query.iter().find(|(name, _)| !known.contains(&name.as_str())).cloned();
        if let Some((name, _)) = &strange {
            self.violation(call, &format!("there is no parameter {name}"));
        }
        strange.is_none()
    }

    pub(crate) fn caller(&self, forge: Forge, call: &Call) -> Caller {
        let authorization = call.header_value("authorization");
        let bearer = || authorization?.strip_prefix("Bearer ").map(str::to_owned);
        let basic = || {
            let bytes = BASE64_STANDARD.decode(authorization?.strip_prefix("Basic ")?).ok()?;
            String::from_utf8(bytes).ok()?.split_once(':').map(|(_, password)| password.to_owned())
        };
        let private = || call.header_value("private-token").map(str::to_owned);
        let token = match forge {
            Forge::AzureDevOps => basic().or_else(bearer),
            Forge::GitHub => bearer(),
            Forge::GitLab => private().or_else(bearer),
        };
        let Some(token) = token else {
            return if authorization.is_some() { Caller::Stranger } else { Caller::Nobody };
        };
        let known = self.tokens.iter().find(|t| t.forge == forge && t.text == token);
        known.map_or(Caller::Stranger, |t| Caller::Known { token, reads: t.reads.clone() })
    }

    /// What the caller has left of this hour.
    pub(crate) fn budget(&mut self, forge: Forge, caller: &Caller, now: Millis) -> &mut Budget {
        let (anonymous, known) = self.github_limits;
        let (name, limit) = match caller {
            Caller::Known { token, .. } => (token.clone(), known),
            Caller::Nobody | Caller::Stranger => (String::new(), anonymous),
        };
        let fresh = Budget { limit, used: 0, reset: now + HOUR };
        let budget = self.budgets.entry((forge, name)).or_insert(fresh);
        if budget.reset <= now {
            *budget = fresh;
        }
        budget.limit = limit;
        budget
    }
}

/// The headers that a page may send: what each service's answer to a preflight allows.
const fn may_send(forge: Forge) -> &'static str {
    match forge {
        Forge::AzureDevOps => "authorization, content-type, accept, x-tfs-fedauthredirect, x-vss-e2eid",
        Forge::GitHub => {
            "Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, \
             Accept-Encoding, X-GitHub-OTP, X-Requested-With, User-Agent, GraphQL-Features, \
             X-Github-Next-Global-ID, X-GitHub-Api-Version, X-Fetch-Nonce"
        }
        Forge::GitLab => "authorization,private-token,content-type,if-none-match",
    }
}

/// The headers that a page may read. Of Azure DevOps' none that helps.
const fn may_see(forge: Forge) -> &'static str {
    match forge {
        Forge::AzureDevOps => "Request-Context",
        Forge::GitHub => {
            "ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, \
             X-RateLimit-Used, X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, \
             X-Poll-Interval, X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset"
        }
        Forge::GitLab => "ETag, Link, X-Total, X-Total-Pages, X-Per-Page, X-Page, X-Next-Page, X-Prev-Page",
    }
}

/// The answer to a browser that asks whether a page may ask.
pub(crate) fn preflight(forge: Forge, call: &Call, gate: &mut Gate) -> Answer {
    let wanted = call.header_value("access-control-request-headers").unwrap_or_default().to_ascii_lowercase();
    let allowed = may_send(forge).to_ascii_lowercase();
    for name in wanted.split(',').map(str::trim).filter(|n| !n.is_empty()) {
        if !allowed.split(',').any(|a| a.trim() == name) {
            gate.violation(call, &format!("a page may not send the header {name}"));
        }
    }
    let (status, methods, age) = match forge {
        Forge::AzureDevOps => (200, "OPTIONS,GET,POST,PATCH,PUT,DELETE", "3600"),
        Forge::GitHub => (204, "GET, POST, PATCH, PUT, DELETE", "86400"),
        Forge::GitLab => (200, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS", "7200"),
    };
    let answer = Answer { status, headers: Vec::new(), body: String::new(), is_readable: true };
    answer
        .header("access-control-allow-origin", "*")
        .header("access-control-allow-methods", methods)
        .header("access-control-allow-headers", may_send(forge))
        .header("access-control-max-age", age)
}

/// The answer with the headers that show it to pages of other origins, if it is shown to them.
pub(crate) fn shown(forge: Forge, answer: Answer) -> Answer {
    if !answer.is_readable {
        return answer;
    }
    answer.header("access-control-allow-origin", "*").header("access-control-expose-headers", may_see(forge))
}
