//! What a caller asked for, in words that belong to no vendor.

use crate::{Credits, Fingerprint};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt, time::Duration};

/// The four kinds of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A clip.
    Video,
    /// A picture.
    Image,
    /// Speech.
    Audio,
    /// A talking person.
    Avatar,
}

impl Kind {
    /// The name in the API and in stored items.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Video => "VIDEO",
            Kind::Image => "IMAGE",
            Kind::Audio => "AUDIO",
            Kind::Avatar => "AVATAR",
        }
    }

    /// Reads [`Kind::name`].
    pub fn parse(name: &str) -> Option<Kind> {
        [Kind::Video, Kind::Image, Kind::Audio, Kind::Avatar].into_iter().find(|kind| kind.name() == name)
    }
}

/// What matters most when we choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Priority {
    /// The best result.
    Quality,
    /// The quickest.
    Speed,
    /// The cheapest.
    Cost,
}

impl Priority {
    /// The name in the API and in stored items.
    pub fn name(self) -> &'static str {
        match self {
            Priority::Quality => "QUALITY",
            Priority::Speed => "SPEED",
            Priority::Cost => "COST",
        }
    }

    /// Reads [`Priority::name`].
    pub fn parse(name: &str) -> Option<Priority> {
        [Priority::Quality, Priority::Speed, Priority::Cost].into_iter().find(|each| each.name() == name)
    }
}

/// An option's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A word or text.
    Text(String),
    /// A whole number, up to 2^53 - 1 either way.
    Whole(i64),
    /// A finite number with a fraction.
    Decimal(f64),
    /// Yes or no.
    Flag(bool),
}

impl Value {
    /// A number as it came: 10 and 10.0 are the same value. `None` unless it is finite.
    pub fn number(number: f64) -> Option<Value> {
        const LARGEST_EXACT: f64 = 9_007_199_254_740_991.0;
        if !number.is_finite() {
            None
        } else if number.fract() == 0.0 && number.abs() <= LARGEST_EXACT {
            Some(Value::Whole(number as i64))
        } else {
            Some(Value::Decimal(number))
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_whole(&self) -> Option<i64> {
        match self {
            Value::Whole(number) => Some(*number),
            _ => None,
        }
    }

    /// The number, whole or not.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Whole(number) => Some(*number as f64),
            Value::Decimal(number) => Some(*number),
            _ => None,
        }
    }

    /// Yes or no, if it is that.
    pub fn as_flag(&self) -> Option<bool> {
        match self {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => out.write_str(text),
            Value::Whole(number) => number.fmt(out),
            Value::Decimal(number) => number.fmt(out),
            Value::Flag(flag) => flag.fmt(out),
        }
    }
}

/// Options by their API name (`duration`, `aspectRatio`, ...). Which of them a model knows is the catalogue's to say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options(pub BTreeMap<String, Value>);

impl Options {
    /// An option's value.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A text option.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_text)
    }

    /// A whole-number option.
    pub fn whole(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Value::as_whole)
    }

    /// A numeric option.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.get(name).and_then(Value::as_number)
    }

    /// A yes-or-no option.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.get(name).and_then(Value::as_flag)
    }

    /// Sets an option.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.0.insert(name.into(), value);
    }
}

/// The material to start from. Media are URLs that were checked when the order was accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// The prompt, or the words to speak.
    pub text: Option<String>,
    /// A picture to start from.
    pub image: Option<String>,
    /// The picture to end with.
    pub last_image: Option<String>,
    /// Reference pictures.
    pub images: Vec<String>,
    /// A clip.
    pub video: Option<String>,
    /// A recording.
    pub audio: Option<String>,
    /// A voice by name (also accepted as an option).
    pub voice: Option<String>,
}

/// An order, coerced but not yet matched with a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What is to be made.
    pub kind: Kind,
    /// The provider asked for; left out, we choose.
    pub provider: Option<String>,
    /// The model asked for.
    pub model: Option<String>,
    /// The material.
    pub input: Input,
    /// The wishes.
    pub options: Options,
    /// What matters most.
    pub priority: Option<Priority>,
    /// May another provider take over? Left out: only when we chose.
    pub fallback: Option<bool>,
    /// Never cost more than this.
    pub max_credits: Option<Credits>,
    /// Refuse instead of adjusting.
    pub strict: bool,
    /// Give up after this long, counted from acceptance.
    pub deadline: Option<Duration>,
    /// Where the news goes when it has ended.
    pub webhook_url: Option<String>,
    /// The caller's own tag.
    pub reference: Option<String>,
}

