"""The engine's optimizers under scikit-learn's parameters, and with its arithmetic where PyTorch's is another."""

from inspect import signature
from typing import Any

from chainrule import optim


class SGD(optim.SGD):
    """Gradient descent that remembers its last step, lr · v, where PyTorch's remembers v.

    The two part only when the learning rate changes: here, the momentum of the steps made so far stays.
    """

    @property
    def learning_rate(self) -> float:
        """The learning rate now."""
        return self.lr

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        for state in self._state:
            if "v" in state:
                state["v"] *= self.lr / value
        self.lr = value


class Adam(optim.Adam):
    """Adam with the ε̂ of the last lines of Kingma and Ba's section 2: added to √v before its correction, not after."""

    def step(self) -> None:
        """Move each parameter once, by its gradient; the ε of PyTorch's formula is ε̂ / √(1 - β₂ᵗ)."""
        epsilon, t = self.eps, self.steps + 1
        self.eps = epsilon / (1 - self.betas[1] ** t) ** 0.5
        super().step()
        self.eps = epsilon


def build(parameters: list[Any], settings: Any) -> optim.Optimizer:
    """Return the optimizer that an estimator's parameters, ``settings``, ask for.

    Besides scikit-learn's two, any registered optimizer can be named; it takes those parameters that it knows.
    For AdamW, ``alpha`` is the decay that this optimizer is about, and not part of the loss.
    """
    s = settings
    if s.solver == "sgd":
        return SGD(parameters, s.learning_rate_init, s.momentum, nesterov=s.nesterovs_momentum and s.momentum > 0)
    kind = Adam if s.solver == "adam" else optim.OPTIMIZERS[s.solver]
    options = {"betas": (s.beta_1, s.beta_2), "eps": s.epsilon}
    if s.solver == "adamw":
        options["weight_decay"] = s.alpha
    known = signature(kind).parameters
    return kind(parameters, lr=s.learning_rate_init, **{k: v for k, v in options.items() if k in known})
