use super::{canonical, tables};

/// An occupation of the registry's list, by its canonical name.
///
/// The list's numbers differ between its editions, so a number is never read as an occupation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct JobType(&'static str);

impl JobType {
    /// The occupation a text stands for, in any case: a canonical name or an alias, with or without a bracketed ending.
    pub fn parse(text: &str) -> Option<Self> {
        canonical(tables::JOB_TYPES, text)
            .or_else(|| canonical(tables::JOB_TYPES, without_bracketed_ending(text)?))
            .map(Self)
    }

    /// Every name and alias, in capitals and digits alone, with the occupation it stands for.
    pub fn all() -> impl Iterator<Item = (&'static str, Self)> {
        tables::JOB_TYPES.iter().map(|(key, name)| (*key, Self(name)))
    }

    /// The canonical name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// The text before a closing bracketed remark: `PEGAWAI NEGERI SIPIL (PNS)`.
fn without_bracketed_ending(text: &str) -> Option<&str> {
    let (before, _) = text.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    Some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_occupations() {
        let rows = [
            ("KARYAWAN SWASTA", Some("KARYAWAN SWASTA")),
            ("Pegawai Swasta", Some("KARYAWAN SWASTA")),
            ("PNS", Some("PEGAWAI NEGERI SIPIL")),
            ("Pegawai Negeri Sipil (PNS)", Some("PEGAWAI NEGERI SIPIL")),
            ("Guru (honorer)", Some("GURU")),
            ("PELAJAR / MAHASISWA", Some("PELAJAR/MAHASISWA")),
            ("mahasiswa", Some("PELAJAR/MAHASISWA")),
            ("BELUM/TIDAK BEKERJA", Some("BELUM/TIDAK BEKERJA")),
            ("Pekerja Pengolahan Kerajinan", Some("PEKERJA PENGOLAHAN, KERAJINAN")),
            ("ANGGOTA DPRD KAB./KOTA", Some("ANGGOTA DPRD KABUPATEN/KOTA")),
            ("Supir", Some("SOPIR")),
            ("15", None),
            ("(honorer)", None),
            ("ASTRONOT", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(JobType::parse(text).map(JobType::name), expected, "{text:?}");
        }
    }

    #[test]
    fn every_canonical_name_stands_for_itself() {
        let names: std::collections::BTreeSet<_> = tables::JOB_TYPES.iter().map(|(_, name)| *name).collect();
        assert_eq!(names.len(), 99);
        for name in names {
            assert_eq!(JobType::parse(name).map(JobType::name), Some(name));
        }
    }
}
