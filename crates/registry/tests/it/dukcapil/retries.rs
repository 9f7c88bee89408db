//! What is asked again, and what is not.

use absah_core::trouble::Trouble;
use absah_dukcapil_sim::{Fault, Rate, ServiceName};

use super::{Setup, rule};

#[tokio::test]
async fn only_what_was_surely_free_is_asked_again() {
    let busy = || Fault::Code { code: "5000".to_owned() };
    let status = |status| Fault::Status { status };
    let paid = ("verdict", 3000);
    let rows = [
        // fault, calls it befalls, whether what may be charged is repeated, answer, what is recorded
        (busy(), 1, false, Ok(()), vec![("busy", 0), paid]),
        (busy(), 9, false, Err(Trouble::RateLimited), vec![("busy", 0); 3]),
        (status(429), 2, false, Ok(()), vec![("busy", 0), ("busy", 0), paid]),
        (status(429), 9, false, Err(Trouble::RateLimited), vec![("busy", 0); 3]),
        (Fault::Hang, 1, false, Err(Trouble::Timeout), vec![("timeout", 3000)]),
        (Fault::Hang, 1, true, Ok(()), vec![("timeout", 3000), paid]),
        (Fault::Reset, 1, false, Err(Trouble::Unavailable), vec![("unavailable", 3000)]),
        (Fault::Reset, 2, true, Ok(()), vec![("unavailable", 3000), ("unavailable", 3000), paid]),
        (Fault::Cut, 1, false, Err(Trouble::Unavailable), vec![("unavailable", 3000)]),
        (status(503), 1, false, Err(Trouble::Unavailable), vec![("http_error", 3000)]),
        (status(503), 1, true, Ok(()), vec![("http_error", 3000), paid]),
        (Fault::Html, 1, true, Err(Trouble::BadAnswer), vec![("bad_answer", 3000)]),
    ];
    for (fault, befalls, repeat, expected, recorded) in rows {
        let mut test = Setup::new();
        test.settings.tries = 3;
        test.settings.retry_possibly_charged = repeat;
        test.settings.timeouts.face_seconds = 0.5;
        test.sim.faults = rule(fault.clone(), Rate::First(befalls));
        let world = test.start().await;
        assert_eq!(world.ask(ServiceName::Face).await, expected, "{fault:?} {repeat}");
        assert_eq!(world.received(ServiceName::Face), recorded.len() as u64, "{fault:?} {repeat}");
        assert_eq!(world.recorded(), recorded, "{fault:?} {repeat}");
    }
}
