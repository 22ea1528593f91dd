"""How late text is: `live-coach bench` from a checkout, with all its options.

python benchmarks/latency.py [RECORDING --words WORDS.json] [--runs 3] [--output DIR]
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from live_coach.cli import main

    sys.argv.insert(1, "bench")
    main()
