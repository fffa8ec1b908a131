//! Ogg with Opus, silent: a file of the right kind and length, for voices that nobody has to hear.

/// Samples in a second, as Opus counts.
const RATE: u64 = 48_000;
/// Samples of a packet: 20 milliseconds.
const PACKET: u64 = 960;
/// A packet of silence for one channel.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];
/// Samples that a player drops at the start.
const DROPPED: u16 = 312;
/// Packets of a page.
const MOST_PACKETS: u64 = 50;

/// A file of so many seconds.
pub(crate) fn silence(seconds: f64) -> Vec<u8> {
    let packets = ((seconds * RATE as f64 + f64::from(DROPPED)) / PACKET as f64).ceil().max(1.0) as u64;
    let mut head = b"OpusHead\x01\x01".to_vec();
    head.extend(DROPPED.to_le_bytes());
    head.extend(24_000_u32.to_le_bytes());
    head.extend([0; 3]); // no gain, one channel in its usual place
    let mut file = page(2, 0, 0, &[&head]);
    file.extend(page(0, 0, 1, &[b"OpusTags\x09\0\0\0simulated\0\0\0\0"]));
    let (mut done, mut number) = (0, 2);
    while done < packets {
        let some = MOST_PACKETS.min(packets - done);
        done += some;
        let flags = if done == packets { 4 } else { 0 };
        let silent: Vec<&[u8]> = (0..some).map(|_| &SILENCE[..]).collect();
        file.extend(page(flags, done * PACKET, number, &silent));
        number += 1;
    }
    file
}

/// A page with packets that are shorter than 255 bytes.
fn page(flags: u8, position: u64, number: u32, packets: &[&[u8]]) -> Vec<u8> {
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend(position.to_le_bytes());
    page.extend(7_u32.to_le_bytes());
    page.extend(number.to_le_bytes());
    let sum = page.len();
    page.extend([0; 4]);
    page.push(packets.len() as u8);
    page.extend(packets.iter().map(|packet| packet.len() as u8));
    page.extend(packets.concat());
    let found = checksum(&page).to_le_bytes();
    for (place, byte) in page.iter_mut().skip(sum).zip(found) {
        *place = byte;
    }
    page
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ (u32::from(*byte) << 24), |sum: u32, _| {
            if sum >> 31 == 0 { sum << 1 } else { (sum << 1) ^ 0x04c1_1db7 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use media::{Format, Probe};

    #[test]
    fn silence_has_its_length() {
        for seconds in [0.1, 1.0, 7.3] {
            let file = silence(seconds);
            assert_eq!(media::sniff(&file), Some(Format::Ogg));
            let mut probe = Probe::new(Format::Ogg);
            probe.feed(&file);
            let told = probe.finish().duration_seconds.unwrap();
            assert!((told - seconds).abs() < 0.03, "{seconds}: {told}");
        }
    }
}
