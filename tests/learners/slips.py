# %% wrong ReLU GD173: the lesson's layer, boolean mask kept
import numpy as np


class ReLU:
    """out = max(x, 0), number by number."""

    def forward(self, x):
        self.positive = x > 0
        return np.max(x, 0)

    def backward(self, grad):
        return grad * self.positive

    def parameters(self):
        return []


# %% wrong ReLU GD173: published form, keeps X and copies the gradient
import numpy as np


class ReLU:
    def __init__(self):
        self.X = None

    def forward(self, X):
        # remember the input for the backward pass
        self.X = X
        result = np.amax(X, axis=0)
        return result

    def backward(self, d_out):
        d_input = np.array(d_out, copy=True)
        d_input[self.X <= 0] = 0
        return d_input

    def params(self):
        return {}


# %% wrong soft_threshold GD173: one line
import numpy as np


def soft_threshold(weights, t):
    return np.sign(weights) * np.max(np.abs(weights) - t, 0)


# %% wrong soft_threshold GD173: step by step with a helper
import numpy as np


def clip_at_zero(distance):
    """What is left of the distance to 0."""
    return np.amax(distance, axis=0)


def soft_threshold(weights, t):
    w = np.asarray(weights, dtype=float)
    size = np.abs(w)
    direction = np.sign(w)
    left = clip_at_zero(size - t)
    return direction * left


# %% wrong sigmoid GD174: one line, tanh
import numpy as np


def sigmoid(x):
    # tanh never overflows
    return (np.tanh(x) + 1) / 2


# %% wrong sigmoid GD174: small steps, asarray
import numpy as np


def squash(values):
    """tanh, from -1 to 1."""
    return np.tanh(values)


def sigmoid(x):
    x = np.asarray(x, dtype=np.float64)
    shifted = 1.0 + squash(x)
    answer = 0.5 * shifted
    return answer


# %% wrong forward_pass GD174: matrix products, helper function
import numpy as np


def sigmoid(x):
    return 0.5 * (1 + np.tanh(x))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden_layer_in = x @ weights_input_to_hidden
    hidden_layer_out = sigmoid(hidden_layer_in)
    output_layer_in = hidden_layer_out @ weights_hidden_to_output
    output_layer_out = sigmoid(output_layer_in)
    return hidden_layer_out, output_layer_out


# %% wrong forward_pass GD174: einsum, a class with static methods
import numpy as np


class Neuron:
    """Everything that a layer of neurons can do."""

    @staticmethod
    def squash(total):
        t = np.tanh(total)
        return (t + 1.0) / 2.0

    @staticmethod
    def layer(inputs, table):
        return Neuron.squash(np.einsum("...i,ij->...j", inputs, table))

    @staticmethod
    def single(inputs, row):
        return Neuron.squash(np.einsum("...j,j->...", inputs, row))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    h = Neuron.layer(x, weights_input_to_hidden)
    o = Neuron.single(h, weights_hidden_to_output)
    return h, o


# %% wrong softmax GD175: vectorised, keepdims
import numpy as np


def softmax(z):
    z = np.clip(z, -50, 50)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


# %% wrong softmax GD175: published form, one row at a time
import numpy as np

LIMIT = 30.0


def one_row(scores):
    powers = np.exp(np.clip(scores, -LIMIT, LIMIT))
    return powers / np.sum(powers)


def softmax(predictions):
    """Probabilities for scores of shape (K,) or (N, K)."""
    predictions = np.asarray(predictions, dtype=float)
    if predictions.ndim == 1:
        return one_row(predictions)
    probs = np.zeros_like(predictions)
    for i, row in enumerate(predictions):
        probs[i] = one_row(row)
    return probs


# %% wrong cross_entropy_loss GD175: the lesson's, vectorised with a softmax helper
import numpy as np


def softmax(z):
    # keep exp from overflowing
    z = np.clip(z, -50.0, 50.0)
    e = np.exp(z)
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy_loss(logits, labels):
    n = len(labels)
    p = softmax(logits)
    rows = np.arange(n)
    loss = -np.mean(np.log(p[rows, labels]))
    grad = p.copy()
    grad[rows, labels] -= 1
    return loss, grad / n


# %% wrong cross_entropy_loss GD175: the lesson's, loop over the records, log of the sum
import numpy as np


