//! What the makers of speech have in common: voices by name, languages by code, moods as stage directions.

/// The item of this name: its whole name, or what stands before a description ("Roger" of "Roger - Laid-Back, Casual").
pub(crate) fn find_named<'a, Item>(
    items: &'a [Item],
    name: impl Fn(&Item) -> Option<&str>,
    wanted: &str,
) -> Option<&'a Item> {
    let wanted = wanted.trim().to_lowercase();
    let with = |fits: fn(&str) -> &str| {
        items.iter().find(|item| name(item).is_some_and(|name| fits(name).to_lowercase() == wanted))
    };
    with(str::trim).or_else(|| with(short_name))
}

/// "Roger" of "Roger - Laid-Back, Casual".
pub(crate) fn short_name(name: &str) -> &str {
    name.split(" - ").next().unwrap_or(name).trim()
}

/// `en` of `en-US`.
pub(crate) fn language_code(language: &str) -> Option<String> {
    let code = language.split(['-', '_']).next()?.to_ascii_lowercase();
    (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(code)
}

/// A wished mood as a plain word or two: brackets would end a tag early.
pub(crate) fn mood(wished: Option<&str>) -> Option<String> {
    let plain: String = wished?
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-'))
        .take(40)
        .collect();
    Some(plain.trim().to_lowercase()).filter(|plain| !plain.is_empty())
}

/// A script for voices that read stage directions in square brackets: those are told the mood in front.
pub(crate) fn with_mood(wished: Option<&str>, script: &str) -> String {
    match mood(wished).filter(|mood| mood != "neutral") {
        Some(mood) => format!("[{mood}] {script}"),
        None => script.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whole_before_they_are_found_short() {
        let names = ["Roger - Calm", "roger", "Sarah - Mature, Reassuring"].map(Some);
        let found = |wanted: &str| find_named(&names, |name| *name, wanted).copied().flatten();
        assert_eq!(found("ROGER"), Some("roger"));
        assert_eq!(found(" sarah "), Some("Sarah - Mature, Reassuring"));
        assert_eq!(found("Sara"), None);
        assert_eq!(find_named(&[None], |name: &Option<&str>| *name, ""), None);
    }

    #[test]
    fn languages_are_two_letters() {
        for (language, code) in
            [("en-US", Some("en")), ("DE", Some("de")), ("pt_BR", Some("pt")), ("english", None), ("", None)]
        {
            assert_eq!(language_code(language).as_deref(), code, "{language}");
        }
    }

    #[test]
    fn a_mood_can_not_leave_its_brackets() {
        assert_eq!(with_mood(Some("Excited"), "Hi"), "[excited] Hi");
        assert_eq!(with_mood(Some("sad] [loud"), "Hi"), "[sad loud] Hi");
        for nothing in [None, Some("neutral"), Some(" ] ")] {
            assert_eq!(with_mood(nothing, "Hi"), "Hi");
        }
    }
}
