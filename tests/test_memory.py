"""The loader that holds images in memory: torchvision's own transforms, image by image, are what it is held against."""

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("torchvision")

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402
from torch.utils.data import DataLoader, Subset, TensorDataset  # noqa: E402
from torchvision import transforms as v1  # noqa: E402
from torchvision.datasets import VisionDataset  # noqa: E402
from torchvision.transforms import v2  # noqa: E402

from chainrule.pytorch.datasets import FashionSmall  # noqa: E402
from chainrule.pytorch.memory import InMemory  # noqa: E402
from chainrule.pytorch.transforms import BatchTransform, crop, flip  # noqa: E402

MEAN, STD = (0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616)


class Pictures(VisionDataset):
    """Random images, opened one at a time, as torchvision's sets are."""

    def __init__(self, transform=None, n=37, shape=(12, 10, 3), sizes=None):
        super().__init__(".", transform=transform)
        rng = np.random.default_rng(0)
        self.images = [rng.integers(0, 256, (*(sizes or [shape[:2]] * n)[i], *shape[2:]), np.uint8) for i in range(n)]

    def __getitem__(self, index):
        image = Image.fromarray(self.images[index])
        return (image if self.transform is None else self.transform(image)), index % 5

    def __len__(self):
        return len(self.images)


def to_tensor(version):
    return [v1.ToTensor()] if version is v1 else [v2.ToImage(), v2.ToDtype(torch.float32, scale=True)]


@pytest.fixture(params=[v1, v2], ids=["v1", "v2"])
def version(request):
    return request.param


def all_of(loader):
    x, y = (torch.cat(parts) for parts in zip(*loader, strict=True))
    return x.as_subclass(torch.Tensor), y


@pytest.mark.parametrize("shape", [(12, 10, 3), (12, 10), (12, 10, 4)])
def test_fixed_transforms_give_what_a_dataloader_gives(version, shape):
    channels = shape[2] if len(shape) == 3 else 1
    normalize = version.Normalize((0.3, 0.5, 0.4, 0.2)[:channels], (0.2, 0.3, 0.25, 0.1)[:channels])
    dataset = Pictures(version.Compose([*to_tensor(version), normalize]), shape=shape)
    expected, labels = all_of(DataLoader(dataset, 8))
    x, y = all_of(InMemory.of(dataset, 8))
    assert torch.equal(x, expected)
    assert x.dtype == expected.dtype
    assert torch.equal(y, labels)
    assert y.dtype == labels.dtype
    assert dataset.transform is not None  # the caller's own dataset is as it was


def test_what_stands_first_and_is_always_the_same_is_done_while_reading(version):
    parts = [version.Resize(9), version.CenterCrop(8), version.Pad(1), version.Grayscale(), *to_tensor(version)]
    dataset = Pictures(version.Compose(parts), n=6, sizes=[(12, 10), (30, 11), (12, 10), (9, 9), (50, 9), (10, 60)])
    loader = InMemory.of(dataset, 4)
    assert loader.x.shape == (6, 1, 10, 10)
    assert loader.x.dtype == torch.uint8
    assert torch.equal(all_of(loader)[0], all_of(DataLoader(dataset, 4))[0])


@pytest.mark.parametrize("dim", [-1, -2])
def test_flips_equal_torchvisions_of_the_chosen_images(dim):
    dataset = Pictures()
    x = torch.stack([v1.functional.pil_to_tensor(image) for image, _ in dataset])
    chosen = torch.rand(len(x), generator=torch.Generator().manual_seed(3)) < 0.5
    turn = v1.functional.hflip if dim == -1 else v1.functional.vflip
    for i, (image, _) in enumerate(dataset):
        expected = v1.functional.pil_to_tensor(turn(image) if chosen[i] else image)
        assert torch.equal(flip(x, chosen, dim)[i], expected)
    assert 0 < chosen.sum() < len(x)


def test_crops_equal_torchvisions_at_the_same_corners():
    dataset = Pictures()
    x = torch.stack([v1.functional.pil_to_tensor(image) for image, _ in dataset])
    generator = torch.Generator().manual_seed(4)
    top, left = (torch.randint(k, (len(x),), generator=generator) for k in (6, 3))
    cut = crop(x, top, left, (7, 8))
    for i, (image, _) in enumerate(dataset):
        expected = v1.functional.crop(image, int(top[i]), int(left[i]), 7, 8)
        assert torch.equal(cut[i], v1.functional.pil_to_tensor(expected))


