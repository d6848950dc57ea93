"""Cut fashion-small.npz, the bundled 2,000 + 500 images, out of the full Fashion-MNIST.

Run ``python src/chainrule/data/bundled/make_fashion_small.py DATA_ROOT``, where the IDX files lie in
``DATA_ROOT/FashionMNIST/raw``. The same files give the same arrays again.

Training: the first 200 images of each class, in the order of the original. Test: 50 of each class, drawn at
random (seed 0) from the official test set. Not its first 50: those happen to be easier, by about two points.
"""

import sys
from pathlib import Path

import numpy as np

from chainrule.data.readers import find_idx, read_idx

TARGET = Path(__file__).with_name("fashion-small.npz")


def make(root: Path) -> None:
    """Write the file beside this script."""
    raw = root / "FashionMNIST" / "raw"
    arrays = {}
    for part, stem, per_class in (("train", "train", 200), ("test", "t10k", 50)):
        images = read_idx(find_idx(raw, f"{stem}-images-idx3-ubyte"))
        labels = read_idx(find_idx(raw, f"{stem}-labels-idx1-ubyte"))
        order = np.random.default_rng(0).permutation(len(labels)) if part == "test" else np.arange(len(labels))
        rows = np.sort(np.concatenate([order[labels[order] == c][:per_class] for c in range(10)]))
        arrays[f"x_{part}"], arrays[f"y_{part}"] = images[rows], labels[rows]
    np.savez_compressed(TARGET, **arrays)
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    make(Path(sys.argv[1]))
