//! Callbacks: signed with the account's secret over the moment, a dot and the body.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Signs callbacks, whole as it is.
const SECRET: &str = "whsec_sim-sync";

/// The headers of a callback. `now` is in milliseconds since 1970.
pub(super) fn headers(body: &str, now: u64) -> Vec<(&'static str, String)> {
    let moment = now / 1000;
    vec![("sync-signature", format!("t={moment},v1={}", signature(moment, body)))]
}

fn signature(moment: u64, body: &str) -> String {
    // HMAC takes a key of any length.
    let Ok(mut hmac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else { return String::new() };
    hmac.update(format!("{moment}.{body}").as_bytes());
    hex::encode(hmac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_as_others_make_them() {
        // As `openssl dgst -sha256 -hmac whsec_sim-sync` has it.
        let expected = "ab3d36aba4018f52ffa0ba498f06e30b7df1558894d6c4f1128fecf7ba982db8";
        assert_eq!(
            headers("{}", 1_795_255_200_999),
            [("sync-signature", format!("t=1795255200,v1={expected}"))]
        );
    }
}
