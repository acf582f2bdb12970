//! `man`: pages that are complete, and that `man` shows without a warning.

use std::fs;
use std::process::Command;

use crate::pmem::{Pmem, skipped};

#[test]
fn main_page() {
    let page = String::from_utf8(Pmem::new(["man"]).succeeds()).unwrap();
    assert!(page.starts_with(".ie \\n(.g .ds Aq"), "{page}");
    assert!(page.contains(".TH pmem 1"), "{page}");
}

#[test]
fn a_page_for_each_command() {
    let pmem = Pmem::new(["man", "new/man1"]);
    let pages = tempfile::tempdir_in(pmem.directory()).unwrap();
    assert_eq!(Pmem::new(["man".as_ref(), pages.path()]).succeeds(), b"");
    for name in ["pmem", "pmem-dump", "pmem-info", "pmem-completions", "pmem-man"] {
        let page = fs::read_to_string(pages.path().join(format!("{name}.1"))).unwrap();
        let version = env!("CARGO_PKG_VERSION");
        let title = format!(".TH {name} 1 \" \" \"pmem {version}\" \"User Commands\"\n");
        assert!(page.contains(&title), "{page}");
        assert!(page.contains("Do not report what was done"), "{page}");
        assert!(page.contains(".SH EXAMPLES\n"), "{page}");
        assert_eq!(page.matches(".SH \"EXIT STATUS\"\n").count(), 1, "{page}");
        assert!(name != "pmem-dump" || page.contains("Also \\-\\-length, \\-l"), "{page}");
    }
    pmem.exits(0);
}

#[test]
fn no_page_has_a_warning() {
    let pages = tempfile::tempdir().unwrap();
    Pmem::new(["man".as_ref(), pages.path()]).exits(0);
    for page in fs::read_dir(pages.path()).unwrap() {
        let page = page.unwrap().path();
        let mut man = Command::new("man");
        man.args(["--warnings=all", "--encoding=UTF-8", "--local-file"]).arg(&page);
        let Ok(output) = man.env("LC_ALL", "C.UTF-8").env("MANWIDTH", "80").output() else {
            return skipped("man");
        };
        let warnings = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && warnings.is_empty(), "{}: {warnings}", page.display());
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("EXIT STATUS"), "{text}");
    }
}

#[test]
fn a_directory_that_cannot_be() {
    Pmem::new(["man", "a/b"]).file("a", "").stderr("pmem: a/b: Not a directory\n").exits(2);
}
