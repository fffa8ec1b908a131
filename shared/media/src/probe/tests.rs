//! Files as small as they can be, whole and broken, in chunks of all sizes.

use super::*;
use crate::{ClipSpec, PictureFormat, PictureSpec, VoiceSpec, clip, picture, sniff, voice_mp3, voice_wav};
use proptest::prelude::*;

/// Reads a file in chunks of so many bytes each.
fn read(format: Format, file: &[u8], chunk: usize) -> Facts {
    let mut probe = Probe::new(format);
    file.chunks(chunk).for_each(|chunk| probe.feed(chunk));
    probe.finish()
}

#[track_caller]
fn check(format: Format, file: &[u8], size: Option<(u32, u32)>, seconds: Option<f64>) {
    let expected =
        Facts { width: size.map(|size| size.0), height: size.map(|size| size.1), duration_seconds: seconds };
    for chunk in [1, 7, 4096, file.len().max(1)] {
        assert_eq!(read(format, file, chunk), expected, "{format:?} in chunks of {chunk}");
    }
}

fn atom(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes(), name.as_slice(), body].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A track head for a video of this size; version 1 has three fields of 64 bits.
fn track_head(version: u32, id: u32, width: u32, height: u32, matrix: [u32; 9]) -> Vec<u8> {
    let mut body = vec![version << 24];
    body.resize(if version == 1 { 5 } else { 3 }, 0);
    body.push(id);
    body.resize(if version == 1 { 13 } else { 10 }, 0);
    body.extend(matrix);
    body.extend([width << 16, height << 16]);
    atom(b"tkhd", &words(&body))
}

const UPRIGHT: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];
const TURNED: [u32; 9] = [0, 0x1_0000, 0, 0xffff_0000, 0, 0, 0, 0, 0x4000_0000];

fn track(head: &[u8], handler: &[u8; 4], ticks_per_second: u32) -> Vec<u8> {
    let time = atom(b"mdhd", &words(&[0, 0, 0, ticks_per_second, 0, 0]));
    let handler = atom(b"hdlr", &[&[0; 8], handler.as_slice(), &[0; 12]].concat());
    atom(b"trak", &[head, &atom(b"mdia", &[time, handler].concat())].concat())
}

fn movie_head(ticks_per_second: u32, ticks: u32) -> Vec<u8> {
    atom(b"mvhd", &words(&[0, 0, 0, ticks_per_second, ticks]))
}

fn movie_head_of_64_bits(ticks_per_second: u32, ticks: u64) -> Vec<u8> {
    let mut body = words(&[1 << 24, 0, 0, 0, 0, ticks_per_second]);
    body.extend(ticks.to_be_bytes());
    atom(b"mvhd", &body)
}

/// A sound track before a picture track, as some writers have it.
fn movie(head: &[u8], version: u32, matrix: [u32; 9]) -> Vec<u8> {
    let sound = track(&track_head(0, 1, 0, 0, UPRIGHT), b"soun", 48_000);
    let picture = track(&track_head(version, 2, 640, 360, matrix), b"vide", 30);
    atom(b"moov", &[head, &sound, &picture].concat())
}

#[test]
fn mp4_is_read_wherever_its_index_lies() {
    let kind = atom(b"ftyp", b"isom\0\0\0\0");
    let media = atom(b"mdat", &[7; 5000]);
    let large_media = [&words(&[1]), b"mdat".as_slice(), &5016_u64.to_be_bytes(), &[7; 5000]].concat();
    let index = movie(&movie_head(1000, 2500), 0, UPRIGHT);
    for file in [
        [kind.clone(), index.clone(), media.clone()].concat(),
        [kind.clone(), media, index.clone()].concat(),
        [kind.clone(), large_media, index.clone()].concat(),
    ] {
        check(Format::Mp4, &file, Some((640, 360)), Some(2.5));
        check(Format::Mov, &file, Some((640, 360)), Some(2.5));
    }
    let long = movie(&movie_head_of_64_bits(90_000, 90_000 * 100_000), 1, UPRIGHT);
    check(Format::Mp4, &[kind.clone(), long].concat(), Some((640, 360)), Some(100_000.0));
    let turned = movie(&movie_head(600, 300), 0, TURNED);
    check(Format::Mp4, &[kind.clone(), turned].concat(), Some((360, 640)), Some(0.5));
    let open = movie(&movie_head(600, u32::MAX), 0, UPRIGHT);
    check(Format::Mp4, &[kind, open].concat(), Some((640, 360)), None);
}

