"""The playground's session: what the engine computes, what the page is told, and what hostile messages come to."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainrule import data, fit, nn, optim
from chainrule.experiments.config import ConfigError
from chainrule.play import frames
from chainrule.play.catalog import catalog
from chainrule.play.links import Pasted, link_of, restored
from chainrule.play.records import GRID, records
from chainrule.play.runner import EngineRunner
from chainrule.play.session import Session
from chainrule.play.settings import MOST_LAYERS, Settings, datasets

BY_KIND = ("circles", "hills", "iris", "digits")


def by_type(messages: list[frames.Message]) -> dict[str, frames.Message]:
    return {message.header["type"]: message for message in messages}


def said(session: Session, **message: Any) -> dict[str, frames.Message]:
    return by_type(session.handle(message))


def unpacked(message: frames.Message) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read a packed message as the page does."""
    block = message.packed()
    length = int.from_bytes(block[:4], "little")
    header, body = json.loads(block[4 : 4 + length]), block[4 + length :]
    assert (4 + length) % 4 == 0
    kinds = {"f4": "<f4", "u1": "u1", "i4": "<i4"}
    arrays = {}
    for place in header["buffers"]:
        assert place["offset"] % 4 == 0
        count = math.prod(place["shape"])
        arrays[place["name"]] = np.frombuffer(body, kinds[place["dtype"]], count, place["offset"]).reshape(
            place["shape"]
        )
    return header, arrays


# Training ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("circles", {}),
        ("circles", {"optimizer": "adam", "lr": 0.01, "l2": 0.001, "dropout": 0.2, "activation": "relu"}),
        ("iris", {"batch_size": 7}),
        ("hills", {"optimizer": "rmsprop", "momentum": 0.5, "l1": 0.0001, "lr": 0.003}),
    ],
)
def test_a_session_trains_as_fit_does(name: str, changed: dict[str, Any]) -> None:
    wanted = Settings.beginning(name).changed({"records": 120, "seed": 3, **changed})
    session = Session(wanted)
    for _ in range(3):
        session.advance()
    other = EngineRunner(wanted, session.training.records)
    fit(
        other.net,
        session.training.records.train,
        criterion=other.criterion,
        optimizer=other.optimizer,
        penalty=other.penalty,
        epochs=3,
        batch_size=wanted.batch_size,
        seed=wanted.seed,
    )
    assert session.training.epoch == 3
    for mine, theirs in zip(session.training.runner.weights(), other.weights(), strict=True):
        np.testing.assert_array_equal(mine[0], theirs[0])
        np.testing.assert_array_equal(mine[1], theirs[1])


def test_the_default_network_learns() -> None:
    session = Session()
    first = said(session, type="hello")["frame"].header
    for _ in range(150):
        session.advance()
    last = session.shown()[0].header
    assert last["epoch"] == 150
    assert last["batches"] == 150 * 25
    assert last["accuracy_test"] > 0.95 > first["accuracy_test"]
    assert last["loss_test"] < first["loss_test"] / 3


def test_losses_and_accuracies_are_what_torch_computes() -> None:
    session = Session(Settings.beginning("iris"))
    session.advance()
    frame = session.shown()[0]
    found = session.training.records
    for name, part in (("train", found.train), ("test", found.test)):
        a = torch.tensor(part.x, dtype=torch.float64)
        for w, b in session.training.runner.weights():
            z = a @ torch.tensor(w, dtype=torch.float64).T + torch.tensor(b, dtype=torch.float64)
            a = torch.tanh(z)
        y = torch.tensor(part.y)
        assert frame.header[f"loss_{name}"] == pytest.approx(float(torch.nn.functional.cross_entropy(z, y)), rel=1e-5)
        assert frame.header[f"accuracy_{name}"] == pytest.approx(float((z.argmax(1) == y).double().mean()))
    said_as = np.zeros((3, 3), int)
    for right, guess in zip(found.test.y, z.argmax(1).tolist(), strict=True):
        said_as[right, guess] += 1
    np.testing.assert_array_equal(frame.arrays["confusion"], said_as)


