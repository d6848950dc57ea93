"""Lesson 3: its solution passes its comparisons, the commonest wrong answers don't, and its data arrive."""

import copy
import math
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
torchvision = pytest.importorskip("torchvision")
pytest.importorskip("jupytext")

from PIL import Image  # noqa: E402
from sklearn.model_selection import train_test_split  # noqa: E402
from torch import nn  # noqa: E402
from torch.utils.data import DataLoader, Subset, random_split  # noqa: E402
from torchvision import transforms  # noqa: E402

from chainrule import check, data, plots  # noqa: E402
from chainrule.course import builder  # noqa: E402
from chainrule.course.exercise import load  # noqa: E402
from chainrule.data.readers import DataError  # noqa: E402
from chainrule.pytorch import loops  # noqa: E402
from chainrule.pytorch.datasets import FashionSmall, load_images  # noqa: E402

SOURCE = Path(__file__).parents[1] / "lessons" / "Training a Neural Network.py"
NAMES = (
    *("make_transform", "make_loaders", "Net", "criterion_and_optimizer", "initial_loss", "overfit_one_batch"),
    *("train_one_epoch", "evaluate", "best_state", "confusion", "interval"),
)


def definitions(notebook):
    """Return what the notebook's exercise cells define."""
    found = dict(globals()) | {"HIDDEN": (128, 64)}
    for cell in notebook.cells:
        if cell.source.startswith("# Exercise"):
            exec(cell.source, found)
    return found


LESSON = builder.read_source(SOURCE)
SOLUTION, STUB = definitions(builder.solution(LESSON)), definitions(builder.learners(LESSON))


@pytest.mark.parametrize("name", NAMES)
def test_solution_passes_and_stub_is_not_written_yet(name):
    assert check(SOLUTION[name]).findings == []
    report = check(STUB[name])
    assert report.verdict == "not written yet"
    assert name in report.findings[0].title


def test_exercises_are_numbered_in_the_order_of_the_notebook():
    numbers = [load()[name].number for name in NAMES]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 11))


# --- wrong answers ---------------------------------------------------------------------------------------------------


def normalize_first(mean, std):
    return transforms.Compose([transforms.Normalize(mean, std), transforms.ToTensor()])


def swapped_statistics(mean, std):
    return transforms.Compose([transforms.ToTensor(), transforms.Normalize(std, mean)])


def not_normalised(mean, std):
    return transforms.ToTensor()


def loaders(leak=False, test_as_validation=False, shuffle=True, stratify=True, seeded=True, sort_of="subset"):
    def make_loaders(dataset, test_set, batch_size, seed):
        rows = np.arange(len(dataset))
        if stratify:
            labels = np.asarray(dataset.targets)
            train_rows, valid_rows = train_test_split(
                rows, test_size=0.2, stratify=labels, random_state=seed if seeded else None
            )
        else:
            train_rows, valid_rows = np.split(rows, [len(rows) * 8 // 10])
        train_set, valid_set = Subset(dataset, rows if leak else train_rows), Subset(dataset, valid_rows)
        order = torch.Generator().manual_seed(seed) if seeded else None
        return (
            DataLoader(train_set, batch_size=batch_size, shuffle=shuffle, generator=order if shuffle else None),
            DataLoader(test_set if test_as_validation else valid_set, batch_size=64),
            DataLoader(test_set, batch_size=64),
        )

    return make_loaders


def random_split_without_classes(dataset, test_set, batch_size, seed):
    train_set, valid_set = random_split(dataset, (0.8, 0.2), generator=torch.Generator().manual_seed(seed))
    order = torch.Generator().manual_seed(seed)
    train = DataLoader(train_set, batch_size=batch_size, shuffle=True, generator=order)
    return train, DataLoader(valid_set, batch_size=64), DataLoader(test_set, batch_size=64)


def network(end=None, hidden=nn.ReLU, flatten=1, depth=2):
    class Net(nn.Module):
        def __init__(self, image_shape, n_classes):
            super().__init__()
            sizes = (math.prod(image_shape), 32, 16)[: depth + 1]
            layers = [nn.Flatten(flatten)]
            for a, b in pairwise(sizes):
                layers += [nn.Linear(a, b), *([hidden()] if hidden else [])]
            layers.append(nn.Linear(sizes[-1], n_classes))
            self.layers = nn.Sequential(*layers, *([end] if end else []))

        def forward(self, x):
            return self.layers(x)

    return Net


class LayersInAList(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.hidden = [nn.Linear(math.prod(image_shape), 32), nn.Linear(32, 16)]
        self.last = nn.Linear(16, n_classes)

    def forward(self, x):
        x = x.flatten(1)
        for layer in self.hidden:
            x = layer(x).relu()
        return self.last(x)


class FunctionalSoftmax(LayersInAList):
    def __init__(self, image_shape, n_classes):
        super().__init__(image_shape, n_classes)
        self.hidden = nn.ModuleList(self.hidden)

    def forward(self, x):
        return torch.nn.functional.softmax(super().forward(x), dim=1)


class Convolutional(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(image_shape[0], 4, 3), nn.GELU(), nn.MaxPool2d(2), nn.Conv2d(4, 8, 3))
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Dropout(0.3), nn.Linear(32, n_classes))

    def forward(self, x):
        return self.head(self.features(x))


OLD_MODEL = nn.Linear(6, 3)


def old_model_parameters(model, learning_rate):
    return nn.CrossEntropyLoss(), torch.optim.Adam(OLD_MODEL.parameters(), lr=learning_rate)


def class_for_instance(model, learning_rate):
    return nn.CrossEntropyLoss, torch.optim.Adam(model.parameters(), lr=learning_rate)


def learning_rate_forgotten(model, learning_rate):
    return nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters())


def with_sgd(model, learning_rate):
    return nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), learning_rate)


