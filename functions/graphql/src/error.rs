//! What goes wrong, as callers hear of it and as the log does.
//!
//! Resolvers return `Result<T, ApiError>` and never juniper's own error type: that one can be made from anything
//! that prints, and would carry the text of an inner cause to the caller.

use catalogue::{Problem, Refusal};
use jobs::{Action, Candidate, Credits, ErrorCode, JobId, ports::Trouble, scrub::chain};
use juniper::{FieldError, IntoFieldError};
use serde_json::{Map, Value, json};

/// A refused request.
#[derive(Debug)]
pub(crate) struct ApiError {
    message: String,
    why: Why,
}

/// Which limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Generations per minute.
    Minute,
    /// Generations per day.
    Day,
    /// Generations that wait for a free place.
    Concurrent,
    /// Reads per minute.
    Reads,
}

impl Scope {
    /// The name in the API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Scope::Minute => "minute",
            Scope::Day => "day",
            Scope::Concurrent => "concurrent",
            Scope::Reads => "reads",
        }
    }
}

/// A limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reached {
    /// Which.
    pub(crate) scope: Scope,
    /// Its figure.
    pub(crate) limit: u32,
    /// Seconds after which the same request may succeed.
    pub(crate) retry_after: u64,
}

#[derive(Debug)]
enum Why {
    Unauthenticated,
    Credits { required: Credits, balance: Credits },
    Limit(Reached),
    Input { problems: Vec<Problem>, candidates: Vec<Candidate> },
    Conflict { original: JobId },
    Provider { provider: Option<String>, alternatives: Vec<String>, retry_after: Option<u64> },
    NotFound,
    Internal(Trouble),
}

impl ApiError {
    /// No good key; one answer for all that can be wrong with it.
    pub(crate) fn unauthenticated() -> ApiError {
        let message = "a valid API key is required: send the header `Authorization: Bearer <key>`";
        ApiError { message: message.to_owned(), why: Why::Unauthenticated }
    }

    /// The key is good, but not for this. The code is that of a bad key, and so is what to do about it.
    pub(crate) fn key_may_not(message: &str) -> ApiError {
        ApiError { message: message.to_owned(), why: Why::Unauthenticated }
    }

    /// The balance is below the cost.
    pub(crate) fn insufficient_credits(required: Credits, balance: Credits) -> ApiError {
        let message = format!("this generation costs {required} credits, but only {balance} are available");
        ApiError { message, why: Why::Credits { required, balance } }
    }

    /// A limit is reached.
    pub(crate) fn rate_limit(reached: Reached) -> ApiError {
        let Reached { limit, retry_after, .. } = reached;
        let message = match reached.scope {
            Scope::Minute => format!("the limit of {limit} generations per minute is reached"),
            Scope::Day => format!("the limit of {limit} generations per day is reached"),
            Scope::Concurrent => {
                format!("{limit} generations already wait for a free place, which is the limit")
            }
            Scope::Reads => format!("the limit of {limit} queries per minute is reached"),
        };
        ApiError { message: format!("{message}; try again in {retry_after} s"), why: Why::Limit(reached) }
    }

    /// Something is wrong with the request itself, not with a parameter of a generation.
    pub(crate) fn bad_request(message: impl Into<String>) -> ApiError {
        ApiError { message: message.into(), why: Why::Input { problems: Vec::new(), candidates: Vec::new() } }
    }

    /// Parameters are bad: all of them at once.
    pub(crate) fn invalid_input(problems: Vec<Problem>) -> ApiError {
        ApiError::nobody_can(problems, Vec::new())
    }

    /// The same, with who was considered and why each of them can't make it.
    pub(crate) fn nobody_can(problems: Vec<Problem>, candidates: Vec<Candidate>) -> ApiError {
        let told: Vec<String> =
            problems.iter().map(|problem| format!("{}: {}", problem.field, problem.problem)).collect();
        let message = format!("the input is invalid: {}", told.join("; "));
        ApiError { message, why: Why::Input { problems, candidates } }
    }

