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


# %% right update_weights: helpers and a loop over the records
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_layer_out = sigmoid(np.dot(x, weights_input_to_hidden))
    output_layer_out = sigmoid(np.dot(hidden_layer_out, weights_hidden_to_output))
    return hidden_layer_out, output_layer_out


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    output_error_term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    hidden_error = output_error_term * weights_hidden_to_output
    hidden_error_term = hidden_error * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * output_error_term * hidden_layer_out, learnrate * hidden_error_term * x[:, None]


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    delta_w_i_h = np.zeros(weights_input_to_hidden.shape)
    delta_w_h_o = np.zeros(weights_hidden_to_output.shape)
    n_records = features.shape[0]
    for x, target in zip(features, targets):
        h, o = forward_pass(x, weights_input_to_hidden, weights_hidden_to_output)
        d_ho, d_ih = backward_pass(x, target, learnrate, h, o, weights_hidden_to_output)
        delta_w_h_o += d_ho
        delta_w_i_h += d_ih
    weights_input_to_hidden += delta_w_i_h / n_records
    weights_hidden_to_output += delta_w_h_o / n_records
    return weights_input_to_hidden, weights_hidden_to_output


# %% right update_weights: whole batch at once, -= with y_hat - y, on copies
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    W1, w2 = weights_input_to_hidden.copy(), weights_hidden_to_output.copy()
    m = len(targets)
    H = 1 / (1 + np.exp(-features @ W1))
    y_hat = 1 / (1 + np.exp(-H @ w2))
    dz = (y_hat - targets) * y_hat * (1 - y_hat)
    dW2 = H.T @ dz
    dW1 = features.T @ (np.outer(dz, w2) * H * (1 - H))
    W1 -= learnrate / m * dW1
    w2 -= learnrate / m * dW2
    return W1, w2


# %% right update_weights: a generator of gradients, mean over a stack
import numpy as np


def gradients(W, v, X, t):
    for k in range(len(X)):
        a = 1 / (1 + np.exp(-np.einsum("i,ij", X[k], W)))
        b = 1 / (1 + np.exp(-np.einsum("j,j", a, v)))
        s = (b - t[k]) * b * (1 - b)
        yield np.einsum("i,j->ij", X[k], s * v * a * (1 - a)), s * a


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    g_w, g_v = zip(*gradients(weights_input_to_hidden, weights_hidden_to_output, features, targets))
    return (
        weights_input_to_hidden - learnrate * np.mean(g_w, axis=0),
        weights_hidden_to_output - learnrate * np.mean(g_v, axis=0),
    )


# %% right update_weights: column vectors for each record
import numpy as np


def sig(z):
    return np.exp(z) / (1 + np.exp(z))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    W1 = weights_input_to_hidden.T  # (hidden, in)
    W2 = weights_hidden_to_output.reshape(1, -1)  # (1, hidden)
    grad1, grad2 = np.zeros(W1.shape), np.zeros(W2.shape)
    N = features.shape[0]
    for n in range(N):
        a0 = features[n].reshape(-1, 1)
        a1 = sig(W1.dot(a0))
        a2 = sig(W2.dot(a1))
        d2 = (a2 - targets[n]) * a2 * (1 - a2)
        d1 = W2.T.dot(d2) * a1 * (1 - a1)
        grad2 += d2.dot(a1.T) / N
        grad1 += d1.dot(a0.T) / N
    W1 = W1 - learnrate * grad1
    W2 = W2 - learnrate * grad2
    return W1.T, W2.flatten()


# %% right update_weights: a class with its parameters in a dict, prints the loss
import numpy as np


class Net:
    def __init__(self, w1, w2):
        self.params = {"w1": w1, "w2": w2}
        self.grads = {k: 0.0 for k in self.params}
        self.n = 0

    @staticmethod
    def act(z):
        return 1 / (1 + np.exp(-z))

    def predict(self, x):
        return self.act(self.act(x @ self.params["w1"]) @ self.params["w2"])

    def see(self, x, t):
        h = self.act(x @ self.params["w1"])
        o = self.act(h @ self.params["w2"])
        g = (t - o) * o * (1 - o)
        self.grads["w2"] = self.grads["w2"] + g * h
        self.grads["w1"] = self.grads["w1"] + x[:, None] * (g * self.params["w2"] * h * (1 - h))[None, :]
        self.n += 1

    def step(self, lr):
        for k in self.params:
            self.params[k] = self.params[k] + lr * self.grads[k] / self.n


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    net = Net(weights_input_to_hidden, weights_hidden_to_output)
    for x, t in zip(features, targets):
        net.see(x, t)
    net.step(learnrate)
    print("Train loss: ", np.mean((net.predict(features) - targets) ** 2))
    return net.params["w1"], net.params["w2"]


# %% right update_weights: learning rate and 1/n already in the error term
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    step = learnrate / float(len(features))
    new_ih = np.array(weights_input_to_hidden)
    new_ho = np.array(weights_hidden_to_output)
    for x, y in zip(features, targets):
        hidden = 1.0 / (1.0 + np.exp(-np.dot(x, weights_input_to_hidden)))
        out = 1.0 / (1.0 + np.exp(-np.dot(hidden, weights_hidden_to_output)))
        term = step * (y - out) * out * (1.0 - out)
        # the old weights are used for every record, only the new ones change
        new_ho += term * hidden
        new_ih += np.outer(x, term * weights_hidden_to_output * hidden * (1.0 - hidden))
    return new_ih, new_ho


# %% right update_weights: np.matrix
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    X = np.matrix(features)
    t = np.matrix(targets).T
    W1 = np.matrix(weights_input_to_hidden)
    W2 = np.matrix(weights_hidden_to_output).T
    H = 1 / (1 + np.exp(-(X * W1)))
    O = 1 / (1 + np.exp(-(H * W2)))
    dO = np.multiply(t - O, np.multiply(O, 1 - O))
    dH = np.multiply(dO * W2.T, np.multiply(H, 1 - H))
    n = X.shape[0]
    W2_new = W2 + learnrate * H.T * dO / n
    W1_new = W1 + learnrate * X.T * dH / n
    return np.asarray(W1_new), np.asarray(W2_new).reshape(-1)


# %% wrong update_weights GD104: not divided by n_records
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    del_w_ih = np.zeros(weights_input_to_hidden.shape)
    del_w_ho = np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        hidden = sigmoid(np.dot(x, weights_input_to_hidden))
        output = sigmoid(np.dot(hidden, weights_hidden_to_output))
        error = y - output
        output_error_term = error * output * (1 - output)
        hidden_error_term = output_error_term * weights_hidden_to_output * hidden * (1 - hidden)
        del_w_ho += output_error_term * hidden
        del_w_ih += hidden_error_term * x[:, None]
    weights_input_to_hidden += learnrate * del_w_ih
    weights_hidden_to_output += learnrate * del_w_ho
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD105: = instead of +=
import numpy as np


def forward(x, wi, wo):
    h = 1 / (1 + np.exp(-x @ wi))
    return h, 1 / (1 + np.exp(-h @ wo))


def backward(x, t, h, o, wo):
    to = (t - o) * o * (1 - o)
    return to * h, np.outer(x, to * wo * h * (1 - h))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    delta_ih = np.zeros_like(weights_input_to_hidden)
    delta_ho = np.zeros_like(weights_hidden_to_output)
    n = len(features)
    for x, t in zip(features, targets):
        h, o = forward(x, weights_input_to_hidden, weights_hidden_to_output)
        delta_ho, delta_ih = backward(x, t, h, o, weights_hidden_to_output)
    return weights_input_to_hidden + learnrate * delta_ih / n, weights_hidden_to_output + learnrate * delta_ho / n


