//! Writing bit by bit.

/// Bits, the highest of each byte first.
#[derive(Debug, Default)]
pub(crate) struct Bits {
    bytes: Vec<u8>,
    /// Bits that do not fill a byte yet, and how many they are.
    waiting: u32,
    waiting_count: u32,
}

impl Bits {
    /// The lowest `count` bits of a value, 32 at most.
    pub(crate) fn put(&mut self, value: u32, count: u32) {
        for shift in (0..count).rev() {
            self.waiting = self.waiting << 1 | (value >> shift & 1);
            self.waiting_count += 1;
            if self.waiting_count == 8 {
                self.bytes.push(self.waiting as u8);
                (self.waiting, self.waiting_count) = (0, 0);
            }
        }
    }

    /// Zeros up to the next byte.
    pub(crate) fn align(&mut self) {
        if self.waiting_count > 0 {
            self.put(0, 8 - self.waiting_count);
        }
    }

    /// Whole bytes; only after [`Bits::align`].
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// All bytes, with zeros up to the end of the last.
    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        self.align();
        self.bytes
    }
}
