//! A drawing as SVG.

use anyhow::anyhow;
use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, IntoDrawingArea as _, SVGBackend};

use super::style::BACKGROUND;

/// A part of a drawing, in pixels from its left upper corner.
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// What became of drawing something.
pub(crate) type Drawn<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Returns a drawing of `size` pixels as the text of an SVG file.
///
/// # Errors
///
/// What `draw` returns.
pub(crate) fn picture(
    size: (u32, u32),
    draw: impl FnOnce(&Area<'_>) -> Drawn,
) -> anyhow::Result<String> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        let drawn = area.fill(&BACKGROUND).map_err(Into::into).and_then(|()| draw(&area));
        drawn.and_then(|()| Ok(area.present()?)).map_err(|error| anyhow!("SVG: {error}"))?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use plotters::prelude::Text;
    use plotters::style::text_anchor::HPos;

    use super::super::style::{INK, text};
    use super::*;

    #[test]
    fn text_on_a_background_of_its_own() {
        let label = |area: &Area<'_>| -> Drawn {
            area.draw(&Text::new("<a> & b", (5, 5), text(12, INK, HPos::Left)))?;
            Ok(())
        };
        let svg = picture((30, 20), label).unwrap();
        assert!(svg.starts_with("<svg width=\"30\" height=\"20\""), "{svg}");
        assert!(svg.contains("fill=\"#FFFFFF\"") && svg.contains("&lt;a&gt; &amp; b"), "{svg}");
        let error = picture((30, 20), |_| Err("no ink".into())).unwrap_err();
        assert_eq!(error.to_string(), "SVG: no ink");
    }
}
