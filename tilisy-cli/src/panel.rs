//! Hints about the control panel of the service.

/// The page of the control panel that lists the applications.
pub(crate) const ADDRESS: &str = "https://enablebanking.com/cp/applications";

/// Explains how an application becomes active.
pub(crate) fn activation() -> String {
    format!(
        "a production application is activated by a contract, or by linking your own accounts in the control panel: \
         {ADDRESS}"
    )
}

/// Explains why an application without a contract has no accounts.
pub(crate) fn linking() -> String {
    format!(
        "an application for your own accounts reads only those that are linked to it in the control panel: link them at \
         {ADDRESS}, then connect again"
    )
}
