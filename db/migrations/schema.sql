CREATE INDEX audit_of_cases ON audit (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX audit_of_the_desk ON audit (seq) WHERE case_id IS NULL;
CREATE INDEX cases_by_change ON cases (changed_seq);
CREATE INDEX cases_by_corrected ON cases (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX cases_by_day ON cases (examined_on);
CREATE INDEX cases_by_due ON cases (due_on, changed_seq, region, person_id) WHERE state = 'signed' AND due_on IS NOT NULL;
CREATE INDEX cases_by_given_name ON cases (given_key, surname_key, patronymic_key, state, changed_seq);
CREATE INDEX cases_by_iin ON cases (iin, state, changed_seq);
CREATE INDEX cases_by_ordinal ON cases (ordinal);
CREATE INDEX cases_by_person ON cases (person_id, changed_seq);
CREATE INDEX cases_by_state ON cases (state, changed_seq, surname_key, given_key, patronymic_key, iin, ordinal);
CREATE INDEX cases_by_surname ON cases (surname_key, given_key, patronymic_key, state, changed_seq);
CREATE INDEX cases_by_trip ON cases (trip_id, turn) WHERE trip_id IS NOT NULL;
CREATE INDEX cases_by_year ON cases (year, ordinal);
CREATE INDEX cases_ended ON cases (changed_at, id, place, occasion, region, surname_key, given_key, patronymic_key, iin, number, ordinal) WHERE state = 'ended';
CREATE INDEX cases_ended_by_name ON cases (order_key, id, changed_at, place, occasion, region, surname_key, given_key, patronymic_key, iin, number, ordinal) WHERE state = 'ended';
CREATE INDEX cases_ended_of_person ON cases (person_id) WHERE state = 'ended';
CREATE INDEX cases_in_force ON cases (person_id, changed_seq) WHERE state = 'signed';
CREATE INDEX events_of_cases ON events (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX papers_by_case ON papers (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX papers_by_kind ON papers (kind, taken_at, seq, state);
CREATE UNIQUE INDEX papers_by_number ON papers (kind, series, number);
CREATE INDEX papers_by_plain_number ON papers (number);
CREATE INDEX papers_by_state ON papers (state, taken_at, seq, kind);
CREATE INDEX papers_by_time ON papers (taken_at, seq, kind, state);
CREATE INDEX papers_issued ON papers (kind, series, number) WHERE case_id IS NOT NULL;
CREATE INDEX persons_by_birth ON persons (birth_date, surname_key);
CREATE INDEX persons_by_given_name ON persons (given_order);
CREATE INDEX persons_by_iin ON persons (iin);
CREATE INDEX persons_by_initial
ON persons (substr(given_key, 1, 1), order_key, given_key, patronymic_key);
CREATE INDEX persons_in_order ON persons (order_key);
CREATE INDEX protocols_by_day ON protocols (examined_on, seq, examined_on, outcome, place, occasion, region);
CREATE INDEX protocols_by_given_key ON protocols (given_key, seq);
CREATE INDEX protocols_by_iin ON protocols (iin, seq);
CREATE INDEX protocols_by_name ON protocols (order_key, seq, examined_on, outcome, place, occasion, region);
CREATE INDEX protocols_by_number ON protocols (number, seq);
CREATE INDEX protocols_by_occasion ON protocols (occasion, seq, examined_on, outcome, place, region);
CREATE INDEX protocols_by_ordinal ON protocols (ordinal, seq);
CREATE INDEX protocols_by_outcome ON protocols (outcome, seq, examined_on, place, occasion, region);
CREATE INDEX protocols_by_place ON protocols (place, seq, examined_on, outcome, occasion, region);
CREATE INDEX protocols_by_region ON protocols (region, seq, examined_on, outcome, place, occasion);
CREATE INDEX protocols_by_surname ON protocols (surname_key, given_key, seq);
CREATE UNIQUE INDEX protocols_in_order ON protocols (year, entry);
CREATE TABLE admitted_keys (
    public_key BLOB PRIMARY KEY CHECK (length(public_key) = 32),
    ordinal INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    admitted_at TEXT NOT NULL,
    admitted_by TEXT NOT NULL REFERENCES users (id)
) STRICT;
CREATE TABLE attachments (
    digest TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('png', 'jpeg', 'pdf')),
    size INTEGER NOT NULL,
    thumbnail BLOB NOT NULL,
    bytes BLOB NOT NULL CHECK (length(bytes) = size)
) STRICT;
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    case_id TEXT,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    record BLOB NOT NULL
) STRICT;
CREATE TABLE case_counts (state TEXT PRIMARY KEY, cases INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    year INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'decided', 'signed', 'superseded', 'ended', 'discarded')),
    supersedes TEXT REFERENCES cases (id),
    person_id TEXT NOT NULL,
    trip_id TEXT,
    turn INTEGER,
    queue TEXT,
    name TEXT NOT NULL,
    surname_key TEXT NOT NULL,
    given_key TEXT NOT NULL,
    patronymic_key TEXT NOT NULL,
    order_key TEXT NOT NULL,
    iin TEXT,
    birth_date TEXT,
    examined_on TEXT,
    occasion TEXT,
    place TEXT,
    region TEXT,
    icd10 TEXT,
    outcome TEXT,
    due_on TEXT,
    postponed_to TEXT,
    ending TEXT,
    changed_at INTEGER NOT NULL,
    changed_seq INTEGER NOT NULL,
    unfinished TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE TABLE classified (
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    parent TEXT NOT NULL,
    kk TEXT NOT NULL,
    ru TEXT NOT NULL,
    en TEXT NOT NULL,
    valid INTEGER NOT NULL CHECK (valid BETWEEN 0 AND 7),
    PRIMARY KEY (kind, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE conclusions (
    case_id TEXT PRIMARY KEY REFERENCES cases (id),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    record BLOB NOT NULL,
    seal BLOB NOT NULL
) STRICT;
CREATE TABLE desk (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    device TEXT NOT NULL,
    incarnation TEXT NOT NULL,
    device_public BLOB NOT NULL CHECK (length(device_public) = 32),
    device_seed BLOB NOT NULL CHECK (length(device_seed) = 32),
    number TEXT NOT NULL,
    region TEXT NOT NULL,
    name_kk TEXT NOT NULL,
    name_ru TEXT NOT NULL,
    name_en TEXT NOT NULL
) STRICT;
CREATE TABLE edition_files (
    edition INTEGER NOT NULL REFERENCES editions (ordinal),
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (edition, name)
) STRICT;
CREATE TABLE editions (
    ordinal INTEGER PRIMARY KEY,
    digest TEXT NOT NULL,
    pack TEXT NOT NULL,
    version TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    installed_at TEXT NOT NULL,
    installed_by TEXT NOT NULL REFERENCES users (id),
    UNIQUE (digest, public_key)
) STRICT;
CREATE TABLE entries (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    changed_seq INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    case_id TEXT,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    record BLOB NOT NULL
) STRICT;
CREATE TABLE papers (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    series TEXT NOT NULL,
    number INTEGER NOT NULL,
    digits INTEGER NOT NULL,
    case_id TEXT REFERENCES cases (id),
    state TEXT NOT NULL CHECK (state IN ('issued', 'spoiled')),
    taken_at INTEGER NOT NULL,
    taken_by TEXT NOT NULL,
    spoiled_seq INTEGER,
    spoiled_at INTEGER,
    spoiled_by TEXT,
    reason TEXT,
    CHECK ((state = 'spoiled') = (reason IS NOT NULL)),
    CHECK (state = 'spoiled' OR case_id IS NOT NULL)
) STRICT;
CREATE TABLE persons (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    name TEXT NOT NULL,
    surname_key TEXT NOT NULL,
    given_key TEXT NOT NULL,
    patronymic_key TEXT NOT NULL,
    order_key TEXT NOT NULL,
    given_order TEXT NOT NULL,
    iin TEXT,
    birth_date TEXT,
    sex TEXT,
    examined_on TEXT,
    outcome TEXT,
    due_on TEXT
) STRICT;
CREATE TABLE places (
    case_id TEXT PRIMARY KEY REFERENCES cases (id),
    step TEXT NOT NULL,
    field TEXT
) STRICT;
CREATE TABLE protocols (
    seq INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL UNIQUE REFERENCES cases (id),
    year INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    number TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    examined_on TEXT NOT NULL,
    name TEXT NOT NULL,
    surname_key TEXT NOT NULL,
    given_key TEXT NOT NULL,
    patronymic_key TEXT NOT NULL,
    order_key TEXT NOT NULL,
    iin TEXT,
    kato TEXT,
    region TEXT,
    address TEXT,
    icd10 TEXT,
    outcome TEXT,
    period TEXT,
    due_on TEXT,
    place TEXT,
    occasion TEXT,
    commission TEXT NOT NULL
) STRICT;
CREATE TABLE reference_items (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    bytes BLOB NOT NULL
) STRICT;
CREATE TABLE revoked_keys (
    public_key BLOB PRIMARY KEY CHECK (length(public_key) = 32),
    ordinal INTEGER NOT NULL UNIQUE,
    reason TEXT NOT NULL,
    revoked_at TEXT NOT NULL,
    revoked_by TEXT NOT NULL REFERENCES users (id)
) STRICT;
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    ordinal INTEGER NOT NULL UNIQUE,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32)
) STRICT;
CREATE TRIGGER admitted_keys_come_once BEFORE INSERT ON admitted_keys
WHEN NEW.ordinal IS NOT (SELECT coalesce(max(ordinal), 0) + 1 FROM admitted_keys)
 OR EXISTS (SELECT 1 FROM admitted_keys WHERE public_key = NEW.public_key)
 OR EXISTS (SELECT 1 FROM revoked_keys WHERE public_key = NEW.public_key)
BEGIN SELECT RAISE(ABORT, 'a key is admitted once, and never after it was revoked'); END;
CREATE TRIGGER admitted_keys_do_not_change BEFORE UPDATE ON admitted_keys
BEGIN SELECT RAISE(ABORT, 'an admitted key does not change'); END;
CREATE TRIGGER admitted_keys_stay BEFORE DELETE ON admitted_keys
BEGIN SELECT RAISE(ABORT, 'admitted keys are not deleted'); END;
CREATE TRIGGER attachments_come_once BEFORE INSERT ON attachments
WHEN EXISTS (SELECT 1 FROM attachments WHERE digest = NEW.digest)
BEGIN SELECT RAISE(ABORT, 'a copy is stored once'); END;
CREATE TRIGGER attachments_do_not_change BEFORE UPDATE ON attachments
BEGIN SELECT RAISE(ABORT, 'a copy does not change'); END;
CREATE TRIGGER attachments_stay_with_their_case BEFORE DELETE ON attachments
WHEN EXISTS (SELECT 1 FROM cases WHERE instr(document, OLD.digest) > 0)
BEGIN SELECT RAISE(ABORT, 'a case names this copy'); END;
CREATE TRIGGER audit_does_not_change BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
CREATE TRIGGER audit_grows_by_one BEFORE INSERT ON audit
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit trail has no holes'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
CREATE TRIGGER cases_are_counted_when_begun AFTER INSERT ON cases
BEGIN INSERT INTO case_counts VALUES (NEW.state, 1) ON CONFLICT (state) DO UPDATE SET cases = cases + 1; END;
CREATE TRIGGER cases_are_frozen BEFORE UPDATE ON cases
WHEN OLD.state IN ('signed', 'superseded', 'ended', 'discarded')
 AND NOT ((NEW.state = OLD.state OR (OLD.state = 'signed' AND NEW.state = 'superseded')
           OR (OLD.state = 'ended' AND NEW.state = 'draft'))
          AND NEW.document IS OLD.document AND NEW.unfinished IS OLD.unfinished AND NEW.name IS OLD.name
          AND NEW.surname_key IS OLD.surname_key AND NEW.given_key IS OLD.given_key
          AND NEW.patronymic_key IS OLD.patronymic_key AND NEW.order_key IS OLD.order_key AND NEW.iin IS OLD.iin
          AND NEW.birth_date IS OLD.birth_date AND NEW.examined_on IS OLD.examined_on
          AND NEW.occasion IS OLD.occasion AND NEW.place IS OLD.place AND NEW.region IS OLD.region
          AND NEW.icd10 IS OLD.icd10 AND NEW.outcome IS OLD.outcome AND NEW.due_on IS OLD.due_on
          AND NEW.postponed_to IS OLD.postponed_to AND NEW.ending IS OLD.ending
          AND NEW.changed_at IS OLD.changed_at AND NEW.changed_seq IS OLD.changed_seq)
BEGIN SELECT RAISE(ABORT, 'a signed case is frozen'); END;
CREATE TRIGGER cases_are_signed_with_a_conclusion BEFORE UPDATE OF state ON cases
WHEN NEW.state = 'signed' AND NOT EXISTS (SELECT 1 FROM conclusions WHERE case_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a case is signed with its conclusion'); END;
CREATE TRIGGER cases_begin_as_drafts BEFORE INSERT ON cases
WHEN NEW.state <> 'draft' OR EXISTS (SELECT 1 FROM cases WHERE id = NEW.id OR number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'a case begins as a draft of its own'); END;
CREATE TRIGGER cases_enter_their_state AFTER UPDATE OF state ON cases WHEN NEW.state <> OLD.state
BEGIN INSERT INTO case_counts VALUES (NEW.state, 1) ON CONFLICT (state) DO UPDATE SET cases = cases + 1; END;
CREATE TRIGGER cases_keep_their_identity BEFORE UPDATE OF id, number, year, ordinal, supersedes ON cases
BEGIN SELECT RAISE(ABORT, 'the identity of a case does not change'); END;
CREATE TRIGGER cases_leave_their_state AFTER UPDATE OF state ON cases WHEN NEW.state <> OLD.state
BEGIN UPDATE case_counts SET cases = cases - 1 WHERE state = OLD.state; END;
CREATE TRIGGER cases_stay BEFORE DELETE ON cases
BEGIN SELECT RAISE(ABORT, 'cases are not deleted'); END;
CREATE TRIGGER conclusions_come_once BEFORE INSERT ON conclusions
WHEN EXISTS (SELECT 1 FROM conclusions WHERE case_id = NEW.case_id)
BEGIN SELECT RAISE(ABORT, 'a case has one conclusion'); END;
CREATE TRIGGER conclusions_do_not_change BEFORE UPDATE ON conclusions
BEGIN SELECT RAISE(ABORT, 'a conclusion is frozen'); END;
CREATE TRIGGER conclusions_stay BEFORE DELETE ON conclusions
BEGIN SELECT RAISE(ABORT, 'a conclusion is frozen'); END;
CREATE TRIGGER desk_identity_stays BEFORE UPDATE OF id, device, device_public, device_seed ON desk
BEGIN SELECT RAISE(ABORT, 'the identity of the desk does not change'); END;
CREATE TRIGGER desk_stays BEFORE DELETE ON desk
BEGIN SELECT RAISE(ABORT, 'the desk is not deleted'); END;
CREATE TRIGGER edition_files_come_once BEFORE INSERT ON edition_files
WHEN NEW.edition IS NOT (SELECT max(ordinal) FROM editions)
 OR EXISTS (SELECT 1 FROM edition_files WHERE edition = NEW.edition AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'an edition does not change'); END;
CREATE TRIGGER edition_files_do_not_change BEFORE UPDATE ON edition_files
BEGIN SELECT RAISE(ABORT, 'an edition does not change'); END;
CREATE TRIGGER edition_files_stay BEFORE DELETE ON edition_files
BEGIN SELECT RAISE(ABORT, 'editions are not deleted'); END;
CREATE TRIGGER editions_come_once BEFORE INSERT ON editions
WHEN NEW.ordinal IS NOT (SELECT coalesce(max(ordinal), 0) + 1 FROM editions)
 OR EXISTS (SELECT 1 FROM editions WHERE digest = NEW.digest AND public_key = NEW.public_key)
BEGIN SELECT RAISE(ABORT, 'an edition is accepted once'); END;
CREATE TRIGGER editions_do_not_change BEFORE UPDATE ON editions
BEGIN SELECT RAISE(ABORT, 'an edition does not change'); END;
CREATE TRIGGER editions_stay BEFORE DELETE ON editions
BEGIN SELECT RAISE(ABORT, 'editions are not deleted'); END;
CREATE TRIGGER events_do_not_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the event log only grows'); END;
CREATE TRIGGER events_grow_by_one BEFORE INSERT ON events
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
BEGIN SELECT RAISE(ABORT, 'the event log has no holes'); END;
CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the event log only grows'); END;
CREATE TRIGGER papers_are_only_written_off BEFORE UPDATE ON papers
WHEN NOT (OLD.state = 'issued' AND NEW.state = 'spoiled' AND NEW.seq IS OLD.seq
          AND NEW.kind IS OLD.kind AND NEW.series IS OLD.series AND NEW.number IS OLD.number
          AND NEW.digits IS OLD.digits AND NEW.case_id IS OLD.case_id
          AND NEW.taken_at IS OLD.taken_at AND NEW.taken_by IS OLD.taken_by)
BEGIN SELECT RAISE(ABORT, 'a number that was taken is only written off'); END;
CREATE TRIGGER papers_are_used_once BEFORE INSERT ON papers
WHEN EXISTS (SELECT 1 FROM papers
             WHERE seq >= NEW.seq OR (kind = NEW.kind AND series = NEW.series AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'a blank is used once'); END;
CREATE TRIGGER papers_stay BEFORE DELETE ON papers
BEGIN SELECT RAISE(ABORT, 'a number that was taken is not given back'); END;
CREATE TRIGGER protocols_are_written_once BEFORE INSERT ON protocols
WHEN EXISTS (SELECT 1 FROM protocols
             WHERE seq >= NEW.seq OR case_id = NEW.case_id OR (year = NEW.year AND entry = NEW.entry))
BEGIN SELECT RAISE(ABORT, 'the journal of protocols is written on at its end'); END;
CREATE TRIGGER protocols_do_not_change BEFORE UPDATE ON protocols
BEGIN SELECT RAISE(ABORT, 'the journal of protocols does not change'); END;
CREATE TRIGGER protocols_stay BEFORE DELETE ON protocols
BEGIN SELECT RAISE(ABORT, 'the journal of protocols does not change'); END;
CREATE TRIGGER reference_items_do_not_change BEFORE UPDATE ON reference_items
BEGIN SELECT RAISE(ABORT, 'what was published does not change'); END;
CREATE TRIGGER revoked_keys_come_once BEFORE INSERT ON revoked_keys
WHEN NEW.ordinal IS NOT (SELECT coalesce(max(ordinal), 0) + 1 FROM revoked_keys)
 OR EXISTS (SELECT 1 FROM revoked_keys WHERE public_key = NEW.public_key)
BEGIN SELECT RAISE(ABORT, 'a key is revoked once'); END;
CREATE TRIGGER revoked_keys_do_not_change BEFORE UPDATE ON revoked_keys
BEGIN SELECT RAISE(ABORT, 'a revocation does not change'); END;
CREATE TRIGGER revoked_keys_stay BEFORE DELETE ON revoked_keys
BEGIN SELECT RAISE(ABORT, 'a revoked key stays revoked'); END;
CREATE TRIGGER users_do_not_change BEFORE UPDATE ON users
BEGIN SELECT RAISE(ABORT, 'users do not change'); END;
CREATE TRIGGER users_stay BEFORE DELETE ON users
BEGIN SELECT RAISE(ABORT, 'users are not deleted'); END;