def keeps_the_graph(model, loader, criterion, optimizer, device):
    loss, accuracy = epoch()(model, loader, criterion, optimizer, device)
    return torch.tensor(loss, requires_grad=True) * 1, accuracy


def nested_lists(y, predicted, n_classes):
    table = [[0] * n_classes for _ in range(n_classes)]
    for truth, answer in zip(y, predicted, strict=True):
        table[truth][answer] += 1
    return table


def new_batch_each_step(model, loader, criterion, optimizer, device, steps):
    losses = []
    for _ in range(steps):
        x, y = next(iter(loader))
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def trains_first(model, loader, criterion, device):
    losses = []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses[0]


def epoch(zero_grad=True, step=True, train=True, loss_by="records", accuracy_by="records", zero_at_end=False):
    def train_one_epoch(model, loader, criterion, optimizer, device):
        if train:
            model.train()
        total, mean_of_means, right, count = 0.0, 0.0, 0, 0
        for x, y in loader:
            if zero_grad and not zero_at_end:
                optimizer.zero_grad()
            logits = model(x)
            loss = criterion(logits, y)
            loss.backward()
            if step:
                optimizer.step()
            if zero_at_end:
                model.zero_grad()
            total += loss.item() * len(y)
            mean_of_means += loss.item() / len(loader)
            right += (logits.argmax(1) == y).sum().item()
            count += len(y)
        accuracy = {"records": right / count, "batches": right / len(loader), "%": 100 * right / count}[accuracy_by]
        return (total / count if loss_by == "records" else mean_of_means), accuracy

    return train_one_epoch


def mean_of_a_bool_tensor(model, loader, criterion, optimizer, device):
    x, y = next(iter(loader))
    return (model(x).argmax(1) == y).mean()


def evaluation(evaluate=True, restore=True, no_grad=True, mean_of_means=False, step=False):
    def evaluate_(model, loader, criterion, device):
        mode = model.training
        if evaluate:
            model.eval()
        total, means, right, count = 0.0, 0.0, 0, 0
        with torch.set_grad_enabled(not no_grad):
            for x, y in loader:
                logits = model(x)
                loss = criterion(logits, y)
                if step:
                    loss.backward()
                    torch.optim.SGD(model.parameters(), lr=0.1).step()
                total += loss.item() * len(y)
                means += loss.item() / len(loader)
                right += (logits.argmax(1) == y).sum().item()
                count += len(y)
        if restore:
            model.train(mode)
        return (means if mean_of_means else total / count), right / count

    return evaluate_


