//! The figures as JSON for the bench, and as a page for people.

use crate::{
    figures::How,
    summary::{Group, OutageSummary, Summary, Waiting},
};
use serde_json::{Value, json};
use std::{fmt::Write, time::Duration};

/// Everything that limits may be set on.
pub(crate) fn json(days: &[Summary], took: Duration) -> Value {
    let waiting = |waiting: &Waiting| {
        json!({
            "jobs": waiting.jobs,
            "polls": waiting.polls.0, "pollsMean": waiting.polls.1, "polls95": waiting.polls.2,
            "addedShare": waiting.share.0, "addedShare95": waiting.share.1,
            "addedSeconds": waiting.seconds.0, "addedSeconds95": waiting.seconds.1,
        })
    };
    let outage = |outage: &OutageSummary| {
        json!({
            "name": outage.name, "affected": outage.affected, "failed": outage.failed,
            "failedElsewhere": outage.failed_elsewhere,
            "addedSeconds": outage.added.0, "addedSeconds95": outage.added.1,
        })
    };
    let day = |day: &Summary| {
        let figures = json!({
            "orders": day.ours.orders + day.named.orders,
            "clips": waiting(&day.clips), "pictures": waiting(&day.pictures), "polled": waiting(&day.polled),
            "success": { "ours": day.ours.success(), "named": day.named.success() },
            "spending": day.spending, "cutOffs": day.all_cuts(), "openings": day.openings, "probes": day.probes,
            "handedOver": day.handed_over, "knownAfterSeconds": day.known_after.0,
            "sentMeanwhile": day.sent_meanwhile, "choosingMicroseconds": day.choosing.0,
            "choosingMicroseconds95": day.choosing.1, "staleLetters": day.stale_letters,
            "outages": day.outages.iter().map(outage).collect::<Vec<_>>(),
        });
        (day.name.to_owned(), figures)
    };
    json!({ "days": days.iter().map(day).collect::<serde_json::Map<_, _>>(), "seconds": took.as_secs_f64() })
}

/// The page.
pub(crate) fn page(days: &[Summary], took: Duration) -> String {
    let mut page = String::from(INTRODUCTION);
    write_all(&mut page, days, took).unwrap_or_default();
    page
}

fn write_all(page: &mut String, days: &[Summary], took: Duration) -> std::fmt::Result {
    writeln!(page, "\n## Waiting and polls\n")?;
    writeln!(page, "| day | jobs | polls: median, mean, 95 % | added waiting: median, 95 % | in seconds |")?;
    writeln!(page, "|---|---|---|---|---|")?;
    for day in days {
        let kinds = [
            ("clips", &day.clips),
            ("pictures", &day.pictures),
            ("both", &day.polled),
            ("answered at once", &day.at_once),
        ];
        for (kind, waiting) in kinds {
            let Waiting { jobs, polls, share, seconds } = waiting;
            writeln!(
                page,
                "| {}, {kind} | {} | {:.0}, {:.1}, {:.0} | {:.1} %, {:.0} % | {:.1}, {:.1} |",
                day.name,
                thousands(*jobs),
                polls.0,
                polls.1,
                polls.2,
                share.0 * 100.0,
                share.1 * 100.0,
                seconds.0,
                seconds.1
            )?;
        }
    }
    writeln!(page, "\n## What became of the orders\n")?;
    writeln!(
        page,
        "| day | orders | completed, choice ours | provider named | handed over | cut-offs | probes |"
    )?;
    writeln!(page, "|---|---|---|---|---|---|---|")?;
    for day in days {
        writeln!(
            page,
            "| {} | {} | {:.2} % | {:.2} %, {} turned away | {} | {} | {} |",
            day.name,
            thousands(day.ours.orders + day.named.orders),
            day.ours.success() * 100.0,
            day.named.success() * 100.0,
            thousands(day.named.turned_away),
            thousands(day.handed_over),
            day.all_cuts(),
            day.probes
        )?;
    }
    writeln!(page, "\n## What outages cost\n")?;
    writeln!(page, "| day | outage | jobs that met it | how | failed | added seconds: median, 95 % |")?;
    writeln!(page, "|---|---|---|---|---|---|")?;
    for day in days {
        for outage in &day.outages {
            for group in &outage.groups {
                outage_line(page, day.name, outage, group)?;
            }
        }
    }
    for day in days.iter().filter(|day| !day.cuts.is_empty()) {
        let cuts: Vec<String> = day.cuts.iter().map(|(who, count)| format!("{who} {count} times")).collect();
        let (median, longest) = day.known_after;
        writeln!(
            page,
            "\n{}: {} cut off. After the first cut-off of a scope all {} desks knew within {median:.1} s at the \
             median and {longest:.1} s at most; {} orders went there meanwhile.",
            day.name,
            cuts.join(", "),
            crate::run::DESKS,
            day.sent_meanwhile
        )?;
    }
    writeln!(page, "\n## Choosing and spending\n")?;
    writeln!(
        page,
        "| day | choosing, microseconds: median, 95 % | spent against the cheapest that could make it |"
    )?;
    writeln!(page, "|---|---|---|")?;
    for day in days {
        let spending: Vec<String> =
            day.spending.iter().map(|(priority, ratio)| format!("{priority} {ratio:.2}")).collect();
        let (median, most) = day.choosing;
        writeln!(page, "| {} | {median:.0}, {most:.0} | {} |", day.name, spending.join(", "))?;
    }
    writeln!(page, "\nPlayed in {:.0} s.", took.as_secs_f64())
}

