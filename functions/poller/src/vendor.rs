//! The conversation with the vendor: the adapter says what to send, the door sends it, the adapter reads the reply.

use crate::room::{MESSAGES, PARTS, Share};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use jobs::{Event, Fault, FaultKind, State};
use outbound::{CallError, Door, Limits, Overflow, StreamLimits, Streaming};
use providers::{Adapter, Brings, Call, News, Next, Question, Reply, Task};
use std::time::{Duration, Instant};

/// Calls within one step. The longest known step (look for an order of before, for an avatar and a voice by their names,
/// then order) has fourteen; a loop would be our bug.
const MOST_CALLS: usize = 16;

/// Bytes that are kept of one step: its parts are small, and few such steps have room at a time.
const MOST_KEPT_BYTES: usize = 96 * 1024 * 1024;

/// A vendor's message is JSON of some kilobytes, or of a few megabytes where it carries a picture. A batch of ten may
/// bring ten of them at once.
const MOST_MESSAGE_BYTES: u64 = 8 * 1024 * 1024;

/// A message that carries the largest pictures there are.
const MOST_LARGE_MESSAGE_BYTES: u64 = 40 * 1024 * 1024;

/// What is reckoned with where such a message does not say how long it is.
const USUAL_LARGE_MESSAGE_BYTES: u64 = 8 * 1024 * 1024;

/// A refusal in place of a file is a small message.
const MOST_REFUSAL_BYTES: u64 = 64 * 1024;

/// A file that streams in may pause this long, once it has begun.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What is left of a conversation once the adapter has its news.
#[derive(Default)]
pub struct Conversation {
    /// The body of the last reply, still unread, if it is the file.
    pub body: Option<Streaming>,
    /// Parts of a file, in the order in which they came.
    pub kept: Vec<Bytes>,
    /// The memory that what its last large message brought takes, until it is stored.
    room: Option<Share>,
    /// The same for parts that are kept.
    room_for_parts: Option<Share>,
}

impl Conversation {
    /// Keeps a part of a file. From the first on, it holds room that it does not wait for again.
    async fn keep(&mut self, part: Bytes, until: Option<Instant>) {
        self.kept.push(part);
        self.room = None;
        if self.room_for_parts.is_none() {
            // What was paid for is not given up because others are slow.
            let left = until.map_or(LONGEST_PAUSE, |until| until.saturating_duration_since(Instant::now()));
            self.room_for_parts = PARTS.take(0, left / 2).await;
        }
    }
}

/// Has one step's conversation.
pub async fn talk(
    door: &Door,
    adapter: &dyn Adapter,
    task: &Task<'_>,
    question: Question<'_>,
) -> (News, Conversation) {
    let mut next = adapter.ask(task, question);
    let mut conversation = Conversation::default();
    let until = time_to_submit(task, question).map(|left| Instant::now() + left);
    let mut was_paid = false;
    for _ in 0..MOST_CALLS {
        let mut call = match next {
            Next::News(news) => return (lost_only_if_paid(question, was_paid, news), conversation),
            Next::Call(call) => call,
        };
        if let Some(part) = call.keep.take() {
            conversation.keep(part, until).await;
        }
        if conversation.kept.iter().map(Bytes::len).sum::<usize>() > MOST_KEPT_BYTES {
            let fault = Fault::new(FaultKind::Vendor, "the provider's answer is larger than can be handled");
            return (News::Event(Event::Failed(fault)), Conversation::default());
        }
        let begun = Instant::now();
        if let Some(until) = until {
            let left = until.saturating_duration_since(begun);
            // What comes before the paid call leaves time for it.
            call.timeout = call.timeout.min(if call.paid || was_paid { left } else { left / 2 });
        }
        let (what, paid, note) = (call.what, call.paid, call.note.clone());
        if call.timeout.is_zero() && !was_paid {
            let fault = Fault::new(FaultKind::Unavailable, "the provider can't be reached");
            let fault = fault.with_detail(format!("no time was left for {what}"));
            return (News::Event(Event::Refused(fault)), Conversation::default());
        }
        let answer = send(door, *call).await;
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        match answer {
            Ok(answer) => {
                tracing::info!(job.id = %task.job.id, call = what, status = answer.status.as_u16(), milliseconds, "asked the vendor");
                let reply = Reply { status: answer.status, headers: &answer.headers, body: &answer.body };
                next = adapter.read(task, question, &note, &reply);
                conversation.body = answer.stream;
                conversation.room = answer.room;
                if let Some(room) = &mut conversation.room {
                    // The message goes now, and what is left of it is less.
                    room.shrink_to(answer.body.len() as u64);
                }
            }
            Err(error) => {
                tracing::warn!(job.id = %task.job.id, call = what, error = %error, milliseconds, "a call to the vendor failed");
                // However a later call failed, the paid one was made.
                let submitted = was_paid && matches!(question, Question::Submit);
                let lost = || News::Event(Event::SubmitLost);
                let news = if submitted { lost() } else { news_of(question, paid, what, &error) };
                return (news, Conversation::default());
            }
        }
        was_paid |= paid;
    }
    let detail = "the conversation did not come to an end".to_owned();
    (News::AskLater { retry_after: None, detail }, Conversation::default())
}

