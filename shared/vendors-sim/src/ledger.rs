//! Counts of every call, and a book of the submits, so that a test can ask whether a job was paid once.

use crate::faults::{CANCEL, DOWNLOAD, LIST, POLL, UPLOAD};
use crate::shelf::lock;
use crate::vendor::{self, Vendor};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Submits in the book, at most; the oldest are forgotten, while the counts keep them.
const MOST_SUBMITS: usize = 20_000;

/// How often a task was looked at, and its client called back about it.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) polls: AtomicU64,
    /// Taken with a status of success.
    pub(crate) callbacks: AtomicU64,
}

/// What is counted besides submits.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Count {
    Polls,
    Lists,
    Cancels,
    Uploads,
    Downloads,
    KeyLeaks,
    Callbacks,
}

impl Count {
    /// What counts the calls of an operation.
    pub(crate) fn of(operation: &str) -> Option<Self> {
        Some(match operation {
            POLL => Self::Polls,
            LIST => Self::Lists,
            CANCEL => Self::Cancels,
            UPLOAD => Self::Uploads,
            DOWNLOAD => Self::Downloads,
            _ => return None,
        })
    }
}

#[derive(Debug, Default, Clone, Serialize)]
struct Counts {
    submits_received: u64,
    submits_paid: u64,
    polls: u64,
    lists: u64,
    cancels: u64,
    uploads: u64,
    downloads: u64,
    /// Downloads that came with a credential which the vendor does not ask for there.
    key_leaks: u64,
    /// Callbacks that were taken with a status of success.
    callbacks: u64,
    refused: BTreeMap<String, u64>,
    operations: BTreeMap<String, OperationCounts>,
}

#[derive(Debug, Default, Clone, Serialize)]
struct OperationCounts {
    received: u64,
    paid: u64,
}

/// A submit that was read, paid or not.
#[derive(Debug, Clone)]
struct Submit {
    vendor: Vendor,
    operation: String,
    prompt: String,
    outcome: Outcome,
}

#[derive(Debug, Clone)]
enum Outcome {
    Paid { id: String, external_id: Option<String>, seen: Arc<Seen> },
    Refused { reason: String },
}

/// The counts and the book.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    counts: BTreeMap<Vendor, Counts>,
    submits: VecDeque<Submit>,
}

impl Inner {
    fn counts(&mut self, vendor: Vendor) -> &mut Counts {
        self.counts.entry(vendor).or_default()
    }

    fn operation(&mut self, vendor: Vendor, operation: &str) -> &mut OperationCounts {
        self.counts(vendor).operations.entry(operation.to_owned()).or_default()
    }

    fn write(&mut self, submit: Submit) {
        if self.submits.len() >= MOST_SUBMITS {
            self.submits.pop_front();
        }
        self.submits.push_back(submit);
    }
}

impl Ledger {
    pub(crate) fn count(&self, vendor: Vendor, what: Count) {
        let mut inner = lock(&self.0);
        let counts = inner.counts(vendor);
        *match what {
            Count::Polls => &mut counts.polls,
            Count::Lists => &mut counts.lists,
            Count::Cancels => &mut counts.cancels,
            Count::Uploads => &mut counts.uploads,
            Count::Downloads => &mut counts.downloads,
            Count::KeyLeaks => &mut counts.key_leaks,
            Count::Callbacks => &mut counts.callbacks,
        } += 1;
    }

    /// A submit came, good or bad.
    pub(crate) fn received(&self, vendor: Vendor, operation: &str) {
        let mut inner = lock(&self.0);
        inner.counts(vendor).submits_received += 1;
        inner.operation(vendor, operation).received += 1;
    }

    /// A task or an audio was really made.
    pub(crate) fn paid(
        &self,
        vendor: Vendor,
        operation: &str,
        prompt: &str,
        id: &str,
        external_id: Option<&str>,
        seen: &Arc<Seen>,
    ) {
        let mut inner = lock(&self.0);
        inner.counts(vendor).submits_paid += 1;
        inner.operation(vendor, operation).paid += 1;
        inner.write(Submit {
            vendor,
            operation: operation.to_owned(),
            prompt: prompt.to_owned(),
            outcome: Outcome::Paid {
                id: id.to_owned(),
                external_id: external_id.map(str::to_owned),
                seen: Arc::clone(seen),
            },
        });
    }

