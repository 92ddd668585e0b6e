//! The rules of a bank for a payment, checked before it is created.

use chrono::{Days, NaiveDate, Utc};
use openbanking_client_runtime::code::OpenCode;
use regex_lite::Regex;

use super::{Violation, ViolationKind};
use crate::types::{
    CreatePaymentRequest, CreditTransferTransaction, FinancialInstitutionIdentification, GenericIdentification,
    PaymentRequestResource, PostalAddress, ResponsePaymentType, SchemeName,
};

impl CreatePaymentRequest {
    /// Checks this request by the rules of a bank, and returns every rule that it breaks. It sends no request.
    ///
    /// The rules are those of [`payment_rules`](crate::types::AspspData::payment_rules). Properties that they do not mention
    /// are not checked. Days are compared with the current day in UTC, with a tolerance of one day.
    ///
    /// An empty list is not a promise: the bank can still refuse the payment, for example for lack of money.
    #[must_use]
    #[doc(alias = "validate")]
    pub fn check(&self, rules: &ResponsePaymentType) -> Vec<Violation> {
        self.check_on(Utc::now().date_naive(), rules)
    }

    fn check_on(&self, today: NaiveDate, rules: &ResponsePaymentType) -> Vec<Violation> {
        let mut check = Check { rules, today, path: String::new(), found: Vec::new() };
        check.request(self);
        check.found
    }
}

/// A check in progress.
struct Check<'a> {
    rules: &'a ResponsePaymentType,
    today: NaiveDate,
    /// The path of the object that is being checked, with a dot at its end.
    path: String,
    found: Vec<Violation>,
}

