//! Ogg with one stream of Opus: pages with numbers, positions and checksums.

use bytes::{Bytes, BytesMut};

/// Bytes of a page's head before the lengths of its segments.
const HEAD: usize = 27;
/// The flag of a stream's first page.
const FIRST: u8 = 2;
/// The flag of a stream's last page.
const LAST: u8 = 4;
/// The position of a page on which no packet ends.
const NOWHERE: u64 = u64::MAX;

/// A page, with the place of its position, number and so on as the format has them.
struct Page<'a> {
    bytes: &'a [u8],
    flags: u8,
    position: u64,
    serial: [u8; 4],
}

/// The first part as it is, then the sound of the others as if it were of the same stream.
pub(super) fn join(parts: &[Bytes]) -> Option<Vec<Bytes>> {
    let (mut whole, mut number, mut before) = (Vec::new(), 0_u32, 0_u64);
    let mut serial = None;
    let last_part = parts.len().checked_sub(1)?;
    for (index, part) in parts.iter().enumerate() {
        let pages = pages(part)?;
        let opus = pages.first().is_some_and(|page| {
            page.flags & FIRST != 0 && page.bytes.windows(8).any(|bytes| bytes == b"OpusHead")
        });
        if !opus {
            return None;
        }
        // What describes the sound stands at the beginning, where no sound has been yet.
        let describes = pages.iter().take_while(|page| page.position == 0).count();
        let sound = pages.get(if index == 0 { 0 } else { describes }..)?;
        let mut end = before;
        let mut written = BytesMut::with_capacity(part.len());
        for (place, page) in sound.iter().enumerate() {
            let is_last = index == last_part && place + 1 == sound.len();
            let position =
                if page.position == NOWHERE { NOWHERE } else { before.checked_add(page.position)? };
            if position != NOWHERE {
                end = end.max(position);
            }
            let flags = (page.flags & !LAST) | if is_last { LAST } else { 0 };
            let serial = *serial.get_or_insert(page.serial);
            written.extend_from_slice(&rewritten(page.bytes, flags, position, serial, number)?);
            number = number.checked_add(1)?;
        }
        before = end;
        whole.push(written.freeze());
    }
    Some(whole)
}

fn pages(mut file: &[u8]) -> Option<Vec<Page<'_>>> {
    let mut pages = Vec::new();
    while !file.is_empty() {
        if file.get(..4)? != b"OggS" {
            return None;
        }
        let segments = usize::from(*file.get(HEAD - 1)?);
        let lengths = file.get(HEAD..HEAD + segments)?;
        let length = HEAD + segments + lengths.iter().map(|length| usize::from(*length)).sum::<usize>();
        let (bytes, rest) = file.split_at_checked(length)?;
        pages.push(Page {
            bytes,
            flags: *bytes.get(5)?,
            position: u64::from_le_bytes(bytes.get(6..14)?.try_into().ok()?),
            serial: bytes.get(14..18)?.try_into().ok()?,
        });
        file = rest;
    }
    Some(pages)
}

fn rewritten(page: &[u8], flags: u8, position: u64, serial: [u8; 4], number: u32) -> Option<Vec<u8>> {
    let mut page = page.to_vec();
    *page.get_mut(5)? = flags;
    page.get_mut(6..14)?.copy_from_slice(&position.to_le_bytes());
    page.get_mut(14..18)?.copy_from_slice(&serial);
    page.get_mut(18..22)?.copy_from_slice(&number.to_le_bytes());
    page.get_mut(22..26)?.fill(0);
    let sum = checksum(&page);
    page.get_mut(22..26)?.copy_from_slice(&sum.to_le_bytes());
    Some(page)
}

/// The checksum of Ogg: 32 bits, the highest first, without any turning round.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ (u32::from(*byte) << 24), |sum: u32, _| {
            if sum & 0x8000_0000 == 0 { sum << 1 } else { (sum << 1) ^ 0x04c1_1db7 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(flags: u8, position: u64, serial: u8, number: u32, body: &[u8]) -> Vec<u8> {
        let mut page = b"OggS\0".to_vec();
        page.push(flags);
        page.extend([0; 20]);
        page.extend([1, body.len() as u8]);
        page.extend(body);
        rewritten(&page, flags, position, [serial, 0, 0, 0], number).unwrap()
    }

    fn stream(serial: u8, sound: &[(u64, &[u8])]) -> Bytes {
        let mut file = page(FIRST, 0, serial, 0, b"OpusHead\x01\x01");
        file.extend(page(0, 0, serial, 1, b"OpusTags"));
        for (index, (position, body)) in sound.iter().enumerate() {
            let flags = if index + 1 == sound.len() { LAST } else { 0 };
            file.extend(page(flags, *position, serial, index as u32 + 2, body));
        }
        file.into()
    }

    #[test]
    fn the_sound_of_all_parts_is_one_stream() {
        let parts = [stream(1, &[(960, b"a"), (1920, b"b")]), stream(9, &[(NOWHERE, b"c"), (960, b"d")])];
        let whole = join(&parts).unwrap().concat();
        assert_eq!(whole, stream(1, &[(960, b"a"), (1920, b"b"), (NOWHERE, b"c"), (2880, b"d")]));
    }

    #[test]
    fn checksums_are_those_of_the_format() {
        // An empty last page, as common encoders write it.
        assert_eq!(checksum(b"123456789"), 0x89a1_897f);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(cut in 0_usize..80, place in 0_usize..80, byte: u8) {
            let mut file = stream(1, &[(960, b"a")]).to_vec();
            if let Some(found) = file.get_mut(place) {
                *found = byte;
            }
            file.truncate(file.len() - cut.min(file.len()));
            join(&[file.clone().into(), file.into()]);
        }
    }
}
