//! What signing in needs of the browser: the answer in the address, random numbers, a hash, and another window.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, MessageEvent, Window};

use super::page;

/// Where `start.js` leaves the answer that it took out of the address.
const ANSWER: &str = "ringsideSignIn";
/// The kinds of messages between this page in a frame and in a window.
const CREDENTIALS: &str = "credentials";
const TAKEN: &str = "credentials-taken";

/// The answer to a sign-in, if the page was opened with one. It can be taken once.
#[must_use]
pub fn take_answer() -> Option<String> {
    let window = web_sys::window()?;
    let answer = js_sys::Reflect::get(&window, &ANSWER.into()).ok()?.as_string()?;
    // Fails only where the window cannot be changed; then the attempt is gone the second time.
    let _ = js_sys::Reflect::delete_property(&window, &ANSWER.into());
    Some(answer)
}

/// Sends the whole page to another address.
pub fn leave_for(address: &str) -> bool {
    web_sys::window().is_some_and(|window| window.location().assign(address).is_ok())
}

fn crypto() -> Option<Crypto> {
    web_sys::window()?.crypto().ok()
}

/// Numbers that nobody can guess.
#[must_use]
pub fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    crypto()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}

/// SHA-256; `None` where the page is not served securely, and the browser does not offer it.
pub async fn sha256(text: &str) -> Option<Vec<u8>> {
    let crypto = crypto().filter(|crypto| !crypto.subtle().is_undefined())?;
    let bytes = js_sys::Uint8Array::from(text.as_bytes());
    let digest = crypto.subtle().digest_with_str_and_buffer_source("SHA-256", &bytes).ok()?;
    Some(js_sys::Uint8Array::new(&JsFuture::from(digest).await.ok()?).to_vec())
}

/// Whether this page stands in another page's frame.
#[must_use]
pub fn is_framed() -> bool {
    let Some(window) = web_sys::window() else { return false };
    window.parent().ok().flatten().is_some_and(|parent| parent != window)
}

/// Opens this page in a window of its own; `None` where the browser does not let it.
#[must_use]
pub fn open_window(href: &str) -> Option<Window> {
    let size = "popup,width=900,height=800";
    web_sys::window()?.open_with_url_and_target_and_features(href, "ringside-credentials", size).ok()?
}

/// The window that opened this one, as long as it is there.
fn opener() -> Option<Window> {
    // Not `dyn_into`: a window of another realm is no instance of this one's class.
    let opener = web_sys::window()?.opener().ok()?;
    opener.is_object().then(|| opener.unchecked_into())
}

/// Gives credentials to the page that opened this one, if that is of this very origin: a browser delivers them to no
/// other. Whether there is one that opened it.
#[must_use]
pub fn hand_over(credentials: &str) -> bool {
    opener().is_some_and(|opener| post(&opener, CREDENTIALS, credentials))
}

fn post(to: &Window, kind: &str, text: &str) -> bool {
    let message = js_sys::Array::of3(&"ringside".into(), &kind.into(), &text.into());
    to.post_message(&message, &page::origin()).is_ok()
}

/// What came from this page in another window.
pub enum Message {
    /// Credentials, for this frame.
    Credentials(String),
    /// The frame has them.
    Taken,
}

/// Calls back with each message of the window that this one opened or was opened by, of this very origin, for as long
/// as the page lives. `opened` is the window that this one opened.
pub fn on_message(opened: impl Fn() -> Option<Window> + 'static, came: impl Fn(Message) + 'static) {
    let Some(window) = web_sys::window() else { return };
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let source = event.source();
        let is_from = |window: Option<Window>| {
            window.is_some_and(|window| {
                source.as_ref().is_some_and(|source| **source == *AsRef::<JsValue>::as_ref(&window))
            })
        };
        if event.origin() != page::origin() || !event.data().is_array() {
            return;
        }
        let data: js_sys::Array = event.data().unchecked_into();
        let word = |index| data.get(index).as_string().unwrap_or_default();
        match (word(0).as_str(), word(1).as_str()) {
            ("ringside", CREDENTIALS) if is_from(opened()) => {
                if let Some(window) = opened() {
                    // Where the window is closed already nobody waits for it.
                    let _ = post(&window, TAKEN, "");
                }
                came(Message::Credentials(word(2)));
            }
            ("ringside", TAKEN) if is_from(opener()) => came(Message::Taken),
            _ => {}
        }
    });
    // Fails only for what is no function.
    let _ = window.add_event_listener_with_callback("message", listener.as_ref().unchecked_ref());
    listener.forget();
}

/// Closes this window, which a script opened.
pub fn close_window() {
    if let Some(window) = web_sys::window() {
        // Where it stays open, it shows that it is done.
        let _ = window.close();
    }
}
