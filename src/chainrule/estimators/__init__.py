"""Multilayer perceptrons by scikit-learn's conventions, trained by this engine.

`MLPClassifier` and `MLPRegressor` stand wherever scikit-learn's own do, and from the same ``random_state`` they
take the same steps. Read `mlp` first, the parameters and the loop; then `objective`, what the loop makes small,
`solvers`, the optimizers as scikit-learn has them, and the two kinds, `classifier` and `regressor`.
"""

from chainrule.estimators.classifier import MLPClassifier
from chainrule.estimators.regressor import MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]
