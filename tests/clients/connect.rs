//! A client of each target at a URL, with credentials that only tests have.

/// The client of `spec/enablebanking.yaml`.
pub(crate) fn enablebanking(url: &str) -> enablebanking_client::Client {
    enablebanking_client::Client::with_token(url, "token").unwrap()
}

/// The client of `spec/tilisy.yaml`.
pub(crate) fn tilisy(url: &str) -> tilisy_client::Client {
    tilisy_client::Client::with_token(url, "token").unwrap()
}

/// The client of `spec/registration.yaml`.
pub(crate) fn registration(url: &str) -> enablebanking_core::registration::Client {
    enablebanking_core::registration::Client::with_token(url, "token").unwrap()
}

/// The client of `spec/control-panel.yaml`.
pub(crate) fn control_panel(url: &str) -> enablebanking_core::control_panel::Client {
    enablebanking_core::control_panel::Client::with_token(url, "token").unwrap()
}

/// The client of `spec/op.yaml`.
pub(crate) fn op(url: &str) -> op_client::Client {
    let (key, token) = (op_client::ApplicationKey::new("key").unwrap(), op_client::UserToken::new("token").unwrap());
    op_client::Client::builder(key, token).host(url).build().unwrap()
}
