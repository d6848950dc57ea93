"""Comparison lines of the notebook *Training a Neural Network*. torch is imported where it is used."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from chainrule.course.compare import Lines, exercise

if TYPE_CHECKING:
    from torch import Tensor, nn

LESSON = "Training a Neural Network"


@exercise("make_transform", number=1, lesson=LESSON)
def _make_transform(fn: Any, rng: np.random.Generator) -> Lines:
    from PIL import Image

    for channels, kind in ((1, "a grey image"), (3, "a colour image")):
        mean, std = (tuple(map(float, rng.uniform(0.2, 0.6, size=channels))) for _ in range(2))
        pixels = rng.integers(0, 256, size=(7, 5, channels), dtype=np.uint8)
        image = Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)
        expected = (pixels.transpose(2, 0, 1) / 255 - np.reshape(mean, (-1, 1, 1))) / np.reshape(std, (-1, 1, 1))
        yield f"{kind}, normalised, shape ({channels}, 7, 5)", fn(mean, std)(image), expected


@exercise("make_loaders", number=2, lesson=LESSON)
def _make_loaders(fn: Any, rng: np.random.Generator) -> Lines:
    import torch
    from torch.utils.data import Dataset

    class Numbered(Dataset[Any]):
        """Images whose pixels all hold the image's number, so that it is known again behind a loader."""

        def __init__(self, first: int, n: int) -> None:
            self.first = first
            self.targets = torch.from_numpy(rng.permutation(np.arange(n) % 5))
            self.classes = list("abcde")

        def __getitem__(self, i: int) -> "tuple[Tensor, int]":
            if not 0 <= i < len(self.targets):
                raise IndexError(i)
            return torch.full((1, 2, 2), float(self.first + i)), int(self.targets[i])

        def __len__(self) -> int:
            return len(self.targets)

    def numbers(loader: Any) -> "tuple[list[int], Tensor, list[int]]":
        batches = [(x[:, 0, 0, 0].long(), y) for x, y in loader]
        ids, labels = (torch.cat(parts) for parts in zip(*batches, strict=True))
        return ids.tolist(), labels, [len(y) for _, y in batches]

    data, test, seed = Numbered(0, 230), Numbered(1000, 35), int(rng.integers(1000))
    loaders = fn(data, test, 8, seed)
    (train_ids, labels, sizes), (valid_ids, valid_labels, _), (test_ids, _, _) = map(numbers, loaders)
    yield "training records, 80 % of 230", len(train_ids), 184
    yield "validation records, 20 % of 230", len(valid_ids), 46
    yield "records both in training and validation", len(set(train_ids) & set(valid_ids)), 0
    yield "test images among training and validation", sum(i >= 1000 for i in train_ids + valid_ids), 0
    yield "the test loader gives the test set, each once", sorted(test_ids), range(1000, 1035)
    share = torch.bincount(valid_labels, minlength=5)
    yield "validation: classes not at 20 % of their records", int(((share - 46 / 5).abs() > 1).sum()), 0
    if max(train_ids) < 230:
        yield "training labels belong to their images", labels, data.targets[train_ids]
    yield "size of the first training batch", sizes[0], 8
    yield "training order changes from epoch to epoch", numbers(loaders[0])[0] != train_ids, True
    yield "validation order stays", numbers(loaders[1])[0], valid_ids
    again = fn(data, test, 8, seed)
    yield "the same seed gives the same validation set", sorted(numbers(again[1])[0]), sorted(valid_ids)
    yield "the same seed gives the same training order", numbers(again[0])[0], train_ids


@exercise("Net", number=3, lesson=LESSON)
def _net(cls: Any, rng: np.random.Generator) -> Lines:
    import torch
    from torch.nn.functional import cross_entropy
    from torch.overrides import TorchFunctionMode

    class Softmaxes(TorchFunctionMode):
        """Count the calls of softmax inside the network."""

        count = 0

        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            self.count += getattr(func, "__name__", "") == "softmax"
            return func(*args, **(kwargs or {}))

    torch.manual_seed(int(rng.integers(1000)))
    for kind, shape, n_classes in (("grey", (1, 28, 28), 10), ("colour", (3, 12, 16), 7)):
        net, x = cls(shape, n_classes).eval(), 3 * torch.randn(6, *shape)
        with Softmaxes() as softmaxes:
            logits = net(x)
        yield (
            f"{kind}, 6 images {shape}: outputs of shape (6, {n_classes})",
            logits.detach() * 0,
            np.zeros((6, n_classes)),
        )
        matrices = sum(p.dim() > 1 for p in net.parameters())
        yield f"{kind}: at least two hidden layers (three weight matrices)", matrices >= 3, True
        yield f"{kind}: softmax called inside", softmaxes.count, 0
        if not matrices:
            continue
        loss = cross_entropy(logits, torch.arange(6))
        gradients = torch.autograd.grad(loss, list(net.parameters()), allow_unused=True)
        yield f"{kind}: parameters that the output does not depend on", sum(g is None for g in gradients), 0
        with torch.no_grad():
            one_by_one = torch.cat([net(x[i : i + 1]) for i in range(6)])
            bend = net(x[:3] + x[3:]) - net(x[:3]) - net(x[3:]) + net(torch.zeros_like(x[:3]))
            yield f"{kind}: each image is answered for itself", one_by_one, _near(one_by_one, logits)
            yield f"{kind}: bent by an activation", bool(bend.abs().max() > 1e-4), True
            for parameter in net.parameters():
                parameter.mul_(10)
            large = net(x)
        # log_softmax leaves cross-entropy as it is: unusual, and right.
        if not torch.allclose(large.exp().sum(1), torch.ones(6), atol=1e-4):
            yield f"{kind}: raw scores, of both signs", bool(large.min() < 0 < large.max()), True
            yield f"{kind}: raw scores, not squeezed into (-1, 1)", bool(large.abs().max() > 1.001), True


