-- The first shape of the file. Dates and moments are ISO text, money is minor units with its currency.
-- Lists of more than two values are spelled with OR: SQLite builds a table for a longer IN at every write.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE seller_file (
  id             INTEGER PRIMARY KEY,
  kind           TEXT NOT NULL CHECK (kind IN ('catalog', 'policy')),
  seller         TEXT NOT NULL,
  effective_from TEXT NOT NULL,
  origin         TEXT NOT NULL,
  text           TEXT NOT NULL,
  compiled       TEXT NOT NULL,
  sha256         TEXT NOT NULL,
  added_at       TEXT NOT NULL,
  UNIQUE (kind, effective_from, sha256)
) STRICT;

CREATE TABLE account (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  title      TEXT NOT NULL,
  country    TEXT NOT NULL CHECK (length(country) = 2),
  region     TEXT NOT NULL,
  currency   TEXT NOT NULL CHECK (length(currency) = 3),
  created_on TEXT NOT NULL,
  closed_on  TEXT,
  billing    TEXT NOT NULL,
  due_on     TEXT
) STRICT;
CREATE INDEX account_due ON account (due_on) WHERE due_on IS NOT NULL;

CREATE TABLE member (
  id          INTEGER PRIMARY KEY,
  account     INTEGER NOT NULL REFERENCES account (id),
  email       TEXT NOT NULL,
  role        TEXT NOT NULL CHECK (role = 'owner' OR role = 'admin' OR role = 'member' OR role = 'guest'),
  granted     INTEGER NOT NULL CHECK (granted IN (0, 1)),
  seat        TEXT,
  added_on    TEXT NOT NULL,
  disabled_on TEXT,
  removed_on  TEXT
) STRICT;
CREATE UNIQUE INDEX member_of_account ON member (account, email) WHERE removed_on IS NULL;
CREATE INDEX member_account ON member (account);
CREATE INDEX member_email ON member (email);

CREATE TABLE method (
  id         INTEGER PRIMARY KEY,
  account    INTEGER NOT NULL REFERENCES account (id),
  method     TEXT NOT NULL,
  reference  TEXT NOT NULL,
  saved_on   TEXT NOT NULL,
  removed_on TEXT
) STRICT;
CREATE UNIQUE INDEX method_on_file ON method (account) WHERE removed_on IS NULL;
CREATE INDEX method_account ON method (account);

CREATE TABLE trial (
  account       INTEGER NOT NULL REFERENCES account (id),
  starts        TEXT NOT NULL,
  ends          TEXT NOT NULL,
  plan          TEXT NOT NULL,
  ended_on      TEXT,
  extended_days INTEGER NOT NULL CHECK (extended_days >= 0),
  PRIMARY KEY (account, starts)
) STRICT, WITHOUT ROWID;
CREATE INDEX trial_starts ON trial (starts);
CREATE INDEX trial_ends ON trial (ends);

CREATE TABLE orders (
  id           INTEGER PRIMARY KEY,
  account      INTEGER NOT NULL REFERENCES account (id),
  kind         TEXT NOT NULL,
  state        TEXT NOT NULL,
  placed_at    TEXT NOT NULL,
  settled_at   TEXT,
  method       TEXT,
  instalments  INTEGER NOT NULL CHECK (instalments >= 1),
  parts        TEXT NOT NULL,
  currency     TEXT NOT NULL,
  net          INTEGER NOT NULL,
  tax          INTEGER NOT NULL,
  total        INTEGER NOT NULL CHECK (total = net + tax),
  from_balance INTEGER NOT NULL,
  lapses_on    TEXT,
  basis        TEXT NOT NULL,
  renews       TEXT,
  reason       TEXT
) STRICT;
CREATE INDEX orders_account ON orders (account);
CREATE INDEX orders_unpaid ON orders (account, state) WHERE state <> 'paid';
CREATE UNIQUE INDEX orders_renewal ON orders (account, renews)
  WHERE renews IS NOT NULL AND (state = 'pending' OR state = 'processing' OR state = 'paid');

CREATE TABLE term (
  id         INTEGER PRIMARY KEY,
  account    INTEGER NOT NULL REFERENCES account (id),
  starts     TEXT NOT NULL,
  ends       TEXT NOT NULL CHECK (ends >= starts),
  period     TEXT NOT NULL,
  anchor_day INTEGER NOT NULL CHECK (anchor_day BETWEEN 1 AND 31),
  stub       TEXT CHECK (stub IN ('prorated', 'full', 'free')),
  bonus_days INTEGER NOT NULL CHECK (bonus_days >= 0),
  paid       INTEGER NOT NULL CHECK (paid IN (0, 1)),
  orders     INTEGER REFERENCES orders (id),
  cut_on     TEXT
) STRICT;
CREATE INDEX term_account ON term (account, ends);

