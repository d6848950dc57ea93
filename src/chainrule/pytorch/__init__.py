"""The PyTorch twins of what the lessons write by hand."""
