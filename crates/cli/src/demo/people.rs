//! The demo's thousand people, settled in the registry of the data directory.

use std::collections::HashSet;
use std::error::Error;
use std::sync::Arc;

use absah_core::claims::{Record, RecordState};
use absah_engine::PortraitEnrolment;
use absah_registry::local::{Enrolment, LocalRegistry};
use absah_registry::synthetic;

use super::cast::{self, Member};
use super::pictures::{self, PicturePaths};
use crate::data_dir::DataDir;
use crate::vision::Vision;

/// How many people live in the demo.
const POPULATION: usize = 1_000;
/// The same seed, so the same people, in every demo.
const SEED: u64 = 20_260_101;

/// A person of the demo.
pub struct Person {
    pub record: Record,
    /// Only the first five have any.
    pub pictures: Option<PicturePaths>,
}

/// Makes sure that everybody is there, and says who.
pub async fn settle(
    dir: &DataDir,
    registry: &LocalRegistry,
    vision: &Vision,
) -> Result<Vec<Person>, Box<dyn Error>> {
    let members = cast::members()?;
    let mut people = Vec::with_capacity(POPULATION);
    for member in &members {
        let pictures = Some(pictures::write(dir.path(), member, vision).await?);
        people.push(Person { record: member.record.clone(), pictures });
    }
    let known: HashSet<_> = members.iter().map(|member| member.record.nik.clone()).collect();
    let others = synthetic::people(SEED)
        .filter(|record| record.state == RecordState::Active && !known.contains(&record.nik))
        .take(POPULATION - members.len());
    people.extend(others.map(|record| Person { record, pictures: None }));
    if !is_settled(registry, &members).await? {
        registry.put_all(&enrolments(&people, &members, vision).await?).await?;
    }
    Ok(people)
}

/// Everybody was written in one transaction, so a count tells whether it happened.
async fn is_settled(registry: &LocalRegistry, members: &[Member]) -> Result<bool, Box<dyn Error>> {
    let stats = registry.stats().await?;
    let portraits =
        stats.templates.iter().find(|(model, _)| **model == **registry.model()).map_or(0, |(_, n)| *n);
    Ok(stats.records >= POPULATION as u64 && portraits >= members.len() as u64)
}

async fn enrolments(
    people: &[Person],
    members: &[Member],
    vision: &Vision,
) -> Result<Vec<Enrolment>, Box<dyn Error>> {
    let enrolment = Arc::new(PortraitEnrolment::new(vision.workers(), vision.budget()));
    let mut enrolments: Vec<Enrolment> = people
        .iter()
        .map(|person| Enrolment { record: person.record.clone(), templates: Vec::new() })
        .collect();
    for (member, enrolled) in members.iter().zip(&mut enrolments) {
        enrolled.templates.push(enrolment.template(member.photographs.portrait.into()).await?);
    }
    Ok(enrolments)
}
