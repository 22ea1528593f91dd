"""`python -m live_coach` is `live-coach`."""

from live_coach.cli import main

main()
