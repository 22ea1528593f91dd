"""The language of each speaker."""

from __future__ import annotations

from live_coach.flow.messages import RATE, Speaker
from live_coach.transcript.languages import Languages


def test_a_given_language_stays():
    languages = Languages("nl")
    languages.heard(Speaker.MANAGER, "en", 1.0, 20 * RATE)
    assert languages.of(Speaker.MANAGER) == "nl"


def test_three_clear_seconds_settle_it_for_that_speaker_only():
    languages = Languages("auto")
    languages.heard(Speaker.MANAGER, "nl", 0.9, 2 * RATE)
    assert languages.of(Speaker.MANAGER) is None
    languages.heard(Speaker.MANAGER, "nl", 0.9, RATE)
    assert languages.of(Speaker.MANAGER) == "nl"
    assert languages.of(Speaker.COACHEE) is None


def test_ten_unclear_seconds_settle_it_on_the_language_of_most_of_them():
    languages = Languages("auto")
    languages.heard(Speaker.COACHEE, "en", 0.7, 4 * RATE)
    languages.heard(Speaker.COACHEE, "nl", 0.4, 5 * RATE)
    assert languages.of(Speaker.COACHEE) is None
    languages.heard(Speaker.COACHEE, "nl", 0.4, RATE)
    assert languages.of(Speaker.COACHEE) == "nl"


def test_a_product_name_does_not_flip_what_is_settled():
    languages = Languages("auto")
    languages.heard(Speaker.COACHEE, "nl", 0.9, 3 * RATE)
    languages.heard(Speaker.COACHEE, "en", 1.0, 30 * RATE)
    assert languages.of(Speaker.COACHEE) == "nl"
