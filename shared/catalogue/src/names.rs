//! Names as callers write them.

pub(crate) use crate::check::squashed;

/// The known names that a misspelt one may have meant, nearest first, three at most.
pub fn similar<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let wanted = squashed(name);
    let mut near: Vec<(usize, &str)> = known
        .filter_map(|each| {
            let other = squashed(each);
            let steps = distance(&wanted, &other);
            let within = !wanted.is_empty() && (other.contains(&wanted) || wanted.contains(&other));
            // A third of the letters may be wrong, or one name is a part of the other.
            (within || steps * 3 <= wanted.chars().count().max(other.chars().count()))
                .then_some((steps, each))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, each)| each.to_owned()).collect()
}

/// What a sentence about an unknown name ends with: `; did you mean kling or luma?`, or nothing if no name came near.
pub fn did_you_mean(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) }
}

/// How many letters must be added, removed, replaced or swapped with their neighbour to get from one text to the
/// other. Long texts are cut: nobody misspells a name of a hundred letters.
fn distance(one: &str, other: &str) -> usize {
    const MOST_LETTERS: usize = 64;
    let other: Vec<char> = other.chars().take(MOST_LETTERS).collect();
    let mut earlier: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    let mut last = None;
    for (above, letter) in one.chars().take(MOST_LETTERS).enumerate() {
        let mut next = vec![above + 1];
        let mut left = above + 1;
        let mut before = None;
        for (place, (pair, also)) in row.windows(2).zip(&other).enumerate() {
            let &[diagonal, up] = pair else { continue };
            left = (left + 1).min(up + 1).min(diagonal + usize::from(letter != *also));
            if before == Some(letter)
                && last == Some(*also)
                && let Some(swapped) = place.checked_sub(1).and_then(|place| earlier.get(place))
            {
                left = left.min(swapped + 1);
            }
            next.push(left);
            before = Some(*also);
        }
        earlier = std::mem::replace(&mut row, next);
        last = Some(letter);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_in_letters() {
        for (one, other, steps) in [
            ("", "", 0),
            ("kling", "kling", 0),
            ("klng", "kling", 1),
            ("abc", "", 3),
            ("flux", "flax", 1),
            ("ab", "ba", 1),
            ("vidoe", "video", 1),
            ("abcd", "dcba", 3),
        ] {
            assert_eq!(distance(one, other), steps, "{one} {other}");
        }
    }

    #[test]
    fn similar_names_are_nearest_first() {
        let known = ["kling", "luma", "minimax", "flux-pro", "flux-pro-1.1"];
        let near = |name| similar(name, known.into_iter());
        assert_eq!(near("klingg"), ["kling"]);
        assert_eq!(near("minmax"), ["minimax"]);
        assert_eq!(near("Flux Pro"), ["flux-pro", "flux-pro-1.1"]);
        assert_eq!(near("zzzzzz"), Vec::<String>::new());
    }
}
