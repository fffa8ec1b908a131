//! The operator's exceptions: inside addresses that may be called all the same, each with its port.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

/// Ranges of addresses, each with one port, that may be called although they are not public.
/// Empty by default, as it should be in production.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowList {
    entries: Vec<(IpNet, u16)>,
}

/// An entry of an allow list that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidAllowList {
    /// The entry as it was written.
    pub entry: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl AllowList {
    /// Reads entries like `10.0.0.0/8:443` or `[::1]/128:4010`, separated by commas or white space. An
    /// address without a prefix length stands for itself alone. An empty text is an empty list.
    ///
    /// # Errors
    /// [`InvalidAllowList`] names the first entry that could not be understood.
    pub fn parse(text: &str) -> Result<Self, InvalidAllowList> {
        let entries = text
            .split(|letter: char| letter == ',' || letter.is_whitespace())
            .filter(|entry| !entry.is_empty())
            .map(|entry| {
                parse_entry(entry).map_err(|problem| InvalidAllowList { entry: entry.to_owned(), problem })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }

    /// Whether `address` may be called at `port` although it may not be public.
    pub fn allows(&self, address: IpAddr, port: u16) -> bool {
        self.entries.iter().any(|(range, listed)| *listed == port && range.contains(&address))
    }

    /// Whether anything at all is listed.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The ports that occur.
    pub(crate) fn ports(&self) -> BTreeSet<u16> {
        self.entries.iter().map(|(_, port)| *port).collect()
    }
}

fn parse_entry(entry: &str) -> Result<(IpNet, u16), &'static str> {
    let (range, port) = entry.rsplit_once(':').ok_or("expected an address range, a colon and a port")?;
    let port: u16 = port
        .parse()
        .ok()
        .filter(|port| *port != 0)
        .ok_or("expected a port from 1 to 65535 after the last colon")?;
    let (address, bits) = match range.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (range, None),
    };
    let address = parse_address(address)?;
    let bits = match bits {
        Some(bits) => bits.parse().map_err(|_| "expected a prefix length after the slash")?,
        None if address.is_ipv4() => 32,
        None => 128,
    };
    let range = IpNet::new(address, bits).map_err(|_| "the prefix is longer than the address")?;
    if range.trunc() != range {
        // 10.0.0.1/8 may have been meant as 10.0.0.1/32, which is far less.
        return Err("the address has bits beyond its prefix");
    }
    Ok((range, port))
}

/// IPv6 only in brackets: without them the port would be ambiguous.
fn parse_address(text: &str) -> Result<IpAddr, &'static str> {
    let parsed = match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) => inner.parse().map(IpAddr::V6),
        None => text.parse().map(IpAddr::V4),
    };
    parsed.map_err(|_| "expected an IPv4 address, or an IPv6 address in brackets")
}

impl fmt::Display for InvalidAllowList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "could not read the allow list entry {:?}: {}", self.entry, self.problem)
    }
}

impl std::error::Error for InvalidAllowList {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn allows_what_is_listed_and_nothing_else() {
        let list = AllowList::parse(
            "127.0.0.1/32:4010, 10.0.0.0/8:443\n[::1]/128:4010,[fd00::]/8:80 192.168.1.9:81",
        )
        .unwrap();
        let allowed = [
            ("127.0.0.1", 4010),
            ("10.0.0.0", 443),
            ("10.255.255.255", 443),
            ("::1", 4010),
            ("fd12::3", 80),
            ("192.168.1.9", 81),
        ];
        let refused = [
            ("127.0.0.1", 4011),
            ("127.0.0.2", 4010),
            ("10.0.0.1", 80),
            ("11.0.0.0", 443),
            ("9.255.255.255", 443),
            ("::1", 443),
            ("::2", 4010),
            ("::ffff:127.0.0.1", 4010),
            ("::127.0.0.1", 4010),
            ("192.168.1.8", 81),
        ];
        for (address, port) in allowed {
            assert!(list.allows(address.parse().unwrap(), port), "{address} {port}");
        }
        for (address, port) in refused {
            assert!(!list.allows(address.parse().unwrap(), port), "{address} {port}");
        }
    }

    #[test]
    fn an_empty_text_is_an_empty_list() {
        for text in ["", " ", ",", " , \n"] {
            assert_eq!(AllowList::parse(text), Ok(AllowList::default()));
        }
        assert!(AllowList::default().is_empty());
        assert!(!AllowList::default().allows("127.0.0.1".parse().unwrap(), 80));
    }

    #[test]
    fn mistakes_are_named() {
        let wrong = [
            "127.0.0.1",
            "127.0.0.1/32",
            "127.0.0.1/32:",
            "127.0.0.1/32:0",
            "127.0.0.1/32:65536",
            "127.0.0.1/33:80",
            "127.0.0.1/:80",
            "127.0.0.1/x:80",
            "10.0.0.1/8:80",
            "localhost:80",
            "127.1:80",
            "::1/128:80",
            "::1:80",
            "[127.0.0.1]:80",
            "[::1:80",
            "[::1]/129:80",
            "*:80",
        ];
        for entry in wrong {
            let error = AllowList::parse(&format!("127.0.0.1/32:1,{entry}")).unwrap_err();
            assert_eq!(error.entry, entry);
        }
        assert_eq!(
            AllowList::parse("10.0.0.1/8:80").unwrap_err().to_string(),
            "could not read the allow list entry \"10.0.0.1/8:80\": the address has bits beyond its prefix"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "[0-9a-f.:/\\[\\], ]{0,40}|.*") {
            let _ = AllowList::parse(&text);
        }

        #[test]
        fn an_address_allows_itself_at_its_port_alone(address: IpAddr, port in 1u16.., other in 1u16..) {
            let entry = match address {
                IpAddr::V4(address) => format!("{address}:{port}"),
                IpAddr::V6(address) => format!("[{address}]/128:{port}"),
            };
            let list = AllowList::parse(&entry).unwrap();
            prop_assert!(list.allows(address, port));
            prop_assert_eq!(list.allows(address, other), port == other);
        }
    }
}
