//! Clips of many sizes and durations.

use super::*;
use crate::{Facts, Format, Probe, sniff};

fn spec(width: u32, height: u32, duration_seconds: f64) -> ClipSpec<'static> {
    ClipSpec {
        text: "A red fox jumps over the lazy dog",
        width,
        height,
        duration_seconds,
        seed: 4,
        sound: false,
    }
}

#[track_caller]
fn check(spec: ClipSpec<'_>, width: u32, height: u32, seconds: f64) -> Vec<u8> {
    let file = clip(&spec);
    assert_eq!(sniff(&file), Some(Format::Mp4));
    let mut probe = Probe::new(Format::Mp4);
    probe.feed(&file);
    let expected = Facts { width: Some(width), height: Some(height), duration_seconds: Some(seconds) };
    assert_eq!(probe.finish(), expected);
    file
}

#[test]
fn clips_have_the_size_and_duration_that_were_asked() {
    for (width, height, seconds) in
        [(64, 64, 0.5), (2, 2, 0.5), (722, 406, 3.3), (320, 180, 60.0), (320, 180, 7.041), (90, 160, 5.08)]
    {
        check(spec(width, height, seconds), width, height, seconds);
    }
    check(spec(101, 51, 0.55), 100, 50, 0.55);
    check(spec(0, 0, f64::NAN), 2, 2, 0.1);
    check(spec(64, 64, 1e9), 64, 64, 60.0);
    check(spec(64, 64, -5.0), 64, 64, 0.1);
}

#[test]
fn a_large_clip_is_a_small_file() {
    let file = check(spec(1280, 720, 5.0), 1280, 720, 5.0);
    assert!(file.len() < 500_000, "{} bytes", file.len());
}

#[test]
fn sound_does_not_change_the_duration() {
    let silent = check(spec(64, 64, 2.5), 64, 64, 2.5);
    let loud = check(ClipSpec { sound: true, ..spec(64, 64, 2.5) }, 64, 64, 2.5);
    assert!(loud.len() > silent.len() + 10_000);
}

/// Reads the samples of a file by its own index and gives their bytes.
fn samples(file: &[u8]) -> Vec<&[u8]> {
    let find = |name: &[u8]| file.windows(4).position(|word| word == name).unwrap();
    let number = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    let (sizes, places) = (find(b"stsz"), find(b"stco"));
    let mut at = number(places + 12);
    (0..number(sizes + 12))
        .map(|sample| {
            let size = number(sizes + 16 + 4 * sample);
            at += size;
            &file[at - size..at]
        })
        .collect()
}

#[test]
fn the_index_points_at_whole_units() {
    let file = clip(&ClipSpec { sound: true, ..spec(320, 180, 1.25) });
    let samples = samples(&file);
    assert_eq!(samples.len(), 12);
    for (number, sample) in samples.iter().enumerate() {
        let length = u32::from_be_bytes(sample[..4].try_into().unwrap()) as usize;
        assert_eq!(length + 4, sample.len());
        assert_eq!(sample[4], if number == 0 { 0x65 } else { 0x41 });
    }
}

#[test]
fn predicted_blocks_are_exactly_what_was_drawn() {
    let canvas = scene::draw(&PictureSpec { text: "a fox", width: 150, height: 90, seed: 2 });
    let planes = Planes::new(&canvas);
    assert_eq!((planes.columns, planes.rows), (10, 6));
    for row in 0..planes.rows {
        for column in 0..planes.columns {
            let block: Vec<&[u8]> = planes.luma.rows(column, row).collect();
            if planes.luma.goes_on_across(column, row) {
                let before: Vec<&[u8]> = planes.luma.rows(column - 1, row).collect();
                for (line, before) in block.iter().zip(&before) {
                    assert!(line.iter().all(|sample| *sample == before[15]));
                }
            }
            if planes.luma.goes_on_down(column, row) {
                let above = planes.luma.rows(column, row - 1).last().unwrap();
                assert!(block.iter().all(|line| *line == above));
            }
        }
    }
    // Beyond the right edge the last pixel goes on.
    let edge: Vec<&[u8]> = planes.luma.rows(9, 0).collect();
    assert!(edge.iter().all(|line| line[6..].iter().all(|sample| *sample == line[5])));
}

#[test]
fn only_what_changed_is_refreshed() {
    let mut canvas = scene::draw(&PictureSpec { text: "a fox", width: 160, height: 96, seed: 2 });
    let mut planes = Planes::new(&canvas);
    let colour = canvas.colour([1, 2, 3]);
    canvas.rectangle(20, 64, 30, 16, colour);
    let changed = planes.refresh(&canvas, 20..50, 64..80);
    assert_eq!(changed, [41, 42, 43]);
    assert_eq!(
        planes.luma.rows(2, 4).collect::<Vec<_>>(),
        Planes::new(&canvas).luma.rows(2, 4).collect::<Vec<_>>()
    );
    assert_eq!(planes.refresh(&canvas, 20..20, 64..80), []);
}
