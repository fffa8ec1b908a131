//! The index of an MP4: size and duration out of `moov`, and the durations of later fragments.

use super::Facts;
use crate::bytes::{array, be32, be64};

/// Real files have a handful of tracks; more than these are not looked at.
const MOST_TRACKS: usize = 32;

/// What an index says.
#[derive(Debug, Default)]
pub(super) struct Movie {
    duration_seconds: Option<f64>,
    size: Option<(u32, u32)>,
    tracks: Vec<Track>,
}

/// What is needed to add up the fragments of one track.
#[derive(Debug)]
struct Track {
    id: u32,
    ticks_per_second: u32,
    default_sample_ticks: u32,
    fragment_ticks: u64,
}

impl Movie {
    /// Reads the body of a `moov`.
    pub(super) fn parse(body: &[u8]) -> Self {
        let mut movie = Self::default();
        let head = child(body, b"mvhd").and_then(time_head);
        movie.duration_seconds = head.and_then(|head| head.seconds());
        for track in children(body).filter(|(name, _)| name == b"trak").take(MOST_TRACKS) {
            movie.add_track(track.1);
        }
        if let Some(extends) = child(body, b"mvex") {
            movie.add_extends(extends, head.map(|head| head.ticks_per_second));
        }
        movie
    }

    /// Adds the sample durations of the body of a `moof`.
    pub(super) fn add_fragment(&mut self, body: &[u8]) {
        for (_, fragment) in children(body).filter(|(name, _)| name == b"traf") {
            let Some(head) = child(fragment, b"tfhd") else {
                continue;
            };
            let Some(track) =
                be32(head, 4).and_then(|id| self.tracks.iter_mut().find(|track| track.id == id))
            else {
                continue;
            };
            let default = fragment_default(head).unwrap_or(track.default_sample_ticks);
            for (_, run) in children(fragment).filter(|(name, _)| name == b"trun") {
                let ticks = run_ticks(run, default).unwrap_or(0);
                track.fragment_ticks = track.fragment_ticks.saturating_add(ticks);
            }
        }
    }

    /// The facts, with the fragments that were added so far.
    pub(super) fn facts(&self) -> Facts {
        let fragments = self.tracks.iter().map(Track::fragment_seconds).fold(0.0, f64::max);
        let seconds = self.duration_seconds.unwrap_or(0.0).max(fragments);
        Facts {
            duration_seconds: Facts::of_duration(Some(seconds).filter(|seconds| *seconds > 0.0))
                .duration_seconds,
            ..Facts::of_size(self.size.map(|size| size.0), self.size.map(|size| size.1))
        }
    }

    fn add_track(&mut self, track: &[u8]) {
        let media = child(track, b"mdia").unwrap_or_default();
        let head = child(track, b"tkhd").unwrap_or_default();
        let is_video = child(media, b"hdlr").and_then(|handler| array(handler, 8)) == Some(*b"vide");
        if is_video && self.size.is_none() {
            self.size = track_size(head);
        }
        let id_at = if head.first() == Some(&1) { 20 } else { 12 };
        let time = child(media, b"mdhd").and_then(time_head);
        if let (Some(id), Some(time)) = (be32(head, id_at), time) {
            self.tracks.push(Track {
                id,
                ticks_per_second: time.ticks_per_second,
                default_sample_ticks: 0,
                fragment_ticks: 0,
            });
        }
    }

    /// Reads `mvex`: the duration of the whole, fragments included, and the defaults of each track.
    fn add_extends(&mut self, extends: &[u8], ticks_per_second: Option<u32>) {
        let whole = child(extends, b"mehd").and_then(|head| match head.first()? {
            1 => be64(head, 4),
            _ => be32(head, 4).map(u64::from),
        });
        if let (Some(ticks), Some(ticks_per_second)) = (whole, ticks_per_second) {
            let time = Time { ticks, ticks_per_second };
            self.duration_seconds = time.seconds().or(self.duration_seconds);
        }
        for (_, defaults) in children(extends).filter(|(name, _)| name == b"trex").take(MOST_TRACKS) {
            let track = self.tracks.iter_mut().find(|track| be32(defaults, 4) == Some(track.id));
            if let (Some(track), Some(ticks)) = (track, be32(defaults, 12)) {
                track.default_sample_ticks = ticks;
            }
        }
    }
}

