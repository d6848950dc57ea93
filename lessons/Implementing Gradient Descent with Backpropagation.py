# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Implementing Gradient Descent with Backpropagation
#
# **The question of this lesson:** how can a network find out, from its errors alone, which way to move every one of its weights?
#
# You will write the answer yourself, in NumPy and nothing else. In the first half it is a small network that tells
# malignant from benign tumours; in the second half the same idea, cut into layers, reads handwritten digits. On the way you will
# check your slopes with a method that knows nothing of your formulas, and you will break the training on purpose, to see which
# mistakes show themselves and which do not.
#
# You need Python, a little NumPy, and school calculus: what a slope is, and the chain rule. The lesson takes about two and a half
# hours; its ten exercises are two of them. Each one says how hard it is, has hints that you can open one by one, and is followed by a cell that checks your answer.
# Wrong answers are part of it: if yours is one of the mistakes that many have made before you, the check knows it by name and says in which line it is.

# %%
import inspect
import time
from importlib.util import find_spec

import numpy as np

from chainrule import check, data, nn, plots
from chainrule.course import record

LESSON = "Implementing Gradient Descent with Backpropagation"

# %% [markdown]
# All settings of the lesson are in the next cell. Change them as you like and run the notebook again; the text describes what happens with the values as they are.

# %% tags=["parameters"]
seed = 0  # draws the split of the data and the first weights
n_hidden = 8  # hidden neurons of the first network
learnrate = 2.0  # the length of its steps
epochs = 100  # how often it sees all its records
n_seeds = 10  # how many trainings a comparison repeats, each with its own split

digit_hidden = 32  # hidden neurons of the network that reads digits
digit_lr = 0.3  # the length of its steps
digit_batch = 32  # records in one of its batches
digit_epochs = 30  # how often it sees all its records

FULL_SIZE = None  # "mnist" or "fashion-mnist": also run the full-size section at the end

# %% [markdown]
# ## 1. The data
#
# The records are 569 tumours. From a photograph of each one's cells, 30 numbers were measured: radius, texture, smoothness and so
# on. A pathologist's diagnosis says which tumours were **malignant (1)** and which **benign (0)**. The network gets the 30 numbers and has to say the
# diagnosis.
#
# We keep a quarter of the records away from training: the *held-out* records, which only measure how good the network is on
# tumours it has never seen. The columns have very different units, so each one is shifted to mean 0 and scaled to standard deviation 1, with the mean and the
# deviation of the training records alone. Then we append a column that is 1 in every record. Its weights let each hidden neuron have a
# threshold of its own.

# %%
tumours = data.load("breast-cancer", dtype=np.float64)


def prepare(seed):
    """Split the tumours; return x_train (N, 31), y_train (N,), x_test, y_test."""
    train, test = tumours.split(0.75, 0.25, seed=seed)
    train, test = train.standardize(test)
    return (
        np.column_stack([train.x, np.ones(len(train))]),
        train.y,
        np.column_stack([test.x, np.ones(len(test))]),
        test.y,
    )


x_train, y_train, x_test, y_test = prepare(seed)
n_inputs = x_train.shape[1]
commoner = max(y_test.mean(), 1 - y_test.mean())
print(f"training {x_train.shape}, held out {x_test.shape}")
print(
    f"always saying 'benign' is right for {commoner:.3f} of the held-out records: read "
    f"every accuracy against that number"
)

# %%
column = tumours.features.index("worst concave points")
worst = tumours.x[:, column]
cuts = np.sort(worst)
right = [np.mean((worst > cut) == tumours.y) for cut in cuts]
best_cut = cuts[np.argmax(right)]
print(f"one number and one cut at {best_cut:.3f} already get {max(right):.3f} of all records right")
plots.histograms(
    {name: worst[tumours.y == k] for k, name in enumerate(tumours.classes)},
    xlabel="worst concave points",
    at=best_cut,
)

# %% [markdown]
# One of the thirty numbers nearly separates the two kinds. Keep that in mind: these data are not hard. They are good for learning because
# anything that goes wrong here goes wrong because of us.

# %% [markdown]
# ## 2. From one neuron to a network
#
# A neuron multiplies each input by a weight, adds up, and squashes the sum into the range from 0 to 1:
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}$$
#
# This function is called the **sigmoid**. It is near 0 for very negative sums and near 1 for large ones, and rises smoothly in between.

# %% [markdown]
# **Exercise 1: `sigmoid`.** Easy, about 3 minutes. Write the formula with NumPy, so that it works for a number as well as for an array of any
# shape, and returns the same shape.
#
# <details><summary>Hint 1</summary>What is σ(0)? Work it out by hand and compare.</details>
# <details><summary>Hint 2</summary>The whole sum 1 + e⁻ˣ is the denominator: it needs brackets.</details>
# <details><summary>Hint 3</summary>At x = −1000 the term e¹⁰⁰⁰ is too large for a number, and NumPy warns. The value still comes out right. If you want no
# warning: σ(x) is the same function as ½ (1 + tanh(x/2)), and <code>np.tanh</code> never overflows.</details>


# %%
# Exercise 1: sigmoid
def sigmoid(x):
    """Return 1 / (1 + e^-x) of each number in x; the shape stays."""
    ### BEGIN SOLUTION
    return 0.5 * (1 + np.tanh(0.5 * x))  # = 1 / (1 + exp(-x)), but it can't overflow
    ### END SOLUTION


# %%
check(sigmoid)

# %%
grid = np.linspace(-6, 6, 241)
plots.derivative(grid, sigmoid(grid), np.gradient(sigmoid(grid), grid), name="sigmoid", xlabel="x")

# %% [markdown]
# The slope of the sigmoid is never above ¼, and almost 0 on both sides. Much of what follows comes from that.

# %% [markdown]
# Now we put neurons side by side. Every hidden neuron gets all inputs and has weights of its own; the output neuron gets the answers of all hidden neurons.
# These are the names, in formulas and in code:
#
# | in formulas | in code | shape | what it is |
# | --- | --- | --- | --- |
# | $x_i$ | `x` | `(n,)` | the inputs of one record |
# | $W_{ij}$ | `weights_input_to_hidden` | `(n, h)` | weight from input $i$ to hidden neuron $j$ |
# | $a_j = \sum_i x_i W_{ij}$ |  | `(h,)` | the sum that hidden neuron $j$ computes |
# | $h_j = \sigma(a_j)$ | `hidden_layer_out` | `(h,)` | what hidden neuron $j$ answers |
# | $v_j$ | `weights_hidden_to_output` | `(h,)` | weight from hidden neuron $j$ to the output |
# | $z = \sum_j h_j v_j$ |  | `()` | the sum that the output neuron computes |
# | $o = \sigma(z)$ | `output_layer_out` | `()` | what the network answers |
# | $t$ | `target` | `()` | the right answer, 0 or 1 |
#
# The output neuron has no constant input of its own. We will see in section 8 what that costs.

# %% [markdown]
# **Exercise 2: `forward_pass`.** Easy, about 8 minutes. Compute both layers. Write it so that `x` can be one record, `(n,)`, or a table of them, `(B, n)`; with
# `@` both need the same code. For one record it returns `hidden_layer_out` of shape `(h,)` and `output_layer_out`, a single number;
# for a table `(B, h)` and `(B,)`.
#
# <details><summary>Hint 1</summary>The shapes decide the order: (n,) @ (n, h) gives (h,).</details>
# <details><summary>Hint 2</summary>The output is squashed, too.</details>
# <details><summary>Hint 3</summary>Print the shapes of both results: (8,) and () for one of our records.</details>


# %%
# Exercise 2: forward_pass
def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    """Return (hidden_layer_out, output_layer_out).

    x: (n,) or (B, n); weights_input_to_hidden: (n, h); weights_hidden_to_output: (h,).
    hidden_layer_out: (h,) or (B, h); output_layer_out: () or (B,).
    """
    ### BEGIN SOLUTION
    hidden_layer_out = sigmoid(x @ weights_input_to_hidden)
    output_layer_out = sigmoid(hidden_layer_out @ weights_hidden_to_output)
    return hidden_layer_out, output_layer_out
    ### END SOLUTION


# %%
check(forward_pass)

# %% [markdown]
# The first weights are random and small: normally distributed with mean 0 and standard deviation $1/\sqrt{31}$. So an untrained network answers something near
# one half. Here are the numbers of one record, each where it belongs. Blue connections are positive weights, orange ones negative; the thicker, the larger.


# %%
def first_weights(seed, n_hidden=n_hidden):
    """Draw both weight arrays, (n_inputs, n_hidden) and (n_hidden,)."""
    rng = np.random.default_rng(seed)
    scale = 1 / np.sqrt(n_inputs)
    return rng.normal(0, scale, (n_inputs, n_hidden)), rng.normal(0, scale, n_hidden)


w_ih, w_ho = first_weights(seed)
hidden, output = forward_pass(x_train[0], w_ih, w_ho)
plots.network(
    x_train[0],
    w_ih,
    w_ho,
    hidden,
    output,
    names=[*tumours.features, "constant"],
    target=y_train[0],
)

