//! Sends a request. The only place where one leaves, and where a secret is put into an address or a header.

use std::{cell::Cell, rc::Rc};

use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;
use web_sys::{AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestMode, RequestRedirect};

use crate::{
    http::{NetError, Origin, Request, Response},
    web::page,
};

/// Gives up its request when it is dropped.
#[derive(Debug)]
pub struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// A guard for one request; where the browser has no `AbortController` its answer is merely ignored.
    #[must_use]
    pub fn new() -> Self {
        Self(AbortController::new().ok())
    }
}

impl Default for AbortOnDrop {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// Sends a request, and says what came.
///
/// # Errors
/// When no answer came; an answer of any status is none of this function's business.
///
/// Of a [probe](Request::probe) no answer can be read, only that one came: a browser reports an answer without CORS
/// headers and a host that is not there in the same way, and this tells them apart. "Yes" is certain; "no" may also
/// mean that something between us allows only what it knows.
pub fn send(request: &Request, guard: &AbortOnDrop) -> impl Future<Output = Result<Response, NetError>> + use<> {
    let elsewhere = Origin::of(request.address()).is_some();
    let is_probe = request.is_probe();
    let mut builder = quiet(&request.address_with_secret(), guard)
        .method(if request.question().is_some() { Method::POST } else { Method::GET })
        .credentials(if elsewhere { RequestCredentials::Omit } else { RequestCredentials::SameOrigin })
        // A redirect could carry a credential to somebody it was not given for.
        .redirect(if elsewhere && !is_probe { RequestRedirect::Error } else { RequestRedirect::Follow });
    if is_probe {
        builder = builder.mode(RequestMode::NoCors);
    }
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if let Some((name, value)) = request.secret_header() {
        builder = builder.header(name, &value);
    }
    let question = request.question().map(JsValue::from_str);
    let late = Rc::new(Cell::new(false));
    let timer = give_up_after(guard, u32::try_from(request.timeout.as_millis()).unwrap_or(u32::MAX), &late);
    async move {
        let result = answer(builder, question).await;
        drop(timer);
        result.map_err(|_| match () {
            () if late.get() => NetError::Timeout,
            () if !page::is_online() => NetError::Offline,
            () => NetError::Blocked,
        })
    }
}

/// A request that leaves no trace here and does not say who asks.
fn quiet(address: &str, guard: &AbortOnDrop) -> RequestBuilder {
    RequestBuilder::new(address)
        // The engine decides what is asked anew.
        .cache(RequestCache::NoStore)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(guard.0.as_ref().map(AbortController::signal).as_ref())
}

/// Gives the request up when no answer has come in time, and says so in `late`.
fn give_up_after(guard: &AbortOnDrop, millis: u32, late: &Rc<Cell<bool>>) -> Option<Timeout> {
    let controller = guard.0.clone()?;
    let late = Rc::clone(late);
    Some(Timeout::new(millis, move || {
        late.set(true);
        controller.abort();
    }))
}

async fn answer(builder: RequestBuilder, question: Option<JsValue>) -> Result<Response, gloo_net::Error> {
    let request = match question {
        Some(question) => builder.body(question)?,
        None => builder.build()?,
    };
    let response = request.send().await?;
    let headers = response.headers().entries().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    // Bytes, not text: moving a page of rows through a JavaScript string costs more than reading it.
    let body = response.binary().await?;
    Ok(Response { status: response.status(), headers, body })
}
