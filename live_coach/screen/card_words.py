"""Every word of the two cards before a conversation, in English and Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardWords:
    """The wording of one language; `aloud` has a place for what is `kept`, or for `kept_text`, and both for sound."""

    consent: str
    aloud: str
    kept: str
    kept_text: str
    sharing: str
    agreed: str
    yes_key: str
    yes: str
    no: str
    card: str
    coachee: str
    preset: str
    language: str
    minutes: str
    goal: str
    manager_expects: str
    coachee_expects: str
    frames: str
    mic: str
    call: str
    hints: Mapping[str, str]
    languages: Mapping[str, str]
    presets: Mapping[str, str]
    smart: Mapping[str, str]
    bad_minutes: str
    begin: str
    skip: str
    choose: str
    before: str
    no_sound: str
    sound: str
    sound_days: str

    def of_sound(self, days: int | None) -> str:
        """What is said of sound that is kept for so many days; 0: as long as the rest; None: not at all."""
        if days is None:
            return self.no_sound
        return self.sound_days.format(days=days) if days else self.sound


_EN = CardWords(
    consent="Before we begin",
    aloud="Say aloud: “A program on this computer listens with us and reminds me to ask instead of tell. "
    "{kept} Is that all right with you?”",
    kept="It keeps numbers about me, some words of mine, what we agree beforehand, your plan if I write it "
    "down, {sound}.",
    kept_text="It keeps numbers about me, what we agree beforehand, your plan if I write it down and the text of "
    "what we both say, {sound}.",
    sharing="Sharing your whole screen shows the coach too: share one window.",
    agreed="Did the other person agree?",
    yes_key="y",
    yes="yes",
    no="no, nothing starts",
    card="This conversation",
    coachee="Coachee",
    preset="Kind of talk",
    language="Language",
    minutes="Minutes",
    goal="Goal",
    manager_expects="You expect",
    coachee_expects="Coachee expects",
    frames="Given",
    mic="Microphone",
    call="Call audio",
    hints={
        "coachee": "nickname or initials",
        "minutes": "agreed length",
        "goal": "in the coachee's words",
        "frames": "goals, values, norms; split by ;",
    },
    languages={"auto": "as it is heard", "en": "English", "nl": "Dutch"},
    presets={
        "coaching": "coaching",
        "one-on-one": "one-on-one",
        "performance": "performance",
        "onboarding": "onboarding",
    },
    smart={"S": "specific", "M": "measurable", "A": "own doing", "R": "reason", "T": "time"},
    bad_minutes="Minutes: 1 to 480, or nothing.",
    begin="begin",
    skip="skip all",
    choose="choose",
    before="Planned on {day}: {plan} Ask what came of it.",
    no_sound="and no sound",
    sound="and the sound of all that we both say",
    sound_days="and the sound of all that we both say, which goes after {days} days",
)

_NL = CardWords(
    consent="Voor we beginnen",
    aloud="Zeg hardop: “Een programma op deze computer luistert mee en herinnert mij eraan om te vragen in "
    "plaats van te zenden. {kept} Vind je dat goed?”",
    kept="Het bewaart cijfers over mij, enkele woorden van mij, wat we vooraf afspreken, jouw plan als ik dat "
    "opschrijf, {sound}.",
    kept_text="Het bewaart cijfers over mij, wat we vooraf afspreken, jouw plan als ik dat opschrijf en de tekst van "
    "wat we allebei zeggen, {sound}.",
    sharing="Wie het hele scherm deelt, laat ook de coach zien: deel één venster.",
    agreed="Vindt de ander het goed?",
    yes_key="j",
    yes="ja",
    no="nee, er start niets",
    card="Dit gesprek",
    coachee="Coachee",
    preset="Soort gesprek",
    language="Taal",
    minutes="Minuten",
    goal="Doel",
    manager_expects="Jij verwacht",
    coachee_expects="Coachee verwacht",
    frames="Kaders",
    mic="Microfoon",
    call="Lijngeluid",
    hints={
        "coachee": "roepnaam of initialen",
        "minutes": "afgesproken duur",
        "goal": "in de woorden van de coachee",
        "frames": "doelen, waarden, normen; met ; ertussen",
    },
    languages={"auto": "zoals gehoord", "en": "Engels", "nl": "Nederlands"},
    presets={
        "coaching": "coaching",
        "one-on-one": "tweegesprek",
        "performance": "functioneren",
        "onboarding": "inwerken",
    },
    smart={"S": "specifiek", "M": "meetbaar", "A": "eigen actie", "R": "reden", "T": "tijd"},
    bad_minutes="Minuten: 1 tot 480, of niets.",
    begin="begin",
    skip="sla over",
    choose="kies",
    before="Van plan op {day}: {plan} Vraag wat ervan gekomen is.",
    no_sound="en geen geluid",
    sound="en het geluid van alles wat we allebei zeggen",
    sound_days="en het geluid van alles wat we allebei zeggen, dat na {days} dagen weggaat",
)

CARD_WORDS: Mapping[str, CardWords] = {"en": _EN, "nl": _NL}