def state(copies, better):
    def best_state(best, model, valid_loss, epoch):
        if best is not None and not better(valid_loss, best["loss"]):
            return best
        return {"loss": valid_loss, "epoch": epoch, "state": copies(model.state_dict())}

    return best_state


def each_pair_once(y, predicted, n_classes):
    table = np.zeros((n_classes, n_classes), dtype=int)
    table[y, predicted] += 1
    return table


def transposed(y, predicted, n_classes):
    return SOLUTION["confusion"](predicted, y, n_classes)


def only_the_classes_seen(y, predicted, n_classes):
    from sklearn.metrics import confusion_matrix

    return confusion_matrix(y, predicted)


def without_root(accuracy, n):
    return accuracy - 1.96 * accuracy * (1 - accuracy) / n, accuracy + 1.96 * accuracy * (1 - accuracy) / n


def one_sigma(accuracy, n):
    half = math.sqrt(accuracy * (1 - accuracy) / n)
    return accuracy - half, accuracy + half


def in_per_cent(accuracy, n):
    return tuple(100 * bound for bound in SOLUTION["interval"](accuracy, n))


WRONG = [
    ("make_transform", normalize_first),
    ("make_transform", swapped_statistics),
    ("make_transform", not_normalised),
    ("make_loaders", loaders(leak=True)),
    ("make_loaders", loaders(test_as_validation=True)),
    ("make_loaders", loaders(shuffle=False)),
    ("make_loaders", loaders(stratify=False)),
    ("make_loaders", loaders(seeded=False)),
    ("make_loaders", random_split_without_classes),
    ("Net", network(flatten=0)),
    ("Net", network(end=nn.Softmax(1))),
    ("Net", network(end=nn.Softmax(0))),
    ("Net", network(end=nn.Sigmoid())),
    ("Net", network(end=nn.ReLU())),
    ("Net", network(end=nn.Tanh())),
    ("Net", network(hidden=lambda: nn.Softmax(1))),
    ("Net", network(hidden=None)),
    ("Net", network(depth=1)),
    ("Net", LayersInAList),
    ("Net", FunctionalSoftmax),
    ("criterion_and_optimizer", old_model_parameters),
    ("criterion_and_optimizer", class_for_instance),
    ("criterion_and_optimizer", learning_rate_forgotten),
    ("criterion_and_optimizer", with_sgd),
    ("train_one_epoch", keeps_the_graph),
    ("confusion", nested_lists),
    ("initial_loss", trains_first),
    ("overfit_one_batch", new_batch_each_step),
    ("train_one_epoch", epoch(zero_grad=False)),
    ("train_one_epoch", epoch(step=False)),
    ("train_one_epoch", epoch(train=False)),
    ("train_one_epoch", epoch(loss_by="batches")),
    ("train_one_epoch", epoch(accuracy_by="batches")),
    ("train_one_epoch", epoch(accuracy_by="%")),
    ("train_one_epoch", mean_of_a_bool_tensor),
    ("train_one_epoch", lambda *_: None),
    ("evaluate", evaluation(evaluate=False)),
    ("evaluate", evaluation(mean_of_means=True)),
    ("evaluate", evaluation(no_grad=False, step=True)),
    ("best_state", state(lambda s: s, lambda new, old: new < old)),
    ("best_state", state(dict, lambda new, old: new < old)),
    ("best_state", state(copy.deepcopy, lambda new, old: new > old)),
    ("best_state", state(copy.deepcopy, lambda new, old: True)),
    ("best_state", lambda *_: None),
    ("confusion", each_pair_once),
    ("confusion", transposed),
    ("confusion", only_the_classes_seen),
    ("interval", without_root),
    ("interval", one_sigma),
    ("interval", in_per_cent),
]


@pytest.mark.parametrize(("name", "answer"), WRONG)
def test_wrong_answers_are_seen(name, answer):
    assert not check(answer, exercise=name).passed


def test_an_evaluation_that_records_gradients_is_right_but_slow():
    report = check(evaluation(no_grad=False), exercise="evaluate")
    assert report.passed
    assert [(finding.code, finding.severity) for finding in report] == [("TR180", "remark")]


def joined_transform(mean, std):
    return lambda image: transforms.functional.normalize(transforms.functional.to_tensor(image), mean, std)


