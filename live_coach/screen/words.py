"""Every word of the screen, in English and Dutch. Nudges bring their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from live_coach.flow.messages import HealthState, Phase
from live_coach.screen.rule_words import RULE_WORDS


@dataclass(frozen=True, slots=True)
class Words:
    """The wording of one language; names in braces are filled in."""

    decimal: str
    manager: str
    coachee: str
    somebody: str
    kinds: Mapping[str, str]
    getting_ready: str
    share_later: str
    one_voice: str
    last_minutes: str
    last_minutes_short: str
    minutes_left: str
    minute_left: str
    minutes_over: str
    ending: str
    questions: str
    tips: str
    silences: str
    mic: str
    call: str
    late: str
    late_short: str
    key_end: str
    key_back: str
    key_close: str
    key_scroll: str
    too_small: str
    why: str
    no_nudge: str
    why_said: str
    why_number: str
    why_window: str
    why_rule: str
    rules: Mapping[str, str]
    metrics: Mapping[str, str]
    summary: str
    cut_short: str
    preparing: str
    kept_in: str
    sound_kept: str
    sound_kept_short: str
    sound_reminder: str
    sound_after: str
    troubles: Mapping[tuple[str, HealthState], str]
    gap: str
    tips_given: str
    goal: str
    goal_agreed: str
    expectations: str
    hold: str
    phases: Mapping[Phase, str]
    basic: str
    paused: str
    paused_how: str
    resumed: str
    snoozed: str
    snooze_begun: str
    snooze_over: str
    kind_muted: str
    rated_good: str
    rated_bad: str
    marked: str
    swapped: str
    key_keys: str
    keys: str
    key_list: Mapping[str, str]

    def number(self, value: float, form: str) -> str:
        """A number in a format such as `.1f`, with the decimal mark of this language."""
        return format(value, form).replace(".", self.decimal)


_EN = Words(
    decimal=".",
    manager="You",
    coachee="Coachee",
    somebody="somebody is speaking",
    kinds={"live": "Conversation", "demo": "Demo", "replay": "Replay"},
    getting_ready="Getting ready…",
    share_later="Share shown once both are heard",
    one_voice="One recording: voices not told apart",
    last_minutes="last 5 minutes {share}",
    last_minutes_short="5 min {share}",
    minutes_left="{minutes} min left",
    minute_left="last minute",
    minutes_over="{minutes} min over",
    ending="Ending…  Ctrl+C leaves at once",
    questions="Questions {open} open, {closed} closed",
    tips="Tips {spent} of {allowed}",
    silences="Silences held {held}",
    mic="mic",
    call="call",
    late="sound +{sound} text +{text} s",
    late_short="text +{text} s",
    key_end="end",
    key_back="back",
    key_close="close",
    key_scroll="scroll",
    too_small="Make the window larger (at least {width}×{height})",
    why="Why this nudge",
    no_nudge="No nudge yet.",
    why_said="Said: “{quote}”",
    why_number="{metric}: {value} (limit {threshold})",
    why_window="in {seconds} s",
    why_rule="rule “{rule}”",
    rules=RULE_WORDS["en"],
    metrics={
        "directives": "Telling",
        "talk_share": "Your share of the talk",
        "monologue": "Your turn so far",
        "closed_questions": "Closed questions in a row",
        "silence": "Silence",
        "preparatory": "Wishes without a first step",
        "answer": "The coachee's answer",
        "time_left": "Time left",
        "tips": "Tips with leave",
        "times": "Times",
        "questions": "Questions in a row",
        "interruptions": "Interruptions",
        "sustain": "Said against it",
        "elapsed": "Time gone by",
        "off_goal": "Away from the goal",
    },
    summary="The conversation has ended",
    cut_short="The conversation was cut short: leave to read why",
    preparing="Preparing the summary…",
    kept_in="Kept in {place}",
    sound_kept="sound kept",
    sound_kept_short="REC",
    sound_reminder="`live-coach sessions delete last --audio` deletes it",
    sound_after="The sound of both too: `live-coach sessions delete last --audio` deletes it",
    troubles={
        ("mic", HealthState.LOST): "Microphone lost: check the plug",
        ("mic", HealthState.MUTED): "Microphone silent: muted, or not allowed to listen",
        ("mic", HealthState.WRONG_SOURCE): "Microphone: another device than asked for",
        ("mic", HealthState.NOT_HEARD): "You are not heard: check the microphone",
        ("mic", HealthState.CLIPPING): "Microphone too loud and distorted: turn it down",
        ("mic", HealthState.RESTARTED): "Microphone back",
        ("mic", HealthState.OVERLOADED): "Microphone: the computer is too busy, sound is lost",
        ("mic", HealthState.FAILED): "Microphone stopped and does not come back",
        ("call", HealthState.LOST): "Call audio lost: check the call",
        ("call", HealthState.MUTED): "Call audio silent: muted, or not allowed to listen",
        ("call", HealthState.WRONG_SOURCE): "Call audio: another device than asked for",
        ("call", HealthState.NOT_HEARD): "Coachee is not heard: check the call audio",
        ("call", HealthState.CLIPPING): "Call audio too loud and distorted: turn the call down",
        ("call", HealthState.RESTARTED): "Call audio back",
        ("call", HealthState.OVERLOADED): "Call audio: the computer is too busy, sound is lost",
        ("call", HealthState.FAILED): "Call audio stopped and does not come back",
        ("text", HealthState.LOST): "Text stopped: nudges wait, talk share goes on",
        ("text", HealthState.RESTARTED): "Text is back",
        (
            "text",
            HealthState.OVERLOADED,
        ): "Text runs late: nudges may be missed, talk share goes on",
        ("text", HealthState.FAILED): "Text has failed: talk share only",
        ("all", HealthState.OVERLOADED): "All of this is late: the computer is too busy",
        ("sound", HealthState.FAILED): "Sound not kept any more: the disk is full or failing",
        ("archive", HealthState.LOST): "Archive cannot be written: kept in a journal until it can",
        ("archive", HealthState.RESTARTED): "Archive is back",
        ("archive", HealthState.OVERLOADED): "Archive is slow: kept in a journal meanwhile",
        ("archive", HealthState.FAILED): "Archive cannot be written: kept in a journal",
    },
    gap="{seconds} s lost",
    tips_given="Tips {spent}",
    goal="Goal: {goal}",
    goal_agreed="Goal agreed",
    expectations="expectations",
    hold="hold",
    phases={
        Phase.GOAL: "Goal",
        Phase.REALITY: "Reality",
        Phase.OPTIONS: "Options",
        Phase.WILL: "Will",
    },
    basic="basic mode: talk share only",
    paused="Paused: nothing is heard or counted",
    paused_how="‖ Paused   p goes on",
    resumed="Listening again",
    snoozed="No nudges for {minutes} min",
    snooze_begun="No nudges for ten minutes",
    snooze_over="Nudges may come again",
    kind_muted="This kind of nudge comes no more in this conversation",
    rated_good="Noted: a helpful nudge",
    rated_bad="Noted: not a helpful nudge",
    marked="Moment marked at {at}",
    swapped="Speakers swapped, the last half minute too",
    key_keys="keys",
    keys="Keys",
    key_list={
        "p": "pause listening, and go on",
        "s": "no nudges for ten minutes, and again: nudges",
        "n": "no more of this kind of nudge",
        "+  -": "the last nudge helped, did not help",
        "?": "why the last nudge came",
        "m": "mark this moment, to come back to",
        "x": "the speakers are the wrong way round",
        "d": "show all, less, one line",
        "Esc": "blank the screen at once; any key brings it back",
        "q": "end the conversation",
    },
)

_NL = Words(
    decimal=",",
    manager="Jij",
    coachee="Coachee",
    somebody="er spreekt iemand",
    kinds={"live": "Gesprek", "demo": "Demo", "replay": "Opname"},
    getting_ready="Bezig met klaarzetten…",
    share_later="Aandeel zodra beiden zijn gehoord",
    one_voice="Eén opname: wie spreekt is onbekend",
    last_minutes="laatste 5 minuten {share}",
    last_minutes_short="5 min {share}",
    minutes_left="nog {minutes} min",
    minute_left="laatste minuut",
    minutes_over="{minutes} min over tijd",
    ending="Afsluiten…  Ctrl+C stopt meteen",
    questions="Vragen {open} open, {closed} gesloten",
    tips="Tips {spent} van {allowed}",
    silences="Stiltes gelaten {held}",
    mic="mic",
    call="lijn",
    late="geluid +{sound} tekst +{text} s",
    late_short="tekst +{text} s",
    key_end="einde",
    key_back="terug",
    key_close="sluiten",
    key_scroll="bladeren",
    too_small="Maak het venster groter (minstens {width}×{height})",
    why="Waarom deze hint",
    no_nudge="Nog geen hint.",
    why_said="Gezegd: “{quote}”",
    why_number="{metric}: {value} (grens {threshold})",
    why_window="in {seconds} s",
    why_rule="regel “{rule}”",
    rules=RULE_WORDS["nl"],
    metrics={
        "directives": "Sturende uitspraken",
        "talk_share": "Jouw deel van het gesprek",
        "monologue": "Jouw beurt tot nu toe",
        "closed_questions": "Gesloten vragen achter elkaar",
        "silence": "Stilte",
        "preparatory": "Wensen zonder eerste stap",
        "answer": "Het antwoord van de coachee",
        "time_left": "Tijd over",
        "tips": "Tips met toestemming",
        "times": "Keren",
        "questions": "Vragen achter elkaar",
        "interruptions": "Onderbrekingen",
        "sustain": "Ertegen gezegd",
        "elapsed": "Verstreken tijd",
        "off_goal": "Weg van het doel",
    },
    summary="Het gesprek is afgelopen",
    cut_short="Het gesprek is afgebroken: sluit om te lezen waarom",
    preparing="De samenvatting wordt gemaakt…",
    kept_in="Bewaard in {place}",
    sound_kept="geluid bewaard",
    sound_kept_short="REC",
    sound_reminder="`live-coach sessions delete last --audio` wist het",
    sound_after="Ook het geluid van beiden: `live-coach sessions delete last --audio` wist het",
    troubles={
        (
            "mic",
            HealthState.LOST,
        ): "Microfoon weg: kijk naar de stekker",
        ("mic", HealthState.MUTED): "Microfoon stil: gedempt, of geen toestemming om te luisteren",
        ("mic", HealthState.WRONG_SOURCE): "Microfoon: een ander apparaat dan gevraagd",
        ("mic", HealthState.NOT_HEARD): "Je bent niet te horen: kijk naar de microfoon",
        ("mic", HealthState.CLIPPING): "Microfoon te luid en vervormd: zet hem zachter",
        ("mic", HealthState.RESTARTED): "Microfoon is terug",
        (
            "mic",
            HealthState.OVERLOADED,
        ): "Microfoon: de computer is te druk, er gaat geluid verloren",
        ("mic", HealthState.FAILED): "Microfoon is gestopt en komt niet terug",
        (
            "call",
            HealthState.LOST,
        ): "Lijngeluid weg: kijk naar het gesprek",
        (
            "call",
            HealthState.MUTED,
        ): "Lijngeluid stil: gedempt, of geen toestemming om te luisteren",
        ("call", HealthState.WRONG_SOURCE): "Lijngeluid: een ander apparaat dan gevraagd",
        ("call", HealthState.NOT_HEARD): "Coachee is niet te horen: kijk naar het lijngeluid",
        ("call", HealthState.CLIPPING): "Lijngeluid te luid en vervormd: zet het gesprek zachter",
        ("call", HealthState.RESTARTED): "Lijngeluid is terug",
        (
            "call",
            HealthState.OVERLOADED,
        ): "Lijngeluid: de computer is te druk, er gaat geluid verloren",
        ("call", HealthState.FAILED): "Lijngeluid is gestopt en komt niet terug",
        ("text", HealthState.LOST): "Tekst staat stil: hints wachten, spreektijd loopt door",
        ("text", HealthState.RESTARTED): "Tekst is terug",
        (
            "text",
            HealthState.OVERLOADED,
        ): "Tekst loopt achter: hints kunnen wegvallen, spreektijd loopt door",
        ("text", HealthState.FAILED): "Tekst is uitgevallen: alleen spreektijd",
        ("all", HealthState.OVERLOADED): "Dit loopt allemaal achter: de computer is te druk",
        ("sound", HealthState.FAILED): "Geluid niet meer bewaard: de schijf is vol of stuk",
        ("archive", HealthState.LOST): "Archief niet te schrijven: zolang bewaard in een journaal",
        ("archive", HealthState.RESTARTED): "Archief is terug",
        ("archive", HealthState.OVERLOADED): "Archief is traag: zolang bewaard in een journaal",
        ("archive", HealthState.FAILED): "Archief niet te schrijven: bewaard in een journaal",
    },
    gap="{seconds} s kwijt",
    tips_given="Tips {spent}",
    goal="Doel: {goal}",
    goal_agreed="Doel afgesproken",
    expectations="verwachtingen",
    hold="stilte",
    phases={
        Phase.GOAL: "Doel",
        Phase.REALITY: "Realiteit",
        Phase.OPTIONS: "Opties",
        Phase.WILL: "Wil",
    },
    basic="basisstand: alleen spreektijd",
    paused="Pauze: er wordt niets gehoord of geteld",
    paused_how="‖ Pauze   p gaat verder",
    resumed="Luistert weer",
    snoozed="Nog {minutes} min geen hints",
    snooze_begun="Tien minuten geen hints",
    snooze_over="Er kunnen weer hints komen",
    kind_muted="Dit soort hint komt niet meer in dit gesprek",
    rated_good="Genoteerd: een nuttige hint",
    rated_bad="Genoteerd: geen nuttige hint",
    marked="Moment gemarkeerd op {at}",
    swapped="Sprekers omgewisseld, ook de laatste halve minuut",
    key_keys="toetsen",
    keys="Toetsen",
    key_list={
        "p": "luisteren pauzeren, en weer verder",
        "s": "tien minuten geen hints, en nog eens: weer wel",
        "n": "dit soort hint niet meer",
        "+  -": "de laatste hint hielp, hielp niet",
        "?": "waarom de laatste hint kwam",
        "m": "dit moment markeren, om op terug te komen",
        "x": "de sprekers zijn verwisseld",
        "d": "alles tonen, minder, één regel",
        "Esc": "scherm meteen leeg; elke toets brengt het terug",
        "q": "het gesprek beëindigen",
    },
)

WORDS: Mapping[str, Words] = {"en": _EN, "nl": _NL}
