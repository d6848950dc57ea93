# %% right sigmoid: the textbook line
import numpy as np


def sigmoid(x):
    """Calculate sigmoid"""
    return 1 / (1 + np.exp(-x))


# %% right sigmoid: half a tanh
import numpy as np

sigmoid = lambda z: 0.5 * (np.tanh(0.5 * z) + 1.0)


# %% right sigmoid: two branches with masks, result array of its own
import numpy as np


def sigmoid(x):
    x = np.asarray(x, dtype=float)
    result = np.empty_like(x)
    pos = x >= 0
    neg = ~pos
    result[pos] = 1.0 / (1.0 + np.exp(-x[pos]))
    ez = np.exp(x[neg])
    result[neg] = ez / (1.0 + ez)
    return result


# %% right sigmoid: clipped against overflow, negative power, a constant of the cell
import numpy as np

BIG = 500


def sigmoid(x):
    safe = np.clip(x, -BIG, BIG)
    return (1 + np.exp(-safe)) ** -1


# %% right sigmoid: math.exp made into a ufunc with vectorize
import math

import numpy as np


@np.vectorize
def sigmoid(t):
    if t < -700:
        return 0.0
    return 1 / (1 + math.exp(-t))


# %% right sigmoid as my_sigmoid: scipy's own, another name
from scipy.special import expit


def my_sigmoid(x):
    return expit(x)


# %% wrong sigmoid GD123: brackets forgotten
import numpy as np


def sigmoid(x):
    return 1 / 1 + np.exp(-x)


# %% wrong sigmoid GD102: saves memory by working on x itself
import numpy as np


def sigmoid(x):
    # in place, to save memory
    x *= -1
    np.exp(x, out=x)
    x += 1
    return 1 / x


# %% wrong sigmoid GD109: math.exp takes one number only
import math


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


# %% wrong sigmoid GD106: denominator used before its line
import numpy as np


def sigmoid(x):
    result = 1.0 / denom
    denom = 1.0 + np.exp(-x)
    return result


# %% wrong sigmoid GD123: split over lines, still the wrong precedence
import numpy as np


def sigmoid(value):
    e = np.exp(-1 * value)
    numerator = 1.0
    # 1 over 1 plus e
    return numerator / 1.0 + e


# %% wrong sigmoid GD109: if on an array
import numpy as np


def sigmoid(x):
    # numerically stable version from the web
    if x >= 0:
        z = np.exp(-x)
        return 1 / (1 + z)
    else:
        z = np.exp(x)
        return z / (1 + z)


# %% wrong sigmoid GD102: loops and writes back into the argument
import numpy as np


def sigmoid(x):
    flat = x.reshape(-1)
    for i in range(len(flat)):
        flat[i] = 1 / (1 + np.exp(-flat[i]))
    return x


# %% wrong sigmoid GD149: left a quit in after looking at the numbers
import sys

import numpy as np


def sigmoid(x):
    print("in sigmoid", np.shape(x))
    out = 1 / (1 + np.exp(-x))
    print(out)
    sys.exit(0)
    return out


# %% right forward_pass: as in the lecture
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_layer_in = np.dot(x, weights_input_to_hidden)
    hidden_layer_out = sigmoid(hidden_layer_in)
    output_layer_in = np.dot(hidden_layer_out, weights_hidden_to_output)
    output_layer_out = sigmoid(output_layer_in)
    return hidden_layer_out, output_layer_out


# %% right forward_pass: column vectors, transposed there and back
import numpy as np


def logistic(a):
    return 1.0 / (1.0 + np.exp(-a))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    X = np.atleast_2d(x).T  # (n_inputs, N): one column per record
    W1, W2 = weights_input_to_hidden.T, weights_hidden_to_output.reshape(1, -1)
    A1 = logistic(W1 @ X)
    A2 = logistic(W2 @ A1)
    print("A1", A1.shape, "A2", A2.shape)
    if np.ndim(x) == 1:
        return A1[:, 0], A2[0, 0]
    return A1.T, A2.ravel()


