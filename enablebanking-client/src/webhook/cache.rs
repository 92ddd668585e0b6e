//! Certificates that have been fetched.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use url::Url;

/// The longest time that a certificate is used without being fetched again.
const LIFETIME: Duration = Duration::from_secs(3600);

/// The shortest time between two fetches because of a signature that does not fit.
const REST: Duration = Duration::from_secs(60);

/// The most certificates. The service needs one or two.
const MOST: usize = 8;

/// Certificates by their address.
pub(super) struct Cache<C>(Mutex<Vec<Kept<C>>>);

/// A certificate with the time at which it was fetched.
#[derive(Clone)]
pub(super) struct Kept<C> {
    url: Url,
    pub(super) certificate: C,
    /// By the clock of the caller, as a time since the epoch.
    pub(super) fetched: Duration,
}

impl<C> Kept<C> {
    /// Returns whether the service may have replaced the certificate since, so that it is worth fetching it again.
    pub(super) fn may_be_replaced(&self, now: Duration) -> bool {
        now.saturating_sub(self.fetched) >= REST
    }
}

impl<C: Clone> Cache<C> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Returns the certificate of an address, unless it was fetched too long ago or the clock has been set back since.
    pub(super) fn get(&self, url: &Url, now: Duration) -> Option<Kept<C>> {
        let kept = self.kept().iter().find(|kept| kept.url == *url).cloned();
        kept.filter(|kept| now.checked_sub(kept.fetched).is_some_and(|age| age < LIFETIME))
    }

    /// Keeps a certificate that was fetched now.
    ///
    /// A new address is kept only if its certificate `fits` a signature. Otherwise anyone could fill the cache with
    /// addresses, because the address is read from a token before its signature is checked.
    pub(super) fn put(&self, url: &Url, certificate: C, fits: bool, now: Duration) {
        let mut all = self.kept();
        let place = all.iter().position(|kept| kept.url == *url);
        if place.is_none() && !fits {
            return;
        }
        if let Some(place) = place.or((all.len() >= MOST).then_some(0)) {
            all.remove(place);
        }
        // In the order in which they were fetched, so that the oldest is the first.
        all.push(Kept { url: url.clone(), certificate, fetched: now });
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Kept<C>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1_796_000_000);

    fn url(path: usize) -> Url {
        Url::parse(&format!("https://enablebanking.com/{path}")).unwrap()
    }

    #[test]
    fn a_certificate_is_kept_for_an_hour() {
        let (cache, start) = (Cache::new(), NOW);
        cache.put(&url(0), "first", true, start);
        assert!(cache.get(&url(0), start + LIFETIME - Duration::from_secs(1)).is_some());
        assert!(cache.get(&url(0), start + LIFETIME).is_none());
        // The clock was wrong, one way or the other.
        assert!(cache.get(&url(0), start - Duration::from_secs(1)).is_none());
        assert!(cache.get(&url(1), start).is_none());
    }

    #[test]
    fn a_certificate_may_be_replaced_after_a_minute() {
        let (cache, start) = (Cache::new(), NOW);
        cache.put(&url(0), "first", true, start);
        let kept = cache.get(&url(0), start).unwrap();
        assert!(!kept.may_be_replaced(start + REST - Duration::from_secs(1)));
        assert!(kept.may_be_replaced(start + REST));

        // The address is known, so that its new certificate counts even if the token at hand was not signed with it.
        cache.put(&url(0), "second", false, start + REST);
        let kept = cache.get(&url(0), start + REST).unwrap();
        assert_eq!(kept.certificate, "second");
        assert!(!kept.may_be_replaced(start + REST));
    }

    #[test]
    fn an_address_is_kept_only_if_its_certificate_fits_a_signature() {
        let (cache, now) = (Cache::new(), NOW);
        cache.put(&url(0), "first", false, now);
        assert!(cache.get(&url(0), now).is_none());
    }

    #[test]
    fn the_oldest_certificate_makes_room() {
        let (cache, now) = (Cache::new(), NOW);
        for path in 0..MOST {
            cache.put(&url(path), "first", true, now);
        }
        cache.put(&url(0), "first", true, now);
        cache.put(&url(MOST), "first", true, now);
        let kept: Vec<_> = (0..=MOST).filter(|path| cache.get(&url(*path), now).is_some()).collect();
        assert_eq!(kept, [0, 2, 3, 4, 5, 6, 7, 8]);
    }
}
