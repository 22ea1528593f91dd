"""What does a crash cost? A conversation that is being recorded is killed, again and again.

    python -m benchmarks.kills [--kills 200] [--seed 1] [--sound] [--output FILE]

Each time a process of its own records into the same archive in real time (tests/archive/writer.py: a
run of speech and a reading every 20 ms) and is killed with SIGKILL at a moment drawn evenly from its
first two seconds (four with --sound), four times as long as the keeper waits between two commits. Every fourth time
another program holds the archive from then on, so that only the journal can be written.

Checked is after each kill, and told as `holds`: SQLite finds the archive sound; the next start
recovers the conversation; at most two seconds of it are lost; nothing of it is there twice or is
missing in between; recovering again finds nothing. `lost` is counted from the last sample that the
process had handed to the keeper.

With --sound the process keeps the sound of both people (tests/archive/sounding.py: noise that tells its
place); checked is that what is in the file as the kill left it can be read, sample for sample, and
that at most two seconds are missing. The exit status is 1 when one of these does not hold.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from live_coach.archive import sessions, sound
from live_coach.archive.database import open_archive
from live_coach.archive.recovery import recover
from live_coach.flow.messages import RATE
from tests.archive.killed import MAY_BE_LOST, Writer, lost, opens
from tests.archive.sounding import BOTH, at_16_bits

LONGEST_S = 2.0
HELD_EVERY = 4


def main() -> None:
    """Kill, check, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sound", action="store_true")
    parser.add_argument("--output", type=Path)
    asked = parser.parse_args()
    moments = random.Random(asked.seed)
    kills: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for n in range(asked.kills):
            after_s = moments.uniform(0, 2 * LONGEST_S if asked.sound else LONGEST_S)
            held = n % HELD_EVERY == HELD_EVERY - 1
            kill = _kill_sound if asked.sound else _kill
            kills.append(kill(Path(folder), n, after_s, held=held))
            print(kills[-1], flush=True)
        kept = len(sessions.list_sessions(Path(folder)))
    failed = sum("wrong" in kill for kill in kills)
    times = [kill["lost_s"] for kill in kills if "lost_s" in kill]
    result = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{sys.platform}, Python {sys.version.partition(' ')[0]}",
        "seed": asked.seed,
        "kills": len(kills),
        "kept": kept,
        "failed": failed,
        "holds": not failed and kept == len(kills),
        "lost_s_median": round(statistics.median(times), 3) if times else None,
        "lost_s_max": max(times, default=None),
        "rows": kills,
    }
    if asked.output:
        asked.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print({name: value for name, value in result.items() if name != "rows"})
    sys.exit(not result["holds"])


def _kill(directory: Path, n: int, after_s: float, *, held: bool) -> dict[str, Any]:
    """One conversation that is killed `after_s` seconds after its first message, and checked."""
    told: dict[str, Any] = {"n": n, "after_s": round(after_s, 3), "held": held}
    writer = Writer(directory, f"2026-07-01-{n:04}")
    try:
        writer.wait_for_it_to_begin()
        with closing(open_archive(directory)) as other:
            if held:
                other.execute("BEGIN IMMEDIATE")
            time.sleep(after_s)
            last = writer.kill()
        assert opens(directory), "the archive is damaged"
        assert len(recover(directory)) == 1, "it was not recovered"
        assert recover(directory) == [], "it was recovered twice"
        missing = lost(directory, writer.session, last)
        told["lost_s"] = round(missing / RATE, 3)
        assert missing <= MAY_BE_LOST, "more than two seconds are lost"
    except AssertionError as error:
        told["wrong"] = str(error) or "something is there twice, or missing in between"
    finally:
        writer.stop()
    return told


def _readable(path: Path | None) -> npt.NDArray[np.int16]:
    """What a player gets of a file; nothing of one that it cannot read."""
    try:
        return soundfile.read(path, dtype="int16")[0] if path else np.zeros((0, 2), np.int16)
    except (RuntimeError, ValueError):
        return np.zeros((0, 2), np.int16)


def _kill_sound(directory: Path, n: int, after_s: float, *, held: bool) -> dict[str, Any]:
    """The same for the sound of a conversation: `held` makes no difference to it, and is not tried."""
    del held
    told: dict[str, Any] = {"n": n, "after_s": round(after_s, 3)}
    writer = Writer(directory, f"2026-07-01-{n:04}", program="tests.archive.sounding")
    try:
        writer.wait_for_it_to_begin()
        time.sleep(after_s)
        last = writer.kill()
        path = sound.kept(directory).get(writer.session)
        kept = _readable(path)
        told["lost_s"] = round((last - len(kept)) / RATE, 3)
        assert np.array_equal(kept, at_16_bits(len(kept), *BOTH)), "it is not what was said"
        assert last - len(kept) <= MAY_BE_LOST, "more than two seconds are lost"
    except AssertionError as error:
        told["wrong"] = str(error)
    finally:
        writer.stop()
    return told


if __name__ == "__main__":
    main()
