//! What the options of `stats` take.

use std::str::FromStr;

use anyhow::{Context as _, bail, ensure};

use crate::argument::Value;
use crate::column::Percent;

/// How figures are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(super) enum Form {
    /// For people
    Text,
    /// A row for each column
    Csv,
    /// An object
    Json,
}

/// Percentages, separated by commas.
#[derive(Clone, Debug)]
pub(super) struct Quantiles {
    /// The percentages.
    pub(super) list: Vec<Percent>,
}

impl FromStr for Quantiles {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let mut list = Vec::new();
        for percent in text.split(',') {
            let percent = percent.trim().parse()?;
            ensure!(!list.contains(&percent), "{percent} is there twice");
            list.push(percent);
        }
        Ok(Self { list })
    }
}

/// A range of values, either side of which may be open.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Between {
    /// Where it begins.
    pub(crate) from: Option<f64>,
    /// Where it ends.
    pub(crate) to: Option<f64>,
}

impl FromStr for Between {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let shown = text.parse::<Value>()?;
        let Some((from, to)) = shown.text().split_once("..") else {
            bail!("expected a range of values, like 0..1 or -3..");
        };
        let side = |text: &str| match text {
            "" => Ok(None),
            text => {
                let value: f64 =
                    text.parse().with_context(|| format!("'{text}' is not a number"))?;
                ensure!(value.is_finite(), "the range of values must be finite");
                Ok(Some(value))
            }
        };
        let (from, to) = (side(from)?, side(to.strip_prefix('=').unwrap_or(to))?);
        ensure!(from.zip(to).is_none_or(|(from, to)| from < to), "the range ends before it starts");
        Ok(Self { from, to })
    }
}
