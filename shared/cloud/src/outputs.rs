//! Finished files in S3: streamed in with bounded memory, given out by presigned links.

use aws_sdk_s3::{
    Client,
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use bytes::Bytes;
use jobs::ports::Trouble;
use std::time::Duration;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    task::JoinSet,
};

/// Size of a part, and the size up to which a file is sent in one call: the least that S3 takes.
const PART_BYTES: usize = 5 * 1024 * 1024;

/// Parts of a file on their way at once, beside the one being filled.
const PARTS_IN_FLIGHT: usize = 2;

/// Parts of all files of a process that are being filled or on their way: 40 MiB at most, however many files are stored
/// side by side.
static PLACES: Semaphore = Semaphore::const_new(8);

/// The outputs bucket.
#[derive(Clone)]
pub struct Outputs {
    client: Client,
    bucket: String,
}

impl Outputs {
    pub(crate) fn new(client: Client, bucket: String) -> Outputs {
        Outputs { client, bucket }
    }

    /// Begins a file.
    pub fn begin(&self, key: &str, media_type: &str) -> Upload {
        Upload {
            outputs: self.clone(),
            key: key.to_owned(),
            media_type: media_type.to_owned(),
            pending: Pending::Nothing,
            upload_id: None,
            parts_begun: 0,
            in_flight: JoinSet::new(),
            done: Vec::new(),
        }
    }

    /// A link to a file that opens without a key until `ttl` has passed.
    ///
    /// # Errors
    /// When it could not be signed.
    pub async fn link(&self, key: &str, ttl: Duration) -> Result<String, Trouble> {
        const TRIED: &str = "could not sign a link";
        let config = PresigningConfig::expires_in(ttl).map_err(|cause| Trouble::new(TRIED, cause))?;
        let request = self.client.get_object().bucket(&self.bucket).key(key).presigned(config).await;
        Ok(request.map_err(|cause| Trouble::new(TRIED, cause))?.uri().to_owned())
    }

    /// Removes a file. One that is not there is as good as removed.
    ///
    /// # Errors
    /// When it could not be removed.
    pub async fn remove(&self, key: &str) -> Result<(), Trouble> {
        let call = self.client.delete_object().bucket(&self.bucket).key(key);
        call.send().await.map_err(|cause| Trouble::new("could not remove a file", cause))?;
        Ok(())
    }
}

/// A file on its way into the bucket. Nothing is visible under its key before [`Upload::finish`].
pub struct Upload {
    outputs: Outputs,
    key: String,
    media_type: String,
    pending: Pending,
    upload_id: Option<String>,
    parts_begun: i32,
    in_flight: JoinSet<Result<CompletedPart, Trouble>>,
    done: Vec<CompletedPart>,
}

const TRIED: &str = "could not store the file";

/// What came and is not on its way yet.
#[derive(Default)]
enum Pending {
    #[default]
    Nothing,
    /// A chunk as it came. A file that comes in one is stored without a copy of it.
    Chunk(Bytes),
    /// Several, put together.
    Buffer(Vec<u8>, Place),
}

/// A part's share of the memory for all of them; none where the part is somebody else's memory.
type Place = Option<SemaphorePermit<'static>>;

impl Pending {
    fn into_part(self) -> (Bytes, Place) {
        match self {
            Pending::Nothing => (Bytes::new(), None),
            Pending::Chunk(chunk) => (chunk, None),
            Pending::Buffer(buffer, place) => (buffer.into(), place),
        }
    }
}

impl Upload {
    /// Takes the next bytes; waits when too many parts are under way, of this file or of all.
    ///
    /// # Errors
    /// When a part could not be stored. Call [`Upload::abort`] then.
    pub async fn write(&mut self, mut chunk: Bytes) -> Result<(), Trouble> {
        while !chunk.is_empty() {
            match std::mem::take(&mut self.pending) {
                Pending::Nothing if chunk.len() > PART_BYTES => {
                    self.send_part(chunk.split_to(PART_BYTES), None).await?;
                }
                Pending::Nothing => self.pending = Pending::Chunk(std::mem::take(&mut chunk)),
                Pending::Chunk(first) if first.len() == PART_BYTES => self.send_part(first, None).await?,
                Pending::Chunk(first) => {
                    // Never closed, so a place always comes.
                    let place = PLACES.acquire().await.ok();
                    self.pending = Pending::Buffer(first.into(), place);
                }
                Pending::Buffer(buffer, place) if buffer.len() == PART_BYTES => {
                    self.send_part(buffer.into(), place).await?;
                }
                Pending::Buffer(mut buffer, place) => {
                    let now = chunk.split_to(chunk.len().min(PART_BYTES - buffer.len()));
                    self.make_room(&mut buffer, now.len());
                    buffer.extend_from_slice(&now);
                    self.pending = Pending::Buffer(buffer, place);
                }
            }
        }
        Ok(())
    }

