//! Standard output: one buffer, whose errors say that they are about standard output.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write};

use super::painted::Painted;

/// Standard output. Small writes are gathered, large ones pass through; nothing is lost silently,
/// as [`Output::flush`] is called, and checked, at the end.
pub(crate) struct Output {
    writer: BufWriter<Box<dyn Write + Send>>,
    /// Does somebody watch, who wants to see each line at once?
    watched: bool,
}

impl Output {
    /// Returns the standard output of this process.
    pub(crate) fn of_process() -> Self {
        Self { watched: io::stdout().is_terminal(), ..Self::to(stdout()) }
    }

    /// Returns the standard output of this process, a terminal that gets colours.
    ///
    /// # Errors
    ///
    /// The system refuses to tell of signals.
    pub(crate) fn painted() -> anyhow::Result<Self> {
        Ok(Self { watched: true, ..Self::to(Box::new(Painted::new(stdout())?)) })
    }

    /// Returns an output that ends in `writer`.
    pub(crate) fn to(writer: Box<dyn Write + Send>) -> Self {
        Self { writer: BufWriter::with_capacity(1 << 16, writer), watched: false }
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").finish_non_exhaustive()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes).map_err(mark)
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes).map_err(mark)?;
        if self.watched && bytes.ends_with(b"\n") { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush().map_err(mark)
    }
}

/// The file behind standard output, without the line buffering of the standard library.
#[cfg(unix)]
fn stdout() -> Box<dyn Write + Send> {
    use std::os::fd::AsFd as _;
    match io::stdout().as_fd().try_clone_to_owned() {
        Ok(fd) => Box::new(File::from(fd)),
        Err(_) => Box::new(io::stdout()),
    }
}

/// The standard library's standard output.
#[cfg(not(unix))]
fn stdout() -> Box<dyn Write + Send> {
    Box::new(io::stdout())
}

/// Waits until there is something to read from `input`, or the reader of standard output has gone
/// away, for whom there is no need to read.
///
/// # Errors
///
/// The reader has gone away.
pub(crate) fn wait_for(input: &File) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::event::{PollFd, PollFlags, poll};
        let stdout = io::stdout();
        let mut both =
            [PollFd::new(input, PollFlags::IN), PollFd::new(&stdout, PollFlags::empty())];
        // If that fails, reading will tell.
        if poll(&mut both, None).is_ok() && both[1].revents().contains(PollFlags::ERR) {
            return Err(mark(io::ErrorKind::BrokenPipe.into()));
        }
    }
    let _ = input;
    Ok(())
}

/// An error that is about standard output, and not about a file.
#[derive(Debug)]
struct Stdout(io::Error);

impl fmt::Display for Stdout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("standard output")
    }
}

impl Error for Stdout {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// Marks an error as one of standard output; an interruption stays as it is, to be tried again.
fn mark(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::Interrupted => error,
        kind => io::Error::new(kind, Stdout(error)),
    }
}

/// Is this the error of a standard output whose reader has gone away?
pub(crate) fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| {
        error.kind() == io::ErrorKind::BrokenPipe
            && error.get_ref().is_some_and(|inner| inner.is::<Stdout>())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::message;

    /// Fails with the error of this number.
    struct Broken(i32);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::from_raw_os_error(self.0))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn failure(code: i32) -> anyhow::Error {
        let mut output = Output::to(Box::new(Broken(code)));
        output.write_all(b"x").unwrap();
        let error = output.flush().unwrap_err();
        // What was not written stays in the buffer, and would be tried again on drop.
        std::mem::forget(output);
        error.into()
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn errors_name_standard_output() {
        assert_eq!(message(&failure(28)), "standard output: No space left on device");
        assert!(!failure(28).chain().any(is_closed_pipe));
    }

    #[test]
    #[cfg(unix)]
    fn closed_pipe_is_recognised() {
        assert!(failure(32).chain().any(is_closed_pipe));
        let other = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(!other.chain().any(is_closed_pipe));
    }
}