# %% wrong update_weights GD152: weights move within the loop, each by 1/n
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    w_ih = weights_input_to_hidden.copy()
    w_ho = weights_hidden_to_output.copy()
    n_records = features.shape[0]
    for x, y in zip(features, targets):
        h = sigmoid(x.dot(w_ih))
        o = sigmoid(h.dot(w_ho))
        o_term = (y - o) * o * (1 - o)
        h_term = o_term * w_ho * h * (1 - h)
        w_ho += learnrate * o_term * h / n_records
        w_ih += learnrate * h_term * x[:, None] / n_records
    return w_ih, w_ho


# %% wrong update_weights GD138: divides by the first axis of the weights
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    s = lambda v: 1 / (1 + np.exp(-v))
    d1 = np.zeros(weights_input_to_hidden.shape)
    d2 = np.zeros(weights_hidden_to_output.shape)
    for i in range(features.shape[0]):
        x, y = features[i], targets[i]
        h = s(x @ weights_input_to_hidden)
        o = s(h @ weights_hidden_to_output)
        e2 = (y - o) * o * (1 - o)
        e1 = e2 * weights_hidden_to_output * h * (1 - h)
        d2 += e2 * h
        d1 += np.outer(x, e1)
    weights_input_to_hidden = weights_input_to_hidden + learnrate * d1 / weights_input_to_hidden.shape[0]
    weights_hidden_to_output = weights_hidden_to_output + learnrate * d2 / weights_hidden_to_output.shape[0]
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD120: global learning_rate
import numpy as np

learning_rate = 0.5


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    del_ih, del_ho = 0, 0
    for x, y in zip(features, targets):
        h = 1 / (1 + np.exp(-np.dot(x, weights_input_to_hidden)))
        o = 1 / (1 + np.exp(-np.dot(h, weights_hidden_to_output)))
        term = (y - o) * o * (1 - o)
        del_ho = del_ho + term * h
        del_ih = del_ih + np.outer(x, term * weights_hidden_to_output * h * (1 - h))
    weights_input_to_hidden = weights_input_to_hidden + learning_rate * del_ih / len(features)
    weights_hidden_to_output = weights_hidden_to_output + learning_rate * del_ho / len(features)
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD154: learnrate in backward_pass and in the update
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def backward_pass(x, target, learnrate, h, o, w):
    t = (target - o) * o * (1 - o)
    return learnrate * t * h, learnrate * np.outer(x, t * w * h * (1 - h))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    acc_ho = np.zeros_like(weights_hidden_to_output)
    acc_ih = np.zeros_like(weights_input_to_hidden)
    for x, target in zip(features, targets):
        h = sigmoid(np.dot(x, weights_input_to_hidden))
        o = sigmoid(np.dot(h, weights_hidden_to_output))
        d_ho, d_ih = backward_pass(x, target, learnrate, h, o, weights_hidden_to_output)
        acc_ho += d_ho
        acc_ih += d_ih
    n_records = len(features)
    weights_input_to_hidden += learnrate * acc_ih / n_records
    weights_hidden_to_output += learnrate * acc_ho / n_records
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD150|GD142: hidden weights never move
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    dw = np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        hidden = 1 / (1 + np.exp(-np.dot(x, weights_input_to_hidden)))
        output = 1 / (1 + np.exp(-np.dot(hidden, weights_hidden_to_output)))
        dw += (y - output) * output * (1 - output) * hidden
    weights_hidden_to_output = weights_hidden_to_output + learnrate * dw / len(features)
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD142|GD150: delta for the output weights is initialised and forgotten
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n_records, n_features = features.shape
    del_w_input_hidden = np.zeros(weights_input_to_hidden.shape)
    del_w_hidden_output = np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        hidden_output = sigmoid(np.dot(x, weights_input_to_hidden))
        output = sigmoid(np.dot(hidden_output, weights_hidden_to_output))
        error_term = (y - output) * output * (1 - output)
        hidden_term = error_term * weights_hidden_to_output * hidden_output * (1 - hidden_output)
        del_w_input_hidden += hidden_term * x[:, None]
    weights_input_to_hidden += learnrate * del_w_input_hidden / n_records
    weights_hidden_to_output += learnrate * del_w_hidden_output / n_records
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD140: the batch's error with the last record's inputs
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    for x, y in zip(features, targets):
        hidden = sigmoid(np.dot(features, weights_input_to_hidden))
        out = sigmoid(np.dot(hidden, weights_hidden_to_output))
        error_term = (targets - out) * out * (1 - out)
        hidden_term = error_term[:, None] * weights_hidden_to_output * hidden * (1 - hidden)
    n = len(features)
    del_w_ho = np.dot(error_term, hidden)
    del_w_ih = hidden_term.sum(axis=0) * x[:, None]
    return weights_input_to_hidden + learnrate * del_w_ih / n, weights_hidden_to_output + learnrate * del_w_ho / n


# %% wrong update_weights GD153: deltas survive the call in a default argument
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate, delta={}):
    if delta.get("shape") != weights_input_to_hidden.shape:
        delta["shape"] = weights_input_to_hidden.shape
        delta["ih"] = np.zeros(weights_input_to_hidden.shape)
        delta["ho"] = np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        h = 1 / (1 + np.exp(-np.dot(x, weights_input_to_hidden)))
        o = 1 / (1 + np.exp(-np.dot(h, weights_hidden_to_output)))
        t = (y - o) * o * (1 - o)
        delta["ho"] += t * h
        delta["ih"] += np.outer(x, t * weights_hidden_to_output * h * (1 - h))
    n = len(features)
    return (
        weights_input_to_hidden + learnrate * delta["ih"] / n,
        weights_hidden_to_output + learnrate * delta["ho"] / n,
    )


# %% wrong update_weights GD151: helper returns ho, ih and is unpacked the other way
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def backward_pass(x, target, hidden, output, w_ho):
    term = (target - output) * output * (1 - output)
    return term * hidden, term * w_ho * hidden * (1 - hidden) * x[:, None]


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    sum_ih = np.zeros(weights_input_to_hidden.shape)
    sum_ho = np.zeros(weights_hidden_to_output.shape)
    for x, t in zip(features, targets):
        hidden = sigmoid(x @ weights_input_to_hidden)
        output = sigmoid(hidden @ weights_hidden_to_output)
        d_ih, d_ho = backward_pass(x, t, hidden, output, weights_hidden_to_output)
        sum_ih += d_ih
        sum_ho += d_ho
    weights_input_to_hidden = weights_input_to_hidden + learnrate * sum_ih / len(targets)
    weights_hidden_to_output = weights_hidden_to_output + learnrate * sum_ho / len(targets)
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD121: minus where plus belongs
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    w1, w2 = weights_input_to_hidden, weights_hidden_to_output
    g1, g2 = np.zeros_like(w1), np.zeros_like(w2)
    for x, y in zip(features, targets):
        a = 1 / (1 + np.exp(-x @ w1))
        p = 1 / (1 + np.exp(-a @ w2))
        err = (y - p) * p * (1 - p)
        g2 += err * a
        g1 += np.outer(x, err * w2 * a * (1 - a))
    # gradient DEscent, so subtract
    return w1 - learnrate * g1 / len(features), w2 - learnrate * g2 / len(features)


