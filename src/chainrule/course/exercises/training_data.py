"""Exercises of lesson 3: from pictures to batches."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chainrule.course.exercise import Case, Facts, exercise
from chainrule.course.exercises.training import LESSON
from chainrule.mistakes.catalogue import training_data as mistakes
from chainrule.mistakes.steps import setup as steps

RECORDS, TEST_RECORDS, BATCH = 435, 97, 58  # 80 % are 348 records, 6 whole batches; a last batch dropped is no mistake


def pictures(rng: np.random.Generator) -> Iterator[Case]:
    """Yield a grey and a colour picture, not square, with a mean and a spread for each channel."""
    for name, channels in (("a grey picture", 1), ("a colour picture", 3)):
        mean, std = (tuple(map(float, rng.uniform(0.2, 0.6, size=channels))) for _ in range(2))
        pixels = rng.integers(0, 256, size=(7, 5, channels), dtype=np.uint8)
        yield Case(name, {"pixels": pixels, "mean": mean, "std": std})


def look_at_transform(answer: Callable[..., Any], case: Case) -> Facts:
    """Transform the picture again and again."""
    from PIL import Image

    pixels = case.inputs["pixels"]
    image = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    transform = answer(case.inputs["mean"], case.inputs["std"])
    if transform is None:
        return {"transformed": None, "same_every_time": None}
    looks = [np.asarray(transform(image)) for _ in range(24)]
    if any(not np.array_equal(looks[0], each) for each in looks):
        return {"transformed": None, "same_every_time": False}
    return {"transformed": looks[0], "same_every_time": True}


exercise(
    "make_transform",
    steps.make_transform,
    pictures,
    observe=look_at_transform,
    tolerance=1e-5,
    lesson=LESSON,
    number=1,
    hints=(
        "Two parts, one after the other: transforms.Compose([...]).",
        "First the picture becomes a tensor with values in [0, 1], ToTensor; then Normalize takes the mean off and "
        "divides by the spread.",
        "transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])",
    ),
    solution="""\
def make_transform(mean, std):
    return transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])
""",
    why="Right: pixels in [0, 1] first, then mean 0 and spread 1, each channel by itself.",
    commonest=mistakes.wrong_order,
)


def seeds(rng: np.random.Generator) -> Iterator[Case]:
    """Yield seeds for the split."""
    for _ in range(2):
        seed = int(rng.integers(1000))
        yield Case(f"seed {seed}", {"seed": seed})


def look_at_loaders(answer: Callable[..., Any], case: Case) -> Facts:
    """Read the loaders out; each image holds its own number, those of the test set from 1000."""
    import torch
    from torch.utils.data import Dataset

    seed = case.inputs["seed"]
    rng = np.random.default_rng(seed)

    class Numbered(Dataset[Any]):
        """Images whose pixels all hold the image's number, so that it is known again behind a loader."""

        def __init__(self, first: int, n: int) -> None:
            self.targets = torch.from_numpy(rng.permutation(np.arange(n) % 5))
            self.classes = list("abcde")
            self.images = list(torch.arange(first, first + n).float()[:, None, None, None].expand(n, 1, 2, 2).clone())
            self.labels = self.targets.tolist()

        def __getitem__(self, i: int) -> tuple[torch.Tensor, int]:
            if not 0 <= i < len(self.labels):
                raise IndexError(i)
            return self.images[i], self.labels[i]

        def __len__(self) -> int:
            return len(self.labels)

    data, test = Numbered(0, RECORDS), Numbered(1000, TEST_RECORDS)

    def read(loader: Any) -> tuple[list[int], list[int], list[int]]:
        """Return the numbers, the labels and the sizes of the batches."""
        batches = [(x[:, 0, 0, 0].long().tolist(), torch.as_tensor(y).tolist()) for x, y in loader]
        numbers, labels = (
            ([each for batch in side for each in batch] for side in zip(*batches, strict=True))
            if (batches)
            else ([], [])
        )
        return numbers, labels, [len(y) for _, y in batches]

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        loaders = answer(data, test, BATCH, seed)
        if loaders is None:
            return dict.fromkeys(steps.make_loaders.returns)
        (train, labels, sizes), (valid, valid_labels, _), (tested, test_labels, _) = map(read, loaders)
        order = "the same in each epoch" if read(loaders[0])[0] == train else "another one in each epoch"
        again, other = ([read(each)[0] for each in answer(data, test, BATCH, s)[:2]] for s in (seed, seed + 1))
    common = set(train) & set(valid)
    true = {**dict(enumerate(data.targets.tolist())), **{1000 + i: y for i, y in enumerate(test.targets.tolist())}}
    seen = zip(train + valid + tested, labels + valid_labels + test_labels, strict=True)
    share = np.bincount(valid_labels, minlength=5)
    is_a_split = held(valid) == "20 % of the data"
    return {
        "training_holds": held(train),
        "validation_holds": held(valid),
        "test_loader_holds": held(tested),
        "in_training_and_validation": (
            "no record"
            if not common
            else "some records"
            if len(common) < len(set(valid))
            else "all of the validation records"
        ),
        "each_class_has_its_share": bool((abs(share - RECORDS / 25) < 1.5).all()) if is_a_split else None,
        "labels_belong_to_their_images": all(true[number] == int(label) for number, label in seen),
        "first_batch_of_training": "as many records as asked for"
        if sizes[:1] == [BATCH]
        else "another number of records",
        "order_of_training": order,
        "the_seed_decides": decided(train, valid, again, other, order),
    }


