//! Chance that is the same at every run.

/// A generator of numbers (SplitMix64): small, quick and good enough for traffic.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something of this probability happens.
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A whole number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        ((self.share() * end as f64) as usize).min(end.saturating_sub(1))
    }

    /// The pause between two events of which one a unit of time is usual.
    pub(crate) fn pause(&mut self) -> f64 {
        -(1.0 - self.share()).ln()
    }

    /// From the standard normal distribution.
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (2.0 * self.pause()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }
}