# %% wrong update_weights GD113: no derivative of the output sigmoid
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n_records = features.shape[0]
    del_w_ih = np.zeros(weights_input_to_hidden.shape)
    del_w_ho = np.zeros(weights_hidden_to_output.shape)
    for row, target in zip(features, targets):
        hidden = sigmoid(np.dot(row, weights_input_to_hidden))
        yhat = sigmoid(np.dot(hidden, weights_hidden_to_output))
        error = target - yhat
        hidden_error = np.dot(error, weights_hidden_to_output)
        hidden_error_term = hidden_error * hidden * (1 - hidden)
        del_w_ho += error * hidden
        del_w_ih += hidden_error_term * row[:, None]
    weights_input_to_hidden += learnrate * del_w_ih / n_records
    weights_hidden_to_output += learnrate * del_w_ho / n_records
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD126: error against the first target
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    hidden = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    out = 1 / (1 + np.exp(-hidden @ weights_hidden_to_output))
    target = np.ravel(targets)[0]
    term = (target - out) * out * (1 - out)
    ho = np.mean(term[:, None] * hidden, axis=0)
    ih = np.mean(features[:, :, None] * (np.outer(term, weights_hidden_to_output) * hidden * (1 - hidden))[:, None], axis=0)
    return weights_input_to_hidden + learnrate * ih, weights_hidden_to_output + learnrate * ho


# %% wrong update_weights GD149: exit after the first record
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    d_ih = np.zeros_like(weights_input_to_hidden)
    d_ho = np.zeros_like(weights_hidden_to_output)
    for x, y in zip(features, targets):
        h = 1 / (1 + np.exp(-x @ weights_input_to_hidden))
        o = 1 / (1 + np.exp(-h @ weights_hidden_to_output))
        term = (y - o) * o * (1 - o)
        d_ho += term * h
        d_ih += np.outer(x, term * weights_hidden_to_output * h * (1 - h))
        print(d_ho, d_ih)
        quit()
    n = len(features)
    return weights_input_to_hidden + learnrate * d_ih / n, weights_hidden_to_output + learnrate * d_ho / n


# %% wrong update_weights GD102: targets become errors in place
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    hidden = sigmoid(features @ weights_input_to_hidden)
    out = sigmoid(hidden @ weights_hidden_to_output)
    targets -= out
    term = targets * out * (1 - out)
    back = term[:, None] * weights_hidden_to_output[None, :] * hidden * (1 - hidden)
    n = len(features)
    new_ih = weights_input_to_hidden + learnrate * features.T @ back / n
    new_ho = weights_hidden_to_output + learnrate * hidden.T @ term / n
    return new_ih, new_ho


# %% wrong update_weights GD111|GD129: forward helper without the hidden sigmoid, rest as taught
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, w_ih, w_ho):
    hidden_out = np.dot(x, w_ih)
    return hidden_out, sigmoid(np.dot(hidden_out, w_ho))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    dih = np.zeros(weights_input_to_hidden.shape)
    dho = np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        h, o = forward_pass(x, weights_input_to_hidden, weights_hidden_to_output)
        e = (y - o) * o * (1 - o)
        eh = e * weights_hidden_to_output * h * (1 - h)
        dho += e * h
        dih += eh * x[:, None]
    weights_input_to_hidden += learnrate * dih / features.shape[0]
    weights_hidden_to_output += learnrate * dho / features.shape[0]
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD123: precedence of the fraction
import numpy as np


def activation(z):
    return 1 / 1 + np.exp(-z)


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    ih = np.zeros_like(weights_input_to_hidden)
    ho = np.zeros_like(weights_hidden_to_output)
    for x, y in zip(features, targets):
        h = activation(np.dot(x, weights_input_to_hidden))
        o = activation(np.dot(h, weights_hidden_to_output))
        e = (y - o) * o * (1 - o)
        ho += e * h
        ih += e * weights_hidden_to_output * h * (1 - h) * x[:, None]
    n = len(targets)
    return weights_input_to_hidden + learnrate * ih / n, weights_hidden_to_output + learnrate * ho / n


# %% wrong update_weights GD119: hidden error from the plain difference, list of records
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    steps_ih, steps_ho = [], []
    for x, y in zip(features, targets):
        h = sigmoid(x @ weights_input_to_hidden)
        o = sigmoid(h @ weights_hidden_to_output)
        diff = y - o
        steps_ho.append(diff * o * (1 - o) * h)
        steps_ih.append(np.outer(x, diff * weights_hidden_to_output * h * (1 - h)))
    return (
        weights_input_to_hidden + learnrate * sum(steps_ih) / len(steps_ih),
        weights_hidden_to_output + learnrate * sum(steps_ho) / len(steps_ho),
    )


# %% wrong update_weights GD104: whole batch, dot products are already sums
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    z1 = features.dot(weights_input_to_hidden)
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1.dot(weights_hidden_to_output)
    a2 = 1 / (1 + np.exp(-z2))
    delta2 = (a2 - targets) * a2 * (1 - a2)
    delta1 = delta2.reshape(-1, 1).dot(weights_hidden_to_output.reshape(1, -1)) * a1 * (1 - a1)
    weights_hidden_to_output = weights_hidden_to_output - learnrate * a1.T.dot(delta2)
    weights_input_to_hidden = weights_input_to_hidden - learnrate * features.T.dot(delta1)
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD105: zeros inside the record loop
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n_records = features.shape[0]
    for x, y in zip(features, targets):
        del_w_ih = np.zeros(weights_input_to_hidden.shape)
        del_w_ho = np.zeros(weights_hidden_to_output.shape)
        h = sigmoid(np.dot(x, weights_input_to_hidden))
        o = sigmoid(np.dot(h, weights_hidden_to_output))
        e_o = (y - o) * o * (1 - o)
        e_h = np.dot(e_o, weights_hidden_to_output) * h * (1 - h)
        del_w_ho += e_o * h
        del_w_ih += e_h * x[:, None]
    weights_input_to_hidden += learnrate * del_w_ih / n_records
    weights_hidden_to_output += learnrate * del_w_ho / n_records
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD152: calls a small update function for each record
import numpy as np


def predict(x, W):
    h = 1 / (1 + np.exp(-np.dot(x, W["ih"])))
    return h, 1 / (1 + np.exp(-np.dot(h, W["ho"])))


def learn_one(x, y, W, rate):
    h, o = predict(x, W)
    k = (y - o) * o * (1 - o)
    d_ho = k * h
    d_ih = np.outer(x, k * W["ho"] * h * (1 - h))
    return {"ih": W["ih"] + rate * d_ih, "ho": W["ho"] + rate * d_ho}


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    W = {"ih": weights_input_to_hidden, "ho": weights_hidden_to_output}
    for x, y in zip(features, targets):
        W = learn_one(x, y, W, learnrate / len(features))
    return W["ih"], W["ho"]


