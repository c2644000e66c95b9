//! An engine in a page that is looked at, with answers given by hand.

use ringside::{
    config::parse::parse,
    domain::time::Timestamp,
    engine::{Engine, Input, RequestId, VisibleSet},
    http::{Origin, Request, Response, secret::Secret},
    model::store::Slot,
};
use serde_json::Value;

use crate::{
    forges::world::Millis,
    simulation_support::{Kept, Turn, attach_forges},
};

pub(crate) const START: Millis = 1_795_000_000_000;
pub(crate) const TOKEN: &str = "secret";

/// An engine that has read its rows, and the loop around it.
pub(crate) struct Page {
    pub(crate) engine: Engine,
    pub(crate) now: Millis,
    /// Addresses of all that was asked of forges.
    pub(crate) asked: Vec<String>,
    /// What has no answer yet, and when it comes.
    under_way: Vec<(Millis, RequestId, Request)>,
    /// The list as it was last published.
    published: Vec<Slot>,
    /// What the browser keeps.
    pub(crate) kept: Kept,
}

impl Page {
    pub(crate) fn open(
        config: &Value,
        origins: &[&str],
        token: Option<&str>,
        kept: Option<Vec<(String, Vec<u8>)>>,
        now: Millis,
    ) -> Self {
        let (config, _) = parse(&config.to_string()).unwrap();
        let mut engine = Engine::new(&config, "https://page.example", 1);
        attach_forges(&mut engine, &config, 1, Timestamp::from_millis(now));
        for origin in origins {
            let origin = Origin::of(origin).unwrap();
            let token = token.map(|token| Secret::new(origin.clone(), token));
            engine.handle_input(Input::ForgeCredential(origin, token), Timestamp::from_millis(now));
        }
        let mut page =
            Self { engine, now, asked: Vec::new(), under_way: Vec::new(), published: Vec::new(), kept: Kept::new() };
        if let Some(kept) = kept {
            page.give(Input::CachedFacts(kept));
        }
        page
    }

    pub(crate) fn give(&mut self, input: Input) {
        self.engine.handle_input(input, Timestamp::from_millis(self.now));
    }

    /// Looks at the first rows of the list, whichever these are whenever something is published, and returns every order
    /// that the list had.
    pub(crate) fn watch(
        &mut self,
        many: usize,
        time: Millis,
        answer: &mut dyn FnMut(&Request, Millis) -> Response,
    ) -> Vec<Vec<Slot>> {
        let (end, mut orders) = (self.now + time, Vec::new());
        while self.now < end {
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
    pub(crate) fn pass(&mut self, time: Millis, answer: &mut dyn FnMut(&Request, Millis) -> Response) {
        let end = self.now + time;
        loop {
            let now = Timestamp::from_millis(self.now);
            let turn = Turn::at(&mut self.engine, now, &mut self.kept);
            if turn.published.is_some() {
                self.published = self.engine.store().by_time().to_vec();
            }
            for (id, request) in turn.sent {
                if Origin::of(request.address()).is_some() {
                    self.asked.push(format!("{} {}", request.address(), request.question().unwrap_or_default()));
                }
                self.under_way.push((self.now + 50, id, request));
            }
            let next = self.under_way.iter().map(|(at, ..)| *at).min();
            let wake = turn.wake.map(Timestamp::millis);
            let Some(at) = next.into_iter().chain(wake).min().filter(|at| *at <= end) else { break };
            self.now = self.now.max(at);
            while let Some(place) = self.under_way.iter().position(|(at, ..)| *at <= self.now) {
                let (_, id, request) = self.under_way.remove(place);
                let response = answer(&request, self.now);
                self.give(Input::Response(id, Ok(response)));
            }
        }
        self.now = end;
    }

    pub(crate) fn see(&mut self, many: usize) -> Vec<Slot> {
        let screen: Vec<Slot> = self.engine.store().by_time().iter().copied().take(many).collect();
        self.give(Input::VisibleSet(VisibleSet { screen: screen.clone(), ..VisibleSet::default() }));
        screen
    }
}

pub(crate) fn json_response(body: &Value) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status: 200, headers, body: body.to_string().into_bytes() }
}
