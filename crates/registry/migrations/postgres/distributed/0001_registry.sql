-- The tables of ../0001_registry.sql without native partitions, for engines that distribute tables themselves. The
-- operator runs this once, before the first start, and then distributes the tables by nik as docs/scaling.md says. The
-- last statement says that they are there, so that the program makes none itself.

CREATE TABLE IF NOT EXISTS data_key (
    id      smallint NOT NULL PRIMARY KEY CHECK (id BETWEEN 1 AND 255),
    wrapped bytea    NOT NULL
);

CREATE TABLE IF NOT EXISTS person (
    nik    bytea NOT NULL PRIMARY KEY CHECK (octet_length(nik) = 17),
    sealed bytea NOT NULL
);

CREATE TABLE IF NOT EXISTS template (
    nik    bytea NOT NULL CHECK (octet_length(nik) = 17),
    model  text  NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (nik, model)
);

CREATE TABLE IF NOT EXISTS picture (
    nik    bytea NOT NULL PRIMARY KEY CHECK (octet_length(nik) = 17),
    sealed bytea NOT NULL
);

CREATE TABLE IF NOT EXISTS checkpoint (
    source bytea NOT NULL PRIMARY KEY CHECK (octet_length(source) = 17),
    state  text  NOT NULL
);

CREATE TABLE IF NOT EXISTS registry_version (
    version integer NOT NULL PRIMARY KEY,
    name    text    NOT NULL
);

INSERT INTO registry_version (version, name) VALUES (1, 'registry') ON CONFLICT (version) DO NOTHING;
