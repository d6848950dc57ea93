"""The estimators keep scikit-learn's conventions, and from the same random state take scikit-learn's own steps."""

import io
from concurrent.futures import ThreadPoolExecutor
from inspect import signature

import joblib
import numpy as np
import pytest
import scipy.sparse
from sklearn import neural_network
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, make_multilabel_classification, make_regression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from chainrule import nn, optim
from chainrule.estimators import MLPClassifier, MLPRegressor
from chainrule.estimators.objective import Objective, PoissonDeviance, Records, SquaredError
from chainrule.gradcheck import numerical_gradient

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@parametrize_with_checks([MLPClassifier(max_iter=100), MLPRegressor(max_iter=100)])
def test_conforms(estimator, check):
    check(estimator)


def data(kind):
    if kind == "multiclass":
        X, y = load_digits(return_X_y=True)
        return X[:350] / 16, np.array(list("abcdefghij"))[y[:350]]
    if kind == "binary":
        X, y = load_breast_cancer(return_X_y=True)
        return ((X - X.mean(0)) / X.std(0))[:250], y[:250]
    if kind == "multilabel":
        return make_multilabel_classification(n_samples=220, random_state=0)
    X, y = make_regression(n_samples=230, n_features=6, n_targets=3, noise=1.0, random_state=0)
    if kind == "counts":
        return X, np.random.default_rng(0).poisson(np.exp(0.3 * X[:, 0] + 1))
    return X, y / 50 if kind == "numbers" else y[:, 0] / 50


CLASSES, NUMBERS = ("multiclass", "binary", "multilabel"), ("number", "numbers")

SETTINGS = {
    "as they are": {},
    "sgd": {"solver": "sgd", "learning_rate_init": 0.01},
    "sgd, no momentum": {"solver": "sgd", "momentum": 0, "learning_rate_init": 0.01},
    "invscaling": {"solver": "sgd", "learning_rate": "invscaling", "learning_rate_init": 0.05},
    "adaptive": {
        "solver": "sgd",
        "learning_rate": "adaptive",
        "tol": 0.02,
        "n_iter_no_change": 2,
        "learning_rate_init": 0.01,
    },
    "early stopping": {"early_stopping": True, "n_iter_no_change": 3, "learning_rate_init": 0.01},
    "logistic": {"activation": "logistic", "alpha": 2.0},
    "tanh, two layers": {"activation": "tanh", "hidden_layer_sizes": (20, 10), "batch_size": 32},
    "in order": {"shuffle": False, "activation": "identity", "epsilon": 1e-3},
    "linear": {"hidden_layer_sizes": (), "n_iter_no_change": 4},
}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("kind", [*CLASSES, *NUMBERS])
def test_takes_scikit_learns_steps(kind, settings, weighted):
    X, y = data(kind)
    if kind == "multiclass":  # as numbers: before 1.9, scikit-learn's early stopping fails on strings
        y = np.unique(y, return_inverse=True)[1]
    name = "MLPClassifier" if kind in CLASSES else "MLPRegressor"
    ours, theirs = globals()[name], getattr(neural_network, name)
    if weighted and "sample_weight" not in signature(theirs.fit).parameters:
        pytest.skip("scikit-learn's perceptrons take no weights before 1.7")
    weights = {"sample_weight": np.random.default_rng(1).integers(0, 4, len(y)).astype(float)} if weighted else {}
    options = {"max_iter": 15, "random_state": 3} | settings
    a, b = ours(**options).fit(X, y, **weights), theirs(**options).fit(X, y, **weights)
    for p, q in zip(a.coefs_ + a.intercepts_, b.coefs_ + b.intercepts_, strict=True):
        np.testing.assert_allclose(p, q, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(a.loss_curve_, b.loss_curve_, rtol=1e-10)
    for known in ("n_iter_", "t_", "n_layers_", "n_outputs_", "out_activation_"):
        assert getattr(a, known) == getattr(b, known)
    if settings.get("early_stopping"):
        np.testing.assert_allclose(a.validation_scores_, b.validation_scores_)
        assert a.best_validation_score_ == pytest.approx(b.best_validation_score_)
    (np.testing.assert_array_equal if kind in CLASSES else np.testing.assert_allclose)(a.predict(X), b.predict(X))
    if kind in CLASSES:
        np.testing.assert_allclose(a.predict_proba(X), b.predict_proba(X), rtol=1e-8)
    assert a.score(X, y) == pytest.approx(b.score(X, y))


def test_counts_are_learned_as_scikit_learn_learns_them():
    if "loss" not in signature(neural_network.MLPRegressor).parameters:
        pytest.skip("scikit-learn has the Poisson deviance from 1.7 on")
    X, y = data("counts")
    options = {"loss": "poisson", "max_iter": 15, "random_state": 3}
    a, b = MLPRegressor(**options).fit(X, y), neural_network.MLPRegressor(**options).fit(X, y)
    np.testing.assert_allclose(a.loss_curve_, b.loss_curve_, rtol=1e-10)
    np.testing.assert_allclose(a.predict(X), b.predict(X), rtol=1e-8)
    with pytest.raises(ValueError, match="at least 0; got -1"):
        a.fit(X, y - y.min() - 1)


@pytest.mark.parametrize(
    "kind", [nn.CrossEntropyLoss, nn.BCEWithLogitsLoss, SquaredError, PoissonDeviance, nn.L1Loss, nn.HuberLoss]
)
@pytest.mark.parametrize("weighted", [False, True])
def test_the_objective_has_its_own_slope(kind, weighted, rng):
    net = nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3), seed=0, dtype=np.float64)
    y = rng.integers(0, 3, 7) if kind is nn.CrossEntropyLoss else rng.integers(0, 2, (7, 3)).astype(float)
    batch = Records(rng.normal(size=(7, 4)), y, rng.random(7) if weighted else None)
    objective = Objective(kind(reduction="none"), alpha=0.3, l1=0.2)
    objective.backward(net, batch)
    for p in net.parameters():
        slope, here = p.grad.copy(), p.data.copy()

        def loss_at(w, p=p):
            p.data = w
            return objective.backward(net, batch)

        np.testing.assert_allclose(slope, numerical_gradient(loss_at, here), rtol=1e-6, atol=1e-8)
        loss_at(here)


