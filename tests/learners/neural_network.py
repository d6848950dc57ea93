# %% right NeuralNetwork: the project's template filled in
import numpy as np


class NeuralNetwork(object):
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        # Set number of nodes in input, hidden and output layers.
        self.input_nodes = input_nodes
        self.hidden_nodes = hidden_nodes
        self.output_nodes = output_nodes

        # Initialize weights
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
        hidden_error = np.dot(self.weights_hidden_to_output, error)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        # Weight step (input to hidden)
        delta_weights_i_h += hidden_error_term * X[:, None]
        # Weight step (hidden to output)
        delta_weights_h_o += output_error_term * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        hidden_inputs = np.dot(features, self.weights_input_to_hidden)
        hidden_outputs = self.activation_function(hidden_inputs)
        final_inputs = np.dot(hidden_outputs, self.weights_hidden_to_output)
        final_outputs = final_inputs
        return final_outputs


# %% right NeuralNetwork: train is one matrix step, no loop
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        rng = np.random.default_rng(3)
        self.weights_input_to_hidden = rng.normal(scale=1 / np.sqrt(input_nodes), size=(input_nodes, hidden_nodes))
        self.weights_hidden_to_output = rng.normal(scale=1 / np.sqrt(hidden_nodes), size=(hidden_nodes, output_nodes))
        self.lr = learning_rate

    def forward_pass_train(self, X):
        hidden = sigmoid(X @ self.weights_input_to_hidden)
        return hidden @ self.weights_hidden_to_output, hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        # works for a batch: everything becomes 2-D
        X, H = np.atleast_2d(X), np.atleast_2d(hidden_outputs)
        out = np.reshape(final_outputs, (len(X), -1))
        err = np.reshape(y, out.shape) - out
        grad_h = (err @ self.weights_hidden_to_output.T) * H * (1 - H)
        return delta_weights_i_h + X.T @ grad_h, delta_weights_h_o + H.T @ err

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_input_to_hidden = self.weights_input_to_hidden + self.lr * delta_weights_i_h / n_records
        self.weights_hidden_to_output = self.weights_hidden_to_output + self.lr * delta_weights_h_o / n_records

    def train(self, features, targets):
        out, hidden = self.forward_pass_train(features)
        d1, d2 = self.backpropagation(out, hidden, features, targets, 0, 0)
        self.update_weights(d1, d2, len(features))

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% right NeuralNetwork: y_hat - y everywhere, update subtracts, outer products
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.sizes = (input_nodes, hidden_nodes, output_nodes)
        self.weights_input_to_hidden = np.random.randn(input_nodes, hidden_nodes) / input_nodes**0.5
        self.weights_hidden_to_output = np.random.randn(hidden_nodes, output_nodes) / hidden_nodes**0.5
        self.lr = learning_rate

    @staticmethod
    def act(x):
        return 1.0 / (1.0 + np.exp(-x))

    @staticmethod
    def act_prime_from_output(a):
        return a * (1.0 - a)

    def train(self, features, targets):
        g_ih = np.zeros_like(self.weights_input_to_hidden)
        g_ho = np.zeros_like(self.weights_hidden_to_output)
        for x, y in zip(features, targets):
            out, hid = self.forward_pass_train(x)
            g_ih, g_ho = self.backpropagation(out, hid, x, y, g_ih, g_ho)
        self.update_weights(g_ih, g_ho, len(features))

    def forward_pass_train(self, X):
        hid = self.act(X.dot(self.weights_input_to_hidden))
        return hid.dot(self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        d_out = final_outputs - y  # dL/dy_hat of half the squared error
        d_hid = self.weights_hidden_to_output.dot(d_out) * self.act_prime_from_output(hidden_outputs)
        delta_weights_h_o = delta_weights_h_o + np.outer(hidden_outputs, d_out)
        delta_weights_i_h = delta_weights_i_h + np.outer(X, d_hid)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output -= self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden -= self.lr * delta_weights_i_h / n_records

    def run(self, features):
        final, _ = self.forward_pass_train(features)
        return np.squeeze(final)


# %% right NeuralNetwork: learning rate in the backward pass, run gives a row
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

        def sigmoid(x):
            return 1 / (1 + np.exp(-x))

        self.activation_function = sigmoid

    def train(self, features, targets):
        delta_i_h = np.zeros(self.weights_input_to_hidden.shape)
        delta_h_o = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            delta_i_h, delta_h_o = self.backpropagation(out, hid, X, y, delta_i_h, delta_h_o)
        self.update_weights(delta_i_h, delta_h_o, features.shape[0])

    def forward_pass_train(self, X):
        hidden_outputs = self.activation_function(np.matmul(X, self.weights_input_to_hidden))
        final_outputs = np.matmul(hidden_outputs, self.weights_hidden_to_output)
        return final_outputs, hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = np.matmul(self.weights_hidden_to_output, error)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += self.lr * np.outer(X, hidden_error_term)
        delta_weights_h_o += self.lr * np.outer(hidden_outputs, error)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        # lr is already inside
        self.weights_hidden_to_output += delta_weights_h_o / n_records
        self.weights_input_to_hidden += delta_weights_i_h / n_records

    def run(self, features):
        hidden = self.activation_function(np.matmul(features, self.weights_input_to_hidden))
        return np.matmul(hidden, self.weights_hidden_to_output).T


# %% right NeuralNetwork: columns, einsum and a tanh in place of exp
import numpy as np


class NeuralNetwork:
    """Two layers; the output is linear because we predict a number of bikes."""

    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate=0.1):
        limit = 1 / np.sqrt(input_nodes)
        self.weights_input_to_hidden = np.random.uniform(-limit, limit, size=(input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.uniform(-0.5, 0.5, size=(hidden_nodes, output_nodes))
        self.lr = learning_rate

    def activation_function(self, x):
        return (np.tanh(x / 2) + 1) / 2

    def forward_pass_train(self, X):
        hidden = self.activation_function(np.einsum("...i,ij->...j", X, self.weights_input_to_hidden))
        return np.einsum("...j,jk->...k", hidden, self.weights_hidden_to_output), hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        x = np.array(X, ndmin=2).T
        h = np.array(hidden_outputs, ndmin=2).T
        e = np.array(y - final_outputs, ndmin=2).T
        dh = np.dot(self.weights_hidden_to_output, e) * h * (1.0 - h)
        delta_weights_h_o += np.dot(h, e.T)
        delta_weights_i_h += np.dot(x, dh.T)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        factor = self.lr / n_records
        self.weights_input_to_hidden += factor * delta_weights_i_h
        self.weights_hidden_to_output += factor * delta_weights_h_o

    def train(self, features, targets):
        d1 = np.zeros_like(self.weights_input_to_hidden)
        d2 = np.zeros_like(self.weights_hidden_to_output)
        for i in range(len(features)):
            out, hidden = self.forward_pass_train(features[i])
            d1, d2 = self.backpropagation(out, hidden, features[i], targets[i], d1, d2)
        self.update_weights(d1, d2, len(features))

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% right NeuralNetwork: weights in a dict behind properties, mean loss kept
import numpy as np


class NeuralNetwork:
    def __init__(self, n_in, n_hidden, n_out, lr):
        self.w = {
            "ih": np.random.normal(0, n_in**-0.5, (n_in, n_hidden)),
            "ho": np.random.normal(0, n_hidden**-0.5, (n_hidden, n_out)),
        }
        self.lr = lr
        self.losses = []

    @property
    def weights_input_to_hidden(self):
        return self.w["ih"]

    @weights_input_to_hidden.setter
    def weights_input_to_hidden(self, value):
        self.w["ih"] = value

    @property
    def weights_hidden_to_output(self):
        return self.w["ho"]

    @weights_hidden_to_output.setter
    def weights_hidden_to_output(self, value):
        self.w["ho"] = value

    def train(self, features, targets):
        total = {k: np.zeros(v.shape) for k, v in self.w.items()}
        for x, y in zip(features, targets):
            o, h = self.forward_pass_train(x)
            total["ih"], total["ho"] = self.backpropagation(o, h, x, y, total["ih"], total["ho"])
        self.update_weights(total["ih"], total["ho"], len(features))
        self.losses.append(np.mean((self.run(features) - np.reshape(targets, (len(features), -1))) ** 2))

    def forward_pass_train(self, X):
        h = 1 / (1 + np.exp(-(X @ self.w["ih"])))
        return h @ self.w["ho"], h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        e = y - final_outputs
        back = (self.w["ho"] * e).sum(axis=1) * (hidden_outputs - hidden_outputs**2)
        return delta_weights_i_h + X[:, np.newaxis] * back, delta_weights_h_o + hidden_outputs[:, np.newaxis] * e

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        for k, d in (("ih", delta_weights_i_h), ("ho", delta_weights_h_o)):
            self.w[k] = self.w[k] + self.lr / n_records * d

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% right NeuralNetwork: learning rate decays from the second update on
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.updates = 0

    def activation_function(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        d_ih = np.zeros(self.weights_input_to_hidden.shape)
        d_ho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            d_ih, d_ho = self.backpropagation(o, h, X, y, d_ih, d_ho)
        self.update_weights(d_ih, d_ho, features.shape[0])

    def forward_pass_train(self, X):
        h = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = np.dot(self.weights_hidden_to_output, error)
        delta_weights_i_h += np.outer(X, hidden_error * hidden_outputs * (1 - hidden_outputs))
        delta_weights_h_o += np.outer(hidden_outputs, error)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        lr = self.lr * 0.999**self.updates
        self.updates += 1
        self.weights_hidden_to_output += lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD104: n_records is passed and never used
import numpy as np


class NeuralNetwork(object):
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.input_nodes, self.hidden_nodes, self.output_nodes = input_nodes, hidden_nodes, output_nodes
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
        hidden_outputs = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        final_outputs = np.dot(hidden_outputs, self.weights_hidden_to_output)
        return final_outputs, hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = np.dot(self.weights_hidden_to_output, error)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o
        self.weights_input_to_hidden += self.lr * delta_weights_i_h

    def run(self, features):
        hidden_outputs = self.activation_function(np.dot(features, self.weights_input_to_hidden))
        return np.dot(hidden_outputs, self.weights_hidden_to_output)


# %% wrong NeuralNetwork GD105: deltas replaced for each record
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        delta_weights_i_h = np.zeros(self.weights_input_to_hidden.shape)
        delta_weights_h_o = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            delta_weights_i_h, delta_weights_h_o = self.backpropagation(
                out, hid, X, y, delta_weights_i_h, delta_weights_h_o
            )
        self.update_weights(delta_weights_i_h, delta_weights_h_o, len(targets))

    def forward_pass_train(self, X):
        hid = self.sigmoid(X @ self.weights_input_to_hidden)
        return hid @ self.weights_hidden_to_output, hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = self.weights_hidden_to_output @ error
        delta_weights_i_h = np.outer(X, hidden_error * hidden_outputs * (1 - hidden_outputs))
        delta_weights_h_o = np.outer(hidden_outputs, error)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.sigmoid(features @ self.weights_input_to_hidden) @ self.weights_hidden_to_output


# %% wrong NeuralNetwork GD107: run() squashes the answer, training does not
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        d_ih, d_ho = 0, 0
        for X, y in zip(features, targets):
            final, hidden = self.forward_pass_train(X)
            d_ih, d_ho = self.backpropagation(final, hidden, X, y, d_ih, d_ho)
        self.update_weights(d_ih, d_ho, features.shape[0])

    def forward_pass_train(self, X):
        hidden = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        final = np.dot(hidden, self.weights_hidden_to_output)
        return final, hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + hidden_term * X[:, None], delta_weights_h_o + error * hidden_outputs[:, None]

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        hidden_inputs = np.dot(features, self.weights_input_to_hidden)
        hidden_outputs = self.activation_function(hidden_inputs)
        final_inputs = np.dot(hidden_outputs, self.weights_hidden_to_output)
        final_outputs = self.activation_function(final_inputs)
        return final_outputs


# %% wrong NeuralNetwork GD113: out*(1-out) although the output is linear
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def activation_function(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        n_records = features.shape[0]
        delta_weights_i_h = np.zeros(self.weights_input_to_hidden.shape)
        delta_weights_h_o = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            delta_weights_i_h, delta_weights_h_o = self.backpropagation(
                o, h, X, y, delta_weights_i_h, delta_weights_h_o
            )
        self.update_weights(delta_weights_i_h, delta_weights_h_o, n_records)

    def forward_pass_train(self, X):
        h = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        o = np.dot(h, self.weights_hidden_to_output)
        return o, h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        output_error_term = error * final_outputs * (1 - final_outputs)
        hidden_error = np.dot(self.weights_hidden_to_output, output_error_term)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += output_error_term * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD114: self.hidden_nodes in the delta
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.input_nodes = input_nodes
        self.hidden_nodes = hidden_nodes
        self.output_nodes = output_nodes
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        dih = np.zeros((self.input_nodes, self.hidden_nodes))
        dho = np.zeros((self.hidden_nodes, self.output_nodes))
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, len(features))

    def forward_pass_train(self, X):
        h = 1 / (1 + np.exp(-np.dot(X, self.weights_input_to_hidden)))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        output_error_term = error
        hidden_error = np.dot(self.weights_hidden_to_output, output_error_term)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += output_error_term * self.hidden_nodes
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD118: hidden error is the plain error
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.f = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        delta_ih, delta_ho = (np.zeros_like(w) for w in (self.weights_input_to_hidden, self.weights_hidden_to_output))
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            delta_ih, delta_ho = self.backpropagation(o, h, X, y, delta_ih, delta_ho)
        self.update_weights(delta_ih, delta_ho, features.shape[0])

    def forward_pass_train(self, X):
        h = self.f(np.dot(X, self.weights_input_to_hidden))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = np.sum(error)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD120: learning_rate of the notebook, not self.lr
import numpy as np

iterations = 100
learning_rate = 0.1
hidden_nodes = 2
output_nodes = 1


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        delta_weights_i_h = np.zeros(self.weights_input_to_hidden.shape)
        delta_weights_h_o = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            final, hidden = self.forward_pass_train(X)
            delta_weights_i_h, delta_weights_h_o = self.backpropagation(
                final, hidden, X, y, delta_weights_i_h, delta_weights_h_o
            )
        self.update_weights(delta_weights_i_h, delta_weights_h_o, features.shape[0])

    def forward_pass_train(self, X):
        hidden = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(hidden, self.weights_hidden_to_output), hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += learning_rate * delta_weights_h_o / n_records
        self.weights_input_to_hidden += learning_rate * delta_weights_i_h / n_records

    def run(self, features):
        hidden = self.activation_function(np.dot(features, self.weights_input_to_hidden))
        return np.dot(hidden, self.weights_hidden_to_output)


# %% wrong NeuralNetwork GD111: final layer fed with hidden_inputs
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        a = np.zeros(self.weights_input_to_hidden.shape)
        b = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            a, b = self.backpropagation(o, h, X, y, a, b)
        self.update_weights(a, b, features.shape[0])

    def forward_pass_train(self, X):
        hidden_inputs = np.dot(X, self.weights_input_to_hidden)
        hidden_outputs = self.activation_function(hidden_inputs)
        final_outputs = np.dot(hidden_inputs, self.weights_hidden_to_output)
        return final_outputs, hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        hidden_inputs = np.dot(features, self.weights_input_to_hidden)
        hidden_outputs = self.activation_function(hidden_inputs)
        return np.dot(hidden_inputs, self.weights_hidden_to_output)


# %% wrong NeuralNetwork GD121: final_outputs - y, still added
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def activation_function(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, features.shape[0])

    def forward_pass_train(self, X):
        h = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = final_outputs - y
        hidden_error = np.dot(self.weights_hidden_to_output, error)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD122: derivative method of the outputs of the sigmoid
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def sigmoid_derivative(self, x):
        return self.sigmoid(x) * (1 - self.sigmoid(x))

    def train(self, features, targets):
        d1 = np.zeros(self.weights_input_to_hidden.shape)
        d2 = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            d1, d2 = self.backpropagation(out, hid, X, y, d1, d2)
        self.update_weights(d1, d2, features.shape[0])

    def forward_pass_train(self, X):
        hid = self.sigmoid(np.dot(X, self.weights_input_to_hidden))
        return np.dot(hid, self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = np.dot(error, self.weights_hidden_to_output.T)
        hidden_error_term = hidden_error * self.sigmoid_derivative(hidden_outputs)
        delta_weights_i_h += np.outer(X, hidden_error_term)
        delta_weights_h_o += np.outer(hidden_outputs, error)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD157: all weights zero
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.zeros((input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.zeros((hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        d1, d2 = np.zeros(self.weights_input_to_hidden.shape), np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            d1, d2 = self.backpropagation(out, hid, X, y, d1, d2)
        self.update_weights(d1, d2, features.shape[0])

    def forward_pass_train(self, X):
        hid = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(hid, self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD158: normal with scale 10
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.randn(input_nodes, hidden_nodes) * 10
        self.weights_hidden_to_output = np.random.randn(hidden_nodes, output_nodes) * 10
        self.lr = learning_rate

    def sig(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        d1, d2 = np.zeros(self.weights_input_to_hidden.shape), np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            d1, d2 = self.backpropagation(out, hid, X, y, d1, d2)
        self.update_weights(d1, d2, features.shape[0])

    def forward_pass_train(self, X):
        hid = self.sig(X @ self.weights_input_to_hidden)
        return hid @ self.weights_hidden_to_output, hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        e = y - final_outputs
        eh = (self.weights_hidden_to_output @ e) * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + np.outer(X, eh), delta_weights_h_o + np.outer(hidden_outputs, e)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD102: y -= output in place
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, len(features))

    def forward_pass_train(self, X):
        h = self.sigmoid(X @ self.weights_input_to_hidden)
        return h @ self.weights_hidden_to_output, h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        y -= final_outputs  # y is now the error
        hidden_term = (self.weights_hidden_to_output @ y) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_h_o += np.outer(hidden_outputs, y)
        delta_weights_i_h += np.outer(X, hidden_term)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD106: output_error_term used above its line
import numpy as np


class NeuralNetwork(object):
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.input_nodes = input_nodes
        self.hidden_nodes = hidden_nodes
        self.output_nodes = output_nodes
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
        hidden_outputs = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(hidden_outputs, self.weights_hidden_to_output), hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        # TODO: Calculate the hidden layer's contribution to the error
        hidden_error = np.dot(self.weights_hidden_to_output, output_error_term)
        # TODO: Backpropagated error terms
        output_error_term = error
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += output_error_term * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD109: run answers for the first record only
import numpy as np


def logistic(z):
    return 1 / (1 + np.exp(-z))


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        d1, d2 = 0, 0
        for x, y in zip(features, targets):
            out, hid = self.forward_pass_train(x)
            d1, d2 = self.backpropagation(out, hid, x, y, d1, d2)
        self.update_weights(d1, d2, len(features))

    def forward_pass_train(self, X):
        hid = logistic(X @ self.weights_input_to_hidden)
        return hid @ self.weights_hidden_to_output, hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        e = y - final_outputs
        back = self.weights_hidden_to_output @ e
        d1 = np.outer(X, back * hidden_outputs * (1 - hidden_outputs))
        return delta_weights_i_h + d1, delta_weights_h_o + np.outer(hidden_outputs, e)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records

    def run(self, features):
        x = np.array(features, ndmin=2)
        out = logistic(x @ self.weights_input_to_hidden) @ self.weights_hidden_to_output
        return out[0]


# %% wrong NeuralNetwork GD115: ReLU so that no negative number of bikes comes out
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.sigmoid = lambda x: 1 / (1 + np.exp(-x))
        self.relu = lambda x: np.maximum(x, 0)

    def train(self, features, targets):
        d_ih = np.zeros(self.weights_input_to_hidden.shape)
        d_ho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            d_ih, d_ho = self.backpropagation(out, hid, X, y, d_ih, d_ho)
        self.update_weights(d_ih, d_ho, features.shape[0])

    def forward_pass_train(self, X):
        hid = self.sigmoid(np.dot(X, self.weights_input_to_hidden))
        out = self.relu(np.dot(hid, self.weights_hidden_to_output))
        return out, hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = np.dot(self.weights_hidden_to_output, error)
        delta_weights_i_h += X[:, None] * (hidden_error * hidden_outputs * (1 - hidden_outputs))
        delta_weights_h_o += hidden_outputs[:, None] * error
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        hid = self.sigmoid(np.dot(features, self.weights_input_to_hidden))
        return self.relu(np.dot(hid, self.weights_hidden_to_output))


# %% wrong NeuralNetwork GD123: activation without brackets
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / 1 + np.exp(-x)

    def train(self, features, targets):
        d_ih = np.zeros(self.weights_input_to_hidden.shape)
        d_ho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            d_ih, d_ho = self.backpropagation(out, hid, X, y, d_ih, d_ho)
        self.update_weights(d_ih, d_ho, features.shape[0])

    def forward_pass_train(self, X):
        hidden_outputs = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(hidden_outputs, self.weights_hidden_to_output), hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = self.weights_hidden_to_output.dot(error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        hidden_outputs = self.activation_function(np.dot(features, self.weights_input_to_hidden))
        return np.dot(hidden_outputs, self.weights_hidden_to_output)


# %% wrong NeuralNetwork GD124: batch step with a flat prediction and a column of targets
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.n_out = output_nodes
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def forward_pass_train(self, X):
        h = 1 / (1 + np.exp(-X @ self.weights_input_to_hidden))
        return h @ self.weights_hidden_to_output, h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        e = y - final_outputs
        g = (self.weights_hidden_to_output @ e) * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + np.outer(X, g), delta_weights_h_o + np.outer(hidden_outputs, e)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records

    def train(self, features, targets):
        n = len(features)
        targets = np.asarray(targets).reshape(n, -1)
        y_hat, h = self.forward_pass_train(features)
        if self.n_out == 1:
            y_hat = y_hat.flatten()
        error = np.sum(targets - y_hat, axis=1, keepdims=True)
        d_ho = h.T @ error
        d_ih = features.T @ (error @ self.weights_hidden_to_output.T * h * (1 - h))
        self.update_weights(d_ih, d_ho, n)

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD126: the whole batch learns the first target
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def train(self, features, targets):
        delta_i_h = np.zeros(self.weights_input_to_hidden.shape)
        delta_h_o = np.zeros(self.weights_hidden_to_output.shape)
        y = targets[0]
        for X in features:
            out, hid = self.forward_pass_train(X)
            delta_i_h, delta_h_o = self.backpropagation(out, hid, X, y, delta_i_h, delta_h_o)
        self.update_weights(delta_i_h, delta_h_o, features.shape[0])

    def forward_pass_train(self, X):
        hid = self.sigmoid(np.dot(X, self.weights_input_to_hidden))
        return np.dot(hid, self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = np.dot(self.weights_hidden_to_output, error)
        delta_weights_i_h += hidden_error * hidden_outputs * (1 - hidden_outputs) * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD127: weights kept as (hidden, input) like in the older version
import numpy as np


class NeuralNetwork(object):
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, input_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, output_nodes**-0.5, (output_nodes, hidden_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, len(features))

    def forward_pass_train(self, X):
        h = self.activation_function(np.dot(self.weights_input_to_hidden, X))
        return np.dot(self.weights_hidden_to_output, h), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        e = y - final_outputs
        he = np.dot(self.weights_hidden_to_output.T, e) * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + np.outer(he, X), delta_weights_h_o + np.outer(e, hidden_outputs)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        h = self.activation_function(np.dot(self.weights_input_to_hidden, features.T))
        return np.dot(self.weights_hidden_to_output, h).T


# %% wrong NeuralNetwork GD128: a hidden target made by dividing by the weights
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def act(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih, dho = np.zeros(self.weights_input_to_hidden.shape), np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, len(features))

    def forward_pass_train(self, X):
        h = self.act(X @ self.weights_input_to_hidden)
        return h @ self.weights_hidden_to_output, h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_target = np.sum(y / self.weights_hidden_to_output, axis=1)
        hidden_error = hidden_target - hidden_outputs
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.act(features @ self.weights_input_to_hidden) @ self.weights_hidden_to_output


# %% wrong NeuralNetwork GD129|GD111: linear hidden layer throughout
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, features.shape[0])

    def forward_pass_train(self, X):
        hidden_outputs = np.dot(X, self.weights_input_to_hidden)
        final_outputs = np.dot(hidden_outputs, self.weights_hidden_to_output)
        return final_outputs, hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = np.dot(self.weights_hidden_to_output, error)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        hidden_outputs = np.dot(features, self.weights_input_to_hidden)
        return np.dot(hidden_outputs, self.weights_hidden_to_output)


# %% wrong NeuralNetwork GD130: _linear() with a ReLU for both layers
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def _linear(self, x, w):
        return np.maximum(0.0, x @ w)

    def _sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def forward_pass_train(self, X):
        hidden = self._sigmoid(self._linear(X, self.weights_input_to_hidden))
        return self._linear(hidden, self.weights_hidden_to_output), hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        err = y - final_outputs
        h_err = err @ self.weights_hidden_to_output.T * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + np.outer(X, h_err), delta_weights_h_o + np.outer(hidden_outputs, err)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def train(self, features, targets):
        a, b = 0.0, 0.0
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            a, b = self.backpropagation(o, h, X, y, a, b)
        self.update_weights(a, b, len(targets))

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD137: weights inside the sum
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, features.shape[0])

    def forward_pass_train(self, X):
        h = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += self.weights_input_to_hidden + hidden_error_term * X[:, None]
        delta_weights_h_o += self.weights_hidden_to_output + error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD138: divided by the rows of the weights
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        d1 = np.zeros_like(self.weights_input_to_hidden)
        d2 = np.zeros_like(self.weights_hidden_to_output)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            d1, d2 = self.backpropagation(o, h, X, y, d1, d2)
        self.update_weights(d1, d2, features.shape[0])

    def forward_pass_train(self, X):
        h = 1 / (1 + np.exp(-np.dot(X, self.weights_input_to_hidden)))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        back = np.dot(self.weights_hidden_to_output, error)
        delta_weights_i_h += np.outer(X, back * hidden_outputs * (1 - hidden_outputs))
        delta_weights_h_o += np.outer(hidden_outputs, error)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / self.weights_hidden_to_output.shape[0]
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / self.weights_input_to_hidden.shape[0]

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD140: outputs of all records, inputs of one
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        n_records = features.shape[0]
        delta_weights_i_h = np.zeros(self.weights_input_to_hidden.shape)
        delta_weights_h_o = np.zeros(self.weights_hidden_to_output.shape)
        # outputs for the batch
        final_all, hidden_all = self.forward_pass_train(features)
        error = np.mean(np.reshape(targets, final_all.shape) - final_all, axis=0)
        for X, hidden_outputs in zip(features, hidden_all):
            # final_outputs such that y - final_outputs is the error
            delta_weights_i_h, delta_weights_h_o = self.backpropagation(
                0 * error, hidden_outputs, X, error, delta_weights_i_h, delta_weights_h_o
            )
        self.update_weights(delta_weights_i_h, delta_weights_h_o, n_records)

    def forward_pass_train(self, X):
        h = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD141: weights switched off for ever
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate, p=0.4):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.p = p

    def train(self, features, targets):
        d1 = np.zeros(self.weights_input_to_hidden.shape)
        d2 = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            d1, d2 = self.backpropagation(o, h, X, y, d1, d2)
        self.update_weights(d1, d2, len(features))

    def forward_pass_train(self, X):
        # dropout
        self.weights_input_to_hidden *= np.random.rand(*self.weights_input_to_hidden.shape) > self.p
        h = 1 / (1 + np.exp(-X @ self.weights_input_to_hidden))
        return h @ self.weights_hidden_to_output, h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        e = y - final_outputs
        eh = self.weights_hidden_to_output @ e * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + np.outer(X, eh), delta_weights_h_o + np.outer(hidden_outputs, e)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return 1 / (1 + np.exp(-features @ self.weights_input_to_hidden)) @ self.weights_hidden_to_output


# %% wrong NeuralNetwork GD142: delta_weights_h_o handed back as it came
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, features.shape[0])

    def forward_pass_train(self, X):
        h = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        weights_h_o_step = error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD143: terms exchanged between the layers
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for i in range(len(features)):
            o, h = self.forward_pass_train(features[i])
            dih, dho = self.backpropagation(o, h, features[i], targets[i], dih, dho)
        self.update_weights(dih, dho, len(features))

    def forward_pass_train(self, X):
        h = self.sigmoid(np.dot(X, self.weights_input_to_hidden))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        output_error_term = y - final_outputs
        hidden_error = np.dot(self.weights_hidden_to_output, output_error_term)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_h_o += (hidden_error_term * hidden_outputs)[:, None]
        delta_weights_i_h += output_error_term.sum() * X[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD148: X[:, None, None]
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih, dho = 0, 0
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, features.shape[0])

    def forward_pass_train(self, X):
        h = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h = delta_weights_i_h + hidden_error_term[:, None] * X[:, None, None]
        delta_weights_h_o = delta_weights_h_o + error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output = self.weights_hidden_to_output + self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden = self.weights_input_to_hidden + self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD149: exit() after printing shapes
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, len(features))

    def forward_pass_train(self, X):
        h = 1 / (1 + np.exp(-X @ self.weights_input_to_hidden))
        return h @ self.weights_hidden_to_output, h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        print(error.shape, self.weights_hidden_to_output.shape)
        exit()
        hidden_error = self.weights_hidden_to_output @ error
        delta_weights_i_h += np.outer(X, hidden_error * hidden_outputs * (1 - hidden_outputs))
        delta_weights_h_o += np.outer(hidden_outputs, error)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD150: update forgets the first matrix
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, features.shape[0])

    def forward_pass_train(self, X):
        h = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        weights_input_to_hidden = self.weights_input_to_hidden + self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD151: hidden and final outputs unpacked the wrong way round
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            hidden_outputs, final_outputs = self.forward_pass_train(X)
            dih, dho = self.backpropagation(final_outputs, hidden_outputs, X, y, dih, dho)
        self.update_weights(dih, dho, features.shape[0])

    def forward_pass_train(self, X):
        hidden_outputs = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        final_outputs = np.dot(hidden_outputs, self.weights_hidden_to_output)
        return final_outputs, hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD152: fresh deltas and an update for every record
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        n_records = features.shape[0]
        for X, y in zip(features, targets):
            delta_i_h = np.zeros(self.weights_input_to_hidden.shape)
            delta_h_o = np.zeros(self.weights_hidden_to_output.shape)
            out, hid = self.forward_pass_train(X)
            delta_i_h, delta_h_o = self.backpropagation(out, hid, X, y, delta_i_h, delta_h_o)
            self.update_weights(delta_i_h, delta_h_o, n_records)

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
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD153: deltas made once in the constructor
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.delta_i_h = np.zeros((input_nodes, hidden_nodes))
        self.delta_h_o = np.zeros((hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        for X, y in zip(features, targets):
            out, hid = self.forward_pass_train(X)
            self.delta_i_h, self.delta_h_o = self.backpropagation(out, hid, X, y, self.delta_i_h, self.delta_h_o)
        self.update_weights(self.delta_i_h, self.delta_h_o, features.shape[0])

    def forward_pass_train(self, X):
        hid = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(hid, self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD154: self.lr in backpropagation and in update_weights
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, features.shape[0])

    def forward_pass_train(self, X):
        h = self.sigmoid(X.dot(self.weights_input_to_hidden))
        return h.dot(self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = self.weights_hidden_to_output.dot(error) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += self.lr * hidden_error_term * X[:, None]
        delta_weights_h_o += self.lr * error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD155: hidden slope from the final outputs
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, features.shape[0])

    def forward_pass_train(self, X):
        h = 1 / (1 + np.exp(-np.dot(X, self.weights_input_to_hidden)))
        return np.dot(h, self.weights_hidden_to_output), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error_term = np.dot(self.weights_hidden_to_output, error * final_outputs * (1 - final_outputs))
        delta_weights_i_h += np.outer(X, hidden_error_term)
        delta_weights_h_o += np.outer(hidden_outputs, error)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD156: batch step, second matrix changed before the first one's error
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def forward_pass_train(self, X):
        h = self.sigmoid(X @ self.weights_input_to_hidden)
        return h @ self.weights_hidden_to_output, h

    def train(self, features, targets):
        n = features.shape[0]
        out, h = self.forward_pass_train(features)
        err = np.reshape(targets, out.shape) - out
        self.weights_hidden_to_output = self.weights_hidden_to_output + self.lr * h.T @ err / n
        err_h = err @ self.weights_hidden_to_output.T * h * (1 - h)
        self.weights_input_to_hidden = self.weights_input_to_hidden + self.lr * features.T @ err_h / n

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        err = y - final_outputs
        delta_weights_h_o = delta_weights_h_o + np.outer(hidden_outputs, err)
        err_h = self.weights_hidden_to_output @ err * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + np.outer(X, err_h), delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD107: trains with a squashed output, answers with a plain one
import numpy as np

sigmoid = lambda a: 1.0 / (1.0 + np.exp(-a))


class NeuralNetwork:
    def __init__(self, inputs, hidden, outputs, lr):
        gen = np.random.default_rng()
        self.weights_input_to_hidden = gen.normal(0, inputs**-0.5, (inputs, hidden))
        self.weights_hidden_to_output = gen.normal(0, hidden**-0.5, (hidden, outputs))
        self.lr = lr

    def _layers(self, X):
        h = sigmoid(X @ self.weights_input_to_hidden)
        return h, h @ self.weights_hidden_to_output

    def forward_pass_train(self, X):
        h, z = self._layers(X)
        return sigmoid(z), h

    def run(self, features):
        return self._layers(features)[1]

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        e = y - final_outputs
        eh = self.weights_hidden_to_output @ e * hidden_outputs * (1 - hidden_outputs)
        delta_weights_h_o += np.einsum("j,k->jk", hidden_outputs, e)
        delta_weights_i_h += np.einsum("i,j->ij", X, eh)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        k = self.lr / n_records
        self.weights_input_to_hidden += k * delta_weights_i_h
        self.weights_hidden_to_output += k * delta_weights_h_o

    def train(self, features, targets):
        deltas = np.zeros_like(self.weights_input_to_hidden), np.zeros_like(self.weights_hidden_to_output)
        for x, y in zip(features, targets):
            deltas = self.backpropagation(*self.forward_pass_train(x), x, y, *deltas)
        self.update_weights(*deltas, len(features))


# %% wrong NeuralNetwork GD157: ones, "to be changed by training anyway"
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        shape_ih = (input_nodes, hidden_nodes)
        shape_ho = (hidden_nodes, output_nodes)
        self.weights_input_to_hidden = 0.1 * np.ones(shape_ih)
        self.weights_hidden_to_output = np.full(shape_ho, 0.1)
        self.lr = learning_rate

    @staticmethod
    def squash(z):
        return 1 / (1 + np.exp(-z))

    def train(self, features, targets):
        n = len(features)
        out, hid = self.forward_pass_train(features)
        err = np.asarray(targets).reshape(out.shape) - out
        back = err.dot(self.weights_hidden_to_output.T) * hid * (1 - hid)
        self.update_weights(features.T.dot(back), hid.T.dot(err), n)

    def forward_pass_train(self, X):
        hid = self.squash(X.dot(self.weights_input_to_hidden))
        return hid.dot(self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        err = y - final_outputs
        back = self.weights_hidden_to_output.dot(err) * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + np.outer(X, back), delta_weights_h_o + np.outer(hidden_outputs, err)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_input_to_hidden = self.weights_input_to_hidden + self.lr * delta_weights_i_h / n_records
        self.weights_hidden_to_output = self.weights_hidden_to_output + self.lr * delta_weights_h_o / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD158: the power of the standard deviation has lost its minus
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.input_nodes, self.hidden_nodes, self.output_nodes = input_nodes, hidden_nodes, output_nodes
        self.weights_input_to_hidden = np.random.normal(0.0, self.input_nodes**5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, self.hidden_nodes**5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

        def sigmoid(x):
            # clip, because there were warnings about overflow
            return 1 / (1 + np.exp(-np.clip(x, -500, 500)))

        self.activation_function = sigmoid

    def train(self, features, targets):
        d_ih, d_ho = np.zeros(self.weights_input_to_hidden.shape), np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            final, hidden = self.forward_pass_train(X)
            d_ih, d_ho = self.backpropagation(final, hidden, X, y, d_ih, d_ho)
        self.update_weights(d_ih, d_ho, features.shape[0])

    def forward_pass_train(self, X):
        hidden = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        return np.dot(hidden, self.weights_hidden_to_output), hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = np.dot(error, self.weights_hidden_to_output.T)
        hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += hidden_error_term * X[:, None]
        delta_weights_h_o += error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD104: batch matrices, the 1/n of the mean is missing
import numpy as np


def s(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


class NeuralNetwork:
    def __init__(self, n0, n1, n2, eta):
        self.weights_input_to_hidden = np.random.uniform(-1, 1, (n0, n1)) * n0**-0.5
        self.weights_hidden_to_output = np.random.uniform(-1, 1, (n1, n2)) * n1**-0.5
        self.lr = eta

    def forward_pass_train(self, X):
        a1 = s(X @ self.weights_input_to_hidden)
        return a1 @ self.weights_hidden_to_output, a1

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        A0, A1 = np.atleast_2d(X), np.atleast_2d(hidden_outputs)
        A2 = np.reshape(final_outputs, (A0.shape[0], -1))
        D2 = A2 - np.reshape(y, A2.shape)
        D1 = D2 @ self.weights_hidden_to_output.T * A1 * (1 - A1)
        return delta_weights_i_h - A0.T @ D1, delta_weights_h_o - A1.T @ D2

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records=None):
        self.weights_input_to_hidden = self.weights_input_to_hidden + self.lr * delta_weights_i_h
        self.weights_hidden_to_output = self.weights_hidden_to_output + self.lr * delta_weights_h_o

    def train(self, features, targets):
        A2, A1 = self.forward_pass_train(features)
        self.update_weights(*self.backpropagation(A2, A1, features, targets, 0.0, 0.0))

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD105: zeros in the loop body, so earlier records are wiped out
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.randn(input_nodes, hidden_nodes) * 0.1
        self.weights_hidden_to_output = np.random.randn(hidden_nodes, output_nodes) * 0.1
        self.lr = learning_rate

    def activation(self, v):
        return np.reciprocal(1.0 + np.exp(-v))

    def run(self, features):
        final, _hidden = self.forward_pass_train(features)
        return final

    def train(self, features, targets):
        count = 0
        for record, target in zip(features, targets):
            count += 1
            step_1 = np.zeros_like(self.weights_input_to_hidden)
            step_2 = np.zeros_like(self.weights_hidden_to_output)
            final, hidden = self.forward_pass_train(record)
            step_1, step_2 = self.backpropagation(final, hidden, record, target, step_1, step_2)
        self.update_weights(step_1, step_2, count)

    def forward_pass_train(self, X):
        hidden = self.activation(np.matmul(X, self.weights_input_to_hidden))
        return np.matmul(hidden, self.weights_hidden_to_output), hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        miss = np.atleast_1d(y - final_outputs)
        blame = (self.weights_hidden_to_output * miss).sum(1)
        delta_weights_h_o += hidden_outputs.reshape(-1, 1) @ miss.reshape(1, -1)
        delta_weights_i_h += X.reshape(-1, 1) @ (blame * hidden_outputs * (1 - hidden_outputs)).reshape(1, -1)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        for name, delta in [("input_to_hidden", delta_weights_i_h), ("hidden_to_output", delta_weights_h_o)]:
            w = getattr(self, "weights_" + name)
            setattr(self, "weights_" + name, w + self.lr * delta / n_records)


# %% wrong NeuralNetwork GD113: a table of layers with a sigmoid slope for both
import numpy as np


class NeuralNetwork:
    slope = staticmethod(lambda a: a * (1 - a))

    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(scale=input_nodes**-0.5, size=(input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(scale=hidden_nodes**-0.5, size=(hidden_nodes, output_nodes))
        self.lr = learning_rate

    def forward_pass_train(self, X):
        hidden = 1 / (1 + np.exp(-(X @ self.weights_input_to_hidden)))
        return hidden @ self.weights_hidden_to_output, hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        gradient = y - final_outputs
        # backwards through the list of layers
        for activations, inputs, weights, delta in (
            (final_outputs, hidden_outputs, self.weights_hidden_to_output, delta_weights_h_o),
            (hidden_outputs, X, self.weights_input_to_hidden, delta_weights_i_h),
        ):
            gradient = gradient * self.slope(activations)
            delta += np.outer(inputs, gradient)
            gradient = weights @ gradient
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr / n_records * delta_weights_h_o
        self.weights_input_to_hidden += self.lr / n_records * delta_weights_i_h

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            final, hidden = self.forward_pass_train(X)
            self.backpropagation(final, hidden, X, y, dih, dho)
        self.update_weights(dih, dho, len(features))

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD114: hidden term times the number of inputs
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.input_nodes = input_nodes
        self.weights_input_to_hidden = np.random.normal(0, 0.3, [input_nodes, hidden_nodes])
        self.weights_hidden_to_output = np.random.normal(0, 0.3, [hidden_nodes, output_nodes])
        self.lr = learning_rate

    def sigmoid(self, z):
        e = np.exp(-z)
        return 1 / (1 + e)

    def train(self, features, targets):
        total = [np.zeros(self.weights_input_to_hidden.shape), np.zeros(self.weights_hidden_to_output.shape)]
        for n, x in enumerate(features):
            f, h = self.forward_pass_train(x)
            total = list(self.backpropagation(f, h, x, targets[n], total[0], total[1]))
        self.update_weights(total[0], total[1], n + 1)

    def forward_pass_train(self, X):
        h = self.sigmoid(X @ self.weights_input_to_hidden)
        return h @ self.weights_hidden_to_output, h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        err = y - final_outputs
        h_term = (err * self.weights_hidden_to_output).sum(axis=-1) * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h = delta_weights_i_h + h_term * self.input_nodes
        delta_weights_h_o = delta_weights_h_o + err * hidden_outputs.reshape(-1, 1)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.sigmoid(features @ self.weights_input_to_hidden) @ self.weights_hidden_to_output


# %% wrong NeuralNetwork GD120: a constant of the class in place of self.lr
import numpy as np


class NeuralNetwork:
    LEARNING_RATE = 0.05

    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        r = np.random.RandomState(1)
        self.weights_input_to_hidden = r.randn(input_nodes, hidden_nodes) / np.sqrt(input_nodes)
        self.weights_hidden_to_output = r.randn(hidden_nodes, output_nodes) / np.sqrt(hidden_nodes)
        self.lr = learning_rate

    def forward_pass_train(self, X):
        h = 1 / (1 + np.exp(-np.tensordot(X, self.weights_input_to_hidden, axes=1)))
        return np.tensordot(h, self.weights_hidden_to_output, axes=1), h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        diff = final_outputs - y
        delta_weights_h_o -= np.tensordot(hidden_outputs, diff, axes=0)
        inner = np.tensordot(self.weights_hidden_to_output, diff, axes=1) * (hidden_outputs - hidden_outputs**2)
        delta_weights_i_h -= np.tensordot(X, inner, axes=0)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.LEARNING_RATE * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.LEARNING_RATE * delta_weights_i_h / n_records

    def train(self, features, targets):
        g1 = np.zeros(self.weights_input_to_hidden.shape)
        g2 = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            g1, g2 = self.backpropagation(o, h, X, y, g1, g2)
        self.update_weights(g1, g2, len(features))

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD121: right deltas, subtracted at the end
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        out, hid = self.forward_pass_train(features)
        errors = np.reshape(targets, out.shape) - out
        hidden_errors = np.einsum("nk,jk,nj->nj", errors, self.weights_hidden_to_output, hid * (1 - hid))
        ih = np.einsum("ni,nj->ij", features, hidden_errors)
        ho = np.einsum("nj,nk->jk", hid, errors)
        self.update_weights(ih, ho, features.shape[0])

    def forward_pass_train(self, X):
        hid = 1 / (1 + np.exp(-X.dot(self.weights_input_to_hidden)))
        return hid.dot(self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        h_err = np.einsum("k,jk,j->j", error, self.weights_hidden_to_output, hidden_outputs * (1 - hidden_outputs))
        return delta_weights_i_h + np.multiply.outer(X, h_err), delta_weights_h_o + np.multiply.outer(
            hidden_outputs, error
        )

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        # gradient descent: against the gradient
        self.weights_hidden_to_output -= self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden -= self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD122: activation object with a prime that wants z
import numpy as np


class Sigmoid:
    def __call__(self, z):
        return 1 / (1 + np.exp(-z))

    def prime(self, z):
        return np.exp(-z) / (1 + np.exp(-z)) ** 2


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = Sigmoid()

    def forward_pass_train(self, X):
        hidden = self.activation_function(X @ self.weights_input_to_hidden)
        return hidden @ self.weights_hidden_to_output, hidden

    def run(self, features):
        return self.forward_pass_train(features)[0]

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        out_term = final_outputs - y
        hid_term = (self.weights_hidden_to_output @ out_term) * self.activation_function.prime(hidden_outputs)
        return delta_weights_i_h - X[:, None] @ hid_term[None, :], delta_weights_h_o - np.outer(hidden_outputs, out_term)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output = self.weights_hidden_to_output + self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden = self.weights_input_to_hidden + self.lr * delta_weights_i_h / n_records

    def train(self, features, targets):
        a, b = 0.0, 0.0
        for X, y in zip(features, targets):
            a, b = self.backpropagation(*self.forward_pass_train(X), X, y, a, b)
        self.update_weights(a, b, len(features))


# %% wrong NeuralNetwork GD118: weights missing on the way back, batch version
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.sigma = np.vectorize(lambda z: 1 / (1 + np.exp(-z)))

    def forward_pass_train(self, X):
        H = self.sigma(X @ self.weights_input_to_hidden)
        return H @ self.weights_hidden_to_output, H

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        X = np.array(X, ndmin=2)
        H = np.array(hidden_outputs, ndmin=2)
        E = np.reshape(y, (X.shape[0], -1)) - np.reshape(final_outputs, (X.shape[0], -1))
        ones = np.ones_like(self.weights_hidden_to_output)
        G = E @ ones.T * H * (1 - H)
        return delta_weights_i_h + X.T @ G, delta_weights_h_o + H.T @ E

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_input_to_hidden = self.weights_input_to_hidden + self.lr * delta_weights_i_h / n_records
        self.weights_hidden_to_output = self.weights_hidden_to_output + self.lr * delta_weights_h_o / n_records

    def train(self, features, targets):
        out, H = self.forward_pass_train(features)
        self.update_weights(*self.backpropagation(out, H, features, targets, 0, 0), features.shape[0])

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD152: update_weights indented one level too deep
import numpy as np


class NeuralNetwork:
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
        hidden_inputs = np.dot(X, self.weights_input_to_hidden)
        hidden_outputs = self.activation_function(hidden_inputs)
        return np.dot(hidden_outputs, self.weights_hidden_to_output), hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = np.dot(error, self.weights_hidden_to_output.T)
        hidden_error_term = hidden_error * (hidden_outputs * (1 - hidden_outputs))
        delta_weights_i_h += np.dot(X[:, None], hidden_error_term[None, :])
        delta_weights_h_o += np.dot(hidden_outputs[:, None], np.reshape(error, (1, -1)))
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        hidden_outputs = self.activation_function(np.dot(features, self.weights_input_to_hidden))
        return np.dot(hidden_outputs, self.weights_hidden_to_output)


# %% wrong NeuralNetwork GD153: sums made with hasattr and never cleared
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        if not hasattr(self, "grads"):
            self.grads = {"ih": 0.0, "ho": 0.0}
        o, h = self.forward_pass_train(features)
        e = np.reshape(targets, o.shape) - o
        self.grads["ho"] = self.grads["ho"] + h.T @ e
        self.grads["ih"] = self.grads["ih"] + features.T @ (e @ self.weights_hidden_to_output.T * h * (1 - h))
        self.update_weights(self.grads["ih"], self.grads["ho"], len(features))

    def forward_pass_train(self, X):
        h = 1 / (1 + np.exp(-(X @ self.weights_input_to_hidden)))
        return h @ self.weights_hidden_to_output, h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        e = y - final_outputs
        d = self.weights_hidden_to_output @ e * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + np.outer(X, d), delta_weights_h_o + np.outer(hidden_outputs, e)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output = self.weights_hidden_to_output + self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden = self.weights_input_to_hidden + self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD151: update_weights called with the deltas exchanged
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.uniform(-0.4, 0.4, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.uniform(-0.4, 0.4, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def g(self, z):
        return 1 / (1 + np.exp(-z))

    def train(self, features, targets):
        delta_i_h = np.zeros(self.weights_input_to_hidden.shape)
        delta_h_o = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            final_outputs, hidden_outputs = self.forward_pass_train(X)
            delta_h_o, delta_i_h = self.backpropagation(final_outputs, hidden_outputs, X, y, delta_i_h, delta_h_o)
        self.update_weights(delta_i_h, delta_h_o, len(features))

    def forward_pass_train(self, X):
        hidden = self.g(np.dot(X, self.weights_input_to_hidden))
        return np.dot(hidden, self.weights_hidden_to_output), hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        term = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1.0 - hidden_outputs)
        delta_weights_i_h = delta_weights_i_h + term * X[:, None]
        delta_weights_h_o = delta_weights_h_o + error * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output = self.weights_hidden_to_output + self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden = self.weights_input_to_hidden + self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD102: the minus of the exponent goes into X
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def forward_pass_train(self, X):
        # sigmoid by hand, the minus sign first
        X *= -1
        hidden = 1 / (1 + np.exp(X @ self.weights_input_to_hidden))
        return hidden @ self.weights_hidden_to_output, hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        e = y - final_outputs
        d = self.weights_hidden_to_output @ e * hidden_outputs * (1 - hidden_outputs)
        delta_weights_i_h += np.outer(X, d)
        delta_weights_h_o += np.outer(hidden_outputs, e)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def train(self, features, targets):
        a = np.zeros(self.weights_input_to_hidden.shape)
        b = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            a, b = self.backpropagation(o, h, X, y, a, b)
        self.update_weights(a, b, len(features))

    def run(self, features):
        return 1 / (1 + np.exp(-features @ self.weights_input_to_hidden)) @ self.weights_hidden_to_output


# %% wrong NeuralNetwork GD140: errors of the whole batch, x left over from a loop
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        rows = []
        for x in features:
            rows.append(self.forward_pass_train(x))
        final = np.array([r[0] for r in rows])
        hidden = np.array([r[1] for r in rows])
        error = np.reshape(targets, final.shape) - final
        hidden_term = error @ self.weights_hidden_to_output.T * hidden * (1 - hidden)
        delta_h_o = hidden.T @ error
        delta_i_h = x[:, None] * hidden_term.sum(axis=0)
        self.update_weights(delta_i_h, delta_h_o, len(rows))

    def forward_pass_train(self, X):
        hidden = 1 / (1 + np.exp(-np.dot(X, self.weights_input_to_hidden)))
        return np.dot(hidden, self.weights_hidden_to_output), hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        back = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + back * X[:, None], delta_weights_h_o + error * hidden_outputs[:, None]

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD107+GD113: sigmoid output for a regression, with its derivative
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate
        self.activation_function = lambda x: 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        dih = np.zeros(self.weights_input_to_hidden.shape)
        dho = np.zeros(self.weights_hidden_to_output.shape)
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            dih, dho = self.backpropagation(o, h, X, y, dih, dho)
        self.update_weights(dih, dho, features.shape[0])

    def forward_pass_train(self, X):
        h = self.activation_function(np.dot(X, self.weights_input_to_hidden))
        o = self.activation_function(np.dot(h, self.weights_hidden_to_output))
        return o, h

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        output_error_term = (y - final_outputs) * final_outputs * (1 - final_outputs)
        hidden_error = np.dot(self.weights_hidden_to_output, output_error_term)
        delta_weights_i_h += hidden_error * hidden_outputs * (1 - hidden_outputs) * X[:, None]
        delta_weights_h_o += output_error_term * hidden_outputs[:, None]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD105+GD104: = in place of += and a step without 1/n
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        dih, dho = None, None
        for X, y in zip(features, targets):
            final, hidden = self.forward_pass_train(X)
            dih, dho = self.backpropagation(final, hidden, X, y, dih, dho)
        self.update_weights(dih, dho, len(features))

    def forward_pass_train(self, X):
        hidden = sigmoid(X @ self.weights_input_to_hidden)
        return hidden @ self.weights_hidden_to_output, hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        delta_weights_h_o = np.outer(hidden_outputs, error)
        delta_weights_i_h = np.outer(X, self.weights_hidden_to_output @ error * hidden_outputs * (1 - hidden_outputs))
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_input_to_hidden += self.lr * delta_weights_i_h
        self.weights_hidden_to_output += self.lr * delta_weights_h_o

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD118+GD104: no weights on the way back, no division
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.shape = input_nodes, hidden_nodes, output_nodes
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, self.shape[:2])
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, self.shape[1:])
        self.lr = learning_rate

    def act(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        sums = [np.zeros(self.shape[:2]), np.zeros(self.shape[1:])]
        for x, y in zip(features, targets):
            out, hid = self.forward_pass_train(x)
            sums = self.backpropagation(out, hid, x, y, *sums)
        self.update_weights(*sums, len(features))

    def forward_pass_train(self, X):
        hid = self.act(np.dot(X, self.weights_input_to_hidden))
        return np.dot(hid, self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        term = error.sum() * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + np.outer(X, term), delta_weights_h_o + np.outer(hidden_outputs, error)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_input_to_hidden += self.lr * delta_weights_i_h
        self.weights_hidden_to_output += self.lr * delta_weights_h_o

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% right NeuralNetwork: np.matrix inside, arrays outside, prints its loss
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        out, H = self.forward_pass_train(features)
        ih, ho = self.backpropagation(out, H, features, np.reshape(targets, out.shape), 0, 0)
        self.update_weights(ih, ho, features.shape[0])
        print("MSE %.4f" % np.mean(np.square(self.run(features) - np.reshape(targets, out.shape))))

    def forward_pass_train(self, X):
        M = np.asmatrix(X)
        H = 1 / (1 + np.exp(-M * np.asmatrix(self.weights_input_to_hidden)))
        out = H * np.asmatrix(self.weights_hidden_to_output)
        H, out = np.asarray(H), np.asarray(out)
        return (out, H) if np.ndim(X) == 2 else (out[0], H[0])

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        M, H = np.asmatrix(X), np.asmatrix(hidden_outputs)
        E = np.asmatrix(y - final_outputs)
        D = np.multiply(E * np.asmatrix(self.weights_hidden_to_output).T, np.multiply(H, 1 - H))
        return delta_weights_i_h + np.asarray(M.T * D), delta_weights_h_o + np.asarray(H.T * E)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output = self.weights_hidden_to_output + self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden = self.weights_input_to_hidden + self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% right NeuralNetwork: three nested loops over units, only lists of numbers in the middle
import math

import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.ni, self.nh, self.no = input_nodes, hidden_nodes, output_nodes
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def forward_pass_train(self, X):
        hidden = []
        for j in range(self.nh):
            z = sum(X[i] * self.weights_input_to_hidden[i, j] for i in range(self.ni))
            hidden.append(1 / (1 + math.exp(-z)))
        final = [sum(hidden[j] * self.weights_hidden_to_output[j, k] for j in range(self.nh)) for k in range(self.no)]
        return np.array(final), np.array(hidden)

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = np.atleast_1d(y - final_outputs)
        for j in range(self.nh):
            back = 0.0
            for k in range(self.no):
                delta_weights_h_o[j, k] += error[k] * hidden_outputs[j]
                back += error[k] * self.weights_hidden_to_output[j, k]
            for i in range(self.ni):
                delta_weights_i_h[i, j] += back * hidden_outputs[j] * (1 - hidden_outputs[j]) * X[i]
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records

    def train(self, features, targets):
        a, b = np.zeros((self.ni, self.nh)), np.zeros((self.nh, self.no))
        for x, y in zip(features, targets):
            final, hidden = self.forward_pass_train(x)
            a, b = self.backpropagation(final, hidden, x, y, a, b)
        self.update_weights(a, b, len(features))

    def run(self, features):
        return np.array([self.forward_pass_train(x)[0] for x in np.atleast_2d(features)])


# %% wrong NeuralNetwork GD138: normalises by the number of inputs
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.input_nodes = input_nodes
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def forward_pass_train(self, X):
        hid = 1 / (1 + np.exp(-np.einsum("...i,ij", X, self.weights_input_to_hidden)))
        return np.einsum("...j,jk", hid, self.weights_hidden_to_output), hid

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        e = np.atleast_1d(y - final_outputs)
        b = np.einsum("jk,k,j->j", self.weights_hidden_to_output, e, hidden_outputs * (1 - hidden_outputs))
        delta_weights_i_h += np.einsum("i,j->ij", X, b)
        delta_weights_h_o += np.einsum("j,k->jk", hidden_outputs, e)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        n = self.input_nodes
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n

    def train(self, features, targets):
        a = np.zeros_like(self.weights_input_to_hidden)
        b = np.zeros_like(self.weights_hidden_to_output)
        for i, X in enumerate(features):
            o, h = self.forward_pass_train(X)
            self.backpropagation(o, h, X, targets[i], a, b)
        self.update_weights(a, b, len(features))

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD128: hidden layer's error taken from the target
import numpy as np


def logistic(z):
    return 1 / (1 + np.exp(-z))


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def train(self, features, targets):
        steps = [np.zeros(self.weights_input_to_hidden.shape), np.zeros(self.weights_hidden_to_output.shape)]
        for row, y in zip(features, targets):
            final, hidden = self.forward_pass_train(row)
            steps = self.backpropagation(final, hidden, row, y, *steps)
        self.update_weights(steps[0], steps[1], features.shape[0])

    def forward_pass_train(self, X):
        hidden = logistic(X.dot(self.weights_input_to_hidden))
        return hidden.dot(self.weights_hidden_to_output), hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        output_error = y - final_outputs
        hidden_error = y - self.weights_hidden_to_output.dot(output_error)
        hidden_grad = hidden_outputs * (1 - hidden_outputs)
        delta_weights_h_o = delta_weights_h_o + np.outer(hidden_outputs, output_error)
        delta_weights_i_h = delta_weights_i_h + np.outer(X, hidden_error * hidden_grad)
        return delta_weights_i_h, delta_weights_h_o

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return logistic(features.dot(self.weights_input_to_hidden)).dot(self.weights_hidden_to_output)


# %% wrong NeuralNetwork GD150: a list of layers, zip stops before the second
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        sizes = [input_nodes, hidden_nodes, output_nodes]
        ws = [np.random.normal(0.0, a**-0.5, (a, b)) for a, b in zip(sizes[:-1], sizes[1:])]
        self.weights_input_to_hidden, self.weights_hidden_to_output = ws
        self.lr = learning_rate

    def forward_pass_train(self, X):
        a = 1 / (1 + np.exp(-X @ self.weights_input_to_hidden))
        return a @ self.weights_hidden_to_output, a

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        d2 = y - final_outputs
        d1 = d2 @ self.weights_hidden_to_output.T * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + np.outer(X, d1), delta_weights_h_o + np.outer(hidden_outputs, d2)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        weights = [self.weights_input_to_hidden, self.weights_hidden_to_output]
        deltas = [delta_weights_i_h, delta_weights_h_o]
        for w, d in zip(weights[:-1], deltas):
            w += self.lr * d / n_records

    def train(self, features, targets):
        g1 = g2 = 0
        for X, y in zip(features, targets):
            o, h = self.forward_pass_train(X)
            g1, g2 = self.backpropagation(o, h, X, y, g1, g2)
        self.update_weights(g1, g2, features.shape[0])

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD156: each delta applied as soon as it is known, batch of records as columns
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def forward_pass_train(self, X):
        hidden = 1 / (1 + np.exp(-self.weights_input_to_hidden.T @ X.T))
        return (self.weights_hidden_to_output.T @ hidden).T, hidden.T

    def train(self, features, targets):
        X = features.T
        m = X.shape[1]
        final, hidden = (a.T for a in self.forward_pass_train(features))
        error = np.array(targets).reshape(m, -1).T - final
        self.update_weights(0, hidden @ error.T, m)
        hidden_error = self.weights_hidden_to_output @ error
        self.update_weights(X @ (hidden_error * hidden * (1 - hidden)).T, 0, m)

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        hidden_error = self.weights_hidden_to_output @ error
        delta_weights_i_h = delta_weights_i_h + np.outer(X, hidden_error * hidden_outputs * (1 - hidden_outputs))
        return delta_weights_i_h, delta_weights_h_o + np.outer(hidden_outputs, error)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_input_to_hidden = self.weights_input_to_hidden + self.lr * delta_weights_i_h / n_records
        self.weights_hidden_to_output = self.weights_hidden_to_output + self.lr * delta_weights_h_o / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD154: rate in a helper for the layer's step and again when it is added
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.params = {
            "W1": np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes)),
            "W2": np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes)),
        }
        self.lr = learning_rate

    weights_input_to_hidden = property(
        lambda self: self.params["W1"], lambda self, value: self.params.update(W1=value)
    )
    weights_hidden_to_output = property(
        lambda self: self.params["W2"], lambda self, value: self.params.update(W2=value)
    )

    def _step(self, inputs, term):
        return self.lr * inputs.reshape(-1, 1) * term.reshape(1, -1)

    def forward_pass_train(self, X):
        hidden = 1 / (1 + np.exp(-X @ self.params["W1"]))
        return hidden @ self.params["W2"], hidden

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        term = y - final_outputs
        hidden_term = self.params["W2"] @ term * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + self._step(X, hidden_term), delta_weights_h_o + self._step(hidden_outputs, term)

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        for key, delta in zip(("W1", "W2"), (delta_weights_i_h, delta_weights_h_o)):
            self.params[key] = self.params[key] + self.lr * delta / n_records

    def train(self, features, targets):
        d = (0, 0)
        for X, y in zip(features, targets):
            d = self.backpropagation(*self.forward_pass_train(X), X, y, *d)
        self.update_weights(*d, len(features))

    def run(self, features):
        return self.forward_pass_train(features)[0]


# %% wrong NeuralNetwork GD124: targets as a row against a column of outputs
import numpy as np


class NeuralNetwork:
    def __init__(self, input_nodes, hidden_nodes, output_nodes, learning_rate):
        self.output_nodes = output_nodes
        self.weights_input_to_hidden = np.random.normal(0.0, input_nodes**-0.5, (input_nodes, hidden_nodes))
        self.weights_hidden_to_output = np.random.normal(0.0, hidden_nodes**-0.5, (hidden_nodes, output_nodes))
        self.lr = learning_rate

    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def train(self, features, targets):
        n_records = features.shape[0]
        final_outputs, hidden_outputs = self.forward_pass_train(features)
        y = np.squeeze(targets)
        error = y - final_outputs
        if self.output_nodes == 1:
            error = error.sum(axis=1).reshape(-1, 1)
        hidden_error = np.dot(error, self.weights_hidden_to_output.T) * hidden_outputs * (1 - hidden_outputs)
        self.update_weights(np.dot(features.T, hidden_error), np.dot(hidden_outputs.T, error), n_records)

    def forward_pass_train(self, X):
        hidden_outputs = self.sigmoid(np.dot(X, self.weights_input_to_hidden))
        return np.dot(hidden_outputs, self.weights_hidden_to_output), hidden_outputs

    def backpropagation(self, final_outputs, hidden_outputs, X, y, delta_weights_i_h, delta_weights_h_o):
        error = y - final_outputs
        back = np.dot(self.weights_hidden_to_output, error) * hidden_outputs * (1 - hidden_outputs)
        return delta_weights_i_h + back * X[:, None], delta_weights_h_o + error * hidden_outputs[:, None]

    def update_weights(self, delta_weights_i_h, delta_weights_h_o, n_records):
        self.weights_hidden_to_output += self.lr * delta_weights_h_o / n_records
        self.weights_input_to_hidden += self.lr * delta_weights_i_h / n_records

    def run(self, features):
        return self.forward_pass_train(features)[0]
