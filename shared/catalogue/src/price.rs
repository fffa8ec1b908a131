//! What a generation costs: whole millionths of a dollar, never a float.

use crate::{
    inputs::Match,
    row::{Micro, Per, Price, Row, Rule, Shape},
};
use jobs::{Credits, Options};

/// Millionths of a dollar in one credit (USD 0.01).
const MICROS_IN_A_CREDIT: u64 = 10_000;

/// Pixels in a megapixel, as vendors count it: 1,024 by 1,024.
const MEGAPIXEL: u64 = 1_048_576;

/// Characters of script that are spoken in a second: slow, so that an estimate is rather too high.
const CHARACTERS_A_SECOND: u64 = 12;

/// Credits for an amount: rounded up, one at least.
pub(crate) fn credits(price: Micro) -> Credits {
    Credits(price.0.div_ceil(MICROS_IN_A_CREDIT).max(1))
}

/// An amount as it is written: `$0.042`.
pub(crate) fn dollars(price: Micro) -> String {
    let text = format!("{}.{:06}", price.0 / 1_000_000, price.0 % 1_000_000);
    format!("${}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// The price of a generation with settled options.
pub(crate) fn price(row: &Row, matched: &Match<'_>, options: &Options, text: Option<&str>) -> Micro {
    let Some(price) = &row.price else { return Micro(0) };
    let fits = |rule: &&Rule| {
        (rule.shapes.is_empty() || rule.shapes.contains(&matched.shape))
            && rule.when.iter().all(|(name, values)| {
                options.get(name).is_some_and(|value| values.iter().any(|each| each.is(value)))
            })
    };
    // The build script has seen that the last rule fits always.
    let Some(rule) = price.rules.iter().find(fits) else { return Micro(0) };
    let pictures = u64::from(matched.pictures.saturating_sub(price.free_pictures));
    let added = price.picture.unwrap_or_default().0.saturating_mul(pictures);
    let made = units(price, rule, matched, options, text.unwrap_or_default());
    Micro(made.saturating_add(added).max(price.least.unwrap_or_default().0))
}

/// The price of what is made.
fn units(price: &Price, rule: &Rule, matched: &Match<'_>, options: &Options, text: &str) -> u64 {
    let usd = rule.usd.0;
    let whole = |name: &str| options.whole(name).and_then(|number| u64::try_from(number).ok());
    let seconds = whole("duration").unwrap_or(1);
    let count = whole("count").unwrap_or(1);
    match price.per {
        Per::Second => {
            let given = if matched.clip { u64::from(price.clip_seconds) } else { 0 };
            usd.saturating_mul(seconds.saturating_add(given))
        }
        Per::SpeechSecond => usd.saturating_mul(speech(matched.shape, options, text)),
        Per::Image => usd.saturating_mul(count),
        Per::Clip => usd,
        Per::Megapixel => {
            let usual = rule.pixels.unwrap_or(MEGAPIXEL);
            let asked =
                whole("width").zip(whole("height")).map(|(width, height)| width.saturating_mul(height));
            let megapixels = asked.unwrap_or(usual).div_ceil(MEGAPIXEL).max(1);
            let further = rule.further.unwrap_or(rule.usd).0;
            usd.saturating_add(further.saturating_mul(megapixels - 1)).saturating_mul(count)
        }
        Per::ThousandChars => {
            // A tag such as "[excited] " is charged like any other text.
            let tag =
                price.tag.as_ref().and_then(|tag| options.text(tag)).map_or(0, |tag| tag.chars().count() + 3);
            let characters = (text.chars().count() + tag) as u64;
            usd.saturating_mul(characters).div_ceil(1_000)
        }
        Per::MillionTokens => {
            let frames = u128::from(seconds) * 24 + 1;
            let tokens = (u128::from(rule.pixels.unwrap_or(0)) * frames).div_ceil(1_024);
            u64::try_from((tokens * u128::from(usd)).div_ceil(1_000_000)).unwrap_or(u64::MAX)
        }
    }
}

/// Seconds of speech: a script's by its length and speed, a recording's as the caller states it.
fn speech(shape: Shape, options: &Options, text: &str) -> u64 {
    let stated = |name: &str| options.whole(name).and_then(|number| u64::try_from(number).ok());
    if matches!(shape, Shape::Script | Shape::ImageScript | Shape::VideoScript) {
        // Scripts without letters (Chinese, Japanese, Korean) say more with a character.
        let weight = |letter: char| if letter >= '\u{2e80}' { 3 } else { 1 };
        let characters: u64 = text.chars().map(weight).sum();
        let thousandths = (options.number("speed").unwrap_or(1.0).clamp(0.1, 10.0) * 1_000.0).round() as u64;
        (characters * 1_000).div_ceil(CHARACTERS_A_SECOND * thousandths).max(1)
    } else {
        stated("duration").or_else(|| stated("audioSeconds")).unwrap_or(60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_digit_by_digit() {
        for (text, micros) in [
            ("0.042", Some(42_000)),
            ("1", Some(1_000_000)),
            ("0.000004", Some(4)),
            ("12.5", Some(12_500_000)),
        ] {
            assert_eq!(Micro::parse(text).map(|micro| micro.0), micros, "{text}");
        }
        for text in ["", ".5", "-1", "0.0000001", "1e3", "0,5", "1.2.3"] {
            assert_eq!(Micro::parse(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_written_as_they_are_read() {
        for text in ["0.042", "1", "0.000004", "12.5", "0", "10", "100.01"] {
            assert_eq!(dollars(Micro::parse(text).unwrap()), format!("${text}"));
        }
    }

    #[test]
    fn credits_are_rounded_up() {
        for (micros, expected) in [(0, 1), (1, 1), (10_000, 1), (10_001, 2), (700_000, 70)] {
            assert_eq!(credits(Micro(micros)), Credits(expected), "{micros}");
        }
    }
}
