//! The commands and the programs of `docs/engines.md`, run as they stand there.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::pmem::skipped;
use crate::scratch::Scratch;

/// Returns the blocks of code: their language, and their text.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let mut parts = text.split("\n```");
    parts.next();
    let code = parts.step_by(2);
    code.map(|block| block.split_once('\n').unwrap_or((block, ""))).collect()
}

/// Are the modules there that a program imports?
fn imports(program: &str) -> Result<(), String> {
    let is_import = |line: &&str| line.starts_with("import ") || line.starts_with("from ");
    for line in program.lines().filter(is_import) {
        let output = Command::new("python3").args(["-c", line]).output();
        if !output.is_ok_and(|output| output.status.success()) {
            return Err(line.to_owned());
        }
    }
    Ok(())
}

#[test]
fn every_block_runs() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/engines.md");
    let page = fs::read_to_string(page).unwrap();
    let scratch = Scratch::new();
    let mut ran = 0;
    for (language, code) in blocks(&page) {
        match language {
            "sh" => {
                let (code, error) = scratch.shell(&format!("set -e\nexec > /dev/null\n{code}"));
                assert_eq!((code, &*error), (0, ""), "{code}");
            }
            "python" => match imports(code) {
                Ok(()) => {
                    let mut python = Command::new("python3");
                    let output = python.args(["-c", code]).current_dir(scratch.path("")).output();
                    let output = output.unwrap();
                    let error = String::from_utf8_lossy(&output.stderr).into_owned();
                    assert!(output.status.success(), "{code}\n{error}");
                }
                Err(import) => skipped(&import),
            },
            other => assert_eq!(other, "sql", "a block of another language"),
        }
        ran += 1;
    }
    assert!(ran > 15, "{ran} blocks");
}
