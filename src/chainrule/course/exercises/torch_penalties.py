"""Exercises of lesson 2's second half: penalties over a model's parameters, with their slopes, and a step with one."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise
from chainrule.course.exercises.training import does_nothing, numbers
from chainrule.mistakes.catalogue import penalties, torch_penalties
from chainrule.mistakes.step import Replaced
from chainrule.mistakes.steps import torch_penalties as steps

LESSON = "Implementing Regularization"
WEIGHTS_ONLY: Replaced = {steps.tensors: torch_penalties.matrices}  # right as well: biases are left out
HALF: Replaced = {steps.size: lambda tensor: (tensor * tensor).sum() / 2}
MAGNITUDES: Replaced = {steps.size: lambda tensor: tensor.abs().sum()}
DATA_ONLY: Replaced = {steps.told: lambda total, loss: loss.item()}  # the data's loss is reported, without the penalty


def models(rng: np.random.Generator) -> Iterator[Case]:
    """Yield models with a bias of zeros and a weight that is 0, the second with a weight of three axes."""
    for name, convolution in (("two linear layers", False), ("a convolution and a linear layer", True)):
        lamb = float(rng.uniform(0.05, 0.4))
        yield Case(name, {"seed": int(rng.integers(1000)), "convolution": convolution, "lamb": lamb})


def model_of(case: Case) -> Any:
    """Return the model of a case."""
    from chainrule.course import instrument

    return instrument.twin(_model(case.inputs["seed"], case.inputs.get("convolution", False)))


@lru_cache(16)
def _model(seed: int, convolution: bool) -> Any:
    import torch
    from torch import nn

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        first = nn.Conv1d(1, 3, 2) if convolution else nn.Linear(5, 4)
        last = nn.Linear(4, 3)
        model = nn.Sequential(first, nn.Tanh(), last)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(2)
        first.bias.zero_()  # type: ignore[union-attr]
        last.weight[0, 1] = 0
    return model


def look_at_penalty(answer: Callable[..., Any], case: Case) -> Facts:
    """Ask for the penalty and its slope, once more, and with twice the strength."""
    lamb, names = case.inputs["lamb"], ("what_was_done", "strength", "penalty", "slope")
    model = model_of(case)
    before = flat(model.parameters())
    penalty = answer(model, lamb)
    if penalty is None:
        return dict.fromkeys(names) | {"what_was_done": None if does_nothing(answer) else "nothing is returned"}
    if not np.array_equal(before, flat(model.parameters())):
        return dict.fromkeys(names) | {"what_was_done": "the weights were changed"}
    if np.size(numbers([penalty])) > 1 or (hasattr(penalty, "numel") and penalty.numel() > 1):
        return dict.fromkeys(names) | {"what_was_done": "as asked", "penalty": "several numbers"}
    value, again, double = numbers([penalty, answer(model, lamb), answer(model, 2 * lamb)])
    if not np.isclose(value, again, rtol=1e-5):
        return dict.fromkeys(names) | {"what_was_done": "another penalty in each call"}
    slope = slope_of(penalty, model)
    strength = "the same, whatever λ is" if value == double and value else "set by λ"
    scale = 1.0
    if strength != "set by λ" and not isinstance(slope, str):  # then only its direction can be compared
        scale = float(np.linalg.norm(slope)) or 1.0
        slope = slope / scale
    return {"what_was_done": "as asked", "strength": strength, "penalty": value / scale, "slope": slope}


def slope_of(penalty: Any, model: Any) -> Any:
    """Return the slopes of all parameters in one array; at a weight that is 0 any finite slope is taken for 0."""
    import torch

    parameters = list(model.parameters())
    if not getattr(penalty, "requires_grad", False):
        return "no slope: it is cut off from the weights"
    slopes = torch.autograd.grad(penalty, parameters, allow_unused=True, retain_graph=True)
    if all(slope is None for slope in slopes):
        return "no slope: it is cut off from the weights"
    whole = flat(torch.zeros_like(p) if slope is None else slope for p, slope in zip(parameters, slopes, strict=True))
    return np.where((flat(parameters) == 0) & np.isfinite(whole), 0.0, whole)


def flat(tensors: Any) -> np.ndarray[Any, Any]:
    """Return the numbers of all tensors in one array."""
    return np.concatenate([tensor.detach().double().numpy().ravel() for tensor in tensors])


for _name, _step, _program, _number, _power, _words, _commonest in (
    ("l1_torch", steps.l1_torch, "l1", 6, "p.abs()", "the magnitudes", penalties.mean_for_sum),
    ("l2_torch", steps.l2_torch, "l2", 6, "(p**2)", "the squares", penalties.norm),
):
    exercise(
        _name,
        _step,
        models,
        observe=look_at_penalty,
        program=_program,
        right=(WEIGHTS_ONLY,),
        tolerance=1e-5,
        lesson=LESSON,
        number=_number,
        hints=(
            f"model.parameters() yields the tensors one by one; of each, {_words} are summed.",
            "Keep the tensor: with .item() or .data the penalty has no slope, and moves nothing.",
            f"lamb * sum({_power}.sum() for p in model.parameters())",
        ),
        solution=f"def {_name}(model, lamb):\n    return lamb * sum({_power}.sum() for p in model.parameters())\n",
        why="Right: one number over all tensors, still joined to the weights by its graph.",
        commonest=_commonest,
    )


def batches(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a model with one batch, which is quick, and with two of different length."""
    for name, sizes in (("5 records", (5,)), ("7 records, then 2", (7, 2))):
        lamb = float(rng.uniform(0.02, 0.1))
        data = [(rng.normal(size=(n, 5)).astype(np.float32), rng.integers(3, size=n)) for n in sizes]
        yield Case(name, {"seed": int(rng.integers(1000)), "lamb": lamb, "batches": data})