    /// The same with other names of the fields, for inputs of another shape.
    #[must_use]
    pub(crate) fn with_fields_named(self, name: impl Fn(&str) -> String) -> ApiError {
        match self.why {
            Why::Input { problems, candidates } if !problems.is_empty() => {
                let renamed = problems.into_iter();
                let renamed = renamed.map(|problem| Problem { field: name(&problem.field), ..problem });
                ApiError::nobody_can(renamed.collect(), candidates)
            }
            why => ApiError { why, ..self },
        }
    }

    /// The idempotency key belongs to another order.
    pub(crate) fn conflict(original: JobId) -> ApiError {
        let message = "this Idempotency-Key was already used with other parameters";
        ApiError { message: message.to_owned(), why: Why::Conflict { original } }
    }

    /// The idempotency key belongs to a generation that was deleted.
    pub(crate) fn deleted(original: JobId) -> ApiError {
        let message =
            "the generation of this Idempotency-Key was deleted; another one needs a key of its own";
        ApiError { message: message.to_owned(), why: Why::Conflict { original } }
    }

    /// There is no such thing, or it is another account's: the same answer.
    pub(crate) fn not_found(what: &str) -> ApiError {
        ApiError { message: format!("there is no such {what}"), why: Why::NotFound }
    }

    /// The code in the API.
    pub(crate) fn code(&self) -> ErrorCode {
        match &self.why {
            Why::Unauthenticated => ErrorCode::Unauthenticated,
            Why::Credits { .. } => ErrorCode::InsufficientCredits,
            Why::Limit(_) => ErrorCode::RateLimit,
            Why::Input { .. } => ErrorCode::InvalidInput,
            Why::Conflict { .. } => ErrorCode::IdempotencyConflict,
            Why::Provider { .. } => ErrorCode::ProviderUnavailable,
            Why::NotFound => ErrorCode::NotFound,
            Why::Internal(_) => ErrorCode::Internal,
        }
    }

    /// The limit that was reached, if that is what happened.
    pub(crate) fn reached(&self) -> Option<Reached> {
        match &self.why {
            Why::Limit(reached) => Some(*reached),
            _ => None,
        }
    }

    /// What is wrong with the input, if that is the error.
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        match self.why {
            Why::Input { problems, .. } => problems,
            _ => Vec::new(),
        }
    }

    /// The sentence for the caller.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// What the caller gets besides the sentence.
    pub(crate) fn extensions(&self) -> Map<String, Value> {
        let mut extensions = usual_extensions(self.code());
        let mut put = |name: &str, value: Value| extensions.insert(name.to_owned(), value);
        match &self.why {
            Why::Credits { required, balance } => {
                put("required", json!(required.0));
                put("balance", json!(balance.0));
            }
            Why::Limit(reached) => {
                put("limit", json!(reached.limit));
                put("scope", json!(reached.scope.name()));
                put("retryAfter", json!(reached.retry_after));
            }
            Why::Input { problems, candidates } => {
                let fields = problems.iter().map(|problem| {
                    json!({ "field": problem.field, "problem": problem.problem, "allowed": problem.allowed })
                });
                put("fields", fields.collect());
                if !candidates.is_empty() {
                    let candidates = candidates.iter().map(|each| {
                        json!({
                            "provider": each.provider,
                            "model": each.model,
                            "excludedBecause": each.excluded_because,
                        })
                    });
                    put("candidates", candidates.collect());
                }
            }
            Why::Conflict { original } => {
                put("originalId", json!(original.as_str()));
            }
            Why::Provider { provider, alternatives, retry_after } => {
                put("provider", json!(provider));
                put("alternatives", json!(alternatives));
                put("retryAfter", json!(retry_after));
            }
            Why::Unauthenticated | Why::NotFound | Why::Internal(_) => {}
        }
        extensions
    }

    /// Tells the log what the caller is not told.
    pub(crate) fn log(&self) {
        if let Why::Internal(trouble) = &self.why {
            tracing::error!(error = chain(trouble), "answered INTERNAL: {trouble}");
        }
    }
}