# %% [markdown]
# ## 3. Error, slope, step
#
# Learning means making an error small. We take the squared difference between the right answer and the network's; for one record
#
# $$E = \tfrac{1}{2}\,(t - o)^2,$$
#
# and for many records the mean of their errors. The one half is there because it cancels the 2 of the derivative. The error is a function of
# *all* the weights. Its slope with respect to one weight says how fast the error rises when that weight grows a little. So we move every
# weight a step **against** its slope:
#
# $$w \leftarrow w - \eta\,\frac{\partial E}{\partial w},$$
#
# where $\eta$ (eta) is the learning rate, `learnrate` in the code. All slopes together are called the **gradient**.
#
# How long should a step be? To see it, here is the simplest case, with two weights only: a neuron without squashing, $o = w_1 x_1 + w_2 x_2$, that sees the
# mean radius and the mean concave points of the tumours. Its error is a bowl. The two inputs go together (their correlation is printed
# below), so the bowl is a long valley: steep across, flat along.
#
# For a bowl one can say exactly which steps are too long. If $\lambda_{max}$ is its largest curvature, every learning rate
# below $2/\lambda_{max}$ leads down, and every one above leads away. *Predict first:* what happens in 60 steps at 0.98 times that threshold, and what at 1.02
# times?

# %%
two = tumours.x[
    :,
    [
        tumours.features.index("mean radius"),
        tumours.features.index("mean concave points"),
    ],
]
two = (two - two.mean(axis=0)) / two.std(axis=0)
centred = tumours.y - tumours.y.mean()  # so the neuron needs no constant
threshold = 2 / np.linalg.eigvalsh(two.T @ two / len(two)).max()


def bowl(w1, w2):
    """Return ½ · mean squared error of the linear neuron for every pair of weights."""
    return 0.5 * np.mean(
        (centred - w1[..., None] * two[:, 0] - w2[..., None] * two[:, 1]) ** 2, axis=-1
    )


def descend(lr, steps):
    """Return the weights (steps + 1, 2) on the way down from (-1.5, 1)."""
    path = [np.array([-1.5, 1.0])]
    for _ in range(steps):
        slope = -(centred - two @ path[-1]) @ two / len(two)
        path.append(path[-1] - lr * slope)
    return np.array(path)


print(
    f"correlation of the two inputs {np.corrcoef(two.T)[0, 1]:.2f}, threshold 2/λmax = {threshold:.3f}"
)
for factor in (0.98, 1.02, 1.1):
    print(
        f"error after 60 steps at {factor:4} × threshold: {bowl(*descend(factor * threshold, 60)[-1]):.3g}"
    )
plots.descents(
    bowl,
    {
        f"{factor} × threshold": descend(factor * threshold, 25)
        for factor in (0.05, 0.5, 0.95, 1.03)
    },
    labels=("$w_1$", "$w_2$"),
)

# %% [markdown]
# The orange point is the start; each panel shows 25 steps. At 0.05 times the threshold the path creeps. At 0.5 it goes straight to the bottom of the
# valley and then along it. At 0.95 it zigzags from wall to wall and still comes down; at 1.03 the same zigzag grows instead of shrinking. A
# small change of the learning rate decides. (This is so for a bowl. Our network's error is not one, and section 9 shows what a far too long step does there.)

# %% [markdown]
# ## 4. The chain rule, drawn
#
# For a network the slope of $E$ with respect to a weight deep inside looks complicated. It is not, if we follow the numbers on
# their way. Look at a network with two inputs, two hidden neurons and one output as a chain of small steps: sums, then squashings, then the
# error. **Each step has a slope of its own**, which says how much its result grows when what goes into it grows by a little:
#
# - the step from $h_j$ to the sum $z$ multiplies by $v_j$, so its slope is $v_j$; in the same way the step from $x_i$ to $a_j$ has the slope $W_{ij}$;
# - the sigmoid has the slope $\sigma'(a) = \sigma(a)\,(1 - \sigma(a))$, so the step from $a_j$ to $h_j$ has the slope $h_j(1 - h_j)$, and the one from $z$ to $o$ has $o(1 - o)$;
# - the last step, from $o$ to $E = \frac12 (t - o)^2$, has the slope $-(t - o)$.
#
# In the picture the number in a circle is the value there, the blue number on an arrow is the slope of that step. Now go backwards from $E$:
# **multiply along a path, add where paths meet.** That gives the orange numbers: the slope of $E$ with respect to the value in the circle above.

# %%
x = np.array([1.0, 2.0])
W = np.array([[0.5, -0.4], [0.25, 0.3]])
v = np.array([1.5, -0.5])
t = 1.0
plots.chain_rule(x, W, v, t)

# %% [markdown]
# By hand, from right to left, with the numbers of the picture:
#
# - at $o$: $-(t - o)$;
# - at $z$: that, times $o(1-o)$;
# - at $h_1$: that, times $v_1$; at $h_2$: times $v_2$. Each hidden neuron gets its share of the blame *through its weight*;
# - at $a_j$: the share of $h_j$, times $h_j(1-h_j)$;
# - at $x_1$ two paths meet, one from $a_1$ and one from $a_2$: multiply along each and add.
#
# And the weights? A weight sits on an arrow. The sum $a_1 = x_1 W_{11} + x_2 W_{21}$ grows by $x_2$ when $W_{21}$ grows by 1. So
# the slope of $E$ with respect to a weight is **the value at the start of its arrow, times the slope at its end**. The next cell computes $W_{21}$'s slope in
# this way, and then once more without any calculus: it nudges the weight up and down and looks at what $E$ does.

# %%
hidden, o = forward_pass(x, W, v)
slope_z = -(t - o) * o * (1 - o)
slope_a = slope_z * v * hidden * (1 - hidden)
print(f"by the chain rule:  slope of E by W21 = x2 · slope at a1 = {x[1] * slope_a[0]:.8f}")
print(
    f"                    slope of E by x1 = W11 · slope at a1 + W12 · slope at a2 = {W[0] @ slope_a:.8f}"
)


def error_of(x, W, v, t):
    """Return E of one record."""
    return 0.5 * (t - forward_pass(x, W, v)[1]) ** 2


nudge = 1e-5
up, down = W.copy(), W.copy()
up[1, 0] += nudge
down[1, 0] -= nudge
print(
    f"by nudging:         slope of E by W21 = {(error_of(x, up, v, t) - error_of(x, down, v, t)) / (2 * nudge):.8f}"
)
to_the_side = np.array([nudge, 0])
by_x1 = (error_of(x + to_the_side, W, v, t) - error_of(x - to_the_side, W, v, t)) / (2 * nudge)
print(f"                    slope of E by x1 = {by_x1:.8f}")

# %% [markdown]
# ## 5. The backward pass
#
# It is customary to carry *minus* the slope backwards, because a weight has to move against its slope. Minus the slope of $E$ at a neuron's sum is called its
# **error term** $\delta$ (delta):
#
# $$\delta_o = (t - o)\; o(1-o) \qquad\qquad \delta_j = \delta_o\, v_j\; h_j(1-h_j)$$
#
# (the first at $z$, the second at $a_j$), and the changes of the weights are
#
# $$\Delta v_j = \eta\, \delta_o\, h_j \qquad\qquad \Delta W_{ij} = \eta\, \delta_j\, x_i .$$
#
# In the code $\delta_o$ is `output_error_term`, $\delta_j$ `hidden_error_term`, $\Delta v_j$ `delta_w_h_o` and $\Delta W_{ij}$ `delta_w_i_h`.
#
# Here the error is *target − output*; therefore these changes are **added** to the weights.

# %% [markdown]
# **Exercise 3: `backward_pass`.** Hard, about 20 minutes: it is the heart of the lesson. Return the changes for one record, first `delta_w_h_o`
# of shape `(h,)` for the output neuron's weights, then `delta_w_i_h` of shape `(n, h)` for the hidden ones. Do not change any array that you were given.
#
# <details><summary>Hint 1</summary>Start at the end: the error, target − output, times the slope of the output neuron. That one number is δₒ.</details>
# <details><summary>Hint 2</summary>Share δₒ out to the hidden neurons <em>through their weights</em> to the output, and multiply each share by the slope of that
# hidden neuron, h(1 − h). What you have been given is h itself, already squashed: no further sigmoid is needed.</details>
# <details><summary>Hint 3</summary>The change of a weight array has that array's shape. <code>x[:, None]</code> is x as a column (n, 1); times a row (h,) it
# gives a table (n, h).</details>


# %%
# Exercise 3: backward_pass
def backward_pass(
    x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output
):
    """Return (delta_w_h_o, delta_w_i_h), the changes of the weights for one record.

    x: (n,); target, learnrate, output_layer_out: numbers;
    hidden_layer_out, weights_hidden_to_output: (h,).
    delta_w_h_o: (h,); delta_w_i_h: (n, h).
    """
    ### BEGIN SOLUTION
    error = target - output_layer_out
    output_error_term = error * output_layer_out * (1 - output_layer_out)
    hidden_error_term = (
        output_error_term * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    )
    delta_w_h_o = learnrate * output_error_term * hidden_layer_out
    delta_w_i_h = learnrate * hidden_error_term * x[:, None]
    return delta_w_h_o, delta_w_i_h
    ### END SOLUTION


# %%
check(backward_pass)

# %% [markdown]
# ## 6. Are the slopes right? The gradient check
#
# You will not always have a cell that knows the answer. But you always have the error function, and so you can *measure* any slope: nudge one weight
# up by $h$ and down by $h$ and look at the difference,
#
# $$\frac{\partial E}{\partial w} \approx \frac{E(w + h) - E(w - h)}{2h}.$$
#
# This is slow, two forward passes for every single weight, but it knows nothing of the chain rule. So it can contradict you. Below it measures all 256 weights of our network
# on seven records. (The $h$ here is the size of the nudge, not a hidden neuron.)


# %%
def slopes_by_nudging(error, weights, h=1e-5):
    """Measure the slope of error(weights) by each entry of the array weights."""
    slopes = np.empty_like(weights)
    for k in np.ndindex(weights.shape):
        up, down = weights.copy(), weights.copy()
        up[k] += h
        down[k] -= h
        slopes[k] = (error(up) - error(down)) / (2 * h)
    return slopes


