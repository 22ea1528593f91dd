"""What becomes of one conversation: kept on disk or in memory, with its plan, and told afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from live_coach.archive import sessions
from live_coach.archive.collector import Collector
from live_coach.archive.database import directory_of
from live_coach.archive.keeper import Keeper
from live_coach.archive.redaction import listed
from live_coach.errors import ArchiveError
from live_coach.flow.messages import Health
from live_coach.reports.render import render
from live_coach.reports.summary import summarise
from live_coach.session import Plan, Record


class Account:
    """Keeps one conversation, on disk or in memory, and tells it afterwards."""

    def __init__(self, plan: Plan, *, save: bool) -> None:
        self.directory = directory_of(plan.settings.archive)
        self.save = save
        self._plan = plan
        self._record: Record | None = None
        self._agreed: tuple[str, ...] = ()

    def open(self, on_health: Callable[[Health], None]) -> Record:
        """Who keeps it; trouble with that is told to `on_health`."""
        archive = self._plan.settings.archive
        if self.save:
            self._record = Keeper(
                self.directory, archive, on_health=on_health, language=self._plan.wording
            )
        else:
            self._record = Collector(keep_transcript=archive.keep_transcript, names=listed(archive))
        return self._record

    @property
    def complete(self) -> bool:
        """Whether the conversation is over, so that it can be told."""
        return self._record is not None and self._record.stored is not None

    @property
    def has_plan(self) -> bool:
        """Whether a plan was confirmed."""
        return bool(self._agreed)

    def summary(self, form: str = "md") -> str:
        """The summary, in the language of the screen; nothing for a conversation that never began."""
        stored = self._record.stored if self._record else None
        if stored is None:
            return ""
        return render(summarise(replace(stored, plan=self._agreed)), form, self._plan.wording)

    def confirm(self, sentences: Sequence[str]) -> None:
        """The coachee's own plan, which the manager confirmed; once the conversation is over.

        Raises ArchiveError where it can be kept neither in the archive nor for the next start, or
        where the conversation was deleted meanwhile.
        """
        stored = self._record.stored if self._record else None
        if stored is None:
            return
        names = listed(self._plan.settings.archive)
        self._agreed = sessions.as_kept(sentences, stored.coachee, names)
        if not self.save:
            return
        try:
            sessions.confirm_plan(self.directory, stored.id, sentences, names=names)
        except sessions.NotKept:
            raise  # it was deleted meanwhile: then nothing of it may come back
        except ArchiveError:
            sessions.leave_plan(self.directory, stored.id, self._agreed)
