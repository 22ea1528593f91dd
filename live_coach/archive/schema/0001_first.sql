-- A conversation and what is kept of it. Times are samples at 16 kHz since it began.
CREATE TABLE session (
    id TEXT PRIMARY KEY,
    started_at TEXT NOT NULL,
    version TEXT NOT NULL,
    model TEXT NOT NULL,
    language TEXT NOT NULL,
    kind TEXT NOT NULL,
    preset TEXT NOT NULL,
    goal TEXT NOT NULL,
    agreed_minutes REAL,
    consent INTEGER NOT NULL,
    settings_fingerprint TEXT NOT NULL,
    transcript_kept INTEGER NOT NULL,
    end_reason TEXT,
    duration INTEGER,
    dropped INTEGER NOT NULL DEFAULT 0,
    untranscribed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One run of speech: who and when. "read" is 1 when it became text, 0 when its text is missing.
CREATE TABLE speech (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    speaker TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER,
    "read" INTEGER,
    PRIMARY KEY (session, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE turn (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    speaker TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    spoken INTEGER NOT NULL,
    PRIMARY KEY (session, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE pause (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    after TEXT NOT NULL,
    before TEXT NOT NULL,
    PRIMARY KEY (session, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE overlap (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    by TEXT NOT NULL,
    PRIMARY KEY (session, n)
) STRICT, WITHOUT ROWID;

-- What the manager did with words; never the words, never anything of the coachee.
CREATE TABLE act (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    utterance INTEGER NOT NULL,
    kind TEXT NOT NULL,
    form TEXT,
    tier INTEGER NOT NULL,
    at INTEGER NOT NULL,
    confidence REAL NOT NULL,
    PRIMARY KEY (session, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE nudge (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    shown_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    class TEXT NOT NULL,
    text TEXT NOT NULL,
    severity TEXT NOT NULL,
    PRIMARY KEY (session, id)
) STRICT, WITHOUT ROWID;

-- Why a nudge was given; "quote" is at most twelve words of the manager.
CREATE TABLE evidence (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    nudge INTEGER NOT NULL,
    n INTEGER NOT NULL,
    rule TEXT NOT NULL,
    utterance INTEGER,
    metric TEXT,
    value REAL,
    threshold REAL,
    "window" REAL,
    quote TEXT NOT NULL,
    PRIMARY KEY (session, nudge, n)
) STRICT, WITHOUT ROWID;

-- Where the conversation stood: the latest reading of each five seconds.
CREATE TABLE reading (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    slot INTEGER NOT NULL,
    heard_to INTEGER NOT NULL,
    read_to INTEGER NOT NULL,
    share_session REAL,
    share_window REAL,
    longest INTEGER NOT NULL,
    open_questions INTEGER NOT NULL,
    closed_questions INTEGER NOT NULL,
    tips INTEGER NOT NULL,
    solutions INTEGER NOT NULL,
    assumptions INTEGER NOT NULL,
    judgements INTEGER NOT NULL,
    reflections INTEGER NOT NULL,
    tips_spent INTEGER NOT NULL,
    tips_allowed INTEGER NOT NULL,
    silences_held INTEGER NOT NULL,
    interruptions INTEGER NOT NULL,
    PRIMARY KEY (session, slot)
) STRICT, WITHOUT ROWID;

-- What was wrong with the sound or the text, and how much sound was lost.
CREATE TABLE health (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL,
    stream TEXT NOT NULL,
    gap INTEGER NOT NULL,
    PRIMARY KEY (session, n)
) STRICT, WITHOUT ROWID;

-- Final text, only where the person chose to keep it; words as [text, start, end, probability].
CREATE TABLE utterance (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    speaker TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (session, id)
) STRICT, WITHOUT ROWID;
