//! graphql function.
fn main() {}
