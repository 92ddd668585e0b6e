//! A sandbox as its handlers see it: the banks, and the settings of tests for the next requests.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::log::Log;
use crate::logins::Logins;
use crate::quirk::Quirks;
use crate::random::uuid;
use crate::rehearsal::Rehearsal;
use crate::scenario::Scenario;
use crate::state::World;
use crate::tokens::Tokens;

/// A running sandbox.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) world: World,
    pub(crate) rehearsal: Arc<Rehearsal>,
    pub(crate) log: Log,
    pub(crate) tokens: Tokens,
    pub(crate) logins: Logins,
    /// Set if the control endpoint is served.
    pub(crate) is_controlled: bool,
    defaults: Mutex<Defaults>,
    accepts_machine_time: AtomicBool,
    numbers: AtomicU64,
    requests: AtomicU64,
}

/// The scenario and the quirks of requests that name none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Defaults {
    pub(crate) scenario: Scenario,
    pub(crate) quirks: Quirks,
}

impl Service {
    pub(crate) fn new(world: World, keeps_requests: bool, is_controlled: bool) -> Self {
        Self {
            world,
            rehearsal: Arc::new(Rehearsal::new(keeps_requests)),
            log: Log::default(),
            tokens: Tokens::default(),
            logins: Logins::default(),
            is_controlled,
            defaults: Mutex::default(),
            accepts_machine_time: AtomicBool::new(false),
            numbers: AtomicU64::new(0),
            requests: AtomicU64::new(0),
        }
    }

    /// Accepts tokens that are valid by the time of the machine too, from now on.
    pub(crate) fn accept_machine_time(&self) {
        self.accepts_machine_time.store(true, Ordering::Relaxed);
    }

    pub(crate) fn accepts_machine_time(&self) -> bool {
        self.accepts_machine_time.load(Ordering::Relaxed)
    }

    /// Returns the id of the next request.
    pub(crate) fn request_id(&self) -> Uuid {
        uuid(&[self.world.seed, 0x4e0, self.requests.fetch_add(1, Ordering::Relaxed)])
    }

    /// Returns a number that is another in each call.
    pub(crate) fn next_number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Returns the scenario and the quirks of requests that name none.
    pub(crate) fn defaults(&self) -> MutexGuard<'_, Defaults> {
        self.defaults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
