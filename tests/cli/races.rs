//! Other programs that get at a file in between: nothing of theirs is lost, and nothing is said to
//! be done that is not.

use std::fs::{self, File};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::pmem::skipped;
use crate::scratch::{Scratch, outcome};

/// How long the program waits before it locks a file, in these tests.
const DELAY: &str = "-einject=flock:delay_enter=600000";

/// Long enough for the program to come to where it waits, and not to where it goes on.
const MEANWHILE: Duration = Duration::from_millis(250);

/// The program with a delay, if strace is there.
fn delayed(scratch: &Scratch, delay: &str, arguments: &[&str]) -> Option<Command> {
    if Command::new("strace").arg("-V").output().is_err() {
        skipped("strace");
        return None;
    }
    let mut command = Command::new("strace");
    command.args(["-qq", "-o/dev/null", "-etrace=flock,write,writev", delay]);
    command.arg(env!("CARGO_BIN_EXE_pmem")).args(arguments);
    command.current_dir(scratch.path("")).stdin(Stdio::null());
    Some(command)
}

/// Runs the delayed program, and `between` while it waits.
fn with_delay(
    scratch: &Scratch,
    arguments: &[&str],
    between: impl FnOnce(),
) -> Option<(i32, String)> {
    let mut command = delayed(scratch, DELAY, arguments)?;
    let running = thread::spawn(move || outcome(&mut command));
    thread::sleep(MEANWHILE);
    between();
    Some(running.join().unwrap())
}

#[test]
fn who_creates_a_file_and_locks_it_second_adds_to_what_is_there() {
    let scratch = Scratch::new();
    let grow = ["grow", "a", "100", "--fill", "1", "--verbose"];
    let ended = with_delay(&scratch, &grow, || scratch.does(&["grow", "a", "300", "--fill", "2"]));
    let Some(ended) = ended else { return };
    assert_eq!(ended, (0, "a: 300 -> 400 u8 (400 B)\n".into()));
    assert_eq!(scratch.bytes("a"), [vec![2; 300], vec![1; 100]].concat());
}

#[test]
fn who_cannot_lock_a_file_leaves_it_to_who_can() {
    let scratch = Scratch::new();
    let mut locked = None;
    let ended = with_delay(&scratch, &["grow", "a", "100"], || {
        let mut file = File::options().write(true).open(scratch.path("a")).unwrap();
        file.lock().unwrap();
        file.write_all(b"theirs").unwrap();
        locked = Some(file);
    });
    let Some((code, said)) = ended else { return };
    assert_eq!(code, 2);
    assert!(said.starts_with("pmem: a: another program has locked it"), "{said}");
    assert_eq!(scratch.bytes("a"), b"theirs");
}

#[test]
fn a_file_that_is_removed_before_it_is_locked_is_made_anew() {
    let scratch = Scratch::new().file("a", [1; 10]);
    let grow = ["grow", "a", "5", "--verbose"];
    let ended = with_delay(&scratch, &grow, || fs::remove_file(scratch.path("a")).unwrap());
    let Some(ended) = ended else { return };
    assert_eq!(ended, (0, "a: 0 -> 5 u8 (5 B)\n".into()));
    assert_eq!(scratch.bytes("a"), [0; 5]);
    let fill = with_delay(&scratch, &["fill", "a", "7"], || {
        fs::rename(scratch.path("a"), scratch.path("b")).unwrap();
    });
    assert_eq!(fill.unwrap(), (2, "pmem: a: No such file or directory\n".into()));
    assert_eq!(scratch.bytes("b"), [0; 5]);
}

#[test]
fn undoing_spares_a_file_that_took_the_name() {
    let scratch = Scratch::new().file("precious", "precious");
    let slow = "-einject=write,writev:delay_enter=50000";
    let grow = ["grow", "a", "32M", "--fill", "1"];
    let Some(mut command) = delayed(&scratch, slow, &grow) else { return };
    let running = thread::spawn(move || outcome(&mut command));
    thread::sleep(MEANWHILE);
    fs::rename(scratch.path("precious"), scratch.path("a")).unwrap();
    // The program, and not strace, which runs it.
    let script = format!("pkill -INT -f '^{} grow a 32M'", env!("CARGO_BIN_EXE_pmem"));
    assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
    let message = "pmem: a: interrupted; another file has its name now and was not removed\n";
    assert_eq!(running.join().unwrap(), (130, message.into()));
    assert_eq!(scratch.bytes("a"), b"precious");
}

