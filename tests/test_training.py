"""`fit` and `evaluate` against loops written in PyTorch; early stopping, divergence, reproducibility."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from chainrule import data, fit, nn, optim
from chainrule.data.dataset import Dataset
from chainrule.training import EarlyStopping, evaluate
from chainrule.training.callbacks import Callback
from chainrule.training.checkpoint import Checkpoint
from twins import assert_close, twin_of


def toy(n: int = 50, seed: int = 0, n_classes: int = 3) -> Dataset:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 4))
    y = np.argmax(x[:, :n_classes] + 0.5 * rng.normal(size=(n, n_classes)), axis=1)
    return Dataset(x, y, tuple(map(str, range(n_classes))))


def network(seed: int = 0, dropout: float = 0.0) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Dropout(dropout), nn.Linear(8, 3), seed=seed, dtype=np.float64
    )


def trained(**options: Any) -> tuple[nn.Sequential, dict[str, list[float]]]:
    net = options.pop("net", None) or network(dropout=0.2)
    optimizer = options.pop("optimizer", None) or optim.Adam(net.parameters(), lr=0.05)
    defaults = {"criterion": nn.CrossEntropyLoss(), "epochs": 4, "batch_size": 16, "seed": 3}
    return net, fit(net, options.pop("train", toy()), optimizer=optimizer, **(defaults | options))


def bits(net: nn.Sequential) -> bytes:
    return b"".join(values.tobytes() for values in net.state_dict().values())


class Recorder(Callback):
    """Keep every epoch's weights and learning rate; stop after ``stop`` epochs."""

    def __init__(self, stop: int | None = None) -> None:
        self.stop, self.states, self.rates, self.calls = stop, [], [], []

    def train_begin(self, run: Any) -> None:
        self.calls.append("begin")

    def epoch_end(self, run: Any) -> None:
        self.calls.append(run.epoch)
        self.states.append(run.net.state_dict())
        self.rates.append(run.optimizer.lr)
        run.stop = run.stop or run.epoch == self.stop

    def train_end(self, run: Any) -> None:
        self.calls.append("end")


class Batches(Dataset):
    """Remember the batches that were handed to the loop."""

    seen: list[tuple[np.ndarray, np.ndarray]]

    def batches(self, size: int, seed: int | None = None):
        for batch in super().batches(size, seed):
            self.seen.append(batch)
            yield batch


PENALTIES = {
    "none": (None, lambda w: 0),
    "l1": (lambda: nn.L1(0.01), lambda w: 0.01 * w.abs().sum()),
    "l2": (lambda: nn.L2(0.02), lambda w: 0.02 * (w**2).sum()),
    "elastic net": (lambda: nn.ElasticNet(0.01, 0.02), lambda w: 0.01 * w.abs().sum() + 0.02 * (w**2).sum()),
}


@pytest.mark.parametrize("name", PENALTIES)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("max_norm", [None, 0.5])
def test_fit_is_pytorchs_loop(name: str, reduction: str, max_norm: float | None) -> None:
    """On the same batches: the weights, and the mean losses over the records, whatever the last batch's size."""
    ours, theirs = PENALTIES[name]
    net, train, valid = network(), toy(), toy(23, seed=1)
    train = Batches(train.x, train.y, train.classes)
    object.__setattr__(train, "seen", [])
    twin = twin_of(net)
    history = fit(
        net,
        train,
        criterion=nn.CrossEntropyLoss(reduction=reduction),
        optimizer=optim.SGD(net.parameters(), lr=0.01, momentum=0.9),
        valid=valid,
        epochs=3,
        batch_size=16,
        penalty=ours and ours(),
        max_norm=max_norm,
        seed=0,
    )
    assert [len(x) for x, _ in train.seen] == [16, 16, 16, 2] * 3
    assert not np.array_equal(train.seen[0][0], train.seen[4][0])  # another order in each epoch

    optimizer = torch.optim.SGD(twin.parameters(), lr=0.01, momentum=0.9)
    losses, valid_losses, accuracies = [], [], []
    for epoch in range(3):
        twin.train()
        total = 0.0
        for x, y in train.seen[4 * epoch : 4 * epoch + 4]:
            loss = torch.nn.functional.cross_entropy(twin(torch.tensor(x)), torch.tensor(y), reduction=reduction)
            total += loss.item() * (len(x) if reduction == "mean" else 1)
            optimizer.zero_grad()
            (loss + sum(theirs(w) for w in twin.parameters() if w.ndim > 1)).backward()
            if max_norm is not None:
                torch.nn.utils.clip_grad_norm_(twin.parameters(), max_norm)
            optimizer.step()
        losses.append(total / 50)
        with torch.no_grad():
            out = twin.eval()(torch.tensor(valid.x))
        valid_losses.append(torch.nn.functional.cross_entropy(out, torch.tensor(valid.y)).item())
        accuracies.append((out.argmax(dim=1).numpy() == valid.y).mean())
    for key, values in twin.state_dict().items():
        assert_close(net.state_dict()[key], values, 1e-9, key)
    assert list(history) == ["train_loss", "valid_loss", "valid_accuracy"]
    assert_close(history["train_loss"], losses, 1e-9)
    assert_close(history["valid_loss"], valid_losses, 1e-9)
    assert history["valid_accuracy"] == accuracies
    assert net.training is False


