//! The pages themselves.

use crate::data::accounts::Account;
use crate::state::Session;

/// Where the PSU is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Step {
    Login,
    Otp,
    Accounts,
}

const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#1c2430;--paper:#fff;--soft:#f3f5f8;--line:#6b7688;--key:#0b4f9e;--wrong:#a3120a}
@media(prefers-color-scheme:dark){:root{--ink:#eef1f6;--paper:#161b23;--soft:#0e1218;--line:#98a3b5;--key:#8fc0ff;--wrong:#ff9d94}}
*{box-sizing:border-box}
body{margin:0;background:var(--soft);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
main{max-width:30rem;margin:2rem auto;padding:2rem;background:var(--paper);border:1px solid var(--line);border-radius:.5rem}
h1{margin:0 0 .25rem;font-size:1.5rem;line-height:1.25}
.note{margin:0 0 1.5rem;font-size:.9375rem}
.wrong{margin:0 0 1rem;padding:.75rem;border-left:.25rem solid var(--wrong);color:var(--wrong);font-weight:600}
label{display:block;margin:0 0 .25rem;font-weight:600}
input[type=text],input[type=password]{width:100%;margin:0 0 1rem;padding:.625rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.25rem}
fieldset{margin:0 0 1.5rem;padding:0;border:0}
legend{padding:0;margin:0 0 .5rem;font-weight:600}
.account{display:flex;gap:.75rem;align-items:start;padding:.5rem 0;border-top:1px solid var(--line);font-weight:400}
.account input{margin-top:.35rem;width:1.125rem;height:1.125rem}
button{margin:0 .5rem .5rem 0;padding:.625rem 1.25rem;font:inherit;font-weight:600;border:2px solid var(--key);border-radius:.25rem;background:var(--key);color:var(--paper);cursor:pointer}
button.other{background:transparent;color:var(--key)}
:focus-visible{outline:3px solid var(--key);outline-offset:2px}
";

/// A page with a form.
pub(super) fn page(session: &Session, step: Step, accounts: &[Account], complaint: Option<&str>) -> String {
    let bank = session.bank();
    let (title, content) = match step {
        Step::Login => (format!("Log in at {}", bank.name), login(session)),
        Step::Otp => ("Confirm that it is you".to_owned(), otp()),
        Step::Accounts => ("Share your account data?".to_owned(), choice(session, accounts)),
    };
    let complaint = complaint.map(|text| format!("<p class=\"wrong\" role=\"alert\">{}</p>", escaped(text)));
    let form = format!(
        "<h1>{title}</h1>\n<p class=\"note\">{bank} is a pretend bank for trials. Nothing here is real.</p>\n{complaint}\n\
         <form method=\"post\" autocomplete=\"off\">\n<input type=\"hidden\" name=\"token\" value=\"{token}\">\n{content}\n\
         <button class=\"other\" name=\"action\" value=\"cancel\" formnovalidate>Cancel</button>\n</form>",
        title = escaped(&title),
        bank = escaped(bank.name),
        complaint = complaint.unwrap_or_default(),
        token = escaped(&session.consent.token),
    );
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

fn login(session: &Session) -> String {
    let given = |name: &str| session.credentials.get(name).map(String::as_str).unwrap_or_default();
    format!(
        "<label for=\"username\">User id</label>\n\
         <input type=\"text\" id=\"username\" name=\"username\" value=\"{}\" autocapitalize=\"none\" required>\n\
         <label for=\"password\">Password</label>\n\
         <input type=\"password\" id=\"password\" name=\"password\" value=\"{}\" required>\n\
         <button name=\"action\" value=\"login\">Log in</button>",
        escaped(given("userId")),
        escaped(given("password")),
    )
}

fn otp() -> String {
    "<label for=\"otp\">One-time password</label>\n\
     <input type=\"text\" id=\"otp\" name=\"otp\" inputmode=\"numeric\" autocomplete=\"one-time-code\" required>\n\
     <button name=\"action\" value=\"otp\">Confirm</button>"
        .to_owned()
}

fn choice(session: &Session, accounts: &[Account]) -> String {
    let what = match (session.reads_balances, session.reads_transactions) {
        (true, true) => "balances and transactions",
        (true, false) => "balances",
        (false, true) => "transactions",
        (false, false) => "the list of accounts",
    };
    let rows = accounts.iter().enumerate().map(|(nth, account)| {
        let resource = account.resource(uuid::Uuid::nil());
        let text = |key: &str| escaped(resource.get(key).and_then(serde_json::Value::as_str).unwrap_or_default());
        format!(
            "<label class=\"account\" for=\"account-{nth}\"><input type=\"checkbox\" id=\"account-{nth}\" name=\"account\" \
             value=\"{}\" checked> <span>{}, {}</span></label>",
            escaped(&account.hash()),
            text("product"),
            text("currency"),
        )
    });
    let rows: Vec<_> = rows.collect();
    let list =
        if rows.is_empty() { "<p>You have no accounts that could be shared.</p>".to_owned() } else { rows.join("\n") };
    format!(
        "<fieldset>\n<legend>The application may read {what} until {} of</legend>\n{list}\n</fieldset>\n\
         <button name=\"action\" value=\"approve\">Approve</button>\n\
         <button class=\"other\" name=\"action\" value=\"deny\">Deny</button>",
        session.valid_until.format("%Y-%m-%d"),
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
