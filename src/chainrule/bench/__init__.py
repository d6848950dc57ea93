"""Benchmarks: a training step of chainrule beside the same step of its peers, in one run on one machine."""
