"""The parameters of the estimators: scikit-learn's names and defaults, a few more, and what is valid."""

from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils._param_validation import Interval, Options, StrOptions

from chainrule import nn
from chainrule.optim import OPTIMIZERS


class Settings(BaseEstimator):  # type: ignore[misc]
    """An estimator's parameters; they are documented where users meet them, in `MLPClassifier`."""

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
        "activation": [str],
        "solver": [str],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "l1": [Interval(Real, 0, None, closed="left")],
        "dropout": [Interval(Real, 0, 1, closed="left")],
        "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
        "learning_rate": [StrOptions({"constant", "invscaling", "adaptive"})],
        "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
        "power_t": [Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "shuffle": ["boolean"],
        "random_state": ["random_state"],
        "tol": [Interval(Real, 0, None, closed="left")],
        "verbose": ["verbose"],
        "warm_start": ["boolean"],
        "momentum": [Interval(Real, 0, 1, closed="both")],
        "nesterovs_momentum": ["boolean"],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="left")],
        "beta_1": [Interval(Real, 0, 1, closed="left")],
        "beta_2": [Interval(Real, 0, 1, closed="left")],
        "epsilon": [Interval(Real, 0, None, closed="neither")],
        "n_iter_no_change": [Interval(Integral, 1, None, closed="left"), Options(Real, {np.inf})],
    }

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        l1: float = 0.0,
        dropout: float = 0.0,
        batch_size: int | str = "auto",
        learning_rate: str = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: bool | int = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
    ) -> None:
        self.hidden_layer_sizes, self.activation, self.dropout = hidden_layer_sizes, activation, dropout
        self.alpha, self.l1 = alpha, l1
        self.solver, self.beta_1, self.beta_2, self.epsilon = solver, beta_1, beta_2, epsilon
        self.momentum, self.nesterovs_momentum = momentum, nesterovs_momentum
        self.learning_rate, self.learning_rate_init, self.power_t = learning_rate, learning_rate_init, power_t
        self.batch_size, self.shuffle, self.random_state = batch_size, shuffle, random_state
        self.max_iter, self.tol, self.n_iter_no_change = max_iter, tol, n_iter_no_change
        self.early_stopping, self.validation_fraction = early_stopping, validation_fraction
        self.warm_start, self.verbose = warm_start, verbose

    def _checked(self) -> list[int]:
        """Raise a ValueError for the first parameter that is not valid; return the hidden layers' sizes."""
        if self.solver == "lbfgs":
            raise ValueError(
                "solver='lbfgs' is not among chainrule's optimizers, which learn batch by batch: take 'adam' or 'sgd', "
                "or scikit-learn's own estimator for this solver"
            )
        self._validate_params()
        self._activation()
        OPTIMIZERS[self.solver]
        return self._hidden_sizes()

    def _hidden_sizes(self) -> list[int]:
        given = self.hidden_layer_sizes
        sizes = list(given) if hasattr(given, "__iter__") else [given]
        if not all(isinstance(size, int | np.integer) and size > 0 for size in sizes):
            raise ValueError(f"hidden_layer_sizes must be > 0, and whole numbers, got {sizes}.")
        return [int(size) for size in sizes]

    def _activation(self) -> type[nn.Activation]:
        return nn.ACTIVATIONS["sigmoid" if self.activation == "logistic" else self.activation]


def goes_by_batches(estimator: Any) -> bool:
    """Tell scikit-learn whether there is a `partial_fit`: not with the one solver of its own that is not here."""
    return bool(estimator.solver != "lbfgs")
