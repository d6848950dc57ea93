# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Further Exploration
#
# The three lessons gave you a network that learns, and a run whose number can be believed. What is left are the choices that
# nobody can make for you: how large a step, how long, how wide, how deep, which activation, and whether a network is needed at
# all. This notebook answers four such questions in the way they can be answered, by trying:
#
# 1. Do more epochs replace a larger learning rate?
# 2. Should a network be wider, or deeper?
# 3. Is ReLU better than sigmoid?
# 4. Does every dataset need a hidden layer?
#
# Each has the same four beats: **guess** and write the guess down; **run** a small sweep, every setting with several seeds;
# **look** at the picture; **finish the sentence**. Write the guess first. A result that you have guessed, rightly or wrongly,
# stays with you; one that you have only read does not.
#
# There is one exercise, a function of four lines, and it is the most useful one here: it decides whether a difference means
# anything. The whole notebook runs in about a minute; with guessing and reading it is an hour.

# %%
import time
from functools import cache
from itertools import pairwise

import numpy as np
from tqdm.auto import tqdm

from chainrule import check, data, fit, nn, optim, plots
from chainrule.course import record
from chainrule.gradcheck import numerical_gradient, relative_error
from chainrule.training import evaluate

# %% [markdown]
# The settings are here, ready to be changed.

# %% tags=["parameters"]
SEEDS = 8  # repetitions of every setting, at least 2; each draws another split and other weights
BATCH = 32  # records in a batch
EPOCHS = 20  # epochs on digits, where nothing else is said
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # learning rates of question 1
WIDTHS = (1, 2, 4, 8, 16, 32, 128)  # hidden neurons on digits, question 2
DEPTHS = (0, 1, 2, 4, 6)  # hidden layers of 16 on digits, question 2
STEPS = 400  # training steps on every dataset of question 4
FULL_SIZE = None  # "mnist" or "fashion-mnist": also run the full-size section

# %% [markdown]
# ## What the four questions share
#
# **The data.** `parts(name, seed)` cuts a dataset into 60 % for training, 20 % for validation and 20 % for the test, another cut
# for every seed. Tables of measurements are standardised with the training part's statistics; images and drawn points are left
# as they are.
#
# **The network.** `train` builds a network with the hidden layers you name (`(32,)` is one layer of 32, `()` is none), trains
# it by plain mini-batch gradient descent, and returns it with its validation accuracy after every epoch.
#
# **The sweep.** `sweep` runs every setting with every seed and keeps all the numbers. That is the whole machinery.


# %%
@cache
def parts(name, seed):
    """Return the training, validation and test part of a dataset; each seed cuts (and draws) it anew."""
    drawn = name in ("moons", "circles", "xor", "spiral")
    whole = data.load(name, seed=seed) if drawn else data.load(name)
    train, valid, test = whole.split(0.6, 0.2, 0.2, seed=seed)
    return (
        train.standardize(valid, test)
        if name in ("iris", "wine", "breast-cancer")
        else (train, valid, test)
    )


def train(
    sets,
    hidden,
    seed,
    *,
    lr,
    epochs=EPOCHS,
    momentum=0.0,
    activation=nn.ReLU,
    init="he_uniform",
    batch=BATCH,
):
    """Train on sets[0]; return the network, and its accuracy on sets[1] after every epoch."""
    n_classes = len(sets[0].classes)
    sizes = (sets[0].x.shape[1], *hidden, n_classes)
    layers = [
        layer for n, m in pairwise(sizes) for layer in (nn.Linear(n, m, init=init), activation())
    ]
    net = nn.Sequential(*layers[:-1], seed=seed)
    optimizer = optim.SGD(net.parameters(), lr=lr, momentum=momentum)
    options = {
        "criterion": nn.CrossEntropyLoss(),
        "optimizer": optimizer,
        "epochs": epochs,
        "batch_size": batch,
    }
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            history = fit(net, sets[0], valid=sets[1], seed=seed, **options)
    except FloatingPointError:  # the loss became infinite: a result, too, worth as much as guessing
        return net, np.full(epochs, 1 / n_classes)
    return net, np.array(history["valid_accuracy"])


def score(net, part):
    """Return the accuracy on one part; a network whose weights have become infinite answers at random."""
    with np.errstate(over="ignore", invalid="ignore"):
        return evaluate(net, part, nn.CrossEntropyLoss())[1]