def test_a_proximal_penalty_gives_exact_zeros_and_a_slope_does_not() -> None:
    shares = {}
    for proximal in (True, False):
        net = network()
        optimizer = optim.SGD(net.parameters(), lr=0.2)
        trained(net=net, optimizer=optimizer, penalty=nn.L1(0.05, proximal=proximal), epochs=20)
        weights = np.concatenate([net[0].weight.data.ravel(), net[4].weight.data.ravel()])
        shares[proximal] = (weights == 0).mean()
        assert (net[4].bias.data != 0).all()
    assert shares[True] > 0.1
    assert shares[False] == 0


def test_it_learns() -> None:
    train, valid = data.load("digits").split(0.8, 0.2)
    net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10), seed=0)
    optimizer = optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    history = fit(
        net, train, criterion=nn.CrossEntropyLoss(), optimizer=optimizer, valid=valid, epochs=10, batch_size=32, seed=0
    )
    assert history["train_loss"][0] > history["train_loss"][-1]
    assert history["valid_accuracy"][-1] > 0.93


# --- reproducible ---------------------------------------------------------------------------------------------------


def test_a_run_is_reproducible_bit_for_bit() -> None:
    (first, a), (second, b) = trained(), trained()
    assert bits(first) == bits(second)
    assert a == b
    assert bits(trained(seed=4)[0]) != bits(first)
    assert bits(trained(net=network(seed=1, dropout=0.2))[0]) != bits(first)


def test_measuring_does_not_change_the_run() -> None:
    """With a validation set, callbacks or a progress bar, the weights are the same bits."""
    plain, _ = trained()
    watched, _ = trained(valid=toy(7, seed=2), callbacks=[Recorder()], progress=True)
    assert bits(watched) == bits(plain)


def test_a_network_in_evaluation_mode_is_trained_in_training_mode() -> None:
    assert bits(trained(net=network(dropout=0.2).eval())[0]) == bits(trained()[0])


def test_numpys_global_seed_plays_no_part() -> None:
    np.random.seed(0)  # noqa: NPY002
    first, _ = trained()
    np.random.seed(1)  # noqa: NPY002
    assert bits(trained()[0]) == bits(first)


def test_a_pair_of_arrays_is_a_dataset() -> None:
    d = toy()
    assert bits(trained(train=(d.x, d.y))[0]) == bits(trained(train=d)[0])


