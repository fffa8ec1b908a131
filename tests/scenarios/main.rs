//! Whole stories, through the deployed functions and over the wire, beside each other in one local run.
//!
//! A story is an async function that panics when something is not as told; it makes its own account, so that stories
//! don't disturb each other. `cargo test -p scenarios --test scenarios NAME` runs those whose name contains NAME, and
//! `DOITONG_KEYS=.local/keys.json` tells them in the run of `make dev`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod bad_input;
mod callbacks;
mod cancel;
mod clients;
mod crowds;
mod failover;
mod foreign;
mod idempotency;
mod keys;
mod limits;
mod media_out;
mod money;
mod operations;
mod queues;
mod requests;

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
use scenarios::{Stack, World};
use std::{env, panic::AssertUnwindSafe, process::ExitCode, sync::Arc, time::Instant};

/// A story by its name.
pub(crate) type Story = (&'static str, fn(Arc<World>) -> BoxFuture<'static, ()>);

/// Stories told at the same time. They mostly wait for simulated vendors; more would wait for the local AWS instead.
const AT_ONCE: usize = 5;

#[tokio::main]
async fn main() -> ExitCode {
    let wanted: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |(name, _): &Story| wanted.is_empty() || wanted.iter().any(|part| name.contains(part));
    let stories: Vec<Story> = [
        media_out::STORIES,
        money::STORIES,
        operations::STORIES,
        cancel::STORIES,
        idempotency::STORIES,
        queues::STORIES,
        failover::STORIES,
        callbacks::STORIES,
        limits::STORIES,
        keys::STORIES,
        requests::STORIES,
        bad_input::STORIES,
        foreign::STORIES,
        foreign::NPM_CLIENTS,
        clients::STORIES,
    ]
    .concat()
    .into_iter()
    .filter(is_wanted)
    .collect();
    let alone: Vec<Story> = [callbacks::alone::STORIES, crowds::STORIES, failover::alone::STORIES]
        .concat()
        .into_iter()
        .filter(is_wanted)
        .collect();
    if env::args().any(|word| word == "--list") {
        stories.iter().chain(&alone).for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} stories", stories.len() + alone.len());
    let begun = Instant::now();
    let world = Arc::new(World::of(Stack::running()));
    let failed = tell(&world, &stories, AT_ONCE).await + tell(&world, &alone, 1).await;
    let passed = stories.len() + alone.len() - failed;
    let outcome = if failed == 0 { "ok" } else { "FAILED" };
    if failed > 0 {
        println!("\nlogs of the run: {}", world.stack.logs().display());
    }
    drop(world);
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "\ntest result: {outcome}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out; finished in {seconds:.2}s\n"
    );
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tells stories, so many at a time; how many of them went wrong.
async fn tell(world: &Arc<World>, stories: &[Story], at_once: usize) -> usize {
    stream::iter(stories.to_vec())
        .map(|(name, story)| {
            let world = world.clone();
            async move {
                let begun = Instant::now();
                let told = AssertUnwindSafe(story(world)).catch_unwind().await;
                let outcome = if told.is_ok() { "ok" } else { "FAILED" };
                println!("test {name} ... {outcome} ({:.1} s)", begun.elapsed().as_secs_f64());
                usize::from(told.is_err())
            }
        })
        .buffer_unordered(at_once)
        .fold(0, |sum, failed| async move { sum + failed })
        .await
}

/// Names stories: `stories![finished_image, finished_clip]`.
macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        pub(crate) const STORIES: &[crate::Story] = &[
            $((concat!(module_path!(), "::", stringify!($name)), |world| Box::pin($name(world)))),*
        ];
    };
}
pub(crate) use stories;
