//! The table of accepted differences.

use super::{Difference, Right};
use crate::request::Part;

const BOTH_REFUSE: &str = "both clients refuse a line break in a header, each with an error of its own";
const LEADS_ELSEWHERE: &str =
    "an empty text, `.` or `..` as a path segment leads to another path; we do not send such a request";
const RFC_3339: &str =
    "OpenAPI has date-times in RFC 3339 form; progenitor writes them with `Display`, which has spaces";
const EMPTY: &str = "an empty list or map is a value; progenitor leaves it out as if it were unset";
const DEFAULTS: &str = "progenitor sends the defaults of properties that are unset; the service applies them itself";
const NULLS: &str =
    "null empties a property that a partial change would leave as it is; progenitor leaves it out of the request";
const DIGITS: &str = "we keep all digits of a decimal; progenitor sends a binary float";
const ORDER: &str = "JSON objects have no order; we order properties by wire name, progenitor by Rust name";
const EXPONENT: &str = "the same number; we write a float with plain digits, progenitor with a fraction or an exponent";
const PARAMETERS: &str = "we send the media type that the document names; progenitor leaves its parameters out";

/// Every accepted difference. A test fails on one that is not in this table, and on a row that is not met.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        document: "account_consents",
        operation: "ReplaceConsents",
        case: "",
        part: Part::Request,
        right: Right::Ours,
        reason: "progenitor panics if a body has more than one media type; we send the JSON one",
    },
    Difference {
        document: "project_search",
        operation: "typeaheadForWorkspace",
        case: "",
        part: Part::Query,
        right: Right::Ours,
        reason: "progenitor makes a required query parameter optional if its schema is nullable; a query has no null",
    },
    call("account_consents", "CreateConsents", "least", Part::Headers, Right::Ours, PARAMETERS),
    call("account_consents", "CreateConsents", "all", Part::Headers, Right::Ours, PARAMETERS),
    call("account_consents", "CreateConsents", "odd", Part::Headers, Right::Ours, PARAMETERS),
    call("associations", "getAssociationsCount", "all", Part::Target, Right::Both, EXPONENT),
    call("billing_insights", "billingSnapshot_get", "least", Part::Target, Right::Ours, RFC_3339),
    call("billing_insights", "billingSnapshot_get", "all", Part::Target, Right::Ours, RFC_3339),
    call("billing_insights", "billingSnapshot_get", "odd", Part::Target, Right::Ours, RFC_3339),
    call("call_reports", "listConversations", "all", Part::Target, Right::Both, EXPONENT),
    call("call_reports", "listConversations", "odd", Part::Target, Right::Both, EXPONENT),
    call("defaults", "sendPresence", "empty", Part::Body, Right::Ours, EMPTY),
    call("defaults", "sendDefaults", "least", Part::Body, Right::Both, DEFAULTS),
    call("defaults", "sendDefaults", "odd", Part::Body, Right::Both, DEFAULTS),
    call("dns_records", "domains_update_record", "odd", Part::Body, Right::Ours, NULLS),
    call("dns_records", "domains_patch_record", "odd", Part::Body, Right::Ours, NULLS),
    call("escapes", "textsThatLeadElsewhere", "dot", Part::Request, Right::Ours, LEADS_ELSEWHERE),
    call("escapes", "textsThatLeadElsewhere", "dots", Part::Request, Right::Ours, LEADS_ELSEWHERE),
    call("escapes", "textsThatLeadElsewhere", "empty", Part::Request, Right::Ours, LEADS_ELSEWHERE),
    call("escapes", "textsThatLeadElsewhere", "line break", Part::Request, Right::Both, BOTH_REFUSE),
    call("every_scalar", "inPath", "least", Part::Target, Right::Ours, RFC_3339),
    call("every_scalar", "inPath", "all", Part::Target, Right::Ours, RFC_3339),
    call("every_scalar", "inPath", "odd", Part::Target, Right::Ours, RFC_3339),
    call("every_scalar", "inQuery", "all", Part::Target, Right::Both, EXPONENT),
    call("every_scalar", "inQuery", "odd", Part::Target, Right::Both, EXPONENT),
    call("every_scalar", "momentInHeader", "least", Part::Headers, Right::Ours, RFC_3339),
    call("every_scalar", "momentInHeader", "all", Part::Headers, Right::Ours, RFC_3339),
    call("every_scalar", "momentInHeader", "odd", Part::Headers, Right::Ours, RFC_3339),
    call("invoices", "getInvoices", "all", Part::Headers, Right::Ours, RFC_3339),
    call("invoices", "getInvoices", "odd", Part::Headers, Right::Ours, RFC_3339),
    call(
        "long_names",
        "getTheSubsidiariesOfAnOrganisationThatHaveReportedTheirConsolidatedAnnualAccountsInTime2",
        "all",
        Part::Target,
        Right::Both,
        EXPONENT,
    ),
    call("long_names", "POST_Things", "least", Part::Body, Right::Both, ORDER),
    call("long_names", "POST_Things", "all", Part::Body, Right::Both, ORDER),
    call("long_names", "POST_Things", "odd", Part::Body, Right::Both, ORDER),
    call("op", "initiatePayment", "least", Part::Body, Right::Ours, DIGITS),
    call("op", "initiatePayment", "odd", Part::Body, Right::Ours, DIGITS),
    call("op", "transfer", "least", Part::Body, Right::Ours, DIGITS),
    call("op", "transfer", "odd", Part::Body, Right::Ours, DIGITS),
    call("op", "subscribe", "least", Part::Body, Right::Ours, DIGITS),
    call("op", "subscribe", "all", Part::Body, Right::Ours, DIGITS),
    call("op", "redeem", "least", Part::Body, Right::Ours, DIGITS),
    call("op", "redeem", "all", Part::Body, Right::Ours, DIGITS),
    call("payment_amounts", "listPayments", "all", Part::Target, Right::Ours, DIGITS),
    call("payment_amounts", "listPayments", "odd", Part::Target, Right::Ours, DIGITS),
    call("payment_amounts", "createPayment", "least", Part::Body, Right::Ours, DIGITS),
    call("payment_amounts", "createPayment", "all", Part::Body, Right::Ours, DIGITS),
    call("payment_amounts", "createPayment", "odd", Part::Body, Right::Ours, DIGITS),
    call("recommendations", "get-recommendations", "least", Part::Target, Right::Both, EXPONENT),
    call("recommendations", "get-recommendations", "all", Part::Target, Right::Both, EXPONENT),
    call("recommendations", "get-recommendations", "odd", Part::Target, Right::Both, EXPONENT),
    call("reserved_names", "locals", "all", Part::Body, Right::Both, ORDER),
    call("reserved_names", "locals", "odd", Part::Body, Right::Both, ORDER),
    call("scim_users", "patchUser", "all", Part::Body, Right::Both, ORDER),
    call("scim_users", "patchUser", "odd", Part::Body, Right::Both, ORDER),
];

/// A difference between the calls of an operation.
const fn call(
    document: &'static str,
    operation: &'static str,
    case: &'static str,
    part: Part,
    right: Right,
    reason: &'static str,
) -> Difference {
    Difference { document, operation, case, part, right, reason }
}