# %% right forward_pass: einsum and tanh
import numpy as np


def forward_pass(x, w_ih, w_ho):
    def squash(s):
        return (1 + np.tanh(s / 2)) / 2

    h = squash(np.einsum("...i,ij->...j", x, w_ih))
    return h, squash(np.einsum("...j,j->...", h, w_ho))


# %% right forward_pass: lists of layers in a loop, result as a list
import numpy as np


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    activations = []
    a = np.array(x, copy=True)
    for w in (weights_input_to_hidden, weights_hidden_to_output):
        a = 1 / (1 + np.exp(-(a @ w)))
        activations.append(a)
    return activations


# %% right forward_pass: np.matrix inside
import numpy as np


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    m = np.asmatrix(x)
    w1 = np.asmatrix(weights_input_to_hidden)
    w2 = np.asmatrix(weights_hidden_to_output).T
    hidden = 1 / (1 + np.exp(-m * w1))
    out = 1 / (1 + np.exp(-hidden * w2))
    hidden, out = np.asarray(hidden), np.asarray(out)[:, 0]
    return (hidden[0], out[0]) if x.ndim == 1 else (hidden, out)


# %% wrong forward_pass GD111: hidden activation computed, but the next line takes its input
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_layer_in = np.dot(x, weights_input_to_hidden)
    hidden_layer_out = sigmoid(hidden_layer_in)
    output_layer_in = np.dot(hidden_layer_in, weights_hidden_to_output)
    output_layer_out = sigmoid(output_layer_in)
    return hidden_layer_out, output_layer_out


# %% wrong forward_pass GD129|GD111: two matrix products and one sigmoid at the end
import numpy as np


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden = x @ weights_input_to_hidden
    y = 1.0 / (1.0 + np.exp(-(hidden @ weights_hidden_to_output)))
    return hidden, y


# %% wrong forward_pass GD123: precedence in a local lambda
import numpy as np


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    f = lambda t: 1 / 1 + np.exp(-t)
    hidden = f(np.matmul(x, weights_input_to_hidden))
    return hidden, f(np.matmul(hidden, weights_hidden_to_output))


# %% wrong forward_pass GD127: weights on the left
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_layer_out = sigmoid(np.dot(weights_input_to_hidden, x))
    output_layer_out = sigmoid(np.dot(weights_hidden_to_output, hidden_layer_out))
    return hidden_layer_out, output_layer_out


# %% wrong forward_pass GD106: hidden_layer_out one line too late
import numpy as np


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_layer_in = np.dot(x, weights_input_to_hidden)
    output_layer_in = np.dot(hidden_layer_out, weights_hidden_to_output)
    hidden_layer_out = 1 / (1 + np.exp(-hidden_layer_in))
    output_layer_out = 1 / (1 + np.exp(-output_layer_in))
    return hidden_layer_out, output_layer_out


# %% wrong forward_pass GD109: sums over axis 0, so one record only
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    # weighted sum: multiply every row of the weights by its input, add the rows
    hidden_layer_out = sigmoid((x.reshape(-1, 1) * weights_input_to_hidden).sum(axis=0))
    output_layer_out = sigmoid((hidden_layer_out * weights_hidden_to_output).sum())
    return hidden_layer_out, output_layer_out


# %% wrong forward_pass GD151: output first
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden = sigmoid(x @ weights_input_to_hidden)
    final = sigmoid(hidden @ weights_hidden_to_output)
    return final, hidden


# %% wrong forward_pass GD130: a fully connected helper that already has a ReLU in it
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def dense(inputs, W):
    return np.maximum(0, np.dot(inputs, W))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    h = sigmoid(dense(x, weights_input_to_hidden))
    o = sigmoid(dense(h, weights_hidden_to_output))
    return h, o


