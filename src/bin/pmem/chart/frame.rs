//! Axes with ticks and numbers, and the room between them.

use std::ops::Range;

use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{ChartBuilder, DrawingArea, SVGBackend};
use plotters::style::text_anchor::HPos;

use super::picture::{Area, Drawn};
use super::style::{BACKGROUND, FAINT, GRID, text};

/// The room between the axes, in the units of the axes.
pub(crate) type Plot<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Axes around a plot, with about four numbers at each axis that has labels.
pub(crate) struct Frame<'a> {
    /// What the horizontal axis spans, to the right.
    pub(crate) x: Range<f64>,
    /// What the vertical axis spans, upwards.
    pub(crate) y: Range<f64>,
    /// Pixels above the plot.
    pub(crate) top: u32,
    /// Pixels beside the plot, on the left.
    pub(crate) left: u32,
    /// Says what a number on the horizontal axis is.
    pub(crate) x_label: &'a dyn Fn(f64) -> String,
    /// Says what a number on the vertical axis is, if that axis has numbers.
    pub(crate) y_label: Option<&'a dyn Fn(f64) -> String>,
}

impl Frame<'_> {
    /// Pixels below the plot, for the numbers.
    pub(crate) const BELOW: u32 = 28;

    /// Pixels beside the plot, on the right.
    const RIGHT: u32 = 16;

    /// Draws the axes, and returns the room between them.
    ///
    /// # Errors
    ///
    /// They cannot be drawn.
    pub(crate) fn draw<'s>(&self, area: &Area<'s>) -> Drawn<Plot<'s>> {
        let mut chart = ChartBuilder::on(area)
            .margin_top(self.top)
            .margin_right(Self::RIGHT)
            .x_label_area_size(Self::BELOW)
            .y_label_area_size(self.left)
            .build_cartesian_2d(self.x.clone(), self.y.clone())?;
        let x_label = |number: &f64| (self.x_label)(*number);
        let y_label = |number: &f64| self.y_label.map_or_else(String::new, |label| label(*number));
        let mut mesh = chart.configure_mesh();
        if self.y_label.is_none() {
            mesh.disable_y_mesh();
        }
        mesh.x_labels(4)
            .y_labels(if self.y_label.is_some() { 4 } else { 0 })
            .x_max_light_lines(1)
            .y_max_light_lines(1)
            .bold_line_style(GRID)
            .light_line_style(BACKGROUND)
            .axis_style(FAINT)
            .label_style(text(13, FAINT, HPos::Center))
            .x_label_formatter(&x_label)
            .y_label_formatter(&y_label)
            .draw()?;
        Ok(chart.plotting_area().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::super::picture::picture;
    use super::*;

    #[test]
    fn axes_have_the_numbers_that_are_asked_for() {
        let label = |number: f64| format!("<{number}>");
        for (y_label, numbers) in [(None, false), (Some(&label as &dyn Fn(f64) -> String), true)] {
            let svg = picture((300, 200), |area| {
                let x_label = &|number| format!("{number} s");
                let (x, y) = (0.0..4.0, 10.0..20.0);
                let frame = Frame { x, y, top: 10, left: 40, x_label, y_label };
                let plot = frame.draw(area)?;
                assert_eq!(plot.get_x_range(), 0.0..4.0);
                Ok(())
            });
            let svg = svg.unwrap();
            assert!(svg.contains("\n2 s\n"), "{svg}");
            assert_eq!(svg.contains("&lt;15&gt;"), numbers, "{svg}");
        }
    }
}
