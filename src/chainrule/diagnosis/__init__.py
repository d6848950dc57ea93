"""Watching a PyTorch training run, and saying which silent mistakes are in it."""
