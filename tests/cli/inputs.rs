//! Where `dump` reads from and writes to: pipes, devices, odd names, sparse files.

use std::fs::File;
use std::io::Read as _;
use std::process::{Command, Stdio};

use crate::pmem::{Pmem, skipped};

#[test]
fn standard_input() {
    Pmem::new(["dump", "-"]).stdin([1, 2]).stdout("1\n2\n").exits(0);
    Pmem::new(["dump", "-"]).exits(0);
    Pmem::new(["dump", "-tu16", "--skip", "1", "-"]).stdin([1, 0, 2, 0]).stdout("2\n").exits(0);
    let long = vec![0; 3_000_000];
    Pmem::new(["dump", "-tu64", "-s", "374_999", "-"]).stdin(long).stdout("0\n").exits(0);
    Pmem::new(["dump", "-s", "-8", "-"])
        .stdin([1, 2])
        .stderr("pmem: standard input: negative positions need a file\n")
        .exits(2);
}

#[test]
fn standard_input_that_is_a_file() {
    let pmem = Pmem::new(["dump", "-", "-r-2.."]).file("a", [1, 2, 3]);
    let file = File::open(pmem.directory().join("a")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_pmem"));
    let output = command.args(["dump", "-", "-r-2.."]).stdin(file).output().unwrap();
    assert_eq!(output.stdout, b"2\n3\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn only_what_is_asked_for_is_taken() {
    let program = env!("CARGO_BIN_EXE_pmem");
    let pmem = Pmem::new(["dump"]).file("a", "abcdef");
    for from in ["printf abcdef |", "<a"] {
        let (pipe, file) = if from == "<a" { ("", from) } else { (from, "") };
        let script = format!("{pipe} ('{program}' dump -n2 - && cat) {file}");
        let mut shell = Command::new("sh");
        let output = shell.args(["-c", &script]).current_dir(pmem.directory()).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "97\n98\ncdef", "{from}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn full_disk() {
    for format in ["table", "plain", "csv", "json", "ndjson", "raw", "hex"] {
        let pmem = Pmem::new(["dump"]).file("a", [1; 100]);
        let full = File::options().write(true).open("/dev/full").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_pmem"));
        command.args(["dump", "-f", format]).arg(pmem.directory().join("a")).stdout(full);
        let output = command.output().unwrap();
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(message, "pmem: standard output: No space left on device\n", "{format}");
        assert_eq!(output.status.code(), Some(2), "{format}");
    }
}

#[test]
fn closed_pipe() {
    for format in ["table", "plain", "csv", "json", "ndjson", "raw", "hex"] {
        let pmem = Pmem::new(["dump"]).file("a", vec![7; 4 << 20]);
        let mut command = Command::new(env!("CARGO_BIN_EXE_pmem"));
        command.args(["dump", "-v", "-f", format]).arg(pmem.directory().join("a"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut byte = [0];
        child.stdout.take().unwrap().read_exact(&mut byte).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
        assert_eq!(output.status.code(), Some(0), "{format}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn closed_pipe_while_waiting_for_more() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pmem"));
    command.args(["dump", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let writer = std::thread::spawn(move || {
        // More than is shown by one thread, and then nothing for as long as it takes.
        std::io::Write::write_all(&mut input, &vec![7; 500_000]).unwrap();
        input
    });
    let mut shown = vec![0; 1_000_000];
    output.read_exact(&mut shown).unwrap();
    let input = writer.join().unwrap();
    drop(output);
    let ended = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        child.try_wait().unwrap().is_some()
    });
    drop(input);
    assert!(ended, "it waits for input that nobody needs");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
#[cfg(target_os = "linux")]
fn files_of_the_kernel() {
    for path in ["/proc/version", "/sys/kernel/mm/transparent_hugepage/enabled"] {
        let Ok(bytes) = std::fs::read(path) else {
            skipped(path);
            continue;
        };
        assert!(!bytes.is_empty());
        Pmem::new(["dump", "-fraw", path]).stdout(bytes.clone()).exits(0);
        Pmem::new(["dump", "-fraw", "-n3", path]).stdout(&bytes[..3]).exits(0);
    }
    // It refuses to be read in other parts than of eight bytes.
    assert_eq!(
        Pmem::new(["dump", "-tu64", "-n1", "/proc/self/pagemap"]).succeeds().last(),
        Some(&b'\n')
    );
    Pmem::new(["dump", "-n2", "/dev/zero"]).stdout("0\n0\n").exits(0);
    Pmem::new(["dump", "/dev/null"]).exits(0);
}

#[test]
fn names_that_begin_with_a_dash() {
    Pmem::new(["dump", "--", "-t"]).file("-t", [5]).stdout("5\n").exits(0);
    Pmem::new(["dump", "./-"]).file("-", [6]).stdout("6\n").exits(0);
    Pmem::new(["dump", "--", "-x"]).stderr("pmem: -x: No such file or directory\n").exits(2);
}

#[test]
#[cfg(target_os = "linux")]
fn names_that_are_not_utf_8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let name = OsStr::from_bytes(b"\xff\xfe");
    Pmem::new([OsStr::new("dump"), name]).file(name, [5]).stdout("5\n").exits(0);
    Pmem::new([OsStr::new("dump"), name])
        .stderr("pmem: \\xff\\xfe: No such file or directory\n")
        .exits(2);
    Pmem::new(["dump", "a\nb"]).stderr("pmem: a\\nb: No such file or directory\n").exits(2);
}

/// A run on a file of 1 TiB with an island of `1`s at byte 2 to the 39, if files can be sparse.
#[cfg(target_os = "linux")]
fn sparse(arguments: &[&str]) -> Pmem {
    use std::os::unix::fs::FileExt as _;
    let pmem = Pmem::new(["dump", "-tu64", "a"].iter().chain(arguments)).file("a", "");
    let file = File::options().write(true).open(pmem.directory().join("a")).unwrap();
    file.set_len(1 << 40).unwrap();
    file.write_all_at(&[1; 4096], 1 << 39).unwrap();
    pmem
}

#[test]
#[cfg(target_os = "linux")]
fn sparse_table() {
    // 0x0101010101010101 in every element of the island.
    let ones = 72_340_172_838_076_673_u64;
    sparse(&["-ftable", "-w2"])
        .stdout(format!(
            "           0  hole  68719476736 elements\n \
             68719476736     {ones}     {ones}\n*\n \
             68719477248  hole  68719476224 elements\n"
        ))
        .exits(0);
    sparse(&["-ftable", "-w2", "-r", "68719476735..+2"])
        .stdout(format!("68719476735  hole  1 element\n68719476736     {ones}\n"))
        .exits(0);
}

#[test]
#[cfg(target_os = "linux")]
fn sparse_values() {
    sparse(&["-r", "68719476735..+2"]).stdout("0\n72340172838076673\n").exits(0);
    sparse(&["-fjson", "-s", "-2"]).stdout("[0,0]\n").exits(0);
}

#[test]
#[cfg(target_os = "linux")]
fn memory_stays_small() {
    use crate::scratch::Scratch;
    let scratch = Scratch::new().hole("a", 96 << 20);
    // Zeroes that are stored, so that a table has to look at them.
    scratch.does(&["fill", "a", "0"]);
    for how in ["raw", "plain -t u128", "csv -t u128", "json -t u128", "table -t u128"] {
        let script = format!("ulimit -v 80000; pmem dump a -f {how} > /dev/null");
        assert_eq!(scratch.shell(&script), (0, String::new()), "{how}");
        let script = format!("ulimit -v 80000; pmem dump - -f {how} < a > /dev/null");
        assert_eq!(scratch.shell(&script), (0, String::new()), "{how}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn sparse_rows() {
    use std::os::unix::fs::FileExt as _;
    // A hole that ends within an element, data that ends within a row, and repeated rows.
    let pmem = Pmem::new(["dump", "-ftable", "-w3", "-tu16", "a"]).file("a", "");
    let file = File::options().write(true).open(pmem.directory().join("a")).unwrap();
    file.set_len(1 << 20).unwrap();
    file.write_all_at(&[1; 8192], 8192).unwrap();
    file.write_all_at(&[2; 3], (1 << 20) - 3).unwrap();
    pmem.stdout(
        "     0  hole  4096 elements\n  4096   257   257   257\n*\n  8191   257\n  8192  hole  514048 \
         elements\n522240     0     0     0\n*\n524286   512   514\n",
    )
    .exits(0);
}

#[test]
#[cfg(target_os = "linux")]
fn shrinking_while_it_is_shown() {
    shrinks_while_it_is_shown(|file| std::io::Write::write_all(file, &vec![7; 8 << 20]), 7);
    shrinks_while_it_is_shown(|file| file.set_len(8 << 20), 0);
}

/// Makes a file of 8 MiB of these bytes, and cuts it to half while it is shown.
#[cfg(target_os = "linux")]
fn shrinks_while_it_is_shown(make: impl Fn(&mut File) -> std::io::Result<()>, byte: u8) {
    let pmem = Pmem::new(["dump"]);
    let path = pmem.directory().join("a");
    make(&mut File::create(&path).unwrap()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_pmem"));
    command.args(["dump", "-fraw"]).arg(&path);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    // The pipe holds far less than the file, so that the program waits for us.
    let mut shown = vec![!byte];
    stdout.read_exact(&mut shown).unwrap();
    File::options().write(true).open(&path).unwrap().set_len(4 << 20).unwrap();
    stdout.read_to_end(&mut shown).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(shown, vec![byte; 4 << 20]);
    let name = path.display();
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!("pmem: {name}: the file shrank while it was read: element 4194304 is gone\n")
    );
    assert_eq!(output.status.code(), Some(2));
}
