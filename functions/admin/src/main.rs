//! admin function.
fn main() {}
