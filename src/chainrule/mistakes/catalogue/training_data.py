"""Mistakes in the images, their split and their loaders."""

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule.mistakes.catalogue.train_epoch import labels_apart, not_shuffled
from chainrule.mistakes.catalogue.training_results import ignored
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import backpropagation as b
from chainrule.mistakes.steps import layers
from chainrule.mistakes.steps import setup as s


def always(value: Any) -> Callable[[], Any]:
    """Return a function that always gives this value."""
    return lambda: value


test_as_validation = Mistake(
    code="TR101",
    title="the test set is used for validation",
    symptom="None. The reported number is a little too good, the more so the more often one chose by it.",
    explanation="Epochs, settings and early stopping are chosen by the validation set. What was chosen on the test "
    "images is no longer an honest number on them.",
    fix="Split the validation set off the training data, and look at the test set once, at the end.",
    wrong="valid_loader = DataLoader(test_set, batch_size=64)",
    right="train_part, valid_part = ...  # of the training data",
    seen=25,
)
test_as_validation.replaces(
    {s.validation_holds: lambda: "all of the test set", s.each_class_has_its_share: lambda: None}
)
test_as_validation.replaces(
    {
        s.training_holds: lambda: "all of the data",
        s.validation_holds: lambda: "all of the test set",
        s.each_class_has_its_share: lambda: None,
    }
)

validates_on_training = Mistake(
    code="TR103",
    title="the validation runs on training images",
    symptom="The validation loss lies below the training loss, and the accuracy is too good.",
    explanation="These images were trained on: the network may know them by heart.",
    fix="Hand the validation loader the part that was split off, and the training loader the rest.",
    wrong="valid_loader = DataLoader(train_part)",
    right="valid_loader = DataLoader(valid_part)",
    seen=3,
)
validates_on_training.replaces(
    {
        s.validation_holds: lambda: "80 % of the data",
        s.in_training_and_validation: lambda: "all of the validation records",
        s.each_class_has_its_share: lambda: None,
    }
)

test_on_training = Mistake(
    code="TR104",
    title="the test loader holds training images",
    symptom="A 'test' accuracy of 99.7 %.",
    explanation="The loader was made of the wrong set: what it measures is memory.",
    fix="Make it of the test set.",
    wrong="test_loader = DataLoader(dataset)",
    right="test_loader = DataLoader(test_set)",
    seen=2,
)
for _held in ("all of the data", "80 % of the data", "20 % of the data"):
    test_on_training.instead_of(s.test_loader_holds)(always(_held))

validation_stays = Mistake(
    code="TR105",
    title="the training set still contains the validation images",
    symptom="The validation is too good.",
    explanation="The loader was made before the split, or the two parts were drawn independently of each other.",
    fix="Split the indices once, and make both loaders of the two parts.",
    wrong="train_loader = DataLoader(dataset)\ntrain_part, valid_part = random_split(dataset, [0.8, 0.2])",
    right="train_part, valid_part = random_split(dataset, [0.8, 0.2])\ntrain_loader = DataLoader(train_part)",
    seen=1,
)
ALL_TWICE = "all of the validation records"
validation_stays.replaces(
    {s.training_holds: lambda: "all of the data", s.in_training_and_validation: lambda: ALL_TWICE}
)
for _mistake in (validation_stays, validates_on_training):
    _mistake.instead_of(s.in_training_and_validation)(lambda: ALL_TWICE)
    _mistake.replaces(
        {
            s.in_training_and_validation: lambda: ALL_TWICE,
            s.validation_holds: lambda: "some of the data",
        }
    )
validation_stays.instead_of(s.in_training_and_validation)(lambda: "some records")
validation_stays.replaces(
    {
        s.training_holds: lambda: "all of the data",
        s.validation_holds: lambda: "all of the data",
        s.in_training_and_validation: lambda: ALL_TWICE,
        s.each_class_has_its_share: lambda: None,
    }
)

swapped_sets = Mistake(
    code="TR106",
    title="training and test set, or the two parts of the split, in each other's place",
    symptom="Few batches per epoch, and a lower accuracy.",
    explanation="Most of the data is for learning; here the small part is learnt, and the large one measured.",
    fix="Mind the order: train_rows, valid_rows = train_test_split(...), and train=True for the training set.",
    wrong="valid_rows, train_rows = train_test_split(rows, test_size=0.2)",
    right="train_rows, valid_rows = train_test_split(rows, test_size=0.2)",
    seen=1,
)
swapped_sets.replaces(
    {
        s.training_holds: lambda: "20 % of the data",
        s.validation_holds: lambda: "80 % of the data",
        s.each_class_has_its_share: lambda: None,
    }
)
swapped_sets.replaces(
    {
        s.training_holds: lambda: "80 % of the test set",
        s.validation_holds: lambda: "20 % of the test set",
        s.test_loader_holds: lambda: "all of the data",
        s.each_class_has_its_share: lambda: None,
    }
)
swapped_sets.replaces({s.training_holds: lambda: "all of the test set", s.test_loader_holds: lambda: "all of the data"})

