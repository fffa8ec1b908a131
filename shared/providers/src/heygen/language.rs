//! Languages: voices are listed by a language's English name, and told a locale.

use super::trail::wanted;
use crate::Task;

/// The names of languages by their codes.
const NAMES: [(&str, &str); 46] = [
    ("ar", "Arabic"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("ca", "Catalan"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fil", "Filipino"),
    ("fr", "French"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("kk", "Kazakh"),
    ("ko", "Korean"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("ms", "Malay"),
    ("nb", "Norwegian"),
    ("nl", "Dutch"),
    ("no", "Norwegian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("sr", "Serbian"),
    ("sv", "Swedish"),
    ("sw", "Swahili"),
    ("ta", "Tamil"),
    ("th", "Thai"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
];

/// The name of the language that was asked for; a name that was asked for as it is.
pub(super) fn spoken<'a>(task: &Task<'a>) -> Option<&'a str> {
    name_of(wanted(task, "language")?)
}

fn name_of(language: &str) -> Option<&str> {
    let code = language.split(['-', '_']).next().unwrap_or_default();
    let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, name)| *name);
    // Codes have three letters at most.
    known.or_else(|| {
        Some(language).filter(|name| name.chars().count() > 3 && name.chars().all(char::is_alphabetic))
    })
}

/// The locale that was asked for; a language alone is none.
pub(super) fn locale<'a>(task: &Task<'a>) -> Option<&'a str> {
    wanted(task, "language").filter(|language| is_locale(language))
}

fn is_locale(language: &str) -> bool {
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let mut parts = language.split('-');
    let language = parts.next().is_some_and(|code| (2..=3).contains(&code.len()) && letters(code));
    let rest: Vec<&str> = parts.collect();
    language
        && (1..=2).contains(&rest.len())
        && rest.iter().all(|part| (2..=4).contains(&part.len()) && letters(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_come_as_codes_or_names() {
        for (language, name, locale) in [
            ("en-US", Some("English"), true),
            ("DE", Some("German"), false),
            ("zh-Hans-CN", Some("Chinese"), true),
            ("Kazakh", Some("Kazakh"), false),
            ("xx", None, false),
            ("en-", Some("English"), false),
            ("something else", None, false),
        ] {
            assert_eq!((name_of(language), is_locale(language)), (name, locale), "{language}");
        }
        assert!(NAMES.is_sorted());
    }
}