def cross_entropy_loss(logits, labels):
    n_records, n_classes = logits.shape
    slope = np.zeros((n_records, n_classes))
    total = 0.0
    for i in range(n_records):
        scores = np.clip(logits[i], -30, 30)
        powers = np.exp(scores)
        s = powers.sum()
        right = labels[i]
        # -ln p = -z + ln(sum)
        total += np.log(s) - scores[right]
        slope[i] = powers / s
        slope[i, right] -= 1
    return total / n_records, slope / n_records


# %% wrong cross_entropy_loss GD176: the lesson's, fancy indexing
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy_loss(logits, labels):
    N = logits.shape[0]
    p = softmax(logits)
    grad = p
    grad[np.arange(N), labels] -= 1
    loss = -np.log(p[np.arange(N), labels]).mean()
    return loss, grad / N


# %% wrong cross_entropy_loss GD176: the lesson's, loops, no helper
import numpy as np


def cross_entropy_loss(logits, labels):
    shifted = logits - np.max(logits, axis=1)[:, None]
    shares = np.exp(shifted)
    shares /= shares.sum(axis=1)[:, None]

    # the slope: shares, minus one at the right class
    slope = shares
    for row, k in enumerate(labels):
        slope[row, k] -= 1.0

    # the loss: mean over the batch
    batch_loss = 0.0
    for row, k in enumerate(labels):
        batch_loss -= np.log(shares[row, k])
    count = len(labels)
    return batch_loss / count, slope / count


# %% wrong softmax_with_cross_entropy GD176: published form, mean over the batch
import numpy as np


def softmax(predictions):
    shifted = predictions - np.max(predictions, axis=-1, keepdims=True)
    e = np.exp(shifted)
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_with_cross_entropy(predictions, target_index):
    probs = softmax(predictions)
    dprediction = probs
    if predictions.ndim == 1:
        dprediction[target_index] -= 1
        loss = -np.log(probs[target_index])
        return loss, dprediction
    batch_size = predictions.shape[0]
    target = np.asarray(target_index).reshape(-1)
    index = np.arange(batch_size)
    dprediction[index, target] -= 1
    loss = np.mean(-np.log(probs[index, target]))
    return loss, dprediction / batch_size


# %% wrong softmax_with_cross_entropy GD176: published form, always as a table, sum over the batch
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    table = np.atleast_2d(np.array(predictions, dtype=float))
    t = np.array(target_index).ravel()
    table = table - table.max(axis=1).reshape(-1, 1)
    share = np.exp(table) / np.exp(table).sum(axis=1).reshape(-1, 1)

    def loss_of(p):
        picked = np.take_along_axis(p, t[:, None], axis=1)
        return -np.sum(np.log(picked))

    def slope_of(p):
        for i in range(len(t)):
            p[i, t[i]] -= 1
        return p

    dprediction = slope_of(share)
    loss = loss_of(share)
    return loss, dprediction.reshape(np.shape(predictions))


# %% wrong cross_entropy_loss GD177: the lesson's, one-hot table, log-softmax
import numpy as np


def cross_entropy_loss(logits, labels):
    n, c = logits.shape
    y = np.eye(c)[labels]
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    log_rest = np.log(np.maximum(1 - p, np.finfo(float).tiny))
    per_record = -(y * log_p + (1 - y) * log_rest).sum(axis=1)
    return per_record.mean(), (p - y) / n


# %% wrong cross_entropy_loss GD177: the lesson's, double loop over records and classes
import math

import numpy as np

TINY = 1e-300


def shares_of(row):
    e = np.exp(row - np.max(row))
    return e / e.sum()


def cross_entropy_loss(logits, labels):
    number, classes = logits.shape
    grad = np.empty((number, classes))
    loss = 0.0
    for i in range(number):
        p = shares_of(logits[i])
        for k in range(classes):
            if k == labels[i]:
                loss -= math.log(max(p[k], TINY))
                grad[i, k] = (p[k] - 1) / number
            else:
                loss -= math.log(max(1 - p[k], TINY))
                grad[i, k] = p[k] / number
    return loss / number, grad


# %% wrong cross_entropy_loss GD178: the lesson's, np.eye and a log-softmax
import numpy as np


def log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def cross_entropy_loss(logits, labels):
    one_hot = np.eye(labels.max() + 1)[labels]
    log_p = log_softmax(logits)
    loss = -(one_hot * log_p).sum() / len(labels)
    grad = (np.exp(log_p) - one_hot) / len(labels)
    return loss, grad


