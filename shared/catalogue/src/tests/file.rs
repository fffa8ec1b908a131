//! The data file's checks: a bad row names itself and its fault.

use crate::source;

const FILE: &str = include_str!("../../models.toml");

#[test]
fn the_file_is_in_order() {
    let book = source::read(FILE).unwrap();
    assert_eq!((book.rows.len(), book.providers.len()), (98, 25));
    let count = |state| book.rows.iter().filter(|row| row.state == state).count();
    use crate::row::State;
    assert_eq!([State::On, State::Flag, State::Gone, State::None].map(count), [54, 38, 5, 1]);
}

#[test]
fn faults_name_their_row() {
    let cases = [
        ("model = \"kling-v3\"", "model = \"kling-v2.6\"", "kling-v2.6"),
        (
            "vendor_model = \"kling-v3\"",
            "vendor_modell = \"kling-v3\"",
            "model kling-v3: unknown field `vendor_modell`",
        ),
        ("vendor_model = \"kling-v3\"\n", "", "model kling-v3 of kling: vendor_model is missing"),
        (
            "options.duration = { min = 3, max = 15, default = 5 }",
            "options.duration = { min = 3, max = 15, default = 2 }",
            "model kling-v3 of kling: option duration: its default is not among its values",
        ),
        (
            "successor = \"hailuo-2.3-fast\"",
            "successor = \"hailuo-9\"",
            "model hailuo-i2v of minimax: its successor hailuo-9 does not exist",
        ),
        (
            "successor = \"hailuo-2.3-fast\"",
            "successor = \"minimax-h3\"",
            "model hailuo-i2v of minimax: its successor minimax-h3 is not on",
        ),
        (
            "price = { sure = \"T\", per = \"second\", rules = [{ usd = \"0.12\" }] }\n",
            "",
            "model gen4.5 of runway: has no price",
        ),
        (
            "rules = [{ usd = \"0.12\" }]",
            "rules = [{ usd = \"0,12\" }]",
            "model gen4.5: \"0,12\" is no amount of dollars",
        ),
        (
            "rules = [{ usd = \"0.12\" }]",
            "rules = []",
            "model gen4.5 of runway: price: its last rule must fit always",
        ),
        (
            "{ when = { resolution = [\"4k\"] }, usd = \"1.274\" }",
            "{ when = { resolution = [\"8k\"] }, usd = \"1.274\" }",
            "model ray-2 of luma: price: resolution never is 8k",
        ),
        (
            "per = \"clip\", rules",
            "per = \"clip\", clip_seconds = 5, rules",
            "price: seconds of a clip are charged only where the price goes by the second",
        ),
        (
            "because = \"sound needs pro mode\"",
            "because = \"sound needs pro mode\", why = 1",
            "model kling-v2.6: unknown field `why`",
        ),
        (
            "default_for = [\"video-audio\", \"video-script\"]",
            "default_for = [\"text\"]",
            "model lipsync-2 of sync: is the default for Text, which it does not take",
        ),
        (
            "picked_by = \"quality\"",
            "picked_by = \"qualty\"",
            "provider flux-fal: there is no option \"qualty\"",
        ),
        (
            "cost = [\"seedance-1-lite\", ",
            "cost = [\"seedance-2\", ",
            "preferred Video from Text: seedance-2 is not offered",
        ),
        (
            "cost = [\"seedance-1-lite\", ",
            "cost = [\"vidu-q2\", ",
            "preferred Video from Text: vidu-q2 is not offered for that, or its price is unknown",
        ),
        (
            "family = \"hailuo\"\nmodel = \"hailuo-2.3\"",
            "family = \"hail\"\nmodel = \"hailuo-2.3\"",
            "model hailuo-2.3: there is no family \"hail\"",
        ),
        (
            "without = [\"promptOptimizer\"]\noptions.duration",
            "without = [\"seed\"]\noptions.duration",
            "model minimax-h3: without names seed, which the family has not",
        ),
        (
            "aliases = [\"hailuo\", \"hailuo-ai\"]",
            "aliases = [\"Kling\"]",
            "provider minimax: the name \"Kling\" belongs to kling already",
        ),
        ("state = \"on\"", "state = \"off\"", "unknown variant `off`"),
        (
            "given = [\"background\"]",
            "given = [\"backdrop\"]",
            "model avatar-iv of heygen: forbidden: it speaks of an option",
        ),
        (
            "aliases = [\"hailuo\", \"hailuo-ai\"]",
            "aliases = [\"-.-\"]",
            "provider minimax: the name \"-.-\" has no letter",
        ),
    ];
    for (old, new, fault) in cases {
        assert!(FILE.contains(old), "the file has no {old}");
        let Err(faults) = source::read(&FILE.replacen(old, new, 1)) else { panic!("{new} is taken") };
        assert!(faults.iter().any(|each| each.contains(fault)), "{fault}: {faults:?}");
    }
}
