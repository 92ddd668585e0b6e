//! Requests that fit a bank, by its entry in the list of banks.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::types::{Aspsp, AspspData};
use crate::{Client, MissingPsuHeaders, PsuHeaders, consent};

impl AspspData {
    /// Returns the bank's name and country, by which requests name it.
    #[must_use]
    pub fn to_aspsp(&self) -> Aspsp {
        Aspsp::new(self.country.as_str(), self.name.as_str())
    }

    /// Returns the end of a consent that starts `now` and lasts as long as `wanted`, or as long as the bank allows
    /// ([`maximum_consent_validity`](Self::maximum_consent_validity)), for `Access.valid_until`.
    ///
    /// It ends five minutes early (a tenth of the length, below 50 minutes), because the service counts from its own clock
    /// and refuses a consent that is one second too long. See [`consent::valid_until`].
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use enablebanking_client::chrono::{DateTime, Utc};
    /// use enablebanking_client::types::AspspData;
    ///
    /// let bank: AspspData = serde_json::from_str(
    ///     r#"{"name": "Nordea", "country": "FI", "logo": "https://example.com/logo", "psu_types": ["personal"],
    ///         "auth_methods": [], "beta": false, "maximum_consent_validity": 15552000}"#,
    /// )?;
    /// let now: DateTime<Utc> = "2026-01-01T00:00:00Z".parse()?;
    /// assert_eq!(bank.valid_until(now, Duration::MAX).to_rfc3339(), "2026-06-29T23:55:00+00:00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[doc(alias = "consent validity")]
    pub fn valid_until(&self, now: DateTime<Utc>, wanted: Duration) -> DateTime<Utc> {
        let longest = u64::try_from(self.maximum_consent_validity).unwrap_or_default();
        consent::valid_until(now, wanted, Some(Duration::from_secs(longest)))
    }
}

impl Client {
    /// Returns a clone of this client that sends PSU headers, after a check that they are all the headers that the bank
    /// requires ([`required_psu_headers`](AspspData::required_psu_headers)). The bank would refuse a request with only some
    /// of them (`PSU_HEADER_NOT_PROVIDED`).
    ///
    /// # Errors
    ///
    /// Returns an error with the names of the missing headers. Set them, or use a client without PSU headers.
    #[doc(alias = "required psu headers")]
    pub fn with_psu_at(&self, bank: &AspspData, psu: PsuHeaders) -> Result<Self, MissingPsuHeaders> {
        psu.check(&bank.required_psu_headers)?;
        Ok(self.with_psu(psu))
    }
}
