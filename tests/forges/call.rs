//! A call and its answer, as they travel.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// What a service is asked.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Call {
    /// `GET`, `POST`, `OPTIONS`.
    pub(crate) method: String,
    /// Scheme, host and port; empty where one server stands for the service.
    pub(crate) origin: String,
    /// Still percent-encoded, from the API's root: `/repos/contoso/trivia`.
    pub(crate) path: String,
    /// Decoded.
    pub(crate) query: Vec<(String, String)>,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Call {
    /// A call of an absolute address, or of a path.
    pub(crate) fn new(method: &str, address: &str) -> Self {
        let after_scheme = address.find("://").map_or(0, |at| at + 3);
        let host_end = address[after_scheme..].find('/').map_or(address.len(), |at| at + after_scheme);
        let (origin, rest) = if after_scheme == 0 { ("", address) } else { address.split_at(host_end) };
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let query = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
        });
        Self {
            method: method.to_owned(),
            origin: origin.to_owned(),
            path: path.to_owned(),
            query: query.collect(),
            ..Self::default()
        }
    }

    pub(crate) fn get(address: &str) -> Self {
        Self::new("GET", address)
    }

    /// JSON by POST.
    pub(crate) fn post(address: &str, body: &Value) -> Self {
        let call = Self { body: body.to_string(), ..Self::new("POST", address) };
        call.header("Content-Type", "application/json")
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    pub(crate) fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// A number in the query, within limits.
    pub(crate) fn number(&self, name: &str, default: usize, most: usize) -> usize {
        self.param(name).and_then(|n| n.parse().ok()).unwrap_or(default).min(most)
    }

    /// The path's parts, decoded one by one.
    pub(crate) fn segments(&self) -> Vec<String> {
        self.path.split('/').filter(|s| !s.is_empty()).map(decode).collect()
    }

    /// What it asks, in one line and without secrets.
    pub(crate) fn line(&self) -> String {
        let query: Vec<String> = self.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{} {}?{}", self.method, self.path, query.join("&"))
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A service's answer.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// Whether a page of another origin may see it at all.
    pub(crate) is_readable: bool,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", body.to_string())
    }

    pub(crate) fn text(status: u16, kind: &str, body: String) -> Self {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        Self { status, headers, body, is_readable: true }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The body, where it is JSON.
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The headers that a page of another origin can read.
    pub(crate) fn seen_headers(&self) -> Vec<(String, String)> {
        const ALWAYS: [&str; 5] = ["cache-control", "content-language", "content-type", "expires", "last-modified"];
        let exposed = self.header_value("access-control-expose-headers").unwrap_or_default().to_ascii_lowercase();
        let is_seen = |name: &str| ALWAYS.contains(&name) || exposed.split(',').any(|e| e.trim() == name);
        self.headers.iter().filter(|(name, _)| is_seen(name)).cloned().collect()
    }

    /// The tag by which the same answer can be recognised; 304 where the caller has it already.
    pub(crate) fn tagged(self, call: &Call) -> Self {
        if self.status != 200 || call.method != "GET" {
            return self;
        }
        // FNV-1a.
        let sum = self
            .body
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |sum, b| (sum ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3));
        let tag = format!("W/\"{sum:016x}\"");
        let is_known = call.header_value("if-none-match").is_some_and(|known| {
            known.split(',').any(|k| k.trim().trim_start_matches("W/") == tag.trim_start_matches("W/"))
        });
        let (status, body) = if is_known { (304, String::new()) } else { (200, self.body) };
        Self { status, body, ..self }.header("etag", tag)
    }
}

/// An answer in the words of whoever refuses.
pub(crate) fn not_understood(why: &str) -> Answer {
    Answer::json(400, &json!({ "message": why }))
}
