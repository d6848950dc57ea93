"""check on softmax, losses, layers, penalties and the epoch: PyTorch as the oracle, mistakes against themselves."""

from typing import Any

import numpy as np
import pytest

from chainrule.course.check import check
from chainrule.course.comparison import same
from chainrule.course.exercise import Exercise, load
from chainrule.course.observation import expected
from chainrule.mistakes.steps import penalties, softmax

MINE = {
    name: entry
    for name, entry in load().items()
    if entry.cases.__module__.rsplit(".", 1)[-1] in {"softmax", "penalties", "layers", "train_epoch"}
}


pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # some cases have a share of exactly 0


def cases(task: Exercise, seed: int) -> list[Any]:
    return list(task.cases(np.random.default_rng(seed)))


@pytest.mark.parametrize("name", MINE)
def test_the_solution_is_right_and_a_stub_is_not_written_yet(name: str) -> None:
    task = MINE[name]
    names: dict[str, Any] = {"np": np}
    helpers = "class Parameter:\n    def __init__(self, data): self.data, self.grad = data, np.zeros_like(data)\n"
    exec(helpers + MINE["cross_entropy_loss"].solution + task.solution, names)
    answer = names[task.called or task.name]
    assert check(answer, name).passed, check(answer, name)
    assert task.hints
    assert task.why.startswith("Right")
    if not isinstance(answer, type):
        assert check(lambda *arguments: None, name).verdict == "not written yet"


@pytest.mark.parametrize("name", MINE)
def test_every_mistake_that_can_be_made_here_is_seen_in_some_case(name: str) -> None:
    task = MINE[name]
    seen: dict[str, bool] = {}
    for mistake, replaced in task.mistakes():
        found = any(
            not same(expected(task, case, replaced), expected(task, case), task.tolerance)
            for seed in range(2)
            for case in cases(task, seed)
        )
        seen[mistake.code] = seen.get(mistake.code, False) or found
    needs_a_single_record = {"GD145"} if name == "cross_entropy_loss" else set()
    assert {code for code, found in seen.items() if not found} == needs_a_single_record


def test_loss_and_slope_are_those_of_pytorch() -> None:
    torch = pytest.importorskip("torch")
    for case in cases(MINE["softmax_with_cross_entropy"], 0):
        z = torch.tensor(np.atleast_2d(case.inputs["predictions"]), requires_grad=True)
        loss = torch.nn.functional.cross_entropy(z, torch.tensor(np.ravel(case.inputs["target_index"])))
        loss.backward()
        ours = softmax.softmax_with_cross_entropy.values(case.inputs)
        assert ours["loss"] == pytest.approx(loss.item(), rel=1e-12, abs=1e-15)
        np.testing.assert_allclose(np.atleast_2d(ours["dprediction"]), z.grad.numpy(), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("step", [penalties.l1_with_gradient, penalties.l2_with_gradient])
def test_the_slope_of_a_penalty_is_its_finite_difference(step: Any) -> None:
    weights, h = np.array([[0.7, -1.3, 0.4], [-0.2, 2.0, -0.9]]), 1e-6
    value, slope = step.returns[:2]
    for place in np.ndindex(weights.shape):
        sides = []
        for sign in (1, -1):
            moved = weights.copy()
            moved[place] += sign * h
            sides.append(step.values({"weights": moved, "lamb": 0.37})[value])
        analytic = step.values({"weights": weights, "lamb": 0.37})[slope][place]
        assert (sides[0] - sides[1]) / (2 * h) == pytest.approx(analytic, rel=1e-7)


@pytest.mark.parametrize("number", [0.03, 0.37, 4.0])
def test_a_learning_rate_of_ones_own_is_named_whatever_it_is(number):
    def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
        term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
        hidden = term * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
        return number * term * hidden_layer_out, number * np.outer(x, hidden)

    finding, *others = check(backward_pass).findings
    assert (finding.code, others) == ("GD120", [])
    assert f"as if the rate were {number:g}" in finding.evidence


def test_numbers_that_are_none_any_more_are_no_learning_rate():
    def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
        return np.full(3, np.nan), np.full((5, 3), np.nan)

    assert "GD120" not in {finding.code for finding in check(backward_pass).findings}


def test_what_ends_python_is_found_in_the_learners_own_line():
    def l2_regularization(weights, lamb):
        quit()
        return lamb * np.sum(weights**2)

    (finding,) = check(l2_regularization).findings
    assert (finding.code, finding.line) == ("GD149", l2_regularization.__code__.co_firstlineno + 1)
    assert finding.file == __file__
