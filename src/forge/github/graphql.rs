//! What every question to GitHub's GraphQL and every answer of it share: where it is asked, that data and errors come
//! together, and that a limit is reported with status 200.

use super::{requests, trouble};
use crate::{
    config::GitHub,
    domain::{problem::ProblemKind, time::Timestamp},
    forge::limits::Limits,
    http::{ApiError, AuthScheme, Request, Response, secret::Secret},
    json::{self, FromJson, Json, Object, Text, wire},
};

/// An object whose parts are read one by one, so that a bad one spoils no other.
pub(super) type Fields<'a> = Object<'a>;

wire! {
    struct Answer<'a> {
        data: Option<Fields<'a>>,
        errors: Option<Vec<Fault>>,
    }

    /// One of the errors, with where in the answer something is missing.
    pub(super) struct Fault {
        kind: Option<String> = "type",
        message: Option<String>,
        path: Option<Vec<Text>>,
    }
}

impl Fault {
    fn is_limit(&self) -> bool {
        let message = self.message.as_deref().unwrap_or_default();
        self.kind.as_deref().is_some_and(|kind| kind.starts_with("RATE_LIMIT")) || trouble::is_limit(message)
    }

    pub(super) fn is_at(&self, path: &[&str]) -> bool {
        let at = self.path.iter().flatten().map(|part| part.0.as_deref());
        at.eq(path.iter().map(|part| Some(*part)))
    }

    /// Whether `name` is one of the fields on the way to what is missing.
    pub(super) fn passes(&self, name: &str) -> bool {
        self.path.iter().flatten().any(|part| part.0.as_deref() == Some(name))
    }

    pub(super) fn is_not_found(&self) -> bool {
        self.kind.as_deref() == Some("NOT_FOUND")
    }

    /// Whether the token may not read it.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self.kind.as_deref(), Some("FORBIDDEN" | "INSUFFICIENT_SCOPES"))
    }

    pub(super) fn error(&self, response: &Response) -> ApiError {
        let kind = match self.kind.as_deref().unwrap_or_default() {
            _ if self.is_limit() => ProblemKind::RateLimited,
            _ if self.is_not_found() => ProblemKind::NotFound,
            _ if self.is_refusal() => ProblemKind::Forbidden,
            // One of a query that took too long has no type.
            "" if self.path.is_none() && self.has_words("Something went wrong") => ProblemKind::Server,
            _ => ProblemKind::Unreadable,
        };
        ApiError {
            kind,
            status: response.status,
            code: self.kind.clone().unwrap_or_default(),
            detail: self.message.clone().unwrap_or_default(),
            retry_after: response.retry_after(),
        }
    }

    fn has_words(&self, words: &str) -> bool {
        self.message.as_deref().is_some_and(|message| message.contains(words))
    }
}

wire! {
    struct RateLimit {
        remaining: Option<u32>,
        reset_at: Option<String> = "resetAt",
    }
}

/// Sends `query`, for which GitHub requires a token.
pub(super) fn request(at: &GitHub, query: &str, secret: Option<&Secret>) -> Request {
    let api = at.api.as_str();
    let address = match api.strip_suffix("/api/v3") {
        Some(server) => [server, "/api/graphql"].concat(),
        None => [api, "/graphql"].concat(),
    };
    let question = format!("{{\"query\":{}}}", quoted(query));
    Request::post(address, question).header("Accept", "application/json").secret(AuthScheme::Bearer, secret)
}

/// The text as a JSON string, whose escapes GraphQL's strings share.
pub(super) fn quoted(text: &str) -> String {
    json::quoted(text)
}

/// The data, and what is missing in it.
///
/// # Errors
/// When the whole is refused: a token that is none, a limit that is used up, a question that the server does not
/// understand (an Enterprise server that is too old).
pub(super) fn read(response: &Response) -> Result<(Fields<'_>, Vec<Fault>), ApiError> {
    let answer: Answer<'_> = trouble::read(response)?;
    let faults = answer.errors.unwrap_or_default();
    if let Some(limit) = faults.iter().find(|fault| fault.is_limit()) {
        return Err(limit.error(response));
    }
    match answer.data {
        Some(data) => Ok((data, faults)),
        None => Err(why(response, faults.first(), "neither data nor errors")),
    }
}

/// The fault's message, or that there is not even one.
pub(super) fn why(response: &Response, fault: Option<&Fault>, otherwise: &str) -> ApiError {
    let unsaid = || ApiError { status: response.status, ..ApiError::new(ProblemKind::Unreadable, otherwise) };
    fault.map_or_else(unsaid, |fault| fault.error(response))
}

/// What may still be asked. The headers may be invisible; the answer itself has it too, where `rateLimit` was asked
/// for.
pub(super) fn limits(response: &Response, data: &Fields<'_>) -> Limits {
    let headers = requests::limits(response);
    let rate_limit = data.get("rateLimit").and_then(part::<RateLimit>);
    let reset = rate_limit.as_ref().and_then(|rate_limit| Timestamp::parse(rate_limit.reset_at.as_deref()?));
    Limits {
        remaining: headers.remaining.or(rate_limit.and_then(|rate_limit| rate_limit.remaining)),
        reset: headers.reset.or(reset),
        retry_after: headers.retry_after,
    }
}

/// A part of an answer, if it is one.
pub(super) fn part<'a, T: FromJson<'a>>(raw: &Json<'a>) -> Option<T> {
    json::from_json(raw).ok()
}
