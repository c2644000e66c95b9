//! Which columns, in which order.

use leptos::prelude::*;

use crate::{
    domain::column::Column,
    ui::{parts::Menu, state::Views},
};

#[component]
pub(super) fn ColumnsMenu(views: Views) -> impl IntoView {
    let app = views.app;
    let hidden = Signal::derive(move || app.columns.with(|p| p.all.iter().filter(|(_, shown)| !shown).count()));
    let item = move |column: Column| {
        let shown = move || app.columns.with(|p| p.all.iter().any(|(c, shown)| *c == column && *shown));
        let place = move || app.columns.with(|p| p.all.iter().position(|(c, _)| *c == column));
        let last = Column::ALL.len() - 1;
        view! {
            <li class="choice">
                <label>
                    <input type="checkbox" prop:checked=shown on:change=move |_| app.change_columns(|p| p.toggle(column)) />
                    <span class="choice__label">{column.title()}</span>
                </label>
                <button type="button" class="button button--bare" aria-label=format!("Move {} up", column.title())
                    disabled=move || place() == Some(0) on:click=move |_| app.change_columns(|p| p.shift(column, false))>
                    <i class="icon icon--up" aria-hidden="true"></i>
                </button>
                <button type="button" class="button button--bare" aria-label=format!("Move {} down", column.title())
                    disabled=move || place() == Some(last) on:click=move |_| app.change_columns(|p| p.shift(column, true))>
                    <i class="icon icon--down" aria-hidden="true"></i>
                </button>
            </li>
        }
    };
    view! {
        <Menu label="Columns".to_owned() count=Signal::derive(|| 0)>
            <ul class="choices">
                <For each=move || app.columns.with(|p| p.all.iter().map(|(c, _)| *c).collect::<Vec<_>>()) key=|c| *c let:column>
                    {item(column)}
                </For>
            </ul>
            <p class="menu__note">"A column with nothing in it hides itself."</p>
            <Show when=move || app.columns.with(|p| p.chosen)>
                <button type="button" class="button" on:click=move |_| app.reset_columns()>"As this site has them"</button>
            </Show>
            <Show when=move || { hidden.get() > 0 }>
                <p class="menu__note">{move || format!("{} hidden by choice.", crate::text::plural(hidden.get(), "column"))}</p>
            </Show>
        </Menu>
    }
}
