-- Calls to population registries that answer over a network, and what each costs. Nothing here tells of a person.
CREATE TABLE registry_call (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    time     INTEGER NOT NULL,
    tenant   TEXT NOT NULL,
    source   TEXT NOT NULL,      -- the registry's name in the configuration
    service  TEXT NOT NULL,      -- what was asked of it
    answer   TEXT NOT NULL,      -- what came of it: a code
    rupiah   INTEGER NOT NULL CHECK (rupiah >= 0)
) STRICT;

CREATE INDEX registry_call_of_source ON registry_call (source, time);
CREATE INDEX registry_call_of_time ON registry_call (time);

-- Numbers whose use is still to be told to the registry, under the id that the caller was given. Once told they go.
CREATE TABLE reverse_data (
    history INTEGER PRIMARY KEY REFERENCES history (position),
    sealed  BLOB NOT NULL        -- the NIK
) STRICT;
