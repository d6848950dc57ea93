"""The classifier."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_expit, log_softmax
from sklearn.base import ClassifierMixin
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import (
    _check_partial_fit_first_call,
    check_classification_targets,
    type_of_target,
    unique_labels,
)

from chainrule import nn
from chainrule.estimators.mlp import BaseMLP
from chainrule.estimators.objective import Records
from chainrule.estimators.settings import goes_by_batches

Array = NDArray[Any]


class MLPClassifier(ClassifierMixin, BaseMLP):  # type: ignore[misc]
    """A multilayer perceptron for classes: softmax and cross-entropy, or a sigmoid for each of two or several labels.

    It takes scikit-learn's parameters, with its defaults. Where they allow the same thing, the same
    ``random_state`` gives the weights that scikit-learn's gives, but for rounding.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int
        The number of units of each hidden layer. ``()`` is a linear model.
    activation : str
        Of the hidden layers: any entry of ``chainrule.nn.ACTIVATIONS``; ``"logistic"`` is ``"sigmoid"``.
    solver : str
        ``"adam"``, ``"sgd"``, or another entry of ``chainrule.optim.OPTIMIZERS``. There is no ``"lbfgs"``.
    alpha : float
        ½ · alpha · Σw² / n is added to the loss of a batch of n records (of summed weight n, if they are weighted).
        With ``solver="adamw"`` it is that optimizer's ``weight_decay``.
    l1 : float
        l1 · Σ|w| / n is added likewise.
    dropout : float in [0, 1)
        The probability with which a hidden unit is left out of a training step.
    batch_size : int or "auto"
        Records in a step; "auto" is 200, or all if they are fewer.
    learning_rate : "constant", "invscaling" or "adaptive"
        For ``solver="sgd"``: whether the rate stays; is divided by the number of records seen to the power of
        ``power_t``; or is divided by 5 where training would have stopped.
    learning_rate_init, power_t : float
    max_iter : int
        The largest number of epochs.
    shuffle : bool
        Whether each epoch takes the records in an order of its own.
    random_state : int, RandomState or None
        Where first weights, held-out records, orders and dropout are drawn from.
    tol, n_iter_no_change : float, int
        Training stops when more than so many epochs in a row have not improved the loss (or score) by so much.
    verbose : bool
        Whether to print each epoch's loss.
    warm_start : bool
        Whether `fit` goes on from the weights of the last call.
    momentum, nesterovs_momentum : float, bool
        For ``solver="sgd"``.
    early_stopping, validation_fraction : bool, float
        Whether this share of the records is held out, their score decides when to stop, and the weights of the
        best epoch are kept.
    beta_1, beta_2, epsilon : float
        For the optimizers that have them.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
    net_ : chainrule.nn.Sequential
        The network: ``nn.save(model.net_, path)`` keeps it. It shares its memory with the next two.
    coefs_, intercepts_ : list of array
        Weights (n_in, n_out) and biases (n_out,) of each layer.
    loss_, best_loss_, loss_curve_ : float, float or None, list of float
        The last epoch's loss, the best one (without early stopping), and each one's.
    validation_scores_, best_validation_score_ : list of float, float
        The share of held-out records whose labels are right; None without early stopping.
    n_iter_, t_ : int
        Epochs of the last call, and records seen in all.
    n_features_in_, feature_names_in_ : int, array of str
    n_layers_, n_outputs_, out_activation_ : int, int, str

    Examples
    --------
    >>> from chainrule.estimators import MLPClassifier
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> model = MLPClassifier((20,), learning_rate_init=0.01, max_iter=500, random_state=0).fit(X, y)
    >>> bool(model.score(X, y) > 0.95)
    True
    """

    @available_if(goes_by_batches)  # type: ignore[untyped-decorator]
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None) -> Self:
        """Go over the records once, on from the weights and the optimizer's state that there are.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
        y : array of shape (n_samples,) or (n_samples, n_classes)
        sample_weight : array of shape (n_samples,), optional
        classes : array of shape (n_classes,)
            All classes that will ever be seen; needed in the first call.

        Returns
        -------
        self
        """
        _check_partial_fit_first_call(self, classes)
        return self._fit(X, y, sample_weight, incremental=True)

    def predict(self, X: Any) -> Array:
        """Return the likeliest class of each row; for multilabel targets, of shape (n_samples, n_classes), 0 or 1."""
        decided = self._decided(self._predicted(X))
        return decided.astype(int) if self._is_multilabel() else self.classes_[decided.ravel().astype(int)]

    def predict_proba(self, X: Any) -> Array:
        """Return the probability of each class, of shape (n_samples, n_classes)."""
        z = self._predicted(X)
        if self.out_activation_ == "softmax":
            return nn.softmax(z)
        p = nn.sigmoid(z)
        return p if self._is_multilabel() else np.hstack([1 - p, p])

    def predict_log_proba(self, X: Any) -> Array:
        """Return the logarithm of the probability of each class, exact also where that is tiny."""
        z = self._predicted(X)
        if self.out_activation_ == "softmax":
            return log_softmax(z, axis=1)
        return log_expit(z) if self._is_multilabel() else log_expit(np.hstack([-z, z]))

    def _is_multilabel(self) -> bool:
        return self.out_activation_ == "logistic" and self.n_outputs_ > 1

    def _encode(self, y: Array, dtype: Any, first: bool, incremental: bool) -> Array:
        check_classification_targets(y)
        kind = type_of_target(y)
        if kind == "multiclass-multioutput":
            raise ValueError("each output may have two classes, 0 and 1; fit one estimator for each output of more")
        multilabel = kind == "multilabel-indicator"
        y = y.toarray() if hasattr(y, "toarray") else y
        self._know(unique_labels(y), incremental)
        if not first and multilabel != self._is_multilabel():
            raise ValueError("a network for several labels a record can't go on with one label a record, or vice versa")
        self.n_outputs_ = 1 if len(self.classes_) == 2 and not multilabel else len(self.classes_)
        self.out_activation_ = "logistic" if multilabel or len(self.classes_) == 2 else "softmax"
        if multilabel:
            return y.astype(dtype)
        labels = np.searchsorted(self.classes_, y)
        return labels.astype(dtype)[:, None] if self.out_activation_ == "logistic" else labels

    def _know(self, present: Array, incremental: bool) -> None:
        """Take the classes that are present as all there are, or hold them against those known before."""
        if not hasattr(self, "classes_") or not (self.warm_start or incremental):
            self.classes_ = present
        elif incremental and not set(present) <= set(self.classes_):
            raise ValueError(
                f"`y` has classes not in `self.classes_`. `self.classes_` has {self.classes_}. 'y' has {present}."
            )
        elif not incremental and set(present) != set(self.classes_):
            raise ValueError(
                "warm_start can only be used where `y` has the same classes as in the previous call to fit. "
                f"Previously got {self.classes_}, `y` has {present}"
            )

    def _strata(self, y: Array) -> Array | None:
        return y.astype(bool) if self.n_outputs_ == 1 else None

    def _criterion(self) -> nn.Loss:
        kind = nn.CrossEntropyLoss if self.out_activation_ == "softmax" else nn.BCEWithLogitsLoss
        return kind(reduction="none")

    def _decided(self, z: Array) -> Array:
        """Return the likeliest class's number; for sigmoids, whether each is above ½."""
        return z.argmax(axis=1) if self.out_activation_ == "softmax" else z > 0

    def _quality(self, output: Array, valid: Records) -> float:
        right = (self._decided(output) == valid.y).reshape(valid.n, -1).all(axis=1)
        return float(np.average(right, weights=valid.weights))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        return tags

    def _more_tags(self) -> dict[str, bool]:
        return {"multilabel": True}  # scikit-learn 1.5's tags
