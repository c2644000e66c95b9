//! What the service says to a request that it does not answer.

use crate::{domain::time::Timestamp, http::Response};

/// Why a request is not answered: status, code and words of the service.
pub(super) struct Refusal(u16, &'static str, &'static str);

impl Refusal {
    pub(super) const NO_TABLE: Self = Self(404, "TableNotFound", "The table specified does not exist.");
    pub(super) const NO_RESOURCE: Self = Self(404, "ResourceNotFound", "The specified resource does not exist.");
    pub(super) const ATOM: Self = Self(415, "AtomFormatNotSupported", "Atom format is not supported.");
    pub(super) const INPUT: Self = Self(400, "InvalidInput", "One of the request inputs is not valid.");
    pub(super) const FILTER: Self =
        Self(400, "InvalidInput", "The query condition specified in the request is invalid.");

    pub(super) fn response(&self, now: Timestamp) -> Response {
        let &Self(status, code, message) = self;
        let time = now.to_rfc3339();
        // Who did not ask for JSON is answered in XML.
        let (kind, body) = if status == 415 {
            let body = format!(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{message}\n\
                 RequestId:{REQUEST_ID}\nTime:{time}</Message></Error>"
            );
            ("application/xml", body)
        } else {
            let body = format!(
                "{{\"odata.error\":{{\"code\":\"{code}\",\"message\":{{\"lang\":\"en-US\",\"value\":\
                 \"{message}\\nRequestId:{REQUEST_ID}\\nTime:{time}\"}}}}}}"
            );
            ("application/json;odata=nometadata;streaming=true;charset=utf-8", body)
        };
        let mut headers = headers(kind);
        headers.push(("x-ms-error-code".to_owned(), code.to_owned()));
        Response { status, headers, body: body.into_bytes() }
    }
}

const REQUEST_ID: &str = "00000000-0000-0000-0000-000000000000";

/// What every answer has.
pub(super) fn headers(content_type: &str) -> Vec<(String, String)> {
    [("content-type", content_type), ("x-ms-version", "2025-11-05"), ("x-ms-request-id", REQUEST_ID)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}
