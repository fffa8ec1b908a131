//! The caller's files where they go along in the request, in base64.

use crate::{Need, Task};
use jobs::{Fault, FaultKind, Job, Kind};

/// All pictures of an order: the one to begin with, the one to end with, others.
pub(crate) fn picture_needs(job: &Job, most_bytes: u64) -> Vec<Need> {
    let input = &job.order.input;
    let picture = |field: &'static str| {
        move |url: &String| Need { field, url: url.clone(), kind: Kind::Image, most_bytes }
    };
    let first = input.image.iter().map(picture("input.image"));
    let last = input.last_image.iter().map(picture("input.lastImage"));
    let others = input.images.iter().map(picture("input.images"));
    first.chain(last).chain(others).collect()
}

/// Why the files don't fit into a request, if they have more bytes together than it holds.
pub(crate) fn too_large(task: &Task<'_>, most_bytes: usize) -> Option<Fault> {
    let bytes: usize = task.media.iter().map(|media| media.bytes.len()).sum();
    (bytes > most_bytes).then(|| {
        let most = most_bytes / (1024 * 1024);
        Fault::new(
            FaultKind::InvalidInput,
            format!("the given files have more than {most} MiB together, which the provider does not take"),
        )
        .with_detail(format!("{bytes} bytes in {} files", task.media.len()))
    })
}
