"""The mutation of solutions in short, and that it would notice an exercise whose cases are too few."""

from dataclasses import replace
from itertools import count, islice

import pytest
from tests.mutants import INPUTS, WITH_TORCH, limited, survivors, tried
from tests.slips import mutants

from chainrule.course.exercise import EXERCISES, load
from chainrule.course.observation import TookTooLong

OURS = tuple(load())  # another test may add a teacher's


def test_mutants_are_single_slips():
    found = set(mutants("def f(x, w):\n    s = x @ w.T\n    s += x.sum(axis=1)\n    return s"))
    slips = ("s = x * w.T", "s = x @ w", "s -= x.sum(axis=1)", "s = x.sum(axis=1)", "s += w.sum(axis=1)")
    slips += ("s += x.sum()", "s += x.sum(axis=0)", "s += x.mean(axis=1)", "return -s", "return x", "s = w.T @ x")
    for slip in slips[:-2]:
        assert any(slip in source for source in found), slip
    assert all("def f(x, w)" in source for source in found)


def test_every_exercise_has_a_generator():
    assert set(INPUTS) == set(OURS)


@pytest.mark.parametrize("name", INPUTS)
def test_no_mutant_survives(name):
    if name in WITH_TORCH:
        pytest.importorskip("torchvision")
    total, wrong = survivors(name, tries=20, every=101 if name in WITH_TORCH else 17)
    assert total
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("softmax", "z.max(", "z.mean("),
        ("cross_entropy_loss", "logits.max(", "logits.mean("),
        ("interval", "(1 - accuracy)", "(1 % accuracy)"),
        ("Linear", "[self.weight, self.bias]", "[self.weight]"),
        ("Linear_with_two_sizes", "np.sqrt(n_input)", "np.sqrt(-n_input)"),
        ("NeuralNetwork", "(hidden_nodes, output_nodes)", "(hidden_nodes,)"),
    ],
)
def test_what_once_survived_is_rejected(name, old, new):
    source = EXERCISES[name].solution.replace(old, new)
    assert source != EXERCISES[name].solution
    assert not tried(name, source, tries=1).accepted


def test_a_weak_exercise_is_noticed(monkeypatch):
    """With one record alone a sum is a mean, so a lost division survives."""
    strong = EXERCISES["update_weights_matrix"]
    weak = replace(strong, cases=lambda rng: islice(strong.cases(rng), 3, 4))
    monkeypatch.setitem(EXERCISES, "update_weights_matrix", weak)
    _, wrong = survivors("update_weights_matrix", tries=20)
    assert any("len(features)" in each for each in wrong)


def test_a_loop_without_an_end_is_ended():
    with limited(0.01), pytest.raises(TookTooLong):
        sum(1 for _ in count())