@exercise("criterion_and_optimizer", number=4, lesson=LESSON)
def _criterion_and_optimizer(fn: Any, rng: np.random.Generator) -> Lines:
    import torch
    from torch.nn.functional import cross_entropy

    model, rate = _model(rng), float(rng.uniform(0.001, 0.01))
    criterion, optimizer = fn(model, rate)
    yield "criterion is an object, not its class", not isinstance(criterion, type), True
    if not isinstance(criterion, type):
        logits, labels = torch.from_numpy(rng.normal(size=(7, 3))), torch.from_numpy(rng.integers(3, size=7))
        yield (
            "criterion(logits, labels): the mean cross-entropy",
            criterion(logits, labels),
            cross_entropy(logits, labels),
        )
    yield "the optimizer is Adam", isinstance(optimizer, torch.optim.Adam), True
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    missing = sum(id(p) not in held for p in model.parameters())
    yield "parameters of this model that the optimizer does not hold", missing, 0
    yield "learning rate of the optimizer", next(group["lr"] for group in optimizer.param_groups), rate


@exercise("initial_loss", number=5, lesson=LESSON)
def _initial_loss(fn: Any, rng: np.random.Generator) -> Lines:
    import torch
    from torch import nn

    model, loader = _model(rng), _loader(rng)
    before = _weights(model)
    x, y = next(iter(loader))
    with torch.no_grad():
        expected = nn.functional.cross_entropy(model(x), y)
    yield "loss of the first batch", fn(model, loader, nn.CrossEntropyLoss(), "cpu"), expected
    yield "weights afterwards", _weights(model), before