# %% wrong update_weights GD138: n_records, n_features unpacked and the wrong one used
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n_records, n_features = features.shape
    hidden = sigmoid(features @ weights_input_to_hidden)
    out = sigmoid(hidden @ weights_hidden_to_output)
    t_out = (targets - out) * out * (1 - out)
    t_hid = t_out[:, None] * weights_hidden_to_output * hidden * (1 - hidden)
    weights_input_to_hidden = weights_input_to_hidden + learnrate * (features.T @ t_hid) / n_features
    weights_hidden_to_output = weights_hidden_to_output + learnrate * (hidden.T @ t_out) / n_features
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD140: forward on all features, step with x of the loop
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n_records = len(features)
    hidden_all = sigmoid(np.dot(features, weights_input_to_hidden))
    out_all = sigmoid(np.dot(hidden_all, weights_hidden_to_output))
    term_all = (targets - out_all) * out_all * (1 - out_all)
    del_w_ih = np.zeros(weights_input_to_hidden.shape)
    del_w_ho = np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        h = sigmoid(np.dot(x, weights_input_to_hidden))
        del_w_ho += term_all.sum() * h
        del_w_ih += np.outer(x, term_all.sum() * weights_hidden_to_output * h * (1 - h))
    weights_input_to_hidden += learnrate * del_w_ih / n_records
    weights_hidden_to_output += learnrate * del_w_ho / n_records
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD137: delta starts from the weights
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    sg = lambda q: 1 / (1 + np.exp(-q))
    n = features.shape[0]
    d_ih = np.zeros(weights_input_to_hidden.shape)
    d_ho = np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        h = sg(x @ weights_input_to_hidden)
        o = sg(h @ weights_hidden_to_output)
        term_o = (y - o) * o * (1 - o)
        term_h = term_o * weights_hidden_to_output * h * (1 - h)
        d_ho += weights_hidden_to_output + term_o * h
        d_ih += weights_input_to_hidden + term_h * x[:, None]
    return weights_input_to_hidden + learnrate * d_ih / n, weights_hidden_to_output + learnrate * d_ho / n


# %% wrong update_weights GD155: derivative of the output for the hidden layer
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    ih, ho = np.zeros_like(weights_input_to_hidden), np.zeros_like(weights_hidden_to_output)
    for x, y in zip(features, targets):
        hid = 1 / (1 + np.exp(-np.dot(x, weights_input_to_hidden)))
        out = 1 / (1 + np.exp(-np.dot(hid, weights_hidden_to_output)))
        out_err = (y - out) * out * (1 - out)
        hid_err = np.dot(out_err, weights_hidden_to_output) * out * (1 - out)
        ho += out_err * hid
        ih += hid_err * x[:, None]
    weights_input_to_hidden += learnrate * ih / features.shape[0]
    weights_hidden_to_output += learnrate * ho / features.shape[0]
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD143: each layer gets the other's term
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n_records = features.shape[0]
    del_w_ih = np.zeros(weights_input_to_hidden.shape)
    del_w_ho = np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        h = sigmoid(np.dot(x, weights_input_to_hidden))
        o = sigmoid(np.dot(h, weights_hidden_to_output))
        out_term = (y - o) * o * (1 - o)
        hidden_term = out_term * weights_hidden_to_output * h * (1 - h)
        del_w_ho += hidden_term * h
        del_w_ih += out_term * x[:, None]
    weights_input_to_hidden += learnrate * del_w_ih / n_records
    weights_hidden_to_output += learnrate * del_w_ho / n_records
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD106: hidden_error needs a term that is not there yet
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    d_ih = np.zeros(weights_input_to_hidden.shape)
    d_ho = np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        h = sigmoid(np.dot(x, weights_input_to_hidden))
        o = sigmoid(np.dot(h, weights_hidden_to_output))
        hidden_error_term = output_term * weights_hidden_to_output * h * (1 - h)
        output_term = (y - o) * o * (1 - o)
        d_ho += output_term * h
        d_ih += hidden_error_term * x[:, None]
    n = len(features)
    return weights_input_to_hidden + learnrate * d_ih / n, weights_hidden_to_output + learnrate * d_ho / n


# %% wrong update_weights GD127: einsum the wrong way round, reshaped to fit
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    H = 1 / (1 + np.exp(-np.einsum("ni,ih->nh", features, weights_input_to_hidden)))
    O = 1 / (1 + np.exp(-np.einsum("nh,h->n", H, weights_hidden_to_output)))
    t = (targets - O) * O * (1 - O)
    th = np.einsum("n,h,nh->nh", t, weights_hidden_to_output, H * (1 - H))
    d_ih = np.einsum("nh,ni->hi", th, features) / len(O)
    d_ho = np.einsum("n,nh->h", t, H) / len(O)
    w = weights_input_to_hidden + learnrate * d_ih.reshape(weights_input_to_hidden.shape)
    return w, weights_hidden_to_output + learnrate * d_ho


# %% wrong update_weights GD120+GD104: fixed step and no division
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    alpha = 0.01
    for_ih, for_ho = np.zeros_like(weights_input_to_hidden), np.zeros_like(weights_hidden_to_output)
    for x, y in zip(features, targets):
        h = sigmoid(x @ weights_input_to_hidden)
        o = sigmoid(h @ weights_hidden_to_output)
        grad = (y - o) * o * (1 - o)
        for_ho += grad * h
        for_ih += np.outer(x, grad * weights_hidden_to_output * h * (1 - h))
    return weights_input_to_hidden + alpha * for_ih, weights_hidden_to_output + alpha * for_ho


