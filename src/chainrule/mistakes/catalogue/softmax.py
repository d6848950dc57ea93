"""Mistakes in softmax, in the loss of classification with its slope, and in the share of right answers."""

from chainrule.mistakes.mistake import CATALOGUE, Mistake

table_of_labels = Mistake(
    code="GD101",
    title="the index picks every label for every record, an N×N table",
    symptom="The loss starts near that of guessing and falls slowly; with labels of shape (N,) all is well, so the "
    "function passes one test and fails the next.",
    explanation="np.arange(N) with labels of shape (N, 1) doesn't make N pairs: the two are spread out against each "
    "other, and each record is charged for all labels of the batch.",
    fix="Flatten the labels first: t = t.reshape(-1); then p[np.arange(N), t] takes one share per record.",
    wrong="p[np.arange(N), t]  # t is (N, 1)",
    right="p[np.arange(N), t.reshape(-1)]",
    seen=17,
)

whole_batch = Mistake(
    code="GD103",
    title="softmax is normalised over the whole batch, or down the columns",
    symptom="A single record is right. In a batch the rows don't add up to 1, and the loss starts at ln(C·N) or "
    "at ln N, "
    "not at ln C; a gradient check may pass all the same.",
    explanation="Each row is one record with shares of its own, so each row adds up to 1 by itself.",
    fix="Sum along the last axis and keep it: e.sum(axis=-1, keepdims=True).",
    wrong="e / e.sum()",
    right="e / e.sum(axis=-1, keepdims=True)",
    seen=11,
)

unstable = Mistake(
    code="GD108",
    title="the exponential gets numbers that are too large or too small",
    symptom="NaN for large scores only, often after some epochs; a RuntimeWarning about overflow.",
    explanation="e^710 is too large for a float. And after taking away the maximum of the whole table, a row far "
    "below it "
    "has nothing but zeros left: 0/0.",
    fix="Take away each row's own maximum before the exponential; it changes no share.",
    wrong="e = np.exp(z - z.max())",
    right="e = np.exp(z - z.max(axis=-1, keepdims=True))",
    seen=5,
)

not_one_number = Mistake(
    code="GD116",
    title="the result is one value for each record, not one number",
    symptom="A vector is printed, or later code sums it up by accident.",
    explanation="What is minimised, and what is reported, is one number for the batch.",
    fix="Take the mean over the records.",
    wrong="return -np.log(p[np.arange(N), t])",
    right="return -np.log(p[np.arange(N), t]).mean()",
    seen=3,
)

whole_rows = Mistake(
    code="GD117",
    title="the labels pick whole rows or columns, not one entry per record",
    symptom="Right for one record; in a batch a loss that belongs to other records.",
    explanation="p[t] takes the rows number t, whatever record they are. One share per record needs two indices.",
    fix="Use p[np.arange(N), t].",
    wrong="-np.log(p[t])",
    right="-np.log(p[np.arange(N), t])",
    seen=3,
)

loss_and_slope_apart = Mistake(
    code="GD125",
    title="the loss is a mean but its slope a sum, or the other way round",
    symptom="The loss is N times too large, or the learning rate acts N times larger or smaller. A gradient check with "
    "one record passes.",
    explanation="The slope belongs to the number that is returned: the slope of a mean has the 1/N, too.",
    fix="Divide both by the number of records, or neither.",
    wrong="loss = l.mean(); grad = p - onehot",
    right="loss = l.mean(); grad = (p - onehot) / N",
    seen=2,
)

shifted_labels = Mistake(
    code="GD134",
    title="the labels are shifted by one",
    symptom="Training looks normal; all predictions are off by one class.",
    explanation="Classes count from 0, as columns do: label 3 is column 3.",
    fix="Use the label as the index, without + 1 or - 1.",
    wrong="p[np.arange(N), t - 1]",
    right="p[np.arange(N), t]",
    seen=1,
)

divided_by_classes = Mistake(
    code="GD145",
    title="for a single record, it is divided by the number of classes",
    symptom="Batches are right; a single record's slope is K times too small.",
    explanation="shape[0] counts the records only where the array has two axes. For one record it is the number "
    "of classes.",
    fix="Make a single record a batch of one first: np.atleast_2d.",
    wrong="grad /= p.shape[0]  # p is (K,)",
    right="grad /= np.atleast_2d(p).shape[0]",
    seen=1,
)

one_off_whole_lines = Mistake(
    code="GD147",
    title="1 is taken off whole rows or columns of the gradient",
    symptom="One record is right; in a batch the rows of the gradient don't add up to 0.",
    explanation="Each record loses 1 in one place, that of its label.",
    fix="Use two indices: grad[np.arange(N), t] -= 1.",
    wrong="grad[t] -= 1",
    right="grad[np.arange(N), t] -= 1",
    seen=1,
)

log_of_zero = Mistake(
    code="GD159",
    title="the logarithm meets a share of exactly 0",
    symptom="The loss is NaN, late in training or for one sure answer.",
    explanation="A share far below the others rounds to 0. Its logarithm is -inf, and 0 times that is not 0 but "
    "NaN, even "
    "where this class isn't asked for.",
    fix="Take the logarithm of the picked shares only, and of at least 1e-300; or compute log-softmax as z - "
    "log(Σe^z).",
    wrong="-(onehot * np.log(p)).sum()",
    right="-np.log(np.maximum(p[np.arange(N), t], 1e-300)).sum()",
    severity="warning",  # right wherever no share is exactly 0, and published so in many places
)

not_for_all_shapes, first_label = CATALOGUE["GD109"], CATALOGUE["GD126"]