@pytest.mark.parametrize("activation", sorted({*nn.ACTIVATIONS, "logistic"}))
def test_any_registered_activation_learns(activation):
    X, y = data("binary")
    model = MLPClassifier((8,), activation, learning_rate_init=0.02, max_iter=40, random_state=0).fit(X, y)
    assert model.score(X, y) > 0.95
    np.testing.assert_allclose(nn.sigmoid(model.net_(X)), model.predict_proba(X)[:, 1:], rtol=1e-10)


@pytest.mark.parametrize("solver", sorted(optim.OPTIMIZERS))
def test_any_registered_optimizer_learns(solver):
    X, y = data("binary")
    rate = 0.1 if solver == "sgd" else 0.02
    model = MLPClassifier((8,), solver=solver, learning_rate_init=rate, max_iter=40, random_state=0).fit(X, y)
    assert type(model._optimizer).__name__ == optim.OPTIMIZERS[solver].__name__
    assert model.score(X, y) > 0.95


def test_an_activation_that_is_entered_now_is_found():
    @nn.ACTIVATIONS.add("ramp_of_this_test")
    class Ramp(nn.Activation):
        def f(self, z, out=None):
            return np.clip(z, -1, 1, out=out)

        def slope(self, z, a, out=None):
            return np.multiply(np.abs(z) < 1, 1.0, out=out)

    try:
        X, y = data("binary")
        model = MLPClassifier((8,), "ramp_of_this_test", max_iter=40, learning_rate_init=0.02, random_state=0)
        assert model.fit(X, y).score(X, y) > 0.95
    finally:
        del nn.ACTIVATIONS["ramp_of_this_test"], nn.LAYERS["Ramp"]


def test_adamw_decays_the_weights_by_alpha_and_the_loss_is_without_it():
    X, y = data("binary")
    options = {"solver": "adamw", "max_iter": 30, "random_state": 0, "learning_rate_init": 0.01}
    free, decayed = (MLPClassifier(alpha=alpha, **options).fit(X, y) for alpha in (0, 5))
    assert np.abs(decayed.coefs_[0]).sum() < 0.7 * np.abs(free.coefs_[0]).sum()
    assert decayed._optimizer.weight_decay == 5
    assert decayed.loss_curve_[0] == pytest.approx(free.loss_curve_[0], rel=0.05)


