//! `tilisy connect`: asks for the consent of a PSU, or renews it.

use std::time::Duration;

use clap::Args;
use enablebanking_client::chrono::{DateTime, Utc};
use enablebanking_client::consent::{IdentifiedAccount as _, LONGEST_CONSENT, State, valid_until};
use enablebanking_client::types::{
    Access, Aspsp, AspspData, AuthorizeSessionRequest, PsuType, StartAuthorizationRequest, StartAuthorizationResponse,
};
use enablebanking_client::uuid::Uuid;
use enablebanking_client::{Client, Error, ErrorClass};
use strsim::jaro_winkler;

use super::banks::{Customer, country, listed, login_methods};
use crate::accounts::none_to_read;
use crate::authorization::{caught, listed_limit, open_browser, pasted, stated_limit};
use crate::callback::Callback;
use crate::consents::Renewal;
use crate::environment::{Backend, Environment};
use crate::failure::{Exit, Failure};
use crate::lenient;
use crate::message::{say, warn};
use crate::options::{Global, Psu};
use crate::progress::Progress;
use crate::steps;
use crate::stored::{Account, Bank, Session};
use crate::text::{clean, counted, wait};

/// Ask for consent to read the accounts at a bank, in a browser. Also renews a consent.
///
/// The details of the accounts are stored, because banks return some of them only once.
///
/// Connecting to the same bank again renews the consent in place: accounts keep their hashes, are found by their former
/// ids, and exports by name go on as before.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The name of the bank, as in `tilisy banks`.
    bank: String,
    /// Its country, a two-letter ISO 3166 code.
    #[arg(long, value_name = "CC", value_parser = country)]
    country: Option<String>,
    /// The kind of customer [default: personal, if the bank serves persons].
    #[arg(long, value_enum)]
    psu_type: Option<Customer>,
    /// The authentication method at the bank, by its name in `tilisy banks`.
    #[arg(long, value_name = "NAME")]
    auth_method: Option<String>,
    /// The length of the consent, in days or with `h` in hours. It is shortened to the limit of the bank.
    #[arg(long, value_name = "LENGTH", default_value = "180d", value_parser = length)]
    valid_for: Duration,
    /// The registered address that the bank sends the browser back to. If it is not on this machine, the address that the
    /// browser ends up at is read from stdin. [default: http://127.0.0.1:8080/redirect]
    #[arg(long, env = "TILISY_REDIRECT_URL", value_name = "URL")]
    redirect_url: Option<String>,
    /// The language of the pages that the service and the bank show, a two-letter ISO 639 code such as `fi`.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    language: Option<String>,
    /// Print the link without opening a browser.
    #[arg(long)]
    no_browser: bool,
    /// The time to wait for the browser, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 900, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    #[command(flatten)]
    psu: Psu,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let mut environment = Environment::open(global).await?;
    let client = environment.client_for(&arguments.psu)?;
    let application_id = environment.credentials()?.application_id();
    // A directory that cannot be read is reported before there is a consent to store in it.
    let consents = environment.consents()?;
    consents.all()?;
    let bank = bank(&client, &arguments).await?;
    let psu_type = psu_type(&bank, &arguments)?;
    let (redirect_url, callback) = callback(&mut environment, &arguments)?;
    let state = State::generate().map_err(|error| Failure::new(Exit::Other, error.to_string()))?;
    let mut request = StartAuthorizationRequest::new(
        Access::new(Utc::now()),
        Aspsp::new(&bank.country, &bank.name),
        &redirect_url,
        state.as_str(),
    );
    request.psu_type = Some(psu_type);
    request.auth_method = auth_method(&bank, &arguments)?;
    request.language = arguments.language.clone().or_else(|| environment.profile.language.clone());
    let started =
        start(&client, &mut request, arguments.valid_for, listed_limit(bank.maximum_consent_validity)).await?;
    let link = started.link();
    let link = link.map_err(|error| Failure::new(Exit::Unavailable, error.to_string()))?;
    say(&format!("open this in a browser: {}", clean(&link)));
    if !arguments.no_browser {
        open_browser(link);
    }
    let code = {
        let code = async {
            match callback {
                Some(callback) => caught(callback, state).await,
                // The user types here, so no progress is drawn.
                None => pasted(state).await,
            }
        };
        let patience = Duration::from_secs(arguments.timeout);
        tokio::time::timeout(patience, code).await.map_err(|_| {
            let text =
                format!("no consent was given: the browser did not come back from the bank within {}", wait(patience));
            Failure::new(Exit::Consent, text).hint("connect again; `--timeout` waits longer")
        })??
    };
    let session =
        match lenient::authorize_session(&client, &AuthorizeSessionRequest::from(code), request.access.valid_until)
            .await
        {
            Ok(response) => Session::new(&response, application_id),
            Err(error) => salvaged(&client, error, application_id, request.access.valid_until).await?,
        };
    let renewal = consents.add(session.clone()).await.map_err(|failure| {
        let id = session.session_id;
        failure.hint(format!("the consent was given, as session {id}; the service does not return its details again"))
    })?;
    report(&session, &renewal, &environment.global.command());
    environment.say_what_stays();
    if session.accounts.iter().all(|account| account.uid().is_none()) {
        return Err(none_to_read());
    }
    steps::say_next(&environment);
    Ok(())
}

