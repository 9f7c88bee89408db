-- Everything that tells of a person is sealed; a row is found by the keyed hash of its NIK (17 bytes: key id, first half
-- of the hash). People stand in the order they came in, and only the narrow index is sorted by the hash: loading
-- millions then writes each page of records once.

CREATE TABLE person (
    id     INTEGER PRIMARY KEY,
    nik    BLOB NOT NULL CHECK (length(nik) = 17),
    sealed BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX person_of_nik ON person (nik);

-- Face templates of several models side by side.
CREATE TABLE template (
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    model  TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (person, model)
) STRICT, WITHOUT ROWID;

-- Reference pictures, where an operator asked to keep them.
CREATE TABLE picture (
    person INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    sealed BLOB NOT NULL
) STRICT;

-- How far an import has come that did not reach its end: written with the people it speaks of.
CREATE TABLE checkpoint (
    source BLOB PRIMARY KEY CHECK (length(source) = 17),
    state  TEXT NOT NULL       -- JSON
) STRICT, WITHOUT ROWID;