#[test]
fn media_beyond_32_bits_is_passed_by() {
    let mut probe = Probe::new(Format::Mp4);
    let size = 6_u64 << 30;
    probe.feed(&[&words(&[1]), b"mdat".as_slice(), &size.to_be_bytes()].concat());
    let chunk = vec![0; 1 << 26];
    (0..(size / chunk.len() as u64)).for_each(|_| probe.feed(&chunk));
    // The head counts, so the box ended 16 bytes earlier; a box of zeros has no legal size.
    assert_eq!(probe.finish(), Facts::default());

    let mut probe = Probe::new(Format::Mp4);
    probe.feed(&[&words(&[1]), b"mdat".as_slice(), &size.to_be_bytes()].concat());
    (1..(size / chunk.len() as u64)).for_each(|_| probe.feed(&chunk));
    probe.feed(&chunk[16..]);
    probe.feed(&movie(&movie_head(1000, 2500), 0, UPRIGHT));
    assert_eq!(probe.finish().duration_seconds, Some(2.5));
}

#[test]
fn an_index_beyond_the_bound_is_not_held() {
    let claim = Probe::MOST_HELD_BYTES as u32 + 9;
    let mut probe = Probe::new(Format::Mp4);
    probe.feed(&[&words(&[claim]), b"moov".as_slice()].concat());
    probe.feed(&movie_head(1000, 2500));
    assert_eq!(probe.held.capacity(), 0);
    assert_eq!(probe.finish(), Facts::default());

    // Within the bound memory grows with what came, not with what was claimed.
    let mut probe = Probe::new(Format::Mp4);
    probe.feed(&[&words(&[claim - 1]), b"moov".as_slice(), &[0; 100]].concat());
    assert!(probe.held.capacity() < 1000, "{}", probe.held.capacity());
}

#[test]
fn fragments_are_added_up() {
    let picture = track(&track_head(0, 2, 640, 360, UPRIGHT), b"vide", 30);
    let defaults =
        |whole: &[u8]| atom(b"mvex", &[whole, &atom(b"trex", &words(&[0, 2, 1, 5, 0, 0]))].concat());
    let index =
        |whole: &[u8]| atom(b"moov", &[movie_head(1000, 0), picture.clone(), defaults(whole)].concat());
    let fragment = |head: &[u32], run: &[u32]| {
        let parts = [atom(b"tfhd", &words(head)), atom(b"trun", &words(run))].concat();
        [atom(b"moof", &atom(b"traf", &parts)), atom(b"mdat", &[1; 99])].concat()
    };
    // Six samples of 5 ticks by the track, of 10 by the fragment, and two samples with ticks of their own.
    let by_track = fragment(&[0x0, 2], &[0x1, 6, 0]);
    let by_fragment = fragment(&[0x9, 2, 0, 0, 10], &[0x0, 6]);
    let own = fragment(&[0x0, 2], &[0x305, 2, 0, 0, 20, 999, 25, 999]);
    let stranger = fragment(&[0x0, 77], &[0x0, 6]);
    let file = [index(&[]), by_track, by_fragment, own, stranger].concat();
    check(Format::Mp4, &file, Some((640, 360)), Some((30.0 + 60.0 + 45.0) / 30.0));
    let whole = atom(b"mehd", &words(&[0, 7250]));
    check(Format::Mp4, &index(&whole), Some((640, 360)), Some(7.25));
}

#[test]
fn heads_of_pictures() {
    let png = [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &words(&[300, 200]), &[0; 50]].concat();
    check(Format::Png, &png, Some((300, 200)), None);
    check(Format::Png, &png[..20], None, None);
    check(Format::Gif, b"GIF89a\x2c\x01\xc8\x00rest", Some((300, 200)), None);
    let webp = |rest: &[u8]| [b"RIFF\x99\0\0\0WEBP".as_slice(), rest, &[0; 20]].concat();
    let extended = webp(b"VP8X\x0a\0\0\0\0\0\0\0\x2b\x01\0\xc7\0\0");
    check(Format::Webp, &extended, Some((300, 200)), None);
    // 299 in 14 bits, then 199.
    let size = (299_u32 | 199 << 14).to_le_bytes();
    let lossless = webp(&[b"VP8L\x09\0\0\0\x2f".as_slice(), &size].concat());
    check(Format::Webp, &lossless, Some((300, 200)), None);
    let lossy = webp(b"VP8 \x99\0\0\0\x01\x02\x03\x9d\x01\x2a\x2c\x41\xc8\x80");
    check(Format::Webp, &lossy, Some((300, 200)), None);
    let jpeg = |marker: u8| {
        let before = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xff\xc4\0\x05xyz\xff\x01";
        [before.as_slice(), &[0xff, marker], b"\0\x11\x08\0\xc8\x01\x2c\x03"].concat()
    };
    check(Format::Jpeg, &jpeg(0xc0), Some((300, 200)), None);
    check(Format::Jpeg, &jpeg(0xc2), Some((300, 200)), None);
    check(Format::Jpeg, &jpeg(0xda), None, None);
}

