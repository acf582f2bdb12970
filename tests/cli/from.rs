//! `pmem fill --from`.

use std::fs::File;
use std::process::Stdio;

use crate::random::words;
use crate::scratch::{Scratch, outcome};

#[test]
fn from_another_file() {
    // Shorter than the range, longer, repeated out of memory, and out of the file itself.
    for (source, target, start) in [
        (3, 10, 0),
        (10, 3, 1),
        (7, 3_000_001, 2),
        (1_500_003, 5_000_000, 1),
        ((1 << 19) + 4095, 4_000_000, 1),
        ((1 << 20) + 4095, 4_000_000, 1),
        (1 << 19, 4 << 20, 0),
        (1 << 20, 4 << 20, 0),
        (4_000_000, 4_000_000, 0),
    ] {
        let bytes: Vec<u8> = words(1).take(source / 8 + 1).flat_map(u64::to_le_bytes).collect();
        let bytes = &bytes[..source];
        let mut expected = vec![9; start];
        expected.extend(bytes.iter().cycle().take(target - start));
        for from in ["b", "-", "pipe"] {
            let scratch = Scratch::new().file("a", vec![9; target]).file("b", bytes);
            let range = format!("{start}..");
            if from == "pipe" {
                let script = format!("cat b | pmem fill a --from - -r {range}");
                // The reader goes away when it has enough.
                assert_eq!(scratch.shell(&script).0, 0);
            } else {
                let mut fill = scratch.pmem(["fill", "a", "--from", from, "-r", &range]);
                let fill = fill.stdin(Stdio::from(File::open(scratch.path("b")).unwrap()));
                assert_eq!(outcome(fill), (0, String::new()));
            }
            assert!(scratch.bytes("a") == expected, "{source} to {start}..{target} by {from}");
        }
    }
}

#[test]
fn a_stream_that_ends_within_an_element() {
    let scratch = Scratch::new().file("a", vec![9; 4 << 20]);
    let script = "head -c 2500001 /dev/zero | pmem fill a --from - -t u16";
    let message = "pmem: a: --from standard input: 2500001 bytes are not a whole number of u16 \
                   elements (2 bytes each); 1 byte is left over; 1048576 of 2097152 elements were \
                   written\n";
    assert_eq!(scratch.shell(script), (2, message.into()));
    let bytes = scratch.bytes("a");
    assert!(bytes[..2 << 20].iter().all(|byte| *byte == 0));
    assert!(bytes[2 << 20..].iter().all(|byte| *byte == 9));
}

#[test]
fn no_more_is_read_than_is_written() {
    let scratch = Scratch::new().file("a", [9; 3]).file("b", [9; 2]).file("c", [1, 2, 3, 4, 5]);
    let script = "cat c | { pmem fill a --from - && pmem fill b --from -; }";
    assert_eq!(scratch.shell(script), (0, String::new()));
    assert_eq!((scratch.bytes("a"), scratch.bytes("b")), (vec![1, 2, 3], vec![4, 5]));
    let script = "pmem fill a --from /dev/zero; pmem fill b --from /proc/self/comm -r 0";
    assert_eq!(scratch.shell(script), (0, String::new()));
    assert_eq!((scratch.bytes("a"), scratch.bytes("b")), (vec![0; 3], vec![b'p', 5]));
}

#[test]
fn memory_stays_small() {
    let scratch = Scratch::new().hole("a", 64 << 20).hole("b", 3 << 20);
    for content in ["1 2 3", "--seq 0 -t u64", "--random 1", "--from b", "--from - < /dev/zero"] {
        let script = format!("ulimit -v 60000; pmem fill a {content}");
        assert_eq!(scratch.shell(&script), (0, String::new()), "{content}");
    }
}