few_x, few_t = x_train[:7], y_train[:7]


def unpack(weights):
    """Return the one long vector of all weights as the two arrays it was made of."""
    return weights[: w_ih.size].reshape(w_ih.shape), weights[w_ih.size :]


def half_mse(weights):
    """Return the mean of ½(t - o)² over the seven records."""
    return np.mean(0.5 * (few_t - forward_pass(few_x, *unpack(weights))[1]) ** 2)


def largest_difference(ours, reference):
    """Return the largest difference, as a share of the largest slope."""
    return np.abs(ours - reference).max() / np.abs(reference).max()


w_ih, w_ho = first_weights(seed)
weights = np.concatenate([w_ih.ravel(), w_ho])
changes = [
    backward_pass(x, t, 1.0, *forward_pass(x, w_ih, w_ho), w_ho) for x, t in zip(few_x, few_t)
]
by_chain_rule = -np.concatenate(
    [
        np.mean([i_h for _, i_h in changes], axis=0).ravel(),
        np.mean([h_o for h_o, _ in changes], axis=0),
    ]
)
by_nudging = slopes_by_nudging(half_mse, weights)
gradient_error = largest_difference(by_chain_rule, by_nudging)
print(f"{len(weights)} slopes, the largest is {np.abs(by_nudging).max():.4f}")
print(
    f"largest difference between the chain rule and nudging, over the largest slope: {gradient_error:.1e}"
)
assert gradient_error < 1e-7, (
    "the chain rule and the nudging disagree: look at backward_pass once more"
)

# %% [markdown]
# Is that small enough? No two computations of this kind agree to the last digit, so we need to know what to expect. The next picture shows the difference
# for nudges of many sizes.

# %%
nudges = 10.0 ** -np.arange(1, 13)
one_sided = [
    (np.array([half_mse(weights + h * e) for e in np.eye(len(weights))]) - half_mse(weights)) / h
    for h in nudges
]
x32, t32 = few_x.astype(np.float32), few_t.astype(np.float32)


def half_mse_32(weights):
    """Return the same error, computed with numbers of half the length."""
    w_ih, w_ho = unpack(weights.astype(np.float32))
    return np.mean(0.5 * (t32 - forward_pass(x32, w_ih, w_ho)[1]) ** 2)


two_sided = [slopes_by_nudging(half_mse, weights, h) for h in nudges]
two_sided_32 = [slopes_by_nudging(half_mse_32, weights, h) for h in nudges[:6]]
errors = {
    "up and down": [largest_difference(s, by_chain_rule) for s in two_sided],
    "up only": [largest_difference(s, by_chain_rule) for s in one_sided],
    "up and down, float32": [largest_difference(s, by_chain_rule) for s in two_sided_32]
    + [np.nan] * 6,
}
for name, values in errors.items():
    print(f"{name:22} best {np.nanmin(values):.0e} at h = {nudges[np.nanargmin(values)]:.0e}")
plots.gradient_check(nudges, errors)

# %% [markdown]
# Each curve is a V. From the right the difference falls: a smaller nudge is a better slope. (With "up and down" it falls by a factor of 100 for each factor of 10; with
# "up only" by 10.) Then it rises again: the two errors that we subtract agree in more and more digits, and what is left is rounding. In `float32` the bottom of the V lies so high that
# a check is nearly worthless: **check gradients in `float64`.** At $h = 10^{-5}$, up and down, a right gradient stays far under $10^{-7}$ of the largest slope,
# and every mistake that we will meet below is far over it.
#
# One surprise to have now rather than later. Programs usually *print* the mean squared error without the one half. Measured on that number,
# every slope is twice ours:

# %%
ratio = slopes_by_nudging(lambda w: 2 * half_mse(w), weights) / by_chain_rule
print(f"slope of the mean squared error without ½, over our slope: {np.median(ratio):.3f}")

# %% [markdown]
# Neither is wrong. A factor in the error is a factor in the learning rate, nothing more; but a check must compare like with like.

# %% [markdown]
# ## 7. One epoch
#
# A single record may mislead; so we collect the changes of all records, take their mean, and move the weights once. That is one **epoch** of gradient
# descent.

# %% [markdown]
# **Exercise 4: `update_weights`.** Medium, about 15 minutes. For every record: a forward pass, a backward pass, and its changes added to a sum. After the last
# record: divide the sums by the number of records, add them to the weights, and return the new weights. The arrays that you were given stay as they were.
#
# <details><summary>Hint 1</summary>Two arrays of zeros before the loop, <code>np.zeros_like</code>.</details>
# <details><summary>Hint 2</summary>What should two records do together? Both must leave their mark in the sum: <code>+=</code>.</details>
# <details><summary>Hint 3</summary>Divide once, after the loop; and the weights don't move until then. <code>backward_pass</code> has already multiplied by
# the learning rate. Mind the order in which it returns its two results.</details>


# %%
# Exercise 4: update_weights
def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    """Return both weight arrays, in the same order, after one epoch on ½(target - output)².

    weights_input_to_hidden: (n, h); weights_hidden_to_output: (h,);
    features: (N, n); targets: (N,).
    """
    ### BEGIN SOLUTION
    sum_i_h = np.zeros_like(weights_input_to_hidden)
    sum_h_o = np.zeros_like(weights_hidden_to_output)
    for x, target in zip(features, targets):
        hidden_layer_out, output_layer_out = forward_pass(
            x, weights_input_to_hidden, weights_hidden_to_output
        )
        delta_w_h_o, delta_w_i_h = backward_pass(
            x,
            target,
            learnrate,
            hidden_layer_out,
            output_layer_out,
            weights_hidden_to_output,
        )
        sum_h_o += delta_w_h_o
        sum_i_h += delta_w_i_h
    n_records = len(features)
    return (
        weights_input_to_hidden + sum_i_h / n_records,
        weights_hidden_to_output + sum_h_o / n_records,
    )
    ### END SOLUTION


# %%
check(update_weights)

# %% [markdown]
# Now train. A network that answers above one half says "malignant". After every epoch we note the mean squared error (without the ½, as programs print it) on the
# training records and on the held-out ones.


# %%
def mse(x, y, w_ih, w_ho):
    """Return the mean squared error over the records x (N, n), y (N,)."""
    return np.mean((y - forward_pass(x, w_ih, w_ho)[1]) ** 2)


def accuracy(x, y, w_ih, w_ho):
    """Return the share of records whose answer, rounded, is right."""
    return np.mean((forward_pass(x, w_ih, w_ho)[1] > 0.5) == y)


w_ih, w_ho = first_weights(seed)
history = {
    "training": [mse(x_train, y_train, w_ih, w_ho)],
    "held out": [mse(x_test, y_test, w_ih, w_ho)],
}
seconds = 0.0
for epoch in range(epochs):
    start = time.perf_counter()
    w_ih, w_ho = update_weights(w_ih, w_ho, x_train, y_train, learnrate)
    seconds += time.perf_counter() - start
    history["training"].append(mse(x_train, y_train, w_ih, w_ho))
    history["held out"].append(mse(x_test, y_test, w_ih, w_ho))

held_out = accuracy(x_test, y_test, w_ih, w_ho)
print(
    f"{epochs} epochs in {seconds:.2f} s; training MSE {history['training'][0]:.3f} -> {history['training'][-1]:.3f}"
)
print(
    f"accuracy on the held-out records {held_out:.3f} (always 'benign': "
    f"{commoner:.3f}; one record is {1 / len(y_test):.3f})"
)
plots.curves(history, x=np.arange(epochs + 1), ylabel="mean squared error")

# %%
assert held_out >= 0.92, (
    f"accuracy {held_out:.3f}: with the settings as they came it is at least 0.92. "
    f"Have you changed some? Otherwise look at "
    "the comparisons above"
)

# %% [markdown]
# ## 8. Many networks, and a gallery of mistakes
#
# One training run is one run. To judge anything we need several, each with its own split of the data and its own first weights; so we need the epoch
# fast: for all records at once, and for several networks at once. The next cell holds the same step as yours, written as named parts, one small
# function each. (You will write the matrix form yourself in exercise 5.) A mistake will replace one part and leave the others alone.

# %%
RIGHT = {
    "output_term": lambda error, o: error * o * (1 - o),
    "hidden_error": lambda output_term, error, w_ho: output_term[..., None] * w_ho[:, None, :],
    "hidden_slope": lambda h: h * (1 - h),
    "accumulate": lambda inputs, terms: (
        np.swapaxes(inputs, -1, -2) @ terms
    ),  # the sum over the records
    "average": lambda change, n_records: change / n_records,
    "apply_i_h": lambda w, change: w + change,
    "apply_h_o": lambda w, change: w + change,
}


def step(x, y, w_ih, w_ho, lr, **mistake):
    """Return the weights of S networks after one epoch, a part of the step replaced.

    x: (N, n) or (S, N, n); y: (N,) or (S, N); w_ih: (S, n, h); w_ho: (S, h);
    lr: a number or (S,).
    """
    part = {**RIGHT, **mistake}
    lr = np.reshape(lr, (-1, 1))
    h = sigmoid(x @ w_ih)
    o = sigmoid((h @ w_ho[..., None])[..., 0])
    error = y - o
    output_term = part["output_term"](error, o)
    hidden_term = part["hidden_error"](output_term, error, w_ho) * part["hidden_slope"](h)
    change_h_o = lr * part["average"](
        part["accumulate"](h, output_term[..., None])[..., 0], error.shape[-1]
    )
    change_i_h = lr[..., None] * part["average"](
        part["accumulate"](x, hidden_term), error.shape[-1]
    )
    return part["apply_i_h"](w_ih, change_i_h), part["apply_h_o"](w_ho, change_h_o)


