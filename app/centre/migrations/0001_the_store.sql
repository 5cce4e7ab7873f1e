-- The centre's first schema. `{id}`, `{serial}`, `{hashed}` are put in by app/centre/store.py; a statement under a line
-- `-- only postgresql` or `-- only sqlite` goes there alone. Times: UTC, microseconds, `Z`, as in the log.

CREATE TABLE devices (
  device {id} NOT NULL PRIMARY KEY,
  public_key BYTEA NOT NULL,
  seal_key BYTEA NOT NULL,
  number TEXT NOT NULL,
  region TEXT NOT NULL,
  names TEXT NOT NULL,
  certificate BYTEA NOT NULL,
  enrolled_at TEXT NOT NULL,
  revoked_at TEXT,
  revoked_reason TEXT
);

CREATE TABLE invitations (
  code_hash BYTEA NOT NULL PRIMARY KEY,
  made_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_by {id},
  used_at TEXT
);

CREATE TABLE incarnations (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  device {id} NOT NULL,
  first_seq BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  prev_hash BYTEA NOT NULL,
  head_hash BYTEA NOT NULL,
  after_incarnation {id},
  after_line INTEGER,
  aside INTEGER NOT NULL,
  begun_at TEXT NOT NULL,
  receipt BYTEA,
  PRIMARY KEY (incarnation, line)
);

CREATE INDEX incarnations_of_device ON incarnations (device);

CREATE INDEX incarnations_after ON incarnations (after_incarnation, after_line) WHERE after_incarnation IS NOT NULL;

CREATE TABLE progress (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  interpreted_upto BIGINT NOT NULL,
  applied BIGINT NOT NULL,
  waiting BIGINT NOT NULL,
  quarantined BIGINT NOT NULL,
  look_again INTEGER NOT NULL,
  PRIMARY KEY (incarnation, line)
);

CREATE TABLE batches (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  first_seq BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  prev_hash BYTEA NOT NULL,
  head_hash BYTEA NOT NULL,
  head_signature BYTEA NOT NULL,
  received_at TEXT NOT NULL,
  way TEXT NOT NULL,
  PRIMARY KEY (incarnation, line, last_seq)
) {hashed};

CREATE TABLE events (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  record BYTEA NOT NULL,
  PRIMARY KEY (incarnation, line, seq)
) {hashed};

CREATE TABLE unapplied (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  came INTEGER NOT NULL,
  whole INTEGER NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (incarnation, line, seq)
);

CREATE TABLE attachments (
  incarnation {id} NOT NULL,
  digest {id} NOT NULL,
  size BIGINT NOT NULL,
  held BIGINT NOT NULL,
  complete INTEGER NOT NULL,
  completed_at TEXT,
  PRIMARY KEY (incarnation, digest)
);

CREATE TABLE chunks (
  incarnation {id} NOT NULL,
  digest {id} NOT NULL,
  at BIGINT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (incarnation, digest, at)
) {hashed};

CREATE TABLE receipts (
  id {serial},
  incarnation {id} NOT NULL,
  statement BYTEA NOT NULL,
  leaf_hash BYTEA NOT NULL,
  leaf_index BIGINT
);

CREATE INDEX receipts_to_enter ON receipts (id) WHERE leaf_index IS NULL;

CREATE UNIQUE INDEX receipts_entered ON receipts (leaf_index) WHERE leaf_index IS NOT NULL;

CREATE INDEX receipts_by_leaf ON receipts (leaf_hash) WHERE leaf_index IS NOT NULL;

CREATE TABLE tree_heads (
  tree_size BIGINT NOT NULL PRIMARY KEY,
  tree_root BYTEA NOT NULL,
  published_at TEXT NOT NULL
);

CREATE TABLE set_aside (
  id {serial},
  device {id} NOT NULL,
  raw_hash BYTEA NOT NULL UNIQUE,
  raw BYTEA NOT NULL,
  reason TEXT NOT NULL,
  received_at TEXT NOT NULL,
  way TEXT NOT NULL
);

CREATE INDEX set_aside_of_device ON set_aside (device);

CREATE TABLE bundles (
  id {id} NOT NULL PRIMARY KEY,
  device {id} NOT NULL,
  number BIGINT NOT NULL,
  made_at TEXT NOT NULL,
  taken_at TEXT NOT NULL
);

CREATE INDEX bundles_of_device ON bundles (device);

CREATE TABLE alarms (
  id {serial},
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  device {id},
  incarnation {id},
  seq BIGINT,
  told TEXT NOT NULL,
  made_at TEXT NOT NULL,
  answered_at TEXT,
  answer TEXT
);

-- only postgresql
DO $partitions$
DECLARE whole TEXT; part INTEGER;
BEGIN
  FOREACH whole IN ARRAY ARRAY['batches', 'events', 'chunks'] LOOP
    FOR part IN 0..15 LOOP
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
                     whole || '_' || to_char(part, 'FM00'), whole, part);
    END LOOP;
  END LOOP;
END $partitions$;