    /// A call was refused. `prompt` is there if the call was a submit and could be read.
    pub(crate) fn refused(&self, vendor: Vendor, operation: &str, prompt: Option<&str>, reason: &str) {
        let mut inner = lock(&self.0);
        *inner.counts(vendor).refused.entry(reason.to_owned()).or_default() += 1;
        if let Some(prompt) = prompt {
            inner.write(Submit {
                vendor,
                operation: operation.to_owned(),
                prompt: prompt.to_owned(),
                outcome: Outcome::Refused { reason: reason.to_owned() },
            });
        }
    }

    /// How many paid submits have a prompt that contains the text.
    pub(crate) fn paid_containing(&self, text: &str) -> usize {
        lock(&self.0)
            .submits
            .iter()
            .filter(|submit| submit.prompt.contains(text) && matches!(submit.outcome, Outcome::Paid { .. }))
            .count()
    }

    /// All counts, and the paid submits.
    pub(crate) fn stats(&self) -> Value {
        let mut inner = lock(&self.0);
        for simulated in vendor::all() {
            inner.counts(simulated.vendor);
        }
        let paid: Vec<Value> = inner
            .submits
            .iter()
            .filter(|submit| matches!(submit.outcome, Outcome::Paid { .. }))
            .map(Submit::told)
            .collect();
        json!({ "vendors": inner.counts, "paid": paid })
    }

    /// The submits whose prompt contains the text.
    pub(crate) fn stats_of(&self, text: &str, vendor: Option<Vendor>) -> Value {
        let inner = lock(&self.0);
        let (mut paid, mut refused) = (Vec::new(), Vec::new());
        for submit in &inner.submits {
            if !submit.prompt.contains(text) || vendor.is_some_and(|vendor| vendor != submit.vendor) {
                continue;
            }
            match submit.outcome {
                Outcome::Paid { .. } => paid.push(submit.told()),
                Outcome::Refused { .. } => refused.push(submit.told()),
            }
        }
        json!({
            "prompt": text,
            "received": paid.len() + refused.len(),
            "paid": paid.len(),
            "jobs": paid,
            "refused": refused,
        })
    }
}

impl Submit {
    fn told(&self) -> Value {
        /// Characters of a prompt that are shown.
        const SHOWN: usize = 200;
        let mut told = json!({
            "vendor": self.vendor,
            "operation": self.operation,
            "prompt": self.prompt.chars().take(SHOWN).collect::<String>(),
            "prompt_sha256": hex::encode(Sha256::digest(self.prompt.as_bytes())),
        });
        let outcome = match &self.outcome {
            Outcome::Paid { id, external_id, seen } => json!({
                "id": id,
                "external_id": external_id,
                "polls": seen.polls.load(Ordering::Relaxed),
                "callbacks": seen.callbacks.load(Ordering::Relaxed),
            }),
            Outcome::Refused { reason } => json!({ "reason": reason }),
        };
        if let (Some(told), Value::Object(outcome)) = (told.as_object_mut(), outcome) {
            told.extend(outcome);
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KLING: Vendor = Vendor::named("kling");

    #[test]
    fn submits_are_counted_by_outcome_and_prompt() {
        let ledger = Ledger::default();
        for _ in 0..3 {
            ledger.received(KLING, "text2video");
        }
        ledger.refused(KLING, "text2video", Some("a red fox"), "429 1303");
        let seen = Arc::new(Seen::default());
        ledger.paid(KLING, "text2video", "a red fox", "1", Some("job-1"), &seen);
        ledger.paid(KLING, "text2video", "a blue fox", "2", None, &Arc::default());
        seen.polls.fetch_add(2, Ordering::Relaxed);
        assert_eq!(ledger.paid_containing("red fox"), 1);
        assert_eq!(ledger.paid_containing("fox"), 2);
        let stats = ledger.stats();
        assert_eq!(stats["vendors"]["kling"]["submits_received"], 3);
        assert_eq!(stats["vendors"]["kling"]["operations"]["text2video"]["paid"], 2);
        assert_eq!(stats["vendors"]["kling"]["refused"]["429 1303"], 1);
        assert_eq!(stats["vendors"]["bfl"]["submits_paid"], 0);
        assert_eq!(stats["paid"][0]["external_id"], "job-1");
        assert_eq!((&stats["paid"][0]["polls"], &stats["paid"][1]["polls"]), (&json!(2), &json!(0)));
        let red = ledger.stats_of("red", None);
        assert_eq!((&red["received"], &red["paid"]), (&json!(2), &json!(1)));
        assert_eq!(ledger.stats_of("red", Some(Vendor::named("bfl")))["received"], 0);
    }
}
