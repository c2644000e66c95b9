//! The page around the program: its address, its visibility, its focus.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Document, Element, FocusOptions, HtmlElement, MediaQueryList, Window};

use crate::text::visible::visible;

fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
#[must_use]
pub fn document() -> Option<Document> {
    window()?.document()
}

/// `https://host` of this page, as a CORS rule must name it.
#[must_use]
pub fn origin() -> String {
    window().and_then(|w| w.location().origin().ok()).unwrap_or_default()
}

/// The query of this page's address.
#[must_use]
pub fn query() -> String {
    window().and_then(|w| w.location().search().ok()).unwrap_or_default()
}

/// The whole address of this page with another query, to share.
#[must_use]
pub fn address_with(query: &str) -> String {
    let Some(location) = window().map(|w| w.location()) else { return String::new() };
    format!("{}{}{query}", location.origin().unwrap_or_default(), location.pathname().unwrap_or_default())
}

/// Writes a query into the page's address: as a place of its own that "back" leads from, or in place of this one.
pub fn set_query(query: &str, push: bool) {
    let Some(window) = window() else { return };
    let (Ok(history), Ok(path)) = (window.history(), window.location().pathname()) else { return };
    let address = format!("{path}{query}");
    // Browsers refuse when the address changes a hundred times in half a minute; the page goes on without.
    let _ = if push {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
    };
}

/// Whether anybody can see the page.
#[must_use]
pub fn is_visible() -> bool {
    document().is_none_or(|d| d.visibility_state() != web_sys::VisibilityState::Hidden)
}

/// Whether the device reports that it has a network. "Yes" may be wrong, "no" is not.
#[must_use]
pub fn is_online() -> bool {
    window().is_none_or(|w| w.navigator().on_line())
}

fn dark_query() -> Option<MediaQueryList> {
    window()?.match_media("(prefers-color-scheme: dark)").ok()?
}

/// Whether the device asks for dark pages.
#[must_use]
pub fn prefers_dark() -> bool {
    dark_query().is_some_and(|q| q.matches())
}

/// Calls back whenever that changes, for as long as the page lives.
pub fn on_scheme_change(changed: impl FnMut() + 'static) {
    if let Some(query) = dark_query() {
        let changed = Closure::<dyn FnMut()>::new(changed);
        query.set_onchange(Some(changed.as_ref().unchecked_ref()));
        // The browser keeps the query only as long as somebody holds it.
        std::mem::forget((query, changed));
    }
}

/// How wide the page is, in pixels.
#[must_use]
pub fn width() -> f64 {
    window().and_then(|w| w.inner_width().ok()?.as_f64()).unwrap_or(1_600.0)
}

/// How high what is visible of the page is, in pixels.
#[must_use]
pub fn height() -> f64 {
    window().and_then(|w| w.inner_height().ok()?.as_f64()).unwrap_or(900.0)
}

/// Whether the page is so narrow that what else stands side by side stands one below the other.
#[must_use]
pub fn is_narrow() -> bool {
    window().and_then(|w| w.match_media("(max-width: 700px)").ok()?).is_some_and(|q| q.matches())
}

/// Calls back with each event of that kind, for as long as the page lives: on its way down if it is `captured`. On the
/// document and not the window, which no picture's `load` reaches (DOM standard, "get the parent" of a document).
pub fn listen(kind: &str, captured: bool, happened: impl FnMut(web_sys::Event) + 'static) {
    let Some(document) = document() else { return };
    let happened = Closure::<dyn FnMut(web_sys::Event)>::new(happened);
    // Fails only for what is no function.
    let _ = document.add_event_listener_with_callback_and_bool(kind, happened.as_ref().unchecked_ref(), captured);
    happened.forget();
}

/// Sets an attribute of `<html>`, which styles and tests look at.
pub fn set_root(name: &str, value: &str) {
    if let Some(root) = document().and_then(|d| d.document_element())
        && root.get_attribute(name).as_deref() != Some(value)
    {
        // Fails only for a name that is no attribute's.
        let _ = root.set_attribute(name, value);
    }
}

/// Sets the title that the tab shows.
pub fn set_title(title: &str) {
    let title = visible(title);
    if let Some(document) = document()
        && document.title() != title
    {
        document.set_title(&title);
    }
}

/// Sets the icon that the tab shows.
pub fn set_icon(href: &str) {
    if let Some(link) = find("link[rel=icon]")
        && link.get_attribute("href").as_deref() != Some(href)
    {
        // Fails only for a name that is no attribute's.
        let _ = link.set_attribute("href", href);
    }
}

/// The first element that a CSS selector means.
#[must_use]
pub fn find(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok()?
}

