//! What comparing a person costs: all fifteen fields, and single names. The full comparison is to stay within 20 µs.

use std::hint::black_box;

use absah_core::claims::Demographics;
use absah_core::compare;
use absah_core::field::Field;
use absah_core::person_name;
use absah_core::policy::Policy;
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::civil::date;

/// A record and three claims: as it is held, as people write it, and of somebody else.
fn people() -> [(&'static str, Demographics); 4] {
    let rows = [
        (
            "record",
            [
                "MUHAMMAD RIZKI SUPRIYADI",
                "3273010101010001",
                "SITI NURHALIZA",
                "KOTA BANDUNG",
                "JL SESAMA NO 123",
                "LAKI-LAKI",
                "KAWIN",
                "KARYAWAN SWASTA",
                "JAWA BARAT",
                "KOTA BANDUNG",
                "SUKAJADI",
                "SUKAJADI",
                "002",
                "016",
            ],
        ),
        (
            "equal",
            [
                "MUHAMMAD RIZKI SUPRIYADI",
                "3273010101010001",
                "SITI NURHALIZA",
                "KOTA BANDUNG",
                "JL SESAMA NO 123",
                "LAKI-LAKI",
                "KAWIN",
                "KARYAWAN SWASTA",
                "JAWA BARAT",
                "KOTA BANDUNG",
                "SUKAJADI",
                "SUKAJADI",
                "002",
                "016",
            ],
        ),
        (
            "as_written",
            [
                "Dr. H. Moch. Rizki Supriadi, S.H.",
                "3273 0101 0101 0001",
                "Siti Nur Haliza",
                "Bandung",
                "Jalan Sesama Nomor 132 RT 2/RW 16",
                "L",
                "Kawin Tercatat",
                "Pegawai Swasta",
                "Jabar",
                "Bandung",
                "Kec. Sukajadi",
                "Suka Jadi",
                "2",
                "16",
            ],
        ),
        (
            "somebody_else",
            [
                "ANDI BUDI SANTOSO WIJAYA SE",
                "3273010101010002",
                "DEWI SARTIKA",
                "SURABAYA",
                "GANG KENANGA BLOK C NO 7",
                "PEREMPUAN",
                "BELUM KAWIN",
                "GURU",
                "JAWA TIMUR",
                "KAB. SIDOARJO",
                "WARU",
                "KUREKSARI",
                "5",
                "1",
            ],
        ),
    ];
    let fields = Field::ALL.into_iter().filter(|field| *field != Field::DateOfBirth);
    rows.map(|(name, texts)| {
        let mut person = Demographics::default();
        person.set_date_of_birth(date(1990, 7, 6));
        for (field, text) in fields.clone().zip(texts) {
            person.set_text(field, text);
        }
        (name, person)
    })
}

fn fifteen_fields(c: &mut Criterion) {
    let policy = Policy::default();
    let [(_, record), claims @ ..] = people();
    let mut group = c.benchmark_group("fifteen_fields");
    for (name, claim) in claims {
        group.bench_function(name, |b| {
            b.iter(|| compare::demographics(black_box(&claim), black_box(&record), black_box(&policy)));
        });
    }
    group.finish();
}

fn names(c: &mut Criterion) {
    let rows = [
        ("equal", "BUDI SANTOSO", "BUDI SANTOSO"),
        ("canonical_spelling", "MUHAMMAD RIZKI", "MOCH RIZKI"),
        ("edit_distance", "BUDI SANTOSO", "DEWI SARTIKA PUTRI"),
        ("titles_and_patronymic", "H ANDI BIN AHMAD SE", "DR. HJ. SITI BINTI SLAMET, S.H."),
    ];
    let mut group = c.benchmark_group("names");
    for (name, a, b) in rows {
        group.bench_function(name, |bench| {
            bench.iter(|| person_name::similarity(black_box(a), black_box(b), false))
        });
    }
    group.finish();
}

criterion_group!(benches, fifteen_fields, names);
criterion_main!(benches);
