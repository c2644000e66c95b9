//! The part of OData's `$filter` that the Azure Table service has and Ringside sends: comparisons of a property
//! with a constant, `and`, `or`, `not` and parentheses. Names, operators and constants are case-sensitive.
//!
//! As in the service, a comparison with a property that a row lacks is false, and a filter may hold no more than
//! [`MAX_COMPARISONS`]. What the service has and nobody here sends (numbers, `guid'…'`, `binary'…'`) is refused.

mod parse;

use std::{borrow::Cow, cmp::Ordering, fmt};

use ringside::domain::time::Timestamp;

/// The service refuses a filter with more.
pub(crate) const MAX_COMPARISONS: usize = 15;

/// A filter that was understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Filter(Node);

/// Text that is no filter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BadFilter;

/// A row's property.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Field<'a> {
    /// Text, as every property but one.
    Text(Cow<'a, str>),
    /// When the row last changed.
    Moment(Timestamp),
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Node {
    Compare { name: Box<str>, operator: Operator, constant: Field<'static> },
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Operator {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "gt" => Self::Gt,
            "ge" => Self::Ge,
            "lt" => Self::Lt,
            "le" => Self::Le,
            _ => return None,
        })
    }

    const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
        }
    }
}

/// What a property's text must lie between for a filter to hold, both ends included. Narrower than the truth it
/// never is; wider it may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Hull<'a> {
    /// No less than this.
    pub low: Option<&'a str>,
    /// No more than this.
    pub high: Option<&'a str>,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// When the service would refuse it.
    pub(crate) fn parse(text: &str) -> Result<Self, BadFilter> {
        parse::filter(text).map(Self)
    }

    /// Whether it holds for the row whose properties `get` finds by name.
    pub(crate) fn matches<'a>(&self, get: &dyn Fn(&str) -> Option<Field<'a>>) -> bool {
        self.0.matches(get)
    }

    /// What it demands of one property, as far as its comparisons joined by `and` go.
    #[must_use]
    pub(crate) fn hull(&self, name: &str) -> Hull<'_> {
        let mut hull = Hull::default();
        self.0.narrow(name, &mut hull);
        hull
    }
}

impl Node {
    fn matches<'a>(&self, get: &dyn Fn(&str) -> Option<Field<'a>>) -> bool {
        match self {
            Self::And(a, b) => a.matches(get) && b.matches(get),
            Self::Or(a, b) => a.matches(get) || b.matches(get),
            Self::Not(a) => !a.matches(get),
            Self::Compare { name, operator, constant } => match (get(name), constant) {
                (Some(Field::Text(text)), Field::Text(constant)) => operator.holds(text.as_ref().cmp(constant)),
                (Some(Field::Moment(moment)), Field::Moment(constant)) => operator.holds(moment.cmp(constant)),
                _ => false,
            },
        }
    }

    fn narrow<'a>(&'a self, wanted: &str, hull: &mut Hull<'a>) {
        match self {
            Self::And(a, b) => {
                a.narrow(wanted, hull);
                b.narrow(wanted, hull);
            }
            Self::Compare { name, operator, constant: Field::Text(text) } if name.as_ref() == wanted => {
                let text = text.as_ref();
                if matches!(operator, Operator::Eq | Operator::Gt | Operator::Ge) {
                    hull.low = Some(hull.low.map_or(text, |low| low.max(text)));
                }
                if matches!(operator, Operator::Eq | Operator::Lt | Operator::Le) {
                    hull.high = Some(hull.high.map_or(text, |high| high.min(text)));
                }
            }
            _ => {}
        }
    }
}

