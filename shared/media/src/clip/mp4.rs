//! An MP4 file around the frames: the index first, so that a player can begin at once.

use super::h264::Parameters;
use crate::voice::Mp3;

/// Ticks of the movie and its picture track in a second.
const MILLISECONDS: u32 = 1000;

/// What goes into the file.
#[derive(Debug)]
pub(super) struct Movie<'clip> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) milliseconds: u32,
    /// How long each frame is shown; the last one lasts until the end.
    pub(super) frame_milliseconds: u32,
    pub(super) parameters: &'clip Parameters,
    pub(super) frames: &'clip [Vec<u8>],
    pub(super) sound: Option<&'clip Mp3>,
}

/// One track of the index.
struct Track<'clip> {
    id: u32,
    size: (u32, u32),
    ticks_per_second: u32,
    ticks: u32,
    handler: &'static [u8; 4],
    media_head: Vec<u8>,
    description: Vec<u8>,
    /// How many samples last how long.
    times: Vec<(u32, u32)>,
    sample_bytes: Vec<u32>,
    /// Which samples stand alone; `None` if all do.
    key_samples: Option<&'clip [u32]>,
}

/// Writes the file.
pub(super) fn write(movie: &Movie<'_>) -> Vec<u8> {
    let head = named(b"ftyp", &[b"isom", &0x200_u32.to_be_bytes(), b"isom", b"iso2", b"avc1", b"mp41"]);
    let mut tracks = vec![picture_track(movie)];
    tracks.extend(movie.sound.map(|sound| sound_track(sound, movie.milliseconds)));
    // The index has the same length wherever the media begins.
    let index_bytes = index(movie.milliseconds, &tracks, 0).len();
    let media_at = (head.len() + index_bytes + 8) as u32;
    let media_bytes: u32 = tracks.iter().flat_map(|track| &track.sample_bytes).sum();

    let mut file = head;
    file.reserve_exact(index_bytes + 8 + media_bytes as usize);
    file.extend(index(movie.milliseconds, &tracks, media_at));
    file.extend((media_bytes + 8).to_be_bytes());
    file.extend(b"mdat");
    for frame in movie.frames {
        file.extend((frame.len() as u32).to_be_bytes());
        file.extend(frame);
    }
    for frame in movie.sound.into_iter().flat_map(|sound| &sound.frames) {
        file.extend(frame);
    }
    file
}

fn picture_track<'clip>(movie: &Movie<'clip>) -> Track<'clip> {
    let count = movie.frames.len() as u32;
    let before_last = count.saturating_sub(1);
    let last = movie.milliseconds.saturating_sub(before_last * movie.frame_milliseconds);
    Track {
        id: 1,
        size: (movie.width, movie.height),
        ticks_per_second: MILLISECONDS,
        ticks: movie.milliseconds,
        handler: b"vide",
        media_head: full(b"vmhd", 1, &[&[0; 8]]),
        description: picture_description(movie),
        times: match last == movie.frame_milliseconds {
            true => vec![(count, last)],
            false => vec![(before_last, movie.frame_milliseconds), (1, last)],
        },
        sample_bytes: movie.frames.iter().map(|frame| frame.len() as u32 + 4).collect(),
        key_samples: Some(&[1]),
    }
}

fn sound_track(sound: &Mp3, milliseconds: u32) -> Track<'static> {
    let count = sound.frames.len() as u32;
    Track {
        id: 2,
        size: (0, 0),
        ticks_per_second: sound.sample_rate,
        // The track claims to be no longer than the picture; the last frame of sound may reach beyond.
        ticks: (u64::from(milliseconds) * u64::from(sound.sample_rate) / u64::from(MILLISECONDS)) as u32,
        handler: b"soun",
        media_head: full(b"smhd", 0, &[&[0; 4]]),
        description: sound_description(sound),
        times: vec![(count, sound.samples_per_frame)],
        sample_bytes: sound.frames.iter().map(|frame| frame.len() as u32).collect(),
        key_samples: None,
    }
}

