//! Faults on demand: by words in a prompt, or armed by a control call.

use crate::shelf::lock;
use crate::vendor::Vendor;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Mutex;
use std::time::Duration;

/// What may go wrong. The table in the crate's documentation says what each does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Fault {
    Fail,
    Moderate,
    ModerateOutput,
    Busy,
    ServerError,
    Lost,
    HtmlAnswer,
    EmptyAnswer,
    HugeAnswer,
    AnswerLate,
    Unauthorized,
    NoCredit,
    Slow,
    Hang,
    UnknownState,
    Late,
    Garbage,
    PollError,
    Empty,
    BadLink,
    HtmlFile,
    Stall,
    Huge,
    Redirect,
    OtherKind,
    Expired,
    Large,
    NoCallback,
    CallbackTwice,
}

const NAMES: [(&str, Fault); 29] = [
    ("fail", Fault::Fail),
    ("moderate", Fault::Moderate),
    ("moderate-output", Fault::ModerateOutput),
    ("busy", Fault::Busy),
    ("500", Fault::ServerError),
    ("lost", Fault::Lost),
    ("html-answer", Fault::HtmlAnswer),
    ("empty-answer", Fault::EmptyAnswer),
    ("huge-answer", Fault::HugeAnswer),
    ("answer-late", Fault::AnswerLate),
    ("unauthorized", Fault::Unauthorized),
    ("no-credit", Fault::NoCredit),
    ("slow", Fault::Slow),
    ("hang", Fault::Hang),
    ("unknown-state", Fault::UnknownState),
    ("late", Fault::Late),
    ("garbage", Fault::Garbage),
    ("poll-500", Fault::PollError),
    ("empty", Fault::Empty),
    ("badlink", Fault::BadLink),
    ("html-file", Fault::HtmlFile),
    ("stall", Fault::Stall),
    ("huge", Fault::Huge),
    ("redirect", Fault::Redirect),
    ("other-kind", Fault::OtherKind),
    ("expired", Fault::Expired),
    ("large", Fault::Large),
    ("no-callback", Fault::NoCallback),
    ("callback-twice", Fault::CallbackTwice),
];

impl Fault {
    fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, fault)| *fault)
    }

    /// Whether it happens to a number of submits of the same prompt and then no more.
    fn wears_off(self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::ServerError
                | Self::Lost
                | Self::HtmlAnswer
                | Self::EmptyAnswer
                | Self::HugeAnswer
                | Self::Unauthorized
                | Self::NoCredit
        )
    }

    /// Whether it concerns the file of a result.
    pub(crate) fn is_of_files(self) -> bool {
        matches!(
            self,
            Self::BadLink | Self::HtmlFile | Self::Stall | Self::Huge | Self::Redirect | Self::OtherKind
        )
    }
}

/// A fault with its number: times or seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ailment {
    pub(crate) fault: Fault,
    pub(crate) number: Option<u64>,
}

impl Ailment {
    /// Reads `busy` or `busy:2`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (name, number) = match text.split_once(':') {
            Some((name, number)) => (name, Some(number.trim().parse().ok()?)),
            None => (text, None),
        };
        Some(Self { fault: Fault::named(name.trim())?, number })
    }
}

/// The faults of one call or one task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ailments(Vec<Ailment>);

impl Ailments {
    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.0.iter().any(|ailment| ailment.fault == fault)
    }

    /// How often the fault happens: not at all without it, once if no number is told.
    pub(crate) fn times(&self, fault: Fault) -> u64 {
        self.find(fault).map_or(0, |ailment| ailment.number.unwrap_or(1))
    }

    /// The seconds that `slow` asks for.
    pub(crate) fn slow_seconds(&self) -> Option<u64> {
        Some(self.find(Fault::Slow)?.number.unwrap_or(30))
    }

    /// Holds the answer to a submit back, for as many seconds as are told, whatever the speed.
    pub(crate) async fn hold_answer(&self) {
        if let Some(ailment) = self.find(Fault::AnswerLate) {
            tokio::time::sleep(Duration::from_secs(ailment.number.unwrap_or(10))).await;
        }
    }

    /// The fault of the file of the result.
    pub(crate) fn of_file(&self) -> Option<Fault> {
        self.0.iter().map(|ailment| ailment.fault).find(|fault| fault.is_of_files())
    }

    fn find(&self, fault: Fault) -> Option<&Ailment> {
        self.0.iter().find(|ailment| ailment.fault == fault)
    }
}

/// What kind of call meets a fault.
pub(crate) const SUBMIT: &str = "submit";
/// A look at one task.
pub(crate) const POLL: &str = "poll";
/// Any other call that reads: a list of tasks, voices, models, the balance.
pub(crate) const LIST: &str = "list";
/// The end of a task at the client's wish.
pub(crate) const CANCEL: &str = "cancel";
/// The way of a file to the vendor.
pub(crate) const UPLOAD: &str = "upload";
/// The way of a file to the client.
pub(crate) const DOWNLOAD: &str = "download";
/// All kinds of calls.
pub(crate) const OPERATIONS: [&str; 6] = [SUBMIT, POLL, LIST, CANCEL, UPLOAD, DOWNLOAD];

/// A fault that waits for the next calls.
#[derive(Debug)]
struct Armed {
    vendor: Vendor,
    operation: &'static str,
    ailment: Ailment,
    times: u64,
}

/// Faults that wait for their call, and how often those in prompts have happened.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    armed: Mutex<Vec<Armed>>,
    happened: Mutex<HashMap<u64, u64>>,
    keys: RandomState,
}

/// What a file is made larger by, at most.
const MOST_MEGABYTES: u64 = 256;

