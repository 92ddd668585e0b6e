//! The pages themselves.

use std::sync::Arc;

use serde_json::Value;

use crate::data::accounts::Account;
use crate::state::Session;

/// What the PSU sees.
pub(super) struct View<'a> {
    pub(super) session: &'a Session,
    /// The name of the application that asks.
    pub(super) application: &'a str,
    pub(super) step: Step,
    pub(super) accounts: &'a [Arc<Account>],
    /// The name that was typed before.
    pub(super) typed: &'a str,
    pub(super) complaint: Option<Complaint>,
}

/// Where the PSU is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Step {
    Login,
    Otp,
    Accounts,
}

/// What was wrong about the form that was sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Complaint {
    /// What its fields say.
    Fields(&'static str),
    /// How it was sent.
    Form(&'static str),
}

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fff;--soft:#f3f5f8;--line:#6b7688;--key:#0b4f9e;--wrong:#a3120a}
@media(prefers-color-scheme:dark){:root{--ink:#eef1f6;--paper:#161b23;--soft:#0e1218;--line:#98a3b5;--key:#8fc0ff;--wrong:#ff9d94}}
*{box-sizing:border-box}
body{margin:0;background:var(--soft);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif;overflow-wrap:break-word}
main{width:min(30rem,100% - 2rem);margin:2rem auto;padding:clamp(1.25rem,6vw,2rem);background:var(--paper);border:1px solid var(--line);border-radius:.5rem}
h1{margin:0 0 .5rem;font-size:1.5rem;line-height:1.25}
p{margin:0 0 1.5rem}
p:last-child{margin-bottom:0}
small,.note{font-size:.9375rem}
.wrong{padding:.75rem;border-left:.25rem solid var(--wrong);color:var(--wrong);font-weight:600}
label{display:block;margin:0 0 .25rem;font-weight:600}
input{accent-color:var(--key)}
input[type=text],input[type=password]{width:100%;margin:0 0 1rem;padding:.625rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.25rem}
input[aria-invalid]{border:2px solid var(--wrong)}
fieldset{min-width:0;margin:0 0 1.5rem;padding:0;border:0}
legend{padding:0;margin:0 0 .5rem;font-weight:600}
.account{display:flex;gap:.75rem;align-items:start;margin:0;padding:.625rem 0;border-top:1px solid var(--line);font-weight:400;cursor:pointer}
.account input{flex:none;margin:.15rem 0 0;width:1.25rem;height:1.25rem}
.account span{min-width:0}
.account small{display:block}
button{margin:0 .5rem .5rem 0;padding:.625rem 1rem;font:inherit;font-weight:600;border:2px solid var(--key);border-radius:.25rem;background:var(--key);color:var(--paper);cursor:pointer}
button.other{background:transparent;color:var(--key)}
details{margin-top:.75rem}
summary{padding:.5rem 0;cursor:pointer}
table{border-collapse:collapse;font-size:.9375rem}
th,td{padding:.25rem 1rem .25rem 0;text-align:left}
:focus-visible{outline:3px solid var(--key);outline-offset:2px}
";

/// A page with a form.
pub(super) fn page(view: &View<'_>) -> String {
    let bank = &view.session.bank.profile;
    let (title, content) = match view.step {
        Step::Login => (format!("Log in at {}", bank.name), login(view)),
        Step::Otp => ("Confirm that it is you".to_owned(), otp(view)),
        Step::Accounts => ("Share your account data?".to_owned(), choice(view)),
    };
    let complaint = view.complaint.map(|complaint| {
        let (Complaint::Fields(text) | Complaint::Form(text)) = complaint;
        format!("<p class=\"wrong\" id=\"wrong\" role=\"alert\">{}</p>\n", escaped(text))
    });
    let form = format!(
        "<h1>{heading}</h1>\n<p class=\"note\">{bank} is a pretend bank for trials. Nothing here is real.</p>\n{wrong}\
         <form method=\"post\">\n<input type=\"hidden\" name=\"token\" value=\"{token}\">\n{content}\n\
         <button class=\"other\" name=\"action\" value=\"cancel\" formnovalidate>Cancel</button>\n</form>{below}",
        heading = escaped(&title),
        bank = escaped(&bank.name),
        wrong = complaint.as_deref().unwrap_or_default(),
        token = escaped(&view.session.consent.token),
        below = if view.step == Step::Login { who(view.session) } else { String::new() },
    );
    let title = if complaint.is_some() { format!("Error: {title}") } else { title };
    document(&title, &form)
}

/// A page that only says something.
pub(super) fn message(title: &str, text: &str) -> String {
    document(title, &format!("<h1>{}</h1>\n<p>{}</p>", escaped(title), escaped(text)))
}

fn document(title: &str, content: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n{content}\n</main>\n</body>\n</html>\n",
        escaped(title)
    )
}

/// What ties a field to the complaint about it.
fn about(view: &View<'_>) -> &'static str {
    match view.complaint {
        Some(Complaint::Fields(_)) => " aria-invalid=\"true\" aria-describedby=\"wrong\"",
        _ => "",
    }
}

fn login(view: &View<'_>) -> String {
    let given = |name: &str| view.session.credentials.get(name).map(String::as_str).unwrap_or_default();
    let name = if view.typed.is_empty() { given("userId") } else { view.typed };
    format!(
        "<label for=\"username\">User id</label>\n\
         <input type=\"text\" id=\"username\" name=\"username\" value=\"{}\" autocomplete=\"username\" \
         autocapitalize=\"none\" spellcheck=\"false\" required autofocus{about}>\n\
         <label for=\"password\">Password</label>\n\
         <input type=\"password\" id=\"password\" name=\"password\" value=\"{}\" autocomplete=\"current-password\" \
         required{about}>\n<button name=\"action\" value=\"login\">Log in</button>",
        escaped(name),
        escaped(given("password")),
        about = about(view),
    )
}

/// Whom the bank knows: at a pretend bank, that is no secret.
fn who(session: &Session) -> String {
    let users = session.bank.users().into_iter().filter(|user| user.psu_type == session.psu_type);
    let rows = users.map(|user| {
        let cells = [&user.name, &user.password, &user.otp].map(|text| format!("<td>{}</td>", escaped(text)));
        format!("<tr>{}</tr>", cells.concat())
    });
    format!(
        "\n<details>\n<summary>Who can log in here?</summary>\n<table>\n<tr><th scope=\"col\">User id</th>\
         <th scope=\"col\">Password</th><th scope=\"col\">One-time password</th></tr>\n{}\n</table>\n</details>",
        rows.collect::<Vec<_>>().join("\n")
    )
}

fn otp(view: &View<'_>) -> String {
    format!(
        "<label for=\"otp\">One-time password</label>\n\
         <input type=\"text\" id=\"otp\" name=\"otp\" inputmode=\"numeric\" autocomplete=\"one-time-code\" required \
         autofocus{}>\n<button name=\"action\" value=\"otp\">Confirm</button>",
        about(view)
    )
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

/// Text that is nothing but text, between tags and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => result.push_str("&amp;"),
            '<' => result.push_str("&lt;"),
            '>' => result.push_str("&gt;"),
            '"' => result.push_str("&quot;"),
            '\'' => result.push_str("&#39;"),
            other => result.push(other),
        }
    }
    result
}
