//! What commands that compare pictures of known truth have in common.

use std::path::PathBuf;

use absah_core::face::Profile;
use absah_vision::degrade::Loss;
use absah_vision::evaluation::EvaluationError;
use absah_vision::evaluation::comparison::{Evaluation, Pipeline, Setting, Source, evaluate};
use absah_vision::models::Models;
use clap::Args;

use super::{Bar, jobs};

/// Which pictures are compared, and as what.
#[derive(Args)]
pub struct Comparison {
    /// Pairs: columns left (the probe), right (the reference), both paths below --images, and same (1 or 0). Further
    /// columns are attributes, such as gender.
    #[arg(long, value_name = "CSV", requires = "images", required_unless_present = "all_pairs")]
    pairs: Option<PathBuf>,
    /// The folder the pairs' paths start from.
    #[arg(long, value_name = "DIR")]
    images: Option<PathBuf>,
    /// All pairs of a folder that holds one folder of pictures a person, instead of --pairs.
    #[arg(long, value_name = "DIR", conflicts_with = "pairs")]
    all_pairs: Option<PathBuf>,
    /// What is compared: selfie_portrait, selfie_card (left is the selfie) or card_portrait (left is the card). In the
    /// latter two the card's side is drawn as a card's portrait.
    #[arg(long, value_name = "NAME", value_parser = profile, default_value = "selfie_portrait")]
    pub profile: Profile,
    /// The card's side shows real cards: draw nothing.
    #[arg(long)]
    real_cards: bool,
    /// The same seed draws the same cards and the same losses.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Threads [default: one a processor].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

impl Comparison {
    /// Compares them as the server does, with a progress bar on standard error; `threshold` is the operating one, 0 to
    /// 100.
    pub fn run(&self, models: &Models, threshold: f64) -> Result<Evaluation, Box<dyn std::error::Error>> {
        self.run_with(models, threshold, &[], None)
    }

    /// The same by variants of the pipeline as well, of pictures that lost something first.
    pub fn run_with(
        &self,
        models: &Models,
        threshold: f64,
        variants: &[Pipeline],
        loss: Option<Loss>,
    ) -> Result<Evaluation, Box<dyn std::error::Error>> {
        let bar = Bar::new()?;
        let progress = |done: usize, all: usize| bar.tell(done, all);
        let setting = Setting {
            profile: self.profile,
            simulated_cards: (!self.real_cards).then_some(self.seed),
            poorer: loss.map(|loss| (loss, self.seed)),
            variants,
            threshold,
            jobs: jobs(self.jobs),
            progress: &progress,
        };
        let evaluation = evaluate(models, self.source()?, &setting);
        bar.clear();
        evaluation.map_err(|error: EvaluationError| error.into())
    }

    fn source(&self) -> Result<Source<'_>, &'static str> {
        match (&self.pairs, &self.images, &self.all_pairs) {
            (Some(csv), Some(images), _) => Ok(Source::Pairs { csv, images }),
            (_, _, Some(people)) => Ok(Source::AllOf(people)),
            _ => Err("name --pairs with --images, or --all-pairs"),
        }
    }
}

/// The comparison profile of a name.
pub fn profile(text: &str) -> Result<Profile, String> {
    let names = || Profile::ALL.map(Profile::key).join(", ");
    Profile::from_key(text).ok_or_else(|| format!("has to be one of {}", names()))
}
