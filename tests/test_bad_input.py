"""Bad input gets a clear error: what was wrong, where, and what was expected. Hypothesis plays the hostile user."""

import gzip
import math
import struct

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from chainrule import data, fit, nn, optim
from chainrule.data import DataError, Dataset
from chainrule.nn.losses import LOSSES
from chainrule.training import EarlyStopping, evaluate

NOT_FINITE = st.sampled_from([math.nan, math.inf, -math.inf])
NO_POSITIVE_WHOLE = [
    *(0, -1, -7, 0.5, 1.5),
    math.nan,
    math.inf,
]
CROSS_ENTROPY = nn.CrossEntropyLoss()


def refused(call, *words, error=ValueError):
    """Assert that ``call()`` raises ``error`` itself, with all ``words`` in a message of its own."""
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    for word in words:
        assert str(word) in message, f"{word!r} is not in {message!r}"
    return message


def small(n=12, columns=3, classes=2, seed=0):
    rng = np.random.default_rng(seed)
    return Dataset(rng.normal(size=(n, columns)), np.arange(n) % classes, tuple("abcdef"[:classes]))


def network(columns=3, outputs=2):
    return nn.Sequential(nn.Linear(columns, 4), nn.ReLU(), nn.Linear(4, outputs), seed=0)


def train(ds, net=None, **options):
    net = network() if net is None else net
    given = {"epochs": 1, "batch_size": 4, "criterion": CROSS_ENTROPY, "seed": 0} | options
    given.setdefault("optimizer", optim.SGD(net.parameters(), lr=0.1))
    return fit(net, ds, **given)


# A dataset


@given(hnp.array_shapes(min_dims=0, max_dims=4, max_side=4).filter(lambda shape: len(shape) != 2))
def test_x_must_have_one_record_a_row(shape):
    refused(lambda: Dataset(np.zeros(shape), np.zeros(4, int), ("a",)), "x must be 2-D", shape)


@given(st.sampled_from([(0, 3), (3, 0), (0, 0)]))
def test_an_empty_dataset_is_refused(shape):
    refused(lambda: Dataset(np.zeros(shape), np.zeros(shape[0], int), ("a",)), "at least one record", shape)


@given(st.integers(1, 9), st.integers(0, 9))
def test_every_record_needs_a_target(records, targets):
    assume(records != targets)
    refused(
        lambda: Dataset(np.zeros((records, 2)), np.zeros(targets, int), ("a",)),
        f"{records} records",
        f"{targets} targets",
    )


@given(
    st.integers(1, 9), st.integers(1, 5), st.data(), NOT_FINITE, st.sampled_from([np.float16, np.float32, np.float64])
)
def test_nan_and_infinity_are_found_where_they_are(n, columns, draw, value, dtype):
    i, j = draw.draw(st.integers(0, n - 1)), draw.draw(st.integers(0, columns - 1))
    x = np.zeros((n, columns), dtype)
    x[i, j] = value
    refused(lambda: Dataset(x, np.zeros(n, int), ("a",)), value, f"row {i}, column {j}")
    refused(lambda: Dataset(np.zeros((n, 1)), x[:, j]), f"index {i}")


@pytest.mark.parametrize("x", [[["a"]], [[1j]], [[None]], np.array([["2020-01-01"]], "M8[D]")])
def test_x_must_be_numbers(x):
    refused(lambda: Dataset(np.array(x), np.zeros(1, int), ("a",)), "must be numbers")


def test_numbers_beyond_float32_are_not_turned_into_infinity():
    with np.errstate(over="ignore"):
        refused(lambda: Dataset(np.array([[1e300]], np.longdouble), np.zeros(1, int), ("a",)), "x must be")


