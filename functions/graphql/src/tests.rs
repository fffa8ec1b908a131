//! Whole requests: real events of API Gateway through the same function as in production, with the ports in memory.

mod any_input;
mod bad_input;
mod callbacks;
mod creating;
mod deleting;
mod errors;
mod estimate;
mod events;
mod graphiql;
mod harness;
mod idempotency;
mod ledger;
mod limits;
mod listing;
mod nearest;
mod overrides;
mod page;
mod reading;
mod scopes;
mod secrets;
mod transport;
mod waiting;
mod webhooks;
