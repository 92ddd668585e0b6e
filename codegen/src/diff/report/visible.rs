//! The rule for text from strangers, where the reports look for it.

pub(super) use crate::visible::visible;