/// An answer that can't be read leaves open what came of a submit, but not before the paid call: nothing was made, and
/// the job may be sent again without a search.
fn lost_only_if_paid(question: Question<'_>, was_paid: bool, news: News) -> News {
    let detail = match &news {
        News::Event(Event::SubmitLost) => "an answer before the paid call can't be read".to_owned(),
        News::AskLater { detail, .. } => detail.clone(),
        _ => return news,
    };
    if was_paid || !matches!(question, Question::Submit) {
        return news;
    }
    let fault = Fault::new(FaultKind::Unavailable, "the provider can't be reached").with_detail(detail);
    News::Event(Event::Refused(fault))
}

/// What is left of the time that a submit may take, all its calls together, from the moment at which it was written
/// down that it is made: when that time is over, others take this process for dead and look for the job.
fn time_to_submit(task: &Task<'_>, question: Question<'_>) -> Option<Duration> {
    match (question, &task.job.state) {
        (Question::Submit, State::Submitting { since, .. }) => {
            Some(task.job.plan.submit_timeout.saturating_sub(task.now.since(*since)))
        }
        _ => None,
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    stream: Option<Streaming>,
    /// The memory that the body takes, and that what is in it will take.
    room: Option<Share>,
}

impl Answer {
    fn of(reply: outbound::Reply, room: Option<Share>) -> Answer {
        Answer { status: reply.status, headers: reply.headers, body: reply.body, stream: None, room }
    }
}

async fn send(door: &Door, call: Call) -> Result<Answer, CallError> {
    match call.brings {
        Brings::Message => {
            let reply = door.call(call.request, Limits::failing(call.timeout, MOST_MESSAGE_BYTES)).await?;
            Ok(Answer::of(reply, None))
        }
        Brings::LargeMessage => {
            let limits = StreamLimits {
                total: call.timeout,
                idle: call.timeout,
                most_bytes: MOST_LARGE_MESSAGE_BYTES,
            };
            let begun = Instant::now();
            let streaming = door.open(call.request, limits).await?;
            // Vendors take their time until they answer, and in that time nothing is there yet.
            let bytes = streaming.announced_bytes().unwrap_or(USUAL_LARGE_MESSAGE_BYTES);
            let left = call.timeout.saturating_sub(begun.elapsed());
            // What was paid for is not given up because others are slow.
            let room = MESSAGES.take(bytes.saturating_mul(2), left / 2).await;
            Ok(Answer::of(streaming.read(MOST_LARGE_MESSAGE_BYTES, Overflow::Fail).await?, room))
        }
        Brings::File => {
            let limits = StreamLimits {
                total: call.timeout,
                idle: LONGEST_PAUSE,
                most_bytes: crate::store::MOST_FILE_BYTES,
            };
            let streaming = door.open(call.request, limits).await?;
            if streaming.status().is_success() {
                let (status, headers) = (streaming.status(), streaming.headers().clone());
                return Ok(Answer {
                    status,
                    headers,
                    body: Bytes::new(),
                    stream: Some(streaming),
                    room: None,
                });
            }
            Ok(Answer::of(streaming.read(MOST_REFUSAL_BYTES, Overflow::Cut).await?, None))
        }
    }
}

/// What a call that failed on the way means to the step.
fn news_of(question: Question<'_>, paid: bool, what: &str, error: &CallError) -> News {
    let detail = format!("{what}: {error}");
    let Question::Submit = question else {
        return News::AskLater { retry_after: None, detail };
    };
    let unavailable =
        || Fault::new(FaultKind::Unavailable, "the provider can't be reached").with_detail(&detail);
    News::Event(match error.kind() {
        outbound::Kind::NotSent => Event::Refused(unavailable()),
        // Our own set-up is to blame: a base URL that is no URL, or that is not to be called.
        outbound::Kind::Invalid | outbound::Kind::Refused => {
            Event::Refused(Fault { kind: FaultKind::Operator, ..unavailable() })
        }
        // Nothing that costs money was sent yet.
        _ if !paid => Event::Refused(unavailable()),
        outbound::Kind::Unknown | outbound::Kind::TooLarge | outbound::Kind::Stalled => Event::SubmitLost,
    })
}
