//! GraphQL over HTTP.

use super::{
    Arrival, LogLine,
    headers::with_rates,
    media::{Media, is_json},
    params, refuse,
};
use crate::{
    App,
    desk::Caller,
    error::{ApiError, http_status},
    execute::{Outcome, Params, execute},
    faults::{self, Fault},
    gateway::{Reply, Request},
    schema::{Context, Notes},
};
use jobs::IdempotencyKey;
use juniper::OperationType;
use serde_json::{Value, json};
use std::sync::Arc;

/// Bytes of a body, and of a query string.
const MOST_BYTES: usize = 256 * 1024;

pub(super) async fn answer(
    app: &App,
    request: &Request,
    request_id: &str,
    arrival: Arrival,
    line: &mut LogLine,
) -> Reply {
    let now = arrival.now;
    // First, so that refusals tell a caller with a good key how much is left.
    let caller = app.desk.authenticate(request.header("authorization"), now).await;
    line.account = caller.as_ref().ok().map(|caller| caller.account.id.clone());
    let (reply, operation, notes) = match readable(app, request, request_id) {
        Err(refusal) => (*refusal, None, Notes::default()),
        Ok(media) => match &caller {
            Err(error) => (refuse_caller(app, request_id, media, error), None, Notes::default()),
            Ok(caller) => run(app, request, request_id, caller, media, arrival, line).await,
        },
    };
    let Ok(caller) = caller else { return reply };
    let reply = match notes.reached {
        Some(reached) if reply.status_code == 429 => {
            reply.with("Retry-After", reached.retry_after.to_string())
        }
        _ => reply,
    };
    let reply = if notes.replayed { reply.with("Idempotent-Replayed", "true") } else { reply };
    line.jobs = notes.jobs;
    let now = now.plus(notes.waited);
    with_rates(reply, &app.desk.rates(&caller, now), operation, notes.reached)
}

/// Whether method, size and media types are as they must be; if so, the form of the answer.
fn readable(app: &App, request: &Request, request_id: &str) -> Result<Media, Box<Reply>> {
    let refused = |status, message: &str| Err(Box::new(refuse(app, request_id, status, message)));
    let by_post = match request.method.as_str() {
        "POST" => true,
        "GET" => false,
        _ => {
            let reply = refuse(app, request_id, 405, "send a POST, or a GET with a query");
            return Err(Box::new(reply.with("Allow", "GET, POST, OPTIONS")));
        }
    };
    let Some(media) = Media::accepted(request.header("accept")) else {
        return refused(406, "we answer in application/json or application/graphql-response+json");
    };
    if request.body.as_ref().is_some_and(|body| body.len() > MOST_BYTES) || request.query.len() > MOST_BYTES {
        return refused(413, "the request is larger than 256 KiB");
    }
    if by_post && !is_json(request.header("content-type")) {
        return refused(415, "send the body as application/json in UTF-8");
    }
    Ok(media)
}

fn refuse_caller(app: &App, request_id: &str, media: Media, error: &ApiError) -> Reply {
    error.log();
    let faults = vec![faults::of_api_error(error)];
    let reply = told(app, request_id, media, http_status(error.code().name()), None, faults);
    if reply.status_code == 401 { reply.with("WWW-Authenticate", "Bearer") } else { reply }
}

/// Why an operation that is valid in itself is not executed.
enum Stop {
    MutationByGet,
    Error(ApiError),
}

async fn run(
    app: &App,
    request: &Request,
    request_id: &str,
    caller: &Caller,
    media: Media,
    arrival: Arrival,
    line: &mut LogLine,
) -> (Reply, Option<OperationType>, Notes) {
    let by_get = request.method == "GET";
    let params: Params = match read_params(request, by_get) {
        Ok(params) => params,
        Err(message) => return (refuse(app, request_id, 400, &message), None, Notes::default()),
    };
    let key = request.header("idempotency-key").map(|header| IdempotencyKey::parse(header).ok_or(()));
    let context =
        Context::new(Arc::clone(&app.desk), caller.clone(), key.transpose(), arrival.now, arrival.patience());
    let mut operation = None;
    let outcome = execute(&app.schemas, &params, &context, |kind| {
        operation = Some(kind);
        caller.may(kind).map_err(Stop::Error)?;
        match kind {
            OperationType::Query => app.desk.count_read(caller, arrival.now).map_err(Stop::Error),
            _ if by_get => Err(Stop::MutationByGet),
            _ => Ok(()),
        }
    })
    .await;
    line.operation = match operation {
        Some(OperationType::Query) => "query",
        Some(OperationType::Mutation) => "mutation",
        _ => "graphql",
    };
    let mut notes = context.into_notes();
    let reply = match outcome {
        Ok(Outcome::Refused(faults)) => told(app, request_id, media, media.fault_status(), None, faults),
        Ok(Outcome::Executed { data, mut faults }) => {
            // An error that takes all data with it must not take what was accepted beside it.
            if data.is_null() {
                faults::add_accepted(&mut faults, &notes.placed);
            }
            let made = !notes.placed.is_empty();
            let status = if made { 200 } else { executed_status(&data, &faults) };
            told(app, request_id, media, status, Some(data), faults)
        }
        Err(Stop::MutationByGet) => {
            refuse(app, request_id, 405, "mutations are sent by POST").with("Allow", "POST, OPTIONS")
        }
        Err(Stop::Error(error)) => {
            notes.reached = error.reached();
            error.log();
            let status = http_status(error.code().name());
            told(app, request_id, media, status, None, vec![faults::of_api_error(&error)])
        }
    };
    (reply, operation, notes)
}

fn read_params(request: &Request, by_get: bool) -> Result<Params, String> {
    if by_get {
        params::of_query_string(&request.query)
    } else {
        params::of_body(request.body.as_deref().ok_or("the body is not what its encoding says")?)
    }
}

/// 200 where anything was answered (or made: any other status says that the request may be repeated as a whole); else as the gravest error has it.
fn executed_status(data: &Value, faults: &[Fault]) -> u16 {
    let nothing = data.as_object().is_none_or(|fields| fields.values().all(Value::is_null));
    if !nothing {
        return 200;
    }
    faults.iter().map(|fault| http_status(faults::code(fault))).max().unwrap_or(200)
}

/// An answer in the form of GraphQL.
fn told(
    app: &App,
    request_id: &str,
    media: Media,
    status: u16,
    data: Option<Value>,
    mut faults: Vec<Fault>,
) -> Reply {
    faults::complete(app, request_id, &mut faults);
    let mut body = serde_json::Map::new();
    if !faults.is_empty() {
        body.insert("errors".to_owned(), json!(faults));
    }
    if let Some(data) = data {
        body.insert("data".to_owned(), data);
    }
    Reply::text(status, media.content_type(), Value::Object(body).to_string())
        .with("Cache-Control", "no-store")
}
