//! The real binary, end to end: started as an operator starts it, called as an integrator calls it.
//!
//! Needs what `make test` brings: the models, the ONNX Runtime library, `curl`, and the official clients under
//! `tests/clients`.

#[cfg(test)]
mod harness;

#[cfg(test)]
mod abandoned;
#[cfg(test)]
mod bench_command;
#[cfg(test)]
mod calibrate_command;
mod card_command;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod dukcapil_sim;
#[cfg(test)]
mod eval_faces;
#[cfg(test)]
mod eval_liveness;
#[cfg(test)]
mod eval_names;
mod eval_quality;
#[cfg(test)]
mod first_start;
#[cfg(test)]
mod glair_client;
#[cfg(test)]
mod greeting;
#[cfg(test)]
mod history;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod outside_registry;
#[cfg(test)]
mod own_model;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod quota;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod registry_commands;
#[cfg(test)]
mod rephotograph;
mod restart;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod soak;
#[cfg(test)]
mod specimen;
#[cfg(test)]
mod verify_command;
