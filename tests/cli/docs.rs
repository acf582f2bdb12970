//! The command lines in the documents, run as they stand there.

use std::fs;
use std::path::Path;

use crate::scratch::Scratch;

/// Documents whose command lines are run; the tour of the README has a test of its own.
const DOCUMENTS: [&str; 6] = [
    "CONTRIBUTING.md",
    "README.md",
    "docs/architecture.md",
    "docs/bench.md",
    "docs/performance.md",
    "docs/promises.md",
];

/// Returns the scripts in a document: blocks of `sh` that run the program, and command lines
/// between backticks that say more than the name of a command.
fn scripts(document: &str) -> Vec<String> {
    let mut scripts = Vec::new();
    for (number, part) in document.split("```").enumerate() {
        if number % 2 == 0 {
            let spans = part.split('`').skip(1).step_by(2);
            let spans =
                spans.filter(|span| span.starts_with("pmem ") && span.split(' ').count() > 2);
            scripts.extend(spans.map(str::to_owned));
        } else if let Some(block) = part.strip_prefix("sh\n")
            && block.lines().any(|line| line.starts_with("pmem "))
        {
            scripts.push(block.to_owned());
        }
    }
    scripts
}

/// Makes a measurement short.
fn shortened(script: &str) -> String {
    let line = |line: &str| match line.split_once('#').map_or(line, |(line, _)| line) {
        command if command.starts_with("pmem bench ") => format!("{command} -n 64 -r 1"),
        command => command.to_owned(),
    };
    script.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn command_lines_work_when_pasted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    for name in DOCUMENTS {
        for script in scripts(&fs::read_to_string(root.join(name)).unwrap()) {
            let scratch = Scratch::new()
                .file("data.bin", [0; 8192])
                .file("file", [0; 8192])
                .file("scan.bin", [0; 9 * 20]);
            let home = scratch.path("");
            let script = format!(
                "set -e\nexport HOME='{}'\nexec >/dev/null\n{}\n",
                home.display(),
                shortened(&script)
            );
            let (code, stderr) = scratch.shell(&script);
            assert_eq!(code, 0, "{name}: {script}: {stderr}");
            count += 1;
        }
    }
    assert!(count >= 6, "only {count} command lines were found");
}
