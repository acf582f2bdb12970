//! Figures with three digits that count, and units that a person can take in.

/// A time: `12.3 ms`.
pub(crate) fn time(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s >= 0.999_5 => (s, "s"),
        s if s >= 0.999_5e-3 => (s * 1e3, "ms"),
        s if s >= 0.999_5e-6 => (s * 1e6, "µs"),
        s => (s * 1e9, "ns"),
    };
    format!("{} {unit}", three(value))
}

/// A number of bytes a second, in GiB: `5.08`.
pub(crate) fn gib(bytes: f64) -> String {
    three(bytes / (1_u64 << 30) as f64)
}

/// A number: `5.45 G`, in powers of ten.
pub(crate) fn number(value: f64) -> String {
    let (value, unit) = match value {
        v if v >= 0.999_5e12 => (v / 1e12, "T"),
        v if v >= 0.999_5e9 => (v / 1e9, "G"),
        v if v >= 0.999_5e6 => (v / 1e6, "M"),
        v if v >= 0.999_5e3 => (v / 1e3, "k"),
        v => (v, " "),
    };
    format!("{} {unit}", three(value)).trim_end().to_owned()
}

/// A part of a whole: `3.2%`, `45%`.
pub(crate) fn percent(part: f64) -> String {
    let percent = part * 100.0;
    if percent < 9.95 { format!("{percent:.1}%") } else { format!("{percent:.0}%") }
}

/// How many times as long something takes: `1.23×`.
pub(crate) fn times(ratio: f64) -> String {
    format!("{}×", three(ratio))
}

/// A number with three digits that count, and no more after the point than that.
fn three(value: f64) -> String {
    match value {
        v if v >= 99.95 => format!("{v:.0}"),
        v if v >= 9.995 => format!("{v:.1}"),
        v if v >= 0.099_95 || v == 0.0 => format!("{v:.2}"),
        v => format!("{v:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures() {
        for (shown, expected) in [
            (time(0.0), "0.00 ns"),
            (time(1.5e-9), "1.50 ns"),
            (time(999.6e-9), "1.00 µs"),
            (time(0.012_34), "12.3 ms"),
            (time(0.999_6), "1.00 s"),
            (time(123.4), "123 s"),
            (gib(1e10), "9.31"),
            (gib(1e6), "0.0009"),
            (number(5.45e9), "5.45 G"),
            (number(999_600.0), "1.00 M"),
            (number(12.0), "12.0"),
            (number(2e15), "2000 T"),
            (percent(0.0), "0.0%"),
            (percent(0.0996), "10%"),
            (percent(2.5), "250%"),
            (times(1.0), "1.00×"),
            (times(1234.5), "1234×"),
        ] {
            assert_eq!(shown, expected);
        }
    }
}