# %% wrong forward_pass GD115: ReLU on the score before the last sigmoid
import numpy as np


def relu(z):
    return z * (z > 0)


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    z1 = x.dot(weights_input_to_hidden)
    a1 = 1 / (1 + np.exp(-z1))
    z2 = relu(a1.dot(weights_hidden_to_output))
    a2 = 1 / (1 + np.exp(-z2))
    return a1, a2


# %% wrong forward_pass GD141: dropout that kills weights
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    # dropout against overfitting
    keep = np.random.rand(*weights_input_to_hidden.shape) > 0.5
    weights_input_to_hidden *= keep
    hidden_layer_out = sigmoid(np.dot(x, weights_input_to_hidden))
    output_layer_out = sigmoid(np.dot(hidden_layer_out, weights_hidden_to_output))
    return hidden_layer_out, output_layer_out


# %% wrong forward_pass GD102: sets the shape of the caller's weights
import numpy as np


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    weights_hidden_to_output.shape = (-1, 1)  # make it a real column
    hidden = 1 / (1 + np.exp(-np.dot(x, weights_input_to_hidden)))
    out = 1 / (1 + np.exp(-np.dot(hidden, weights_hidden_to_output)))
    return hidden, out[..., 0]


# %% wrong forward_pass GD149: exit after the debug print
import numpy as np


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_layer_out = 1 / (1 + np.exp(-np.dot(x, weights_input_to_hidden)))
    print("hidden", hidden_layer_out)
    exit()
    output_layer_out = 1 / (1 + np.exp(-np.dot(hidden_layer_out, weights_hidden_to_output)))
    return hidden_layer_out, output_layer_out


# %% wrong forward_pass GD111|GD129: helper activates only the last layer
import numpy as np


def layer(a, w, last=False):
    z = np.dot(a, w)
    return 1 / (1 + np.exp(-z)) if last else z


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_layer_out = layer(x, weights_input_to_hidden)
    output_layer_out = layer(hidden_layer_out, weights_hidden_to_output, last=True)
    return hidden_layer_out, output_layer_out


# %% wrong forward_pass GD127: reshapes the weights until the product fits
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    n_in, n_hidden = weights_input_to_hidden.shape
    # (hidden, in) @ (in, N)
    W = weights_input_to_hidden.reshape(n_hidden, n_in)
    hidden_layer_out = sigmoid(np.dot(W, x.T)).T
    output_layer_out = sigmoid(np.dot(hidden_layer_out, weights_hidden_to_output))
    return hidden_layer_out, output_layer_out


# %% wrong forward_pass GD109: asks for the number of rows, fails for one record
import numpy as np


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    n_records, n_features = x.shape
    hidden = np.zeros((n_records, weights_input_to_hidden.shape[1]))
    out = np.zeros(n_records)
    for i in range(n_records):
        hidden[i] = 1 / (1 + np.exp(-x[i] @ weights_input_to_hidden))
        out[i] = 1 / (1 + np.exp(-hidden[i] @ weights_hidden_to_output))
    return hidden, out


# %% wrong forward_pass GD130: class with a rectified dot product
import numpy as np


