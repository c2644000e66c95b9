//! How much memory a test holds, to the byte: whatever keeps it, and whether or not anything prints it.

#![allow(unsafe_code, reason = "an allocator is unsafe to write: this one counts, and leaves the rest to the system's")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

thread_local! {
    /// What this thread has allocated and not freed. A test runs in one thread, so others beside it do not count.
    static HELD: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, counted.
pub(crate) struct Counted;

#[global_allocator]
static COUNTED: Counted = Counted;

fn count(bytes: usize, sign: isize) {
    HELD.set(HELD.get() + sign * bytes as isize);
}

// SAFETY: all of it is done by the system's allocator, whose rules are those of the trait.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(layout.size(), -1);
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

/// So many bytes are allocated by this thread now, whole capacities and tables included.
pub(crate) fn held() -> isize {
    HELD.get()
}
