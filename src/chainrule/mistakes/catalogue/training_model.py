"""Mistakes in the definition of a network."""

from typing import Any

import numpy as np

from chainrule.mistakes.catalogue.training_metrics import no_effect
from chainrule.mistakes.catalogue.training_results import ignored
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import setup as s

activation_on_scores = Mistake(
    code="TR121",
    title="ReLU, sigmoid or tanh on the scores",
    symptom="The loss stays above a floor (1.46 with sigmoid, .80 with tanh); the accuracy drops a little, or not.",
    explanation="Scores are free numbers, of both signs and any size. Cut or squeezed, they can't say that a class is "
    "out of the question, or certain.",
    fix="Return the last linear layer's output as it is.",
    wrong="return F.relu(self.fc3(x))",
    right="return self.fc3(x)",
    seen=1,
)
activation_on_scores.instead_of(s.scores)(lambda: "never negative")
activation_on_scores.instead_of(s.scores)(lambda: "between 0 and 1")
activation_on_scores.instead_of(s.scores)(lambda: "between -1 and 1")

unused_layer = Mistake(
    code="TR122",
    title="a layer or dropout is made and never used",
    symptom="None: it simply has no effect.",
    explanation="What __init__ puts into self takes part only if forward calls it. Its weights stay as they are.",
    fix="Call it in forward, or take it out of __init__.",
    wrong="self.drop = nn.Dropout(0.3)  # and no self.drop(...) in forward",
    right="x = self.drop(F.relu(self.fc1(x)))",
    seen=2,
)
unused_layer.instead_of(s.all_layers_used)(lambda: False)

dropout_on_scores = Mistake(
    code="TR123",
    title="dropout on the scores",
    symptom="The training loss is high (.91 instead of .49) and jumps.",
    explanation="It sets the scores of classes to 0 by chance, the right one's too, and doubles others.",
    fix="Use dropout between hidden layers, not after the last one.",
    wrong="return self.drop(self.fc3(x))",
    right="return self.fc3(self.drop(x))",
    seen=2,
)
dropout_on_scores.instead_of(s.dropout_on_the_scores)(lambda: True)

no_activation = Mistake(
    code="TR124",
    title="no activation between two linear layers",
    symptom="Hardly any: .806 instead of .816. Layers more don't help.",
    explanation="A linear function of a linear function is one linear function: several layers are worth one.",
    fix="Put an activation after each hidden layer: F.relu(self.fc1(x)).",
    wrong="self.fc3(self.fc2(self.fc1(x)))",
    right="self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))",
    seen=1,
)
for _mistake in (no_activation, no_effect):
    _mistake.instead_of(s.between_the_layers)(lambda: "nothing, at least once")

hidden_softmax = Mistake(
    code="TR125",
    title="softmax as the activation of a hidden layer",
    symptom="A slow start: the loss stays at ln C for epochs; .56 or .72 instead of .82.",
    explanation="It makes the units share out a total of 1: each gets a small number, and a small slope.",
    fix="Use ReLU between the layers.",
    wrong="x = F.softmax(self.fc1(x), dim=1)",
    right="x = F.relu(self.fc1(x))",
    seen=1,
)
hidden_softmax.instead_of(s.between_the_layers)(lambda: "softmax")

plain_list = Mistake(
    code="TR129",
    title="layers in a plain Python list, tuple or dictionary",
    symptom="It trains, but only partly (.63 instead of .82); model.parameters() is shorter than expected.",
    explanation="PyTorch finds layers that are attributes of a module. What is inside a list it doesn't see: those "
    "weights are not trained, not saved, not moved to the GPU.",
    fix="Use nn.ModuleList, nn.ModuleDict or nn.Sequential.",
    wrong="self.layers = [nn.Linear(784, 64), nn.Linear(64, 10)]",
    right="self.layers = nn.ModuleList([nn.Linear(784, 64), nn.Linear(64, 10)])",
)
plain_list.instead_of(s.all_layers_registered)(lambda: False)

