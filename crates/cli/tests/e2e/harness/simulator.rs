//! The simulator of the national registry, as its command starts it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::command::{Finished, absah};
use super::curl::curl;

/// A running simulator; killed when dropped.
pub struct Simulator {
    child: Child,
    pub told: Value,
}

impl Simulator {
    /// Of the people of `people.csv` in `home`, which certificates and keys go to as well.
    pub fn start(home: &Path, options: &[&str]) -> Self {
        let mut command = absah();
        command.args(["dukcapil-sim", "--people", "people.csv", "--customer", "bank"]).args(options);
        let mut child = command.current_dir(home).stdout(Stdio::piped()).spawn().expect("started");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        Self { child, told: serde_json::from_str(&line).expect("JSON") }
    }

    /// Ends it without giving it a chance.
    pub fn kill(&mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("it ends");
    }

    /// A text of what it printed.
    pub fn text(&self, key: &str) -> &str {
        self.told[key].as_str().unwrap_or_else(|| panic!("{key}: {}", self.told))
    }

    /// The address it listens on, without a scheme.
    pub fn address(&self) -> String {
        self.text("url").rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// What it was asked so far, by service.
    pub fn calls(&self) -> Value {
        curl([format!("{}/sim/calls", self.text("admin"))], "").body
    }

    /// What goes wrong from now on.
    pub fn faults(&self, rules: &Value) {
        let url = format!("{}/sim/faults", self.text("admin"));
        Finished::well(Command::new("curl").args(["-sSf", "-X", "PUT", "--json", &rules.to_string(), &url]));
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // One that has ended already needs no killing.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
