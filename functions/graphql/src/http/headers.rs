//! Headers that many answers share.

use crate::{
    desk::{Rate, Rates},
    error::Reached,
    gateway::Reply,
};
use juniper::OperationType;

/// Headers that scripts in a browser may read.
const EXPOSED: &str = "X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, RateLimit, \
     RateLimit-Policy, Retry-After, Idempotent-Replayed";

/// What every answer has. Keys travel in a header that no browser sends by itself, so any origin may ask.
pub(super) fn with_common(reply: Reply, request_id: &str) -> Reply {
    reply
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Expose-Headers", EXPOSED)
        .with("X-Content-Type-Options", "nosniff")
        .with("X-Request-Id", request_id)
}

/// The answer to a browser that asks before it asks.
pub(super) fn preflight(allowed: &str) -> Reply {
    Reply::empty(204)
        .with("Allow", allowed)
        .with("Access-Control-Allow-Methods", allowed)
        .with("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Idempotency-Key")
        .with("Access-Control-Max-Age", "86400")
}

/// How much is left: the three headers that everybody reads, and the two of the IETF's draft. The three tell of the
/// limit that refused this request, or else of the one that requests of its kind will meet first.
pub(super) fn with_rates(
    reply: Reply,
    rates: &Rates,
    operation: Option<OperationType>,
    reached: Option<Reached>,
) -> Reply {
    let shown = match (reached, operation) {
        (Some(reached), _) => Rate { limit: reached.limit, remaining: 0, reset: reached.retry_after },
        (None, Some(OperationType::Query)) => rates.reads,
        (None, _) => rates.tightest(),
    };
    let policies =
        [("minute", 60, Some(rates.minute)), ("day", 86_400, rates.day), ("reads", 60, Some(rates.reads))];
    let known = || policies.iter().filter_map(|(name, window, rate)| Some((name, window, rate.as_ref()?)));
    let policy: Vec<String> =
        known().map(|(name, window, rate)| format!("\"{name}\";q={};w={window}", rate.limit)).collect();
    let left: Vec<String> =
        known().map(|(name, _, rate)| format!("\"{name}\";r={};t={}", rate.remaining, rate.reset)).collect();
    reply
        .with("X-RateLimit-Limit", shown.limit.to_string())
        .with("X-RateLimit-Remaining", shown.remaining.to_string())
        .with("X-RateLimit-Reset", shown.reset.to_string())
        .with("RateLimit-Policy", policy.join(", "))
        .with("RateLimit", left.join(", "))
}
