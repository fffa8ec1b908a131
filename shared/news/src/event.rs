//! The event that a receiver gets: `{"type","timestamp","data":{generation}}`, the generation in the API's own names.

use jobs::{Account, Job, Output, State, Status, Time};
use serde::Serialize;

/// The event's bytes and its name over all tries.
pub struct News {
    /// `webhook-id`: the same for every try, so that a receiver can tell a repeat.
    pub id: String,
    /// The JSON text.
    pub body: String,
}

#[derive(Serialize)]
struct Event<'a> {
    r#type: &'static str,
    timestamp: String,
    data: Generation<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Generation<'a> {
    id: &'a str,
    r#type: &'static str,
    status: &'static str,
    provider: &'a str,
    model: &'a str,
    progress: u8,
    url: Option<String>,
    outputs: Vec<File<'a>>,
    credit_cost: u64,
    credits_refunded: u64,
    error: Option<Error<'a>>,
    reference: Option<&'a str>,
    test: bool,
    created_at: String,
    started_at: Option<String>,
    completed_at: Option<String>,
    expires_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    url: String,
    format: &'a str,
    media_type: &'a str,
    bytes: u64,
    sha256: &'a str,
    width: Option<u32>,
    height: Option<u32>,
    duration: Option<f64>,
}

#[derive(Serialize)]
struct Error<'a> {
    code: &'static str,
    message: &'a str,
    action: &'static str,
    retryable: bool,
    charged: bool,
    reason: Option<&'static str>,
}

impl News {
    /// The news of an ended job; `None` if it has not ended. `base` is the public address of the API, without a slash at
    /// its end: links lead there and are redirected to a fresh signature, so they stay good as long as the file does.
    ///
    /// # Errors
    /// When the event can't be written as JSON, which only a bug could bring about.
    pub fn of(job: &Job, account: &Account, base: &str) -> Result<Option<News>, serde_json::Error> {
        let Some(ended) = job.ended_at() else { return Ok(None) };
        let outputs: Vec<File<'_>> = match &job.state {
            State::Completed { outputs, .. } => outputs
                .iter()
                .enumerate()
                .map(|(index, output)| file(job, account, base, index, output))
                .collect(),
            _ => Vec::new(),
        };
        let error = match &job.state {
            State::Failed { fault, .. } => Some(Error {
                code: fault.code().name(),
                message: &fault.message,
                action: fault.action().name(),
                retryable: fault.retryable(),
                charged: job.charged.0 > 0,
                reason: fault.reason().map(jobs::Reason::name),
            }),
            _ => None,
        };
        let event = Event {
            r#type: match job.status() {
                Status::Completed => "generation.completed",
                Status::Canceled => "generation.canceled",
                Status::Failed | Status::Queued | Status::Processing => "generation.failed",
            },
            timestamp: ended.to_string(),
            data: Generation {
                id: job.id.as_str(),
                r#type: job.order.kind.name(),
                status: job.status().name(),
                provider: &job.plan.provider,
                model: &job.plan.model,
                progress: job.progress,
                url: outputs.first().map(|file| file.url.clone()),
                outputs,
                credit_cost: job.plan.cost.0,
                credits_refunded: job.refunded().0,
                error,
                reference: job.order.reference.as_deref(),
                test: job.mode == jobs::Mode::Test,
                created_at: job.created.to_string(),
                started_at: job.started.map(|at: Time| at.to_string()),
                completed_at: Some(ended.to_string()),
                expires_at: job.expires.to_string(),
            },
        };
        let id = job.id.as_str().replacen("gen_", "msg_", 1);
        Ok(Some(News { id, body: serde_json::to_string(&event)? }))
    }
}

fn file<'a>(job: &Job, account: &Account, base: &str, index: usize, output: &'a Output) -> File<'a> {
    let index = index.to_string();
    let token = signing::token(account.link_key.reveal().as_bytes(), &["file", job.id.as_str(), &index]);
    File {
        url: format!("{base}/files/{}/{index}/{token}", job.id),
        format: &output.format,
        media_type: &output.media_type,
        bytes: output.bytes,
        sha256: &output.sha256,
        width: output.width,
        height: output.height,
        duration: output.duration,
    }
}
