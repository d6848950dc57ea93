"""Exercises of lesson 3 that run: an epoch of training, its evaluation, the best weights.

Each is looked at with the same instrument (`chainrule.course.instrument`): the reference, every mistake, the learner's.
"""

from collections.abc import Callable, Iterator, Sequence
from dis import get_instructions
from typing import Any, NamedTuple

import numpy as np

from chainrule.course.arguments import called
from chainrule.course.exercise import Case, Facts, exercise
from chainrule.mistakes.catalogue import training_metrics as metrics
from chainrule.mistakes.catalogue.training_results import only_a_reference
from chainrule.mistakes.steps import training as steps

LESSON = "Training a Neural Network"
AS_ASKED = "as asked"


def networks(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a network with dropout that comes in the wrong mode, and one whose layers have rates of their own.

    Most mistakes show in the first, which is quick; the second takes two epochs.
    """
    for name, sizes, dropout in (
        ("batches of 3, then of 1", [(5, 3), (3, 1)], True),
        ("batches of 7, then of 3", [(16, 7), (4, 3)], False),
    ):
        smoothing = 0.0 if dropout else 0.1
        seed = int(rng.integers(1000))
        yield Case(name, {"seed": seed, "sizes": sizes, "dropout": dropout, "smoothing": smoothing})


def set_up(case: Case, *, training: bool) -> Any:
    """Return network, criterion, optimizer and loaders of a case."""
    from chainrule.course import instrument

    seed, dropout = case.inputs["seed"], case.inputs["dropout"]
    net = instrument.network(seed, dropout=dropout)
    loaders = [instrument.loader(*instrument.records(seed, n, dropout), size) for n, size in case.inputs["sizes"]]
    net.train(training)
    criterion = instrument.Recorded(case.inputs["smoothing"])
    return net, criterion, instrument.optimizer(net, groups=not dropout), loaders


def look_at_epochs(answer: Callable[..., Any], case: Case) -> Facts:
    """Train for an epoch on each loader, one after the other."""
    from chainrule.course import instrument

    net, criterion, optimizer, loaders = set_up(case, training=not case.inputs["dropout"])
    results, sums = [], []
    with instrument.Watch(net, optimizer) as watch:
        for loader in loaders:
            criterion.batches.clear()
            results.append(
                called(answer, model=net, loader=loader, criterion=criterion, optimizer=optimizer, device="cpu")
            )
            sums.append(list(criterion.batches))
    if not watch.moved and watch.forwards and watch.course == AS_ASKED:
        weights: Any = watch.why_unmoved
    else:
        weights = instrument.weights(net)
    return facts_of(results, sums, loaders, watch) | {"weights": weights if watch.course == AS_ASKED else None}


def glance_at_epoch(answer: Callable[..., Any], case: Case) -> Facts:
    """Train on the first loader only."""
    from chainrule.course import instrument

    net, criterion, optimizer, loaders = set_up(case, training=not case.inputs["dropout"])
    with instrument.Watch(net, optimizer) as watch:
        result = called(answer, model=net, loader=loaders[0], criterion=criterion, optimizer=optimizer, device="cpu")
    return first_of(result) | {"what_was_done": None if result is None and not watch.forwards else watch.course}


def glance_at_evaluation(answer: Callable[..., Any], case: Case) -> Facts:
    """Evaluate on the first loader only."""
    net, criterion, _, loaders = set_up(case, training=True)
    return first_of(called(answer, model=net, loader=loaders[0], criterion=criterion, device="cpu"))


def first_of(result: Any) -> Facts:
    """Return the first loss and the first accuracy."""
    pair = isinstance(result, tuple | list) and len(result) == 2
    return {"loss": numbers([result[0]]), "accuracy": numbers([result[1]])} if pair else {}


def look_at_evaluation(answer: Callable[..., Any], case: Case) -> Facts:
    """Evaluate on each loader, with the network in training mode before."""
    from chainrule.course import instrument

    net, criterion, _, loaders = set_up(case, training=True)
    results, sums = [], []
    with instrument.Watch(net) as watch:
        for loader in loaders:
            net.train()
            criterion.batches.clear()
            results.append(called(answer, model=net, loader=loader, criterion=criterion, device="cpu"))
            sums.append(list(criterion.batches))
    told = facts_of(results, sums, loaders, watch)
    told["loss"] = raised_by_one_amount(told["loss"], sums)
    if watch.moved or watch.gradients:
        done = "the weights were changed" if watch.moved else "gradients were computed, and are still in the model"
        told = {"what_was_done": done, **dict.fromkeys(list(told)[1:])}
    return told | {"graph": "a graph was recorded for every batch" if watch.graphs else "no graph"}


def facts_of(results: Sequence[Any], sums: Sequence[Any], loaders: Sequence[Any], watch: Any) -> Facts:
    """Return what was reported of loss and accuracy, one number for each call; nothing, where it can't be compared."""
    pairs = [pair if isinstance(pair, tuple | list) and len(pair) == 2 else (pair, None) for pair in results]
    losses, accuracies = (list(column) for column in zip(*pairs, strict=True))
    silent = all(each is None for each in losses)
    course = None if silent and not watch.forwards else watch.course
    if course != AS_ASKED:
        return dict.fromkeys(("what_was_done", "loss", "accuracy", "graphs_kept")) | {"what_was_done": course}
    counted = Counted(
        records=np.array([sum(len(y) for *_, y in batches) for batches in sums]),
        batches=np.array([len(loader) for loader in loaders]),
    )
    batch_sums = [sum(float(loss) for loss, _, _ in batches) for batches in sums]
    record_sums = [sum(float(loss) * len(y) for loss, _, y in batches) for batches in sums]
    hits = [sum(int((scores.argmax(-1) == y).sum()) for _, scores, y in batches) for batches in sums]
    loss = divided(numbers(losses), record_sums, counted, "the sum of all records' losses")
    if [len(batches) for batches in sums] == counted.batches.tolist():
        loss = divided(loss, batch_sums, counted, "the sum of the batches' mean losses")
    return {
        "what_was_done": course,
        "loss": loss,
        "accuracy": divided(numbers(accuracies), hits, counted, "the count of right answers"),
        "graphs_kept": any(getattr(each, "requires_grad", False) for each in losses),
    }


def numbers(values: Sequence[Any]) -> Any:
    """Return numbers and tensors of one number as an array; anything else as it is."""
    plain = [each.detach().cpu() if hasattr(each, "detach") else each for each in values]
    try:
        return np.array([float(each) for each in plain])
    except (TypeError, ValueError, RuntimeError):
        return next((each for each in plain if np.ndim(each)), plain[0])


class Counted(NamedTuple):
    """How much there was to look at, for each loader."""

    records: Any
    batches: Any


def divided(got: Any, sums: Sequence[float], counted: Counted, what: str) -> Any:
    """Return numbers as they are; or in words, where they are sums over something that the loaders don't decide."""
    if not isinstance(got, np.ndarray) or got.shape != np.shape(sums) or not np.all(counted.records):
        return got
    known = (got != 0) & (np.array(sums) != 0)
    batches = counted.batches[known]
    if len(set(batches)) < 2:
        return got
    divisors = np.array(sums)[known] / got[known]
    usual = (counted.records[known], batches, np.ones(len(batches)))
    if any(np.allclose(abs(divisors), each, rtol=1e-4) for each in usual):
        return got
    for each, words in ((divisors, "for every loader"), (divisors / batches, "for each batch")):
        if np.allclose(each, each[0], rtol=1e-4):
            return f"{what}, divided by the same number {words}"
    return got


def raised_by_one_amount(got: Any, sums: Sequence[Any]) -> Any:
    """Return losses as they are; or in words, where each is the data's loss and the same amount more."""
    if not isinstance(got, np.ndarray) or len(got) != len(sums) or not all(sums):
        return got
    data = [sum(float(loss) * len(y) for loss, _, y in part) / sum(len(y) for *_, y in part) for part in sums]
    extra = got - data
    if extra[0] > 1e-3 * abs(data[0]) and np.allclose(extra, extra[0], rtol=1e-3):
        return "the loss of the data and the same amount more, for every loader"
    return got


exercise(
    "train_one_epoch",
    steps.train_one_epoch,
    networks,
    observe=look_at_epochs,
    program="train",
    glance=glance_at_epoch,
    tolerance=2e-5,
    lesson=LESSON,
    number=6,
    hints=(
        "First model.train(). Then five lines for each batch: the scores, the loss, and what moves the weights.",
        "optimizer.zero_grad(), loss.backward(), optimizer.step(), in this order.",
        "The batches differ in length: add up loss.item() * len(y) and the number of right answers, "
        "(scores.argmax(1) == y).sum().item(), and divide both by the number of records after the loop.",
    ),
    solution="""\
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total_loss, n_right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        scores = model(x)
        loss = criterion(scores, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total_loss += loss.item() * len(y)
        n_right += (scores.argmax(1) == y).sum().item()
        n += len(y)
    return total_loss / n, n_right / n
""",
    why="Right: every batch's gradient is its own, and every record counts the same in what is reported.",
    commonest=metrics.divided_by_batches,
)

exercise(
    "evaluate",
    steps.evaluate,
    networks,
    observe=look_at_evaluation,
    program="look_on",
    glance=glance_at_evaluation,
    remarks=("graph",),
    tolerance=2e-5,
    lesson=LESSON,
    number=7,
    hints=(
        "Nothing is learnt here: no backward and no step. And dropout has to be off.",
        "model.eval(), and the loop under torch.no_grad().",
        "Add up loss.item() * len(y) and the right answers, and divide by the number of records after the loop.",
    ),
    solution="""\
@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval()
    total_loss, n_right, n = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        scores = model(x)
        total_loss += criterion(scores, y).item() * len(y)
        n_right += (scores.argmax(1) == y).sum().item()
        n += len(y)
    return total_loss / n, n_right / n
""",
    why="Right: the network is measured as it will be used, record by record, and learns nothing meanwhile.",
    commonest=metrics.divided_by_batches,
)


def series(rng: np.random.Generator) -> Iterator[Case]:
    """Yield losses of five epochs: the best in the middle, at the start, at the end."""
    for name, losses in (
        ("best in the middle", [0.7, 0.55, 0.42, 0.61, 0.58]),
        ("best at the start", [0.4, 0.5, 0.45, 0.6, 0.7]),
        ("better each time", [0.9, 0.8, 0.6, 0.5, 0.3]),
    ):
        yield Case(name, {"seed": int(rng.integers(1000)), "losses": losses})


def look_at_best(answer: Callable[..., Any], case: Case) -> Facts:
    """Change the weights in each epoch, keep the best, and change them once more at the end."""
    from chainrule.course import instrument

    net = instrument.network(case.inputs["seed"], dropout=False)
    moments, best = [], None
    for epoch, loss in enumerate(case.inputs["losses"], 1):
        for parameter in net.parameters():
            parameter.data += 0.1 * epoch
        moments.append(instrument.weights(net))
        best = answer(best, net, loss, epoch)
    for parameter in net.parameters():
        parameter.data += 1.0
    moments.append(instrument.weights(net))
    if not isinstance(best, dict):
        return {"returns": None if best is None and does_nothing(answer) else f"{type(best).__name__}"}
    told: Facts = {"returns": "a dictionary", "loss": best.get("loss"), "epoch": best.get("epoch")}
    return told | {"state": moment(best.get("state"), moments)}


def moment(state: Any, moments: Sequence[Any]) -> str:
    """Say of which moment kept weights are."""
    import torch

    if isinstance(state, torch.nn.Module):
        state = state.state_dict()
    if not isinstance(state, dict) or not all(hasattr(each, "detach") for each in state.values()):
        return "no weights"
    kept = np.concatenate([each.detach().double().numpy().ravel() for each in state.values()])
    for number, each in enumerate(moments, 1):
        if np.array_equal(kept, each):
            return "the weights that the model has now" if number == len(moments) else f"weights of epoch {number}"
    return "weights that the model never had"


def does_nothing(answer: Any) -> bool:
    """Say whether a function's body is empty: pass, a docstring alone, or return None."""
    code = getattr(answer, "__code__", None)
    idle = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    return code is not None and all(each.opname in idle for each in get_instructions(code))


exercise(
    "best_state",
    steps.best_state,
    series,
    observe=look_at_best,
    program="keep_best",
    lesson=LESSON,
    number=8,
    hints=(
        "best is None in the first epoch. Later: is this loss lower than best['loss']?",
        "state_dict() gives the very tensors that training goes on changing. What keeps them as they are now?",
        "{'loss': loss, 'epoch': epoch, 'state': copy.deepcopy(model.state_dict())} if it is better, else best.",
    ),
    solution="""\
def best_state(best, model, loss, epoch):
    if best is not None and best["loss"] <= loss:
        return best
    return {"loss": loss, "epoch": epoch, "state": copy.deepcopy(model.state_dict())}
""",
    why="Right: the weights are copied at the moment of the lowest loss, and later training can't change them.",
    commonest=only_a_reference,
)
