"""Mistakes in L1 and L2 regularization with NumPy; the PyTorch penalties have the same ones."""

from chainrule.mistakes.mistake import Mistake

norm = Mistake(
    code="RG101",
    title="the L2 penalty is the norm, not its square",
    symptom="None: the accuracy is the same. Doubled weights double the penalty, where they should quadruple it.",
    explanation="The norm is the square root of Σw². Its slope, w/‖w‖, has the same size however large the "
    "weights are.",
    fix="Sum the squares: np.sum(w**2), or np.linalg.norm(w)**2.",
    wrong="lamb * np.linalg.norm(w)",
    right="lamb * np.sum(w**2)",
    seen=19,
)

for_vectors_only = Mistake(
    code="RG102",
    title="right for a vector of weights only: np.dot(w, w.T)",
    symptom="One number in the test with a vector, a matrix for a real layer.",
    explanation="For a vector this is Σw². For a matrix it is the matrix product with its own transpose, all "
    "rows with all rows.",
    fix="Square entry by entry, then sum: np.sum(w**2).",
    wrong="lamb * np.dot(w, w.T)",
    right="lamb * np.sum(w**2)",
    seen=4,
)

builtin_sum = Mistake(
    code="RG103",
    title="Python's own sum adds up only the rows of a matrix",
    symptom="One number for a vector; for a matrix, one number per column.",
    explanation="sum goes through the first axis and adds what it finds there, and that is whole rows.",
    fix="Use np.sum(w**2) or (w**2).sum(), which add everything.",
    wrong="lamb * sum(abs(w))",
    right="lamb * np.sum(np.abs(w))",
    seen=2,
)

over_batch = Mistake(
    code="RG104",
    title="the penalty is divided by a number of rows or records",
    symptom="None; the penalty is the weaker the larger the batch, or the matrix, is.",
    explanation="λ·Σw² doesn't know how many records there are. Only the loss of the data is a mean.",
    fix="Divide the data's part only, before the penalty's is added.",
    wrong="(data + 2 * lamb * w) / N",
    right="data / N + 2 * lamb * w",
    seen=2,
)

never_used = Mistake(
    code="RG105",
    title="the penalty is computed, but not used in the step",
    symptom="The curves with and without regularization are the same.",
    explanation="Weights move by the slope alone. What isn't in the slope doesn't reach them, even if it is in "
    "the printed loss.",
    fix="Add the penalty's slope to the gradient before the step.",
    wrong="w - lr * g",
    right="w - lr * (g + 2 * lamb * w)",
    seen=3,
)

mean_for_sum = Mistake(
    code="RG107",
    title="a mean in place of the sum",
    symptom="The curves look like those without a penalty: λ acts thousands of times weaker.",
    explanation="Each weight has its own price, so twice as many weights cost twice as much. A mean divides this "
    "out again.",
    fix="Take the sum: np.sum.",
    wrong="lamb * np.mean(w**2)",
    right="lamb * np.sum(w**2)",
    seen=2,
)

one_forgotten = Mistake(
    code="RG108",
    title="one of the weight matrices is left out of the penalty",
    symptom="None.",
    explanation="The penalty is meant for all weights. A matrix that is left out can grow in place of the others.",
    fix="Go through the whole list of weights.",
    wrong="slopes[1:] = [g + 2 * lamb * w …]",
    right="slopes = [g + 2 * lamb * w for w, g in zip(weights, grads)]",
    seen=2,
)

half_apart = Mistake(
    code="RG109",
    title="a factor ½ in the cost and not in its slope, or the other way round",
    symptom="None; the penalty acts twice or half as strongly as its value says.",
    explanation="λ/2·Σw² has the slope λw, and λ·Σw² has 2λw. Taken from two books, the two don't fit.",
    fix="Choose one form for both. Here it is λ·Σw² and 2λw.",
    wrong="cost = lamb * np.sum(w**2); slope = lamb * w",
    right="cost = lamb * np.sum(w**2); slope = 2 * lamb * w",
    seen=1,
)

no_factor_two = Mistake(
    code="RG110",
    title="the slope of w² without its factor 2",
    symptom="None; the penalty acts half as strongly as its value says.",
    explanation="The derivative of w² is 2w.",
    fix="Multiply by 2: the slope of λ·Σw² is 2λw.",
    wrong="lamb * w",
    right="2 * lamb * w",
)