@given(st.integers(1, 9), st.integers(1, 6), st.data())
def test_a_label_out_of_range_is_named(n, classes, draw):
    labels = np.zeros(n, draw.draw(st.sampled_from([np.int8, np.int64, np.float64])))
    at = draw.draw(st.integers(0, n - 1))
    labels[at] = draw.draw(st.one_of(st.integers(-100, -1), st.integers(classes, 100)))
    refused(
        lambda: Dataset(np.zeros((n, 1)), labels, tuple("abcdef"[:classes])),
        f"[0, {classes})",
        f"{labels[at]:g} at index {at}",
    )


@given(st.sampled_from([0.5, math.nan, math.inf, -math.inf, 1e300]), st.integers(0, 3))
def test_a_label_that_is_no_whole_number_is_named(value, at):
    labels = np.zeros(4)
    labels[at] = value
    refused(lambda: Dataset(np.zeros((4, 1)), labels, ("a", "b")), "[0, 2)", f"index {at}")


@pytest.mark.parametrize("labels", [["a", "b"], [[0], [1]], [None, 1], [0j, 1j]])
def test_labels_are_one_whole_number_a_record(labels):
    refused(lambda: Dataset(np.zeros((2, 1)), np.array(labels), ("a", "b")), "labels must")


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=4), st.integers(1, 30))
def test_a_split_is_a_partition_or_is_refused(fractions, n):
    ds = Dataset(np.arange(n)[:, None], np.arange(n) % 2, ("a", "b"))
    try:
        parts = ds.split(*fractions, seed=0)
    except ValueError as error:
        assert "fractions" in str(error) or "too few" in str(error)  # noqa: PT017
    else:
        assert sorted(np.concatenate([part.x[:, 0] for part in parts])) == list(range(n))


@given(st.integers(1, 3))
def test_too_few_records_for_a_split(n):
    refused(lambda: small(n=n).split(0.7, 0.1, 0.1, 0.1), f"{n} records are too few")


@pytest.mark.parametrize("size", NO_POSITIVE_WHOLE)
def test_a_batch_size_is_a_positive_whole_number(size):
    refused(lambda: next(small().batches(size)), "batch size must be a whole number", size)


@given(st.integers(1, 5), st.integers(1, 5))
def test_standardize_wants_the_same_columns(columns, others):
    assume(columns != others)
    refused(lambda: small(columns=columns).standardize(small(columns=others)), f"{columns} columns")


@given(hnp.arrays(np.float32, (5, 2), elements=st.floats(-(2.0**90), 2.0**90, width=32)))
def test_standardize_gives_finite_numbers_for_any_column(x):
    (ds,) = Dataset(x, np.zeros(5, int), ("a",)).standardize()
    assert np.isfinite(ds.x).all()


@given(st.integers(-30, 30).filter(lambda i: not -12 <= i < 12))
def test_a_row_that_is_not_there(i):
    refused(lambda: small()[[i]], error=IndexError)


def test_no_rows_are_no_dataset():
    refused(lambda: small()[small().y > 5], "at least one record")


# Names


@given(st.sampled_from(sorted(data.DATASETS)), st.integers(0, 20), st.sampled_from("qz-"))
def test_a_misspelt_dataset_gets_the_nearest_name(name, at, letter):
    assume(len(name) > 3)
    misspelt = name[:at] + letter + name[at:]
    message = refused(lambda: data.load(misspelt), f"unknown dataset {misspelt!r}", "did you mean", "Known: ")
    assert f"did you mean {name!r}" in message or name == "mnist"  # "fashion-mnist" may be nearer


@given(st.text(max_size=20).filter(lambda s: s not in data.DATASETS and not s.lower().endswith((".csv", ".npz"))))
@example("")
@example("../../etc/passwd")
@example("\0")
def test_any_other_name_is_refused_with_the_known_ones(name):
    refused(lambda: data.load(name), "unknown dataset", "Known: ", "breast-cancer")


