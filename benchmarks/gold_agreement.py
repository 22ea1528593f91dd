"""How far two labellers of the same conversations agree: Cohen's kappa per language and kind.

    python benchmarks/gold_agreement.py tests/gold [--differences]

Reads every `second/<language>/*.jsonl` under the folder and the file of the same name in `<language>/`. A kind counts
over the utterances of the speakers who can have it: labelled with it or not. The rows above the kinds take one choice per
utterance: the main kind, whether the manager tells (advice or information), the form of question (none, open, closed,
both) and, where both labelled advice, its form. Kappa is (p - e) / (1 - e), with p the share of utterances on which both
choose the same and e the share expected if each kept their own frequencies and chose blindly (Cohen 1960). The interval
holds the middle 95 % of 2,000 resamples of whole conversations with a fixed seed; with six conversations it is rough, and
1.00 to 1.00 says only that no difference occurred. A kind with fewer than ten occasions in the first labelling is marked
`few`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

MANAGER = "manager"
EMPLOYEE = "coachee"
TELLS = frozenset({"advice", "information"})
QUESTION_FORMS = ("open_question", "closed_question")
ENOUGH = 10
RESAMPLES = 2000
SEED = 20

Pairs = Counter[tuple[str, str]]
"""What the first and the second labeller chose for one utterance, and how often."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One utterance with the acts of both labellers: (kind, form) in their order."""

    turn: int
    speaker: str
    text: str
    first: tuple[tuple[str, str | None], ...]
    second: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the numbers of occasions, and kappa with its interval (None: undefined)."""

    name: str
    utterances: int
    first: int
    second: int
    agreed: int
    kappa: float | None
    low: float | None
    high: float | None


Choice = Callable[[Utterance], tuple[str, str] | None]
"""What both chose for an utterance, or None where the question does not arise."""


def read(first: Path, second: Path) -> list[Utterance]:
    """The utterances of one conversation; raises ValueError when the two files differ in more than labels."""
    ours, theirs = (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        for path in (first, second)
    )
    said = [
        [(line["turn"], line["speaker"], line["text"]) for line in side] for side in (ours, theirs)
    ]
    if said[0] != said[1]:
        raise ValueError(f"{first} and {second} do not hold the same utterances.")
    return [
        Utterance(
            turn,
            speaker,
            text,
            tuple((act["kind"], act["form"]) for act in one["acts"]),
            tuple((act["kind"], act["form"]) for act in other["acts"]),
        )
        for (turn, speaker, text), one, other in zip(said[0], ours, theirs, strict=True)
    ]


def kappa(pairs: Pairs) -> float | None:
    """Cohen's kappa; None when there is nothing to count or no disagreement was possible."""
    total = pairs.total()
    if not total:
        return None
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), count in pairs.items():
        first[one] += count
        second[other] += count
    expected = sum(first[choice] * second[choice] for choice in first) / total**2
    if expected == 1.0:
        return None
    agreed = sum(count for (one, other), count in pairs.items() if one == other) / total
    return (agreed - expected) / (1.0 - expected)


def interval(conversations: list[Pairs]) -> tuple[float | None, float | None]:
    """The middle 95 % of kappa when whole conversations are drawn again, with replacement."""
    chance = random.Random(SEED)
    drawn: list[float] = []
    for _ in range(RESAMPLES):
        pairs: Pairs = Counter()
        for one in chance.choices(conversations, k=len(conversations)):
            pairs.update(one)
        value = kappa(pairs)
        if value is not None:
            drawn.append(value)
    if not drawn:
        return None, None
    drawn.sort()
    return drawn[int(0.025 * len(drawn))], drawn[min(int(0.975 * len(drawn)), len(drawn) - 1)]


def row(name: str, conversations: list[list[Utterance]], choice: Choice, absent: str | None) -> Row:
    """Counts and kappa of one question. `absent` is the answer that is no occasion; None: every answer is one."""
    pairs = [
        Counter(pair for utterance in conversation if (pair := choice(utterance)) is not None)
        for conversation in conversations
    ]
    together: Pairs = sum(pairs, Counter())
    return Row(
        name,
        together.total(),
        sum(count for (one, _), count in together.items() if one != absent),
        sum(count for (_, other), count in together.items() if other != absent),
        sum(count for (one, other), count in together.items() if one == other != absent),
        kappa(together),
        *interval(pairs),
    )


def main_kind(speakers: frozenset[str]) -> Choice:
    """The first act of either labeller, for utterances of these speakers."""
    return lambda said: (said.first[0][0], said.second[0][0]) if said.speaker in speakers else None


