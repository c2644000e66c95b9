//! What happens in the connections view.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement};

use crate::{
    config::parse::parse,
    guide::{ForgeDraft, ForgeKind, Part, address, publish::Host},
    http::{Request, Response, secret::Secret},
    ui::{
        action::{CredentialOf, Field, SetupAction},
        state::{
            parts::setup::{DRAFT, Setup, keep_draft},
            sign_ins::SignInStep,
            views::Views,
        },
        view::setup::{Held, RowsForm},
    },
    web::{
        fetch, page,
        storage::{self, Keep},
    },
};

/// Does what an element is for, if that is to be done at this event.
pub(in crate::ui) fn act(views: Views, kind: &str, action: SetupAction, event: &Event, element: &Element) -> bool {
    let (app, setup) = (views.app, views.setup);
    let input = || element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value).unwrap_or_default();
    let select = || element.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value).unwrap_or_default();
    match (kind, action) {
        ("submit", SetupAction::Save(of)) => {
            event.prevent_default();
            save(views, of, element);
        }
        ("change", SetupAction::KeepOnDevice(of)) => {
            let is_checked = element.dyn_ref::<HtmlInputElement>().is_some_and(HtmlInputElement::checked);
            setup.for_device.update(|all| {
                all.insert(of, is_checked);
            });
        }
        ("click", SetupAction::Remove(of)) => {
            match of {
                CredentialOf::Table(project) => app.forget_sas(project),
                CredentialOf::Forge(index) => {
                    if let Some(connection) = app.connections().get(index) {
                        app.forget_token(&connection.origin);
                    }
                }
            }
            show_result(setup, of, crate::text::connections::REMOVED, false);
            // The button that had the focus is gone.
            focus_in(element, "input[type=password]");
        }
        ("click", SetupAction::Test(of)) => {
            if let (CredentialOf::Forge(index), None) = (of, element.get_attribute("aria-disabled"))
                && let Some(connection) = app.connections().get(index)
            {
                app.test_token(&connection.origin);
            }
        }
        ("click", SetupAction::ClearCache) => {
            if element.get_attribute("aria-disabled").is_none() {
                app.forget_kept();
                setup.cleared.set(crate::text::connections::CLEARED);
            }
        }
        ("click", SetupAction::ExtendConfig) => extend_config(views),
        ("click", SetupAction::AddProject) => {
            let sas = views.sas().filter(|_| setup.with_sas.get_untracked());
            change_projects(views, |draft| draft.add_project(sas.as_ref().map(Secret::expose)));
            request_animation_frame(|| {
                if let Some(paste) = page::find("[data-guide=paste]") {
                    page::focus(&paste);
                }
            });
        }
        ("click", SetupAction::EditProject(at)) => change_projects(views, |draft| draft.edit_project(at)),
        ("click", SetupAction::RemoveProject(at)) => change_projects(views, |draft| draft.remove_project(at)),
        ("submit", SetupAction::ReadRows) => {
            event.prevent_default();
            let pasted = element.query_selector("[data-guide=paste]").ok().flatten();
            if let Some(pasted) = pasted.and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
                && !pasted.value().trim().is_empty()
            {
                take_pasted(views, &pasted);
            }
            read_rows(views);
        }
        // At once, so that the fields below show its values before anything is sent.
        ("change", SetupAction::Paste) => {
            if let Some(pasted) = element.dyn_ref::<HtmlInputElement>().filter(|input| !input.value().trim().is_empty())
            {
                take_pasted(views, pasted);
            }
        }
        ("change", SetupAction::Field(field)) => edit_field(views, field, input().trim()),
        ("change", SetupAction::ForgeKind(part)) => {
            let word = select();
            choose_forges(views);
            setup.edit(views.app, |draft| {
                let kind = ForgeKind::ALL.into_iter().find(|kind| kind.as_str() == word);
                *draft.forge_mut(part) = kind.map(|kind| ForgeDraft { kind, ..ForgeDraft::default() });
            });
        }
        ("submit", SetupAction::Connect) => {
            event.prevent_default();
            choose_forges(views);
            try_out(views, "forge");
        }
        ("dragstart", SetupAction::Ring(at)) => {
            setup.dragged.set_value(Some(at));
            allow_drag(event);
        }
        ("dragover", SetupAction::Ring(_)) => event.prevent_default(),
        ("drop", SetupAction::Ring(to)) => {
            event.prevent_default();
            if let Some(from) = setup.dragged.try_update_value(Option::take).flatten() {
                order_rings(views, |draft| draft.move_ring(from, to));
            }
        }
        ("click", SetupAction::MoveRing(from, to)) => order_rings(views, |draft| draft.move_ring(from, to)),
        ("click", SetupAction::LeaveOutRing(at)) => order_rings(views, |draft| {
            if draft.rings.len() > 1 && at < draft.rings.len() {
                draft.rings.remove(at);
            }
        }),
        ("change", SetupAction::PlaceCluster(cluster)) => {
            let ring = select();
            order_rings(views, |draft| draft.place_cluster(&cluster, &ring));
        }
        ("click", SetupAction::ApplyRings) => {
            order_rings(views, |_| {});
            try_out(views, "rings");
        }
        ("change", SetupAction::Host) => {
            let title = select();
            setup.host.set(Host::ALL.into_iter().find(|host| host.title() == title).unwrap_or_default());
        }
        ("change", SetupAction::WithSas) => setup.with_sas.update(|with| *with = !*with),
        ("click", SetupAction::Download) => {
            let sas = views.sas().filter(|_| setup.with_sas.get_untracked());
            let text = views.guide_view().draft.or_example().to_config(sas.as_ref().map(Secret::expose));
            page::download("config.json", "application/json", &text);
            setup.notice.set(Some(("publish", crate::text::connections::DOWNLOADED.to_owned())));
        }
        ("click", SetupAction::Discard) => {
            storage::remove(Keep::Tab, DRAFT);
            page::reload();
        }
        ("click", SetupAction::SignIn(provider)) => app.tend_sign_in(SignInStep::Begin(provider)),
        ("click", SetupAction::SignOut(provider)) => app.tend_sign_in(SignInStep::SignOut(provider)),
        ("click", SetupAction::OpenWindow) => app.tend_sign_in(SignInStep::OpenWindow),
        ("click", SetupAction::HandOver) => app.tend_sign_in(SignInStep::HandOver),
        _ => return false,
    }
    true
}

