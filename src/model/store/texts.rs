//! Forgets shared texts that no row has any more: branches, services and rings come and go.

use super::{
    layer::{ASSEMBLED, Layer},
    layout::{Home, home},
    rows::Store,
};
use crate::{model::symbols::Sym, storage::row::Field};

impl Store {
    /// Forgets them, once there may be enough. What is derived of them is derived anew.
    pub(super) fn forget_texts(&mut self) {
        for &field in Field::ALL {
            if matches!(home(field), Home::Shared | Home::SharedFolded) && self.symbols_of(field).may_forget() {
                self.forget_texts_of(field);
            }
        }
        if self.names.may_forget() {
            self.forget_rings();
        }
    }

    fn forget_texts_of(&mut self, field: Field) {
        let rows: Vec<bool> = self.slots_with_rows();
        let (Some(symbols), Some(column)) = (self.symbols.get_mut(field as usize), self.shared.get_mut(field as usize))
        else {
            return;
        };
        for (sym, _) in column.iter_mut().zip(rows).filter(|(_, has_row)| !has_row) {
            *sym = Sym::NONE;
        }
        let nth = ASSEMBLED.iter().position(|assembled| *assembled == field);
        let of_rows = |layer: &Layer| nth.and_then(|nth| layer.row.get(nth)).copied();
        let of_layers = self.layers.values().filter_map(|layer| of_rows(layer.as_ref()));
        symbols.keep(&used(column.iter().copied().chain(of_layers), symbols.table_len()));
        self.note_everything();
    }

    fn forget_rings(&mut self) {
        let rows = self.slots_with_rows();
        let rings = self.derived.ring.iter().zip(rows).filter(|(_, has_row)| *has_row).map(|(ring, _)| (*ring).into());
        let used = used(rings, self.names.table_len());
        self.names.keep(used);
        self.note_everything();
    }

    fn slots_with_rows(&self) -> Vec<bool> {
        self.all_slots().map(|slot| self.has_row(slot)).collect()
    }

    fn note_everything(&mut self) {
        self.delta.everything = true;
        self.delta.limit();
    }
}

/// Which of so many symbols are there.
fn used(symbols: impl Iterator<Item = Sym>, len: usize) -> Vec<bool> {
    let mut used = vec![false; len];
    for sym in symbols {
        if let Some(used) = sym.of_mut(&mut used) {
            *used = true;
        }
    }
    used
}

#[cfg(test)]
mod tests {
    use crate::support::rows::{ring_rule, row};
    use crate::{
        config::RingRule,
        domain::{id::ProjectName, project::ProjectId},
        model::{
            rings::RingNames,
            store::{SharedColumn, Store},
        },
    };

    #[test]
    fn branches_that_no_row_has_are_forgotten() {
        let names = ProjectName::new("trivia").into_iter().collect();
        let rule = RingRule { aliases: vec!["quality".into()], ..ring_rule("qa") };
        let mut store = Store::new(names, RingNames::new(&[rule]));
        let put = |store: &mut Store, key: usize, branch: usize| {
            let ring = if branch.is_multiple_of(3) { "prod".to_owned() } else { format!("feature-{branch}") };
            let author = branch % 3;
            let names = format!("authorName=Author_{author} service=service-{branch} env={ring}");
            store.put(ProjectId::at(0), &row(&format!("row-{key} branch=feature/{branch} {names}"))).0
        };
        let mut slots = Vec::new();
        for round in 0..500 {
            slots = (0..3).map(|key| put(&mut store, key, 3 * round + key)).collect();
            if round % 7 == 0 {
                let slot = put(&mut store, 3, 10_000 + round);
                store.rebuild();
                store.remove(slot);
            }
            store.rebuild();
            for column in [SharedColumn::Branch, SharedColumn::Service] {
                assert!(store.symbols(column).table_len() < 1_000, "{round}");
            }
            assert!(store.rings().table_len() < 1_000, "{round}");
        }
        for (nth, &slot) in slots.iter().enumerate() {
            assert_eq!(store.at(slot).branch(), format!("feature/{}", 1_497 + nth));
            assert_eq!(store.at(slot).service_name(), format!("service-{}", 1_497 + nth));
            let ring = if nth == 0 { "prod".to_owned() } else { format!("feature-{}", 1_497 + nth) };
            assert_eq!(store.rings().name(store.at(slot).ring()), ring);
            assert_eq!(store.rings().find(&ring), Some(store.at(slot).ring()));
            assert_eq!(
                store.symbols(SharedColumn::Author).text(store.shared(SharedColumn::Author, slot)),
                format!("Author {nth}")
            );
        }
        assert!(store.take_delta().everything);
        // Those of the configuration stay, though no row is in them.
        assert!(store.rings().find("qa").is_some() && store.rings().find("quality").is_some());
        assert_eq!(store.rings().ranks().len(), store.rings().table_len());
    }
}
