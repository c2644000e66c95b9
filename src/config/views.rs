//! Views and teams that the file names for everybody.

use super::{
    SavedView, Team,
    reader::{Object, Place, Report},
};

pub(super) const VIEW: [&str; 2] = ["name", "query"];
pub(super) const TEAM: [&str; 2] = ["name", "services"];

/// Who looks after which services. A service that two teams name is the first one's.
pub(super) fn teams(root: &Object<'_>, report: &mut Report) -> Vec<Team> {
    let Some(place) = root.get("teams") else { return Vec::new() };
    let items = place.items("a list of objects with name and services", report);
    let mut teams = Vec::new();
    for item in &items {
        let Some(object) = item.object(&TEAM, "an object with name and services", report) else { continue };
        let name = object.need_text("name", "a text", report);
        let services = object.texts("services", "a list of names of services", report);
        let services = services.iter().map(|(_, service)| (*service).into()).collect();
        teams.extend(name.map(|name| Team { name: name.into(), services }));
    }
    teams
}

pub(super) fn views(root: &Object<'_>, report: &mut Report) -> Vec<SavedView> {
    let Some(place) = root.get("views") else { return Vec::new() };
    let items = place.items("a list of objects with name and query", report);
    items.iter().filter_map(|item| view(item, report)).collect()
}

fn view(place: &Place<'_>, report: &mut Report) -> Option<SavedView> {
    let object = place.object(&VIEW, "an object with name and query", report)?;
    let name = object.need_text("name", "a text", report);
    let query = object.need_text("query", "what follows the ? in the address of the view", report);
    // Whoever copies a whole address means its query.
    let query = query.map(|query| query.split_once('?').map_or(query, |(_, query)| query));
    Some(SavedView { name: name?.into(), query: query?.into() })
}
