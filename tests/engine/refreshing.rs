//! Keeping up: only what is new, never twice at once, not while nobody looks, and what has been deleted.