def test_a_divergence_is_told_in_a_sentence_and_playing_begins_anew() -> None:
    session = Session(Settings.beginning("hills").changed({"lr": 100.0, "activation": "identity"}))
    said(session, type="play")
    for _ in range(50):
        session.advance()
    assert not session.playing
    sentence = session.shown()[0].header["sentence"]
    assert re.search(
        r"diverged at step \d+: NaN or infinity in the .*\. Try a smaller learning rate than 100", sentence
    )
    unpacked(session.shown()[0])  # NaN is no JSON
    assert said(session, type="play")["state"].header["playing"]
    assert session.training.batches == 0


# Pictures ---------------------------------------------------------------------------------------------------------


def test_heat_maps_and_boundary_show_the_network_at_each_place() -> None:
    session = Session(Settings(features=("x1", "x1·x2", "sin(π·x2)"), hidden=(3,), activation="tanh"))
    session.advance()
    header, arrays = unpacked(session.shown()[0])
    found, runner = session.training.records, session.training.runner
    (left, right), (low, high) = found.bounds
    assert found.scale is not None
    for row, column in ((0, 0), (0, GRID - 1), (GRID - 1, 7), (20, 31)):
        point = np.array([left + (column + 0.5) / GRID * (right - left), high - (row + 0.5) / GRID * (high - low)])
        a, b = (point - found.scale.mean) / found.scale.deviation
        x = np.array([a, a * b, np.sin(np.pi * b)])
        (w1, b1), (w2, b2) = runner.weights()
        hidden = np.tanh(w1 @ x + b1)
        np.testing.assert_allclose((arrays["heat"][:, row, column] - 128.0) / 127, hidden, atol=1 / 127)
        probability = 1 / (1 + np.exp(-(w2 @ hidden + b2)))
        np.testing.assert_allclose(arrays["boundary"][row, column], probability[0], atol=1e-5)
    assert header["epoch"] == 1
    flat = np.concatenate([part.ravel() for pair in runner.weights() for part in pair])
    np.testing.assert_array_equal(arrays["weights"], flat)
    for layer, (w, b) in enumerate(runner.weights()):
        values = np.concatenate([w.ravel(), b])
        low_end, high_end = header["ranges"][layer][0]
        assert (low_end, high_end) == pytest.approx((values.min(), values.max()))
        expected, _ = np.histogram(values.astype(float), frames.BINS, (low_end, high_end))
        assert arrays["histograms"][layer, 0].sum() == len(values)
        assert (
            np.abs(arrays["histograms"][layer, 0] - expected).sum() <= 2
        )  # a value on an edge may fall on either side


def test_images_come_with_their_first_weights_and_can_be_classified() -> None:
    session = Session(Settings.beginning("digits").changed({"hidden": [20], "records": 1500}))
    for _ in range(15):
        session.advance()
    messages = by_type(session.everything())
    _, shown = unpacked(messages["data"])
    _, arrays = unpacked(messages["frame"])
    assert shown["samples"].shape == (64, 64)
    assert arrays["first"].shape == (20, 8, 8)
    np.testing.assert_array_equal(arrays["first"].reshape(20, 64), session.training.runner.weights()[0][0])
    assert messages["frame"].header["accuracy_test"] > 0.9
    image = session.training.records.test.x[0]
    answer = said(session, type="classify", pixels=image.tolist())["prediction"].header
    assert len(answer["probabilities"]) == 10
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert int(np.argmax(answer["probabilities"])) == arrays["prediction"][0]
    for pixels in ([0.5] * 63, "0" * 64, [2.0] * 64, [math.nan] * 64, [None] * 64, None):
        assert "64 numbers from 0 to 1" in said(session, type="classify", pixels=pixels)["error"].header["message"]


# Controls ---------------------------------------------------------------------------------------------------------


