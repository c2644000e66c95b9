//! Sends a request. The only place where one leaves, and where a secret is put into an address.

use std::{cell::Cell, rc::Rc};

use gloo_timers::callback::Timeout;
use web_sys::{AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

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
pub fn send(request: &Request, guard: &AbortOnDrop) -> impl Future<Output = Result<Response, NetError>> + use<> {
    let controller = guard.0.clone();
    let elsewhere = Origin::of(request.address()).is_some();
    let mut builder = gloo_net::http::Request::get(&request.address_with_secret())
        // The engine decides what is asked anew; and nobody else needs to know who asks.
        .cache(RequestCache::NoStore)
        .credentials(if elsewhere { RequestCredentials::Omit } else { RequestCredentials::SameOrigin })
        .referrer_policy(ReferrerPolicy::NoReferrer)
        // A redirect could carry a credential to somebody it was not given for.
        .redirect(if elsewhere { RequestRedirect::Error } else { RequestRedirect::Follow })
        .abort_signal(controller.as_ref().map(AbortController::signal).as_ref());
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let late = Rc::new(Cell::new(false));
    let timer = controller.map(|controller| {
        let late = Rc::clone(&late);
        Timeout::new(u32::try_from(request.timeout.as_millis()).unwrap_or(u32::MAX), move || {
            late.set(true);
            controller.abort();
        })
    });
    async move {
        let result = answer(builder).await;
        drop(timer);
        result.map_err(|_| match () {
            () if late.get() => NetError::Timeout,
            () if !page::is_online() => NetError::Offline,
            () => NetError::Blocked,
        })
    }
}

async fn answer(builder: gloo_net::http::RequestBuilder) -> Result<Response, gloo_net::Error> {
    let response = builder.build()?.send().await?;
    let headers = response.headers().entries().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    // Bytes, not text: moving a page of rows through a JavaScript string costs more than reading it.
    let body = response.binary().await?;
    Ok(Response { status: response.status(), headers, body })
}
