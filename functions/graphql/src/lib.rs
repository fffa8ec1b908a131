//! The front desk: a GraphQL API over HTTP. It accepts orders, answers how they stand, and never speaks to a vendor.
//!
//! A request comes in through [`answer`]; from there, in the order of the work:
//!
//! - `gateway` reads the event that API Gateway sends, and writes what it wants back;
//! - `http` knows routes, media types, statuses and headers;
//! - `execute` takes a document from text to answer, with `dialects` and `bounds` before, `faults` and `values` after it;
//! - `schema` holds the published types, whose resolvers ask `desk`;
//! - `desk` decides, through the ports of `jobs`.
//!
//! What never happens here: a call to a vendor, a wait that the caller did not ask for, an error that is not answered.

mod bounds;
mod desk;
mod dialects;
mod error;
mod execute;
mod faults;
mod gateway;
mod http;
mod schema;
#[cfg(test)]
mod tests;
mod values;

pub use desk::{Links, Office, Ports, Settings};
pub use gateway::{Event, Reply};
pub use http::{Arrival, answer};

use desk::Desk;
use jobs::ports::{Accounts, Jobs, Queues, Vendors};
use std::{path::Path, sync::Arc};

/// Tells the log of a panic and where it happened. Its text may quote anything, so it passes for a cause.
pub fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let text = jobs::scrub::scrubbed(panic.payload_as_str().unwrap_or_default());
    tracing::error!(place, text, "panicked");
}

/// The whole front desk; clones share everything.
#[derive(Clone)]
pub struct App {
    desk: Arc<dyn Desk>,
    schemas: Arc<schema::Schemas>,
    public_base_url: Arc<str>,
    graphiql: Arc<Path>,
}

impl App {
    /// A front desk, which tells its schema if `introspection` is on. The folder `graphiql` holds what `make build`
    /// packs for the page in the browser; without it everything but that page works.
    pub fn new<J, A, Q, L, V>(office: Office<J, A, Q, L, V>, introspection: bool, graphiql: &Path) -> App
    where
        J: Jobs + 'static,
        A: Accounts + 'static,
        Q: Queues + 'static,
        L: Links + 'static,
        V: Vendors + 'static,
    {
        let public_base_url = office.public_base_url().into();
        App {
            desk: Arc::new(office),
            schemas: Arc::new(schema::Schemas::new(introspection)),
            public_base_url,
            graphiql: graphiql.into(),
        }
    }
}
