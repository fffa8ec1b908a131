//! From samples to spectra: 32 bands, and 18 lines in each of them.

use super::window::window;
use super::{LINES, SAMPLES_PER_FRAME};
use std::f64::consts::PI;

/// Bands of the filter bank, which takes as many samples for each value of theirs.
const BANDS: usize = 32;
/// Values of a band in a frame, and the lines that they become.
const SLOTS: usize = SAMPLES_PER_FRAME / BANDS;
/// Samples that the window of the filter bank covers.
const WINDOW: usize = 512;
/// How far the eight lines on either side of a border between bands leak into each other, by their distance.
const LEAKS: [f64; 8] = [-0.6, -0.535, -0.33, -0.185, -0.095, -0.041, -0.0142, -0.0037];

/// The spectra of all frames; the last frame is filled with silence.
pub(super) fn spectra(samples: &[i16]) -> Vec<Vec<f32>> {
    let bands = bands(samples);
    let mut spectra = vec![Vec::with_capacity(LINES); samples.len().div_ceil(SAMPLES_PER_FRAME)];
    let waves = line_waves();
    for band in &bands {
        // Frames overlap by half.
        for (spectrum, values) in spectra.iter_mut().zip(band.windows(2 * SLOTS).step_by(SLOTS)) {
            spectrum.extend(waves.iter().map(|wave| dot(wave, values)));
        }
    }
    let turns = LEAKS.map(|leak| {
        let stay = 1.0 / (1.0 + leak * leak).sqrt();
        (stay as f32, (leak * stay) as f32)
    });
    for spectrum in &mut spectra {
        cancel_leaks(spectrum, &turns);
    }
    spectra
}

/// The values of each band, after a frame of silence.
fn bands(samples: &[i16]) -> Vec<Vec<f32>> {
    let length = samples.len().next_multiple_of(SAMPLES_PER_FRAME);
    let mut padded = vec![0.0; WINDOW - BANDS];
    padded.extend(samples.iter().map(|sample| f32::from(*sample) / 32_768.0));
    padded.resize(WINDOW - BANDS + length, 0.0);

    let window: Vec<f32> = window().into_iter().rev().collect();
    let waves = band_waves();
    let mut bands = vec![vec![0.0; SLOTS]; BANDS];
    for (slot, recent) in padded.windows(WINDOW).step_by(BANDS).enumerate() {
        let mut folded = [0.0; 2 * BANDS];
        for (recent, window) in recent.chunks_exact(2 * BANDS).zip(window.chunks_exact(2 * BANDS)) {
            add_products(&mut folded, recent, window);
        }
        for (number, (band, wave)) in bands.iter_mut().zip(&waves).enumerate() {
            let value = dot(wave, &folded);
            // Every other band comes out of the filter with its frequencies upside down.
            band.push(if number % 2 == 1 && slot % 2 == 1 { -value } else { value });
        }
    }
    bands
}

/// What makes a band of the folded samples, the oldest first.
fn band_waves() -> Vec<Vec<f32>> {
    let wave = |band: usize| {
        let frequency = (2 * band + 1) as f64 * PI / 64.0;
        (0..2 * BANDS).map(|place| (frequency * (47.0 - place as f64)).cos() as f32).collect()
    };
    (0..BANDS).map(wave).collect()
}

/// What makes a line of the values of a band, a sine window included.
fn line_waves() -> Vec<Vec<f32>> {
    let wave = |line: usize| {
        let frequency = (2 * line + 1) as f64 * PI / 72.0;
        let value = |place: usize| {
            let window = ((2 * place + 1) as f64 * PI / 72.0).sin();
            (window * (frequency * (2 * place + 1 + SLOTS) as f64).cos() / 9.0) as f32
        };
        (0..2 * SLOTS).map(value).collect()
    };
    (0..SLOTS).map(wave).collect()
}

/// Turns the lines around each border between bands, so that what leaked over it cancels out.
fn cancel_leaks(spectrum: &mut [f32], turns: &[(f32, f32); 8]) {
    for border in (SLOTS..LINES).step_by(SLOTS) {
        let (below, above) = spectrum.split_at_mut(border);
        for ((below, above), (stay, leak)) in below.iter_mut().rev().zip(above).zip(turns) {
            (*below, *above) = (*below * stay + *above * leak, *above * stay - *below * leak);
        }
    }
}

/// The sum of all products. Four at a time are quick even where nothing is optimised.
fn dot(left: &[f32], right: &[f32]) -> f32 {
    let (left, right) = (left.as_chunks::<4>().0, right.as_chunks::<4>().0);
    let mut sum = 0.0;
    for ([a, b, c, d], [e, f, g, h]) in left.iter().zip(right) {
        sum += a * e + b * f + c * g + d * h;
    }
    sum
}

/// Adds each product to the sum at its place.
fn add_products(sums: &mut [f32], left: &[f32], right: &[f32]) {
    for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
        *sum += left * right;
    }
}
