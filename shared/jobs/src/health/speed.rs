//! How long models take, told by what they took lately.

use crate::{JobId, Kind, Options, Plan};
use std::{collections::BTreeMap, time::Duration};

/// Durations remembered of each class. A new one takes the place of any: so what is remembered is mostly recent, and
/// writing needs no reading.
pub const SPEED_SLOTS: u8 = 64;

/// Fewer durations than this say too little.
const FEWEST: usize = 8;

/// Durations remembered of one model, in milliseconds, by class and slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speed {
    /// By class and slot.
    pub samples: BTreeMap<(String, u8), u64>,
}

/// One duration to be remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The model.
    pub model: String,
    /// The class, see [`speed_class`].
    pub class: String,
    /// Where it is kept.
    pub slot: u8,
    /// How long the vendor took.
    pub took: Duration,
}

impl Speed {
    /// The duration below which this share of a class lies, once enough are known.
    pub fn quantile(&self, class: &str, share: f64) -> Option<Duration> {
        let of_class = self.samples.range((class.to_owned(), 0)..=(class.to_owned(), u8::MAX));
        let mut durations: Vec<u64> = of_class.map(|(_, milliseconds)| *milliseconds).collect();
        if durations.len() < FEWEST {
            return None;
        }
        let index = (share.clamp(0.0, 1.0) * (durations.len() - 1) as f64).round() as usize;
        let (_, milliseconds, _) = durations.select_nth_unstable(index);
        Some(Duration::from_millis(*milliseconds))
    }
}

impl Sample {
    /// The duration of a job. Its id says where it is kept: any place, but the same one if it is written twice.
    pub fn of(id: &JobId, kind: Kind, plan: &Plan, took: Duration) -> Sample {
        let sum = id.as_str().bytes().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
        Sample {
            model: plan.model.clone(),
            class: speed_class(kind, &plan.options),
            slot: sum % SPEED_SLOTS,
            took,
        }
    }
}

/// What jobs of a model are compared with each other by: the seconds asked for. Ten seconds of video take longer than
/// five; a picture is a picture.
pub fn speed_class(kind: Kind, options: &Options) -> String {
    match (kind, options.number("duration")) {
        (Kind::Video | Kind::Avatar, Some(seconds)) => format!("{}s", seconds.round().clamp(0.0, 3600.0)),
        _ => "any".to_owned(),
    }
}
