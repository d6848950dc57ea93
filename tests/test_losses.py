"""Every loss against its PyTorch twin in float64, and against finite differences."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from chainrule import nn
from twins import NUMERIC, assert_close, central

seeds, sizes = st.integers(0, 2**32 - 1), st.integers(1, 7)
every_loss = pytest.mark.parametrize("name", list(nn.LOSSES))
elementwise = pytest.mark.parametrize("name", [name for name in nn.LOSSES if name != "cross_entropy"])
reductions = st.sampled_from(["mean", "sum", "none"])


def batch(name: str, n: int, c: int, seed: int) -> tuple[Any, Any]:
    """Return a prediction and a target that suit the loss: probabilities, labels, or any numbers."""
    rng = np.random.default_rng(seed)
    p, t = rng.normal(scale=2, size=(n, c)), rng.normal(scale=2, size=(n, c))
    if "bce" in name:
        t = rng.uniform(size=(n, c)) if seed % 2 else rng.integers(2, size=(n, c)).astype(float)
    if name == "bce":
        p = rng.uniform(0.02, 0.98, size=(n, c))
    return (p, rng.integers(c, size=n)) if name == "cross_entropy" else (p, t)


@st.composite
def options(draw: st.DrawFn, name: str, n_classes: int) -> dict[str, Any]:
    drawn: dict[str, Any] = {"reduction": draw(reductions)}
    if name == "huber":
        drawn["delta"] = draw(st.floats(0.1, 5))
    if name == "cross_entropy":
        drawn["label_smoothing"] = draw(st.sampled_from([0.0, 0.1, 0.37, 1.0]))
        weights = st.lists(st.floats(0.1, 9), min_size=n_classes, max_size=n_classes)
        drawn["weight"] = draw(st.none() | weights)
    return drawn


@every_loss
@given(data=st.data(), n=sizes, c=sizes, seed=seeds)
def test_equals_its_twin(name: str, data: st.DataObject, n: int, c: int, seed: int) -> None:
    """With each reduction and option; the gradient times the slope of what comes after it."""
    p, t = batch(name, n, c, seed)
    arguments = data.draw(options(name, c))
    ours = nn.LOSSES[name](**arguments)
    if not hasattr(torch.nn, type(ours).__name__):
        pytest.skip("PyTorch has none of this name")
    if arguments.get("weight"):
        arguments["weight"] = torch.tensor(arguments["weight"], dtype=torch.float64)
    theirs = getattr(torch.nn, type(ours).__name__)(**arguments)

    given_p = torch.tensor(p, requires_grad=True)
    expected = theirs(given_p, torch.tensor(t))
    loss = ours(p, t)
    assert_close(loss, expected, what="loss")
    after = np.random.default_rng(seed).normal(size=expected.shape)
    expected.backward(torch.tensor(after))
    assert_close(ours.backward(after), given_p.grad, what="gradient")


@every_loss
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_gradient_equals_finite_differences(name: str, reduction: str) -> None:
    p, t = batch(name, 5, 4, 3)
    loss = nn.LOSSES[name](reduction=reduction)
    loss(p, t)
    assert_close(loss.backward(), central(lambda p: loss(p, t), p), NUMERIC)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_class_weights_and_smoothing_equal_finite_differences(smoothing: float) -> None:
    p, t = batch("cross_entropy", 6, 4, 5)
    loss = nn.CrossEntropyLoss(weight=[0.5, 2.0, 0.0, 1.0], label_smoothing=smoothing)
    loss(p, t)
    assert_close(loss.backward(), central(lambda p: loss(p, t), p), NUMERIC)


@every_loss
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_inputs_are_safe(name: str, dtype: type) -> None:
    """Logits of ±1e4 give finite losses and gradients, in the dtype they came in, without a warning; as PyTorch's."""
    p = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4], [1e4, 1e4, 1e4]], dtype)
    t = np.array([[0.0, 1.0, 1.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], dtype)
    if name == "bce":
        p = np.array([[0.0, 1.0, 0.5], [0.0, 1.0, 1.0], [1.0, 0.0, 1e-30]], dtype)
    target = np.array([1, 0, 2]) if name == "cross_entropy" else t
    for more in ({}, {"label_smoothing": 0.1}) if name == "cross_entropy" else ({},):
        for reduction in ("mean", "sum", "none"):
            loss = nn.LOSSES[name](reduction=reduction, **more)
            with np.errstate(all="raise", under="ignore"):
                value, gradient = loss(p, target), loss.backward()
            assert np.isfinite(value).all()
            assert np.isfinite(gradient).all()
            assert gradient.dtype == dtype
            if hasattr(torch.nn, type(loss).__name__):
                given_p = torch.tensor(p, dtype=torch.float64, requires_grad=True)
                expected = getattr(torch.nn, type(loss).__name__)(reduction=reduction, **more)(
                    given_p, torch.tensor(target) if name == "cross_entropy" else torch.tensor(t).double()
                )
                expected.sum().backward()
                bound = 1e-10 if dtype == np.float64 else 1e-5
                bound = max(bound, 1e-8) if name == "bce" else bound  # PyTorch rounds its 1e-12 to float32
                assert_close(value, expected, bound)
                assert_close(gradient, given_p.grad, bound)


def test_softmax_is_pytorchs(rng: np.random.Generator) -> None:
    z = np.concatenate([rng.normal(size=(4, 5)), [[1e4, -1e4, 0, 1e4, 3]]])
    assert_close(nn.softmax(z), torch.softmax(torch.tensor(z), dim=-1))
    assert_close(nn.softmax(z).sum(axis=1), np.ones(5))


def test_the_initial_loss_of_c_classes_is_ln_c() -> None:
    assert nn.CrossEntropyLoss()(np.zeros((4, 10)), [0, 3, 9, 1]) == pytest.approx(np.log(10), rel=1e-12)
    assert nn.BCEWithLogitsLoss()(np.zeros((4, 1)), np.ones(4)) == pytest.approx(np.log(2), rel=1e-12)


@elementwise
def test_targets_of_n_go_with_predictions_of_n_by_1(name: str) -> None:
    p, t = batch(name, 5, 1, 2)
    loss = nn.LOSSES[name](reduction="none")
    np.testing.assert_array_equal(loss(p, t[:, 0]), loss(p, t))


@elementwise
@given(
    first=st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple), second=st.lists(st.integers(1, 4), max_size=3)
)
def test_nothing_is_broadcast(name: str, first: tuple[int, ...], second: list[int]) -> None:
    p, t = np.full(first, 0.5), np.full(tuple(second), 0.5)
    if first in (t.shape, (*t.shape, 1)):
        assert np.isfinite(nn.LOSSES[name]()(p, t))
    else:
        with pytest.raises(ValueError, match="target must have the prediction's shape"):
            nn.LOSSES[name]()(p, t)


