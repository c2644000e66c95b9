//! What drawing calls thousands of times, as directly as the browser allows: nothing is given back that is not wanted,
//! no error is caught that only a wrong name of a tag or an attribute could make, and a text of the program's own is
//! decoded once.

use std::cell::RefCell;

use js_sys::JsString;
use rustc_hash::FxHashMap;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::{Element, Node};

#[wasm_bindgen]
extern "C" {
    /// A node, for methods that `web_sys` declares in another way.
    type Plain;

    #[wasm_bindgen(js_namespace = document, js_name = createElement)]
    fn create_element(tag: &JsString) -> Element;

    #[wasm_bindgen(js_namespace = document, js_name = createElementNS)]
    fn create_element_of(language: &JsString, tag: &JsString) -> Element;

    #[wasm_bindgen(js_namespace = document, js_name = createTextNode)]
    fn create_text_node(text: &JsString) -> Node;

    #[wasm_bindgen(method, js_name = setAttribute)]
    fn set_attribute(this: &Plain, name: &JsString, value: &JsString);

    #[wasm_bindgen(method, js_name = appendChild)]
    fn append_child(this: &Plain, child: &Node);
}

thread_local! {
    /// By where it lies in memory, which is for ever the same.
    static KNOWN: RefCell<FxHashMap<(usize, usize), JsString>> = RefCell::default();
}

/// A text of the program's own as the browser has it.
#[must_use]
pub fn known(text: &'static str) -> JsString {
    let place = (text.as_ptr() as usize, text.len());
    KNOWN.with_borrow_mut(|known| known.entry(place).or_insert_with(|| JsString::from(text)).clone())
}

/// An element of HTML.
#[must_use]
pub fn create(tag: &'static str) -> Element {
    create_element(&known(tag))
}

/// An element of another language, which an address names.
#[must_use]
pub fn create_of(language: &'static str, tag: &'static str) -> Element {
    create_element_of(&known(language), &known(tag))
}

/// A text in the document.
#[must_use]
pub fn create_text(text: &JsString) -> Node {
    create_text_node(text)
}

/// Sets an attribute.
pub fn set_attribute(element: &Element, name: &'static str, value: &JsString) {
    element.unchecked_ref::<Plain>().set_attribute(&known(name), value);
}

/// Adds a last child.
pub fn append(parent: &Node, child: &Node) {
    parent.unchecked_ref::<Plain>().append_child(child);
}