no_magnitudes = Mistake(
    code="RG111",
    title="L1 without the absolute value of each weight",
    symptom="The penalty, and even the whole loss, can become negative; or weights of both signs cost next to nothing.",
    explanation="+3 and −3 are two large weights and cost 6. Added up first they cancel.",
    fix="Take the absolute value of each weight, then the sum; its slope is the sign of each weight.",
    wrong="lamb * np.sum(w)",
    right="lamb * np.sum(np.abs(w))",
)

subtracted = Mistake(
    code="RG112",
    title="the penalty is subtracted",
    symptom="The training loss falls nicely, and the weights grow.",
    explanation="A penalty makes large weights dear. With a minus it pays for them.",
    fix="Add it, with a plus.",
    wrong="loss - penalty",
    right="loss + penalty",
)

only_the_last = Mistake(
    code="RG114",
    title="in the loop over the weights only the last one's penalty is left",
    symptom="None; the penalty is that of the last array alone.",
    explanation="= in a loop replaces what the rounds before it have found.",
    fix="Treat every array in its own round, or add up with +=.",
    wrong="for w in weights: penalty = lamb * np.sum(w**2)",
    right="for w in weights: penalty += lamb * np.sum(w**2)",
)

wrong_strength = Mistake(
    code="RG115",
    title="λ is not applied, fixed to some number, or applied twice",
    symptom="Another λ changes nothing, or too much.",
    explanation="The penalty is proportional to λ: twice the λ, twice the penalty.",
    fix="Multiply by lamb, once.",
    wrong="0.01 * np.sum(np.abs(w))",
    right="lamb * np.sum(np.abs(w))",
)

twice_over = Mistake(
    code="RG117",
    title="the penalty is applied twice",
    symptom="The weights become too small; the best λ seems to be half of what others find.",
    explanation="The slope of the penalty in the gradient and a decay of the weights beside it do the same thing.",
    fix="Keep one of them.",
    wrong="(1 - 2 * lr * lamb) * w - lr * (g + 2 * lamb * w)",
    right="w - lr * (g + 2 * lamb * w)",
)

accumulates = Mistake(
    code="RG119",
    title="the penalty carries over from one array, or one step, to the next",
    symptom="The loss rises from step to step although the weights don't.",
    explanation="What was set to 0 once, outside the loop, still holds the penalties of all rounds before.",
    fix="Begin with 0 in each round.",
    wrong="penalty = 0\nfor w in weights:\n    penalty += …; new.append(w - lr * (g + penalty))",
    right="for w in weights:\n    new.append(w - lr * (g + 2 * lamb * w))",
)

root_at_zero = Mistake(
    code="RG120",
    title="a square root or a division that has no value at 0",
    symptom="NaN as soon as a weight is exactly 0.",
    explanation="|w| has a kink at 0, and w/|w| is 0/0 there.",
    fix="Use np.sign(w), which is 0 at 0.",
    wrong="lamb * w / np.abs(w)",
    right="lamb * np.sign(w)",
)

moves_the_weights = Mistake(
    code="RG122",
    title="changes the weights, where a penalty is asked for",
    symptom="The result has the shape of the weights; the caller's weights may have changed.",
    explanation="A penalty is a number that is added to the loss. The step comes later, from its slope.",
    fix="Return one number, λ·Σ|w| or λ·Σw².",
    wrong="w -= lamb * np.sign(w); return w",
    right="return lamb * np.sum(np.abs(w))",
)

wrong_norm = Mistake(
    code="RG123",
    title="a norm of another order, or along one axis only",
    symptom="Right for a vector; for a matrix the largest column, the largest singular value, or one number per row.",
    explanation="np.linalg.norm(W, 1) of a matrix is its largest column sum, and norm(W, 2) its largest singular "
    "value; neither "
    "adds up all weights. And |w| belongs to L1, w² to L2.",
    fix="Write the sum out: np.sum(np.abs(w)) or np.sum(w**2).",
    wrong="lamb * np.linalg.norm(W, 1)",
    right="lamb * np.sum(np.abs(W))",
)

not_shrunk = Mistake(
    code="RG124",
    title="small weights are cut to 0, but the others are not shrunk",
    symptom="As many zeros as there should be, and large weights that no penalty touches.",
    explanation="Every weight moves towards 0 by t, the large ones too; only that is the step of the L1 penalty.",
    fix="Shrink first, then stop at 0: np.sign(w) * np.maximum(np.abs(w) - t, 0).",
    wrong="np.where(np.abs(w) < t, 0, w)",
    right="np.sign(w) * np.maximum(np.abs(w) - t, 0)",
)

