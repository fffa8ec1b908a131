//! What callers may ask for, and its translation into an order.

use super::{
    common::with_common_options,
    enums::{GenerationType, Priority},
    scalars::{Number, OptionValue},
};
use crate::desk::{Draft, LONGEST_WAIT, MOST_EXTRAS, problem};
use catalogue::Problem;
use jobs::{Credits, Input, Options, Order, Value};
use juniper::GraphQLInputObject;
use std::time::Duration;

/// What to make.
#[derive(GraphQLInputObject)]
pub(crate) struct GenerateInput {
    /// What is to be made.
    #[graphql(name = "type")]
    pub(super) kind: GenerationType,
    /// The provider, such as "kling" or "flux-ultra". Left out, we choose.
    pub(super) provider: Option<String>,
    /// The model, such as "gen-3". Also accepted as `options.model`.
    pub(super) model: Option<String>,
    /// The material.
    pub(super) input: SourceInput,
    /// The wishes.
    pub(super) options: Option<GenerateOptions>,
    /// What matters most when we choose.
    pub(super) priority: Option<Priority>,
    /// May another provider take over? Left out: only when we chose.
    pub(super) fallback: Option<bool>,
    /// Never cost more than this, fallbacks included.
    pub(super) max_credits: Option<i32>,
    /// Refuse options that the model can't honour, instead of adjusting them.
    pub(super) strict: Option<bool>,
    /// Give up, and refund by the rules, after this many seconds.
    pub(super) deadline_seconds: Option<i32>,
    /// Hold the answer until it has ended, for so many seconds at most: 0 to 25.
    pub(super) wait: Option<i32>,
    /// Where the news goes when it has ended: https, a public address.
    pub(super) webhook_url: Option<String>,
    /// Your own tag, echoed.
    pub(super) reference: Option<String>,
}

/// The material to start from. Media are https addresses.
#[derive(Default, GraphQLInputObject)]
pub(super) struct SourceInput {
    /// The prompt, or the words to speak.
    pub(super) text: Option<String>,
    /// A picture to start from.
    pub(super) image: Option<String>,
    /// The picture to end with.
    pub(super) last_image: Option<String>,
    /// Reference pictures.
    pub(super) images: Option<Vec<String>>,
    /// A clip.
    pub(super) video: Option<String>,
    /// A recording.
    pub(super) audio: Option<String>,
    /// A voice by name. Also accepted as `options.voice`.
    pub(super) voice: Option<String>,
}

/// An option that has no field of its own.
#[derive(GraphQLInputObject)]
pub(super) struct ExtraOption {
    /// Its name, as the provider's list of options has it.
    name: String,
    /// Its value.
    value: OptionValue,
}

