//! What a simulator is started with, and what may be changed while it runs.

use serde::{Deserialize, Serialize};

/// What a simulator is started with.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// 1 lets jobs take a few seconds, 2 is twice as fast.
    pub speed: f64,
    /// The address that links in answers begin with, if clients reach the simulator by another name than
    /// `http://127.0.0.1:port`. Without a slash at the end.
    pub public_url: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self { port: 0, speed: 1.0, public_url: None }
    }
}

/// What may be changed while the simulator runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Settings {
    pub(crate) speed: f64,
    /// How long a signed link of BFL lives from the end of the task on.
    pub(crate) link_seconds: f64,
    pub(crate) kling_active: usize,
    pub(crate) bfl_active: usize,
    pub(crate) bfl_kontext_max_active: usize,
    pub(crate) elevenlabs_active: usize,
}

impl Settings {
    /// The limits of the vendors' usual accounts.
    pub(crate) fn new(speed: f64) -> Self {
        Self {
            speed: Self::sane_speed(speed),
            link_seconds: 600.0,
            kling_active: 20,
            bfl_active: 24,
            bfl_kontext_max_active: 6,
            elevenlabs_active: 10,
        }
    }

    /// These settings with the changes of a control call.
    pub(crate) fn changed(self, change: &SettingsChange) -> Self {
        Self {
            speed: change.speed.map_or(self.speed, Self::sane_speed),
            link_seconds: change.link_seconds.unwrap_or(self.link_seconds),
            kling_active: change.kling_active.unwrap_or(self.kling_active),
            bfl_active: change.bfl_active.unwrap_or(self.bfl_active),
            bfl_kontext_max_active: change.bfl_kontext_max_active.unwrap_or(self.bfl_kontext_max_active),
            elevenlabs_active: change.elevenlabs_active.unwrap_or(self.elevenlabs_active),
        }
    }

    /// How many milliseconds a work takes that takes `seconds` at speed 1.
    pub(crate) fn milliseconds(&self, seconds: f64) -> u64 {
        (seconds * 1000.0 / self.speed).round() as u64
    }

    fn sane_speed(speed: f64) -> f64 {
        if speed.is_finite() { speed.clamp(0.01, 1000.0) } else { 1.0 }
    }
}

/// The settings named in a control call.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SettingsChange {
    speed: Option<f64>,
    link_seconds: Option<f64>,
    kling_active: Option<usize>,
    bfl_active: Option<usize>,
    bfl_kontext_max_active: Option<usize>,
    elevenlabs_active: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_divides_time() {
        for (speed, expected) in [(1.0, 5000), (2.0, 2500), (0.5, 10_000), (f64::NAN, 5000), (0.0, 500_000)] {
            assert_eq!(Settings::new(speed).milliseconds(5.0), expected, "speed {speed}");
        }
    }

    #[test]
    fn a_change_touches_only_what_it_names() {
        let change: SettingsChange = serde_json::from_str(r#"{"link_seconds": 2}"#).unwrap();
        let settings = Settings::new(1.0).changed(&change);
        assert_eq!(settings.link_seconds, 2.0);
        assert_eq!(settings.kling_active, 20);
        assert!(serde_json::from_str::<SettingsChange>(r#"{"links": 2}"#).is_err());
    }
}
