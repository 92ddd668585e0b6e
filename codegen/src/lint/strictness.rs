//! The strictness of the lint.

/// The strictness of the lint.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rules {
    /// For our own specs.
    House,
    /// For any other spec: what generation can do without is a warning.
    Stranger,
}