/// Makes the input object of the common options, and their collection by name.
macro_rules! options_input {
    ({} $($(#[$doc:meta])* $field:ident: $kind:ty = $name:literal,)*) => {
        /// The wishes. What a model can't do is adjusted, and `adjustments` says how.
        #[derive(GraphQLInputObject)]
        pub(super) struct GenerateOptions {
            /// The model, such as "gen-3".
            pub(super) model: Option<String>,
            $($(#[$doc])* #[graphql(name = $name)] pub(super) $field: Option<$kind>,)*
            /// Options that have no field here.
            pub(super) extra: Option<Vec<ExtraOption>>,
        }

        /// The names of the common options.
        #[cfg(test)]
        pub(super) const COMMON: &[&str] = &[$($name),*];

        impl GenerateOptions {
            fn into_parts(self, collected: &mut Collected) -> (Option<String>, Vec<ExtraOption>) {
                $(if let Some(value) = self.$field {
                    collected.set($name, value.into());
                })*
                (self.model, self.extra.unwrap_or_default())
            }
        }
    };
}

with_common_options!(options_input! {});

/// Options as they are collected, with what is wrong with them.
#[derive(Default)]
struct Collected {
    options: Options,
    problems: Vec<Problem>,
}

impl Collected {
    fn set(&mut self, name: &str, value: OptionValue) {
        match value {
            OptionValue::Text(text) => self.options.set(name, Value::Text(text)),
            OptionValue::Flag(flag) => self.options.set(name, Value::Flag(flag)),
            OptionValue::Number(number) => match exact(number) {
                Some(value) => self.options.set(name, value),
                None => self.bad(format!("options.{name}"), "must be a number from -(2^53 - 1) to 2^53 - 1"),
            },
        }
    }

    fn bad(&mut self, field: impl Into<String>, what: &str) {
        self.problems.push(problem(field, what));
    }

    /// A field and its other place: the same value twice is fine.
    fn one_of(&mut self, field: &str, first: Option<String>, second: Option<String>) -> Option<String> {
        match (first, second) {
            (Some(first), Some(second)) if first != second => {
                self.bad(field, "is given twice, with different values");
                Some(first)
            }
            (first, second) => first.or(second),
        }
    }

    fn add_extra(&mut self, index: usize, extra: ExtraOption) {
        let name = extra.name;
        let starts_well = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
        let fits = name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !starts_well || !fits {
            self.bad(
                format!("options.extra[{index}].name"),
                "must be 1 to 64 letters, digits and underscores, beginning with a letter",
            );
        } else if self.options.get(&name).is_some() {
            self.bad(format!("options.extra[{index}].name"), "is an option that is already given");
        } else {
            self.set(&name, extra.value);
        }
    }
}

/// The number, if a JavaScript client can have meant exactly it.
fn exact(number: f64) -> Option<Value> {
    const LARGEST: f64 = 9_007_199_254_740_991.0;
    Value::number(number).filter(|_| number.abs() <= LARGEST)
}

impl From<Number> for OptionValue {
    fn from(number: Number) -> OptionValue {
        OptionValue::Number(number.0)
    }
}

impl From<String> for OptionValue {
    fn from(text: String) -> OptionValue {
        OptionValue::Text(text)
    }
}

impl From<bool> for OptionValue {
    fn from(flag: bool) -> OptionValue {
        OptionValue::Flag(flag)
    }
}

impl GenerateInput {
    /// The order that was meant, and whatever can't be told in one.
    pub(crate) fn into_draft(self) -> Draft {
        let mut collected = Collected::default();
        let (option_model, extras) = match self.options {
            Some(options) => options.into_parts(&mut collected),
            None => (None, Vec::new()),
        };
        if extras.len() > MOST_EXTRAS {
            collected.bad("options.extra", "has too many entries");
        }
        for (index, extra) in extras.into_iter().take(MOST_EXTRAS).enumerate() {
            collected.add_extra(index, extra);
        }
        let model = collected.one_of("model", self.model, option_model);
        let option_voice = collected.options.text("voice").map(str::to_owned);
        let voice = collected.one_of("input.voice", self.input.voice, option_voice);
        // One place for the voice, so that both ways of writing it are the same order.
        collected.options.0.remove("voice");
        let max_credits = self.max_credits.and_then(|most| match u64::try_from(most) {
            Ok(most) => Some(Credits(most)),
            Err(_) => {
                collected.bad("maxCredits", "must not be negative");
                None
            }
        });
        let deadline = self.deadline_seconds.and_then(|seconds| match u64::try_from(seconds) {
            Ok(seconds) if seconds > 0 => Some(Duration::from_secs(seconds)),
            _ => {
                collected.bad("deadlineSeconds", "must be at least 1");
                None
            }
        });
        let wait = self
            .wait
            .map_or(Some(Duration::ZERO), |seconds| u64::try_from(seconds).ok().map(Duration::from_secs));
        let wait = wait.filter(|wait| *wait <= LONGEST_WAIT).unwrap_or_else(|| {
            collected.bad("wait", "must be from 0 to 25");
            Duration::ZERO
        });
        let order = Order {
            kind: self.kind.into(),
            provider: self.provider,
            model,
            input: Input {
                text: self.input.text,
                image: self.input.image,
                last_image: self.input.last_image,
                images: self.input.images.unwrap_or_default(),
                video: self.input.video,
                audio: self.input.audio,
                voice,
            },
            options: collected.options,
            priority: self.priority.map(jobs::Priority::from),
            fallback: self.fallback,
            max_credits,
            strict: self.strict.unwrap_or(false),
            deadline,
            webhook_url: self.webhook_url,
            reference: self.reference,
        };
        Draft { order, problems: collected.problems, wait }
    }
}
