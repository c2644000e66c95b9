use super::*;
use crate::sign_in::provider::tests::{AZURE, DEVOPS, ENTRA, of};

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn session() -> Session {
    Session::new(of(AZURE, DEVOPS, ENTRA).remove(0), None, NOW)
}

fn attempt(session: &Session) -> Attempt {
    Attempt::new(&[7; 64], session.provider(), "")
}

fn answer(access: &str, refresh: &str) -> Result<Response, NetError> {
    let body = format!(r#"{{"access_token":"{access}","expires_in":3600,"refresh_token":"{refresh}"}}"#);
    Ok(Response { status: 200, body: body.into(), ..Response::default() })
}

fn refusal(status: u16, error: &str) -> Result<Response, NetError> {
    Ok(Response { status, body: format!(r#"{{"error":"{error}"}}"#).into(), ..Response::default() })
}

fn body(request: &Request) -> String {
    request.body_with_secret().unwrap().to_owned()
}

/// When the next exchange is due.
fn due(session: &Session) -> Option<Timestamp> {
    session.grants.iter().filter_map(|grant| grant.due).min()
}

/// Signed in, with tokens of both resources.
fn signed_in() -> Session {
    let mut session = session();
    let attempt = attempt(&session);
    let request = session.redeem(&attempt, "code", "https://ringside.example/").unwrap();
    assert!(body(&request).contains("code=code") && body(&request).contains("storage.azure.com"));
    assert_eq!(session.state(), State::Busy);
    let [granted] = session.apply(answer("a1", "r1"), NOW).try_into().ok().unwrap();
    assert!(granted.resource == 0 && granted.token == Some(("a1".into(), NOW + seconds(3600))));
    let request = session.poll(NOW).unwrap();
    assert!(body(&request).contains("refresh_token=r1") && body(&request).contains("499b84ac"));
    assert!(session.poll(NOW).is_none(), "one at a time: the refresh token rotates");
    let [granted] = session.apply(answer("a2", "r2"), NOW).try_into().ok().unwrap();
    assert!(granted.resource == 1 && granted.token.is_some());
    assert_eq!(session.state(), State::SignedIn(Vec::new()));
    session
}

#[test]
fn tokens_are_renewed_before_their_end_with_the_newest_refresh_token() {
    let mut session = signed_in();
    assert_eq!(due(&session), Some(NOW + seconds(3300)));
    assert!(session.poll(NOW + seconds(3299)).is_none());
    let later = NOW + seconds(3300);
    assert!(body(&session.poll(later).unwrap()).contains("refresh_token=r2"));
    session.apply(answer("a3", "r3"), later);
    assert!(body(&session.poll(later).unwrap()).contains("refresh_token=r3"));
    // A provider that does not rotate names none.
    let kept =
        Ok(Response { status: 200, body: br#"{"access_token":"a4","expires_in":60}"#.to_vec(), ..Response::default() });
    session.apply(kept, later);
    assert_eq!(due(&session), Some(later + seconds(30)), "half of a short life");
    assert!(body(&session.poll(later + seconds(30)).unwrap()).contains("refresh_token=r3"));
}

#[test]
fn a_reload_goes_on_with_what_the_tab_kept() {
    let kept = signed_in().to_text().unwrap();
    assert!(!kept.contains("a1"), "access tokens are kept with the other credentials");
    let mut session = Session::new(signed_in().provider, Some(&kept), NOW);
    assert_eq!(session.state(), State::SignedIn(Vec::new()));
    assert!(session.poll(NOW).is_none());
    assert!(body(&session.poll(NOW + seconds(3300)).unwrap()).contains("refresh_token=r2"));
    let mut session = Session::new(signed_in().provider, Some(r#"{"refresh":"r2"}"#), NOW);
    assert!(body(&session.poll(NOW).unwrap()).contains("refresh_token=r2"), "of a token that is not there");
    for broken in ["{", "null x"] {
        assert_eq!(Session::new(signed_in().provider, Some(broken), NOW).state(), State::SignedOut(None));
    }
}

#[test]
fn a_session_that_ended_takes_all_tokens_back() {
    let mut session = signed_in();
    assert!(session.poll(NOW + seconds(3300)).is_some());
    let taken = session.apply(refusal(400, "invalid_grant"), NOW + seconds(3300));
    assert!(taken.len() == 2 && taken.iter().all(|granted| granted.token.is_none()));
    let State::SignedOut(Some(failure)) = session.state() else { panic!() };
    assert_eq!((failure.kind, session.to_text(), due(&session)), (FailureKind::Ended, None, None));
}

#[test]
fn what_may_pass_ends_nothing() {
    let mut session = signed_in();
    let at = NOW + seconds(3300);
    for broken in [Err(NetError::Offline), Ok(Response { status: 503, ..Response::default() })] {
        assert!(session.poll(at + seconds(60)).is_some());
        assert!(session.apply(broken, at).is_empty());
        let State::SignedIn(failed) = session.state() else { panic!() };
        assert!(failed.iter().all(|(_, failure)| failure.is_passing()) && !failed.is_empty());
    }
    assert!(session.poll(at).is_some(), "the other resource");
    session.apply(answer("b", "r"), at);
    assert!(session.poll(at + seconds(30)).is_some(), "and the first again");
}

#[test]
fn one_resource_without_consent_leaves_the_other() {
    let mut session = session();
    let attempt = attempt(&session);
    session.redeem(&attempt, "code", "https://ringside.example/");
    session.apply(answer("a1", "r1"), NOW);
    assert!(session.poll(NOW).is_some());
    let taken = session.apply(refusal(400, "consent_required"), NOW);
    assert!(taken.len() == 1 && taken[0].resource == 1 && taken[0].token.is_none());
    let State::SignedIn(failed) = session.state() else { panic!() };
    assert_eq!(failed.iter().map(|(r, f)| (*r, f.kind)).collect::<Vec<_>>(), [(1, FailureKind::ConsentNeeded)]);
    assert_eq!(due(&session), Some(NOW + seconds(3300)), "it is not asked for again by itself");
}

#[test]
fn signing_out_forgets_everything_and_late_answers_too() {
    let mut session = signed_in();
    assert!(session.poll(NOW + seconds(3300)).is_some());
    assert_eq!(session.sign_out().len(), 2);
    assert!(session.apply(answer("late", "late"), NOW + seconds(3301)).is_empty());
    assert_eq!((session.state(), session.to_text()), (State::SignedOut(None), None));
}

#[test]
fn a_code_that_is_refused_signs_nobody_in() {
    let mut session = session();
    let attempt = attempt(&session);
    session.redeem(&attempt, "old", "https://ringside.example/");
    assert!(session.apply(refusal(400, "invalid_grant"), NOW).is_empty());
    assert!(matches!(session.state(), State::SignedOut(Some(_))));
    assert_eq!(session.to_text(), None);
}

#[test]
fn without_a_refresh_token_it_lasts_as_long_as_its_token() {
    let mut session = session();
    let attempt = attempt(&session);
    session.redeem(&attempt, "code", "https://ringside.example/");
    let bare = Ok(Response { status: 200, body: br#"{"access_token":"a"}"#.to_vec(), ..Response::default() });
    session.apply(bare, NOW);
    assert!(session.poll(NOW + seconds(3500)).is_none());
    assert!(session.expire(NOW + seconds(3500)).is_empty());
    assert_eq!(session.expire(NOW + seconds(3600)).len(), 2);
    assert!(matches!(session.state(), State::SignedOut(Some(f)) if f.kind == FailureKind::Ended));
}
