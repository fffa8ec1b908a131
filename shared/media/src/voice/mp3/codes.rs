//! The codes of pairs of values, from ISO/IEC 11172-3, table 3-B.7.

use crate::bits::Bits;

/// The code of a pair.
#[derive(Debug, Default, Clone, Copy)]
struct Code {
    bits: u32,
    length: u32,
}

/// A table of codes.
#[derive(Debug)]
pub(super) struct Table {
    /// What the standard calls it.
    pub(super) number: u32,
    /// The greatest value that it has codes for.
    pub(super) greatest: u32,
    /// Bits that follow for a value of at least [`ESCAPE`]; 0 in a table of small values.
    further_bits: u32,
    /// By the pair: the first value, then the second.
    codes: Vec<Code>,
}

/// From this value on the code tells no more than that; further bits tell the rest.
const ESCAPE: u32 = 15;

/// The tables in use, a few of the standard's 30, in ascending order of their greatest values.
pub(super) fn tables() -> Vec<Table> {
    let small = [(1, TABLE_1), (3, TABLE_3), (6, TABLE_6), (9, TABLE_9)];
    let small = small.map(|(number, pairs)| Table::new(number, 0, pairs));
    let further_bits = [4, 5, 6, 7, 8, 9, 11, 13];
    let large = (24..).zip(further_bits).map(|(number, bits)| Table::new(number, bits, TABLE_24));
    small.into_iter().chain(large).collect()
}

impl Table {
    fn new(number: u32, further_bits: u32, pairs: &[u16]) -> Self {
        let mut codes = vec![Code::default(); 256];
        let mut greatest = 0;
        // Codes as fractions: each takes the part of the whole that its length says.
        let mut begin: u32 = 0;
        for pair in pairs {
            let length = u32::from(pair >> 8);
            if let Some(code) = codes.get_mut(usize::from(pair & 0xff)) {
                *code = Code { bits: begin >> (16 - length), length };
            }
            begin += 1 << (16 - length);
            greatest = greatest.max(u32::from(pair & 0xf));
        }
        if further_bits > 0 {
            greatest = ESCAPE + (1 << further_bits) - 1;
        }
        Self { number, greatest, further_bits, codes }
    }

    /// Bits that a pair takes, its signs included.
    pub(super) fn length(&self, pair: [i32; 2]) -> u32 {
        let beside = pair.map(|value| match value.unsigned_abs() {
            0 => 0,
            1..ESCAPE => 1,
            ESCAPE.. => 1 + self.further_bits,
        });
        self.code(pair).length + beside.iter().sum::<u32>()
    }

    /// Writes a pair of values.
    pub(super) fn put(&self, bits: &mut Bits, pair: [i32; 2]) {
        let code = self.code(pair);
        bits.put(code.bits, code.length);
        for value in pair {
            if let Some(rest) = value.unsigned_abs().checked_sub(ESCAPE) {
                bits.put(rest, self.further_bits);
            }
            put_sign(bits, value);
        }
    }

    fn code(&self, pair: [i32; 2]) -> Code {
        let [first, second] = pair.map(|value| value.unsigned_abs().min(ESCAPE));
        self.codes.get((first << 4 | second) as usize).copied().unwrap_or_default()
    }
}

/// Writes the sign of a value; zero has none.
pub(super) fn put_sign(bits: &mut Bits, value: i32) {
    if value != 0 {
        bits.put((value < 0).into(), 1);
    }
}