    /// Buffers of exactly a part: one that doubles as it grows would hold twice the bytes while its part is sent.
    fn make_room(&self, buffer: &mut Vec<u8>, more: usize) {
        let needed = buffer.len() + more;
        if needed > buffer.capacity() {
            let usual = if self.upload_id.is_some() { PART_BYTES } else { buffer.capacity() * 2 };
            buffer.reserve_exact(usual.clamp(needed, PART_BYTES) - buffer.len());
        }
    }

    /// Stores the rest and makes the file visible.
    ///
    /// # Errors
    /// When it could not be stored; then nothing is visible.
    pub async fn finish(mut self) -> Result<(), Trouble> {
        let (rest, place) = std::mem::take(&mut self.pending).into_part();
        let outcome = if self.upload_id.is_none() {
            self.put_whole(rest).await
        } else {
            self.complete(rest, place).await
        };
        if outcome.is_err() {
            self.abort().await;
        }
        outcome
    }

    /// Gives the file up, so that no stray parts are paid for. A failure here is left to the bucket's lifecycle rule.
    pub async fn abort(mut self) {
        self.in_flight.shutdown().await;
        if let Some(id) = self.upload_id.take() {
            let call = self.outputs.client.abort_multipart_upload().bucket(&self.outputs.bucket);
            if let Err(cause) = call.key(&self.key).upload_id(id).send().await {
                tracing::warn!(error = %cause, "could not abort an upload; the lifecycle rule will");
            }
        }
    }

    async fn put_whole(&self, body: Bytes) -> Result<(), Trouble> {
        let call = self.outputs.client.put_object().bucket(&self.outputs.bucket).key(&self.key);
        let call = call.content_type(&self.media_type).body(ByteStream::from(body));
        call.send().await.map_err(|cause| Trouble::new(TRIED, cause))?;
        Ok(())
    }

    async fn complete(&mut self, rest: Bytes, place: Place) -> Result<(), Trouble> {
        self.send_part(rest, place).await?;
        while let Some(part) = self.in_flight.join_next().await {
            self.done.push(part.map_err(|cause| Trouble::new(TRIED, cause))??);
        }
        self.done.sort_by_key(CompletedPart::part_number);
        let parts =
            CompletedMultipartUpload::builder().set_parts(Some(std::mem::take(&mut self.done))).build();
        let call =
            self.outputs.client.complete_multipart_upload().bucket(&self.outputs.bucket).key(&self.key);
        let call = call.set_upload_id(self.upload_id.clone()).multipart_upload(parts);
        call.send().await.map_err(|cause| Trouble::new(TRIED, cause))?;
        self.upload_id = None;
        Ok(())
    }

    async fn send_part(&mut self, body: Bytes, place: Place) -> Result<(), Trouble> {
        let upload_id = match &self.upload_id {
            Some(id) => id.clone(),
            None => {
                let call = self.outputs.client.create_multipart_upload().bucket(&self.outputs.bucket);
                let answer = call.key(&self.key).content_type(&self.media_type).send().await;
                let answer = answer.map_err(|cause| Trouble::new(TRIED, cause))?;
                let id = answer.upload_id().ok_or_else(|| Trouble::new(TRIED, "no upload id"))?.to_owned();
                self.upload_id.insert(id).clone()
            }
        };
        if self.in_flight.len() >= PARTS_IN_FLIGHT
            && let Some(part) = self.in_flight.join_next().await
        {
            self.done.push(part.map_err(|cause| Trouble::new(TRIED, cause))??);
        }
        self.parts_begun += 1;
        let number = self.parts_begun;
        let call = self.outputs.client.upload_part().bucket(&self.outputs.bucket).key(&self.key);
        let call = call.upload_id(upload_id).part_number(number).body(ByteStream::from(body));
        self.in_flight.spawn(async move {
            // Given back once the part is stored, or could not be.
            let _place = place;
            let answer = call.send().await.map_err(|cause| Trouble::new(TRIED, cause))?;
            Ok(CompletedPart::builder().set_e_tag(answer.e_tag).part_number(number).build())
        });
        Ok(())
    }
}