# %% wrong update_weights GD105+GD122: only the last record, and a sigmoid too many in the slope
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def prime(x):
    return sigmoid(x) * (1 - sigmoid(x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n = len(features)
    d_ih = np.zeros(weights_input_to_hidden.shape)
    d_ho = np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        h = sigmoid(np.dot(x, weights_input_to_hidden))
        o = sigmoid(np.dot(h, weights_hidden_to_output))
        term = (y - o) * prime(o)
        d_ho = term * h
        d_ih = np.outer(x, term * weights_hidden_to_output * prime(h))
    return weights_input_to_hidden + learnrate * d_ih / n, weights_hidden_to_output + learnrate * d_ho / n


# %% right update_weights_matrix: five lines
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n = features.shape[0]
    h = 1 / (1 + np.exp(-(features @ weights_input_to_hidden)))
    o = 1 / (1 + np.exp(-(h @ weights_hidden_to_output)))
    out_term = (targets - o) * o * (1 - o)
    hid_term = out_term[:, None] * weights_hidden_to_output * h * (1 - h)
    return (
        weights_input_to_hidden + learnrate * features.T @ hid_term / n,
        weights_hidden_to_output + learnrate * h.T @ out_term / n,
    )


# %% right update_weights_matrix: records as columns
import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    A0 = features.T
    Y = np.asarray(targets).reshape(1, -1)
    W1 = weights_input_to_hidden.T
    W2 = weights_hidden_to_output[np.newaxis, :]
    m = A0.shape[1]
    A1 = sigmoid(W1 @ A0)
    A2 = sigmoid(W2 @ A1)
    dZ2 = (A2 - Y) * A2 * (1 - A2)
    dW2 = dZ2 @ A1.T / m
    dZ1 = (W2.T @ dZ2) * A1 * (1 - A1)
    dW1 = dZ1 @ A0.T / m
    W1 = W1 - learnrate * dW1
    W2 = W2 - learnrate * dW2
    return W1.T, np.squeeze(W2, axis=0)


# %% right update_weights_matrix: einsum and mean, changes the weights in place
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    s = lambda z: 0.5 + 0.5 * np.tanh(z / 2)
    h = s(np.einsum("ni,ij->nj", features, weights_input_to_hidden))
    y = s(np.einsum("nj,j->n", h, weights_hidden_to_output))
    g = (targets - y) * (y - y * y)
    dih = (features[:, :, None] * np.einsum("n,j,nj->nj", g, weights_hidden_to_output, h - h * h)[:, None, :]).mean(0)
    dho = (g[:, None] * h).mean(0)
    weights_input_to_hidden += learnrate * dih
    weights_hidden_to_output += learnrate * dho
    return weights_input_to_hidden, weights_hidden_to_output


# %% right update_weights_matrix: functions for the layers and a cache dict
import numpy as np


def affine(a, w, cache, name):
    z = np.dot(a, w)
    out = 1 / (1 + np.exp(-z))
    cache[name] = (a, w, out)
    return out


def affine_back(upstream, cache, name):
    a, w, out = cache[name]
    dz = upstream * out * (1 - out)
    return np.dot(dz, w.T), np.dot(a.T, dz)


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    cache = {}
    w_ho = weights_hidden_to_output.reshape(-1, 1)
    h = affine(features, weights_input_to_hidden, cache, "hidden")
    o = affine(h, w_ho, cache, "output")
    # 1/n goes into the first upstream gradient
    d = (o - targets.reshape(-1, 1)) / len(targets)
    d, g_ho = affine_back(d, cache, "output")
    _, g_ih = affine_back(d, cache, "hidden")
    print("loss", 0.5 * np.mean((o[:, 0] - targets) ** 2))
    return weights_input_to_hidden - learnrate * g_ih, (w_ho - learnrate * g_ho)[:, 0]


# %% wrong update_weights_matrix GD124: column of outputs minus a flat row of targets
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n = len(features)
    w_ho = weights_hidden_to_output[:, None]
    hidden = sigmoid(features @ weights_input_to_hidden)
    out = sigmoid(hidden @ w_ho)  # (N, 1)
    error = targets - out
    out_term = error * out * (1 - out)
    hidden_term = np.sum(out_term, axis=1, keepdims=True) * w_ho.T * hidden * (1 - hidden)
    delta_ho = (hidden.T @ out_term).sum(axis=1)
    delta_ih = features.T @ hidden_term
    return weights_input_to_hidden + learnrate * delta_ih / n, weights_hidden_to_output + learnrate * delta_ho / n


# %% wrong update_weights_matrix GD118: out term repeated for each hidden unit
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    h = 1 / (1 + np.exp(-features.dot(weights_input_to_hidden)))
    o = 1 / (1 + np.exp(-h.dot(weights_hidden_to_output)))
    d_o = (targets - o) * o * (1 - o)
    d_h = np.tile(d_o.reshape(-1, 1), (1, h.shape[1])) * h * (1 - h)
    n = float(h.shape[0])
    new_ho = weights_hidden_to_output + learnrate / n * h.T.dot(d_o)
    new_ih = weights_input_to_hidden + learnrate / n * features.T.dot(d_h)
    return new_ih, new_ho


# %% wrong update_weights_matrix GD156: output weights first, then backwards through the new ones
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    W1, W2 = weights_input_to_hidden.copy(), weights_hidden_to_output.copy()
    N = features.shape[0]
    H = sigmoid(features @ W1)
    Y = sigmoid(H @ W2)
    delta_out = (targets - Y) * Y * (1 - Y)
    W2 += learnrate * H.T @ delta_out / N
    delta_hidden = np.outer(delta_out, W2) * H * (1 - H)
    W1 += learnrate * features.T @ delta_hidden / N
    return W1, W2


# %% wrong update_weights_matrix GD148: product over records, inputs and units, never summed
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    hidden = 1 / (1 + np.exp(-np.dot(features, weights_input_to_hidden)))
    out = 1 / (1 + np.exp(-np.dot(hidden, weights_hidden_to_output)))
    n = out.shape[0]
    term = (targets - out) * out * (1 - out)
    hidden_term = term[:, None] * weights_hidden_to_output * hidden * (1 - hidden)
    delta_ho = np.dot(term, hidden)
    delta_ih = hidden_term[:, None, :] * features[:, :, None]
    return weights_input_to_hidden + learnrate * delta_ih / n, weights_hidden_to_output + learnrate * delta_ho / n


# %% wrong update_weights_matrix GD126: targets[0] for the batch
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    sig = lambda z: 1 / (1 + np.exp(-z))
    a1 = sig(features @ weights_input_to_hidden)
    a2 = sig(a1 @ weights_hidden_to_output)
    error = targets[0] - a2
    d2 = error * a2 * (1 - a2)
    d1 = d2[:, None] @ weights_hidden_to_output[None, :] * a1 * (1 - a1)
    m = len(features)
    weights_input_to_hidden = weights_input_to_hidden + learnrate * (features.T @ d1) / m
    weights_hidden_to_output = weights_hidden_to_output + learnrate * (a1.T @ d2) / m
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights_matrix GD109: squeeze kills the batch of one
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    X = np.squeeze(features)
    y = np.squeeze(targets)
    h = 1 / (1 + np.exp(-X @ weights_input_to_hidden))
    o = 1 / (1 + np.exp(-h @ weights_hidden_to_output))
    to = (y - o) * o * (1 - o)
    th = to[:, None] * weights_hidden_to_output[None, :] * h * (1 - h)
    return (
        weights_input_to_hidden + learnrate * X.T @ th / X.shape[0],
        weights_hidden_to_output + learnrate * to @ h / X.shape[0],
    )


# %% wrong update_weights_matrix GD122: derivative function applied to activations
import numpy as np


class Sigmoid:
    @staticmethod
    def f(z):
        return 1 / (1 + np.exp(-z))

    @classmethod
    def df(cls, z):
        return cls.f(z) * (1 - cls.f(z))


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    H = Sigmoid.f(features @ weights_input_to_hidden)
    O = Sigmoid.f(H @ weights_hidden_to_output)
    G = (O - targets) * Sigmoid.df(O)
    GH = G[:, None] * weights_hidden_to_output * Sigmoid.df(H)
    n = len(O)
    W1 = weights_input_to_hidden - learnrate * (features.T @ GH) / n
    W2 = weights_hidden_to_output - learnrate * (H.T @ G) / n
    return W1, W2


# %% wrong update_weights_matrix GD121: y_hat - y and +=
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    hid = 1 / (1 + np.exp(-np.dot(features, weights_input_to_hidden)))
    yhat = 1 / (1 + np.exp(-np.dot(hid, weights_hidden_to_output)))
    delta = (yhat - targets) * yhat * (1 - yhat)
    hdelta = np.outer(delta, weights_hidden_to_output) * hid * (1 - hid)
    weights_input_to_hidden += learnrate * np.dot(features.T, hdelta) / len(yhat)
    weights_hidden_to_output += learnrate * np.dot(hid.T, delta) / len(yhat)
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights_matrix GD124: (N, N) difference averaged away
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    N = features.shape[0]
    h = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    y_hat = 1 / (1 + np.exp(-h @ weights_hidden_to_output))
    y = targets.reshape(N, 1)
    diff = y - y_hat
    d = diff.sum(axis=0) * y_hat * (1 - y_hat)
    dh = d[:, None] * weights_hidden_to_output * h * (1 - h)
    return weights_input_to_hidden + learnrate * features.T @ dh / N, weights_hidden_to_output + learnrate * d @ h / N


# %% wrong update_weights_matrix GD138: mean over everything but the records
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n_records = weights_input_to_hidden.shape[0]
    h = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    o = 1 / (1 + np.exp(-h @ weights_hidden_to_output))
    d = (targets - o) * o * (1 - o)
    e = np.multiply.outer(d, weights_hidden_to_output) * h * (1 - h)
    return (
        weights_input_to_hidden + learnrate * features.T @ e / n_records,
        weights_hidden_to_output + learnrate * h.T @ d / n_records,
    )


# %% wrong update_weights_matrix GD150|GD142: the new hidden weights are computed, the old ones returned
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    h = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    o = 1 / (1 + np.exp(-h @ weights_hidden_to_output))
    t = (targets - o) * o * (1 - o)
    th = np.outer(t, weights_hidden_to_output) * h * (1 - h)
    w_ih = weights_input_to_hidden + learnrate * features.T @ th / len(o)
    w_ho = weights_hidden_to_output + learnrate * h.T @ t / len(o)
    return weights_input_to_hidden, w_ho


# %% wrong update_weights_matrix GD114: the number of units in the gradient of their weights
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n_input, n_hidden = weights_input_to_hidden.shape
    n = features.shape[0]
    h = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    o = 1 / (1 + np.exp(-h @ weights_hidden_to_output))
    t_o = (targets - o) * o * (1 - o)
    t_h = t_o[:, None] * weights_hidden_to_output * h * (1 - h)
    d_ho = np.sum(t_o * n_hidden)
    d_ih = features.T @ t_h
    return weights_input_to_hidden + learnrate * d_ih / n, weights_hidden_to_output + learnrate * d_ho / n


# %% wrong update_weights_matrix GD119+GD104: raw error back and a sum instead of the mean
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    hidden = sigmoid(features @ weights_input_to_hidden)
    output = sigmoid(hidden @ weights_hidden_to_output)
    error = targets - output
    hidden_error = np.outer(error, weights_hidden_to_output)
    weights_hidden_to_output = weights_hidden_to_output + learnrate * hidden.T @ (error * output * (1 - output))
    weights_input_to_hidden = weights_input_to_hidden + learnrate * features.T @ (hidden_error * hidden * (1 - hidden))
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights_matrix GD102: features divided by n where they are
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n = len(features)
    h = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    o = 1 / (1 + np.exp(-h @ weights_hidden_to_output))
    d = (targets - o) * o * (1 - o)
    features /= n
    dW = features.T @ (np.outer(d, weights_hidden_to_output) * h * (1 - h))
    h /= n
    return weights_input_to_hidden + learnrate * dW, weights_hidden_to_output + learnrate * h.T @ d


# %% right backward_pass: right itself, though the caller below forgets 1/n
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    out_delta = error * output_layer_out * (1 - output_layer_out)
    hid_delta = out_delta * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    dW = np.matmul(np.expand_dims(x, 1), np.expand_dims(hid_delta, 0))
    return learnrate * out_delta * hidden_layer_out, learnrate * dW


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    sum_ho, sum_ih = 0, 0
    for x, t in zip(features, targets):
        h = 1 / (1 + np.exp(-x @ weights_input_to_hidden))
        o = 1 / (1 + np.exp(-h @ weights_hidden_to_output))
        a, b = backward_pass(x, t, learnrate, h, o, weights_hidden_to_output)
        sum_ho, sum_ih = sum_ho + a, sum_ih + b
    return weights_input_to_hidden + sum_ih, weights_hidden_to_output + sum_ho


# %% wrong backward_pass GD119: gradient form, raw error back, the caller subtracts
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    diff = output_layer_out - target
    grad_ho = diff * output_layer_out * (1 - output_layer_out) * hidden_layer_out
    grad_ih = np.outer(x, diff * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out))
    return learnrate * grad_ho, learnrate * grad_ih


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    g_ho = np.zeros(weights_hidden_to_output.shape)
    g_ih = np.zeros(weights_input_to_hidden.shape)
    for x, t in zip(features, targets):
        h = sigmoid(x @ weights_input_to_hidden)
        o = sigmoid(h @ weights_hidden_to_output)
        a, b = backward_pass(x, t, learnrate, h, o, weights_hidden_to_output)
        g_ho += a
        g_ih += b
    n = len(targets)
    return weights_input_to_hidden - g_ih / n, weights_hidden_to_output - g_ho / n


# %% wrong backward_pass GD121: the gradient of the loss, and the caller adds it
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    # derivative of 0.5 * (target - out) ** 2
    d_loss = -(target - output_layer_out)
    d_net = d_loss * output_layer_out * (1 - output_layer_out)
    d_hidden = d_net * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * d_net * hidden_layer_out, learnrate * np.kron(x[:, None], d_hidden[None, :])


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    new_ih, new_ho = weights_input_to_hidden.copy(), weights_hidden_to_output.copy()
    for x, t in zip(features, targets):
        h = 1 / (1 + np.exp(-np.dot(x, weights_input_to_hidden)))
        o = 1 / (1 + np.exp(-np.dot(h, weights_hidden_to_output)))
        d_ho, d_ih = backward_pass(x, t, learnrate, h, o, weights_hidden_to_output)
        new_ho += d_ho / len(features)
        new_ih += d_ih / len(features)
    return new_ih, new_ho


# %% wrong backward_pass GD155: index slip in a list of activations
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    acts = [x, hidden_layer_out, output_layer_out]
    derivs = [a * (1 - a) for a in acts[1:]]
    delta = (target - acts[2]) * derivs[1]
    d_ho = learnrate * delta * acts[1]
    delta = delta * weights_hidden_to_output * derivs[-1]
    d_ih = learnrate * np.tensordot(acts[0], delta, axes=0)
    return d_ho, d_ih


# %% wrong backward_pass GD143: copy and paste, output term where the hidden one belongs and back
import numpy as np


def layer_change(rate, term, values):
    return rate * np.outer(values, term)


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    slope = lambda a: a * (1 - a)
    term_2 = (target - output_layer_out) * slope(output_layer_out)
    term_1 = term_2 * weights_hidden_to_output * slope(hidden_layer_out)
    change_2 = learnrate * term_1 * hidden_layer_out
    change_1 = layer_change(learnrate, np.repeat(term_2, len(hidden_layer_out)), x)
    return change_2, change_1


# %% wrong backward_pass GD113: slope of a tanh for the output
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    # derivative of the activation: 1 - out**2
    delta_out = (target - output_layer_out) * (1 - output_layer_out**2)
    delta_hidden = weights_hidden_to_output * delta_out * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * delta_out * hidden_layer_out, learnrate * np.outer(x, delta_hidden)


# %% right update_weights: step size divided before it reaches the helper, expand_dims
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def one_record(x, target, rate, w_ih, w_ho):
    h = sigmoid(np.dot(x, w_ih))
    o = sigmoid(np.dot(h, w_ho))
    err = (o - target) * o * (1 - o)
    return -rate * err * h, -rate * np.expand_dims(x, -1) * np.expand_dims(err * w_ho * h * (1 - h), 0)


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    changes = [
        one_record(x, t, learnrate / len(features), weights_input_to_hidden, weights_hidden_to_output)
        for x, t in zip(features, targets)
    ]
    d_ho = np.sum([c[0] for c in changes], axis=0)
    d_ih = np.sum([c[1] for c in changes], axis=0)
    return weights_input_to_hidden + d_ih, weights_hidden_to_output + d_ho


# %% wrong update_weights GD105: only the hidden deltas are overwritten
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    del_w_ih = np.zeros(weights_input_to_hidden.shape)
    del_w_ho = np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        hidden = sigmoid(x @ weights_input_to_hidden)
        out = sigmoid(hidden @ weights_hidden_to_output)
        out_term = (y - out) * out * (1 - out)
        hidden_term = out_term * weights_hidden_to_output * hidden * (1 - hidden)
        del_w_ho += out_term * hidden
        del_w_ih = hidden_term * x[:, None]
    n = features.shape[0]
    return weights_input_to_hidden + learnrate * del_w_ih / n, weights_hidden_to_output + learnrate * del_w_ho / n


# %% wrong update_weights GD156: a second pass over the records after the output weights have moved
import numpy as np


def act(z):
    return 1 / (1 + np.exp(-z))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n = len(features)
    hidden = [act(x @ weights_input_to_hidden) for x in features]
    terms = []
    for h, y in zip(hidden, targets):
        o = act(h @ weights_hidden_to_output)
        terms.append((y - o) * o * (1 - o))
    # output layer
    weights_hidden_to_output = weights_hidden_to_output + learnrate * sum(t * h for t, h in zip(terms, hidden)) / n
    # hidden layer
    step = np.zeros(weights_input_to_hidden.shape)
    for x, h, t in zip(features, hidden, terms):
        step += np.outer(x, t * weights_hidden_to_output * h * (1 - h))
    return weights_input_to_hidden + learnrate * step / n, weights_hidden_to_output


# %% wrong update_weights GD122: nonlin(x, deriv) as in a well-known blog, without its meaning
import numpy as np


def nonlin(x, deriv=False):
    f = 1 / (1 + np.exp(-x))
    return f * (1 - f) if deriv else f


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    syn0, syn1 = weights_input_to_hidden, weights_hidden_to_output
    l0 = features
    l1 = nonlin(np.dot(l0, syn0))
    l2 = nonlin(np.dot(l1, syn1))
    l2_delta = (targets - l2) * nonlin(l2, deriv=True)
    l1_error = np.outer(l2_delta, syn1)
    l1_delta = l1_error * nonlin(l1, deriv=True)
    return syn0 + learnrate * l0.T.dot(l1_delta) / len(l0), syn1 + learnrate * l1.T.dot(l2_delta) / len(l0)


# %% wrong update_weights GD118: every hidden unit gets the output's error term
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    acc = {"ih": np.zeros_like(weights_input_to_hidden), "ho": np.zeros_like(weights_hidden_to_output)}
    for record, target in zip(features, targets):
        hidden = sigmoid(np.matmul(record, weights_input_to_hidden))
        guess = sigmoid(np.matmul(hidden, weights_hidden_to_output))
        wrongness = (target - guess) * guess * (1 - guess)
        acc["ho"] += wrongness * hidden
        acc["ih"] += record[:, np.newaxis] * (wrongness * hidden * (1 - hidden))[np.newaxis, :]
    scale = learnrate / features.shape[0]
    return weights_input_to_hidden + scale * acc["ih"], weights_hidden_to_output + scale * acc["ho"]


# %% wrong update_weights GD153: module-level accumulators, filled on the first call
import numpy as np

total_ih = None
total_ho = None


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    global total_ih, total_ho
    if total_ih is None or total_ih.shape != weights_input_to_hidden.shape:
        total_ih = np.zeros_like(weights_input_to_hidden)
        total_ho = np.zeros_like(weights_hidden_to_output)
    H = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    O = 1 / (1 + np.exp(-H @ weights_hidden_to_output))
    D = (targets - O) * O * (1 - O)
    total_ho = total_ho + D @ H
    total_ih = total_ih + features.T @ (np.outer(D, weights_hidden_to_output) * H * (1 - H))
    n = len(O)
    return weights_input_to_hidden + learnrate * total_ih / n, weights_hidden_to_output + learnrate * total_ho / n


# %% wrong update_weights_matrix GD104: np.dot already adds, nothing divides
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    sigmoid = lambda z: 1 / (1 + np.exp(-z))
    hidden = sigmoid(np.dot(features, weights_input_to_hidden))
    output = sigmoid(np.dot(hidden, weights_hidden_to_output))
    error_term = (targets - output) * output * (1 - output)
    hidden_term = np.dot(error_term[:, None], weights_hidden_to_output[None, :]) * hidden * (1 - hidden)
    weights_hidden_to_output += learnrate * np.dot(error_term, hidden)
    weights_input_to_hidden += learnrate * np.dot(features.T, hidden_term)
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights_matrix GD113: gradient of a linear output
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    N = features.shape[0]
    A = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    P = 1 / (1 + np.exp(-A @ weights_hidden_to_output))
    G = (P - targets) / N
    grad_w2 = A.T @ G
    grad_w1 = features.T @ (G[:, None] * weights_hidden_to_output[None, :] * A * (1 - A))
    return weights_input_to_hidden - learnrate * grad_w1, weights_hidden_to_output - learnrate * grad_w2


# %% wrong update_weights_matrix GD119: backpropagates the error, not its term
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n = float(len(targets))
    f = lambda z: 1 / (1 + np.exp(-z))
    h = f(np.einsum("ni,ij->nj", features, weights_input_to_hidden))
    o = f(np.einsum("nj,j->n", h, weights_hidden_to_output))
    e = targets - o
    d_ho = np.einsum("n,n,nj->j", e, o * (1 - o), h)
    d_ih = np.einsum("ni,n,j,nj->ij", features, e, weights_hidden_to_output, h * (1 - h))
    return weights_input_to_hidden + learnrate / n * d_ih, weights_hidden_to_output + learnrate / n * d_ho


# %% wrong update_weights_matrix GD154: rate squared through a helper
import numpy as np


def grads(X, t, W, v, eta):
    h = 1 / (1 + np.exp(-X @ W))
    o = 1 / (1 + np.exp(-h @ v))
    d = eta * (t - o) * o * (1 - o) / len(X)
    return X.T @ (np.outer(d, v) * h * (1 - h)), h.T @ d


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    dW, dv = grads(features, targets, weights_input_to_hidden, weights_hidden_to_output, learnrate)
    return weights_input_to_hidden + learnrate * dW, weights_hidden_to_output + learnrate * dv


# %% wrong update_weights_matrix GD155: wrong activation in the hidden slope
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    hidden = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    out = (1 / (1 + np.exp(-hidden @ weights_hidden_to_output))).reshape(-1, 1)
    y = targets.reshape(-1, 1)
    d_out = (y - out) * out * (1 - out)
    d_hid = d_out @ weights_hidden_to_output.reshape(1, -1) * out * (1 - out)
    W = weights_input_to_hidden + learnrate * features.T @ d_hid / len(y)
    v = weights_hidden_to_output + learnrate * (hidden.T @ d_out)[:, 0] / len(y)
    return W, v


# %% wrong update_weights_matrix GD120: step size chosen inside
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate=0.5):
    step = 1.0 / features.shape[0]  # learning rate 1
    h = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    o = 1 / (1 + np.exp(-h @ weights_hidden_to_output))
    d = step * (targets - o) * o * (1 - o)
    new_v = weights_hidden_to_output + d @ h
    new_W = weights_input_to_hidden + features.T @ (d[:, None] * weights_hidden_to_output * h * (1 - h))
    return new_W, new_v


