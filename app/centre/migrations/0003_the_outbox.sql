-- What other systems get of a conclusion (adr/0041): one message for each fact, signed once, given out until it is
-- acknowledged.

CREATE TABLE outbox (
  id {serial},
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  message BYTEA NOT NULL,
  made_at TEXT NOT NULL,
  acknowledged_at TEXT,
  acknowledgement TEXT
);

CREATE INDEX outbox_open ON outbox (id) WHERE acknowledged_at IS NULL;
