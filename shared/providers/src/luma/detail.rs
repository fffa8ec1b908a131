//! How both of Luma's services complain: a `detail` that is a sentence or a list of bad fields.

use crate::{Reply, kit};
use serde::Deserialize;

/// What is wrong with a call.
pub(crate) struct Complaint {
    /// Where: the names of the fields, as far as they are told.
    pub(crate) place: String,
    /// What, for the log and for telling the reasons apart.
    pub(crate) words: String,
}

/// Reads a complaint; none when it is some server's between us.
pub(crate) fn complaint(reply: &Reply<'_>) -> Option<Complaint> {
    let complaint = match kit::read_message::<Refusal>(reply)?.detail {
        Detail::Words(words) => Complaint { place: words.clone(), words },
        Detail::Fields(problems) => Complaint {
            place: problems.iter().flat_map(|problem| &problem.loc).map(|step| format!("{step} ")).collect(),
            words: problems.iter().map(|problem| format!("{:?} {}; ", problem.loc, problem.msg)).collect(),
        },
    };
    Some(complaint)
}

/// Whether a complaint is about the account's money rather than about the order.
pub(crate) fn speaks_of_money(words: &str) -> bool {
    const WORDS: [&str; 5] = ["credit", "balance", "billing", "payment", "budget"];
    let words = words.to_ascii_lowercase();
    WORDS.iter().any(|word| words.contains(word))
}

#[derive(Deserialize)]
struct Refusal {
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Detail {
    Words(String),
    Fields(Vec<FieldProblem>),
}

#[derive(Deserialize)]
struct FieldProblem {
    /// The way to the field: `body`, then its name.
    loc: Vec<serde_json::Value>,
    #[serde(default)]
    msg: String,
}
