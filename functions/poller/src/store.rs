//! Copying finished files to our bucket: streamed, measured on the way, never trusted.

use crate::vendor::Conversation;
use bytes::Bytes;
use cloud::{Outputs, Upload};
use http::{HeaderMap, header};
use jobs::{Fault, FaultKind, Job, Kind, Output};
use media::{Format, Probe};
use outbound::{Door, StreamLimits, Streaming};
use providers::{Drawing, Source, VendorFile};
use sha2::{Digest, Sha256};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// Larger than anything a vendor makes today: five minutes of 4K are under 1 GiB.
pub const MOST_FILE_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// The same for pictures and recordings: an hour of plain samples in stereo is some 600 MB.
const MOST_STILL_OR_SOUND_BYTES: u64 = 640 * 1024 * 1024;

/// The longest that the copies of one job may take together, within the function's own time-out.
const LONGEST_COPY: Duration = Duration::from_secs(200);

/// Jobs whose files are copied side by side. The others wait before they open a link, so that nothing comes that nobody
/// takes.
static COPIES: Semaphore = Semaphore::const_new(8);

/// How long a job waits for those before it.
const LONGEST_WAIT: Duration = Duration::from_secs(40);

/// More files than any order asks for.
const MOST_FILES: usize = 16;

/// A stream that pauses this long is broken.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Bytes that a file's kind is told from.
const SNIFF_BYTES: usize = 512;

/// A file that could not be copied.
#[derive(Debug)]
pub struct CopyProblem {
    /// What was tried or found: "the file is no picture".
    pub what: &'static str,
    /// The cause, for the log.
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// Whether all of the file came, in a message that was read whole, and is not what it should be: asking once more
    /// for the same answer is no use.
    pub is_of_a_whole: bool,
}

impl CopyProblem {
    fn new(what: &'static str) -> CopyProblem {
        CopyProblem { what, cause: None, is_of_a_whole: false }
    }

    fn because<C: Into<Box<dyn std::error::Error + Send + Sync>>>(
        what: &'static str,
    ) -> impl FnOnce(C) -> CopyProblem {
        move |cause| CopyProblem { what, cause: Some(cause.into()), is_of_a_whole: false }
    }

    /// What is wrong with a file of which all is there, or perhaps not.
    fn with(body: &Body, what: &'static str) -> CopyProblem {
        CopyProblem { is_of_a_whole: matches!(body, Body::Whole(_)), ..CopyProblem::new(what) }
    }

    /// What it means to the job.
    pub fn fault(&self) -> Fault {
        Fault::new(FaultKind::Vendor, "the provider finished, but its result could not be fetched")
            .with_detail(self.what)
    }
}

impl std::fmt::Display for CopyProblem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.what)
    }
}

/// Copies the job's files, one after the other, and tells what they turned out to be.
///
/// # Errors
/// The first problem met. Files copied before it stay: the next try writes the same keys.
pub async fn copy_all(
    outputs: &Outputs,
    door: &Door,
    job: &Job,
    files: Vec<VendorFile>,
    mut conversation: Conversation,
) -> Result<Vec<Output>, CopyProblem> {
    if files.is_empty() {
        return Err(CopyProblem {
            is_of_a_whole: true,
            ..CopyProblem::new("the vendor finished without a file")
        });
    }
    if files.len() > MOST_FILES {
        return Err(CopyProblem::new("the vendor finished with more files than anybody ordered"));
    }
    // Whoever waited for long goes on all the same: it only has to wait for its parts then.
    let _place = tokio::time::timeout(LONGEST_WAIT, COPIES.acquire()).await;
    let until = Instant::now() + LONGEST_COPY;
    let mut copied = Vec::new();
    for (index, file) in files.into_iter().enumerate() {
        let left = until.saturating_duration_since(Instant::now());
        let body = open(door, file.source, &mut conversation, left).await?;
        copied.push(copy(outputs, &key_of(job, index), file.kind, body).await?);
    }
    Ok(copied)
}

/// A file's content, however it came.
pub enum Body {
    /// It is still on its way.
    Streaming(Box<Streaming>),
    /// Chunks, the last one first.
    Whole(Vec<Bytes>),
}

