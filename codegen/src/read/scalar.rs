//! The meaning of an unquoted word of YAML, exactly as `serde_yaml` has it.

use serde_json::Number;

use super::NodeValue;

/// The value of an unquoted scalar, or why JSON has no such value.
pub(super) fn resolve(text: &str) -> Result<NodeValue, &'static str> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeValue::Null,
        "true" | "True" | "TRUE" => NodeValue::Bool(true),
        "false" | "False" | "FALSE" => NodeValue::Bool(false),
        _ => match number(text)? {
            Some(number) => NodeValue::Number(number),
            None => NodeValue::String(text.to_owned()),
        },
    })
}

fn number(text: &str) -> Result<Option<Number>, &'static str> {
    if is_padded(text) {
        return Ok(None);
    }
    match integer(text) {
        Some(Integer::Fits(number)) => return Ok(Some(number)),
        // Bounds of integers are often rounded to a float beyond 64 bits.
        Some(Integer::TooLarge) => return Ok(text.parse().ok().and_then(Number::from_f64)),
        None => {}
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err("a number that is not finite");
    }
    let plain = text.strip_prefix('+').unwrap_or(text);
    if plain.len() < text.len() && plain.starts_with(['+', '-']) {
        return Ok(None);
    }
    Ok(plain.parse().ok().and_then(Number::from_f64))
}

/// Zeros in front make a word of what would otherwise be a whole number.
fn is_padded(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

enum Integer {
    Fits(Number),
    TooLarge,
}

fn integer(text: &str) -> Option<Integer> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (radix, digits) = [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .find_map(|(prefix, radix)| digits.strip_prefix(prefix).map(|digits| (radix, digits)))
        .unwrap_or((10, digits));
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let number = if negative {
        i64::from_str_radix(&format!("-{digits}"), radix).map(Number::from)
    } else {
        u64::from_str_radix(digits, radix).map(Number::from)
    };
    Some(number.map_or(Integer::TooLarge, Integer::Fits))
}