def start(case: Case) -> tuple[Any, Any, Any]:
    """Return model, criterion and optimizer of a case."""
    import torch

    model = model_of(case)
    return model, torch.nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), lr=0.17, foreach=False)


def tensors_of(case: Case) -> list[tuple[Any, Any]]:
    """Return the batches of a case, copies, as tensors."""
    import torch

    return [(torch.from_numpy(x.copy()), torch.from_numpy(y.copy())) for x, y in case.inputs["batches"]]


def first_loss(answer: Callable[..., Any], case: Case, strength: float) -> Any:
    """Take one step from the start."""
    model, criterion, optimizer = start(case)
    x, y = tensors_of(case)[0]
    return numbers([answer(model, x, y, criterion, optimizer, strength)])


def glance_at_step(answer: Callable[..., Any], case: Case) -> Facts:
    """Take a step on each batch."""
    model, criterion, optimizer = start(case)
    lamb = case.inputs["lamb"]
    return {"losses": numbers([answer(model, x, y, criterion, optimizer, lamb) for x, y in tensors_of(case)])}


def look_at_steps(answer: Callable[..., Any], case: Case) -> Facts:
    """Take a step on each batch; the first once more from the same start; and with twice the strength."""
    import torch

    from chainrule.course import instrument

    lamb, names = case.inputs["lamb"], ("what_was_done", "losses", "weights")
    data = tensors_of(case)

    model, criterion, optimizer = start(case)
    with instrument.Watch(model, optimizer) as watch:
        told = [answer(model, x, y, criterion, optimizer, lamb) for x, y in data]
    weights = flat(model.parameters()) if watch.moved else watch.why_unmoved
    if watch.course != "as asked" or told[0] is None:
        silent = told[0] is None and not watch.forwards
        course = None if silent else "nothing is returned" if told[0] is None else watch.course
        return dict.fromkeys(names) | {"what_was_done": course}
    losses = numbers(told)
    try:
        again = first_loss(answer, case, lamb)
    except RuntimeError:  # an old graph, kept from the first time
        again = None
    if again is None or not np.allclose(losses[:1], again, rtol=1e-5, equal_nan=True):
        return dict.fromkeys(names) | {"what_was_done": "another result from the same start"}
    with torch.no_grad():
        data_loss = float(torch.nn.functional.cross_entropy(model_of(case)(data[0][0]), data[0][1]))
    if np.isclose(first_loss(answer, case, 2 * lamb)[0], losses[0], rtol=1e-6) and not np.isclose(
        losses[0], data_loss, rtol=1e-5
    ):
        return dict.fromkeys(names) | {"what_was_done": "the same penalty, whatever λ is"}
    return {"what_was_done": "as asked", "losses": losses, "weights": weights}


exercise(
    "penalised_step",
    steps.penalised_step,
    batches,
    observe=look_at_steps,
    program="step",
    glance=glance_at_step,
    right=(
        MAGNITUDES,
        WEIGHTS_ONLY,
        {**MAGNITUDES, **WEIGHTS_ONLY},
        DATA_ONLY,
        {**MAGNITUDES, **DATA_ONLY},
        HALF,
        {**HALF, **WEIGHTS_ONLY},
        {**HALF, **DATA_ONLY},
    ),
    tolerance=1e-5,
    hints=(
        "The loss that backward is called on is the data's loss plus the penalty.",
        "The penalty is computed in each step from the weights as they are, and keeps its graph.",
        "loss = criterion(model(x), y) + lamb * sum((p**2).sum() for p in model.parameters()); then zero_grad, "
        "backward, step.",
    ),
    solution="""\
def penalised_step(model, x, y, criterion, optimizer, lamb):
    loss = criterion(model(x), y) + lamb * sum((p**2).sum() for p in model.parameters())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
""",
    why="Right: the step goes down the slope of the data's loss and of the penalty together.",
    commonest=penalties.norm,
)