def test_l1_empties_weights_and_dropout_changes_training_alone():
    X, y = data("binary")
    plain, sparse = (MLPClassifier((20,), l1=l1, max_iter=150, random_state=0).fit(X, y) for l1 in (0, 20))
    assert (np.abs(sparse.coefs_[0]) < 1e-2).mean() > 0.5 > (np.abs(plain.coefs_[0]) < 1e-2).mean()
    dropped = MLPClassifier((20,), dropout=0.5, max_iter=150, random_state=0).fit(X, y)
    assert dropped.loss_ > plain.loss_
    assert dropped.score(X, y) > 0.9
    np.testing.assert_array_equal(dropped.predict_proba(X), dropped.predict_proba(X))
    again = clone(dropped).fit(X, y)
    np.testing.assert_array_equal(again.coefs_[0], dropped.coefs_[0])


def test_the_same_random_state_gives_the_same_bits_and_the_inputs_dtype():
    X, y = data("multiclass")
    for dtype in (np.float32, np.float64):
        a, b = (MLPClassifier((9,), max_iter=5, random_state=7).fit(X.astype(dtype), y) for _ in range(2))
        assert all(w.dtype == dtype for w in a.coefs_ + a.intercepts_)
        assert a.net_.dtype == a.predict_proba(X.astype(dtype)).dtype == dtype
        assert all((p == q).all() for p, q in zip(a.coefs_, b.coefs_, strict=True))


@pytest.mark.parametrize("kind", [*CLASSES, *NUMBERS])
@pytest.mark.parametrize("container", [scipy.sparse.csr_matrix, scipy.sparse.csc_array, scipy.sparse.coo_array])
def test_sparse_input_is_learned_as_dense(kind, container):
    X, y = data(kind)
    X = np.where(np.abs(X) > 0.5, X, 0)
    Model = MLPClassifier if kind in CLASSES else MLPRegressor
    for early_stopping in (False, True):
        model = Model((9,), batch_size=50, max_iter=5, early_stopping=early_stopping, random_state=1)
        dense, sparse = clone(model).fit(X, y), clone(model).fit(container(X), y)
        for p, q in zip(dense.coefs_, sparse.coefs_, strict=True):
            np.testing.assert_array_equal(p, q)
        if kind in CLASSES:
            np.testing.assert_array_equal(dense.predict(X), sparse.predict(container(X)))
        else:
            np.testing.assert_allclose(dense.predict(X), sparse.predict(container(X)))


def test_sparse_input_is_never_made_dense_as_a_whole(monkeypatch):
    seen, toarray = [], scipy.sparse.csr_array.toarray
    monkeypatch.setattr(scipy.sparse.csr_array, "toarray", lambda x: seen.append(x.shape) or toarray(x))
    X, y = data("multiclass")
    X = scipy.sparse.csr_array(X)
    MLPClassifier((5,), batch_size=64, max_iter=2, early_stopping=True).fit(X, y).predict(X)
    assert seen
    assert max(rows for rows, _ in seen) == 64


def test_labels_are_strings_and_labels_may_be_several():
    X, y = data("multiclass")
    model = MLPClassifier(max_iter=60, random_state=0).fit(X, y)
    assert model.classes_.tolist() == list("abcdefghij")
    assert set(model.predict(X)) <= set(y)
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)
    X, Y = data("multilabel")
    model = MLPClassifier((50,), learning_rate_init=0.02, max_iter=300, random_state=0).fit(X, Y)
    assert model.score(X, Y) > 0.9
    assert model.predict(X).shape == Y.shape
    np.testing.assert_array_equal(model.predict(X), model.predict_proba(X) > 0.5)
    np.testing.assert_array_equal(clone(model).fit(X, scipy.sparse.csr_matrix(Y)).predict(X), model.predict(X))
    with pytest.raises(ValueError, match="several labels a record"):
        model.partial_fit(X, Y[:, 0])


def test_one_class_is_learned_with_certainty():
    X, _ = data("binary")
    model = MLPClassifier(max_iter=2).fit(X, ["only"] * len(X))
    assert set(model.predict(X)) == {"only"}
    np.testing.assert_array_equal(model.predict_proba(X), np.ones((len(X), 1)))


def test_log_probabilities_stay_exact_where_probabilities_vanish():
    X, y = data("multiclass")
    for target in (y, (y < "f").astype(int)):
        model = MLPClassifier((20,), learning_rate_init=0.02, max_iter=60, random_state=0).fit(X, target)
        np.testing.assert_allclose(model.predict_log_proba(X), np.log(model.predict_proba(X)))
        assert np.isfinite(model.predict_log_proba(1e4 * X)).all()