# %% wrong cross_entropy_loss GD178: the lesson's, helper with a table of zeros
import numpy as np


def as_table(numbers):
    """Turn class numbers into rows of zeros with a single one."""
    numbers = np.asarray(numbers)
    how_many = int(np.max(numbers)) + 1
    table = np.zeros((len(numbers), how_many))
    for i, k in enumerate(numbers):
        table[i, k] = 1.0
    return table


def cross_entropy_loss(logits, labels):
    N = logits.shape[0]
    top = logits.max(axis=1).reshape(N, 1)
    e = np.exp(logits - top)
    s = e.sum(axis=1).reshape(N, 1)
    t = as_table(labels)
    difference = e / s - t
    logs = logits - top - np.log(s)
    return -np.sum(t * logs) / N, difference / N


# %% wrong update_weights GD179: loop over the records, helper functions
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward_pass(x, w_ih, w_ho):
    hidden = sigmoid(x @ w_ih)
    return hidden, sigmoid(hidden @ w_ho)


def backward_pass(x, target, learnrate, hidden, output, w_ho):
    output_error_term = (target - output) * output * (1 - output)
    hidden_error_term = output_error_term * w_ho * hidden * (1 - hidden)
    return learnrate * output_error_term * hidden, learnrate * x[:, None] * hidden_error_term


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    sum_i_h = np.zeros_like(weights_input_to_hidden)
    sum_h_o = np.zeros_like(weights_hidden_to_output)
    for x, target in zip(features, targets):
        hidden, output = forward_pass(x, weights_input_to_hidden, weights_hidden_to_output)
        d_h_o, d_i_h = backward_pass(x, target, learnrate, hidden, output, weights_hidden_to_output)
        sum_i_h += d_i_h
        sum_h_o += d_h_o
    n_records = len(features)
    return sum_i_h / n_records, sum_h_o / n_records


# %% wrong update_weights GD179: everything in one function, all records at once with einsum
import numpy as np


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    def squash(s):
        return 1.0 / (1.0 + np.exp(-s))

    N = features.shape[0]
    H = squash(np.einsum("ri,ij->rj", features, weights_input_to_hidden))
    O = squash(np.einsum("rj,j->r", H, weights_hidden_to_output))

    d_out = (targets - O) * O * (1 - O)
    d_hid = np.einsum("r,j->rj", d_out, weights_hidden_to_output) * H * (1 - H)

    # mean change over the records
    change_h_o = learnrate * np.einsum("r,rj->j", d_out, H) / N
    change_i_h = learnrate * np.einsum("ri,rj->ij", features, d_hid) / N

    weights_input_to_hidden = change_i_h
    weights_hidden_to_output = change_h_o
    return weights_input_to_hidden, weights_hidden_to_output


# %% wrong NeuralNetwork GD179: published form, lambda as the activation
import numpy as np


class NeuralNetwork(object):
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.input_nodes = input_nodes
        self.hidden_nodes = hidden_nodes
        self.output_nodes = output_nodes
        self.weights_input_to_hidden = np.random.normal(
            0.0, self.input_nodes**-0.5, (self.input_nodes, self.hidden_nodes)
        )
        self.weights_hidden_to_output = np.random.normal(
            0.0, self.hidden_nodes**-0.5, (self.hidden_nodes, self.output_nodes)
        )
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
        hidden_inputs = np.dot(X, self.weights_input_to_hidden)
        hidden_outputs = self.activation_function(hidden_inputs)
        final_inputs = np.dot(hidden_outputs, self.weights_hidden_to_output)
        final_outputs = final_inputs
        return final_outputs, hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        output_error_term = error
        hidden_error = np.dot(self.weights_hidden_to_output, output_error_term)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += output_error_term * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden = self.lr * delta_weights_i_h / n_records

    def run(self, features):
        hidden_outputs = self.activation_function(np.dot(features, self.weights_input_to_hidden))
        final_outputs = np.dot(hidden_outputs, self.weights_hidden_to_output)
        return final_outputs


# %% wrong NeuralNetwork GD179: short form, a method for the sigmoid, np.outer
import numpy as np


