//! Signing in, and handing credentials from a window to the frame that opened it.

use crate::{
    text::connections as words,
    ui::{
        action::{Action, SetupAction},
        html::{Element, Html, el},
        view::parts::{button, notice_line},
    },
};

/// How it stands with one provider.
pub struct SignInView {
    /// What people call it.
    pub name: &'static str,
    /// What it signs in for.
    pub targets: Vec<String>,
    /// How it stands.
    pub state: SignInState,
}

/// How a sign-in stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignInState {
    /// Nobody is signed in.
    Out,
    /// It is under way.
    Busy,
    /// Somebody is.
    In,
}

/// What the window shows that a frame opened.
pub struct HandOverView {
    /// There is nothing to give yet.
    pub is_empty: bool,
    /// What came of it.
    pub notice: &'static str,
}

pub(super) fn sign_ins(views: &[SignInView]) -> Option<Element> {
    let cards = views.iter().enumerate().map(|(index, view)| sign_in(index, view));
    (!views.is_empty()).then(|| el("div").key("sign-in").class("sources").children(cards))
}

fn sign_in(index: usize, view: &SignInView) -> Element {
    let (word, sentence, action, label) = match view.state {
        SignInState::Out => ("out", words::SIGNED_OUT, SetupAction::SignIn(index), words::sign_in_with(view.name)),
        SignInState::Busy => ("busy", words::SIGNING_IN, SetupAction::SignIn(index), words::sign_in_with(view.name)),
        SignInState::In => ("in", words::SIGNED_IN, SetupAction::SignOut(index), words::SIGN_OUT.to_owned()),
    };
    let about = if view.targets.is_empty() {
        words::NOTHING_TO_READ.to_owned()
    } else {
        words::signs_in_for(&view.targets.join(", "))
    };
    let main = if view.state == SignInState::In { "button" } else { "button button--main" };
    let act = button(main, Action::Setup(action))
        .maybe("aria-disabled", (view.state == SignInState::Busy).then_some("true"))
        .text(label);
    el("section")
        .key(index)
        .class("connection")
        .set("data-sign-in", word)
        .child(el("h2").text(view.name))
        .child(el("p").text(about))
        .child(el("div").class("credential__do").child(act).child(notice_line(sentence)))
}

/// In a frame: the button that opens this view in a window.
#[must_use]
pub fn request_in_window(notice: &'static str) -> Html {
    let open = button("button button--main", Action::Setup(SetupAction::OpenWindow)).text(words::OPEN_WINDOW);
    let about = words::ABOUT_FRAME;
    el("section")
        .key("window")
        .class("connection")
        .set("data-window", "")
        .child(el("p").text(about))
        .child(el("div").class("credential__do").child(open).child(notice_line(notice)))
        .into()
}

/// In that window: the button that hands over.
pub(super) fn hand_over(view: &HandOverView) -> Element {
    let about = words::ABOUT_WINDOW;
    let give = button("button button--main", Action::Setup(SetupAction::HandOver))
        .maybe("aria-disabled", view.is_empty.then_some("true"))
        .text(words::HAND_OVER);
    el("section")
        .key("hand-over")
        .class("connection")
        .set("data-hand-over", "")
        .child(el("h2").text(words::FOR_FRAME))
        .child(el("p").text(about))
        .child(el("div").class("credential__do").child(give).child(notice_line(view.notice)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(state: SignInState, targets: &[&str], holds: &[&str]) {
        let view = SignInView { name: "Microsoft", targets: targets.iter().map(|t| (*t).to_owned()).collect(), state };
        let markup = sign_in(0, &view).to_markup();
        holds.iter().for_each(|part| assert!(markup.contains(part), "no {part} in {markup}"));
    }

    #[test]
    fn a_sign_in_shows_how_it_stands() {
        check(
            SignInState::Out,
            &["rows of trivia"],
            &["data-sign-in=\"out\"", "Sign in with Microsoft", "For rows of trivia."],
        );
        check(SignInState::Busy, &["x"], &["data-sign-in=\"busy\"", "aria-disabled=\"true\""]);
        check(SignInState::In, &["x"], &["data-sign-in=\"in\"", "Sign out"]);
        check(SignInState::Out, &[], &["Nothing in config.json can be read with it."]);
    }
}
