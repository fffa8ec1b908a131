//! Settings: environment variables that the template sets.

use std::{collections::BTreeSet, env, fmt};

/// A setting that the template should have made.
#[derive(Debug, PartialEq, Eq)]
pub struct MissingSetting(pub &'static str);

impl fmt::Display for MissingSetting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the environment variable {} is not set", self.0)
    }
}

impl std::error::Error for MissingSetting {}

/// A setting's text.
///
/// # Errors
/// When it is absent or empty.
pub fn setting(name: &'static str) -> Result<String, MissingSetting> {
    env::var(name).ok().filter(|text| !text.is_empty()).ok_or(MissingSetting(name))
}

/// A setting's text, or `usual` when it is absent or empty.
pub fn setting_or(name: &'static str, usual: &str) -> String {
    setting(name).unwrap_or_else(|_| usual.to_owned())
}

/// The words of a list with commas.
pub fn words(list: &str) -> BTreeSet<String> {
    list.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
