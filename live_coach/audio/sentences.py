"""What a person is told about the sound, in the language of the screen."""

from __future__ import annotations

_STREAMS = {
    "en": {"mic": "The microphone", "call": "The sound of the call"},
    "nl": {"mic": "De microfoon", "call": "Het geluid van het gesprek op afstand"},
}
_SENTENCES = {
    "en": {
        "lost": "{stream} is gone; what is said meanwhile is not counted.",
        "back": "{stream} is back; {seconds} s are missing.",
        "gap": "{stream} missed {seconds} s.",
        "muted": "{stream} gives no sound at all: muted, or not permitted.",
        "unmuted": "{stream} is heard again.",
        "wrong_source": "{stream} was moved to another device; going back to the chosen one.",
        "failed": "{stream} cannot be used any more; see the log.",
        "overloaded": "This computer is too busy: {seconds} s of sound were skipped.",
    },
    "nl": {
        "lost": "{stream} is weg; wat nu gezegd wordt telt niet mee.",
        "back": "{stream} is terug; {seconds} s ontbreekt.",
        "gap": "{stream} miste {seconds} s.",
        "muted": "{stream} geeft helemaal geen geluid: gedempt, of niet toegestaan.",
        "unmuted": "{stream} is weer te horen.",
        "wrong_source": "{stream} is naar een ander apparaat verplaatst; terug naar het gekozene.",
        "failed": "{stream} is niet meer te gebruiken; zie het logboek.",
        "overloaded": "Deze computer is te druk: {seconds} s geluid is overgeslagen.",
    },
}


def sentence(code: str, stream: str, language: str, *, seconds: float = 0.0) -> str:
    """One sentence; `stream` is `mic` or `call`, `language` `en` or `nl`."""
    number = f"{seconds:.1f}"
    if language == "nl":
        number = number.replace(".", ",")
    return _SENTENCES[language][code].format(stream=_STREAMS[language][stream], seconds=number)
