"""Mistakes in the loss and in what the optimizer is made of."""

from typing import Any

import numpy as np

from chainrule.mistakes.catalogue.training_loop import climbs, wrong_size_of_loss
from chainrule.mistakes.catalogue.training_results import ignored, nothing_returned, other_order
from chainrule.mistakes.mistake import Mistake
from chainrule.mistakes.steps import setup as s
from chainrule.mistakes.steps import softmax as shares
from chainrule.mistakes.steps import training as t

softmax_first = Mistake(
    code="TR120",
    title="softmax before the cross-entropy, which has its own",
    symptom="The loss never falls below 1.461 with ten classes, ln(1 + 9/e), though the accuracy looks fine.",
    explanation="CrossEntropyLoss takes raw scores and applies the softmax itself. Shares between 0 and 1 taken for "
    "scores can't make it sure of anything.",
    fix="Return the last linear layer's scores as they are; apply softmax only to show shares.",
    wrong="return F.softmax(self.fc3(x), dim=1)  # with nn.CrossEntropyLoss",
    right="return self.fc3(x)",
    seen=6,
)
softmax_first.instead_of(s.Net.parts["scores"])(lambda: "shares of each image")


@softmax_first.instead_of(t.loss_of)
def _(criterion: Any, scores: Any, y: Any) -> Any:
    return criterion(scores.softmax(1), y)


@softmax_first.instead_of(s.log_shares)
def _(logits: Any) -> Any:
    return s.log_softmax(np.exp(s.log_softmax(logits, axis=1)), axis=1)


over_the_batch = Mistake(
    code="TR126",
    title="softmax over the batch instead of over the classes",
    symptom="Hardly any: the accuracy is nearly the same. But the answer for an image changes with the other images.",
    explanation="With dim=0 the scores of one class are shared out among the images of the batch; each image needs its "
    "own shares, over the classes.",
    fix="Give dim=1, the axis of the classes, or leave softmax out in front of CrossEntropyLoss.",
    wrong="F.log_softmax(scores, dim=0)",
    right="F.log_softmax(scores, dim=1)",
)
over_the_batch.replaces(
    {
        s.scores: lambda: "shares within the batch",
        s.answers_in_eval_mode: lambda: "other ones, when the other images change",
    }
)


@over_the_batch.instead_of(t.loss_of)
def _(criterion: Any, scores: Any, y: Any) -> Any:
    return criterion(scores.log_softmax(0), y)


@over_the_batch.instead_of(t.loss_of)
def _(criterion: Any, scores: Any, y: Any) -> Any:
    return criterion(scores.softmax(0), y)


@over_the_batch.instead_of(t.loss_of)
def _(criterion: Any, scores: Any, y: Any) -> Any:
    return -scores.log_softmax(0).gather(1, y[:, None]).mean()


@over_the_batch.instead_of(s.log_shares)
def _(logits: Any) -> Any:
    return s.log_softmax(logits, axis=0)


@over_the_batch.instead_of(s.log_shares)
def _(logits: Any) -> Any:
    return s.log_softmax(s.log_softmax(logits, axis=0), axis=1)


@over_the_batch.instead_of(s.log_shares)
def _(logits: Any) -> Any:
    return s.log_softmax(np.exp(s.log_softmax(logits, axis=0)), axis=1)


nll_of_scores = Mistake(
    code="TR144",
    title="NLLLoss on raw scores or on shares, without a logarithm",
    symptom="A negative loss: -.4, and soon -398,000; with a softmax it looks healthy, only below 0.",
    explanation="NLLLoss picks the entry of the right class and turns its sign. It expects logarithms of shares.",
    fix="Use CrossEntropyLoss on the raw scores, or log_softmax before NLLLoss.",
    wrong="nn.NLLLoss()(scores, y)",
    right="nn.CrossEntropyLoss()(scores, y)",
)


@nll_of_scores.instead_of(t.loss_of)
def _(criterion: Any, scores: Any, y: Any) -> Any:
    return -scores.gather(1, y[:, None]).mean()


@nll_of_scores.instead_of(t.loss_of)
def _(criterion: Any, scores: Any, y: Any) -> Any:
    return -scores.softmax(1).gather(1, y[:, None]).mean()