@every_loss
def test_the_slope_of_what_comes_after_is_not_broadcast_either(name: str) -> None:
    """With as many classes as records, a mistake would not show in shapes."""
    p, t = batch(name, 3, 3, 1)
    for reduction in ("mean", "sum", "none"):
        loss = nn.LOSSES[name](reduction=reduction)
        shape = np.shape(loss(p, t))
        for wrong in ((1, 3), (3, 1), (1,), (2,), (3, 3, 1), *([(3,), (3, 3)] if reduction != "none" else [])):
            if wrong != shape:
                loss(p, t)
                with pytest.raises(ValueError, match="grad must"):
                    loss.backward(np.ones(wrong))
        loss(p, t)
        doubled = loss.backward(2.0)
        loss(p, t)
        np.testing.assert_array_equal(doubled, 2 * loss.backward())


@every_loss
def test_a_weight_for_each_record_scales_its_row(name: str) -> None:
    p, t = batch(name, 3, 3, 1)
    loss, weights = nn.LOSSES[name](reduction="none"), np.array([1.0, 0.0, -2.0])
    loss(p, t)
    weighted = loss.backward(weights)
    loss(p, t)
    np.testing.assert_allclose(weighted, weights[:, None] * loss.backward(), rtol=1e-14)


@every_loss
def test_backward_needs_its_own_forward(name: str) -> None:
    p, t = batch(name, 3, 4, 1)
    loss = nn.LOSSES[name]()
    with pytest.raises(RuntimeError, match="needs a forward"):
        loss.backward()
    loss(p, t)
    loss.backward()
    with pytest.raises(RuntimeError, match="each forward serves one backward"):
        loss.backward()