def test_whole_weights_count_like_repeated_records():
    X, y = data("number")
    weights = np.random.default_rng(0).integers(0, 3, len(y))
    model = MLPRegressor((10,), "tanh", batch_size=10_000, max_iter=30, random_state=0, alpha=0.5)
    with pytest.warns(UserWarning, match="batch_size"):
        weighted = clone(model).fit(X, y, sample_weight=weights)
    with pytest.warns(UserWarning, match="batch_size"):
        repeated = clone(model).fit(np.repeat(X, weights, axis=0), np.repeat(y, weights))
    np.testing.assert_allclose(weighted.predict(X), repeated.predict(X), rtol=1e-7)


def test_a_batch_of_weight_0_changes_nothing():
    X, y = data("number")
    weights = np.where(np.arange(len(y)) < 100, 1.0, 0.0)
    options = {"batch_size": 50, "shuffle": False, "max_iter": 4, "random_state": 0}
    all_of_it = MLPRegressor(**options).fit(X, y, sample_weight=weights)
    first = MLPRegressor(**options).fit(X[:100], y[:100])
    np.testing.assert_array_equal(all_of_it.coefs_[0], first.coefs_[0])


def test_early_stopping_ends_with_the_weights_of_the_best_epoch():
    X, y = data("number")
    model = MLPRegressor(
        (30,), learning_rate_init=0.02, early_stopping=True, max_iter=300, tol=0, n_iter_no_change=4, random_state=0
    ).fit(X, y)
    assert model.n_iter_ < 300
    assert model.best_loss_ is None
    best = int(np.argmax(model.validation_scores_))
    assert model.validation_scores_[best] == model.best_validation_score_
    cut = clone(model).set_params(max_iter=best + 1).fit(X, y)
    np.testing.assert_array_equal(cut.coefs_[0], model.coefs_[0])


def test_a_warm_start_goes_on_from_the_weights():
    X, y = data("multiclass")
    options = {"solver": "sgd", "momentum": 0, "shuffle": False, "random_state": 0, "learning_rate_init": 0.05}
    whole = MLPClassifier(max_iter=10, **options).fit(X, y)
    halves = MLPClassifier(max_iter=5, warm_start=True, **options).fit(X, y).fit(X, y)
    np.testing.assert_array_equal(whole.coefs_[0], halves.coefs_[0])
    assert whole.t_ == halves.t_
    np.testing.assert_allclose(halves.loss_curve_, whole.loss_curve_)
    with pytest.raises(ValueError, match="same classes as in the previous call to fit"):
        halves.fit(X[y != "a"], y[y != "a"])
    with pytest.raises(ValueError, match=r"from has \[64, 100, 10\] units, now \[64, 7, 10\]"):
        halves.set_params(hidden_layer_sizes=7).fit(X, y)


@pytest.mark.parametrize("kind", [*CLASSES, *NUMBERS])
def test_a_model_read_from_a_file_goes_on_bit_for_bit(kind):
    X, y = data(kind)
    model = (MLPClassifier if kind in CLASSES else MLPRegressor)((9,), dropout=0.2, max_iter=3, random_state=2).fit(
        X, y
    )
    file = io.BytesIO()
    joblib.dump(model, file)
    file.seek(0)
    read = joblib.load(file)
    np.testing.assert_array_equal(read.predict(X), model.predict(X))
    for _ in range(3):
        np.testing.assert_array_equal(read.partial_fit(X, y).predict(X), model.partial_fit(X, y).predict(X))
    assert all((p == q).all() for p, q in zip(read.coefs_, model.coefs_, strict=True))


def test_partial_fit_is_an_epoch_of_fit_and_classes_may_come_later():
    X, y = data("multiclass")
    options = {"shuffle": False, "batch_size": 50, "random_state": 0}
    whole = MLPClassifier(max_iter=4, **options).fit(X, y)
    bit_by_bit = MLPClassifier(**options)
    for _ in range(4):
        bit_by_bit.partial_fit(X, y, classes=np.unique(y))
    np.testing.assert_array_equal(whole.coefs_[0], bit_by_bit.coefs_[0])
    few = MLPClassifier(random_state=0).partial_fit(X[y < "c"], y[y < "c"], classes=list("abcdefghij"))
    assert few.partial_fit(X, y).predict_proba(X).shape == (len(X), 10)
    with pytest.raises(ValueError, match="classes not in"):
        few.partial_fit(X[:1], ["z"])


