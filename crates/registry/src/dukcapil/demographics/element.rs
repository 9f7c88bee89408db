use absah_core::field::Field;

/// The element the service of demographics knows a field by.
pub const fn element(field: Field) -> &'static str {
    match field {
        Field::Name => "NAMA_LGKP",
        Field::DateOfBirth => "TGL_LHR",
        Field::NoKk => "NO_KK",
        Field::MotherMaidenName => "NAMA_LGKP_IBU",
        Field::PlaceOfBirth => "TMPT_LHR",
        Field::Address => "ALAMAT",
        Field::Gender => "JENIS_KLMIN",
        Field::MaritalStatus => "STATUS_KAWIN",
        Field::JobType => "JENIS_PKRJN",
        Field::Province => "PROP_NAME",
        Field::City => "KAB_NAME",
        Field::District => "KEC_NAME",
        Field::Subdistrict => "KEL_NAME",
        Field::Rt => "NO_RT",
        Field::Rw => "NO_RW",
    }
}

/// The policy's threshold of a field the service scores, 0 to 100; `None` for the others.
pub(super) fn threshold(field: Field, policy: &absah_core::policy::Policy) -> Option<u8> {
    match field {
        Field::Name => Some(policy.name.threshold),
        Field::MotherMaidenName => Some(policy.fields.mother_maiden_name),
        Field::PlaceOfBirth => Some(policy.fields.place_of_birth),
        Field::Address => Some(policy.fields.address),
        _ => None,
    }
}
