//! What time it is, here.

use js_sys::Date;
use wasm_bindgen::JsValue;

use crate::{domain::time::Timestamp, text};

/// Now.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_millis(Date::now() as i64)
}

/// A moment to the second, in this device's zone. Written by ourselves: making a formatter of the browser's own takes
/// longer than drawing the whole first page.
#[must_use]
pub fn exact(moment: Timestamp) -> String {
    text::exact(moment, behind(moment))
}

/// The hour and the minute of a moment, in this device's zone.
#[must_use]
pub fn time_of_day(moment: Timestamp) -> String {
    text::time_of_day(moment, behind(moment))
}

/// How many minutes this device's zone is behind UTC at a moment.
#[must_use]
pub fn behind(moment: Timestamp) -> i32 {
    Date::new(&JsValue::from_f64(moment.millis() as f64)).get_timezone_offset() as i32
}
