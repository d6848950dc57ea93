"""The mutation of solutions in short, and that it would notice an exercise whose cases are too few."""

from dataclasses import replace
from itertools import islice

import pytest
from tests import generators
from tests.mutants import INPUTS, mutants, survivors

from chainrule.course.exercise import EXERCISES, load

load()


def test_mutants_are_single_slips():
    found = set(mutants("def f(x, w):\n    s = x @ w.T\n    s += x.sum(axis=1)\n    return s"))
    slips = ("s = x * w.T", "s = x @ w", "s -= x.sum(axis=1)", "s = x.sum(axis=1)", "s += w.sum(axis=1)")
    slips += ("s += x.sum()", "s += x.sum(axis=0)", "s += x.mean(axis=1)", "return -s", "return x", "s = w.T @ x")
    for slip in slips[:-2]:
        assert any(slip in source for source in found), slip
    assert all("def f(x, w)" in source for source in found)


@pytest.mark.parametrize("name", INPUTS)
def test_no_mutant_survives(name):
    if name not in generators.INPUTS:
        pytest.importorskip("torchvision")
    total, _, wrong = survivors(EXERCISES[name], tries=50, every=9 if name in generators.INPUTS else 50)
    assert total
    assert not wrong, "\n".join(wrong)


def test_a_weak_exercise_is_noticed():
    """With one record alone a sum is a mean, so a lost division survives."""
    strong = EXERCISES["update_weights_matrix"]
    weak = replace(strong, cases=lambda rng: islice(strong.cases(rng), 3, 4))
    _, _, wrong = survivors(weak, tries=20)
    assert any("len(features)" in each for each in wrong)