def test_how_it_learns_can_change_on_the_way_and_what_it_learns_begins_anew() -> None:
    session = Session()
    for _ in range(5):
        session.advance()
    weights = session.training.runner.weights()[0][0].copy()
    answers = said(session, type="set", settings={"lr": 0.01, "batch_size": 30, "optimizer": "adam"})
    assert answers["state"].header["altered"]
    assert answers["frame"].header["epoch"] == 5
    np.testing.assert_array_equal(session.training.runner.weights()[0][0], weights)
    session.advance()
    assert session.training.epoch == 6
    assert session.training.batches == 5 * 25 + 9
    answers = said(session, type="set", settings={"hidden": [5]})
    assert answers["frame"].header["epoch"] == 0
    assert not answers["state"].header["altered"]


def test_a_change_of_the_rate_alone_leaves_momentum_mistake_and_lessons_weights_as_they_are() -> None:
    for name, changed in (("circles", {"momentum": 0.9}), ("circles", {"mistake": "TR174"}),
                          ("moons", {"by_hand": True}), ("moons", {"by_hand": True, "mistake": "GD121"})):  # fmt: skip
        one, two = (Session(Settings.beginning(name).changed({"records": 60, **changed})) for _ in range(2))
        rate = one.settings.lr
        for _ in range(3):
            one.advance()
            two.advance()
        said(one, type="set", settings={"lr": rate / 2})
        said(one, type="set", settings={"lr": rate})  # there and back: as if nothing had been touched
        assert one.training.epoch == 3
        for _ in range(2):
            one.advance()
            two.advance()
        a, b = one.shown()[0], two.shown()[0]
        np.testing.assert_array_equal(a.arrays["weights"], b.arrays["weights"], err_msg=str(changed))
        assert a.header.get("ghost") == b.header.get("ghost")


@pytest.mark.parametrize("name", datasets())
def test_every_dataset_plays(name: str) -> None:
    session = Session(Settings.beginning(name).changed({"records": 60}))
    session.handle({"type": "epoch"})
    for message in session.everything():
        unpacked(message)
    assert math.isfinite(session.shown()[0].header["loss_test"])


@pytest.mark.parametrize("data_name", ["circles", "hills"])
@pytest.mark.parametrize(
    ("field", "name"),
    [("activation", name) for name in nn.ACTIVATIONS]
    + [("loss", name) for name in nn.LOSSES]
    + [("optimizer", name) for name in optim.OPTIMIZERS]
    + [("init", name) for name in nn.INITIALIZERS],
)
def test_every_registry_entry_plays(data_name: str, field: str, name: str) -> None:
    wanted = Settings.beginning(data_name).changed({"records": 60, "lr": 0.01, field: name})
    if data_name == "hills" and field == "loss" and name in ("bce", "bce_with_logits", "cross_entropy"):
        with pytest.raises(ConfigError, match="is for classes, but hills has quantities"):
            Session(wanted)
        return
    session = Session(wanted)
    session.handle({"type": "epoch"})
    assert math.isfinite(session.shown()[0].header["loss_train"])


@pytest.fixture
def entry() -> Iterator[str]:
    name = "tests_own"
    nn.ACTIVATIONS.add(name)(type("Squash", (nn.Tanh,), {}))
    nn.INITIALIZERS.add(name)(lambda rng, shape: rng.normal(size=shape))
    optim.OPTIMIZERS.add(name)(type("Own", (optim.SGD,), {}))
    nn.LOSSES.add(name)(type("OwnLoss", (nn.MSELoss,), {}))
    data.DATASETS.add(name)(data.DATASETS["moons"])
    yield name
    for registry in (nn.ACTIVATIONS, nn.INITIALIZERS, optim.OPTIMIZERS, nn.LOSSES, data.DATASETS):
        del registry[name]


def test_a_new_registry_entry_is_a_choice_by_itself(entry: str) -> None:
    controls = {control["name"]: control for control in catalog()["settings"]}
    for control in ("activation", "init", "optimizer", "loss", "data"):
        assert entry in controls[control]["choices"], control
    assert entry in catalog()["datasets"]
    assert entry in controls["momentum"]["when"]["optimizer"]
    session = Session()
    values = {"activation": entry, "init": entry, "optimizer": entry, "loss": entry, "data": entry}
    assert "error" not in said(session, type="set", settings=values)
    session.advance()
    assert session.training.epoch == 1


