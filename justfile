# The few commands one needs. `just` lists them; each line also works when typed by hand.

_default:
    @just --list --unsorted

# Build the program, optimised
build:
    cargo build --release --locked

# Run all tests
test:
    cargo test --locked
    cargo test --locked --no-default-features --features faults

# Run the tests of the program whose names contain WORD
cli WORD:
    cargo test --locked --test cli -- {{WORD}}

# Format, and check what the compiler and clippy say
lint:
    cargo fmt
    cargo clippy --locked --all-targets --features faults -- -D warnings
    cargo clippy --locked --all-targets --no-default-features -- -D warnings

# Build the documentation of the library and open it
doc:
    RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --no-default-features --open

# Check licences, sources and advisories of the dependencies
deny:
    cargo deny --all-features check

# Everything that has to hold before a change lands
ci:
    .ci/run

# Write the tour of the README anew from what the program prints
readme:
    TRYCMD=overwrite cargo test --locked --test cli -- readme

# Compare the program with od, dd, fallocate, truncate and NumPy
bench-program: build
    python3 benches/program.py

# Compare the library with its predecessor, Vec and bare system calls
bench-library DIR="/tmp" ROUNDS="9":
    cargo run --release --manifest-path benches/compare/Cargo.toml -- {{DIR}} {{ROUNDS}}

# Man pages and completions, in target/assets
assets: build
    target/release/pmem man target/assets/man1
    target/release/pmem completions bash > target/assets/pmem.bash
    target/release/pmem completions zsh > target/assets/_pmem
    target/release/pmem completions fish > target/assets/pmem.fish

# A Debian package, in target/debian
deb: assets
    cargo deb --locked --no-build

# A Python wheel of the program, in target/wheels
wheel:
    maturin build --release --locked

# Build the crate that would be published, and run its tests from there
package:
    cargo package --locked
    cd target/package/platform-mem-*/ && cargo test --locked --target-dir ../../package-test
