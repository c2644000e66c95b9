//! Whom to ask.

use super::link::Link;

/// Somebody who wrote or approved a change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Display name, never empty.
    pub name: Box<str>,
    /// E-mail address as the row gives it.
    pub email: Option<Box<str>>,
    /// Picture.
    pub image: Option<Link>,
    /// Profile page.
    pub url: Option<Link>,
}

impl Person {
    /// Up to two initials for where there is no picture, in the name's own case: the style sheet raises them, which
    /// spares the program the tables for it.
    #[must_use]
    pub fn initials(&self) -> String {
        let mut words = self.name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        let first = words.next().and_then(|w| w.chars().next());
        let last = words.next_back().and_then(|w| w.chars().next());
        first.into_iter().chain(last).collect()
    }

    /// A number that is the same for the same name, to give everybody a colour of their own.
    #[must_use]
    pub fn hue(&self) -> u16 {
        let sum =
            self.name.bytes().fold(7_u32, |h, b| h.wrapping_mul(31).wrapping_add(u32::from(b.to_ascii_lowercase())));
        (sum % 360) as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials() {
        #[track_caller]
        fn check(name: &str, expect: &str) {
            let person = Person { name: name.into(), email: None, image: None, url: None };
            assert_eq!(person.initials(), expect, "{name}");
        }
        check("Mara Lind", "ML");
        check("Ana María Ruiz", "AR");
        check("dependabot[bot]", "db");
        check("ken", "k");
        check("ørsted", "ø");
        check("---", "");
    }
}
