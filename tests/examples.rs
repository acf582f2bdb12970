//! The examples do what they say; the one about a file finds its data when it runs again.

use std::{fs, path::Path, process::Command};

/// Runs an example, which `cargo test` has built beside this test, in `dir`.
fn run(name: &str, dir: &Path) {
    let this = std::env::current_exe().unwrap();
    let program = this.parent().and_then(Path::parent).unwrap().join("examples").join(name);
    let output = Command::new(&program).current_dir(dir).output();
    let output = output.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn examples_run() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["erased", "generic", "global", "temp_file"] {
        run(name, dir.path());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "{name} left something behind");
    }
}

#[test]
fn file_example_finds_its_data_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data.bin");
    run("file_mapped", dir.path());
    let mut bytes = fs::read(&path).unwrap();
    assert_eq!(bytes.len(), 8000);
    assert_eq!(bytes[..8], 123_u64.to_le_bytes());
    bytes[8..16].copy_from_slice(&7_u64.to_le_bytes());
    fs::write(&path, &bytes).unwrap();
    run("file_mapped", dir.path());
    assert_eq!(fs::read(&path).unwrap(), bytes, "the second run changed what the first one stored");
}
