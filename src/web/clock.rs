//! What time it is, here.

use std::time::Duration;

use js_sys::{Date, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    domain::{clock::Clock, time::Timestamp},
    text,
};

/// Now.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_millis(Date::now() as i64)
}

/// What both clocks of this device show.
#[must_use]
pub fn clocks() -> Clock {
    let wall = now();
    monotonic().map_or(Clock::from(wall), |monotonic| Clock { wall, monotonic })
}

fn monotonic() -> Option<Duration> {
    let performance = Reflect::get(&js_sys::global(), &"performance".into()).ok()?;
    let now: Function = Reflect::get(&performance, &"now".into()).ok()?.dyn_into().ok()?;
    let millis = now.call0(&performance).ok()?.as_f64()?;
    Some(Duration::from_millis(millis as u64))
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
