"""The estimators keep scikit-learn's conventions, and take scikit-learn's own steps."""

from sklearn.utils.estimator_checks import parametrize_with_checks

from chainrule.estimators import MLPClassifier, MLPRegressor


@parametrize_with_checks([MLPClassifier(max_iter=50), MLPRegressor(max_iter=50)])
def test_conforms(estimator, check):
    check(estimator)
