//! The AccuAuth dialect: `POST /verify/id_selfie`.

mod error;
mod request;
mod response;
mod rules;

use std::sync::Arc;

use absah_core::assessment::Refusal;
use absah_core::dialect::Dialect;
use absah_engine::{Caller, Pass};
use axum::extract::{Request, State};
use axum::response::Response;
use http::Method;
use http::request::Parts;
use uuid::Uuid;

use crate::conversation::{self, Turn};
use crate::desk::{Desk, NoCaller};
use crate::dialect::accuauth::error::{Error, request_id};
use crate::dialect::accuauth::rules::Rules;
use crate::intake;
use crate::intake::body::{BodyFault, Inbound};
use crate::intake::budget::Sender;
use crate::intake::form::{Form, FormFault};
use crate::intake::heavy;
use crate::intake::media_type::MediaType;

/// The path of the one product.
pub(crate) const PATH: &str = "/verify/id_selfie";

/// Answers a verification.
pub(crate) async fn id_selfie(State(desk): State<Arc<Desk>>, request: Request) -> Response {
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
        Err(Unread::Busy) => return Err(Box::new(refuse(desk, pass.caller(), Refusal::Overloaded).await)),
        Err(Unread::Error(error)) => return Err(Box::new(refuse_invalid(desk, pass.caller(), &error).await)),
    };
    let reading = heavy::run(form.body_bytes(), || request::read(&form, pass.caller().looks_at_pictures()));
    let request = match reading {
        Ok(request) => request,
        Err(error) => return Err(Box::new(refuse_invalid(desk, pass.caller(), &error).await)),
    };
    let nik = request.claims.nik.clone();
    let answer = desk.engine.verify(pass, request, Rules::default());
    Ok(Turn::UnderWay(Box::pin(async move {
        let answer = answer.await;
        form.discard();
        response::render(&answer, nik.expose())
    })))
}

/// The caller, past expiry, permission, rate and quota.
async fn admitted(desk: &Desk, head: &Parts) -> Result<Pass, Refused> {
    let caller = desk.caller(request::secrets(&head.headers).as_ref()).await.map_err(|why| match why {
        NoCaller::Unknown => unrecorded(desk, &Error::unauthorized()),
        NoCaller::Fault => unrecorded(desk, &Error::internal()),
    })?;
    match desk.engine.admit(caller).await {
        Ok(pass) => Ok(pass),
        Err((caller, refusal)) => Err(Box::new(refuse(desk, &caller, refusal).await)),
    }
}

/// Why there is no form.
enum Unread {
    Busy,
    Error(Error),
}

impl From<BodyFault> for Unread {
    fn from(fault: BodyFault) -> Self {
        match fault {
            BodyFault::Busy => Self::Busy,
            fault => Self::Error(fault.into()),
        }
    }
}

impl From<FormFault> for Unread {
    fn from(fault: FormFault) -> Self {
        Self::Error(fault.into())
    }
}

async fn received(desk: &Desk, head: &Parts, inbound: &mut Inbound) -> Result<Form, Unread> {
    let media_type = MediaType::of(&head.headers);
    let media_type =
        media_type.ok_or_else(|| Unread::Error(Error::invalid("request body: unsupported media type")))?;
    let body = desk.receive(Dialect::Accuauth, Sender::Authenticated, inbound).await?;
    Ok(intake::read(&body, &media_type)?)
}

async fn refuse(desk: &Desk, caller: &Caller, refusal: Refusal) -> Response {
    let answer = desk.engine.refuse(caller, refusal, None, &Rules::default()).await;
    response::render_refusal(&answer, None)
}

async fn refuse_invalid(desk: &Desk, caller: &Caller, error: &Error) -> Response {
    let answer = desk.engine.refuse(caller, Refusal::Invalid, None, &Rules { invalid: error.http }).await;
    response::render_refusal(&answer, Some(error))
}

/// Another method leads nowhere in this dialect.
async fn wrong_method(desk: &Desk, head: &Parts) -> Response {
    match desk.caller(request::secrets(&head.headers).as_ref()).await {
        Ok(caller) => refuse_invalid(desk, &caller, &Error::not_found()).await,
        Err(NoCaller::Unknown | NoCaller::Fault) => *unrecorded(desk, &Error::not_found()),
    }
}

/// The answer to nobody: there is no history to write it in.
fn unrecorded(desk: &Desk, error: &Error) -> Refused {
    Box::new(error.response(&request_id(desk.engine.ids().uuid())))
}

/// Answers a path that leads nowhere.
pub(super) fn unknown_path(id: Uuid) -> Response {
    Error::not_found().response(&request_id(id))
}

/// Answers for a handler that panicked.
pub(super) fn broken(id: Uuid) -> Response {
    Error::internal().response(&request_id(id))
}
