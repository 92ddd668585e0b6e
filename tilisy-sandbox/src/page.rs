//! The pages of a bank: their layout, the steps of the login, and the headers of their responses.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use form_urlencoded::Serializer;

use crate::data::banks::Bank;

/// An error in a form that was sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Complaint {
    /// In its fields.
    Fields(&'static str),
    /// In the way in which it was sent.
    Form(&'static str),
}

/// A page with a form.
pub(crate) struct Form<'a> {
    pub(crate) title: &'a str,
    /// The name of the bank.
    pub(crate) bank: &'a str,
    /// The token that shows that the form comes from this page.
    pub(crate) token: &'a str,
    pub(crate) complaint: Option<Complaint>,
    /// The fields and buttons, as HTML. A button to cancel follows.
    pub(crate) content: &'a str,
    /// HTML below the form.
    pub(crate) below: &'a str,
}

impl Form<'_> {
    /// Returns the page.
    pub(crate) fn page(&self) -> String {
        let complaint = self.complaint.map(|complaint| {
            let (Complaint::Fields(text) | Complaint::Form(text)) = complaint;
            format!("<p class=\"wrong\" id=\"wrong\" role=\"alert\">{}</p>\n", escaped(text))
        });
        let form = format!(
            "<h1>{heading}</h1>\n<p class=\"note\">{bank} is a pretend bank for trials. Nothing here is real.</p>\n\
             {wrong}<form method=\"post\">\n<input type=\"hidden\" name=\"token\" value=\"{token}\">\n{content}\n\
             <button class=\"other\" name=\"action\" value=\"cancel\" formnovalidate>Cancel</button>\n</form>{below}",
            heading = escaped(self.title),
            bank = escaped(self.bank),
            wrong = complaint.as_deref().unwrap_or_default(),
            token = escaped(self.token),
            content = self.content,
            below = self.below,
        );
        let title = if complaint.is_some() { format!("Error: {}", self.title) } else { self.title.to_owned() };
        document(&title, &form)
    }
}

/// Returns the response with a page, which has a complaint if the form before it was wrong.
pub(crate) fn shown(page: String, complaint: Option<Complaint>) -> Response {
    let status = if complaint.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    guarded(status, Html(page))
}

/// Has the browser ask for the page that a form leads to, so that it can load that page again without the form.
pub(crate) fn onward(path: &str) -> Response {
    guarded(StatusCode::SEE_OTHER, [(header::LOCATION, path)])
}

/// Returns a page without a form.
pub(crate) fn message(title: &str, text: &str) -> String {
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

/// Returns the attributes that tie a field to the complaint about it.
fn about(complaint: Option<Complaint>) -> &'static str {
    match complaint {
        Some(Complaint::Fields(_)) => " aria-invalid=\"true\" aria-describedby=\"wrong\"",
        _ => "",
    }
}

/// Returns the fields for name and password, filled in.
pub(crate) fn login(name: &str, password: &str, complaint: Option<Complaint>) -> String {
    format!(
        "<label for=\"username\">User id</label>\n\
         <input type=\"text\" id=\"username\" name=\"username\" value=\"{}\" autocomplete=\"username\" \
         autocapitalize=\"none\" spellcheck=\"false\" required autofocus{about}>\n\
         <label for=\"password\">Password</label>\n\
         <input type=\"password\" id=\"password\" name=\"password\" value=\"{}\" autocomplete=\"current-password\" \
         required{about}>\n<button name=\"action\" value=\"login\">Log in</button>",
        escaped(name),
        escaped(password),
        about = about(complaint),
    )
}

/// Returns the field for the one-time password.
pub(crate) fn otp(complaint: Option<Complaint>) -> String {
    format!(
        "<label for=\"otp\">One-time password</label>\n\
         <input type=\"text\" id=\"otp\" name=\"otp\" inputmode=\"numeric\" autocomplete=\"one-time-code\" required \
         autofocus{}>\n<button name=\"action\" value=\"otp\">Confirm</button>",
        about(complaint)
    )
}

/// Returns the users who can log in: at a pretend bank, they are no secret.
pub(crate) fn who(bank: &Bank, psu_type: &str) -> String {
    let users = bank.users();
    let users = users.iter().filter(|user| user.psu_type == psu_type);
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

/// Returns text in the form for places between tags and in quoted attributes.
pub(crate) fn escaped(text: &str) -> String {
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

/// Returns a response that browsers do not store or frame, that runs no script, and that other sites learn as little as
/// possible about.
///
/// Forms send their origin to the sandbox only: without any referrer, browsers would hide it. The addresses that forms are
/// sent to are not limited: browsers would apply the limit to the redirect to the application as well.
pub(crate) fn guarded(status: StatusCode, content: impl IntoResponse) -> Response {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, content).into_response()
}

/// Returns the redirect to the application, with these parameters and the state, or `None` if the address cannot be a
/// header.
pub(crate) fn back(url: &str, parameters: &[(&str, &str)], state: &str) -> Option<Response> {
    let (url, fragment) = url.split_once('#').map_or((url, None), |(url, fragment)| (url, Some(fragment)));
    let (path, own) = url.split_once('?').unwrap_or((url, ""));
    let mut query = Serializer::new(own.to_owned());
    query.extend_pairs(parameters).append_pair("state", state);
    let mut location = format!("{path}?{}", query.finish());
    if let Some(fragment) = fragment {
        location = format!("{location}#{fragment}");
    }
    let location = HeaderValue::from_str(&location).ok()?;
    Some(guarded(StatusCode::SEE_OTHER, [(header::LOCATION, location)]))
}

/// Returns whether PSUs can be sent back to an address: it consists of characters that a header and an address can have.
pub(crate) fn can_be_location(url: &str) -> bool {
    !url.is_empty() && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Returns the address of a redirect.
pub(crate) fn location(response: &Response) -> Option<String> {
    Some(response.headers().get(header::LOCATION)?.to_str().ok()?.to_owned())
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
dl{margin:0 0 1.5rem}
dt{font-size:.9375rem}
dd{margin:0 0 .5rem;font-weight:600}
table{border-collapse:collapse;font-size:.9375rem}
th,td{padding:.25rem 1rem .25rem 0;text-align:left}
:focus-visible{outline:3px solid var(--key);outline-offset:2px}
";