def sweep(settings, run, seeds=SEEDS):
    """Return, for each setting, an array of what run(setting, seed) gave, one row for each seed."""
    return {
        setting: np.array([run(setting, seed) for seed in range(seeds)])
        for setting in tqdm(settings)
    }


def beside(guess, measured):
    """Print each guess beside what was measured."""
    width = max(map(len, measured))
    for what, value in measured.items():
        mine = guess.get(what)
        print(
            f"{what:<{width}}  guessed {'nothing yet' if mine is None else mine!s:<11}  measured {value}"
        )


parts("digits", 0)


# %% [markdown]
# ## A difference, or luck?
#
# Train the same network twice with different seeds and the accuracy differs by a point or two: another split, other first
# weights. So when setting `b` scores above setting `a`, it may be better, or it may have been lucky.
#
# Two things help. The first is to repeat: $n$ seeds give $n$ numbers, and their mean wanders less than any one of them. The
# second is to **pair**: seed 3 cuts the data in the same way for `a` and for `b`. If that cut has a hard validation part, both
# suffer, and in the difference $b - a$, seed by seed, it cancels. So we look at
#
# $$d_i = b_i - a_i, \qquad \text{mean difference} = \frac{1}{n}\sum_i d_i, \qquad
# \text{standard error} = \frac{s}{\sqrt{n}}, \qquad s^2 = \frac{1}{n-1}\sum_i \left(d_i - \text{mean}\right)^2 .$$
#
# The standard error says how far the mean difference would typically move if all was done again with $n$ other seeds. The
# $n - 1$, rather than $n$, makes up for measuring the spread around a mean that was computed from the same few numbers.

# %% [markdown]
# **Exercise 1: `verdict`.** Medium, about 10 minutes. `a` and `b` are arrays of shape `(n,)`: the accuracies of two settings,
# where `a[i]` and `b[i]` belong to the same seed. Return four numbers: the mean difference `b - a`, its standard error, in
# how many seeds `b` is better, and in how many it is worse. A tie counts for neither.
#
# <details><summary>Hint 1</summary>Everything is about one array of shape <code>(n,)</code>: the differences. Make it
# first; <code>a</code> and <code>b</code> are not needed again.</details>
#
# <details><summary>Hint 2</summary>NumPy's <code>std</code> divides by n unless it is told otherwise: look for
# <code>ddof</code> in its documentation.</details>
#
# <details><summary>Hint 3</summary><code>np.sum(difference &gt; 0)</code> counts.</details>


# %%
# Exercise 1: verdict
def verdict(a, b):
    """Compare two settings, paired by seed.

    Parameters
    ----------
    a, b : arrays of shape (n,), n >= 2

    Returns
    -------
    mean difference b - a, standard error, number of seeds where b is better, number where it is worse
    """
    ### BEGIN SOLUTION
    difference = b - a
    standard_error = difference.std(ddof=1) / np.sqrt(len(difference))
    return (
        difference.mean(),
        standard_error,
        int(np.sum(difference > 0)),
        int(np.sum(difference < 0)),
    )
    ### END SOLUTION


# %%
check(verdict)

# %% [markdown]
# From here on `say` puts it in words. It calls a difference *clear* when it is more than three standard errors from zero, and
# otherwise *open*. Why three? With eight seeds, pure luck gets there about once in 50 comparisons (Student's t with seven degrees of
# freedom), and this notebook makes nearly thirty of them: luck may well fool it once.
#
# **What the bars do not say.** All seeds share one dataset. A difference that is clear over eight seeds is clear *for these digits,
# this size of network, this many epochs*. Other data may answer otherwise, and question 2 has an example.


# %%
def say(change, a, b):
    """Print what verdict(a, b) finds, in points: hundredths of accuracy."""
    mean, se, better, worse = verdict(a, b)
    certainty = "clear" if abs(mean) > 3 * se else "open"
    print(
        f"{change:<44} {100 * mean:+6.1f} ± {100 * se:.1f} points, {better:2} better, {worse:2} worse: {certainty}"
    )


# %% [markdown]
# ## Question 1: do more epochs replace a larger step?
#
# Handwritten digits, a network 64-32-10 with ReLU. A step moves the weights by the learning rate times the gradient. As long as
# the gradient hardly changes on the way, ten steps of 0.01 should lead to the same place as one step of 0.1. Then only the
# product of learning rate and epochs would count.
#
# **Guess 1.** Easy, about 2 minutes. Four pairs with the same product, 0.3. Write down the validation accuracy you expect for
# each, as a fraction. One of them is the odd one out; which?