#[test]
fn wav_counts_what_came() {
    let file = |claimed: u32, bytes: usize| {
        let mut file = b"RIFF\0\0\0\0WAVELIST\x03\0\0\0abc\0fmt \x12\0\0\0\x01\0\x01\0".to_vec();
        file.extend(8000_u32.to_le_bytes());
        file.extend(16_000_u32.to_le_bytes());
        file.extend([2, 0, 16, 0, 0, 0]);
        file.extend(b"data");
        file.extend(claimed.to_le_bytes());
        file.extend(vec![1; bytes]);
        file
    };
    for (claimed, bytes, seconds) in [
        (24_000, 24_000, 1.5),
        (24_000, 24_100, 1.5),
        (0, 24_000, 1.5),
        (u32::MAX, 24_000, 1.5),
        (24_000, 8_000, 0.5),
    ] {
        check(Format::Wav, &file(claimed, bytes), None, Some(seconds));
    }
    check(Format::Wav, b"RIFF\0\0\0\0WAVEdata\x08\0\0\0abcdefgh", None, None);
}

/// Frames of 128 kbit/s at 44.1 kHz, two channels, without padding.
fn mp3_frame(content: &[u8]) -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    frame.extend(content);
    frame.resize(417, 0);
    frame
}

#[test]
fn mp3_counts_frames_or_believes_the_head() {
    let second = |frames: f64| Some(frames * 1152.0 / 44_100.0);
    let ten = mp3_frame(&[]).repeat(10);
    let tag = [b"ID3\x04\0\0\0\0\x01\x05".as_slice(), &[0; 133]].concat();
    check(Format::Mp3, &ten, None, second(10.0));
    check(Format::Mp3, &[tag, ten.clone()].concat(), None, second(10.0));
    check(Format::Mp3, &[b"junk".to_vec(), ten.clone(), b"TAGold".to_vec()].concat(), None, second(10.0));
    let xing = [&[0; 32], b"Xing".as_slice(), &words(&[3, 500, 0])].concat();
    check(Format::Mp3, &[mp3_frame(&xing), ten.clone()].concat(), None, second(500.0));
    let silent_xing = [&[0; 32], b"Info".as_slice(), &words(&[2, 500, 0])].concat();
    check(Format::Mp3, &[mp3_frame(&silent_xing), ten.clone()].concat(), None, second(11.0));
    let vbri = [&[0; 32], b"VBRI".as_slice(), &[0; 10], &words(&[700])].concat();
    check(Format::Mp3, &[mp3_frame(&vbri), ten].concat(), None, second(700.0));
    check(Format::Mp3, b"no sound at all", None, None);
}

