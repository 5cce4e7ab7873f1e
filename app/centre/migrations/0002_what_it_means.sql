-- What the centre makes of the events (adr/0041). All but the lists and what is published can be thrown away and made
-- again from the events: `saraptama-centre rebuild`. Each row names the event that it comes from, so that an event that
-- is interpreted again leaves what it left before.

ALTER TABLE progress ADD COLUMN requeue INTEGER NOT NULL DEFAULT 0;

ALTER TABLE progress ADD COLUMN stuck_at BIGINT;

CREATE TABLE laptop_users (
  device {id} NOT NULL,
  id {id} NOT NULL,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  public_key TEXT NOT NULL,
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (device, id)
);

CREATE TABLE signings (
  device {id} NOT NULL,
  case_id {id} NOT NULL,
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  state TEXT NOT NULL,
  supersedes {id},
  PRIMARY KEY (device, case_id, incarnation, line, seq)
);

CREATE INDEX signings_supersede ON signings (device, supersedes) WHERE supersedes IS NOT NULL;

CREATE TABLE conclusions (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  device {id} NOT NULL,
  case_id {id} NOT NULL,
  number TEXT NOT NULL,
  digest TEXT NOT NULL,
  complete INTEGER NOT NULL,
  supersedes {id},
  iin TEXT,
  person TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  sex TEXT NOT NULL,
  kato TEXT,
  region TEXT NOT NULL,
  department TEXT NOT NULL,
  organisation TEXT,
  examined_on TEXT NOT NULL,
  place TEXT,
  occasion TEXT,
  signed_at TEXT NOT NULL,
  received_at TEXT NOT NULL,
  icd10 TEXT,
  outcome TEXT NOT NULL,
  period_kind TEXT,
  period_value INTEGER,
  until TEXT,
  general INTEGER,
  professional INTEGER,
  cause TEXT,
  proposed_outcome TEXT NOT NULL,
  proposed_kind TEXT,
  proposed_value INTEGER,
  proposed_cause TEXT,
  overridden INTEGER NOT NULL,
  override_reason TEXT,
  pack TEXT NOT NULL,
  pack_version TEXT NOT NULL,
  compared INTEGER NOT NULL,
  PRIMARY KEY (incarnation, line, seq)
);

CREATE INDEX conclusions_of_person ON conclusions (iin) WHERE iin IS NOT NULL;

CREATE INDEX conclusions_of_case ON conclusions (device, case_id);

CREATE INDEX conclusions_by_number ON conclusions (number);

CREATE INDEX conclusions_to_compare ON conclusions (incarnation, line, seq) WHERE compared = 0;

CREATE TABLE conclusion_members (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  member INTEGER NOT NULL,
  device {id} NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  role TEXT NOT NULL,
  began_at TEXT NOT NULL,
  signed_at TEXT NOT NULL,
  PRIMARY KEY (incarnation, line, seq, member)
);

CREATE INDEX conclusion_members_by_name ON conclusion_members (folded, signed_at);

CREATE TABLE conclusion_texts (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  field TEXT NOT NULL,
  hash TEXT NOT NULL,
  device {id} NOT NULL,
  PRIMARY KEY (incarnation, line, seq, field)
);

CREATE INDEX conclusion_texts_alike ON conclusion_texts (hash);

CREATE TABLE printed (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  device {id} NOT NULL,
  case_id {id},
  document TEXT NOT NULL,
  language TEXT NOT NULL,
  how TEXT NOT NULL,
  PRIMARY KEY (incarnation, line, seq)
);

CREATE TABLE blanks (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  device {id} NOT NULL,
  case_id {id},
  kind TEXT NOT NULL,
  series TEXT NOT NULL,
  number BIGINT NOT NULL,
  compared INTEGER NOT NULL,
  PRIMARY KEY (incarnation, line, seq)
);

CREATE INDEX blanks_by_number ON blanks (kind, series, number);

CREATE INDEX blanks_to_compare ON blanks (incarnation, line, seq) WHERE compared = 0;

CREATE TABLE endings (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  device {id} NOT NULL,
  case_id {id} NOT NULL,
  kind TEXT NOT NULL,
  ended_on TEXT NOT NULL,
  PRIMARY KEY (incarnation, line, seq)
);

CREATE TABLE void_papers (
  incarnation {id} NOT NULL,
  line INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  device {id} NOT NULL,
  reason TEXT NOT NULL,
  head TEXT NOT NULL,
  blank TEXT NOT NULL,
  by_number TEXT NOT NULL,
  void_on TEXT NOT NULL,
  PRIMARY KEY (incarnation, line, seq)
);

CREATE TABLE revoked_users (
  id {id} NOT NULL PRIMARY KEY,
  revoked_on TEXT NOT NULL,
  reason TEXT NOT NULL
);

CREATE TABLE listed_persons (
  kind TEXT NOT NULL,
  iin TEXT NOT NULL,
  since TEXT,
  source TEXT NOT NULL,
  PRIMARY KEY (kind, iin)
);

CREATE TABLE screening_keys (
  salt BYTEA NOT NULL,
  cost TEXT NOT NULL,
  iin TEXT NOT NULL,
  key BYTEA NOT NULL,
  PRIMARY KEY (salt, cost, iin)
);

CREATE TABLE tree_nodes (
  level INTEGER NOT NULL,
  at BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (level, at)
);

CREATE TABLE published (
  version BIGINT NOT NULL PRIMARY KEY,
  issued_at TEXT NOT NULL,
  statement BYTEA NOT NULL
);

CREATE TABLE items (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  device {id} NOT NULL,
  version TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  plain_hash TEXT NOT NULL,
  current INTEGER NOT NULL,
  issued_at TEXT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (kind, name, device, version)
);

CREATE INDEX items_by_hash ON items (sha256);

CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  told TEXT NOT NULL
);