@nll_of_scores.instead_of(s.log_shares)
def _(logits: Any) -> Any:
    return logits


@nll_of_scores.instead_of(s.log_shares)
def _(logits: Any) -> Any:
    return np.exp(s.log_softmax(logits, axis=1))


squared_error = Mistake(
    code="TR145",
    title="a squared error for classes",
    symptom="With one-hot targets it learns a little less well; on the class numbers hardly at all (6 % by argmax).",
    explanation="Class numbers are names, not amounts: class 9 is not nine times class 1.",
    fix="Use the cross-entropy of the scores: nn.CrossEntropyLoss().",
    wrong="nn.MSELoss()(scores[:, 0], y.float())",
    right="nn.CrossEntropyLoss()(scores, y)",
)


@squared_error.instead_of(t.loss_of)
def mean_square(criterion: Any, scores: Any, y: Any) -> Any:
    one_hot = (y[:, None] == scores.new_tensor(range(scores.shape[1]))).to(scores.dtype)
    return ((scores - one_hot) ** 2).mean()


ignored.instead_of(t.loss_of)(mean_square)


@squared_error.instead_of(s.loss)
def _(logits: Any, labels: Any) -> Any:
    return np.mean((logits - np.eye(logits.shape[1])[labels]) ** 2)


@squared_error.instead_of(s.loss)
def _(logits: Any, labels: Any) -> Any:
    return np.mean((logits[:, 0] - labels) ** 2)


@squared_error.instead_of(s.loss)
def _(logits: Any, labels: Any) -> Any:
    return np.mean((logits.argmax(axis=1) - labels) ** 2)


table_of_errors = Mistake(
    code="TR146",
    title="answers (N, 1) and labels (N,) in the loss: each answer meets every label",
    symptom="A warning about sizes; the network learns to give the mean of all labels.",
    explanation="Shapes (N, 1) and (N,) broadcast to N × N differences.",
    fix="Bring both to the same shape first: scores.squeeze(1), or y[:, None].",
    wrong="nn.MSELoss()(scores, y)  # (N, 1) and (N,)",
    right="nn.MSELoss()(scores.squeeze(1), y)",
)


@table_of_errors.instead_of(s.loss)
@squared_error.instead_of(s.loss)
def _(logits: Any, labels: Any) -> Any:
    return np.mean((logits[:, :1] - labels) ** 2)


@table_of_errors.instead_of(s.loss)
@squared_error.instead_of(s.loss)
def _(logits: Any, labels: Any) -> Any:
    return np.mean((logits.max(axis=1, keepdims=True) - labels) ** 2)


@table_of_errors.instead_of(s.loss)
@squared_error.instead_of(s.loss)
def _(logits: Any, labels: Any) -> Any:
    return np.mean((logits.argmax(axis=1)[:, None] - labels) ** 2)


@squared_error.instead_of(s.loss)
def _(logits: Any, labels: Any) -> Any:
    """Scores (N, C) and labels (N,), handed to a squared error as they are."""
    raise RuntimeError(f"The size of tensor a ({logits.shape[1]}) must match the size of tensor b ({len(labels)})")


climbs.instead_of(s.direction)(lambda: "uphill")


@climbs.instead_of(s.loss)
def _(losses: Any) -> Any:
    return -losses.mean()


@wrong_size_of_loss.instead_of(s.loss)
def _(losses: Any) -> Any:
    return losses.sum()


@wrong_size_of_loss.instead_of(s.loss)
def _(losses: Any) -> Any:
    return losses.mean() / len(losses)


@wrong_size_of_loss.instead_of(s.loss)
def _(losses: Any) -> Any:
    return losses


class_for_object = Mistake(
    code="TR143",
    title="the loss's class instead of an object of it",
    symptom="AttributeError: 'CrossEntropyLoss' object has no attribute 'backward'; or: Boolean value of Tensor with "
    "more than one value is ambiguous.",
    explanation="nn.CrossEntropyLoss(scores, y) makes a loss object with scores for its settings; it computes nothing.",
    fix="Make the object first, with brackets: criterion = nn.CrossEntropyLoss().",
    wrong="criterion = nn.CrossEntropyLoss",
    right="criterion = nn.CrossEntropyLoss()",
    seen=1,
)
class_for_object.replaces({s.criterion_is: lambda: "a class", s.loss: lambda: None})