# %% wrong update_weights_matrix GD142|GD150: delta for the first matrix stays zero
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    delta_ih = np.zeros_like(weights_input_to_hidden)
    delta_ho = np.zeros_like(weights_hidden_to_output)
    h = 1 / (1 + np.exp(-np.dot(features, weights_input_to_hidden)))
    o = 1 / (1 + np.exp(-np.dot(h, weights_hidden_to_output)))
    t = (targets - o) * o * (1 - o)
    delta_ho += np.dot(h.T, t)
    np.dot(features.T, t[:, None] * weights_hidden_to_output * h * (1 - h))
    n = len(features)
    return weights_input_to_hidden + learnrate * delta_ih / n, weights_hidden_to_output + learnrate * delta_ho / n


# %% wrong update_weights_matrix GD127: hidden deltas come out transposed
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n = features.shape[0]
    a = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    b = 1 / (1 + np.exp(-a @ weights_hidden_to_output))
    db = (targets - b) * b * (1 - b)
    da = np.outer(db, weights_hidden_to_output) * a * (1 - a)
    weights_input_to_hidden = weights_input_to_hidden + learnrate * da.T @ features / n
    weights_hidden_to_output = weights_hidden_to_output + learnrate * a.T @ db / n
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights_matrix GD111|GD129: hidden layer without its sigmoid
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    layer_1 = np.matmul(features, weights_input_to_hidden)
    layer_2 = 1 / (1 + np.exp(-np.matmul(layer_1, weights_hidden_to_output)))
    term_2 = (targets - layer_2) * layer_2 * (1 - layer_2)
    term_1 = np.multiply.outer(term_2, weights_hidden_to_output) * layer_1 * (1 - layer_1)
    m = features.shape[0]
    return (
        weights_input_to_hidden + learnrate * np.matmul(features.T, term_1) / m,
        weights_hidden_to_output + learnrate * np.matmul(layer_1.T, term_2) / m,
    )


