//! The published types. Names are fixed: fields are added, never renamed. `schema.graphql` beside `Cargo.toml` is
//! what a test printed; it fails when the two differ. `schema.published.graphql` is what the last release promised;
//! another test fails when something of that is gone or means something else.
//!
//! A resolver asks the desk and translates. It returns [`ApiError`](crate::error::ApiError) and nothing else.

mod account;
mod common;
#[cfg(test)]
mod compatibility;
mod context;
mod create;
mod enums;
mod estimate;
mod generation;
mod input;
mod ledger;
mod list;
mod mutation;
mod numbered;
mod parts;
mod provider;
mod query;
mod scalars;
#[cfg(test)]
mod tests;
mod webhook;

pub(crate) use context::{Context, Notes};
pub(crate) use mutation::Mutation;
pub(crate) use query::Query;

use juniper::{EmptySubscription, RootNode};

/// The whole schema.
pub(crate) type Schema = RootNode<Query, Mutation, EmptySubscription<Context>>;

/// Levels of nesting in a document.
const MOST_DEPTH: usize = 12;

/// The same where nothing but the schema is asked for. The usual introspection has 20: a type within lists and
/// non-nulls of lists is a long way down.
const MOST_DEPTH_OF_INTROSPECTION: usize = 24;

/// Tokens in a document: an introspection has some 200, a page of queries as printed by a client some 500.
const MOST_TOKENS: usize = 2_000;

/// Fields of an operation, fragments expanded.
const MOST_FIELDS: usize = 400;

/// The schema as it executes, or refuses, every kind of document.
pub(crate) struct Schemas {
    /// For ordinary documents.
    pub(crate) ordinary: Schema,
    /// For documents that ask for nothing but the schema.
    pub(crate) introspective: Schema,
}

impl Schemas {
    /// The schema; it tells about itself if `introspection` is on.
    pub(crate) fn new(introspection: bool) -> Schemas {
        let introspective = schema(introspection).limit_depth(MOST_DEPTH_OF_INTROSPECTION);
        Schemas { ordinary: schema(introspection), introspective }
    }
}

/// The schema with its limits.
pub(crate) fn schema(introspection: bool) -> Schema {
    let schema = Schema::new(Query, Mutation, EmptySubscription::new())
        .limit_depth(MOST_DEPTH)
        .limit_tokens(MOST_TOKENS)
        .limit_fields(MOST_FIELDS);
    if introspection { schema } else { schema.disable_introspection() }
}
