//! What somebody should know of rings and of the clusters' signals, or could write into the configuration: folded.

use crate::{
    model::sync::SyncNote,
    text,
    ui::html::{Element, el},
};

/// The notes; `without_ring` is how many deployments name no ring.
pub(super) fn notes(notes: &[SyncNote], without_ring: usize) -> Option<Element> {
    let item = |word: &'static str, what: String, hint: String| {
        let hint = el("p").class("notes__hint").text(hint);
        el("li").key(&what).set("data-note", word).child(el("p").text(what)).child(hint)
    };
    let unplaced = (without_ring > 0).then(|| {
        let (what, hint) = text::without_ring(without_ring);
        item("without-ring", format!("{what}."), hint.to_owned())
    });
    let count = notes.len() + usize::from(unplaced.is_some());
    (count > 0).then(|| {
        let title = el("summary").class("button button--bare").text(text::plural(count, "note"));
        let notes = notes.iter().map(|note| item(note.as_str(), note.what(), note.hint()));
        let list = el("ul").class("menu__panel notes__list").children(unplaced).children(notes);
        el("details").key("notes").class("notes").child(title).child(list)
    })
}
