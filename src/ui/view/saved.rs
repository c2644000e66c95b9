//! The menu of views under a name.

use super::{
    ViewContext,
    parts::{button, copy_button, icon},
};
use crate::{
    config::SavedView,
    text::saved as words,
    ui::{
        action::{Action, Change, SavedAction},
        html::{Element, el},
    },
};

/// What the menu shows.
pub struct SavedViews {
    /// Those of `config.json`.
    pub of_site: Vec<SavedView>,
    /// Those of this device.
    pub of_device: Vec<SavedView>,
    /// Whose changes `@me` means.
    pub me: String,
    /// The address of what is shown.
    pub link: String,
    /// Whether notifications are wanted and allowed.
    pub notifies: bool,
    /// They are wanted and not allowed.
    pub is_refused: bool,
}

pub(super) fn panel(view: &SavedViews, context: &ViewContext) -> Element {
    let is_empty = view.of_site.is_empty() && view.of_device.is_empty();
    let name = el("input")
        .class("menu__find")
        .set("type", "text")
        .set("maxlength", "80")
        .set("placeholder", words::NAME)
        .set("aria-label", words::NAME);
    let save = el("button").set("type", "submit").class("button").text(words::SAVE);
    let form = el("form").class("saved__form").on(Action::Saved(SavedAction::Save)).child(name).child(save);
    let me = el("input")
        .class("menu__find")
        .set("type", "text")
        .set("maxlength", "120")
        .set("autocomplete", "name")
        .set("value", view.me.clone())
        .on(Action::Saved(SavedAction::Me));
    let me = el("label").class("saved__me").child(el("span").text(words::ME)).child(me);
    let notify = button("button", Action::Saved(SavedAction::Notify))
        .set("aria-pressed", view.notifies.to_string())
        .text(words::NOTIFY);
    let refused = if view.is_refused { words::NOT_ALLOWED } else { "" };
    el("div")
        .children(is_empty.then(|| el("p").class("menu__note").text(words::NONE)))
        .children(list(words::OF_SITE, &view.of_site, false, context))
        .children(list(words::OF_DEVICE, &view.of_device, true, context))
        .child(form)
        .child(el("p").class("menu__note").text(words::WHAT))
        .child(copy_button(view.link.clone(), words::LINK, words::COPY_LINK, context))
        .child(me)
        .child(notify)
        .child(el("p").class("menu__note").set("role", "status").text(refused))
}

fn list(title: &'static str, views: &[SavedView], is_own: bool, context: &ViewContext) -> Option<Element> {
    let item = |view: &SavedView| {
        let link = context.link("saved__view", Change::Saved(view.query.clone())).text(view.name.to_string());
        let remove = is_own.then(|| {
            button("button button--bare", Action::Saved(SavedAction::Remove(view.name.clone())))
                .set("aria-label", words::remove(&view.name))
                .child(icon("icon icon--close"))
        });
        el("li").key(&view.name).set("data-view-name", view.name.to_string()).child(link).children(remove)
    };
    (!views.is_empty()).then(|| {
        let list = el("ul").class("choices").set("aria-label", title).children(views.iter().map(item));
        el("div").key(title).child(el("p").class("menu__note").text(title)).child(list)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::view::fixtures::context;

    #[test]
    fn views_lead_to_what_they_name_and_own_ones_can_be_removed() {
        let view = |name: &str, query: &str| SavedView { name: name.into(), query: query.into() };
        let saved = SavedViews {
            of_site: vec![view("Failures", "view=deployments&status=failed")],
            of_device: vec![view("Mine", "author=@me")],
            me: "Mara".to_owned(),
            link: String::new(),
            notifies: false,
            is_refused: false,
        };
        let markup = panel(&saved, &context()).to_markup();
        assert!(markup.contains(r#"href="?view=deployments&amp;status=failed""#), "{markup}");
        assert!(markup.contains(r#"href="?author=@me""#), "{markup}");
        assert_eq!(markup.matches("aria-label=\"Remove view").count(), 1, "{markup}");
    }
}
