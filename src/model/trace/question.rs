//! What is asked about: a change in what stands in the search box, a service by its name.

use crate::domain::project::ProjectId;
use crate::model::{
    fold::is_same,
    query::{self, Facet},
    store::Store,
    symbols::ServiceSym,
};

/// What manual edits that name no service are called in its place.
pub const NAMELESS: &str = "HLD edits";

/// What the search box asks [`super::where_is`]; `None` where it narrows down by other fields, or by what must not be.
#[must_use]
pub fn question(q: &str) -> Option<String> {
    match query::parse(q).as_slice() {
        [] => None,
        // What the search box itself offers for a person.
        [only] if only.facet == Some(Facet::Author) && !only.negated => Some(only.value.clone()),
        terms if terms.iter().any(|term| term.negated || term.facet.is_some()) => None,
        _ => Some(q.trim().to_owned()),
    }
}

/// The services of that name, one a project that has it, in the order of the projects; of those named in `projects`,
/// where any is.
#[must_use]
pub fn services(store: &Store, projects: &[String], name: &str) -> Vec<(ProjectId, ServiceSym)> {
    // A row may spell it with its owner, and so may whoever writes a link.
    let bare = name.rsplit('/').find(|part| !part.is_empty()).unwrap_or(name);
    let nameless = name.eq_ignore_ascii_case(NAMELESS).then_some(ServiceSym::NONE);
    let Some(service) = store.find_service(name).or_else(|| store.find_service(bare)).or(nameless) else {
        return Vec::new();
    };
    let _derived = store.derived();
    let mut has = vec![false; store.projects().len()];
    for &slot in store.by_time() {
        if store.service(slot) == service
            && let Some(has) = store.at(slot).project().of_mut(&mut has)
        {
            *has = true;
        }
    }
    let is_wanted = |name: &str| projects.is_empty() || projects.iter().any(|p| is_same(p, name));
    let all = store.projects().iter().zip(has).enumerate();
    let found = all.filter(|(_, (project, has))| *has && is_wanted(project.as_str()));
    found.map(|(n, _)| (ProjectId::at(n), service)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::support::rows::row;
    use crate::{domain::id::ProjectName, model::rings::RingNames};

    #[test]
    fn questions_in_the_search_box() {
        #[track_caller]
        fn check(q: &str, expect: Option<&str>) {
            assert_eq!(question(q).as_deref(), expect, "{q}");
        }
        check("", None);
        check("  ", None);
        check(" 1a2b3c4 ", Some("1a2b3c4"));
        check("#12", Some("#12"));
        check("!12", Some("!12"));
        check("Mara Lind", Some("Mara Lind"));
        check("\"Mara Lind\"", Some("\"Mara Lind\""));
        check("author:\"Mara Lind\"", Some("Mara Lind"));
        check("-author:Mara", None);
        check("-1a2b3c4", None);
        check("service:api", None);
        check("service:api 1a2b3c4", None);
        check("author:Mara author:Jun", None);
    }

    #[test]
    fn services_by_name() {
        let projects = ["one", "two", "three"].map(|name| ProjectName::new(name).unwrap());
        let mut store = Store::new(projects.to_vec(), RingNames::default());
        for (n, (project, service)) in
            [(1, "api"), (0, "contoso/Api"), (2, "web"), (1, ""), (1, "api")].into_iter().enumerate()
        {
            store.put(ProjectId::at(project), &row(&format!("k{n} service={service}")));
        }
        store.rebuild();
        let check = |projects: &[&str], name: &str, expect: &[usize]| {
            let projects: Vec<String> = projects.iter().map(|&p| p.to_owned()).collect();
            let found: Vec<usize> = services(&store, &projects, name).into_iter().map(|s| s.0.index()).collect();
            assert_eq!(found, expect, "{projects:?} {name}");
        };
        check(&[], "api", &[0, 1]);
        check(&[], "contoso/API", &[0, 1]);
        check(&["Two"], "api", &[1]);
        check(&["three"], "api", &[]);
        check(&[], "web", &[2]);
        check(&[], "nosuch", &[]);
        check(&[], "hld edits", &[1]);
    }
}
