"""The enrolled voice on disk: an embedding in the data directory, readable by its owner only; never sound."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from live_coach import paths
from live_coach.errors import LiveCoachError
from live_coach.flow.messages import to_samples, to_seconds
from live_coach.sentences import Sentence, because
from live_coach.speech.enrolment import EnrolledVoice
from live_coach.speech.voiceprint import SIZE

FILE = "voice.json"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    version: int = Field(ge=1, le=1)
    spoken: float = Field(gt=0)
    embedding: tuple[float, ...] = Field(min_length=SIZE, max_length=SIZE)


def path_in(directory: Path) -> Path:
    """Where the voice is kept in the data directory."""
    return directory / FILE


def load(directory: Path) -> EnrolledVoice | None:
    """The enrolled voice, or None, also where `directory` is none. Raises LiveCoachError: unreadable or damaged."""
    path = path_in(directory)
    try:
        with _sentences(path, "read"):
            if not directory.is_dir():
                return None
            kept = _File.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise LiveCoachError(Sentence("voice.damaged", path=path)) from None
    vector = np.array(kept.embedding, np.float32)
    length = float(np.linalg.norm(vector))
    if not length:
        raise LiveCoachError(Sentence("voice.damaged", path=path))
    return EnrolledVoice(vector / length, to_samples(kept.spoken))


def save(directory: Path, voice: EnrolledVoice) -> Path:
    """Keep this voice instead of any other, whole or not at all; the file. Raises LiveCoachError."""
    path = path_in(directory)
    numbers = tuple(round(float(number), 6) for number in voice.embedding)
    content = _File(version=1, spoken=to_seconds(voice.spoken), embedding=numbers)
    with _sentences(path, "written"):
        if not directory.exists():
            directory.mkdir(parents=True, mode=0o700)
            paths.make_owner_only(directory)
        handle, temporary = tempfile.mkstemp(prefix=".voice-", dir=directory)  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content.model_dump_json())
            Path(temporary).replace(path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    return path


def delete(directory: Path) -> bool:
    """Forget the enrolled voice; whether there was one. Raises LiveCoachError."""
    path = path_in(directory)
    try:
        with _sentences(path, "deleted"):
            path.unlink()
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _sentences(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise LiveCoachError(Sentence(f"voice.{what}", path=path, reason=because(error))) from None
