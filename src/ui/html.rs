//! What a view draws, as a plain value: elements with attributes, children, a key, and what pressing them does.
//!
//! A view is a function from what it shows to [`Html`]. It depends on no browser and no signals, so it is tested by the
//! markup it makes. `patch` makes the document equal to such a value and leaves alone what is equal already.
//!
//! ```
//! use ringside::ui::html::el;
//!
//! let cell = el("td").set("data-column", "service").child(el("b").text("api"));
//! assert_eq!(cell.to_markup(), r#"<td data-column="service"><b>api</b></td>"#);
//! ```

use std::{borrow::Cow, fmt, hash::Hash, sync::Arc};

use super::action::Action;
use crate::{model::kept::hash, text::visible::visible};

/// A text of the page: written in the program or made while it runs.
pub type Text = Cow<'static, str>;

/// One node of what a view draws.
pub enum Html {
    /// A text, which may be empty: a place where nothing is drawn now.
    Text(Text),
    /// An element.
    Element(Box<Element>),
    /// A part that is drawn anew by itself whenever a signal that it reads has changed.
    Live(Live),
    /// An element that is in the document already.
    Unchanged(Box<Unchanged>),
}

/// An element that stays as it is in the document, but for an attribute.
#[derive(Clone, Copy)]
pub struct Unchanged {
    /// Its name.
    pub tag: &'static str,
    /// The hash of its key.
    pub key: u64,
    /// The attribute that it loses, if it does.
    pub without: Option<&'static str>,
}

/// An element and all that belongs to it.
pub struct Element {
    pub(super) tag: &'static str,
    /// Distinguishes children of one parent when they come, go and change places.
    pub(super) key: Option<u64>,
    /// `value` and `checked` are the properties of these names, which people change too; what begins with `--` is a
    /// custom property of the element's style, as a strict policy allows no `style` attribute.
    pub(super) attributes: Vec<(&'static str, Text)>,
    /// What it is for, when something happens to it.
    pub(super) action: Option<Action>,
    pub(super) children: Vec<Html>,
}

/// A part of the page with a life of its own.
#[derive(Clone)]
pub struct Live {
    /// Two of the same name in one place are the same part: it goes on as it is. So the function must hold nothing but
    /// handles to what it reads.
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "only the browser's side compares it"))]
    pub(super) name: &'static str,
    pub(super) view: Arc<dyn Fn() -> Html + Send + Sync>,
}

/// An element without anything.
#[must_use]
pub fn el(tag: &'static str) -> Element {
    Element { tag, key: None, attributes: Vec::new(), action: None, children: Vec::new() }
}

/// A part that is drawn by itself.
pub fn live(name: &'static str, view: impl Fn() -> Html + Send + Sync + 'static) -> Html {
    Html::Live(Live { name, view: Arc::new(view) })
}

/// Nothing, where something may be at another time.
#[must_use]
pub const fn nothing() -> Html {
    Html::Text(Cow::Borrowed(""))
}

impl Element {
    /// Sets an attribute.
    #[must_use]
    pub fn set(mut self, name: &'static str, value: impl Into<Text>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// Sets an attribute if there is a value.
    #[must_use]
    pub fn maybe<T: Into<Text>>(self, name: &'static str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Sets an attribute without a value, or not.
    #[must_use]
    pub fn flag(self, name: &'static str, is_set: bool) -> Self {
        if is_set { self.set(name, "") } else { self }
    }

    /// Sets whether a box is checked.
    #[must_use]
    pub fn checked(self, is_checked: bool) -> Self {
        self.set("checked", if is_checked { "true" } else { "false" })
    }

    /// Sets the class, if it is one.
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        if class.is_empty() { self } else { self.set("class", class) }
    }

    /// Gives a key, by which it is distinguished from other children of its parent.
    #[must_use]
    pub fn key(mut self, key: impl Hash) -> Self {
        self.key = Some(hash(key));
        self
    }

    /// Sets what it is for.
    #[must_use]
    pub fn on(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }

    /// Adds a child.
    #[must_use]
    pub fn child(mut self, child: impl Into<Html>) -> Self {
        self.children.push(child.into());
        self
    }

    /// Adds several children, or one that may not be there.
    #[must_use]
    pub fn children<T: Into<Html>>(mut self, children: impl IntoIterator<Item = T>) -> Self {
        self.children.extend(children.into_iter().map(Into::into));
        self
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, text: impl Into<Text>) -> Self {
        self.children.push(Html::Text(text.into()));
        self
    }

    /// The markup of it, for tests.
    #[must_use]
    pub fn to_markup(self) -> String {
        Html::from(self).to_string()
    }
}

/// Whether people read the value of an attribute: no hook, and no address.
pub(super) fn is_read(attribute: &str) -> bool {
    matches!(attribute, "title" | "aria-label" | "alt" | "placeholder")
}

impl From<Element> for Html {
    fn from(element: Element) -> Self {
        Self::Element(Box::new(element))
    }
}

impl From<&'static str> for Html {
    fn from(text: &'static str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        match self {
            Self::Text(text) => f.write_str(&escape(&visible(text))),
            Self::Live(live) => (live.view)().fmt(f),
            Self::Unchanged(kept) => write!(f, "<{0}></{0}>", kept.tag),
            Self::Element(element) => {
                write!(f, "<{}", element.tag)?;
                for (name, value) in &element.attributes {
                    let shown = if is_read(name) { visible(value) } else { Cow::Borrowed(&**value) };
                    match (name.starts_with("--"), &*shown) {
                        (true, value) => write!(f, " style=\"{name}:{}\"", escape(value))?,
                        (_, "") => write!(f, " {name}")?,
                        (_, value) => write!(f, " {name}=\"{}\"", escape(value))?,
                    }
                }
                f.write_str(">")?;
                if matches!(element.tag, "input" | "col" | "img") {
                    return Ok(());
                }
                element.children.iter().try_for_each(|child| child.fmt(f))?;
                write!(f, "</{}>", element.tag)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup() {
        #[track_caller]
        fn check(element: Element, expect: &str) {
            assert_eq!(element.to_markup(), expect);
        }
        check(el("p"), "<p></p>");
        check(
            el("p").set("data-id", "\u{202e}a").set("title", "\u{202e}b").text("\u{200b}c"),
            "<p data-id=\"\u{202e}a\" title=\"\u{fffd}b\">\u{fffd}c</p>",
        );
        check(el("p").class("a").text("1 < 2 & \"3\""), "<p class=\"a\">1 &lt; 2 &amp; &quot;3&quot;</p>");
        check(el("p").set("title", "\"x\"").maybe("id", None::<String>), "<p title=\"&quot;x&quot;\"></p>");
        check(el("ul").children(["a", "b"].map(|t| el("li").key(t).text(t))), "<ul><li>a</li><li>b</li></ul>");
        check(
            el("input").checked(true).flag("hidden", false).flag("disabled", true),
            "<input checked=\"true\" disabled>",
        );
        check(el("i").set("--hue", "7").children(None::<Element>), "<i style=\"--hue:7\"></i>");
        check(el("div").child(live("x", || el("b").text("now").into())).child(nothing()), "<div><b>now</b></div>");
    }
}
