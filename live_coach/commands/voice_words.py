"""What a person reads when enrolling a voice, in both languages."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

_WIDEST = 90
"""Columns of a text that is read aloud: on the way back from the end of a longer line the next is missed."""
_WORDS = {
    "en": {
        "guide": "Sit where you usually sit, alone and in quiet, with the microphone that will stand in the room.\n"
        "Read this aloud as you would say it to somebody, and begin again if you reach the end:",
        "text": "Last week I took the slow train to the coast. The sky was grey, but nobody in my carriage seemed "
        "to mind. A boy counted the bridges, and his grandmother told him how the river had once changed its "
        "course. At the harbour I drank coffee with a fisherman who was mending a blue net. He asked me what I "
        "was looking for, and I noticed that I had no answer. So we talked about the weather, about boats, and "
        "about the way people listen when they are not in a hurry. On my way home I wrote down three questions "
        "that I would like to ask more often.",
        "ready": "Press Enter and begin to read. ",
        "progress": "Speech heard: {seconds} of 20 s.",
        "done": "Your voice is enrolled, from {seconds} s of speech. What it is like is kept in {path}; its sound is not.",
        "enrolled": "Your voice is enrolled since {day}, from {seconds} s of speech: {path}",
        "none": "No voice is enrolled.",
        "sure": "Forget the enrolled voice? [y/N]",
        "nobody": "Nobody can be asked whether the enrolled voice may go.",
        "nobody_hint": "Say --yes to delete it.",
        "deleted": "The enrolled voice is deleted.",
        "not_apart": "Until then the two voices are not told apart.",
        "enrol_first": "No voice is enrolled, so the two voices are not told apart: `live-coach voice enrol`.",
        "too_little": "There was too little speech to know a voice by.",
        "too_little_hint": "Read for half a minute, at the loudness of a conversation, and see with `live-coach devices` "
        "whether it is the right microphone.",
        "noise": "There was too much noise to know a voice by.",
        "noise_hint": "Close the window, switch off what hums, or sit closer to the microphone; then try again.",
        "two_voices": "More than one voice was heard.",
        "two_voices_hint": "Read alone, with radio and calls switched off; only your own voice is enrolled.",
    },
    "nl": {
        "guide": "Ga zitten waar je meestal zit, alleen en in een stille kamer, met de microfoon die er straks ook staat.\n"
        "Lees dit hardop voor alsof je het aan iemand vertelt, en begin opnieuw als je aan het eind bent:",
        "text": "Vorige week nam ik de stoptrein naar de kust. De lucht was grijs, maar niemand in de coupé leek dat "
        "erg te vinden. Een jongen telde de bruggen, en zijn oma vertelde hoe de rivier ooit een andere weg had "
        "gekozen. In de haven dronk ik koffie met een visser die een blauw net zat te repareren. Hij vroeg wat "
        "ik zocht, en ik merkte dat ik geen antwoord had. Dus praatten we over het weer, over boten, en over hoe "
        "mensen luisteren wanneer ze geen haast hebben. Op de terugweg schreef ik drie vragen op die ik vaker "
        "zou willen stellen.",
        "ready": "Druk op Enter en begin te lezen. ",
        "progress": "Spraak gehoord: {seconds} van 20 s.",
        "done": "Je stem is bekend, uit {seconds} s spraak. Hoe ze klinkt staat in {path}; het geluid zelf wordt niet bewaard.",
        "enrolled": "Je stem is bekend sinds {day}, uit {seconds} s spraak: {path}",
        "none": "Er is geen stem bekend.",
        "sure": "De bekende stem vergeten? [j/N]",
        "nobody": "Er is niemand om te vragen of de bekende stem weg mag.",
        "nobody_hint": "Geef --yes om haar te wissen.",
        "deleted": "De bekende stem is gewist.",
        "not_apart": "Tot dan worden de twee stemmen niet uit elkaar gehouden.",
        "enrol_first": "Er is geen stem bekend, dus de twee stemmen worden niet uit elkaar gehouden: `live-coach voice enrol`.",
        "too_little": "Er was te weinig spraak om een stem aan te herkennen.",
        "too_little_hint": "Lees een halve minuut voor, zo luid als in een gesprek, en kijk met `live-coach devices` of het "
        "de goede microfoon is.",
        "noise": "Er was te veel ruis om een stem te herkennen.",
        "noise_hint": "Doe het raam dicht, zet uit wat zoemt of ga dichter bij de microfoon zitten; probeer het dan opnieuw.",
        "two_voices": "Er was meer dan één stem te horen.",
        "two_voices_hint": "Lees alleen, met radio en gesprekken uit; alleen je eigen stem wordt onthouden.",
    },
}


def words(language: str) -> Mapping[str, str]:
    """The sentences in `en` or `nl`."""
    return _WORDS[language]


def to_read(language: str, width: int) -> str:
    """What to do and the text to read aloud, in lines that fit into `width` columns."""
    say, width = words(language), min(width, _WIDEST)
    guide = [textwrap.fill(line, width) for line in say["guide"].split("\n")]
    text = textwrap.fill(say["text"], width, initial_indent="  ", subsequent_indent="  ")
    return "\n".join([*guide, "", text])
