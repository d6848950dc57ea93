"""torchvision's transforms applied to a whole batch of images at once, random ones still drawn for each image.

A transform of torchvision, given a batch, draws once for all of its images. Here a `Step` draws one row of parameters
an image, then moves all pixels in a few operations on tensors. `BATCHED` has a step for what image sets of CIFAR's
kind are trained with; any other transform is called image by image, as it would be without us.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import torch
from PIL import Image
from torch import Generator, Tensor
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional

from chainrule.registry import Registry

Drawn = tuple[Tensor, ...]


def flip(x: Tensor, chosen: Tensor, dim: int = -1) -> Tensor:
    """Mirror the chosen images of ``x`` (N, C, H, W) along ``dim``; ``chosen`` is bool of shape (N,)."""
    flipped = x.clone()
    flipped[chosen] = x[chosen].flip(dim)
    return flipped


def crop(x: Tensor, top: Tensor, left: Tensor, size: Sequence[int]) -> Tensor:
    """Cut a window of ``size`` (height, width) from each image of ``x`` (N, C, H, W), at ``top`` and ``left`` (N,)."""
    images, channels = torch.arange(len(x)).view(-1, 1, 1), torch.arange(x.shape[1]).view(1, -1, 1)
    rows = (top.view(-1, 1) + torch.arange(size[0])).view(-1, 1, size[0])
    pieces = x.unfold(3, size[1], 1)  # (N, C, H, lefts, width): each row from each place on; a view, no copy
    return pieces[images, channels, rows, left.view(-1, 1, 1)]


@dataclass(frozen=True)
class Step:
    """One transform of a batch: ``apply(x, *draw(x, generator))``, where ``draw`` gives one row an image."""

    name: str
    apply: Callable[..., Tensor]
    draw: Callable[[Tensor, Generator | None], Drawn] = lambda x, generator: ()


BATCHED: Registry[Callable[[Any], Step | None]] = Registry("transform with a form for batches")
TO_TENSOR = ("ToTensor", "PILToTensor", "ToImage")
ONCE = ("Resize", "CenterCrop", "Pad", "Grayscale")  # the same each time: done when an image is read


@BATCHED.add("RandomHorizontalFlip")
def _horizontal_flip(transform: Any) -> Step:
    return Step("RandomHorizontalFlip", lambda x, chosen: flip(x, chosen, -1), _coins(transform.p))


@BATCHED.add("RandomVerticalFlip")
def _vertical_flip(transform: Any) -> Step:
    return Step("RandomVerticalFlip", lambda x, chosen: flip(x, chosen, -2), _coins(transform.p))


def _coins(p: float) -> Callable[[Tensor, Generator | None], Drawn]:
    return lambda x, generator: (torch.rand(len(x), generator=generator) < p,)


@BATCHED.add("RandomCrop")
def _random_crop(transform: Any) -> Step | None:
    """Return the step, or None where the padding would depend on the image or on its type."""
    if transform.pad_if_needed or isinstance(transform.fill, dict):
        return None
    padding = transform.padding
    if padding is None:
        padding = [0]
    elif isinstance(transform, v2.Transform):  # keeps (left, right, top, bottom)
        padding = [padding[i] for i in (0, 2, 1, 3)]
    elif isinstance(padding, int):
        padding = [padding]

    def pad(x: Tensor) -> Tensor:
        fill = transform.fill if isinstance(transform.fill, int | float) else list(transform.fill)
        return functional.pad(x, list(padding), fill, transform.padding_mode)

    def draw(x: Tensor, generator: Generator | None) -> Drawn:
        height, width = pad(x[:1]).shape[-2:]
        rows, columns = height - transform.size[0] + 1, width - transform.size[1] + 1
        if rows < 1 or columns < 1:
            raise ValueError(f"RandomCrop takes {tuple(transform.size)} pixels; the padded image has {height, width}")
        return tuple(torch.randint(n, (len(x),), generator=generator) for n in (rows, columns))

    return Step("RandomCrop", lambda x, top, left: crop(pad(x), top, left, transform.size), draw)


@BATCHED.add("ToTensor")
def _to_tensor(transform: Any) -> Step:
    return Step("ToTensor", lambda x: x.to(torch.get_default_dtype()).div_(255))


for _name in ("PILToTensor", "ToImage"):  # the images are tensors already
    BATCHED[_name] = lambda transform: Step(type(transform).__name__, lambda x: x)

for _name in (
    "Normalize",
    "ToDtype",
    "ConvertImageDtype",
    "ToPureTensor",
):  # draw nothing, and take batches as they are
    BATCHED[_name] = lambda transform: Step(type(transform).__name__, transform)


class BatchTransform:
    """A torchvision transform, taken apart so that a batch of 8-bit images goes through it at once.

    Parameters
    ----------
    transform : callable
        A transform of torchvision, or a ``Compose`` of several (v1 or v2), that makes a tensor of a PIL image. From
        its first part without an entry in `BATCHED` on, images go through one by one: the same results, slower.

    Attributes
    ----------
    once : list of callable
        What comes first and is the same each time (`Resize`, `CenterCrop`, …), to be applied as an image is read.
    """

    def __init__(self, transform: Callable[[Any], Any]) -> None:
        parts = _parts(transform)
        self.once = list(takewhile(lambda part: type(part).__name__ in ONCE, parts))
        self.steps: list[Step] = []
        self.rest = parts[len(self.once) :]
        while self.rest and type(self.rest[0]).__name__ in BATCHED:
            step = BATCHED[type(self.rest[0]).__name__](self.rest[0])
            if step is None:
                break
            self.steps.append(step)
            del self.rest[0]
        self._pil = not any(step.name in TO_TENSOR for step in self.steps)
        if self._pil and not self.rest:
            raise ValueError(f"the transform leaves PIL images, which make no batch: add ToTensor to {transform}")

    def __repr__(self) -> str:
        groups = {
            "once": [type(part).__name__ for part in self.once],
            "by the batch": [step.name for step in self.steps],
            "image by image": [getattr(part, "__name__", type(part).__name__) for part in self.rest],
        }
        return "; ".join(f"{name}: {', '.join(parts)}" for name, parts in groups.items() if parts)

    def __call__(self, x: Tensor, generator: Generator | None = None) -> Tensor:
        """Transform ``x``, uint8 of shape (N, C, H, W); what is random is drawn from ``generator``."""
        for step in self.steps:
            x = step.apply(x, *step.draw(x, generator))
        if not self.rest:
            return x
        if generator is None:
            return torch.stack([self._one(image) for image in x])
        with torch.random.fork_rng(devices=[]):  # torchvision draws from PyTorch's own generator
            torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
            return torch.stack([self._one(image) for image in x])

    def _one(self, pixels: Tensor) -> Tensor:
        image: Any = pixels
        if self._pil:
            image = Image.fromarray(pixels.squeeze(0).numpy() if len(pixels) == 1 else pixels.permute(1, 2, 0).numpy())
        for part in self.rest:
            image = part(image)
        if not isinstance(image, Tensor):
            raise ValueError(f"the transform makes {type(image).__name__}, not a tensor: end it with ToTensor")
        return image


def _parts(transform: Any) -> list[Any]:
    """Return the transforms that ``transform`` consists of, with compositions in compositions laid flat."""
    if type(transform).__name__ in ("Compose", "Sequential"):
        inner = transform.transforms if hasattr(transform, "transforms") else transform
        return [part for each in inner for part in _parts(each)]
    return [transform]
