-- Times are microseconds since 1970-01-01 UTC. Ids are UUIDs of 16 bytes. Blind indexes are 33 bytes: key version, hash.

CREATE TABLE credential (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    tenant      TEXT NOT NULL,
    dialect     TEXT NOT NULL,
    environment TEXT NOT NULL,
    label       TEXT NOT NULL,
    products    TEXT NOT NULL,      -- JSON: the products' names
    terms       TEXT NOT NULL,      -- JSON
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER,
    disabled    INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    lookup      BLOB NOT NULL CHECK (length(lookup) = 32),
    proof       BLOB NOT NULL CHECK (length(proof) = 32),
    UNIQUE (dialect, lookup),
    UNIQUE (id, tenant)
) STRICT;

-- What happened, in the order of recording; a position is never given twice.
CREATE TABLE history (
    position    INTEGER PRIMARY KEY AUTOINCREMENT,
    id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    credential  BLOB NOT NULL,
    tenant      TEXT NOT NULL,
    dialect     TEXT NOT NULL,
    environment TEXT NOT NULL,
    subject     BLOB CHECK (length(subject) = 33),
    wire_id     TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    status      INTEGER NOT NULL,
    time        INTEGER NOT NULL,
    evidence    TEXT NOT NULL,      -- JSON: checks, scores, thresholds
    UNIQUE (credential, wire_id),
    -- A transaction cannot be written to another tenant's credential.
    FOREIGN KEY (credential, tenant) REFERENCES credential (id, tenant)
) STRICT;

CREATE INDEX history_of_tenant ON history (tenant, position);
CREATE INDEX history_of_subject ON history (subject) WHERE subject IS NOT NULL;

-- What each transaction costs, in whole rupiah.
CREATE TABLE ledger (
    history INTEGER NOT NULL REFERENCES history (position),
    line    INTEGER NOT NULL,
    item    TEXT NOT NULL,
    rupiah  INTEGER NOT NULL CHECK (rupiah >= 0),
    PRIMARY KEY (history, line)
) STRICT, WITHOUT ROWID;

-- How many charged answers each credential has received.
CREATE TABLE usage (
    credential BLOB PRIMARY KEY REFERENCES credential (id),
    charged    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which subject a contact belongs to, within a domain.
CREATE TABLE contact (
    domain   TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('phone', 'email')),
    contact  BLOB NOT NULL CHECK (length(contact) = 33),
    subject  BLOB NOT NULL CHECK (length(subject) = 33),
    sealed   BLOB NOT NULL,
    bound_at INTEGER NOT NULL,
    history  INTEGER NOT NULL REFERENCES history (position),
    PRIMARY KEY (domain, kind, contact)
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_of_subject ON contact (subject);
