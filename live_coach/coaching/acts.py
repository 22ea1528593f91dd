"""From what was said to what it does: speech acts, by markers and guards, joined by a classifier.

Deterministic, and made for written and live text alike. Tier 1 is precise enough for a nudge, tier 2
counts as evidence, tier 3 is for the summary.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from live_coach.coaching import classifier as classifying
from live_coach.coaching import guards as guarding
from live_coach.coaching import markers
from live_coach.coaching.around import Around, by_the_classifier_alone, idea_at, marked
from live_coach.coaching.classifier import Classifier
from live_coach.coaching.features import Features, Memory, Ruled, extract
from live_coach.coaching.found import Found
from live_coach.coaching.joining import join
from live_coach.coaching.listening import reflects
from live_coach.coaching.markers import Hit, Language
from live_coach.coaching.questions import Question, find_question
from live_coach.coaching.text import Sentence, Text
from live_coach.flow.messages import Form, Kind, Speaker

_TELLING = {
    "advice": Kind.ADVICE,
    "disguised": Kind.DISGUISED_ADVICE,
    "judgement": Kind.JUDGEMENT,
    "assumption": Kind.ASSUMPTION,
}
_PLAIN = {
    "solution_focused": Kind.SOLUTION_FOCUSED,
    "permission": Kind.PERMISSION,
    "frame": Kind.FRAME,
    "process": Kind.PROCESS,
    "affirmation": Kind.AFFIRMATION,
}
_COACHEE = {
    "commitment": Kind.COMMITMENT,
    "preparatory": Kind.PREPARATORY,
    "own_idea": Kind.OWN_IDEA,
    "own_idea_asked": Kind.OWN_IDEA,
    "sustain": Kind.SUSTAIN,
    "stuck": Kind.STUCK,
    "asks_advice": Kind.ASKS_ADVICE,
}
_MAIN_FIRST = (
    Kind.DISGUISED_ADVICE,
    Kind.ADVICE,
    Kind.JUDGEMENT,
    Kind.ASSUMPTION,
    Kind.SOLUTION_FOCUSED,
    Kind.PERMISSION,
    Kind.LEADING_QUESTION,
    Kind.OPEN_QUESTION,
    Kind.CLOSED_QUESTION,
    Kind.REFLECTION,
    Kind.FRAME,
    Kind.PROCESS,
    Kind.AFFIRMATION,
    Kind.INFORMATION,
    Kind.ASKS_ADVICE,
    Kind.STUCK,
    Kind.OWN_IDEA,
    Kind.COMMITMENT,
    Kind.PREPARATORY,
    Kind.SUSTAIN,
    Kind.OTHER,
)
_OWN = (Kind.OWN_IDEA, Kind.COMMITMENT)
_IN_QUESTIONS = frozenset({"asks_advice", "own_idea_asked"})
_CONTEXT_TURNS = 2
_LONGEST_STUCK = 14
_SHORTEST_INFORMATION = 6


@dataclass(slots=True)
class Context:
    """What was said lately: reflections and answers depend on it."""

    turns: deque[set[str]] = field(default_factory=lambda: deque(maxlen=_CONTEXT_TURNS))
    advice_asked: bool = False
    last: Speaker | None = None
    memory: Memory = field(default_factory=Memory)
    around: Around = field(default_factory=Around)

    @property
    def heard(self) -> set[str]:
        """Content words of the coachee's last turns."""
        return set().union(*self.turns)


