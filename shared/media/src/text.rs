//! Text for eyes and ears: Cyrillic (Kazakh included) as Latin letters, lines of a given width.

/// The text with every letter that our font and our voice lack put into Latin letters, and other space made plain.
/// Characters without any such form stay.
pub(crate) fn to_latin(text: &str) -> String {
    let mut latin = String::with_capacity(text.len());
    for character in text.chars() {
        let lower = character.to_lowercase().next().unwrap_or(character);
        match letters(lower) {
            Some(letters) if lower == character => latin.push_str(letters),
            Some(letters) => {
                let mut rest = letters.chars();
                latin.extend(rest.next().into_iter().flat_map(char::to_uppercase));
                latin.push_str(rest.as_str());
            }
            None if character.is_whitespace() => latin.push(' '),
            // Control characters, direction marks, joiners and accents on their own have no picture.
            None if character.is_control() || is_invisible(character) => {}
            None => latin.push(character),
        }
    }
    latin
}

/// Breaks a text into lines of at most `columns` characters, between words where possible. What does not fit
/// into `most_lines` is cut off with dots.
pub(crate) fn wrap(text: &str, columns: usize, most_lines: usize) -> Vec<Vec<char>> {
    let columns = columns.max(1);
    let mut lines: Vec<Vec<char>> = Vec::new();
    for word in text.split_whitespace() {
        let word: Vec<char> = word.chars().collect();
        for (index, part) in word.chunks(columns).enumerate() {
            match lines.last_mut() {
                Some(line) if index == 0 && line.len() + 1 + part.len() <= columns => {
                    line.push(' ');
                    line.extend(part);
                }
                _ => lines.push(part.to_vec()),
            }
        }
        if lines.len() > most_lines {
            lines.truncate(most_lines);
            if let Some(last) = lines.last_mut() {
                last.truncate(columns.saturating_sub(3));
                last.extend(std::iter::repeat_n('.', columns.min(3)));
            }
            break;
        }
    }
    lines
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Latin letters (of Latin-1, which the font has) for one lower-case letter or sign.
fn letters(lower: char) -> Option<&'static str> {
    Some(match lower {
        'а' => "a",
        'ә' => "ä",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ғ' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ё' => "yo",
        'є' => "ye",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' => "i",
        'ї' => "yi",
        'й' | 'ј' => "y",
        'к' => "k",
        'қ' => "q",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'ң' => "ng",
        'о' => "o",
        'ө' => "ö",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ұ' | 'ў' => "u",
        'ү' => "ü",
        'ф' => "f",
        'х' => "kh",
        'һ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "'",
        'ы' => "y",
        'ю' => "yu",
        'я' => "ya",
        'ā' | 'ă' | 'ą' => "a",
        'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ī' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ł' | 'ļ' | 'ľ' => "l",
        'ń' | 'ņ' | 'ň' => "n",
        'ō' | 'ő' | 'œ' => "ö",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ū' | 'ů' | 'ų' => "u",
        'ű' => "ü",
        'ź' | 'ž' | 'ż' => "z",
        '‘' | '’' | '‚' | '′' => "'",
        '“' | '”' | '„' | '″' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '…' => "...",
        '•' => "*",
        '№' => "No.",
        '€' => "EUR",
        '₸' => "KZT",
        '₽' => "RUB",
        '。' => ".",
        '、' | '，' => ",",
        '！' => "!",
        '？' => "?",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cyrillic_and_kazakh_become_latin() {
        for (text, latin) in [
            ("Щука и Ёж", "Shchuka i Yozh"),
            ("Қазақстан әңгімесі", "Qazaqstan änggimesi"),
            ("«Үй» — №1…", "«Üy» - No.1..."),
            ("a\u{301}\u{200b}\tb\nc", "a b c"),
            ("猫 😀", "猫 😀"),
        ] {
            assert_eq!(to_latin(text), latin);
        }
    }

    #[test]
    fn lines_break_between_words_and_end_with_dots() {
        let lines = |text, columns, most| -> Vec<String> {
            wrap(text, columns, most).into_iter().map(String::from_iter).collect()
        };
        assert_eq!(lines("a red fox jumps", 7, 9), ["a red", "fox", "jumps"]);
        assert_eq!(lines("abcdefgh ij", 3, 9), ["abc", "def", "gh", "ij"]);
        assert_eq!(lines("one two three four", 5, 2), ["one", "tw..."]);
        assert_eq!(lines("   ", 5, 2), Vec::<String>::new());
        assert_eq!(lines("word word", 2, 1), [".."]);
    }
}
