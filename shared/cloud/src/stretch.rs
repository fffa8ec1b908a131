//! A stretch of a list as the bounds of a sort key.

use jobs::{Stretch, place::moment};

/// The lowest and the highest sort key of a stretch, both inclusive, and how many items to ask for; nothing if it is
/// empty. A moment by itself is no place, so only the place to begin after can come along where it should not: it is
/// asked for on top, and left out by [`Stretch::holds`].
pub(crate) fn bounds(stretch: &Stretch) -> Option<(String, String, i32)> {
    // Every place begins with a digit.
    let lowest = stretch.since.map_or_else(|| "0".to_owned(), moment);
    let until = stretch.until.map_or_else(|| ":".to_owned(), moment);
    let after = stretch.after.as_ref().map(|place| place.as_str().to_owned());
    let highest = after.into_iter().fold(until, Ord::min);
    let most = stretch.most.saturating_add(u32::from(stretch.after.is_some()));
    (lowest <= highest).then(|| (lowest, highest, i32::try_from(most).unwrap_or(i32::MAX)))
}

/// What of the items found lies within the stretch, and no more than it may have.
pub(crate) fn within<T>(
    stretch: &Stretch,
    found: impl Iterator<Item = T>,
    holds: impl Fn(&T) -> bool,
) -> Vec<T> {
    found.filter(holds).take(usize::try_from(stretch.most).unwrap_or(usize::MAX)).collect()
}