impl Body {
    /// The next part of it; nothing at its end.
    ///
    /// # Errors
    /// When it breaks off.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, CopyProblem> {
        match self {
            Body::Whole(chunks) => Ok(chunks.pop()),
            Body::Streaming(streaming) => {
                let chunk = streaming.chunk().await;
                chunk.map_err(CopyProblem::because("could not read the vendor's file"))
            }
        }
    }
}

/// Opens a finished file, within the time that is `left`.
///
/// # Errors
/// When there is no file where the vendor says that it is.
pub async fn open(
    door: &Door,
    source: Source,
    conversation: &mut Conversation,
    left: Duration,
) -> Result<Body, CopyProblem> {
    match source {
        Source::ThisReply => {
            let body = conversation.body.take();
            let body = body.ok_or_else(|| CopyProblem::new("the reply that held the file is gone"))?;
            Ok(Body::Streaming(Box::new(body)))
        }
        Source::Bytes(bytes) => Ok(Body::Whole(vec![bytes])),
        Source::Make(drawing) => Ok(Body::Whole(vec![make(drawing).await?])),
        Source::Kept { last, joint } => {
            conversation.kept.push(last);
            let parts = std::mem::take(&mut conversation.kept);
            let whole = joint.join(&parts);
            let whole = whole.ok_or_else(|| CopyProblem {
                is_of_a_whole: true,
                ..CopyProblem::new("the parts of the file don't make a whole")
            })?;
            Ok(Body::Whole(whole.into_iter().rev().collect()))
        }
        Source::Link { url, headers } => {
            let follows = !headers.is_empty();
            let mut streaming = fetch(door, &url, headers, left).await?;
            // A vendor that wants its key may lead on to a store that must not see it.
            if follows && streaming.status().is_redirection() {
                let target = redirected(&url, streaming.headers());
                let target = target.ok_or_else(|| CopyProblem::new("the vendor's link leads nowhere"))?;
                streaming = fetch(door, &target, HeaderMap::new(), left).await?;
            }
            if !streaming.status().is_success() {
                let cause = format!("it answered {}", streaming.status().as_u16());
                return Err(CopyProblem::because("the vendor's link does not open")(cause));
            }
            Ok(Body::Streaming(Box::new(streaming)))
        }
    }
}

async fn fetch(door: &Door, url: &str, headers: HeaderMap, left: Duration) -> Result<Streaming, CopyProblem> {
    let mut request = http::Request::get(url)
        .body(Bytes::new())
        .map_err(CopyProblem::because("the vendor's link is malformed"))?;
    *request.headers_mut() = headers;
    let limits = StreamLimits { total: left, idle: LONGEST_PAUSE, most_bytes: MOST_FILE_BYTES };
    door.open(request, limits).await.map_err(CopyProblem::because("could not open the vendor's link"))
}

/// Where a redirect leads: to a whole address, and never from https to http. The door looks at the address itself.
fn redirected(from: &str, headers: &HeaderMap) -> Option<String> {
    let target = headers.get(header::LOCATION)?.to_str().ok()?;
    let sound =
        target.starts_with("https://") || (target.starts_with("http://") && from.starts_with("http://"));
    sound.then(|| target.to_owned())
}

async fn copy(outputs: &Outputs, key: &str, kind: Kind, mut body: Body) -> Result<Output, CopyProblem> {
    let (head, chunks) = head(&mut body).await?;
    let format = media::sniff(&head)
        .ok_or_else(|| CopyProblem::with(&body, "the vendor's file is of no known format"))?;
    if !is_as_ordered(format, kind) {
        return Err(CopyProblem::with(&body, "the vendor's file is of another kind than was ordered"));
    }
    let key = format!("{key}.{}", format.extension());
    let mut upload = outputs.begin(&key, format.media_type());
    let mut measure =
        Measure { probe: Probe::new(format), hash: Sha256::new(), bytes: 0, most_bytes: most_bytes(kind) };
    match pour(chunks, body, &mut upload, &mut measure).await {
        Ok(()) => {}
        Err(problem) => {
            upload.abort().await;
            return Err(problem);
        }
    }
    upload.finish().await.map_err(CopyProblem::because("could not store the file"))?;
    Ok(measure.output(key, format))
}

