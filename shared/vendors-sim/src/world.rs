//! What all handlers share.

use crate::config::{Config, Settings, SettingsChange};
use crate::faults::Faults;
use crate::ledger::Ledger;
use crate::links::Links;
use crate::shelf::lock;
use crate::studio::Studio;
use crate::{bfl, elevenlabs, kling};
use std::sync::Mutex;

/// The state of a simulator.
#[derive(Debug)]
pub(crate) struct World {
    /// What links in answers begin with, without a slash at the end.
    pub(crate) base: String,
    pub(crate) faults: Faults,
    pub(crate) ledger: Ledger,
    pub(crate) links: Links,
    pub(crate) studio: Studio,
    pub(crate) kling: kling::Account,
    pub(crate) bfl: bfl::Account,
    pub(crate) elevenlabs: elevenlabs::Account,
    settings: Mutex<Settings>,
    first_settings: Settings,
}

impl World {
    pub(crate) fn new(config: &Config, base: String) -> Self {
        let settings = Settings::new(config.speed);
        Self {
            base,
            faults: Faults::default(),
            ledger: Ledger::default(),
            links: Links::default(),
            studio: Studio::default(),
            kling: kling::Account::default(),
            bfl: bfl::Account::default(),
            elevenlabs: elevenlabs::Account::default(),
            settings: Mutex::new(settings),
            first_settings: settings,
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        *lock(&self.settings)
    }

    pub(crate) fn change_settings(&self, change: &SettingsChange) -> Settings {
        let mut settings = lock(&self.settings);
        *settings = settings.changed(change);
        *settings
    }

    /// As after the start.
    pub(crate) fn reset(&self) {
        self.faults.forget();
        self.ledger.forget();
        self.links.forget();
        self.kling.forget();
        self.bfl.forget();
        self.elevenlabs.forget();
        *lock(&self.settings) = self.first_settings;
    }
}
