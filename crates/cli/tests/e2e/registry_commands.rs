//! The commands of the embedded registry, run as an operator runs them: kills, full disks and wrong keys included.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::command::{Finished, absah};

struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn synth(&self, count: u64, seed: u64, name: &str) -> PathBuf {
        let out = self.path(name);
        let count = count.to_string();
        Finished::well(
            absah()
                .args(["registry", "synth", "--count", &count, "--seed", &seed.to_string(), "--out"])
                .arg(&out),
        );
        out
    }

    fn command(&self, args: &[&str]) -> std::process::Command {
        let (name, options) = args.split_first().expect("a command");
        let mut command = absah();
        command.args(["registry", name, "--data-dir"]).arg(self.path("data")).args(options);
        command
    }

    fn import(&self, file: &Path, args: &[&str]) -> Finished {
        Finished::of(self.command(&["import"]).arg(file).args(args))
    }

    fn stats(&self) -> Value {
        Finished::well(&mut self.command(&["stats"])).last_json()
    }
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}

#[test]
fn a_synthetic_population_is_the_same_for_its_seed_and_every_row_is_taken() {
    let home = Home::new();
    let file = home.synth(5_000, 7, "people.csv");
    let people = text(&file);
    assert_eq!(people, text(&home.synth(5_000, 7, "again.csv")));
    assert!(people.starts_with(&text(&home.synth(50, 7, "few.csv"))), "a larger count adds to it");
    assert_ne!(people, text(&home.synth(5_000, 8, "other.csv")));
    assert!(!people.contains('\r') && people.starts_with("nik,name,date_of_birth,"));
    let niks: BTreeSet<_> = people.lines().skip(1).filter_map(|row| row.split(',').next()).collect();
    assert_eq!(niks.len(), 5_000);
    assert!(niks.iter().all(|nik| nik.len() == 16 && nik.bytes().all(|byte| byte.is_ascii_digit())));

    let told = home.import(&file, &[]).last_json();
    assert_eq!(
        (&told["read"], &told["inserted"], &told["updated"], &told["rejected"]),
        (&json!(5_000), &json!(5_000), &json!(0), &json!(0))
    );
    assert!(!home.path("people.csv.rejects.csv").exists());
    assert_eq!(home.stats()["records"], 5_000);
    let journal = std::fs::metadata(home.path("data/registry.sqlite-wal")).map_or(0, |journal| journal.len());
    assert_eq!(journal, 0, "all of it is in the file");

    // What comes out is what went in.
    let out = home.path("out.csv");
    std::fs::write(&out, "open to all").expect("written");
    let told = Finished::well(home.command(&["export", "--out"]).arg(&out)).last_json();
    assert_eq!(told, json!({ "people": 5_000 }));
    let sorted = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(sorted(&text(&out)), sorted(&people));
    assert_eq!(std::fs::metadata(&out).expect("there").permissions().mode() & 0o777, 0o600);
    let printed = Finished::well(&mut home.command(&["export"])).stdout;
    assert_eq!(sorted(&printed), sorted(&people));
}

#[test]
fn an_import_killed_half_way_goes_on_without_loss_or_duplicates() {
    let home = Home::new();
    let file = home.synth(150_000, 11, "people.csv");
    let mut rows = text(&file);
    // Rows of no use from the first to the last.
    let bad = (1..=100).map(|place| place * 1_400);
    let at: Vec<_> = rows.match_indices('\n').map(|(at, _)| at + 1).collect();
    for place in bad.rev() {
        rows.insert_str(at[place], "12,X\n");
    }
    std::fs::write(&file, rows).expect("written");

    let mut running = home
        .command(&["import", "--commit-rows", "5000"])
        .arg(&file)
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let deadline = Instant::now() + Duration::from_secs(120);
    while !home.path("data/registry.sqlite").exists() || home.stats()["records"] == 0 {
        assert!(Instant::now() < deadline, "nothing was committed");
        std::thread::sleep(Duration::from_millis(20));
    }
    running.kill().expect("killed");
    running.wait().expect("ended");
    let before = home.stats()["records"].as_u64().expect("a number");
    assert!(before < 150_000, "it was killed half-way");

    let resumed = home.import(&file, &["--resume"]);
    let told = resumed.last_json();
    assert_eq!(
        (&told["read"], &told["inserted"], &told["updated"], &told["rejected"]),
        (&json!(150_100), &json!(150_000), &json!(0), &json!(100)),
        "{resumed:?}"
    );
    let after = told["resumed_after"].as_u64().expect("a number");
    assert!((before..150_100).contains(&after), "{told}, {before} before");
    assert_eq!(home.stats()["records"], 150_000);
    let rejects = text(&home.path("people.csv.rejects.csv"));
    let lines: BTreeSet<_> = rejects.lines().skip(1).filter_map(|row| row.split(',').next()).collect();
    assert_eq!((rejects.lines().count(), lines.len()), (101, 100), "each is told once");

    let again = home.import(&file, &["--resume"]);
    assert!(again.stderr.contains("begins at the beginning"), "{again:?}");
    assert_eq!(again.last_json()["updated"], 150_000);
}

