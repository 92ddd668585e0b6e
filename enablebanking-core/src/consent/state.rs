//! The parameter that connects a redirect to the authorization that it belongs to.

use std::error::Error;
use std::fmt;
use std::hint::black_box;

/// The text that is sent with an authorization and comes back with the PSU.
///
/// It prevents cross-site request forgery: an attacker could otherwise complete their own authorization in the browser of
/// someone else. It must be unguessable, used once, and stored where only the PSU's own browser session can reach it.
///
/// Comparing two takes the same time wherever they differ. `Debug` does not show it.
///
/// ```
/// use enablebanking_client::consent::State;
///
/// let state = State::generate()?;
/// let stored = state.as_str().to_owned();
/// assert!(State::from_stored(stored)? == state);
/// # Ok::<(), enablebanking_client::consent::StateError>(())
/// ```
#[derive(Clone)]
#[doc(alias = "csrf")]
#[doc(alias = "nonce")]
pub struct State(String);

impl State {
    /// Generates a state: 256 random bits of the operating system, as 64 hexadecimal digits.
    ///
    /// # Errors
    ///
    /// Returns an error if the operating system has no source of random numbers.
    pub fn generate() -> Result<Self, StateError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| StateError("the operating system gives no random numbers"))?;
        let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        Ok(Self(halves.filter_map(|half| char::from_digit(half.into(), 16)).collect()))
    }

    /// Creates a state from the text that was stored when the authorization was started.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is empty.
    pub fn from_stored(text: impl Into<String>) -> Result<Self, StateError> {
        match text.into() {
            text if text.is_empty() => Err(StateError("the stored state is empty")),
            text => Ok(Self(text)),
        }
    }

    /// Returns the text, to send and to store it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether `text` is this state, in a time that depends only on the lengths.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let (ours, theirs) = (self.0.as_bytes(), text.as_bytes());
        // Without `black_box` the compiler could see that it may stop at the first difference.
        let differing = ours.iter().zip(theirs).fold(0, |differing, (a, b)| black_box(differing | (a ^ b)));
        ours.len() == theirs.len() && differing == 0
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.matches(&other.0)
    }
}

impl Eq for State {}

impl fmt::Debug for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("State([redacted])")
    }
}

/// An error about creating a [`State`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StateError(&'static str);

impl fmt::Display for StateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl Error for StateError {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn generated_states_are_long_and_all_different() {
        let states: BTreeSet<_> = (0..1000).map(|_| State::generate().unwrap().0).collect();
        assert_eq!(states.len(), 1000);
        assert!(states.iter().all(|text| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())));
        // Every digit has to turn up at every place: 1,000 draws miss one of them with a chance below 1e-25.
        for place in 0..64 {
            let digits: BTreeSet<_> = states.iter().map(|text| text.as_bytes()[place]).collect();
            assert_eq!(digits.len(), 16, "at {place}");
        }
    }

    #[test]
    fn a_state_matches_itself_alone() {
        let state = State::from_stored("abcd").unwrap();
        for (text, same) in
            [("abcd", true), ("", false), ("abc", false), ("abcde", false), ("abcD", false), ("bbcd", false)]
        {
            assert_eq!(state.matches(text), same, "{text}");
        }
        assert_eq!(state, State::from_stored("abcd").unwrap());
        assert_ne!(state, State::from_stored("abce").unwrap());
    }

    #[test]
    fn an_empty_state_is_none() {
        assert_eq!(State::from_stored("").unwrap_err().to_string(), "the stored state is empty");
    }

    #[test]
    fn debug_does_not_show_it() {
        assert_eq!(format!("{:?}", State::from_stored("hunter2").unwrap()), "State([redacted])");
    }
}
