//! Every generated type of the Tilisy client, to be decoded, encoded and printed by name.

use serde_json::Value;
use tilisy_client::types;

/// What tests do with a type that they only know by name.
pub(crate) struct Codec {
    pub(crate) name: &'static str,
    /// Decodes and encodes again, or says at which path decoding failed.
    pub(crate) recode: fn(&str) -> Result<Value, String>,
    /// Decodes and prints for debugging, both ways; nothing where it does not decode.
    pub(crate) debug: fn(&str) -> Option<String>,
}

/// The type of this Rust name.
pub(crate) fn codec(name: &str) -> &'static Codec {
    CODECS.iter().find(|codec| codec.name == name).expect(name)
}

fn recode<T: serde::de::DeserializeOwned + serde::Serialize>(json: &str) -> Result<Value, String> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value: T = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| error.path().to_string())?;
    Ok(serde_json::to_value(value).expect("what was decoded can be encoded"))
}

fn debug<T: serde::de::DeserializeOwned + std::fmt::Debug>(json: &str) -> Option<String> {
    let value: T = serde_json::from_str(json).ok()?;
    Some(format!("{value:?}\n{value:#?}"))
}

macro_rules! codecs {
    ($($name:ident)*) => {
        &[$(Codec { name: stringify!($name), recode: recode::<types::$name>, debug: debug::<types::$name> },)*]
    };
}

pub(crate) const CODECS: &[Codec] = codecs! {
    Access AccountIdentification AccountResource AddressType AmountType Aspsp AspspData AuthMethod
    AuthorizeSessionRequest AuthorizeSessionResponse BalanceResource BalanceStatus BankTransactionCode CashAccountType
    Credential CreditDebitIndicator Environment ErrorCode ErrorResponse GenericIdentification GetApplicationResponse
    GetAspspsResponse GetSessionResponse HalBalances HalTransactions PartyIdentification PostalAddress PsuType
    SandboxInfo SandboxUser SchemeName SessionAccount SessionStatus StartAuthorizationRequest
    StartAuthorizationResponse SuccessResponse Transaction TransactionStatus Usage
};
