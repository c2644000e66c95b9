//! Two rings side by side: what one would get that the other has.

mod picker;
mod service;

use leptos::prelude::*;

use self::{picker::Picker, service::ServiceCard};
use super::empty::{Empty, Nothing};
use crate::{
    model::{
        compare::Lag,
        symbols::Sym,
        wording::{self, changes},
    },
    route::View,
    text,
    ui::{
        links,
        parts::CopyButton,
        state::{ServiceKey, Views},
    },
};

/// What there is to say of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// There are not two rings.
    TooFew,
    /// Both are the same one.
    OneRing,
    /// Nothing runs in either, as far as is known.
    Nothing,
    /// The filters leave no service over.
    Filtered,
    /// So many services, and none differs.
    AllSame(usize),
    /// Some differ.
    Differ,
}

/// The comparison view.
#[component]
pub(in crate::ui) fn Compare(views: Views) -> impl IntoView {
    let nothing = views.nothing;
    move || match nothing.get() {
        Some(why) => view! { <Empty views why /> }.into_any(),
        None => view! { <TwoRings views /> }.into_any(),
    }
}

#[component]
fn TwoRings(views: Views) -> impl IntoView {
    let outcome = Memo::new(move |_| outcome(views));
    let body = move || match outcome.get() {
        Outcome::TooFew => {
            let rings = links::to_view(views, View::Rings, "button", "Look at the rings");
            let says = "A comparison takes two rings, and the deployments here name fewer.";
            empty("too-few", "Nothing to compare with", says.to_owned(), Some(rings))
        }
        Outcome::OneRing => empty("one-ring", "One ring, twice", "Pick another ring on either side.".to_owned(), None),
        Outcome::Nothing => {
            let says = "No service is known to run in either of the two.";
            empty("nothing-runs", "Nothing runs there", says.to_owned(), None)
        }
        Outcome::Filtered => view! { <Empty views why=Nothing::Filtered(views.total.get()) /> }.into_any(),
        Outcome::AllSame(n) => {
            let (first, second) = titles(views);
            let says = match n {
                1 => format!("The one service that runs there is the same in {first} and {second}."),
                n => format!("All {} run the same in {first} and {second}.", text::plural(n, "service")),
            };
            view! { {empty("same", "Nothing differs", says, None)} <Same views /> }.into_any()
        }
        Outcome::Differ => view! { <Differences views /> }.into_any(),
    };
    view! {
        <div class="compare">
            <Show when=move || outcome.get() != Outcome::TooFew>
                <div class="compare__bar">
                    <Picker views />
                    <Show when=move || outcome.get() == Outcome::Differ>
                        <CopyButton text=Signal::derive(move || markdown(views)) what="as Markdown".to_owned() label="Copy as Markdown" />
                    </Show>
                </div>
            </Show>
            {body}
        </div>
    }
}

fn empty(word: &'static str, title: &'static str, says: String, action: Option<AnyView>) -> AnyView {
    view! {
        <section class="empty" data-empty=word>
            <i class="icon empty__icon icon--rings" aria-hidden="true"></i>
            <h2>{title}</h2>
            <p>{says}</p>
            {action}
        </section>
    }
    .into_any()
}

fn outcome(views: Views) -> Outcome {
    let Some(choice) = views.changes.choice.get() else { return Outcome::TooFew };
    if choice.first == choice.second {
        return Outcome::OneRing;
    }
    let Some(all) = views.changes.comparison.get() else { return Outcome::TooFew };
    let everything = views.wanted.with(crate::model::filter::Filter::is_everything);
    match (all.services.len(), all.services.iter().all(|diff| diff.lag == Lag::Same)) {
        (0, _) if everything => Outcome::Nothing,
        (0, _) => Outcome::Filtered,
        (n, true) => Outcome::AllSame(n),
        (_, false) => Outcome::Differ,
    }
}

/// What people call the two rings.
fn titles(views: Views) -> (String, String) {
    let choice = views.changes.choice.get();
    views.app.engine(|e| {
        let title = |ring: Sym| e.store().rings().title(ring).to_owned();
        choice.map(|c| (title(c.first), title(c.second))).unwrap_or_default()
    })
}

fn markdown(views: Views) -> String {
    views.app.version.track();
    let all = views.changes.comparison.get();
    let notes = all.map(|all| views.app.engine(|e| all.to_markdown(e.store(), &|slot| e.deployment(slot))));
    notes.unwrap_or_default()
}

/// The services that differ, and in a line those that do not.
#[component]
fn Differences(views: Views) -> impl IntoView {
    let sum = Memo::new(move |_| {
        let (first, second) = titles(views);
        let all = views.changes.comparison.get();
        let count = |lag: Lag| all.iter().flat_map(|all| &all.services).filter(|diff| diff.lag == lag).count();
        changes::compared(count, &first, &second)
    });
    let keys = Memo::new(move |_| {
        let all = views.changes.comparison.get();
        let of = |lag: Lag| {
            let services = all.iter().flat_map(|all| &all.services).filter(move |diff| diff.lag == lag);
            services.map(|diff| (diff.project, diff.service))
        };
        Lag::ALL.into_iter().filter(|&lag| lag != Lag::Same).flat_map(of).collect::<Vec<ServiceKey>>()
    });
    view! {
        <p class="compare__sum">{sum}</p>
        <div class="diffs">
            <For each=move || keys.get() key=|key| *key let:key>
                <ServiceCard views key />
            </For>
        </div>
        <Same views />
    }
}

/// The services that do not differ, collapsed.
#[component]
fn Same(views: Views) -> impl IntoView {
    let same = Memo::new(move |_| {
        views.app.version.track();
        let all = views.changes.comparison.get();
        let same = all.iter().flat_map(|all| &all.services).filter(|diff| diff.lag == Lag::Same);
        same.filter_map(|diff| {
            let d = views.app.deployment(diff.first?)?;
            let name = d.service.as_ref().map(ToString::to_string).unwrap_or_default();
            Some(((diff.project, diff.service), name, wording::version(&d)))
        })
        .collect::<Vec<_>>()
    });
    let items = move || {
        let item = |(key, name, version): (ServiceKey, String, String)| {
            let shown = service::shown_name(&name);
            view! {
                <li data-service=name data-lag=Lag::Same.word()>
                    {links::to_history(views, key, view! { <b>{shown}</b> })} " " {version}
                </li>
            }
        };
        same.get().into_iter().map(item).collect_view()
    };
    view! {
        <Show when=move || same.with(|same| !same.is_empty())>
            <details class="same">
                <summary>{move || changes::same(same.with(Vec::len))}</summary>
                <ul>{items}</ul>
            </details>
        </Show>
    }
}
