//! The tour of the README, run as it stands there.

use std::fs;
use std::path::Path;

/// Copies the files of a directory.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn tour() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = tempfile::tempdir().unwrap();
    let readme = dir.path().join("README.md");
    fs::copy(root.join("README.md"), &readme).unwrap();
    copy(&root.join("samples"), &dir.path().join("README.in/samples"));

    let cases = trycmd::TestCases::new();
    cases.register_bin("pmem", Path::new(env!("CARGO_BIN_EXE_pmem")));
    cases.env("COLUMNS", "80").env("LC_ALL", "C.UTF-8");
    cases.case(&readme);
    cases.run();
    if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
        fs::copy(&readme, root.join("README.md")).unwrap();
    }
}