impl fmt::Display for BadFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The query condition specified in the request is invalid.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(filter: &str) -> bool {
        Filter::parse(filter).unwrap_or_else(|_| panic!("{filter}")).matches(&|name| match name {
            "PartitionKey" => Some(Field::Text("trivia".into())),
            "RowKey" => Some(Field::Text("5f00".into())),
            "service" => Some(Field::Text("o'clock".into())),
            "Timestamp" => Timestamp::parse("2026-11-23T12:00:00.500Z").map(Field::Moment),
            _ => None,
        })
    }

    #[test]
    fn filters() {
        #[track_caller]
        fn check(filter: &str, expect: bool) {
            assert_eq!(holds(filter), expect, "{filter}");
        }
        check("PartitionKey eq 'trivia'", true);
        check("PartitionKey eq 'Trivia'", false);
        check("PartitionKey ne 'trivia'", false);
        check("RowKey gt '5f'", true);
        check("RowKey ge '5f00' and RowKey le '5f00'", true);
        check("RowKey lt '5f00'", false);
        check("service eq 'o''clock'", true);
        check("(service eq 'o''clock')", true);
        check("service eq ''", false);
        check("Timestamp ge datetime'2026-11-23T12:00:00.5Z'", true);
        check("Timestamp gt datetime'2026-11-23T12:00:00.5000000Z'", false);
        check("Timestamp lt datetime'2026-11-23T13:00:00Z' and PartitionKey eq 'trivia'", true);
        // A property that is not there, or is of another type, compares to nothing.
        check("branch eq 'main'", false);
        check("branch ne 'main'", false);
        check("not (branch ne 'main')", true);
        check("service lt datetime'2026-11-23T13:00:00Z'", false);
        // `and` before `or`, `not` before both.
        check("RowKey eq 'x' and RowKey eq 'y' or PartitionKey eq 'trivia'", true);
        check("RowKey eq 'x' and (RowKey eq 'y' or PartitionKey eq 'trivia')", false);
        check("not RowKey eq 'x' and PartitionKey eq 'trivia'", true);
        check("not (RowKey eq 'x' or PartitionKey eq 'trivia')", false);
        check("not(not(RowKey eq '5f00'))", true);
        check(" ( PartitionKey eq 'trivia' )and( RowKey eq '5f00' ) ", true);
    }

    #[test]
    fn what_is_no_filter() {
        #[track_caller]
        fn check(filter: &str) {
            assert_eq!(Filter::parse(filter), Err(BadFilter), "{filter}");
        }
        check("");
        check("PartitionKey");
        check("PartitionKey = 1");
        check("PartitionKey EQ 'x'");
        check("PartitionKey eq x");
        check("PartitionKey eq 'x");
        check("PartitionKey eq 'x' or");
        check("PartitionKey eq 'x' RowKey eq 'y'");
        check("PartitionKey eq 'x')");
        check("(PartitionKey eq 'x'");
        check("'x' eq");
        check("PartitionKey eq datetime'2026-11-23T12:00:00Z'");
        check("Timestamp eq '2026-11-23T12:00:00Z'");
        check("Timestamp eq datetime'yesterday'");
        check("Timestamp eq datetime '2026-11-23T12:00:00Z'");
        check("p1 eq 6881");
        check(&"(".repeat(100_000));
        check(&"not ".repeat(100_000));
        check(&["p1 eq '1'"; MAX_COMPARISONS + 1].join(" or "));
    }

    #[test]
    fn as_many_comparisons_as_the_service_takes() {
        assert!(Filter::parse(&["p1 eq '1'"; MAX_COMPARISONS].join(" or ")).is_ok());
    }

    #[test]
    fn hulls() {
        #[track_caller]
        fn check(filter: &str, low: Option<&str>, high: Option<&str>) {
            assert_eq!(Filter::parse(filter).unwrap().hull("RowKey"), Hull { low, high }, "{filter}");
        }
        check("RowKey eq 'b'", Some("b"), Some("b"));
        check("RowKey gt 'b' and PartitionKey eq 'x' and RowKey lt 'd'", Some("b"), Some("d"));
        check("RowKey ge 'b' and (RowKey ge 'c' and RowKey le 'd')", Some("c"), Some("d"));
        check("RowKey ge 'b' or RowKey lt 'a'", None, None);
        check("not (RowKey ge 'b')", None, None);
        check("RowKey ne 'b'", None, None);
        check("PartitionKey eq 'x'", None, None);
    }
}
