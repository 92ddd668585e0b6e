//! Methods of generated types, as a macro.

/// Adds methods and conversions to the generated types that both editions have.
#[doc(hidden)]
#[macro_export]
macro_rules! __client_types {
    ($name:literal, $account:ty, $($hashes:ident)?) => {
        impl ErrorBody for types::ErrorResponse {
            type Code = types::ErrorCode;

            fn code(&self) -> Option<&types::ErrorCode> {
                self.error.as_ref()
            }

            fn message(&self) -> Option<&str> {
                self.message.as_deref()
            }

            fn class(&self, _: u16) -> Option<ErrorClass> {
                self.error.as_ref().and_then(|code| $crate::class(code.as_str()))
            }
        }

        impl types::StartAuthorizationResponse {
            /// Returns the address to open in the PSU's browser, over https.
            ///
            /// The service has been seen to return `http://` for a host that does not respond there. See
            /// [`consent::link`].
            ///
            /// # Errors
            ///
            /// Returns an error if a browser cannot read the address, or if it is neither https nor http. The error does
            /// not show it.
            #[doc(alias = "login")]
            #[doc(alias = "connect")]
            #[doc(alias = "redirect user")]
            pub fn link(&self) -> Result<String, $crate::consent::LinkError> {
                $crate::consent::link(&self.url)
            }
        }

        impl From<$crate::consent::AuthorizationCode> for types::AuthorizeSessionRequest {
            fn from(code: $crate::consent::AuthorizationCode) -> Self {
                Self::new(String::from(code))
            }
        }

        impl $crate::consent::IdentifiedAccount for types::AccountResource {
            type Id = $account;

            fn identification_hash(&self) -> &str {
                &self.identification_hash
            }

            $(fn other_hashes(&self) -> impl Iterator<Item = &str> {
                self.$hashes.iter().map(String::as_str)
            })?

            fn uid(&self) -> Option<$account> {
                self.uid
            }
        }

        impl $crate::consent::IdentifiedAccount for types::SessionAccount {
            type Id = $account;

            fn identification_hash(&self) -> &str {
                &self.identification_hash
            }

            $(fn other_hashes(&self) -> impl Iterator<Item = &str> {
                self.$hashes.iter().map(String::as_str)
            })?

            fn uid(&self) -> Option<$account> {
                Some(self.uid)
            }
        }

        impl types::Transaction {
            /// Returns the amount that the transaction adds to the account: positive for incoming money, negative for
            /// outgoing money.
            ///
            /// The indicator decides, and the sign of the amount itself is ignored: some banks write a minus beside `DBIT`,
            /// where it would count twice. The number of decimal places is kept.
            ///
            /// Returns `None` if the indicator is a code that this version does not list.
            ///
            /// ```
            #[doc = concat!("use ", $name, "::types::Transaction;")]
            ///
            /// let json = r#"{
            ///     "transaction_amount": {"amount": "-12.50", "currency": "EUR"},
            ///     "credit_debit_indicator": "DBIT",
            ///     "status": "BOOK"
            /// }"#;
            /// let transaction: Transaction = serde_json::from_str(json)?;
            /// assert_eq!(transaction.signed_amount().map(|sum| sum.to_string()).as_deref(), Some("-12.50"));
            /// # Ok::<(), serde_json::Error>(())
            /// ```
            #[must_use]
            #[doc(alias = "sign")]
            #[doc(alias = "negative")]
            #[doc(alias = "debit")]
            pub fn signed_amount(&self) -> Option<$crate::__private::Decimal> {
                $crate::__private::signed(self.transaction_amount.amount, self.credit_debit_indicator.as_str())
            }

            /// Returns the name of the other party: the creditor of a debit, or the debtor of a credit.
            ///
            /// It is never the name of the account holder, who is the other of the two. A party without a name is called
            /// by the first line of its postal address. `None` if the bank names neither, or if the indicator is a code
            /// that this version does not list.
            ///
            /// ```
            #[doc = concat!("use ", $name, "::types::Transaction;")]
            ///
            /// let json = r#"{
            ///     "transaction_amount": {"amount": "12.50", "currency": "EUR"},
            ///     "credit_debit_indicator": "DBIT",
            ///     "creditor": {"name": "Kahvila Käpylä"},
            ///     "debtor": {"name": "Aino Mäkelä"},
            ///     "status": "BOOK"
            /// }"#;
            /// let transaction: Transaction = serde_json::from_str(json)?;
            /// assert_eq!(transaction.counterparty(), Some("Kahvila Käpylä"));
            /// # Ok::<(), serde_json::Error>(())
            /// ```
            #[must_use]
            pub fn counterparty(&self) -> Option<&str> {
                let party = match self.credit_debit_indicator {
                    types::CreditDebitIndicator::Dbit => self.creditor.as_deref()?,
                    types::CreditDebitIndicator::Crdt => self.debtor.as_deref()?,
                    types::CreditDebitIndicator::Unknown(_) => return None,
                };
                let lines = party.postal_address.as_ref().map(|address| &address.address_line);
                $crate::__private::display_name(party.name.as_deref(), lines)
            }
        }
    };
}
