//! A sign-in that lasts: which token is asked for when, and what came of it.
//!
//! One exchange is under way at a time, as the refresh token may be another one after each. A service that does not
//! answer ends nothing: the token is used to its end, and asked for again.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    attempt::Attempt,
    exchange::{self, Tokens},
    failure::{Failure, FailureKind},
    provider::Provider,
};
use crate::{
    domain::time::{Timestamp, minutes},
    http::{NetError, Request, Response},
};

/// How long before its end a token is renewed; one that lasts shorter at half of its time.
const BEFORE_END: Duration = minutes(5);
/// After a failure that may pass.
const AGAIN: Duration = Duration::from_secs(30);

/// How it stands with the token of one resource.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Grant {
    /// When the next one is asked for; `None` is never.
    due: Option<Timestamp>,
    /// When the one there is ends.
    ends: Option<Timestamp>,
    failure: Option<Failure>,
}

/// An access token, for all targets of a resource; `None` is none any more.
#[derive(Clone, PartialEq, Eq)]
pub struct Granted {
    /// The resource, by its number.
    pub resource: usize,
    /// The token, and when it ends.
    pub token: Option<(Box<str>, Timestamp)>,
}

/// How it stands, for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// Nobody is signed in; what came of the last attempt.
    SignedOut(Option<Failure>),
    /// A code is being exchanged.
    Busy,
    /// Somebody is: what is wrong with the token of which resource.
    SignedIn(Vec<(usize, Failure)>),
}

/// The session with one provider.
pub struct Session {
    provider: Provider,
    refresh: Option<Box<str>>,
    grants: Vec<Grant>,
    /// The resource whose token is under way.
    in_flight: Option<usize>,
    is_signed_in: bool,
    failure: Option<Failure>,
}

impl Session {
    /// One that goes on, from `now` on, from what the tab kept.
    #[must_use]
    pub fn new(provider: Provider, kept: Option<&str>, now: Timestamp) -> Self {
        let kept: Option<Value> = kept.and_then(|text| serde_json::from_str(text).ok());
        let word = |key: &str| kept.as_ref()?.get(key)?.as_str().map(Into::into);
        let moment = |index: usize| {
            let millis = kept.as_ref()?.get("ends")?.get(index)?.as_i64();
            millis.map(Timestamp::from_millis)
        };
        let grants = (0..provider.resources.len()).map(|index| {
            let ends = moment(index);
            // What begun is not known any more: five minutes before the end it is.
            let due = kept.as_ref().map(|_| ends.map_or(now, |ends| ends - BEFORE_END));
            Grant { due, ends, failure: None }
        });
        let grants = grants.collect();
        Self {
            refresh: word("refresh"),
            is_signed_in: kept.is_some(),
            provider,
            grants,
            in_flight: None,
            failure: None,
        }
    }

    /// Who signs in.
    #[must_use]
    pub const fn provider(&self) -> &Provider {
        &self.provider
    }

    /// What the tab keeps; `None` is nothing.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        let ends: Vec<Option<i64>> = self.grants.iter().map(|grant| grant.ends.map(Timestamp::millis)).collect();
        self.is_signed_in.then(|| json!({ "refresh": self.refresh.as_deref(), "ends": ends }).to_string())
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> State {
        if self.is_signed_in {
            let failed =
                self.grants.iter().enumerate().filter_map(|(index, grant)| Some((index, grant.failure.clone()?)));
            return State::SignedIn(failed.collect());
        }
        if self.in_flight.is_some() { State::Busy } else { State::SignedOut(self.failure.clone()) }
    }

    /// Exchanges the code that an attempt brought.
    pub fn redeem(&mut self, attempt: &Attempt, code: &str, redirect: &str) -> Option<Request> {
        let resource = self.provider.resources.first()?;
        let request = exchange::redeem(&self.provider, resource, code, &attempt.verifier, redirect);
        (self.in_flight, self.is_signed_in, self.failure) = (Some(0), false, None);
        Some(request)
    }

