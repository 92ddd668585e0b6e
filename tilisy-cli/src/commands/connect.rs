//! `tilisy connect`: a bank's customer is asked for their consent.

use std::time::Duration;

use clap::Args;
use strsim::jaro_winkler;
use tilisy_client::chrono::{DateTime, Utc};
use tilisy_client::consent::{IdentifiedAccount as _, LONGEST_CONSENT, State, valid_until};
use tilisy_client::types::{
    Access, AccountResource, Aspsp, AspspData, AuthorizeSessionRequest, CashAccountType, PsuType,
    StartAuthorizationRequest, StartAuthorizationResponse,
};
use tilisy_client::uuid::Uuid;
use tilisy_client::{Client, Error, ErrorClass};

use super::banks::{Customer, country, listed, login_methods};
use crate::accounts::{label, none_to_read};
use crate::arguments::{Global, Psu};
use crate::consent::{Catcher, listed_limit, open_browser, pasted, reported_end, stated_limit};
use crate::failure::{Exit, Failure, say, warn};
use crate::place::{Place, Side, session};
use crate::progress::Progress;
use crate::sessions::{Account, Renewal, Session};
use crate::text::{clean, counted, wait};

/// Ask a bank's customer for their consent, in a browser. Also renews one.
///
/// What the bank tells of the accounts is kept: some of it is told only once.
///
/// A consent of the same customer at the same bank is renewed: its accounts are found again by their hashes, and can be
/// called by the ids that they had before.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The bank, as `tilisy banks` calls it.
    bank: String,
    /// Its country, as two letters.
    #[arg(long, value_name = "CC", value_parser = country)]
    country: Option<String>,
    /// Whether a person or a company consents; whatever the bank serves if not given, persons first.
    #[arg(long, value_enum)]
    psu_type: Option<Customer>,
    /// How to log in at the bank, one of the names that `tilisy banks` lists.
    #[arg(long, value_name = "NAME")]
    auth_method: Option<String>,
    /// For how long: days, or with `h` hours. Some banks allow less than 180 days, a few no more than an hour.
    #[arg(long, value_name = "LENGTH", default_value = "180d", value_parser = length)]
    valid_for: Duration,
    /// Where the bank sends the browser back to, as it is registered. Where that is not this machine, the address that
    /// the browser came back to is read from stdin. [default: http://127.0.0.1:8080/redirect]
    #[arg(long, env = "TILISY_REDIRECT_URL", value_name = "URL")]
    redirect_url: Option<String>,
    /// Open no browser, only print the link.
    #[arg(long)]
    no_browser: bool,
    /// How many seconds to wait for the customer.
    #[arg(long, value_name = "SECONDS", default_value_t = 900, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    #[command(flatten)]
    psu: Psu,
}

pub(crate) async fn run(global: &Global, arguments: Arguments) -> Result<(), Failure> {
    let mut place = Place::open(global).await?;
    let client = place.client_for(&arguments.psu)?;
    let application_id = place.credentials()?.application_id();
    // What is in the way of keeping a consent is better known before there is one.
    let sessions = place.sessions()?;
    sessions.all()?;
    let bank = bank(&client, &arguments).await?;
    let psu_type = psu_type(&bank, &arguments)?;
    let (redirect_url, catcher) = catcher(&mut place, &arguments)?;
    let state = State::generate().map_err(|error| Failure::new(Exit::Other, error.to_string()))?;
    let mut request = StartAuthorizationRequest::new(
        Access::new(Utc::now()),
        Aspsp::new(&bank.country, &bank.name),
        &redirect_url,
        state.as_str(),
    );
    request.psu_type = Some(psu_type);
    request.auth_method = auth_method(&bank, &arguments)?;
    let started = start(&client, &mut request, arguments.valid_for, listed_limit(bank.extra())).await?;
    let until = request.access.valid_until;
    let link = started.link();
    let link = link.map_err(|error| Failure::new(Exit::Unavailable, error.to_string()))?;
    say(&format!("open this in a browser: {}", clean(&link)));
    if !arguments.no_browser {
        open_browser(link);
    }
    let code = {
        let code = async {
            match catcher {
                Some(catcher) => {
                    let progress = Progress::waiting("waiting for the bank's customer");
                    Ok(catcher.wait(state, progress).await??)
                }
                // Somebody types here: nothing else may be drawn.
                None => pasted(state).await,
            }
        };
        let patience = Duration::from_secs(arguments.timeout);
        tokio::time::timeout(patience, code).await.map_err(|_| {
            let text = format!("there is no consent: nobody came back from the bank within {}", wait(patience));
            Failure::new(Exit::Consent, text).hint("connect again; `--timeout` waits longer")
        })??
    };
    let session = match client.authorize_session(&AuthorizeSessionRequest::from(code)).await {
        Ok(answer) => session(answer, application_id, until),
        Err(error) => salvaged(&client, error, application_id, until).await?,
    };
    let renewal = sessions.add(session.clone()).await.map_err(|failure| {
        let id = session.session_id;
        failure
            .hint(format!("the consent was given, as session {id}; what could not be kept of it, nobody tells again"))
    })?;
    tell(&session, &renewal, &place.global.command());
    place.say_what_stays();
    match session.accounts.iter().any(|account| account.uid().is_some()) {
        true => Ok(()),
        false => Err(none_to_read()),
    }
}

