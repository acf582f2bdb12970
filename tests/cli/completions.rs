//! `completions` and `man`.

use std::fs;

use crate::pmem::Pmem;

#[test]
fn every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = String::from_utf8(Pmem::new(["completions", shell]).succeeds()).unwrap();
        assert!(script.contains("no-squeezing"), "{shell}");
        assert!(!script.contains("the second of two"), "{shell}");
    }
}

#[test]
fn main_page() {
    let page = String::from_utf8(Pmem::new(["man"]).succeeds()).unwrap();
    assert!(page.starts_with(".ie \\n(.g .ds Aq"), "{page}");
    assert!(page.contains(".TH pmem 1"), "{page}");
    assert!(page.contains("Exit status"), "{page}");
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
        assert!(name != "pmem-dump" || page.contains("Also \\-\\-length, \\-l"), "{page}");
    }
    pmem.exits(0);
}

#[test]
fn a_directory_that_cannot_be() {
    Pmem::new(["man", "a/b"]).file("a", "").stderr("pmem: a/b: Not a directory\n").exits(2);
}
