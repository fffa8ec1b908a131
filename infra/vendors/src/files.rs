//! A vendor's finished files, fetched as the poller fetches them and laid in a folder.

use bytes::Bytes;
use media::{Facts, Format, Probe};
use outbound::Door;
use poller::{
    store::{Body, is_as_ordered, open},
    vendor::Conversation,
};
use providers::VendorFile;
use std::{fs::File, io::Write, path::Path, time::Duration};

/// The longest that one file may take.
const LONGEST: Duration = Duration::from_secs(200);

/// Bytes that a file's kind is told from.
const SNIFF_BYTES: usize = 512;

/// Fetches the files; `path` is where they go, without a number and an ending. A line about each.
///
/// # Errors
/// What is wrong with the first that can't be had or is none.
pub async fn fetch_all(
    door: &Door,
    files: Vec<VendorFile>,
    mut conversation: Conversation,
    path: &Path,
) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    for (number, file) in files.into_iter().enumerate() {
        let body = open(door, file.source, &mut conversation, LONGEST).await.map_err(in_full)?;
        let (head, body) = begin(body).await?;
        let format = media::sniff(&head).ok_or("the file is of no known format")?;
        if !is_as_ordered(format, file.kind) {
            return Err(format!("the file is {}, which is not what was ordered", format.media_type()));
        }
        let path = path.with_file_name(format!(
            "{}-{number}.{}",
            path.file_name().unwrap_or_default().to_string_lossy(),
            format.extension()
        ));
        let (facts, bytes) = pour(head, body, format, &path).await?;
        lines.push(format!("{}: {}, {bytes} bytes{}", path.display(), format.media_type(), told(&facts)));
    }
    Ok(lines)
}

/// The first bytes, enough to tell the kind by, and the rest.
async fn begin(mut body: Body) -> Result<(Vec<u8>, Body), String> {
    let mut head = Vec::new();
    while head.len() < SNIFF_BYTES {
        match body.chunk().await.map_err(in_full)? {
            Some(chunk) => head.extend_from_slice(&chunk),
            None => break,
        }
    }
    Ok((head, body))
}

async fn pour(head: Vec<u8>, mut body: Body, format: Format, path: &Path) -> Result<(Facts, u64), String> {
    let unwritten = |error| format!("could not write {}: {error}", path.display());
    let mut file = File::create(path).map_err(unwritten)?;
    let (mut probe, mut bytes) = (Probe::new(format), 0);
    let mut chunk = Some(Bytes::from(head));
    while let Some(part) = chunk {
        probe.feed(&part);
        bytes += part.len() as u64;
        file.write_all(&part).map_err(unwritten)?;
        chunk = body.chunk().await.map_err(in_full)?;
    }
    Ok((probe.finish(), bytes))
}

fn told(facts: &Facts) -> String {
    let size = facts.width.zip(facts.height).map(|(width, height)| format!(", {width} x {height}"));
    let length = facts.duration_seconds.map(|seconds| format!(", {seconds:.2} s"));
    size.into_iter().chain(length).collect()
}

/// A problem with its cause: whoever runs a check is the operator.
fn in_full(problem: poller::store::CopyProblem) -> String {
    match &problem.cause {
        Some(cause) => format!("{problem}: {cause}"),
        None => problem.to_string(),
    }
}
