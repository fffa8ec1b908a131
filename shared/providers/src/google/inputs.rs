//! The caller's pictures and clips. They go along in the request: an upload of a clip would have to be waited for.

use crate::{Media, Need, Task, kit};
use jobs::{Fault, Job, Kind};

/// What is fetched of one picture, in bytes.
const MOST_PICTURE_BYTES: u64 = 7 * 1024 * 1024;

/// What is fetched of a clip, in bytes: alone it fills the request.
const MOST_CLIP_BYTES: u64 = MOST_TOGETHER as u64;

/// All files of an order together, in bytes: in base64 they must stay below the twenty megabytes of a request.
const MOST_TOGETHER: usize = 14 * 1024 * 1024;

/// Every file of the order: first pictures, then the clip.
pub(super) fn needs(job: &Job) -> Vec<Need> {
    let mut needs = kit::picture_needs(job, MOST_PICTURE_BYTES);
    needs.extend(job.order.input.video.iter().map(|url| Need {
        field: "input.video",
        url: url.clone(),
        kind: Kind::Video,
        most_bytes: MOST_CLIP_BYTES,
    }));
    needs
}

/// Why the files don't fit into a request, if they don't.
pub(super) fn too_large(task: &Task<'_>) -> Option<Fault> {
    kit::too_large(task, MOST_TOGETHER)
}

/// Whether a file is a clip.
pub(super) fn is_clip(media: &Media) -> bool {
    media.media_type.starts_with("video/")
}
