"""Discreet live coaching for a manager who wants to ask instead of tell. All local."""

__version__ = "0.1.0"
