//! One row of the table: the same work by several contenders.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// Measures one piece of work; what it returns is what took that long.
pub type Work = Box<dyn FnMut() -> Duration>;

/// Times `work`, and nothing around it.
pub fn timed<R>(work: impl FnOnce() -> R) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

/// Keeps the compiler from leaving out the elements that nobody looks at.
pub fn seen<T>(elements: &mut [T]) {
    std::hint::black_box(elements.as_ptr());
}

/// The same work by us, by the predecessor, and by a peer.
pub struct Contest {
    pub name: &'static str,
    pub ours: Work,
    pub seed: Option<Work>,
    pub peer: Option<(&'static str, Work)>,
    /// The ratios that the design allows, as text.
    pub target: &'static str,
}

/// What came of it.
pub struct Row {
    name: &'static str,
    ours: Duration,
    seed: Option<(Duration, f64)>,
    peer: Option<(&'static str, Duration, f64)>,
    target: &'static str,
}

impl Contest {
    /// Runs all contenders in turn, once to warm up and then `rounds` times.
    pub fn run(mut self, rounds: usize) -> Row {
        let mut times: [Vec<Duration>; 3] = Default::default();
        for round in 0..=rounds {
            let contenders = [
                Some(&mut self.ours),
                self.seed.as_mut(),
                self.peer.as_mut().map(|(_, work)| work),
            ];
            for (work, times) in contenders.into_iter().zip(&mut times) {
                let Some(work) = work else { continue };
                let time = work();
                if round > 0 {
                    times.push(time);
                }
            }
        }
        let [ours, seed, peer] = times;
        Row {
            name: self.name,
            ours: median(ours.clone()),
            seed: self.seed.map(|_| (median(seed.clone()), ratio(&ours, &seed))),
            peer: self.peer.map(|(name, _)| (name, median(peer.clone()), ratio(&ours, &peer))),
            target: self.target,
        }
    }
}

fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).expect("no time is NaN"));
    values[values.len() / 2]
}

/// The median of the ratios, pair by pair.
fn ratio(ours: &[Duration], other: &[Duration]) -> f64 {
    median(ours.iter().zip(other).map(|(a, b)| a.as_secs_f64() / b.as_secs_f64()).collect())
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |time: Duration| format!("{:.3} ms", time.as_secs_f64() * 1e3);
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "–".into());
        write!(
            f,
            "| {} | {} | {} | {} | {} | {} | {} |",
            self.name,
            time(self.ours),
            or_none(self.seed.map(|(seed, _)| time(seed))),
            or_none(self.peer.map(|(name, peer, _)| format!("{} ({name})", time(peer)))),
            or_none(self.seed.map(|(_, ratio)| format!("{ratio:.2}"))),
            or_none(self.peer.map(|(_, _, ratio)| format!("{ratio:.2}"))),
            self.target,
        )
    }
}
