//! The strictness of the lint.

/// The strictness of the lint.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rules {
    /// For our own specs.
    House,
    /// For any other spec: what generation can do without is a warning, and operations that cannot be generated are left
    /// out.
    Stranger,
    /// The same, but a spec is refused if any part of it cannot be generated.
    Strict,
}
