//! The course of the day as a picture: how many of the orders of each ten minutes were completed, with failover and
//! without.

use crate::summary::Summary;
use std::fmt::{self, Write};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 340.0;
/// Left, top, right and bottom of the field.
const FIELD: (f64, f64, f64, f64) = (56.0, 48.0, 944.0, 296.0);
/// The share at the bottom of the field.
const LEAST: f64 = 0.5;

/// The picture, as SVG.
pub(crate) fn picture(days: &[Summary]) -> String {
    let mut svg = String::new();
    draw(&mut svg, days).unwrap_or_default();
    svg
}

fn draw(svg: &mut String, days: &[Summary]) -> fmt::Result {
    let (left, top, right, bottom) = FIELD;
    let at_hour = |hour: f64| left + hour / 24.0 * (right - left);
    let at_share = |share: f64| bottom - (share.max(LEAST) - LEAST) / (1.0 - LEAST) * (bottom - top);
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{left}\" y=\"18\" font-size=\"14\">Orders completed, of those placed in each ten minutes where the \
         choice is ours</text>"
    )?;
    let day = |name: &str| days.iter().find(|day| day.name == name);
    for (row, outage) in
        day("outages").map(|day| day.outages.as_slice()).unwrap_or_default().iter().enumerate()
    {
        let (from, until) = (at_hour(outage.hours.0), at_hour(outage.hours.1));
        writeln!(
            svg,
            "<rect x=\"{from:.1}\" y=\"{top}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"#f3e6d0\"/>\n\
             <text x=\"{from:.1}\" y=\"{:.1}\" fill=\"#8a6d3b\">{}</text>",
            until - from,
            bottom - top,
            bottom - 8.0 - 16.0 * (row % 2) as f64,
            outage.name.split(',').next().unwrap_or_default()
        )?;
    }
    for tenth in 5..=10u32 {
        let (share, y) = (f64::from(tenth) / 10.0, at_share(f64::from(tenth) / 10.0));
        writeln!(
            svg,
            "<line x1=\"{left}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#ddd\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{:.0} %</text>",
            left - 6.0,
            y + 4.0,
            share * 100.0
        )?;
    }
    for hour in (0..=24u32).step_by(3) {
        let x = at_hour(f64::from(hour));
        writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{hour} h</text>",
            bottom + 18.0
        )?;
    }
    let lines = [("unwatched", "without failover", "#c0392b"), ("outages", "with failover", "#1f7a4d")];
    for (row, (name, words, colour)) in lines.into_iter().enumerate() {
        let Some(day) = day(name) else { continue };
        let points: Vec<String> = day
            .tens
            .iter()
            .enumerate()
            .filter(|(_, (orders, _))| *orders > 0)
            .map(|(ten, (orders, completed))| {
                let share = f64::from(*completed) / f64::from(*orders);
                format!("{:.1},{:.1}", at_hour((ten as f64 + 0.5) / 6.0), at_share(share))
            })
            .collect();
        writeln!(
            svg,
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\" points=\"{}\"/>\n\
             <text x=\"{:.1}\" y=\"36\" fill=\"{colour}\">{words}</text>",
            points.join(" "),
            left + 130.0 * row as f64
        )?;
    }
    writeln!(svg, "</svg>")
}
