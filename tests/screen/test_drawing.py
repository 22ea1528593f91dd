"""Every part draws within its place, in both languages, at every size."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live_coach.flow.messages import (
    RATE,
    Evidence,
    Health,
    HealthState,
    NudgeClass,
    Phase,
    SessionStarted,
    Severity,
    Speaker,
    to_samples,
)
from live_coach.screen.bridge import News
from live_coach.screen.state import LiveState, advance
from live_coach.screen.why_screen import explain
from live_coach.screen.widgets.goal_line import draw_goal
from live_coach.screen.widgets.nudge_card import draw_last_nudge, draw_nudge
from live_coach.screen.widgets.one_line import draw_one_line
from live_coach.screen.widgets.rows import Row, clock, cut, percent, spread, width_of
from live_coach.screen.widgets.status import draw_counts, draw_health, trouble_sentence
from live_coach.screen.widgets.talk_bar import draw_bar, draw_talk_bar
from live_coach.screen.words import WORDS
from tests.screen import feed

LANGUAGES = ["en", "nl"]
NARROWEST = 30
"""Cells that the narrowest part has in the smallest window; below it nothing may crash."""
PARTS = [
    draw_talk_bar,
    draw_nudge,
    draw_last_nudge,
    draw_counts,
    draw_goal,
    draw_health,
    draw_one_line,
]


def plain(row: Row) -> str:
    return "".join(text for text, _ in row)


def with_metrics(started: SessionStarted | None = None, **changes: Any) -> LiveState:
    """Nine minutes in; `changes` are of the reading, or news beside it."""
    news = {name: changes.pop(name) for name in ("nudges", "health") if name in changes}
    state = live(started=started, **news)
    return replace(state, metrics=feed.metrics(552, **changes))


def live(
    session: float | None = 0.62,
    window: float | None = 0.55,
    speaking: tuple[Speaker, ...] = (Speaker.MANAGER,),
    started: SessionStarted | None = None,
    seconds: float = 552,
    **news: object,
) -> LiveState:
    return advance(
        LiveState(),
        News(
            now=to_samples(seconds),
            started=started or feed.started(),
            metrics=feed.metrics(seconds, session, window, speaking),
            **news,  # type: ignore[arg-type]
        ),
    )


shares = st.none() | st.floats(0, 1)


@given(
    shares,
    shares,
    st.sets(st.sampled_from(Speaker)),
    st.floats(0, 10_800),
    st.sampled_from([None, 10.0, 90.0]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(LANGUAGES),
    st.integers(1, 200),
    st.integers(1, 12),
)
@settings(max_examples=150, deadline=None)
def test_nothing_is_ever_wider_than_its_place(
    session: float | None,
    window: float | None,
    speaking: set[Speaker],
    seconds: float,
    agreed: float | None,
    nudged: bool,
    lost: bool,
    language: str,
    width: int,
    height: int,
) -> None:
    nudge = feed.nudge(seconds, language, detail="Say this aloud, slowly, and then wait. " * 4)
    state = live(
        session,
        window,
        tuple(speaking),
        feed.started(agreed_minutes=agreed, goal="a step of my own every day, " * 4),
        seconds,
        levels=feed.levels(seconds),
        text_lag=to_samples(1.2),
        nudges=(nudge,) * nudged,
        health=(feed.mic_lost(seconds, 3.2),) * lost,
    )
    for draw in PARTS:
        rows = draw(state, WORDS[language], width, height)
        assert width < NARROWEST or all(width_of(row) <= width for row in rows), draw.__name__


@given(st.floats(0, 1), st.integers(1, 200), st.sampled_from([1, 2, 3]))
@settings(deadline=None)
def test_the_bar_fills_its_width_and_is_right_within_half_a_cell(
    share: float, width: int, height: int
) -> None:
    for row in draw_bar(live(share), width, height):
        assert width_of(row) == width
        manager = sum(len(text) for text, style in row if style == "manager")
        assert abs(manager - share * width) <= 0.5


def test_the_two_parts_of_the_bar_differ_without_colour() -> None:
    for height in (1, 2, 3):
        for row in draw_bar(live(0.5), 10, height)[:1]:
            assert plain(row)[:5] != plain(row)[5:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_manager_left_coachee_right_with_words_marks_and_shares(language: str) -> None:
    words = WORDS[language]
    names = plain(draw_talk_bar(live(), words, 80, 4)[0])
    assert names.startswith(f"● {words.manager}  62%")
    assert names.endswith(f"38%  {words.coachee} ○")
    names = plain(draw_talk_bar(live(speaking=(Speaker.COACHEE,)), words, 80, 4)[0])
    assert names.startswith("○")
    assert names.endswith("●")


@given(st.floats(0, 1))
@settings(deadline=None)
def test_the_two_shares_add_up(share: float) -> None:
    names = plain(draw_talk_bar(live(share), WORDS["en"], 80, 4)[0])
    numbers = [int(word.rstrip("%")) for word in names.split() if word.endswith("%")]
    assert sum(numbers) == 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_share_is_shown_before_both_voices_were_heard(language: str) -> None:
    rows = draw_talk_bar(live(None, None), WORDS[language], 80, 4)
    assert "%" not in "".join(map(plain, rows))
    assert plain(rows[-1]) == WORDS[language].share_later


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recording_of_one_channel_says_that_it_does_not_know_who_speaks(language: str) -> None:
    rows = draw_talk_bar(live(None, None, (Speaker.UNKNOWN,)), WORDS[language], 40, 3)
    assert WORDS[language].somebody in plain(rows[0])
    assert WORDS[language].coachee not in plain(rows[0])
    assert plain(rows[-1]) == WORDS[language].one_voice


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_pointer_stands_under_the_share_of_the_last_five_minutes(share: float) -> None:
    pointer = plain(draw_talk_bar(live(window=share), WORDS["en"], 80, 4)[-1])
    assert abs(pointer.index("▲") - share * 80) <= 1
    assert f"last 5 minutes {percent(share)}" in pointer


def test_there_is_no_pointer_before_the_talk_is_longer_than_five_minutes() -> None:
    assert "▲" not in plain(draw_talk_bar(live(seconds=300), WORDS["en"], 80, 4)[-1])
    assert "▲" in plain(draw_talk_bar(live(seconds=301), WORDS["en"], 80, 4)[-1])


@pytest.mark.parametrize(
    ("seconds", "english", "dutch"),
    [
        (0, " / 30 min", " / 30 min"),
        (1_499, " / 30 min", " / 30 min"),
        (1_500, " · 5 min left", " · nog 5 min"),
        (1_740, " · last minute", " · laatste minuut"),
        (1_800, " · 1 min over", " · 1 min over tijd"),
        (1_930, " · 3 min over", " · 3 min over tijd"),
    ],
)
def test_the_agreed_length_and_near_its_end_what_is_left(
    seconds: float, english: str, dutch: str
) -> None:
    for language, text in (("en", english), ("nl", dutch)):
        names = plain(draw_talk_bar(live(seconds=seconds), WORDS[language], 80, 4)[0])
        assert f" {clock(to_samples(seconds))}{text} " in names


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phase", list(Phase))
def test_the_phase_stands_before_the_clock_where_there_is_room(language: str, phase: Phase) -> None:
    words = WORDS[language]
    state = with_metrics(phase=phase)
    wide, narrow = (plain(draw_talk_bar(state, words, width, 4)[0]) for width in (80, 40))
    assert f" {words.phases[phase]} · 9:12 / 30 min " in wide
    assert " 9:12 " in narrow
    assert words.phases[phase] not in narrow


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("held", "dot"),
    [(None, ""), (0, ""), (0.99, ""), (1, "◔"), (2, "◕"), (2.99, "◕"), (3, "●"), (8, "●")],
)
def test_the_dot_fills_in_three_seconds_of_silence_after_a_question(
    language: str, held: float | None, dot: str
) -> None:
    words, state = WORDS[language], with_metrics(holding=held)
    alone = [plain(row).strip() for row in draw_nudge(state, words, 60, 3) if row]
    assert alone == ([f"{dot} {words.hold}"] if dot else [])
    [line] = draw_one_line(state, words, 80, 1)
    assert plain(line).endswith(f"{dot} {words.hold}" if dot else "9:12")


def test_the_dot_gives_way_to_a_nudge_to_trouble_and_to_a_pause() -> None:
    words, mark = WORDS["en"], f"● {WORDS['en'].hold}"
    state = with_metrics(holding=3)
    nudged = with_metrics(holding=3, nudges=(feed.nudge(552),))
    paused = replace(state, paused=True)
    lost = with_metrics(holding=3, health=(feed.mic_lost(552),))
    for other in (nudged, paused):
        assert mark not in "".join(map(plain, draw_nudge(other, words, 60, 3)))
    for other in (nudged, paused, lost):
        assert mark not in plain(draw_one_line(other, words, 80, 1)[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_goal_has_ticks_for_what_was_agreed_on_the_card_or_aloud(language: str) -> None:
    words = WORDS[language]

    def goal(width: int = 80, height: int = 1, *, heard: bool = False, **card: str) -> list[str]:
        state = with_metrics(
            started=feed.started(**card), goal_agreed=heard, expectations_agreed=heard
        )
        return [plain(row) for row in draw_goal(state, words, width, height)]

    assert goal() == []
    [line] = goal(goal="one call a day")
    assert line.startswith(f"✓ {words.goal.format(goal='one call a day')}  ")
    assert line.endswith(f"  · {words.expectations}")
    [line] = goal(manager_expects="a", coachee_expects="b")
    assert (line[0], line.split("  ")[-1].strip()) == ("·", f"✓ {words.expectations}")
    [line] = goal(heard=True)
    assert line.startswith(f"✓ {words.goal_agreed}  ")
    assert line.endswith(f"✓ {words.expectations}")
    long = "I want to plan my week so that all of the reports are done by Friday afternoon"
    assert goal(height=2, goal="short")[0] == ""
    both = " ".join(
        row.replace(f"· {words.expectations}", "").strip() for row in goal(80, 2, goal=long)
    )
    assert both == f"✓ {words.goal.format(goal=long)}"
    assert "…" in goal(80, 1, goal=long)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_told_shorter_before_it_is_cut(language: str) -> None:
    words = WORDS[language]
    one = live(health=(feed.mic_lost(552, 3.2),))
    [row] = draw_health(one, words, 40, 1)
    assert plain(row) == f"▲ {words.troubles['mic', HealthState.LOST]}"
    both = live(health=(feed.mic_lost(552, 3.2), feed.overloaded(552)))
    [row] = draw_health(both, words, 74, 1)
    told = plain(row)
    for stream, state in (("text", HealthState.OVERLOADED), ("mic", HealthState.LOST)):
        assert f"▲ {words.troubles[stream, state].split(': ')[0]}" in told
    assert "…" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_snooze_hides_nothing_that_is_wrong(language: str) -> None:
    words = WORDS[language]
    state = replace(live(health=(feed.mic_lost(552),)), snoozed_until=to_samples(1_000))
    above, _ = draw_health(state, words, 120, 2)
    assert words.troubles["mic", HealthState.LOST] in plain(above)
    assert words.snoozed.format(minutes=8) in plain(above)
    assert words.troubles["mic", HealthState.LOST] in plain(draw_one_line(state, words, 80, 1)[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_keys_are_shown_in_the_smallest_window_too(language: str) -> None:
    words = WORDS[language]
    state = live(levels=feed.levels(552), text_lag=to_samples(1.2))
    [row] = draw_health(state, words, 40, 1)
    assert plain(row).endswith(f"h {words.key_keys}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_health_line_tells_the_lag_of_each_stage_and_the_basic_mode(language: str) -> None:
    words = WORDS[language]
    lags = {"sound_lag": to_samples(0.12), "text_lag": to_samples(1.21)}
    _, row = draw_health(live(levels=feed.levels(552), **lags), words, 80, 2)
    late = words.late.format(sound=words.number(0.1, ".1f"), text=words.number(1.2, ".1f"))
    assert late in plain(row)
    assert " tiny.en " in plain(row)
    failed = Health(to_samples(552), HealthState.FAILED, "text", "Text has failed.")
    _, row = draw_health(live(health=(failed,), **lags), words, 80, 2)
    assert plain(row).startswith(words.basic)
    assert late not in plain(row)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("nudge_class", list(NudgeClass))
def test_each_class_of_nudge_has_a_glyph_of_its_own(language: str, nudge_class: NudgeClass) -> None:
    nudge = feed.nudge(552, language, nudge_class=nudge_class, detail=feed.DETAILS[language])
    rows = draw_nudge(live(nudges=(nudge,)), WORDS[language], 60, 5)
    text = [plain(row).strip() for row in rows if row]
    assert text[0].endswith(feed.NUDGES[language])
    assert len(text[0].removesuffix(feed.NUDGES[language]).strip()) == 1
    assert text[1] == feed.DETAILS[language]


def test_a_firm_nudge_stands_out_without_colour() -> None:
    soft = draw_nudge(live(nudges=(feed.nudge(552),)), WORDS["en"], 60, 3)
    hard = draw_nudge(live(nudges=(feed.nudge(552, severity=Severity.FIRM),)), WORDS["en"], 60, 3)
    assert {style for row in soft for _, style in row} == {"plain", "bright"}
    assert {style for row in hard for _, style in row} == {"plain", "firm"}


def test_a_long_sentence_to_say_is_cut_only_where_there_is_no_room() -> None:
    sentence = "Suppose that this is solved overnight. What is the first thing you would notice?"
    state = live(nudges=(feed.nudge(552, detail=sentence),))
    roomy = " ".join(plain(row).strip() for row in draw_nudge(state, WORDS["en"], 60, 8) if row)
    assert sentence in roomy
    tight = [plain(row).strip() for row in draw_nudge(state, WORDS["en"], 40, 2)]
    assert len(tight) == 2
    assert tight[1].endswith("…")


@pytest.mark.parametrize("language", LANGUAGES)
def test_trouble_takes_the_only_row_and_else_has_one_of_its_own(language: str) -> None:
    words = WORDS[language]
    state = live(health=(feed.mic_lost(552, 3.2),), levels=feed.levels(552))
    sentence = trouble_sentence(state.troubles[0], words)
    assert words.troubles["mic", HealthState.LOST] in sentence
    assert {"en": "3.2 s", "nl": "3,2 s"}[language] in sentence
    [only] = draw_health(state, words, 80, 1)
    assert sentence in plain(only)
    first, second = draw_health(state, words, 80, 2)
    assert sentence in plain(first)
    assert "■■■" in plain(second)
    well, _ = draw_health(live(), words, 80, 2)
    assert well == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trouble_without_words_of_its_own_is_told_as_it_came(language: str) -> None:
    strange = feed.mic_lost(1)
    strange = type(strange)(strange.at, HealthState.MUTED, "camera", "The lens is covered.")
    assert trouble_sentence(strange, WORDS[language]) == "The lens is covered"


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_tells_the_quote_the_numbers_and_the_rule(language: str) -> None:
    words = WORDS[language]
    nudge = feed.nudge(488, language)
    share = Evidence("share", metric="talk_share", value=0.58, threshold=0.55, window=300)
    nudge = type(nudge)(
        nudge.id,
        nudge.at,
        nudge.kind,
        nudge.nudge_class,
        nudge.text,
        nudge.severity,
        (*nudge.because, share),
        nudge.expires_at,
    )
    text = "\n".join(explain(nudge, words))
    assert f"{nudge.text}  (8:08)" in text
    assert f"“{nudge.because[0].quote}”" in text
    assert "58%" in text
    assert "55%" in text
    assert words.why_window.format(seconds="300") in text
    assert words.why_rule.format(rule={"en": "talk share", "nl": "spreektijd"}[language]) in text
    assert "“Say it.”" in explain(replace(nudge, detail="Say it."), words)
    assert explain(None, words) == [words.no_nudge]


@given(st.text(max_size=30), st.integers(0, 30))
@settings(deadline=None)
def test_cut_text_fits(text: str, width: int) -> None:
    printable = "".join(letter for letter in text if letter.isprintable())
    assert width_of(((cut(printable, width), "plain"),)) <= width


def test_spread_gives_up_the_middle_first_then_the_right() -> None:
    left, middle, right = (("left", "plain"),), (("mid", "plain"),), (("right", "plain"),)
    assert plain(spread(left, middle, right, 21)) == "left     mid    right"
    assert plain(spread(left, middle, right, 14)) == "left     right"
    assert plain(spread(left, middle, right, 10)) == "left"


def test_clock_for_people() -> None:
    assert clock(552 * RATE) == "9:12"
    assert clock(3852 * RATE) == "1:04:12"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trouble", [False, True])
def test_sound_that_is_kept_is_said_all_the_time(language: str, trouble: bool) -> None:
    words = WORDS[language]
    for keeps in (True, False):
        state = with_metrics(
            feed.started(keeps_audio=keeps),
            nudges=(feed.nudge(550, language),),
            health=(feed.mic_lost(550),) if trouble else (),
        )
        for width in (NARROWEST, 80):
            rows = {
                words.sound_kept: draw_health(state, words, width, 2)[0],
                words.sound_kept_short: draw_health(state, words, width, 1)[0],
                f" {words.sound_kept_short}": draw_one_line(state, words, width, 1)[0],
            }
            for word, row in rows.items():
                marked = [text for text, style in row if style == "recording"]
                assert [word.strip() in text for text in marked] == [True] * keeps
                assert width_of(row) <= width


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_ten_minutes_it_is_said_how_the_sound_goes(language: str) -> None:
    words = WORDS[language]
    for keeps in (True, False):
        told = [
            minute
            for minute in range(35)
            if words.sound_reminder
            in plain(
                draw_health(
                    replace(
                        with_metrics(feed.started(keeps_audio=keeps)),
                        now=(minute * 60 + 1) * RATE,
                    ),
                    words,
                    80,
                    2,
                )[0]
            )
        ]
        assert told == ([10, 20, 30] if keeps else [])
