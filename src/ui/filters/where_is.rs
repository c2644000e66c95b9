//! Where is it? What the search box names, before what it finds: in which rings and on which clusters that runs.

use leptos::prelude::*;

use crate::{
    model::{
        order::ordered,
        trace::{Fate, NAMELESS, TracedBy},
        wording::{self, changes},
    },
    text,
    ui::{
        links,
        parts::{person, pull_request},
        state::{ChangeView, PlaceView, Views},
    },
};

/// All that is shown of an answer.
#[derive(Clone, PartialEq)]
struct Answer {
    by: TracedBy,
    title: String,
    changes: Vec<ChangeView>,
    more: usize,
}

#[component]
pub(in crate::ui) fn WhereIs(views: Views) -> impl IntoView {
    let app = views.app;
    let answer = Memo::new(move |_| {
        let found = views.changes.trace.get()?;
        app.version.track();
        let (question, trace) = &*found;
        let by_urgency = |mut change: ChangeView| {
            change.places = ordered(&change.places, |a, b| a.fate.rank().cmp(&b.fate.rank()));
            change
        };
        Some(Answer {
            by: trace.by,
            title: changes::traced(trace.by, question),
            changes: trace.changes.iter().filter_map(|c| views.changes.view(c)).map(by_urgency).collect(),
            more: trace.more,
        })
    });
    // Said once, and again when it changes, but not whenever a minute has passed.
    let spoken = Memo::new(move |_| answer.with(|answer| answer.as_ref().map(heard).unwrap_or_default()));
    let panel = move || {
        answer.get().map(|answer| {
            let items = answer.changes.iter().map(|c| change(views, c)).collect_view();
            let more = (answer.more > 0).then(|| {
                let more = text::plural(answer.more, "older change");
                view! { <p class="where__more">{format!("And {more}.")}</p> }
            });
            view! {
                <section class="where" data-where=answer.by.word() aria-label=answer.title.clone()>
                    <h2 class="where__title">{answer.title.clone()}</h2>
                    <ul class="where__changes">{items}</ul>
                    {more}
                </section>
            }
        })
    };
    view! {
        <p class="unseen" aria-live="polite">{spoken}</p>
        {panel}
    }
}

fn heard(answer: &Answer) -> String {
    let each = answer.changes.iter().map(|c| {
        let places = changes::announced(c.places.iter().map(|p| (&p.fate, p.ring.2.as_str())));
        format!("{} {}: {places}.", service(c), wording::version(&c.newest))
    });
    format!("{}. {}", answer.title, each.collect::<Vec<_>>().join(" "))
}

fn service(c: &ChangeView) -> String {
    c.newest.service.as_ref().map_or(NAMELESS, |s| s.as_str()).to_owned()
}

fn change(views: Views, c: &ChangeView) -> impl IntoView + use<> {
    let d = &c.newest;
    let message = d.source.message.as_deref().map(|m| text::first_line(m).to_owned());
    let pull_request = d.pull_request.as_ref().map(pull_request);
    let (there, not_there): (Vec<_>, Vec<_>) = c.places.iter().partition(|p| p.fate != Fate::NotThere);
    let places = there.into_iter().map(|p| place(views, p)).collect_view();
    let absent = not_there
        .iter()
        .enumerate()
        .map(|(n, p)| {
            let before = if n > 0 { ", " } else { "" };
            view! { {before}<span data-ring=p.ring.1.clone() data-fate=p.fate.word()>{p.ring.2.clone()}</span> }
        })
        .collect_view();
    let absent = (!not_there.is_empty())
        .then(|| view! { <li class="where__not">{changes::fate_in(&Fate::NotThere)} " " {absent}</li> });
    let version = view! { <b>{wording::version(d)}</b> };
    view! {
        <li class="where__change">
            <p class="where__what">
                {links::to_history(views, c.key, view! { <b>{service(c)}</b> })}
                {links::to_details(views, d, "inside", version)}
                <span class="where__about">
                    {c.project.clone()}
                    {pull_request}
                    {d.source.author.as_ref().map(person)}
                    <span class="where__message">{message}</span>
                </span>
            </p>
            <ul class="where__places">{places} {absent}</ul>
        </li>
    }
}

fn place(views: Views, p: &PlaceView) -> impl IntoView + use<> {
    let app = views.app;
    let (name, title) = (p.ring.1.clone(), p.ring.2.clone());
    let (lead, word) = (changes::fate_in(&p.fate), p.fate.word());
    let shown = p.clone();
    let more = move || {
        let more = changes::fate_more(&shown.fate, shown.deployment.as_deref(), shown.by.as_deref(), app.tick.get());
        if more.is_empty() { more } else { [changes::fate_joint(&shown.fate), &more].concat() }
    };
    let inner = view! { <span class="fate">{lead} " " <b>{title}</b>{more}</span> };
    let inner = match &p.deployment {
        Some(d) => links::to_details(views, d, "inside", inner),
        None => inner.into_any(),
    };
    view! { <li class="where__place" data-ring=name data-fate=word>{inner}</li> }
}