    /// The attempt failed.
    pub fn refused(&mut self, failure: Failure) {
        self.failure = Some(failure);
    }

    /// Has every token asked for anew: somebody took away what stood in the place of one.
    pub fn request_again(&mut self, now: Timestamp) {
        let can_renew = self.refresh.is_some();
        self.grants.iter_mut().for_each(|grant| grant.due = can_renew.then_some(now));
    }

    /// Forgets everything, and takes the tokens back.
    pub fn sign_out(&mut self) -> Vec<Granted> {
        self.end(None)
    }

    fn end(&mut self, failure: Option<Failure>) -> Vec<Granted> {
        self.grants.iter_mut().for_each(|grant| *grant = Grant::default());
        (self.refresh, self.is_signed_in, self.in_flight, self.failure) = (None, false, None, failure);
        (0..self.grants.len()).map(|resource| Granted { resource, token: None }).collect()
    }

    /// The next exchange that is due.
    pub fn poll(&mut self, now: Timestamp) -> Option<Request> {
        if !self.is_signed_in || self.in_flight.is_some() {
            return None;
        }
        let due = self.grants.iter().position(|grant| grant.due.is_some_and(|at| at <= now))?;
        let resource = self.provider.resources.get(due)?;
        let request = exchange::renew(&self.provider, resource, self.refresh.as_deref()?);
        self.in_flight = Some(due);
        Some(request)
    }

    /// Takes in the answer to an exchange. What came too late, after a sign-out, is left alone.
    pub fn apply(&mut self, answer: Result<Response, NetError>, now: Timestamp) -> Vec<Granted> {
        let Some(resource) = self.in_flight.take() else { return Vec::new() };
        match exchange::read(answer) {
            Ok(tokens) => vec![self.granted(resource, tokens, now)],
            Err(failure) => self.failed(resource, failure, now),
        }
    }

    fn granted(&mut self, resource: usize, tokens: Tokens, now: Timestamp) -> Granted {
        if !std::mem::replace(&mut self.is_signed_in, true) {
            // The others are asked for at once.
            self.grants.iter_mut().for_each(|grant| grant.due = Some(now));
        }
        let ends = now + tokens.lasts;
        self.refresh = tokens.refresh.or_else(|| self.refresh.take());
        let due = (ends - BEFORE_END).max(now + tokens.lasts / 2);
        let can_renew = self.refresh.is_some();
        if !can_renew {
            self.grants.iter_mut().for_each(|grant| grant.due = None);
        }
        if let Some(grant) = self.grants.get_mut(resource) {
            *grant = Grant { due: can_renew.then_some(due), ends: Some(ends), failure: None };
        }
        Granted { resource, token: Some((tokens.access, ends)) }
    }

    fn failed(&mut self, resource: usize, failure: Failure, now: Timestamp) -> Vec<Granted> {
        if !self.is_signed_in {
            self.failure = Some(failure);
            return Vec::new();
        }
        // Of one resource alone: consent, or what it is asked with. The others go on.
        let is_whole = matches!(failure.kind, FailureKind::Ended | FailureKind::ClientUnknown);
        if is_whole {
            return self.end(Some(failure));
        }
        let is_passing = failure.is_passing();
        let Some(grant) = self.grants.get_mut(resource) else { return Vec::new() };
        let had = grant.ends.is_some_and(|ends| ends > now);
        *grant = Grant { due: is_passing.then(|| now + AGAIN), ends: grant.ends, failure: Some(failure) };
        if is_passing || had { Vec::new() } else { vec![Granted { resource, token: None }] }
    }

    /// Whether its tokens cannot be renewed and have ended.
    pub fn expire(&mut self, now: Timestamp) -> Vec<Granted> {
        let is_over = |grant: &Grant| grant.due.is_none() && grant.ends.is_none_or(|ends| ends <= now);
        if self.is_signed_in && self.refresh.is_none() && self.grants.iter().all(is_over) {
            return self.end(Some(Failure::new(FailureKind::Ended)));
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests;
