//! Cutting a text into pieces that the vendor takes: between sentences if possible, between words if not, and never
//! inside a letter.

/// Pieces of at most so many bytes, without the white space around them. Pieces of white space alone are left out.
pub(super) fn cut(text: &str, most: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(first_cut(rest, most));
        pieces.push(piece.trim_end());
        rest = after.trim_start();
    }
    pieces
}

/// How many bytes the first piece has.
fn first_cut(text: &str, most: usize) -> usize {
    if text.len() <= most {
        return text.len();
    }
    // The letter at which the limit lies may be part of several bytes, and one letter at least is taken.
    let first = text.chars().next().map_or(0, char::len_utf8);
    let window = text.get(..text.floor_char_boundary(most)).unwrap_or_default();
    let least = window.len() / 2;
    let places = [after_lines(window), after_sentences(window), after_words(window)];
    places.into_iter().flatten().find(|place| *place > least).unwrap_or(window.len()).max(first)
}

fn after_lines(window: &str) -> Option<usize> {
    window.rfind('\n').map(|place| place + 1)
}

/// Behind the last end of a sentence: a full stop counts only before a space, for it also stands in numbers.
fn after_sentences(window: &str) -> Option<usize> {
    let ends = window.char_indices().zip(window.chars().skip(1)).filter_map(|((place, letter), next)| {
        let wide = matches!(letter, '。' | '！' | '？' | '।' | '۔');
        let ends = wide || (matches!(letter, '.' | '!' | '?' | '…' | ';' | ':') && next.is_whitespace());
        ends.then_some(place + letter.len_utf8())
    });
    ends.last()
}

fn after_words(window: &str) -> Option<usize> {
    window.rfind(char::is_whitespace).filter(|place| *place > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_are_cut_where_one_breathes() {
        for (text, most, expected) in [
            ("", 10, vec![]),
            ("  \n ", 10, vec![]),
            ("Short.", 10, vec!["Short."]),
            ("One two. Three four.", 12, vec!["One two.", "Three four."]),
            ("One two.\nThree. Four", 16, vec!["One two.", "Three. Four"]),
            ("A line of it\nB. C. D", 18, vec!["A line of it", "B. C. D"]),
            ("Pi is 3.1415 or so", 13, vec!["Pi is 3.1415", "or so"]),
            ("abcdefghij", 4, vec!["abcd", "efgh", "ij"]),
            ("Жуж жуж", 8, vec!["Жуж", "жуж"]),
            ("你好。再见。", 9, vec!["你好。", "再见。"]),
            ("ÄÖ", 1, vec!["Ä", "Ö"]),
        ] {
            assert_eq!(cut(text, most), expected, "{text:?} in pieces of {most}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_piece_is_too_long(text in "[a-zжя. \n,。!😀]{0,300}", most in 4_usize..60) {
            let pieces = cut(&text, most);
            for piece in &pieces {
                prop_assert!(!piece.is_empty() && piece.len() <= most, "{piece:?}");
            }
            let plain = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
            prop_assert_eq!(plain(&text), plain(&pieces.concat()));
        }

        #[test]
        fn long_texts_need_few_pieces(text in "[a-zA-Zжя. \n]{0,4000}") {
            // All but the last are more than half full.
            prop_assert!(cut(&text, 400).len() <= text.len() / 190 + 1);
        }
    }
}
