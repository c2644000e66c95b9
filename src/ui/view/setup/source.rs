//! One source of rows or facts: a line with its state, and behind it what it is for and its credential.

use crate::{
    domain::{link::Link, problem::Problem},
    text::{connections as words, parts},
    ui::{
        action::{Action, CredentialOf, SetupAction},
        html::{Element, Html, el},
        view::{
            ViewContext,
            header::SourceState,
            parts::{button, copy_button, notice_line, outside, unseen},
            problems::problems,
        },
    },
};

/// A source.
pub struct SourceView {
    /// Which.
    pub of: CredentialOf,
    /// Its name and address.
    pub title: String,
    /// How it is.
    pub state: SourceState,
    /// The same in words: when it last answered, how long that took, what is left, when its credential ends.
    pub line: Vec<String>,
    /// What it is.
    pub facts: Vec<(&'static str, Fact)>,
    /// What is wrong with it, besides what stands above every view.
    pub problems: Vec<Problem>,
    /// The credential that it may need.
    pub credential: Option<CredentialView>,
    /// Whether its details are shown when the view is opened.
    pub is_open: bool,
}

/// A state's word in the page's hooks (`data-source-state`), and what it is called.
const fn state_words(state: SourceState) -> (&'static str, &'static str) {
    match state {
        SourceState::Good => ("succeeded", words::WORKING),
        SourceState::Warned => ("incomplete", words::ATTENTION),
        SourceState::Failed => ("failed", words::FAILING),
        SourceState::Unknown => ("unknown", words::NO_ANSWER),
    }
}

/// One thing to know of a source.
pub enum Fact {
    /// A text.
    Text(String),
    /// A name.
    Code(String),
    /// Several texts.
    List(Vec<String>),
    /// A time that runs down, on the credential's last day.
    Countdown(String),
    /// What a token must be allowed, in the service's words; what these are, and where tokens are made.
    Scopes(Vec<&'static str>, &'static str, Option<Link>),
}

/// How long a typed credential lasts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Held {
    /// Until the page is left: this browser keeps nothing.
    Page,
    /// Until the tab is closed.
    Tab,
    /// Until it is removed.
    Device,
    /// Until somebody signs out.
    SignedIn,
}

impl Held {
    /// In words.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Page => words::HELD_PAGE,
            Self::Tab => words::HELD_TAB,
            Self::Device => words::HELD_DEVICE,
            Self::SignedIn => words::HELD_SIGNED_IN,
        }
    }
}

/// The field for a credential. What was typed is never put back into the page.
pub struct CredentialView {
    /// Unlike that of any other field.
    pub id: String,
    /// What it is.
    pub label: String,
    /// Whom it is for.
    pub origin: String,
    /// What one looks like.
    pub placeholder: &'static str,
    /// How long the one that was typed lasts.
    pub held: Option<Held>,
    /// Whether the next one is to be kept on the device.
    pub is_for_device: bool,
    /// What to know before typing.
    pub note: String,
    /// A command that makes one.
    pub command: Option<String>,
    /// What came of what was typed, and whether it was wrong.
    pub notice: Option<(String, bool)>,
    /// For what can be tested: the last test.
    pub test: Option<Option<TestView>>,
}

/// A test of a credential.
pub struct TestView {
    /// Its word in the page's hooks (`data-tested`).
    pub word: &'static str,
    /// What it came to.
    pub what: String,
    /// What to do.
    pub hint: String,
}

/// A source.
#[must_use]
pub fn source(view: &SourceView, context: &ViewContext) -> Element {
    let (word, name) = state_words(view.state);
    let summary = el("summary")
        .class("source__line")
        .child(el("span").class("state").set("data-status", word).child(unseen(format!("{name}: "))))
        .child(el("h2").text(view.title.clone()))
        .child(el("span").class("source__says").text(view.line.join(" · ")));
    let facts = view
        .facts
        .iter()
        .map(|(what, fact)| el("div").key(what).child(el("dt").text(*what)).child(el("dd").children(fact_of(fact))));
    let body = el("div")
        .class("source__body")
        .child(el("dl").class("facts").children(facts))
        .child(problems(&view.problems, context))
        .children(view.credential.as_ref().map(|credential| credential_form(credential, view.of, context)));
    el("section")
        .key(view.of)
        .class("connection connection--source")
        .set("data-source-state", word)
        .child(el("details").flag("open", view.is_open).child(summary).child(body))
}

fn fact_of(fact: &Fact) -> Vec<Html> {
    match fact {
        Fact::Text(text) => vec![text.clone().into()],
        Fact::Code(text) => vec![el("code").text(text.clone()).into()],
        Fact::List(all) => vec![el("ul").children(all.iter().map(|one| el("li").text(one.clone()))).into()],
        Fact::Countdown(text) => {
            vec![el("span").set("role", "timer").class("countdown").text(text.clone()).into()]
        }
        Fact::Scopes(scopes, kind, page) => {
            let scopes = scopes.iter().map(|scope| el("code").class("scope").text(*scope).into());
            let kind = el("span").class("scope__kind").text(*kind);
            let page = page.as_ref().map(|page| outside("outside", page).text(words::CREATE).into());
            scopes.chain([kind.into(), " ".into()]).chain(page).collect()
        }
    }
}

