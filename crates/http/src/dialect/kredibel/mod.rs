//! The Kredibel dialect: `POST /v1/certificate/issuance`.

mod error;
mod request;
mod response;
mod rules;

use std::sync::Arc;

use absah_core::assessment::Refusal;
use absah_core::dialect::Dialect;
use absah_engine::{Caller, Pass};
use absah_store::Secrets;
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use http::{Method, header};
use uuid::Uuid;

use crate::answer::with_header;
use crate::conversation::{self, Turn};
use crate::desk::{Desk, NoCaller};
use crate::dialect::kredibel::error::Fault;
use crate::dialect::kredibel::request::{Bearer, Reading};
use crate::dialect::kredibel::rules::Rules;
use crate::intake;
use crate::intake::body::{BodyFault, Inbound};
use crate::intake::budget::Sender;
use crate::intake::form::Form;
use crate::intake::heavy;
use crate::intake::media_type::MediaType;

/// The path of the one product, below the mount prefix.
pub(crate) const PATH: &str = "/v1/certificate/issuance";

/// Answers a request for a certificate.
pub(crate) async fn issuance(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    conversation::hold(async move {
        let (head, body) = request.into_parts();
        let mut inbound = Inbound::new(body, &head.headers);
        let turn = converse(&desk, &head, &mut inbound).await;
        inbound.drain().await;
        turn.unwrap_or_else(Turn::Over)
    })
    .await
}

/// An answer that ends the conversation early.
type Refused = Box<Response>;

async fn converse(desk: &Desk, head: &Parts, inbound: &mut Inbound) -> Result<Turn, Refused> {
    let bearer = request::bearer(&head.headers);
    if head.method != Method::POST {
        return Err(Box::new(wrong_method(desk, &bearer).await));
    }
    let (pass, form) = match bearer {
        Bearer::Key(secrets) => {
            let pass = admitted(desk, Some(&secrets)).await?;
            let form = match received(desk, head, Sender::Authenticated, inbound).await {
                Ok(form) => form,
                Err(unread) => return Err(Box::new(refuse_unread(desk, pass.caller(), unread).await)),
            };
            (pass, form)
        }
        Bearer::Absent => {
            // Nobody is known yet, so nothing that is wrong with the body is told, but that there is too much of it.
            let form =
                received(desk, head, Sender::Anonymous, inbound).await.map_err(|unread| match unread {
                    Unread::Body(BodyFault::Busy) => Box::new(response::overloaded()),
                    Unread::Body(fault) => unrecorded(desk, &Fault::from(fault)),
                    Unread::Fault(_) => unrecorded(desk, &error::UNAUTHORIZED),
                })?;
            (admitted(desk, request::key_in(&form).as_ref()).await?, form)
        }
        Bearer::Unusable => return Err(unrecorded(desk, &error::UNAUTHORIZED)),
    };
    let reading = heavy::run(form.body_bytes(), || request::read(&form, pass.caller().looks_at_pictures()));
    let rules = Rules::default();
    let request = match reading {
        Ok(Reading::Request(request)) => *request,
        Ok(Reading::ImpossibleNik) => {
            let answer = desk.engine.verify_malformed_nik(pass, None, &rules).await;
            return Err(Box::new(response::render(&answer, None)));
        }
        Err(fault) => return Err(Box::new(refuse_invalid(desk, pass.caller(), &fault).await)),
    };
    let answer = desk.engine.verify(pass, request, rules);
    Ok(Turn::UnderWay(Box::pin(async move {
        let answer = answer.await;
        form.discard();
        response::render(&answer, None)
    })))
}

/// The caller, past expiry, permission, rate and quota.
async fn admitted(desk: &Desk, secrets: Option<&Secrets>) -> Result<Pass, Refused> {
    let caller = desk.caller(secrets).await.map_err(|why| match why {
        NoCaller::Unknown => unrecorded(desk, &error::UNAUTHORIZED),
        NoCaller::Fault => Box::new(error::internal(desk.engine.ids().uuid())),
    })?;
    match desk.engine.admit(caller).await {
        Ok(pass) => Ok(pass),
        Err((caller, refusal)) => Err(Box::new(refuse(desk, &caller, refusal).await)),
    }
}

/// Why there is no form.
enum Unread {
    Body(BodyFault),
    Fault(Fault),
}

async fn received(desk: &Desk, head: &Parts, sender: Sender, inbound: &mut Inbound) -> Result<Form, Unread> {
    if MediaType::of(&head.headers) != Some(MediaType::Json) {
        return Err(Unread::Fault(error::WRONG_MEDIA_TYPE));
    }
    let body = desk.receive(Dialect::Kredibel, sender, inbound).await.map_err(Unread::Body)?;
    intake::read(&body, &MediaType::Json).map_err(|fault| Unread::Fault(fault.into()))
}

async fn refuse_unread(desk: &Desk, caller: &Caller, unread: Unread) -> Response {
    match unread {
        Unread::Body(BodyFault::Busy) => refuse(desk, caller, Refusal::Overloaded).await,
        Unread::Body(fault) => refuse_invalid(desk, caller, &fault.into()).await,
        Unread::Fault(fault) => refuse_invalid(desk, caller, &fault).await,
    }
}

async fn refuse(desk: &Desk, caller: &Caller, refusal: Refusal) -> Response {
    let answer = desk.engine.refuse(caller, refusal, None, &Rules::default()).await;
    response::render(&answer, None)
}

async fn refuse_invalid(desk: &Desk, caller: &Caller, fault: &Fault) -> Response {
    let rules = Rules { invalid: fault.status() };
    let answer = desk.engine.refuse(caller, Refusal::Invalid, None, &rules).await;
    response::render(&answer, Some(fault))
}

async fn wrong_method(desk: &Desk, bearer: &Bearer) -> Response {
    let caller = match bearer {
        Bearer::Key(secrets) => desk.caller(Some(secrets)).await.ok(),
        Bearer::Absent | Bearer::Unusable => None,
    };
    let response = match caller {
        Some(caller) => refuse_invalid(desk, &caller, &error::WRONG_METHOD).await,
        None => *unrecorded(desk, &error::WRONG_METHOD),
    };
    with_header(response, header::ALLOW, "POST")
}

/// The answer to nobody: there is no history to write it in.
fn unrecorded(desk: &Desk, fault: &Fault) -> Refused {
    Box::new(fault.response(desk.engine.ids().uuid()))
}

/// Answers a path that leads nowhere.
pub(super) fn unknown_path() -> Response {
    error::NOT_FOUND.response(Uuid::nil())
}

/// Answers for a handler that panicked.
pub(super) fn broken(id: Uuid) -> Response {
    error::internal(id)
}
