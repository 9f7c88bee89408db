-- Everything that tells of a person is sealed; a row is found by the keyed hash of its NIK (33 bytes: key version, hash).

CREATE TABLE person (
    nik    BLOB PRIMARY KEY CHECK (length(nik) = 33),
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Face templates of several models side by side.
CREATE TABLE template (
    nik    BLOB NOT NULL REFERENCES person (nik) ON DELETE CASCADE,
    model  TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (nik, model)
) STRICT;
