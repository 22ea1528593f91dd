"""A peer for tests: shows one more word with every block, and settles each with the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from live_coach.bench.peers.host import Host

DISTRIBUTION = ""
REQUIREMENTS: tuple[str, ...] = ()
ALONE: tuple[str, ...] = ()

WORDS = "good morning sam good to see you"


def listen(host: Host, model: str, language: str) -> None:
    """Half a second of sound is a word."""
    print(f"{model} in {language}: what a peer prints is no result")
    shown = [""]
    for block, word in zip(host.blocks(0.5), WORDS.split(), strict=False):
        assert len(block) == 16_000
        before = " ".join(shown).strip()
        shown.append(word)
        host.show(" ".join(shown).strip(), before, "")