fn show_result(setup: Setup, of: CredentialOf, sentence: &str, is_wrong: bool) {
    setup.typed.update(|all| {
        all.insert(of, (sentence.to_owned(), is_wrong));
    });
}

/// Moves the focus to something in the same form.
fn focus_in(element: &Element, selector: &str) {
    let form = element.closest("form").ok().flatten();
    if let Some(target) = form.and_then(|form| form.query_selector(selector).ok().flatten()) {
        page::focus(&target);
    }
}

/// Takes the credential that was typed into a form.
fn save(views: Views, of: CredentialOf, form: &Element) {
    let (app, setup) = (views.app, views.setup);
    let input = form.query_selector("input[type=password]").ok().flatten();
    let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) else { return };
    let typed = input.value();
    let for_device = views.is_for_device(of);
    let kept = match of {
        CredentialOf::Table(_) if typed.trim().is_empty() => Err(crate::text::connections::NO_SAS),
        CredentialOf::Table(project) => {
            Ok(app.save_sas(project, &typed, for_device).map(|held| (held, crate::text::connections::READING)))
        }
        CredentialOf::Forge(index) => match app.connections().get(index) {
            None => Ok(None),
            Some(connection) => {
                let secret = Secret::new(connection.origin.clone(), &typed);
                if secret.expose().is_empty() {
                    Err(crate::text::connections::NO_TOKEN)
                } else if !secret.expose().bytes().all(|b| b.is_ascii_graphic()) {
                    Err(crate::text::connections::BAD_TOKEN)
                } else {
                    let held = app.save_token(secret, for_device);
                    app.test_token(&connection.origin);
                    Ok(Some((held, "")))
                }
            }
        },
    };
    match kept {
        Err(why) => show_result(setup, of, why, true),
        Ok(None) => {}
        Ok(Some((held, then))) => {
            input.set_value("");
            let sentence = match held {
                Held::Tab | Held::Device | Held::SignedIn => crate::text::connections::SAVED,
                Held::Page => crate::text::connections::USED_ONCE,
            };
            show_result(setup, of, [sentence, " ", then].concat().trim_end(), false);
        }
    }
}