dropout_stays = Mistake(
    code="TR130",
    title="dropout that eval() can't switch off",
    symptom="The validation accuracy is low and noisy, .75 instead of .82; two looks at one image differ.",
    explanation="F.dropout(x, p) is on unless it is told training=self.training, and an nn.Dropout that is made in "
    "forward is new, so always in training mode.",
    fix="Make nn.Dropout in __init__ and call it in forward.",
    wrong="x = F.dropout(x, 0.3)",
    right="x = self.dropout(x)  # self.dropout = nn.Dropout(0.3) in __init__",
)
dropout_stays.instead_of(s.answers_in_eval_mode)(lambda: "other ones each time")

number_of_scores = Mistake(
    code="TR131",
    title="the number of scores is not the number of classes",
    symptom="With too many it trains, and starts above ln C; with too few: Target 7 is out of bounds.",
    explanation="Each class needs one score, in the order of the class numbers, which start at 0.",
    fix="Let the data say how many there are: nn.Linear(64, n_classes).",
    wrong="self.out = nn.Linear(64, 1)",
    right="self.out = nn.Linear(64, n_classes)",
)


def always_ten() -> Any:
    return 10


for _mistake in (number_of_scores, ignored):
    _mistake.instead_of(s.columns)(always_ten)
number_of_scores.instead_of(s.columns)(lambda: 1)
number_of_scores.instead_of(s.columns)(lambda: 100)
number_of_scores.instead_of(s.columns)(lambda: 1000)
number_of_scores.instead_of(s.columns)(lambda n_classes: n_classes + 1)
number_of_scores.instead_of(s.columns)(lambda n_classes: n_classes - 1)

bad_start = Mistake(
    code="TR133",
    title="initial weights that are all 0, all equal, or far too large",
    symptom="All 0: the loss stays at ln C. All equal: .71 instead of .82. Too large: a first loss of 300.",
    explanation="Units of a layer that start equal get equal slopes and stay equal for ever: many units, worth one. "
    "Weights that are too large give scores in the hundreds.",
    fix="Leave PyTorch's own start values, or use nn.init.kaiming_normal_.",
    wrong="nn.init.zeros_(layer.weight)",
    right="nn.init.kaiming_normal_(layer.weight)",
)
bad_start.instead_of(s.first_weights)(lambda: "all equal")
bad_start.instead_of(s.first_weights)(lambda: "far too large")

wrong_flatten = Mistake(
    code="TR134",
    title="the images are not flattened, or the batch is flattened with them",
    symptom="An error about shapes that can't be multiplied; or more rows of scores than images.",
    explanation="A linear layer takes one row of numbers per image. x.flatten() makes one row of the whole batch, and "
    "view(-1, k) with a k that is not the image's size makes several rows of each image.",
    fix="Keep the first axis: torch.flatten(x, 1), or x.view(len(x), -1).",
    wrong="x = x.flatten()",
    right="x = x.flatten(1)",
)
wrong_flatten.instead_of(s.rows_for_each_image)(lambda image_shape: image_shape[0])
wrong_flatten.instead_of(s.rows_for_each_image)(lambda image_shape: image_shape[1])
wrong_flatten.instead_of(s.rows_for_each_image)(lambda image_shape: image_shape[0] * image_shape[1])


@wrong_flatten.instead_of(s.rows_for_each_image)
def _() -> Any:
    raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")


@ignored.instead_of(s.rows_for_each_image)
def _(image_shape: Any) -> Any:
    if tuple(image_shape) != (1, 28, 28):
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")
    return 1


wrong_flatten.instead_of(s.transformed)(lambda normalised, scaled, mean, std: np.ravel(normalised(scaled, mean, std)))

too_shallow = Mistake(
    code="TR242",
    title="fewer hidden layers than were asked for",
    symptom="None, or a little less accuracy.",
    explanation="A hidden layer is a linear layer with an activation after it; the last linear layer gives the scores "
    "and doesn't count.",
    fix="Add another linear layer with an activation.",
    wrong="nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))",
    right="nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))",
)
too_shallow.instead_of(s.hidden_layers)(lambda: "only 1")