/// Starts an authorization of the requested length, or the longest that the bank allows. If the service refuses the length
/// and names a shorter one, that one is requested once.
async fn start(
    client: &Client,
    request: &mut StartAuthorizationRequest,
    wanted: Duration,
    listed: Option<Duration>,
) -> Result<StartAuthorizationResponse, Failure> {
    let mut limit = listed;
    let mut is_learnt = false;
    loop {
        if let Some(limit) = limit.filter(|limit| *limit < wanted) {
            say(&format!("the bank allows a consent of {} at most", wait(limit)));
        }
        let now = Utc::now();
        request.access.valid_until = valid_until(now, wanted, limit);
        let error = match lenient::start_authorization(client, request).await {
            Ok(started) => return Ok(started),
            Err(error) => error,
        };
        // Other codes do not refuse the length.
        let may_be_length = error.code().is_none_or(|code| code.as_str() == "WRONG_REQUEST_PARAMETERS")
            && error.class() == ErrorClass::Request;
        let stated = stated_limit(&error, now, request.access.valid_until).filter(|_| may_be_length);
        match stated.filter(|_| !is_learnt) {
            Some(stated) => (limit, is_learnt) = (Some(stated), true),
            None => {
                let length = may_be_length.then(|| shorter(wanted));
                return Err(length.into_iter().fold(Failure::from(error), Failure::hint));
            }
        }
    }
}

/// Suggests a common length that is shorter.
fn shorter(wanted: Duration) -> String {
    let common = [(90 * 86_400, "90d"), (30 * 86_400, "30d"), (86_400, "1d"), (3_600, "1h")];
    match common.iter().find(|(seconds, _)| Duration::from_secs(*seconds) < wanted) {
        Some((_, length)) => {
            format!("some banks allow less than was asked for: try `--valid-for {length}`, or less")
        }
        None => {
            "some banks count from a clock that differs from this machine's: `tilisy doctor` compares them".to_owned()
        }
    }
}

/// Returns the bank of the given name.
async fn bank(client: &Client, arguments: &Arguments) -> Result<AspspData, Failure> {
    let progress = Progress::waiting("looking for the bank");
    let banks = listed(client, arguments.country.as_deref(), None).await?;
    drop(progress);
    let wanted = arguments.bank.trim().to_lowercase();
    let named: Vec<_> = banks.iter().filter(|bank| bank.name.to_lowercase() == wanted).collect();
    match &*named {
        [bank] => Ok((*bank).clone()),
        [] => Err(unknown(&arguments.bank, arguments.country.as_deref(), &banks)),
        several => {
            let countries: Vec<_> = several.iter().map(|bank| bank.country.as_str()).collect();
            Err(Failure::new(Exit::Usage, format!("there is a bank of this name in {}", countries.join(", ")))
                .hint("say which with `--country`"))
        }
    }
}

fn unknown(name: &str, country: Option<&str>, banks: &[AspspData]) -> Failure {
    let place = country.map(|country| format!(" in {country}")).unwrap_or_default();
    let failure = Failure::new(Exit::Usage, format!("no bank{place} is called `{}`", clean(name)));
    let near = near(name, banks.iter().map(|bank| (bank.name.as_str(), bank.country.as_str())));
    match near.is_empty() {
        true => failure.hint("`tilisy banks` lists the banks"),
        false => failure.hint(format!("did you mean {}?", near.join(" or "))),
    }
}

/// Returns the names that are similar to `wanted`, the most similar first.
fn near<'a>(wanted: &str, names: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let wanted = wanted.trim().to_lowercase();
    let likeness = |name: &str| {
        let name = name.to_lowercase();
        let contains = !wanted.is_empty() && name.contains(&wanted);
        let by_word = name.split_whitespace().map(|word| jaro_winkler(word, &wanted));
        let best = by_word.fold(jaro_winkler(&name, &wanted), f64::max);
        if contains { best.max(0.95) } else { best }
    };
    let mut near: Vec<_> = names.map(|(name, country)| (likeness(name), name, country)).collect();
    near.retain(|(likeness, ..)| *likeness > 0.82);
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.into_iter().take(3).map(|(_, name, country)| format!("`{name}` ({country})")).collect()
}

fn psu_type(bank: &AspspData, arguments: &Arguments) -> Result<PsuType, Failure> {
    let serves = |psu_type: &PsuType| bank.psu_types.is_empty() || bank.psu_types.contains(psu_type);
    match arguments.psu_type.map(PsuType::from) {
        Some(wanted) if serves(&wanted) => Ok(wanted),
        Some(wanted) => {
            let served: Vec<_> = bank.psu_types.iter().map(ToString::to_string).collect();
            let text = format!("{} does not serve {wanted} customers", bank.name);
            Err(Failure::new(Exit::Usage, text).hint(format!("it serves: {}", served.join(", "))))
        }
        None if serves(&PsuType::Personal) => Ok(PsuType::Personal),
        None => Ok(bank.psu_types.first().cloned().unwrap_or(PsuType::Personal)),
    }
}

