//! The heart of Doitong, pure: what an order is, what it costs, who may place it, and the life of a job.
//!
//! Start with [`life`]: [`State`] says what a job is doing, [`next_step`] what the world should do about it,
//! [`advance`] is the only way it changes. Saving is one conditional write on [`Job::version`], so a duplicated,
//! late or redelivered message is harmless: whoever loses the write has simply lost a race.
//!
//! What never happens here: I/O, reading a clock (time comes in as an argument), a serialisation format, an
//! async runtime. [`ports`] names what the outside world has to offer; `cloud` and `testkit` offer it.

pub mod account;
pub mod aftermath;
pub mod cadence;
pub mod clock;
pub mod event;
pub mod fault;
pub mod health;
pub mod ids;
pub mod keys;
pub mod letter;
pub mod life;
pub mod limits;
pub mod money;
pub mod order;
pub mod place;
pub mod plan;
pub mod ports;
pub mod scrub;

pub use account::{Account, Tier};
pub use clock::Time;
pub use event::Event;
pub use fault::{Action, ErrorCode, Fault, FaultKind, Reason};
pub use ids::{AccountId, Fingerprint, IdempotencyKey, JobId};
pub use keys::{ApiKey, KeyHash, KeyRecord, Mode};
pub use letter::{Callback, Called, Letter, Webhook};
pub use life::{Change, Impossible, Job, Phase, State, Status, Step, advance, next_step};
pub use limits::{Limits, Windows};
pub use money::{BalanceChange, Credits};
pub use order::{Input, Kind, Options, Order, Priority, Value};
pub use place::{Place, Stretch};
pub use plan::{Adjustment, CancelKind, Candidate, Output, Plan, Ticket};
