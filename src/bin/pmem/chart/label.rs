//! Numbers beside a picture: short, and no finer than the picture is.

/// Returns a number with so many significant digits at most: `0.25`, `1234`, `1.2e9`.
pub(crate) fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return String::from("0");
    }
    if !value.is_finite() {
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}{}", if value.is_nan() { "NaN" } else { "inf" });
    }
    let exact = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = exact.split_once('e').unwrap_or((&exact, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    match exponent {
        -4..7 => {
            let places = (digits as i32 - 1 - exponent).max(0) as usize;
            trimmed(&format!("{value:.places$}")).to_owned()
        }
        _ => format!("{}e{exponent}", trimmed(mantissa)),
    }
}

/// Returns numbers with as many digits behind the point as tell neighbours apart, all with the same;
/// very large and very small ones with an exponent.
pub(crate) fn labels(values: &[f64]) -> Vec<String> {
    let steps = values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let step = steps.filter(|step| *step > 0.0).fold(f64::INFINITY, f64::min);
    let greatest = values.iter().fold(0.0_f64, |greatest, value| greatest.max(value.abs()));
    if !(1e-5..1e9).contains(&greatest) || step < greatest * 1e-9 {
        let digits = match step.is_finite() {
            true => ((greatest / step).log10().ceil() as usize + 2).min(17),
            false => 6,
        };
        return values.iter().map(|value| significant(*value, digits)).collect();
    }
    if values.iter().all(|value| value.fract() == 0.0) {
        return values.iter().map(|value| format!("{value:.0}")).collect();
    }
    let places = (1 - step.min(greatest).log10().floor() as i32).max(0) as usize;
    let fixed = |value: &f64| {
        let text = format!("{value:.places$}");
        // Something that rounding has left of zero has no sign.
        let is_zero = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
        if is_zero { text.trim_start_matches('-').to_owned() } else { text }
    };
    values.iter().map(fixed).collect()
}

/// Leaves out zeroes at the end of what is behind the point.
fn trimmed(text: &str) -> &str {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}

/// Returns round numbers between two others, about so many.
pub(crate) fn round_numbers(from: f64, to: f64, about: usize) -> Vec<f64> {
    let span = to - from;
    if !(span > 0.0 && span.is_finite()) || about == 0 {
        return Vec::new();
    }
    let rough = span / about as f64;
    let power = 10.0_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power);
    let step = step.into_iter().find(|step| *step >= rough * 0.7).unwrap_or(10.0 * power);
    let (first, last) = ((from / step - 1e-9).ceil(), (to / step + 1e-9).floor());
    let count = (last - first).clamp(-1.0, 1000.0) as i64;
    (0..=count).map(|at| (first + at as f64) * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn significant_digits() {
        for (value, digits, text) in [
            (0.0, 3, "0"),
            (-0.25, 4, "-0.25"),
            (1234.567, 5, "1234.6"),
            (1234.567, 2, "1235"),
            (1.25e9, 3, "1.25e9"),
            (1e-7, 3, "1e-7"),
            (999_999.9, 3, "1000000"),
            (f64::NEG_INFINITY, 3, "-inf"),
            (f64::NAN, 3, "NaN"),
        ] {
            assert_eq!(significant(value, digits), text, "{value}");
        }
    }

    #[test]
    fn labels_tell_neighbours_apart() {
        assert_eq!(labels(&[-4.1997, -3.6618, 1e-18]), ["-4.20", "-3.66", "0.00"]);
        assert_eq!(labels(&[0.0, 16.0, 240.0]), ["0", "16", "240"]);
        assert_eq!(labels(&[1e12, 2e12]), ["1e12", "2e12"]);
        assert_eq!(labels(&[1000.0, 1000.25]), ["1000.00", "1000.25"]);
        assert_eq!(labels(&[1e-300, 2e-300, 0.0]), ["1e-300", "2e-300", "0"]);
        assert_eq!(labels(&[f64::MAX, f64::MAX.next_down()]).len(), 2);
        assert_eq!(labels(&[7.25]), ["7.2"]);
    }

    #[test]
    fn round() {
        assert_eq!(round_numbers(-1.0, 1.0, 4), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!(round_numbers(0.0, 97.0, 5), [0.0, 20.0, 40.0, 60.0, 80.0]);
        assert!(round_numbers(1.0, 1.0, 5).is_empty());
        assert!(round_numbers(0.0, f64::INFINITY, 5).is_empty());
    }
}
