//! Work whose time grows with a body, kept from holding up the requests beside it.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Bodies up to this size are worked on where they are, in well under a millisecond: moving the other requests away
/// would cost as much.
const LIGHT_BYTES: usize = 64 * 1024;

/// Runs work on so many bytes. Where they are many, the other tasks of this thread are handed to another one first; a
/// runtime of a single thread has no other, and simply runs it.
pub(crate) fn run<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    let has_others =
        Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    if bytes > LIGHT_BYTES && has_others { tokio::task::block_in_place(work) } else { work() }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn work_is_done_on_any_runtime_and_on_none() {
        let work = || run(LIGHT_BYTES + 1, || 7);
        let single = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let several =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
        assert_eq!(work(), 7);
        assert_eq!(single.block_on(async { work() }), 7);
        assert_eq!(several.block_on(async { tokio::spawn(async move { work() }).await }).ok(), Some(7));
    }

    /// The only worker waits for another task, which therefore has to run elsewhere.
    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn other_tasks_go_on_beside_heavy_work() {
        let heavy = tokio::spawn(async {
            let (told, heard) = mpsc::channel();
            tokio::spawn(async move { told.send(()) });
            run(LIGHT_BYTES + 1, || heard.recv_timeout(Duration::from_secs(10)))
        });
        assert_eq!(heavy.await.expect("no panic"), Ok(()));
    }
}
