//! Sends a request. The only place where one leaves, and where a secret is put into an address or a header.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Map, Promise, Reflect, Uint8Array, try_iter};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReadableStream, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache, RequestCredentials,
    RequestInit, RequestMode, RequestRedirect,
};

use crate::{
    http::{MOVED_TO, NetError, Origin, Request, Response, moved::Moves},
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

/// Sends a request at once, and returns later what came.
///
/// # Errors
/// When no answer came; an answer of any status is none of this function's business.
///
/// Of a [probe](Request::probe) no answer can be read, only that one came: a browser reports an answer without CORS
/// headers and a host that is not there in the same way, and this distinguishes them. "Yes" is certain; "no" may also
/// mean that something between us allows only what it was set up for.
pub fn send(request: &Request, guard: &AbortOnDrop) -> impl Future<Output = Result<Response, NetError>> + use<> {
    let known = MOVES.with_borrow(|moves| moves.find(request.address())).and_then(|to| request.moved_to(&to));
    // Here and not in the future: what has still to be drawn in this task must not hold the request up.
    let first = Attempt::begin(known.as_ref().unwrap_or(request), guard.0.as_ref());
    let (request, controller) = (request.clone(), guard.0.clone());
    async move {
        let answer = first.end().await;
        let is_gone = matches!(&answer, Ok(response) if known.is_some() && response.status == 404);
        if is_gone || matches!(answer, Err(NetError::Redirected)) {
            return find_moved(&request, controller.as_ref(), answer).await;
        }
        answer.map(|response| match &known {
            Some(known) => came_from(response, known.address()),
            None => response,
        })
    }
}

/// Asks without the secret where a redirect leads, and if that is in the same origin, there with it.
async fn find_moved(
    request: &Request,
    controller: Option<&AbortController>,
    refused: Result<Response, NetError>,
) -> Result<Response, NetError> {
    MOVES.with_borrow_mut(|moves| moves.forget(request.address()));
    // Whether its secret may be sent to another address at all.
    if request.moved_to(request.address()).is_none() {
        return refused;
    }
    let found = Attempt::begin(&request.without_secret(), controller).end().await;
    // A page to sign in at is no new place.
    let found = found.ok().filter(|response| !response.is_html());
    let Some(to) = found.and_then(|response| response.header(MOVED_TO).map(str::to_owned)) else { return refused };
    let Some(moved) = request.moved_to(&to) else { return refused };
    let response = Attempt::begin(&moved, controller).end().await?;
    MOVES.with_borrow_mut(|moves| moves.record(request.address(), &to));
    Ok(came_from(response, &to))
}

/// The answer, with the address that it came from.
fn came_from(mut response: Response, address: &str) -> Response {
    response.headers.push((MOVED_TO.to_owned(), address.to_owned()));
    response
}

thread_local! {
    /// Where requests with a secret go without the redirect that showed it.
    static MOVES: RefCell<Moves> = RefCell::default();
}

/// One request under way.
struct Attempt {
    promise: Result<Promise, JsValue>,
    expected: Expected,
    silence: Silence,
    max_bytes: usize,
}

impl Attempt {
    fn begin(request: &Request, controller: Option<&AbortController>) -> Self {
        let promise = match early(request, controller) {
            Some(promise) => Ok(promise),
            None => start(request, controller),
        };
        Self {
            promise,
            expected: Expected { origin: Origin::of(request.address()), is_probe: request.is_probe() },
            silence: Silence::begin(controller, u32::try_from(request.timeout.as_millis()).unwrap_or(u32::MAX)),
            max_bytes: request.max_bytes,
        }
    }

    async fn end(self) -> Result<Response, NetError> {
        let result = answer(self.promise, self.expected, self.max_bytes, &self.silence).await;
        let is_late = self.silence.end();
        result.map_err(|failure| match failure {
            Failure::TooLarge(bytes) => NetError::TooLarge(bytes),
            Failure::Redirected => NetError::Redirected,
            Failure::Broken if is_late => NetError::Timeout,
            Failure::Broken if !page::is_online() => NetError::Offline,
            Failure::Broken => NetError::Blocked,
        })
    }
}

/// Requests by their address that `start.js` sent before the program was there.
fn early_requests() -> Option<Map> {
    let window = web_sys::window()?;
    Reflect::get(&window, &"ringsideEarly".into()).ok()?.dyn_into().ok()
}

/// The same request, if it is under way already. Each is taken once, and given up with the guard.
fn early(request: &Request, controller: Option<&AbortController>) -> Option<Promise> {
    let requests = early_requests().filter(|_| request.body_with_secret().is_none() && !request.is_probe())?;
    let address = JsValue::from_str(&request.address_with_secret());
    let promise: Promise = requests.get(&address).dyn_into().ok()?;
    requests.delete(&address);
    abort_with(controller, &promise);
    Some(promise)
}

/// Gives up a request of `start.js` when the controller's are.
fn abort_with(controller: Option<&AbortController>, promise: &JsValue) {
    if let (Some(controller), Ok(abort_with)) = (controller, Reflect::get(promise, &"abortWith".into())) {
        // Fails only where it is no function, which `start.js` sees to.
        let _ = abort_with.dyn_into::<Function>().and_then(|call| call.call1(promise, &controller.signal()));
    }
}

/// Gives up requests that nobody has taken: later their answers would be old.
pub fn forget_early() {
    let Some(requests) = early_requests() else { return };
    let guard = AbortOnDrop::new();
    requests.for_each(&mut |promise, _| abort_with(guard.0.as_ref(), &promise));
    requests.clear();
}

/// Hands a request to the browser. It leaves no trace here and carries no referrer.
fn start(request: &Request, controller: Option<&AbortController>) -> Result<Promise, JsValue> {
    let elsewhere = Origin::of(request.address()).is_some();
    let is_probe = request.is_probe();
    let init = RequestInit::new();
    // What is requested anew is the engine's to decide.
    init.set_cache(RequestCache::NoStore);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(controller.map(AbortController::signal).as_ref());
    init.set_credentials(if elsewhere { RequestCredentials::Omit } else { RequestCredentials::SameOrigin });
    // A redirect could carry a credential to somebody it was not given for. "Manual" shows that there was one.
    let is_secret = elsewhere && !is_probe && request.has_secret();
    init.set_redirect(if is_secret { RequestRedirect::Manual } else { RequestRedirect::Follow });
    if is_probe {
        init.set_mode(RequestMode::NoCors);
    }
    if let Some(question) = request.body_with_secret() {
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

/// Gives a request up when nothing of its answer has come for so long. What still arrives is waited for.
struct Silence {
    controller: Option<AbortController>,
    millis: u32,
    is_late: Rc<Cell<bool>>,
    timer: Cell<Option<Timeout>>,
}

impl Silence {
    fn begin(controller: Option<&AbortController>, millis: u32) -> Self {
        let silence = Self { controller: controller.cloned(), millis, is_late: Rc::default(), timer: Cell::new(None) };
        silence.reset();
        silence
    }

    /// Something came: the time begins anew.
    fn reset(&self) {
        let Some(controller) = self.controller.clone() else { return };
        let is_late = Rc::clone(&self.is_late);
        self.timer.set(Some(Timeout::new(self.millis, move || {
            is_late.set(true);
            controller.abort();
        })));
    }

    /// Whether it has been given up.
    fn end(self) -> bool {
        self.timer.set(None);
        self.is_late.get()
    }
}

/// Why there is no answer.
enum Failure {
    Broken,
    TooLarge(u64),
    Redirected,
}

/// From whom an answer is to come.
struct Expected {
    /// `None` is this page's own.
    origin: Option<Origin>,
    is_probe: bool,
}

impl From<JsValue> for Failure {
    fn from(_: JsValue) -> Self {
        Self::Broken
    }
}

async fn answer(
    promise: Result<Promise, JsValue>,
    expected: Expected,
    max_bytes: usize,
    silence: &Silence,
) -> Result<Response, Failure> {
    let response: web_sys::Response = JsFuture::from(promise?).await?.dyn_into()?;
    silence.reset();
    // Only a redirect that was not followed has no status.
    let is_redirect = response.status() == 0 && !expected.is_probe;
    let is_elsewhere =
        response.redirected() && expected.origin.is_some() && Origin::of(&response.url()) != expected.origin;
    if is_redirect || is_elsewhere {
        return Err(Failure::Redirected);
    }
    let mut headers = Vec::new();
    if response.redirected() {
        headers.push((MOVED_TO.to_owned(), response.url()));
    }
    for entry in try_iter(&response.headers())?.into_iter().flatten() {
        let entry: Array = entry?.unchecked_into();
        if let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string()) {
            headers.push((name.to_ascii_lowercase(), value));
        }
    }
    let announced =
        headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, length)| length.parse().ok());
    if let Some(bytes) = announced.filter(|&bytes: &u64| bytes > max_bytes as u64) {
        return Err(Failure::TooLarge(bytes));
    }
    let body = match response.body() {
        Some(stream) => read_whole(&stream, max_bytes, silence).await?,
        None => Vec::new(),
    };
    Ok(Response { status: response.status(), headers, body })
}

/// Reads a body to its end. Bytes, not text: moving a page of rows through a JavaScript string costs more than
/// reading it.
async fn read_whole(stream: &ReadableStream, max_bytes: usize, silence: &Silence) -> Result<Vec<u8>, Failure> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await?;
        silence.reset();
        if Reflect::get(&chunk, &"done".into())?.is_truthy() {
            return Ok(body);
        }
        let bytes: Uint8Array = Reflect::get(&chunk, &"value".into())?.unchecked_into();
        let (start, length) = (body.len(), bytes.length() as usize);
        if start + length > max_bytes {
            return Err(Failure::TooLarge((start + length) as u64));
        }
        body.resize(start + length, 0);
        if let Some(free) = body.get_mut(start..) {
            bytes.copy_to(free);
        }
    }
}
