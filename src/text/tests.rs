//! What people read, table by table.

use super::*;
use crate::domain::time::days;

const NOW: &str = "2026-11-23T12:00:00Z";

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[test]
fn times_ago() {
    #[track_caller]
    fn check(then: &str, expect_ago: &str, expect_age: &str) {
        assert_eq!(ago(at(then), at(NOW)), expect_ago, "{then}");
        assert_eq!(age(at(then), at(NOW)), expect_age, "{then}");
    }
    check("2026-11-23T12:00:00Z", "just now", "now");
    check("2026-11-23T12:07:00Z", "just now", "now"); // their clock is ahead of ours
    check("2026-11-23T11:59:15.001Z", "just now", "now");
    check("2026-11-23T11:59:15Z", "1 min ago", "1 min");
    check("2026-11-23T11:58:01Z", "1 min ago", "1 min");
    check("2026-11-23T11:55:59Z", "4 min ago", "4 min");
    check("2026-11-23T11:00:01Z", "59 min ago", "59 min");
    check("2026-11-23T11:00:00Z", "1 h ago", "1 h");
    check("2026-11-22T12:00:01Z", "23 h ago", "23 h");
    check("2026-11-21T11:00:00Z", "2 d ago", "2 d");
    check("2026-10-24T12:00:00Z", "30 d ago", "30 d");
    check("2026-10-24T11:59:59Z", "24 Oct", "24 Oct");
    check("2026-01-01T00:00:00Z", "1 Jan", "1 Jan");
    check("2025-12-31T23:59:59Z", "31 Dec 2025", "31 Dec 2025");
    check("2024-02-29T08:00:00Z", "29 Feb 2024", "29 Feb 2024");
}

#[test]
fn moments_outside_of_any_calendar() {
    assert_eq!(date(Timestamp::from_millis(i64::MIN), at(NOW)), "");
    assert_eq!(ago(at(NOW), Timestamp::from_millis(i64::MAX)), "23 Nov 2026");
    assert_eq!(ago(Timestamp::from_millis(i64::MAX), at(NOW)), "just now");
}

#[test]
fn times_of_day() {
    #[track_caller]
    fn check(moment: &str, behind: i32, expect: &str) {
        assert_eq!(time_of_day(at(moment), behind), expect, "{moment}");
    }
    check("2026-11-23T12:40:59Z", 0, "12:40");
    check("2026-11-23T23:40:00Z", -60, "00:40");
    check("2026-11-23T00:05:00Z", 300, "19:05");
    assert_eq!(time_of_day(Timestamp::from_millis(i64::MAX), 0), "");
}

#[test]
fn countdowns() {
    #[track_caller]
    fn check(left: u64, expect: &str) {
        assert_eq!(countdown(Duration::from_secs(left)), expect);
    }
    check(0, "0:00:00");
    check(9, "0:00:09");
    check(11_525, "3:12:05");
    check(86_400, "24:00:00");
}

#[test]
fn durations() {
    #[track_caller]
    fn check(length: Duration, expect: &str) {
        assert_eq!(duration(length), expect, "{length:?}");
    }
    check(Duration::ZERO, "< 1 s");
    check(Duration::from_millis(999), "< 1 s");
    check(Duration::from_secs(40), "40 s");
    check(Duration::from_secs(60), "1 min");
    check(Duration::from_secs(312), "5 min 12 s");
    check(Duration::from_secs(2 * HOUR + 3 * MINUTE + 59), "2 h 3 min");
    check(Duration::from_secs(2 * HOUR + 59), "2 h");
    check(Duration::from_secs(3 * DAY + 4 * HOUR), "3 d 4 h");
    check(days(400), "400 d");
}

#[test]
fn counts() {
    #[track_caller]
    fn check(n: usize, expect: &str) {
        assert_eq!(count(n), expect);
    }
    check(0, "0");
    check(999, "999");
    check(1_000, "1,000");
    check(4_312, "4,312");
    check(100_000, "100,000");
    check(1_234_567, "1,234,567");
}

#[test]
fn plurals() {
    #[track_caller]
    fn check(n: usize, noun: &str, expect: &str) {
        assert_eq!(plural(n, noun), expect);
    }
    check(0, "deployment", "0 deployments");
    check(1, "deployment", "1 deployment");
    check(4_312, "deployment", "4,312 deployments");
    check(2, "repository", "2 repositories");
    check(2, "day", "2 days");
    check(2, "branch", "2 branches");
    check(1, "match", "1 match");
    check(2, "status", "2 statuses");
}