#[test]
fn ogg_and_flac_tell_their_samples() {
    let page = |position: u64, body: &[u8]| {
        let mut page = b"OggS\0\0".to_vec();
        page.extend(position.to_le_bytes());
        page.extend([5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, body.len() as u8]);
        page.extend(body);
        page
    };
    let opus = page(0, b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0");
    let file = [opus, page(48_312, &[1; 200]), page(96_312, &[1; 9]), page(u64::MAX, &[])].concat();
    check(Format::Ogg, &file, None, Some(2.0));
    let vorbis = page(0, b"\x01vorbis\0\0\0\0\x02\x44\xac\0\0\0\0\0\0");
    check(Format::Ogg, &[vorbis, page(22_050, b"x")].concat(), None, Some(0.5));
    let rate_and_samples = (44_100_u64 << 44 | 66_150).to_be_bytes();
    let flac = [b"fLaC\0\0\0\x22".as_slice(), &[0; 10], &rate_and_samples, &[0; 30]].concat();
    check(Format::Flac, &flac, None, Some(1.5));
}

#[test]
fn webm_is_entered_where_it_matters() {
    let element = |id: &[u8], body: &[u8]| [id, &[0x80 | body.len() as u8], body].concat();
    let head = element(b"\x1a\x45\xdf\xa3", &element(b"\x42\x82", b"webm"));
    let duration = element(b"\x44\x89", &2500.0_f32.to_be_bytes());
    let tick = element(b"\x2a\xd7\xb1", &[0x1e, 0x84, 0x80]); // two million
    let info = element(b"\x15\x49\xa9\x66", &[tick, duration].concat());
    let video = element(b"\xe0", &[element(b"\xb0", &[1, 0x2c]), element(b"\xba", &[200])].concat());
    let tracks = element(b"\x16\x54\xae\x6b", &element(b"\xae", &[element(b"\xd7", &[1]), video].concat()));
    let open_segment = b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff";
    let cluster = b"\x1f\x43\xb6\x75\x10\x00\x00\x03abc";
    let file = [head, open_segment.to_vec(), info, tracks, cluster.to_vec()].concat();
    assert_eq!(sniff(&file), Some(Format::Webm));
    check(Format::Webm, &file, Some((300, 200)), Some(5.0));
}

/// One real file of each kind that this crate makes.
fn made() -> [(Format, Vec<u8>); 5] {
    let (text, width, height, seed) = ("a fox", 96, 64, 1);
    let picture_spec = PictureSpec { text, width, height, seed };
    let voice_spec = VoiceSpec { text, voice: "anna", speed: 4.0 };
    let clip_spec = ClipSpec { text, width, height, duration_seconds: 0.5, seed, sound: true };
    [
        (Format::Png, picture(&picture_spec, PictureFormat::Png)),
        (Format::Jpeg, picture(&picture_spec, PictureFormat::Jpeg)),
        (Format::Mp4, clip(&clip_spec)),
        (Format::Mp3, voice_mp3(&voice_spec)),
        (Format::Wav, voice_wav(&voice_spec)),
    ]
}

#[test]
fn what_we_make_is_recognised() {
    for (format, file) in made() {
        assert_eq!(sniff(&file[..512.min(file.len())]), Some(format));
    }
}

fn any_format() -> impl Strategy<Value = Format> {
    prop::sample::select(&Format::ALL[..])
}

/// Starts of all formats, so that arbitrary bytes reach deeper than the first check.
fn starts() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(vec![
        Vec::new(),
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec(),
        b"\xff\xd8\xff".to_vec(),
        b"RIFF\0\0\0\0WEBPVP8X".to_vec(),
        b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec(),
        b"\0\0\0\x01moov\0\0\0\0\0\0\x01\0".to_vec(),
        b"\0\0\x01\0moov\0\0\0\x20mvhd".to_vec(),
        b"\0\0\x01\0moov\0\0\0\xf8trak\0\0\0\x70tkhd".to_vec(),
        b"\x1a\x45\xdf\xa3\x81\0\x18\x53\x80\x67\xff\x15\x49\xa9\x66\xff".to_vec(),
        b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x01\x1eOpusHead".to_vec(),
        b"ID3\x04\0\0\0\0\0\x03abc\xff\xfb\x90\x00".to_vec(),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic_and_chunks_never_matter(
        format in any_format(),
        start in starts(),
        rest in prop::collection::vec(any::<u8>(), 0..3000),
        cuts in prop::collection::vec(1_usize..400, 1..50),
    ) {
        let file = [start, rest].concat();
        let whole = read(format, &file, file.len().max(1));
        let mut probe = Probe::new(format);
        let mut left = file.as_slice();
        for cut in cuts.iter().cycle() {
            if left.is_empty() {
                break;
            }
            let (chunk, after) = left.split_at((*cut).min(left.len()));
            probe.feed(chunk);
            prop_assert!(probe.held.len() <= file.len());
            left = after;
        }
        prop_assert_eq!(probe.finish(), whole);
        let _ = sniff(&file);
    }

    #[test]
    fn broken_files_never_panic(
        which in 0_usize..5,
        breaks in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        length in any::<prop::sample::Index>(),
    ) {
        thread_local!(static MADE: [(Format, Vec<u8>); 5] = made());
        let (format, mut file) = MADE.with(|made| made[which].clone());
        // Mostly within the heads, where it matters.
        for (at, byte) in breaks {
            let at = at.index(file.len().min(1200));
            file[at] = byte;
        }
        file.truncate(length.index(file.len()) + 1);
        prop_assert_eq!(read(format, &file, 13), read(format, &file, file.len()));
    }
}
