//! Recorded answers in the shapes that the services document: `tests/data`, each by its name.

use serde_json::Value;

use crate::http::Response;

/// The answers of one service.
pub(super) struct Recordings(Value);

impl Recordings {
    pub(super) fn new(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap())
    }

    #[track_caller]
    fn get(&self, name: &str, what: &str) -> &Value {
        self.0.get(name).and_then(|exchange| exchange.get(what)).unwrap_or_else(|| panic!("no {what} of {name}"))
    }

    #[track_caller]
    pub(super) fn body(&self, name: &str) -> &Value {
        self.get(name, "body")
    }

    /// The path that was asked for.
    #[track_caller]
    pub(super) fn path(&self, name: &str) -> &str {
        self.get(name, "path").as_str().unwrap()
    }

    #[track_caller]
    pub(super) fn answer(&self, name: &str) -> Response {
        let status = self.get(name, "status").as_u64().and_then(|status| u16::try_from(status).ok()).unwrap();
        Response { status, ..answer(self.body(name)) }
    }

    /// Every answer, cut after each `step`-th byte: what arrives when a line breaks.
    pub(super) fn cut(&self, step: usize) -> impl Iterator<Item = Response> + '_ {
        let names = self.0.as_object().unwrap().keys();
        names.flat_map(move |name| {
            let whole = self.answer(name);
            (0..=whole.body.len()).step_by(step).map(move |end| {
                let body = whole.body.get(..end).unwrap().to_vec();
                Response { status: 200, body, ..whole.clone() }
            })
        })
    }
}

pub(super) fn answer(body: &Value) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
    Response { status: 200, headers, body: body.to_string().into_bytes() }
}