def test_every_setting_has_a_control_with_its_words() -> None:
    controls = {control["name"]: control for control in catalog()["settings"]}
    assert list(controls) == [field.name for field in fields(Settings)]
    for control in controls.values():
        assert control["label"]
        assert control["help"].endswith(".")
        if control["kind"] in ("number", "integer"):
            assert control["low"] <= control["default"] <= control["high"]


# Links ------------------------------------------------------------------------------------------------------------

numbers = st.floats(0, 1).map(lambda value: round(value, 6))
valid = st.fixed_dictionaries(
    {},
    optional={
        "noise": numbers,
        "data_seed": st.integers(0, 2**32 - 1),
        "hidden": st.lists(st.integers(1, 64), max_size=MOST_LAYERS),
        "activation": st.lists(st.sampled_from(sorted(nn.ACTIVATIONS)), max_size=MOST_LAYERS),
        "features": st.lists(st.sampled_from(["x1", "x2", "x1²", "x1·x2", "sin(π·x1)"]), min_size=1),
        "lr": st.floats(1e-6, 100),
        "nesterov": st.booleans(),
        "standardize": st.booleans(),
        "momentum": numbers.map(lambda value: min(value, 0.999)),
        "optimizer": st.sampled_from(sorted(optim.OPTIMIZERS)),
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["circles", "spiral", "iris", "digits"]), valid)
def test_a_link_restores_the_settings(name: str, values: dict[str, Any]) -> None:
    wanted = Settings.beginning(name).changed(values)
    assert Settings.of_link(wanted.link()) == wanted
    assert Settings.of_link("#" + wanted.link()) == wanted


def test_a_pasted_table_travels_in_the_link() -> None:
    table = "a,b,y\n" + "\n".join(f"{i % 7},{i % 5},{'yes' if i % 3 else 'no'}" for i in range(60))
    session = Session()
    answers = said(session, type="csv", text=table, name="mine.csv")
    assert answers["data"].header["features"] == ["a", "b"]
    link = answers["state"].header["link"]
    other = Session()
    assert "error" not in said(other, type="hello", link=link)
    np.testing.assert_array_equal(other.training.records.train.x, session.training.records.train.x)
    long = Pasted("a,b,y\n" + "\n".join(f"{np.sin(i)},{np.cos(i)},{i % 2}" for i in range(3000)), "long")
    assert "table=" not in link_of(session.settings, long)
    assert restored(link)[1] == Pasted(table, "mine.csv")


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.text(max_size=200), st.text("abcdefghlnrs=&%#+;0123456789-._table", max_size=200)))
def test_a_damaged_link_is_refused_kindly(link: str) -> None:
    session = Session()
    before = session.settings
    answers = by_type(session.handle({"type": "hello", "link": link}))
    if "error" in answers:
        assert answers["error"].header["message"].startswith("the link can't be restored: ")
        assert session.settings == before
    assert "catalog" in answers


@pytest.mark.parametrize("steps", [1, 25, 60])
def test_a_link_restores_the_very_weights(steps: int) -> None:
    session = Session(Settings(hidden=(3,), optimizer="adam", lr=0.01, dropout=0.1))
    for _ in range(steps):
        answers = said(session, type="step")
    link = answers["state"].header["link"]
    assert link.endswith(f"&steps={steps}")
    other = Session()
    other.handle({"type": "hello", "link": link})
    assert other.playing
    while other.playing:
        other.advance()
    assert other.training.batches == steps
    np.testing.assert_array_equal(other.shown()[0].arrays["weights"], session.shown()[0].arrays["weights"])
    assert other.state().header["link"] == link
    said(session, type="set", settings={"lr": 0.1})
    assert "steps" not in session.state().header["link"]  # from the beginning, this rate would lead elsewhere


