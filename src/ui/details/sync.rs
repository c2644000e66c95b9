//! The last stage of a deployment: what each cluster has of it.

use leptos::prelude::*;

use crate::{
    domain::{
        cluster::{ClusterSync, SyncState},
        deployment::Deployment,
        link::Link,
    },
    model::wording::clusters as wording,
    ui::{parts::outside, state::App},
    web::clock,
};

/// Each cluster: its state and since when, the commit that it is at, and why it failed.
pub(super) fn clusters(app: App, d: &Deployment) -> Option<AnyView> {
    if d.clusters.is_empty() {
        return None;
    }
    let link = |c: &ClusterSync| {
        let commit = c.commit.as_ref()?;
        app.engine(|e| {
            let project = e.store().projects().iter().position(|p| *p == d.project)?;
            e.manifest_link(project, commit)
        })
    };
    let items: Vec<_> = d.clusters.iter().map(|c| cluster(app, c, link(c).as_ref())).collect();
    Some(view! { <ul class="stage__clusters" aria-label="Clusters">{items}</ul> }.into_any())
}

fn cluster(app: App, c: &ClusterSync, link: Option<&Link>) -> impl IntoView + use<> {
    let name = c.cluster.to_string();
    let (word, hook) = (c.state.word(), name.clone());
    let about = if c.is_approximate { "about " } else { "" };
    let exact = c.at.map(|at| format!("{about}{}", clock::exact(at)));
    let datetime = c.at.map(|at| at.to_rfc3339());
    let shown = c.clone();
    let says = move || wording::of_deployment(&shown, app.tick.get());
    let commit = c.commit.as_ref().map(|commit| {
        let short = commit.short().to_owned();
        let commit = match link {
            Some(link) => outside(link, short).into_any(),
            None => view! { <code>{short}</code> }.into_any(),
        };
        view! { <span class="stage__from">"at " {commit}</span> }
    });
    // What a cluster says of success is the commit once more.
    let message = c.message.as_deref().filter(|_| c.state == SyncState::Failed).map(str::to_owned);
    let message = message.map(|message| view! { <p class="cluster__message">{message}</p> });
    view! {
        <li class="cluster" data-cluster=hook data-sync=word>
            <div>
                <b>{name}</b>
                " "
                <time datetime=datetime title=exact>{says}</time>
                " "
                {commit}
                {message}
            </div>
        </li>
    }
}