another_models = Mistake(
    code="TR140",
    title="the optimizer holds another model's parameters",
    symptom="The loss stays where it starts, and the accuracy is that of guessing.",
    explanation="Each step moves the parameters that the optimizer was given. Made before the model was made anew, or "
    "from a copy, it moves weights that nobody uses.",
    fix="Make the optimizer after the model, from this model's parameters: Adam(model.parameters()).",
    wrong="optimizer = Adam(net.parameters())\nmodel = Net()",
    right="model = Net()\noptimizer = Adam(model.parameters())",
    seen=2,
)
another_models.instead_of(s.optimizer_holds)(lambda: "none of this model's parameters")

part_of_parameters = Mistake(
    code="TR149",
    title="only part of the parameters is in the optimizer",
    symptom="It learns, but much less than it could: with the last layer only, .39 instead of .82.",
    explanation="What the optimizer does not hold keeps its random start values.",
    fix="Hand all of them over: model.parameters().",
    wrong="Adam(model.fc3.parameters())",
    right="Adam(model.parameters())",
)
part_of_parameters.instead_of(s.optimizer_holds)(lambda: "only some of this model's parameters")

unsuitable_rate = Mistake(
    code="TR141",
    title="an unsuitable learning rate",
    symptom="Far too small, the loss hardly moves (2.31 after 30 epochs at 1e-6); far too large, it jumps or stays "
    "at ln C.",
    explanation="A good step changes each weight by about a thousandth of itself. For Adam, .001 is where to start.",
    fix="Use the learning rate that is handed in; try others in steps of 3 or 10.",
    wrong="Adam(model.parameters(), lr=5e-6)",
    right="Adam(model.parameters(), lr=learning_rate)",
    seen=1,
)
for _mistake in (unsuitable_rate, ignored):
    _mistake.instead_of(s.learning_rate)(lambda: "the same, whatever is asked for")

strong_decay = Mistake(
    code="TR150",
    title="weight decay so strong that it pulls all weights to 0",
    symptom="The loss falls to ln C and stays; accuracy .18 at a decay of .1, guessing at 1.",
    explanation="Each step shrinks every weight by lr · decay. Above a few hundredths the data have no say.",
    fix="Leave it out, or start at 1e-4 and watch the validation loss.",
    wrong="Adam(model.parameters(), lr=lr, weight_decay=0.1)",
    right="Adam(model.parameters(), lr=lr)",
)
strong_decay.instead_of(s.weight_decay)(lambda: "strong")

nothing_returned.replaces(
    {s.criterion_and_optimizer.parts[name]: lambda: None for name in s.criterion_and_optimizer.returns}
    | {s.returned: lambda: "nothing"}
)
other_order.replaces(
    {s.criterion_and_optimizer.parts[name]: lambda: None for name in s.criterion_and_optimizer.returns}
    | {s.returned: lambda: "the other way round"}
)

another_optimizer = Mistake(
    code="TR226",
    title="another optimizer than the one asked for",
    symptom="With plain SGD at Adam's learning rate of .001 the loss hardly moves.",
    explanation="Learning rates belong to optimizers: .001 is good for Adam and far too small for SGD.",
    fix="Use torch.optim.Adam(model.parameters(), lr=learning_rate).",
    wrong="torch.optim.SGD(model.parameters(), lr=learning_rate)",
    right="torch.optim.Adam(model.parameters(), lr=learning_rate)",
)


def _is(name: str) -> None:
    """Enter an optimizer by the name of its class."""
    another_optimizer.instead_of(s.optimizer_is)(lambda: name)


for _name in ("SGD", "RMSprop", "Adagrad", "NAdam", "RAdam", "Adamax", "Adadelta", "AdamW"):
    _is(_name)


@softmax_first.instead_of(shares.table)
def softmax_twice(probs: Any) -> Any:
    return np.exp(s.log_softmax(np.atleast_2d(probs), axis=1))


@softmax_first.instead_of(shares.logarithms)
def softmax_twice_in_the_loss(table: Any) -> Any:
    return s.log_softmax(table, axis=1)
