//! What all handlers share.

use crate::config::{Config, Settings, SettingsChange};
use crate::faults::Faults;
use crate::ledger::Ledger;
use crate::links::Links;
use crate::shelf::lock;
use crate::studio::Studio;
use crate::uploads::Uploads;
use std::sync::Mutex;

/// The state of a simulator. The vendors' accounts are with their routes.
#[derive(Debug)]
pub(crate) struct World {
    /// What links in answers begin with, without a slash at the end.
    pub(crate) base: String,
    pub(crate) faults: Faults,
    pub(crate) ledger: Ledger,
    pub(crate) links: Links,
    pub(crate) studio: Studio,
    pub(crate) uploads: Uploads,
    settings: Mutex<Settings>,
}

impl World {
    pub(crate) fn new(config: &Config, base: String) -> Self {
        Self {
            base,
            faults: Faults::default(),
            ledger: Ledger::default(),
            links: Links::default(),
            studio: Studio::default(),
            uploads: Uploads::default(),
            settings: Mutex::new(Settings::new(config.speed)),
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        lock(&self.settings).clone()
    }

    /// How many works a limit allows at a time.
    pub(crate) fn limit(&self, name: &str) -> usize {
        lock(&self.settings).limits.get(name).copied().unwrap_or(usize::MAX)
    }

    /// How many milliseconds a work takes that takes `seconds` at speed 1.
    pub(crate) fn milliseconds(&self, seconds: f64) -> u64 {
        lock(&self.settings).milliseconds(seconds)
    }

    /// # Errors
    ///
    /// A name that is no setting.
    pub(crate) fn change_settings(&self, change: &SettingsChange) -> Result<Settings, String> {
        let mut settings = lock(&self.settings);
        *settings = settings.clone().changed(change)?;
        Ok(settings.clone())
    }
}
