//! The results as a picture: one panel for each operation, one bar for each backend.
//!
//! A bar starts at zero and ends at the median; a line shows the times from the shortest to the
//! longest. The picture has a background of its own, so that it can be read on a dark page, too;
//! the colours are those of Okabe and Ito, which people tell apart who do not see all colours.

use anyhow::anyhow;
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    ChartBuilder, DrawingArea, IntoDrawingArea as _, PathElement, RGBColor, Rectangle, SVGBackend,
    Text, TextStyle,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, IntoFont as _};

use super::backend::Backend;
use super::machine::Machine;
use super::measured::{Measured, operations};
use super::operation::Operation;
use super::units::time;
use crate::text::Size;

const BACKGROUND: RGBColor = RGBColor(0xff, 0xff, 0xff);
const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
const FAINT: RGBColor = RGBColor(0x66, 0x66, 0x66);
const GRID: RGBColor = RGBColor(0xe4, 0xe4, 0xe4);

/// Pixels.
const WIDTH: u32 = 1000;
const TITLE: u32 = 76;
const PANEL_TITLE: u32 = 30;
const PANEL_AXIS: u32 = 28;
const ROW: u32 = 30;
const PANELS_ABREAST: usize = 2;

/// Where bars are: seconds to the right, rows upwards.
type Plot<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// A part of the picture, in pixels.
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Returns the picture.
///
/// # Errors
///
/// It cannot be drawn, which does not happen.
pub(super) fn svg(all: &[Measured], machine: &Machine) -> anyhow::Result<String> {
    let operations = operations(all);
    let rows = rows(all);
    let abreast = PANELS_ABREAST.min(operations.len()).max(1);
    let height = PANEL_TITLE + PANEL_AXIS + ROW * rows as u32;
    let lines = operations.len().div_ceil(abreast);
    let size = (WIDTH, TITLE + height * lines as u32);
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, size).into_drawing_area();
        draw(&root, all, machine, (lines, abreast)).map_err(|error| anyhow!("SVG: {error}"))?;
    }
    Ok(text)
}

type Drawn = Result<(), Box<dyn std::error::Error>>;

fn draw(root: &Area<'_>, all: &[Measured], machine: &Machine, shape: (usize, usize)) -> Drawn {
    root.fill(&BACKGROUND)?;
    let (head, body) = root.split_vertically(TITLE);
    head.draw(&Text::new(title(all), (16, 24), style(20, INK, HPos::Left)))?;
    head.draw(&Text::new(subtitle(machine), (16, 52), style(14, FAINT, HPos::Left)))?;
    let panels = body.split_evenly(shape);
    for (panel, operation) in panels.iter().zip(operations(all)) {
        draw_panel(panel, operation, &of(all, operation), rows(all))?;
    }
    root.present()?;
    Ok(())
}

fn draw_panel(area: &Area<'_>, operation: Operation, bars: &[&Measured], rows: usize) -> Drawn {
    let longest = bars.iter().map(|one| one.summary().max).fold(f64::MIN_POSITIVE, f64::max);
    let scale = longest * 1.3;
    area.draw(&Text::new(operation.name(), (16, 8), style(16, INK, HPos::Left)))?;
    let mut chart = ChartBuilder::on(area)
        .margin_top(PANEL_TITLE)
        .margin_right(16)
        .x_label_area_size(PANEL_AXIS)
        .y_label_area_size(72)
        .build_cartesian_2d(0.0..scale, 0.0..rows as f64)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(0)
        .x_labels(4)
        .x_max_light_lines(1)
        .bold_line_style(GRID)
        .light_line_style(BACKGROUND)
        .axis_style(FAINT)
        .label_style(style(13, FAINT, HPos::Center))
        .x_label_formatter(&|seconds| tick(*seconds))
        .draw()?;
    for (index, measured) in bars.iter().enumerate() {
        draw_bar(area, chart.plotting_area(), measured, (rows - index) as f64 - 0.5)?;
    }
    Ok(())
}

/// Draws the bar of one measurement around the height `middle`, with its name and median.
fn draw_bar(area: &Area<'_>, plot: &Plot<'_>, measured: &Measured, middle: f64) -> Drawn {
    let summary = measured.summary();
    let bar = [(0.0, middle - 0.32), (summary.median, middle + 0.32)];
    plot.draw(&Rectangle::new(bar, colour(measured.backend).filled()))?;
    let ends = [summary.min, summary.max];
    let caps = ends.map(|end| vec![(end, middle - 0.14), (end, middle + 0.14)]);
    for line in caps.into_iter().chain([ends.map(|end| (end, middle)).to_vec()]) {
        plot.draw(&PathElement::new(line, INK.stroke_width(2)))?;
    }
    let (left, top) = area.get_base_pixel();
    let (x, y) = plot.map_coordinate(&(summary.max, middle));
    let beside = (x - left + 8, y - top);
    area.draw(&Text::new(time(summary.median), beside, style(13, INK, HPos::Left)))?;
    area.draw(&Text::new(measured.backend.name(), (64, y - top), style(14, INK, HPos::Right)))?;
    Ok(())
}

/// Bars that every panel has room for.
fn rows(all: &[Measured]) -> usize {
    let bars = |operation: Operation| of(all, operation).len();
    operations(all).into_iter().map(bars).max().unwrap_or(0)
}

/// The measurements of one operation.
fn of(all: &[Measured], operation: Operation) -> Vec<&Measured> {
    all.iter().filter(|measured| measured.operation == operation).collect()
}

fn style(size: u32, colour: RGBColor, side: HPos) -> TextStyle<'static> {
    let vertical = if matches!(side, HPos::Center) { VPos::Top } else { VPos::Center };
    let style = ("sans-serif", size).into_font().color(&colour);
    style.pos(Pos::new(side, vertical))
}

const fn colour(backend: Backend) -> RGBColor {
    match backend {
        Backend::Global => RGBColor(0x00, 0x72, 0xb2),
        Backend::System => RGBColor(0x56, 0xb4, 0xe9),
        Backend::File => RGBColor(0xe6, 0x9f, 0x00),
        Backend::Temp => RGBColor(0x00, 0x9e, 0x73),
    }
}

fn title(all: &[Measured]) -> String {
    let Some(one) = all.first() else { return "pmem bench".to_owned() };
    let runs = all.iter().map(|one| one.costs.len());
    let (fewest, most) = (runs.clone().min().unwrap_or(0), runs.max().unwrap_or(0));
    let runs = if fewest == most { format!("{most}") } else { format!("{fewest} to {most}") };
    let size = Size(one.count.saturating_mul(one.element.size()));
    format!("pmem bench: {} {} ({size}), {runs} runs", one.count, one.element)
}

fn subtitle(machine: &Machine) -> String {
    let known = [
        machine.processor.clone(),
        machine.kernel.clone(),
        machine.filesystem.as_ref().map(|name| format!("files on {name}")),
        Some("bar: median, line: minimum to maximum, shorter is faster".to_owned()),
    ];
    known.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The label of a place on an axis.
fn tick(seconds: f64) -> String {
    if seconds == 0.0 { "0".to_owned() } else { time(seconds) }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::measured::tests::several;
    use super::*;

    #[test]
    fn names_everything_on_its_own_background() {
        let text = svg(&several(), &Machine::of(Path::new("."))).unwrap();
        for part in ["<svg ", "grow", "sync", "global", "10.0 ms", "1.50 s", "fill=\"#FFFFFF\""] {
            assert!(text.contains(part), "{part}");
        }
        assert!(svg(&[], &Machine::of(Path::new("."))).is_ok());
    }
}
