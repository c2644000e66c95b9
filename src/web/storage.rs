//! What this browser keeps for us: for the tab, or on the device.
//!
//! Storage may be switched off or full. Then nothing is kept, which everything here has to live with.

/// For how long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    /// Until the tab is closed.
    Tab,
    /// Until it is forgotten.
    Device,
}

fn storage(keep: Keep) -> Option<web_sys::Storage> {
    let window = web_sys::window()?;
    match keep {
        Keep::Tab => window.session_storage().ok()?,
        Keep::Device => window.local_storage().ok()?,
    }
}

/// Whether anything can be kept at all.
#[must_use]
pub fn is_available() -> bool {
    const PROBE: &str = "ringside.probe";
    [Keep::Tab, Keep::Device].into_iter().all(|keep| {
        let works = set(keep, PROBE, "1");
        remove(keep, PROBE);
        works
    })
}

/// What is kept under a key.
#[must_use]
pub fn get(keep: Keep, key: &str) -> Option<String> {
    storage(keep)?.get_item(key).ok()?
}

/// Keeps a text, and returns whether that worked.
pub fn set(keep: Keep, key: &str, value: &str) -> bool {
    storage(keep).is_some_and(|s| s.set_item(key, value).is_ok())
}

/// Forgets what is kept under a key.
pub fn remove(keep: Keep, key: &str) {
    if let Some(storage) = storage(keep) {
        // Fails only where nothing could have been kept.
        let _ = storage.remove_item(key);
    }
}
