"""The regressor."""

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if

from chainrule import nn
from chainrule.estimators.mlp import BaseMLP
from chainrule.estimators.objective import PoissonDeviance, Records, SquaredError
from chainrule.estimators.settings import goes_by_batches

Array = NDArray[Any]

LOSSES: dict[str, type[nn.Loss]] = {
    "squared_error": SquaredError,
    "poisson": PoissonDeviance,
    "l1": nn.L1Loss,
    "huber": nn.HuberLoss,
}


class MLPRegressor(RegressorMixin, BaseMLP):  # type: ignore[misc]
    """A multilayer perceptron for numbers, one or several a record.

    Parameters and attributes are those of `MLPClassifier`, save its classes; held-out records are scored by R²;
    and there is one more.

    Parameters
    ----------
    loss : "squared_error", "poisson", "l1" or "huber"
        What is made small, summed over the outputs: ½(p - t)², half the Poisson deviance (the output is then the
        logarithm of the prediction; targets are at least 0), |p - t|, or from the squared error to |p - t| - ½
        beyond a distance of 1. ``loss_`` is, as scikit-learn's, the mean over the outputs for the squared error.

    Examples
    --------
    >>> from chainrule.estimators import MLPRegressor
    >>> from sklearn.datasets import make_regression
    >>> X, y = make_regression(n_samples=200, n_features=5, random_state=0)
    >>> model = MLPRegressor((50,), learning_rate_init=0.01, max_iter=1000, tol=0.1, random_state=0).fit(X, y)
    >>> bool(model.score(X, y) > 0.95)
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **BaseMLP._parameter_constraints,
        "loss": [StrOptions(set(LOSSES))],
    }
    _checks: ClassVar[dict[str, Any]] = {"y_numeric": True}

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: str = "relu",
        *,
        loss: str = "squared_error",
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
        super().__init__(
            hidden_layer_sizes,
            activation,
            solver=solver,
            alpha=alpha,
            l1=l1,
            dropout=dropout,
            batch_size=batch_size,
            learning_rate=learning_rate,
            learning_rate_init=learning_rate_init,
            power_t=power_t,
            max_iter=max_iter,
            shuffle=shuffle,
            random_state=random_state,
            tol=tol,
            verbose=verbose,
            warm_start=warm_start,
            momentum=momentum,
            nesterovs_momentum=nesterovs_momentum,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            n_iter_no_change=n_iter_no_change,
        )
        self.loss = loss

    @available_if(goes_by_batches)  # type: ignore[untyped-decorator]
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Go over the records once, on from the weights and the optimizer's state that there are.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
        y : array of shape (n_samples,) or (n_samples, n_outputs)
        sample_weight : array of shape (n_samples,), optional

        Returns
        -------
        self
        """
        return self._fit(X, y, sample_weight, incremental=True)

    def predict(self, X: Any) -> Array:
        """Return the predictions, of shape (n_samples,), or (n_samples, n_outputs) for several outputs."""
        p = self._meant(self._predicted(X))
        return p.ravel() if self.n_outputs_ == 1 else p

    def _encode(self, y: Array, dtype: Any, first: bool, incremental: bool) -> Array:
        if self.loss == "poisson" and (y < 0).any():
            raise ValueError(f"loss='poisson' takes targets of at least 0; got {y.min()}")
        self.n_outputs_ = 1 if y.ndim == 1 else y.shape[1]
        self.out_activation_ = "exp" if self.loss == "poisson" else "identity"
        return y.reshape(len(y), -1).astype(dtype, copy=False)

    def _criterion(self) -> nn.Loss:
        return LOSSES[self.loss](reduction="none")

    def _meant(self, output: Array) -> Array:
        """Return what an output predicts."""
        return np.exp(output) if self.out_activation_ == "exp" else output

    def _quality(self, output: Array, valid: Records) -> float:
        p = self._meant(output)
        return float(r2_score(valid.y, p, sample_weight=valid.weights)) if np.isfinite(p).all() else float("nan")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.target_tags.multi_output = True
        return tags

    def _more_tags(self) -> dict[str, bool]:
        return {"multioutput": True}  # scikit-learn 1.5's tags
