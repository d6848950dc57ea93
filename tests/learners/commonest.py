# %% wrong cross_entropy_loss GD101: take with column labels
import numpy as np


def cross_entropy_loss(probs, target_index):
    n = probs.shape[0] if probs.ndim == 2 else 1
    P = probs.reshape(n, -1)
    T = np.array(target_index).reshape(n, 1)
    sel = P[range(n), T]
    return float(np.mean(-np.log(sel)))


# %% wrong softmax_with_cross_entropy GD101: loss right, gradient subtracts by table
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    x = predictions if predictions.ndim > 1 else predictions[np.newaxis]
    m = x.max(1)[:, None]
    ex = np.exp(x - m)
    prob = ex / ex.sum(1)[:, None]
    idx = np.asarray(target_index).reshape(-1, 1)
    N = x.shape[0]
    loss = -np.log(prob[np.arange(N), idx]).sum() / N
    d = prob.copy()
    d[np.arange(N), idx] -= 1
    d = d / N
    return loss, d.reshape(predictions.shape)


# %% wrong cross_entropy_loss GD101+GD125: table in loss, gradient summed, lesson
import numpy as np


def cross_entropy_loss(logits, labels):
    N = len(labels)
    e = np.exp(logits - logits.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    lab = labels.reshape(N, 1)
    loss = -np.mean(np.log(p[np.arange(N), lab]))
    g = p.copy()
    g[np.arange(N), labels] -= 1
    return loss, g


# %% wrong softmax GD102: in place minus max
import numpy as np


def softmax(z):
    z -= np.max(z, axis=1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=1, keepdims=True)
    return z


# %% wrong softmax GD102: published, only the shift is in place
import numpy as np


def softmax(predictions):
    x = predictions
    x -= x.max(axis=-1, keepdims=True)
    ex = np.exp(x)
    return ex / np.sum(ex, axis=-1, keepdims=True)


# %% wrong softmax GD103: axis 0 sums
import numpy as np


def softmax(z):
    shifted = z - np.amax(z, axis=1).reshape(-1, 1)
    num = np.exp(shifted)
    den = np.sum(num, axis=0)
    out = np.zeros_like(num)
    for i in range(num.shape[0]):
        out[i] = num[i] / den
    return out


# %% wrong softmax GD103: no axis, published
import numpy as np


def softmax(predictions):
    t = np.exp(predictions - predictions.max(axis=-1, keepdims=True))
    total = np.sum(t)
    return np.divide(t, total)


# %% wrong softmax_with_cross_entropy GD103: softmax helper without axes
import numpy as np


def soft(v):
    v = v - v.max()
    return np.exp(v) / np.exp(v).sum()


def softmax_with_cross_entropy(predictions, target_index):
    probs = soft(predictions)
    if predictions.ndim == 1:
        loss = -np.log(probs[target_index])
        d = probs.copy()
        d[target_index] -= 1
        return loss, d
    n = predictions.shape[0]
    t = target_index.ravel()
    loss = 0
    d = probs.copy()
    for i in range(n):
        loss += -np.log(probs[i, t[i]])
        d[i, t[i]] -= 1
    return loss / n, d / n


# %% wrong update_weights GD104: running total, list comprehension, no /n
import numpy as np

sig = lambda s: 1.0 / (1.0 + np.exp(-s))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    dih = np.zeros(weights_input_to_hidden.shape)
    dho = np.zeros(weights_hidden_to_output.shape)
    for i in range(features.shape[0]):
        row = features[i]
        hid = sig(np.dot(row, weights_input_to_hidden))
        out = sig(np.dot(hid, weights_hidden_to_output))
        d_o = (targets[i] - out) * out * (1 - out)
        d_h = d_o * weights_hidden_to_output * hid * (1 - hid)
        dho += d_o * hid
        dih += d_h * row[:, None]
    weights_input_to_hidden = weights_input_to_hidden + learnrate * dih
    weights_hidden_to_output = weights_hidden_to_output + learnrate * dho
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong update_weights_matrix GD104: matrix sum
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    H = 1 / (1 + np.exp(-features.dot(weights_input_to_hidden)))
    O = 1 / (1 + np.exp(-H.dot(weights_hidden_to_output)))
    err = targets - O
    dO = err * O * (1 - O)
    dH = dO[:, None] * weights_hidden_to_output[None, :] * H * (1 - H)
    return weights_input_to_hidden + learnrate * np.einsum(
        "ni,nh->ih", features, dH
    ), weights_hidden_to_output + learnrate * np.einsum("nh,n->h", H, dO)


# %% wrong NeuralNetwork GD104: update without n
import numpy as np


class NeuralNetwork(object):
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        n_records = features.shape[0]
        delta_weights_i_h = np.zeros(self.weights_input_to_hidden.shape)
        delta_weights_h_o = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            final_outputs, hidden_outputs = self.forward_pass_train(X)
            delta_weights_i_h, delta_weights_h_o = self.backpropagation(
                final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o
            )
        self.update_weights(delta_weights_i_h, delta_weights_h_o, n_records)

    def forward_pass_train(self, X):
        hidden_inputs = np.matmul(X, self.weights_input_to_hidden)
        hidden_outputs = self.activation_function(hidden_inputs)
        return np.matmul(hidden_outputs, self.weights_hidden_to_output), hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o
        self.weights_input_to_hidden += self.lr * delta_weights_i_h

    def run(self, features):
        return self.activation_function(features @ self.weights_input_to_hidden) @ self.weights_hidden_to_output


# %% wrong softmax GD109: one axis only, published
import numpy as np


def softmax(predictions):
    e = np.exp(predictions - np.max(predictions, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


# %% wrong cross_entropy_loss GD109: len of int target
import numpy as np


def cross_entropy_loss(probs, target_index):
    N = len(target_index)
    rows = np.arange(N)
    return -np.log(probs[rows, target_index.flatten()]).mean()


# %% wrong NeuralNetwork GD107: sigmoid in run only
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        rng = np.random.RandomState(1)
        self.weights_input_to_hidden = rng.normal(0, 0.2, size=(input_nodes, hidden_nodes))
        self.weights_hidden_to_output = rng.normal(0, 0.2, size=(hidden_nodes, output_nodes))
        self.lr = learning_rate

    def s(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        a = np.zeros_like(self.weights_input_to_hidden)
        b = np.zeros_like(self.weights_hidden_to_output)
        for X, y in zip(features, targets):
            f, h = self.forward_pass_train(X)
            a, b = self.backpropagation(f, h, X, y, a, b)
        self.update_weights(a, b, len(features))

    def forward_pass_train(self, X):
        h = self.s(X @ self.weights_input_to_hidden)
        return h @ self.weights_hidden_to_output, h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        e = y - final_outputs
        ht = (self.weights_hidden_to_output @ e) * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + np.outer(X, ht), delta_weights_h_o + np.outer(hidden_outputs, e)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records

    def run(self, features):
        h = self.s(features @ self.weights_input_to_hidden)
        return self.s(h @ self.weights_hidden_to_output)


# %% wrong NeuralNetwork GD105: += forgotten on both
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.randn(input_nodes, hidden_nodes) * 0.1
        self.weights_hidden_to_output = np.random.randn(hidden_nodes, output_nodes) * 0.1
        self.lr = learning_rate

    def train(self, features, targets):
        n = features.shape[0]
        d1 = np.zeros(self.weights_input_to_hidden.shape)
        d2 = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            d1, d2 = self.backpropagation(out, hid, X, y, d1, d2)
        self.update_weights(d1, d2, n)

    def forward_pass_train(self, X):
        hid = 1 / (1 + np.exp(-np.dot(X, self.weights_input_to_hidden)))
        return np.dot(hid, self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = np.dot(self.weights_hidden_to_output, error)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h = hidden_error_term * X[:, None]
        delta_weights_h_o = error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong update_weights GD105: dict of deltas overwritten
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    delta = {}
    for x, t in zip(features, targets):
        h = sigmoid(x @ weights_input_to_hidden)
        o = sigmoid(h @ weights_hidden_to_output)
        eo = (t - o) * o * (1 - o)
        eh = eo * weights_hidden_to_output * h * (1 - h)
        delta["ho"] = eo * h
        delta["ih"] = np.outer(x, eh)
    n = features.shape[0]
    return weights_input_to_hidden + learnrate * delta["ih"] / n, weights_hidden_to_output + learnrate * delta["ho"] / n


# %% wrong backward_pass GD106: hidden term first
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    hidden_term = out_term * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    out_term = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    return learnrate * out_term * hidden_layer_out, learnrate * hidden_term * x[:, None]


# %% wrong softmax GD108: no shift at all
import numpy as np


def softmax(z):
    return np.array([np.exp(r) / np.exp(r).sum() for r in z])


# %% wrong softmax GD108: global max, published
import numpy as np


def softmax(predictions):
    p = predictions.copy()
    p = p - np.max(p)
    if p.ndim == 1:
        return np.exp(p) / np.exp(p).sum()
    return np.exp(p) / np.exp(p).sum(axis=1)[:, np.newaxis]


# %% wrong MomentumSGD GD110: local v
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.mu = momentum

    def update(self, w, d_w, learning_rate):
        v = np.zeros(w.shape)
        v = v * self.mu - d_w * learning_rate
        return w + v


# %% wrong MomentumSGD GD110: velocity reset each time
class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = 0

    def update(self, w, d_w, learning_rate):
        velocity = self.momentum * self.velocity - learning_rate * d_w
        w_new = w + velocity
        return w_new


# %% wrong forward_pass GD111: hidden sum passed on
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_in = np.dot(x, weights_input_to_hidden)
    hidden_layer_out = sigmoid(hidden_in)
    output_in = np.dot(hidden_in, weights_hidden_to_output)
    return hidden_layer_out, sigmoid(output_in)


# %% wrong forward_pass GD111: never called
import numpy as np


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_layer_out = x @ weights_input_to_hidden
    return hidden_layer_out, 1 / (1 + np.exp(-(hidden_layer_out @ weights_hidden_to_output)))


# %% wrong l2_regularization RG101: linalg norm
import numpy as np


def l2_regularization(weights, lamb):
    return lamb * np.linalg.norm(weights)


# %% wrong l2_regularization RG101: root of sum of squares by loop
def l2_regularization(weights, lamb):
    s = 0.0
    for w in weights.ravel():
        s += w**2
    return lamb * s**0.5


# %% wrong l2_regularization RG101: published with gradient
import numpy as np


def l2_regularization(W, reg_strength):
    loss = reg_strength * np.sqrt((W * W).sum())
    grad = 2 * reg_strength * W
    return loss, grad


# %% wrong l2_regularization RG102: dot with transpose
import numpy as np


def l2_regularization(weights, lamb):
    return lamb * np.dot(weights, weights.T)


# %% wrong l2_regularization RG102: matmul sum
import numpy as np


def l2_regularization(weights, lamb):
    return lamb * np.sum(weights.T @ weights)


# %% wrong l1_regularization RG103: builtin sum
def l1_regularization(weights, lamb):
    return lamb * sum(abs(weights))


# %% wrong l2_regularization RG103: builtin sum squares
import numpy as np


def l2_regularization(weights, lamb):
    squares = np.power(weights, 2)
    total = sum(squares)
    return total * lamb


# %% wrong l2_regularization RG107: mean of squares
import numpy as np


def l2_regularization(weights, lamb):
    return lamb * np.square(weights).mean()


# %% wrong l1_regularization RG107: average
import numpy as np


def l1_regularization(weights, lamb):
    a = np.abs(weights)
    return lamb * np.average(a)


# %% wrong backward_pass GD119: error straight back
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    e = target - output_layer_out
    term_o = e * output_layer_out * (1.0 - output_layer_out)
    term_h = np.array([e * w * h * (1 - h) for w, h in zip(weights_hidden_to_output, hidden_layer_out)])
    return learnrate * term_o * hidden_layer_out, learnrate * np.outer(x, term_h)


# %% wrong backward_pass GD118: no weights
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    delta_out = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    delta_hid = delta_out * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * delta_out * hidden_layer_out, learnrate * x.reshape(-1, 1) @ delta_hid.reshape(1, -1)


# %% wrong backward_pass GD120: learnrate 0.5
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    learnrate = 0.5
    d = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    return learnrate * d * hidden_layer_out, learnrate * np.outer(
        x, d * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    )


# %% wrong backward_pass GD120: odd constant 0.03
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    eta = 0.03
    d = (target - output_layer_out) * output_layer_out * (1 - output_layer_out)
    return eta * d * hidden_layer_out, eta * np.outer(
        x, d * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    )


# %% wrong update_weights GD120: constant 0.37
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


RATE = 0.37


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    g1, g2 = 0, 0
    for x, t in zip(features, targets):
        h = sigmoid(x @ weights_input_to_hidden)
        o = sigmoid(h @ weights_hidden_to_output)
        eo = (t - o) * o * (1 - o)
        eh = eo * weights_hidden_to_output * h * (1 - h)
        g2 = g2 + eo * h
        g1 = g1 + np.outer(x, eh)
    n = len(targets)
    return weights_input_to_hidden + RATE * g1 / n, weights_hidden_to_output + RATE * g2 / n


# %% wrong NeuralNetwork GD120: update uses 0.07
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.randn(input_nodes, hidden_nodes) * 0.1
        self.weights_hidden_to_output = np.random.randn(hidden_nodes, output_nodes) * 0.1
        self.lr = learning_rate

    def train(self, features, targets):
        n = features.shape[0]
        d1 = np.zeros(self.weights_input_to_hidden.shape)
        d2 = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            d1, d2 = self.backpropagation(out, hid, X, y, d1, d2)
        self.update_weights(d1, d2, n)

    def forward_pass_train(self, X):
        hid = 1 / (1 + np.exp(-np.dot(X, self.weights_input_to_hidden)))
        return np.dot(hid, self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += 0.07 * delta_weights_h_o / n_records
        self.weights_input_to_hidden += 0.07 * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong backward_pass GD121: output minus target
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    error = output_layer_out - target
    t = error * output_layer_out * (1 - output_layer_out)
    hid = t * weights_hidden_to_output * hidden_layer_out * (1 - hidden_layer_out)
    return learnrate * t * hidden_layer_out, learnrate * hid * x[:, None]


# %% wrong backward_pass GD122: sigmoid prime of activated
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_prime(x):
    return sigmoid(x) * (1 - sigmoid(x))


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    t = (target - output_layer_out) * sigmoid_prime(output_layer_out)
    hid = t * weights_hidden_to_output * sigmoid_prime(hidden_layer_out)
    return learnrate * t * hidden_layer_out, learnrate * hid * x[:, None]


# %% wrong sigmoid GD123: missing brackets
import numpy as np


def sigmoid(x):
    return 1 / 1 + np.exp(-1 * x)


# %% wrong update_weights_matrix GD124: column output meets flat targets
import numpy as np


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    s = lambda v: 1 / (1 + np.exp(-v))
    w2 = weights_hidden_to_output.reshape(-1, 1)
    H = s(features @ weights_input_to_hidden)
    O = s(H @ w2)
    E = targets - O
    dO = E * O * (1 - O)
    n = len(features)
    dO = dO.sum(axis=1, keepdims=True)
    dH = (dO @ w2.T) * H * (1 - H)
    return weights_input_to_hidden + learnrate * features.T @ dH / n, (w2 + learnrate * H.T @ dO / n).ravel()


# %% wrong softmax_with_cross_entropy GD125: mean loss, summed grad
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    p2 = np.atleast_2d(predictions)
    t = np.atleast_1d(np.squeeze(target_index))
    e = np.exp(p2 - p2.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = np.mean([-np.log(p[i, k]) for i, k in enumerate(t)])
    g = p - np.eye(p.shape[1])[t]
    return loss, g.reshape(predictions.shape)


# %% wrong cross_entropy_loss GD116: vector
import numpy as np


def cross_entropy_loss(probs, target_index):
    P = probs.reshape(-1, probs.shape[-1])
    t = np.array(target_index).reshape(-1)
    return -np.log(np.choose(t, P.T))


# %% wrong cross_entropy_loss GD117: rows
import numpy as np


def cross_entropy_loss(probs, target_index):
    return np.mean(-np.log(probs[target_index]))


# %% wrong NeuralNetwork GD113: sigmoid derivative on identity output
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.randn(input_nodes, hidden_nodes) * 0.1
        self.weights_hidden_to_output = np.random.randn(hidden_nodes, output_nodes) * 0.1
        self.lr = learning_rate

    def train(self, features, targets):
        d1 = 0 * self.weights_input_to_hidden
        d2 = 0 * self.weights_hidden_to_output
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            d1, d2 = self.backpropagation(out, hid, X, y, d1, d2)
        self.update_weights(d1, d2, len(features))

    def forward_pass_train(self, X):
        hid = 1 / (1 + np.exp(-np.dot(X, self.weights_input_to_hidden)))
        return np.dot(hid, self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        output_error_term = error * final_outputs * (1 - final_outputs)
        hidden_error_term = (
            np.dot(self.weights_hidden_to_output, output_error_term) * hidden_outputs * (1 - hidden_outputs)
        )
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += output_error_term * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD114: multiplies by number of nodes
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.input_nodes, self.hidden_nodes, self.output_nodes = input_nodes, hidden_nodes, output_nodes
        self.weights_input_to_hidden = np.random.randn(input_nodes, hidden_nodes) * 0.1
        self.weights_hidden_to_output = np.random.randn(hidden_nodes, output_nodes) * 0.1
        self.lr = learning_rate

    def train(self, features, targets):
        d1 = np.zeros(self.weights_input_to_hidden.shape)
        d2 = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            d1, d2 = self.backpropagation(out, hid, X, y, d1, d2)
        self.update_weights(d1, d2, len(features))

    def forward_pass_train(self, X):
        hid = 1 / (1 + np.exp(-np.dot(X, self.weights_input_to_hidden)))
        return np.dot(hid, self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * self.hidden_nodes
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong update_weights GD151: swapped returns
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, a, b):
    h = sigmoid(x @ a)
    return h, sigmoid(h @ b)


def backward_pass(x, target, learnrate, h, o, w):
    d = (target - o) * o * (1 - o)
    return learnrate * d * h, learnrate * np.outer(x, d * w * h * (1 - h))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    t1, t2 = np.zeros_like(weights_input_to_hidden), np.zeros_like(weights_hidden_to_output)
    for x, t in zip(features, targets):
        h, o = forward_pass(x, weights_input_to_hidden, weights_hidden_to_output)
        d1, d2 = backward_pass(x, t, learnrate, h, o, weights_hidden_to_output)
        t1 += d1
        t2 += d2
    return weights_input_to_hidden + t1 / len(features), weights_hidden_to_output + t2 / len(features)


# %% wrong update_weights GD150: only output weights move
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n = len(features)
    acc = np.zeros_like(weights_hidden_to_output)
    for x, t in zip(features, targets):
        h = sigmoid(x @ weights_input_to_hidden)
        o = sigmoid(h @ weights_hidden_to_output)
        acc += (t - o) * o * (1 - o) * h
    return weights_input_to_hidden, weights_hidden_to_output + learnrate * acc / n


# %% wrong regularized_step RG110: no factor two
def regularized_step(weights, grads, lr, lamb):
    return [w - lr * (g + lamb * w) for w, g in zip(weights, grads)]


# %% wrong l2_gradient RG112: sign
def l2_gradient(weights, lamb):
    return -2 * lamb * weights


# %% wrong l1_regularization RG111: no abs
import numpy as np


def l1_regularization(weights, lamb):
    return lamb * np.sum(weights)


# %% wrong l1_gradient RG111: all ones
import numpy as np


def l1_gradient(weights, lamb):
    return lamb * np.ones_like(weights)


# %% wrong Linear GD105: grad overwritten, lesson form
import numpy as np


class P:
    def __init__(self, d):
        self.data = d
        self.grad = np.zeros_like(d)


class Linear:
    def __init__(self, n_in, n_out, rng):
        self.weight = P(rng.normal(size=(n_out, n_in)) / np.sqrt(n_in))
        self.bias = P(np.zeros(n_out))

    def forward(self, x):
        self.x = x
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        self.weight.grad = grad.T @ self.x
        self.bias.grad = grad.sum(0)
        return grad @ self.weight.data


# %% wrong ReLU GD131: mask only
import numpy as np


class ReLU:
    def forward(self, X):
        self.mask = X > 0
        return X * self.mask

    def backward(self, d_out):
        return self.mask.astype(float)


# %% right softmax: scipy-like logsumexp
import numpy as np


def softmax(z):
    m = np.max(z, 1)
    lse = m + np.log(np.exp(z - m[:, None]).sum(1))
    return np.exp(z - lse[:, None])


# %% right backward_pass: lists
import numpy as np


def backward_pass(x, target, learnrate, hidden_layer_out, output_layer_out, weights_hidden_to_output):
    d = (target - output_layer_out) * (output_layer_out - output_layer_out**2)
    dh = [d * w * (h - h * h) for w, h in zip(weights_hidden_to_output, hidden_layer_out)]
    return np.array([learnrate * d * h for h in hidden_layer_out]), np.array(
        [[learnrate * xi * q for q in dh] for xi in x]
    )


# %% right l2_regularization: vdot
import numpy as np


def l2_regularization(weights, lamb):
    return lamb * np.vdot(weights, weights)


# %% right MomentumSGD: ema with plus sign kept
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.v = None

    def update(self, w, d_w, learning_rate):
        if self.v is None:
            self.v = np.zeros_like(w)
        self.v = self.momentum * self.v + learning_rate * d_w
        return w - self.v
