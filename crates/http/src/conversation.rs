//! A conversation that its caller cannot break off half-way.

use std::future::Future;
use std::panic::resume_unwind;
use std::pin::Pin;

use axum::response::Response;

/// How far a conversation came once all of the request has been read.
pub(crate) enum Turn {
    /// It is over.
    Over(Box<Response>),
    /// The checks are under way. Dropping the future is leaving: what is under way is recorded as abandoned.
    UnderWay(Pin<Box<dyn Future<Output = Response> + Send>>),
}

/// Holds a conversation: `opening` runs to its end in a task of its own, the rest as long as the caller waits for it.
///
/// The server's library drops a handler at the moment its connection closes. A caller that sends a request and leaves
/// at once would so leave no trace: its credential would have been looked up, perhaps a place in its quota taken, and
/// nothing been recorded.
pub(crate) async fn hold(opening: impl Future<Output = Turn> + Send + 'static) -> Response {
    match tokio::spawn(opening).await {
        Ok(Turn::Over(response)) => *response,
        Ok(Turn::UnderWay(rest)) => rest.await,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // Tasks are cancelled only when the whole runtime ends, and this one with it.
            Err(_) => std::future::pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn the_opening_goes_on_without_its_caller_and_the_rest_does_not() {
        let (go, gate) = oneshot::channel::<()>();
        let (opened, is_open) = oneshot::channel::<()>();
        let (rest_alive, rest_gone) = oneshot::channel::<()>();
        let conversation = hold(async move {
            let _ = gate.await;
            let _ = opened.send(());
            Turn::UnderWay(Box::pin(async move {
                let _alive = rest_alive;
                std::future::pending().await
            }))
        });
        assert!(
            tokio::time::timeout(Duration::from_millis(20), conversation).await.is_err(),
            "the caller left"
        );
        assert!(go.send(()).is_ok(), "the opening waits still");
        assert!(is_open.await.is_ok(), "the opening came to its end");
        assert!(rest_gone.await.is_err(), "nobody waits for the rest");
    }

    #[tokio::test]
    #[should_panic = "a fault of the program"]
    async fn a_panic_of_the_opening_is_the_conversations() {
        hold(async { panic!("a fault of the program") }).await;
    }

    #[tokio::test]
    async fn what_is_over_is_answered() {
        let response = hold(async { Turn::Over(Box::new(Response::new(Body::empty()))) }).await;
        assert_eq!(response.status(), 200);
    }
}