past_zero = Mistake(
    code="RG125",
    title="small weights are moved past 0",
    symptom="No weight is exactly 0: small ones hop from one side to the other.",
    explanation="A weight that is nearer to 0 than t stops there.",
    fix="Stop at 0: np.maximum(np.abs(w) - t, 0).",
    wrong="w - t * np.sign(w)",
    right="np.sign(w) * np.maximum(np.abs(w) - t, 0)",
)

one_side_only = Mistake(
    code="RG126",
    title="negative weights lose their sign, or are set to 0",
    symptom="No weight is below 0 any more.",
    explanation="Both sides move towards 0, each from its own side.",
    fix="Give the sign back: np.sign(w) * np.maximum(np.abs(w) - t, 0).",
    wrong="np.maximum(w - t, 0)",
    right="np.sign(w) * np.maximum(np.abs(w) - t, 0)",
)

value_for_slope = Mistake(
    code="RG131",
    title="the penalty itself stands where its slope belongs",
    symptom="Negative weights are driven away from 0: a square, or a magnitude, has lost their sign.",
    explanation="A step follows the slope: 2λw for λw², λ·sign(w) for λ|w|. The value says how large the penalty is, "
    "and not which way is down.",
    fix="Take the slope: 2 * lamb * w, or lamb * np.sign(w).",
    wrong="grad + lamb * w**2",
    right="grad + 2 * lamb * w",
)

pushed_from_zero = Mistake(
    code="RG132",
    title="a weight of 0 is pushed away from it",
    symptom="Weights that have reached 0 don't stay there.",
    explanation="At 0 the magnitude has no slope to one side: np.sign gives 0 there. where(w > 0, λ, -λ) has two cases "
    "only.",
    fix="Use np.sign(w).",
    wrong="np.where(w > 0, lamb, -lamb)",
    right="lamb * np.sign(w)",
)

shrunk_after = Mistake(
    code="RG133",
    title="the weights are shrunk after the step, and the step with them",
    symptom="Hardly any: a difference of lr² λ.",
    explanation="Both slopes belong to the weights before the step. Shrinking the new weights shrinks the data's step, "
    "too.",
    fix="One step with both: w - lr * (g + 2 * lamb * w).",
    wrong="w = w - lr * g\nw = w * (1 - 2 * lr * lamb)",
    right="w = w * (1 - 2 * lr * lamb) - lr * g",
)

chosen_on_test = Mistake(
    code="RG127",
    title="λ is chosen on the test set",
    symptom="The reported accuracy is better than that on new data.",
    explanation="A number that was used to choose is no measurement any more.",
    fix="Choose on the validation set, and look at the test set once, afterwards.",
    wrong="candidates[test_accuracy.mean(axis=1).argmax()]",
    right="candidates[valid_accuracy.mean(axis=1).argmax()]",
)

chosen_on_training = Mistake(
    code="RG128",
    title="λ is chosen on the training set",
    symptom="Always the smallest λ.",
    explanation="A penalty can only make the training loss larger: there, no penalty is always best.",
    fix="Choose on the validation set.",
    wrong="candidates[train_loss.mean(axis=1).argmin()]",
    right="candidates[valid_accuracy.mean(axis=1).argmax()]",
)

luckiest_seed = Mistake(
    code="RG129",
    title="λ is chosen by its luckiest seed",
    symptom="Another λ is best as soon as it is tried again.",
    explanation="The best of many runs is mostly luck. The mean over the seeds is what can be had again.",
    fix="Take the mean over the seeds first, then the largest.",
    wrong="candidates[valid_accuracy.max(axis=1).argmax()]",
    right="candidates[valid_accuracy.mean(axis=1).argmax()]",
)

not_the_candidate = Mistake(
    code="RG130",
    title="returns the number of the row, or its accuracy, and not the λ",
    symptom="A λ that is far too large.",
    explanation="argmax says where the largest is; what is asked for stands in the list of candidates there.",
    fix="candidates[np.argmax(…)]",
    wrong="np.argmax(valid_accuracy.mean(axis=1))",
    right="candidates[np.argmax(valid_accuracy.mean(axis=1))]",
)
