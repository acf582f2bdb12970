//! The results as a picture: one panel for each operation, one bar for each backend.
//!
//! A bar starts at zero and ends at the median; a line shows the times from the shortest to the
//! longest.

use plotters::prelude::{PathElement, Rectangle, Text};
use plotters::style::text_anchor::HPos;
use plotters::style::{Color as _, RGBColor};

use super::case::Backend;
use super::record::{Record, Report};
use crate::chart::{Area, Drawn, FAINT, Frame, INK, PALETTE, Plot, picture, text};
use crate::text::units::time;
use crate::text::{Size, plural};

/// Pixels.
const WIDTH: u32 = 1000;
const TITLE: u32 = 76;
const PANEL_TITLE: u32 = 30;
const NAMES: u32 = 72;
const ROW: u32 = 30;
const PANELS_ABREAST: usize = 2;

/// Returns the picture.
///
/// # Errors
///
/// It cannot be drawn, which does not happen.
pub(super) fn svg(report: &Report) -> anyhow::Result<String> {
    let panels = report.groups().count();
    let abreast = PANELS_ABREAST.min(panels).max(1);
    // All panels have room for the same number of bars.
    let rows = report.groups().map(<[Record]>::len).max().unwrap_or(0);
    let height = PANEL_TITLE + Frame::BELOW + ROW * rows as u32;
    let lines = panels.div_ceil(abreast);
    picture((WIDTH, TITLE + height * lines as u32), |root| {
        let (head, body) = root.split_vertically(TITLE);
        head.draw(&Text::new(title(report), (16, 24), text(20, INK, HPos::Left)))?;
        head.draw(&Text::new(subtitle(report), (16, 52), text(14, FAINT, HPos::Left)))?;
        let panels = body.split_evenly((lines, abreast));
        panels.iter().zip(report.groups()).try_for_each(|(panel, bars)| draw(panel, bars, rows))
    })
}

/// Draws the bars of one operation, with room for as many as `rows`.
fn draw(area: &Area<'_>, bars: &[Record], rows: usize) -> Drawn {
    let longest = bars.iter().map(|one| one.summary.max).fold(f64::MIN_POSITIVE, f64::max);
    let name = bars.first().map_or_else(String::new, |one| one.sample.case.operation.to_string());
    area.draw(&Text::new(name, (16, 8), text(16, INK, HPos::Left)))?;
    let plot = Frame {
        x: 0.0..longest * 1.3,
        y: 0.0..rows as f64,
        top: PANEL_TITLE,
        left: NAMES,
        x_label: &|seconds| if seconds == 0.0 { "0".to_owned() } else { time(seconds) },
        y_label: None,
    }
    .draw(area)?;
    let middles = (0..rows).rev().map(|row| row as f64 + 0.5);
    bars.iter().zip(middles).try_for_each(|(one, middle)| draw_bar(area, &plot, one, middle))
}

/// Draws the bar of one record around the height `middle`, with its name and median.
fn draw_bar(area: &Area<'_>, plot: &Plot<'_>, record: &Record, middle: f64) -> Drawn {
    let (summary, backend) = (record.summary, record.sample.case.backend);
    let bar = [(0.0, middle - 0.32), (summary.median, middle + 0.32)];
    plot.draw(&Rectangle::new(bar, colour(backend).filled()))?;
    let ends = [summary.min, summary.max];
    let caps = ends.map(|end| vec![(end, middle - 0.14), (end, middle + 0.14)]);
    for line in caps.into_iter().chain([ends.map(|end| (end, middle)).to_vec()]) {
        plot.draw(&PathElement::new(line, INK.stroke_width(2)))?;
    }
    let (left, top) = area.get_base_pixel();
    let (x, y) = plot.map_coordinate(&(summary.max, middle));
    let beside = (x - left + 8, y - top);
    area.draw(&Text::new(time(summary.median), beside, text(13, INK, HPos::Left)))?;
    let before = (NAMES as i32 - 8, y - top);
    area.draw(&Text::new(backend.to_string(), before, text(14, INK, HPos::Right)))?;
    Ok(())
}

/// The colour of a backend, in every picture.
const fn colour(backend: Backend) -> RGBColor {
    PALETTE[backend as usize]
}

fn title(report: &Report) -> String {
    let Some(one) = report.records.first() else { return "pmem bench".to_owned() };
    let (sample, runs) = (&one.sample, plural(one.runs as u64, "run"));
    let size = Size(sample.memory_bytes());
    format!("pmem bench: {} {} ({size}), {runs}", sample.count, sample.element)
}

fn subtitle(Report { machine, .. }: &Report) -> String {
    let known = [
        machine.processor.clone(),
        machine.kernel.clone(),
        machine.filesystem.as_ref().map(|name| format!("files on {name}")),
        Some("bar: median, line: minimum to maximum, shorter is faster".to_owned()),
    ];
    known.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::{report, several};
    use super::*;

    #[test]
    fn names_everything() {
        let text = svg(&several()).unwrap();
        for part in ["<svg ", "grow", "sync", "global", "10.0 ms", "1.50 s", "(7.6 MiB), 3 runs"] {
            assert!(text.contains(part), "{part}");
        }
        assert!(svg(&report([])).is_ok());
    }
}
