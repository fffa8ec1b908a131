use super::*;
use proptest::prelude::*;

/// First and last address of each inside range, and whether the neighbour before and the one after are public.
const INSIDE: &[(&str, &str, bool, bool)] = &[
    ("0.0.0.0", "0.255.255.255", false, true),
    ("10.0.0.0", "10.255.255.255", true, true),
    ("100.64.0.0", "100.127.255.255", true, true),
    ("127.0.0.0", "127.255.255.255", true, true),
    ("169.254.0.0", "169.254.255.255", true, true),
    ("172.16.0.0", "172.31.255.255", true, true),
    ("192.0.0.0", "192.0.0.255", true, true),
    ("192.0.2.0", "192.0.2.255", true, true),
    ("192.88.99.0", "192.88.99.255", true, true),
    ("192.168.0.0", "192.168.255.255", true, true),
    ("198.18.0.0", "198.19.255.255", true, true),
    ("198.51.100.0", "198.51.100.255", true, true),
    ("203.0.113.0", "203.0.113.255", true, true),
    ("224.0.0.0", "239.255.255.255", true, false),
    ("240.0.0.0", "255.255.255.255", false, false),
    // Below 2000::/3
    ("::", "::", false, false),
    ("::1", "::1", false, false),
    ("::2", "::ffff:ffff", false, false),
    ("::ffff:0:0", "::ffff:ffff:ffff", false, false),
    ("64:ff9b::", "64:ff9b::ffff:ffff", false, false),
    ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", false, false),
    ("100::", "100::ffff:ffff:ffff:ffff", false, false),
    ("100:0:0:1::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, true),
    // Inside 2000::/3
    ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", true, false),
    ("2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", false, false),
    ("2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
    ("2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
    ("2001:30::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", false, true),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true, true),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true, true),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", true, true),
    // Above it
    ("4000::", "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true, false),
    ("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
    ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
    ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
];

/// The address `distance` away, if there is one.
fn neighbour(address: IpAddr, distance: i8) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => {
            let moved = i64::from(u32::from(address)) + i64::from(distance);
            u32::try_from(moved).ok().map(|bits| Ipv4Addr::from(bits).into())
        }
        IpAddr::V6(address) => {
            let bits = u128::from(address);
            let moved = if distance < 0 { bits.checked_sub(1) } else { bits.checked_add(1) };
            moved.map(|bits| Ipv6Addr::from(bits).into())
        }
    }
}

#[test]
fn every_inside_range_is_refused_from_its_first_to_its_last_address() {
    for &(first, last, before, after) in INSIDE {
        let (first, last): (IpAddr, IpAddr) = (first.parse().unwrap(), last.parse().unwrap());
        assert!(!is_public(first), "{first}");
        assert!(!is_public(last), "{last}");
        if let Some(address) = neighbour(first, -1) {
            assert_eq!(is_public(address), before, "{address}, before {first}");
        }
        if let Some(address) = neighbour(last, 1) {
            assert_eq!(is_public(address), after, "{address}, after {last}");
        }
    }
}

#[test]
fn well_known_addresses() {
    let public = [
        "1.1.1.1",
        "8.8.8.8",
        "52.95.110.1",
        "223.255.255.255",
        "2000::",
        "2001:4860:4860::8888",
        "2600:1f18::1",
        "2a00:1450:4001:80b::200e",
    ];
    let inside = [
        "169.254.169.254", // metadata, most clouds
        "169.254.170.2",   // credentials of containers
        "100.100.100.200", // metadata, Alibaba
        "192.0.0.192",     // metadata, Oracle
        "fd00:ec2::254",   // metadata, AWS
        "::ffff:169.254.169.254",
        "::ffff:8.8.8.8",
        "::8.8.8.8",
        "64:ff9b::8.8.8.8",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "2002:808:808::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ];
    for address in public {
        assert!(is_public(address.parse().unwrap()), "{address}");
    }
    for address in inside {
        assert!(!is_public(address.parse().unwrap()), "{address}");
    }
}

proptest! {
    #[test]
    fn the_standard_library_would_refuse_no_more(bits: u32) {
        let address = Ipv4Addr::from(bits);
        let refused = address.is_private() || address.is_loopback() || address.is_link_local()
            || address.is_multicast() || address.is_broadcast() || address.is_documentation()
            || address.is_unspecified();
        prop_assert!(!(refused && is_public(address.into())));
    }

    #[test]
    fn no_ipv6_address_that_embeds_an_inside_ipv4_address_is_public(bits: u32, low: u128) {
        let embedded = u128::from(bits);
        let forms = [
            embedded,                                        // compatible
            0xffff_0000_0000 | embedded,                     // mapped
            (0x0064_ff9b_u128 << 96) | embedded,             // NAT64
            (0x2002_u128 << 112) | (embedded << 80) | (low >> 48), // 6to4
        ];
        for form in forms {
            prop_assert!(!is_public(Ipv6Addr::from(form).into()));
        }
    }

    #[test]
    fn outside_of_the_world_part_nothing_is_public(bits: u128) {
        let public = is_public(Ipv6Addr::from(bits).into());
        prop_assert!(!public || bits >> 125 == 1);
    }
}