/// Starts an authorization that lasts as long as asked for, or as the bank allows. If the service refuses the length and
/// names a shorter one, that one is asked for, once.
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
        let error = match client.start_authorization(request).await {
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

/// The bank of this name, and of no other.
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
        true => failure.hint("`tilisy banks` lists the banks there are"),
        false => failure.hint(format!("did you mean {}?", near.join(" or "))),
    }
}

/// The names that are like `wanted`, the nearest first.
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
    let text = format!("{} has no way to log in that is called `{}`", bank.name, clean(wanted));
    Err(Failure::new(Exit::Usage, text).hint(format!("it has: {}", names.join(", "))))
}

/// Where the browser comes back to, and what listens there.
fn catcher(place: &mut Place, arguments: &Arguments) -> Result<(String, Option<Catcher>), Failure> {
    if let Side::Own(own) = &mut place.side
        && let Some(listener) = own.catcher.take()
    {
        return Ok((own.redirect_url.clone(), Some(Catcher::on(listener))));
    }
    let url = place.redirect_url(arguments.redirect_url.as_deref());
    let catcher = Catcher::at(&url)?;
    Ok((url, catcher))
}

/// The code is spent. If the answer to it was of no use but its session's id came through, that session is asked for.
async fn salvaged(
    client: &Client,
    error: Error,
    application_id: Uuid,
    until: DateTime<Utc>,
) -> Result<Session, Failure> {
    let Some(session_id) = error.salvage::<Uuid>("session_id") else {
        return Err(error.into());
    };
    let Ok(known) = client.session(&session_id).await else {
        return Err(Failure::from(error).hint(format!("a session may have come of it: {session_id}")));
    };
    warn("the answer with the accounts cannot be read; they are kept without their numbers and names");
    let valid_until = reported_end(known.extra()).unwrap_or(until);
    let accounts = known.accounts_data.into_iter().map(|account| {
        // What kind of account it is, nobody says here.
        let details = AccountResource::new(CashAccountType::from("OTHR"), "XXX", account.identification_hash);
        Account { details: details.uid(account.uid), former_uids: Vec::new() }
    });
    Ok(Session {
        session_id,
        application_id,
        aspsp: known.aspsp,
        psu_type: known.psu_type,
        authorized_at: Utc::now(),
        valid_until,
        replaced_by: None,
        accounts: accounts.collect(),
    })
}

fn tell(session: &Session, renewal: &Renewal, command: &str) {
    let accounts = counted(session.accounts.len(), "account");
    let until = session.valid_until.date_naive();
    say(&clean(&format!("connected to {}: {accounts}, until {until}", session.aspsp.name)));
    for account in &session.accounts {
        say(&format!("  {} {}", label(&account.details), clean(&account.details.currency)));
    }
    if renewal.again > 0 {
        let again = counted(renewal.again, "account");
        say(&format!("this renews an earlier consent: {again} found again, under new ids"));
    }
    for (account, session) in &renewal.left {
        warn(&format!(
            "{account} is not among these: the earlier consent stays for it (or end that: `{command} disconnect {session}`)"
        ));
    }
    if renewal.unclear > 0 {
        warn("some accounts cannot be told apart by their hashes, and have lost their earlier ids");
    }
}

/// A number of days, or of hours.
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