@every_loss
def test_inputs_stay_as_they_are_and_results_are_ones_own(name: str) -> None:
    p, t = batch(name, 3, 4, 1)
    kept_p, kept_t, loss = p.copy(), t.copy(), nn.LOSSES[name](reduction="none")
    p.flags.writeable = t.flags.writeable = False
    values = loss(p, t)
    gradient = loss.backward()
    kept_values, kept_gradient = values.copy(), gradient.copy()
    loss(p[::-1], t[::-1])
    loss.backward()
    for array, kept in ((p, kept_p), (t, kept_t), (values, kept_values), (gradient, kept_gradient)):
        np.testing.assert_array_equal(array, kept)
    np.testing.assert_allclose(loss(np.asfortranarray(p), t), values, rtol=1e-14)
    np.testing.assert_allclose(loss.backward(), gradient, rtol=1e-14)


@every_loss
@pytest.mark.parametrize(
    "prediction", [[[0.5, 0.5]], np.array([[1, 0]]), None, np.array([["a", "b"]]), np.zeros((0, 2))]
)
def test_a_prediction_that_is_no_batch_of_floats_is_refused(name: str, prediction: Any) -> None:
    for reduction in ("mean", "sum", "none"):
        with pytest.raises((TypeError, ValueError), match=r"prediction|logits"):
            nn.LOSSES[name](reduction=reduction)(prediction, np.zeros((0, 2)) if np.size(prediction) == 0 else [0])


BAD_LABELS = [
    ([0, 3, 1], "got 3 at index 1"),
    ([0, -1, 1], "got -1 at index 1"),
    ([0, 1], "3 rows of logits need 3 labels; got 2"),
    ([0.0, 1.5, 1.0], "got 1.5 at index 1"),
    ([0.0, float("nan"), 1.0], "got nan at index 1"),
    ([0.0, float("inf"), 1.0], "got inf at index 1"),
    ([[0], [1], [2]], "shape"),
    (np.eye(3), "shape"),
    (["0", "1", "2"], "dtype"),
    ([0, 2**63, 1], "index 1"),
    (np.array([0, 255, 1], np.uint8), "got 255 at index 1"),
    (1, "shape"),
]


@pytest.mark.parametrize(("labels", "message"), BAD_LABELS)
def test_bad_labels_are_refused_with_their_place(labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nn.CrossEntropyLoss()(np.zeros((3, 3)), labels)


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.float32, ">i8", object])
def test_labels_of_any_numeric_dtype_are_right(dtype: Any) -> None:
    logits = np.random.default_rng(0).normal(size=(3, 3))
    if dtype is object:
        with pytest.raises(ValueError, match="dtype"):
            nn.CrossEntropyLoss()(logits, np.array([0, 2, 1], object))
    else:
        assert nn.CrossEntropyLoss()(logits, np.array([0, 2, 1], dtype)) == nn.CrossEntropyLoss()(logits, [0, 2, 1])


BAD_ARGUMENTS = [
    (lambda: nn.MSELoss("average"), "reduction must be"),
    (lambda: nn.HuberLoss(delta=0), "delta must be above 0"),
    (lambda: nn.HuberLoss(delta=float("nan")), "delta must be above 0"),
    (lambda: nn.CrossEntropyLoss(label_smoothing=1.1), "label_smoothing must be in"),
    (lambda: nn.CrossEntropyLoss(weight=[1, float("nan")]), "weight must be finite"),
    (lambda: nn.CrossEntropyLoss(weight=[1, 2])(np.zeros((1, 3)), [0]), "one value for each of 3 classes"),
    (lambda: nn.CrossEntropyLoss(weight=[0, 1])(np.zeros((2, 2)), [0, 0]), "weight"),
    (lambda: nn.BCELoss()(np.array([[1.2]]), [[1.0]]), "BCEWithLogitsLoss"),
    (lambda: nn.BCELoss()(np.array([[float("nan")]]), [[1.0]]), "BCEWithLogitsLoss"),
    (lambda: nn.LOSSES["crossentropy"], "did you mean 'cross_entropy'"),
]


@pytest.mark.parametrize(("build", "message"), BAD_ARGUMENTS)
def test_bad_arguments_are_refused(build: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build()


def test_a_failed_forward_leaves_no_gradient_behind() -> None:
    loss = nn.BCELoss()
    with pytest.raises(ValueError, match="probabilities"):
        loss(np.array([[2.0]]), [[1.0]])
    with pytest.raises(RuntimeError, match="needs a forward"):
        loss.backward()
