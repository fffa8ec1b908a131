//! Media files as values: bytes in, facts out; words in, small real files out. No I/O, no clock.
//!
//! - Reading: [`sniff`] tells the [`Format`] of a file by its first bytes, [`Probe`] reads size and duration
//!   while the file streams by. Both treat their input as hostile.
//! - Making: [`picture`], [`clip`] and [`voice`] make files that show or speak a text. The simulators answer
//!   with them, so that everybody can try the whole way without a vendor.

mod bits;
mod bytes;
mod clip;
mod format;
mod picture;
mod probe;
mod random;
mod text;
mod voice;

pub use clip::{ClipSpec, clip};
pub use format::{Format, Kind, sniff};
pub use picture::{PictureFormat, PictureSpec, picture};
pub use probe::{Facts, Probe};
pub use voice::{Sound, VoiceSpec, voice, voice_mp3, voice_wav};
