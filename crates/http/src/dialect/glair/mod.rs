//! The GLAIR dialect: `POST /identity/v1/verification`.

mod error;
mod request;
mod response;
mod rules;

use std::sync::Arc;

use absah_core::assessment::Refusal;
use absah_core::dialect::Dialect;
use absah_core::field::Field;
use absah_engine::{Caller, Pass};
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use http::{Method, header};
use uuid::Uuid;

use crate::answer::with_header;
use crate::conversation::{self, Turn};
use crate::desk::{Desk, NoCaller};
use crate::dialect::glair::error::Fault;
use crate::dialect::glair::rules::Rules;
use crate::intake;
use crate::intake::body::{BodyFault, Inbound};
use crate::intake::budget::Sender;
use crate::intake::form::{Form, FormFault};
use crate::intake::heavy;
use crate::intake::media_type::MediaType;

/// The path of the one product.
pub(crate) const PATH: &str = "/identity/v1/verification";

/// Answers a verification.
pub(crate) async fn verification(State(desk): State<Arc<Desk>>, request: Request) -> Response {
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
    if head.method != Method::POST {
        return Err(Box::new(wrong_method(desk, head).await));
    }
    let pass = admitted(desk, head).await?;
    let form = match received(desk, head, inbound).await {
        Ok(form) => form,
        Err(Unread::Busy) => {
            return Err(Box::new(refuse(desk, pass.caller(), head, Refusal::Overloaded).await));
        }
        Err(Unread::Fault(fault)) => {
            return Err(Box::new(refuse_invalid(desk, pass.caller(), head, &fault).await));
        }
    };
    let wished = request::wished_id(&head.headers);
    let reading = heavy::run(form.body_bytes(), || request::read(&form, pass.caller().is_sandbox(), wished));
    let request = match reading {
        Ok(request) => request,
        Err(fault) => return Err(Box::new(refuse_invalid(desk, pass.caller(), head, &fault).await)),
    };
    let sent: Vec<Field> = request.claims.demographics.fields().collect();
    let answer = desk.engine.verify(pass, request, Rules::default());
    Ok(Turn::UnderWay(Box::pin(async move {
        let answer = answer.await;
        form.discard();
        response::render(&answer, &sent, None)
    })))
}

/// The caller, past expiry, permission, rate and quota.
async fn admitted(desk: &Desk, head: &Parts) -> Result<Pass, Refused> {
    let secrets = request::secrets(&head.headers).map_err(|fault| unrecorded(desk, &fault))?;
    let caller = desk.caller(Some(&secrets)).await.map_err(|why| match why {
        NoCaller::Unknown => unrecorded(desk, &error::DISALLOWED),
        NoCaller::Fault => unrecorded(desk, &error::INTERNAL),
    })?;
    match desk.engine.admit(caller).await {
        Ok(pass) => Ok(pass),
        Err((caller, refusal)) => Err(Box::new(refuse(desk, &caller, head, refusal).await)),
    }
}

/// Why there is no form.
enum Unread {
    Busy,
    Fault(Fault),
}

impl From<BodyFault> for Unread {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::Busy => Self::Busy,
            fault => Self::Fault(fault.into()),
        }
    }
}

impl From<FormFault> for Unread {
    fn from(fault: FormFault) -> Self {
        Self::Fault(fault.into())
    }
}

async fn received(desk: &Desk, head: &Parts, inbound: &mut Inbound) -> Result<Form, Unread> {
    let media_type = MediaType::of(&head.headers).ok_or_else(|| Unread::Fault(Fault::wrong_media_type()))?;
    let body = desk.receive(Dialect::Glair, Sender::Authenticated, inbound).await?;
    Ok(intake::read(&body, &media_type)?)
}

async fn refuse(desk: &Desk, caller: &Caller, head: &Parts, refusal: Refusal) -> Response {
    let wished = request::wished_id(&head.headers);
    let answer = desk.engine.refuse(caller, refusal, wished, &Rules::default()).await;
    response::render(&answer, &[], None)
}

async fn refuse_invalid(desk: &Desk, caller: &Caller, head: &Parts, fault: &Fault) -> Response {
    let wished = request::wished_id(&head.headers);
    let rules = Rules { invalid: fault.status() };
    let answer = desk.engine.refuse(caller, Refusal::Invalid, wished, &rules).await;
    response::render(&answer, &[], Some(fault))
}

async fn wrong_method(desk: &Desk, head: &Parts) -> Response {
    let caller = match request::secrets(&head.headers) {
        Ok(secrets) => desk.caller(Some(&secrets)).await.ok(),
        Err(_) => None,
    };
    let response = match caller {
        Some(caller) => refuse_invalid(desk, &caller, head, &error::WRONG_METHOD).await,
        None => *unrecorded(desk, &error::WRONG_METHOD),
    };
    with_header(response, header::ALLOW, "POST")
}

/// The answer to nobody: there is no history to write it in, and nobody whose ids are known.
fn unrecorded(desk: &Desk, fault: &Fault) -> Refused {
    Box::new(response::with_id(fault.response(), &desk.engine.ids().uuid().to_string()))
}

/// Answers a path that leads nowhere.
pub(super) fn unknown_path(id: Uuid) -> Response {
    response::with_id(error::NOT_FOUND.response(), &id.to_string())
}

/// Answers for a handler that panicked.
pub(super) fn broken(id: Uuid) -> Response {
    response::with_id(error::INTERNAL.response(), &id.to_string())
}