/// Removes what index.html paints before the program is there. What has been typed into it, and whether it had the
/// focus.
pub fn end_boot() -> (String, bool) {
    let Some(boot) = find(".boot") else { return (String::new(), false) };
    let search = find(".boot input");
    let has_focus = search.is_some() && focused() == search;
    boot.remove();
    let search = search.and_then(|search| search.dyn_into::<web_sys::HtmlInputElement>().ok());
    (search.map(|search| search.value()).unwrap_or_default(), has_focus)
}

/// Moves the focus without scrolling.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // Fails only when the element has just been taken out.
        let _ = element.focus_with_options(&options);
    }
}

/// Goes on in a task of its own, so that what the browser has to do meanwhile need not wait for all of it.
pub fn next_task(then: impl FnOnce() + 'static) {
    leptos::prelude::set_timeout(then, std::time::Duration::ZERO);
}

/// Goes on when what has been drawn is on screen; where nobody sees it no frame would come.
pub fn after_paint(then: impl FnOnce() + 'static) {
    if is_visible() { leptos::prelude::request_animation_frame(move || next_task(then)) } else { next_task(then) }
}

/// Whether some of the page's text is selected.
#[must_use]
pub fn has_selection() -> bool {
    let selection = window().and_then(|w| w.get_selection().ok().flatten());
    selection.is_some_and(|s| !s.is_collapsed())
}

/// Opens an address of this page in a tab of its own.
pub fn open_tab(href: &str) {
    if let Some(window) = window() {
        // A browser that allows no new tabs shows that itself.
        let _ = window.open_with_url_and_target_and_features(href, "_blank", "noopener");
    }
}

/// What has the focus now.
#[must_use]
pub fn focused() -> Option<Element> {
    document()?.active_element()
}

/// Puts a text on the clipboard, and returns afterwards whether that worked.
pub async fn copy(text: String) -> bool {
    let Some(window) = window() else { return false };
    let clipboard = window.navigator().clipboard();
    // Pages that are not served securely have no clipboard at all.
    if clipboard.is_undefined() {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text)).await.is_ok()
}

/// Starts the page anew at the address that it has.
pub fn reload() {
    if let Some(window) = window() {
        // Fails only where the page is being left already.
        let _ = window.location().reload();
    }
}

/// Gives a text to the reader as a file. The link is no part of the document, so what it holds is not there to be seen.
pub fn download(name: &str, media_type: &str, text: &str) {
    let link = document().and_then(|document| document.create_element("a").ok());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) else { return };
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(&[media_type, ";charset=utf-8"].concat());
    let parts = js_sys::Array::of1(&text.into());
    let address = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options)
        .and_then(|blob| web_sys::Url::create_object_url_with_blob(&blob));
    let Ok(address) = address else { return };
    // Fails only for names that are no attribute's.
    let _ = link.set_attribute("download", name).and_then(|()| link.set_attribute("href", &address));
    link.click();
    // The browser has begun to read it by then.
    let release = move || drop(web_sys::Url::revoke_object_url(&address));
    gloo_timers::callback::Timeout::new(60_000, release).forget();
}

/// The browser's notifications, where it has any.
fn notifications() -> Option<js_sys::Function> {
    js_sys::Reflect::get(&window()?.into(), &"Notification".into()).ok()?.dyn_into().ok()
}

/// Whether the page may notify.
#[must_use]
pub fn may_notify() -> bool {
    let state = notifications().and_then(|of| js_sys::Reflect::get(&of, &"permission".into()).ok());
    state.and_then(|state| state.as_string()).as_deref() == Some("granted")
}

/// Asks whether the page may notify. Browsers ask whoever looks, and only after a click.
pub async fn ask_to_notify() -> bool {
    let ask = || {
        let of = notifications()?;
        let ask: js_sys::Function = js_sys::Reflect::get(&of, &"requestPermission".into()).ok()?.dyn_into().ok()?;
        ask.call0(&of).ok()?.dyn_into::<js_sys::Promise>().ok()
    };
    if let Some(answer) = ask() {
        // What is refused is no permission.
        let _ = wasm_bindgen_futures::JsFuture::from(answer).await;
    }
    may_notify()
}

/// Notifies, if the page may. One takes the place of another with the same tag.
pub fn notify(title: &str, body: &str, tag: &str) {
    let Some(of) = notifications().filter(|_| may_notify()) else { return };
    let options = js_sys::Object::new();
    for (key, value) in [("body", body), ("tag", tag), ("icon", "favicon.svg")] {
        // Fails only for what is no object.
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    // Some browsers have it for workers alone, and label it as such.by an error.
    let _ = js_sys::Reflect::construct(&of, &js_sys::Array::of2(&title.into(), &options));
}

/// Leaves a text for `start.js`, under a name. Never anything secret.
pub fn leave_word(name: &str, text: &str) {
    if let Some(window) = window() {
        // Fails only where the window cannot be changed.
        let _ = js_sys::Reflect::set(&window, &name.into(), &text.into());
    }
}
