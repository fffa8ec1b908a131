//! poller function.
fn main() {}
