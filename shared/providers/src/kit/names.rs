//! Names that callers may have meant.

/// At most so many of the names, those that come nearest to the wanted one; each once.
pub(crate) fn nearest_names(names: impl Iterator<Item = String>, wanted: &str, most: usize) -> Vec<String> {
    let wanted: String = wanted.to_lowercase().chars().take(40).collect();
    let mut names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    names.sort();
    names.dedup();
    names.sort_by_key(|name| distance(name, &wanted));
    names.truncate(most);
    names
}

/// Letters to be changed, added or dropped to turn one name into the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, letter) in left.chars().enumerate() {
        let mut next = vec![above + 1];
        // `row` has one entry more than `right`: each letter sees the entry before it and its own.
        for (other, pair) in right.iter().zip(row.windows(2)) {
            if let ([diagonal, up], Some(before)) = (pair, next.last()) {
                next.push((diagonal + usize::from(*other != letter)).min(up + 1).min(before + 1));
            }
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_counted_in_letters() {
        for (left, right, expected) in
            [("", "", 0), ("", "abc", 3), ("adam", "adan", 1), ("sarah", "sara", 1), ("liam", "will", 3)]
        {
            assert_eq!(distance(left, right), expected, "{left} {right}");
            assert_eq!(distance(right, left), expected, "{right} {left}");
        }
    }

    #[test]
    fn the_nearest_names_come_first_and_once() {
        let names = ["will", "adam", "sarah", "adam", ""].map(str::to_owned);
        assert_eq!(nearest_names(names.into_iter(), "Adan", 2), ["adam", "sarah"]);
    }
}
