//! Callbacks: a POST to the client at each change of a task that its vendor tells of.

use crate::clock;
use crate::desk::{Desk, Protocol};
use crate::faults::Fault;
use crate::ledger::Count;
use crate::loopback;
use crate::tasks::{Order, Task};
use http::Method;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// A callback: the signature and the like, and the body.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// The time between two tries.
const PAUSE: Duration = Duration::from_millis(500);
/// A task without an end changes no more after its beginning, but a cancel may still end it.
const ENDLESS: Duration = Duration::from_secs(3600);

/// Follows a task that was ordered with a callback. A reset ends it, for it ends the desk.
pub(crate) fn watch<P: Protocol>(desk: &Arc<Desk<P>>, task: &Arc<Task<P::Order>>) {
    let Some(address) = task.order.callback().map(str::to_owned) else { return };
    if !task.ailments.has(Fault::NoCallback) {
        tokio::spawn(follow(Arc::downgrade(desk), Arc::clone(task), address));
    }
}

async fn follow<P: Protocol>(desk: Weak<Desk<P>>, task: Arc<Task<P::Order>>, address: String) {
    let ends = task.span.ends.unwrap_or_else(|| task.span.begins + ENDLESS.as_millis() as u64);
    for moment in [task.span.ordered, task.span.begins, ends] {
        clock::sleep_until(moment).await;
        // What is refused before the work begins is over then.
        let is_last = moment == ends || task.state(clock::now()).is_final();
        let times = if is_last { task.ailments.times(Fault::CallbackTwice) + 1 } else { 1 };
        for _ in 0..times {
            if tell(&desk, &task, &address).await.is_none() {
                return;
            }
        }
        if is_last {
            return;
        }
    }
}

/// Tells of the state of now. `None` once the desk is no more.
async fn tell<P: Protocol>(desk: &Weak<Desk<P>>, task: &Task<P::Order>, address: &str) -> Option<()> {
    for _ in 0..P::CALLBACK_TRIES {
        // Made again for each try: signatures hold the time.
        let Some(notice) = P::notice(&*desk.upgrade()?, task, clock::now()) else { break };
        let headers = [("content-type", "application/json".to_owned())].into_iter().chain(notice.headers);
        match loopback::call(Method::POST, address, headers, notice.body).await {
            Ok(answer) if answer.status().is_success() => {
                desk.upgrade()?.world.ledger.count(P::VENDOR, Count::Callbacks);
                task.seen.callbacks.fetch_add(1, Ordering::Relaxed);
                break;
            }
            Ok(answer) => tracing::warn!("callback to {address} was answered with {}", answer.status()),
            Err(error) => tracing::warn!("could not call {address} back: {error}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
    Some(())
}
