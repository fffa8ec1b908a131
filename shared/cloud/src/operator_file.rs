//! A file that the operator puts into the operator's bucket, read again only when it has changed.

use aws_sdk_s3::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
};
use jobs::ports::Trouble;

const TRIED: &str = "could not read the operator's file";

/// A file of the operator's.
#[derive(Clone)]
pub struct OperatorFile {
    client: Client,
    bucket: String,
    key: String,
}

/// What became of a look at the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is the one that is known.
    Same,
    /// There is none.
    Absent,
    /// It is larger than it may be. Nothing beyond the limit was read.
    TooLarge {
        /// Its mark.
        etag: Option<String>,
    },
    /// It is new.
    New {
        /// What it holds.
        bytes: Vec<u8>,
        /// Its mark, to ask with whether it is still the same.
        etag: Option<String>,
    },
}

impl OperatorFile {
    /// The file under this key.
    pub fn new(client: Client, bucket: impl Into<String>, key: impl Into<String>) -> OperatorFile {
        OperatorFile { client, bucket: bucket.into(), key: key.into() }
    }

    /// Its name, for the log.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Reads it, unless it still is the one with the mark `known`, and `most` bytes at most.
    ///
    /// # Errors
    /// When it can't be known what it holds: no answer, no permission, an answer that breaks off.
    pub async fn read(&self, known: Option<&str>, most: usize) -> Result<Reading, Trouble> {
        let call = self.client.get_object().bucket(&self.bucket).key(&self.key);
        let answer = call.set_if_none_match(known.map(str::to_owned)).send().await;
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let status = error.raw_response().map(|response| response.status().as_u16());
                return match (status, &error) {
                    (Some(304), _) => Ok(Reading::Same),
                    // A bucket that is missing is a fault of the set-up, and no wish to go without the file.
                    (Some(404), SdkError::ServiceError(said))
                        if said.err().code() != Some("NoSuchBucket") =>
                    {
                        Ok(Reading::Absent)
                    }
                    _ => Err(Trouble::new(TRIED, error)),
                };
            }
        };
        let etag = answer.e_tag.take();
        let stated = answer.content_length().and_then(|length| usize::try_from(length).ok());
        if stated.is_some_and(|length| length > most) {
            return Ok(Reading::TooLarge { etag });
        }
        let mut bytes = Vec::with_capacity(stated.unwrap_or_default());
        while let Some(chunk) = answer.body.try_next().await.map_err(|cause| Trouble::new(TRIED, cause))? {
            if bytes.len() + chunk.len() > most {
                return Ok(Reading::TooLarge { etag });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Reading::New { bytes, etag })
    }
}
