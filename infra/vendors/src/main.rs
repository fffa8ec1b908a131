//! `vendors page` writes what `docs/vendors.md` says; `vendors check` carries out real jobs with an operator's own keys.

use catalogue::Catalogue;
use jobs::{Order, Plan, Time, account::Hidden};
use outbound::{AllowList, Door};
use poller::access::parse;
use providers::{Access, Adapter, adapter};
use std::{
    env,
    error::Error,
    io::{Write, stdin, stdout},
    path::Path,
    process::ExitCode,
    time::SystemTime,
};
use vendors::{
    cheapest::{Samples, cheapest},
    check::{Checked, Means, check},
    page,
};

const USAGE: &str = "\
usage: vendors page
       vendors check [--yes] [VENDOR ...]

`check` asks each vendor whose key is in the environment for the cheapest thing that it makes, after it has told what that
costs. Keys: VIDU_API_KEY and the like, by the vendors' ids; KLING_SECRET_KEY where there is a second half; BFL_BASE_URL for
another host than the usual one; VERTEX_SECRET and the like for a whole secret as docs/vendors.md shows it. CHECK_IMAGE, CHECK_VIDEO and CHECK_AUDIO are links to a portrait, a clip in which
somebody speaks and a recording, ten seconds long at most; vendors that make nothing from words alone need them. OUTBOUND_ALLOW and
LATENCY_SCALE are those of the poller, for simulated vendors.";

/// Where the files of a check go.
const FOLDER: &str = "target/vendors-check";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["page"] => {
            print!("{}", page::page(Catalogue::built_in()));
            Ok(ExitCode::SUCCESS)
        }
        ["check", "--yes", only @ ..] => check_all(only, true).await,
        ["check", only @ ..] if !only.iter().any(|word| word.starts_with('-')) => {
            check_all(only, false).await
        }
        _ => Err(USAGE.into()),
    };
    done.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::from(2)
    })
}

/// A vendor that can be checked.
struct Checkable {
    adapter: &'static dyn Adapter,
    access: Access,
    order: Order,
    plan: Plan,
}

async fn check_all(only: &[&str], is_agreed: bool) -> Result<ExitCode, Box<dyn Error>> {
    let known = providers::vendors();
    if let Some(unknown) = only.iter().find(|word| !known.contains(word)) {
        return Err(format!("no vendor {unknown}; there are {}", known.join(", ")).into());
    }
    let wanted = known.iter().filter(|vendor| only.is_empty() || only.contains(vendor));
    let samples = Samples {
        image: setting("CHECK_IMAGE"),
        video: setting("CHECK_VIDEO"),
        audio: setting("CHECK_AUDIO"),
    };
    let latency_scale = setting("LATENCY_SCALE").map_or(Ok(1.0), |text| text.parse())?;
    let (mut checkable, mut without_key) = (Vec::new(), Vec::new());
    for vendor in wanted.filter(|vendor| **vendor != jobs::plan::SIMULATOR) {
        let (Some(adapter), Some(access)) = (adapter(vendor), access(vendor)?) else {
            without_key.push(*vendor);
            continue;
        };
        match cheapest(Catalogue::built_in(), vendor, &samples, latency_scale) {
            Some((order, plan)) => checkable.push(Checkable { adapter, access, order, plan }),
            None => println!(
                "{vendor}: makes nothing from words alone; give it CHECK_IMAGE, CHECK_VIDEO or CHECK_AUDIO"
            ),
        }
    }
    if !without_key.is_empty() {
        println!("no key in the environment, so not checked: {}", without_key.join(", "));
    }
    if checkable.is_empty() {
        return Err(format!("nothing to check\n\n{USAGE}").into());
    }
    tell_cost(&checkable);
    if !is_agreed && !agreed()? {
        return Err("nothing was ordered".into());
    }
    carry_out(checkable).await
}

/// Tells what would be ordered.
fn tell_cost(checkable: &[Checkable]) {
    for Checkable { plan, .. } in checkable {
        let options: Vec<String> =
            plan.options.0.iter().map(|(name, value)| format!("{name} {value}")).collect();
        println!("{:12} {:24} {:>8}  {}", plan.vendor, plan.model, dollars(plan.cost.0), options.join(", "));
    }
    let whole = checkable.iter().map(|one| one.plan.cost.0).sum();
    println!("{} jobs for about {}, by the catalogue's prices", checkable.len(), dollars(whole));
}

fn dollars(credits: u64) -> String {
    format!("${}.{:02}", credits / 100, credits % 100)
}

fn agreed() -> Result<bool, Box<dyn Error>> {
    print!("order them? [y/N] ");
    stdout().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// All at the same time: most of it is waiting.
async fn carry_out(checkable: Vec<Checkable>) -> Result<ExitCode, Box<dyn Error>> {
    std::fs::create_dir_all(FOLDER)?;
    let allow = AllowList::parse(&setting("OUTBOUND_ALLOW").unwrap_or_default())?;
    let door = Door::new(outbound::Options { allow, ..outbound::Options::default() })?;
    let mut running = tokio::task::JoinSet::new();
    for Checkable { adapter, access, order, plan } in checkable {
        let door = door.clone();
        running.spawn(async move {
            let means = Means { door: &door, folder: Path::new(FOLDER), clock };
            let model = plan.model.clone();
            (adapter, model, check(&means, adapter, &access, order, plan).await)
        });
    }
    let (mut well, mut not_well) = (0, 0);
    while let Some(ended) = running.join_next().await {
        let (adapter, model, checked) = ended?;
        tell(adapter, &model, &checked);
        *(if checked.verdicts.all_is_well() { &mut well } else { &mut not_well }) += 1;
    }
    println!("{well} vendors as we believe them, {not_well} not");
    Ok(if not_well == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(adapter: &dyn Adapter, model: &str, checked: &Checked) {
    let about = adapter.about();
    println!("{} ({}), {model}", adapter.vendor(), about.name);
    for line in checked.verdicts.lines(about) {
        println!("{line}");
    }
    for remark in &checked.remarks {
        println!("  {remark}");
    }
    println!();
}

/// An operator's key, by the vendor's id.
fn access(vendor: &str) -> Result<Option<Access>, String> {
    let named = |end: &str| setting(&format!("{}_{end}", vendor.to_uppercase()));
    let access = match named("SECRET") {
        Some(secret) => parse(&Hidden::new(secret)).map_err(|trouble| format!("{vendor}: {trouble}"))?,
        None => named("API_KEY").map(|key| Access {
            secret_key: named("SECRET_KEY").map(Hidden::new),
            ..Access::by_key(Hidden::new(key))
        }),
    };
    let base_url = named("BASE_URL").map(|url| url.trim_end_matches('/').to_owned());
    Ok(access.map(|access| Access { base_url: base_url.or(access.base_url.clone()), ..access }))
}

fn setting(name: &str) -> Option<String> {
    env::var(name).ok().filter(|text| !text.is_empty())
}

fn clock() -> Time {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Time::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