def rows_of_the_table(y, predicted, n_classes):
    return np.bincount(y * n_classes + predicted, minlength=n_classes**2).reshape(n_classes, n_classes)


def exact_quantile(accuracy, n):
    half = 1.959963985 * math.sqrt(accuracy * (1 - accuracy) / n)
    return [max(0.0, accuracy - half), min(1.0, accuracy + half)]


RIGHT = [
    ("make_transform", joined_transform),
    ("make_loaders", loaders()),
    ("Net", network()),
    ("Net", network(hidden=nn.Sigmoid)),
    ("Net", network(end=nn.LogSoftmax(1))),
    ("Net", Convolutional),
    (
        "criterion_and_optimizer",
        lambda model, rate: [nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), rate)],
    ),
    ("train_one_epoch", epoch()),
    ("train_one_epoch", epoch(zero_at_end=True)),
    ("train_one_epoch", loops.train_one_epoch),
    ("evaluate", evaluation()),
    ("evaluate", evaluation(restore=False)),
    ("evaluate", loops.evaluate),
    ("best_state", state(copy.deepcopy, lambda new, old: new <= old)),
    ("confusion", rows_of_the_table),
    ("interval", exact_quantile),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_variants_pass(name, answer):
    report = check(answer, exercise=name)
    assert report.passed, report


# --- the data --------------------------------------------------------------------------------------------------------


def test_fashion_small_is_a_torchvision_dataset():
    for train, n in ((True, 2000), (False, 500)):
        images = FashionSmall(train=train)
        assert isinstance(images, torchvision.datasets.VisionDataset)
        assert len(images) == n
        assert images.data.shape == (n, 28, 28)
        assert images.data.dtype == torch.uint8
        assert torch.bincount(images.targets).tolist() == [n // 10] * 10
        assert images.classes == torchvision.datasets.FashionMNIST.classes
        image, label = images[n - 1]
        assert isinstance(image, Image.Image)
        assert image.size == (28, 28)
        assert type(label) is int
        same = data.load("fashion-small", part="train" if train else "test")
        np.testing.assert_allclose(same.x, images.data.reshape(n, -1).numpy() / 255, atol=1e-7)
        np.testing.assert_array_equal(same.y, images.targets.numpy())


def test_fashion_small_applies_its_transforms():
    images = FashionSmall(transform=transforms.ToTensor(), target_transform=lambda label: label + 100)
    x, y = images[3]
    assert x.shape == (1, 28, 28)
    assert y == int(images.targets[3]) + 100
    assert "Train" in repr(images)


def test_fashion_small_names_a_missing_or_damaged_file(tmp_path):
    with pytest.raises(DataError, match=r"fashion-small.npz is not there"):
        FashionSmall(tmp_path)
    (tmp_path / "fashion-small.npz").write_bytes(b"PK\3\4 not a zip")
    with pytest.raises(DataError, match="can't be read"):
        FashionSmall(tmp_path)


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "cifar10"])
def test_a_set_that_is_not_there_gives_a_notice_and_the_bundled_images(name, tmp_path, capsys):
    train, test = load_images(name, root=tmp_path)
    assert isinstance(train, FashionSmall)
    assert (len(train), len(test)) == (2000, 500)
    notice = capsys.readouterr().out
    assert f"{name} is not there" in notice
    assert str(tmp_path) in notice
    assert "download=False" in notice


def test_a_failed_download_gives_a_notice_too(tmp_path, capsys, monkeypatch):
    def refuse(self):
        raise RuntimeError("Error downloading train-images")

    monkeypatch.setattr(torchvision.datasets.MNIST, "download", refuse)
    train, _ = load_images("mnist", root=tmp_path, download=True)
    assert isinstance(train, FashionSmall)
    assert "downloading it failed: Error downloading train-images" in capsys.readouterr().out


def test_an_unknown_set_names_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'cifar10'"):
        load_images("cifar-10")


def write_idx(path, array):
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, dtype=">u4").tobytes()
    path.write_bytes(header + array.astype(np.uint8).tobytes())