# %%
guess_1 = {
    "0.01 x 30 epochs": None,
    "0.03 x 10 epochs": None,
    "0.1 x 3 epochs": None,
    "0.3 x 1 epoch": None,
}

# %% [markdown]
# One training of 30 epochs shows all the shorter ones on its way: the accuracy after epoch 3 *is* the accuracy of a training of
# 3 epochs, as the learning rate stays the same throughout.

# %%
digits_runs = sweep(
    RATES,
    lambda lr, seed: train(parts("digits", seed), (32,), seed, lr=lr, epochs=30, init="default")[1],
)
epochs_shown = (1, 3, 10, 30)
table = np.stack(
    [digits_runs[lr][:, np.array(epochs_shown) - 1].T for lr in RATES]
)  # (rates, epochs, seeds)
same_product = [
    (RATES.index(lr), epochs_shown.index(e))
    for lr in RATES
    for e in epochs_shown
    if np.isclose(lr * e, 0.3)
]
plots.heat_map(
    table,
    rows=RATES,
    columns=epochs_shown,
    xlabel="epochs",
    ylabel="learning rate",
    label="validation accuracy",
    title="mean ± standard deviation over seeds\nframed: rate × epochs = 0.3",
    outline=same_product,
)

# %% [markdown]
# Look along the diagonals first, then along the top row. Finish the sentence: *more epochs replace a larger step …*

# %%
pair = {
    f"{lr:g} x {e} epoch{'s' * (e > 1)}": digits_runs[lr][:, e - 1]
    for lr, e in ((0.01, 30), (0.03, 10), (0.1, 3), (0.3, 1))
}
beside(guess_1, {name: f"{values.mean():.3f}" for name, values in pair.items()})
print()
tenth, third, middle, whole = pair.values()
say("0.1 x 3 -> 0.01 x 30", middle, tenth)
say("0.1 x 3 -> 0.03 x 10", middle, third)
say("0.1 x 3 -> 0.3 x 1", middle, whole)
best_rate = max(RATES, key=lambda lr: digits_runs[lr][:, -1].mean())
print(
    f"\n... along a diagonal, as long as steps are small: 0.01 x 30 does as well as 0.1 x 3, or better ({tenth.mean():.3f}, "
    f"{middle.mean():.3f}).\nWith 0.3 the first epoch pays for the size of its steps ({whole.mean():.3f}), though 30 epochs of it are "
    f"among the best ({digits_runs[0.3][:, -1].mean():.3f}).\nWith 3 nothing is learned, ever ({digits_runs[3.0][:, -1].mean():.3f})."
)

# %%
plots.differences(
    {
        "0.1 x 3 → 0.01 x 30": (middle, tenth),
        "0.1 x 3 → 0.03 x 10": (middle, third),
        "0.1 x 3 → 0.3 x 1": (middle, whole),
    },
    xlabel="points of validation accuracy gained",
    title="the same product of learning rate and epochs, seed by seed",
)

# %% [markdown]
# ### An aside: the last batch
#
# While this notebook was being written, another split of the same digits gave 0.2 instead of 0.7 after one epoch at learning
# rate 0.3. Nothing was broken. The number of training records decides how many are left for the *last* batch of an epoch, and
# the accuracy is measured right after that one.
#
# **Guess 1b.** Easy, about 1 minute. One epoch at learning rate 0.3, on 1056 records: 33 full batches. Now add two records, which make
# a 34th batch of two. What does validation accuracy do?

# %%
guess_1b = {
    "33 full batches": None,
    "33 full batches and 2 records": None,
    "33 full batches and 16 records": None,
}

# %%
last_batch = sweep(
    (0, 2, 16),
    lambda extra, seed: train(
        (parts("digits", seed)[0][: 33 * BATCH + extra], parts("digits", seed)[1]),
        (32,),
        seed,
        lr=0.3,
        epochs=10,
        init="default",
    )[1],
)
after_one = [values[:, 0] for values in last_batch.values()]
beside(guess_1b, dict(zip(guess_1b, (f"{values.mean():.3f}" for values in after_one), strict=True)))
print()
say("after one epoch: none -> 2 in the last batch", after_one[0], after_one[1])
say("after one epoch: none -> 16", after_one[0], after_one[2])
say("after ten epochs: none -> 2", last_batch[0][:, -1], last_batch[2][:, -1])