/// Reads a pasted text into the form, and takes its SAS out of the page.
fn take_pasted(views: Views, input: &HtmlInputElement) {
    let setup = views.setup;
    let text = input.value();
    let found = match address::read(&text) {
        Ok(found) => found,
        Err(refused) => {
            if refused == address::Refused::AccountKey {
                input.set_value("");
            }
            return setup.rows.update(|rows| rows.wrong = Some(refused.sentence()));
        }
    };
    input.set_value("");
    if found.has_sas {
        setup.pending.set_value(Some(text));
    }
    setup.rows.update(|rows| *rows = RowsForm { wrong: None, has_sas: rows.has_sas || found.has_sas });
    setup.edit(views.app, |draft| {
        let project = draft.project_mut();
        if let Some(endpoint) = found.endpoint {
            project.storage.endpoint = endpoint;
        }
        if let Some(table) = found.table {
            project.storage.table = table;
        }
        if let Some(partition) = found.partition {
            project.storage.partition = partition;
        }
        if project.name.is_empty() {
            let name =
                if project.storage.partition.is_empty() { &project.storage.table } else { &project.storage.partition };
            project.name = name.clone();
        }
    });
}

/// Reads config.json anew, as it is written and not as it was understood, to add a project to it.
fn extend_config(views: Views) {
    let setup = views.setup;
    spawn_local(async move {
        let guard = fetch::AbortOnDrop::new();
        let answer = fetch::send(&Request::get("config.json"), &guard).await;
        let text = answer.ok().filter(Response::is_success).map(|answer| answer.body);
        match text.and_then(|text| crate::guide::Draft::to_extend(&String::from_utf8_lossy(&text))) {
            Some(draft) => {
                setup.draft.set(draft);
                setup.has_forges.set(false);
                setup.is_adding.set(true);
            }
            None => setup.notice.set(Some(("extend", crate::text::connections::NO_CONFIG.to_owned()))),
        }
    });
}

/// Changes which projects there are, and which of them is in the making.
fn change_projects(views: Views, change: impl FnOnce(&mut crate::guide::Draft)) {
    let setup = views.setup;
    choose_forges(views);
    setup.edit(views.app, change);
    setup.rows.set(RowsForm::default());
    setup.pending.set_value(None);
    setup.notice.set(None);
    let has_forge = setup
        .draft
        .with_untracked(|draft| [Part::Pipelines, Part::Manifests].into_iter().any(|part| draft.forge(part).is_some()));
    setup.has_forges.set(has_forge);
}

/// Reads the table that the form names: the whole page does, from now on.
fn read_rows(views: Views) {
    let setup = views.setup;
    let wrong = setup.draft.with_untracked(|draft| {
        let storage = &draft.project().storage;
        match (storage.endpoint.is_empty(), storage.table.is_empty()) {
            (true, _) => Some(crate::text::connections::WHICH_ACCOUNT),
            (_, true) => Some(crate::text::connections::WHICH_TABLE),
            _ => None,
        }
    });
    if let Some(wrong) = wrong {
        // What is wrong with the pasted text comes first.
        return setup.rows.update(|rows| rows.wrong = rows.wrong.or(Some(wrong)));
    }
    setup.edit(views.app, |draft| {
        let project = draft.project_mut();
        if project.name.is_empty() {
            project.name = project.storage.table.clone();
        }
    });
    try_out(views, "rows");
}