last_batch_dropped = Mistake(
    code="TR109",
    title="drop_last for the validation or the test set",
    symptom="The accuracy is slightly low, or of fewer images than stated.",
    explanation="The last, smaller batch is left out: those images are never scored.",
    fix="drop_last is for training, if at all.",
    wrong="DataLoader(test_set, batch_size=64, drop_last=True)",
    right="DataLoader(test_set, batch_size=64)",
    seen=1,
)
DROPPED_TEST = "some of the test set"
DROPPED_VALIDATION = "some of the data"
last_batch_dropped.instead_of(s.test_loader_holds)(lambda: DROPPED_TEST)
for _share in (True, False, None):
    last_batch_dropped.replaces(
        {s.validation_holds: lambda: DROPPED_VALIDATION, s.each_class_has_its_share: always(_share)}
    )
    last_batch_dropped.replaces(
        {
            s.test_loader_holds: lambda: DROPPED_TEST,
            s.validation_holds: lambda: DROPPED_VALIDATION,
            s.each_class_has_its_share: always(_share),
        }
    )

not_shuffled.instead_of(s.order_of_training)(lambda: "the same in each epoch")
labels_apart.instead_of(s.labels_belong_to_their_images)(lambda: False)
labels_apart.replaces({s.labels_belong_to_their_images: lambda: False, s.each_class_has_its_share: lambda: False})
ignored.instead_of(s.first_batch_of_training)(lambda: "another number of records")
ignored.instead_of(s.the_seed_decides)(lambda: "no: it is the same split whatever the seed")
ignored.instead_of(s.the_seed_decides)(lambda: "no: the same seed gives another split")
ignored.instead_of(s.the_seed_decides)(lambda: "of the split only: the order of training is another one")

augmented = Mistake(
    code="TR107",
    title="random changes in the transform of the validation and test images",
    symptom="The validation lies below the training, and changes from look to look.",
    explanation="Rotated and shifted copies are for learning. Measured are the images as they are.",
    fix="Keep two transforms, and the random ones for training.",
    wrong="Compose([RandomRotation(30), ToTensor(), Normalize(mean, std)])  # for all sets",
    right="Compose([ToTensor(), Normalize(mean, std)])  # for validation and test",
    seen=2,
)
augmented.replaces({s.same_every_time: lambda: False, s.transformed: lambda: None})

wrong_order = Mistake(
    code="TR110",
    title="the parts of the transform in the wrong order",
    symptom="TypeError: img should be Tensor Image; or corners in the grey of the mean.",
    explanation="Normalize needs a tensor, which ToTensor makes. What fills with 0, such as a rotation, belongs before "
    "Normalize, where 0 is still black.",
    fix="Changes of the picture, then ToTensor, then Normalize.",
    wrong="Compose([Normalize(mean, std), ToTensor()])",
    right="Compose([ToTensor(), Normalize(mean, std)])",
    seen=1,
)


@wrong_order.instead_of(s.transformed)
def _() -> Any:
    raise TypeError("img should be Tensor Image. Got <class 'PIL.Image.Image'>")


not_normalised = Mistake(
    code="TR111",
    title="the pixels are not normalised",
    symptom="A slower start, and a first loss above ln C: 3 with pixels up to 16, 16 with pixels up to 255.",
    explanation="First weights are drawn for inputs around 0 with a spread of about 1.",
    fix="ToTensor() brings pixels to [0, 1], Normalize(mean, std) to mean 0 and spread 1.",
    wrong="transforms.ToTensor()",
    right="transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])",
)


@not_normalised.instead_of(s.transformed)
def _(scaled: Any) -> Any:
    return scaled


@not_normalised.instead_of(s.transformed)
def _(channels_first: Any) -> Any:
    return channels_first


@not_normalised.instead_of(s.transformed)
def _(channels_first: Any, normalised: Any, mean: Any, std: Any) -> Any:
    return normalised(channels_first, mean, std)


