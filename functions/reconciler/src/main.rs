//! reconciler function.
fn main() {}
