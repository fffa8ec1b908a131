//! What an operator should know of this vendor.

use crate::about::About;

pub(super) static ABOUT: About = About {
    name: "Built-in simulator",
    key: "Test keys need no vendor: they are answered by this simulator without any key.",
    secret: "{}",
    limits: &[],
    quirks: &["It makes real small files that show or speak the prompt."],
    facts: &[],
};
