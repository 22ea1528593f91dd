"""A program with the screen on its terminal, for tests that look at what the terminal gets.

`python -m tests.screen.program HOW`, where HOW is what happens once the screen stands: `noise` (a
native library prints on descriptor 2), `fail` (the session cannot go on), `crash` (the screen has a
bug), `wait` (nothing).
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

from live_coach.errors import AudioError, LiveCoachError
from live_coach.flow.messages import SessionEnded, to_samples
from live_coach.screen.app import CoachApp
from live_coach.screen.bridge import Bridge
from tests.screen import feed

SECRET = "words of the conversation"


def main(how: str) -> int:
    bridge = Bridge()

    def start() -> None:
        bridge.receive(feed.started(), 0)
        if how == "noise":
            ctypes.CDLL(None).perror(b"ALSA lib pcm.c: noise of C code")
            os.write(2, b"noise of this process\n")
            child = "import os; os.write(2, b'noise of a child process')"
            subprocess.run([sys.executable, "-c", child], check=True)
        elif how == "fail":
            bridge.fail(AudioError("The microphone is gone.", hint="Plug it in."))
        elif how == "crash":
            app._live.show = broken  # type: ignore[method-assign]
        bridge.receive(feed.metrics(552), to_samples(552))

    def broken(_state: object) -> None:
        secret = SECRET
        raise ZeroDivisionError(secret)

    def stop(reason: str) -> None:
        bridge.receive(SessionEnded(reason, to_samples(552)), to_samples(552))

    app = CoachApp(
        bridge,
        language="en",
        on_start=start,
        on_stop=stop,
        summary=lambda: "# All went well",
    )
    try:
        app.present()
    except LiveCoachError as error:
        print(f"live-coach: {error}", file=sys.stderr)
        return error.exit_code
    print("the screen has gone", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
