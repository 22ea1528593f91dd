"""Discreet live coaching for a manager who wants to ask instead of tell. All local."""

import os

__version__ = "0.1.0"

# onnxruntime's official builds report to their maker from 1.29 on, unless this stands before they are loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