# %%
plots.bands(
    {
        "learning rate 0.3": {
            f"{extra or 'none'} in a last batch": {
                epoch + 1: values[:, epoch] for epoch in range(10)
            }
            for extra, values in last_batch.items()
        }
    },
    xlabel="epoch",
    ylabel="validation accuracy",
)

# %% [markdown]
# The bands go from the worst seed to the best. The mean over two records is a noisy gradient, and it moves the weights by the
# same learning rate as the mean over 32. Early in training, one such step is enough to throw the network off. Each following
# epoch repairs it, and ends in another such step. The textbook sentence "the last batch may be smaller" hides this. PyTorch's
# `DataLoader` has a switch that leaves a smaller last batch out, `drop_last=True`.

# %% [markdown]
# ## Question 2: wider, or deeper?
#
# Two tasks. The digits again; and the **spiral**, points in the plane on two arms that wind around each other, in 2 columns
# instead of 64. Momentum 0.9 and He's first weights, which keep ReLU networks of several layers alive.
#
# **Guess 2.** Easy, about 2 minutes. Widths are powers of two; differences are in points, that is hundredths of accuracy, and may be
# negative.

# %%
guess_2 = {
    "digits: the smallest width within a point of the best": None,
    "digits: six hidden layers of 16 instead of one": None,
    "spiral: the smallest width within a point of the best": None,
    "spiral: two hidden layers of 16 instead of one": None,
}

# %%
deep = {"momentum": 0.9, "init": "he_uniform"}
layouts = [(width,) for width in WIDTHS] + [(16,) * depth for depth in DEPTHS if depth != 1]
digits_layouts = sweep(
    layouts, lambda hidden, seed: train(parts("digits", seed), hidden, seed, lr=0.02, **deep)[1][-1]
)
spiral_layouts = sweep(
    [(width,) for width in (2, 4, 8, 16, 32, 64)] + [(16, 16)],
    lambda hidden, seed: train(parts("spiral", seed), hidden, seed, lr=0.05, epochs=100, **deep)[1][
        -1
    ],
)


def n_weights(inputs, hidden, outputs):
    """Return how many weights and biases a network has."""
    return sum((n + 1) * m for n, m in pairwise((inputs, *hidden, outputs)))


# %%
plots.error_bars(
    {
        "digits": {
            hidden[0]: digits_layouts[hidden] for hidden in digits_layouts if len(hidden) == 1
        },
        "spiral": {
            hidden[0]: spiral_layouts[hidden] for hidden in spiral_layouts if len(hidden) == 1
        },
    },
    order=sorted({*WIDTHS, 2, 4, 8, 16, 32, 64}),
    xlabel="neurons in the one hidden layer",
    ylabel="validation accuracy",
    title="width: mean ± standard error, and every seed",
)

# %%
plots.error_bars(
    {
        "digits": {depth: digits_layouts[(16,) * depth] for depth in DEPTHS},
        "spiral": {1: spiral_layouts[(16,)], 2: spiral_layouts[(16, 16)]},
    },
    order=DEPTHS,
    xlabel="hidden layers of 16",
    ylabel="validation accuracy",
    title="depth: mean ± standard error, and every seed",
)

# %% [markdown]
# Finish the sentence: *adding neurons pays until …; adding layers pays …*


# %%
def enough(runs):
    """Return the smallest width whose mean is within a point of the best mean of any width."""
    means = {hidden[0]: values.mean() for hidden, values in runs.items() if len(hidden) == 1}
    return min(width for width, mean in means.items() if mean > max(means.values()) - 0.01)


def gain(a, b):
    """Return the mean difference in points, as text."""
    return f"{100 * verdict(a, b)[0]:+.1f}"


six = digits_layouts[(16,) * 6]
measured = (
    enough(digits_layouts),
    gain(digits_layouts[(16,)], six),
    enough(spiral_layouts),
    gain(spiral_layouts[(16,)], spiral_layouts[(16, 16)]),
)
beside(guess_2, dict(zip(guess_2, measured, strict=True)))
print()
say("digits: 4 -> 16 neurons", digits_layouts[(4,)], digits_layouts[(16,)])
say("digits: 16 -> 32", digits_layouts[(16,)], digits_layouts[(32,)])
say("digits: 32 -> 128", digits_layouts[(32,)], digits_layouts[(128,)])
say("digits: one layer of 16 -> two", digits_layouts[(16,)], digits_layouts[(16, 16)])
say("digits: one layer of 16 -> six", digits_layouts[(16,)], six)
say("spiral: 16 -> 64 neurons", spiral_layouts[(16,)], spiral_layouts[(64,)])
say("spiral: one layer of 16 -> two", spiral_layouts[(16,)], spiral_layouts[(16, 16)])
say("spiral: one layer of 64 -> 16 and 16", spiral_layouts[(64,)], spiral_layouts[(16, 16)])
print(
    f"\n... until the task fits, then no more: within a point of the best with {measured[0]} neurons on digits, {measured[2]} on "
    f"the spiral.\nA second layer of 16 gains {measured[3]} points on the spiral; on digits six layers instead of one make it {measured[1]}.\n"
    f"Weights on the spiral: {n_weights(2, (64,), 2)} with one layer of 64, {n_weights(2, (16, 16), 2)} with two of 16."
)