def answers(x, w_ih, w_ho):
    """Return what each of S networks answers to each record: (S, N)."""
    return sigmoid((sigmoid(x @ w_ih) @ w_ho[..., None])[..., 0])


parts = [prepare(s) for s in range(n_seeds)]
many_x, many_y, many_x_test, many_y_test = (np.stack(arrays) for arrays in zip(*parts))
starts = [first_weights(s) for s in range(n_seeds)]
many_w_ih, many_w_ho = (np.stack(arrays) for arrays in zip(*starts))

yours = update_weights(*starts[0], many_x[0], many_y[0], learnrate)
this = step(many_x[:1], many_y[:1], many_w_ih[:1], many_w_ho[:1], learnrate)
print(
    f"largest difference from your update_weights after one epoch: "
    f"{max(np.abs(a - b[0]).max() for a, b in zip(yours, this)):.0e}"
)


# %%
def run(x, y, w_ih, w_ho, lr, n_epochs, **mistake):
    """Train S networks; return their weights and their errors, (S, n_epochs + 1)."""
    curve = [np.mean((y - answers(x, w_ih, w_ho)) ** 2, axis=-1)]
    for _ in range(n_epochs):
        w_ih, w_ho = step(x, y, w_ih, w_ho, lr, **mistake)
        curve.append(np.mean((y - answers(x, w_ih, w_ho)) ** 2, axis=-1))
    return w_ih, w_ho, np.array(curve).T


def share_right(x, y, w_ih, w_ho):
    """Return the accuracy of each of S networks."""
    return np.mean((answers(x, w_ih, w_ho) > 0.5) == y, axis=-1)


start = time.perf_counter()
*ws, _ = run(many_x, many_y, many_w_ih, many_w_ho, learnrate, epochs)
scores = share_right(many_x_test, many_y_test, *ws)
print(f"{n_seeds} networks, {epochs} epochs in {time.perf_counter() - start:.2f} s")
print(
    f"held-out accuracy {scores.mean():.3f} ± {scores.std():.3f} (mean ± standard "
    f"deviation over the seeds), from {scores.min():.3f} to {scores.max():.3f}"
)

# %% [markdown]
# It learns, on every split. Is the hidden layer the reason? An honest lesson asks. Logistic regression is the same network without hidden neurons: one
# sigmoid, right on the inputs. On the same splits:

# %%
from sklearn.linear_model import LogisticRegression

logistic = np.array(
    [LogisticRegression(max_iter=1000).fit(x, y).score(x_t, y_t) for x, y, x_t, y_t in parts]
)
print(
    f"logistic regression {logistic.mean():.3f} ± {logistic.std():.3f}; on the single "
    f"splits our network's accuracy is higher by"
)
print("  ".join(f"{difference:+.3f}" for difference in scores - logistic))

# %% [markdown]
# On one split the one is ahead by a few records, on another the other, and the means are closer than the seeds are to each other: **these data need no hidden layer.** Our network is no better here than a method from the 1950s. We keep it because
# its slopes have to be propagated *back* through a layer, which is what we came to learn. Data that do need a hidden layer come in *Further Exploration*.

# %% [markdown]
# ### The gallery
#
# Gradient descent forgives much, and that is its danger. First a mistake that is found even in published solutions of this exercise. Inside the loop over the records it says `=` where `+=` should be. So each
# record's changes overwrite those before, and only the last record of all teaches the network. One `+` apart:

# %%
OVERWRITES = {
    "accumulate": lambda inputs, terms: (
        np.swapaxes(inputs[..., -1:, :], -1, -2) @ terms[..., -1:, :]
    )
}
curves = {}
for name, mistake in {"adds (+=)": {}, "overwrites (=)": OVERWRITES}.items():
    *ws, curves[name] = run(many_x, many_y, many_w_ih, many_w_ho, learnrate, epochs, **mistake)
    scores = share_right(many_x_test, many_y_test, *ws)
    print(
        f"{name:15} training MSE {curves[name][:, -1].mean():.3f}, held-out accuracy "
        f"{scores.mean():.3f} (from {scores.min():.3f} to {scores.max():.3f})"
    )
plots.curves(curves, x=np.arange(epochs + 1), ylabel="training mean squared error")

# %% [markdown]
# The bands go from the smallest to the largest of the seeds. The overwriting network stays about where it started: a flat line. Dividing one record's changes by the number of all
# leaves almost nothing of them, and what is left follows that one record. If you ever see a flat line, ask who overwrites whom.
#
# And now the others. *Predict first:* which of these can you see in the accuracy?

# %%
MISTAKES = {
    "right": {},
    "overwrites instead of adds": OVERWRITES,
    "no o(1-o) at the output": {"output_term": lambda error, o: error},
    "no h(1-h) at the hidden neurons": {"hidden_slope": lambda h: 1.0},
    "hidden term from the raw error": {
        "hidden_error": lambda output_term, error, w_ho: error[..., None] * w_ho[:, None, :]
    },
    "slope of the sigmoid taken at h": {"hidden_slope": lambda h: sigmoid(h) * (1 - sigmoid(h))},
    "learning rate applied twice": {
        "average": lambda change, n_records: learnrate * change / n_records
    },
    "hidden term without the weights v": {
        "hidden_error": lambda output_term, error, w_ho: (
            output_term[..., None] + 0 * w_ho[:, None, :]
        )
    },
    "only the output weights move": {"apply_i_h": lambda w, change: w},
    "not divided by the records": {"average": lambda change, n_records: change},
    "wrong sign": {
        "apply_i_h": lambda w, change: w - change,
        "apply_h_o": lambda w, change: w - change,
    },
    "all weights start equal": {},
}

rows = []
print(f"{'':34} training MSE   held-out accuracy   error of the gradient")
for name, mistake in MISTAKES.items():
    ws = (many_w_ih, many_w_ho)
    if name == "all weights start equal":
        ws = (np.full_like(many_w_ih, 0.1), np.full_like(many_w_ho, 0.1))
    moved = step(
        few_x[None],
        few_t[None],
        weights[None, : w_ih.size].reshape(1, *w_ih.shape),
        weights[None, w_ih.size :],
        learnrate,
        **mistake,
    )
    slopes = (weights - np.concatenate([moved[0].ravel(), moved[1].ravel()])) / learnrate
    slope_error = largest_difference(slopes, by_nudging)
    *ws, curve = run(many_x, many_y, *ws, learnrate, epochs, **mistake)
    scores = share_right(many_x_test, many_y_test, *ws)
    rows.append((name, scores, slope_error))
    print(
        f"{name:34} {curve[:, -1].mean():8.3f}       {scores.mean():.3f} ± "
        f"{scores.std():.3f}           {slope_error:.0e}"
    )
columns_apart = np.ptp(ws[0], axis=-1).max()
print(
    f"\nall weights start equal: after training, hidden neurons of one network differ by at most {columns_apart:.0e}"
)
plots.gallery(rows, baseline=commoner)

# %% [markdown]
# On the left each dot is one trained network, the black stroke their mean. On the right: what the gradient check of section 6 says about the same step.
#
# **Five of the wrong gradients score like the right one.** No o(1−o), no h(1−h), the raw error, the slope at h, the learning rate twice: by
# accuracy you could not tell any of them from a correct program. All five even reach a lower training error: a missing
# factor that is below 1 makes a step longer, and after a given number of epochs longer steps look like better learning. Only the gradient check sees them, and it sees every one. That is the reason to
# check slopes and not scores. (With a learning rate of 1, applying it twice would change nothing at all. That is why ours is 2.)
#
# The others show themselves, each in its own way:
#
# - *hidden term without v*: blame is handed out equally, also to the hidden neurons that should move the other way. Worse than always giving the commoner answer;
# - *only the output weights move*: a weak network that passes for a mediocre one;
# - *not divided by the number of records*: steps hundreds of times too long. The sigmoids saturate, and the network freezes wherever the first jumps threw it;
# - *wrong sign*: it climbs. Nearly everything is wrong, which is as hard as getting everything right: turn its answer round and it is a good network;
# - *all weights start equal*: here **the gradient is right**. But all hidden neurons get the same slopes, so they stay equal for ever: eight hidden neurons do the work of one. (And one is not enough here, as the next section shows.) This is why first
#   weights are random.

# %% [markdown]
# ### How many hidden neurons, and why
#
# The answers $h_j$ of the hidden neurons are all positive, and our output neuron has no constant of its own. If all its weights $v_j$ end with the same sign, say
# negative, then $z = \sum_j v_j h_j$ is negative for *every* record and the network always says "benign". With one hidden neuron that cannot be
# otherwise. Forty starts for each number of hidden neurons, on one split, with 100 epochs; the last column is one hidden neuron with a constant input for the output neuron.

