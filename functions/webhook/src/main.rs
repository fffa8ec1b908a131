//! webhook function.
fn main() {}
