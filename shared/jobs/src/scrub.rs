//! Texts for the log, without what may be a secret in them.
//!
//! Causes are written by others: a vendor quotes the key that it refuses, a library names the address that it could
//! not reach, signature and all. So such a text passes through here before it is logged or kept.

use std::error::Error;

/// Stands where something was left out.
pub const HIDDEN: &str = "[hidden]";

/// How keys begin: ours, those of vendors and of AWS, and tokens in JSON.
const BEGINNINGS: [&str; 18] = [
    "sk-",
    "sk_",
    "pk_",
    "rk_",
    "dt_live_",
    "dt_test_",
    "whsec_",
    "key-",
    "xai-",
    "AKIA",
    "ASIA",
    "AIza",
    "eyJ",
    "ghp_",
    "github_pat_",
    "hf_",
    "r8_",
    "xoxb-",
];

/// What is shorter than this is no key, whatever it begins with.
const SHORTEST_KEY: usize = 8;

/// Names whose values are secrets, as they stand in headers, query strings and JSON; without separators, in lower case.
const SECRET_NAMES: [&str; 16] = [
    "authorization",
    "proxyauthorization",
    "apikey",
    "xapikey",
    "xikey",
    "xiapikey",
    "secretkey",
    "secret",
    "password",
    "token",
    "accesstoken",
    "signature",
    "xamzsignature",
    "xamzsecuritytoken",
    "xamzcredential",
    "cookie",
];

/// Schemes of an `Authorization` header: what follows one is a secret.
const SCHEMES: [&str; 2] = ["bearer", "basic"];

/// The text with [`HIDDEN`] for whatever looks like a key, a token or a password. Of addresses, scheme, host and port
/// stay: what comes after them may be signed.
pub fn scrubbed(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    // Whether the value of a secret is awaited, or the sign that announces it.
    let (mut value_comes, mut sign_comes) = (false, false);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_word = is_of_word(first);
        let end = rest.find(|letter| is_of_word(letter) != in_word).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        if !in_word {
            clean.push_str(piece);
            continue;
        }
        let signs = matches!(piece, ":" | "=");
        if signs && sign_comes {
            (value_comes, sign_comes) = (true, false);
            clean.push_str(piece);
            continue;
        }
        let (name, value) = piece.split_at(piece.find([':', '=']).unwrap_or(piece.len()));
        let is_scheme = SCHEMES.iter().any(|scheme| piece.eq_ignore_ascii_case(scheme));
        if is_scheme {
            (value_comes, sign_comes) = (true, false);
            clean.push_str(piece);
        } else if let Some((scheme, address)) = piece.split_once("://") {
            value_comes = false;
            push_address(&mut clean, scheme, address);
        } else if value_comes && !signs {
            value_comes = false;
            clean.push_str(HIDDEN);
        } else if is_secret_name(name) {
            clean.push_str(name);
            match value.len() {
                0 => sign_comes = true,
                1 => {
                    value_comes = true;
                    clean.push_str(value);
                }
                _ => {
                    clean.push_str(value.get(..1).unwrap_or_default());
                    clean.push_str(HIDDEN);
                }
            }
        } else {
            sign_comes = false;
            clean.push_str(if looks_secret(piece) { HIDDEN } else { piece });
        }
    }
    clean
}

/// An error with all its causes, for the log.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    scrubbed(&text)
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || "_-./+:@%~?&=#$!*".contains(letter)
}

fn is_secret_name(name: &str) -> bool {
    // Of a name with dots or the like before it, the last part counts.
    let name = name.rsplit(['.', '/', '&', '?']).next().unwrap_or(name);
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    SECRET_NAMES.iter().any(|secret| plain.eq_ignore_ascii_case(secret))
}

/// Whether a key begins anywhere in it, other than within a word.
fn looks_secret(piece: &str) -> bool {
    BEGINNINGS.iter().any(|beginning| {
        piece.match_indices(beginning).any(|(at, _)| {
            let before = piece.get(..at).and_then(|before| before.chars().next_back());
            before.is_none_or(|letter| !letter.is_alphanumeric()) && piece.len() - at >= SHORTEST_KEY
        })
    })
}

/// An address without who calls (before an @) and what is called.
fn push_address(clean: &mut String, scheme: &str, address: &str) {
    let end = address.find(['/', '?', '#']).unwrap_or(address.len());
    let (host, path) = address.split_at(end);
    let host = host.rsplit('@').next().unwrap_or(host);
    clean.push_str(if looks_secret(scheme) { HIDDEN } else { scheme });
    clean.push_str("://");
    clean.push_str(host);
    if path.len() > 1 {
        clean.push('/');
        clean.push_str(HIDDEN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_looks_like_a_secret_is_hidden() {
        for (text, clean) in [
            ("", ""),
            ("could not save job: throttled", "could not save job: throttled"),
            ("Incorrect API key provided: sk_live_SECRET42.", "Incorrect API key provided: [hidden]"),
            ("key 'dt_live_abcdefgh' is unknown", "key '[hidden]' is unknown"),
            ("Authorization: Bearer abc.def", "Authorization: Bearer [hidden]"),
            ("{\"api_key\":\"abc\",\"model\":\"x\"}", "{\"api_key\":\"[hidden]\",\"model\":\"x\"}"),
            ("{\"password\": \"abc\"}", "{\"password\": \"[hidden]\"}"),
            ("X-Amz-Signature=0123&x=1", "X-Amz-Signature=[hidden]"),
            ("xi-api-key: abc", "xi-api-key: [hidden]"),
            (
                "error sending request for url (https://u:p@a.test:8/b?X-Amz-Signature=1)",
                "error sending request for url (https://a.test:8/[hidden])",
            ),
            ("https://a.test/", "https://a.test"),
            ("the token is too old", "the token is too old"),
            ("risk-free, task_list, gen_01abcdefgh", "risk-free, task_list, gen_01abcdefgh"),
            ("sk-", "sk-"),
        ] {
            assert_eq!(scrubbed(text), clean, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_hidden_wherever_it_stands(before in "[ a-z:={}\"'(,]{0,12}", after in "[ :={}\"'),]{0,3}") {
            let text = format!("{before} sk_live_SECRET42{after}");
            prop_assert!(!scrubbed(&text).contains("SECRET42"), "{}", text);
        }

        #[test]
        fn any_text_is_scrubbed(text: String) {
            scrubbed(&text);
        }
    }
}
