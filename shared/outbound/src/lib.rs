//! The only door out: to vendors, to their files, to the webhooks and the input media of callers.
//!
//! Start in [`door`]: [`Door::call`] for small answers, [`Door::open`] for large ones that stream.
//! [`PublicUrl`] checks the form of a URL when it is accepted; [`Door`] checks again at each attempt,
//! this time with the addresses that the name resolves to.
//!
//! What never happens here: a connection to an address that was not checked; a redirect followed; a proxy
//! or a cookie picked up from somewhere; an answer read without a bound on its size and time; a URL's path
//! or query, or a header, in an error.

pub mod address;
pub mod allow;
pub mod door;
pub mod error;
pub mod limits;
pub mod public_url;
pub mod reply;
mod resolve;
pub mod stand_ins;

pub use address::is_public;
pub use allow::{AllowList, InvalidAllowList};
pub use door::{Door, NoDoor, Options};
pub use error::{CallError, Kind};
pub use limits::{Limits, Overflow, StreamLimits};
pub use public_url::{PublicUrl, UrlProblem};
pub use reply::{Reply, Streaming};
pub use stand_ins::{InvalidStandIn, StandIns};
