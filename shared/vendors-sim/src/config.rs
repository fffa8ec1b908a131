//! What a simulator is started with, and what may be changed while it runs.

use crate::vendor;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Settings {
    pub(crate) speed: f64,
    /// How long signed links live from the end of the task on; `None` as long as their vendor says.
    pub(crate) link_seconds: Option<f64>,
    /// How many works an account may have at a time, such as `kling_active`.
    #[serde(flatten)]
    pub(crate) limits: BTreeMap<&'static str, usize>,
}

impl Settings {
    /// The limits of the vendors' usual accounts.
    pub(crate) fn new(speed: f64) -> Self {
        let limits = vendor::all().flat_map(|simulated| simulated.limits.iter().copied()).collect();
        Self { speed: Self::sane_speed(speed), link_seconds: None, limits }
    }

    /// These settings with the changes of a control call.
    ///
    /// # Errors
    ///
    /// A name that is no setting.
    pub(crate) fn changed(mut self, change: &SettingsChange) -> Result<Self, String> {
        self.speed = change.speed.map_or(self.speed, Self::sane_speed);
        self.link_seconds = change.link_seconds.or(self.link_seconds);
        for (name, most) in &change.limits {
            *self.limits.get_mut(name.as_str()).ok_or_else(|| format!("no setting {name}"))? = *most;
        }
        Ok(self)
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
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SettingsChange {
    speed: Option<f64>,
    link_seconds: Option<f64>,
    #[serde(flatten)]
    limits: BTreeMap<String, usize>,
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
        let change =
            |text| Settings::new(1.0).changed(&serde_json::from_str::<SettingsChange>(text).unwrap());
        let settings = change(r#"{"link_seconds": 2, "bfl_active": 3}"#).unwrap();
        assert_eq!(settings.link_seconds, Some(2.0));
        assert_eq!((settings.limits["kling_active"], settings.limits["bfl_active"]), (20, 3));
        assert!(change(r#"{"links": 2}"#).is_err());
    }
}