# %%
counts = {}
many = 40
signs = {"one answer for all": [0, 0], "both answers": [0, 0]}
for size in (1, 2, 3, 4, 8, "1 + constant"):
    n_h = 1 if size == "1 + constant" else size
    begin = [first_weights(1000 + s, n_h + (size == "1 + constant")) for s in range(many)]
    w_ih_s, w_ho_s = (np.stack(arrays) for arrays in zip(*begin))
    fix = {}
    if size == "1 + constant":  # a hidden neuron that always answers 1, whatever comes in
        w_ih_s[..., 1:] = 0
        w_ih_s[:, -1, 1:] = 40
        fix = {"apply_i_h": lambda w, change: w + change * [1, 0]}
    *ws, _ = run(x_train, y_train, w_ih_s, w_ho_s, learnrate, 100, **fix)
    scores = share_right(x_test, y_test, *ws)
    counts[str(size)] = scores
    stuck = np.minimum(np.abs(scores - commoner), np.abs(scores - (1 - commoner))) < 1e-9
    others = "" if stuck.all() else f"; mean accuracy of the others {scores[~stuck].mean():.3f}"
    print(
        f"hidden neurons {size!s:12} {stuck.sum():2} of {many} give one and the same answer to everybody{others}"
    )
    if size != "1 + constant":
        one_sign = (ws[1] > 0).all(axis=1) | (ws[1] < 0).all(axis=1)
        signs["one answer for all"][0] += (stuck & one_sign).sum()
        signs["one answer for all"][1] += (stuck & ~one_sign).sum()
        signs["both answers"][0] += (~stuck & one_sign).sum()
        signs["both answers"][1] += (~stuck & ~one_sign).sum()
for name, (one, both) in signs.items():
    print(f"{name}: output weights of one sign in {one} runs, of both signs in {both}")
plots.dots(counts, baseline=commoner, xlabel="hidden neurons")

# %% [markdown]
# With more hidden neurons it becomes less and less likely that all output weights end on one side, and the dots on the dashed line thin out. It is a
# missing constant, not a lack of neurons: with it, a single hidden neuron does. This exercise is often given with two hidden
# neurons and without the constant; then a good part of the runs cannot succeed, through no fault of whoever fills in the code. We use eight.

# %% [markdown]
# ## 9. The learning rate again
#
# In the bowl of section 3, a step over the threshold exploded. What does a far too long step do to a network of sigmoids? *Predict first.*

# %%
rates = np.array([0.001, 0.01, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000])
valley_seeds = 5
rate_of, seed_of = (
    np.repeat(rates, valley_seeds),
    np.tile(np.arange(valley_seeds), len(rates)),
)
w_ih_v, w_ho_v = (np.stack([first_weights(s)[k] for s in seed_of]) for k in (0, 1))
*_, curve = run(x_train, y_train, w_ih_v, w_ho_v, rate_of, epochs)
final = curve[:, -1].reshape(len(rates), valley_seeds).T
print(f"share of all epochs in which the training error rose: {np.mean(np.diff(curve) > 0):.3f}")
print("runs that end no better than a constant answer, by learning rate:")
print(
    "  ".join(
        f"{rate:g}: {np.sum(run > y_train.var() * 0.95)}/{valley_seeds}"
        for rate, run in zip(rates, final.T)
    )
)
plots.valley(
    rates,
    final,
    xlabel="learning rate",
    ylabel=f"training MSE after {epochs} epochs",
    level=(y_train.var(), "best constant answer"),
)

# %% [markdown]
# A valley. Too short a step does not get anywhere in the given epochs; then comes a wide range that works; too long a step gets stuck. But **it never explodes**, unlike the bowl. A
# sigmoid's answer stays between 0 and 1 whatever the weights are; when a huge step has thrown them far out, every neuron is saturated, its slope is almost 0,
# and the network sits still with a wrong answer. The textbook sentence "too large a learning rate diverges" is true of bowls, and of many networks, but not of
# this one.
#
# The same effect explains why we scaled the columns. Unscaled, some are in the hundreds or thousands, and the sigmoids are saturated before the first step:

# %%
raw_scores = []
for s in range(valley_seeds):
    train, test = tumours.split(0.75, 0.25, seed=s)
    raw, raw_test = (np.column_stack([d.x, np.ones(len(d))]) for d in (train, test))
    *ws, _ = run(raw, train.y, *(w[None] for w in first_weights(s)), learnrate, epochs)
    raw_scores.append(share_right(raw_test, test.y, *ws)[0])
print(
    f"held-out accuracy without scaling, by split (always 'benign': {commoner:.3f}):",
    *(f"{score:.3f}" for score in raw_scores),
)

# %% [markdown]
# ## 10. The same epoch as two matrix products
#
# **Exercise 5: `update_weights_matrix`.** Medium, about 15 minutes; optional. The loop over records in Python is slow. Put all records in one table and compute the
# epoch without a loop: same arguments, same result as `update_weights`. If you leave it out, leave out the cells up to section 11, too.
#
# <details><summary>Hint 1</summary>One row per record: the error terms of the output are then an array (N,), those of the hidden neurons a table (N, h).</details>
# <details><summary>Hint 2</summary>Which axis has to disappear? The records'. <code>features.T @ …</code> is (n, N) @ (N, h): it multiplies and sums over the
# records in one go.</details>
# <details><summary>Hint 3</summary>Don't forget the division by N.</details>


# %%
# Exercise 5: update_weights_matrix
def update_weights_matrix(
    weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate
):
    """Return what update_weights returns, without a loop over the records.

    weights_input_to_hidden: (n, h); weights_hidden_to_output: (h,);
    features: (N, n); targets: (N,).
    """
    ### BEGIN SOLUTION
    hidden, output = forward_pass(features, weights_input_to_hidden, weights_hidden_to_output)
    output_error_term = (targets - output) * output * (1 - output)  # (N,)
    hidden_error_term = (
        output_error_term[:, None] * weights_hidden_to_output * hidden * (1 - hidden)
    )  # (N, h)
    n_records = len(features)
    return (
        weights_input_to_hidden + learnrate * features.T @ hidden_error_term / n_records,
        weights_hidden_to_output + learnrate * hidden.T @ output_error_term / n_records,
    )
    ### END SOLUTION


# %%
check(update_weights_matrix)

# %%
took = {}
for name, function in (
    ("record by record", update_weights),
    ("two matrix products", update_weights_matrix),
):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        result = function(*first_weights(seed), x_train, y_train, learnrate)
        times.append(time.perf_counter() - start)
    took[name] = (min(times), result)
    print(f"{name:20} {1e3 * took[name][0]:7.3f} ms an epoch")
(slow, by_records), (fast, by_matrices) = took.values()
apart = max(np.abs(a - b).max() for a, b in zip(by_records, by_matrices))
print(f"{slow / fast:.0f} times faster; largest difference of a weight {apart:.0e}")

# %% [markdown]
# The difference is not exactly 0: the sums are formed in another order, and rounding differs in the last digit. Expect no more from two correct programs.
#
# PyTorch computes the slopes by itself: it records the forward pass and applies the chain rule to the recording. Does it agree after 100 epochs?

# %%
if find_spec("torch") is None:
    print("PyTorch is not installed; nothing later in this lesson needs it")
else:
    import torch

    tensors = [torch.tensor(w, requires_grad=True) for w in first_weights(seed)]
    x_torch, y_torch = torch.tensor(x_train), torch.tensor(y_train, dtype=torch.float64)
    for epoch in range(100):
        output = torch.sigmoid(torch.sigmoid(x_torch @ tensors[0]) @ tensors[1])
        error = 0.5 * torch.mean((y_torch - output) ** 2)
        slopes = torch.autograd.grad(error, tensors)
        with torch.no_grad():
            for tensor, slope in zip(tensors, slopes):
                tensor -= learnrate * slope
    ws = first_weights(seed)
    for epoch in range(100):
        ws = update_weights_matrix(*ws, x_train, y_train, learnrate)
    apart = max(np.abs(w - tensor.detach().numpy()).max() for w, tensor in zip(ws, tensors))
    print(f"largest difference of a weight from PyTorch's after 100 epochs: {apart:.0e}")
    assert apart < 1e-10

# %% [markdown]
# ## 11. An activation of your own
#
# Nothing in the chain rule is special to the sigmoid. A hidden neuron may squash its sum with any function, if only you know its slope.

# %% [markdown]
# **Exercise 6: `activation` and `activation_slope`.** Easy to medium, about 10 minutes. Choose a function and write it with its slope, both as functions of the
# sum `z`, for arrays of any shape. Some to choose from: the hyperbolic tangent; the "leaky" ramp, z for z > 0 and 0.1 z otherwise; softplus, ln(1 + eᶻ); z·σ(z); sin(z); or one that nobody has
# tried. It should bend somewhere: a straight line would make two layers do no more than one.
#
# The check does not know what you have chosen. It nudges your `activation` and looks whether your `activation_slope` says the same.
#
# <details><summary>Hint 1</summary>The slope here is a function of the sum z, unlike h(1 − h), which was written with the squashed value h.</details>
# <details><summary>Hint 2</summary>tanh(z) has the slope 1 − tanh(z)². The function <code>np.tanh</code> exists.</details>
# <details><summary>Hint 3</summary>For functions in pieces: <code>np.where(z &gt; 0, …, …)</code>. For products use the product rule: z·σ(z) has the slope
# σ(z) + z·σ(z)(1 − σ(z)).</details>


# %%
# Exercise 6: activation and activation_slope
def activation(z):
    """Return the value of your function for each number in z; the shape stays."""
    ### BEGIN SOLUTION
    return np.tanh(z)
    ### END SOLUTION


def activation_slope(z):
    """Return the slope of your function for each number in z; the shape stays."""
    ### BEGIN SOLUTION
    return 1 - np.tanh(z) ** 2
    ### END SOLUTION


# %%
check((activation, activation_slope), exercise="activation")

# %%
z = np.linspace(-4, 4, 401)
plots.derivative(z, activation(z), activation_slope(z), name="your activation")

# %% [markdown]
# Now it is swapped in at the hidden neurons; the output neuron keeps its sigmoid, since its answer has to lie between 0 and 1. Only two
# places of the epoch change. Functions that are steeper than the sigmoid (its slope is never above ¼) may want a shorter step, so we try three learning rates.