# %% [markdown]
# The same change, one more layer, helps one dataset and not the other: that is what the caveat above meant. A layer of 64 and two
# layers of 16 have about as many weights on the spiral, so there "deeper" can be compared with "wider" at the same cost: that is the last of the comparisons above.

# %% [markdown]
# ## Question 3: is ReLU better than sigmoid?
#
# Textbooks say so, and lesson 1 showed a deep sigmoid network that does not learn at all. Here is the comparison that is fair to both: each
# activation with fitting first weights (Glorot's for sigmoid and tanh, He's for ReLU), each at several learning rates. The best
# learning rate is chosen on the validation part; the difference is then read on the test part, which had no say in it.
#
# **Guess 3.** Easy, about 2 minutes. Differences in points; the last one is a name: sigmoid, tanh or relu.

# %%
guess_3 = {
    "one layer, rate 0.1 for all: ReLU instead of sigmoid": None,
    "one layer, each at its best rate: ReLU instead of sigmoid": None,
    "five layers: ReLU instead of sigmoid": None,
    "five layers: the best of the three": None,
}

# %%
ACTIVATIONS = {"sigmoid": "xavier_uniform", "tanh": "xavier_uniform", "relu": "he_uniform"}
rates = {1: (0.1, 0.3, 1.0), 5: (0.03, 0.1, 0.3)}


def activation_run(setting, seed):
    """Return the accuracy on the validation and on the test part."""
    name, depth, lr = setting
    sets = parts("digits", seed)
    net, accuracy = train(
        sets, (32,) * depth, seed, lr=lr, activation=nn.ACTIVATIONS[name], init=ACTIVATIONS[name]
    )
    return accuracy[-1], score(net, sets[2])


runs = sweep(
    [(name, depth, lr) for depth in rates for name in ACTIVATIONS for lr in rates[depth]],
    activation_run,
)

# %%
plots.bands(
    {
        f"{depth} hidden layer{'s' * (depth > 1)} of 32": {
            name: {lr: 1 - runs[name, depth, lr][:, 0] for lr in rates[depth]}
            for name in ACTIVATIONS
        }
        for depth in rates
    },
    xlabel="learning rate",
    ylabel="validation error (1 - accuracy)",
    log=True,
)

# %% [markdown]
# Finish the sentence: *ReLU is better than sigmoid …*

# %%
best = {}  # (activation, depth) -> test accuracies at the learning rate that validation chose
for depth in rates:
    for name in ACTIVATIONS:
        lr = max(rates[depth], key=lambda lr: runs[name, depth, lr][:, 0].mean())
        best[name, depth] = runs[name, depth, lr][:, 1]
        print(
            f"{depth} x 32, {name:<7} best learning rate {lr:<4}  test accuracy {best[name, depth].mean():.3f}"
        )
at_01 = {name: runs[name, 1, 0.1][:, 1] for name in ACTIVATIONS}
deepest = max(ACTIVATIONS, key=lambda name: best[name, 5].mean())
print()
measured = (
    gain(at_01["sigmoid"], at_01["relu"]),
    gain(best["sigmoid", 1], best["relu", 1]),
    gain(best["sigmoid", 5], best["relu", 5]),
    deepest,
)
beside(guess_3, dict(zip(guess_3, measured, strict=True)))
print()
say("one layer, rate 0.1: sigmoid -> ReLU", at_01["sigmoid"], at_01["relu"])
say("one layer, best rates: sigmoid -> ReLU", best["sigmoid", 1], best["relu", 1])
say("one layer, best rates: sigmoid -> tanh", best["sigmoid", 1], best["tanh", 1])
say("five layers, best rates: sigmoid -> ReLU", best["sigmoid", 5], best["relu", 5])
say("five layers, best rates: ReLU -> tanh", best["relu", 5], best["tanh", 5])
print(
    f"\n... {measured[0]} points in a shallow network at one learning rate for all, but that was the learning rate: with each at "
    f"its best it is {measured[1]}.\nDeep, plain sigmoid fails outright ({best['sigmoid', 5].mean():.3f}, as good as guessing), at every "
    f"rate tried; ReLU reaches {best['relu', 5].mean():.3f}, tanh {best['tanh', 5].mean():.3f}."
)

