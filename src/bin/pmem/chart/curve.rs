//! Curves over an index, as SVG.

use std::ops::Range;

use plotters::element::{PathElement, Polygon, Text};
use plotters::style::Color as _;
use plotters::style::text_anchor::HPos;

use super::frame::{Frame, Plot};
use super::label::significant;
use super::line::Chart;
use super::picture::{Drawn, picture};
use super::style::{FAINT, INK, PALETTE, text};

/// Pixels of a picture.
const SIZE: (u32, u32) = (960, 400);

/// Pixels beside the drawing, on the left.
const LEFT: u32 = 72;

/// Returns curves below a title as the text of an SVG file.
///
/// # Errors
///
/// They cannot be drawn.
pub(crate) fn curves(chart: &Chart<'_>, title: &str) -> anyhow::Result<String> {
    picture(SIZE, |area| {
        area.draw(&Text::new(title.to_owned(), (16, 20), text(15, INK, HPos::Left)))?;
        let several = chart.curves.len() > 1;
        if several {
            let mut x = LEFT as i32;
            for (at, curve) in chart.curves.iter().enumerate() {
                let style = text(13, FAINT, HPos::Left);
                let line = vec![(x, 42), (x + 16, 42)];
                area.draw(&PathElement::new(line, PALETTE[at % PALETTE.len()].stroke_width(3)))?;
                area.draw(&Text::new(curve.name.clone(), (x + 22, 42), style))?;
                x += 40 + 8 * curve.name.chars().count() as i32;
            }
        }
        let (low, high) = chart.values;
        let y_label = |value: f64| significant(value, 6);
        let x_label = |index: f64| match index.fract() == 0.0 && index < 1e7 {
            true => crate::text::grouped(index as u64),
            false => significant(index, 6),
        };
        let indices = &chart.indices;
        let frame = Frame {
            x: indices.start as f64..last(indices),
            y: low..high,
            top: if several { 56 } else { 40 },
            left: LEFT,
            x_label: &x_label,
            y_label: Some(&y_label),
        };
        let plot = frame.draw(area)?;
        chart.curves.iter().enumerate().try_for_each(|(at, _)| draw(chart, at, &plot))
    })
}

/// Returns the index on the right side, which is not that on the left.
fn last(indices: &Range<u64>) -> f64 {
    indices.end.saturating_sub(1).max(indices.start + 1) as f64
}

/// Draws a curve: between its gaps an area from the least to the greatest values, with an edge.
fn draw(chart: &Chart<'_>, at: usize, plot: &Plot<'_>) -> Drawn {
    let (low, high) = chart.values;
    let parts = &chart.curves[at].parts;
    let color = PALETTE[at % PALETTE.len()];
    let (start, end) = (chart.indices.start as f64, last(&chart.indices));
    let x = |part: usize| start + part as f64 / (parts.len() - 1).max(1) as f64 * (end - start);
    let (mut upper, mut lower) = (Vec::new(), Vec::new());
    for part in 0..=parts.len() {
        match parts.get(part).copied().flatten() {
            Some((min, max)) if max >= low && min <= high => {
                upper.push((x(part), max.min(high)));
                lower.push((x(part), min.max(low)));
            }
            _ if upper.is_empty() => {}
            _ => {
                let mut outline = std::mem::take(&mut upper);
                lower.reverse();
                outline.append(&mut lower);
                plot.draw(&Polygon::new(outline.clone(), color.mix(0.55)))?;
                outline.extend(outline.first().copied());
                plot.draw(&PathElement::new(outline, color.stroke_width(1)))?;
            }
        }
    }
    Ok(())
}
