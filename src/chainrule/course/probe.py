"""What can be said of a network without reading its code: it is fed, and every linear map in it is looked at.

It imports PyTorch, so exercises import it where they use it.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.overrides import TorchFunctionMode

from chainrule.course.exercise import Facts

IMAGES = 24
LINEAR = {"linear", "conv1d", "conv2d", "conv3d", "matmul", "mm", "bmm", "addmm", "einsum", "__matmul__"}
STRAIGHT = {"add", "__add__", "__radd__", "add_", "batch_norm"}  # a linear map and one of these are one linear map


class LinearMaps(TorchFunctionMode):
    """Watch the linear maps inside a network: what goes in, what comes out, and whose weights they are."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.known = {id(parameter) for parameter in net.parameters()}
        self.count = 0
        self.outputs: list[Tensor] = []
        self.follows_directly = False
        self.softmax_goes_in = False
        self.foreign_weights = False

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call the function, and note it."""
        result = func(*args, **(kwargs or {}))
        name = getattr(func, "__name__", "")
        tensors = [each for each in (*args, *(kwargs or {}).values()) if isinstance(each, Tensor)]
        weights = [each for each in tensors if isinstance(each, nn.Parameter)]
        if name in LINEAR and weights:
            self.count += 1
            self.foreign_weights |= any(id(each) not in self.known for each in weights)
            data = next((each for each in tensors if not any(each is weight for weight in weights)), None)
            if data is not None:
                self.follows_directly |= any(_same_numbers(data, each) for each in self.outputs)
                self.softmax_goes_in |= self.count > 1 and _are_shares(data, 1)
            self.outputs.append(result)
        elif name in STRAIGHT and any(each is output for each in tensors for output in self.outputs):
            self.outputs.append(result)
        return result


def facts_of(make: Callable[..., nn.Module], image_shape: tuple[int, ...], n_classes: int, seed: int) -> Facts:
    """Return the facts about a class of networks; torch's random numbers are the same each time.

    Raises
    ------
    RuntimeError
        If the network can't take a batch of images.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = make(image_shape, n_classes)
        images = torch.randn(IMAGES, *image_shape)
        net.eval()
        first = net(images).detach()
        maps = LinearMaps(net)
        drawn_anew(net)
        with maps:
            scores = net(images).detach()
        rows = len(scores) / IMAGES if scores.dim() == 2 else float("nan")
        return {
            "rows_for_each_image": rows,
            "columns": scores.shape[-1] if scores.dim() else 1,
            "scores": kind_of(scores, net, images),
            "between_the_layers": _between(maps),
            "hidden_layers": "two or more" if maps.count > 2 else f"only {max(maps.count - 1, 0)}",
            "answers_in_eval_mode": _answers(net, images, scores) if rows == 1 else _answers_alike(net, images, scores),
            "all_layers_used": _all_used(net, images),
            "all_layers_registered": not maps.foreign_weights,
            "dropout_on_the_scores": _drops_scores(net, images, scores),
            "first_weights": _start(make, image_shape, n_classes, first),
        }


def drawn_anew(net: nn.Module, scale: float = 1.0) -> None:
    """Draw all weights anew, so that what is said of the network doesn't hang on its first weights."""
    with torch.no_grad():
        for parameter in net.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, scale * 1.5 / parameter[0].numel() ** 0.5)
            else:
                parameter.normal_(0, 0.3 * scale)


def kind_of(scores: Tensor, net: nn.Module, images: Tensor) -> str:
    """Say what range the scores have, with weights of ordinary size and with large ones."""
    for dim, words in ((1, "raw"), (0, "shares within the batch")):
        if scores.dim() == 2 and _are_shares(scores.exp(), dim):
            return words  # logarithms of shares are taken as raw scores: cross-entropy leaves them as they are
    for dim, words in ((1, "shares of each image"), (0, "shares within the batch")):
        if scores.dim() == 2 and scores.shape[dim] > 1 and _are_shares(scores, dim):
            return words
    if not list(net.parameters()):
        return "raw"  # weights that PyTorch doesn't know can't be drawn anew: nothing is said of their scores
    large, spans = deepcopy(net), []
    for _ in range(5):
        drawn_anew(large, 10)
        with torch.no_grad():
            spans.append(torch.stack(large(images).aminmax()))
    low, high = float(torch.stack(spans)[:, 0].min()), float(torch.stack(spans)[:, 1].max())
    if low >= 0:
        return "never negative" if high > 1 + 1e-4 else "between 0 and 1"
    return "raw" if low < -1 - 1e-4 or high > 1 + 1e-4 else "between -1 and 1"


def _between(maps: LinearMaps) -> str:
    if maps.softmax_goes_in:
        return "softmax"
    return "nothing, at least once" if maps.follows_directly else "activations"


def _answers(net: nn.Module, images: Tensor, scores: Tensor) -> str:
    alike = _answers_alike(net, images, scores)
    with torch.no_grad():
        alone = torch.cat([net(images[i : i + 1]) for i in range(3)])
    if alike.startswith("the same") and not _close(alone, scores[:3]):
        return "other ones, when the other images change"
    return alike


def _answers_alike(net: nn.Module, images: Tensor, scores: Tensor) -> str:
    with torch.no_grad():
        again = net(images)
    return "the same each time, for each image by itself" if _close(again, scores) else "other ones each time"


def _all_used(net: nn.Module, images: Tensor) -> bool:
    """Say whether every parameter takes part, and every dropout is called."""
    called: set[int] = set()
    drops = [module for module in net.modules() if isinstance(module, nn.modules.dropout._DropoutNd)]
    handles = [each.register_forward_hook(lambda module, *_: called.add(id(module))) for each in drops]
    scores = net.train()(images)
    net.eval()
    for handle in handles:
        handle.remove()
    loss, known = cross_entropy(scores, torch.arange(len(scores)) % scores.shape[-1]), list(net.parameters())
    slopes = torch.autograd.grad(loss, known, allow_unused=True) if known else ()
    return all(slope is not None for slope in slopes) and len(called) == len(drops)


def _drops_scores(net: nn.Module, images: Tensor, scores: Tensor) -> bool:
    """Say whether scores are 0 in training mode, by chance, and are not in evaluation mode."""
    with torch.no_grad():
        training = torch.stack([net.train()(images) for _ in range(3)])
    net.eval()
    return bool(((training == 0) & (scores != 0)).any())


def _start(make: Callable[..., nn.Module], image_shape: tuple[int, ...], n_classes: int, first: Tensor) -> str:
    weights = [parameter for parameter in make(image_shape, n_classes).parameters() if parameter.dim() > 1]
    if any(weight.numel() > 1 and bool(weight.min() == weight.max()) for weight in weights):
        return "all equal"
    loss = cross_entropy(first, torch.arange(len(first)) % first.shape[-1])
    return "random, of a good size" if float(loss) < 10 else "far too large"


def _are_shares(table: Tensor, dim: int) -> bool:
    """Say whether numbers are none below 0 and add up to 1 along an axis."""
    if table.dim() != 2 or table.shape[dim] < 2 or bool((table < 0).any()):
        return False
    sums = table.detach().sum(dim)
    return torch.allclose(sums, torch.ones_like(sums), atol=1e-4)


def _same_numbers(one: Tensor, other: Tensor) -> bool:
    return one.numel() == other.numel() and torch.equal(one.detach().reshape(-1), other.detach().reshape(-1))


def _close(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and torch.allclose(one, other, rtol=1e-3, atol=1e-3 * float(other.abs().max()))