fn index(milliseconds: u32, tracks: &[Track<'_>], media_at: u32) -> Vec<u8> {
    let next_id = tracks.len() as u32 + 1;
    let head = full(
        b"mvhd",
        0,
        &[
            &[0; 8],
            &MILLISECONDS.to_be_bytes(),
            &milliseconds.to_be_bytes(),
            &0x1_0000_u32.to_be_bytes(), // usual speed
            &0x100_u16.to_be_bytes(),    // full volume
            &[0; 10],
            &upright(),
            &[0; 24],
            &next_id.to_be_bytes(),
        ],
    );
    let mut parts = vec![head];
    let mut at = media_at;
    for track in tracks {
        parts.push(track_box(track, milliseconds, at));
        at += track.sample_bytes.iter().sum::<u32>();
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    named(b"moov", &parts)
}

fn track_box(track: &Track<'_>, milliseconds: u32, media_at: u32) -> Vec<u8> {
    let volume: u16 = if track.handler == b"soun" { 0x100 } else { 0 };
    let head = full(
        b"tkhd",
        0b111, // enabled, in the movie, in the preview
        &[
            &[0; 8],
            &track.id.to_be_bytes(),
            &[0; 4],
            &milliseconds.to_be_bytes(),
            &[0; 12],
            &volume.to_be_bytes(),
            &[0; 2],
            &upright(),
            &(track.size.0 << 16).to_be_bytes(),
            &(track.size.1 << 16).to_be_bytes(),
        ],
    );
    let media_time = full(
        b"mdhd",
        0,
        &[
            &[0; 8],
            &track.ticks_per_second.to_be_bytes(),
            &track.ticks.to_be_bytes(),
            &0x55c4_u16.to_be_bytes(), // language undetermined
            &[0; 2],
        ],
    );
    let handler = full(b"hdlr", 0, &[&[0; 4], track.handler, &[0; 12], b"media\0"]);
    let here = full(b"url ", 1, &[]);
    let data = named(b"dinf", &[&full(b"dref", 0, &[&1_u32.to_be_bytes(), &here])]);
    let samples = sample_table(track, media_at);
    let information = named(b"minf", &[&track.media_head, &data, &samples]);
    named(b"trak", &[&head, &named(b"mdia", &[&media_time, &handler, &information])])
}

fn sample_table(track: &Track<'_>, media_at: u32) -> Vec<u8> {
    let count = track.sample_bytes.len() as u32;
    let description = full(b"stsd", 0, &[&1_u32.to_be_bytes(), &track.description]);
    let times = numbers(&track.times.iter().flat_map(|(count, ticks)| [*count, *ticks]).collect::<Vec<_>>());
    let times = full(b"stts", 0, &[&(track.times.len() as u32).to_be_bytes(), &times]);
    let keys = track.key_samples.map_or_else(Vec::new, |keys| {
        full(b"stss", 0, &[&(keys.len() as u32).to_be_bytes(), &numbers(keys)])
    });
    // All samples of a track lie in one chunk.
    let chunks = full(b"stsc", 0, &[&numbers(&[1, 1, count, 1])]);
    let sizes = full(b"stsz", 0, &[&numbers(&[0, count]), &numbers(&track.sample_bytes)]);
    let places = full(b"stco", 0, &[&numbers(&[1, media_at])]);
    named(b"stbl", &[&description, &times, &keys, &chunks, &sizes, &places])
}

fn picture_description(movie: &Movie<'_>) -> Vec<u8> {
    let Parameters { sequence, picture } = movie.parameters;
    // Profile, constraints and level stand behind the head of the sequence parameters.
    let profile = sequence.get(1..4).unwrap_or_default();
    let configuration = named(
        b"avcC",
        &[
            &[1],
            profile,
            &[0xff, 0xe1], // lengths of four bytes; one set of sequence parameters
            &(sequence.len() as u16).to_be_bytes(),
            sequence,
            &[1],
            &(picture.len() as u16).to_be_bytes(),
            picture,
        ],
    );
    named(
        b"avc1",
        &[
            &[0; 6],
            &1_u16.to_be_bytes(), // data reference
            &[0; 16],
            &(movie.width as u16).to_be_bytes(),
            &(movie.height as u16).to_be_bytes(),
            &numbers(&[0x48_0000, 0x48_0000, 0]), // 72 dots an inch
            &1_u16.to_be_bytes(),                 // one frame a sample
            &[0; 32],
            &[0, 24, 0xff, 0xff], // depth; no colour table
            &configuration,
        ],
    )
}

fn sound_description(sound: &Mp3) -> Vec<u8> {
    // Descriptors: a stream (3) with a decoder (4) for MPEG sound, and the usual packing (6).
    let object_type: u8 = if sound.samples_per_frame == 1152 { 0x6b } else { 0x69 };
    let rate = sound.bits_per_second.to_be_bytes();
    let decoder = [&[4, 13, object_type, 0x15, 0, 0, 0], rate.as_slice(), rate.as_slice()].concat();
    let stream = [&[3, 21, 0, 2, 0], decoder.as_slice(), &[6, 1, 2]].concat();
    named(
        b"mp4a",
        &[
            &[0; 6],
            &1_u16.to_be_bytes(), // data reference
            &[0; 8],
            &1_u16.to_be_bytes(),  // one channel
            &16_u16.to_be_bytes(), // bits of a sample
            &[0; 4],
            &(sound.sample_rate << 16).to_be_bytes(),
            &full(b"esds", 0, &[&stream]),
        ],
    )
}

/// The matrix that neither turns nor stretches.
fn upright() -> Vec<u8> {
    numbers(&[0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000])
}

fn numbers(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

/// A box: its size, its name, its parts.
fn named(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let size: usize = 8 + parts.iter().map(|part| part.len()).sum::<usize>();
    let mut whole = Vec::with_capacity(size);
    whole.extend((size as u32).to_be_bytes());
    whole.extend(name);
    for part in parts {
        whole.extend_from_slice(part);
    }
    whole
}

/// A box with version 0 and flags before its parts.
fn full(name: &[u8; 4], flags: u32, parts: &[&[u8]]) -> Vec<u8> {
    let flags = flags.to_be_bytes();
    let parts: Vec<&[u8]> = std::iter::once(flags.as_slice()).chain(parts.iter().copied()).collect();
    named(name, &parts)
}