class ActFinder:
    """Reads utterances of one conversation in order. Never raises, whatever the text.

    `frames` is what was given beforehand (a goal, value or norm of the organisation): saying it is
    not telling. `guards` are the names of those that are on (coaching/guards.py), all by default.
    `heard`: the words come from a recogniser, whose full stops do not tell a statement from a question.
    """

    def __init__(
        self,
        language: Language,
        *,
        frames: Iterable[str] = (),
        guards: Iterable[str] = guarding.GUARDS,
        classifier: Classifier | Literal["shipped"] | None = "shipped",
        heard: bool = False,
    ) -> None:
        self._heard = heard
        self._markers = markers.load(language)
        self._frames = tuple(filter(None, map(self._content, frames)))
        self._classifier = (
            classifying.load(language) if classifier == "shipped" else classifier or {}
        )
        chosen = set(guards)
        self._guards = tuple(name for name in guarding.GUARDS if name in chosen)

    def is_back_channel(self, words: Sequence[str]) -> bool:
        """Nothing but “mhm”, “yes”, “okay”."""
        text = self._markers.reading.take_apart(words)
        return all(token in self._markers.lists["back_channels"] for token in text.tokens)

    def read(self, speaker: Speaker, words: Sequence[str], context: Context) -> list[Found]:
        """The acts of one utterance, the main one first; at least OTHER. Updates the context."""
        coachee_spoke = context.memory.last(Speaker.COACHEE) is not None
        advice_asked = context.advice_asked and "advice_asked" in self._guards
        text, hits, found, features = self.look(speaker, words, context)
        linear = self._classifier.get(speaker)
        if linear is not None:
            found = [act for act in found if act.kind is not Kind.OTHER]
            found = join(text, hits, found, features, linear, coachee_spoke=coachee_spoke)
        around = context.around
        if speaker is Speaker.MANAGER:
            found = by_the_classifier_alone(
                found,
                text,
                hits,
                self._markers,
                ideas=around.ideas if "own_idea" in self._guards else (),
                advice_asked=advice_asked,
            )
            heard = context.turns[-1] if context.turns else ()
            found = _in_order(found, len(words))
            return marked(found, text, hits, around, self._markers, heard)
        if not self.is_back_channel(words):
            around.asked = False
        return _in_order(found, len(words))

    def look(
        self, speaker: Speaker, words: Sequence[str], context: Context
    ) -> tuple[Text, list[Hit], list[Found], Features]:
        """An utterance taken apart, its markers, the acts of the rules, and what the classifier
        sees of it. Updates the context."""
        text = self._markers.reading.take_apart(words, heard=self._heard)
        hits = self._markers.find(text)
        found: list[Found] = []
        if speaker is Speaker.MANAGER:
            found = self._manager(text, hits, context)
            context.advice_asked = context.advice_asked and not text.tokens
        elif speaker is Speaker.COACHEE:
            found = self._coachee(text, hits)
            self._remember(text, hits, found, context)
        if text.tokens:
            context.last = speaker
        found = _in_order(found, len(words))
        ruled = Ruled(text, hits, [(act.kind, act.tier, act.guards) for act in found])
        features = extract(speaker, ruled, context.memory, self._markers)
        context.memory.add(speaker, ruled, self._markers)
        return text, hits, found, features

    def _content(self, frame: str) -> frozenset[str]:
        text = self._markers.reading.take_apart(frame.split())
        return frozenset(self._markers.content(text.tokens))

    def _manager(self, text: Text, hits: list[Hit], context: Context) -> list[Found]:
        found: list[Found] = []
        told = False
        reflected_at: set[int] = set()
        for sentence in text.sentences:
            inside = tuple(h for h in hits if sentence.start <= h.start < sentence.end)
            question = find_question(text, sentence, inside, self._markers)
            acts, turned = self._telling(text, sentence, tuple(hits), question, context)
            told = told or any(act.kind is Kind.ADVICE and act.tier == 1 for act in acts)
            acts += self._asking(text, sentence, inside, question, turned)
            plain = self._plain(text, inside, question)
            framed = tuple(name for name, kind in turned if kind is Kind.FRAME)
            if framed and Kind.FRAME not in {act.kind for act in plain}:
                plain.append(Found(Kind.FRAME, _range(text, sentence), guards=framed))
            acts += plain
            reflected = tuple(name for name, kind in turned if kind is Kind.REFLECTION)
            if not any(act.kind is Kind.ADVICE and act.tier == 1 for act in acts) and (
                reflects(
                    text, sentence, inside, question, heard=context.heard, markers=self._markers
                )
                or (reflected and not question)
            ):
                reflected_at.add(sentence.start)
                acts.append(Found(Kind.REFLECTION, _range(text, sentence), 2, guards=reflected))
            found += acts
        if not told:
            found += self._information(text, hits, reflected_at)
        return found

    def _telling(
        self,
        text: Text,
        sentence: Sentence,
        hits: tuple[Hit, ...],
        question: Question | None,
        context: Context,
    ) -> tuple[list[Found], list[tuple[str, Kind | None]]]:
        best: dict[tuple[Kind, Form | None], Found] = {}
        turned: list[tuple[str, Kind | None]] = []
        inside = tuple(h for h in hits if sentence.start <= h.start < sentence.end)
        for hit in inside:
            kind = _TELLING.get(hit.group)
            if kind is None or (kind is Kind.DISGUISED_ADVICE and question is None):
                continue
            case = guarding.Case(
                hit,
                kind,
                text,
                sentence,
                question is not None,
                inside,
                hits,
                self._markers,
                context.advice_asked,
                self._frames,
                tuple(context.around.ideas),
            )
            tier, spoke = guarding.judge(case, self._guards)
            turned += spoke
            if tier is None:
                continue
            names = tuple(name for name, _ in spoke)
            context.around.given.append(idea_at(text, hit, self._markers))
            act = Found(kind, text.words_between(hit.start, hit.end), tier, hit.form, names)
            key = (kind, hit.form)
            if key not in best or act.tier < best[key].tier:
                best[key] = act
        return list(best.values()), turned

    def _asking(
        self,
        text: Text,
        sentence: Sentence,
        hits: tuple[Hit, ...],
        question: Question | None,
        turned: list[tuple[str, Kind | None]],
    ) -> list[Found]:
        if question is None:
            return []
        kind = Kind.OPEN_QUESTION if question.open else Kind.CLOSED_QUESTION
        names = tuple(dict.fromkeys(name for name, instead in turned if instead is kind))
        words = text.words_between(question.start, sentence.end)
        acts = [Found(kind, words, 1 if question.sure else 2, guards=names)]
        leading = next((h for h in hits if h.group == "leading"), None)
        if leading is not None and not question.open:
            acts.append(
                Found(
                    Kind.LEADING_QUESTION,
                    text.words_between(leading.start, sentence.end),
                    leading.tier,
                )
            )
        return acts

    def _plain(self, text: Text, hits: tuple[Hit, ...], question: Question | None) -> list[Found]:
        acts: dict[Kind, Found] = {}
        for hit in hits:
            kind = _PLAIN.get(hit.group)
            if kind is None or kind in acts:
                continue
            if kind is Kind.AFFIRMATION and question is not None:
                continue
            acts[kind] = Found(kind, text.words_between(hit.start, hit.end), hit.tier)
        return list(acts.values())

    def _information(self, text: Text, hits: list[Hit], reflected_at: set[int]) -> list[Found]:
        for sentence in text.sentences:
            short = sentence.end - sentence.start < _SHORTEST_INFORMATION
            if sentence.mark == "?" or short or sentence.start in reflected_at:
                continue
            inside = [h for h in hits if sentence.start <= h.start < sentence.end]
            if any(
                h.group in ("process", "permission", "polite_open", "open_asked") for h in inside
            ):
                continue
            if any(h.group == "information" for h in inside):
                return [Found(Kind.INFORMATION, _range(text, sentence), 2)]
        return []

    def _coachee(self, text: Text, hits: list[Hit]) -> list[Found]:
        found: dict[Kind, Found] = {}
        for hit in hits:
            kind = _COACHEE.get(hit.group)
            if kind is None or kind in found:
                continue
            sentence = text.sentence_at(hit.start)
            if kind is Kind.STUCK and not _last_word(text, hit):
                continue
            if hit.group not in _IN_QUESTIONS and sentence.mark == "?":
                continue
            if kind is Kind.ASKS_ADVICE and text.punctuated and sentence.mark == ".":
                continue
            found[kind] = Found(kind, text.words_between(hit.start, hit.end), hit.tier)
        return list(found.values())

    def _remember(self, text: Text, hits: list[Hit], found: list[Found], context: Context) -> None:
        for hit in hits:
            asked = hit.group not in _IN_QUESTIONS and text.sentence_at(hit.start).mark == "?"
            if _COACHEE.get(hit.group) in _OWN and not asked:
                context.around.voiced(idea_at(text, hit, self._markers))
        content = self._markers.content(text.tokens)
        if content and context.last is Speaker.COACHEE and context.turns:
            context.turns[-1] |= content
        elif content:
            context.turns.append(content)
        if text.tokens:
            context.advice_asked = any(act.kind is Kind.ASKS_ADVICE for act in found) or (
                context.last is Speaker.COACHEE and context.advice_asked
            )


def _in_order(found: list[Found], words: int) -> list[Found]:
    """The main act first; OTHER if there is none."""
    found = sorted(found, key=lambda act: (_MAIN_FIRST.index(act.kind), act.tier, act.words))
    return found or [Found(Kind.OTHER, (0, words), tier=3)]


def _last_word(text: Text, hit: Hit) -> bool:
    """Being stuck ends an utterance; “I don't know, maybe I could…” does not."""
    return len(text.tokens) - hit.end <= 2 and len(text.tokens) - hit.start <= _LONGEST_STUCK


def _range(text: Text, sentence: Sentence) -> tuple[int, int]:
    return text.words_between(sentence.start, sentence.end)