@pytest.mark.parametrize("stopped", [1, 3, 5])
def test_a_stopped_run_goes_on_to_the_same_bits(stopped: int, tmp_path: Path) -> None:
    """Dropout's draws, batch norm's statistics, Adam's moments, a schedule and early stopping among them."""

    def run(*callbacks: Any, epochs: int = 6) -> tuple[nn.Sequential, dict[str, list[float]]]:
        net = network(dropout=0.3)
        optimizer = optim.Adam(net.parameters(), lr=0.05)
        schedule = optim.ExponentialLR(optimizer, gamma=0.8)
        watch = [*callbacks, schedule, EarlyStopping(patience=2)]
        return trained(net=net, optimizer=optimizer, epochs=epochs, callbacks=watch, valid=toy(20, seed=1))

    whole, history = run(Recorder())
    path = tmp_path / "run.safetensors"

    class Killed(BaseException):
        pass

    class Kill(Callback):
        def epoch_end(self, run: Any) -> None:
            if run.epoch == stopped + 1 and first:
                raise Killed

    first = True
    if len(history["train_loss"]) > stopped:
        with pytest.raises(Killed):
            run(Kill(), Checkpoint(path))
    first = False
    again, resumed = run(Kill(), Checkpoint(path))
    assert bits(again) == bits(whole)
    assert resumed == history


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    trained(callbacks=[Checkpoint(path)])
    other = nn.Sequential(nn.Linear(4, 3), dtype=np.float64)
    with pytest.raises(ValueError, match="is no checkpoint of this run"):
        trained(net=other, callbacks=[Checkpoint(path)])
    net = network(dropout=0.2)
    with pytest.raises(ValueError, match="is no checkpoint of this run"):
        trained(net=net, optimizer=optim.SGD(net.parameters(), lr=0.1), callbacks=[Checkpoint(path)])
    content = path.read_bytes()
    for damaged in (b"", content[: len(content) // 2], content[:-1], b"\0" * 100):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match="is damaged, or not a checkpoint"):
            trained(callbacks=[Checkpoint(path)])


# --- callbacks ------------------------------------------------------------------------------------------------------


def test_callbacks_come_in_their_turn() -> None:
    recorder = Recorder(stop=2)
    _, history = trained(callbacks=[recorder])
    assert recorder.calls == ["begin", 1, 2, "end"]
    assert len(history["train_loss"]) == 2


def overfitting(patience: int, **options: Any) -> tuple[nn.Sequential, Any, Recorder]:
    """Train on 12 records with shuffled labels: validation gets worse soon."""
    train, recorder = toy(12), Recorder()
    train = Dataset(train.x, np.random.default_rng(0).permutation(train.y), train.classes)
    net = options.pop("net", None) or network(seed=2)
    stopping = options.pop("stopping", None) or EarlyStopping(patience=patience)
    _, history = trained(
        net=net, train=train, valid=toy(40, seed=1), epochs=60, batch_size=12, callbacks=[recorder, stopping], **options
    )
    return net, history, recorder


@pytest.mark.parametrize("patience", [1, 3])
def test_early_stopping_restores_the_best_weights(patience: int) -> None:
    net, history, recorder = overfitting(patience)
    best = int(np.argmin(history["valid_loss"]))
    assert len(history["valid_loss"]) == best + 1 + patience < 60
    for key, values in recorder.states[best].items():
        np.testing.assert_array_equal(net.state_dict()[key], values)
    loss, accuracy = evaluate(net, toy(40, seed=1), nn.CrossEntropyLoss())
    assert (loss, accuracy) == (history["valid_loss"][best], history["valid_accuracy"][best])


def test_early_stopping_starts_anew_in_each_run() -> None:
    """Its best weights are of this run: another run's, of another network, must not come back."""
    stopping = EarlyStopping(patience=2)
    overfitting(2, stopping=stopping)
    best_before = stopping.best
    other = network(seed=9)
    for p in other.parameters():
        p.data *= 20  # worse than anything before
    net, history, recorder = overfitting(2, stopping=stopping, net=other)
    best = int(np.argmin(history["valid_loss"]))
    assert history["valid_loss"][best] > best_before
    for key, values in recorder.states[best].items():
        np.testing.assert_array_equal(net.state_dict()[key], values)


def test_early_stopping_needs_something_to_watch() -> None:
    with pytest.raises(ValueError, match=r"watches 'valid_loss', but the history has \['train_loss'\]"):
        trained(callbacks=[EarlyStopping()])
    with pytest.raises(ValueError, match="patience must be"):
        EarlyStopping(patience=0)


@pytest.mark.parametrize("name", list(optim.SCHEDULES))
def test_schedules_work_as_callbacks(name: str) -> None:
    options = {
        "step": {"step_size": 2},
        "exponential": {"gamma": 0.5},
        "cosine": {"T_max": 4},
        "plateau": {"patience": 0},
    }
    net, recorder = network(), Recorder()
    optimizer = optim.SGD(net.parameters(), lr=0.2)
    schedule = optim.SCHEDULES[name](optimizer, **options.get(name, {}))
    theirs = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    twin = getattr(torch.optim.lr_scheduler, type(schedule).__name__)(theirs, **options.get(name, {}))
    _, history = trained(net=net, optimizer=optimizer, callbacks=[schedule, recorder], valid=toy(20, seed=1), epochs=6)
    for rate, loss in zip(recorder.rates, history["valid_loss"], strict=True):
        theirs.step()
        twin.step(loss) if name == "plateau" else twin.step()
        assert rate == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-9, abs=1e-12)


# --- divergence and bad arguments -----------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_divergence_says_when_where_and_what_to_try(dtype: type) -> None:
    net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3), seed=0, dtype=dtype)
    with pytest.raises(
        FloatingPointError, match=r"epoch \d, batch \d.*layer \d, .*smaller\s+learning rate \(it is 1e\+"
    ):
        trained(net=net, optimizer=optim.SGD(net.parameters(), lr=1e30), epochs=5)


