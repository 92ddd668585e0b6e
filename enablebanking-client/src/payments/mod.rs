//! Payments: checks before a payment is created, and the meaning of its status.
//!
//! 1. [`Client::aspsps`](crate::Client::aspsps) returns what each bank supports. Choose the
//!    [`ResponsePaymentType`] of the wanted payment type and PSU type with
//!    [`AspspData::payment_rules`](crate::types::AspspData::payment_rules).
//! 2. Check the request with [`CreatePaymentRequest::check`](crate::types::CreatePaymentRequest::check), so that the bank
//!    does not refuse it after the PSU has signed.
//! 3. [`Client::create_payment`](crate::Client::create_payment) returns the address for the PSU's browser. **It is sent
//!    once**: if its response is lost ([`outcome_is_unknown`](crate::Error::outcome_is_unknown)), the payment may exist, and
//!    the API has no list of payments to look it up.
//! 4. Read the redirect with [`Redirect::parse_payment`](crate::consent::Redirect::parse_payment). It has no code.
//! 5. Poll [`Client::payment`](crate::Client::payment) until [`is_final`](crate::types::GetPaymentResponse::is_final).
//!
//! ```
//! use enablebanking_client::types::{
//!     AmountType, Aspsp, Beneficiary, CreatePaymentRequest, CreditTransferTransaction, GenericIdentification,
//!     PaymentRequestResource, PaymentType, PsuType, ResponsePaymentType, SchemeName,
//! };
//!
//! let account = GenericIdentification::new("FI2112345600000785", SchemeName::Iban);
//! let amount = AmountType::new("2.00".parse()?, "EUR");
//! let transfer = CreditTransferTransaction::new(Beneficiary::new(account), amount);
//! let payment = PaymentRequestResource::new(vec![transfer]);
//! let bank = Aspsp::new("FI", "Nordea");
//! let back = "https://app.example/back";
//! let request = CreatePaymentRequest::new(bank, payment, PaymentType::Sepa, PsuType::Personal, back, "state");
//!
//! let rules: ResponsePaymentType = serde_json::from_str(
//!     r#"{"payment_type": "SEPA", "psu_type": "personal", "creditor_name_required": true}"#,
//! )?;
//! let violations = request.check(&rules);
//! let path = "payment_request.credit_transfer_transaction[0].beneficiary.creditor.name";
//! assert_eq!(violations[0].path(), path);
//! assert_eq!(violations[0].to_string(), format!("`{path}`: the bank requires it"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod violation;

pub use self::violation::{Violation, ViolationKind};
use crate::consent::{LinkError, link};
use crate::types::{
    AspspData, CreatePaymentResponse, GetPaymentResponse, PaymentStatus, PaymentType, PsuType, ResponsePaymentType,
    SubmitPaymentResponse,
};

impl AspspData {
    /// Returns the rules of the bank for a payment type and a kind of PSU, or `None` if it does not offer this payment.
    #[must_use]
    #[doc(alias = "capabilities")]
    pub fn payment_rules(&self, payment_type: &PaymentType, psu_type: &PsuType) -> Option<&ResponsePaymentType> {
        self.payments.iter().find(|rules| rules.payment_type == *payment_type && rules.psu_type == *psu_type)
    }
}

impl CreatePaymentResponse {
    /// Returns the address to open in the PSU's browser, over https. See [`consent::link`](crate::consent::link).
    ///
    /// # Errors
    ///
    /// Returns an error if a browser cannot read the address, or if it is neither https nor http. The error does not show
    /// it.
    #[doc(alias = "redirect user")]
    pub fn link(&self) -> Result<String, LinkError> {
        link(&self.url)
    }
}

macro_rules! status {
    ($response:ident) => {
        impl $response {
            /// Returns whether the status is final: the service expects no more changes.
            #[must_use]
            #[doc(alias = "poll")]
            #[doc(alias = "done")]
            pub const fn is_final(&self) -> bool {
                self.final_status
            }

            /// Returns whether the payment was successful, by the bank's own list of final and successful statuses. `None` while
            /// the status is not final, and if the bank has no such list.
            ///
            /// A final and successful status does not promise that the money arrives.
            #[must_use]
            pub fn is_successful(&self, rules: &ResponsePaymentType) -> Option<bool> {
                is_successful(self.final_status, &self.status, rules)
            }
        }
    };
}

status!(GetPaymentResponse);
status!(SubmitPaymentResponse);

fn is_successful(is_final: bool, status: &PaymentStatus, rules: &ResponsePaymentType) -> Option<bool> {
    let successful = &rules.final_successful_statuses;
    (is_final && !successful.is_empty()).then(|| successful.contains(status))
}
