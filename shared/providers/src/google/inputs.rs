//! The caller's pictures and clips. They go along in the request: an upload of a clip would have to be waited for.

use crate::{Media, Need, Task};
use jobs::{Fault, FaultKind, Job, Kind};

/// What is fetched of one picture, in bytes.
const MOST_PICTURE_BYTES: u64 = 7 * 1024 * 1024;

/// What is fetched of a clip, in bytes: alone it fills the request.
const MOST_CLIP_BYTES: u64 = MOST_TOGETHER as u64;

/// All files of an order together, in bytes: in base64 they must stay below the twenty megabytes of a request.
const MOST_TOGETHER: usize = 14 * 1024 * 1024;

/// Every file of the order: first pictures (the one to begin with, the one to end with, others), then the clip.
pub(super) fn needs(job: &Job) -> Vec<Need> {
    let input = &job.order.input;
    let picture = |field: &'static str| {
        move |url: &String| Need {
            field,
            url: url.clone(),
            kind: Kind::Image,
            most_bytes: MOST_PICTURE_BYTES,
        }
    };
    let first = input.image.iter().map(picture("input.image"));
    let last = input.last_image.iter().map(picture("input.lastImage"));
    let others = input.images.iter().map(picture("input.images"));
    let clip = input.video.iter().map(|url| Need {
        field: "input.video",
        url: url.clone(),
        kind: Kind::Video,
        most_bytes: MOST_CLIP_BYTES,
    });
    first.chain(last).chain(others).chain(clip).collect()
}

/// Why the files don't fit into a request, if they don't.
pub(super) fn too_large(task: &Task<'_>) -> Option<Fault> {
    let bytes: usize = task.media.iter().map(|media| media.bytes.len()).sum();
    (bytes > MOST_TOGETHER).then(|| {
        let most = MOST_TOGETHER / (1024 * 1024);
        Fault::new(
            FaultKind::InvalidInput,
            format!("the given files have more than {most} MiB together, which the provider does not take"),
        )
        .with_detail(format!("{bytes} bytes in {} files", task.media.len()))
    })
}

/// Whether a file is a clip.
pub(super) fn is_clip(media: &Media) -> bool {
    media.media_type.starts_with("video/")
}
