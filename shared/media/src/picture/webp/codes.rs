//! Codes of Huffman, and how they are told to the reader.

use super::bits::Bits;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Longest code of a symbol, in bits.
const LONGEST: u8 = 15;

/// Lengths of codes are told in a code themselves: here one that gives each of the sixteen lengths four bits. It is told by
/// naming the bits of each, in this order; the three that are no lengths, but repetitions, are not used.
const ORDER_OF_LENGTHS: [u8; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The bits of each symbol.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Code {
    lengths: Vec<u8>,
    codes: Vec<u32>,
}

impl Code {
    /// The best code for symbols that are used so often.
    pub(super) fn of_counts(counts: &[u64]) -> Self {
        let mut counts = counts.to_vec();
        loop {
            let lengths = lengths(&counts);
            if lengths.iter().all(|length| *length <= LONGEST) {
                return Self::of_lengths(lengths);
            }
            // Rare symbols get longer codes than there are: let them look less rare.
            for count in counts.iter_mut().filter(|count| **count > 0) {
                *count = *count / 2 + 1;
            }
        }
    }

    /// Bytes as they are; further symbols have no code.
    pub(super) fn of_bytes(symbols: usize) -> Self {
        Self::of_lengths((0..symbols).map(|symbol| if symbol < 256 { 8 } else { 0 }).collect())
    }

    /// One bit for two symbols, the smaller first.
    pub(super) fn of_two(one: usize, other: usize) -> Self {
        Self::of_lengths((0..=other).map(|symbol| u8::from(symbol == one || symbol == other)).collect())
    }

    /// Codes of the same length follow each other, and after each length the next begins.
    fn of_lengths(lengths: Vec<u8>) -> Self {
        let mut next = 0;
        let mut codes = vec![0; lengths.len()];
        for length in 1..=LONGEST {
            next <<= 1;
            let of_length = codes.iter_mut().zip(&lengths).filter(|(_, each)| **each == length);
            for (code, _) in of_length {
                // The stream has the lowest bit first, the code its highest.
                *code = u32::reverse_bits(next) >> (32 - u32::from(length));
                next += 1;
            }
        }
        Self { lengths, codes }
    }

    /// Writes a symbol.
    pub(super) fn put(&self, bits: &mut Bits, symbol: usize) {
        if let (Some(code), Some(length)) = (self.codes.get(symbol), self.lengths.get(symbol)) {
            bits.put(*code, u32::from(*length));
        }
    }

    /// Tells the code to the reader.
    pub(super) fn write(&self, bits: &mut Bits) {
        // No simple code; then the bits of all nineteen lengths.
        bits.put(0, 1);
        bits.put(ORDER_OF_LENGTHS.len() as u32 - 4, 4);
        for length in ORDER_OF_LENGTHS {
            bits.put(if length <= LONGEST { 4 } else { 0 }, 3);
        }
        let of_lengths = Self::of_lengths(vec![4; 16]);
        // Every symbol's length is told.
        bits.put(0, 1);
        for length in &self.lengths {
            of_lengths.put(bits, usize::from(*length));
        }
    }

    /// Tells a code of one symbol, which takes no bits.
    pub(super) fn write_one(bits: &mut Bits, symbol: u8) {
        // Simple, one symbol, of eight bits.
        bits.put(0b101, 3);
        bits.put(symbol.into(), 8);
    }

    /// Tells a code of two symbols.
    pub(super) fn write_two(bits: &mut Bits, one: u8, other: u8) {
        // Simple, two symbols, of eight bits.
        bits.put(0b111, 3);
        bits.put(one.into(), 8);
        bits.put(other.into(), 8);
    }
}

/// The length of each symbol's code by Huffman's rule: the two rarest are joined, again and again.
fn lengths(counts: &[u64]) -> Vec<u8> {
    let used = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    let mut heap: BinaryHeap<Reverse<(u64, Vec<usize>)>> =
        used.map(|(symbol, count)| Reverse((*count, vec![symbol]))).collect();
    let mut lengths = vec![0_u8; counts.len()];
    while let Some(Reverse((one_count, mut one))) = heap.pop() {
        let Some(Reverse((other_count, other))) = heap.pop() else { break };
        one.extend(other);
        for symbol in &one {
            if let Some(length) = lengths.get_mut(*symbol) {
                *length = length.saturating_add(1);
            }
        }
        heap.push(Reverse((one_count + other_count, one)));
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// How much of all codes there are is taken; 1 is all.
    fn taken(code: &Code) -> f64 {
        code.lengths.iter().filter(|length| **length > 0).map(|length| 0.5_f64.powi((*length).into())).sum()
    }

    #[test]
    fn frequent_symbols_have_short_codes() {
        let code = Code::of_counts(&[5, 0, 1, 1, 2]);
        assert_eq!(code.lengths, [1, 0, 3, 3, 2]);
        assert_eq!(code.codes, [0b0, 0, 0b011, 0b111, 0b01]);
        assert_eq!(Code::of_two(3, 9).codes.get(9), Some(&1));
    }

    #[test]
    fn no_code_is_too_long() {
        let fibonacci = std::iter::successors(Some((1, 1)), |(one, two)| Some((*two, one + two)));
        let counts: Vec<u64> = fibonacci.take(40).map(|(count, _)| count).collect();
        assert!(lengths(&counts).iter().any(|length| *length > LONGEST), "the case is hard enough");
        let code = Code::of_counts(&counts);
        assert!(code.lengths.iter().all(|length| (1..=LONGEST).contains(length)), "{code:?}");
        assert_eq!(taken(&code), 1.0);
    }

    proptest! {
        #[test]
        fn no_bits_are_wasted(counts in proptest::collection::vec(0_u64..1000, 280)) {
            prop_assume!(counts.iter().filter(|count| **count > 0).count() > 1);
            prop_assert_eq!(taken(&Code::of_counts(&counts)), 1.0);
        }
    }
}
