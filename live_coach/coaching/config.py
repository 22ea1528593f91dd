"""The numbers behind the nudges: config/nudges.toml, changed by a preset. Unknown names are refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from live_coach import paths
from live_coach.errors import SettingsError


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class GateConfig(_Section):
    frequency: float = Field(ge=0, le=2)
    warm_up_s: float = Field(ge=0)
    voices_s: float = Field(ge=0)
    breakpoint_s: float = Field(ge=0)
    question_protected_s: float = Field(ge=0)
    gap_s: float = Field(ge=0)
    cooldown_s: float = Field(ge=0)
    cooldown_growth: float = Field(ge=1)
    cooldown_longest_s: float = Field(ge=0)
    heeded_s: float = Field(ge=0)
    step_back_after: int = Field(ge=1)
    corrective_per_10_min: int = Field(ge=0)
    per_session: int = Field(ge=0)
    praise_gap_s: float = Field(ge=0)
    praise_per_session: int = Field(ge=0)
    expiry_s: float = Field(gt=0)
    speaker_confidence: float = Field(ge=0, le=1)
    end_guard_s: float = Field(ge=0)


class TipsConfig(_Section):
    allowed: int = Field(ge=0)
    leave_s: float = Field(ge=0)


class PhaseConfig(_Section):
    votes: int = Field(ge=1)
    window_s: float = Field(gt=0)
    dwell_s: float = Field(ge=0)


class _Rule(_Section):
    on: bool


class AskConfig(_Rule):
    hits: float = Field(ge=1)
    least: float = Field(ge=0, le=1)
    window_s: float = Field(gt=0)
    part: float = Field(ge=0, le=1)
    firm_hits: float = Field(ge=1)
    early_s: float = Field(ge=0)


class ShareConfig(_Rule):
    soft: float = Field(gt=0, lt=1)
    firm: float = Field(gt=0, lt=1)
    leave: float = Field(gt=0, lt=1)
    sustain_s: float = Field(ge=0)


class LongConfig(_Rule):
    soft_s: float = Field(gt=0)
    firm_s: float = Field(gt=0)


class OpenConfig(_Rule):
    closed: int = Field(ge=1)
    window_s: float = Field(gt=0)
    short_answer_s: float = Field(gt=0)


class MiracleConfig(_Rule):
    wait_s: float = Field(ge=0)
    silence_s: float = Field(gt=0)
    silence_wait_s: float = Field(ge=0)


class WantDoConfig(_Rule):
    preparatory: int = Field(ge=1)
    part: float = Field(gt=0, le=1)


class LeftConfig(_Rule):
    left_s: float = Field(gt=0)


class WordsConfig(_Rule):
    """Other words for an alarm or an offer, whose numbers stand elsewhere."""


class SaidConfig(_Rule):
    hits: int = Field(ge=1)
    window_s: float = Field(gt=0)


class OneConfig(_Rule):
    questions: int = Field(ge=2)


class ReflectConfig(_Rule):
    questions: int = Field(ge=1)
    window_s: float = Field(gt=0)
    answer_words: int = Field(ge=0)


class DeeperConfig(_Rule):
    subject_words: int = Field(ge=1)
    question_words: int = Field(ge=1)


class CutConfig(_Rule):
    times: int = Field(ge=1)
    window_s: float = Field(gt=0)


class ScaleConfig(_Rule):
    window_s: float = Field(gt=0)


class ExceptionConfig(_Rule):
    talk_s: float = Field(gt=0)


class SustainConfig(_Rule):
    times: int = Field(ge=1)
    window_s: float = Field(gt=0)


class AgreeConfig(_Rule):
    after_s: float = Field(ge=0)
    until_s: float = Field(ge=0)


class GoalConfig(_Rule):
    away_s: float = Field(gt=0)


class AnswerConfig(_Rule):
    answer_s: float = Field(gt=0)


class OwnConfig(_Rule):
    window_s: float = Field(gt=0)


class LeanConfig(_Rule):
    share: float = Field(gt=0, lt=1)
    silent_s: float = Field(ge=0)


class NudgeConfig(_Section):
    """Everything in config/nudges.toml; the file says what each number means."""

    gate: GateConfig
    tips: TipsConfig
    phase: PhaseConfig
    ask: AskConfig
    handback: WordsConfig
    permit: WordsConfig
    disguised: WordsConfig
    tipused: WordsConfig
    assume: SaidConfig
    judge: SaidConfig
    share: ShareConfig
    long: LongConfig
    open: OpenConfig
    one: OneConfig
    leading: SaidConfig
    reflect: ReflectConfig
    deeper: DeeperConfig
    cut: CutConfig
    miracle: MiracleConfig
    scale: ScaleConfig
    exception: ExceptionConfig
    sustain: SustainConfig
    contract: AgreeConfig
    expect: AgreeConfig
    goal: GoalConfig
    frame: WordsConfig
    wantdo: WantDoConfig
    time: LeftConfig
    close: LeftConfig
    good_question: AnswerConfig
    good_silence: AnswerConfig
    own: OwnConfig
    lean: LeanConfig


def presets() -> tuple[str, ...]:
    """The names of all presets."""
    return tuple(sorted(p.stem for p in (paths.shipped("config") / "presets").glob("*.toml")))


def load(preset: str = "coaching") -> NudgeConfig:
    """The numbers for a kind of conversation.

    Raises SettingsError for an unknown preset, an unknown name in a file, or a value that does not fit.
    """
    if preset not in presets():
        raise SettingsError(
            f"There is no preset “{preset}”.", hint=f"Choose one of: {', '.join(presets())}."
        )
    folder = paths.shipped("config")
    base, changes = folder / "nudges.toml", folder / "presets" / f"{preset}.toml"
    tree = _read(base)
    for section, values in _read(changes).items():
        if section not in tree or not isinstance(values, dict):
            raise SettingsError(f"“{section}” ({changes}) is not part of config/nudges.toml.")
        tree[section] = tree[section] | values
    return parse(tree, f"{base} with {changes.name}")


def parse(tree: dict[str, Any], source: str) -> NudgeConfig:
    """Check a tree of numbers; `source` is named in the SettingsError if one does not fit."""
    try:
        return NudgeConfig.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"“{name}” ({source}): {first['msg']}.", hint="Mend the file."
        ) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.", hint="Mend the file.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
