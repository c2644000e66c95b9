//! What the keys with one value can hold, read and written.

use crate::domain::time::{Timestamp, days};

/// A page of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum View {
    /// What runs in which ring.
    #[default]
    Rings,
    /// Every deployment, in a table.
    Deployments,
    /// How two rings differ.
    Compare,
    /// The changes of one service, ring by ring.
    History,
    /// Connections and credentials.
    Setup,
    /// One service in one ring, in one line.
    Badge,
}

impl View {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Rings, Self::Deployments, Self::Compare, Self::History, Self::Setup, Self::Badge];
    /// Those with a tab, in the order of the tabs. A history is that of a service, and so is reached from one.
    pub const TABS: [Self; 4] = [Self::Rings, Self::Deployments, Self::Compare, Self::Setup];

    /// Its word in the URL and in the page's hooks (`data-view`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rings => "rings",
            Self::Deployments => "deployments",
            Self::Compare => "compare",
            Self::History => "history",
            Self::Setup => "setup",
            Self::Badge => "badge",
        }
    }
}

/// From when on deployments are shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Since {
    /// All there are.
    #[default]
    All,
    /// The last day.
    Hours24,
    /// The last week.
    Days7,
    /// The last 30 days.
    Days30,
    /// From this moment on.
    From(Timestamp),
}

impl Since {
    /// Reads a span, a date (its begin in UTC), or a date and time.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "all" => Some(Self::All),
            "24h" => Some(Self::Hours24),
            "7d" => Some(Self::Days7),
            "30d" => Some(Self::Days30),
            // a "+02:00" that nobody encoded has become " 02:00"
            text => [text, &[text, "T00:00:00Z"].concat(), &text.replace(' ', "+")]
                .into_iter()
                .find_map(Timestamp::parse)
                .map(Self::From),
        }
    }

    /// Writes what [`Since::parse`] reads: a date alone when it is its begin.
    #[must_use]
    pub fn print(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Hours24 => "24h".to_owned(),
            Self::Days7 => "7d".to_owned(),
            Self::Days30 => "30d".to_owned(),
            Self::From(moment) => {
                let text = moment.to_rfc3339();
                text.strip_suffix("T00:00:00Z").map(str::to_owned).unwrap_or(text)
            }
        }
    }

    /// The moment, counted from `now` where it is relative; `None` is no limit.
    #[must_use]
    pub fn start(self, now: impl FnOnce() -> Timestamp) -> Option<Timestamp> {
        match self {
            Self::All => None,
            Self::Hours24 => Some(now() - days(1)),
            Self::Days7 => Some(now() - days(7)),
            Self::Days30 => Some(now() - days(30)),
            Self::From(moment) => Some(moment),
        }
    }
}

/// How often to look again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Refresh {
    /// Only by hand.
    Off,
    /// Every so many seconds, 5 to 3600.
    Every(u16),
}

impl Refresh {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "off" | "0" => Some(Self::Off),
            text => text.parse().ok().filter(|s| (5..=3600).contains(s)).map(Self::Every),
        }
    }

    pub(super) fn print(self) -> String {
        match self {
            Self::Off => "off".to_owned(),
            Self::Every(seconds) => seconds.to_string(),
        }
    }
}

/// How much room rows take.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Density {
    /// Two lines each.
    #[default]
    Comfortable,
    /// One line, where that holds it.
    Compact,
}

impl Density {
    /// Its word in the URL, in the page's hooks, and in what the device keeps.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Compact => "compact",
        }
    }

    /// The density with that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Comfortable, Self::Compact].into_iter().find(|density| density.as_str() == word)
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Comfortable => Self::Compact,
            Self::Compact => Self::Comfortable,
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Theme {
    /// As the device has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// Its word in the URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// Sample data.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Demo {
    /// As much as shows everything.
    Sample,
    /// So many rows, to try the page with.
    Rows(u32),
}

impl Demo {
    /// The most rows a page is asked to make up.
    pub const MOST: u32 = 1_000_000;

    /// The key alone asks for sample data, so does any value that does not refuse it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "off" | "false" | "no" => None,
            text => Some(text.parse().ok().filter(|n| *n <= Self::MOST).map_or(Self::Sample, Self::Rows)),
        }
    }

    pub(super) fn print(self) -> String {
        match self {
            Self::Sample => "sample".to_owned(),
            Self::Rows(n) => n.to_string(),
        }
    }
}

/// What services of the board are put together by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grouping {
    /// The repository of their source.
    Repository,
    /// Whoever looks after them, as in `config.json`.
    Team,
}

impl Grouping {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Repository, Self::Team];

    /// Its word in the URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Repository => "repository",
            Self::Team => "team",
        }
    }

    /// The one with that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grouping| grouping.as_str() == word)
    }
}