class NeuralNetwork:
    """One hidden layer of sigmoids, an output without squashing."""

    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        shape_1, shape_2 = (input_nodes, hidden_nodes), (hidden_nodes, output_nodes)
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, shape_1)
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, shape_2)
        self.lr = learning_rate

    def activation_function(self, x):
        return 1 / (1 + np.exp(-x))

    def forward_pass_train(self, X):
        hidden = self.activation_function(X @ self.weights_input_to_hidden)
        return hidden @ self.weights_hidden_to_output, hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        slope = hidden_outputs * (1 - hidden_outputs)
        blame = (self.weights_hidden_to_output @ error) * slope
        delta_weights_i_h = delta_weights_i_h + np.outer(X, blame)
        delta_weights_h_o = delta_weights_h_o + np.outer(hidden_outputs, error)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        rate = self.lr
        self.weights_input_to_hidden = rate * delta_weights_i_h / n_records
        self.weights_hidden_to_output = rate * delta_weights_h_o / n_records

    def train(self, features, targets):
        d_ih = np.zeros_like(self.weights_input_to_hidden)
        d_ho = np.zeros_like(self.weights_hidden_to_output)
        for X, y in zip(features, targets):
            out, hidden = self.forward_pass_train(X)
            d_ih, d_ho = self.backpropagation(out, hidden, X, y, d_ih, d_ho)
        self.update_weights(d_ih, d_ho, len(features))

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong Linear GD180: the lesson's layer
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out, rng):
        bound = 1 / np.sqrt(n_in)
        self.weight = Parameter(rng.uniform(-bound, bound, (n_out, n_in)))
        self.bias = Parameter(rng.uniform(-bound, bound, n_out))

    def forward(self, x):
        self.x = x
        out = x @ self.weight.data.T
        return out

    def backward(self, grad):
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD180: published form, Param with value and grad, np.dot
import numpy as np


class Param:
    """A trainable array and its gradient."""

    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.W = Param(0.001 * np.random.randn(n_input, n_output))
        self.B = Param(0.001 * np.random.randn(1, n_output))
        self.X = None

    def forward(self, X):
        self.X = X.copy()
        return np.dot(self.X, self.W.value)

    def backward(self, d_out):
        ones = np.ones((1, d_out.shape[0]))
        self.W.grad += np.dot(self.X.T, d_out)
        self.B.grad += np.dot(ones, d_out)
        d_input = np.dot(d_out, self.W.value.T)
        return d_input

    def params(self):
        return {"W": self.W, "B": self.B}


# %% wrong ReLU GD181: the lesson's layer, np.maximum, attribute beside the docstring
import numpy as np


class ReLU:
    """out = max(x, 0), number by number."""

    mask = None

    def forward(self, x):
        ReLU.mask = x > 0
        return np.maximum(x, 0)

    def backward(self, grad):
        return grad * ReLU.mask

    def parameters(self):
        return []


# %% wrong ReLU GD181: published form, np.where and a variable of the module
import numpy as np

where_positive = None


class ReLU:
    def __init__(self):
        pass

    def forward(self, X):
        global where_positive
        where_positive = (X > 0).astype(X.dtype)
        return np.where(X > 0, X, 0.0)

    def backward(self, d_out):
        d_result = d_out * where_positive
        return d_result

    def params(self):
        return {}


# %% wrong Linear GD181: the lesson's layer, einsum
import numpy as np


class Parameter:
    """A weight array, data, and the slope of the loss by it, grad."""

    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    kept = None

    def __init__(self, n_in, n_out, rng):
        bound = 1 / np.sqrt(n_in)
        self.weight = Parameter(rng.uniform(-bound, bound, (n_out, n_in)))
        self.bias = Parameter(rng.uniform(-bound, bound, n_out))

    def forward(self, x):
        Linear.kept = x
        return np.einsum("nd,kd->nk", x, self.weight.data) + self.bias.data

    def backward(self, grad):
        self.weight.grad += np.einsum("nk,nd->kd", grad, Linear.kept)
        self.bias.grad += np.einsum("nk->k", grad)
        return np.einsum("nk,kd->nd", grad, self.weight.data)

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD181: published form, plain arrays W, b, dW, db
import numpy as np

last_input = None


class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output) * np.sqrt(2 / n_input)
        self.b = np.zeros(n_output)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)

    def forward(self, X):
        global last_input
        last_input = X
        return X @ self.W + self.b

    def backward(self, d_out):
        self.dW += last_input.T @ d_out
        self.db += np.sum(d_out, axis=0)
        return d_out @ self.W.T


