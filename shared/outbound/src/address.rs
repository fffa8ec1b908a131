//! Which addresses are out in the world, and which belong to somebody's inside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// IPv4 ranges that are not out in the world, after the special-purpose registry of IANA.
const INSIDE_V4: [Ipv4Net; 15] = [
    v4([0, 0, 0, 0], 8),       // this network, unspecified
    v4([10, 0, 0, 0], 8),      // private
    v4([100, 64, 0, 0], 10),   // shared by carriers (CGNAT), metadata of some clouds
    v4([127, 0, 0, 0], 8),     // loopback
    v4([169, 254, 0, 0], 16),  // link local, metadata of most clouds
    v4([172, 16, 0, 0], 12),   // private
    v4([192, 0, 0, 0], 24),    // protocol assignments, metadata of some clouds
    v4([192, 0, 2, 0], 24),    // documentation
    v4([192, 88, 99, 0], 24),  // relays of 6to4, given up
    v4([192, 168, 0, 0], 16),  // private
    v4([198, 18, 0, 0], 15),   // benchmarks
    v4([198, 51, 100, 0], 24), // documentation
    v4([203, 0, 113, 0], 24),  // documentation
    v4([224, 0, 0, 0], 4),     // multicast
    v4([240, 0, 0, 0], 4),     // reserved, broadcast
];

/// The only part of IPv6 that is given out to hosts in the world. All else is inside by being outside of
/// this: unspecified, loopback, IPv4-mapped and -compatible, NAT64, discard, SRv6, unique local, link and
/// site local, multicast. Where IPv4 is embedded we refuse also public addresses: nobody needs to write
/// them so, and each such form is one more way around a check.
const WORLD_V6: Ipv6Net = v6([0x2000, 0, 0, 0], 3);

/// Parts of [`WORLD_V6`] that are not out in the world all the same.
const INSIDE_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0, 0, 0], 23),     // protocol assignments: Teredo, benchmarks, ORCHID
    v6([0x2001, 0xdb8, 0, 0], 32), // documentation
    v6([0x2002, 0, 0, 0], 16),     // 6to4, which embeds an IPv4 address
    v6([0x3fff, 0, 0, 0], 20),     // documentation
];

/// Whether an address is out in the world: globally reachable, for one host, without IPv4 embedded.
///
/// Strict on purpose: an address of a kind that is not known to be public is not.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !INSIDE_V4.iter().any(|range| range.contains(&address)),
        IpAddr::V6(address) => {
            WORLD_V6.contains(&address) && !INSIDE_V6.iter().any(|range| range.contains(&address))
        }
    }
}

const fn v4([a, b, c, d]: [u8; 4], bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

/// A range by the first half of its address, which is enough for all of ours.
const fn v6([a, b, c, d]: [u16; 4], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), bits)
}

#[cfg(test)]
mod tests;
