"""Exercises of lesson 3 before the training: the loss at the start, and one batch learnt by heart."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise
from chainrule.course.exercises.training import AS_ASKED, LESSON, numbers, set_up
from chainrule.mistakes.catalogue import training_results as results
from chainrule.mistakes.steps import training as steps


def one_network(rng: np.random.Generator) -> Iterator[Case]:
    """Yield networks without dropout, with two kinds of loss."""
    for smoothing in (0.0, 0.1):
        sizes = [(5, 3), (16, 7), (2, 1)]
        inputs = {"seed": int(rng.integers(1000)), "sizes": sizes, "dropout": False, "smoothing": smoothing}
        yield Case(f"label smoothing {smoothing:g}", inputs)


def look_at_first_loss(answer: Callable[..., Any], case: Case) -> Facts:
    """Ask for the loss of the first batch, of each loader."""
    from chainrule.course import instrument

    net, criterion, _, loaders = set_up(case, training=True)
    with instrument.Watch(net) as watch:
        losses = [answer(net, loader, criterion, "cpu") for loader in loaders]
    silent = all(each is None for each in losses)
    if watch.moved or (silent and not watch.forwards) or watch.course != AS_ASKED:
        course = "the weights were changed" if watch.moved else None if silent else watch.course
        return {"what_was_done": course, "loss": None, "graphs_kept": None}
    kept = any(getattr(each, "requires_grad", False) for each in losses)
    return {"what_was_done": AS_ASKED, "loss": numbers(losses), "graphs_kept": kept}


exercise(
    "initial_loss",
    steps.initial_loss,
    one_network,
    observe=look_at_first_loss,
    program="first_loss",
    tolerance=2e-5,
    lesson=LESSON,
    number=5,
    hints=(
        "A network that knows nothing gives each of C classes about 1/C. What is -ln(1/C)?",
        "x, y = next(iter(loader)) is the first batch.",
        "Under torch.no_grad(): criterion(model(x.to(device)), y.to(device)).item().",
    ),
    solution="""\
def initial_loss(model, loader, criterion, device):
    x, y = next(iter(loader))
    with torch.no_grad():
        return criterion(model(x.to(device)), y.to(device)).item()
""",
    why="Right: the loss of the first batch, before anything was learnt; it should be near ln C.",
    commonest=results.keeps_graphs,
)


def look_at_overfitting(answer: Callable[..., Any], case: Case) -> Facts:
    """Learn the first batch of a shuffled loader by heart, for 4 steps, and for 2 with a loss that is small at once."""
    from chainrule.course import instrument

    lengths: list[int | None] = []
    told: Facts = {}
    for steps_asked in (4, 2):
        net, criterion, optimizer, _ = set_up(case, training=True)
        if steps_asked == 2:
            criterion = instrument.Faint(label_smoothing=case.inputs["smoothing"])
        seed = case.inputs["seed"]
        loader = instrument.loader(*instrument.records(seed, 16, False), 7, seed)
        with instrument.Watch(net.train(), optimizer) as watch:
            losses = answer(net, loader, criterion, optimizer, "cpu", steps_asked)
        if losses is None and not watch.forwards:
            return dict.fromkeys(("what_was_done", "losses", "graphs_kept", "weights"))
        several = isinstance(losses, list | tuple | np.ndarray) or np.ndim(losses) > 0
        lengths.append(len(losses) if several else None)
        if lengths in ([4, 0], [4, 1]):
            return dict.fromkeys(told) | {"what_was_done": "stops as soon as the loss is small"}
        weights = instrument.weights(net) if watch.moved else watch.why_unmoved
        told = told or {
            "what_was_done": watch.course,
            "losses": (numbers(losses) if len(losses) else "an empty list") if several else losses,
            "graphs_kept": several and any(getattr(each, "requires_grad", False) for each in losses),
            "weights": weights,
        }
        if watch.course != AS_ASKED:
            return {"what_was_done": watch.course, "losses": None, "graphs_kept": None, "weights": None}
    if lengths[0] == lengths[1] and (lengths[0] or 0) > 1:
        return dict.fromkeys(told) | {"what_was_done": "as many losses for 4 steps as for 2"}
    return told


def glance_at_overfitting(answer: Callable[..., Any], case: Case) -> Facts:
    """Take two steps."""
    from chainrule.course import instrument

    net, criterion, optimizer, _ = set_up(case, training=True)
    seed = case.inputs["seed"]
    loader = instrument.loader(*instrument.records(seed, 16, False), 7, seed)
    losses = answer(net, loader, criterion, optimizer, "cpu", 2)
    return {"losses": numbers(losses)} if isinstance(losses, list) and len(losses) == 2 else {}


exercise(
    "overfit_one_batch",
    steps.overfit_one_batch,
    one_network,
    observe=look_at_overfitting,
    program="overfit",
    glance=glance_at_overfitting,
    tolerance=5e-5,
    lesson=LESSON,
    number=5,
    hints=(
        "Take one batch before the loop, and the same one in every step.",
        "Each step: scores, loss, zero_grad, backward, step; and one loss.item() into the list.",
        "The list has one loss for each step, measured before that step.",
    ),
    solution="""\
def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
""",
    why="Right: the same batch in every step, so the loss must go to 0 if the network and its steps work at all.",
    commonest=results.history_of_another_length,
)
