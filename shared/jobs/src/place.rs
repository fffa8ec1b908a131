//! Lists that are ordered by time, newest first, and read in stretches.

use crate::Time;

/// A place in such a list: a moment and the name of what happened then. It is unique, and sorts as text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(String);

/// Digits of a moment's milliseconds: enough until the year 2286.
const DIGITS: usize = 13;

/// The last moment of so many digits.
const LAST: i64 = 9_999_999_999_999;

impl Place {
    /// Where something with this name stands that happened at this moment.
    pub fn of(at: Time, name: &str) -> Place {
        Place(format!("{}#{name}", moment(at)))
    }

    /// Reads [`Place::as_str`]; `None` when it can't be one.
    pub fn parse(text: &str) -> Option<Place> {
        let (digits, _) = text.split_once('#')?;
        let fits = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Place(text.to_owned()))
    }

    /// The place as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The moment.
    pub fn at(&self) -> Time {
        let digits = self.0.split_once('#').map_or("", |(digits, _)| digits);
        Time::from_millis(digits.parse().unwrap_or(0))
    }

    /// The name.
    pub fn name(&self) -> &str {
        self.0.split_once('#').map_or("", |(_, name)| name)
    }
}

/// A moment as places begin with it: before every place of that moment, and after every place of an earlier one.
pub fn moment(at: Time) -> String {
    format!("{:0DIGITS$}", at.millis().clamp(0, LAST))
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// Only what comes after this place in the list, which is what is older.
    pub after: Option<Place>,
    /// Only what happened at or after this moment.
    pub since: Option<Time>,
    /// Only what happened before this moment.
    pub until: Option<Time>,
    /// At most so many.
    pub most: u32,
}

impl Stretch {
    /// Whether a place lies within it.
    pub fn holds(&self, place: &Place) -> bool {
        self.after.as_ref().is_none_or(|after| place < after)
            && self.since.is_none_or(|since| place.as_str() >= moment(since).as_str())
            && self.until.is_none_or(|until| place.as_str() < moment(until).as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn other_texts_are_no_places() {
        for text in
            ["", "#", "123#a", "123456789012#a", "12345678901234#a", "123456789012x#a", "1234567890123"]
        {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_place_is_read_back_and_sorts_by_its_moment(one in 0..=LAST, other in 0..=LAST, name in "[a-z#]{0,4}") {
            let at = Time::from_millis;
            let (place, second) = (Place::of(at(one), &name), Place::of(at(other), "zzz"));
            prop_assert_eq!(Place::parse(place.as_str()), Some(place.clone()));
            prop_assert_eq!((place.at(), place.name()), (at(one), name.as_str()));
            if one != other {
                prop_assert_eq!(place < second, one < other);
            }
            let stretch = |since, until| Stretch { since, until, ..Stretch::default() };
            prop_assert_eq!(stretch(Some(at(other)), None).holds(&place), one >= other);
            prop_assert_eq!(stretch(None, Some(at(other))).holds(&place), one < other);
        }
    }
}
