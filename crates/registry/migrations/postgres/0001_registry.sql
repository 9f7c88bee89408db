-- Everything that tells of a person is sealed; a row is found by the keyed hash of its NIK (17 bytes: key id, first half
-- of the hash). The hash spreads people evenly, so 16 partitions grow alike: each can be vacuumed, moved to a disk of its
-- own and reindexed alone. No foreign keys: who removes a person removes what is theirs in the same transaction.
--
-- An engine that distributes tables itself needs no partitions: distributed/0001_registry.sql has the same tables for
-- Citus, CockroachDB and YugabyteDB. It is run by the operator before the first start, and is then found up to date.
--
-- Every statement can be run again: of several programs that start at once, and after one that was killed, the last
-- one finds what the others made.

CREATE TABLE IF NOT EXISTS person (
    nik    bytea NOT NULL PRIMARY KEY CHECK (octet_length(nik) = 17),
    sealed bytea NOT NULL
) PARTITION BY HASH (nik);

-- Face templates of several models side by side.
CREATE TABLE IF NOT EXISTS template (
    nik    bytea NOT NULL CHECK (octet_length(nik) = 17),
    model  text  NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (nik, model)
) PARTITION BY HASH (nik);

-- Reference pictures, where an operator asked to keep them.
CREATE TABLE IF NOT EXISTS picture (
    nik    bytea NOT NULL PRIMARY KEY CHECK (octet_length(nik) = 17),
    sealed bytea NOT NULL
) PARTITION BY HASH (nik);

-- What is sealed does not grow smaller: no attempt is made.
ALTER TABLE person ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE template ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE picture ALTER COLUMN sealed SET STORAGE EXTERNAL;

DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS person_%s PARTITION OF person FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
            part, part);
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS template_%s PARTITION OF template FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
            part, part);
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS picture_%s PARTITION OF picture FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
            part, part);
    END LOOP;
END
$$;

-- How far an import has come that did not reach its end: written with the people it speaks of.
CREATE TABLE IF NOT EXISTS checkpoint (
    source bytea NOT NULL PRIMARY KEY CHECK (octet_length(source) = 17),
    state  text  NOT NULL       -- JSON
);
