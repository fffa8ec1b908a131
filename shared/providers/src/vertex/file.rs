//! Finished clips that were laid down in the operator's bucket.

use super::{BREAK, clips};
use crate::{Next, Source, Task, kit};
use http::{HeaderMap, HeaderValue, header};

/// The vendor's store.
const USUAL_BASE: &str = "https://storage.googleapis.com";

/// Longest name of a file in a bucket, in bytes: the vendor's own limit.
const MOST_NAME: usize = 1024;

/// The files at these places, each after a [`BREAK`].
pub(super) fn behind(task: &Task<'_>, places: &str, token: &str) -> Next {
    let links: Option<Vec<Source>> =
        places.split(BREAK).skip(1).map(|place| link(task, place, token)).collect();
    match links.filter(|links| !links.is_empty()) {
        Some(links) => clips(links.into_iter()),
        None => kit::later(None, "success was reported without a usable place"),
    }
}

/// `gs://bucket/a/file.mp4`, to be had with our token. The host is ours to choose, so nobody else sees the token.
fn link(task: &Task<'_>, place: &str, token: &str) -> Option<Source> {
    let (bucket, name) = place.strip_prefix("gs://")?.split_once('/')?;
    let bucket = kit::name_of(Some(bucket))?;
    let name = Some(name).filter(|name| (1..=MOST_NAME).contains(&name.len()))?;
    let path = ["storage", "v1", "b", bucket, "o", name];
    let url = kit::address(kit::base(task.access, USUAL_BASE), &path, &[("alt", "media")]).ok()?;
    let mut bearer = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    bearer.set_sensitive(true);
    Some(Source::Link { url: url.into(), headers: HeaderMap::from_iter([(header::AUTHORIZATION, bearer)]) })
}
