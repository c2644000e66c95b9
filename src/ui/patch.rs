//! Makes the document equal to what a view describes. What is equal already is left alone, and with it its focus, its
//! selection and how far it is scrolled.
//!
//! Each node of a description is one node of the document. Among the children of one parent a node is the same as
//! before if it has the same tag and the same key.

use std::{borrow::Cow, cell::RefCell, collections::VecDeque};

use js_sys::JsString;
use leptos::{reactive::effect::RenderEffect, tachys::dom::document};
use rustc_hash::FxHashMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement, Node};

use super::{
    action::Action,
    html::{Element, Html, Text, el, is_read},
};
use crate::{
    text::visible::visible,
    web::{dom, page},
};

type Attributes = Vec<(&'static str, Text)>;

/// What is in the document: a node, and the description that it was made equal to.
enum Mounted {
    Text(Node, Text),
    Element(Box<MountedElement>),
    Live(&'static str, RenderEffect<Mounted>),
}

struct MountedElement {
    node: web_sys::Element,
    tag: &'static str,
    key: Option<u64>,
    attributes: Attributes,
    action: Option<ActionId>,
    children: Vec<Mounted>,
}

/// An element of that name; drawings have names of their own, in a space of their own.
fn create(tag: &'static str) -> web_sys::Element {
    match tag {
        "svg" | "defs" | "pattern" | "path" | "rect" | "text" => dom::create_of("http://www.w3.org/2000/svg", tag),
        _ => dom::create(tag),
    }
}

/// A text as the document has it.
fn shown(text: &Text, is_read: bool) -> JsString {
    let shown = if is_read { visible(text) } else { Cow::Borrowed(&**text) };
    match (text, shown) {
        (Cow::Borrowed(text), Cow::Borrowed(_)) => dom::known(text),
        (_, shown) => JsString::from(&*shown),
    }
}

/// What decides whether two children are the same: the tag or name, and the key.
type Identity = (&'static str, Option<u64>);

fn identity(html: &Html) -> Identity {
    match html {
        Html::Text(_) => ("", None),
        Html::Element(element) => (element.tag, element.key),
        Html::Live(live) => (live.name, None),
        Html::Unchanged(kept) => (kept.tag, Some(kept.key)),
    }
}

impl Mounted {
    fn build(html: Html) -> Self {
        match html {
            Html::Text(text) => Self::Text(dom::create_text(&shown(&text, true)), text),
            Html::Live(live) => Self::Live(
                live.name,
                RenderEffect::new(move |drawn: Option<Self>| {
                    let html = (live.view)();
                    match drawn {
                        Some(mut drawn) => {
                            drawn.patch(html);
                            drawn
                        }
                        None => Self::build(html),
                    }
                }),
            ),
            Html::Element(element) => Self::Element(Box::new(MountedElement::build(*element))),
            // It was there when it was described; now it is empty until it is described anew.
            Html::Unchanged(kept) => Self::Element(Box::new(MountedElement::build(el(kept.tag)))),
        }
    }

    /// Puts it behind what that element holds.
    fn append_to(&self, parent: &Node) {
        match self {
            Self::Text(node, _) => dom::append(parent, node),
            Self::Element(element) => dom::append(parent, &element.node),
            Self::Live(_, effect) => {
                let _ = effect.with_value_mut(|drawn| drawn.append_to(parent));
            }
        }
    }

    /// Its node. A live part may have another one after each time that it was drawn.
    fn node(&self) -> Option<Node> {
        match self {
            Self::Text(node, _) => Some(node.clone()),
            Self::Element(element) => Some(element.node.clone().into()),
            Self::Live(_, effect) => effect.with_value_mut(|drawn| drawn.node()).flatten(),
        }
    }

    fn identity(&self) -> Identity {
        match self {
            Self::Text(..) => ("", None),
            Self::Element(element) => (element.tag, element.key),
            Self::Live(name, _) => (name, None),
        }
    }

    /// Makes it equal to another description.
    fn patch(&mut self, html: Html) {
        match (&mut *self, html) {
            (Self::Text(node, text), Html::Text(new)) => {
                if *text != new {
                    node.set_node_value(Some(&visible(&new)));
                    *text = new;
                }
            }
            (Self::Live(name, _), Html::Live(live)) if *name == live.name => {}
            (Self::Element(old), Html::Unchanged(kept)) => kept.without.into_iter().for_each(|name| old.lose(name)),
            (Self::Element(old), Html::Element(new)) if old.tag == new.tag && old.key == new.key => old.patch(*new),
            (_, html) => {
                let new = Self::build(html);
                if let (Some(old), Some(node)) = (self.node(), new.node())
                    && let Some(parent) = old.parent_node()
                {
                    // Fails only for a node that is not there.
                    let _ = parent.replace_child(&node, &old);
                }
                *self = new;
            }
        }
    }
}

impl MountedElement {
    fn build(element: Element) -> Self {
        let Element { tag, key, attributes, action, children } = element;
        let node = create(tag);
        let children: Vec<Mounted> = children.into_iter().map(Mounted::build).collect();
        children.iter().for_each(|child| child.append_to(&node));
        // After the children: a list takes a value only if one of its options has it.
        for (name, value) in &attributes {
            set(&node, name, value);
        }
        let action = action.map(|action| ActionId::new(&node, action));
        Self { node, tag, key, attributes, action, children }
    }

    fn patch(&mut self, new: Element) {
        self.patch_children(new.children);
        self.patch_attributes(new.attributes);
        match (&self.action, new.action) {
            (Some(id), Some(action)) => id.replace(action),
            (_, action) => self.action = action.map(|action| ActionId::new(&self.node, action)),
        }
    }

    fn lose(&mut self, name: &'static str) {
        self.attributes.retain(|(old, _)| *old != name);
        unset(&self.node, name);
    }

    fn patch_attributes(&mut self, new: Attributes) {
        for (name, _) in self.attributes.iter().filter(|(name, _)| !new.iter().any(|(n, _)| n == name)) {
            unset(&self.node, name);
        }
        for (at, (name, value)) in new.iter().enumerate() {
            // Nearly always the same ones come in the same order.
            let old = self.attributes.get(at).filter(|old| old.0 == *name);
            let old = old.or_else(|| self.attributes.iter().find(|old| old.0 == *name));
            if old.is_none_or(|old| old.1 != *value) || is_property(self.tag, name) {
                set(&self.node, name, value);
            }
        }
        self.attributes = new;
    }

    fn patch_children(&mut self, new: Vec<Html>) {
        let same = |old: &Mounted, new: &Html| old.identity() == identity(new);
        // As a rule nothing has come, gone or changed its place.
        if self.children.len() == new.len() && self.children.iter().zip(&new).all(|(old, new)| same(old, new)) {
            self.children.iter_mut().zip(new).for_each(|(old, new)| old.patch(new));
            return;
        }
        let mut by_identity: FxHashMap<Identity, VecDeque<usize>> = FxHashMap::default();
        for (at, child) in self.children.iter().enumerate() {
            by_identity.entry(child.identity()).or_default().push_back(at);
        }
        let mut old: Vec<Option<Mounted>> = std::mem::take(&mut self.children).into_iter().map(Some).collect();
        // Each child, and the place that it had before.
        let next: Vec<(Mounted, Option<usize>)> = new
            .into_iter()
            .map(|html| {
                let at = by_identity.get_mut(&identity(&html)).and_then(VecDeque::pop_front);
                match at.and_then(|at| old.get_mut(at)?.take()) {
                    Some(mut child) => {
                        child.patch(html);
                        (child, at)
                    }
                    None => (Mounted::build(html), None),
                }
            })
            .collect();
        for gone in old.iter().flatten().filter_map(Mounted::node) {
            let _ = self.node.remove_child(&gone);
        }
        drop(old);
        let focused = page::focused();
        let stays = longest_rising(&next.iter().map(|(_, at)| *at).collect::<Vec<_>>());
        let mut before: Option<Node> = None;
        for (child, stays) in next.iter().map(|(child, _)| child).zip(stays).rev() {
            let Some(node) = child.node() else { continue };
            if !stays {
                let _ = self.node.insert_before(&node, before.as_ref());
            }
            before = Some(node);
        }
        self.children = next.into_iter().map(|(child, _)| child).collect();
        // What is moved loses the focus.
        if let Some(focused) = focused
            && page::focused().as_ref() != Some(&focused)
            && focused.is_connected()
        {
            page::focus(&focused);
        }
    }
}

/// Which of these can stay where they are, so that the fewest have to be moved: those on the longest way through the
/// former places that only rises.
fn longest_rising(places: &[Option<usize>]) -> Vec<bool> {
    // For each length the child that ends a way of it with the lowest place, and for each child the one before it.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(places.len());
    for (child, place) in places.iter().enumerate() {
        let Some(place) = *place else {
            before.push(None);
            continue;
        };
        let length = ends.partition_point(|(end, _)| *end < place);
        before.push(length.checked_sub(1).and_then(|at| ends.get(at)).map(|(_, child)| *child));
        match ends.get_mut(length) {
            Some(end) => *end = (place, child),
            None => ends.push((place, child)),
        }
    }
    let mut stays = vec![false; places.len()];
    let mut child = ends.last().map(|(_, child)| *child);
    while let Some(at) = child {
        if let Some(stays) = stays.get_mut(at) {
            *stays = true;
        }
        child = before.get(at).copied().flatten();
    }
    stays
}

/// Whether people change it too.
fn is_property(tag: &str, name: &str) -> bool {
    matches!((tag, name), ("input", "value" | "checked") | ("select", "value"))
}

fn set(node: &web_sys::Element, name: &'static str, value: &Text) {
    if name.starts_with("--") {
        if let Some(element) = node.dyn_ref::<HtmlElement>() {
            let _ = element.style().set_property(name, value);
        }
    } else if let ("value", Some(input)) = (name, node.dyn_ref::<HtmlInputElement>()) {
        // Setting what it holds already would move the cursor.
        if input.value() != *value {
            input.set_value(value);
        }
    } else if let ("value", Some(list)) = (name, node.dyn_ref::<HtmlSelectElement>()) {
        list.set_value(value);
    } else if let ("checked", Some(input)) = (name, node.dyn_ref::<HtmlInputElement>()) {
        input.set_checked(value == "true");
    } else {
        dom::set_attribute(node, name, &shown(value, is_read(name)));
    }
}

fn unset(node: &web_sys::Element, name: &'static str) {
    if name.starts_with("--") {
        if let Some(element) = node.dyn_ref::<HtmlElement>() {
            let _ = element.style().remove_property(name);
        }
    } else {
        let _ = node.remove_attribute(name);
    }
}

/// Where an element's action is kept. The element has the number, as a property of this name.
struct ActionId(usize);

const PROPERTY: &str = "ringsideAction";

thread_local! {
    /// What is in the document's body.
    static SHOWN: RefCell<Vec<Mounted>> = const { RefCell::new(Vec::new()) };
    static ACTIONS: RefCell<(Vec<Option<Action>>, Vec<usize>)> = const { RefCell::new((Vec::new(), Vec::new())) };
}

impl ActionId {
    fn new(node: &web_sys::Element, action: Action) -> Self {
        let id = ACTIONS.with_borrow_mut(|(actions, free)| match free.pop() {
            Some(id) => {
                if let Some(place) = actions.get_mut(id) {
                    *place = Some(action);
                }
                id
            }
            None => {
                actions.push(Some(action));
                actions.len() - 1
            }
        });
        // Fails only for what cannot be changed.
        let _ = js_sys::Reflect::set(node, &dom::known(PROPERTY), &JsValue::from_f64(id as f64));
        Self(id)
    }

    fn replace(&self, action: Action) {
        ACTIONS.with_borrow_mut(|(actions, _)| {
            if let Some(place) = actions.get_mut(self.0) {
                *place = Some(action);
            }
        });
    }
}

impl Drop for ActionId {
    fn drop(&mut self) {
        ACTIONS.with_borrow_mut(|(actions, free)| {
            if let Some(place) = actions.get_mut(self.0) {
                *place = None;
            }
            free.push(self.0);
        });
    }
}

/// What an element is for.
pub(super) fn action_of(element: &web_sys::Element) -> Option<Action> {
    let id = js_sys::Reflect::get(element, &dom::known(PROPERTY)).ok()?.as_f64()?;
    ACTIONS.with_borrow(|(actions, _)| actions.get(id as usize).cloned().flatten())
}

/// Puts these into the document's body, in the place of what was put there before.
pub(super) fn show(views: Vec<Html>) {
    let Some(body) = document().body() else { return };
    let new: Vec<Mounted> = views.into_iter().map(Mounted::build).collect();
    for node in new.iter().filter_map(Mounted::node) {
        // Fails only where the node is above the body.
        let _ = body.append_child(&node);
    }
    for node in SHOWN.replace(new).iter().filter_map(Mounted::node) {
        let _ = body.remove_child(&node);
    }
}
