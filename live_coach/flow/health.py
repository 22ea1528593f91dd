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
        "stood_still": "{stream} comes {seconds} s late: this computer stood still.",
        "muted": "{stream} gives no sound at all: muted, or not permitted.",
        "unmuted": "{stream} is heard again.",
        "not_heard": "{stream} gives so little sound that nobody can be heard: check it and its level.",
        "coachee_not_heard": "{stream} stays silent while you speak: ask whether the other is muted.",
        "heard": "{stream} is heard again.",
        "clipping": "{stream} is too loud and distorted: turn it down.",
        "clear": "{stream} is clear again.",
        "other_output": "The call plays on “{name}”, where it is not heard: play it on the chosen output.",
        "this_output": "{stream} is heard again.",
        "moved": "{stream} goes on as “{name}”: the headset changed its profile.",
        "wrong_source": "{stream} was moved to another device; going back to the chosen one.",
        "failed": "{stream} cannot be used any more; see the log.",
        "overloaded": "This computer is too busy: {seconds} s of sound were skipped.",
        "fewer_partials": "This computer is busy: text comes a little later.",
        "finals_only": "This computer is busy: text comes when a sentence has ended.",
        "partials": "Text comes at once again.",
        "text_restarted": "Transcription stopped and was started again.",
        "archive_failed": "The archive cannot be written now; all goes into a journal beside it.",
        "sound_failed": "The sound is not kept any more: the disk is full or failing. The conversation goes on.",
        "archive_works": "The archive can be written again; nothing was lost.",
    },
    "nl": {
        "lost": "{stream} is weg; wat nu gezegd wordt telt niet mee.",
        "back": "{stream} is terug; {seconds} s ontbreekt.",
        "gap": "{stream} miste {seconds} s.",
        "stood_still": "{stream} komt {seconds} s later: deze computer stond stil.",
        "muted": "{stream} geeft helemaal geen geluid: gedempt, of niet toegestaan.",
        "unmuted": "{stream} is weer te horen.",
        "not_heard": "{stream} geeft zo weinig geluid dat niemand te horen is: kijk na of het goed staat.",
        "coachee_not_heard": "{stream} blijft stil terwijl je spreekt: vraag of de ander gedempt is.",
        "heard": "{stream} is weer te horen.",
        "clipping": "{stream} is te luid en vervormd: zet het zachter.",
        "clear": "{stream} is weer helder.",
        "other_output": "Het gesprek klinkt op “{name}” en wordt daar niet gehoord: kies de gewone uitgang.",
        "this_output": "{stream} is weer te horen.",
        "moved": "{stream} gaat verder als “{name}”: de headset wisselde van profiel.",
        "wrong_source": "{stream} is naar een ander apparaat verplaatst; terug naar het gekozene.",
        "failed": "{stream} is niet meer te gebruiken; zie het logboek.",
        "overloaded": "Deze computer is te druk: {seconds} s geluid is overgeslagen.",
        "fewer_partials": "Deze computer is druk: tekst komt iets later.",
        "finals_only": "Deze computer is druk: tekst komt pas na het einde van een zin.",
        "partials": "Tekst komt weer meteen.",
        "text_restarted": "Het uitschrijven is gestopt en opnieuw begonnen.",
        "archive_failed": "Het archief is nu niet te beschrijven; alles gaat in een journaal ernaast.",
        "sound_failed": "Het geluid wordt niet meer bewaard: de schijf is vol of stuk. Het gesprek gaat door.",
        "archive_works": "Het archief is weer te beschrijven; er is niets verloren.",
    },
}


def sentence(
    code: str, language: str, *, stream: str = "mic", seconds: float = 0.0, name: str = ""
) -> str:
    """One sentence; `language` is `en` or `nl`, `stream` `mic` or `call` where it speaks of one.

    `name` is a device that it names.
    """
    number = f"{seconds:.1f}"
    if language == "nl":
        number = number.replace(".", ",")
    template = _SENTENCES[language][code]
    return template.format(stream=_STREAMS[language][stream], seconds=number, name=name)
