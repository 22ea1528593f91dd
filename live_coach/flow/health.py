"""What a person is told when something goes wrong or is well again, in the language of the screen."""

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
        "fewer_partials": "This computer is busy: text comes a little later.",
        "finals_only": "This computer is busy: text comes when a sentence has ended.",
        "partials": "Text comes at once again.",
        "text_restarted": "Transcription stopped and was started again.",
        "archive_failed": "The archive cannot be written now; all goes into a journal beside it.",
        "archive_works": "The archive can be written again; nothing was lost.",
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
        "fewer_partials": "Deze computer is druk: tekst komt iets later.",
        "finals_only": "Deze computer is druk: tekst komt pas na het einde van een zin.",
        "partials": "Tekst komt weer meteen.",
        "text_restarted": "Het uitschrijven is gestopt en opnieuw begonnen.",
        "archive_failed": "Het archief is nu niet te beschrijven; alles gaat in een journaal ernaast.",
        "archive_works": "Het archief is weer te beschrijven; er is niets verloren.",
    },
}


def sentence(code: str, language: str, *, stream: str = "mic", seconds: float = 0.0) -> str:
    """One sentence; `language` is `en` or `nl`, `stream` `mic` or `call` where it speaks of one."""
    number = f"{seconds:.1f}"
    if language == "nl":
        number = number.replace(".", ",")
    return _SENTENCES[language][code].format(stream=_STREAMS[language][stream], seconds=number)