def held(numbers: list[int]) -> str:
    """Say which records these are: how much of the data or of the test set."""
    if not numbers:
        return "some of the test set"
    test = [number >= 1000 for number in numbers]
    if any(test) and not all(test):
        return "data and test set mixed"
    whole, name = (TEST_RECORDS, "the test set") if test[0] else (RECORDS, "the data")
    for percent in (100, 90, 80, 75, 70, 50, 30, 25, 20, 10):
        near = abs(len(set(numbers)) - percent / 100 * whole) < 3  # each of five classes may be rounded by itself
        if near and len(numbers) == len(set(numbers)):
            return f"all of {name}" if percent == 100 else f"{percent} % of {name}"
    return f"some of {name}"


def decided(train: list[int], valid: list[int], again: list[list[int]], other: list[list[int]], order: str) -> str:
    """Say whether the seed decides the split, and the order of training."""
    if sorted(again[1]) != sorted(valid) or sorted(again[0]) != sorted(train):
        return "no: the same seed gives another split"
    if sorted(other[1]) == sorted(valid) and len(set(valid)) < RECORDS and min(valid, default=0) < 1000:
        return "no: it is the same split whatever the seed"
    if again[0] != train and order.startswith("another"):
        return "of the split only: the order of training is another one"
    return "yes"


exercise(
    "make_loaders",
    steps.make_loaders,
    seeds,
    observe=look_at_loaders,
    lesson=LESSON,
    number=2,
    hints=(
        "Split the indices once, and no record can be in both parts.",
        "train_test_split(indices, test_size=0.2, stratify=dataset.targets, random_state=seed), then Subset.",
        "Only the training loader is shuffled, and by a generator with a seed of its own: "
        "generator=torch.Generator().manual_seed(seed).",
    ),
    solution="""\
def make_loaders(dataset, test_set, batch_size, seed):
    indices = np.arange(len(dataset))
    train, valid = train_test_split(indices, test_size=0.2, stratify=dataset.targets, random_state=seed)
    generator = torch.Generator().manual_seed(seed)
    return (
        DataLoader(Subset(dataset, train), batch_size, shuffle=True, generator=generator),
        DataLoader(Subset(dataset, valid), batch_size=64),
        DataLoader(test_set, batch_size=64),
    )
""",
    why="Right: every record is in one set only, each class has its share in both, and the seed decides.",
    commonest=mistakes.test_as_validation,
)