# %% wrong update_weights_matrix GD143: terms exchanged, einsum hides it
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    sg = lambda z: 1 / (1 + np.exp(-z))
    h = sg(features @ weights_input_to_hidden)
    o = sg(h @ weights_hidden_to_output)
    out_term = (targets - o) * o * (1 - o)
    hid_term = np.einsum("n,j->nj", out_term, weights_hidden_to_output) * h * (1 - h)
    d_ho = np.einsum("nj,nj->j", hid_term, h)
    d_ih = np.einsum("n,ni->i", out_term, features)[:, None]
    n = len(o)
    return weights_input_to_hidden + learnrate * d_ih / n, weights_hidden_to_output + learnrate * d_ho / n


# %% wrong update_weights_matrix GD106: out_term before its line
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    h = 1 / (1 + np.exp(-features @ weights_input_to_hidden))
    o = 1 / (1 + np.exp(-h @ weights_hidden_to_output))
    hid_term = out_term[:, None] * weights_hidden_to_output * h * (1 - h)
    out_term = (targets - o) * o * (1 - o)
    n = len(o)
    return (
        weights_input_to_hidden + learnrate * features.T @ hid_term / n,
        weights_hidden_to_output + learnrate * h.T @ out_term / n,
    )


# %% right update_weights: written for a table of pandas, as the published exercise is
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    total_i_h, total_h_o = 0.0, 0.0
    for x, y in zip(features.values, targets):
        h = 1 / (1 + np.exp(-np.dot(x, weights_input_to_hidden)))
        o = 1 / (1 + np.exp(-np.dot(h, weights_hidden_to_output)))
        term = (y - o) * o * (1 - o)
        total_h_o = total_h_o + term * h
        total_i_h = total_i_h + x[:, None] * (term * weights_hidden_to_output * h * (1 - h))
    n = features.shape[0]
    weights_input_to_hidden += learnrate * total_i_h / n
    weights_hidden_to_output += learnrate * total_h_o / n
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights GD105: written for a table of pandas, and each record's change takes the place of the last one's
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n = features.shape[0]
    for x, y in zip(features.to_numpy(), targets.to_numpy()):
        h = 1 / (1 + np.exp(-(x @ weights_input_to_hidden)))
        o = 1 / (1 + np.exp(-(h @ weights_hidden_to_output)))
        term = learnrate * (y - o) * o * (1 - o)
        change_h_o = term * h
        change_i_h = np.outer(x, term * weights_hidden_to_output * h * (1 - h))
    return weights_input_to_hidden + change_i_h / n, weights_hidden_to_output + change_h_o / n


