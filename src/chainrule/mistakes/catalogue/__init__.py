"""The entries of the catalogue, one file for each topic; importing this package enters them all."""

from importlib import import_module

for _topic in (
    "functions",
    "forward",
    "backward",
    "changes",
    "epoch",
    "records",
    "activation",
    "neural_network",
    "softmax",
    "shares",
    "cross_entropy",
    "logarithms",
    "penalties",
    "penalty_values",
    "penalty_steps",
    "training_loop",
    "training_modes",
    "training_results",
    "training_means",
    "training_metrics",
    "layers",
    "train_epoch",
    "training_data",
    "training_model",
    "training_loss",
    "torch_penalties",
    "results",
):
    import_module(f"{__name__}.{_topic}")