# %%
def epoch_with(activation, activation_slope, w_ih, w_ho, x, y, lr):
    """Return the weights after one epoch with another activation at the hidden neurons."""
    a = x @ w_ih
    hidden = activation(a)  # the first place
    output = sigmoid(hidden @ w_ho)
    output_error_term = (y - output) * output * (1 - output)
    hidden_error_term = output_error_term[:, None] * w_ho * activation_slope(a)  # the second place
    n_records = len(x)
    return (
        w_ih + lr * x.T @ hidden_error_term / n_records,
        w_ho + lr * hidden.T @ output_error_term / n_records,
    )


choices = {
    "sigmoid": (sigmoid, lambda a: sigmoid(a) * (1 - sigmoid(a))),
    "yours": (activation, activation_slope),
}
own_curves = {}
print("mean held-out accuracy over 5 splits")
for name, pair in choices.items():
    for lr in (0.1, 0.5, 2.0):
        scores, curve = [], []
        for s in range(5):
            ws, errors_s = first_weights(s), []
            xs, ys, xs_test, ys_test = (
                arrays[s % n_seeds] for arrays in (many_x, many_y, many_x_test, many_y_test)
            )
            for epoch in range(epochs):
                ws = epoch_with(*pair, *ws, xs, ys, lr)
                errors_s.append(np.mean((ys - sigmoid(pair[0](xs @ ws[0]) @ ws[1])) ** 2))
            scores.append(np.mean((sigmoid(pair[0](xs_test @ ws[0]) @ ws[1]) > 0.5) == ys_test))
            curve.append(errors_s)
        print(f"{name:8} learning rate {lr:3}: {np.mean(scores):.3f}")
        if lr == 0.5:
            own_curves[name] = curve
plots.curves(own_curves, ylabel="training MSE at learning rate 0.5")

# %% [markdown]
# Compare activations at *their own* best learning rates before you call one better; the question comes back in *Further Exploration*.

# %% [markdown]
# ## 12. A slow start, and another error
#
# One more look at the factor $o(1-o)$. It is largest, ¼, at $o = ½$, and nearly 0 when the neuron is very sure, rightly or wrongly. So a
# neuron that is *surely wrong* learns slowly. Here is a single neuron with one input, 1, that should answer 0 and starts on the wrong side, more and more surely.
# Beside it the same neuron with another error, the **cross-entropy**
#
# $$E = -\bigl(t \ln o + (1-t) \ln (1-o)\bigr).$$
#
# Its slope with respect to $o$ is $-(t-o)/(o(1-o))$. Times the sigmoid's slope $o(1-o)$ only $-(t-o)$ is left: the factor has cancelled.

# %%
runs = {"squared error": [], "cross-entropy": []}
for loss, outputs in runs.items():
    for weight, bias in ((0.6, 0.9), (2.0, 2.0), (4.0, 4.0)):
        o = sigmoid(weight + bias)
        path = [float(o)]
        while o > 0.2:
            delta = (0 - o) * (o * (1 - o) if loss == "squared error" else 1)
            weight, bias = weight + 0.15 * delta, bias + 0.15 * delta
            o = sigmoid(weight + bias)
            path.append(float(o))
        outputs.append(np.array(path))
    print(
        f"{loss}: steps from",
        ", ".join(f"{path[0]:.4f}: {len(path) - 1}" for path in outputs),
    )
plots.slow_start(runs, goal=0.2)

# %% [markdown]
# Look back at the gallery: "no o(1−o) at the output" was not a wrong gradient of anything. It is **exactly the gradient of the cross-entropy**. That is why it learned so well. A mistake
# with respect to one error function can be right for another; one has to know which one is meant. For classification, cross-entropy is what everybody uses, and we shall use
# it from here on.

# %% [markdown]
# ## 13. The general case: ten classes, layers, mini-batches
#
# Now handwritten digits: 1,797 images of 8 × 8 pixels, ten classes. Three things change.
#
# 1. **Ten outputs instead of one.** They are turned into shares that add up to 1, by *softmax*; the error is the cross-entropy.
# 2. **Layers.** A layer is a pair: `forward` computes its output and keeps what it will need; `backward` takes the slope of the loss with respect to its output and returns
#    the slope with respect to its input. That is the chain rule, one link at a time, and any network is then a list of links.
# 3. **Mini-batches.** The weights move after every few records instead of once an epoch.
#
# From here on we name things as PyTorch does: the error is the *loss*, the learning rate is `lr`; the arrays carry slopes and not minus the slopes, so that a step **subtracts**; and the
# weight of a layer has the shape `(out, in)`, one *row* for each neuron of the layer, where `weights_input_to_hidden` had one *column*. So `x @ W`
# becomes `x @ W.T`. It is the same table, turned.

# %%
digits = data.load("digits", dtype=np.float64)
digit_train, digit_valid, digit_test = digits.split(0.70, 0.15, 0.15, seed=seed)
print(digit_train, digit_valid, digit_test, sep="\n")
plots.answers(digit_train.x[:12].reshape(-1, 8, 8), digit_train.y[:12])

# %% [markdown]
# The network answers each image with ten numbers, its **logits** $z_0 \dots z_9$, one for each class. Softmax turns them into positive shares:
#
# $$p_k = \frac{e^{z_k}}{\sum_m e^{z_m}}$$

# %% [markdown]
# **Exercise 7: `softmax`.** Easy, about 8 minutes. `z` has one row per record, shape `(N, C)`; so has the result. Subtract each row's maximum first: that changes nothing
# in the shares (it cancels) but keeps $e^z$ from overflowing. Without it, NumPy gives up at 710 in `float64` and already at 89 in `float32`.
#
# <details><summary>Hint 1</summary>Each row has to add up to 1, each by itself: sum along axis 1.</details>
# <details><summary>Hint 2</summary>Subtract the maximum of the <em>row</em>, and make a new array: <code>z -= …</code> would change the caller's logits.</details>
# <details><summary>Hint 3</summary><code>keepdims=True</code> leaves the sum as a column (N, 1), which divides row by row.</details>


# %%
# Exercise 7: softmax
def softmax(z):
    """Return the shares of each row: z (N, C) -> (N, C)."""
    ### BEGIN SOLUTION
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %%
check(softmax)

# %% [markdown]
# The loss of one record is $-\ln p_t$, where $t$ is the number of its right class: 0 when the network is sure and right, large when it is sure and wrong. The loss of a batch
# is the mean over its $N$ records. Softmax and the logarithm together have a very simple slope. With $y_k = 1$ for the right class and 0 for all others,
#
# $$\frac{\partial L}{\partial z_k} = \frac{p_k - y_k}{N}.$$
#
# (Work it out for one record: $-\ln p_t = -z_t + \ln \sum_m e^{z_m}$. The slope of the first term by $z_k$ is $-1$ if $k = t$, else 0; that of the second is $e^{z_k} / \sum_m e^{z_m} = p_k$.)

# %% [markdown]
# **Exercise 8: `cross_entropy_loss`.** Medium, about 15 minutes. From `logits` `(N, C)` and `labels`, N whole numbers of shape `(N,)`, return the mean loss (one number) and its
# slope with respect to the logits, `(N, C)`.
#
# <details><summary>Hint 1</summary>−ln of <em>one</em> number per row: <code>p[np.arange(N), labels]</code> picks them.</details>
# <details><summary>Hint 2</summary>The slope is the shares with 1 taken away at each right class.</details>
# <details><summary>Hint 3</summary>The loss is a mean, so the slope needs the /N, too.</details>


# %%
# Exercise 8: cross_entropy_loss
def cross_entropy_loss(logits, labels):
    """Return (loss, grad): the mean cross-entropy, a number, and its slope by the logits.

    logits: (N, C); labels: (N,) whole numbers from 0 to C - 1; grad: (N, C).
    """
    ### BEGIN SOLUTION
    rows = np.arange(len(logits))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(
        np.exp(shifted).sum(axis=1, keepdims=True)
    )  # = log(softmax), without log(0)
    grad = softmax(logits)
    grad[rows, labels] -= 1
    return -log_p[rows, labels].mean(), grad / len(logits)
    ### END SOLUTION


# %%
check(cross_entropy_loss)

# %% [markdown]
# Now the layers. A weight and its slope belong together; `Parameter` keeps them side by side. `backward` **adds** to the slope instead of setting it, as in PyTorch, so that several
# backward passes can contribute to one step; whoever makes a step clears the slopes first.
#
# Of a linear layer, $\text{out} = x W^T + b$, three slopes are needed. Let `grad` be the slope of the loss by `out`, shape `(N, out)`:
#
# - every weight $W_{kd}$ met, in each record, one input $x_d$ and one output $k$: value at the start of the arrow times slope at its end, summed over the records;
# - every bias was added as it is, in each record: sum over the records;
# - every input went out along its weights to all outputs: multiply along each path, add where they meet.

# %% [markdown]
# **Exercise 9: `Linear` and `ReLU`.** Medium, about 20 minutes. Write `forward` and `backward` of both layers. ReLU lets positive numbers pass and sets all others to 0.
#
# <details><summary>Hint 1</summary><code>forward</code> has to keep x for <code>backward</code>: <code>self.x = x</code>.</details>
# <details><summary>Hint 2</summary>The slope of the weights has the weights' shape, (out, in): <code>grad.T @ x</code> or its transpose? Write down the shapes.</details>
# <details><summary>Hint 3</summary><em>Add</em> into <code>self.weight.grad</code>. The bias: sum over the records, no mean (the /N is in the loss already).</details>
# <details><summary>Hint 4</summary>ReLU has the slope 1 where its input was positive and 0 elsewhere. Multiply the slope that arrives by it; don't return the slope of
# the layer alone.</details>


