-- The catalogue of recorded sessions and what belongs to the installation rather than to one recording.
CREATE TABLE session (
  session_id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  venue TEXT NOT NULL,
  protocol TEXT NOT NULL,
  synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
  instruments INTEGER NOT NULL,
  events INTEGER NOT NULL,
  trades INTEGER NOT NULL,
  level_updates INTEGER NOT NULL,
  gaps INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  first_receive_ns TEXT,
  last_receive_ns TEXT,
  created_at TEXT NOT NULL,
  verified INTEGER CHECK (verified IN (0, 1))
) STRICT;
CREATE TABLE dead_letter (
  id INTEGER PRIMARY KEY,
  -- The session id once it is sealed, before that the staging id.
  owner TEXT NOT NULL,
  sealed INTEGER NOT NULL CHECK (sealed IN (0, 1)),
  reason TEXT NOT NULL,
  place TEXT NOT NULL,
  receive_ns TEXT,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX dead_letter_owner ON dead_letter (owner);
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
