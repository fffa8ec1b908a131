//! From sounds to samples: pulses of vocal cords and noise of air, shaped by resonances.

use super::phones::Phone;
use crate::random::{Random, hash};
use std::f64::consts::PI;

/// Mouth and pitch move in steps of so many samples (5 milliseconds at 24 kHz).
const STEP: usize = 120;
/// Which share of the way to its aim everything moves in a step: lips and tongue are slow.
const GLIDE: f64 = 0.32;
/// Strengths change faster, so that bursts stay short.
const FAST_GLIDE: f64 = 0.6;

/// Speaks with the voice of this name.
pub(super) fn speak(phones: &[Phone], voice: &str, sample_rate: u32) -> Vec<i16> {
    let mut throat = Throat::new(voice, f64::from(sample_rate));
    let mut samples = Vec::new();
    // Rounded at the ends of phones, not at their lengths: a long text must not drift.
    let mut end = 0.0;
    for phone in phones {
        end += phone.seconds * f64::from(sample_rate);
        let count = (end.round() as usize).saturating_sub(samples.len());
        throat.say(phone, count, &mut samples);
    }
    samples
}

/// A resonance of two poles.
#[derive(Debug, Default, Clone, Copy)]
struct Resonance {
    gain: f64,
    first: f64,
    second: f64,
    before: [f64; 2],
}

impl Resonance {
    fn tune(&mut self, hertz: f64, width: f64, sample_rate: f64) {
        self.second = -(-2.0 * PI * width / sample_rate).exp();
        self.first = 2.0 * (-PI * width / sample_rate).exp() * (2.0 * PI * hertz / sample_rate).cos();
        self.gain = 1.0 - self.first - self.second;
    }

    fn pass(&mut self, sample: f64) -> f64 {
        let [last, earlier] = self.before;
        let out = self.gain * sample + self.first * last + self.second * earlier;
        self.before = [out, last];
        out
    }
}

/// Somebody who speaks.
struct Throat {
    sample_rate: f64,
    pitch_hertz: f64,
    /// Shorter throats have higher resonances.
    stretch: f64,
    random: Random,
    formants: [Resonance; 3],
    air: Resonance,
    /// What the mouth gave last, before the lips.
    behind_lips: f64,
    /// Where the mouth is on its way.
    mouth: [f64; 3],
    voiced: f64,
    noise: f64,
    lift: f64,
    /// Seconds since the last breath.
    since_breath: f64,
    /// Where the vocal cords are within their swing, 0 to 1.
    swing: f64,
    seconds: f64,
}

impl Throat {
    fn new(voice: &str, sample_rate: f64) -> Self {
        let mut random = Random::new(0, voice);
        // Evenly over what people have: deep voices come with long throats.
        let height = random.within(0.0, 1.0);
        Self {
            sample_rate,
            pitch_hertz: 95.0 + 125.0 * height,
            stretch: 0.96 + 0.2 * height + random.within(-0.03, 0.03),
            random: Random::new(hash("air"), voice),
            formants: [Resonance::default(); 3],
            air: Resonance::default(),
            behind_lips: 0.0,
            mouth: [500.0, 1500.0, 2500.0],
            voiced: 0.0,
            noise: 0.0,
            lift: 0.0,
            since_breath: 0.0,
            swing: 0.0,
            seconds: 0.0,
        }
    }

    fn say(&mut self, phone: &Phone, count: usize, samples: &mut Vec<i16>) {
        if phone.breath {
            self.since_breath = 0.0;
        }
        let mut left = count;
        while left > 0 {
            let step = left.min(STEP);
            self.step(phone, step, samples);
            left -= step;
        }
    }

    fn step(&mut self, phone: &Phone, count: usize, samples: &mut Vec<i16>) {
        const WIDTHS: [f64; 3] = [70.0, 100.0, 150.0];
        // A step at the end of a phone may be shorter and moves less.
        let share = count as f64 / STEP as f64;
        let glide = |from: f64, to: f64, by: f64| from + (to - from) * (by * share);
        for ((mouth, aim), (formant, width)) in
            self.mouth.iter_mut().zip(phone.formants).zip(self.formants.iter_mut().zip(WIDTHS))
        {
            *mouth = glide(*mouth, aim * self.stretch, GLIDE);
            formant.tune(*mouth, width, self.sample_rate);
        }
        let (voiced, noise) = (self.voiced, self.noise);
        self.voiced = glide(voiced, phone.voiced, FAST_GLIDE);
        self.noise = glide(noise, phone.noise, FAST_GLIDE);
        self.lift = glide(self.lift, phone.lift, GLIDE);
        if phone.noise_hertz > 0.0 {
            self.air.tune(phone.noise_hertz, 300.0 + phone.noise_hertz * 0.25, self.sample_rate);
        }
        let duration = count as f64 / self.sample_rate;
        self.since_breath += duration;
        self.seconds += duration;
        let pitch = self.pitch();
        for index in 0..count {
            // Strengths go straight from step to step; a jump would click.
            let along = index as f64 / count as f64;
            let pulse = self.pulse(pitch) * (voiced + (self.voiced - voiced) * along);
            let air = self.random.within(-1.0, 1.0) * (noise + (self.noise - noise) * along);
            let mut sound = pulse;
            for formant in &mut self.formants {
                sound = formant.pass(sound);
            }
            // Lips pass high sounds better than low ones; that is what makes vowels clear.
            let spoken = sound - 0.8 * self.behind_lips;
            self.behind_lips = sound;
            let sound = spoken * 13_000.0 + self.air.pass(air) * 9000.0;
            samples.push(sound.clamp(-32_000.0, 32_000.0) as i16);
        }
    }

    /// Hertz now: falling along a breath, with the small waves of a living voice.
    fn pitch(&self) -> f64 {
        let fall = 1.1 - 0.24 * (self.since_breath / 3.0).min(1.0);
        let melody = 1.0
            + 0.07 * (self.seconds * 2.0 * PI * 1.1).sin()
            + 0.012 * (self.seconds * 2.0 * PI * 5.3).sin();
        self.pitch_hertz * fall * melody * (1.0 + self.lift)
    }

    /// The flow of air through the vocal cords, as its change: a slow opening, a sudden closing, a rest.
    fn pulse(&mut self, pitch: f64) -> f64 {
        self.swing += pitch / self.sample_rate;
        if self.swing >= 1.0 {
            self.swing -= 1.0;
        }
        match self.swing {
            opening if opening < 0.4 => 0.5 * (PI * opening / 0.4).sin(),
            closing if closing < 0.56 => -1.25 * (PI * (closing - 0.4) / 0.32).sin(),
            _ => 0.0,
        }
    }
}