@pytest.mark.parametrize(
    ("registry", "name", "near"),
    [
        (nn.ACTIVATIONS, "relo", "relu"),
        (nn.ACTIVATIONS, "Sigmoid", "sigmoid"),
        (nn.INITIALIZERS, "xavier", "xavier_normal"),
        (LOSSES, "crossentropy", "cross_entropy"),
        (nn.PENALTIES, "L2", "l2"),
        (optim.OPTIMIZERS, "sdg", "sgd"),
    ],
)
def test_an_unknown_name_gets_the_nearest_one(registry, name, near):
    refused(lambda: registry[name], f"unknown {registry.kind} {name!r}", f"did you mean {near!r}")


def test_an_unknown_initializer_is_refused_by_the_layer():
    refused(lambda: nn.Linear(2, 3, init="he_nromal"), "did you mean 'he_normal'")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("digits", {"part": "train"}),
        ("fashion-small", {"part": "valid"}),
        ("moons", {"n": 0}),
        ("moons", {"n": -3}),
        ("spiral", {"n": -3}),
        ("spiral", {"n": 2.5}),
        ("xor", {"n": 0}),
        ("xor", {"n": -1}),
        ("moons", {"noise": -1}),
        ("xor", {"noise": math.nan}),
        ("spiral", {"noise": -1}),
        ("moons", {"n": "many"}),
        ("moons", {"size": 7}),
        ("digits", {"dtype": np.int64}),
        ("digits", {"dtype": np.float16}),
    ],
)
def test_an_option_that_does_not_fit_is_refused(name, options):
    option, value = next(iter(options.items()))
    message = refused(lambda: data.load(name, **options))
    assert option in message, message
    assert str(value) in message or option in ("part", "size", "dtype"), message


# Files


IDX = struct.pack(">4B2I", 0, 0, 8, 2, 3, 4) + bytes(range(12))


@given(st.integers(0, len(IDX) - 1), st.booleans())
def test_an_idx_file_cut_short_is_damaged(tmp_path_factory, length, packed):
    path = tmp_path_factory.mktemp("idx") / ("cut.gz" if packed else "cut")
    path.write_bytes(gzip.compress(IDX[:length]) if packed else IDX[:length])
    refused(lambda: data.readers.read_idx(path), path, error=DataError)


@given(st.binary(max_size=60), st.sampled_from(["", ".gz"]))
@example(struct.pack(">4B2I", 0, 0, 8, 2, 0, 0), "")
@example(struct.pack(">4B1I", 0, 0, 8, 255, 1), "")
@example(struct.pack(">4B3I", 0, 0, 8, 3, 2**31, 2**31, 0), "")
@example(IDX + b"more", "")
@example(gzip.compress(IDX)[:-3], ".gz")
def test_any_bytes_are_an_idx_file_or_are_damaged(tmp_path_factory, content, suffix):
    path = tmp_path_factory.mktemp("idx") / f"any{suffix}"
    path.write_bytes(content)
    try:
        values = data.readers.read_idx(path)
    except DataError as error:
        assert str(path) in str(error)  # noqa: PT017
    else:
        assert values.dtype == np.uint8
        assert values.size == len(content) - 4 - 4 * content[3] or suffix


def test_sizes_whose_product_overflows(tmp_path):
    path = tmp_path / "huge"
    path.write_bytes(struct.pack(">4B4I", 0, 0, 8, 4, 65536, 65536, 65536, 65536))
    refused(lambda: data.readers.read_idx(path), path, error=DataError)


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_gzip_file_with_a_wrong_byte_never_reads_wrongly(tmp_path_factory, at, value):
    good = bytearray(gzip.compress(IDX, mtime=0))
    content = good.copy()
    content[at % len(good)] = value
    path = tmp_path_factory.mktemp("idx") / "flipped.gz"
    path.write_bytes(content)
    try:
        values = data.readers.read_idx(path)
    except DataError:
        return
    assert values.tolist() == np.arange(12).reshape(3, 4).tolist()


