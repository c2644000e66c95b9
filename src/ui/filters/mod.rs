//! Where is it? What the search box names, before what it finds.

mod where_is;

pub(super) use self::where_is::WhereIs;
