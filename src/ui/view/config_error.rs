//! A configuration that cannot be used, or did not come: the whole page, because nothing else could be right.

use super::{ViewContext, problems::problems};
use crate::{
    domain::problem::Problem,
    text::config as words,
    ui::html::{Element, Html, el},
};

/// Names every key that is wrong, what it holds and what is allowed.
#[must_use]
pub fn invalid(all: &[Problem], context: &ViewContext) -> Html {
    let schema = el("a").set("href", "config.schema.json").text("config.schema.json");
    let about = el("p").text(words::WHERE).child(schema).text(".");
    whole("config-error", words::INVALID.to_owned(), Some(about), all, context)
}

/// Shows what did not come, why, and when it is requested again.
#[must_use]
pub fn unavailable(what: &str, problem: &Problem, context: &ViewContext) -> Html {
    whole("config-unavailable", words::unavailable(what), None, std::slice::from_ref(problem), context)
}

fn whole(word: &'static str, title: String, about: Option<Element>, all: &[Problem], context: &ViewContext) -> Html {
    el("main")
        .class("whole")
        .set("data-view", word)
        .child(el("h1").text(title))
        .children(about)
        .child(problems(all, context))
        .child(el("p").child(el("a").class("button").set("href", "?demo").text(words::SAMPLE)))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::problem::{Area, ProblemKind},
        ui::view::fixtures::context,
    };

    #[test]
    fn names_the_key_and_where_to_read_on() {
        let problem = Problem::error(Area::Config, ProblemKind::Unreadable, "titel is wrong.", "Allowed: title.");
        let markup = invalid(&[problem], &context()).to_string();
        for part in ["data-view=\"config-error\"", "titel is wrong.", "Allowed: title.", "config.schema.json", "?demo"]
        {
            assert!(markup.contains(part), "no {part} in {markup}");
        }
    }
}
