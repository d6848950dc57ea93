"""What the playground's scripts have in common: their head, the packed records, the batches in the same order."""

import base64
import io
from textwrap import fill, indent
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.mistakes.mistake import CATALOGUE
from chainrule.play.records import Records
from chainrule.play.settings import Settings

Array = NDArray[Any]

WIDTH = 110
LEVELS = (16, 255)  # of grey: an image's values are whole numbers, over one of these

BATCHES = '''
def batches(records):
    """Yield the rows of one batch after the other, in a new order in each epoch."""
    order = np.random.default_rng(SEED)
    while True:
        rows = np.random.default_rng(int(order.integers(2**32))).permutation(records)
        for start in range(0, records, BATCH_SIZE):
            yield rows[start : start + BATCH_SIZE]
'''

END = """
if __name__ == "__main__":
    RESULT = main()
"""


def head(settings: Settings, records: Records, sizes: tuple[int, ...], needs: str, remarks: list[str]) -> str:
    """Return a script's docstring and its imports."""
    texts = [f"A network {'-'.join(map(str, sizes))} learns {records.name}: a run of the playground, in {needs}."]
    texts += [fill(remark, WIDTH) for remark in remarks if remark]
    if settings.mistake:
        texts.append(fill(f"{mark(settings)} {CATALOGUE[settings.mistake].explanation}", WIDTH))
    return '"""' + "\n\n".join(texts).replace("\\", "\\\\") + '\n"""\n'


def mark(settings: Settings) -> str:
    """Return the words that stand where the mistake is; empty without one."""
    return f"The mistake, {settings.mistake}: {CATALOGUE[settings.mistake].title}." if settings.mistake else ""


def short_mark(settings: Settings) -> str:
    """Return the mark beside a line."""
    return f"the mistake, {settings.mistake}" if settings.mistake else ""


def constants(settings: Settings, steps: int, per_epoch: int) -> list[str]:
    """Return the lines that name the run's numbers."""
    return [
        f"BATCH_SIZE = {settings.batch_size}",
        f"BATCHES = {per_epoch}  # in an epoch",
        f"STEPS = {steps}",
        f"SEED = {settings.seed}",
        *([f"L1, L2 = {settings.l1!r}, {settings.l2!r}"] if settings.l1 or settings.l2 else []),
        *([f"DROPOUT = {settings.dropout!r}"] if settings.dropout else []),
    ]


def packed(records: Records, **arrays: Array) -> str:
    """Return records and arrays as the text of a script's last lines."""
    level = grey_levels(records)
    for name, part in (("", records.train), ("test_", records.test)):
        x = np.rint(part.x * level).astype(np.uint8) if level else part.x
        arrays |= {f"{name}x": x, f"{name}y": part.y.astype(np.int16) if records.classes else part.y}
    file = io.BytesIO()
    np.savez_compressed(file, **{name: np.ascontiguousarray(array) for name, array in arrays.items()})  # type: ignore[arg-type]
    text = base64.b85encode(file.getvalue()).decode()
    lines = "\n".join(text[i : i + WIDTH] for i in range(0, len(text), WIDTH))
    return f'# The records and the first weights: arrays in NumPy\'s .npz format, as text.\nDATA = """\n{lines}\n"""\n'


def unpacking(records: Records) -> str:
    """Return the lines that get the records back."""
    level = grey_levels(records)
    over = f" / np.float32({level})" if level else ""
    labels = ".astype(np.int64)" if records.classes else ""
    return (
        'data = np.load(io.BytesIO(base64.b85decode("".join(DATA.split()))))\n'
        f'x, y = data["x"]{over}, data["y"]{labels}\n'
        f'test_x, test_y = data["test_x"]{over}, data["test_y"]{labels}'
    )


def grey_levels(records: Records) -> int:
    """Return of how many levels an image's values are, 0 if they are no such numbers."""
    for level in LEVELS if records.kind == "image" else ():
        values = np.concatenate([records.train.x, records.test.x])
        if np.array_equal(np.rint(values * level).astype(np.uint8) / np.float32(level), values):
            return level
    return 0


def function(signature: str, *body: str, doc: str = "") -> str:
    """Return a function's source."""
    lines = [f'"""{doc}"""', *body] if doc else body
    return f"def {signature}:\n" + indent("\n".join(lines), "    ") + "\n"


def joined(*pieces: str) -> str:
    """Return a module of these pieces, two blank lines apart."""
    return "\n\n\n".join(piece.strip("\n") for piece in pieces if piece.strip()) + "\n"