impl Order {
    /// An order with nothing but its kind and its text.
    pub fn of(kind: Kind, text: impl Into<String>) -> Order {
        Order {
            kind,
            provider: None,
            model: None,
            input: Input { text: Some(text.into()), ..Input::default() },
            options: Options::default(),
            priority: None,
            fallback: None,
            max_credits: None,
            strict: false,
            deadline: None,
            webhook_url: None,
            reference: None,
        }
    }

    /// What two requests with one idempotency key are compared by.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut canon = Canon(Sha256::new());
        canon.put("kind", self.kind.name());
        canon.put_some("provider", self.provider.as_deref());
        canon.put_some("model", self.model.as_deref());
        canon.put_some("text", self.input.text.as_deref());
        canon.put_some("image", self.input.image.as_deref());
        canon.put_some("lastImage", self.input.last_image.as_deref());
        for image in &self.input.images {
            canon.put("images", image);
        }
        canon.put_some("video", self.input.video.as_deref());
        canon.put_some("audio", self.input.audio.as_deref());
        canon.put_some("voice", self.input.voice.as_deref());
        for (name, value) in &self.options.0 {
            canon.put("option", name);
            // The letter keeps the text "10" apart from the number 10.
            match value {
                Value::Text(text) => canon.put("t", text),
                Value::Whole(number) => canon.put("n", &number.to_string()),
                Value::Decimal(number) => canon.put("n", &number.to_string()),
                Value::Flag(flag) => canon.put("f", &flag.to_string()),
            }
        }
        canon.put_some("priority", self.priority.map(Priority::name));
        canon.put_some("fallback", self.fallback.map(|yes| if yes { "yes" } else { "no" }));
        canon.put_some("maxCredits", self.max_credits.map(|most| most.0.to_string()).as_deref());
        canon.put_some("strict", self.strict.then_some("yes"));
        canon.put_some("deadline", self.deadline.map(|span| span.as_secs().to_string()).as_deref());
        canon.put_some("webhookUrl", self.webhook_url.as_deref());
        canon.put_some("reference", self.reference.as_deref());
        Fingerprint::from_digest(canon.0.finalize().into())
    }
}

/// Writes name and value with their lengths, so that no two different orders run together.
struct Canon(Sha256);

impl Canon {
    fn put(&mut self, name: &str, value: &str) {
        for part in [name, value] {
            self.0.update((part.len() as u64).to_be_bytes());
            self.0.update(part.as_bytes());
        }
    }

    fn put_some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_and_ten_point_zero_are_the_same_order() {
        let with = |number: f64| {
            let mut order = Order::of(Kind::Video, "a fox");
            order.options.set("duration", Value::number(number).unwrap());
            order.fingerprint()
        };
        assert_eq!(with(10.0), with(10.0));
        assert_ne!(with(10.0), with(10.5));
    }

    #[test]
    fn each_part_of_an_order_counts() {
        let plain = Order::of(Kind::Video, "a fox");
        type Edit = fn(&mut Order);
        let edits: [Edit; 9] = [
            |order| order.kind = Kind::Image,
            |order| order.input.text = Some("a box".into()),
            |order| order.provider = Some("kling".into()),
            |order| order.input.image = Some("https://example.com/a.png".into()),
            |order| order.options.set("seed", Value::Whole(1)),
            |order| order.options.set("seed", Value::Text("1".into())),
            |order| order.strict = true,
            |order| order.fallback = Some(false),
            |order| order.webhook_url = Some("https://example.com/hook".into()),
        ];
        let mut seen = vec![plain.fingerprint()];
        for edit in edits {
            let mut order = plain.clone();
            edit(&mut order);
            let print = order.fingerprint();
            assert!(!seen.contains(&print));
            seen.push(print);
        }
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        assert_eq!(Value::number(f64::NAN), None);
        assert_eq!(Value::number(f64::INFINITY), None);
        assert_eq!(Value::number(9_007_199_254_740_991.0), Some(Value::Whole(9_007_199_254_740_991)));
    }
}
