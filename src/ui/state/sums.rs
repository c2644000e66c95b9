//! The numbers above every view.

use leptos::prelude::*;

use super::app::App;
use crate::{domain::time::days, model::filter::Filter, ui::action::SUMS};

/// How many of each of [`SUMS`] pass the filters, whatever state these name.
pub(super) fn sums(app: App, filter: Memo<Filter>) -> Memo<[usize; SUMS.len()]> {
    Memo::new(move |_| {
        app.version.track();
        let day = app.tick.get() - days(1);
        // "In 24 h" belongs to the number that is pressed, and narrows the others no more than its state does.
        let is_recent = app.route.with(|r| SUMS.iter().any(|sum| sum.is_recent && sum.is_on(&r.filters, r.since)));
        let filter = filter.get();
        let filter = if is_recent { Filter { since: None, ..filter } } else { filter };
        app.live(|live, e| {
            live.summary(e.store(), e.syncs(), &filter, |summary| {
                SUMS.each_ref().map(|sum| match sum.is_recent {
                    true => summary.since(e.store(), sum.statuses, day),
                    false => summary.in_state(sum.statuses),
                })
            })
        })
    })
}
