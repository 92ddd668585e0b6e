//! The pages themselves.

use std::sync::Arc;

use serde_json::Value;

use crate::data::accounts::Account;
use crate::page::{Complaint, Form, escaped, login, otp, who};
use crate::state::Session;
use crate::visit::Step;

/// A page for the PSU.
pub(super) struct View<'a> {
    pub(super) session: &'a Session,
    /// The name of the application that asks.
    pub(super) application: &'a str,
    pub(super) accounts: &'a [Arc<Account>],
    /// The name that was typed before.
    pub(super) typed: &'a str,
    pub(super) complaint: Option<Complaint>,
}

/// Returns the page of the step at which the PSU is.
pub(super) fn page(view: &View<'_>) -> String {
    let View { session, complaint, .. } = view;
    let bank = &session.bank;
    let step = session.visit.step();
    let (title, content) = match step {
        Step::Login => {
            // Credentials that were tried are wrong: from then on, the PSU types them.
            let given = session.visit.is_untried().then_some(&session.credentials);
            let given = |name: &str| given.and_then(|given| given.get(name)).map(String::as_str).unwrap_or_default();
            let name = if view.typed.is_empty() { given("userId") } else { view.typed };
            (format!("Log in at {}", bank.profile.name), login(name, given("password"), *complaint))
        }
        Step::Otp => ("Confirm that it is you".to_owned(), otp(*complaint)),
        Step::Decision => ("Share your account data?".to_owned(), choice(view)),
    };
    let below = if step == Step::Login { who(bank, session.psu_type) } else { String::new() };
    let (bank, token) = (&bank.profile.name, session.visit.token());
    Form { title: &title, bank, token, complaint: *complaint, content: &content, below: &below }.page()
}

fn choice(view: &View<'_>) -> String {
    let what = match (view.session.reads_balances, view.session.reads_transactions) {
        (true, true) => "balances and transactions",
        (true, false) => "balances",
        (false, true) => "transactions",
        (false, false) => "the list of accounts",
    };
    // Whoever has chosen none is not to find all of them chosen.
    let is_wrong = matches!(view.complaint, Some(Complaint::Fields(_)));
    let (checked, about) = if is_wrong { ("", " aria-describedby=\"wrong\"") } else { (" checked", "") };
    let rows = view.accounts.iter().enumerate().map(|(nth, account)| row(nth, account, checked));
    let rows: Vec<_> = rows.collect();
    let list = match rows.is_empty() {
        true => "<p>You have no accounts that could be shared.</p>".to_owned(),
        false => format!("<fieldset{about}>\n<legend>Accounts</legend>\n{}\n</fieldset>", rows.join("\n")),
    };
    format!(
        "<p><strong>{}</strong> asks to read {what} of the accounts that you choose, until \
         <time datetime=\"{}\">{}</time>.</p>\n{list}\n\
         <button name=\"action\" value=\"approve\">Approve</button>\n\
         <button class=\"other\" name=\"action\" value=\"deny\">Deny</button>",
        escaped(view.application),
        view.session.valid_until.format("%Y-%m-%d"),
        view.session.valid_until.format("%-d %B %Y"),
    )
}

fn row(nth: usize, account: &Account, checked: &str) -> String {
    let identification = account.identification();
    let text = |pointer: &str| identification.pointer(pointer).and_then(Value::as_str);
    let number = text("/iban").or(text("/other/identification"));
    format!(
        "<label class=\"account\" for=\"account-{nth}\"><input type=\"checkbox\" id=\"account-{nth}\" name=\"account\" \
         value=\"{}\"{checked}> <span>{}, {}<small>{}</small></span></label>",
        escaped(account.hash()),
        escaped(&account.product),
        escaped(&account.currency),
        escaped(number.unwrap_or_default()),
    )
}
