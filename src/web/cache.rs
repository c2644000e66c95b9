//! Bytes that this browser keeps for us under names, in IndexedDB: more than [`super::storage`] has room for.
//!
//! Storage may be switched off, full, or held by another tab that changes its shape. Then nothing is kept, which
//! everything here has to live with: whoever asks gets nothing, and nobody is told. It is a cache; what it lost is
//! asked for again.
//!
//! Every access opens the database and closes it again. That costs a few milliseconds every now and then, and no tab
//! ever keeps another one, with a newer page in it, from changing the shape.

use std::{
    cell::Cell,
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

use gloo_timers::callback::Timeout;
use idb::{
    Database, DatabaseEvent, Error, Factory, ObjectStore, ObjectStoreParams, TransactionMode,
    request::{ClearStoreRequest, DeleteStoreRequest, PutStoreRequest},
};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

const DATABASE: &str = "ringside";
/// Grows with every change of what the bytes mean, or of how they are laid out: an older shape is thrown away.
const VERSION: u32 = 1;
const STORE: &str = "kept";
/// How long the start of the page waits for what is kept, in milliseconds. Browsers are known to let the first access
/// hang, and another tab may be in the way.
const PATIENCE: u32 = 2_000;

/// Names and what is kept under each.
pub type Kept = Vec<(String, Vec<u8>)>;

/// Everything that is kept; `None` when it cannot be had, or not soon.
pub async fn load() -> Option<Kept> {
    let found = Rc::new(Cell::new(None::<Option<Kept>>));
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
    let _timer = Timeout::new(PATIENCE, move || give_up(None));
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
    let (name, bytes) = (JsValue::from_str(name), Uint8Array::from(bytes));
    change(move |store| store.put(&bytes, Some(&name)).map(Change::Put));
}

/// Forgets what is kept under a name.
pub fn delete(name: &str) {
    let name = JsValue::from_str(name);
    change(move |store| store.delete(name).map(Change::Delete));
}

/// Forgets everything.
pub fn clear() {
    change(|store| store.clear().map(Change::Clear));
}

enum Change {
    Put(PutStoreRequest),
    Delete(DeleteStoreRequest),
    Clear(ClearStoreRequest),
}

/// Changes are made in the order in which they are asked for: a browser opens and locks in that order.
fn change(ask: impl FnOnce(&ObjectStore) -> Result<Change, Error> + 'static) {
    spawn_local(async move {
        // Whether it worked shows when it is read again.
        let _ = make(ask).await;
    });
}

async fn make(ask: impl FnOnce(&ObjectStore) -> Result<Change, Error>) -> Result<(), Error> {
    let database = open().await?;
    let transaction = database.0.transaction(&[STORE], TransactionMode::ReadWrite)?;
    // The request first, and the transaction only if that went well: a failed request ends the transaction in two
    // events, and whoever had left after the first would be called again by the second.
    match ask(&transaction.object_store(STORE)?)? {
        Change::Put(request) => drop(request.await?),
        Change::Delete(request) => request.await?,
        Change::Clear(request) => request.await?,
    }
    // A full disk shows only now.
    transaction.await.map(drop)
}

async fn read() -> Result<Kept, Error> {
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
    let mut request = Factory::new()?.open(DATABASE, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        let Ok(database) = event.database() else { return };
        for store in database.store_names() {
            // Fails only for a name that is no store's.
            let _ = database.delete_object_store(&store);
        }
        // Without it every access fails, and nothing is kept.
        let _ = database.create_object_store(STORE, ObjectStoreParams::new());
    });
    request.await.map(Opened)
}
