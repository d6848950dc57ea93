"""Small sets of images held in memory as tensors, and handed out in batches: a quick stand-in for `DataLoader`.

A `DataLoader` opens, transforms and stacks every image by itself, each time round: hundreds of microseconds an image,
where a small network's training step takes some tens. Held as one tensor of bytes, a batch is one selection
of rows, and a transform some operations on all of its images.
"""

from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import Subset

if TYPE_CHECKING:
    from chainrule.pytorch.transforms import BatchTransform


class InMemory:
    """Batches of records that are held in memory, used like a `DataLoader`.

    Parameters
    ----------
    x, y : tensor
        Inputs (N, …) and labels (N,).
    batch_size : int
        Records in a batch; the last may be smaller.
    seed : int, optional
        Shuffle anew each time round, from this seed; in order if not given. Random transforms are drawn from it, too.
    transform : BatchTransform, optional
        What each batch of ``x`` goes through, as it is handed out.
    """

    def __init__(
        self, x: Tensor, y: Tensor, batch_size: int, seed: int | None = None, transform: "BatchTransform | None" = None
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"the batch size must be at least 1; got {batch_size}")
        if len(x) != len(y):
            raise ValueError(f"x has {len(x)} records and y {len(y)}; each record needs its label")
        self.x, self.y, self.batch_size, self.transform = x, y, batch_size, transform
        self.generator = None if seed is None else torch.Generator().manual_seed(seed)

    @classmethod
    def of(cls, dataset: Any, batch_size: int, seed: int | None = None) -> "InMemory":
        """Read every record of ``dataset`` once, and hold them before their transform.

        Parameters
        ----------
        dataset : Dataset
            One of torchvision's kind, whose items are PIL images (8 bits; grey, RGB or RGBA; all of one size after the
            transforms that stand first and are always the same) that go through ``dataset.transform``; or one of
            tensors, which are held as they come. Or a `Subset` of either.
        batch_size, seed
            As for the class.

        Returns
        -------
        InMemory
            Its batches have the records, and the transforms' distribution, of a `DataLoader` of ``dataset``.
        """
        rows: Any = range(len(dataset))
        while isinstance(dataset, Subset):
            rows, dataset = [dataset.indices[i] for i in rows], dataset.dataset
        if len(rows) == 0:
            raise ValueError("the dataset is empty: there is nothing to hold in memory")
        transform = None
        if getattr(dataset, "transform", None) is not None:
            from chainrule.pytorch.transforms import BatchTransform  # brings torchvision

            transform, dataset = BatchTransform(dataset.transform), copy(dataset)  # the caller's keeps its transform
            dataset.transform = None
        elif getattr(dataset, "transforms", None) is not None:
            raise ValueError(f"{type(dataset).__name__} transforms image and label together; give it transform=")
        once = transform.once if transform else []
        x, labels = None, []
        for k, i in enumerate(rows):
            image, label = dataset[int(i)]
            pixels = _pixels(image, once, bool(transform), k)
            if x is None:
                x = torch.empty((len(rows), *pixels.shape), dtype=pixels.dtype)
            elif pixels.shape != x.shape[1:]:
                shapes = tuple(pixels.shape), tuple(x.shape[1:])
                raise ValueError(f"image {k} has shape {shapes[0]}, the first {shapes[1]}: put a Resize first")
            x[k] = pixels
            labels.append(label)
        assert x is not None
        return cls(x, torch.as_tensor(labels), batch_size, seed, transform)

    def __repr__(self) -> str:
        how = "in order" if self.generator is None else "shuffled"
        steps = f"; {self.transform!r}" if self.transform else ""
        return (
            f"InMemory({len(self.y):,} records {tuple(self.x.shape[1:])} in batches of {self.batch_size}, {how}{steps})"
        )

    def __len__(self) -> int:
        return -(-len(self.y) // self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        n = len(self.y)
        order = torch.arange(n) if self.generator is None else torch.randperm(n, generator=self.generator)
        for rows in torch.split(order, self.batch_size):
            x = self.x.index_select(0, rows)
            yield (x if self.transform is None else self.transform(x, self.generator)), self.y[rows]


def _pixels(image: Any, once: list[Any], transformed: bool, index: int) -> Tensor:
    """Return an item's image as it is to be held: (C, H, W) in bytes, or the tensor that it is."""
    if isinstance(image, Tensor) and not transformed:
        return image
    if not isinstance(image, Image.Image) or image.mode not in ("L", "RGB", "RGBA") or not transformed:
        what = f"a PIL image of mode {image.mode}" if isinstance(image, Image.Image) else type(image).__name__
        raise TypeError(
            f"image {index} is {what}; expected a PIL image of mode L, RGB or RGBA in a dataset with a transform, "
            "or a tensor in a dataset without one"
        )
    for part in once:
        image = part(image)
    pixels = torch.from_numpy(np.array(image))
    return pixels.unsqueeze(0) if pixels.dim() == 2 else pixels.permute(2, 0, 1)
