//! The error type of a client crate.

use super::Error;

/// An error type of a client crate: a wrapper around [`Error`], so that the methods are documented in that crate.
pub trait ClientError: From<Error<Self::Body>> {
    /// The schema of error responses.
    type Body;

    /// Returns the error that this one wraps.
    fn as_call(&self) -> &Error<Self::Body>;
}

impl<E> ClientError for Error<E> {
    type Body = E;

    fn as_call(&self) -> &Self {
        self
    }
}

/// Defines the error type of a client crate, for a schema of error responses.
///
/// It is a type of that crate and not an alias, so that rustdoc lists its methods there and finds them in a search.
#[doc(hidden)]
#[macro_export]
macro_rules! error_type {
    ($body:ty) => {
        /// The error of a call.
        ///
        /// [`kind`](Self::kind) says how far the request got, [`class`](Self::class) what to do about it. Neither `Display`
        /// nor `Debug` shows a URL, a header, a body or a value of one.
        ///
        /// `E` is the schema of error responses in the API description.
        pub struct Error<E = $body>($crate::error::Error<E>);

        impl<E> Error<E> {
            /// Returns how far the request got.
            #[must_use]
            pub const fn kind(&self) -> $crate::error::ErrorKind {
                self.0.kind()
            }

            /// Returns the `operationId` of the operation that failed.
            #[doc(alias = "endpoint")]
            #[must_use]
            pub const fn operation(&self) -> &'static str {
                self.0.operation()
            }

            /// Returns the HTTP status, if there is a response.
            #[doc(alias = "status code")]
            #[doc(alias = "http status")]
            #[must_use]
            pub fn status(&self) -> Option<u16> {
                self.0.status()
            }

            /// Returns the metadata of the response, if there is one.
            #[doc(alias = "headers")]
            #[must_use]
            pub const fn meta(&self) -> Option<&$crate::response::Meta> {
                self.0.meta()
            }

            /// Returns the decoded body of an error response, if it matches the API description.
            #[doc(alias = "error response")]
            #[doc(alias = "detail")]
            #[must_use]
            pub const fn api(&self) -> Option<&E> {
                self.0.api()
            }

            /// Returns the path of the unexpected value, such as `transactions[1].amount`. Keys that are data are `?`.
            #[must_use]
            pub fn path(&self) -> Option<&str> {
                self.0.path()
            }

            /// Returns the reason of the error in a few words, which contain no values of the request or response.
            /// `Display` shows it too.
            #[doc(alias = "cause")]
            #[doc(alias = "source")]
            #[must_use]
            pub fn reason(&self) -> Option<&str> {
                self.0.reason()
            }

            /// Returns the id that the request was sent with, if its operation sends one. `Display` and `Debug` do not
            /// show it.
            #[doc(alias = "correlation id")]
            #[doc(alias = "support")]
            #[must_use]
            pub fn sent_request_id(&self) -> Option<&str> {
                self.0.sent_request_id()
            }

            /// Returns how often the request was sent, which is 0 if it was not built.
            #[must_use]
            pub fn attempts(&self) -> u32 {
                self.0.attempts()
            }

            /// Returns whether the request may have been processed, so that sending it again may do it a second time.
            /// Find out first whether it was processed. It is `false` for GET, HEAD, PUT and DELETE, which are safe to
            /// repeat.
            #[doc(alias = "idempotent")]
            #[doc(alias = "duplicate")]
            #[must_use]
            pub fn outcome_is_unknown(&self) -> bool {
                self.0.outcome_is_unknown()
            }

            /// Returns the index in its list of the element that a
            /// [`BadRow`](openbanking_client_runtime::error::ErrorKind::BadRow) is about, starting at 0.
            #[must_use]
            pub fn row(&self) -> Option<usize> {
                self.0.row()
            }

            /// Returns the elements of lists that do not match the API description, if the rest of the response does.
            #[doc(alias = "partial")]
            #[must_use]
            pub fn bad_rows(&self) -> &[$crate::response::BadRow] {
                self.0.bad_rows()
            }

            /// Returns the raw body of the response, as far as it was kept. It may contain personal data, and `Debug`
            /// does not show it.
            #[doc(alias = "raw")]
            #[doc(alias = "bytes")]
            #[must_use]
            pub fn body(&self) -> Option<&[u8]> {
                self.0.body()
            }

            /// Decodes the value under `key` of the outermost object from a response that could not be decoded as a
            /// whole.
            ///
            /// It is for values that cannot be requested again, such as the id of a session that was just created.
            #[doc(alias = "recover")]
            #[must_use]
            pub fn salvage<T: for<'de> $crate::decode::Decode<'de>>(&self, key: &str) -> Option<T> {
                self.0.salvage(key)
            }

            /// Returns how long the service asks to wait before the next request, from the header `Retry-After`.
            #[doc(alias = "backoff")]
            #[doc(alias = "wait")]
            #[must_use]
            pub fn retry_after(&self) -> Option<::std::time::Duration> {
                self.0.retry_after()
            }

            /// Drops the decoded body. The [raw one](Self::body) is kept.
            #[must_use]
            pub fn without_api<F>(self) -> Error<F> {
                Error(self.0.without_api())
            }

            /// Changes the type of the decoded body.
            #[must_use]
            pub fn map_api<F>(self, change: impl FnOnce(E) -> F) -> Error<F> {
                Error(self.0.map_api(change))
            }
        }

        impl<E: $crate::error::ErrorBody> Error<E> {
            /// Returns the service's own error code, if there is one.
            #[doc(alias = "error code")]
            #[must_use]
            pub fn code(&self) -> Option<&E::Code> {
                self.0.code()
            }

            /// Returns the service's message. It may contain personal data, so `Display` and `Debug` do not show it.
            #[doc(alias = "description")]
            #[must_use]
            pub fn message(&self) -> Option<&str> {
                self.0.message()
            }

            /// Returns what to do about the error, by the service's own code if there is one, and otherwise by the
            /// status.
            #[must_use]
            pub fn class(&self) -> $crate::error::ErrorClass {
                self.0.class()
            }

            /// Returns whether the same request may be sent again without doing something twice, and may then succeed.
            ///
            /// Wait for [`retry_after`](Self::retry_after) first, if the service says so. It is `false` where the limits
            /// on attempts kept the client from sending the request again itself: banks count requests, and a loop
            /// around the client must not exceed these limits. It is also `false` if a rate limit is exceeded and the
            /// service does not say until when.
            #[doc(alias = "retry")]
            #[doc(alias = "transient")]
            #[doc(alias = "temporary")]
            #[must_use]
            pub fn is_retryable(&self) -> bool {
                self.0.is_retryable()
            }

            /// Returns whether the PSU has to authorize again, because the session, consent or code is not valid any
            /// more.
            #[doc(alias = "refresh")]
            #[doc(alias = "renew")]
            #[doc(alias = "reauthorize")]
            #[doc(alias = "expired")]
            #[doc(alias = "revoked")]
            #[must_use]
            pub fn needs_new_consent(&self) -> bool {
                self.0.needs_new_consent()
            }

            /// Returns whether there were too many requests.
            #[doc(alias = "rate limit")]
            #[doc(alias = "throttle")]
            #[doc(alias = "quota")]
            #[doc(alias = "429")]
            #[must_use]
            pub fn is_rate_limited(&self) -> bool {
                self.0.is_rate_limited()
            }

            /// Returns whether the application's own credentials are not accepted: key, token, clock or registration.
            #[doc(alias = "unauthorized")]
            #[doc(alias = "forbidden")]
            #[doc(alias = "401")]
            #[must_use]
            pub fn is_auth(&self) -> bool {
                self.0.is_auth()
            }
        }

        impl<E> ::std::fmt::Display for Error<E> {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, formatter)
            }
        }

        impl<E> ::std::fmt::Debug for Error<E> {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(&self.0, formatter)
            }
        }

        impl<E> ::std::error::Error for Error<E> {}

        #[doc(hidden)]
        impl<E> From<$crate::error::Error<E>> for Error<E> {
            fn from(error: $crate::error::Error<E>) -> Self {
                Self(error)
            }
        }

        #[doc(hidden)]
        impl<E> From<Error<E>> for $crate::error::Error<E> {
            fn from(error: Error<E>) -> Self {
                error.0
            }
        }

        #[doc(hidden)]
        impl<E> $crate::error::ClientError for Error<E> {
            type Body = E;

            fn as_call(&self) -> &$crate::error::Error<E> {
                &self.0
            }
        }
    };
}

/// Implements what is known about an error body whose code and message are not known.
#[doc(hidden)]
#[macro_export]
macro_rules! plain_error_body {
    ($body:ty) => {
        /// The status decides what to do about an error.
        impl $crate::error::ErrorBody for $body {
            type Code = ();

            fn code(&self) -> Option<&()> {
                None
            }

            fn message(&self) -> Option<&str> {
                None
            }

            fn class(&self, _: u16) -> Option<$crate::error::ErrorClass> {
                None
            }
        }
    };
}

/// Makes a type that is decoded from JSON the body of errors.
#[doc(hidden)]
#[macro_export]
macro_rules! plain_error {
    ($body:ty) => {
        impl $crate::error::ErrorLabel for $body {
            fn label(&self) -> Option<&'static str> {
                None
            }

            fn is_error(&self) -> bool {
                false
            }
        }

        $crate::plain_error_body!($body);
    };
}
