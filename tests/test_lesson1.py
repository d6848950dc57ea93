"""Lesson 1: solutions pass, stubs say so, the commonest wrong answers are told from right ones."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from chainrule import check, plots
from chainrule.course.exercise import CheckError, load

pytest.importorskip("jupytext")
from chainrule.course import builder

LESSON = "Implementing Gradient Descent with Backpropagation"
SOURCE = Path(__file__).parent.parent / "lessons" / f"{LESSON}.py"
TASKS = {
    "sigmoid": 1,
    "forward_pass": 2,
    "backward_pass": 3,
    "update_weights": 4,
    "update_weights_matrix": 5,
    "activation": 6,
    "softmax": 7,
    "cross_entropy_loss": 8,
    "Linear": 9,
    "ReLU": 9,
    "train_epoch": 10,
}


def _names(notebook: Any) -> dict[str, Any]:
    names: dict[str, Any] = {"np": np}
    for cell in notebook.cells:
        if cell.source.startswith("# Exercise"):
            exec(cell.source, names)
    return names


source = builder.read_source(SOURCE)
right, stubs = _names(builder.solution(source)), _names(builder.learners(source))
sigmoid, forward_pass, backward_pass = right["sigmoid"], right["forward_pass"], right["backward_pass"]
softmax, cross_entropy_loss = right["softmax"], right["cross_entropy_loss"]
Linear, ReLU = right["Linear"], right["ReLU"]


def _answer(names: dict[str, Any], task: str) -> Any:
    return (names["activation"], names["activation_slope"]) if task == "activation" else names[task]


def test_every_exercise_can_be_checked() -> None:
    assert {name: task.number for name, task in load().items() if task.lesson == LESSON} == TASKS


@pytest.mark.parametrize("task", TASKS)
def test_the_solution_is_right(task: str) -> None:
    report = check(_answer(right, task), exercise=task)
    assert report.findings == []
    assert str(report).startswith(f"Exercise {TASKS[task]}, {task}: right\nRight: ")


@pytest.mark.parametrize("task", TASKS)
def test_the_stub_is_not_written_yet(task: str) -> None:
    report = check(_answer(stubs, task), exercise=task)
    assert report.verdict == "not written yet"
    assert [finding.code for finding in report] == ["CR001"]


def epoch(w_ih: Any, w_ho: Any, x: Any, y: Any, lr: float, *, output: Any = None, hidden: Any = None) -> Any:
    """One epoch by records, the output's or the hidden neurons' error term replaced."""
    sum_ih, sum_ho = np.zeros_like(w_ih), np.zeros_like(w_ho)
    for record, target in zip(x, y, strict=True):
        d_ho, d_ih = backward_with(output, hidden)(record, target, lr, *forward_pass(record, w_ih, w_ho), w_ho)
        sum_ih, sum_ho = sum_ih + d_ih, sum_ho + d_ho
    return w_ih + sum_ih / len(x), w_ho + sum_ho / len(x)


def backward_with(output: Any = None, hidden: Any = None) -> Any:
    """Return a backward pass with another output term (error, o) or hidden term (term, error, v, h)."""

    def wrong(x: Any, target: Any, learnrate: Any, h: Any, o: Any, v: Any) -> Any:
        error = target - o
        term = output(error, o) if output else error * o * (1 - o)
        hidden_term = hidden(term, error, v, h) if hidden else term * v * h * (1 - h)
        return learnrate * term * h, learnrate * hidden_term * x[:, None]

    return wrong


def overwrites(w_ih: Any, w_ho: Any, x: Any, y: Any, lr: float) -> Any:
    for record, target in zip(x, y, strict=True):
        d_ho, d_ih = backward_pass(record, target, lr, *forward_pass(record, w_ih, w_ho), w_ho)
    return w_ih + d_ih / len(x), w_ho + d_ho / len(x)


def moves_inside(w_ih: Any, w_ho: Any, x: Any, y: Any, lr: float) -> Any:
    for record, target in zip(x, y, strict=True):
        d_ho, d_ih = backward_pass(record, target, lr, *forward_pass(record, w_ih, w_ho), w_ho)
        w_ih, w_ho = w_ih + d_ih / len(x), w_ho + d_ho / len(x)
    return w_ih, w_ho


def in_place(w_ih: Any, w_ho: Any, x: Any, y: Any, lr: float) -> Any:
    new_ih, new_ho = right["update_weights"](w_ih, w_ho, x, y, lr)
    w_ih[...], w_ho[...] = new_ih, new_ho
    return w_ih, w_ho


def not_divided(w_ih: Any, w_ho: Any, x: Any, y: Any, lr: float) -> Any:
    return right["update_weights"](w_ih, w_ho, x, y, lr * len(x))


def subtracts(w_ih: Any, w_ho: Any, x: Any, y: Any, lr: float) -> Any:
    return right["update_weights"](w_ih, w_ho, x, y, -lr)


def twice(w_ih: Any, w_ho: Any, x: Any, y: Any, lr: float) -> Any:
    return right["update_weights"](w_ih, w_ho, x, y, lr * lr)


def own_rate(w_ih: Any, w_ho: Any, x: Any, y: Any, lr: float) -> Any:
    return right["update_weights"](w_ih, w_ho, x, y, 0.5)


def only_output(w_ih: Any, w_ho: Any, x: Any, y: Any, lr: float) -> Any:
    return w_ih, right["update_weights"](w_ih, w_ho, x, y, lr)[1]


def swapped(w_ih: Any, w_ho: Any, x: Any, y: Any, lr: float) -> Any:
    return right["update_weights"](w_ih, w_ho, x, y, lr)[::-1]


WRONG_EPOCHS = [
    overwrites,
    moves_inside,
    not_divided,
    subtracts,
    twice,
    own_rate,
    only_output,
    swapped,
    lambda *a: epoch(*a, output=lambda error, o: error),
    lambda *a: None,
]


def softmax_with(shift: Any, total: Any) -> Any:
    def wrong(z: Any) -> Any:
        e = np.exp(z - shift(z))
        return e / total(e)

    return wrong


def rows(e: Any) -> Any:
    return e.sum(axis=1, keepdims=True)


def softmax_in_place(z: Any) -> Any:
    z -= z.max(axis=1, keepdims=True)
    return np.exp(z) / rows(np.exp(z))


def loss_with(pick: Any = None, divide: Any = len, mean: Any = np.mean) -> Any:
    def wrong(logits: Any, labels: Any) -> Any:
        p, at = softmax(logits), (np.arange(len(logits)), labels)
        grad = p.copy()
        grad[at] -= 1
        return mean(-np.log(pick(p, labels) if pick else p[at])), grad / divide(logits)

    return wrong


class TransposedLinear(Linear):
    def backward(self, grad: Any) -> Any:
        self.weight.grad = self.weight.grad + (self.x.T @ grad)
        return grad @ self.weight.data


class SettingLinear(Linear):
    def backward(self, grad: Any) -> Any:
        self.weight.grad, self.bias.grad = grad.T @ self.x, grad.sum(axis=0)
        return grad @ self.weight.data


class MeanBiasLinear(Linear):
    def backward(self, grad: Any) -> Any:
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.mean(axis=0)
        return grad @ self.weight.data


class NoInputLinear(Linear):
    def backward(self, grad: Any) -> Any:
        super().backward(grad)


class MaskReLU(ReLU):
    def backward(self, grad: Any) -> Any:
        return self.positive * 1.0


class InPlaceReLU(ReLU):
    def forward(self, x: Any) -> Any:
        self.positive = x > 0
        x[~self.positive] = 0
        return x


def train_with(
    *, shuffle_y: bool = True, drop: bool = False, clear: bool = True, mean: bool = False, shuffle: bool = True
) -> Any:
    def wrong(net: Any, x: Any, y: Any, lr: float, batch: int, rng: Any) -> Any:
        order = rng.permutation(len(x)) if shuffle else np.arange(len(x))
        losses = []
        for start in range(0, len(x) - (len(x) % batch if drop else 0), batch):
            at = order[start : start + batch]
            loss, grad = cross_entropy_loss(net(x[at]), y[at] if shuffle_y else y[start : start + batch])
            if clear:
                net.zero_grad()
            net.backward(grad)
            for p in net.parameters():
                p.data = p.data - lr * p.grad
            losses.append((loss, len(at)))
        if mean:
            return np.mean([loss for loss, _ in losses])
        return sum(loss * n for loss, n in losses) / len(x)

    return wrong


def another_generator(net: Any, x: Any, y: Any, lr: float, batch: int, rng: Any) -> Any:
    return train_with()(net, x, y, lr, batch, np.random.default_rng())


def always_the_same_order(net: Any, x: Any, y: Any, lr: float, batch: int, rng: Any) -> Any:
    return train_with()(net, x, y, lr, batch, np.random.default_rng(0))


WRONG: dict[str, list[Any]] = {
    "sigmoid": [
        lambda x: 1 / 1 + np.exp(-x),
        lambda x: 1 / (1 + np.exp(x)),
        lambda x: np.tanh(x),
        lambda x: np.clip(1 / (1 + np.exp(-x)), 1e-3, 1),
        lambda x: None,
    ],
    "forward_pass": [
        lambda x, w, v: (x @ w, sigmoid(x @ w @ v)),
        lambda x, w, v: (sigmoid(x @ w), sigmoid(x @ w @ v)),
        lambda x, w, v: (sigmoid(x @ w), sigmoid(x @ w) @ v),
        lambda x, w, v: (sigmoid(sigmoid(x @ w) @ v), sigmoid(x @ w)),
        lambda x, w, v: sigmoid(sigmoid(x @ w) @ v),
    ],
    "backward_pass": [
        backward_with(output=lambda error, o: error),
        backward_with(output=lambda error, o: -error * o * (1 - o)),
        backward_with(hidden=lambda term, error, v, h: term * v),
        backward_with(hidden=lambda term, error, v, h: error * v * h * (1 - h)),
        backward_with(hidden=lambda term, error, v, h: term * v * sigmoid(h) * (1 - sigmoid(h))),
        backward_with(hidden=lambda term, error, v, h: term * h * (1 - h)),
        lambda *a: backward_pass(*a)[::-1],
        lambda x, t, lr, *rest: backward_pass(x, t, lr * lr, *rest),
        lambda x, t, lr, *rest: backward_pass(x, t, 1.0, *rest),
        lambda *a: None,
    ],
    "update_weights": WRONG_EPOCHS,
    "update_weights_matrix": WRONG_EPOCHS,
    "activation": [
        (np.tanh, lambda z: 1 - z**2),
        (np.tanh, lambda z: np.tanh(z) * (1 - np.tanh(z))),
        (lambda z: z, np.ones_like),
        (lambda z: np.maximum(z, 0), lambda z: 1.0),
        (lambda z: (np.exp(z) - np.exp(-z)) / 2, lambda z: (np.exp(z) + np.exp(-z)) / 2 + 0 * np.exp(2 * z)),
    ],
    "softmax": [
        softmax_with(lambda z: z.max(axis=1, keepdims=True), np.sum),
        softmax_with(lambda z: z.max(axis=1, keepdims=True), lambda e: e.sum(axis=0)),
        softmax_with(lambda z: 0, rows),
        softmax_with(np.max, rows),
        softmax_in_place,
    ],
    "cross_entropy_loss": [
        loss_with(pick=lambda p, t: p[:, t]),
        loss_with(pick=lambda p, t: p[t % len(p)]),
        loss_with(divide=lambda z: 1),
        loss_with(mean=np.sum),
        loss_with(mean=np.asarray),
        lambda z, t: loss_with()(z, t)[0],
        lambda z, t: (loss_with()(z, t)[0], softmax(z) / len(z)),
    ],
    "Linear": [TransposedLinear, SettingLinear, MeanBiasLinear, NoInputLinear],
    "ReLU": [MaskReLU, InPlaceReLU],
    "train_epoch": [
        train_with(shuffle_y=False),
        train_with(drop=True),
        train_with(clear=False),
        train_with(mean=True),
        train_with(shuffle=False),
        another_generator,
        always_the_same_order,
    ],
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("task", "answer"),
    [
        pytest.param(task, answer, id=f"{task}-{k}")
        for task, answers in WRONG.items()
        for k, answer in enumerate(answers)
    ],
)
def test_a_wrong_answer_is_seen(task: str, answer: Any) -> None:
    assert not check(answer, exercise=task).passed


@pytest.mark.parametrize(
    ("task", "answer", "error"),
    [
        ("sigmoid", lambda x: 1 / (1 + math.exp(-x)), TypeError),
        ("forward_pass", lambda x, w, v: (w @ x, 0), ValueError),
    ],
)
def test_an_answer_that_cannot_run_shows_its_own_error(task: str, answer: Any, error: type[Exception]) -> None:
    report = check(answer, exercise=task)
    assert not report.passed
    assert error.__name__ in str(report)


def test_what_went_wrong_is_blamed_on_the_right_thing() -> None:
    def from_an_earlier_one(*arguments: Any) -> Any:
        return stubs["forward_pass"](*arguments[:3])

    def classes_of_this_batch(logits: Any, labels: Any) -> Any:
        hot = np.eye(labels.max() + 1)[labels]
        return -(hot * np.log(softmax(logits))).sum() / len(labels), (softmax(logits) - hot) / len(labels)

    def misspelt(logits: Any, labels: Any) -> Any:
        return logits.summ(axis=1), logits

    assert "Exercise 2, forward_pass is not written yet" in str(check(from_an_earlier_one, exercise="update_weights"))
    assert check(lambda z: None, exercise="softmax").verdict == "not written yet"
    with pytest.raises(CheckError, match=r'check\(my_sigmoid, exercise="sigmoid"\)'):
        check(lambda x: x)
    report = check(classes_of_this_batch, exercise="cross_entropy_loss")
    assert not report.passed
    (named,) = report
    assert (named.code, named.line) == ("GD178", classes_of_this_batch.__code__.co_firstlineno + 2)
    (raised,) = check(misspelt, exercise="cross_entropy_loss")
    assert (raised.code, raised.line) == ("CR002", misspelt.__code__.co_firstlineno + 1)


def naive_sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def einsum_epoch(w_ih: Any, w_ho: Any, x: Any, y: Any, lr: float) -> Any:
    h = sigmoid(np.einsum("ni,ij->nj", x, w_ih))
    o = sigmoid(np.einsum("nj,j->n", h, w_ho))
    term = (y - o) * o * (1 - o)
    return (
        w_ih + lr / len(x) * np.einsum("n,j,nj,ni->ij", term, w_ho, h * (1 - h), x),
        w_ho + lr / len(x) * np.einsum("n,nj->j", term, h),
    )


def backward_by_loops(x: Any, target: Any, learnrate: Any, h: Any, o: Any, v: Any) -> Any:
    d_ih = np.outer(x, (target - o) * o * (1 - o) * v * (h - h**2)) * learnrate
    return [((target - o) * (o - o**2) * h_j) * learnrate for h_j in h], d_ih.tolist()


def loss_by_logs(logits: Any, labels: Any) -> Any:
    hot = np.eye(logits.shape[1])[labels]
    p = softmax(logits)
    return np.array(-(hot * np.log(p)).sum() / len(logits)), (p - hot) / len(labels)


class PlainLinear(Linear):
    def backward(self, grad: Any) -> Any:
        self.weight.grad = self.weight.grad + np.einsum("nk,nd->kd", grad, self.x)
        self.bias.grad = self.bias.grad + grad.T @ np.ones(len(grad))
        return np.einsum("nk,kd->nd", grad, self.weight.data)


CORRECT: dict[str, list[Any]] = {
    "sigmoid": [naive_sigmoid, lambda x: np.exp(-np.logaddexp(0, -np.asarray(x)))],
    "forward_pass": [
        lambda x, w, v: (sigmoid(np.dot(x, w)), sigmoid(np.dot(sigmoid(np.dot(x, w)), v))),
        lambda x, w, v: (h := sigmoid(np.einsum("...i,ij->...j", x, w)), sigmoid((h * v).sum(axis=-1))),
        lambda x, w, v: [h := sigmoid(x @ w), sigmoid(h @ v)],
    ],
    "backward_pass": [backward_by_loops],
    "update_weights": [in_place, einsum_epoch, lambda *a: epoch(*a), right["update_weights_matrix"]],
    "update_weights_matrix": [einsum_epoch, right["update_weights"]],
    "activation": [
        (np.sin, np.cos),
        (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
        (lambda z: np.where(z > 0, z, 0.1 * z), lambda z: np.where(z > 0, 1.0, 0.1)),
        (lambda z: np.log1p(np.exp(z)), naive_sigmoid),
        (lambda z: z * naive_sigmoid(z), lambda z: (s := naive_sigmoid(z)) + z * s * (1 - s)),
        (lambda z: np.clip(z, -1, 1), lambda z: (np.abs(z) < 1).astype(float)),
    ],
    "softmax": [lambda z: np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])],
    "cross_entropy_loss": [loss_by_logs],
    "Linear": [PlainLinear],
    "train_epoch": [train_with()],
}


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        pytest.param(task, answer, id=f"{task}-{k}")
        for task, answers in CORRECT.items()
        for k, answer in enumerate(answers)
    ],
)
def test_a_right_answer_in_another_form_passes(task: str, answer: Any) -> None:
    report = check(answer, exercise=task)
    assert report.passed, report


def test_the_reference_agrees_with_pytorch() -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(3)
    x, w_ih, w_ho, t = rng.normal(size=5), rng.normal(size=(5, 3)), rng.normal(size=3), 1.0
    d_ho, d_ih = backward_pass(x, t, 0.7, *forward_pass(x, w_ih, w_ho), w_ho)
    w, v = (torch.tensor(a, requires_grad=True) for a in (w_ih, w_ho))
    output = torch.sigmoid(torch.sigmoid(torch.tensor(x) @ w) @ v)
    slopes = torch.autograd.grad(0.5 * (t - output) ** 2, (w, v))
    np.testing.assert_allclose(d_ih, -0.7 * slopes[0].numpy(), rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(d_ho, -0.7 * slopes[1].numpy(), rtol=1e-12, atol=1e-16)
    logits, labels = rng.normal(size=(6, 4)), np.array([0, 3, 1, 1, 2, 0])
    z = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(labels))
    loss.backward()
    ours, grad = cross_entropy_loss(logits, labels)
    assert ours == pytest.approx(loss.item(), rel=1e-14)
    np.testing.assert_allclose(grad, z.grad.numpy(), rtol=1e-12, atol=1e-16)


def test_the_drawings_are_figures_with_the_numbers_in_them() -> None:
    fig = plots.chain_rule([1, 2], [[0.5, -0.4], [0.25, 0.3]], [1.5, -0.5], 1.0)
    written = {text.get_text() for text in fig.axes[0].texts}
    assert {"0.731", "0.695", "0.212", "−0.305", "−0.0648"} <= written
    with pytest.raises(ValueError, match="too large"):
        plots.chain_rule(np.ones(4), np.ones((4, 2)), np.ones(2), 0.0)
    rng = np.random.default_rng(0)
    fig = plots.network(rng.normal(size=31), rng.normal(size=(31, 8)), rng.normal(size=8), rng.uniform(size=8), 0.3)
    assert "26 more inputs" in {text.get_text() for text in fig.axes[0].texts}
    assert isinstance(plots.answers(np.zeros((3, 8, 8)), [1, 2, 3], np.full((3, 10), 0.1)), Figure)