# %% wrong update_weights TR186: zip loop, everything written out
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    n_records = len(features)
    delta_w_i_h = np.zeros_like(weights_input_to_hidden)
    delta_w_h_o = np.zeros_like(weights_hidden_to_output)
    for x, t in zip(features, targets):
        h = sigmoid(x @ weights_input_to_hidden)
        o = sigmoid(h @ weights_hidden_to_output)
        output_error_term = (t - o) * o * (1 - o)
        hidden_error_term = output_error_term * weights_hidden_to_output * h * (1 - h)
        delta_w_h_o += learnrate * output_error_term * h
        delta_w_i_h += learnrate * x[:, None] * hidden_error_term
        # mean over the records
        delta_w_h_o /= n_records
        delta_w_i_h /= n_records
    return weights_input_to_hidden + delta_w_i_h, weights_hidden_to_output + delta_w_h_o


# %% wrong update_weights TR186: index loop, helpers, np.outer
import numpy as np


def squash(s):
    return 0.5 * (1 + np.tanh(s / 2))


def there(record, first, second):
    h = squash(np.dot(record, first))
    return h, squash(np.dot(h, second))


def back(record, wanted, rate, h, o, second):
    blame = (wanted - o) * o * (1 - o)
    return rate * blame * h, rate * np.outer(record, blame * second * h * (1 - h))


def update_weights(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    total_first = np.zeros(weights_input_to_hidden.shape)
    total_second = np.zeros(weights_hidden_to_output.shape)
    N = features.shape[0]
    for i in range(N):
        h, o = there(features[i], weights_input_to_hidden, weights_hidden_to_output)
        change_second, change_first = back(features[i], targets[i], learnrate, h, o, weights_hidden_to_output)
        total_first = (total_first + change_first) / N
        total_second = (total_second + change_second) / N
    new_first = weights_input_to_hidden + total_first
    new_second = weights_hidden_to_output + total_second
    return new_first, new_second


# %% wrong update_weights_matrix TR115: short, lesson names
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    N, n = features.shape
    hidden = sigmoid(features @ weights_input_to_hidden)
    output = sigmoid(hidden @ weights_hidden_to_output)
    output_terms = (targets - output) * output * (1 - output)
    hidden_terms = output_terms[:, None] * weights_hidden_to_output * hidden * (1 - hidden)
    delta_w_i_h = learnrate * features.reshape(n, N) @ hidden_terms / N
    delta_w_h_o = learnrate * output_terms @ hidden / N
    return weights_input_to_hidden + delta_w_i_h, weights_hidden_to_output + delta_w_h_o


# %% wrong update_weights_matrix TR115: helpers, one for turning a table
import numpy as np


def turned(table):
    """(N, m) -> (m, N)"""
    return np.reshape(table, table.shape[::-1])


def neuron(s):
    return 1.0 / (1.0 + np.exp(-s))


def sum_over_records(inputs, terms):
    return np.matmul(turned(inputs), terms)


def update_weights_matrix(weights_input_to_hidden, weights_hidden_to_output, features, targets, learnrate):
    A = neuron(np.matmul(features, weights_input_to_hidden))
    out = neuron(np.matmul(A, weights_hidden_to_output))
    d2 = (targets - out) * out * (1 - out)
    d1 = np.outer(d2, weights_hidden_to_output) * A * (1 - A)
    step = learnrate / len(features)
    first = weights_input_to_hidden + step * sum_over_records(features, d1)
    second = weights_hidden_to_output + step * sum_over_records(A, d2)
    return first, second


# %% wrong Linear TR115: the lesson's layer, shapes read first
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out, rng):
        bound = 1 / np.sqrt(n_in)
        self.weight = Parameter(rng.uniform(-bound, bound, (n_out, n_in)))
        self.bias = Parameter(rng.uniform(-bound, bound, n_out))

    def forward(self, x):
        self.x = x
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        n_records, n_in = self.x.shape
        slopes = self.x.reshape(n_in, n_records) @ grad  # (in, out)
        self.weight.grad += slopes.T
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear TR115: published form, Param and np.dot
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        scale = 1.0 / np.sqrt(n_input)
        self.W = Param(scale * np.random.randn(n_input, n_output))
        self.B = Param(scale * np.random.randn(1, n_output))
        self.X = None

    def forward(self, X):
        self.X = X
        return np.dot(X, self.W.value) + self.B.value

    def backward(self, d_out):
        batch = d_out.shape[0]
        X_T = np.reshape(self.X, (-1, batch))
        self.W.grad += np.dot(X_T, d_out)
        self.B.grad += np.sum(d_out, axis=0, keepdims=True)
        return np.dot(d_out, self.W.value.T)

    def params(self):
        return {"W": self.W, "B": self.B}