async fn pour(
    read: Vec<Bytes>,
    mut body: Body,
    upload: &mut Upload,
    measure: &mut Measure,
) -> Result<(), CopyProblem> {
    let mut read = read.into_iter();
    loop {
        let chunk = match read.next() {
            Some(chunk) => Some(chunk),
            None => body.chunk().await?,
        };
        let Some(chunk) = chunk else { return Ok(()) };
        measure.feed(&chunk)?;
        let written = upload.write(chunk).await;
        written.map_err(CopyProblem::because("could not store the file"))?;
    }
}

/// The first bytes of a file, and the chunks that they were read from.
async fn head(body: &mut Body) -> Result<(Bytes, Vec<Bytes>), CopyProblem> {
    let mut chunks: Vec<Bytes> = Vec::new();
    let mut known = 0;
    while known < SNIFF_BYTES {
        let Some(chunk) = body.chunk().await? else { break };
        known += chunk.len();
        chunks.push(chunk);
    }
    let head = match chunks.as_slice() {
        [chunk] => chunk.slice(..chunk.len().min(SNIFF_BYTES)),
        chunks => chunks.concat().into(),
    };
    Ok((head, chunks))
}

/// What is learnt of a file while it flows past.
struct Measure {
    probe: Probe,
    hash: Sha256,
    bytes: u64,
    most_bytes: u64,
}

impl Measure {
    fn feed(&mut self, chunk: &[u8]) -> Result<(), CopyProblem> {
        self.probe.feed(chunk);
        self.hash.update(chunk);
        self.bytes += chunk.len() as u64;
        if self.bytes > self.most_bytes {
            return Err(CopyProblem::new("the vendor's file is larger than any of its kind"));
        }
        Ok(())
    }

    fn output(self, key: String, format: Format) -> Output {
        let facts = self.probe.finish();
        Output {
            key,
            format: format.extension().to_owned(),
            media_type: format.media_type().to_owned(),
            bytes: self.bytes,
            sha256: hex::encode(self.hash.finalize()),
            width: facts.width,
            height: facts.height,
            duration: facts.duration_seconds,
        }
    }
}

/// What the simulator makes takes a moment of a processor: not on a thread that serves others.
async fn make(drawing: Drawing) -> Result<Bytes, CopyProblem> {
    let made = tokio::task::spawn_blocking(move || match drawing.kind {
        Kind::Image => media::picture(
            &media::PictureSpec {
                text: &drawing.text,
                width: drawing.width,
                height: drawing.height,
                seed: drawing.seed,
            },
            media::PictureFormat::Png,
        ),
        Kind::Video | Kind::Avatar => media::clip(&media::ClipSpec {
            text: &drawing.text,
            width: drawing.width,
            height: drawing.height,
            duration_seconds: drawing.seconds,
            seed: drawing.seed,
            sound: drawing.kind == Kind::Avatar,
        }),
        Kind::Audio => media::voice_mp3(&media::VoiceSpec {
            text: &drawing.text,
            voice: &drawing.voice,
            speed: drawing.speed,
        }),
    });
    let made = made.await.map_err(CopyProblem::because("could not make the file"))?;
    Ok(made.into())
}

/// Whether a file is of the kind that was ordered; an avatar is a video.
pub fn is_as_ordered(format: Format, kind: Kind) -> bool {
    let expected = match kind {
        Kind::Image => media::Kind::Image,
        Kind::Audio => media::Kind::Audio,
        Kind::Video | Kind::Avatar => media::Kind::Video,
    };
    format.kind() == expected
}

fn most_bytes(kind: Kind) -> u64 {
    match kind {
        Kind::Image | Kind::Audio => MOST_STILL_OR_SOUND_BYTES,
        Kind::Video | Kind::Avatar => MOST_FILE_BYTES,
    }
}

/// Where a file goes, without its ending. The first part is the retention class: the bucket's lifecycle rules expire
/// files by it, together with their records.
fn key_of(job: &Job, index: usize) -> String {
    let days = job.expires.since(job.created).as_secs() / 86_400;
    let class = match days {
        0..=7 => "r7",
        8..=30 => "r30",
        _ => "r90",
    };
    format!("{class}/{}/{}/{index}", job.account, job.id)
}

#[cfg(test)]
mod tests;
