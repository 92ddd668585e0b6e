//! The IP addresses that a PSU on the internet can have.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Returns whether the address may belong to someone on the internet. Addresses reserved for documentation do.
///
/// An IPv4 address written as IPv6 must be made canonical first.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let carrier_grade_nat = first == 100 && second & 0b1100_0000 == 64;
    // 0.0.0.0/8 is this network; multicast, reserved and broadcast addresses follow from 224 on.
    let nobody = first == 0 || first >= 224;
    !(nobody || carrier_grade_nat || address.is_loopback() || address.is_private() || address.is_link_local())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, fourth, fifth, sixth, ..] = address.segments();
    // Unspecified, loopback, and IPv4 in the form that was given up.
    let within_zeros = [first, second, third, fourth, fifth, sixth] == [0; 6];
    let unique_local = first & 0xfe00 == 0xfc00;
    // fe80::/10 is link-local, fec0::/10 was site-local, ff00::/8 is multicast.
    let local_or_multicast = first >= 0xfe80;
    !(within_zeros || unique_local || local_or_multicast)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails panics")]
mod tests {
    use super::*;

    fn check(addresses: &[&str], public: bool) {
        for text in addresses {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(is_public(address.to_canonical()), public, "{text}");
        }
    }

    #[test]
    fn addresses_of_the_internet_are_public() {
        check(&["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"], true);
        check(&["128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.0.1"], true);
        check(&["192.169.0.0", "192.0.2.1", "198.51.100.1", "203.0.113.255", "223.255.255.255"], true);
        check(&["2001:db8::1", "2001:14ba::1", "2a00:1450:4026::1", "::ffff:203.0.113.5", "fbff::1"], true);
    }

    #[test]
    fn other_addresses_are_not() {
        check(&["0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255"], false);
        check(&["127.0.0.1", "127.255.255.255", "169.254.0.1", "172.16.0.0", "172.31.255.255"], false);
        check(&["192.168.0.0", "192.168.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255"], false);
        check(&["::", "::1", "::7f00:1", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1"], false);
        check(&["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:100.64.0.1", "::ffff:0.0.0.0"], false);
    }
}
