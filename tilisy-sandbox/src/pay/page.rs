//! The pages of a payment.

use serde_json::Value;

use crate::data::accounts::Account;
use crate::page::{Complaint, Form, escaped, login, otp, who};
use crate::payments::payment::Payment;
use crate::visit::Step;

/// The number of transfers that the page lists.
const LISTED: usize = 20;

/// A page for the PSU.
pub(super) struct View<'a> {
    pub(super) payment: &'a Payment,
    /// The name of the application that asks.
    pub(super) application: &'a str,
    /// The name that was typed before.
    pub(super) typed: &'a str,
    pub(super) complaint: Option<Complaint>,
}

/// Returns the page of the step at which the PSU is.
pub(super) fn page(view: &View<'_>) -> String {
    let (payment, complaint) = (view.payment, view.complaint);
    let bank = &payment.bank.profile.name;
    let (title, content, below) = match payment.visit.step() {
        Step::Login => {
            let below = who(&payment.bank, payment.text("psu_type"));
            (format!("Log in at {bank}"), login(view.typed, "", complaint), below)
        }
        Step::Otp => ("Confirm that it is you".to_owned(), otp(complaint), String::new()),
        Step::Decision => {
            let payers = payment.visit.user().map(|user| payment.payers(user)).unwrap_or_default();
            ("Approve this payment?".to_owned(), details(view, &payers), String::new())
        }
    };
    let token = payment.visit.token();
    Form { title: &title, bank, token, complaint, content: &content, below: &below }.page()
}

fn details(view: &View<'_>, payers: &[std::sync::Arc<Account>]) -> String {
    let transfers = view.payment.transfers();
    let mut listed: Vec<_> = transfers.iter().take(LISTED).map(transfer).collect();
    if transfers.len() > LISTED {
        listed.push(format!("<p>And {} more transfers.</p>", transfers.len() - LISTED));
    }
    let approve = match payers.is_empty() {
        true => "<p>None of your accounts can make this payment.</p>\n".to_owned(),
        false => format!("{}\n<button name=\"action\" value=\"approve\">Approve</button>\n", accounts(view, payers)),
    };
    format!(
        "<p><strong>{}</strong> asks to make a payment for you.</p>\n{}\n{approve}\
         <button class=\"other\" name=\"action\" value=\"deny\">Deny</button>",
        escaped(view.application),
        listed.join("\n"),
    )
}

fn transfer(transfer: &Value) -> String {
    let text = |pointer: &str| transfer.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let lines = transfer.get("remittance_information").and_then(Value::as_array).into_iter().flatten();
    let lines: Vec<_> = lines.filter_map(Value::as_str).collect();
    let amount = format!("{} {}", text("/instructed_amount/amount"), text("/instructed_amount/currency"));
    let lines = lines.join(" ");
    let rows = [
        ("Amount", amount.as_str()),
        ("To", text("/beneficiary/creditor/name")),
        ("Account", text("/beneficiary/creditor_account/identification")),
        ("Reference", text("/reference_number")),
        ("Message", &lines),
        ("Day", text("/requested_execution_date")),
    ];
    let rows = rows.iter().filter(|(_, text)| !text.is_empty());
    let rows: String = rows.map(|(name, text)| format!("<dt>{name}</dt><dd>{}</dd>\n", escaped(text))).collect();
    format!("<dl>\n{rows}</dl>")
}

fn accounts(view: &View<'_>, payers: &[std::sync::Arc<Account>]) -> String {
    // A PSU who has chosen none should not find one chosen.
    let is_wrong = matches!(view.complaint, Some(Complaint::Fields(_)));
    let about = if is_wrong { " aria-describedby=\"wrong\"" } else { "" };
    let rows = payers.iter().enumerate().map(|(nth, account)| {
        let checked = if nth == 0 && !is_wrong { " checked" } else { "" };
        let ids = account.identifications();
        let number = ids.first().and_then(|id| id["identification"].as_str()).unwrap_or_default();
        format!(
            "<label class=\"account\" for=\"account-{nth}\"><input type=\"radio\" id=\"account-{nth}\" \
             name=\"account\" value=\"{}\"{checked}> <span>{}, {}<small>{}</small></span></label>",
            escaped(account.hash()),
            escaped(&account.product),
            escaped(&account.currency),
            escaped(number),
        )
    });
    format!("<fieldset{about}>\n<legend>Pay from</legend>\n{}\n</fieldset>", rows.collect::<Vec<_>>().join("\n"))
}