@pytest.fixture
def small_mnist(tmp_path):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for stem, n in (("train", 30), ("t10k", 10)):
        write_idx(raw / f"{stem}-images-idx3-ubyte", rng.integers(0, 256, size=(n, 28, 28)))
        write_idx(raw / f"{stem}-labels-idx1-ubyte", np.arange(n) % 10)
    return tmp_path


def test_a_set_in_the_data_root_is_read_by_torchvision(small_mnist, monkeypatch):
    monkeypatch.setenv("CHAINRULE_DATA", str(small_mnist))
    train, test = load_images("mnist", transform=transforms.ToTensor())
    assert type(train) is torchvision.datasets.MNIST
    assert (len(train), len(test)) == (30, 10)
    assert train[0][0].shape == (1, 28, 28)


def test_a_damaged_set_is_an_error_not_a_fallback(small_mnist):
    path = small_mnist / "MNIST" / "raw" / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DataError, match="damaged"):
        load_images("mnist", root=small_mnist)


# --- loops and pictures ----------------------------------------------------------------------------------------------


def test_in_memory_gives_every_record_once_and_shuffles_with_its_seed():
    x, y = torch.arange(23.0).view(23, 1), torch.arange(23)
    in_order = list(loops.InMemory(x, y, 5))
    assert [len(b) for _, b in in_order] == [5, 5, 5, 5, 3]
    shuffled = loops.InMemory(x, y, 5, seed=1)
    assert len(shuffled) == 5
    first, second = (torch.cat([b for _, b in shuffled]) for _ in range(2))
    assert not torch.equal(first, second)
    assert torch.equal(first.sort().values, y)
    assert torch.equal(first, torch.cat([b for _, b in loops.InMemory(x, y, 5, seed=1)]))
    whole = loops.InMemory.of(FashionSmall(train=False, transform=transforms.ToTensor()), 64)
    assert whole.x.shape == (500, 1, 28, 28)


def test_gradient_error_is_small_for_autograd_and_large_for_a_wrong_gradient():
    class Halved(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, grad):
            return grad / 2

    class Wrong(nn.Module):
        def forward(self, x):
            return Halved.apply(x)

    torch.manual_seed(0)
    x, y = torch.randn(7, 6), torch.arange(7) % 3
    right = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
    before = copy.deepcopy(right.state_dict())
    assert loops.gradient_error(right, nn.CrossEntropyLoss(), x, y) < 1e-8
    assert all(torch.equal(before[key], value) for key, value in right.state_dict().items())
    wrong = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), Wrong(), nn.Linear(5, 3))
    assert loops.gradient_error(wrong, nn.CrossEntropyLoss(), x, y) > 0.01


def test_pictures_can_be_drawn(tmp_path):
    rng = np.random.default_rng(0)
    images = FashionSmall(train=False)
    colour = type("Colour", (), {"data": rng.random((20, 8, 8, 3)), "targets": [0, 1] * 10, "classes": ["a/b", "c"]})
    runs = rng.random((3, 4))
    history = {f"{part}_{what}": rng.random(4) for part in ("train", "valid") for what in ("loss", "accuracy")}
    drawn = [
        plots.image_grid(images, per_class=2),
        plots.image_grid(colour, per_class=3),
        plots.pixel_histograms(images.data[:50], images.data[:50] / 255),
        plots.preflight(rng.random(9), {"no step": np.full(9, 2.3), "other": np.full(9, 2.3)}, 10),
        plots.training_curves(history, best_epoch=2),
        plots.break_it({str(i): (runs, runs / 2) for i in range(5)}),
        plots.confusion_matrix(np.diag([3, 2, 0]), ["a", "b", "c"]),
        plots.wrong_images(images.data[:7], [1] * 7, [2] * 7, [0.5] * 7, images.classes),
        plots.peeking(rng.integers(-5, 9, size=100) * 0.8, rng.integers(-7, 7, size=100) * 0.8),
        plots.peeking(np.zeros(5)),
    ]
    for i, fig in enumerate(drawn):
        fig.savefig(tmp_path / f"{i}.png")


def test_the_comparison_lines_import_without_torch():
    code = (
        "import sys; sys.modules['torch'] = sys.modules['torchvision'] = None\n"
        "import chainrule.course.exercises.training, chainrule.plots.images"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
