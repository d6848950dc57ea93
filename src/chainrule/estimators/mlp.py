"""What the classifier and the regressor share: from data to a network, and the training loop."""

import warnings
from itertools import pairwise
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state, column_or_1d, gen_batches
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from chainrule import nn
from chainrule.estimators import solvers
from chainrule.estimators.compatibility import validate_data
from chainrule.estimators.objective import Objective, Records, SquaredError
from chainrule.estimators.settings import Settings

Array = NDArray[Any]

FLOATS = (np.float64, np.float32)


class BaseMLP(Settings):
    """A multilayer perceptron that is trained batch by batch, until it gets no better.

    A kind of estimator says what its targets are (`_encode`), what is made small (`_criterion`) and what counts
    as good on records held out (`_quality`).
    """

    _checks: ClassVar[dict[str, Any]] = {}  # of the targets, as scikit-learn names them

    def _encode(self, y: Array, dtype: Any, first: bool, incremental: bool) -> Array:
        """Return the targets as the criterion takes them; set ``n_outputs_`` and ``out_activation_``."""
        raise NotImplementedError

    def _strata(self, y: Array) -> Array | None:
        """Return the groups of which the records held out get their share each, if there are any."""
        return None

    def _criterion(self) -> nn.Loss:
        """Return the loss, with ``reduction="none"``."""
        raise NotImplementedError

    def _quality(self, output: Array, valid: Records) -> float:
        """Return the score of an output for records held out: higher is better."""
        raise NotImplementedError

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train until the loss (or with ``early_stopping`` the validation score) gets no better.

        Parameters
        ----------
        X : array or sparse matrix of shape (n_samples, n_features)
        y : array of shape (n_samples,) or (n_samples, n_outputs)
        sample_weight : array of shape (n_samples,), optional
            What each record counts; 1 if not given.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If a parameter, ``X`` or ``y`` is not valid, or training diverges.
        """
        return self._fit(X, y, sample_weight, incremental=False)

    def _fit(self, X: Any, y: Any, sample_weight: Any, incremental: bool) -> Self:
        """Go once (``incremental``) or until convergence over the records, from new weights or from those there are."""
        hidden = self._checked()
        if self.early_stopping and incremental:
            raise ValueError("partial_fit does not support early_stopping=True: one pass has no epochs to stop between")
        first = not hasattr(self, "coefs_") or not (self.warm_start or incremental)
        records = self._records(X, y, sample_weight, first, incremental)
        units = [records.x.shape[1], *hidden, self.n_outputs_]
        rng = check_random_state(self.random_state)
        if first:
            self._draw(units, rng, records.x.dtype)
        self._build(units, rng, keep=incremental)
        self._keep_score(first)
        self._train(records, rng, incremental)
        if not self._finite():
            raise ValueError(
                "Solver produced non-finite parameter weights. The input data may contain large values and need to be "
                f"preprocessed. The loss was {self.loss_} in epoch {self.n_iter_}; "
                f"a learning_rate_init below {self.learning_rate_init:g} may help, too."
            )
        return self

    def _records(self, X: Any, y: Any, sample_weight: Any, first: bool, incremental: bool) -> Records:
        """Check the data as scikit-learn does, and encode the targets."""
        checks = {"accept_sparse": "csr", "multi_output": True, "dtype": FLOATS} | self._checks
        X, y = validate_data(self, X, y, reset=first, **checks)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        weights = None if sample_weight is None else _check_sample_weight(sample_weight, X, dtype=X.dtype)
        return Records(X, self._encode(y, X.dtype, first, incremental), weights)

    def _draw(self, units: list[int], rng: Any, dtype: Any) -> None:
        """Draw first weights and biases, layer by layer, by Glorot and Bengio's bound: scikit-learn's draws."""
        factor = 2 if self._activation() is nn.Sigmoid else 6
        self.coefs_: list[Array] = []
        self.intercepts_: list[Array] = []
        for fan_in, fan_out in pairwise(units):
            bound = np.sqrt(factor / (fan_in + fan_out))
            self.coefs_.append(rng.uniform(-bound, bound, (fan_in, fan_out)).astype(dtype, copy=False))
            self.intercepts_.append(rng.uniform(-bound, bound, fan_out).astype(dtype, copy=False))

    def _build(self, units: list[int], rng: Any, keep: bool) -> None:
        """Put the weights into a network and an optimizer, or with ``keep`` into those there are, and share them."""
        if [c.shape for c in self.coefs_] != list(pairwise(units)):
            sizes = [len(self.coefs_[0]), *(c.shape[1] for c in self.coefs_)]
            raise ValueError(f"the network to go on from has {sizes} units, now {units} are asked for: fit a new one")
        if not (keep and hasattr(self, "net_")):
            seed = rng.randint(2**31) if self.dropout else 0
            self.net_ = nn.Sequential(*self._layers(units), seed=seed, dtype=self.coefs_[0].dtype)
            self._optimizer: Any = solvers.build(self.net_.parameters(), self)
        linear: list[Any] = [layer for layer in self.net_.layers if isinstance(layer, nn.Linear)]
        for layer, coef, intercept in zip(linear, self.coefs_, self.intercepts_, strict=True):
            layer.weight.data, layer.bias.data = coef.T, intercept
        self.coefs_ = [layer.weight.data.T for layer in linear]
        self.intercepts_ = [layer.bias.data for layer in linear]
        self.n_layers_ = len(units)

    def _layers(self, units: list[int]) -> list[nn.Layer]:
        layers: list[nn.Layer] = []
        for fan_in, fan_out in pairwise(units):
            layers += [nn.Linear(fan_in, fan_out), self._activation()()]
            layers += [nn.Dropout(self.dropout)] if self.dropout else []
        return layers[: -2 if self.dropout else -1]

    def _keep_score(self, first: bool) -> None:
        """Begin a new record of losses and scores, or go on with the one there is."""
        if first:
            self.t_, self.loss_curve_, self._no_improvement_count = 0, list[float](), 0
        if first or (getattr(self, "validation_scores_", None) is not None) != self.early_stopping:
            self.best_loss_: Any = None if self.early_stopping else np.inf
            self.validation_scores_: Any = [] if self.early_stopping else None
            self.best_validation_score_: Any = -np.inf if self.early_stopping else None

    def _train(self, records: Records, rng: Any, incremental: bool) -> None:
        """Go over the records epoch by epoch; with early stopping, end with the weights of the best one."""
        train, valid = self._divide(records, rng)
        objective, size = self._objective(), self._batch_size(train.n)
        order, best = np.arange(train.n), self.net_.state_dict() if valid else None
        epochs = 1 if incremental else self.max_iter
        self.net_.train()
        for self.n_iter_ in range(1, epochs + 1):
            order = order[rng.permutation(train.n)] if self.shuffle else order
            self.loss_ = self._epoch(objective, train, order, size)
            self.loss_curve_.append(self.loss_)
            self.t_ += train.n
            self._say(f"Iteration {self.n_iter_}, loss = {self.loss_:.8f}")
            if self._rate(valid) and valid:
                best = self.net_.state_dict()
            if self.solver == "sgd" and self.learning_rate == "invscaling":
                self._optimizer.learning_rate = self.learning_rate_init / (self.t_ + 1) ** self.power_t
            if not (np.isfinite(self.loss_) or self._finite()) or self._stops():
                break
        else:
            if not incremental:
                self._warn_of_max_iter()
        if best:
            self.net_.load_state_dict(best)
        self.net_.eval()

    def _epoch(self, objective: Objective, train: Records, order: Array, size: int) -> float:
        """Take a step for each batch; return the mean of their losses, each counted by its number of records."""
        total = 0.0
        for at in gen_batches(train.n, size):
            batch = train.rows(order[at] if self.shuffle else at)
            if batch.weights is None or batch.weights.any():  # a batch of weight 0 says nothing
                total += objective.backward(self.net_, batch) * batch.n
                self._optimizer.step()
        return total / train.n

    def _objective(self) -> Objective:
        alpha = 0 if self.solver == "adamw" else self.alpha  # which decays the weights by itself
        criterion = self._criterion()
        return Objective(criterion, alpha, self.l1, self.n_outputs_ if isinstance(criterion, SquaredError) else 1)

    def _divide(self, records: Records, rng: Any) -> tuple[Records, Records | None]:
        """Set records aside for early stopping, if that is asked for."""
        if not self.early_stopping:
            return records, None
        strata = self._strata(records.y)
        parts = train_test_split(
            np.arange(records.n), random_state=rng, test_size=self.validation_fraction, stratify=strata
        )
        train, valid = (records.rows(at) for at in parts)
        if valid.n < 2:
            raise ValueError(
                "The validation set is too small. Increase 'validation_fraction' or the size of your dataset. "
                f"It has {valid.n} of {records.n} records; a score needs 2"
            )
        return train, valid

    def _batch_size(self, n: int) -> int:
        size = 200 if self.batch_size == "auto" else int(self.batch_size)
        if size > n and self.batch_size != "auto":
            warnings.warn(
                f"Got `batch_size` less than 1 or larger than sample size. It is going to be clipped: {size} to {n}",
                stacklevel=5,
            )
        return min(size, n)

    def _rate(self, valid: Records | None) -> bool:
        """Count the epochs without an improvement by `tol`; return whether this one is the best so far."""
        if valid is None:
            stale, better = self.loss_ > self.best_loss_ - self.tol, self.loss_ < self.best_loss_
            self.best_loss_ = self.loss_ if better else self.best_loss_
        else:
            score = self._quality(self._output(valid.x), valid)
            self._say(f"Validation score: {score:f}")
            self.validation_scores_.append(score)
            best = self.best_validation_score_
            stale, better = score < best + self.tol, score > best
            self.best_validation_score_ = score if better else best
        self._no_improvement_count = self._no_improvement_count + 1 if stale else 0
        return bool(better)

    def _stops(self) -> bool:
        """Say whether enough epochs brought nothing; an adaptive learning rate is divided by 5 first, down to 1e-6."""
        if self._no_improvement_count <= self.n_iter_no_change:
            return False
        what = "Validation score" if self.early_stopping else "Training loss"
        self._say(f"{what} did not improve more than tol={self.tol:f} for {self.n_iter_no_change} consecutive epochs.")
        if self.solver != "sgd" or self.learning_rate != "adaptive" or self._optimizer.learning_rate <= 1e-6:
            self._say("Stopping.")
            return True
        self._optimizer.learning_rate /= 5
        self._say(f"Setting learning rate to {self._optimizer.learning_rate:f}")
        self._no_improvement_count = 0
        return False

    def _warn_of_max_iter(self) -> None:
        warnings.warn(
            f"Stochastic Optimizer: Maximum iterations ({self.max_iter}) reached "
            "and the optimization hasn't converged yet.",
            ConvergenceWarning,
            stacklevel=5,
        )

    def _finite(self) -> bool:
        return all(np.isfinite(w).all() for w in (*self.coefs_, *self.intercepts_))

    def _say(self, line: str) -> None:
        if self.verbose:
            print(line)

    def _predicted(self, X: Any) -> Array:
        """Return the network's raw output, (n_samples, n_outputs_), for what a user asks about."""
        check_is_fitted(self)
        return self._output(validate_data(self, X, accept_sparse="csr", dtype=FLOATS, reset=False))

    def _output(self, x: Any) -> Array:
        """Return the network's raw output, computed apart from the network, so that threads may share an estimator."""
        hidden = [type(layer)() for layer in self.net_.layers if isinstance(layer, nn.Activation)]
        for i, (coef, intercept) in enumerate(zip(self.coefs_, self.intercepts_, strict=True)):
            x = x @ coef
            x += intercept
            x = hidden[i].f(x) if i < len(hidden) else x
        return x