impl From<Trouble> for ApiError {
    fn from(trouble: Trouble) -> ApiError {
        let message =
            "something went wrong on our side; repeat the request, with its Idempotency-Key if it has one";
        ApiError { message: message.to_owned(), why: Why::Internal(trouble) }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> ApiError {
        match refusal {
            Refusal::Invalid { problems, candidates } => ApiError::nobody_can(problems, candidates),
            Refusal::Unavailable { provider, alternatives, retry_after } => {
                let message = match &provider {
                    Some(provider) => format!("the provider {provider} can't be used now"),
                    None => "no provider that could make this can be used now".to_owned(),
                };
                let retry_after = retry_after.map(|span| span.as_secs().max(1));
                ApiError { message, why: Why::Provider { provider, alternatives, retry_after } }
            }
        }
    }
}

impl<S: juniper::ScalarValue> IntoFieldError<S> for ApiError {
    fn into_field_error(self) -> FieldError<S> {
        self.log();
        let extensions = juniper_value(&Value::Object(self.extensions()));
        FieldError::new(self.message, extensions)
    }
}

/// What every error of this code carries.
fn usual_extensions(code: ErrorCode) -> Map<String, Value> {
    let retryable =
        matches!(code, ErrorCode::RateLimit | ErrorCode::ProviderUnavailable | ErrorCode::Internal);
    let mut extensions = Map::new();
    extensions.insert("code".to_owned(), json!(code.name()));
    extensions.insert("action".to_owned(), json!(action_after(code).name()));
    extensions.insert("retryable".to_owned(), json!(retryable));
    extensions.insert("charged".to_owned(), json!(false));
    extensions
}

/// What the caller should do about a refused request.
pub(crate) fn action_after(code: ErrorCode) -> Action {
    match code {
        ErrorCode::Unauthenticated => Action::CheckKey,
        ErrorCode::InsufficientCredits => Action::AddCredits,
        ErrorCode::RateLimit => Action::RetryLater,
        ErrorCode::InvalidInput | ErrorCode::NotFound => Action::FixInput,
        ErrorCode::IdempotencyConflict => Action::UseNewKey,
        ErrorCode::ProviderUnavailable => Action::ChangeProvider,
        ErrorCode::GenerationFailed => Action::ChangePrompt,
        ErrorCode::Internal => Action::ContactOperator,
    }
}

/// The HTTP status of an answer that holds nothing but errors of this code.
pub(crate) fn http_status(code: &str) -> u16 {
    match code {
        "UNAUTHENTICATED" => 401,
        "RATE_LIMIT" => 429,
        "INTERNAL" => 500,
        _ => 200,
    }
}

/// JSON as juniper's own kind of value. Whole numbers beyond 32 bits become floats, as everywhere in GraphQL.
pub(crate) fn juniper_value<S: juniper::ScalarValue>(value: &Value) -> juniper::Value<S> {
    match value {
        Value::Null => juniper::Value::Null,
        Value::Bool(flag) => juniper::Value::scalar(*flag),
        Value::Number(number) => match number.as_i64().and_then(|number| i32::try_from(number).ok()) {
            Some(small) => juniper::Value::scalar(small),
            None => number.as_f64().map_or(juniper::Value::Null, juniper::Value::scalar),
        },
        Value::String(text) => juniper::Value::scalar(text.clone()),
        Value::Array(items) => juniper::Value::list(items.iter().map(juniper_value).collect()),
        Value::Object(fields) => juniper::Value::Object(
            fields.iter().map(|(name, value)| (name.as_str(), juniper_value(value))).collect(),
        ),
    }
}
