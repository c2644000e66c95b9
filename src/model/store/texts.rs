//! Forgets shared texts that no deployment has any more: branches come and go.

use super::{
    layer::{ASSEMBLED, Layer},
    layout::{Home, home},
    rows::Store,
};
use crate::{
    model::symbols::{NONE, Sym},
    storage::row::Field,
};

impl Store {
    /// Forgets them, once there may be enough. Symbols are others afterwards, so everything is derived anew. Services keep
    /// theirs: views know them by it.
    pub(super) fn forget_texts(&mut self) {
        for &field in Field::ALL {
            let is_shared = matches!(home(field), Home::Shared | Home::SharedFolded) && field != Field::Service;
            if is_shared && self.symbols_of(field).may_forget() {
                self.forget_texts_of(field);
                self.delta.everything = true;
                self.delta.tidy();
            }
        }
    }

    fn forget_texts_of(&mut self, field: Field) {
        let (Some(symbols), Some(column)) = (self.symbols.get_mut(field as usize), self.shared.get_mut(field as usize))
        else {
            return;
        };
        for (sym, _) in column.iter_mut().zip(&self.live).filter(|(_, is_live)| !**is_live) {
            *sym = NONE;
        }
        let nth = ASSEMBLED.iter().position(|assembled| *assembled == field);
        let of_rows = |layer: &Layer| nth.and_then(|nth| layer.row.get(nth)).copied();
        let mut used = vec![false; symbols.table_len()];
        for sym in column.iter().copied().chain(self.layers.values().filter_map(|layer| of_rows(layer.as_ref()))) {
            if let Some(used) = used.get_mut(sym as usize) {
                *used = true;
            }
        }
        let numbers = symbols.keep(&used);
        let renumber = |sym: &mut Sym| *sym = numbers.get(*sym as usize).copied().unwrap_or(NONE);
        column.iter_mut().for_each(renumber);
        if let Some(nth) = nth {
            self.layers.values_mut().filter_map(|layer| layer.row.get_mut(nth)).for_each(renumber);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        config::RingRule,
        domain::id::ProjectName,
        model::{
            rings::RingNames,
            store::{SharedColumn, Store},
        },
        storage::row::{Field, Row},
    };

    #[test]
    fn branches_that_no_row_has_are_forgotten() {
        let names = ProjectName::new("trivia").into_iter().collect();
        let mut store = Store::new(names, RingNames::new(&[] as &[RingRule]));
        let put = |store: &mut Store, key: usize, branch: usize| {
            let mut row = Row::default();
            row.set(Field::RowKey, format!("row {key}"));
            row.set(Field::Branch, format!("feature/{branch}"));
            row.set(Field::AuthorName, format!("Author {}", branch % 3));
            store.put(0, &row).0
        };
        let mut slots = Vec::new();
        for round in 0..500 {
            slots = (0..3).map(|key| put(&mut store, key, 3 * round + key)).collect();
            if round % 7 == 0 {
                let slot = put(&mut store, 3, 10_000 + round);
                store.settle();
                store.remove(slot);
            }
            store.settle();
            assert!(store.symbols(SharedColumn::Branch).table_len() < 1_000, "{round}");
        }
        for (nth, &slot) in slots.iter().enumerate() {
            assert_eq!(store.at(slot).branch(), format!("feature/{}", 1_497 + nth));
            assert_eq!(
                store.symbols(SharedColumn::Author).text(store.shared(SharedColumn::Author, slot)),
                format!("Author {nth}")
            );
        }
        assert!(store.take_delta().everything);
    }
}