class Dense:
    def __init__(self, weights):
        self.weights = weights

    def __call__(self, inputs):
        z = inputs @ self.weights
        return np.where(z > 0, z, 0.0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    fc1, fc2 = Dense(weights_input_to_hidden), Dense(weights_hidden_to_output)
    hidden = sigmoid(fc1(x))
    return hidden, sigmoid(fc2(hidden))


# %% wrong forward_pass GD106: hides behind a leftover of another experiment
import numpy as np

hidden_layer_in = np.array([0.1, -0.4])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_layer_out = sigmoid(hidden_layer_in)
    hidden_in = np.dot(x, weights_input_to_hidden)
    output_layer_out = sigmoid(np.dot(hidden_layer_out, weights_hidden_to_output))
    return hidden_layer_out, output_layer_out


# %% right backward_pass: step by step with the lecture's names
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    output_error_term = error * output_layer_out * (1 - output_layer_out)
    hidden_error_term = np.dot(output_error_term, weights_hidden_to_output) * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_h_o = learnrate * output_error_term * hidden_layer_out
    delta_w_i_h = learnrate * hidden_error_term * x[:, None]
    return delta_w_h_o, delta_w_i_h


# %% right backward_pass: outer products, symbols of a textbook
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    eta, h, y = learnrate, hidden_layer_out, output_layer_out
    delta_k = (target - y) * (y - y**2)
    delta_j = weights_hidden_to_output * delta_k * (h - h**2)
    return eta * delta_k * h, eta * np.outer(x, delta_j)


# %% right backward_pass: einsum and a table of derivatives
import numpy as np

DERIVATIVE = {"sigmoid": lambda a: a * (1 - a)}


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    ds = DERIVATIVE["sigmoid"]
    g = 2 * (target - output_layer_out) * ds(output_layer_out) / 2  # d(error**2)/2
    back = np.einsum(",j,j->j", g, weights_hidden_to_output, ds(hidden_layer_out))
    return learnrate * g * hidden_layer_out, np.einsum(",i,j->ij", learnrate, x, back)


# %% right backward_pass: plain Python loops over units
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    n_in = len(x)
    n_hid = len(hidden_layer_out)
    d_ho = np.zeros(n_hid)
    d_ih = np.zeros((n_in, n_hid))
    term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    for j in range(n_hid):
        d_ho[j] = learnrate * term * hidden_layer_out[j]
        term_j = term * weights_hidden_to_output[j] * hidden_layer_out[j] * (1 - hidden_layer_out[j])
        for i in range(n_in):
            d_ih[i][j] = learnrate * term_j * x[i]
    return d_ho, d_ih


# %% right backward_pass: gradient with y_hat - y, the caller subtracts
import numpy as np


def forward_pass(x, w1, w2):
    h = 1 / (1 + np.exp(-x @ w1))
    return h, 1 / (1 + np.exp(-h @ w2))


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    dz2 = (output_layer_out - target) * output_layer_out * (1 - output_layer_out)
    dz1 = dz2 * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * dz2 * hidden_layer_out, learnrate * np.outer(x, dz1)


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    w1, w2 = weights_input_to_hidden, weights_hidden_to_output
    d1, d2 = np.zeros_like(w1), np.zeros_like(w2)
    for x, t in zip(features, targets):
        h, o = forward_pass(x, w1, w2)
        g2, g1 = backward_pass(x, t, learnrate, h, o, w2)
        d1 += g1
        d2 += g2
    return w1 - d1 / len(features), w2 - d2 / len(features)


# %% right backward_pass: learning rate left to the caller, which has it
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    output_term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    hidden_term = output_term * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    return output_term * hidden_layer_out, hidden_term * x.reshape(-1, 1)


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n = features.shape[0]
    total_ho, total_ih = 0, 0
    for x, y in zip(features, targets):
        hidden = sigmoid(x @ weights_input_to_hidden)
        out = sigmoid(hidden @ weights_hidden_to_output)
        d_ho, d_ih = backward_pass(x, y, learnrate, hidden, out, weights_hidden_to_output)
        total_ho = total_ho + d_ho
        total_ih = total_ih + d_ih
    new_ih = weights_input_to_hidden + learnrate * total_ih / n
    new_ho = weights_hidden_to_output + learnrate * total_ho / n
    return new_ih, new_ho


# %% right backward_pass: np.matrix columns, the caller flattens them
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    X = np.matrix(x).T
    H = np.matrix(hidden_layer_out).T
    W = np.matrix(weights_hidden_to_output).T
    d_o = float((target - output_layer_out) * output_layer_out * (1 - output_layer_out))
    d_h = np.multiply(W * d_o, np.multiply(H, 1 - H))
    return learnrate * d_o * H, learnrate * X * d_h.T


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    f = lambda z: 1 / (1 + np.exp(-z))
    ih = np.zeros(weights_input_to_hidden.shape)
    ho = np.zeros(weights_hidden_to_output.shape)
    for i, row in enumerate(features):
        h = f(row.dot(weights_input_to_hidden))
        o = f(h.dot(weights_hidden_to_output))
        a, b = backward_pass(row, targets[i], learnrate, h, o, weights_hidden_to_output)
        ho += np.asarray(a).ravel()
        ih += np.asarray(b)
    return weights_input_to_hidden + ih / len(targets), weights_hidden_to_output + ho / len(targets)


# %% wrong backward_pass GD119: raw error goes back
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    output_error_term = error * output_layer_out * (1 - output_layer_out)
    hidden_error = error * weights_hidden_to_output
    hidden_error_term = hidden_error * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_h_o = learnrate * output_error_term * hidden_layer_out
    delta_w_i_h = learnrate * hidden_error_term * x[:, None]
    return delta_w_h_o, delta_w_i_h


# %% wrong backward_pass GD118: error goes to all hidden units alike
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    sigma_prime = lambda a: a * (1 - a)
    d_out = (target - output_layer_out) * sigma_prime(output_layer_out)
    d_hid = d_out * sigma_prime(hidden_layer_out)
    return learnrate * d_out * hidden_layer_out, learnrate * np.outer(x, d_hid)


# %% wrong backward_pass GD113: the output is taken for linear
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    # the error term of the output unit is just the error
    output_error_term = target - output_layer_out
    hidden_error_term = output_error_term * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * output_error_term * hidden_layer_out, learnrate * hidden_error_term * x[:, np.newaxis]


# %% wrong backward_pass GD121: output minus target, meant to be added
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    err = output_layer_out - target
    t_o = err * output_layer_out * (1 - output_layer_out)
    t_h = np.dot(t_o, weights_hidden_to_output) * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_h_o = learnrate * t_o * hidden_layer_out
    delta_w_i_h = learnrate * t_h * x[:, None]
    return delta_w_h_o, delta_w_i_h


# %% wrong backward_pass GD122: sigmoid_prime of what is already a sigmoid
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_prime(x):
    return sigmoid(x) * (1 - sigmoid(x))


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    output_error_term = error * sigmoid_prime(output_layer_out)
    hidden_error = output_error_term * weights_hidden_to_output
    hidden_error_term = hidden_error * sigmoid_prime(hidden_layer_out)
    return learnrate * output_error_term * hidden_layer_out, learnrate * np.outer(x, hidden_error_term)


# %% wrong backward_pass GD120: a fixed learning rate
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    learnrate = 0.5
    error = target - output_layer_out
    output_error_term = error * output_layer_out * (1 - output_layer_out)
    hidden_error_term = output_error_term * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_h_o = learnrate * output_error_term * hidden_layer_out
    delta_w_i_h = learnrate * hidden_error_term * x[:, None]
    return delta_w_h_o, delta_w_i_h


# %% wrong backward_pass GD155: o*(1-o) twice
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    slope = output_layer_out * (1 - output_layer_out)
    delta_o = (target - output_layer_out) * slope
    delta_h = delta_o * weights_hidden_to_output * slope
    return learnrate * delta_o * hidden_layer_out, learnrate * np.outer(x, delta_h)


# %% wrong backward_pass GD127: outer product the other way round
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    do = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    dh = do * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * do * hidden_layer_out, learnrate * np.outer(dh, x)


# %% wrong backward_pass GD128: a target for the hidden units
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    output_error_term = error * output_layer_out * (1 - output_layer_out)
    # what should the hidden layer have said?
    hidden_target = target / weights_hidden_to_output
    hidden_error = hidden_target - hidden_layer_out
    hidden_error_term = hidden_error * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * output_error_term * hidden_layer_out, learnrate * hidden_error_term * x[:, None]


# %% wrong backward_pass GD137: returns weights instead of the change
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error_term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    hidden_term = weights_hidden_to_output * error_term * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_h_o = weights_hidden_to_output + learnrate * error_term * hidden_layer_out
    delta_w_i_h = learnrate * hidden_term * x[:, None]
    return delta_w_h_o, delta_w_i_h


# %% wrong backward_pass GD143: terms of the two layers exchanged
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    output_term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    hidden_term = output_term * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_h_o = learnrate * hidden_term * hidden_layer_out
    delta_w_i_h = learnrate * output_term * x[:, None] * np.ones(hidden_layer_out.size)
    return delta_w_h_o, delta_w_i_h


# %% wrong backward_pass GD148: one None too many
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    output_term = error * output_layer_out * (1 - output_layer_out)
    hidden_term = output_term * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_i_h = learnrate * hidden_term[:, None] * x[:, None, None]
    return learnrate * output_term * hidden_layer_out, delta_w_i_h


# %% wrong backward_pass GD151: input weights first
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error_o = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    error_h = np.dot(weights_hidden_to_output, error_o) * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_i_h = learnrate * error_h * x[:, None]
    delta_w_h_o = learnrate * error_o * hidden_layer_out
    return delta_w_i_h, delta_w_h_o


# %% wrong backward_pass GD106: output_error_term comes one line later
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    hidden_error = np.dot(output_error_term, weights_hidden_to_output)
    output_error_term = error * output_layer_out * (1 - output_layer_out)
    hidden_error_term = hidden_error * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * output_error_term * hidden_layer_out, learnrate * hidden_error_term * x[:, None]


# %% wrong backward_pass GD114: number of hidden units where their values belong
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    n_hidden = len(hidden_layer_out)
    output_error_term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    hidden_error_term = output_error_term * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_h_o = np.full(n_hidden, learnrate * output_error_term * n_hidden)
    delta_w_i_h = learnrate * hidden_error_term * x[:, None]
    return delta_w_h_o, delta_w_i_h


# %% wrong backward_pass GD102: h*(1-h) written into the caller's h
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    delta_w_h_o = learnrate * term * hidden_layer_out
    hidden_layer_out *= 1 - hidden_layer_out
    delta_w_i_h = learnrate * np.outer(x, term * weights_hidden_to_output * hidden_layer_out)
    return delta_w_h_o, delta_w_i_h


# %% wrong backward_pass GD156: hidden error with the new output weights
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    output_error_term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    delta_w_h_o = learnrate * output_error_term * hidden_layer_out
    new_w = weights_hidden_to_output + delta_w_h_o
    hidden_error = output_error_term * new_w
    delta_w_i_h = learnrate * (hidden_error * hidden_layer_out * (1 - hidden_layer_out)) * x[:, None]
    return delta_w_h_o, delta_w_i_h


# %% wrong backward_pass GD154: learnrate in the term and again in the change
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    grad_o = learnrate * (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    grad_h = grad_o * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_h_o = learnrate * grad_o * hidden_layer_out
    delta_w_i_h = learnrate * np.multiply.outer(x, grad_h)
    return delta_w_h_o, delta_w_i_h


# %% wrong backward_pass GD119 as my_backward: raw error in a matrix product, columns
import numpy as np


def my_backward(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    x = x.reshape(-1, 1)
    h = hidden_layer_out.reshape(-1, 1)
    W = weights_hidden_to_output.reshape(-1, 1)
    e = np.array([[target - output_layer_out]])
    d2 = e * output_layer_out * (1 - output_layer_out)
    d1 = (W @ e) * h * (1 - h)
    return (learnrate * h @ d2).ravel(), learnrate * x @ d1.T


# %% wrong backward_pass GD118: sum instead of the weights
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    output_error_term = error * output_layer_out * (1 - output_layer_out)
    n_hidden = hidden_layer_out.shape[0]
    delta_w_i_h = np.zeros((len(x), n_hidden))
    for j in range(n_hidden):
        hidden_error = output_error_term
        delta_w_i_h[:, j] = learnrate * hidden_error * hidden_layer_out[j] * (1 - hidden_layer_out[j]) * x
    delta_w_h_o = learnrate * output_error_term * hidden_layer_out
    return delta_w_h_o, delta_w_i_h


# %% wrong backward_pass GD122: only the hidden layer, through a helper with a flag
import numpy as np


def sigmoid(x, deriv=False):
    s = 1 / (1 + np.exp(-x))
    if deriv:
        return s * (1 - s)
    return s


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    o = output_layer_out
    l2_delta = (target - o) * o * (1 - o)
    l1_error = l2_delta * weights_hidden_to_output
    l1_delta = l1_error * sigmoid(hidden_layer_out, deriv=True)
    return learnrate * l2_delta * hidden_layer_out, learnrate * np.einsum("i,j->ij", x, l1_delta)


# %% wrong backward_pass GD128: target minus the error that came back
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    output_error_term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    hidden_error = np.dot(output_error_term, weights_hidden_to_output)
    hidden_error = target - hidden_error
    hidden_error_term = hidden_error * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * output_error_term * hidden_layer_out, learnrate * np.outer(x, hidden_error_term)


# %% wrong backward_pass GD106: works in my notebook because of an old cell
import numpy as np

output_error_term = 0.11  # from the warm-up


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    hidden_error = output_error_term * weights_hidden_to_output
    out_term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    hidden_term = hidden_error * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * out_term * hidden_layer_out, learnrate * hidden_term * x[:, None]


# %% wrong backward_pass GD154: two functions, each with its learning rate
import numpy as np


def error_terms(target, h, o, w, lr):
    out = lr * (target - o) * o * (1 - o)
    return out, out * w * h * (1 - h)


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    t_o, t_h = error_terms(target, hidden_layer_out, output_layer_out, weights_hidden_to_output, learnrate)
    return learnrate * t_o * hidden_layer_out, learnrate * t_h[None, :] * x[:, None]


# %% wrong backward_pass GD156: adds to a copy of the weights, unit by unit
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    w = weights_hidden_to_output.copy()
    o = output_layer_out
    term = (target - o) * o * (1 - o)
    d_ho = np.empty_like(w)
    for j, h in enumerate(hidden_layer_out):
        d_ho[j] = learnrate * term * h
        w[j] += d_ho[j]
    back = w * term
    return d_ho, learnrate * np.outer(x, back * hidden_layer_out * (1 - hidden_layer_out))


# %% wrong backward_pass GD137: adds the output weights to the hidden change too
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    w = weights_hidden_to_output
    k = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    j = k * w * hidden_layer_out * (1 - hidden_layer_out)
    change_ho = k * hidden_layer_out + w
    change_ih = np.outer(x, j)
    return learnrate * change_ho, learnrate * change_ih


# %% wrong backward_pass GD114: size in place of the inputs
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    d_o = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    d_h = d_o * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    delta_w_h_o = learnrate * d_o * hidden_layer_out
    delta_w_i_h = np.zeros((x.size, d_h.size))
    delta_w_i_h += learnrate * d_h * x.size
    return delta_w_h_o, delta_w_i_h


# %% wrong backward_pass GD119+GD121: raw error and the wrong sign
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = output_layer_out - target
    output_grad = error * output_layer_out * (1 - output_layer_out)
    hidden_grad = error * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * output_grad * hidden_layer_out, learnrate * np.outer(x, hidden_grad)


# %% wrong backward_pass GD118+GD120: neither weights nor learnrate
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    lr = 0.1
    output_term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    hidden_term = output_term * hidden_layer_out * (1 - hidden_layer_out)
    return lr * output_term * hidden_layer_out, lr * hidden_term * x[:, None]
