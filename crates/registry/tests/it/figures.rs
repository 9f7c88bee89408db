//! What a person takes and how fast people go in and out, of each database. Measures, and asserts nothing of speed:
//! `cargo test -p absah-registry --test it -- --ignored --nocapture figures`.

use std::sync::Arc;
use std::time::Instant;

use absah_core::face::FaceTemplate;
use absah_registry::local::Enrolment;
use absah_registry::synthetic;
use sqlx::Connection as _;

use crate::conformance::MODEL;
use crate::homes::Home;

/// People put in together.
const TOGETHER: usize = 65_536;
const PEOPLE: usize = 4 * TOGETHER;
/// Every so many-th person is asked for.
const ASKED: usize = 13;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures, and takes some minutes"]
async fn figures() {
    let features: Vec<f32> = vec![128_f32.sqrt().recip(); 128];
    let template = FaceTemplate::new(MODEL.into(), features).expect("of unit length");
    for (case, templates) in [("records alone", vec![]), ("with templates of 128 values", vec![template])] {
        for (database, home) in [("SQLite", Home::sqlite()), ("PostgreSQL", Home::postgres())] {
            for figure in measure(&home, &templates).await {
                println!("{database}, {case}: {figure}");
            }
        }
    }
}

async fn measure(home: &Home, templates: &[FaceTemplate]) -> Vec<String> {
    let registry = Arc::new(home.open().await);
    let enrolment = |record| Enrolment::new(record, templates.to_vec());
    let people: Vec<_> = synthetic::people(1).take(PEOPLE).map(enrolment).collect();
    let since = Instant::now();
    for some in people.chunks(TOGETHER) {
        registry.put_all(some).await.expect("put");
    }
    let per_second = |count: usize, since: Instant| count as f64 / since.elapsed().as_secs_f64();
    let put = per_second(people.len(), since);
    let stats = registry.stats().await.expect("counted");
    let bytes = stats.bytes as f64 / PEOPLE as f64;
    let mut figures = vec![format!("{bytes:.0} bytes a person, {put:.0} put a second")];
    let niks: Arc<Vec<_>> = Arc::new(people.into_iter().map(|person| person.record.nik).collect());
    for askers in [1, 8] {
        let since = Instant::now();
        let ask = |asker| {
            let (registry, niks) = (Arc::clone(&registry), Arc::clone(&niks));
            tokio::spawn(async move {
                for nik in niks.iter().skip(asker).step_by(ASKED * askers) {
                    assert!(registry.holds(nik).await.expect("read").record);
                }
            })
        };
        let asking: Vec<_> = (0..askers).map(ask).collect();
        for asked in asking {
            asked.await.expect("asked");
        }
        let answers = per_second(PEOPLE / ASKED, since);
        figures.push(format!("{answers:.0} record and template reads a second by {askers} at once"));
    }
    if let Home::Postgres(url) = home {
        let mut db = sqlx::PgConnection::connect(url).await.expect("opened");
        let index: i64 = sqlx::query_scalar(
            "SELECT sum(pg_relation_size(indexrelid))::bigint FROM pg_index JOIN pg_class ON oid = indrelid
             WHERE relname LIKE 'person%'",
        )
        .fetch_one(&mut db)
        .await
        .expect("told");
        figures.push(format!("{:.0} bytes of index a person", index as f64 / PEOPLE as f64));
    }
    figures
}
