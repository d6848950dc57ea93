"""Lesson 2: solutions pass, stubs say so, the commonest wrong answers are told from right ones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from chainrule import check, nn, plots
from chainrule.course import builder
from chainrule.course.exercise import load
from chainrule.pytorch import l1_torch, l2_torch

LESSON = "Implementing Regularization"
SOURCE = Path(__file__).parent.parent / "lessons" / f"{LESSON}.py"
TASKS = {
    "l2_regularization": 1,
    "l1_regularization": 2,
    "l1_gradient": 3,
    "l2_gradient": 3,
    "regularized_step": 4,
    "soft_threshold": 5,
    "l1_torch": 6,
    "l2_torch": 6,
    "decay_for": 7,
    "choose_lambda": 8,
}


def _names(notebook: Any) -> dict[str, Any]:
    names: dict[str, Any] = {"np": np, "torch": torch}
    for cell in notebook.cells:
        if cell.source.startswith("# Exercise"):
            exec(cell.source, names)
    return names


source = builder.read_source(SOURCE)
right, stubs = _names(builder.solution(source)), _names(builder.learners(source))


def test_every_exercise_can_be_checked() -> None:
    assert {name: task.number for name, task in load().items() if task.lesson == LESSON} == TASKS


def test_every_exercise_is_followed_by_its_check() -> None:
    cells = [cell.source for cell in source.cells]
    for number, cell in enumerate(cells):
        if cell.startswith("# Exercise"):
            names = cell.splitlines()[0].split(": ")[1].split(" and ")
            assert cells[number + 1 : number + 1 + len(names)] == [f"check({name})" for name in names]


@pytest.mark.parametrize("task", TASKS)
def test_the_solution_is_right(task: str) -> None:
    report = check(right[task])
    assert report.findings == []
    assert str(report).startswith(f"Exercise {TASKS[task]}, {task}: right\nRight: ")


@pytest.mark.parametrize("task", TASKS)
def test_the_stub_is_not_written_yet(task: str) -> None:
    assert check(stubs[task]).verdict == "not written yet"


def _step(slope: Callable[[Any, float], Any], sign: int = 1) -> Callable[..., Any]:
    return lambda ws, gs, lr, lamb: [w - lr * (g + sign * slope(w, lamb)) for w, g in zip(ws, gs, strict=True)]


def _in_place(weights: Any, grads: Any, lr: float, lamb: float) -> Any:
    for w, g in zip(weights, grads, strict=True):
        w -= lr * (g + 2 * lamb * w)
    return weights


def _list_changed(weights: Any, grads: Any, lr: float, lamb: float) -> Any:
    weights[:] = [w - lr * (g + 2 * lamb * w) for w, g in zip(weights, grads, strict=True)]
    return weights


def _last_tensor_only(model: Any, lamb: float) -> Any:
    for p in model.parameters():
        penalty = p.abs().sum()
    return lamb * penalty


def _over(measure: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda model, lamb: lamb * sum(measure(p) for p in model.parameters())


WRONG: list[tuple[str, str, Callable[..., Any]]] = [
    ("l2_regularization", "norm", lambda w, lamb: lamb * np.linalg.norm(w)),
    ("l2_regularization", "built-in sum", lambda w, lamb: lamb * sum(w**2)),
    ("l2_regularization", "np.dot(w, w.T)", lambda w, lamb: lamb * np.dot(w, w.T)),
    ("l2_regularization", "half", lambda w, lamb: lamb / 2 * np.sum(w**2)),
    ("l2_regularization", "mean", lambda w, lamb: lamb * np.mean(w**2)),
    ("l2_regularization", "λ forgotten", lambda w, lamb: np.sum(w**2)),
    ("l2_regularization", "nothing returned", lambda w, lamb: None),
    ("l1_regularization", "absolute value of the sum", lambda w, lamb: lamb * abs(np.sum(w))),
    ("l1_regularization", "no absolute value", lambda w, lamb: lamb * np.sum(w)),
    ("l1_regularization", "built-in sum", lambda w, lamb: lamb * sum(abs(w))),
    ("l2_gradient", "factor 2 missing", lambda w, lamb: lamb * w),
    ("l2_gradient", "λ forgotten", lambda w, lamb: 2 * w),
    ("l2_gradient", "one number", lambda w, lamb: 2 * lamb * w.sum()),
    ("l1_gradient", "λ forgotten", lambda w, lamb: np.sign(w)),
    ("l1_gradient", "sign forgotten", lambda w, lamb: lamb * np.ones_like(w)),
    ("l1_gradient", "slope 1 at zero", lambda w, lamb: lamb * np.where(w < 0, -1, 1)),
    ("regularized_step", "not in the step", _step(lambda w, lamb: 0 * w)),
    ("regularized_step", "sign", _step(lambda w, lamb: 2 * lamb * w, -1)),
    ("regularized_step", "factor 2 missing", _step(lambda w, lamb: lamb * w)),
    ("regularized_step", "L1", _step(lambda w, lamb: lamb * np.sign(w))),
    ("regularized_step", "the penalty's value for its slope", _step(lambda w, lamb: lamb * np.sum(w**2))),
    ("regularized_step", "in place", _in_place),
    ("regularized_step", "list changed", _list_changed),
    ("regularized_step", "first only", lambda ws, gs, lr, lamb: ws[0] - lr * (gs[0] + 2 * lamb * ws[0])),
    ("regularized_step", "nothing returned", lambda ws, gs, lr, lamb: None),
    ("soft_threshold", "cut, not shrunk", lambda w, t: np.where(np.abs(w) < t, 0, w)),
    ("soft_threshold", "past zero", lambda w, t: w - t * np.sign(w)),
    ("soft_threshold", "positive only", lambda w, t: np.maximum(w - t, 0)),
    ("soft_threshold", "sign lost", lambda w, t: np.maximum(np.abs(w) - t, 0)),
    ("soft_threshold", "twice t", lambda w, t: np.sign(w) * np.maximum(np.abs(w) - 2 * t, 0)),
    ("l1_torch", ".item()", _over(lambda p: p.abs().sum().item())),
    ("l1_torch", "detached", _over(lambda p: p.detach().abs().sum())),
    ("l1_torch", "mean", _over(lambda p: p.abs().mean())),
    ("l1_torch", "no absolute value", _over(lambda p: p.sum())),
    ("l1_torch", "last tensor only", _last_tensor_only),
    ("l1_torch", "nothing returned", lambda model, lamb: None),
    ("l2_torch", "norm", _over(lambda p: p.norm())),
    ("l2_torch", ".data", _over(lambda p: (p.data**2).sum())),
    ("l2_torch", "half", _over(lambda p: (p**2).sum() / 2)),
    ("l2_torch", "first layer only", lambda model, lamb: lamb * (model[0].weight ** 2).sum()),
    ("l2_torch", "λ forgotten", lambda model, lamb: sum((p**2).sum() for p in model.parameters())),
    ("l2_torch", "a vector", lambda model, lamb: torch.stack([lamb * (p**2).sum() for p in model.parameters()])),
    ("decay_for", "λ", lambda lamb: lamb),
    ("decay_for", "λ/2", lambda lamb: lamb / 2),
    ("choose_lambda", "on test", lambda c, train, valid, test: c[test.mean(1).argmax()]),
    ("choose_lambda", "on training loss", lambda c, train, valid, test: c[train.mean(1).argmin()]),
    ("choose_lambda", "luckiest seed", lambda c, train, valid, test: c[valid.max(1).argmax()]),
    ("choose_lambda", "worst", lambda c, train, valid, test: c[valid.mean(1).argmin()]),
    ("choose_lambda", "row number", lambda c, train, valid, test: valid.mean(1).argmax()),
    ("choose_lambda", "accuracy", lambda c, train, valid, test: valid.mean(1).max()),
]


@pytest.mark.parametrize(("task", "answer"), [pytest.param(t, a, id=f"{t}: {n}") for t, n, a in WRONG])
def test_a_wrong_answer_is_seen(task: str, answer: Callable[..., Any]) -> None:
    assert not check(answer, exercise=task).passed


RIGHT: list[tuple[str, str, Callable[..., Any]]] = [
    ("l2_regularization", "square of the norm", lambda w, lamb: lamb * np.linalg.norm(w) ** 2),
    ("l2_regularization", "python float", lambda w, lamb: float(lamb * np.vdot(w, w))),
    ("l2_regularization", "built-in sum over all", lambda w, lamb: lamb * sum(v * v for v in w.flat)),
    ("l1_regularization", "norm of the flat array", lambda w, lamb: lamb * np.linalg.norm(w.ravel(), 1)),
    ("l1_gradient", "comparisons", lambda w, lamb: lamb * ((w > 0).astype(float) - (w < 0))),
    ("l2_gradient", "sum of two", lambda w, lamb: lamb * (w + w)),
    (
        "regularized_step",
        "decay first, a tuple",
        lambda ws, gs, lr, lamb: tuple((1 - 2 * lr * lamb) * w - lr * g for w, g in zip(ws, gs, strict=True)),
    ),
    ("soft_threshold", "clip", lambda w, t: w - np.clip(w, -t, t)),
    ("soft_threshold", "two sides", lambda w, t: np.maximum(w - t, 0) + np.minimum(w + t, 0)),
    (
        "l1_torch",
        "weights by name",
        lambda m, lamb: lamb * sum(p.abs().sum() for n, p in m.named_parameters() if "weight" in n),
    ),
    ("l2_torch", "weights by shape", lambda m, lamb: lamb * sum(p.pow(2).sum() for p in m.parameters() if p.ndim > 1)),
    (
        "l2_torch",
        "one vector",
        lambda m, lamb: lamb * torch.nn.utils.parameters_to_vector(m.parameters()).square().sum(),
    ),
    ("l1_torch", "the reference", l1_torch),
    ("l2_torch", "the reference", l2_torch),
    ("decay_for", "sum of two", lambda lamb: lamb + lamb),
    ("choose_lambda", "NumPy scalar", lambda c, train, valid, test: np.asarray(c)[valid.sum(1).argmax()]),
    ("choose_lambda", "max with key", lambda c, tr, va, te: max(zip(va.mean(1), c, strict=True))[1]),
]


@pytest.mark.parametrize(("task", "answer"), [pytest.param(t, a, id=f"{t}: {n}") for t, n, a in RIGHT])
def test_a_right_answer_passes_however_written(task: str, answer: Callable[..., Any]) -> None:
    report = check(answer, exercise=task)
    assert report.passed, report


def test_penalties_are_those_of_the_engine(rng: np.random.Generator) -> None:
    net = nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3), seed=0, dtype=np.float64)
    model = torch.nn.Sequential(torch.nn.Linear(5, 4), torch.nn.ReLU(), torch.nn.Linear(4, 3)).double()
    model.load_state_dict({key: torch.tensor(value) for key, value in net.state_dict().items()})
    for ours, theirs in ((nn.L1(0.3, biases=True), l1_torch), (nn.L2(0.3, biases=True), l2_torch)):
        assert theirs(model, 0.3).item() == pytest.approx(ours(net.parameters()), rel=1e-12)


@pytest.mark.parametrize("penalty", [l1_torch, l2_torch])
def test_penalties_reject_what_they_cannot_penalise(penalty: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="at least 0; got -1"):
        penalty(torch.nn.Linear(2, 2), -1.0)
    with pytest.raises(ValueError, match="CrossEntropyLoss has no parameters"):
        penalty(torch.nn.CrossEntropyLoss(), 0.1)


OPTIMIZERS = {
    "SGD": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}, True),
    "Adam": (torch.optim.Adam, {"lr": 1e-3}, True),
    "AdamW": (torch.optim.AdamW, {"lr": 1e-3}, False),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_weight_decay_of_two_lambda_is_l2_unless_decoupled(name: str) -> None:
    make, options, same = OPTIMIZERS[name]
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(40, 6, generator=generator, dtype=torch.float64)
    y = torch.randint(3, (40,), generator=generator)

    def train(lamb: float, decay: float) -> Any:
        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3)).double()
        optimizer = make(model.parameters(), weight_decay=decay, **options)
        for _ in range(50):
            optimizer.zero_grad()
            (torch.nn.functional.cross_entropy(model(x), y) + l2_torch(model, lamb)).backward()
            optimizer.step()
        return torch.nn.utils.parameters_to_vector(model.parameters()).detach()

    difference = float((train(0.01, 0.0) - train(0.0, 0.02)).abs().max())
    assert difference < 1e-12 if same else difference > 1e-3


def _drawn(rng: np.random.Generator) -> dict[str, Figure]:
    losses = {
        name: rng.uniform(size=(3, 4)) for name in ("train_loss", "valid_loss", "train_accuracy", "valid_accuracy")
    }
    table = rng.uniform(size=(3, 5))
    return {
        "penalty_slopes": plots.penalty_slopes(0.5),
        "overfitting_curves": plots.overfitting_curves({"a": {"step": np.arange(4), **losses}}),
        "mislabelled_digits": plots.mislabelled_digits(
            rng.uniform(size=(3, 8, 8)), [1, 2, 3], [4, 5, 6], {"net": [4, 2, 9]}, columns=2
        ),
        "penalty_valley": plots.penalty_valley([0.0, 0.1, 1.0], {"validation": table}, {"validation": table}),
        "weight_histograms": plots.weight_histograms({"a": np.zeros((2, 3)), "b": rng.normal(size=50)}),
        "column_sums": plots.column_sums({"a": rng.normal(size=(4, 9))}, real=3),
        "weight_paths": plots.weight_paths({"a": rng.normal(size=(25, 4)) / 1000}, 5e-4, first=476),
        "effective_decay": plots.effective_decay(
            np.arange(6), {"SGD": rng.uniform(size=(6, 2, 10))}, ["noisy", "quiet"]
        ),
    }


def test_every_picture_can_be_drawn(rng: np.random.Generator) -> None:
    for name, picture in _drawn(rng).items():
        assert isinstance(picture, Figure), name
        picture.canvas.draw()


def test_mislabelled_digits_say_who_is_right(rng: np.random.Generator) -> None:
    picture = _drawn(rng)["mislabelled_digits"]
    texts = [text.get_text() for ax in picture.axes for text in ax.texts]
    assert texts == ["net: 4 ✗", "net: 2 ✓", "net: 9 ?"]


def test_column_sums_count_what_is_switched_off() -> None:
    weights = np.array([[1.0, 0, 0, 2], [0, 0, 0, -3]])
    labels = [text.get_text() for text in plots.column_sums({"a": weights}, real=2).axes[0].get_legend().texts]
    assert labels == ["2 real, 1 in use", "2 useless, 1 wholly off"]
