-- Solutions that the manager named before the coachee had voiced any idea.
ALTER TABLE reading ADD COLUMN solutions_first INTEGER NOT NULL DEFAULT 0;

-- Whether the two agreed on a goal and on what both expect; NULL where nobody looked.
ALTER TABLE reading ADD COLUMN goal_agreed INTEGER;
ALTER TABLE reading ADD COLUMN expectations_agreed INTEGER;

-- What a suggestion suggested tells what the coachee was saying: that one was made is all that stays.
DELETE FROM evidence WHERE (session, nudge) IN
    (SELECT session, id FROM nudge WHERE class = 'suggestion');
UPDATE nudge SET kind = class, text = '' WHERE class = 'suggestion';
