"""What is set up before a training run, as the facts that can be told of it: transform, loaders, network, criterion.

The parts are what an instrument reads off an answer, whatever it is built of; their values are those of a right one.
"""

from typing import Any

import numpy as np

from chainrule.mistakes.step import Step

make_transform = Step("make_transform", inputs="pixels mean std", returns="transformed same_every_time")


@make_transform.part
def channels_first(pixels: Any) -> Any:
    return pixels.transpose(2, 0, 1)


@make_transform.part
def scaled(channels_first: Any) -> Any:
    return channels_first / 255


@make_transform.operation
def normalised(values: Any, mean: Any, std: Any) -> Any:
    return (values - np.reshape(mean, (-1, 1, 1))) / np.reshape(std, (-1, 1, 1))


@make_transform.part
def transformed(normalised: Any, scaled: Any, mean: Any, std: Any) -> Any:
    return normalised(scaled, mean, std)


@make_transform.part
def same_every_time() -> Any:
    return True


make_loaders = Step(
    "make_loaders",
    inputs="seed",
    returns="training_holds validation_holds test_loader_holds in_training_and_validation each_class_has_its_share "
    "labels_belong_to_their_images first_batch_of_training order_of_training the_seed_decides",
)


@make_loaders.part
def training_holds() -> Any:
    return "80 % of the data"


@make_loaders.part
def validation_holds() -> Any:
    return "20 % of the data"


@make_loaders.part
def test_loader_holds() -> Any:
    return "all of the test set"


@make_loaders.part
def in_training_and_validation() -> Any:
    return "no record"


@make_loaders.part
def each_class_has_its_share() -> Any:
    return True


@make_loaders.part
def labels_belong_to_their_images() -> Any:
    return True


@make_loaders.part
def first_batch_of_training() -> Any:
    return "as many records as asked for"


@make_loaders.part
def order_of_training() -> Any:
    return "another one in each epoch"


@make_loaders.part
def the_seed_decides() -> Any:
    return "yes"


Net = Step(
    "Net",
    inputs="image_shape n_classes",
    returns="rows_for_each_image columns scores between_the_layers hidden_layers answers_in_eval_mode all_layers_used "
    "all_layers_registered dropout_on_the_scores first_weights",
)


@Net.part
def rows_for_each_image() -> Any:
    return 1


@Net.part
def columns(n_classes: Any) -> Any:
    return n_classes


@Net.part
def scores() -> Any:
    return "raw"


@Net.part
def between_the_layers() -> Any:
    return "activations"


@Net.part
def hidden_layers() -> Any:
    return "two or more"


@Net.part
def answers_in_eval_mode() -> Any:
    return "the same each time, for each image by itself"


@Net.part
def all_layers_used() -> Any:
    return True


@Net.part
def all_layers_registered() -> Any:
    return True


@Net.part
def dropout_on_the_scores() -> Any:
    return False


@Net.part
def first_weights() -> Any:
    return "random, of a good size"


criterion_and_optimizer = Step(
    "criterion_and_optimizer",
    inputs="logits labels lr",
    returns="returned criterion_is loss optimizer_is optimizer_holds learning_rate weight_decay direction",
)


@criterion_and_optimizer.part
def returned() -> Any:
    return "criterion and optimizer"


@criterion_and_optimizer.part
def criterion_is() -> Any:
    return "an object"


@criterion_and_optimizer.part
def log_shares(logits: Any) -> Any:
    return log_softmax(logits, axis=1)


@criterion_and_optimizer.part
def losses(log_shares: Any, labels: Any) -> Any:
    return -log_shares[np.arange(len(labels)), labels]


@criterion_and_optimizer.part
def loss(losses: Any) -> Any:
    return losses.mean()


@criterion_and_optimizer.part
def optimizer_is() -> Any:
    return "Adam"


@criterion_and_optimizer.part
def optimizer_holds() -> Any:
    return "all parameters of this model"


@criterion_and_optimizer.part
def learning_rate(lr: Any) -> Any:
    return lr


@criterion_and_optimizer.part
def weight_decay() -> Any:
    return "none or little"


@criterion_and_optimizer.part
def direction() -> Any:
    return "downhill"


def log_softmax(table: Any, axis: int) -> Any:
    """Return the logarithms of the shares along an axis."""
    shifted = table - table.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
