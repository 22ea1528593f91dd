"""Other streaming listeners, each behind the same few lines: a file per peer, run in its own environment."""
