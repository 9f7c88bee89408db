//! The demo's thousand people, settled in the registry of the data directory.

use std::collections::HashSet;
use std::error::Error;

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
    if !is_settled(registry, &people).await? {
        registry.put_all(&enrolments(&people, &members, vision).await?).await?;
    }
    Ok(people)
}

/// Whether everybody is there, and the members' portraits too; an operator may have put others in beside them.
async fn is_settled(registry: &LocalRegistry, people: &[Person]) -> Result<bool, Box<dyn Error>> {
    for Person { record, pictures } in people {
        let held = registry.holds(&record.nik).await?;
        if !held.record || (pictures.is_some() && !held.template) {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn enrolments(
    people: &[Person],
    members: &[Member],
    vision: &Vision,
) -> Result<Vec<Enrolment>, Box<dyn Error>> {
    let enrolment = PortraitEnrolment::new(vision.workers(), vision.budget());
    let mut enrolments: Vec<Enrolment> =
        people.iter().map(|person| Enrolment::new(person.record.clone(), Vec::new())).collect();
    for (member, enrolled) in members.iter().zip(&mut enrolments) {
        enrolled.templates.push(enrolment.template(member.photographs.portrait.into()).await?);
    }
    Ok(enrolments)
}
