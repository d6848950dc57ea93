"""Lesson 1's first half and the class NeuralNetwork: each mistake is named, the reference is what PyTorch says."""

import numpy as np
import pytest

from chainrule.course.check import check
from chainrule.course.comparison import same
from chainrule.course.exercise import EXERCISES, load
from chainrule.course.judge import name
from chainrule.course.observation import expected
from chainrule.mistakes.step import Anything, Misfit

load()
FUNCTIONS = ("sigmoid", "forward_pass", "backward_pass", "update_weights", "update_weights_matrix")
NAMES = (*FUNCTIONS, "NeuralNetwork", "activation")


def answer(source: str, task: str):
    """Run a right answer as the lesson has it, with the functions of the exercises before it."""
    names = {"np": np}
    for each in FUNCTIONS:
        exec(EXERCISES[each].solution, names)
    exec(source, names)
    return (names["activation"], names["activation_slope"]) if task == "activation" else names[task]


@pytest.mark.parametrize("task", NAMES)
def test_the_solution_is_right_and_a_stub_is_not_written_yet(task):
    report = check(answer(EXERCISES[task].solution, task), task, seeds=range(20))
    assert report.passed, report
    assert report.note
    stub = "class NeuralNetwork:\n    def __init__(self, *sizes): raise NotImplementedError"
    if task != "NeuralNetwork":
        arguments = ", ".join(EXERCISES[task].step.inputs)
        stub = f"def {task}({arguments}): pass\ndef activation_slope(z): raise NotImplementedError"
    assert check(answer(stub, task), task).verdict == "not written yet"


def test_a_network_with_none_in_each_gap_is_not_written_yet():
    template = """class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(size=(input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(size=(hidden_nodes, output_nodes))

    def train(self, features, targets):
        delta = np.zeros_like(self.weights_hidden_to_output)
        for x, y in zip(features, targets):
            delta += None
        self.weights_hidden_to_output += None

    def run(self, features):
        final_outputs = None
        return final_outputs
"""
    assert check(answer(template, "NeuralNetwork"), "NeuralNetwork").verdict == "not written yet"
    half_written = template.replace("final_outputs = None", "final_outputs = features")
    assert check(answer(half_written, "NeuralNetwork"), "NeuralNetwork").verdict == "not right yet"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # many mistakes overflow, or divide by 0
@pytest.mark.parametrize("task", NAMES)
def test_each_mistake_is_named(task):
    exercise = EXERCISES[task]
    without_effect = set()
    for mistake, replaced in exercise.mistakes():
        for seed in (0, 1):
            cases = list(exercise.cases(np.random.default_rng(seed)))
            seen = [expected(exercise, case, replaced) for case in cases]
            if any(isinstance(fact, Anything | Misfit) for one in seen for fact in one.facts.values()):
                continue  # what is left open can't be seen
            right = [expected(exercise, case) for case in cases]
            wrong = [one for one, other in zip(seen, right, strict=True) if not same(one, other, exercise.tolerance)]
            if wrong:
                found = {each.code for naming in name(exercise, seen, wrong) for each, _ in naming}
                assert mistake.code in found
            else:
                without_effect.add(mistake.code)
    # Where the output isn't squashed, the raw error is the output's error term.
    assert without_effect == ({"GD119"} if task == "NeuralNetwork" else set())


def cases_of(task):
    return [case for seed in range(3) for case in EXERCISES[task].cases(np.random.default_rng(seed))]


def descent(torch, inputs, squash):
    """Return minus the slopes of the mean of ½(target − output)², times the learning rate, by autograd."""
    w_ih, w_ho = (
        torch.tensor(inputs[key], requires_grad=True) for key in ("weights_input_to_hidden", "weights_hidden_to_output")
    )
    hidden = torch.sigmoid(torch.tensor(inputs["features"]) @ w_ih)
    loss = (squash(hidden @ w_ho) - torch.tensor(inputs["targets"])).square().mean() / 2
    loss.backward()
    return [-inputs["learnrate"] * w.grad.numpy() for w in (w_ih, w_ho)]


def test_the_epochs_are_what_autograd_says():
    torch = pytest.importorskip("torch")
    for task, squash in (("update_weights", torch.sigmoid), ("NeuralNetwork", lambda z: z)):
        for case in cases_of(task):
            facts = EXERCISES[task].expect(case)
            changes = [facts[f"change_of_weights_{key}"] for key in ("input_to_hidden", "hidden_to_output")]
            for change, right in zip(changes, descent(torch, case.inputs, squash), strict=True):
                np.testing.assert_allclose(change, right, rtol=1e-9, atol=1e-12)


def test_the_record_is_what_autograd_says():
    torch = pytest.importorskip("torch")
    for case in cases_of("backward_pass"):
        hidden = case.inputs["hidden_layer_out"]
        inputs = torch.tensor(np.log(hidden / (1 - hidden)), requires_grad=True)  # the sums before the sigmoid
        w_ho = torch.tensor(case.inputs["weights_hidden_to_output"], requires_grad=True)
        ((torch.sigmoid(torch.sigmoid(inputs) @ w_ho) - case.inputs["target"]) ** 2 / 2).backward()
        facts, rate = EXERCISES["backward_pass"].expect(case), case.inputs["learnrate"]
        right = -rate * w_ho.grad.numpy(), -rate * np.outer(case.inputs["x"], inputs.grad.numpy())
        np.testing.assert_allclose(facts["delta_w_h_o"], right[0], rtol=1e-9)
        np.testing.assert_allclose(facts["delta_w_i_h"], right[1], rtol=1e-9)
