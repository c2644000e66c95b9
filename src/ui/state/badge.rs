//! What a badge shows.

use leptos::prelude::*;

use super::views::Views;
use crate::{
    domain::problem::{Area, Severity},
    model::query::Facet,
    text::badge as words,
    ui::view::badge::BadgeView,
};

impl Views {
    /// What the badge shows: the one service and the one ring that the address names.
    pub(in crate::ui) fn badge_view(self) -> BadgeView {
        let app = self.app;
        let named = |facet| app.route.with(|route| route.filters.get(facet).to_vec());
        let of = match (named(Facet::Service).as_slice(), named(Facet::Ring).as_slice()) {
            ([service], [ring]) => Ok((service.clone(), ring.clone())),
            _ => Err(words::INCOMPLETE),
        };
        let is_fresh = app.health.with(|health| {
            let is_error = |area, severity| area == Area::Storage && severity == Severity::Error;
            health.ready && !health.problems.iter().any(|p| is_error(p.area, p.severity))
        });
        let cell = self.board_view().and_then(|board| {
            let [row] = <[_; 1]>::try_from(board.rows).ok()?;
            let [cell] = <[_; 1]>::try_from(row.cells).ok()?;
            Some(cell.view)
        });
        BadgeView { of, cell, is_fresh }
    }
}