# %%
# Exercise 9: Linear and ReLU
class Parameter:
    """A weight array, data, and the slope of the loss by it, grad."""

    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    """out = x @ weight.T + bias."""

    def __init__(self, n_in, n_out, rng):
        bound = 1 / np.sqrt(n_in)  # PyTorch draws its first weights like this
        self.weight = Parameter(rng.uniform(-bound, bound, (n_out, n_in)))
        self.bias = Parameter(rng.uniform(-bound, bound, n_out))

    def forward(self, x):
        """Take x (N, in), keep what backward needs, return out (N, out)."""
        ### BEGIN SOLUTION
        self.x = x
        return x @ self.weight.data.T + self.bias.data
        ### END SOLUTION

    def backward(self, grad):
        """Take dL/dout (N, out), return dL/dx (N, in).

        On the way, add to weight.grad (out, in) and bias.grad (out,).
        """
        ### BEGIN SOLUTION
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data
        ### END SOLUTION

    def parameters(self):
        return [self.weight, self.bias]


class ReLU:
    """out = max(x, 0), number by number."""

    def forward(self, x):
        """Take x of any shape, keep what backward needs, return the same shape."""
        ### BEGIN SOLUTION
        self.positive = x > 0
        return np.where(self.positive, x, 0.0)
        ### END SOLUTION

    def backward(self, grad):
        """Take dL/dout, return dL/dx, of the same shape."""
        ### BEGIN SOLUTION
        return grad * self.positive
        ### END SOLUTION

    def parameters(self):
        return []


# %%
check(Linear)

# %%
check(ReLU)

# %% [markdown]
# A network is a list of layers: forwards through the list, backwards through it in reverse.


# %%
class Network:
    """Layers in a row."""

    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad):
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad

    __call__ = forward

    def parameters(self):
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def zero_grad(self):
        for parameter in self.parameters():
            parameter.grad[...] = 0


plots.flow(
    {
        "x": "(N, 64)",
        "Linear": f"(N, {digit_hidden})",
        "ReLU": f"(N, {digit_hidden})",
        "Linear ": "(N, 10)",
        "softmax and\ncross-entropy": "()",
        "loss": "",
    }
)

# %% [markdown]
# **Exercise 10: `train_epoch`.** Medium, about 12 minutes. Go once through all records in a new random order (`rng.permutation`), `batch` at a time; the last batch may be smaller. For every batch:
# `net(x)`, the loss and its slope by `cross_entropy_loss`, `net.zero_grad()`, `net.backward(...)`, then `p.data -= lr * p.grad` for every `p` in
# `net.parameters()`. Return the mean loss over all records.
#
# <details><summary>Hint 1</summary>One permutation for both: <code>order = rng.permutation(len(x))</code>, then <code>x[order[i:i + batch]]</code> and the same rows of y.</details>
# <details><summary>Hint 2</summary>Slopes add up until somebody clears them: <code>zero_grad</code> in every batch.</details>
# <details><summary>Hint 3</summary>The last batch is smaller, so its loss must count less: sum up loss × length of the batch, and divide by the number of records at the end.</details>