def test_mnist_that_is_not_there_says_what_to_do(tmp_path):
    refused(lambda: data.load("mnist", root=tmp_path), tmp_path, "CHAINRULE_DATA", "digits", error=DataError)


def test_images_and_labels_of_different_lengths(tmp_path):
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "train-images-idx3-ubyte").write_bytes(struct.pack(">4B3I", 0, 0, 8, 3, 2, 1, 1) + b"\1\2")
    (raw / "train-labels-idx1-ubyte").write_bytes(struct.pack(">4BI", 0, 0, 8, 1, 3) + b"\0\0\0")
    refused(lambda: data.load("mnist", root=tmp_path), raw, "labels", error=DataError)
    (raw / "train-labels-idx1-ubyte").write_bytes(struct.pack(">4BI", 0, 0, 8, 1, 2) + b"\0\x0b")
    refused(lambda: data.load("mnist", root=tmp_path), "got 11 at index 1")


@pytest.mark.parametrize("suffix", [".csv", ".npz"])
def test_a_file_that_is_not_there_or_is_a_folder(tmp_path, suffix):
    refused(lambda: data.load(tmp_path / f"none{suffix}"), f"none{suffix}", error=DataError)
    (tmp_path / f"folder{suffix}").mkdir()
    refused(lambda: data.load(tmp_path / f"folder{suffix}"), f"folder{suffix}", error=DataError)


def npz(folder, **arrays):
    path = folder / "own.npz"
    np.savez(path, **arrays)
    return path


@given(st.data())
def test_a_damaged_npz_file_is_refused_or_read_rightly(tmp_path_factory, draw):
    path = npz(tmp_path_factory.mktemp("npz"), x=np.arange(6.0).reshape(3, 2), y=np.array([0, 1, 1]))
    content = bytearray(path.read_bytes())
    if draw.draw(st.booleans()):
        content = content[: draw.draw(st.integers(0, len(content) - 1))]
    else:
        content[draw.draw(st.integers(0, len(content) - 1))] ^= draw.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        ds = data.load(path)
    except DataError as error:
        assert str(path) in str(error)  # noqa: PT017
    else:
        assert ds.x.tolist() == [[0, 1], [2, 3], [4, 5]]
        assert ds.y.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": np.zeros((2, 1))},
        {"y": np.zeros(2)},
        {},
        pytest.param({"x": np.zeros((0, 2)), "y": np.zeros(0)}),
        {"x": np.float64(3), "y": np.zeros(1)},
        {"x": np.zeros((2, 1)), "y": np.float64(3)},
        {"x": np.zeros((2, 1)), "y": np.zeros(3)},
        {"x": np.array([["a"], ["b"]]), "y": np.zeros(2)},
        pytest.param({"x": np.zeros((2, 1)), "y": np.zeros((2, 2), int)}),
        {"x": np.array([[1.0], [math.nan]]), "y": np.zeros(2, int)},
        {"x": np.array([{}, {}], object), "y": np.zeros(2, int)},
    ],
    ids=["no y", "no x", "nothing", "empty", "x 0-d", "y 0-d", "lengths", "text", "y 2-D", "nan", "pickled"],
)
def test_an_npz_file_that_holds_no_dataset(tmp_path, arrays):
    path = npz(tmp_path, **arrays)
    message = refused(lambda: data.load(path))
    assert "own" in message, message


CSV = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80)


