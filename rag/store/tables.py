"""The tables of ``store.db`` and the numbers that tell which file they are in."""

APPLICATION_ID = 0x72716131  # "rqa1"; SQLite keeps it in the file's header
SCHEMA_VERSION = 2  # kept as PRAGMA user_version; raise it with every change of the tables below

TERMS_WEIGHT = 1.0
CONTEXT_TERMS_WEIGHT = 0.5  # titles and headings are shared by many chunks, so they say less about one
BM25 = f"bm25(lexicon, {TERMS_WEIGHT}, {CONTEXT_TERMS_WEIGHT})"  # FTS5 gives the best row the lowest value

TABLES = """
-- How the index was built, its generation and the stamp of its search cache; values are JSON.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- `text` is last, so that reading the rest of a row does not read it. `publisher_key` is for comparing.
CREATE TABLE reports (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    publisher TEXT NOT NULL,
    publisher_key TEXT NOT NULL,
    type TEXT NOT NULL,
    symbol TEXT NOT NULL,
    period_start TEXT,
    period_end TEXT,
    published TEXT,
    language TEXT NOT NULL,
    origins TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    warnings TEXT NOT NULL,
    text TEXT NOT NULL
);

-- What was found on reading; JSON.
CREATE TABLE intakes (report INTEGER PRIMARY KEY REFERENCES reports (key), intake TEXT NOT NULL);

-- What its text is recognised by; made and compared by the pipeline.
CREATE TABLE sketches (report INTEGER PRIMARY KEY REFERENCES reports (key), sketch BLOB NOT NULL);

-- Pages, stretches and parts as JSON; words int32 and boxes float32, little-endian.
CREATE TABLE layouts (
    report INTEGER PRIMARY KEY REFERENCES reports (key),
    pages TEXT NOT NULL,
    stretches TEXT NOT NULL,
    parts TEXT NOT NULL,
    words BLOB NOT NULL,
    boxes BLOB NOT NULL
);

CREATE TABLE sections (
    report INTEGER NOT NULL REFERENCES reports (key),
    ordinal INTEGER NOT NULL,
    path TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    blocks TEXT NOT NULL,
    PRIMARY KEY (report, ordinal)
) WITHOUT ROWID;

-- AUTOINCREMENT: the id of a removed chunk is never given to another, so no cache can mistake one for it.
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    report INTEGER NOT NULL,
    section INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    kind TEXT NOT NULL,
    units TEXT NOT NULL,
    context TEXT NOT NULL,
    UNIQUE (report, ordinal),
    FOREIGN KEY (report, section) REFERENCES sections (report, ordinal)
);

-- float32, little-endian
CREATE TABLE vectors (chunk INTEGER PRIMARY KEY REFERENCES chunks (id), vector BLOB NOT NULL);

-- rowid = chunks.id. The terms come folded and stemmed, separated by spaces.
CREATE VIRTUAL TABLE lexicon USING fts5 (terms, context_terms, tokenize = 'unicode61 remove_diacritics 2');
"""
