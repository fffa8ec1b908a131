//! The codes of H.264.

pub(super) use crate::bits::Bits;

impl Bits {
    /// An unsigned number in the code of Golomb: as many zeros as it has further bits, then itself plus one.
    pub(super) fn number(&mut self, value: u32) {
        let value = value.saturating_add(1);
        let further = value.ilog2();
        self.put(0, further);
        self.put(value, further + 1);
    }

    /// Ends with a one and zeros.
    pub(super) fn end(mut self) -> Vec<u8> {
        self.put(1, 1);
        self.into_bytes()
    }
}

/// A unit of the stream: its head, then the content, in which three bytes that would look like a start of another
/// unit are told apart by a 3 between them.
pub(super) fn unit(head: u8, content: &[u8]) -> Vec<u8> {
    let mut unit = Vec::with_capacity(content.len() + 16);
    unit.push(head);
    let mut zeros = 0;
    for byte in content {
        if zeros == 2 && *byte <= 3 {
            unit.push(3);
            zeros = 0;
        }
        unit.push(*byte);
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
    }
    unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_codes() {
        for (value, code) in [(0, "1"), (1, "010"), (2, "011"), (3, "00100"), (25, "000011010")] {
            let mut bits = Bits::default();
            bits.number(value);
            let bytes = bits.end();
            let all: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
            assert_eq!(all.trim_end_matches('0').strip_suffix('1'), Some(code), "{value}");
        }
    }

    #[test]
    fn no_unit_holds_a_start_code() {
        assert_eq!(unit(0x65, &[0, 0, 1]), [0x65, 0, 0, 3, 1]);
        assert_eq!(unit(0x65, &[0, 0, 0, 0, 4]), [0x65, 0, 0, 3, 0, 0, 4]);
        assert_eq!(unit(0x65, &[0, 0, 4, 0, 0, 3]), [0x65, 0, 0, 4, 0, 0, 3, 3]);
    }
}
