//! What time it is, and how this device's people write it.

use std::cell::OnceCell;

use js_sys::{Array, Date, Function, Intl::DateTimeFormat, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::domain::time::Timestamp;

/// Now.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_millis(Date::now() as i64)
}

/// A moment to the second, in this device's language and zone.
#[must_use]
pub fn exact(moment: Timestamp) -> String {
    // Making a formatter takes a hundred times as long as using it.
    thread_local!(static FORMAT: OnceCell<Function> = const { OnceCell::new() });
    FORMAT.with(|format| {
        let format = format.get_or_init(|| {
            let options = Object::new();
            for (key, value) in [("dateStyle", "medium"), ("timeStyle", "medium")] {
                // Setting a key of a fresh object cannot fail.
                let _ = Reflect::set(&options, &key.into(), &value.into());
            }
            DateTimeFormat::new(&Array::new(), &options).format()
        });
        let date = Date::new(&JsValue::from_f64(moment.millis() as f64));
        let text = format.call1(&JsValue::UNDEFINED, &date).ok().and_then(|text| text.as_string());
        text.unwrap_or_else(|| moment.to_rfc3339())
    })
}