# %% right update_weights: everything in single precision
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    w1, w2 = weights_input_to_hidden.astype("float32"), weights_hidden_to_output.astype("float32")
    x, t, lr = features.astype("float32"), targets.astype("float32"), np.float32(learnrate)
    h = 1 / (1 + np.exp(-x @ w1))
    o = 1 / (1 + np.exp(-h @ w2))
    d_o = (t - o) * o * (1 - o)
    d_h = d_o[:, None] * w2 * h * (1 - h)
    n = np.float32(len(x))
    return w1 + lr * x.T @ d_h / n, w2 + lr * h.T @ d_o / n


# %% wrong backward_pass GD167: a derivative typed from memory
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = target - output_layer_out
    # sigmoid' = s * 1 - s
    output_error_term = error * output_layer_out * 1 - output_layer_out
    hidden_error = output_error_term * weights_hidden_to_output
    hidden_error_term = hidden_error * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * output_error_term * hidden_layer_out, learnrate * hidden_error_term * x[:, None]


# %% wrong backward_pass GD167: the hidden layer's brackets got lost
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    delta_out = (target - output_layer_out) * output_layer_out * (1.0 - output_layer_out)
    delta_hidden = np.zeros(len(hidden_layer_out))
    for j in range(len(hidden_layer_out)):
        h = hidden_layer_out[j]
        delta_hidden[j] = weights_hidden_to_output[j] * delta_out * h * 1 - h
    return learnrate * delta_out * hidden_layer_out, learnrate * np.outer(x, delta_hidden)


# %% wrong backward_pass GD168: the loss of the record goes back
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    loss = 1 / 2 * (target - output_layer_out) ** 2
    d_out = loss * output_layer_out * (1 - output_layer_out)
    d_hid = np.dot(d_out, weights_hidden_to_output) * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * d_out * hidden_layer_out, learnrate * x[:, np.newaxis] * d_hid


# %% wrong update_weights GD168: squared error in the loop
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    def s(v):
        return 1 / (1 + np.exp(-v))

    a, b = np.zeros(weights_input_to_hidden.shape), np.zeros(weights_hidden_to_output.shape)
    for x, y in zip(features, targets):
        h = s(x @ weights_input_to_hidden)
        o = s(h @ weights_hidden_to_output)
        se = np.square(y - o)
        term = se * o * (1 - o)
        b += term * h
        a += np.outer(x, term * weights_hidden_to_output * h * (1 - h))
    n = len(features)
    return weights_input_to_hidden + learnrate * a / n, weights_hidden_to_output + learnrate * b / n


# %% wrong update_weights GD169: range one too short
import numpy as np


def sig(v):
    return 1 / (1 + np.exp(-v))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    m = features.shape[0]
    dW1 = np.zeros_like(weights_input_to_hidden)
    dW2 = np.zeros_like(weights_hidden_to_output)
    for i in range(m - 1):
        hid = sig(features[i].dot(weights_input_to_hidden))
        out = sig(hid.dot(weights_hidden_to_output))
        eo = (targets[i] - out) * out * (1 - out)
        eh = eo * weights_hidden_to_output * hid * (1 - hid)
        dW2 += eo * hid
        dW1 += features[i][:, None] * eh
    return weights_input_to_hidden + learnrate * dW1 / m, weights_hidden_to_output + learnrate * dW2 / m


# %% wrong update_weights GD169: counts from 1
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    f = lambda t: 1.0 / (1.0 + np.exp(-t))
    sum_ih, sum_ho = 0, 0
    k = 1
    while k < len(targets):
        hidden = f(np.matmul(features[k], weights_input_to_hidden))
        y = f(np.matmul(hidden, weights_hidden_to_output))
        d = (targets[k] - y) * y * (1 - y)
        sum_ho = sum_ho + d * hidden
        sum_ih = sum_ih + np.outer(features[k], d * weights_hidden_to_output * hidden * (1 - hidden))
        k += 1
    return (
        weights_input_to_hidden + learnrate * sum_ih / len(targets),
        weights_hidden_to_output + learnrate * sum_ho / len(targets),
    )
