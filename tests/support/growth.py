"""How work grows with its size, told on a machine that others use too."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

Work = Callable[[], object]
ROUNDS = 8


def is_in_proportion(small: Work, large: Work, times: float, least: float = 0.002) -> bool:
    """Whether ``large`` takes less than ``times`` the processor time of ``small`` (taken as ``least`` seconds where it
    is less). Others' load makes a measurement longer and never shorter, so the best of some rounds is what counts."""
    took_small = took_large = float("inf")
    for _ in range(ROUNDS):
        took_small = min(took_small, seconds(small))
        took_large = min(took_large, seconds(large))
        if took_large < times * max(took_small, least):
            return True
    return False


def seconds(work: Work) -> float:
    """Processor time, user and system. As in timeit, garbage is left alone meanwhile: what earlier tests left behind
    would be looked through for the larger work only."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        begun = time.process_time()
        work()
        return time.process_time() - begun
    finally:
        if collecting:
            gc.enable()
