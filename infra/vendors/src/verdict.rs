//! What a real job showed of the facts that an adapter stands on.

use providers::{About, Shown};
use std::collections::BTreeMap;

/// What became of a step of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It went as the adapter takes for true.
    Confirmed,
    /// It did not, and the adapter or the catalogue is wrong about something. Why, for the operator.
    Broken(String),
    /// It did not come to it, or says nothing: a refused key, no credit, an outage. Why, for the operator.
    NotSeen(String),
}

/// What a job showed, step by step. A step that it never came to was not seen.
#[derive(Debug, Default)]
pub struct Verdicts(BTreeMap<Shown, Verdict>);

/// All steps, in their order.
const STEPS: [Shown; 4] = [Shown::Order, Shown::Look, Shown::Result, Shown::File];

impl Verdicts {
    /// Notes what a step showed. What was broken once stays broken.
    pub fn note(&mut self, step: Shown, verdict: Verdict) {
        match self.0.get(&step) {
            Some(Verdict::Broken(_)) => {}
            _ => drop(self.0.insert(step, verdict)),
        }
    }

    /// Whether every step up to the file was confirmed. A vendor that answers at once tells no state on the way.
    pub fn all_is_well(&self) -> bool {
        let well = |step| self.0.get(&step) == Some(&Verdict::Confirmed);
        well(Shown::Order) && well(Shown::Result) && well(Shown::File) && !self.is_broken()
    }

    /// Whether something that the adapter takes for true is not so.
    pub fn is_broken(&self) -> bool {
        self.0.values().any(|verdict| matches!(verdict, Verdict::Broken(_)))
    }

    /// A line for each step, and below it one for each fact that stands or falls with it.
    pub fn lines(&self, about: &About) -> Vec<String> {
        let mut lines = Vec::new();
        for step in STEPS {
            let (word, why) = match self.0.get(&step) {
                Some(Verdict::Confirmed) => ("confirmed", None),
                Some(Verdict::Broken(why)) => ("BROKEN", Some(why.as_str())),
                Some(Verdict::NotSeen(why)) => ("not seen", Some(why.as_str())),
                None => ("not seen", None),
            };
            let because = why.map_or_else(String::new, |why| format!(": {why}"));
            lines.push(format!("  {}: {word}{because}", step.name()));
            // Of several facts behind a step that went wrong at least one is not so; which, a person has to find out.
            let word = if word == "BROKEN" { "in doubt" } else { word };
            let facts = about.facts.iter().filter(|fact| fact.shown_by == step);
            lines.extend(facts.map(|fact| format!("    {word:9}  ({}) {}", fact.sure.letter(), fact.says)));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use providers::adapter;

    #[test]
    fn what_broke_stays_broken_and_takes_its_facts_along() {
        let mut verdicts = Verdicts::default();
        verdicts.note(Shown::Order, Verdict::Confirmed);
        assert!(!verdicts.all_is_well() && !verdicts.is_broken());
        verdicts.note(Shown::Look, Verdict::Broken("no such address".to_owned()));
        verdicts.note(Shown::Look, Verdict::Confirmed);
        verdicts.note(Shown::Result, Verdict::Confirmed);
        verdicts.note(Shown::File, Verdict::Confirmed);
        assert!(!verdicts.all_is_well() && verdicts.is_broken());
        let about = adapter("vidu").map(|adapter| adapter.about());
        let lines = about.map(|about| verdicts.lines(about)).unwrap_or_default();
        assert!(lines.contains(&"  the state is told: BROKEN: no such address".to_owned()), "{lines:#?}");
        for (step, word) in [(Shown::Order, "confirmed"), (Shown::Look, "in doubt ")] {
            let facts = about.map(|about| about.facts).unwrap_or_default();
            let says = facts.iter().filter(|fact| fact.shown_by == step).map(|fact| fact.says);
            for says in says {
                assert!(lines.iter().any(|line| line.contains(word) && line.ends_with(says)), "{says}");
            }
        }
    }

    #[test]
    fn a_vendor_that_answers_at_once_needs_no_looks() {
        let mut verdicts = Verdicts::default();
        for step in [Shown::Order, Shown::Result, Shown::File] {
            assert!(!verdicts.all_is_well());
            verdicts.note(step, Verdict::Confirmed);
        }
        assert!(verdicts.all_is_well());
    }
}
