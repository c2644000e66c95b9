//! Rows exported earlier into a file beside the page.
//!
//! The file is what the table service answers, `{"value":[…]}`, or a bare list of the same rows. It is read whole.

use super::page::{FILE_BYTES, RowsPage};
use crate::{
    domain::problem::{Area, Problem, ProblemKind},
    http::{ApiError, Request, Response},
};

/// The file.
pub fn request_rows(url: &str) -> Request {
    Request::get(url).at_most(FILE_BYTES)
}

/// Begins to read the answer to [`request_rows`].
///
/// # Errors
/// When there is no such file, or it is too large.
pub fn open_rows(response: Response) -> Result<RowsPage, ApiError> {
    if !response.is_success() {
        let kind = match response.status {
            401 => ProblemKind::Unauthorized,
            403 => ProblemKind::Forbidden,
            404 => ProblemKind::NotFound,
            _ => ProblemKind::Server,
        };
        return Err(ApiError { status: response.status, ..ApiError::new(kind, "") });
    }
    RowsPage::of_file(response)
}

/// What people read when the file cannot be had.
#[must_use]
pub fn explain(error: &ApiError, url: &str) -> Problem {
    let (what, hint) = match error.kind {
        ProblemKind::NotFound => (
            format!("There is no file {url} next to this page."),
            "Check storage.url in config.json, and that the export was copied to the site.",
        ),
        ProblemKind::Offline => {
            ("This device is offline.".to_owned(), "The file is read again when the network is back.")
        }
        ProblemKind::Unreadable | ProblemKind::Truncated => (
            format!("The file {url} is not a list of rows."),
            "It should hold {\"value\":[…]} as the table service writes it, or a list of rows.",
        ),
        _ => (format!("The file {url} cannot be read."), "Retrying."),
    };
    let mut problem = Problem::error(Area::Storage, error.kind, what, hint);
    if !error.detail.is_empty() {
        problem.details.push(error.detail.clone());
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::row::Field;

    #[test]
    fn both_shapes() {
        for body in [r#"{"value":[{"RowKey":"1"},{"RowKey":"2"}]}"#, r#"[{"RowKey":"1"},{"RowKey":"2"}]"#] {
            let response = Response { status: 200, headers: Vec::new(), body: body.into() };
            let mut keys = String::new();
            let mut page = open_rows(response).unwrap();
            assert_eq!(page.read(9, &mut |r| keys.push_str(r.get(Field::RowKey))), Ok(true));
            assert_eq!((keys.as_str(), page.counted().rows), ("12", 2));
        }
    }

    #[test]
    fn failures() {
        #[track_caller]
        fn check(status: u16, body: &str, kind: ProblemKind, expected: &str) {
            let response = Response { status, headers: Vec::new(), body: body.into() };
            let error = open_rows(response).and_then(|mut page| page.read(9, &mut |_| ())).unwrap_err();
            assert_eq!(error.kind, kind);
            assert!(explain(&error, "rows.json").what.contains(expected));
        }
        check(404, "", ProblemKind::NotFound, "no file rows.json");
        check(200, "<!doctype html>", ProblemKind::Unreadable, "not a list of rows");
        check(200, "[", ProblemKind::Truncated, "not a list of rows");
        check(500, "", ProblemKind::Server, "cannot be read");
    }
}