/// Starts the page anew with the configuration as it is now, in this tab.
fn try_out(views: Views, step: &'static str) {
    let (app, setup) = (views.app, views.setup);
    let draft = setup.draft.get_untracked();
    let config = match parse(&draft.to_config(None)) {
        Ok((config, _)) => config,
        Err(problems) => {
            let sentence = problems.first().map(|problem| [&problem.what, " ", &problem.hint].concat());
            return setup.notice.set(Some((step, sentence.unwrap_or_default())));
        }
    };
    let made = config.projects.iter().find(|project| project.name.as_str() == draft.project().name);
    if let Some(crate::config::Storage::AzureTable(table)) = made.map(|project| &project.storage)
        && let Some(pasted) = setup.pending.get_value()
    {
        app.keep_sas(table, &pasted);
    }
    if keep_draft(&draft) {
        page::reload();
    } else {
        let sentence = crate::text::connections::CANNOT_TRY;
        setup.notice.set(Some((step, sentence.to_owned())));
    }
}

/// From now on the forges are what somebody chose.
fn choose_forges(views: Views) {
    let setup = views.setup;
    if !setup.has_forges.get_untracked() {
        let shown = untrack(|| views.guide_view().draft);
        setup.has_forges.set(true);
        setup.edit(views.app, |draft| {
            for part in Part::ALL {
                *draft.forge_mut(part) = shown.forge(part).cloned();
            }
        });
    }
}

/// Changes the order of the rings that are shown.
fn order_rings(views: Views, change: impl FnOnce(&mut crate::guide::Draft)) {
    let found = untrack(|| views.found_rings());
    views.setup.edit(views.app, |draft| {
        if draft.rings.is_empty() {
            draft.rings = found;
        }
        change(draft);
    });
}

fn edit_field(views: Views, field: Field, text: &str) {
    if matches!(field, Field::Organization(_) | Field::ForgeProject(_) | Field::Repository(_) | Field::Api(_)) {
        choose_forges(views);
    }
    views.setup.rows.update(|rows| rows.wrong = None);
    views.setup.edit(views.app, |draft| {
        let forge = |draft: &mut crate::guide::Draft, part, set: fn(&mut ForgeDraft) -> &mut String| {
            if let Some(forge) = draft.forge_mut(part) {
                *set(forge) = text.to_owned();
            }
        };
        let project = draft.project_mut();
        match field {
            // An account's name alone will do.
            Field::Endpoint => {
                let found = address::read(text).ok();
                project.storage.endpoint = found.and_then(|found| found.endpoint).unwrap_or_else(|| text.to_owned());
            }
            Field::Table => project.storage.table = text.to_owned(),
            Field::Partition => project.storage.partition = text.to_owned(),
            Field::Name => project.name = text.to_owned(),
            Field::Organization(part) => forge(draft, part, |forge| &mut forge.organization),
            Field::ForgeProject(part) => forge(draft, part, |forge| &mut forge.project),
            Field::Repository(part) => forge(draft, part, |forge| &mut forge.repository),
            Field::Api(part) => forge(draft, part, |forge| &mut forge.api),
        }
    });
}

/// Firefox drags only what carries something.
fn allow_drag(event: &Event) {
    let carry = || -> Result<(), wasm_bindgen::JsValue> {
        let transfer = js_sys::Reflect::get(event, &"dataTransfer".into())?;
        let set: js_sys::Function = js_sys::Reflect::get(&transfer, &"setData".into())?.dyn_into()?;
        set.call2(&transfer, &"text/plain".into(), &"".into()).map(drop)
    };
    // Without it the arrows still move a ring.
    let _ = carry();
}
