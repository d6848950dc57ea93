"""What scikit-learn has called by different names."""

from typing import Any

try:
    from sklearn.utils.validation import validate_data
except ImportError:  # scikit-learn 1.5 has it as a method

    def validate_data(estimator: Any, X: Any, y: Any = "no_validation", **options: Any) -> Any:
        """Check ``X``, and ``y`` if given, and set or compare the number and the names of the features."""
        return estimator._validate_data(X, y, **options)


__all__ = ["validate_data"]