/// Each code as `0xLXY`: its length L and the pair (X, Y) that it stands for, in ascending order of the codes.
/// That tells the codes too: each begins where the one before ends.
#[rustfmt::skip]
const TABLE_1: &[u16] = &[
    0x311, 0x301, 0x210, 0x100,
];
#[rustfmt::skip]
const TABLE_3: &[u16] = &[
    0x622, 0x602, 0x512, 0x521, 0x520, 0x310, 0x211, 0x201, 0x200,
];
#[rustfmt::skip]
const TABLE_6: &[u16] = &[
    0x733, 0x703, 0x623, 0x632, 0x630, 0x513, 0x531, 0x522, 0x502, 0x412, 0x421, 0x420, 0x301, 0x211, 0x310,
    0x300,
];
#[rustfmt::skip]
const TABLE_9: &[u16] = &[
    0x955, 0x945, 0x835, 0x853, 0x954, 0x905, 0x844, 0x825, 0x852, 0x815, 0x751, 0x734, 0x743, 0x850, 0x804,
    0x724, 0x742, 0x733, 0x740, 0x614, 0x641, 0x623, 0x632, 0x513, 0x531, 0x603, 0x630, 0x522, 0x502, 0x412,
    0x421, 0x420, 0x311, 0x301, 0x310, 0x300,
];
#[rustfmt::skip]
const TABLE_24: &[u16] = &[
    0x8ef, 0x8fe, 0x8df, 0x8fd, 0x8cf, 0x8fc, 0x8bf, 0x8fb, 0x7fa, 0x8af, 0x89f, 0x7f9, 0x7f8, 0x88f, 0x87f,
    0x7f7, 0x76f, 0x7f6, 0x75f, 0x7f5, 0x74f, 0x7f4, 0x73f, 0x7f3, 0x72f, 0x7f2, 0x7f1, 0x81f, 0x8f0, 0x90f,
    0xbee, 0xbde, 0xbed, 0xbce, 0xbec, 0xbdd, 0xbbe, 0xbeb, 0xbcd, 0xbdc, 0xbae, 0xbea, 0xbbd, 0xbdb, 0xbcc,
    0xb9e, 0xbe9, 0xbad, 0xbda, 0xbbc, 0xbcb, 0xb8e, 0xbe8, 0xb9d, 0xbd9, 0xb7e, 0xbe7, 0xbac, 0x4ff, 0xbca,
    0xbbb, 0xb8d, 0xbd8, 0xc0e, 0xce0, 0xb0d, 0xae6, 0xb6e, 0xb9c, 0xac9, 0xa5e, 0xaba, 0xae5, 0xbab, 0xb7d,
    0xad7, 0xae4, 0xa8c, 0xac8, 0xb4e, 0xb2e, 0xa3e, 0xa6d, 0xad6, 0xae3, 0xa9b, 0xab9, 0xaaa, 0xae2, 0xa1e,
    0xae1, 0xa5d, 0xad5, 0xa7c, 0xac7, 0xa4d, 0xa8b, 0xab8, 0xad4, 0xa9a, 0xaa9, 0xa6c, 0xac6, 0xa3d, 0xad3,
    0xa2d, 0xad2, 0xa1d, 0xa7b, 0xab7, 0xad1, 0xa5c, 0xac5, 0xa8a, 0xaa8, 0xa99, 0xa4c, 0xac4, 0xa6b, 0xab6,
    0xbd0, 0xb0c, 0xa3c, 0xac3, 0xa7a, 0xaa7, 0xa2c, 0xac2, 0xa5b, 0xab5, 0xa1c, 0xa89, 0xa98, 0xac1, 0xa4b,
    0xbc0, 0xb0b, 0xa3b, 0xbb0, 0xb0a, 0xa1a, 0x9b4, 0xa6a, 0xaa6, 0xa79, 0xa97, 0xba0, 0xb09, 0xa90, 0x9b3,
    0x988, 0xa2b, 0xa5a, 0x9b2, 0xaa5, 0xa1b, 0xab1, 0xa69, 0x996, 0x9a4, 0xa4a, 0xa78, 0x987, 0x93a, 0x9a3,
    0x959, 0x995, 0x92a, 0x9a2, 0x9a1, 0x968, 0x986, 0x977, 0x949, 0x994, 0x939, 0x993, 0x958, 0x985, 0x929,
    0x967, 0x976, 0x992, 0x919, 0x991, 0x948, 0x984, 0x957, 0x975, 0x938, 0x983, 0x966, 0x928, 0x982, 0x918,
    0x947, 0x974, 0x981, 0xa08, 0xa80, 0x956, 0x965, 0x917, 0xa07, 0xa70, 0x873, 0x937, 0x927, 0x872, 0x846,
    0x864, 0x855, 0x871, 0x836, 0x863, 0x845, 0x854, 0x826, 0x862, 0x816, 0x861, 0x906, 0x960, 0x835, 0x853,
    0x844, 0x825, 0x852, 0x815, 0x905, 0x950, 0x751, 0x834, 0x843, 0x724, 0x742, 0x733, 0x714, 0x741, 0x804,
    0x840, 0x723, 0x732, 0x613, 0x631, 0x703, 0x730, 0x622, 0x512, 0x521, 0x602, 0x620, 0x411, 0x401, 0x410,
    0x400,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_has_a_code_and_no_code_begins_another() {
        for table in tables() {
            let side = table.greatest.min(ESCAPE) as usize + 1;
            let codes: Vec<Code> = table.codes.into_iter().filter(|code| code.length > 0).collect();
            assert_eq!(codes.len(), side * side, "table {}", table.number);
            // Codes that fill the whole without a gap, each where the one before ends, overlap nowhere.
            let whole: u32 = codes.iter().map(|code| 1 << (16 - code.length)).sum();
            assert_eq!(whole, 1 << 16, "table {}", table.number);
        }
    }

    #[test]
    fn pairs_are_as_long_as_told() {
        for table in tables() {
            let greatest = table.greatest as i32;
            for pair in [[0, 0], [1, 0], [0, -1], [-greatest, 1], [greatest, greatest], [0, greatest]] {
                let mut bits = Bits::default();
                table.put(&mut bits, pair);
                bits.put(1, 1);
                let written: String = bits.into_bytes().iter().map(|byte| format!("{byte:08b}")).collect();
                let length = written.trim_end_matches('0').len() - 1;
                assert_eq!(length as u32, table.length(pair), "{pair:?} in table {}", table.number);
            }
        }
    }
}
