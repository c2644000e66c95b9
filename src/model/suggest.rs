//! What the search box offers while somebody types: keys, and the values that there are.

use super::{
    fold::fold,
    order::sorted_by,
    query::{self, Context, Facet, Typing},
    store::{SharedColumn, Store},
    symbols::{RingSym, Sym},
    sync::Syncs,
};
use crate::domain::deployment::{Kind, Status};

/// At most so many: a list to glance at, not to read.
const MOST: usize = 8;

/// One offer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// What takes the place of what is being typed.
    pub insert: String,
    /// What stands in the list.
    pub label: String,
    /// What it is.
    pub hint: &'static str,
}

/// What to offer at `cursor`, and what taking it replaces. Where no word has been begun there is nothing to offer,
/// unless somebody `asked` for it.
#[must_use]
pub fn suggest(store: &Store, syncs: &Syncs, q: &str, cursor: usize, asked: bool) -> (Context, Vec<Suggestion>) {
    let context = query::suggest(q, cursor);
    let mut offers = Vec::new();
    match &context.what {
        Typing::Value(facet, typed) => {
            let typed = fold(typed);
            let found = values(store, syncs, *facet).into_iter().filter(|v| fold(v).contains(&typed));
            offers.extend(found.map(|v| Suggestion { insert: v.clone(), label: v, hint: hint(*facet) }));
        }
        Typing::Word(typed) if typed.is_empty() && !asked => {}
        Typing::Word(typed) => {
            let typed = fold(typed);
            let keys = Facet::ALL.into_iter().filter(|f| fold(f.as_str()).starts_with(&typed));
            offers.extend(keys.map(|f| {
                let key = format!("{}:", f.as_str());
                Suggestion { insert: key.clone(), label: key, hint: hint(f) }
            }));
            // Two letters at the least: everything holds an "a".
            if typed.chars().count() >= 2 {
                for facet in
                    [Facet::Service, Facet::Ring, Facet::Author, Facet::MergedBy, Facet::Branch, Facet::Cluster]
                {
                    for value in values(store, syncs, facet).into_iter().filter(|v| fold(v).contains(&typed)) {
                        let term = query::Term { negated: false, facet: Some(facet), value };
                        let insert = query::print(std::slice::from_ref(&term));
                        offers.push(Suggestion { label: insert.clone(), insert, hint: hint(facet) });
                    }
                }
            }
        }
    }
    offers.truncate(MOST);
    (context, offers)
}

const fn hint(facet: Facet) -> &'static str {
    match facet {
        Facet::Service => "service",
        Facet::Ring => "ring",
        Facet::Author => "who wrote it",
        Facet::MergedBy => "who merged its pull request",
        Facet::Status => "state",
        Facet::Kind => "deployment or manual edit",
        Facet::Cluster => "cluster that runs it",
        Facet::Branch => "source branch",
        Facet::Project => "project",
    }
}

/// All values of a facet, in alphabetical order where they have no better one.
fn values(store: &Store, syncs: &Syncs, facet: Facet) -> Vec<String> {
    let shared = |column: SharedColumn| {
        let texts = store.symbols(column);
        let all: Vec<Sym> = texts.all().collect();
        let all = sorted_by(&all, |&a, &b| texts.folded(a).cmp(texts.folded(b)));
        all.into_iter().map(|sym| texts.text(sym).to_owned()).collect()
    };
    match facet {
        Facet::Service => shared(SharedColumn::Service),
        Facet::Author => shared(SharedColumn::Author),
        Facet::MergedBy => shared(SharedColumn::MergedBy),
        Facet::Branch => shared(SharedColumn::Branch),
        Facet::Ring => {
            let mut rings: Vec<RingSym> = store.rings().all().collect();
            store.rings().sort(&mut rings);
            rings.into_iter().map(|ring| store.rings().name(ring).to_owned()).collect()
        }
        Facet::Status => Status::ALL.iter().map(|s| s.as_str().to_owned()).collect(),
        Facet::Kind => Kind::ALL.iter().map(|k| k.as_str().to_owned()).collect(),
        Facet::Cluster => syncs.clusters().into_iter().map(ToString::to_string).collect(),
        Facet::Project => store.projects().iter().map(ToString::to_string).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::domain::project::ProjectId;
    use crate::support::rows::{empty_store, row};

    #[test]
    fn offers() {
        let mut store = empty_store(&[]);
        for (key, service, author) in [("1", "api", "Mara_Lind"), ("2", "api-gateway", "Ken_Abe")] {
            store.put(ProjectId::at(0), &row(&format!("{key} service={service} authorName={author}")));
        }
        let check = |q: &str, expect: &[&str]| {
            let (_, offers) = suggest(&store, &Syncs::default(), q, q.len(), false);
            let got: Vec<&str> = offers.iter().map(|o| o.insert.as_str()).collect();
            assert_eq!(got, expect, "{q}");
        };
        check("se", &["service:"]);
        check("ap", &["service:api", "service:api-gateway"]);
        check("service:ap", &["api", "api-gateway"]);
        check("author:ma", &["Mara Lind"]);
        check("lind", &["author:\"Mara Lind\""]);
        check("status:ca", &["canceled"]);
        check("zzz", &[]);
        check("", &[]);
        check("service:api ", &[]);
    }
}