# %% [markdown]
# A sigmoid's slope is at most ¼, so of the slope that comes from above at most a quarter gets through it. One layer deep, a larger
# learning rate makes up for that. Five layers deep the quarters multiply, to less than a thousandth, and none of the learning
# rates tried is large enough for the first layer. The order of tanh and ReLU is another matter: it is an answer for this size, these
# first weights and these digits, and when we tried ten other seeds, `verdict` left it open.
#
# "Best" means best of the rates tried. Where the printed one is the largest of its row of rates, a larger one may be better still: add it to `rates` and see.

# %% [markdown]
# ## Question 4: does every dataset need a hidden layer?
#
# A network without a hidden layer can only cut straight: between two classes its border is a line, a plane, a hyperplane. Nine
# datasets, each with no hidden layer and with one of 32 ReLU, both with the same number of steps.
#
# **Guess 4.** Easy, about 2 minutes. By how many points of test accuracy does the hidden layer help? Some may be negative.

# %%
guess_4 = {
    "iris": None,
    "wine": None,
    "breast-cancer": None,
    "digits": None,
    "fashion-small": None,
    "moons": None,
    "circles": None,
    "xor": None,
    "spiral": None,
}

# %%
nets, drawn = {}, ("moons", "circles", "xor", "spiral")


def dataset_run(setting, seed):
    """Return the test accuracy after a fixed number of steps."""
    name, hidden = setting
    sets = parts(name, seed)
    epochs = round(STEPS * BATCH / len(sets[0]))
    nets[setting], _ = train(sets, hidden, seed, lr=0.2, epochs=epochs)
    return score(nets[setting], sets[2])


by_dataset = sweep([(name, hidden) for name in guess_4 for hidden in ((), (32,))], dataset_run)
plots.error_bars(
    {
        "no hidden layer": {name: by_dataset[name, ()] for name in guess_4},
        "one hidden layer of 32": {name: by_dataset[name, (32,)] for name in guess_4},
    },
    xlabel="",
    ylabel="test accuracy",
    title="mean ± standard error, and every seed",
    line=False,
)

# %% [markdown]
# For the four drawn ones we can look at the borders themselves: the last seed's networks, asked at every point of the plane. The spiral's border
# is not finished: these are 400 plain steps, and question 2 gave the spiral more of them, with momentum.

# %%
kinds = {"no hidden layer": (), "one hidden layer of 32": (32,)}
plots.decisions(
    {
        kind: [lambda x, net=nets[name, hidden]: net(x).argmax(axis=1) for name in drawn]
        for kind, hidden in kinds.items()
    },
    {name: (parts(name, SEEDS - 1)[0].x, parts(name, SEEDS - 1)[0].y) for name in drawn},
    notes={
        kind: [f"test accuracy {by_dataset[name, hidden][-1]:.2f}" for name in drawn]
        for kind, hidden in kinds.items()
    },
)

# %% [markdown]
# Finish the sentence: *a hidden layer is needed …*

# %%
beside(guess_4, {name: gain(by_dataset[name, ()], by_dataset[name, (32,)]) for name in guess_4})
print()
helped = []
for name in guess_4:
    mean, se, _, _ = verdict(by_dataset[name, ()], by_dataset[name, (32,)])
    helped += [name] if mean > 3 * se else []
    say(
        f"{name} ({len(parts(name, 0)[2])} test records)",
        by_dataset[name, ()],
        by_dataset[name, (32,)],
    )
gains = {name: 100 * verdict(by_dataset[name, ()], by_dataset[name, (32,)])[0] for name in guess_4}
print(
    f"\n... where a straight cut fails: {min(gains[name] for name in drawn):.0f} to {max(gains.values()):.0f} points on "
    f"{', '.join(drawn)}.\nClear gains here: {', '.join(helped)}. Elsewhere the gain, if there is one, is too small for {SEEDS} seeds."
)

