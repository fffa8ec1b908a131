//! What an operator should know of a vendor, and which facts an adapter stands on that nobody has seen proved yet.
//!
//! `docs/vendors.md` is made of it, and `make vendors-check` says of each [`Fact`] whether a real job confirmed it.

/// What an operator should know of a vendor.
#[derive(Debug)]
pub struct About {
    /// Its name for people: `Vidu (ShengShu)`.
    pub name: &'static str,
    /// How to get a key, in a sentence or two.
    pub key: &'static str,
    /// What the vendor's secret holds, as JSON with `...` for what is secret.
    pub secret: &'static str,
    /// What the vendor limits: calls, jobs at a time, sizes of inputs.
    pub limits: &'static [&'static str],
    /// What surprises those who know other vendors.
    pub quirks: &'static [&'static str],
    /// What the adapter stands on.
    pub facts: &'static [Fact],
}

/// Something that an adapter takes for true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// In a sentence.
    pub says: &'static str,
    /// How sure it is.
    pub sure: Sure,
    /// The step of a job that shows whether it is so.
    pub shown_by: Shown,
}

/// A fact, in one line.
pub(crate) const fn fact(shown_by: Shown, sure: Sure, says: &'static str) -> Fact {
    Fact { says, sure, shown_by }
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sure {
    /// The vendor's own SDK or specification.
    Sdk,
    /// The vendor's own pages.
    Page,
    /// Others who quote the vendor.
    Told,
    /// General knowledge.
    Guess,
}

impl Sure {
    /// The letter that stands for it, as in the catalogue.
    pub fn letter(self) -> char {
        match self {
            Sure::Sdk => 'S',
            Sure::Page => 'D',
            Sure::Told => 'T',
            Sure::Guess => 'G',
        }
    }
}

/// A step of a job, by which a fact is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// The vendor takes the order: address, credential, body, the model's name.
    Order,
    /// The vendor says how it stands: address, states.
    Look,
    /// The vendor has finished: where the result lies in its answer.
    Result,
    /// The file comes: who may fetch it, and what it is.
    File,
}

impl Shown {
    /// The step in words.
    pub fn name(self) -> &'static str {
        match self {
            Shown::Order => "the order is taken",
            Shown::Look => "the state is told",
            Shown::Result => "the result is told",
            Shown::File => "the file comes",
        }
    }
}