#[test]
fn a_file_that_is_cut_while_it_is_written_is_not_made_longer_again() {
    let scratch = Scratch::new().file("a", vec![9; 4 << 20]);
    let mut fill = scratch.pmem(["fill", "a", "--from", "-"]);
    let fill = fill.stdin(Stdio::piped()).stderr(Stdio::piped()).stdout(Stdio::piped());
    let mut child = fill.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(&vec![1; 1 << 20]).unwrap();
    thread::sleep(MEANWHILE);
    File::options().write(true).open(scratch.path("a")).unwrap().set_len(100).unwrap();
    // The program may have gone away meanwhile.
    let _ = pipe.write_all(&vec![2; 3 << 20]);
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    let message = "another program has just changed its length, from 4194304 to 100 bytes";
    assert!(said.contains(message), "{said}");
    assert_eq!(fs::metadata(scratch.path("a")).unwrap().len(), 100);
}

#[test]
fn a_file_that_is_cut_just_before_its_last_write_does_not_get_its_length_back() {
    let cut = |scratch: &Scratch| {
        File::options().write(true).open(scratch.path("a")).unwrap().set_len(100).unwrap();
    };
    let message = "another program has just changed its length, from 4096 to 4095 bytes";
    let Some((_, code, said)) = meanwhile(&["fill", "a", "7"], cut) else { return };
    assert!(code == 2 && said.contains(message), "{said}");
    let message = "another program has just changed its length, from 4106 to 4105 bytes";
    let grow = ["grow", "a", "10", "--fill", "7"];
    let (scratch, code, said) = meanwhile(&grow, cut).unwrap();
    assert!(code == 2 && said.contains(message), "{said}");
    assert_eq!(scratch.bytes("a")[..100], [9; 100]);
}

/// Does something to the file `a` while the program writes to it.
fn meanwhile(arguments: &[&str], change: impl FnOnce(&Scratch)) -> Option<(Scratch, i32, String)> {
    let scratch = Scratch::new().file("a", vec![9; 4096]).file("other", "other");
    let delay = "-einject=write,writev:delay_enter=600000:when=1";
    let mut command = delayed(&scratch, delay, arguments)?;
    let running = thread::spawn(move || outcome(&mut command));
    thread::sleep(MEANWHILE);
    change(&scratch);
    let (code, said) = running.join().unwrap();
    Some((scratch, code, said))
}

fn remove(scratch: &Scratch) {
    fs::remove_file(scratch.path("a")).unwrap();
}

fn replace(scratch: &Scratch) {
    fs::rename(scratch.path("other"), scratch.path("a")).unwrap();
}

fn rename(scratch: &Scratch) {
    fs::rename(scratch.path("a"), scratch.path("b")).unwrap();
}

#[test]
fn a_file_that_goes_away_while_it_is_changed() {
    type Change = fn(&Scratch);
    for (go_away, what) in [
        (remove as Change, "removed it"),
        (replace, "put another file in its place"),
        (rename, "renamed it"),
    ] {
        let what = format!("pmem: a: another program has {what} while it was changed");
        let fill = ["fill", "a", "7"];
        let Some((scratch, code, said)) = meanwhile(&fill, go_away) else { return };
        assert_eq!((code, said), (2, format!("{what}; all 4096 elements were written\n")));
        if let Ok(bytes) = fs::read(scratch.path("b")) {
            assert_eq!(bytes, [7; 4096]);
        }
        let grow = ["grow", "a", "10", "--fill", "7"];
        let (scratch, code, said) = meanwhile(&grow, go_away).unwrap();
        assert_eq!((code, said), (2, format!("{what}\n")));
        // It has its old length again, whatever it is called.
        if let Ok(bytes) = fs::read(scratch.path("b")) {
            assert_eq!(bytes, [9; 4096]);
        }
        if let Ok(bytes) = fs::read(scratch.path("a")) {
            assert_eq!(bytes, b"other");
        }
        let (scratch, code, said) = meanwhile(&["grow", "new", "10", "--fill", "7"], |scratch| {
            fs::rename(scratch.path("new"), scratch.path("a")).unwrap();
            go_away(scratch);
        })
        .unwrap();
        assert_eq!(code, 2, "{said}");
        assert!(said.starts_with("pmem: new: another program has "), "{said}");
        assert!(!scratch.path("new").exists());
    }
}