# %%
plots.differences(
    {name: (by_dataset[name, ()], by_dataset[name, (32,)]) for name in guess_4},
    xlabel="points of test accuracy gained by the hidden layer",
)

# %% [markdown]
# On a small table one record of the test part is worth several points, so the dots stand in columns, and even eight seeds leave
# most questions open. That is not a failure of the method. It is what there is to know.

# %% [markdown]
# ### An extra: the digits in the order of their file
#
# Every split so far was drawn at random. The digits' file has an order, though: the first records were collected first.
#
# **Guess 4b.** Easy, about 1 minute. Train on the first three quarters of the file and test on the last quarter, instead of
# drawing the same shares at random. What does test accuracy do?

# %%
guess_4b = {"three quarters at random": None, "the file's first three quarters": None}

# %%
digits = data.load("digits")
cut = round(0.75 * len(digits))


def order_run(order, seed):
    """Return the accuracy on the quarter that was not trained on."""
    sets = (
        digits.split(0.75, 0.25, seed=seed)
        if order == "at random"
        else (digits[:cut], digits[cut:])
    )
    return train(sets, (32,), seed, lr=0.1)[1][-1]


by_order = sweep(("at random", "file order"), order_run)
beside(
    guess_4b,
    dict(zip(guess_4b, (f"{values.mean():.3f}" for values in by_order.values()), strict=True)),
)
print()
say("a random quarter -> the file's last quarter", by_order["at random"], by_order["file order"])

squares = (digits.x**2).sum(axis=1)
distance = squares[:, None] + squares - 2 * digits.x @ digits.x.T  # of each two images
distance[digits.y[:, None] != digits.y] = np.inf
np.fill_diagonal(distance, np.inf)
apart = np.abs(np.arange(len(digits)) - distance.argmin(axis=1))
print(
    f"{np.mean(apart < 100):.0%} of the digits have the most similar image of their class less than 100 places "
    f"away in the file;\nof images drawn at random {198 / len(digits):.0%} would be as near"
)

# %% [markdown]
# Neighbours in the file resemble each other more than strangers do, as the last two lines say. It may be that one hand wrote several in
# a row; we have not verified that. A random split puts such neighbours on both sides, so it tests the network on near-copies of what it has
# seen. If your network will meet *new* writers, patients or cameras, split by writer, patient or camera.

# %% [markdown]
# ## Full size: does width pay when there is more to learn from?
#
# On 1,078 digits, width stopped paying early. Here is the same question with tens of thousands of images, if they are at hand:
# set `FULL_SIZE` at the top. A training takes longer there, so there are three seeds only, and "clear" means less: with three
# seeds, luck alone gets beyond three standard errors about once in ten comparisons.

# %%
if FULL_SIZE:
    full, full_test = data.load(FULL_SIZE, part="train"), data.load(FULL_SIZE, part="test")
    full_epochs, full_seeds, seconds = 3, 3, {}

    def width_run(width, seed):
        """Return the accuracy on the full test set."""
        start = time.perf_counter()
        _, accuracy = train((full, full_test), (width,), seed, lr=0.3, epochs=full_epochs, batch=64)
        seconds[width] = time.perf_counter() - start
        return accuracy[-1]

    by_width = sweep((16, 32, 64, 128), width_run, seeds=full_seeds)
    for narrow, wide in pairwise(by_width):
        say(f"{FULL_SIZE}: {narrow} -> {wide} neurons", by_width[narrow], by_width[wide])

# %%
if FULL_SIZE:
    from IPython.display import display

    display(
        plots.error_bars(
            {FULL_SIZE: by_width},
            xlabel="neurons in the one hidden layer",
            ylabel="test accuracy",
            title=f"{full_epochs} epochs: mean ± standard error, and every seed",
        )
    )

# %% [markdown]
# ## What this run stands on
#
# The answers above were printed from the numbers of this very run. With the settings as they came, the following holds. If you
# have changed a setting and a line here fails, that is news rather than an error: the answer depends on what you changed.

