"""Cells as plain values: what JSON can hold and a reader can read.

What belongs here: making single values plain and short.
What does not: what is done with them (``validate``, ``report``).
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd

MAX_LENGTH = 200


def plain(value: Any) -> Any:
    """A cell as JSON can hold it: missing values as None, moments as ISO text, half surrogates replaced."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return _number(float(value))
    if isinstance(value, (dt.datetime, dt.date)):
        return _moment(value)
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value)
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    return str(value).encode("utf-8", "replace").decode()


def _number(value: float) -> float | int | str | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return str(value)  # JSON has no infinity
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _moment(value: dt.date) -> str:
    if isinstance(value, dt.datetime) and value.time() == dt.time() and value.tzinfo is None:
        return value.date().isoformat()
    return value.isoformat()


def shortened(value: Any) -> Any:
    """Long texts cut, with an ellipsis; lists and other values that are long as text, too."""
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    text = value if isinstance(value, str) else str(value)
    if len(text) > MAX_LENGTH:
        return text[: MAX_LENGTH - 1] + "…"
    return value
