//! The shape of a vendor's item: flat names, because only those can be added to without reading.

use crate::expressions::{Item, get_number, get_text};
use jobs::{
    Time,
    health::{CutOff, Health, Scope, Speed, WINDOW_MINUTES, Why},
};

/// `good|<scope>|<minute>` or `bad|<scope>|<minute>`.
pub(super) fn count_name(good: bool, scope: &Scope, minute: i64) -> String {
    format!("{}|{}|{minute}", if good { "good" } else { "bad" }, scope_name(scope))
}

/// `cut|<scope>`.
pub(super) fn cut_name(scope: &Scope) -> String {
    format!("cut|{}", scope_name(scope))
}

/// `<class>|<slot>`.
pub(super) fn sample_name(class: &str, slot: u8) -> String {
    format!("{class}|{slot}")
}

/// No model has a star for its name.
fn scope_name(scope: &Scope) -> &str {
    match scope {
        Scope::Vendor => "*",
        Scope::Model(model) => model,
    }
}

fn read_scope(name: &str) -> Scope {
    if name == "*" { Scope::Vendor } else { Scope::Model(name.to_owned()) }
}

/// A cut-off in one text, so that it can be compared as a whole.
pub(super) fn write_cut(cut: &CutOff) -> String {
    let why = match cut.why {
        Why::Refusing => "refusing",
        Why::Failing => "failing",
        Why::Operator => "operator",
    };
    let time = |time: Option<Time>| time.map_or_else(|| "-".to_owned(), |time| time.millis().to_string());
    format!("{} {} {why} {} {}", cut.until.millis(), cut.times, time(cut.probed), time(cut.opened))
}

fn read_cut(text: &str) -> Option<CutOff> {
    let parts: Vec<&str> = text.split(' ').collect();
    let [until, times, why, probed, opened] = parts.as_slice() else { return None };
    let time = |text: &str| text.parse().ok().map(Time::from_millis);
    let why = match *why {
        "refusing" => Why::Refusing,
        "failing" => Why::Failing,
        "operator" => Why::Operator,
        _ => return None,
    };
    Some(CutOff {
        until: time(until)?,
        times: times.parse().ok()?,
        why,
        probed: time(probed),
        opened: time(opened),
    })
}

/// A record; what is not understood is left out, for nothing here is worth failing for.
pub(super) fn read_health(item: &Item) -> Health {
    let mut health = Health::default();
    for name in item.keys() {
        let parts: Vec<&str> = name.split('|').collect();
        match parts.as_slice() {
            ["cut", scope] => {
                if let Some(cut) = get_text(item, name).and_then(read_cut) {
                    health.cuts.insert(read_scope(scope), cut);
                }
            }
            [verdict @ ("good" | "bad"), scope, minute] => {
                let (Ok(minute), Some(figure)) = (minute.parse(), get_number::<u32>(item, name)) else {
                    continue;
                };
                let tally = health.tallies.entry((read_scope(scope), minute)).or_default();
                *(if *verdict == "good" { &mut tally.good } else { &mut tally.bad }) = figure;
            }
            _ => {}
        }
    }
    health
}

/// Counts of minutes before the window.
pub(super) fn stale_names(item: &Item, minute: i64) -> Vec<String> {
    let is_stale = |name: &&String| {
        let counted = name.strip_prefix("good|").or_else(|| name.strip_prefix("bad|"));
        let at: Option<i64> = counted.and_then(|rest| rest.rsplit_once('|')?.1.parse().ok());
        at.is_some_and(|at| at <= minute - WINDOW_MINUTES)
    };
    item.keys().filter(is_stale).cloned().collect()
}

/// A model's durations.
pub(super) fn read_speed(item: &Item) -> Speed {
    let mut speed = Speed::default();
    for name in item.keys() {
        let Some((class, slot)) = name.split_once('|') else { continue };
        if let (Ok(slot), Some(milliseconds)) = (slot.parse(), get_number(item, name)) {
            speed.samples.insert((class.to_owned(), slot), milliseconds);
        }
    }
    speed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_off_is_read_as_it_was_written() {
        let at = |seconds: i64| Time::from_millis(seconds * 1000);
        for why in [Why::Refusing, Why::Failing, Why::Operator] {
            for (probed, opened) in [(None, None), (Some(at(5)), None), (Some(at(5)), Some(at(9)))] {
                let cut = CutOff { until: at(4), times: 3, why, probed, opened };
                assert_eq!(read_cut(&write_cut(&cut)), Some(cut));
            }
        }
        for bad in
            ["", "4000 3 refusing -", "4000 3 sleeping - -", "x 3 refusing - -", "4000 -3 refusing - -"]
        {
            assert_eq!(read_cut(bad), None, "{bad}");
        }
    }
}
