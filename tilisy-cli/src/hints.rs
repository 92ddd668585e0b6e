//! Hints about the control panel of the service.

/// The page of the control panel that lists the applications.
pub(crate) const ADDRESS: &str = "https://enablebanking.com/cp/applications";

/// Hint for a wrong URL of the control panel.
pub(crate) const PANEL_URL: &str =
    "`--control-panel` takes the URL of the API with its path, such as https://enablebanking.com/api";

/// Explains the way around a sign-in that fails.
pub(crate) fn pasted_token() -> String {
    "this sign-in is not documented, and may have changed: sign in at https://enablebanking.com/cp in a browser, and either \
     register the application there and record it with `tilisy register --id UUID`, or pass a token of the control panel to \
     `tilisy login --token`"
        .to_owned()
}

/// Explains how an application becomes active.
pub(crate) fn activation() -> String {
    format!(
        "a production application is activated by a contract, or by linking your own accounts in the control panel: sign \
         in at {ADDRESS}, choose the application, and link the accounts at your bank"
    )
}

/// Explains why an application without a contract has no accounts.
pub(crate) fn linking() -> String {
    format!(
        "an application for your own accounts reads only those that are linked to it in the control panel: link them at \
         {ADDRESS}, then connect again"
    )
}