fn auth_method(bank: &AspspData, arguments: &Arguments) -> Result<Option<String>, Failure> {
    let Some(wanted) = &arguments.auth_method else {
        return Ok(None);
    };
    let names = login_methods(bank);
    if names.contains(&wanted.as_str()) {
        return Ok(Some(wanted.clone()));
    }
    let text = format!("{} has no authentication method called `{}`", bank.name, clean(wanted));
    Err(Failure::new(Exit::Usage, text).hint(format!("it has: {}", names.join(", "))))
}

/// Returns the redirect address, and the listener if it is on this machine.
fn callback(environment: &mut Environment, arguments: &Arguments) -> Result<(String, Option<Callback>), Failure> {
    if let Backend::Own(own) = &mut environment.backend
        && let Some(listener) = own.listener.take()
    {
        return Ok((own.redirect_url.clone(), Some(Callback::on(listener, "/redirect"))));
    }
    let url = environment.redirect_url(arguments.redirect_url.as_deref());
    let callback = Callback::at(&url)?;
    Ok((url, callback))
}

/// Requests the session if the response to its code could not be decoded, except for its id. The code cannot be used again.
async fn salvaged(
    client: &Client,
    error: Error,
    application_id: Uuid,
    until: DateTime<Utc>,
) -> Result<Session, Failure> {
    let Some(session_id) = error.salvage::<Uuid>("session_id") else {
        return Err(error.into());
    };
    let Ok(known) = lenient::session(client, session_id, until).await else {
        return Err(Failure::from(error).hint(format!("a session may have been created: {session_id}")));
    };
    warn("the response with the accounts cannot be decoded; they are stored without their numbers and names");
    Ok(Session {
        session_id,
        application_id,
        bank: Bank::from(&known.aspsp),
        psu_type: known.psu_type.to_string(),
        authorized_at: Utc::now(),
        valid_until: known.access.valid_until,
        replaced_by: None,
        accounts: known.accounts_data.iter().filter_map(|account| Account::new(account).ok()).collect(),
    })
}

fn report(session: &Session, renewal: &Renewal, command: &str) {
    let accounts = counted(session.accounts.len(), "account");
    let until = session.valid_until.date_naive();
    say(&clean(&format!("connected to {}: {accounts}, until {until}", session.bank.name)));
    for account in &session.accounts {
        say(&format!("  {} {}", account.label(), clean(account.currency())));
    }
    if renewal.again > 0 {
        let again = counted(renewal.again, "account");
        say(&format!(
            "this renews an earlier consent: {again} found again, under new ids; names, numbers and hashes stay the same"
        ));
    }
    for (account, session) in &renewal.left {
        warn(&format!(
            "{account} is not among these: the earlier consent stays for it (or end that: `{command} disconnect {session}`)"
        ));
    }
    if renewal.unclear > 0 {
        warn("some accounts share their hashes, and are no longer found by their former ids");
    }
}

fn language(text: &str) -> Result<String, &'static str> {
    match text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        true => Ok(text.to_ascii_lowercase()),
        false => Err("a language is two letters, such as `fi`"),
    }
}

/// Parses a length in days or hours.
fn length(text: &str) -> Result<Duration, &'static str> {
    let (number, unit) = match text.strip_suffix(['h', 'd']) {
        Some(number) if text.ends_with('h') => (number, 3_600),
        Some(number) => (number, 86_400),
        None => (text, 86_400),
    };
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    let fits = |seconds: &u64| (3_600..=LONGEST_CONSENT.as_secs()).contains(seconds);
    seconds.filter(fits).map(Duration::from_secs).ok_or("it is 1h to 180d, such as 90d")
}

#[cfg(test)]
mod tests {
    use super::{length, near};

    #[test]
    fn lengths_are_days_or_hours() {
        let seconds = |text| length(text).map(|length| length.as_secs()).ok();
        let read = ["90", "90d", "1h", "12h", "180d", "4320h"].map(seconds);
        assert_eq!(read, [7_776_000, 7_776_000, 3_600, 43_200, 15_552_000, 15_552_000].map(Some));
        let refused = ["", "h", "0", "0h", "181d", "4321h", "-1", "1.5h", "18446744073709551615", "d90", "90 d", "9m"];
        assert_eq!(refused.map(seconds), [None; 12]);
    }

    #[test]
    fn near_names_are_suggested() {
        let banks = [("Saimaan Pankki", "FI"), ("Revontuli", "FI"), ("Müller & Söhne", "DE"), ("Spreebank", "DE")];
        let near = |wanted| near(wanted, banks.into_iter());
        assert_eq!(near("saiman pankki"), ["`Saimaan Pankki` (FI)"]);
        assert_eq!(near("Muller"), ["`Müller & Söhne` (DE)"]);
        assert_eq!(near("revon"), ["`Revontuli` (FI)"]);
        assert!(near("Nordea").is_empty());
        assert!(near("").is_empty());
    }
}
