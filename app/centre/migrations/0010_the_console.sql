-- What the console (app/centre/console) keeps: accounts, sessions, failures to sign in, and the audit trail of the
-- centre. Times of accounts and sessions: whole seconds since 1970.

CREATE TABLE console_users (
  id {id} NOT NULL PRIMARY KEY,
  login TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  passphrase TEXT,
  secret BYTEA,
  last_step BIGINT NOT NULL DEFAULT 0,
  entry_hash TEXT,
  entry_ends BIGINT NOT NULL DEFAULT 0,
  disabled INTEGER NOT NULL DEFAULT 0,
  made_at BIGINT NOT NULL,
  seen_at BIGINT
);

CREATE TABLE console_sessions (
  token_hash {id} NOT NULL PRIMARY KEY,
  user_id {id} NOT NULL,
  kind TEXT NOT NULL,
  begun_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  secret BYTEA
);

CREATE INDEX console_sessions_of_user ON console_sessions (user_id);

CREATE TABLE console_slips (
  id {id} NOT NULL PRIMARY KEY,
  token_hash {id} NOT NULL,
  ends_at BIGINT NOT NULL,
  sealed BYTEA NOT NULL
);

CREATE INDEX console_slips_of_session ON console_slips (token_hash);

CREATE TABLE console_failures (
  who {id} NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  until BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);

CREATE TABLE centre_audit (
  seq BIGINT NOT NULL PRIMARY KEY,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  hash BYTEA NOT NULL,
  record BYTEA NOT NULL
);

CREATE INDEX centre_audit_of_actor ON centre_audit (actor, seq);

CREATE INDEX centre_audit_of_action ON centre_audit (action, seq);

-- only sqlite
CREATE TRIGGER centre_audit_no_update BEFORE UPDATE ON centre_audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

-- only sqlite
CREATE TRIGGER centre_audit_no_delete BEFORE DELETE ON centre_audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

-- only postgresql
CREATE FUNCTION centre_audit_kept() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$;

-- only postgresql
CREATE TRIGGER centre_audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON centre_audit
FOR EACH STATEMENT EXECUTE FUNCTION centre_audit_kept();