#[test]
fn a_growth_of_a_file_that_is_cut_says_what_is_left() {
    let scratch = Scratch::new().file("a", vec![9; 1 << 20]);
    let slow = "-einject=write,writev:delay_enter=50000";
    let grow = ["grow", "a", "16M", "--fill", "1"];
    let Some(mut command) = delayed(&scratch, slow, &grow) else { return };
    let running = thread::spawn(move || outcome(&mut command));
    thread::sleep(MEANWHILE);
    File::options().write(true).open(scratch.path("a")).unwrap().set_len(100).unwrap();
    let (code, said) = running.join().unwrap();
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("another program has just changed its length"), "{said}");
    // What was on its way when that happened may still have been written.
    assert!(said.contains("the other program left it with"), "{said}");
    assert_eq!(scratch.bytes("a")[..100], [9; 100]);
}

#[test]
fn a_new_file_for_which_there_is_no_room_any_more_is_gone_again() {
    let Some(scratch) = Scratch::of_size("8m") else { return skipped("leave to mount tmpfs") };
    let ended = with_delay(&scratch, &["grow", "a", "4M"], || {
        fs::write(scratch.path("filler"), vec![1; 7_000_000]).unwrap();
    });
    let Some((code, said)) = ended else { return };
    assert_eq!(code, 2);
    assert!(said.contains("No space left on device"), "{said}");
    assert_eq!(scratch.names(), ["filler"]);
}

#[test]
fn a_hole_that_goes_away_while_a_table_is_made() {
    let scratch = Scratch::new().file("a", [7]);
    File::options().write(true).open(scratch.path("a")).unwrap().set_len(1 << 20).unwrap();
    if Command::new("strace").arg("-V").output().is_err() {
        return skipped("strace");
    }
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o/dev/null", "-P"]).arg(scratch.path("a"));
    command.args(["-etrace=pread64", "-einject=pread64:delay_exit=700000"]);
    command.arg(env!("CARGO_BIN_EXE_pmem")).args(["dump", "-ftable", "-w16", "a"]);
    command.current_dir(scratch.path("")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    // While the data before the hole is read for the second time, after a first look at it.
    thread::sleep(Duration::from_millis(1050));
    File::options().write(true).open(scratch.path("a")).unwrap().set_len(4096).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let message = "pmem: a: the file shrank while it was read: element 4096 is gone\n";
    assert_eq!((output.status.code(), &*said), (Some(2), message));
    assert!(!String::from_utf8_lossy(&output.stdout).contains("hole"));
}

#[test]
fn signals_that_are_ignored_stay_ignored() {
    let scratch = Scratch::new().file("a", [9; 3]);
    for signal in ["INT", "TERM", "HUP"] {
        let script = format!(
            "mkfifo p; (trap '' {signal}; exec {} fill a --from p) & sleep 0.2; \
             exec 3>p; kill -{signal} $!; sleep 0.2; printf abc >&3; exec 3>&-; \
             wait $!; code=$?; rm p; exit $code",
            env!("CARGO_BIN_EXE_pmem")
        );
        assert_eq!(scratch.shell(&script), (0, String::new()), "{signal}");
        assert_eq!(scratch.bytes("a"), b"abc");
        fs::write(scratch.path("a"), [9; 3]).unwrap();
    }
}