# %%
mean, se, better, worse = verdict(middle, whole)
assert mean < -0.03 and worse >= 0.6 * SEEDS, (
    "question 1: 0.3 x 1 epoch should be clearly below 0.1 x 3"
)
assert verdict(middle, tenth)[0] > -0.02, "question 1: 0.01 x 30 epochs should not be below 0.1 x 3"
assert digits_runs[3.0][:, -1].mean() < 0.2, "question 1: a learning rate of 3 should learn nothing"
assert verdict(after_one[0], after_one[1])[0] < -0.2, (
    "question 1: two records in a last batch should undo much of an epoch"
)
assert verdict(digits_layouts[(4,)], digits_layouts[(16,)])[0] > 0.1, (
    "question 2: 16 neurons should clearly beat 4 on digits"
)
assert verdict(digits_layouts[(16,)], six)[0] < 0, (
    "question 2: six layers should cost the digits something"
)
assert verdict(digits_layouts[(16,)], digits_layouts[(16, 16)])[0] < 0.02, (
    "question 2: a second layer should not help digits"
)
assert verdict(spiral_layouts[(16,)], spiral_layouts[(16, 16)])[0] > 0.01, (
    "question 2: a second layer should help the spiral"
)
gap, gap_at_best = (
    verdict(at_01["sigmoid"], at_01["relu"])[0],
    verdict(best["sigmoid", 1], best["relu", 1])[0],
)
assert gap > 0.02 and gap_at_best < gap / 2, (
    "question 3: most of the shallow gap should be the learning rate"
)
assert best["sigmoid", 5].mean() < 0.2 < 0.85 < best["relu", 5].mean(), (
    "question 3: deep, sigmoid should fail and ReLU should not"
)
assert set(drawn) <= set(helped), "question 4: the drawn sets should need a hidden layer"
assert verdict(by_order["at random"], by_order["file order"])[0] < 0, (
    "the file's last quarter should be harder"
)

# %% [markdown]
# Last, the usual row: one network of question 1 with the learning rate that the validation part preferred, trained once more,
# measured on its test part; and its gradient against finite differences, in float64, with tanh in place of ReLU because a
# kink would disturb the finite differences.

# %%
start = time.perf_counter()
net, _ = train(parts("digits", 0), (32,), 0, lr=best_rate, epochs=30, init="default")
seconds_taken = time.perf_counter() - start
accuracy = score(net, parts("digits", 0)[2])

checked = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 10), seed=0, dtype=np.float64)
criterion, (x, y) = nn.CrossEntropyLoss(), next(digits.batches(7, seed=0))
criterion(checked(x), y)
checked.zero_grad()
checked.backward(criterion.backward())
errors = []
for p in checked.parameters():
    values = p.data.copy()

    def loss_at(w, p=p):
        """Return the loss with these values in p."""
        p.data = w
        return criterion(checked(x), y)

    errors.append(relative_error(p.grad, numerical_gradient(loss_at, values)))
    p.data = values
assert accuracy > 0.9 and max(errors) < 1e-7
record(
    lesson="Further Exploration",
    dataset="digits",
    network="64-32-10",
    epochs=30,
    seconds=seconds_taken,
    accuracy=accuracy,
    gradient_error=max(errors),
)
if FULL_SIZE:
    record(
        lesson="Further Exploration",
        dataset=FULL_SIZE,
        network="784-128-10",
        epochs=full_epochs,
        seconds=seconds[128],
        accuracy=by_width[128].mean(),
        gradient_error=max(errors),
    )

# %% [markdown]
# ## What to explore next
#
# You now have a loop that turns a hunch into an answer: guess, sweep, picture, verdict. Some hunches it would be kind to:
#
# - **An optimizer.** Put `optim.Adam(net.parameters(), lr=…)` into `train`. Does its best learning rate depend on the width less than SGD's does?
# - **Sigmoid, rescued.** Five layers of sigmoid failed at every learning rate. Is it still so with Adam, with other first weights, with
#   100 epochs?
# - **Another activation.** `sorted(nn.ACTIVATIONS)` lists what there is. Give one a place, and first weights, in `ACTIVATIONS`.
# - **The last batch.** Does it matter with momentum? With Adam? With a learning rate that falls towards the end?
# - **How much data.** Train on 100, 200, 400, 800 digits. Does each doubling gain as much as the last?
# - **A penalty.** `fit(..., penalty=nn.L2(1e-3))`: lesson 2 chose λ for wrong labels; which λ do right labels want?
# - **Your own table.** `data.load("my.csv")` takes a file with a header and the target in its last column. First the straight cut, then the
#   hidden layer, and `verdict` between them.
#
# And two books to have beside you: *Deep Learning with PyTorch* (manning.com/books/deep-learning-with-pytorch), which goes on where
# lesson 3 stops, and *Neural Networks and Deep Learning* (neuralnetworksanddeeplearning.com), free to read, which asks "why does
# it work" more patiently than anyone.
