//! Sends a request. The only place where one leaves, and where a secret is put into an address or a header.

use std::{cell::Cell, rc::Rc};

use gloo_timers::callback::Timeout;
use js_sys::{Array, Map, Promise, Uint8Array, try_iter};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, RequestMode, RequestRedirect,
};

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

/// Sends a request at once, and says later what came.
///
/// # Errors
/// When no answer came; an answer of any status is none of this function's business.
///
/// Of a [probe](Request::probe) no answer can be read, only that one came: a browser reports an answer without CORS
/// headers and a host that is not there in the same way, and this tells them apart. "Yes" is certain; "no" may also
/// mean that something between us allows only what it knows.
pub fn send(request: &Request, guard: &AbortOnDrop) -> impl Future<Output = Result<Response, NetError>> + use<> {
    // Here and not in the future: what has still to be drawn in this task must not hold the request up.
    let promise = match early(request) {
        Some(promise) => Ok(promise),
        None => start(request, guard),
    };
    let late = Rc::new(Cell::new(false));
    let timer = give_up_after(guard, u32::try_from(request.timeout.as_millis()).unwrap_or(u32::MAX), &late);
    async move {
        let result = answer(promise).await;
        drop(timer);
        result.map_err(|_| match () {
            () if late.get() => NetError::Timeout,
            () if !page::is_online() => NetError::Offline,
            () => NetError::Blocked,
        })
    }
}

/// Requests by their address that `start.js` sent before the program was there.
fn early_requests() -> Option<Map> {
    let window = web_sys::window()?;
    js_sys::Reflect::get(&window, &"ringsideEarly".into()).ok()?.dyn_into().ok()
}

/// The same request, if it is under way already. Each is taken once.
fn early(request: &Request) -> Option<Promise> {
    let requests = early_requests().filter(|_| request.question().is_none() && !request.is_probe())?;
    let address = JsValue::from_str(&request.address_with_secret());
    let promise = requests.get(&address).dyn_into().ok()?;
    requests.delete(&address);
    Some(promise)
}

/// Forgets requests that nobody has taken: later their answers would be old.
pub fn forget_early() {
    if let Some(requests) = early_requests() {
        requests.clear();
    }
}

/// Hands a request to the browser. It leaves no trace here and does not say who asks.
fn start(request: &Request, guard: &AbortOnDrop) -> Result<Promise, JsValue> {
    let elsewhere = Origin::of(request.address()).is_some();
    let is_probe = request.is_probe();
    let init = RequestInit::new();
    // The engine decides what is asked anew.
    init.set_cache(RequestCache::NoStore);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(guard.0.as_ref().map(AbortController::signal).as_ref());
    init.set_credentials(if elsewhere { RequestCredentials::Omit } else { RequestCredentials::SameOrigin });
    // A redirect could carry a credential to somebody it was not given for.
    init.set_redirect(if elsewhere && !is_probe { RequestRedirect::Error } else { RequestRedirect::Follow });
    if is_probe {
        init.set_mode(RequestMode::NoCors);
    }
    if let Some(question) = request.question() {
        init.set_method("POST");
        init.set_body(&JsValue::from_str(question));
    }
    let headers = web_sys::Headers::new()?;
    for (name, value) in &request.headers {
        headers.append(name, value)?;
    }
    if let Some((name, value)) = request.secret_header() {
        headers.append(name, &value)?;
    }
    init.set_headers(&headers);
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    Ok(window.fetch_with_str_and_init(&request.address_with_secret(), &init))
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

async fn answer(promise: Result<Promise, JsValue>) -> Result<Response, JsValue> {
    let response: web_sys::Response = JsFuture::from(promise?).await?.dyn_into()?;
    let mut headers = Vec::new();
    for entry in try_iter(&response.headers())?.into_iter().flatten() {
        let entry: Array = entry?.unchecked_into();
        if let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string()) {
            headers.push((name.to_ascii_lowercase(), value));
        }
    }
    // Bytes, not text: moving a page of rows through a JavaScript string costs more than reading it.
    let body = JsFuture::from(response.array_buffer()?).await?;
    Ok(Response { status: response.status(), headers, body: Uint8Array::new(&body).to_vec() })
}
