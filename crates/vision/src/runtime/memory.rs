//! How much memory this process holds.

use std::fs;

/// Bytes of this process that are in memory now (resident set size), as Linux counts them; `None` on other systems.
pub fn resident_bytes() -> Option<u64> {
    resident_in(&fs::read_to_string("/proc/self/status").ok()?)
}

/// The resident set size in a text like `/proc/self/status` (proc_pid_status(5)), where it stands in kB of 1024 bytes.
fn resident_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let number: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    number.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resident_set_is_read_from_its_line() {
        let table = [
            ("Name:\tabsah\nVmPeak:\t  900 kB\nVmRSS:\t    4096 kB\nRssAnon:\t 1 kB\n", Some(4_194_304)),
            ("VmRSS:\t0 kB", Some(0)),
            ("Name:\tabsah\n", None),
            ("VmRSS:\t many kB\n", None),
            ("VmRSS:\t18446744073709551615 kB\n", None),
            ("", None),
        ];
        for (status, expected) in table {
            assert_eq!(resident_in(status), expected, "{status:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_running_process_holds_memory() {
        assert!(resident_bytes().is_some_and(|bytes| bytes > 1 << 20));
    }
}