# %%
# Exercise 10: train_epoch
def train_epoch(net, x, y, lr, batch, rng):
    """Train net for one epoch of mini-batches; return the mean loss, a number.

    x: (N, D); y: (N,) whole numbers; batch: records in a batch; rng: np.random.Generator.
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(x))
    total = 0.0
    for start in range(0, len(x), batch):
        rows = order[start : start + batch]
        loss, grad = cross_entropy_loss(net(x[rows]), y[rows])
        net.zero_grad()
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad
        total += loss * len(rows)
    return total / len(x)
    ### END SOLUTION


# %%
check(train_epoch)

# %% [markdown]
# First a look before the start. An untrained network knows nothing, so its loss should be near $\ln 10 \approx 2.303$, that of ten equal shares. And the slopes should pass the gradient check, all 2,410
# of them.


# %%
def new_network(seed, sizes=(64, digit_hidden, 10)):
    """Return a network of Linear layers with a ReLU between each two."""
    rng = np.random.default_rng(seed)
    layers = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        layers += [Linear(n_in, n_out, rng), ReLU()]
    return Network(*layers[:-1])


def net_gradient_error(net, x, y, most=None):
    """Return the largest difference from nudging, as a share of the largest slope.

    most: how many weights of each array to nudge; all of them if not given.
    """
    net.zero_grad()
    net.backward(cross_entropy_loss(net(x), y)[1])
    largest = max(np.abs(p.grad).max() for p in net.parameters())
    differences = []
    for p in net.parameters():
        places = list(np.ndindex(p.data.shape))
        if most:
            places = [
                places[k]
                for k in np.random.default_rng(seed).choice(
                    len(places), min(most, len(places)), replace=False
                )
            ]
        for k in places:
            kept, losses = p.data[k], []
            for nudged in (
                kept + 1e-6,
                kept - 1e-6,
            ):  # a small nudge: it must not push a ReLU over its kink
                p.data[k] = nudged
                losses.append(cross_entropy_loss(net(x), y)[0])
            p.data[k] = kept
            differences.append(abs(p.grad[k] - (losses[0] - losses[1]) / 2e-6))
    return max(differences) / largest


net = new_network(seed)
start_loss = cross_entropy_loss(net(digit_train.x), digit_train.y)[0]
digit_gradient_error = net_gradient_error(net, digit_train.x[:7], digit_train.y[:7])
n_weights = sum(p.data.size for p in net.parameters())
print(f"loss before training {start_loss:.3f}, ln 10 = {np.log(10):.3f}")
print(f"error of the gradient, {n_weights} weights: {digit_gradient_error:.1e}")
assert digit_gradient_error < 1e-6, (
    "the layers and the nudging disagree: look at Linear, ReLU and cross_entropy_loss"
)


# %%
def share_of_right(net, dataset):
    """Return the accuracy of net on a dataset."""
    return np.mean(net(dataset.x).argmax(axis=1) == dataset.y)


rng = np.random.default_rng(seed)
losses, valid_losses = [], []
digit_seconds = 0.0
for epoch in range(digit_epochs):
    start = time.perf_counter()
    losses.append(train_epoch(net, digit_train.x, digit_train.y, digit_lr, digit_batch, rng))
    digit_seconds += time.perf_counter() - start
    valid_losses.append(cross_entropy_loss(net(digit_valid.x), digit_valid.y)[0])

digit_accuracy = share_of_right(net, digit_test)
print(
    f"{digit_epochs} epochs in {digit_seconds:.2f} s; accuracy on the test digits, "
    f"never used before: {digit_accuracy:.3f}"
)
plots.curves({"training": losses, "validation": valid_losses}, ylabel="cross-entropy")

# %% [markdown]
# Two things in these curves need not worry you. The training loss of an epoch is the mean over its batches, taken while the weights were still moving; that is why it can
# begin above the validation loss. And the validation loss may jump for an epoch and come back: a step of 0.3 is bold for these digits. The section on batches has
# more of it.
#
# Here are twelve test digits with the shares that the network gives to the ten classes, those for whose right class it has the smallest share (blue: the right class; the number under the bars is the network's answer).

# %%
shares = softmax(net(digit_test.x))
hardest = np.argsort(shares[np.arange(len(digit_test)), digit_test.y])[:12]
plots.answers(digit_test.x[hardest].reshape(-1, 8, 8), digit_test.y[hardest], shares[hardest])

# %%
assert digit_accuracy >= 0.93, (
    f"accuracy {digit_accuracy:.3f}: with the settings as they came it is at least "
    f"0.93. Have you changed some? Otherwise "
    "look at the comparisons above"
)

# %% [markdown]
# ### How large should a batch be?
#
# The same network, trained for a third of the epochs above, with other batches. Smaller batches mean more steps in an epoch, but each step listens to fewer records and is noisier.
# *Predict first:* what happens with a batch of one record and the same learning rate?

# %%
batch_curves = {}
for batch, lr in (
    (len(digit_train), digit_lr),
    (128, digit_lr),
    (32, digit_lr),
    (8, digit_lr),
    (1, digit_lr),
    (1, 0.05),
):
    trial, rng = new_network(seed), np.random.default_rng(seed)
    name = f"{'all' if batch == len(digit_train) else batch}, lr {lr}"
    batch_curves[name] = []
    for epoch in range(digit_epochs // 3):
        train_epoch(trial, digit_train.x, digit_train.y, lr, batch, rng)
        batch_curves[name].append(share_of_right(trial, digit_valid))
    print(
        f"batch {name:12} validation accuracy, mean of the last 3 of "
        f"{digit_epochs // 3} epochs: {np.mean(batch_curves[name][-3:]):.3f}"
    )
plots.batch_sizes(batch_curves)

# %% [markdown]
# A batch trades the number of steps against their noise. All records at once: few steps, so slow. Small batches: many steps, fast, but with a bold step the
# curves dip now and then, so the number after one particular epoch can be unlucky by several points. One record at a time with the same long step: the noise
# throws the weights about so hard that hardly anything is learned; with a shorter step a batch of one is fine again. Batch size and learning rate belong together.

# %% [markdown]
# ## 14. The same network from `chainrule.nn`
#
# What you have written is, line for line, what the engine of this project does, and its names are those of PyTorch:
#
# | you wrote | `chainrule.nn` | PyTorch |
# | --- | --- | --- |
# | `Network(Linear(64, 32, rng), ReLU(), …)` | `nn.Sequential(nn.Linear(64, 32), nn.ReLU(), …)` | the same |
# | `logits = net(x)` | `logits = net(x)` | the same |
# | `loss, grad = cross_entropy_loss(logits, y)` | `loss = criterion(logits, y)` | the same |
# | `net.zero_grad()` | `optimizer.zero_grad()` | the same |
# | `net.backward(grad)` | `net.backward(criterion.backward())` | `loss.backward()` |
# | `p.data -= lr * p.grad` for every `p` | `optimizer.step()` | the same |
#
# This is the source of the engine's linear layer. `accumulate` adds to the slope as your `+=` does, without an array in between; `out` says where to
# write the result; `keep` and `recall` are your `self.x`. A row of ones times a table is the sum over its rows, and
# `inputs=False` leaves out the slope by `x` where nobody asks for it, as in a first layer.

# %%
print(inspect.getsource(nn.Linear.forward))
print(inspect.getsource(nn.Linear.backward))

# %% [markdown]
# Both get the same first weights and the same batch. Each line below compares one intermediate result.

# %%
yours = new_network(seed)
engine = nn.Sequential(
    nn.Linear(64, digit_hidden),
    nn.ReLU(),
    nn.Linear(digit_hidden, 10),
    dtype=np.float64,
)
criterion = nn.CrossEntropyLoss()
for mine, theirs in zip(yours.parameters(), engine.parameters()):
    theirs.data = mine.data.copy()

xb, yb = digit_train.x[:50], digit_train.y[:50]
worst_line = 0.0


def line(name, mine, theirs):
    """Print how far two results are apart, as a share of the largest value."""
    global worst_line
    apart = np.abs(np.asarray(mine) - np.asarray(theirs)).max() / np.abs(mine).max()
    worst_line = max(worst_line, apart)
    print(f"{name:34} {np.shape(mine)!s:10} largest difference {apart:.1e}")


# forward
my_logits = yours(xb)
their_logits = engine(xb)
line("logits", my_logits, their_logits)
# loss
my_loss, my_grad = cross_entropy_loss(my_logits, yb)
their_loss = criterion(their_logits, yb)
their_grad = criterion.backward()
line("loss", my_loss, their_loss)
line("slope by the logits", my_grad, their_grad)
# backward
yours.zero_grad()
yours.backward(my_grad)
engine.zero_grad()
engine.backward(their_grad)
for name, mine, theirs in zip(engine.state_dict(), yours.parameters(), engine.parameters()):
    line(f"slope by {name}", mine.grad, theirs.grad)
# one epoch of steps: your train_epoch trains the engine's network, too
my_mean = train_epoch(
    yours, digit_train.x, digit_train.y, digit_lr, digit_batch, np.random.default_rng(1)
)
their_mean = train_epoch(
    engine,
    digit_train.x,
    digit_train.y,
    digit_lr,
    digit_batch,
    np.random.default_rng(1),
)
line("mean loss of one epoch", my_mean, their_mean)
for name, mine, theirs in zip(engine.state_dict(), yours.parameters(), engine.parameters()):
    line(f"{name} after that epoch", mine.data, theirs.data)
assert worst_line < 1e-6, f"the engine and your layers differ by {worst_line:.1e}"

# %% [markdown]
# Your `train_epoch` did not notice that the network was somebody else's: it asks for `net(x)`, `net.backward`, `net.zero_grad` and `net.parameters`, and both have them.

# %% [markdown]
# ## 15. Deep networks: why slopes vanish
#
# The slope at a layer near the input is a product with one factor for each layer behind it. A sigmoid's own slope is never above ¼. Five hidden layers of such factors, and little
# is left at the first one. Below are two networks with five hidden layers of 30: one of sigmoids, with first weights after Glorot, and one of ReLUs, with first weights after He; the usual choice for each.


# %%
class Sigmoid:
    """out = sigmoid(x), number by number."""

    def forward(self, x):
        self.out = sigmoid(x)
        return self.out

    def backward(self, grad):
        return grad * self.out * (1 - self.out)

    def parameters(self):
        return []


def deep_network(kind, seed):
    """Return 64-30-30-30-30-30-10 with sigmoids (Glorot) or ReLUs (He)."""
    rng = np.random.default_rng(seed)
    sizes, layers = [64, 30, 30, 30, 30, 30, 10], []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        linear = Linear(n_in, n_out, rng)
        variance = 2 / (n_in + n_out) if kind is Sigmoid else 2 / n_in
        linear.weight.data = rng.normal(0, np.sqrt(variance), (n_out, n_in))
        linear.bias.data = np.zeros(n_out)
        layers += [linear, kind()]
    return Network(*layers[:-1])


sizes_of_slopes, deep_curves = {}, {}
for name, kind in (("sigmoid, Glorot", Sigmoid), ("ReLU, He", ReLU)):
    deep, rng = deep_network(kind, seed), np.random.default_rng(seed)
    deep.zero_grad()
    deep.backward(cross_entropy_loss(deep(digit_train.x), digit_train.y)[1])
    slopes = [np.sqrt(np.mean(p.grad**2)) for p in deep.parameters()[::2]]
    deep_curves[name] = []
    for epoch in range(30):
        train_epoch(deep, digit_train.x, digit_train.y, 0.1, 32, rng)
        deep_curves[name].append(share_of_right(deep, digit_valid))
    sizes_of_slopes[name] = slopes
    print(
        f"{name:16} first layer {slopes[0]:.1e}, last layer {slopes[-1]:.1e}, ratio "
        f"{slopes[0] / slopes[-1]:.4f}; accuracy after 30 epochs "
        f"{deep_curves[name][-1]:.3f}"
    )
per_layer = (sizes_of_slopes["sigmoid, Glorot"][0] / sizes_of_slopes["sigmoid, Glorot"][-2]) ** (
    1 / 4
)
print(
    f"with sigmoids the slopes shrink to {per_layer:.2f} of their size at each hidden layer, on average"
)
plots.vanishing(sizes_of_slopes, deep_curves, chance=0.1)

# %% [markdown]
# The sigmoid network learns nothing in these epochs: it answers at the level of a guess. Be careful with the conclusion, though. "Sigmoids vanish, ReLU cures it" is too simple.
# In our trials, not shown here, the ReLU network trained less well with other first weights, tanh did fine at this depth, and the sigmoid network learned with larger first weights and another
# step. What decides is the activation *together with* the first weights and the step. Try it: change `deep_network`.

# %% [markdown]
# ## 16. What this run has measured

# %%
record(
    lesson=LESSON,
    dataset="breast cancer",
    network=f"{n_inputs}-{n_hidden}-1",
    epochs=epochs,
    seconds=seconds,
    accuracy=held_out,
    gradient_error=gradient_error,
)
record(
    lesson=LESSON,
    dataset="digits",
    network=f"64-{digit_hidden}-10",
    epochs=digit_epochs,
    seconds=digit_seconds,
    accuracy=digit_accuracy,
    gradient_error=digit_gradient_error,
)

# %% [markdown]
# ## 17. Full size: MNIST
#
# With `FULL_SIZE = "mnist"` in the cell of settings, your own layers train on the 60,000 images of MNIST, in `float32`: one hidden layer of 100, batches of 64, learning rate 0.5 and, for the last two of
# eight epochs, 0.1. Five thousand of the training images are kept for validation; the test set of 10,000 is looked at once, at the end. The files are read from the data root, the folder that
# the environment variable `CHAINRULE_DATA` names.

# %%
if FULL_SIZE:
    full_train, full_valid = data.load(FULL_SIZE, part="train").split(11 / 12, 1 / 12, seed=seed)
    full_test = data.load(FULL_SIZE, part="test")
    full = new_network(seed, (784, 100, 10))
    full_gradient_error = net_gradient_error(
        full, full_train.x[:7].astype(np.float64), full_train.y[:7], most=50
    )
    for p in full.parameters():
        p.data, p.grad = p.data.astype(np.float32), p.grad.astype(np.float32)
    rng = np.random.default_rng(seed)
    full_seconds, full_epochs = 0.0, 8
    for epoch in range(full_epochs):
        start = time.perf_counter()
        loss = train_epoch(
            full,
            full_train.x,
            full_train.y,
            0.5 if epoch < full_epochs - 2 else 0.1,
            64,
            rng,
        )
        full_seconds += time.perf_counter() - start
        print(
            f"epoch {epoch + 1}: training loss {loss:.4f}, validation accuracy {share_of_right(full, full_valid):.4f}"
        )
    full_accuracy = share_of_right(full, full_test)
    print(f"test accuracy {full_accuracy:.4f} in {full_seconds:.1f} s of training")
    least = {"mnist": 0.975, "fashion-mnist": 0.85}[FULL_SIZE]
    assert full_accuracy >= least, (
        f"accuracy {full_accuracy:.4f} on {FULL_SIZE}: expected at least {least}"
    )
    record(
        lesson=LESSON,
        dataset=FULL_SIZE,
        network="784-100-10",
        epochs=full_epochs,
        seconds=full_seconds,
        accuracy=full_accuracy,
        gradient_error=full_gradient_error,
    )
else:
    print('skipped: set FULL_SIZE = "mnist" in the cell of settings to run it')

# %% [markdown]
# ## What to take with you
#
# - A slope on every arrow; backwards, multiply along a path, add where paths meet. That is all of backpropagation.
# - Check slopes, not scores: five wrong gradients scored as well as the right one.
# - A flat line, a frozen network, an anti-predictor: mistakes have faces. You know some now.
# - A right gradient is not enough: first weights, scaling of the inputs, and the length of the step decide whether it can learn.
#
# Next: *Implementing Regularization*, which asks what keeps a network from learning its training records by heart.