fn outage_line(page: &mut String, day: &str, outage: &OutageSummary, group: &Group) -> std::fmt::Result {
    let how = match group.how {
        How::UnderWay => "at the vendor when it began",
        How::Refused => "refused, failed or lost there",
        How::Unharmed => "sent there, made there",
        How::Diverted => "given to another at once",
    };
    let added = match group.added.0.is_finite() {
        true => format!("{:.0}, {:.0}", group.added.0, group.added.1),
        false => "-".to_owned(),
    };
    writeln!(
        page,
        "| {day} | {} | {} ({}) | {how} | {} | {added} |",
        outage.name,
        thousands(group.jobs),
        if group.ours { "choice ours" } else { "named" },
        group.failed
    )
}

fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut told = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

const INTRODUCTION: &str = "# A day of a million generations

Written by `infra/bench/simulation` (`cargo run --release -p simulation -- --write docs`); don't edit it by hand. `make
bench` plays the same days and holds them to limits.

![Orders completed in the course of the day](simulation.svg)

What decides is the real code: the catalogue chooses, `jobs::advance` and `jobs::next_step` live the jobs, `cadence` says
when a vendor is asked again, and four front desks and three pollers of each vendor have a real `Watch` over one store.
What is played is the world around them: 70 % of the orders leave the choice to us, four times as many come in the
afternoon as at night; a job's time is log-normal around its model's median, 95 % are done within 1.8 times of it (clips)
or 2.2 times (pictures, speech); 0.8 % fail, 0.6 % are forbidden, 0.2 % of the calls are refused by a blip, one in 5,000
answers is lost. Pauses over 10 s are rounded up to whole seconds, as a queue counts, and every model of the catalogue is switched on.

- *healthy*: nothing else goes wrong. *outages*: one of each kind, see below. *callbacks*: a healthy day on which vendors
  tell us when a job is done (99 % of the time, and we are there a second later). *unwatched*: the outages without
  knowledge of health and without failover. *silent*: the dark vendor does not even refuse, calls time out.
- *Added waiting* is the time from acceptance to the moment when we know of the result, less the time that the vendor
  worked, against that time. Copying the file comes on top. *Clips* are clips and avatars.
- *Added seconds* of an outage compare with what the order would have taken on a healthy day, at the vendor that would
  have been chosen then; negative where another is quicker. Failures of forbidden content don't count.

What to know when reading it:

- A picture takes some 5 s. Of the second that it waits besides, 0.55 s are the vendor's own time to answer two calls, the order
  and one question, which whoever asks the vendor directly waits for, too. A callback saves the questions, not that.
- A job that a vendor has taken and charged is never made again elsewhere. One that was there when the vendor went dark
  waits until the light is back, however long that takes.
- Who asks for the cheapest can't be handed over: nobody else makes it for what was accepted.
";