def test_a_weight_can_be_set() -> None:
    session = Session()
    answers = said(session, type="weight", layer=2, row=1, column=3, value=-2.5)
    assert session.training.runner.weights()[1][0][1, 3] == -2.5
    assert answers["frame"].arrays["weights"][4 * 3 + 4 + 3] == -2.5
    said(session, type="weight", layer=3, row=0, column=None, value=1)
    assert session.training.runner.weights()[2][1][0] == 1
    assert answers["state"].header["altered"]
    good = {"layer": 2, "row": 1, "column": 3, "value": 0.5}
    for wrong in ({"layer": 4}, {"layer": True}, {"row": -1}, {"row": 2}, {"column": "x"}, {"column": 4},
                  {"value": math.inf}, {"value": math.nan}, {"value": "1"}, {"value": 1e6}):  # fmt: skip
        assert len(said(session, type="weight", **{**good, **wrong})["error"].header["message"]) > 30
    assert session.training.runner.weights()[1][0][1, 3] == -2.5


# Hostile messages -------------------------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
names = st.sampled_from([field.name for field in fields(Settings)])
kinds = st.sampled_from(
    ["set", "speed", "record", "classify", "csv", "break", "hello", "step", "ack", "export", "nothing", ""]
)
messages = st.one_of(
    anything,
    st.fixed_dictionaries(
        {"type": kinds},
        optional={
            "settings": st.dictionaries(names, anything, max_size=3),
            **dict.fromkeys(("value", "index", "pixels", "text", "name", "code", "link", "kind"), anything),
        },
    ),
)


@pytest.fixture(scope="module")
def small() -> Session:
    return Session(Settings(records=40))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=messages)
def test_no_message_makes_a_session_raise(small: Session, message: Any) -> None:
    for answer in small.handle(message):
        header, _ = unpacked(answer)
        if header["type"] == "error":
            assert 10 < len(header["message"]) <= 1000
    assert isinstance(small.settings, Settings)
    small.start(Settings(records=40))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"hidden": [10_000, 10_000]}, "hidden must be a whole number from 1 to 64; got 10000: the nearest is 64"),
        ({"hidden": [4] * 1000}, "hidden may have at most 8 layers; got 1000"),
        ({"lr": math.nan}, "lr must be a number from 1e-06 to 100, such as 0.1; got nan"),
        ({"records": 10**12}, "records must be a whole number from 20 to 4000; got 1000000000000: the nearest is 4000"),
        ({"batch_size": 0}, "the nearest is 1"),
        ({"data": "mnist"}, "unknown dataset 'mnist'"),
        ({"data": "pasted"}, "nothing has been pasted"),
        ({"features": ["x1x2"]}, "unknown feature 'x1x2': did you mean 'x1·x2'"),
        ({"optimizer": "sdg"}, "the nearest is 'sgd'"),
        ({"activation": ["tanhh"]}, "did you mean 'tanh'"),
        ({"learning": 1}, "unknown setting 'learning'"),
        ({"mistake": "GD999"}, "GD999"),
        ({"by_hand": True, "hidden": [3, 3]}, "one hidden layer"),
    ],
)
def test_settings_out_of_bounds_are_refused_kindly_and_nothing_changes(values: dict[str, Any], words: str) -> None:
    session = Session(Settings(records=40))
    before = session.settings, session.training
    answers = said(session, type="set", settings=values)
    assert words in answers["error"].header["message"]
    assert answers["state"].header["settings"]["lr"] == 0.1
    assert (session.settings, session.training) == before


def test_a_paste_of_ten_million_rows_and_nan_are_refused() -> None:
    session = Session(Settings(records=40))
    answers = said(session, type="csv", text="a,b\n" + "1,2\n" * 10_000_000)
    assert "the playground takes at most 4,000,000: paste a part" in answers["error"].header["message"]
    answers = said(session, type="csv", text="a,b\n1,2\n2,nan\n3,4\n")
    assert re.search(r"line 3, column 'b'.*'nan'", answers["error"].header["message"])
    assert session.settings.data == "circles"


def test_records_are_split_as_asked_and_scaled_by_the_training_part() -> None:
    found = records(Settings(train_share=0.8, records=100))
    assert (len(found.train), len(found.test)) == (80, 20)
    np.testing.assert_allclose(found.train.x.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(found.train.x.std(axis=0), 1, atol=1e-5)
    raw = records(Settings(train_share=0.8, records=100, standardize=False))
    assert raw.train_points is not None
    np.testing.assert_array_equal(raw.train.x, raw.train_points)
