//! Numbers and ids that are pure functions of what they are made for: same seed, same bytes.

use uuid::{Builder, Uuid, Variant, Version};

/// Mixes numbers into one, each bit of which depends on each bit of them (the finalizer of SplitMix64).
pub(crate) fn mix(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |state: u64, part| {
        let mut value = state.rotate_left(17).wrapping_add(*part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    })
}

/// One of a list.
pub(crate) fn pick<T>(list: &[T], number: u64) -> Option<&T> {
    let count = u64::try_from(list.len()).ok().filter(|count| *count > 0)?;
    list.get(usize::try_from(number % count).ok()?)
}

/// Returns 128 random bits as text, or `None` if the system has no random numbers.
pub(crate) fn unguessable() -> Option<String> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    Some(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// A UUID of version 4 that stands for these numbers.
pub(crate) fn uuid(parts: &[u64]) -> Uuid {
    let (high, low) = (mix(parts), mix(&[mix(parts), 1]));
    Builder::from_u128(u128::from(high) << 64 | u128::from(low))
        .with_version(Version::Random)
        .with_variant(Variant::RFC4122)
        .into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_version_4_and_do_not_repeat() {
        let ids: std::collections::BTreeSet<_> = (0..1000).map(|number| uuid(&[7, number])).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.get_version_num() == 4 && id.get_variant() == Variant::RFC4122));
        assert_eq!(uuid(&[1, 2]), uuid(&[1, 2]));
    }
}
