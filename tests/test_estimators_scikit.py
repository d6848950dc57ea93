"""scikit-learn's own tests of its perceptrons, imported from the installed scikit-learn and run on ours.

Skipped is what trains by lbfgs, which is not among our solvers, and what looks at private parts. What the
lbfgs tests are about, multilabel targets, warm starts, sparse input, `test_estimators` tests with our solvers.
"""

import importlib.util

import pytest
import sklearn.neural_network
from sklearn.utils.fixes import parse_version

from chainrule.estimators import MLPClassifier, MLPRegressor

LBFGS = "trains by lbfgs"
SKIPPED = {
    "test_gradient": "trains by lbfgs, and calls the private _loss_grad_lbfgs",
    "test_lbfgs_classification": LBFGS,
    "test_lbfgs_classification_maxfun": LBFGS,
    "test_lbfgs_regression": LBFGS,
    "test_lbfgs_regression_maxfun": LBFGS,
    "test_mlp_vs_poisson_glm_equivalent": LBFGS,
    "test_mlp_warm_start_no_convergence[lbfgs-MLPClassifier]": LBFGS,
    "test_mlp_warm_start_no_convergence[lbfgs-MLPRegressor]": LBFGS,
    "test_multilabel_classification": LBFGS,
    "test_multioutput_regression": LBFGS,
    "test_predict_proba_multilabel": LBFGS,
    "test_sparse_matrices": LBFGS,
    "test_warm_start": LBFGS,
}

if parse_version(sklearn.__version__) < parse_version("1.6"):
    SKIPPED["test_mlp_regressor_dtypes_casting"] = (
        "asks for a relative 1e-4 of a prediction that is nearly 0; later versions ask for 5e-4"
    )

pytestmark = pytest.mark.filterwarnings("default", "ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture(autouse=True)
def skip_what_is_not_ours(request):
    for name in (request.node.name, request.node.originalname):
        if name in SKIPPED:
            pytest.skip(SKIPPED[name])


@pytest.fixture
def global_random_seed():
    return 42  # scikit-learn's own default


def scikit_tests():
    """Run the module of tests anew, with our estimators under scikit-learn's names; return its tests."""
    name = "sklearn.neural_network.tests.test_mlp"
    spec = importlib.util.find_spec(name)
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sklearn.neural_network, "MLPClassifier", MLPClassifier)
        patch.setattr(sklearn.neural_network, "MLPRegressor", MLPRegressor)
        spec.loader.exec_module(module)
    return {key: value for key, value in vars(module).items() if key.startswith("test_")}


globals().update(scikit_tests())
