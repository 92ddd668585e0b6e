//! What an error descriptor means for the caller.

use openbanking_client_runtime::error::{ErrorBody, ErrorClass};

use crate::Error;
use crate::types::{ErrorDescriptor, ErrorItem, ErrorLevel, ErrorType};

impl ErrorBody for ErrorDescriptor {
    type Code = String;

    fn code(&self) -> Option<&String> {
        self.worst().and_then(|item| item.code.as_ref())
    }

    fn message(&self) -> Option<&str> {
        self.worst().and_then(|item| item.message.as_deref())
    }

    /// The type decides, and the level whether time helps; 429 and 503 are what they are, unless the error is FATAL. A
    /// WARN says that the outcome is good: only the status is to be believed then.
    fn class(&self, status: u16) -> Option<ErrorClass> {
        let worst = self.worst()?;
        let is_fatal = worst.level == Some(ErrorLevel::Fatal);
        match worst.type_ {
            _ if matches!(status, 429 | 503) && !is_fatal => None,
            _ if worst.level == Some(ErrorLevel::Warn) => None,
            Some(ErrorType::Security) => Some(ErrorClass::Auth),
            Some(ErrorType::Validation) => Some(ErrorClass::Request),
            Some(ErrorType::Business) => Some(ErrorClass::Bank),
            // Nobody knows when somebody will have mended the server.
            _ if is_fatal => Some(ErrorClass::Bank),
            Some(ErrorType::Technical) => Some(ErrorClass::Transient),
            _ => None,
        }
    }
}

/// What the service says of an error answer.
pub trait Descriptor {
    /// The worst of the errors: FATAL before ERROR before anything else; of equals the first.
    fn worst(&self) -> Option<&ErrorItem>;
}

impl Descriptor for ErrorDescriptor {
    fn worst(&self) -> Option<&ErrorItem> {
        let badness = |item: &ErrorItem| match item.level {
            Some(ErrorLevel::Fatal) => 2,
            Some(ErrorLevel::Error) => 1,
            _ => 0,
        };
        let errors = self.errors.as_deref().unwrap_or_default();
        // Of equals, `max_by_key` takes the last.
        errors.iter().rev().max_by_key(|item| badness(item))
    }
}

impl Descriptor for Error {
    fn worst(&self) -> Option<&ErrorItem> {
        self.api()?.worst()
    }
}