#[test]
fn tags() {
    #[track_caller]
    fn check(tag: &str, service: Option<&str>, expect: &str) {
        assert_eq!(shorten_tag(tag, service), expect, "{tag} {service:?}");
    }
    check("trivia-api-master-20261120.3", Some("trivia-api"), "master-20261120.3");
    check("Trivia-API-20261120.3", Some("trivia-api"), "20261120.3");
    check("trivia-api-", Some("trivia-api"), "trivia-api-"); // nothing would be left
    check("trivia-api", Some("trivia-api"), "trivia-api");
    check("trivia-apis-7", Some("trivia-api"), "trivia-apis-7");
    check("api:1.2.3", Some("api"), "1.2.3");
    check("contoso.azurecr.io/team/api:1.2.3", Some("api"), "1.2.3");
    check("localhost:5000/api", None, "api"); // a port is no tag
    check("contoso.azurecr.io/api:api-7", Some("api"), "7");
    check("api@sha256:9f86d081", None, "9f86d081");
    check("feature-x-12", Some("api"), "feature-x-12");
    check("7", None, "7");
    check("api/", Some("api"), "api/");
    check("äpi-7", Some("a"), "äpi-7"); // the service's length falls inside a character
    check("-7", Some(""), "-7");
    check("", Some("api"), "");
}

#[test]
fn lists() {
    #[track_caller]
    fn check(items: &[&str], expect: &str) {
        assert_eq!(list(items), expect);
    }
    check(&[], "");
    check(&["east"], "east");
    check(&["east", "west"], "east and west");
    check(&["east", "west", "north"], "east, west and north");
    check(&["east", "west", "north", "south"], "east, west and 2 more");
    check(&["x"; 2_000], "x, x and 1,998 more");
}

#[test]
fn every_state_reads_like_its_word() {
    for state in Status::ALL {
        assert!(status(state).eq_ignore_ascii_case(state.as_str()), "{state:?}");
    }
}

#[test]
fn lines() {
    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(first_line(text), expect, "{text:?}");
    }
    check("Fix the quiz\n\nIt was broken.", "Fix the quiz");
    check("\r\n  Fix the quiz \r\nmore", "Fix the quiz");
    check(" \n", "");
    check("", "");
}

#[test]
fn middles() {
    #[track_caller]
    fn check(text: &str, max: usize, expect: &str) {
        assert_eq!(shorten_middle(text, max), expect, "{text} {max}");
    }
    check("kustomization", 13, "kustomization");
    check("kustomization", 12, "kustom…ation");
    check("kustomization", 5, "ku…on");
    check("kustomization", 2, "k…");
    check("kustomization", 1, "…");
    check("kustomization", 0, "");
    check("äöüäöü", 3, "ä…ü");
}

#[test]
fn secrets_are_seen() {
    #[track_caller]
    fn check(text: &str, expect: bool) {
        assert_eq!(holds_secret(text), expect, "{text}");
    }
    check("?sv=2024-05-04&sp=r&sig=abc", true);
    check("https://x.example/?next=%3Fsv%3D1%26SIG%3Dabc", true);
    check("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc==", true);
    check("config=1&design=2 signature", false);
    check("service:api", false);
}

#[test]
fn exact_moments() {
    #[track_caller]
    fn check(moment: &str, behind: i32, expect: &str) {
        assert_eq!(exact(Timestamp::parse(moment).unwrap(), behind), expect);
    }
    check("2026-10-12T14:03:59Z", 0, "12 Oct 2026, 14:03:59");
    check("2026-10-12T23:30:00Z", -60, "13 Oct 2026, 00:30:00"); // an hour ahead of UTC
    check("2026-01-01T02:00:00Z", 300, "31 Dec 2025, 21:00:00");
}

#[test]
fn what_a_source_shows_of_its_credential() {
    let (now, exact) = (at(NOW), "today");
    assert_eq!(sources::expiry(at("2026-11-23T11:00:00Z"), exact, now), "expired 1 h ago");
    assert_eq!(sources::expiry(at("2026-12-05T12:00:00Z"), exact, now), "in 12 d (today)");
    assert_eq!(sources::sas_expires(at("2026-11-23T11:00:00Z"), now), "SAS expired 1 h ago");
    assert_eq!(sources::sas_expires(at("2026-12-05T12:00:00Z"), now), "SAS expires in 12 d");
    assert_eq!(sources::requests_left(4_812, Some("12:40")), "4,812 requests left until 12:40");
    assert_eq!(sources::requests_left(1, None), "1 request left");
    assert_eq!(sources::requests_left(0, None), "no requests left");
}
