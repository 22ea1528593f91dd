"""Who has the floor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from live_coach.flow.messages import Monologue, Span, Speaker, TurnEnded, to_samples

BACK_CHANNEL = to_samples(1.0)
"""A shorter run of the listener ("mhm", "yes yes") leaves the floor where it is, unless it says
something."""
GIVES_ROOM = to_samples(3.0)
"""A speaker who is silent for so long has given room: a monologue begins anew (wait time of three
seconds, Rowe 1986)."""
MONOLOGUES = (to_samples(45.0), to_samples(75.0))
CUTS_IN = to_samples(0.2)


@dataclass(slots=True)
class _Run:
    id: int
    start: int
    end: int | None = None


@dataclass(slots=True)
class _Turn:
    speaker: Speaker
    start: int
    spoken_to: int
    spoken: int = 0
    utterances: list[int] = field(default_factory=list)
    monologue_from: int = 0
    thresholds_passed: int = 0


class Floor:
    """Joins runs of one person into a turn until the other takes the floor.

    The listener takes it by speaking for BACK_CHANNEL, or by a shorter run with content, once the
    holder is silent. Unknown speakers neither take nor hold it.
    """

    def __init__(self) -> None:
        self.longest = 0
        self.interruptions = 0
        """How often the manager took the floor while the coachee was speaking."""
        self._turn: _Turn | None = None
        self._runs: dict[Speaker, _Run] = {}
        self._lately: _Run | None = None
        self._holder_stopped = 0

    @property
    def holder(self) -> Speaker | None:
        """Who has the floor."""
        return self._turn.speaker if self._turn else None

    @property
    def monologue_start(self) -> int:
        """Where the holder began to speak without giving room."""
        return self._turn.monologue_from if self._turn else 0

    def monologue(self, speaker: Speaker, now: int) -> int:
        """How long this person has held the floor without giving room, in samples."""
        turn = self._turn
        if turn is None or turn.speaker is not speaker:
            return 0
        spoken_to = now if speaker in self._runs else turn.spoken_to
        if now - spoken_to >= GIVES_ROOM:
            return 0
        return max(0, spoken_to - turn.monologue_from)

    def start(self, id: int, speaker: Speaker, at: int) -> Iterator[TurnEnded]:  # noqa: A002
        """A run of speech began."""
        if speaker is Speaker.UNKNOWN:
            return
        run = _Run(id, at)
        self._runs[speaker] = run
        if self._turn is None:
            self._turn = _Turn(speaker, at, at, monologue_from=at)
        if self._turn.speaker is speaker:
            if at - self._turn.spoken_to >= GIVES_ROOM:
                self._turn.monologue_from = at
                self._turn.thresholds_passed = 0
            self._turn.utterances.append(id)
        yield from ()

    def end(self, id: int, speaker: Speaker, at: int) -> Iterator[TurnEnded]:  # noqa: A002
        """A run of speech ended."""
        run = self._runs.get(speaker)
        if run is None or run.id != id:
            return
        yield from self.tick(at)
        del self._runs[speaker]
        run.end = max(run.start, at)
        turn = self._turn
        if turn is None:
            return
        if turn.speaker is speaker:
            turn.spoken += run.end - run.start
            turn.spoken_to = max(turn.spoken_to, run.end)
            self._holder_stopped = turn.spoken_to
            self._note_longest(speaker, run.end)
        else:
            self._lately = run

    def said(self, id: int, *, content: bool) -> Iterator[TurnEnded]:  # noqa: A002
        """The text of a run is known: a short answer with content takes the floor after all."""
        run = self._lately
        if run is None or run.id != id or self._turn is None:
            return
        self._lately = None
        other = _other(self._turn.speaker)
        if content and self._turn.speaker not in self._runs and other not in self._runs:
            yield from self._take(other, run)

    def tick(self, now: int) -> Iterator[TurnEnded]:
        """Time has passed: the listener may have taken the floor."""
        turn = self._turn
        if turn is None:
            return
        if turn.speaker in self._runs:
            self._note_longest(turn.speaker, now)
            return
        run = self._runs.get(_other(turn.speaker))
        if run is not None and now - run.start >= BACK_CHANNEL:
            yield from self._take(_other(turn.speaker), run)

    def monologues(self, now: int) -> Iterator[Monologue]:
        """The thresholds that the present turn has reached since the last call."""
        turn = self._turn
        if turn is None:
            return
        length = self.monologue(turn.speaker, now)
        while (
            turn.thresholds_passed < len(MONOLOGUES)
            and length >= MONOLOGUES[turn.thresholds_passed]
        ):
            turn.thresholds_passed += 1
            yield Monologue(turn.speaker, Span(turn.monologue_from, turn.monologue_from + length))

    def flush(self) -> Iterator[TurnEnded]:
        """The conversation is over: the last turn ends."""
        if self._turn is not None and self._turn.spoken:
            yield self._ended(self._turn)
        self._turn = None

    def _take(self, speaker: Speaker, run: _Run) -> Iterator[TurnEnded]:
        old = self._turn
        if old is not None:
            if speaker is Speaker.MANAGER and old.spoken_to - run.start >= CUTS_IN:
                self.interruptions += 1
            yield self._ended(old)
        spoken = 0 if run.end is None else run.end - run.start
        self._turn = _Turn(
            speaker,
            run.start,
            run.end if run.end is not None else run.start,
            spoken,
            [run.id],
            monologue_from=run.start,
        )

    def _note_longest(self, speaker: Speaker, now: int) -> None:
        if speaker is Speaker.MANAGER:
            self.longest = max(self.longest, self.monologue(speaker, now))

    @staticmethod
    def _ended(turn: _Turn) -> TurnEnded:
        end = max(turn.start, turn.spoken_to)
        return TurnEnded(turn.speaker, Span(turn.start, end), tuple(turn.utterances), turn.spoken)


def _other(speaker: Speaker) -> Speaker:
    return Speaker.COACHEE if speaker is Speaker.MANAGER else Speaker.MANAGER