class Scripted:
    """Lets torchvision's random transforms draw, one image after another, what our step drew for the batch."""

    def __init__(self, monkeypatch, name, draws):
        self.draws = iter(draws)
        monkeypatch.setattr(torch, name, self)

    def __call__(self, *args, **options):
        return next(self.draws)


PADDINGS = [
    {},
    {"padding": 2},
    {"padding": (1, 3)},
    {"padding": (1, 0, 3, 2), "fill": 7},
    {"padding": 2, "fill": (9, 8, 7)},
    {"padding": (1, 4, 2, 3), "padding_mode": "reflect"},
    {"padding": 3, "padding_mode": "edge"},
    {"padding": (2, 1), "padding_mode": "symmetric"},
]


@pytest.mark.parametrize("options", PADDINGS, ids=str)
def test_random_crop_equals_torchvisions_given_the_same_draws(version, options, monkeypatch):
    transform = version.Compose([version.RandomCrop((9, 8), **options), *to_tensor(version)])
    dataset = Pictures()
    x = torch.stack([v1.functional.pil_to_tensor(image) for image, _ in dataset])
    batched = BatchTransform(transform)
    assert not batched.rest
    top, left = batched.steps[0].draw(x, torch.Generator().manual_seed(1))
    ours = batched(x, torch.Generator().manual_seed(1))
    Scripted(monkeypatch, "randint", [t for pair in zip(top, left, strict=True) for t in pair])
    for i, (image, _) in enumerate(dataset):
        assert torch.equal(ours[i], transform(image).as_subclass(torch.Tensor)), (i, top[i], left[i])


@pytest.mark.parametrize("name", ["RandomHorizontalFlip", "RandomVerticalFlip"])
def test_random_flips_equal_torchvisions_given_the_same_draws(version, name, monkeypatch):
    transform = version.Compose([getattr(version, name)(0.3), *to_tensor(version)])
    dataset = Pictures(n=200, shape=(3, 4, 3))
    batched, generator = BatchTransform(transform), torch.Generator().manual_seed(2)
    x = torch.stack([v1.functional.pil_to_tensor(image) for image, _ in dataset])
    draws = torch.rand(len(x), generator=generator)
    generator.manual_seed(2)
    ours = batched(x, generator)
    Scripted(monkeypatch, "rand", [draw.view(1) for draw in draws])
    expected = torch.stack([transform(image).as_subclass(torch.Tensor) for image, _ in dataset])
    assert torch.equal(ours, expected)


def test_random_transforms_are_drawn_for_each_image_and_evenly(version):
    """In 9,000 images each of the 9 corners comes 1,000 times, give or take; half of them are mirrored."""
    n = 9000
    image = torch.arange(16, dtype=torch.uint8).view(1, 1, 4, 4).expand(n, -1, -1, -1)
    transform = BatchTransform(
        version.Compose([version.RandomCrop(2), version.RandomHorizontalFlip(), *to_tensor(version)])
    )
    out = (transform(image, torch.Generator().manual_seed(0)) * 255).round().long()
    corner, mirrored = out.amin(dim=(1, 2, 3)), out[:, 0, 0, 0] > out[:, 0, 0, 1]
    counts = torch.bincount(corner, minlength=11)[[0, 1, 2, 4, 5, 6, 8, 9, 10]]
    assert counts.sum() == n
    assert ((counts - 1000).abs() < 5 * (n / 9 * 8 / 9) ** 0.5).all(), counts
    assert abs(int(mirrored.sum()) - n / 2) < 5 * (n / 4) ** 0.5
    together = torch.bincount(corner[mirrored], minlength=11)[[0, 1, 2, 4, 5, 6, 8, 9, 10]]
    assert ((together - 500).abs() < 5 * 500**0.5).all(), together  # the two draws are independent


def test_each_time_round_draws_anew_and_the_seed_repeats_it():
    dataset = Pictures(v1.Compose([v1.RandomCrop(8, 2), v1.ToTensor()]))
    loader, again = (InMemory.of(dataset, 8, seed=5) for _ in range(2))
    first, second, repeated = all_of(loader), all_of(loader), all_of(again)
    assert torch.equal(first[0], repeated[0])
    assert torch.equal(first[1], repeated[1])
    assert not torch.equal(first[0], second[0])
    assert sorted(first[1].tolist()) == sorted(second[1].tolist()) == sorted(i % 5 for i in range(37))