CREATE TABLE slice (
  term    INTEGER NOT NULL REFERENCES term (id),
  place   INTEGER NOT NULL,
  starts  TEXT NOT NULL,
  plan    TEXT NOT NULL,
  seats   TEXT NOT NULL,
  prices  TEXT NOT NULL,
  catalog INTEGER NOT NULL REFERENCES seller_file (id),
  orders  INTEGER REFERENCES orders (id),
  PRIMARY KEY (term, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE holding (
  id       INTEGER PRIMARY KEY,
  account  INTEGER NOT NULL REFERENCES account (id),
  add_on   TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  starts   TEXT NOT NULL,
  ends     TEXT NOT NULL,
  period   TEXT NOT NULL,
  orders   INTEGER REFERENCES orders (id),
  cut_on   TEXT
) STRICT;
CREATE INDEX holding_account ON holding (account);
CREATE INDEX holding_cut ON holding (orders) WHERE cut_on IS NOT NULL;

CREATE TABLE invoice (
  id           INTEGER PRIMARY KEY,
  kind         TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
  number       TEXT NOT NULL UNIQUE,
  series       INTEGER NOT NULL,
  account      INTEGER NOT NULL REFERENCES account (id),
  orders       INTEGER REFERENCES orders (id),
  corrects     INTEGER REFERENCES invoice (id),
  issued_on    TEXT NOT NULL,
  due_on       TEXT NOT NULL,
  currency     TEXT NOT NULL,
  net          INTEGER NOT NULL,
  tax          INTEGER NOT NULL,
  total        INTEGER NOT NULL CHECK (total = net + tax),
  from_balance INTEGER NOT NULL,
  paid         INTEGER NOT NULL,
  credited     INTEGER NOT NULL CHECK (credited >= 0),
  state        TEXT NOT NULL CHECK (state = 'open' OR state = 'paid' OR state = 'void'),
  settled_on   TEXT,
  UNIQUE (kind, series)
) STRICT;
CREATE INDEX invoice_account ON invoice (account);
CREATE UNIQUE INDEX invoice_order ON invoice (orders) WHERE orders IS NOT NULL AND state <> 'void';
CREATE INDEX invoice_corrects ON invoice (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX invoice_open ON invoice (id) WHERE state = 'open';

-- How an account was billed until it was changed: a document keeps whom it was issued to.
CREATE TABLE billed_as (
  account      INTEGER NOT NULL REFERENCES account (id),
  last_invoice INTEGER NOT NULL REFERENCES invoice (id),
  title        TEXT NOT NULL,
  country      TEXT NOT NULL,
  billing      TEXT NOT NULL,
  PRIMARY KEY (account, last_invoice)
) STRICT, WITHOUT ROWID;

-- How many documents of a kind a year has had: numbers by the year go on from here.
CREATE TABLE issued (
  kind      TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
  year      TEXT NOT NULL CHECK (length(year) >= 4),
  documents INTEGER NOT NULL CHECK (documents > 0),
  PRIMARY KEY (kind, year)
) STRICT, WITHOUT ROWID;

CREATE TABLE line (
  id          INTEGER PRIMARY KEY,
  orders      INTEGER REFERENCES orders (id),
  credit_note INTEGER REFERENCES invoice (id),
  kind        TEXT NOT NULL CHECK (kind = 'plan' OR kind = 'add_on' OR kind = 'credit'),
  text        TEXT NOT NULL,
  item        TEXT NOT NULL,
  seat_type   TEXT,
  quantity    INTEGER NOT NULL,
  starts      TEXT,
  ends        TEXT,
  term        INTEGER REFERENCES term (id),
  unit_price  TEXT NOT NULL,
  list        TEXT NOT NULL,
  working     TEXT,
  because     TEXT,
  currency    TEXT NOT NULL,
  gross       INTEGER NOT NULL,
  discount    INTEGER NOT NULL,
  discounted  TEXT,
  net         INTEGER NOT NULL CHECK (net = gross - discount),
  tax         INTEGER NOT NULL,
  tax_percent TEXT NOT NULL,
  tax_name    TEXT,
  credits     INTEGER REFERENCES line (id),
  CHECK ((orders IS NULL) <> (credit_note IS NULL))
) STRICT;
CREATE INDEX line_order ON line (orders) WHERE orders IS NOT NULL;
CREATE INDEX line_credit_note ON line (credit_note) WHERE credit_note IS NOT NULL;
CREATE INDEX line_term ON line (term) WHERE term IS NOT NULL;
CREATE INDEX line_credits ON line (credits) WHERE credits IS NOT NULL;

CREATE TABLE payment (
  id         INTEGER PRIMARY KEY,
  account    INTEGER NOT NULL REFERENCES account (id),
  orders     INTEGER REFERENCES orders (id),
  invoice    INTEGER REFERENCES invoice (id),
  kind       TEXT NOT NULL CHECK (kind IN ('charge', 'refund')),
  method     TEXT NOT NULL,
  key        TEXT NOT NULL UNIQUE,
  reference  TEXT,
  currency   TEXT NOT NULL,
  amount     INTEGER NOT NULL CHECK (amount >= 0),
  begun_at   TEXT NOT NULL,
  settled_at TEXT,
  state      TEXT NOT NULL CHECK (state = 'sent' OR state = 'processing' OR state = 'paid' OR state = 'declined'),
  reason     TEXT,
  attempt    INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_account ON payment (account);
CREATE INDEX payment_order ON payment (orders) WHERE orders IS NOT NULL;
CREATE INDEX payment_open ON payment (id) WHERE state IN ('sent', 'processing');
CREATE INDEX payment_declined ON payment (id) WHERE state = 'declined';

CREATE TABLE posting (
  id       INTEGER PRIMARY KEY,
  journal  INTEGER NOT NULL,
  book     TEXT NOT NULL,
  account  INTEGER NOT NULL REFERENCES account (id),
  posted   TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount   INTEGER NOT NULL CHECK (amount <> 0),
  invoice  INTEGER REFERENCES invoice (id),
  line     INTEGER REFERENCES line (id),
  payment  INTEGER REFERENCES payment (id)
) STRICT;
CREATE INDEX posting_balance ON posting (account) WHERE book = 'customer_balance';
CREATE INDEX posting_refund ON posting (invoice) WHERE book = 'refunds' AND invoice IS NOT NULL;

CREATE TABLE switch (
  account INTEGER NOT NULL REFERENCES account (id),
  place   INTEGER NOT NULL,
  switch  TEXT NOT NULL,
  is_on   INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  at      TEXT NOT NULL,
  PRIMARY KEY (account, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE scheduled (
  id       INTEGER PRIMARY KEY,
  account  INTEGER NOT NULL REFERENCES account (id),
  asked_on TEXT NOT NULL,
  change   TEXT NOT NULL,
  waits    INTEGER NOT NULL DEFAULT 1 CHECK (waits IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX scheduled_waits ON scheduled (account) WHERE waits = 1;

CREATE TABLE agreement (
  id      INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account (id),
  what    TEXT NOT NULL,
  starts  TEXT NOT NULL,
  ends    TEXT,
  reason  TEXT NOT NULL
) STRICT;
CREATE INDEX agreement_account ON agreement (account);

CREATE TABLE credit_entry (
  id         INTEGER PRIMARY KEY,
  account    INTEGER NOT NULL REFERENCES account (id),
  credit     TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind = 'granted' OR kind = 'bought' OR kind = 'used' OR kind = 'expired'),
  units      INTEGER NOT NULL,
  at         TEXT NOT NULL,
  expires_on TEXT,
  member     INTEGER REFERENCES member (id),
  orders     INTEGER REFERENCES orders (id),
  reason     TEXT
) STRICT;
CREATE INDEX credit_entry_account ON credit_entry (account, credit);

CREATE TABLE limit_use (
  id      INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account (id),
  name    TEXT NOT NULL,
  member  INTEGER REFERENCES member (id),
  amount  INTEGER NOT NULL,
  at      TEXT NOT NULL
) STRICT;
CREATE INDEX limit_use_account ON limit_use (account, name);

CREATE TABLE cases (
  id        INTEGER PRIMARY KEY,
  account   INTEGER REFERENCES account (id), -- none: a visitor asks
  about     TEXT NOT NULL,
  text      TEXT NOT NULL,
  member    TEXT,
  contact   TEXT NOT NULL,
  goes_to   TEXT,
  opened_at TEXT NOT NULL,
  closed_at TEXT,
  outcome   TEXT
) STRICT;
CREATE INDEX cases_account ON cases (account);
CREATE INDEX cases_open ON cases (id) WHERE closed_at IS NULL;

CREATE TABLE message (
  id         INTEGER PRIMARY KEY,
  account    INTEGER NOT NULL REFERENCES account (id),
  kind       TEXT NOT NULL,
  about      TEXT NOT NULL,
  goes_to    TEXT NOT NULL,
  at         TEXT NOT NULL,
  begun_at   TEXT,
  sent_at    TEXT,
  failed_at  TEXT,
  attempts   INTEGER NOT NULL DEFAULT 0,
  next_at    TEXT,
  trouble    TEXT,
  message_id TEXT,
  digest     TEXT,
  UNIQUE (account, kind, about),
  CHECK (sent_at IS NULL OR failed_at IS NULL),
  CHECK (begun_at IS NULL OR (sent_at IS NULL AND failed_at IS NULL))
) STRICT;
CREATE INDEX message_waiting ON message (id) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX message_failed ON message (id) WHERE failed_at IS NOT NULL;

CREATE TABLE mail (
  message INTEGER PRIMARY KEY REFERENCES message (id),
  sender  TEXT NOT NULL,
  goes_to TEXT NOT NULL,
  bytes   BLOB NOT NULL
) STRICT;

CREATE TABLE journal (
  id          INTEGER PRIMARY KEY,
  recorded_at TEXT NOT NULL,
  as_of       TEXT NOT NULL,
  account     INTEGER REFERENCES account (id),
  command     TEXT NOT NULL,
  actor       TEXT NOT NULL,
  on_behalf   TEXT,
  reason      TEXT,
  key         TEXT UNIQUE,
  wrote       BLOB NOT NULL, -- the rows that it wrote, each with its seal
  request     TEXT NOT NULL,
  document    TEXT NOT NULL,
  hash        TEXT NOT NULL
) STRICT;
CREATE INDEX journal_account ON journal (account) WHERE account IS NOT NULL;
