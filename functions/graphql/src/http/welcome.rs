//! The page at the root: where the API is and what its error codes mean. `docUrl` of each error leads here.

use crate::{error::action_after, gateway::Reply};
use jobs::ErrorCode;

/// Every code, with a sentence for people.
const CODES: [(ErrorCode, &str); 9] = [
    (ErrorCode::Unauthenticated, "The key is missing, malformed, unknown, expired or revoked."),
    (
        ErrorCode::InsufficientCredits,
        "The balance is below the cost: see <code>required</code> and <code>balance</code>.",
    ),
    (
        ErrorCode::RateLimit,
        "A limit is reached: see <code>scope</code>, and wait <code>retryAfter</code> seconds.",
    ),
    (ErrorCode::InvalidInput, "The request is wrong: <code>fields</code> tells every bad parameter at once."),
    (
        ErrorCode::IdempotencyConflict,
        "The <code>Idempotency-Key</code> was used with other parameters, for <code>originalId</code>.",
    ),
    (
        ErrorCode::ProviderUnavailable,
        "The chosen provider can't be used now: take one of <code>alternatives</code>, or leave the choice to us.",
    ),
    (
        ErrorCode::GenerationFailed,
        "The provider could not make it; nothing is charged. <code>reason</code> tells more.",
    ),
    (ErrorCode::NotFound, "There is no such thing, or it belongs to another account."),
    (ErrorCode::Internal, "Something went wrong on our side. Tell the operator the <code>requestId</code>."),
];

pub(super) fn page() -> Reply {
    let rows: String = CODES
        .iter()
        .map(|(code, meaning)| {
            let (name, action) = (code.name(), action_after(*code).name());
            format!("<tr id=\"{name}\"><td><code>{name}</code><td>{meaning}<td><code>{action}</code>\n")
        })
        .collect();
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Doitong</title>\n\
         <h1>Doitong</h1>\n<p>One GraphQL API for video, images, speech and avatars: \
         <code>POST <a href=\"graphql\">/graphql</a></code> with <code>Authorization: Bearer &lt;key&gt;</code>.\n\
         <h2>Error codes</h2>\n<table>\n<tr><th>Code<th>Meaning<th>What to do\n{rows}</table>\n"
    );
    Reply::text(200, "text/html; charset=utf-8", page)
        .with("Cache-Control", "public, max-age=3600")
        .with("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
}