def test_weights_set_by_hand_are_used():
    X, y = data("number")
    model = MLPRegressor((4,), max_iter=2, random_state=0).fit(X, y)
    model.coefs_ = [np.zeros_like(w) for w in model.coefs_]
    model.intercepts_ = [np.zeros(4), np.array([5.0])]
    np.testing.assert_array_equal(model.predict(X), np.full(len(X), 5.0))
    np.testing.assert_allclose(model.partial_fit(X, y).predict(X), 5, atol=0.01)


def test_the_network_is_the_engines_and_its_file_gives_the_same_output(tmp_path):
    X, y = data("multiclass")
    model = MLPClassifier((12,), "gelu", dropout=0.1, max_iter=5, random_state=0).fit(X, y)
    nn.save(model.net_, tmp_path / "net.safetensors")
    net = nn.load(tmp_path / "net.safetensors").eval()
    np.testing.assert_allclose(nn.softmax(net(X)), model.predict_proba(X))


def test_threads_may_share_an_estimator():
    X, y = data("multiclass")
    model = MLPClassifier((30, 30), "silu", max_iter=5, random_state=0).fit(X, y)
    parts = [X[i : i + 50] for i in range(0, 300, 3)]
    with ThreadPoolExecutor(8) as pool:
        for part, p in zip(parts, pool.map(model.predict_proba, parts), strict=True):
            np.testing.assert_array_equal(p, model.predict_proba(part))


def test_works_in_pipelines_searches_and_cross_validation():
    X, y = load_iris(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), MLPClassifier((10,), learning_rate_init=0.03, random_state=0))
    assert cross_val_score(pipeline, X, y, cv=3).mean() > 0.9
    grid = {"mlpclassifier__activation": ["relu", "silu"], "mlpclassifier__dropout": [0, 0.1]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(X, y)
    assert search.best_score_ > 0.9


def test_pandas_frames_keep_their_columns_names():
    pd = pytest.importorskip("pandas")
    X, y = load_iris(return_X_y=True, as_frame=True)
    model = MLPClassifier(max_iter=3, early_stopping=True).fit(X, pd.Series(y))
    assert model.feature_names_in_.tolist() == list(X.columns)
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(X.rename(columns={X.columns[0]: "another"}))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"solver": "lbfgs"}, "solver='lbfgs' is not among chainrule's optimizers.*take 'adam' or 'sgd'"),
        ({"solver": "adm"}, "unknown optimizer 'adm': did you mean 'adam'"),
        ({"activation": "rleu"}, "unknown activation 'rleu': did you mean 'relu'"),
        ({"hidden_layer_sizes": (3, 0)}, r"hidden_layer_sizes must be > 0, and whole numbers, got \[3, 0\]"),
        ({"hidden_layer_sizes": (3.5,)}, "whole numbers"),
        ({"alpha": -1}, "'alpha' parameter of MLPClassifier must be a float in the range"),
        ({"l1": -1}, "'l1' parameter"),
        ({"dropout": 1}, "'dropout' parameter"),
        ({"early_stopping": True, "validation_fraction": 0.001}, "validation set is too small.*It has 1 of 350"),
        ({"solver": "sgd", "learning_rate_init": 1e200}, "non-finite parameter weights.*The loss was .* in epoch"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_errors_say_what_to_do(parameters, message):
    with pytest.raises(ValueError, match=f"(?s){message}"):
        MLPClassifier(**parameters).fit(*data("multiclass"))


def test_several_outputs_of_several_classes_are_refused():
    X, _ = data("binary")
    with pytest.raises(ValueError, match="one estimator for each output"):
        MLPClassifier().fit(X, np.random.default_rng(0).integers(0, 3, (len(X), 2)))


def test_training_that_diverges_stops_early():
    X, y = data("number")
    model = MLPRegressor(solver="sgd", learning_rate_init=10.0, max_iter=500, random_state=0)
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="learning_rate_init below 10"):
        model.fit(X, y)
    assert model.n_iter_ < 100


def test_verbose_prints_what_happens(capsys):
    X, y = data("number")
    MLPRegressor(max_iter=2, verbose=True, early_stopping=True).fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Iteration 1, loss = ")
    assert lines[1].startswith("Validation score: ")
