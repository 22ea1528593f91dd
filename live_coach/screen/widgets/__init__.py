"""The parts of the live screen. Each has a pure function that draws rows from the state."""
