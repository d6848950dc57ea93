"""What all tests share: one thread, and how many examples Hypothesis draws."""

import os
import signal
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # must be set before NumPy loads its BLAS

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings

# The same examples in every run, so that a failure is the change's fault. To look for new ones:
# HYPOTHESIS_PROFILE=explore pytest tests/test_layers.py
# "once" does not look for a smaller failing example: quick where failures are expected, as with mutants.
_common: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("repeat", max_examples=40, derandomize=True, **_common)
settings.register_profile("once", max_examples=40, derandomize=True, phases=[Phase.explicit, Phase.generate], **_common)
settings.register_profile("explore", max_examples=1000, print_blob=True, **_common)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


# Tests press Ctrl-C in processes of their own, which inherit it when a shell has started all this in the background and
# told it to ignore that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

collect_ignore_glob = ["programs/*/*", "learners/*"]  # what learners wrote is read by tests, not collected as tests


pytest.register_assert_rewrite("pages")  # the browser tests' fixtures, imported by name as well


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)
