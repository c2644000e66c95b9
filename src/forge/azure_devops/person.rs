//! People, as all of its APIs describe them (`IdentityRef`).

use super::answers::{Links, filled, href};
use crate::{
    domain::{link::Link, person::Person},
    json::wire,
};

wire! {
    pub(super) struct Identity {
        pub(super) id: Option<String>,
        display_name: Option<String> = "displayName",
        unique_name: Option<String> = "uniqueName",
        image_url: Option<String> = "imageUrl",
        links: Option<Links> = "_links",
    }
}

/// Somebody who has a name.
pub(super) fn person(identity: Option<Identity>) -> Option<Person> {
    let identity = identity?;
    let unique = filled(identity.unique_name);
    let email = unique.clone().filter(|name| is_email(name));
    let name = filled(identity.display_name).or(unique)?;
    let avatar = identity.links.and_then(|links| href(links.avatar));
    let image = avatar.or_else(|| identity.image_url.as_deref().and_then(Link::new));
    Some(Person { name, email, image, url: None })
}

/// `uniqueName` is an e-mail address for people of the service, `DOMAIN\name` on a server, and two GUIDs around an
/// `@` for the service itself.
pub(super) fn is_email(text: &str) -> bool {
    let strange = |c: char| c.is_whitespace() || c == '\\' || c == '/';
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !text.contains(strange))
}