/// Prompts that are remembered for their worn off faults, at most.
const MOST_PROMPTS: usize = 50_000;

impl Faults {
    /// Lets the next `times` calls of this kind meet a fault.
    pub(crate) fn arm(&self, vendor: Vendor, operation: &'static str, ailment: Ailment, times: u64) {
        lock(&self.armed).push(Armed { vendor, operation, ailment, times });
    }

    /// The armed fault that this call meets.
    pub(crate) fn armed(&self, vendor: Vendor, operation: &str) -> Option<Ailment> {
        let mut armed = lock(&self.armed);
        let waiting = armed
            .iter_mut()
            .find(|armed| armed.times > 0 && armed.vendor == vendor && armed.operation == operation)?;
        waiting.times -= 1;
        let ailment = waiting.ailment;
        armed.retain(|armed| armed.times > 0);
        Some(ailment)
    }

    /// All faults that a submit with this prompt meets.
    pub(crate) fn at_submit(&self, vendor: Vendor, prompt: &str) -> Ailments {
        let mut ailments: Vec<Ailment> = words(vendor, prompt)
            .filter(|ailment| !ailment.fault.wears_off() || self.happens_again(vendor, prompt, *ailment))
            .collect();
        ailments.extend(self.armed(vendor, SUBMIT));
        Ailments(ailments)
    }

    /// Whether the link to the file of a prompt is found to have expired this time.
    pub(crate) fn expires(&self, vendor: Vendor, prompt: &str) -> bool {
        words(vendor, prompt)
            .find(|ailment| ailment.fault == Fault::Expired)
            .is_some_and(|ailment| self.happens_again(vendor, prompt, ailment))
    }

    /// How many bytes the file of a prompt has beyond its own.
    pub(crate) fn more_bytes(prompt: &str) -> usize {
        let megabytes = words_to(|_| true, prompt).find(|ailment| ailment.fault == Fault::Large);
        let megabytes = megabytes.map_or(0, |ailment| ailment.number.unwrap_or(1).min(MOST_MEGABYTES));
        usize::try_from(megabytes).unwrap_or(0) * 1_000_000
    }

    fn happens_again(&self, vendor: Vendor, prompt: &str, ailment: Ailment) -> bool {
        let key = self.keys.hash_one((vendor, prompt, ailment.fault));
        let mut happened = lock(&self.happened);
        if happened.len() >= MOST_PROMPTS {
            happened.clear();
        }
        let count = happened.entry(key).or_default();
        *count += 1;
        *count <= ailment.number.unwrap_or(1)
    }
}

/// The faults that a prompt asks for: `[vendor:fail]`, or `[kling:fail]` for one vendor.
fn words(vendor: Vendor, prompt: &str) -> impl Iterator<Item = Ailment> {
    words_to(move |whom| whom == "vendor" || whom == vendor.name(), prompt)
}

/// The faults that a prompt asks for of whoever is `meant`.
fn words_to(meant: impl Fn(&str) -> bool, prompt: &str) -> impl Iterator<Item = Ailment> {
    prompt.split('[').skip(1).filter_map(move |part| {
        let (word, _) = part.split_once(']')?;
        let (whom, what) = word.split_once(':')?;
        if meant(whom) { Ailment::parse(what) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KLING: Vendor = Vendor::named("kling");
    const BFL: Vendor = Vendor::named("bfl");

    fn found(prompt: &str) -> Vec<(Fault, Option<u64>)> {
        words(KLING, prompt).map(|ailment| (ailment.fault, ailment.number)).collect()
    }

    #[test]
    fn words_are_found_in_prompts() {
        let cases = [
            ("a fox", vec![]),
            ("a fox [vendor:fail]", vec![(Fault::Fail, None)]),
            ("[excited] [vendor:busy:2] hello", vec![(Fault::Busy, Some(2))]),
            ("[kling:500]", vec![(Fault::ServerError, None)]),
            ("[bfl:500]", vec![]),
            ("[vendor:slow:20][vendor:stall]", vec![(Fault::Slow, Some(20)), (Fault::Stall, None)]),
            ("[vendor:nonsense] [vendor:busy:often] [vendor:fail", vec![]),
            ("[[vendor:moderate-output]]", vec![(Fault::ModerateOutput, None)]),
        ];
        for (prompt, expected) in cases {
            assert_eq!(found(prompt), expected, "{prompt}");
        }
    }

    #[test]
    fn a_fault_of_a_prompt_wears_off() {
        let faults = Faults::default();
        let met: Vec<bool> =
            (0..4).map(|_| faults.at_submit(BFL, "x [vendor:busy:2]").has(Fault::Busy)).collect();
        assert_eq!(met, [true, true, false, false]);
        assert!(faults.at_submit(BFL, "y [vendor:busy:2]").has(Fault::Busy));
        assert!(faults.at_submit(KLING, "x [vendor:busy:2]").has(Fault::Busy));
    }

    #[test]
    fn an_armed_fault_meets_its_calls_alone() {
        let faults = Faults::default();
        let garbage = Ailment::parse("garbage").unwrap();
        faults.arm(BFL, POLL, garbage, 2);
        assert_eq!(faults.armed(KLING, POLL), None);
        assert_eq!(faults.armed(BFL, SUBMIT), None);
        assert_eq!(faults.armed(BFL, POLL), Some(garbage));
        assert_eq!(faults.armed(BFL, POLL), Some(garbage));
        assert_eq!(faults.armed(BFL, POLL), None);
    }

    #[test]
    fn every_name_is_in_the_documentation() {
        let documentation = include_str!("lib.rs");
        for (name, _) in NAMES {
            assert!(documentation.contains(&format!("`{name}")), "{name}");
        }
    }
}
