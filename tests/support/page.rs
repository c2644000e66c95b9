//! An engine in a page that is looked at, with answers given by hand.

use std::collections::HashMap;

use ringside::{
    config::{Config, parse::parse},
    domain::time::Timestamp,
    engine::{Engine, Input, RequestId, VisibleSet},
    http::{Origin, Request, Response, secret::Secret},
    model::{live::LiveViews, store::Slot},
};
use serde_json::Value;

use super::{
    rows::{RowBuilder, body},
    simulation::{CachedChunks, Simulation, Timeline, Turn, attach_forges},
};

pub(crate) const START: i64 = 1_795_000_000_000;
pub(crate) const TOKEN: &str = "secret";

/// An engine, and the loop around it.
pub(crate) struct Page {
    pub(crate) engine: Engine,
    /// Addresses of all that was asked of forges.
    pub(crate) asked: Vec<String>,
    /// What it looks at whenever something is published.
    pub(crate) opens: Option<fn(&Engine, &mut LiveViews) -> VisibleSet>,
    live: LiveViews,
    /// What the browser keeps.
    pub(crate) kept: CachedChunks,
    timeline: Timeline<RequestId>,
    /// What has no answer yet.
    under_way: HashMap<RequestId, Request>,
    /// The list as it was last published.
    published: Vec<Slot>,
}

impl Page {
    pub(crate) fn new(config: &Config, now: i64) -> Self {
        let mut engine = Engine::new(config, "https://page.example", 1);
        attach_forges(&mut engine, config, 1, Timestamp::from_millis(now));
        Self {
            engine,
            asked: Vec::new(),
            opens: None,
            live: LiveViews::default(),
            kept: CachedChunks::new(),
            timeline: Timeline::new(now),
            under_way: HashMap::new(),
            published: Vec::new(),
        }
    }

    pub(crate) fn open(
        config: &Value,
        origins: &[&str],
        token: Option<&str>,
        kept: Option<Vec<(String, Vec<u8>)>>,
        now: i64,
    ) -> Self {
        let (config, _) = parse(&config.to_string()).unwrap();
        let mut page = Self::new(&config, now);
        for origin in origins {
            let origin = Origin::of(origin).unwrap();
            let token = token.map(|token| Secret::new(origin.clone(), token));
            page.give(Input::ForgeCredential(origin, token));
        }
        kept.into_iter().for_each(|kept| page.give(Input::CachedFacts(kept)));
        page
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.timeline.now)
    }

    pub(crate) fn give(&mut self, input: Input) {
        self.engine.handle_input(input, self.now());
    }

    /// Looks at the first rows of the list, whichever these are whenever something is published, and returns every
    /// order that the list had.
    pub(crate) fn watch(
        &mut self,
        many: usize,
        time: i64,
        answer: &mut dyn FnMut(&Request, i64) -> Response,
    ) -> Vec<Vec<Slot>> {
        let (end, mut orders) = (self.timeline.now + time, Vec::new());
        while self.timeline.now < end {
            let order = self.published.clone();
            let (screen, next) = order.split_at(many.min(order.len()));
            let (screen, next) = (screen.to_vec(), next.iter().copied().take(100).collect());
            self.give(Input::VisibleSet(VisibleSet { screen, next, ..VisibleSet::default() }));
            if orders.last() != Some(&order) {
                orders.push(order);
            }
            self.pass(10, answer);
        }
        orders
    }

    /// Lets so much time pass; every answer comes after 50 ms.
    pub(crate) fn pass(&mut self, time: i64, answer: &mut dyn FnMut(&Request, i64) -> Response) {
        let end = self.timeline.now + time;
        Answered { page: self, answer }.run_until(end);
    }

    pub(crate) fn show_first(&mut self, many: usize) -> Vec<Slot> {
        let screen: Vec<Slot> = self.engine.store().by_time().iter().copied().take(many).collect();
        self.give(Input::VisibleSet(VisibleSet { screen: screen.clone(), ..VisibleSet::default() }));
        screen
    }
}

/// A page, and who answers what it asks.
struct Answered<'p, 'a> {
    page: &'p mut Page,
    answer: &'a mut dyn FnMut(&Request, i64) -> Response,
}

impl Simulation for Answered<'_, '_> {
    type Event = RequestId;

    fn timeline(&mut self) -> &mut Timeline<RequestId> {
        &mut self.page.timeline
    }

    fn step(&mut self) -> Option<i64> {
        let page = &mut *self.page;
        let now = page.now();
        let turn = Turn::at(&mut page.engine, now, &mut page.kept);
        for (id, request) in turn.sent {
            if Origin::of(request.address()).is_some() {
                page.asked.push(format!("{} {}", request.address(), request.question().unwrap_or_default()));
            }
            page.under_way.insert(id, request);
            page.timeline.after(50, id);
        }
        let mut wake = turn.wake.map(Timestamp::millis);
        if let Some(delta) = turn.published {
            page.live.note(&delta);
            page.published = page.engine.store().by_time().to_vec();
            if let Some(opens) = page.opens {
                let visible = opens(&page.engine, &mut page.live);
                page.give(Input::VisibleSet(visible));
                wake = Some(page.timeline.now);
            }
        }
        wake
    }

    fn happen(&mut self, id: RequestId) {
        let Some(request) = self.page.under_way.remove(&id) else { return };
        let response = (self.answer)(&request, self.page.timeline.now);
        self.page.give(Input::Response(id, Ok(response)));
    }
}

pub(crate) fn json_response(body: &Value) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status: 200, headers, body: body.to_string().into_bytes() }
}

pub(crate) fn rows_response<'r>(rows: impl IntoIterator<Item = &'r RowBuilder>) -> Response {
    Response { body: body(rows).into_bytes(), ..json_response(&Value::Null) }
}