@exercise("overfit_one_batch", number=5, lesson=LESSON)
def _overfit_one_batch(fn: Any, rng: np.random.Generator) -> Lines:
    import torch
    from torch import nn

    model, loader, seed, expected = _model(rng), _loader(rng, shuffle=True), int(rng.integers(1000)), []
    twin, criterion = _copy(model), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.37, momentum=0.5)
    torch.manual_seed(seed)
    x, y = next(iter(loader))
    for _ in range(9):
        loss = criterion(twin(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    torch.manual_seed(seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.37, momentum=0.5)
    losses = fn(model, loader, criterion, optimizer, "cpu", 9)
    yield "9 losses, one before each step on the same batch", losses, expected
    yield "weights after 9 steps", _weights(model), _weights(twin)


@exercise("train_one_epoch", number=6, lesson=LESSON)
def _train_one_epoch(fn: Any, rng: np.random.Generator) -> Lines:
    import torch
    from torch import nn

    model, loader = _model(rng), _loader(rng)
    twin, criterion = _copy(model), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.37, momentum=0.5)
    total, right, count = 0.0, 0, 0
    for x, y in loader:
        logits = twin(x)
        loss = criterion(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total, right, count = total + loss.item() * len(y), right + int((logits.argmax(1) == y).sum()), count + len(y)
    got = fn(model, loader, criterion, torch.optim.SGD(model.parameters(), lr=0.37, momentum=0.5), "cpu")
    yield from _loss_and_accuracy(got, total / count, right / count)
    yield "weights after the epoch", _weights(model), _weights(twin)

    model = _model(rng, dropout=True).eval()
    modes: list[bool] = []
    model[2].register_forward_pre_hook(lambda module, _: modes.append(module.training))
    fn(model, loader, criterion, torch.optim.SGD(model.parameters(), lr=0.37), "cpu")
    yield "batches run in evaluation mode", sum(not mode for mode in modes), 0


@exercise("evaluate", number=7, lesson=LESSON)
def _evaluate(fn: Any, rng: np.random.Generator) -> Lines:
    import torch
    from torch import nn

    model, loader, criterion = _model(rng, dropout=True), _loader(rng), nn.CrossEntropyLoss()
    model.train()
    before = _weights(model)
    twin = _copy(model).eval()
    with torch.no_grad():
        x, y = (torch.cat(parts) for parts in zip(*loader, strict=True))
        logits = twin(x)
    graphs: list[bool] = []
    model[0].register_forward_pre_hook(lambda *_: graphs.append(torch.is_grad_enabled()))
    got = fn(model, loader, criterion, "cpu")
    yield from _loss_and_accuracy(got, criterion(logits, y).item(), (logits.argmax(1) == y).double().mean().item())
    yield "weights and running statistics afterwards", _weights(model), before
    yield "batches that recorded gradients", sum(graphs), 0
    yield "in training mode before: in training mode after", model.training, True
    model.eval()
    fn(model, loader, criterion, "cpu")
    yield "in evaluation mode before: in evaluation mode after", model.training, False


@exercise("best_state", number=8, lesson=LESSON)
def _best_state(fn: Any, rng: np.random.Generator) -> Lines:
    import torch

    model, losses = _model(rng), rng.permutation([0.61, 0.42, 0.55, 0.7, 0.58])
    best: Any = None
    at_best: Any = None
    for epoch, loss in enumerate(losses, 1):
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(torch.from_numpy(rng.normal(size=parameter.shape)))
        if loss == losses.min():
            at_best = _weights(model)
        best = fn(best, model, float(loss), epoch)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(0)
    yield "returns a dictionary of loss, epoch and state", isinstance(best, dict), True
    if not isinstance(best, dict):
        return
    for key, expected in (("loss", losses.min()), ("epoch", int(losses.argmin()) + 1)):
        yield f"best[{key!r}]", best[key], expected
    kept = _model(rng)
    kept.load_state_dict(best["state"])
    yield "best['state']: the weights of that epoch", _weights(kept), at_best


@exercise("confusion", number=9, lesson=LESSON)
def _confusion(fn: Any, rng: np.random.Generator) -> Lines:
    y, predicted = rng.integers(4, size=60), rng.integers(3, size=60)
    table = fn(y.copy(), predicted.copy(), 5)
    yield "a NumPy array", isinstance(table, np.ndarray), True
    expected = np.zeros((5, 5), dtype=int)
    for truth, answer in zip(y, predicted, strict=True):
        expected[truth, answer] += 1
    yield "60 answers, 5 classes: shape (5, 5)", np.shape(table), (5, 5)
    yield "all entries together: the number of answers", np.sum(table), 60
    if np.shape(table) == (5, 5):
        yield "rows together: how often each class is true", np.sum(table, axis=1), expected.sum(axis=1)
    yield "the whole table", table, expected


@exercise("interval", number=10, lesson=LESSON)
def _interval(fn: Any, rng: np.random.Generator) -> Lines:
    accuracy, n = float(rng.uniform(0.6, 0.9)), int(rng.integers(200, 2000))
    expected = np.array([-1, 1]) * 1.96 * np.sqrt(accuracy * (1 - accuracy) / n) + accuracy
    got = np.asarray(fn(accuracy, n), dtype=float)
    # 1.959964 is as good as 1.96.
    yield f"(low, high) for {accuracy:.3f} on {n} images", got, _near(got, expected, 1e-5)


def _loss_and_accuracy(got: Any, loss: float, accuracy: float) -> Iterator[tuple[str, Any, Any]]:
    pair = isinstance(got, tuple | list) and len(got) == 2
    yield "returns two numbers, loss and accuracy", pair, True
    if pair:
        yield "loss: the mean over 23 records, in batches of 5", got[0], loss
        free = not any(getattr(number, "requires_grad", False) for number in got)
        yield "both are plain numbers, without a graph", free, True
        yield "accuracy: a fraction of 23 records", got[1], accuracy


def _near(got: Any, expected: Any, tolerance: float = 1e-4) -> Any:
    """Return what was got where it is right up to a rounding that doesn't matter here."""
    a, b = (np.asarray(v.detach() if hasattr(v, "detach") else v) for v in (got, expected))
    return a if a.shape == b.shape and np.allclose(a, b, rtol=0, atol=tolerance) else b


def _model(rng: np.random.Generator, dropout: bool = False) -> "nn.Sequential":
    """Return a small network in float64: 6 inputs, 3 classes."""
    import torch
    from torch import nn

    torch.manual_seed(int(rng.integers(1000)))
    extra = [nn.Dropout(0.5), nn.BatchNorm1d(5)] if dropout else []
    return nn.Sequential(nn.Linear(6, 5), nn.Tanh(), *extra, nn.Linear(5, 3)).double()


def _loader(rng: np.random.Generator, shuffle: bool = False) -> Any:
    """Return 23 records in batches of 5: the last one has 3."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    x, y = torch.from_numpy(2 * rng.normal(size=(23, 6))), torch.from_numpy(rng.integers(3, size=23))
    return DataLoader(TensorDataset(x, y), batch_size=5, shuffle=shuffle)


def _copy(model: "nn.Module") -> "nn.Module":
    from copy import deepcopy

    return deepcopy(model)


def _weights(model: "nn.Module") -> Any:
    """Return all parameters and buffers in one array, a copy."""
    return np.concatenate([value.detach().double().numpy().ravel() for value in model.state_dict().values()])
