//! Accounts, keys, tiers and credits. Invoked directly by the operator, never reachable over HTTP:
//!
//! ```sh
//! aws lambda invoke --function-name <stack>-admin --cli-binary-format raw-in-base64-out \
//!   --payload '{"action":"createAccount","name":"Ann","tier":"STARTER"}' /dev/stdout
//! ```
//!
//! [`order`] holds the requests and what is wrong with a bad one, [`clerk`] carries them out.

pub mod clerk;
pub mod order;

pub use clerk::Clerk;
pub use order::{Order, Refusal};