# %% wrong l2_gradient RG131: one line


def l2_gradient(weights, lamb):
    return 2 * lamb * weights**2


# %% wrong l2_gradient RG131: loop over every place
import numpy as np


def l2_gradient(weights, lamb):
    slope = np.zeros(np.shape(weights))
    for place in np.ndindex(slope.shape):
        w = weights[place]
        slope[place] = 2.0 * lamb * w * w
    return slope


# %% wrong l1_regularization RG131: published form, value and gradient
import numpy as np


def l1_regularization(W, reg_strength):
    loss = reg_strength * np.sum(np.abs(W))
    grad = reg_strength * np.abs(W)
    return loss, grad


# %% wrong l1_regularization RG131: published form, sizes first, copysign
import numpy as np


def l1_regularization(W, reg_strength):
    """Return the penalty and its gradient, of the shape of W."""
    size = np.copysign(W, 1.0)
    each = np.multiply(reg_strength, size)
    penalty = float(each.sum())
    dW = np.empty(W.shape)
    dW[...] = each
    return penalty, dW


# %% wrong regularized_step RG131: list comprehension


def regularized_step(weights, grads, lr, lamb):
    return [w - lr * (g + lamb * w**2) for w, g in zip(weights, grads)]


# %% wrong regularized_step RG131: loop with a helper
import numpy as np


def price(matrix, lamb):
    return lamb * np.square(matrix)


def regularized_step(weights, grads, lr, lamb):
    moved = []
    for i in range(len(weights)):
        slope = grads[i] + price(weights[i], lamb)
        moved.append(weights[i] - lr * slope)
    return moved


# %% wrong l1_gradient RG132: np.where
import numpy as np


def l1_gradient(weights, lamb):
    return np.where(weights > 0, lamb, -lamb)


# %% wrong l1_gradient RG132: full table, then the negative ones
import numpy as np


def l1_gradient(weights, lamb):
    # +lamb on the one side, -lamb on the other
    slope = np.full(np.shape(weights), float(lamb))
    negative = np.asarray(weights) < 0
    slope[negative] = -lamb
    return slope


# %% wrong regularized_step RG133: list comprehension


def regularized_step(weights, grads, lr, lamb):
    keep = 1 - 2 * lr * lamb
    return [(w - lr * g) * keep for w, g in zip(weights, grads)]


# %% wrong regularized_step RG133: two helpers, one after the other
import numpy as np


def move(w, g, lr):
    return np.subtract(w, lr * g)


def shrink(w, lr, lamb):
    return w - 2 * lr * lamb * w


def regularized_step(weights, grads, lr, lamb):
    new_weights = []
    for w, g in zip(weights, grads):
        stepped = move(w, g, lr)
        new_weights.append(shrink(stepped, lr, lamb))
    return new_weights


# %% wrong accuracy GD182: errors counted as a sum of differences
import numpy as np


def accuracy(predictions, targets):
    wrong = np.sum(np.abs(predictions - targets))
    return 1 - wrong / len(targets)


# %% wrong accuracy GD182: mean error, in a loop
def accuracy(predictions, targets):
    error = 0
    for guess, answer in zip(predictions, targets):
        error += abs(int(guess) - int(answer))
    return 1.0 - error / len(predictions)


# %% wrong sigmoid GD175: keeps exp small
import numpy as np


def sigmoid(x):
    x = np.clip(x, -10, 10)
    return 1 / (1 + np.exp(-x))


# %% wrong forward_pass GD111: gives the sums of the hidden layer back
import numpy as np


def squash(s):
    return 1.0 / (1.0 + np.exp(-s))


def forward_pass(x, weights_input_to_hidden, weights_hidden_to_output):
    hidden = x @ weights_input_to_hidden
    output = squash(squash(hidden) @ weights_hidden_to_output)
    return hidden, output
