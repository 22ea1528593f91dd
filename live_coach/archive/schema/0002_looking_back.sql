-- The session card, as it was typed in; "frames" is a JSON array. "coachee" is a nickname or initials.
ALTER TABLE session ADD COLUMN coachee TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN manager_expects TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN coachee_expects TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN frames TEXT NOT NULL DEFAULT '[]';

-- The manager's thumb up (1) or down (0) for a nudge; the latest.
CREATE TABLE rating (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    nudge INTEGER NOT NULL,
    at INTEGER NOT NULL,
    good INTEGER NOT NULL,
    PRIMARY KEY (session, nudge)
) STRICT, WITHOUT ROWID;

-- Whether the manager did what a nudge asked.
CREATE TABLE outcome (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    nudge INTEGER NOT NULL,
    at INTEGER NOT NULL,
    heeded INTEGER NOT NULL,
    PRIMARY KEY (session, nudge)
) STRICT, WITHOUT ROWID;

-- Moments that the manager marked.
CREATE TABLE mark (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    PRIMARY KEY (session, at)
) STRICT, WITHOUT ROWID;

-- The coachee's own plan: only sentences that the manager confirmed afterwards.
CREATE TABLE plan (
    session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    sentence TEXT NOT NULL,
    PRIMARY KEY (session, n)
) STRICT, WITHOUT ROWID;
