//! Words of what can be taken along.

/// The menu.
pub const EXPORT: &str = "Export";
/// Above what holds only what is shown.
pub const SHOWN: &str = "What is shown";
/// Above what holds everything.
pub const WHOLE: &str = "Everything, as a snapshot";
/// What a snapshot is for.
pub const SNAPSHOT_NOTE: &str = "A file that another Ringside reads with storage.kind = \"snapshot\".";
/// Comma-separated values.
pub const CSV: &str = "CSV";
/// JSON.
pub const JSON: &str = "JSON";
/// Markdown.
pub const MARKDOWN: &str = "Markdown";
/// All rows.
pub const SNAPSHOT: &str = "Snapshot";
/// All rows without people.
pub const WITHOUT_NAMES: &str = "Snapshot without names";