wrong_constants = Mistake(
    code="TR113",
    title="one channel's mean and spread for all, or mean and spread swapped",
    symptom="Shifted colours; the channels' means are not 0.",
    explanation="Each channel has a mean and a spread of its own, in the order Normalize(mean, std).",
    fix="One number per channel: Normalize((0.49, 0.48, 0.45), (0.25, 0.24, 0.26)).",
    wrong="Normalize((0.5,), (0.5,))  # for three channels",
    right="Normalize(mean, std)  # three numbers each",
)


@wrong_constants.instead_of(s.transformed)
def _(scaled: Any, normalised: Any, mean: Any, std: Any) -> Any:
    return normalised(scaled, std, mean)


@wrong_constants.instead_of(s.transformed)
def _(scaled: Any, normalised: Any, mean: Any, std: Any) -> Any:
    return normalised(scaled, mean[:1], std[:1])


@wrong_constants.instead_of(s.transformed)
def _(scaled: Any) -> Any:
    return (scaled - 0.5) / 0.5


@wrong_constants.instead_of(s.normalised)
def _(values: Any, mean: Any, std: Any) -> Any:
    return values - np.reshape(mean, (-1, 1, 1))


view_for_permute = Mistake(
    code="TR115",
    title="view or reshape where the axes have to change places",
    symptom="The pictures are scrambled when they are shown; a network of linear layers trains all the same.",
    explanation="view keeps the order of the numbers and cuts it into other pieces; only permute moves axes.",
    fix="Use image.permute(2, 0, 1), or ToTensor, which does it.",
    wrong="image.view(3, 32, 32)  # from (32, 32, 3)",
    right="image.permute(2, 0, 1)",
)


@view_for_permute.instead_of(s.channels_first)
def _(pixels: Any) -> Any:
    height, width, channels = pixels.shape
    return pixels.reshape(channels, height, width)


not_stratified = Mistake(
    code="TR225",
    title="the split is not stratified",
    symptom="Validation accuracy wavers more from seed to seed; a rare class may be missing from one part.",
    explanation="A split by chance, or by rows in file order, gives the classes other shares in the two parts.",
    fix="Hand over the labels: train_test_split(rows, test_size=0.2, stratify=dataset.targets, random_state=seed).",
    wrong="random_split(dataset, [0.8, 0.2])",
    right="train_test_split(rows, test_size=0.2, stratify=dataset.targets)",
)
not_stratified.instead_of(s.each_class_has_its_share)(lambda: False)

another_share = Mistake(
    code="TR241",
    title="another share of the data is held back than was asked for",
    symptom="None: it trains on fewer images, or judges by fewer.",
    explanation="train_test_split holds 25 % back unless it is told how much.",
    fix="Say it: test_size=0.2.",
    wrong="train_test_split(rows, stratify=dataset.targets, random_state=seed)",
    right="train_test_split(rows, test_size=0.2, stratify=dataset.targets, random_state=seed)",
)


def _held_back(percent: int) -> None:
    another_share.replaces(
        {
            s.training_holds: lambda: f"{100 - percent} % of the data",
            s.validation_holds: lambda: f"{percent} % of the data",
            s.each_class_has_its_share: lambda: None,
        }
    )


for _percent in (10, 25, 30, 50):
    _held_back(_percent)

# In NumPy: features.reshape(n, N) for features.T, and the like.


@view_for_permute.instead_of(b.total_i_h)
def reshaped_features(rate: Any, hidden_error_term: Any, features: Any) -> Any:
    return rate * features.reshape(features.shape[1], -1) @ hidden_error_term


@view_for_permute.instead_of(b.total_h_o)
def reshaped_hidden(rate: Any, output_error_term: Any, hidden_layer_out: Any) -> Any:
    return rate * hidden_layer_out.reshape(hidden_layer_out.shape[1], -1) @ output_error_term


view_for_permute.replaces({b.total_i_h: reshaped_features, b.total_h_o: reshaped_hidden})
view_for_permute.instead_of(layers.weight_slope)(lambda x, grad, weight: x.reshape(x.shape[1], -1) @ grad)
view_for_permute.instead_of(layers.weight_slope)(lambda x, grad, weight: (grad.reshape(grad.shape[1], -1) @ x).T)
view_for_permute.instead_of(layers.input_slope)(lambda grad, weight: grad @ weight.reshape(weight.shape[::-1]))
view_for_permute.instead_of(layers.affine)(lambda x, weight, bias: x @ weight.T.reshape(weight.shape) + bias)