impl Check<'_> {
    fn report(&mut self, property: &str, kind: ViolationKind) {
        self.found.push(Violation::new(format!("{}{property}", self.path), kind));
    }

    fn require(&mut self, required: Option<bool>, is_there: bool, property: &str) {
        if required == Some(true) && !is_there {
            self.report(property, ViolationKind::Missing);
        }
    }

    /// Reports a property that is set although the bank does not support it. Absent flags are `false`.
    fn support(&mut self, supported: Option<bool>, is_there: bool, property: &str) {
        if supported != Some(true) && is_there {
            self.report(property, ViolationKind::NotSupported);
        }
    }

    /// Reports a code that is not in a list. An empty list allows all.
    fn allow<C: OpenCode + PartialEq>(&mut self, allowed: &[C], code: Option<&C>, property: &str) {
        if allowed.is_empty() || code.is_none_or(|code| allowed.contains(code)) {
            return;
        }
        // Codes that this version does not list are text of the service, which is not repeated.
        let known = allowed.iter().filter_map(C::listed_text).map(str::to_owned);
        self.report(property, ViolationKind::NotAllowed { allowed: known.collect() });
    }

    fn request(&mut self, request: &CreatePaymentRequest) {
        let rules = self.rules;
        if request.payment_type != rules.payment_type {
            self.report("payment_type", ViolationKind::OtherRules);
        }
        if request.psu_type != rules.psu_type {
            self.report("psu_type", ViolationKind::OtherRules);
        }
        let methods = &rules.allowed_auth_methods;
        if request.auth_method.as_ref().is_some_and(|method| !methods.is_empty() && !methods.contains(method)) {
            self.report("auth_method", ViolationKind::NotAllowed { allowed: Vec::new() });
        }
        self.support(rules.deferred_submission_supported, request.defer_submission == Some(true), "defer_submission");
        self.path = "payment_request.".to_owned();
        self.payment(&request.payment_request);
    }

    fn payment(&mut self, payment: &PaymentRequestResource) {
        let rules = self.rules;
        let account = payment.debtor_account.as_ref();
        self.require(rules.debtor_account_required, account.is_some(), "debtor_account");
        self.scheme(&rules.debtor_account_schemas, account, "debtor_account.scheme_name");
        let currency = payment.debtor_currency.as_deref().filter(|currency| *currency != "XXX");
        self.require(rules.debtor_currency_required, is_filled(currency), "debtor_currency");
        let contact = payment.debtor.as_ref().and_then(|debtor| debtor.contact_details.as_ref());
        let email = contact.and_then(|contact| contact.email_address.as_deref());
        let phone = contact.and_then(|contact| contact.phone_number.as_deref());
        self.require(rules.debtor_contact_email_required, is_filled(email), "debtor.contact_details.email_address");
        self.require(rules.debtor_contact_phone_required, is_filled(phone), "debtor.contact_details.phone_number");
        self.allow(&rules.charge_bearer_values, payment.charge_bearer.as_ref(), "charge_bearer");
        let priority = payment.payment_type_information.as_ref().and_then(|kind| kind.instruction_priority.as_ref());
        self.allow(&rules.priority_codes, priority, "payment_type_information.instruction_priority");

        let transfers = &payment.credit_transfer_transaction;
        if transfers.is_empty() {
            self.report("credit_transfer_transaction", ViolationKind::Missing);
        }
        if let Some(max) = count(rules.max_transactions).filter(|max| transfers.len() > *max) {
            self.report("credit_transfer_transaction", ViolationKind::TooMany { max });
        }
        for (index, transfer) in transfers.iter().enumerate() {
            self.path = format!("payment_request.credit_transfer_transaction[{index}].");
            self.transfer(transfer);
        }
    }

    fn transfer(&mut self, transfer: &CreditTransferTransaction) {
        let rules = self.rules;
        let amount = &transfer.instructed_amount;
        if amount.amount <= rust_decimal::Decimal::ZERO {
            self.report("instructed_amount.amount", ViolationKind::NotPositive);
        }
        if !rules.currencies.is_empty() && !rules.currencies.contains(&amount.currency) {
            let is_code = |text: &&String| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
            let allowed = rules.currencies.iter().filter(is_code).cloned().collect();
            self.report("instructed_amount.currency", ViolationKind::NotAllowed { allowed });
        }
        self.beneficiary(transfer);
        self.texts(transfer);
        self.execution_date(transfer.requested_execution_date);
        self.regulatory_reporting(transfer);
    }

    fn beneficiary(&mut self, transfer: &CreditTransferTransaction) {
        let rules = self.rules;
        let beneficiary = &transfer.beneficiary;
        let account = Some(&beneficiary.creditor_account);
        self.scheme(&rules.creditor_account_schemas, account, "beneficiary.creditor_account.scheme_name");
        let creditor = beneficiary.creditor.as_ref();
        let name = creditor.and_then(|creditor| creditor.name.as_deref());
        self.require(rules.creditor_name_required, is_filled(name), "beneficiary.creditor.name");
        let address = creditor.and_then(|creditor| creditor.postal_address.as_deref());
        let has_address = address.is_some_and(|address| *address != PostalAddress::new());
        self.require(rules.creditor_postal_address_required, has_address, "beneficiary.creditor.postal_address");
        let country = address.and_then(|address| address.country.as_deref());
        self.require(
            rules.creditor_country_required,
            is_filled(country),
            "beneficiary.creditor.postal_address.country",
        );
        let agent = beneficiary.creditor_agent.as_ref();
        let bic = agent.and_then(|agent| agent.bic_fi.as_deref());
        self.require(rules.creditor_agent_bic_fi_required, is_filled(bic), "beneficiary.creditor_agent.bic_fi");
        self.require(
            rules.creditor_agent_clearing_system_member_id_required,
            is_filled(agent.and_then(member_id)),
            "beneficiary.creditor_agent.clearing_system_member_id",
        );
    }

    fn texts(&mut self, transfer: &CreditTransferTransaction) {
        let rules = self.rules;
        let lines = transfer.remittance_information.as_deref().unwrap_or_default();
        let has_lines = lines.iter().any(|line| is_filled(Some(line)));
        self.require(rules.remittance_information_required, has_lines, "remittance_information");
        let has_reference = transfer.reference_number.is_some();
        self.support(rules.reference_number_supported, has_reference, "reference_number");
        let both = has_reference && has_lines && rules.reference_number_supported == Some(true);
        if both && rules.remittance_reference_supported != Some(true) {
            self.report("reference_number", ViolationKind::NotTogether { with: "remittance_information" });
        }
        let limits = &rules.remittance_information_lines;
        if !limits.is_empty() && lines.len() > limits.len() {
            self.report("remittance_information", ViolationKind::TooMany { max: limits.len() });
        }
        for (index, (line, limits)) in lines.iter().zip(limits).enumerate() {
            let property = format!("remittance_information[{index}]");
            let length = line.chars().count();
            if let Some(min) = count(limits.min_length).filter(|min| length < *min) {
                self.report(&property, ViolationKind::TooShort { min });
            }
            if let Some(max) = count(limits.max_length).filter(|max| length > *max) {
                self.report(&property, ViolationKind::TooLong { max });
            }
            // Banks write Perl expressions. Those that cannot be read here are left to the service, and so are lines
            // that are not ASCII: classes such as `\w` match only ASCII here.
            let pattern = limits.pattern.as_deref().filter(|_| line.is_ascii());
            let pattern = pattern.and_then(|pattern| Regex::new(pattern).ok());
            if pattern.is_some_and(|pattern| !pattern.is_match(line)) {
                self.report(&property, ViolationKind::Pattern);
            }
        }
    }

    fn execution_date(&mut self, day: Option<NaiveDate>) {
        const PROPERTY: &str = "requested_execution_date";
        let Some(day) = day else { return };
        self.support(self.rules.requested_execution_date_supported, true, PROPERTY);
        // It may still be yesterday at the bank, or be tomorrow already.
        if day.checked_add_days(Days::new(1)).is_some_and(|next| next < self.today) {
            self.report(PROPERTY, ViolationKind::InThePast);
        }
        let max_days = self.rules.requested_execution_date_max_period.and_then(|days| u64::try_from(days).ok());
        let last =
            max_days.and_then(|days| Some((days, self.today.checked_add_days(Days::new(days.checked_add(1)?))?)));
        if let Some((max_days, _)) = last.filter(|(_, last)| day > *last) {
            self.report(PROPERTY, ViolationKind::TooLate { max_days });
        }
    }

    fn regulatory_reporting(&mut self, transfer: &CreditTransferTransaction) {
        /// The largest number of reports by the API description.
        const MAX: usize = 10;
        let rules = self.rules;
        let reports = transfer.regulatory_reporting.as_deref().unwrap_or_default();
        self.require(rules.regulatory_reporting_code_required, !reports.is_empty(), "regulatory_reporting");
        if reports.len() > MAX {
            self.report("regulatory_reporting", ViolationKind::TooMany { max: MAX });
        }
        for (index, report) in reports.iter().enumerate() {
            let property = format!("regulatory_reporting[{index}].details.code");
            let code = report.details.code.as_deref();
            self.require(rules.regulatory_reporting_code_required, is_filled(code), &property);
            let known = &rules.regulatory_reporting_codes;
            if code.is_some_and(|code| !known.is_empty() && known.iter().all(|known| known.value != code)) {
                self.report(&property, ViolationKind::NotAllowed { allowed: Vec::new() });
            }
        }
    }

    fn scheme(&mut self, allowed: &[SchemeName], account: Option<&GenericIdentification>, property: &str) {
        self.allow(allowed, account.map(|account| &account.scheme_name), property);
    }
}

fn member_id(agent: &FinancialInstitutionIdentification) -> Option<&str> {
    agent.clearing_system_member_id.as_ref()?.member_id.as_deref()
}

fn is_filled(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// Returns a limit of the bank. Negative numbers are not limits.
fn count(limit: Option<i64>) -> Option<usize> {
    limit.and_then(|limit| usize::try_from(limit).ok())
}

#[cfg(test)]
mod tests;
