"""How work grows with its size, told on a machine that others use too."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median

Work = Callable[[], object]
ROUNDS = (3, 9, 27)


def is_in_proportion(small: Work, large: Work, times: float, least: float = 0.002) -> bool:
    """Whether ``large`` takes less than ``times`` the processor time of ``small`` (taken as ``least`` seconds where it
    is less). A shared processor is at times half as fast, so the two are measured in turns and the median of their
    ratios counts; one that is too great is measured on before it is believed."""
    ratios: list[float] = []
    for rounds in ROUNDS:
        while len(ratios) < rounds:
            took = seconds(small)
            ratios.append(seconds(large) / max(took, least))
        if median(ratios) < times:
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
