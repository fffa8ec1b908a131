use super::*;
use proptest::prelude::*;

fn listed() -> AllowList {
    AllowList::parse("127.0.0.1/32:4010 [::1]/128:4010 10.0.0.0/8:443").unwrap()
}

#[test]
fn public_urls_are_accepted_and_normalised() {
    let cases = [
        ("https://example.com/hook?key=1#part", "https://example.com/hook?key=1"),
        ("HTTPS://EXAMPLE.com:443", "https://example.com/"),
        ("https://example.com:8443/a%20b", "https://example.com:8443/a%20b"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://example.com./", "https://example.com./"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://134744072/", "https://8.8.8.8/"),
        ("https://[2001:4860:4860::8888]/", "https://[2001:4860:4860::8888]/"),
        ("https://localhost.example.com/", "https://localhost.example.com/"),
        ("https://internal.example.com/", "https://internal.example.com/"),
        ("https://example.com/a|b?c={d}\"", "https://example.com/a|b?c={d}%22"),
    ];
    for (text, expected) in cases {
        let url = PublicUrl::parse(text, &AllowList::default());
        assert_eq!(url.as_ref().map(PublicUrl::as_str), Ok(expected), "{text}");
        assert_eq!(url.unwrap().uri().to_string(), expected);
    }
}

#[test]
fn other_urls_are_refused() {
    use UrlProblem::*;
    let cases = [
        ("", Malformed),
        ("example.com", Malformed),
        ("/path", Malformed),
        ("//example.com", Malformed),
        ("https://", Malformed),
        ("https:///", Malformed),
        ("https://exa mple.com", Malformed),
        (" https://example.com", Malformed),
        ("https://example.com/\n", Malformed),
        ("https://exam\tple.com/", Malformed),
        ("https://example.com:65536/", Malformed),
        ("https://256.1.1.1/", Malformed),
        ("https://1.2.3.4.5/", Malformed),
        ("https://[::1/", Malformed),
        ("https://[fe80::1%25eth0]/", Malformed),
        ("http://example.com/", NotHttps),
        ("http://8.8.8.8/", NotHttps),
        ("ftp://example.com/", NotHttps),
        ("file:///etc/passwd", NotHttps),
        ("data:text/plain,hello", NotHttps),
        ("javascript:alert(1)", NotHttps),
        ("wss://example.com/", NotHttps),
        ("https://user@example.com/", HasCredentials),
        ("https://user:pass@example.com/", HasCredentials),
        ("https://:pass@example.com/", HasCredentials),
        ("https://example.com@127.0.0.1/", HasCredentials),
        ("https://127.0.0.1/", PrivateAddress),
        ("http://127.0.0.1/", PrivateAddress),
        ("https://127.1/", PrivateAddress),
        ("https://127.0.0.1./", PrivateAddress),
        ("https://0x7f.1/", PrivateAddress),
        ("https://0177.0.0.1/", PrivateAddress),
        ("https://2130706433/", PrivateAddress),
        ("https://0x7f000001/", PrivateAddress),
        ("https://017700000001/", PrivateAddress),
        ("https://1２7.0.0.1/", PrivateAddress),
        ("https://①②⑦.0.0.1/", PrivateAddress),
        ("https://127。0。0。1/", PrivateAddress),
        ("https://%31%32%37.0.0.1/", PrivateAddress),
        ("https:\\\\127.0.0.1\\", PrivateAddress),
        ("https:127.0.0.1", PrivateAddress),
        ("https://0/", PrivateAddress),
        ("https://169.254.169.254/latest/meta-data/", PrivateAddress),
        ("https://2852039166/", PrivateAddress),
        ("https://10.1.2.3:8443/", PrivateAddress),
        ("https://[::1]/", PrivateAddress),
        ("https://[::]/", PrivateAddress),
        ("https://[::ffff:127.0.0.1]/", PrivateAddress),
        ("https://[::ffff:8.8.8.8]/", PrivateAddress),
        ("https://[::127.0.0.1]/", PrivateAddress),
        ("https://[64:ff9b::7f00:1]/", PrivateAddress),
        ("https://[fd00:ec2::254]/", PrivateAddress),
        ("https://localhost/", PrivateName),
        ("http://localhost/", PrivateName),
        ("https://localhost./", PrivateName),
        ("https://LOCALHOST/", PrivateName),
        ("https://ⓛocalhost/", PrivateName),
        ("https://api.localhost/", PrivateName),
        ("https://api.localhost./", PrivateName),
        ("https://metadata.google.internal/", PrivateName),
        ("https://db.internal./", PrivateName),
        ("https://printer.local/", PrivateName),
        ("https://intranet/", PrivateName),
    ];
    for (text, expected) in cases {
        let refused = PublicUrl::parse(text, &AllowList::default());
        assert_eq!(refused, Err(expected), "{text}");
    }
}

#[test]
fn the_allow_list_counts_address_and_port() {
    use UrlProblem::*;
    let cases = [
        ("http://127.0.0.1:4010/a", Ok(())),
        ("https://127.0.0.1:4010/a", Ok(())),
        ("http://[::1]:4010/a", Ok(())),
        ("http://localhost:4010/a", Ok(())),
        ("https://localhost:4010/a", Ok(())),
        ("https://10.20.30.40/", Ok(())),
        ("http://10.20.30.40:443/", Ok(())),
        ("http://127.0.0.1:4011/", Err(PrivateAddress)),
        ("http://127.0.0.1/", Err(PrivateAddress)),
        ("http://127.0.0.2:4010/", Err(PrivateAddress)),
        ("http://[::1]:4011/", Err(PrivateAddress)),
        ("http://[::ffff:127.0.0.1]:4010/", Err(PrivateAddress)),
        ("http://10.20.30.40/", Err(PrivateAddress)),
        ("http://localhost:4011/", Err(PrivateName)),
        ("http://localhost.:4010/", Err(PrivateName)),
        ("http://api.localhost:4010/", Err(PrivateName)),
        ("http://user@127.0.0.1:4010/", Err(HasCredentials)),
        ("http://8.8.8.8:4010/", Err(NotHttps)),
        ("ftp://127.0.0.1:4010/", Err(NotHttps)),
    ];
    for (text, expected) in cases {
        let result = PublicUrl::parse(text, &listed()).map(|_| ());
        assert_eq!(result, expected, "{text}");
    }
}

#[test]
fn long_urls_are_refused() {
    let of_length = |length: usize, letter: &str| {
        let start = "https://example.com/";
        format!("{start}{}", letter.repeat((length - start.len()) / letter.len()))
    };
    let allow = AllowList::default();
    assert!(PublicUrl::parse(&of_length(2_000, "a"), &allow).is_ok());
    for text in [of_length(2_001, "a"), of_length(1_900, "ä"), of_length(5_000_000, "a")] {
        assert_eq!(PublicUrl::parse(&text, &allow), Err(UrlProblem::TooLong));
    }
}

#[test]
fn debug_shows_the_origin_alone() {
    let url = PublicUrl::parse("https://example.com:8443/path-secret?key=query-secret", &listed());
    assert_eq!(format!("{:?}", url.unwrap()), "PublicUrl(https://example.com:8443)");
}

proptest! {
    #[test]
    fn any_text_is_answered(text in ".*|https?://[0-9a-fx.:%\\[\\]@/?#]{0,30}") {
        let _ = PublicUrl::parse(&text, &listed());
    }

    #[test]
    fn an_accepted_url_is_accepted_again_and_stays_as_it_is(
        text in "https://[a-z0-9.]{1,20}(:[0-9]{1,5})?/[ -~]{0,20}",
    ) {
        if let Ok(url) = PublicUrl::parse(&text, &listed()) {
            let again = PublicUrl::parse(url.as_str(), &listed());
            prop_assert_eq!(again, Ok(url));
        }
    }

    #[test]
    fn a_literal_address_is_accepted_exactly_if_public(address: IpAddr) {
        let text = match address {
            IpAddr::V4(address) => format!("https://{address}/"),
            IpAddr::V6(address) => format!("https://[{address}]/"),
        };
        let accepted = PublicUrl::parse(&text, &AllowList::default()).is_ok();
        prop_assert_eq!(accepted, is_public(address));
    }
}
