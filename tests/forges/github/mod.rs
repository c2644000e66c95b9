//! GitHub: REST (2022-11-28) and GraphQL, with its limits and its tags for what has not changed.

mod deployments;
mod document;
mod history;
mod manifests;
mod objects;
mod query;
mod rest;
mod statuses;

use serde_json::{Value, json};

use super::{
    call::{Answer, Call, not_understood},
    gate::{Caller, Gate},
    world::{Forge, Millis, Outcome, Person, State, World},
};

/// The answer. A budget is counted by the hour; what the caller has already costs nothing.
pub(crate) fn answer(world: &World, gate: &mut Gate, call: &Call, now: Millis) -> Answer {
    let caller = gate.caller(Forge::GitHub, call);
    if caller == Caller::Stranger {
        return refusal(401, "Bad credentials");
    }
    if let Err(why) = check_headers(call) {
        gate.violation(call, &why);
        return not_understood(&why);
    }
    let budget = gate.budget(Forge::GitHub, &caller, now);
    if budget.remaining() == 0 && call.path != "/rate_limit" {
        let spent = *budget;
        let answer = refusal(403, "API rate limit exceeded for 203.0.113.7.");
        return with_limits(answer, call, spent.limit, spent.used, spent.reset);
    }
    let result = if call.path == "/graphql" {
        query::answer(world, gate, call, &caller, now)
    } else {
        rest::answer(world, gate, call, &caller, now)
    };
    let answer = result.unwrap_or_else(|why| {
        gate.violation(call, &why);
        not_understood(&why)
    });
    let answer = answer.tagged(call);
    let budget = gate.budget(Forge::GitHub, &caller, now);
    budget.used += u32::from(answer.status != 304 && call.path != "/rate_limit");
    let left = *budget;
    with_limits(answer, call, left.limit, left.used, left.reset)
        .header("cache-control", "private, max-age=60, s-maxage=60")
        .header("x-github-media-type", "github.v3; format=json")
}

fn with_limits(answer: Answer, call: &Call, limit: u32, used: u32, reset: Millis) -> Answer {
    let resource = if call.path == "/graphql" { "graphql" } else { "core" };
    answer
        .header("x-ratelimit-limit", limit.to_string())
        .header("x-ratelimit-remaining", limit.saturating_sub(used).to_string())
        .header("x-ratelimit-used", used.to_string())
        .header("x-ratelimit-reset", (reset / 1000).to_string())
        .header("x-ratelimit-resource", resource)
}

fn check_headers(call: &Call) -> Result<(), String> {
    let accept = call.header_value("accept").unwrap_or("*/*");
    let is_fine = accept == "*/*" || accept == "application/json" || accept.starts_with("application/vnd.github");
    let version = call.header_value("x-github-api-version").unwrap_or("2022-11-28");
    if !is_fine {
        return Err(format!("it has no {accept}"));
    }
    if version != "2022-11-28" { Err(format!("there is no version {version}")) } else { Ok(()) }
}

fn refusal(status: u16, message: &str) -> Answer {
    let docs = "https://docs.github.com/rest";
    Answer::json(status, &json!({ "message": message, "documentation_url": docs, "status": status.to_string() }))
}

fn forbidden() -> Answer {
    refusal(403, "Resource not accessible by personal access token")
}

/// Status and conclusion, in the words of REST; GraphQL's are the same in capitals.
const fn words(state: State) -> (&'static str, Option<&'static str>) {
    match state {
        State::Absent | State::Queued => ("queued", None),
        State::Waiting => ("waiting", None),
        State::Running => ("in_progress", None),
        State::Ended(Outcome::Succeeded | Outcome::Warned) => ("completed", Some("success")),
        State::Ended(Outcome::Failed) => ("completed", Some("failure")),
        State::Ended(Outcome::Canceled) => ("completed", Some("cancelled")),
        State::Ended(Outcome::Strange) => ("completed", Some("teleported")),
    }
}

fn user(world: &World, person: &Person) -> Value {
    json!({
        "login": person.login, "id": 1000 + person.login.len(), "type": "User", "site_admin": false,
        "avatar_url": world.picture(person), "html_url": format!("https://github.com/{}", person.login),
        "url": format!("https://api.github.com/users/{}", person.login),
    })
}