def test_divergence_in_the_very_last_step_is_seen() -> None:
    net = nn.Sequential(nn.Linear(4, 3), seed=0)
    with pytest.raises(FloatingPointError, match="in the weights of layer 0, Linear"):
        trained(net=net, optimizer=optim.SGD(net.parameters(), lr=1e45), epochs=1, batch_size=50)


def test_divergence_that_only_validation_shows_is_seen() -> None:
    """Finite weights, but so large that the last epoch's validation loss is none."""
    net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 3), seed=0)
    optimizer = optim.SGD(net.parameters(), lr=1e25)
    with pytest.raises(FloatingPointError, match="validation"):
        trained(net=net, optimizer=optimizer, epochs=1, batch_size=50, valid=toy(20, seed=1))


@pytest.mark.parametrize("name", ["epochs", "batch_size"])
@pytest.mark.parametrize("value", [0, -1, 1.5, 2.0, True, "3", None, float("nan"), float("inf")])
def test_epochs_and_batch_size_are_whole_numbers(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match="must be a whole number of at least 1"):
        trained(**{name: value})


def test_arguments_that_do_not_fit_are_refused() -> None:
    net = network()
    with pytest.raises(ValueError, match="reduction"):
        trained(criterion=nn.CrossEntropyLoss(reduction="none"))
    with pytest.raises(ValueError, match="reduction"):
        evaluate(net, toy(), nn.CrossEntropyLoss(reduction="none"))
    with pytest.raises(ValueError, match="none of this network's parameters"):
        trained(net=net, optimizer=optim.SGD(network().parameters(), lr=0.1))
    with pytest.raises(ValueError, match=r"takes x of shape \(N, 4\)"):
        trained(train=(np.ones((5, 3)), np.zeros(5, int)))
    with pytest.raises(ValueError, match=r"labels must be integers in \[0, 3\)"):
        trained(train=(np.ones((5, 4)), np.array([0, 1, 2, 3, 1])))
    with pytest.raises(ValueError, match="row 1, column 2"):
        trained(train=(np.array([[0, 0, 0, 0], [0, 0, np.nan, 0]]), np.array([0, 1])))
    with pytest.raises(ValueError, match="at least one record"):
        trained(train=(np.ones((0, 4)), np.zeros(0, int)))


# --- evaluate -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("n", [1, 1024, 2500])
def test_evaluate_is_the_mean_over_all_records(n: int, reduction: str) -> None:
    net, d = network(dropout=0.5), toy(n)
    net(d.x[:1].repeat(3, axis=0))
    twin = twin_of(net).eval()
    loss, accuracy = evaluate(net, d, nn.CrossEntropyLoss(reduction=reduction))
    out = twin(torch.tensor(d.x))
    assert_close(loss, torch.nn.functional.cross_entropy(out, torch.tensor(d.y)))
    assert accuracy == (out.argmax(dim=1).numpy() == d.y).mean()
    assert net.training is True
    evaluate(net.eval(), d, nn.CrossEntropyLoss())
    assert net.training is False


def test_accuracy_of_a_single_output() -> None:
    """The boundary is 0 for logits and ½ for probabilities; a regression has no accuracy."""
    net = nn.Sequential(nn.Linear(1, 1), dtype=np.float64)
    net.load_state_dict({"0.weight": [[1.0]], "0.bias": [0.0]})
    x = np.array([[-1.0], [0.2], [0.4], [0.6]])
    labels = (x, np.array([0, 1, 1, 1]))
    assert evaluate(net, labels, nn.BCEWithLogitsLoss())[1] == 1.0
    assert evaluate(net, (x[1:], np.array([0, 0, 1])), nn.BCELoss())[1] == 1.0
    assert evaluate(net, (x[1:], np.array([0, 0, 1])), nn.MSELoss())[1] == 1.0
    loss, accuracy = evaluate(net, (x, np.array([0.5, 0.5, 0.5, 0.5])), nn.MSELoss())
    assert accuracy is None
    assert loss == pytest.approx(((x - 0.5) ** 2).mean())
