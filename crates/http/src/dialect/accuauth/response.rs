//! A recorded answer on the wire.

use absah_core::assessment::{Assessment, CheckName, Verdict};
use absah_core::face::round_score;
use absah_core::field::Field;
use absah_engine::Answer;
use axum::response::Response;
use http::StatusCode;
use jiff::tz::{Offset, TimeZone};
use serde::Serialize;

use crate::answer::json;
use crate::dialect::accuauth::error::{Error, request_id};
use crate::dialect::accuauth::rules::{Conclusion, ResultCode, conclude, order_no};

/// Asia/Jakarta: seven hours ahead of UTC, without daylight saving since 1964.
const JAKARTA: Offset = Offset::constant(7);

#[derive(Serialize)]
struct Body<'a> {
    status: &'static str,
    result: ResultBody<'a>,
    request_id: &'a str,
}

#[derive(Serialize)]
struct ResultBody<'a> {
    order_no: String,
    handle_time: String,
    result: &'static str,
    remark: &'static str,
    id_number: &'a str,
    face_percent: bool,
    ktp_face_percent: bool,
    face_score: f64,
    ktp_face_score: f64,
    name: bool,
    birth_date: bool,
}

/// The answer to a verification of `id_number`.
pub(super) fn render(answer: &Answer, id_number: &str) -> Response {
    match conclude(&answer.assessment) {
        Conclusion::Result(result) => {
            let result = result_body(answer, result, id_number);
            json(StatusCode::OK, &Body { status: "OK", result, request_id: &request_id(answer.ids.history) })
        }
        Conclusion::Error(error) => error.response(&request_id(answer.ids.history)),
        Conclusion::Invalid => Error::internal().response(&request_id(answer.ids.history)),
    }
}

/// The answer to a request that was refused; `fault` is what the handler found wrong with its form.
pub(super) fn render_refusal(answer: &Answer, fault: Option<&Error>) -> Response {
    let error = match (conclude(&answer.assessment), fault) {
        (Conclusion::Invalid, Some(fault)) => fault.clone(),
        (Conclusion::Error(error), _) => error,
        (Conclusion::Invalid | Conclusion::Result(_), _) => Error::internal(),
    };
    error.response(&request_id(answer.ids.history))
}

/// What was not sent, or could not be compared, is `false` and 0.0.
fn result_body<'a>(
    answer: &Answer,
    ResultCode { code, remark }: ResultCode,
    id_number: &'a str,
) -> ResultBody<'a> {
    let checks = &answer.assessment;
    ResultBody {
        order_no: order_no(&answer.ids),
        handle_time: answer.time.to_zoned(TimeZone::fixed(JAKARTA)).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        result: code,
        remark,
        id_number,
        face_percent: passed(checks, CheckName::Face),
        ktp_face_percent: passed(checks, CheckName::Card),
        face_score: score(checks, CheckName::Face),
        ktp_face_score: score(checks, CheckName::Card),
        name: passed(checks, CheckName::Field(Field::Name)),
        birth_date: passed(checks, CheckName::Field(Field::DateOfBirth)),
    }
}

fn passed(assessment: &Assessment, name: CheckName) -> bool {
    assessment.check(name).is_some_and(|check| check.verdict == Verdict::Pass)
}

fn score(assessment: &Assessment, name: CheckName) -> f64 {
    assessment.check(name).and_then(|check| check.score).map_or(0.0, round_score)
}