def has_kind(kind: str, speakers: frozenset[str]) -> Choice:
    """Whether either labelled the utterance with this kind, for utterances of these speakers."""

    def choose(said: Utterance) -> tuple[str, str] | None:
        if said.speaker not in speakers:
            return None
        first, second = (
            "yes" if kind in kinds(acts) else "no" for acts in (said.first, said.second)
        )
        return first, second

    return choose


def tells(said: Utterance) -> tuple[str, str] | None:
    """Whether the manager gives advice or information, whichever of the two."""
    if said.speaker != MANAGER:
        return None
    first, second = ("yes" if TELLS & kinds(acts) else "no" for acts in (said.first, said.second))
    return first, second


def question_form(said: Utterance) -> tuple[str, str] | None:
    """none, or the forms of question that were labelled."""
    if said.speaker != MANAGER:
        return None
    first, second = (
        " and ".join(form for form in QUESTION_FORMS if form in kinds(acts)) or "none"
        for acts in (said.first, said.second)
    )
    return first, second


def advice_form(said: Utterance) -> tuple[str, str] | None:
    """The form of advice where both labelled advice."""
    first, second = (dict(acts).get("advice") for acts in (said.first, said.second))
    return (first, second) if first and second else None


def kinds(acts: Iterable[tuple[str, str | None]]) -> set[str]:
    """The kinds of these acts, without their forms."""
    return {kind for kind, _ in acts}


def table(conversations: list[list[Utterance]]) -> list[Row]:
    """The rows of one language, the choices first and then the kinds from frequent to rare."""
    rows = [
        row("main kind", conversations, main_kind(frozenset({MANAGER, EMPLOYEE})), None),
        row("main kind, manager", conversations, main_kind(frozenset({MANAGER})), None),
        row("main kind, employee", conversations, main_kind(frozenset({EMPLOYEE})), None),
        row("tells", conversations, tells, "no"),
        row("form of question", conversations, question_form, "none"),
        row("form of advice", conversations, advice_form, None),
    ]
    speakers: dict[str, set[str]] = {}
    for conversation in conversations:
        for said in conversation:
            for kind in kinds((*said.first, *said.second)):
                speakers.setdefault(kind, set()).add(said.speaker)
    by_kind = [
        row(kind, conversations, has_kind(kind, frozenset(who)), "no")
        for kind, who in speakers.items()
    ]
    return rows + sorted(by_kind, key=lambda one: (-one.first, one.name))


def shown(number: float | None) -> str:
    """A kappa in two decimals, or a dash."""
    return "-" if number is None else f"{number:.2f}"


def differences(name: str, conversation: list[Utterance]) -> list[str]:
    """The utterances on which the two differ in any kind, form or main kind."""

    def listed(acts: tuple[tuple[str, str | None], ...]) -> str:
        return ", ".join(f"{kind} {form}" if form else kind for kind, form in acts)

    return [
        f"{name} {said.turn} {said.speaker}: {said.text}\n    first: {listed(said.first)}\n    second: {listed(said.second)}"
        for said in conversation
        if set(said.first) != set(said.second) or said.first[0] != said.second[0]
    ]


def main() -> None:
    """Print the table of every language that was labelled twice."""
    parser = argparse.ArgumentParser(description="Agreement between two labellers (Cohen's kappa).")
    parser.add_argument("folder", type=Path, help="the folder with en/, nl/ and second/")
    parser.add_argument("--differences", action="store_true", help="also list where they differ")
    options = parser.parse_args()
    folder: Path = options.folder
    for language in sorted(path for path in (folder / "second").iterdir() if path.is_dir()):
        files = sorted(language.glob("*.jsonl"))
        conversations = [read(folder / language.name / file.name, file) for file in files]
        size = sum(map(len, conversations))
        print(f"{language.name}: {len(files)} conversations, {size} utterances")
        print(f"  {'':22} {'of':>4} {'first':>6} {'second':>6} {'agreed':>6} {'kappa':>6}  95 %")
        for one in table(conversations):
            few = "  few" if one.first < ENOUGH else ""
            print(
                f"  {one.name:22} {one.utterances:4} {one.first:6} {one.second:6} {one.agreed:6} "
                f"{shown(one.kappa):>6}  {shown(one.low)} to {shown(one.high)}{few}"
            )
        if options.differences:
            for file, conversation in zip(files, conversations, strict=True):
                print(*differences(f"{language.name}/{file.stem}", conversation), sep="\n")


if __name__ == "__main__":
    main()