fn credential_form(view: &CredentialView, of: CredentialOf, context: &ViewContext) -> Element {
    let note_id = format!("{}-note", view.id);
    let is_wrong = view.notice.as_ref().is_some_and(|(_, is_wrong)| *is_wrong);
    let input = el("input")
        .set("id", view.id.clone())
        .set("type", "password")
        .set("autocomplete", "off")
        .set("spellcheck", "false")
        .set("data-credential", view.origin.clone())
        .set("placeholder", view.placeholder)
        .set("aria-describedby", note_id.clone())
        .maybe("aria-invalid", is_wrong.then_some("true"));
    let keep = el("label").class("choice").child(
        el("input")
            .set("type", "checkbox")
            .checked(view.is_for_device)
            .on(Action::Setup(SetupAction::KeepOnDevice(of))),
    );
    let remove = view
        .held
        .filter(|held| *held != Held::SignedIn)
        .map(|_| button("button", Action::Setup(SetupAction::Remove(of))).key("remove").text(words::REMOVE));
    // Not disabled while it runs: a button that leaves the keyboard's order loses the focus.
    let test = view.test.as_ref().map(|test| {
        let is_running = test.as_ref().is_some_and(|test| test.word == "running");
        button("button", Action::Setup(SetupAction::Test(of)))
            .key("test")
            .maybe("aria-disabled", is_running.then_some("true"))
            .text(words::TEST)
    });
    let tested = view.test.as_ref().map(|test| {
        let notice = test
            .as_ref()
            .map(|test| el("span").child(el("b").text(test.what.clone())).text(" ").text(test.hint.clone()));
        el("p")
            .key("tested")
            .class("tested")
            .set("role", "status")
            .maybe("data-tested", test.as_ref().map(|test| test.word))
            .children(notice)
    });
    let notice = notice_line(view.notice.as_ref().map(|(sentence, _)| sentence.clone()).unwrap_or_default());
    let actions = el("div")
        .class("credential__do")
        .child(keep.text(words::KEEP))
        .child(el("button").class("button button--main").text(words::SAVE))
        .children(remove)
        .children(test)
        .children(tested)
        .child(notice.key("notice"));
    let command = view.command.as_ref().map(|command| command_of(command, parts::COMMAND, context));
    el("form")
        .class("credential")
        .set("autocomplete", "off")
        .on(Action::Setup(SetupAction::Save(of)))
        .child(el("label").set("for", view.id.clone()).text(view.label.clone()))
        .child(input)
        .child(actions)
        .child(el("p").class("credential__note").set("id", note_id).text(view.note.clone()))
        .children(command)
}

pub(super) fn command_of(command: &str, what: &str, context: &ViewContext) -> Element {
    el("div").class("problem__command").child(el("code").text(command.to_owned())).child(copy_button(
        command.to_owned(),
        what,
        parts::COPY,
        context,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::view::fixtures::context;

    fn credential() -> CredentialView {
        CredentialView {
            id: "token-0".into(),
            label: "Access token for https://gitlab.com".into(),
            origin: "https://gitlab.com".into(),
            placeholder: "glpat-…",
            held: None,
            is_for_device: false,
            note: "It stays in this browser.".into(),
            command: None,
            notice: None,
            test: Some(None),
        }
    }

    fn view(credential: CredentialView) -> SourceView {
        SourceView {
            of: CredentialOf::Forge(0),
            title: "GitLab: https://gitlab.com".into(),
            state: SourceState::Good,
            line: vec!["answered 5 s ago".into(), "83 ms".into()],
            facts: vec![("Token", Fact::Text("none".into()))],
            problems: Vec::new(),
            credential: Some(credential),
            is_open: true,
        }
    }

    #[track_caller]
    fn check(view: &SourceView, holds: &[&str], not: &[&str]) {
        let markup = source(view, &context()).to_markup();
        holds.iter().for_each(|part| assert!(markup.contains(part), "no {part} in {markup}"));
        not.iter().for_each(|part| assert!(!markup.contains(part), "{part} in {markup}"));
    }

    #[test]
    fn one_line_shows_how_it_is() {
        check(
            &view(credential()),
            &["answered 5 s ago · 83 ms", "Working: ", "data-source-state=\"succeeded\"", "<details open>"],
            &["Remove", "aria-invalid", "data-tested"],
        );
    }

    #[test]
    fn a_credential_can_be_tested_and_removed() {
        let test = TestView { word: "failed", what: "GitLab refuses the token.".into(), hint: "Make another.".into() };
        let credential = CredentialView {
            held: Some(Held::Tab),
            notice: Some(("Not a token.".into(), true)),
            test: Some(Some(test)),
            ..credential()
        };
        check(
            &view(credential),
            &[
                "data-tested=\"failed\"",
                "<b>GitLab refuses the token.</b> Make another.",
                "Remove",
                "aria-invalid=\"true\"",
            ],
            &[" value="],
        );
    }
}