@given(st.one_of(CSV, st.text("ab,1.\n\"' -e;", max_size=80)))
@example("a,b\n1,2\n\n")
@example('a,b\n"1,2\n')
@example("a\n1\n2")
@example("a,b\n1,\n")
@example("a,b\n,1\n")
@example("a,b\n\0,1\n")
@example("a,b\n1,1e999\n")
@example("a,b\n1e999,1\n")
@example("a,b\n1e300,1\n")
@example("a,b\n1,nan\n2,1\n")
@example("a,b\n1,nan\n2,0.5\n")
@example("\ufeffa,b\n1,0\n")
def test_any_text_is_a_table_or_is_refused(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("csv") / "own.csv"
    path.write_text(text, encoding="utf-8", newline="")
    with np.errstate(over="ignore"):
        try:
            ds = data.load(path)
        except ValueError as error:
            assert "own" in str(error), str(error)  # noqa: PT017
        else:
            assert np.isfinite(ds.x).all()


@given(st.integers(0, 4), st.integers(0, 2), st.sampled_from(["", "x", "nan", "inf", "1,5", "--1", "1e999"]))
def test_a_cell_that_is_no_number_is_named(tmp_path_factory, row, column, cell):
    path = tmp_path_factory.mktemp("csv") / "own.csv"
    rows = [["1", "2", "3", "0"] for _ in range(5)]
    rows[row][column] = f'"{cell}"'
    path.write_text("\n".join(",".join(line) for line in [["c0", "c1", "c2", "y"], *rows]))
    refused(lambda: data.load(path), path, f"row {row + 2}", f"column 'c{column}'", error=DataError)


@given(st.integers(0, 4), st.sampled_from(["", "nan", "inf"]), st.sampled_from(["0", "0.5", "cat"]))
def test_a_missing_target_is_named(tmp_path_factory, row, cell, others):
    path = tmp_path_factory.mktemp("csv") / "own.csv"
    targets = [others] * 5
    targets[row] = cell
    assume(others != "cat" or cell == "")  # beside text, "nan" is a class of that name
    path.write_text("a,y\n" + "".join(f"1,{target}\n" for target in targets))
    refused(lambda: data.load(path), "own", f"row {row + 2}")


def test_a_target_column_that_is_not_there(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n")
    refused(lambda: data.load(path, target="c"), "no column 'c'", "a, b", error=DataError)


@given(st.integers(0, 300), st.integers(1, 255))
def test_a_damaged_network_file_is_refused(tmp_path_factory, at, flip):
    path = tmp_path_factory.mktemp("net") / "net.safetensors"
    nn.save(network(), path)
    content = bytearray(path.read_bytes())
    content[at] ^= flip
    path.write_bytes(content)
    try:
        net = nn.load(path)
    except ValueError as error:
        assert str(path) in str(error)  # noqa: PT017
    else:
        assert isinstance(net, nn.Sequential)


@given(st.integers(0, 400))
def test_a_network_file_cut_short_is_refused(tmp_path_factory, length):
    path = tmp_path_factory.mktemp("net") / "net.safetensors"
    nn.save(network(), path)
    content = path.read_bytes()
    path.write_bytes(content[: min(length, len(content) - 1)])
    refused(lambda: nn.load(path), path)


def test_a_network_file_that_is_not_there(tmp_path):
    refused(lambda: nn.load(tmp_path / "none.safetensors"), "none.safetensors", error=(OSError, ValueError))


# Networks, losses, optimizers


@given(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5))
def test_a_network_takes_rows_of_its_own_width(shape):
    assume(len(shape) != 2 or shape[1] != 3)
    refused(lambda: network()(np.zeros(shape)), "(N, 3)", shape)


@pytest.mark.parametrize("size", [0, -1, 2.5, "3", None, math.nan, True])
def test_a_layer_has_whole_sizes(size):
    refused(lambda: nn.Linear(size, 3), "in_features must be a whole number", repr(size))
    refused(lambda: nn.Linear(3, size), "out_features must be a whole number", repr(size))


def test_what_is_no_network():
    shared = nn.Linear(2, 2)
    refused(lambda: nn.Sequential(), "at least one layer")
    refused(lambda: nn.Sequential(nn.ReLU), "must be a layer", error=TypeError)
    refused(lambda: nn.Sequential(shared, shared), "already belongs")
    refused(lambda: nn.Sequential(nn.Linear(2, 2), dtype=np.int32), "float32 or float64")


@pytest.mark.parametrize("seed", [-1, "7"])
def test_a_seed_is_a_whole_number(seed):
    refused(lambda: nn.Sequential(nn.Linear(2, 2), seed=seed), "seed must", error=(TypeError, ValueError))


def test_layers_that_do_not_fit_each_other_say_which():
    net = nn.Sequential(nn.Linear(3, 4), nn.Linear(5, 2), seed=0)
    refused(lambda: net(np.zeros((2, 3))), "Linear(in_features=5, out_features=2)", "(2, 4)")


def test_backward_needs_its_own_forward_and_its_shape():
    net = network()
    refused(lambda: net.backward(np.zeros((2, 2))), "forward", error=RuntimeError)
    net(np.zeros((2, 3)))
    refused(lambda: net.backward(np.zeros((3, 2))), "(2, 2)", "(3, 2)")


@given(st.integers(1, 6), st.integers(1, 5), st.data())
def test_cross_entropy_names_a_label_out_of_range(n, classes, draw):
    labels = np.zeros(n, int)
    at = draw.draw(st.integers(0, n - 1))
    labels[at] = draw.draw(st.one_of(st.integers(-(2**62), -1), st.integers(classes, 2**62)))
    refused(lambda: CROSS_ENTROPY(np.zeros((n, classes)), labels), f"[0, {classes})", f"index {at}")


@given(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
def test_cross_entropy_wants_one_label_a_row(shape):
    assume(shape != (4,))
    refused(lambda: CROSS_ENTROPY(np.zeros((4, 3)), np.zeros(shape, int)), "labels")


@given(hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
def test_cross_entropy_wants_rows_of_logits(shape):
    assume(len(shape) != 2 or 0 in shape)
    refused(lambda: CROSS_ENTROPY(np.zeros(shape), np.zeros(shape[:1], int)), "must have", shape)


@given(
    st.sampled_from([nn.MSELoss, nn.BCELoss, nn.BCEWithLogitsLoss]),
    hnp.array_shapes(min_dims=1, max_dims=2, max_side=4),
    hnp.array_shapes(min_dims=1, max_dims=2, max_side=4),
)
def test_an_elementwise_loss_never_broadcasts(loss, prediction, target):
    assume(target != prediction and prediction != (*target, 1))
    refused(lambda: loss()(np.full(prediction, 0.5), np.zeros(target)), prediction, target)


@given(st.one_of(st.floats(max_value=-1e-6), st.floats(min_value=1.00001), st.just(math.nan)))
def test_binary_cross_entropy_takes_probabilities(value):
    refused(lambda: nn.BCELoss()(np.array([0.5, value]), np.array([0.0, 1.0])), "[0, 1]")


def test_an_unknown_reduction():
    refused(lambda: nn.MSELoss(reduction="avg"), "reduction must be", "'avg'")


@pytest.mark.parametrize("make", [optim.SGD, optim.Adam])
@pytest.mark.parametrize("lr", [-0.1, math.nan, math.inf])
def test_a_learning_rate_is_a_number_not_below_zero(make, lr):
    refused(lambda: make(network().parameters(), lr=lr), "lr", lr)


@pytest.mark.parametrize("lr", ["0.1", None])
def test_a_learning_rate_that_is_no_number(lr):
    refused(lambda: optim.SGD(network().parameters(), lr=lr), "lr", error=(ValueError, TypeError))


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (optim.SGD, {"momentum": -0.1}),
        (optim.SGD, {"momentum": math.nan}),
        (optim.SGD, {"weight_decay": -1}),
        (optim.Adam, {"betas": (0.9, 1.0)}),
        (optim.Adam, {"betas": (-0.1, 0.9)}),
        (optim.Adam, {"betas": (math.nan, 0.9)}),
        pytest.param(optim.Adam, {"betas": 0.9}),
        (optim.Adam, {"eps": -1e-8}),
    ],
)
def test_other_settings_of_an_optimizer(make, options):
    option = next(iter(options))
    refused(lambda: make(network().parameters(), lr=0.1, **options), option, error=(ValueError, TypeError))


def test_an_optimizer_needs_parameters():
    refused(lambda: optim.SGD([], lr=0.1), "at least one parameter")
    refused(lambda: optim.SGD(network(), lr=0.1), "parameter", error=TypeError)


@pytest.mark.parametrize("penalty", [nn.L1, nn.L2])
@pytest.mark.parametrize("lam", [-1, math.nan, math.inf])
def test_a_penalty_is_a_number_not_below_zero(penalty, lam):
    refused(lambda: penalty(lam), lam)


def test_weights_of_the_wrong_shape_or_name_change_nothing():
    net = network()
    before = net.state_dict()
    refused(lambda: net.load_state_dict({**before, "0.weight": np.zeros((3, 4))}), "'0.weight'", "(4, 3)", "(3, 4)")
    refused(lambda: net.load_state_dict({"0.weight": before["0.weight"]}), "missing", "2.bias")
    assert all(np.array_equal(before[key], values) for key, values in net.state_dict().items())


# Training


@pytest.mark.parametrize("value", NO_POSITIVE_WHOLE)
def test_epochs_and_batch_size_are_positive_whole_numbers(value):
    refused(lambda: train(small(), epochs=value), "epochs must be a whole number", value)
    refused(lambda: train(small(), batch_size=value), "batch_size must be a whole number", value)


@given(NOT_FINITE, st.integers(0, 11), st.integers(0, 2))
def test_arrays_are_checked_before_training(value, i, j):
    x, y = small().x.copy(), small().y
    x[i, j] = value
    net = network()
    before = net.state_dict()
    refused(lambda: train((x, y), net), f"row {i}, column {j}")
    refused(lambda: train(small(), net, valid=(x, y)), f"row {i}, column {j}")
    assert all(np.array_equal(before[key], values) for key, values in net.state_dict().items())


@pytest.mark.parametrize(
    "pair",
    [
        (np.zeros((0, 3)), np.zeros(0, int)),
        (np.zeros(3), np.zeros(3, int)),
        (np.zeros((3, 3)), np.zeros(4, int)),
        (np.zeros((3, 3)), np.array([0, -1, 1])),
        (np.zeros((3, 3)), np.array([0, 0.5, 1])),
        (np.zeros((3, 3)), np.array(["a", "b", "c"])),
    ],
    ids=["empty", "x 1-D", "lengths", "negative", "fraction", "text"],
)
def test_a_pair_that_is_no_dataset(pair):
    refused(lambda: train(pair))
    refused(lambda: evaluate(network(), pair, CROSS_ENTROPY))


@pytest.mark.parametrize("value", [None, 3, "digits", [1, 2, 3], np.zeros((3, 3))])
def test_what_is_neither_a_dataset_nor_a_pair(value):
    refused(lambda: train(value), error=(ValueError, TypeError))


def test_more_classes_than_outputs():
    refused(lambda: train(small(classes=3)), "[0, 2)")


def test_columns_that_do_not_fit_the_network():
    refused(lambda: train(small(columns=4)), "(N, 3)", "4)")
    refused(lambda: train(small(), valid=small(columns=4)), "(N, 3)", "4)")


def test_a_divergence_says_what_to_try():
    ds = Dataset(1e18 * small().x, small().y, ("a", "b"))
    net = network()
    sgd = optim.SGD(net.parameters(), lr=1e18)
    refused(lambda: train(ds, net, optimizer=sgd, epochs=5), "epoch", "learning rate", error=FloatingPointError)


def test_early_stopping_needs_something_to_watch():
    refused(lambda: EarlyStopping(patience=0), "patience must be at least 1", 0)
    refused(lambda: train(small(), callbacks=[EarlyStopping()]), "valid_loss", "train_loss")
