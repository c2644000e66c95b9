//! Small pieces that know a value or two and no more.

use std::cell::RefCell;

use crate::{
    domain::{deployment::Status, link::Link, person::Person, pull_request::PullRequest},
    text::{self, parts as words},
    ui::{
        action::Action,
        html::{Element, Html, Text, el},
        view::ViewContext,
    },
};

/// An icon, which adds nothing to the words beside it.
#[must_use]
pub fn icon(class: &'static str) -> Element {
    el("i").class(class).set("aria-hidden", "true")
}

/// What only screen readers say.
#[must_use]
pub fn unseen(words: impl Into<Text>) -> Element {
    el("span").class("unseen").text(words)
}

/// A state: its icon, drawn by the style sheet, and its word.
#[must_use]
pub fn state(status: Status) -> Element {
    el("span").class("state").set("data-status", status.as_str()).text(text::status(status))
}

/// A person: picture or initials, and name. A picture that cannot be had leaves the initials that lie under it.
#[must_use]
pub fn person(person: &Person) -> Element {
    let name = el("span").class("who__name").text(person.name.to_string());
    el("span").class("who").set("title", contact(person)).child(avatar(person)).child(name)
}

/// A person's name and address.
#[must_use]
pub fn contact(person: &Person) -> String {
    match &person.email {
        Some(email) => format!("{}, {email}", person.name),
        None => person.name.to_string(),
    }
}

thread_local! {
    static PICTURE_ORIGINS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Sets where people's pictures may come from: rows and forges name any address, and each is fetched by whoever looks.
/// Until it is set, from nowhere.
pub fn allow_pictures_from(origins: Vec<String>) {
    PICTURE_ORIGINS.set(origins);
}

/// Whether a picture may be fetched.
#[must_use]
pub fn may_show(image: &Link) -> bool {
    PICTURE_ORIGINS.with_borrow(|all| all.contains(&image.origin()))
}

/// A person's picture, or initials.
#[must_use]
pub fn avatar(person: &Person) -> Element {
    let picture = person.image.as_ref().filter(|image| may_show(image)).map(|image| {
        let image = image.as_str().to_owned();
        // An element that is used again for somebody else goes on showing the first one's face until the other's is
        // there. But its address changes, and with that it gets the attribute anew. The attribute comes before the
        // address: a browser may fetch it as soon as it has that.
        el("img")
            .set("referrerpolicy", "no-referrer")
            .set("crossorigin", "anonymous")
            .set("alt", "")
            .set("loading", "lazy")
            .set("data-loading", image.clone())
            .set("src", image)
            .on(Action::Picture)
    });
    el("span")
        .class("avatar")
        .set("--hue", person.hue().to_string())
        .set("aria-hidden", "true")
        .text(person.initials())
        .children(picture)
}

/// A link that opens elsewhere.
#[must_use]
pub fn outside(class: &'static str, link: &Link) -> Element {
    el("a").class(class).set("href", link.as_str().to_owned()).set("target", "_blank").set("rel", "noopener noreferrer")
}

/// A text, and a link that opens elsewhere where there is somewhere to go.
#[must_use]
pub fn maybe_outside(link: Option<&Link>, label: String) -> Html {
    match link {
        Some(link) => outside("outside", link).text(label).into(),
        None => label.into(),
    }
}

/// A pull request's number.
#[must_use]
pub fn pull_request(pr: &PullRequest) -> Html {
    maybe_outside(pr.link.as_ref(), format!("#{}", pr.id))
}

/// A button that copies `text`, which `what` names.
#[must_use]
pub fn copy_button(text: String, what: &str, label: &'static str, context: &ViewContext) -> Element {
    copy_button_of(Action::Copy(text.clone()), what, label, &text, context)
}

/// A button that copies what is made only when somebody asks for it. `mark` is how [`ViewContext::copied`] names it.
#[must_use]
pub fn copy_button_of(action: Action, what: &str, label: &'static str, mark: &str, context: &ViewContext) -> Element {
    let done = context.copied.as_ref().filter(|(copied, _)| copied == mark).map(|(_, worked)| *worked);
    let sentence = match done {
        None => label,
        Some(true) => words::COPIED,
        Some(false) => words::NOT_ALLOWED,
    };
    el("button")
        .set("type", "button")
        .class("copy")
        .set("aria-label", words::copy(what))
        .maybe("data-done", done.map(|done| done.to_string()))
        .on(action)
        .child(icon("icon icon--copy"))
        .child(el("span").set("aria-live", "polite").text(sentence))
}

/// A button that is only an icon, and its name.
#[must_use]
pub fn icon_button(icon_class: &'static str, name: impl Into<Text>, action: Action) -> Element {
    let name = name.into();
    button("button button--bare", action).set("title", name.clone()).set("aria-label", name).child(icon(icon_class))
}

/// A button.
#[must_use]
pub fn button(class: &'static str, action: Action) -> Element {
    el("button").set("type", "button").class(class).on(action)
}

/// What was just done, for everybody.
#[must_use]
pub fn notice_line(notice: impl Into<Text>) -> Element {
    el("span").class("credential__notice").set("role", "status").text(notice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_come_from_allowed_hosts_alone() {
        #[track_caller]
        fn check(image: &str, is_shown: bool) {
            let person = Person { name: "Mara Lind".into(), email: None, image: Link::new(image), url: None };
            let markup = avatar(&person).to_markup();
            assert_eq!(markup.contains("<img"), is_shown, "{markup}");
            assert!(markup.contains("ML"));
            if is_shown {
                let (before, _) = markup.split_once(" src=").unwrap();
                assert!(before.contains("crossorigin=\"anonymous\"") && before.contains("no-referrer"), "{markup}");
            }
        }
        check("https://avatars.example/u/1", false);
        allow_pictures_from(vec!["https://avatars.example".into(), "http://127.0.0.1:8080".into()]);
        check("https://avatars.example/u/1?s=40", true);
        check("HTTPS://Avatars.Example/u/1", true);
        check("http://127.0.0.1:8080/me.png", true); // the page's own
        check("http://avatars.example/u/1", false);
        check("http://192.168.0.1/reboot", false);
        check("https://avatars.example.evil.example/u/1", false);
        check("https://avatars.example@evil.example/u/1", false);
        check("https://avatars.example:8443/u/1", false);
    }
}