impl Track {
    fn fragment_seconds(&self) -> f64 {
        match self.ticks_per_second {
            0 => 0.0,
            ticks_per_second => self.fragment_ticks as f64 / f64::from(ticks_per_second),
        }
    }
}

/// A duration as `mvhd` and `mdhd` write it.
#[derive(Debug, Clone, Copy)]
struct Time {
    ticks: u64,
    ticks_per_second: u32,
}

impl Time {
    /// Zero is "not known" here: a fragmented file writes it.
    fn seconds(self) -> Option<f64> {
        (self.ticks > 0 && self.ticks_per_second > 0)
            .then(|| self.ticks as f64 / f64::from(self.ticks_per_second))
    }
}

/// `mvhd` and `mdhd` begin alike; all bits set is a duration not known.
fn time_head(head: &[u8]) -> Option<Time> {
    let (ticks_per_second, ticks) = match head.first()? {
        1 => (be32(head, 20)?, be64(head, 24).filter(|ticks| *ticks != u64::MAX)?),
        _ => (be32(head, 12)?, be32(head, 16).filter(|ticks| *ticks != u32::MAX)?.into()),
    };
    Some(Time { ticks, ticks_per_second })
}

/// Width and height in `tkhd` are 16.16 fixed point; a matrix that turns by a quarter swaps them.
fn track_size(head: &[u8]) -> Option<(u32, u32)> {
    let matrix = if *head.first()? == 1 { 52 } else { 40 };
    let width = be32(head, matrix + 36)? >> 16;
    let height = be32(head, matrix + 40)? >> 16;
    let turned = be32(head, matrix)? == 0 && be32(head, matrix + 4)? != 0;
    match (width, height) {
        (0, _) | (_, 0) => None,
        _ if turned => Some((height, width)),
        _ => Some((width, height)),
    }
}

/// The default sample duration of a `tfhd`, behind two optional fields.
fn fragment_default(head: &[u8]) -> Option<u32> {
    let flags = be32(head, 0)?;
    let before = if flags & 0x1 == 0 { 0 } else { 8 } + if flags & 0x2 == 0 { 0 } else { 4 };
    (flags & 0x8 != 0).then(|| be32(head, 8 + before)).flatten()
}

/// The ticks of one `trun`: each sample's own, or all with the default.
fn run_ticks(run: &[u8], default: u32) -> Option<u64> {
    let flags = be32(run, 0)?;
    let samples = be32(run, 4)?;
    if flags & 0x100 == 0 {
        return Some(u64::from(samples) * u64::from(default));
    }
    let optional = |flag: u32| if flags & flag == 0 { 0 } else { 4 };
    let rows = run.get(8 + optional(0x1) + optional(0x4)..)?;
    let row = 4 + optional(0x200) + optional(0x400) + optional(0x800);
    let ticks = rows.chunks_exact(row).take(samples as usize).filter_map(|row| be32(row, 0));
    Some(ticks.map(u64::from).sum())
}

/// The body of the first child of this name.
fn child<'bytes>(body: &'bytes [u8], name: &[u8; 4]) -> Option<&'bytes [u8]> {
    children(body).find(|(found, _)| found == name).map(|(_, body)| body)
}

/// Names and bodies of the boxes in a body, up to the first that does not fit.
fn children(mut body: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let name = array(body, 4)?;
        let (head, size) = match be32(body, 0)? {
            0 => (8, body.len()),
            1 => (16, usize::try_from(be64(body, 8)?).ok()?),
            size => (8, usize::try_from(size).ok()?),
        };
        let content = body.get(head..size)?;
        body = body.get(size..)?;
        Some((name, content))
    })
}
