//! Bytes that this browser keeps for us under names, in IndexedDB: more than [`super::storage`] has room for.
//!
//! Storage may be switched off, full, or held by another tab that changes its shape. Then nothing is kept, which
//! everything here has to live with: whoever asks gets nothing, and no error is shown. It is a cache; what it lost is
//! asked for again.
//!
//! Every access opens the database and closes it again. That costs a few milliseconds every now and then, and no tab
//! ever keeps another one, with a newer page in it, from changing the shape.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

use gloo_timers::callback::Timeout;
use idb::{Database, Error, ObjectStoreParams, TransactionMode};
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::IdbOpenDbRequest;

const DATABASE: &str = "ringside";
/// Grows with every change of what the bytes mean, or of how they are laid out: an older shape is thrown away.
const VERSION: u32 = 1;
const STORE: &str = "kept";
/// How long the start of the page waits for what is kept, in milliseconds. Browsers are known to let the first access
/// hang, and another tab may be in the way.
const TIMEOUT: u32 = 2_000;

/// So many changes wait at most: more than there are chunks.
const MOST_WAITING: usize = 128;

/// Names and what is kept under each.
pub type CachedChunks = Vec<(String, Vec<u8>)>;

/// Everything that is kept; `None` when it cannot be had, or not soon.
pub async fn load() -> Option<CachedChunks> {
    let found = Rc::new(Cell::new(None::<Option<CachedChunks>>));
    let waker = Rc::new(Cell::new(None::<Waker>));
    let arrive = {
        let (found, waker) = (Rc::clone(&found), Rc::clone(&waker));
        move |kept| {
            found.set(Some(kept));
            if let Some(waker) = waker.take() {
                waker.wake();
            }
        }
    };
    let give_up = arrive.clone();
    let _timer = Timeout::new(TIMEOUT, move || give_up(None));
    // A task of its own, which also ends well when nobody waits any longer: it has a database to close.
    spawn_local(async move { arrive(read().await.ok()) });
    poll_fn(|context| match found.take() {
        Some(kept) => Poll::Ready(kept),
        None => {
            waker.set(Some(context.waker().clone()));
            Poll::Pending
        }
    })
    .await
}

/// Keeps bytes under a name, in place of what was kept there.
pub fn write(name: &str, bytes: &[u8]) {
    change(name, Change::Put(JsValue::from_str(name), Uint8Array::from(bytes)));
}

/// Forgets what is kept under a name.
pub fn delete(name: &str) {
    change(name, Change::Delete(JsValue::from_str(name)));
}

/// Forgets everything.
pub fn clear() {
    CHANGES.with_borrow_mut(|changes| changes.waiting.clear());
    change("", Change::Clear);
}

enum Change {
    Put(JsValue, Uint8Array),
    Delete(JsValue),
    Clear,
}

/// What is to be changed, in that order.
#[derive(Default)]
struct Changes {
    /// By the name of what is changed.
    waiting: VecDeque<(String, Change)>,
    is_under_way: bool,
}

thread_local! {
    static CHANGES: RefCell<Changes> = RefCell::default();
}

/// One change at a time, and of each name only the latest: a browser that is slow, or never answers, must not have ever
/// more of them wait.
fn change(name: &str, change: Change) {
    let begins = CHANGES.with_borrow_mut(|changes| {
        changes.waiting.retain(|(waits, _)| waits != name);
        if changes.waiting.len() >= MOST_WAITING {
            changes.waiting.pop_front();
        }
        changes.waiting.push_back((name.to_owned(), change));
        !std::mem::replace(&mut changes.is_under_way, true)
    });
    if begins {
        spawn_local(async {
            let next = || {
                CHANGES.with_borrow_mut(|changes| {
                    let next = changes.waiting.pop_front();
                    changes.is_under_way = next.is_some();
                    next
                })
            };
            while let Some((_, change)) = next() {
                // Whether it worked shows when it is read again.
                let _ = make(change).await;
            }
        });
    }
}

async fn make(change: Change) -> Result<(), Error> {
    let database = open().await?;
    let transaction = database.0.transaction(&[STORE], TransactionMode::ReadWrite)?;
    let store = transaction.object_store(STORE)?;
    // The request first, and the transaction only if that went well: a failed request ends the transaction in two
    // events, and whoever had left after the first would be called again by the second.
    match change {
        Change::Put(name, bytes) => drop(store.put(&bytes, Some(&name))?.await?),
        Change::Delete(name) => store.delete(name)?.await?,
        Change::Clear => store.clear()?.await?,
    }
    // A full disk shows only now.
    transaction.await.map(drop)
}

async fn read() -> Result<CachedChunks, Error> {
    let database = open().await?;
    let transaction = database.0.transaction(&[STORE], TransactionMode::ReadOnly)?;
    let store = transaction.object_store(STORE)?;
    // Both from one transaction, and both in the order of the names.
    let names = store.get_all_keys(None, None)?.into_future();
    let contents = store.get_all(None, None)?.into_future();
    let (names, contents) = (names.await?, contents.await?);
    let kept = names.into_iter().zip(contents);
    Ok(kept
        .filter_map(|(name, bytes)| Some((name.as_string()?, bytes.dyn_into::<Uint8Array>().ok()?.to_vec())))
        .collect())
}

/// A database that is closed when it is dropped.
struct Opened(Database);

impl Drop for Opened {
    fn drop(&mut self) {
        self.0.close();
    }
}

async fn open() -> Result<Opened, Error> {
    let request = request_database().map_err(Error::IndexedDbOpenFailed)?;
    // Not the crate's own future, which never gives back its callbacks.
    let answer = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(answer).await.map_err(Error::IndexedDbOpenFailed)?;
    Database::try_from(request.result().map_err(Error::IndexedDbOpenFailed)?).map(Opened)
}

fn request_database() -> Result<IdbOpenDbRequest, JsValue> {
    let factory = web_sys::window().ok_or(JsValue::NULL)?.indexed_db()?.ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32(DATABASE, VERSION)?;
    UPGRADE.with(|upgrade| request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref())));
    Ok(request)
}

thread_local! {
    static UPGRADE: Closure<dyn Fn(web_sys::Event)> = Closure::new(|event: web_sys::Event| {
        let request = event.target().and_then(|target| target.dyn_into::<IdbOpenDbRequest>().ok());
        let database = request.and_then(|request| request.result().ok());
        let Some(database) = database.and_then(|database| Database::try_from(database).ok()) else { return };
        for store in database.store_names() {
            // Fails only for a name that is no store's.
            let _ = database.delete_object_store(&store);
        }
        // Without it every access fails, and nothing is kept.
        let _ = database.create_object_store(STORE, ObjectStoreParams::new());
    });
}