#[test]
fn people_come_from_json_lines_too_and_go_by_their_number() {
    let home = Home::new();
    let file = home.path("people.jsonl");
    let rows = "{\"nik\":\"3217061012870001\",\"name\":\"SITI\"}\n{\"nik\":3217061012870002}\n{\"nik\":\"1\"}\nnik,name\n";
    std::fs::write(&file, rows).expect("written");
    let told = home.import(&file, &[]).last_json();
    assert_eq!((&told["inserted"], &told["rejected"]), (&json!(2), &json!(2)));
    assert_eq!(
        text(&home.path("people.jsonl.rejects.csv")),
        "line,field,reason\n3,nik,\"a NIK has exactly 16 digits\"\n4,,\"the line is not a JSON object of texts and whole numbers\"\n"
    );

    let niks = home.path("niks.txt");
    std::fs::write(
        &niks,
        format!("nik\n3217061012870001\r\n\n3217061012870099\n12\n{}3217061012870002\n", " ".repeat(256)),
    )
    .expect("written");
    let removed = Finished::of(home.command(&["remove", "--nik-file"]).arg(&niks));
    assert_eq!(removed.last_json(), json!({ "read": 3, "removed": 1, "not_held": 1, "rejected": 1 }));
    assert!(removed.stderr.contains("line 5") && !removed.stderr.contains("3217"), "{removed:?}");
    assert_eq!(home.stats()["records"], 1);
}

#[test]
fn another_master_key_is_refused_in_a_sentence() {
    let home = Home::new();
    let file = home.synth(10, 1, "people.csv");
    let keys = ["11".repeat(32), "22".repeat(32)];
    let key_file = home.path("key");
    std::fs::write(&key_file, &keys[0]).expect("written");
    std::fs::set_permissions(&key_file, std::fs::Permissions::from_mode(0o600)).expect("set");
    let with = |variable: &str, value: &str| {
        let mut command = home.command(&["import"]);
        command.arg(&file).env("REGISTRY_KEY", &keys[0]).env("OTHER_KEY", &keys[1]);
        Finished::of(command.env(format!("ABSAH_SEALING__{variable}"), value))
    };
    let rows = [
        ("KEY_VARIABLE", "REGISTRY_KEY".to_owned(), None),
        ("KEY_FILE", key_file.display().to_string(), None),
        ("KEY_COMMAND", format!("cat {}", key_file.display()), None),
        ("KEY_VARIABLE", "OTHER_KEY".to_owned(), Some("was made with another master key")),
        ("KEY_VARIABLE", "NO_KEY".to_owned(), Some("NO_KEY (sealing.key_variable) does not hold")),
        ("KEY_COMMAND", "exit 3".to_owned(), Some("the command failed")),
        ("KEY_FILE", "/nowhere/key".to_owned(), Some("sealing.key_file gives no master key")),
    ];
    for (variable, value, refusal) in rows {
        let done = with(variable, &value);
        match refusal {
            None => assert_eq!(done.code, Some(0), "{variable}={value}: {done:?}"),
            Some(why) => {
                assert!(done.code == Some(1) && done.stderr.contains(why), "{variable}={value}: {done:?}");
            }
        }
    }
    assert!(!home.path("data/master.key").exists(), "no key lies beside the data");
    let lost = home.import(&file, &[]);
    assert!(lost.stderr.contains("master.key is missing"), "{lost:?}");
}

#[test]
fn a_full_disk_ends_an_import_in_a_sentence_and_leaves_the_registry_whole() {
    let home = Home::new();
    let few = home.synth(100, 1, "few.csv");
    assert_eq!(home.import(&few, &[]).code, Some(0));
    let many = home.synth(80_000, 2, "many.csv");
    // A limit on the length of files is to the program what a full disk is.
    let import = home.command(&["import"]);
    let mut limited = std::process::Command::new("bash");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 8192; exec \"$0\" \"$@\""]).arg(import.get_program());
    limited.args(import.get_args()).arg(&many).env_clear();
    limited.envs(std::env::vars().filter(|(name, _)| !name.starts_with("ABSAH_")));
    limited.envs(import.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let full = Finished::of(&mut limited);
    assert_eq!(full.code, Some(1), "{full:?}");
    assert!(full.stderr.contains("the registry's database failed"), "{full:?}");
    let held = home.stats()["records"].as_u64().expect("a number");
    assert!((100..80_100).contains(&held), "{held}");
    let told = home.import(&many, &["--resume"]).last_json();
    assert_eq!(told["read"], 80_000, "{told}");
    assert_eq!(home.stats()["records"], 80_100);
}
