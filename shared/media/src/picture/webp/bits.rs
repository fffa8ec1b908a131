//! Bits as WebP wants them.

/// Bits, the lowest of each byte first.
#[derive(Debug, Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    waiting: u64,
    waiting_count: u32,
}

impl Bits {
    /// The lowest `count` bits of a value, 32 at most, the lowest first.
    pub(super) fn put(&mut self, value: u32, count: u32) {
        let value = u64::from(value) & ((1 << count) - 1);
        self.waiting |= value << self.waiting_count;
        self.waiting_count += count;
        while self.waiting_count >= 8 {
            self.bytes.push(self.waiting as u8);
            self.waiting >>= 8;
            self.waiting_count -= 8;
        }
    }

    /// All bytes, with zeros up to the end of the last.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        if self.waiting_count > 0 {
            self.bytes.push(self.waiting as u8);
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_bit_comes_first() {
        let mut bits = Bits::default();
        bits.put(1, 1);
        bits.put(0b10, 2);
        bits.put(0xffff_ffff, 5);
        bits.put(0x1234_5678, 32);
        assert_eq!(bits.into_bytes(), [0b1111_1101, 0x78, 0x56, 0x34, 0x12]);
    }
}
