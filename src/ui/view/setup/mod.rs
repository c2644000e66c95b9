//! Connections: the guide to a configuration while there is none, then what this page reads, with which credential, and
//! what is wrong with it.

mod guide;
mod invitation;
mod sign_in;
mod source;

pub use self::{
    guide::{GuideView, ReadRow, RingChoice, RowsForm, guide},
    invitation::invitation,
    sign_in::{HandOverView, SignInState, SignInView, request_in_window},
    source::{CredentialView, Fact, Held, SourceView, TestView, source},
};

use super::{
    ViewContext,
    filters::{CountView, count},
    parts::{button, notice_line},
    problems::problems,
};
use crate::{
    domain::problem::Problem,
    text::connections as words,
    ui::{
        action::{Action, SetupAction},
        html::{Element, Html, el},
    },
};

/// What the view shows.
pub struct SetupView {
    /// How many deployments.
    pub count: CountView,
    /// What is to be known of `config.json`.
    pub warnings: Vec<Problem>,
    /// The guide, on a page without a configuration of its own.
    pub guide: Option<GuideView>,
    /// Where a project can be added to the configuration that the page has: what came of it.
    pub can_add: Option<String>,
    /// In the window that a frame opened.
    pub hand_over: Option<HandOverView>,
    /// Whom one can sign in with.
    pub sign_ins: Vec<SignInView>,
    /// Where rows and facts come from.
    pub sources: Vec<SourceView>,
    /// How many facts this browser keeps, where it keeps any kind of them; and the message after they were removed.
    pub cache: Option<(usize, &'static str)>,
}

/// The view.
#[must_use]
pub fn setup(view: &SetupView, context: &ViewContext) -> Html {
    let sources = view.sources.iter().map(|each| source(each, context));
    el("div")
        .class("setup")
        .child(el("div").class("unseen").child(count(view.count)))
        .child(problems(&view.warnings, context))
        .children(view.guide.as_ref().map(|view| guide(view, context)))
        .children(view.hand_over.as_ref().map(sign_in::hand_over))
        .children(sign_in::sign_ins(&view.sign_ins))
        .child(el("div").class("sources").children(sources))
        .children(view.cache.map(|(facts, notice)| cache(facts, notice)))
        .children(view.can_add.as_deref().map(guide::extension))
        .into()
}

fn cache(facts: usize, notice: &'static str) -> Element {
    let sentence = match facts {
        0 => words::EMPTY.to_owned(),
        n => words::kept(n),
    };
    let note = words::ABOUT_CACHE;
    let clear = button("button", Action::Setup(SetupAction::ClearCache))
        .maybe("aria-disabled", (facts == 0).then_some("true"))
        .text(words::CLEAR);
    el("section")
        .key("cache")
        .class("connection")
        .child(el("h2").text(words::CACHE))
        .child(el("p").text(sentence).text(note))
        .child(el("div").class("credential__do").child(clear).child(notice_line(notice)))
}
