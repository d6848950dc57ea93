"""The entries of the catalogue, one file for each topic; importing this package enters them all."""

from importlib import import_module

for _topic in (
    "forward",
    "backward",
    "epoch",
    "activation",
    "neural_network",
    "softmax",
    "penalties",
    "training_loop",
    "training_metrics",
    "layers",
):
    import_module(f"{__name__}.{_topic}")
