"""Exercises of lesson 3: the network, its loss and its optimizer."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise
from chainrule.course.exercises.training import LESSON, does_nothing
from chainrule.mistakes.catalogue import training_loss
from chainrule.mistakes.steps import setup as steps


def kinds_of_images(rng: np.random.Generator) -> Iterator[Case]:
    """Yield grey images in ten classes, and colour images, not square, in seven."""
    for name, shape, n_classes in (("grey images", (1, 28, 28), 10), ("colour images", (3, 12, 16), 7)):
        yield Case(name, {"image_shape": shape, "n_classes": n_classes, "seed": int(rng.integers(1000))})


def look_at_network(answer: Any, case: Case) -> Facts:
    """Make a network for the images, and feed it."""
    from chainrule.course import probe

    return probe.facts_of(answer, *case.inputs.values())


exercise(
    "Net",
    steps.Net,
    kinds_of_images,
    observe=look_at_network,
    lesson=LESSON,
    number=3,
    hints=(
        "A linear layer takes one row of numbers per image: flatten all axes but the first, torch.flatten(x, 1).",
        "At least two hidden layers, each with an activation after it; none after the last layer.",
        "The first layer takes math.prod(image_shape) numbers, the last one gives n_classes.",
    ),
    solution="""\
class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(math.prod(image_shape), 128),
            nn.ReLU(),
            nn.Linear(128, 64),
            nn.ReLU(),
            nn.Linear(64, n_classes),
        )

    def forward(self, x):
        return self.layers(x)
""",
    why="Right: each image becomes one raw score per class, by layers with an activation between them.",
    commonest=training_loss.softmax_first,
)


def scores_and_labels(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a batch of scores with labels, and a learning rate."""
    for records, n_classes in ((7, 5), (4, 6)):
        logits = rng.normal(size=(records, n_classes)) * 2
        labels = rng.integers(n_classes, size=records)
        lr = float(rng.uniform(0.0005, 0.01))
        yield Case(f"{records} records, {n_classes} classes", {"logits": logits, "labels": labels, "lr": lr})


def look_at_criterion_and_optimizer(answer: Any, case: Case) -> Facts:
    """Ask for both, twice with different learning rates, and try the criterion on a batch."""
    import torch

    from chainrule.course import instrument

    net, rate = instrument.network(3, dropout=False), case.inputs["lr"]
    results = [answer(net, each) for each in (rate, 3 * rate)]
    facts: Facts = dict.fromkeys(steps.criterion_and_optimizer.returns)
    if results[0] is None:
        return facts if does_nothing(answer) else facts | {"returned": "nothing"}
    if not isinstance(results[0], tuple | list) or len(results[0]) != 2:
        return facts | {"returned": f"{type(results[0]).__name__}"}
    criterion, optimizer = results[0]
    if isinstance(criterion, torch.optim.Optimizer):
        return facts | {"returned": "the other way round"}
    logits, labels = (torch.from_numpy(case.inputs[name].copy()) for name in ("logits", "labels"))
    is_class = isinstance(criterion, type)
    groups = optimizer.param_groups
    decays = any(group.get("weight_decay") for group in groups)  # without it, AdamW is Adam
    is_adam = isinstance(optimizer, torch.optim.Adam) and not (decays and isinstance(optimizer, torch.optim.AdamW))
    kind = "Adam" if is_adam else type(optimizer).__name__
    held = {id(parameter) for group in groups for parameter in group["params"]}
    mine = [id(parameter) in held for parameter in net.parameters()]
    share = "all parameters of" if all(mine) else "only some of" if any(mine) else "none of"
    rates = [[group["lr"] for group in given.param_groups] for _, given in results]
    return {
        "returned": "criterion and optimizer",
        "criterion_is": "a class" if is_class else "an object",
        "loss": None if is_class else criterion(logits, labels),
        "optimizer_is": kind,
        "optimizer_holds": f"{share} this model" + ("" if all(mine) else "'s parameters"),
        "learning_rate": "the same, whatever is asked for" if rates[0] == rates[1] else rates[0][0],
        "weight_decay": "strong" if max(group.get("weight_decay", 0) for group in groups) > 0.02 else "none or little",
        "direction": "uphill" if any(group.get("maximize") for group in groups) else "downhill",
    }


exercise(
    "criterion_and_optimizer",
    steps.criterion_and_optimizer,
    scores_and_labels,
    observe=look_at_criterion_and_optimizer,
    tolerance=1e-5,
    lesson=LESSON,
    number=4,
    hints=(
        "The cross-entropy takes raw scores: nn.CrossEntropyLoss, and with brackets it is an object.",
        "torch.optim.Adam needs what it is to move, model.parameters(), and how far, lr.",
        "return nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=learning_rate)",
    ),
    solution="""\
def criterion_and_optimizer(model, learning_rate):
    return nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=learning_rate)
""",
    why="Right: a loss that takes raw scores, and an optimizer that holds all of this model's parameters.",
    commonest=training_loss.another_models,
)
