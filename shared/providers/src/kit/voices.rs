//! The voices of ElevenLabs by name. Its API knows them by id only, and so do vendors that have it speak for them.

/// The voice where none is named.
pub(crate) const USUAL_VOICE: &str = "sarah";

/// Its own voices, so that the usual names need no look-up.
const VOICES: [(&str, &str); 30] = [
    ("sarah", "EXAVITQu4vr4xnSDxMaL"),
    ("adam", "pNInz6obpgDQGcFmaJgB"),
    ("alice", "Xb7hH8MSUJpSbSDYk0k2"),
    ("antoni", "ErXwobaYiN019PkySvjV"),
    ("aria", "9BWtsMINqrJLrRacOk9x"),
    ("arnold", "VR6AewLTigWG4xSOukaG"),
    ("bill", "pqHfZKP75CvOlQylNhV4"),
    ("brian", "nPczCjzI2devNBz1zQrb"),
    ("callum", "N2lVS1w4EtoT3dr4eOWO"),
    ("charlie", "IKne3meq5aSn9XLyUdCD"),
    ("charlotte", "XB0fDUnXU5powFXDhCwa"),
    ("chris", "iP95p4xoKVk53GoZ742B"),
    ("daniel", "onwK4e9ZLuTAKqWW03F9"),
    ("emily", "LcfcDJNUP1GQjkzn1xUU"),
    ("eric", "cjVigY5qzO86Huf0OWal"),
    ("george", "JBFqnCBsd6RMkjVDRZzb"),
    ("grace", "oWAxZDx7w5VEj9dCyTzz"),
    ("jessica", "cgSgspJ2msm6clMCkdW9"),
    ("josh", "TxGEqnHWrfWFTfGW9XjX"),
    ("laura", "FGY2WhTYpPnrIDTdsKH5"),
    ("liam", "TX3LPaxmHKxFdv7VOQHJ"),
    ("lily", "pFZP5JQG7iQjIQuC4Bku"),
    ("matilda", "XrExE9yKIg1WjnnlVkGX"),
    ("nicole", "piTKgcLEGmPE4e6mEKli"),
    ("rachel", "21m00Tcm4TlvDq8ikWAM"),
    ("river", "SAz9YHcvj6GT2YYXdXww"),
    ("roger", "CwhRBWXzGAHq8TQ4Fs17"),
    ("sam", "yoZ06aMxZJJ28mfd3POQ"),
    ("thomas", "GBv7mTt0atIp3Br8iCZE"),
    ("will", "bIHbv24MWmeRgasZH58o"),
];

/// The id of one of its own voices.
pub(crate) fn voice_id(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    VOICES.iter().find(|(known, _)| *known == name).map(|(_, id)| *id)
}

/// The names of its own voices.
pub(crate) fn voice_names<'a>() -> impl Iterator<Item = &'a str> {
    VOICES.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_lower_case_and_leads_to_an_id() {
        for (name, id) in VOICES {
            assert_eq!(name, name.to_lowercase());
            assert!(id.len() == 20 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{name}");
        }
        assert_eq!(voice_id("Sarah"), voice_id(USUAL_VOICE));
        assert!(voice_id(USUAL_VOICE).is_some() && voice_id("nobody").is_none());
    }
}