def test_any_other_transform_goes_image_by_image_and_the_seed_repeats_it_too(version):
    parts = [version.RandomHorizontalFlip(), version.RandomRotation(30), *to_tensor(version)]
    loader, again = (InMemory.of(Pictures(version.Compose(parts)), 8, seed=5) for _ in range(2))
    assert "image by image: RandomRotation" in repr(loader)
    before = torch.random.get_rng_state()
    first = all_of(loader)[0]
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.equal(first, all_of(again)[0])
    assert not torch.equal(first, all_of(loader)[0])


def test_a_function_of_ones_own_gets_the_pil_image_or_the_tensor_as_in_a_dataloader():
    for parts in (
        [lambda image: image.rotate(90), v1.ToTensor()],
        [v1.ToTensor(), lambda x: x.square()],
        [lambda image: torch.from_numpy(np.array(image)).float().mean(dim=2)],
    ):
        dataset = Pictures(v1.Compose(parts))
        assert torch.equal(all_of(InMemory.of(dataset, 8))[0], all_of(DataLoader(dataset, 8))[0])


def test_a_subset_of_a_subset_and_tensors():
    dataset = Pictures(v1.ToTensor())
    part = Subset(Subset(dataset, [5, 30, 7, 9, 1]), np.array([4, 0, 2]))
    x, y = all_of(InMemory.of(part, 2))
    expected, labels = all_of(DataLoader(part, 2))
    assert torch.equal(x, expected)
    assert torch.equal(y, labels)
    tensors = TensorDataset(torch.randn(7, 3), torch.arange(7))
    assert torch.equal(all_of(InMemory.of(tensors, 4))[0], tensors.tensors[0])
    fashion = InMemory.of(FashionSmall(train=False, transform=v1.ToTensor()), 64)
    assert len(fashion) == 8
    assert fashion.x.shape == (500, 1, 28, 28)


def test_what_cannot_be_held_is_said():
    with pytest.raises(ValueError, match=r"add ToTensor"):
        InMemory.of(Pictures(v1.RandomCrop(8)), 4)
    with pytest.raises(ValueError, match=r"not a tensor: end it with ToTensor"):
        next(iter(InMemory.of(Pictures(v1.RandomRotation(10)), 4)))
    with pytest.raises(ValueError, match=r"image 1 has shape \(3, 9, 9\), the first \(3, 12, 10\): put a Resize"):
        InMemory.of(Pictures(v1.ToTensor(), n=2, sizes=[(12, 10), (9, 9)]), 4)
    with pytest.raises(TypeError, match=r"image 0 is a PIL image of mode RGB.*transform"):
        InMemory.of(Pictures(), 4)
    with pytest.raises(ValueError, match=r"RandomCrop takes \(20, 20\) pixels; the padded image has \(12, 10\)"):
        next(iter(InMemory.of(Pictures(v1.Compose([v1.RandomCrop(20), v1.ToTensor()])), 4)))
    with pytest.raises(ValueError, match="the dataset is empty"):
        InMemory.of(Subset(Pictures(v1.ToTensor()), []), 4)
    with pytest.raises(ValueError, match=r"batch size must be at least 1; got 0"):
        InMemory(torch.zeros(3, 2), torch.zeros(3), 0)
    with pytest.raises(ValueError, match=r"x has 3 records and y 2"):
        InMemory(torch.zeros(3, 2), torch.zeros(2), 1)


def test_a_padded_crop_that_depends_on_the_image_goes_image_by_image(version):
    crop_if_needed = version.RandomCrop((16, 4), pad_if_needed=True)
    dataset = Pictures(version.Compose([crop_if_needed, *to_tensor(version)]))
    loader = InMemory.of(dataset, 8, seed=0)
    assert next(iter(loader))[0].shape == (8, 3, 16, 4)
    assert "image by image: RandomCrop" in repr(loader)


def test_it_says_what_it_holds():
    dataset = Pictures(v1.Compose([v1.RandomCrop(8), v1.ToTensor(), v1.Normalize(MEAN, STD)]))
    assert repr(InMemory.of(dataset, 8, seed=0)) == (
        "InMemory(37 records (3, 12, 10) in batches of 8, shuffled; by the batch: RandomCrop, ToTensor, Normalize)"
    )
