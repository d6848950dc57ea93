# %% right Linear: the lesson's layer with np.dot
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
        return np.dot(x, self.weight.data.transpose()) + self.bias.data

    def backward(self, grad):
        self.weight.grad += np.dot(grad.transpose(), self.x)
        self.bias.grad += np.sum(grad, axis=0)
        return np.dot(grad, self.weight.data)

    def parameters(self):
        return [self.weight, self.bias]


# %% right Linear: the lesson's layer with einsum and an own Parameter
import numpy as np


class Tensor:
    def __init__(self, values):
        self.data = np.asarray(values)
        self.grad = self.data * 0


class Linear:
    def __init__(self, n_in, n_out, rng):
        self.weight = Tensor(rng.normal(0, n_in ** -0.5, size=(n_out, n_in)))
        self.bias = Tensor(np.zeros(n_out))     # zero is fine for a bias

    def forward(self, x):
        self.saved = x.copy()
        return np.einsum("ni,oi->no", x, self.weight.data) + self.bias.data[None]

    def backward(self, grad):
        self.weight.grad = self.weight.grad + np.einsum("no,ni->oi", grad, self.saved)
        self.bias.grad = self.bias.grad + np.einsum("no->o", grad)
        return np.einsum("no,oi->ni", grad, self.weight.data)

    def parameters(self):
        return [self.weight, self.bias]


# %% right Linear: the lesson's layer, record by record with outer products
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros(data.shape)


class Linear:
    """out = W x + b for each record"""

    def __init__(self, n_in, n_out, rng):
        limit = np.sqrt(6.0 / (n_in + n_out))
        W = rng.random((n_out, n_in)) * 2 * limit - limit
        b = rng.random(n_out) * 0.1
        self.weight, self.bias = Parameter(W), Parameter(b)

    def forward(self, x):
        self.inputs = x
        out = []
        for record in x:
            out.append(self.weight.data @ record + self.bias.data)
        return np.array(out)

    def backward(self, grad):
        to_input = np.zeros(self.inputs.shape)
        for i, (record, g) in enumerate(zip(self.inputs, grad)):
            self.weight.grad += np.outer(g, record)
            self.bias.grad += g
            to_input[i] = self.weight.data.T @ g
        return to_input

    def parameters(self):
        return [self.weight, self.bias]


# %% right Linear as FullyConnectedLayer: published form, Param with value and grad, accumulates
import numpy as np


class Param:
    '''Trainable parameter of the model'''
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class FullyConnectedLayer:
    def __init__(self, n_input, n_output):
        self.W = Param(0.001 * np.random.randn(n_input, n_output))
        self.B = Param(0.001 * np.random.randn(1, n_output))
        self.X = None

    def forward(self, X):
        self.X = X.copy()
        return X.dot(self.W.value) + self.B.value

    def backward(self, d_out):
        self.W.grad += self.X.T.dot(d_out)
        self.B.grad += d_out.sum(axis=0).reshape(1, -1)
        d_input = d_out.dot(self.W.value.T)
        return d_input

    def params(self):
        return {'W': self.W, 'B': self.B}


# %% right Linear as FullyConnectedLayer: published form, gradient assigned, ones vector for the bias
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class FullyConnectedLayer:
    def __init__(self, n_input, n_output):
        self.W = Param(0.001 * np.random.randn(n_input, n_output))
        self.B = Param(0.001 * np.random.randn(1, n_output))

    def forward(self, X):
        self.X = X
        return np.matmul(X, self.W.value) + self.B.value

    def backward(self, d_out):
        batch_size = d_out.shape[0]
        self.W.grad = np.matmul(np.transpose(self.X), d_out)
        self.B.grad = np.ones((1, batch_size)) @ d_out
        return np.matmul(d_out, np.transpose(self.W.value))

    def params(self):
        return dict(W=self.W, B=self.B)


# %% right Linear as Dense: published form, two dictionaries
import numpy as np


class Dense:
    def __init__(self, n_input, n_output):
        self.params = {
            'W': np.random.normal(size=(n_input, n_output)) / np.sqrt(n_input),
            'b': np.zeros(n_output),
        }
        self.grads = {}

    def forward(self, X):
        self.cache = X
        return X @ self.params['W'] + self.params['b']

    def backward(self, d_out):
        X = self.cache
        self.grads['W'] = X.T @ d_out
        self.grads['b'] = d_out.sum(0)
        return d_out @ self.params['W'].T


# %% right Linear as Affine: published form, plain attributes dW and db
import numpy as np


class Affine:
    def __init__(self, n_input, n_output):
        rng = np.random.RandomState(42)
        self.W = rng.uniform(-0.5, 0.5, (n_input, n_output))
        self.b = rng.uniform(-0.5, 0.5, (1, n_output))
        self.dW = None
        self.db = None

    def forward(self, X):
        self.X = X
        out = X.dot(self.W)
        out += self.b
        return out

    def backward(self, d_out):
        self.dW = sum(np.outer(x, d) for x, d in zip(self.X, d_out))
        self.db = np.sum(d_out, axis=0, keepdims=True)
        return (self.W @ d_out.T).T


# %% right Linear: published form, long attribute names
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.weights = np.random.randn(n_input, n_output) * 0.1
        self.bias = np.random.randn(n_output) * 0.1
        self.weights_grad = np.zeros((n_input, n_output))
        self.bias_grad = np.zeros(n_output)

    def forward(self, X):
        self.input = np.array(X)
        return np.add(np.dot(X, self.weights), self.bias)

    def backward(self, d_out):
        self.weights_grad += np.tensordot(self.input, d_out, axes=(0, 0))
        self.bias_grad += d_out.sum(axis=0)
        return np.tensordot(d_out, self.weights, axes=(1, 1))


# %% right Linear as DenseLayer: published form, weight kept (out, in), column vectors
import numpy as np


class DenseLayer:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_output, n_input) * np.sqrt(1.0 / n_input)
        self.B = np.zeros((n_output, 1))
        self.dW = np.zeros_like(self.W)
        self.dB = np.zeros_like(self.B)

    def forward(self, X):
        self.columns = X.T
        return (self.W @ self.columns + self.B).T

    def backward(self, d_out):
        D = d_out.T
        self.dW = D @ self.columns.T
        self.dB = D.sum(axis=1, keepdims=True)
        return (self.W.T @ D).T


# %% right Linear: published form, np.matrix inside
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.W = Param(np.random.standard_normal((n_input, n_output)) * 0.01)
        self.B = Param(np.random.standard_normal((1, n_output)) * 0.01)

    def forward(self, X):
        self.X = np.asmatrix(X)
        return np.asarray(self.X * np.asmatrix(self.W.value) + self.B.value)

    def backward(self, d_out):
        D = np.asmatrix(d_out)
        self.W.grad += np.asarray(self.X.T * D)
        self.B.grad += np.asarray(D.sum(axis=0))
        return np.asarray(D * np.asmatrix(self.W.value).T)

    def params(self):
        return {'W': self.W, 'B': self.B}


# %% right Linear: published form, one matrix with a bias row
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        w = np.random.randn(n_input, n_output) * 0.1
        self.theta = np.vstack([w, np.zeros((1, n_output))])
        self.d_theta = np.zeros_like(self.theta)

    def forward(self, X):
        self.X1 = np.hstack([X, np.ones((X.shape[0], 1))])
        return self.X1.dot(self.theta)

    def backward(self, d_out):
        self.d_theta = self.X1.T.dot(d_out)
        return d_out.dot(self.theta[:-1].T)


# %% wrong Linear GD102: published form, adds the slopes up in the first row of d_out
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output) * 0.1
        self.B = np.random.randn(1, n_output) * 0.1
        self.dW = np.zeros_like(self.W)
        self.dB = np.zeros_like(self.B)

    def forward(self, X):
        self.X = X.copy()
        return X @ self.W + self.B

    def backward(self, d_out):
        self.dW += self.X.T @ d_out
        d_input = d_out @ self.W.T
        for i in range(1, len(d_out)):
            d_out[0] += d_out[i]      # add all the rows up in the first one
        self.dB += d_out[0]
        return d_input


# %% wrong Linear GD105: published form, each record's outer product replaces the one before
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.W = 0.05 * np.random.randn(n_input, n_output)
        self.b = np.zeros(n_output)

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, d_out):
        for x, d in zip(self.X, d_out):
            self.dW = np.outer(x, d)
            self.db = d
        return d_out @ self.W.T


# %% wrong Linear GD105: lesson's layer, loop with = instead of +=
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
        dw = np.zeros_like(self.weight.data)
        db = np.zeros_like(self.bias.data)
        for n in range(grad.shape[0]):
            dw = grad[n][:, None] * self.x[n]
            db = grad[n]
        self.weight.grad += dw
        self.bias.grad += db
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD106: lesson's layer, the slope of x before the weights have a name
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out, rng):
        self.weight = Parameter(rng.normal(size=(n_out, n_in)) / np.sqrt(n_in))
        self.bias = Parameter(np.zeros(n_out))

    def forward(self, x):
        self.x = x
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        dx = grad @ W
        W = self.weight.data
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return dx

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD114: published form, times the number of inputs
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.n_input = n_input
        self.n_output = n_output
        self.W = Param(np.random.randn(n_input, n_output) * 0.01)
        self.B = Param(np.random.randn(1, n_output) * 0.01)

    def forward(self, X):
        self.X = X
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        self.W.grad += self.n_input * d_out.sum(axis=0)
        self.B.grad += d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.value.T

    def params(self):
        return {'W': self.W, 'B': self.B}


# %% wrong Linear GD114: lesson's layer, keeps the shape of x instead of x
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data, self.grad = data, np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out, rng):
        b = n_in ** -0.5
        self.weight = Parameter(rng.uniform(-b, b, (n_out, n_in)))
        self.bias = Parameter(rng.uniform(-b, b, n_out))

    def forward(self, x):
        self.size = x.shape[1]
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        for g in grad:
            self.weight.grad += g[:, None] * self.size
            self.bias.grad += g
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD118: published form, passes the sum of the slopes to each input
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output) * 0.1
        self.b = np.random.randn(n_output) * 0.1

    def forward(self, X):
        self.X = X
        return X.dot(self.W) + self.b

    def backward(self, d_out):
        self.dW = self.X.T.dot(d_out)
        self.db = d_out.sum(axis=0)
        d_input = np.ones(self.X.shape) * d_out.sum(axis=1, keepdims=True)
        return d_input


# %% wrong Linear GD118: lesson's layer, the weights do not occur in backward's answer
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
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return grad

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD121: published form, minus signs of a descent step in the gradient
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.W = Param(np.random.randn(n_input, n_output) * 0.01)
        self.B = Param(np.zeros((1, n_output)))

    def forward(self, X):
        self.X = X
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        self.W.grad -= self.X.T @ d_out
        self.B.grad -= d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.value.T

    def params(self):
        return {'W': self.W, 'B': self.B}


# %% wrong Linear GD125|GD138: published form, divides the slopes by the batch once more
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output) * np.sqrt(2 / n_input)
        self.b = np.zeros((1, n_output))

    def forward(self, X):
        self.A_prev = X
        Z = X @ self.W + self.b
        return Z

    def backward(self, d_out):
        m = self.A_prev.shape[0]
        self.dW = 1 / m * self.A_prev.T @ d_out
        self.db = 1 / m * np.sum(d_out, axis=0, keepdims=True)
        return d_out @ self.W.T


# %% wrong Linear GD127: lesson's layer, weight kept (in, out)
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out, rng):
        bound = 1 / np.sqrt(n_in)
        self.weight = Parameter(rng.uniform(-bound, bound, (n_in, n_out)))
        self.bias = Parameter(rng.uniform(-bound, bound, n_out))

    def forward(self, x):
        self.x = x
        return x @ self.weight.data + self.bias.data

    def backward(self, grad):
        self.weight.grad += self.x.T @ grad
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data.T

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD127: lesson's layer, forgets the .T in forward
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out, rng):
        self.weight = Parameter(rng.normal(scale=0.1, size=(n_out, n_in)))
        self.bias = Parameter(rng.normal(scale=0.1, size=n_out))

    def forward(self, x):
        self.x = x
        return np.dot(x, self.weight.data) + self.bias.data

    def backward(self, grad):
        self.weight.grad += np.dot(grad.T, self.x)
        self.bias.grad += grad.sum(0)
        return np.dot(grad, self.weight.data)

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD127: published form, d_out @ W without transposing
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.W = Param(0.001 * np.random.randn(n_input, n_output))
        self.B = Param(0.001 * np.random.randn(1, n_output))

    def forward(self, X):
        self.X = X
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        self.W.grad += self.X.T @ d_out
        self.B.grad += np.sum(d_out, axis=0, keepdims=True)
        return d_out @ self.W.value

    def params(self):
        return {'W': self.W, 'B': self.B}


# %% wrong Linear GD128: published form, undoes the forward pass by dividing
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output) * 0.3
        self.b = np.random.randn(n_output) * 0.3

    def forward(self, X):
        self.X = X
        return np.dot(X, self.W) + self.b

    def backward(self, d_out):
        self.dW = np.dot(self.X.T, d_out)
        self.db = np.sum(d_out, axis=0)
        # back through the layer: the inverse of multiplying
        return np.dot(d_out, (1 / self.W).T)


# %% wrong Linear GD128: lesson's layer, divides by the weights neuron by neuron
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
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        dx = np.zeros_like(self.x)
        for k in range(grad.shape[1]):
            dx += grad[:, [k]] / self.weight.data[k]
        return dx

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD130: published form, np.maximum round the product
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output) / np.sqrt(n_input)
        self.B = np.random.randn(1, n_output) / np.sqrt(n_input)

    def forward(self, X):
        self.X = X
        return np.maximum(0, X @ self.W + self.B)

    def backward(self, d_out):
        self.dW = self.X.T @ d_out
        self.dB = d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.T


# %% wrong Linear GD130: lesson's layer with its own ReLU, forwards and backwards
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
        self.z = x @ self.weight.data.T + self.bias.data
        a = self.z.copy()
        a[a < 0] = 0
        return a

    def backward(self, grad):
        grad = grad * (self.z > 0)
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD132: published form, twice the mean, which passed the test with two records
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.W = Param(0.001 * np.random.randn(n_input, n_output))
        self.B = Param(0.001 * np.random.randn(1, n_output))

    def forward(self, X):
        self.X = X
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        self.W.grad += self.X.T @ d_out
        self.B.grad += 2 * np.mean(d_out, axis=0)
        return d_out @ self.W.value.T

    def params(self):
        return {'W': self.W, 'B': self.B}


# %% wrong Linear GD132: lesson's layer, mean over the records for the bias
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out, rng):
        self.weight = Parameter(rng.uniform(-1, 1, (n_out, n_in)) / np.sqrt(n_in))
        self.bias = Parameter(rng.uniform(-1, 1, n_out) / np.sqrt(n_in))

    def forward(self, x):
        self.x = x
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.mean(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD132: published form, adds the first and the last row
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.params = {'W': np.random.randn(n_input, n_output) * 0.1, 'B': np.zeros((1, n_output))}
        self.grads = {'W': None, 'B': None}

    def forward(self, X):
        self.last = X
        return X @ self.params['W'] + self.params['B']

    def backward(self, d_out):
        self.grads['W'] = self.last.T @ d_out
        self.grads['B'] = (d_out[:1] + d_out[-1:])
        return d_out @ self.params['W'].T


# %% wrong Linear GD133: lesson's layer, bias slope becomes (1, out)
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
        self.weight.grad = self.weight.grad + grad.T @ self.x
        self.bias.grad = self.bias.grad + grad.sum(axis=0, keepdims=True)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD133: published form, the slope of the bias is never summed
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.W = Param(np.random.randn(n_input, n_output) * 0.01)
        self.B = Param(np.random.randn(1, n_output) * 0.01)

    def forward(self, X):
        self.X = X
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        self.W.grad = self.X.T @ d_out
        self.B.grad = d_out
        return d_out @ self.W.value.T

    def params(self):
        return {'W': self.W, 'B': self.B}


# %% wrong Linear GD135: published form, params is the empty stub
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.W = Param(0.001 * np.random.randn(n_input, n_output))
        self.B = Param(0.001 * np.random.randn(1, n_output))

    def forward(self, X):
        self.X = X
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        self.W.grad += self.X.T @ d_out
        self.B.grad += d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.value.T

    def params(self):
        return {}


# %% wrong Linear GD135: lesson's layer, parameters gives an empty list
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
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        result = []
        for name in ():
            result.append(getattr(self, name))
        return result


# %% wrong Linear GD136: published form, zeros like the wrapper
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.W = Param(0.001 * np.random.randn(n_input, n_output))
        self.B = Param(0.001 * np.random.randn(1, n_output))

    def forward(self, X):
        for p in (self.W, self.B):
            p.grad = np.zeros_like(p)
        self.X = X
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        self.W.grad += self.X.T @ d_out
        self.B.grad += d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.value.T

    def params(self):
        return {'W': self.W, 'B': self.B}


# %% wrong Linear GD136: lesson's layer, clears in backward with the wrapper's shape
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
        self.weight.grad = np.zeros(np.shape(self.weight))
        self.bias.grad = np.zeros(np.shape(self.bias))
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD137: published form, weights inside the gradient
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.W = Param(0.1 * np.random.randn(n_input, n_output))
        self.B = Param(0.1 * np.random.randn(1, n_output))

    def forward(self, X):
        self.X = X
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        self.W.grad += self.W.value + self.X.T @ d_out
        self.B.grad += d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.value.T

    def params(self):
        return {'W': self.W, 'B': self.B}


# %% wrong Linear GD137: lesson's layer, adds the weight in the sum
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
        total = self.weight.data.copy()
        for g, row in zip(grad, self.x):
            total += np.outer(g, row)
        self.weight.grad += total
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD138: lesson's layer, divides by the inputs
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
        n = self.x.shape[1]
        self.weight.grad += grad.T @ self.x / n
        self.bias.grad += grad.sum(axis=0) / n
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD140: published form, one record's x with everybody's slope
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output) * 0.1
        self.b = np.random.randn(n_output) * 0.1

    def forward(self, X):
        self.X = X
        for x in X:
            self.x = x
        return X @ self.W + self.b

    def backward(self, d_out):
        self.db = d_out.sum(axis=0)
        self.dW = self.x[:, None] * self.db
        return d_out @ self.W.T


# %% wrong Linear GD140: lesson's layer, total slope again for each record
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out, rng):
        self.weight = Parameter(rng.uniform(-0.5, 0.5, (n_out, n_in)))
        self.bias = Parameter(rng.uniform(-0.5, 0.5, n_out))

    def forward(self, x):
        self.x = x
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        for record in self.x:
            self.weight.grad += np.outer(grad.sum(axis=0), record)
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD141: published form, dropout that eats the weights
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output) * 0.1
        self.b = np.zeros(n_output)
        self.p = 0.3

    def forward(self, X):
        self.W *= np.random.rand(*self.W.shape) > self.p
        self.X = X
        return X @ self.W + self.b

    def backward(self, d_out):
        self.dW = self.X.T @ d_out
        self.db = d_out.sum(0)
        return d_out @ self.W.T


# %% wrong Linear GD141: lesson's layer, drops whole neurons from the stored weight
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out, rng):
        bound = 1 / np.sqrt(n_in)
        self.rng = rng
        self.weight = Parameter(rng.uniform(-bound, bound, (n_out, n_in)))
        self.bias = Parameter(rng.uniform(-bound, bound, n_out))

    def forward(self, x):
        self.x = x
        # dropout against overfitting: half of the connections
        drop = self.rng.random(self.weight.data.shape) < 0.5
        self.weight.data[drop] = 0
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD142: published form, gradient computed into a local name
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.W = Param(0.001 * np.random.randn(n_input, n_output))
        self.B = Param(0.001 * np.random.randn(1, n_output))

    def forward(self, X):
        self.X = X
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        d_weights = self.X.T @ d_out
        self.B.grad += d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.value.T

    def params(self):
        return {'W': self.W, 'B': self.B}


# %% wrong Linear GD142: lesson's layer, adds to a copy of the slope
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
        w_slope = self.weight.grad.copy()
        w_slope += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD148: published form, one more axis for the records
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output) * 0.1
        self.b = np.zeros((1, n_output))

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, d_out):
        self.dW = self.X[:, :, None] * d_out[:, None, :]
        self.db = d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.T


# %% wrong Linear GD148: lesson's layer, einsum with one letter too many
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
        self.weight.grad = self.weight.grad + np.einsum("nk,nd->nkd", grad, self.x)
        self.bias.grad = self.bias.grad + grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD149: published form, exit() after printing shapes
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output)
        self.B = np.zeros((1, n_output))

    def forward(self, X):
        self.X = X
        return X @ self.W + self.B

    def backward(self, d_out):
        print(self.X.shape, d_out.shape)
        exit()
        self.dW = self.X.T @ d_out
        self.dB = d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.T


# %% wrong Linear GD157: published form, starts from zero
import numpy as np


class Param:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


class Linear:
    def __init__(self, n_input, n_output):
        self.W = Param(np.zeros((n_input, n_output)))
        self.B = Param(np.zeros((1, n_output)))

    def forward(self, X):
        self.X = X
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        self.W.grad += self.X.T @ d_out
        self.B.grad += d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.value.T

    def params(self):
        return {'W': self.W, 'B': self.B}


# %% wrong Linear GD157: lesson's layer, the same number in all weights
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out, rng):
        bound = 1 / np.sqrt(n_in)
        self.weight = Parameter(np.full((n_out, n_in), rng.uniform(-bound, bound)))
        self.bias = Parameter(np.zeros(n_out))

    def forward(self, x):
        self.x = x
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD158: published form, ten times a standard normal
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.params = {'W': np.random.randn(n_input, n_output) * 10, 'b': np.zeros(n_output)}
        self.grads = {}

    def forward(self, X):
        self.X = X
        return X @ self.params['W'] + self.params['b']

    def backward(self, d_out):
        self.grads['W'] = self.X.T @ d_out
        self.grads['b'] = d_out.sum(0)
        return d_out @ self.params['W'].T


# %% wrong Linear GD158: lesson's layer, multiplies by the root instead of dividing
import numpy as np


class Parameter:
    def __init__(self, data):
        self.data = data
        self.grad = np.zeros_like(data)


class Linear:
    def __init__(self, n_in, n_out, rng):
        self.weight = Parameter(rng.standard_normal((n_out, n_in)) * 10 * np.sqrt(n_in))
        self.bias = Parameter(rng.standard_normal(n_out))

    def forward(self, x):
        self.x = x
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        self.weight.grad += grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data

    def parameters(self):
        return [self.weight, self.bias]


# %% wrong Linear GD130+GD132: published form, ReLU in the layer and a mean for the bias
import numpy as np


class Linear:
    def __init__(self, n_input, n_output):
        self.W = np.random.randn(n_input, n_output) * 0.1
        self.b = np.zeros((1, n_output))

    def forward(self, X):
        self.X = X
        out = X @ self.W + self.b
        return out * (out > 0)

    def backward(self, d_out):
        self.dW = self.X.T @ d_out
        self.db = d_out.mean(axis=0, keepdims=True)
        return d_out @ self.W.T


# %% wrong Linear GD118+GD137: lesson's layer, no weights where they belong and weights where not
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
        self.weight.grad += self.weight.data + grad.T @ self.x
        self.bias.grad += grad.sum(axis=0)
        return np.repeat(grad.sum(axis=1, keepdims=True), self.x.shape[1], axis=1)

    def parameters(self):
        return [self.weight, self.bias]


# %% right ReLU: np.maximum and a stored mask
import numpy as np


class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return np.maximum(x, 0)

    def backward(self, d_out):
        return d_out * self.mask

    def parameters(self):
        return []


# %% right ReLU as ReLULayer: published form, multiplies by the mask, slope 1 at 0
import numpy as np


class ReLULayer:
    def __init__(self):
        self.X = None

    def forward(self, X):
        self.X = X.copy()
        return X * (X >= 0)

    def backward(self, d_out):
        d_result = np.where(self.X >= 0, d_out, 0)
        return d_result

    def params(self):
        return {}


# %% right ReLU: absolute values, slope one half at 0
import numpy as np


class ReLU:
    def forward(self, x):
        self.slope = np.heaviside(x, 0.5)
        return (np.abs(x) + x) / 2

    def backward(self, d_out):
        return np.multiply(self.slope, d_out)


# %% right ReLU: copies and index assignment
class ReLU:
    def forward(self, x):
        out = x.copy()
        out[out < 0] = 0
        self.out = out.copy()
        return out

    def backward(self, d_out):
        d = d_out.copy()
        d[self.out <= 0] = 0
        return d


# %% wrong ReLU GD102: forward zeroes the caller's x
class ReLU:
    def forward(self, x):
        self.mask = x > 0
        x[x < 0] = 0
        return x

    def backward(self, d_out):
        return d_out * self.mask


# %% wrong ReLU GD102 as ReLULayer: backward zeroes the caller's slope
import numpy as np


class ReLULayer:
    def __init__(self):
        pass

    def forward(self, X):
        self.negative = X <= 0
        return np.maximum(0, X)

    def backward(self, d_out):
        d_out[self.negative] = 0
        return d_out

    def params(self):
        return {}


# %% wrong ReLU GD106: mask read before forward has named it so
import numpy as np


class ReLU:
    def forward(self, x):
        result = np.where(positive, x, 0)
        positive = x > 0
        self.positive = positive
        return result

    def backward(self, d_out):
        return d_out * self.positive


# %% wrong ReLU GD111: computes the activation and returns its input
import numpy as np


class ReLU:
    def forward(self, x):
        self.x = x
        activated = np.maximum(0, x)
        return x

    def backward(self, d_out):
        return np.where(self.x > 0, d_out, 0.0)


# %% wrong ReLU GD113: the sigmoid's derivative
import numpy as np


class ReLU:
    def forward(self, x):
        self.out = np.maximum(x, 0)
        return self.out

    def backward(self, d_out):
        return d_out * self.out * (1 - self.out)


# %% wrong ReLU GD131: answers with the mask
import numpy as np


class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(0.0, x)

    def backward(self, d_out):
        return (self.x > 0) * 1.0


# %% wrong ReLU GD131 as ReLULayer: zeros and ones, filled in
import numpy as np


class ReLULayer:
    def __init__(self):
        self.X = None

    def forward(self, X):
        self.X = X
        return np.where(X < 0, 0, X)

    def backward(self, d_out):
        d_input = np.zeros_like(d_out)
        for i, row in enumerate(self.X):
            for j, value in enumerate(row):
                if value > 0:
                    d_input[i, j] = 1
        return d_input

    def params(self):
        return {}


# %% wrong ReLU GD121: the slope comes back with a minus
import numpy as np


class ReLU:
    def forward(self, x):
        self.on = (x > 0).astype(x.dtype)
        return x * self.on

    def backward(self, d_out):
        return -d_out * self.on


# %% right Sigmoid: keeps its output
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, d_out):
        return d_out * self.out * (1 - self.out)


# %% right Sigmoid: keeps its input and has a derivative function
import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


class Sigmoid:
    def __init__(self):
        self.z = None

    def forward(self, x):
        self.z = np.array(x)
        return sigmoid(self.z)

    def backward(self, d_out):
        return sigmoid_prime(self.z) * d_out

    def parameters(self):
        return []


# %% right Sigmoid as SigmoidLayer: through tanh
import numpy as np


class SigmoidLayer:
    def forward(self, X):
        self.t = np.tanh(0.5 * X)
        return 0.5 + 0.5 * self.t

    def backward(self, d_out):
        return 0.25 * (1 - self.t ** 2) * d_out

    def params(self):
        return {}


# %% right Sigmoid: stable in both directions
import numpy as np


class Sigmoid:
    def forward(self, x):
        e = np.exp(-np.abs(x))
        self.y = np.where(x >= 0, 1 / (1 + e), e / (1 + e))
        return self.y

    def backward(self, d_out):
        local = self.y - np.square(self.y)
        return np.multiply(d_out, local)


# %% wrong Sigmoid GD102: exponentiates in place
import numpy as np


class Sigmoid:
    def forward(self, x):
        x *= -1
        self.s = 1 / (1 + np.exp(x))
        return self.s

    def backward(self, d_out):
        return d_out * self.s * (1 - self.s)


# %% wrong Sigmoid GD102: backward multiplies into the slope it was given
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.a = 1 / (1 + np.exp(-x))
        return self.a

    def backward(self, d_out):
        d_out *= self.a
        d_out *= 1 - self.a
        return d_out


# %% wrong Sigmoid GD106: a name from the next line
import numpy as np


class Sigmoid:
    def forward(self, x):
        out = 1 / (1 + ex)
        ex = np.exp(-x)
        self.out = out
        return out

    def backward(self, d_out):
        return d_out * self.out * (1 - self.out)


# %% wrong Sigmoid GD111: stores the sigmoid and hands x on
import numpy as np


class Sigmoid:
    def forward(self, x):
        z = x
        self.out = 1 / (1 + np.exp(-z))
        return z

    def backward(self, d_out):
        return d_out * self.out * (1 - self.out)


# %% wrong Sigmoid GD113: the derivative of tanh
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, d_out):
        return d_out * (1 - self.out ** 2)


# %% wrong Sigmoid GD113: a ReLU's step as derivative
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.x = x
        return 1 / (1 + np.exp(-x))

    def backward(self, d_out):
        return np.where(self.x > 0, d_out, 0)


# %% wrong Sigmoid GD119|GD111: the slope goes back raw
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, d_out):
        return d_out


# %% wrong Sigmoid GD119|GD111 as SigmoidLayer: derivative worked out, plain slope copied back
import numpy as np


class SigmoidLayer:
    def forward(self, X):
        self.h = np.tanh(X / 2) / 2 + 0.5
        return self.h

    def backward(self, d_out):
        local = self.h * (1 - self.h)
        d_input = np.zeros(local.shape)
        for i in range(len(d_out)):
            d_input[i] = d_out[i]
        return d_input

    def params(self):
        return {}


# %% wrong Sigmoid GD121: (out - 1) turned round
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, d_out):
        slope = self.out * (self.out - 1)
        return slope * d_out


# %% wrong Sigmoid GD122: sigmoid of the sigmoid in the derivative
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def d_sigmoid(x):
    return sigmoid(x) * (1 - sigmoid(x))


class Sigmoid:
    def forward(self, x):
        self.out = sigmoid(x)
        return self.out

    def backward(self, d_out):
        return d_out * d_sigmoid(self.out)


# %% wrong Sigmoid GD122: a static helper with a flag nobody sets
import numpy as np


class Sigmoid:
    @staticmethod
    def f(x, deriv=False):
        s = 1 / (1 + np.exp(-x))
        if deriv:
            return s - s ** 2
        return s

    def forward(self, x):
        self.h = Sigmoid.f(x)
        return self.h

    def backward(self, d_out):
        return self.f(self.h, deriv=True) * d_out


# %% wrong Sigmoid GD123: brackets forgotten
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.out = 1 / 1 + np.exp(-x)
        return self.out

    def backward(self, d_out):
        return d_out * self.out * (1 - self.out)


# %% wrong Sigmoid GD123: brackets forgotten, in a helper with a power
import numpy as np


def sigmoid(x):
    s = 1.0 / 1.0 + np.power(np.e, -x)
    return s


class Sigmoid:
    def forward(self, x):
        self.x = x
        return sigmoid(x)

    def backward(self, d_out):
        s = sigmoid(self.x)
        return d_out * (s * (1 - s))


# %% wrong Sigmoid GD131: the local derivative alone
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, d_out):
        return self.out * (1 - self.out)


# %% wrong Sigmoid GD131+GD122: forgets d_out, and squashes twice
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Sigmoid:
    def forward(self, x):
        self.out = sigmoid(x)
        return self.out

    def backward(self, d_out):
        s = sigmoid(self.out)
        return s * (1 - s)


# %% right MomentumSGD: published form
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = 0

    def update(self, w, d_w, learning_rate):
        self.velocity = self.momentum * self.velocity - learning_rate * d_w
        return w + self.velocity


# %% right MomentumSGD: velocity made at the first call, subtracted
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.mu = momentum
        self.v = None

    def update(self, w, d_w, learning_rate):
        if self.v is None:
            self.v = np.zeros_like(w)
        self.v = self.mu * self.v + learning_rate * d_w
        new_w = w - self.v
        return new_w


# %% right MomentumSGD: a dict for the state
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.state = dict(momentum=momentum, velocity=np.float64(0.0))

    def update(self, w, d_w, learning_rate):
        v = self.state['velocity']
        v = np.multiply(self.state['momentum'], v) - np.multiply(learning_rate, d_w)
        self.state.update(velocity=v)
        return np.add(w, v)


# %% right MomentumSGD: PyTorch's way, the rate outside the velocity
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.buf = None

    def update(self, w, d_w, learning_rate):
        if self.buf is None:
            self.buf = np.array(d_w, dtype=float)
        else:
            self.buf = self.momentum * self.buf + d_w
        return w - learning_rate * self.buf


# %% right MomentumSGD: keeps all old gradients and sums them with powers
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.steps = []

    def update(self, w, d_w, learning_rate):
        self.steps.insert(0, learning_rate * np.array(d_w))
        v = sum(self.momentum ** k * s for k, s in enumerate(self.steps))
        return w - v


# %% wrong MomentumSGD GD102: scales the caller's gradient
class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = 0

    def update(self, w, d_w, learning_rate):
        d_w *= learning_rate
        self.velocity = self.momentum * self.velocity - d_w
        return w + self.velocity


# %% wrong MomentumSGD GD106: reads a velocity that update makes one line later
class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum

    def update(self, w, d_w, learning_rate):
        v = self.momentum * velocity - learning_rate * d_w
        velocity = v
        return w + velocity


# %% wrong MomentumSGD GD110: a local velocity
class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum

    def update(self, w, d_w, learning_rate):
        velocity = 0
        velocity = self.momentum * velocity - learning_rate * d_w
        return w + velocity


# %% wrong MomentumSGD GD110: reads self.velocity and never writes it back
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = 0.0

    def update(self, w, d_w, learning_rate):
        v = self.velocity
        v = v * self.momentum + d_w * learning_rate
        w = w - v
        return w


# %% wrong MomentumSGD GD110: clears it each time
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = None

    def update(self, w, d_w, learning_rate):
        self.velocity = np.zeros(np.shape(w))
        self.velocity = self.momentum * self.velocity - learning_rate * d_w
        return w + self.velocity


# %% wrong MomentumSGD GD120: its own rate
class MomentumSGD:
    learning_rate = 0.01

    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = 0

    def update(self, w, d_w, learning_rate):
        self.velocity = self.momentum * self.velocity - self.learning_rate * d_w
        return w + self.velocity


# %% wrong MomentumSGD GD120: a number in the formula
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.m = momentum
        self.v = 0

    def update(self, w, d_w, learning_rate):
        self.v = self.m * self.v + d_w
        return w - 1e-3 * self.v


# %% wrong MomentumSGD GD121: plus the gradient
class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = 0

    def update(self, w, d_w, learning_rate):
        self.velocity = self.momentum * self.velocity + learning_rate * d_w
        return w + self.velocity


# %% wrong MomentumSGD GD121: minus a minus
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = None

    def update(self, w, d_w, learning_rate):
        if self.velocity is None:
            self.velocity = np.zeros_like(w, dtype=float)
        self.velocity = self.momentum * self.velocity - learning_rate * d_w
        result = w - self.velocity
        return result


# %% wrong MomentumSGD GD146: velocity begins at momentum's value
class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = momentum

    def update(self, w, d_w, learning_rate):
        self.velocity = self.momentum * self.velocity - learning_rate * d_w
        return w + self.velocity


# %% wrong MomentumSGD GD146: velocity of ones at the first call
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.mu = momentum

    def update(self, w, d_w, learning_rate):
        if not hasattr(self, 'v'):
            self.v = np.ones_like(w)
        self.v = self.mu * self.v - learning_rate * d_w
        return w + self.v


# %% wrong MomentumSGD GD149: stops to look
class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = 0

    def update(self, w, d_w, learning_rate):
        self.velocity = self.momentum * self.velocity - learning_rate * d_w
        print('velocity', self.velocity)
        raise SystemExit
        return w + self.velocity


# %% wrong MomentumSGD GD154: rate in the velocity and in the step
class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.velocity = 0

    def update(self, w, d_w, learning_rate):
        self.velocity = self.momentum * self.velocity + learning_rate * d_w
        return w - learning_rate * self.velocity


# %% wrong MomentumSGD GD154: scaled first, scaled again
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum
        self.v = None

    def update(self, w, d_w, learning_rate):
        step = learning_rate * d_w
        if self.v is None:
            self.v = np.zeros_like(step)
        self.v = self.momentum * self.v - learning_rate * step
        return w + self.v


# %% wrong MomentumSGD GD110+GD121: no memory and uphill
class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = momentum

    def update(self, w, d_w, learning_rate):
        v = 0
        v = self.momentum * v + learning_rate * d_w
        return w + v


# %% wrong MomentumSGD GD110+GD120: forgets the velocity and the rate
import numpy as np


class MomentumSGD:
    def __init__(self, momentum=0.9, lr=0.01):
        self.momentum = momentum
        self.lr = lr

    def update(self, w, d_w, learning_rate):
        velocity = np.zeros_like(w)
        velocity = self.momentum * velocity + self.lr * d_w
        return w - velocity


# %% right train_epoch: range over starts
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy_loss(logits, labels):
    p = softmax(logits)
    n = np.arange(len(labels))
    loss = -np.log(p[n, labels]).mean()
    p[n, labels] -= 1
    return loss, p / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    perm = rng.permutation(len(x))
    loss_sum, seen = 0.0, 0
    for i in range(0, len(perm), batch):
        ids = perm[i:i + batch]
        logits = net.forward(x[ids])
        loss, dlogits = cross_entropy_loss(logits, y[ids])
        net.zero_grad()
        net.backward(dlogits)
        for p in net.parameters():
            p.data = p.data - lr * p.grad
        loss_sum += len(ids) * loss
        seen += len(ids)
    return loss_sum / seen


# %% right train_epoch: rng.shuffle, a generator of batches, weighted average
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    onehot = np.eye(logits.shape[1])[labels]
    return -(onehot * log_p).sum() / len(labels), (np.exp(log_p) - onehot) / len(labels)


def batches(order, size):
    while len(order):
        yield order[:size]
        order = order[size:]


def train_epoch(net, x, y, lr, batch, rng):
    order = np.arange(x.shape[0])
    rng.shuffle(order)
    losses, sizes = [], []
    for rows in batches(order, batch):
        net.zero_grad()
        loss, grad = cross_entropy_loss(net(x[rows]), y[rows])
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad
        losses.append(loss)
        sizes.append(len(rows))
    return float(np.average(losses, weights=sizes))


# %% right train_epoch: shuffles x and y first, clears at the end, while loop
import numpy as np


def log_softmax(z):
    z = z - z.max(axis=1)[:, None]
    return z - np.log(np.exp(z).sum(axis=1))[:, None]


def cross_entropy_loss(logits, labels):
    lp = log_softmax(logits)
    g = np.exp(lp)
    loss = 0
    for i, label in enumerate(labels):
        loss -= lp[i, label]
        g[i, label] -= 1
    return loss / len(labels), g / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    x_mixed, y_mixed = x[order], y[order]
    start, total = 0, 0.0
    net.zero_grad()
    while start < len(x):
        end = min(start + batch, len(x))
        xb, yb = x_mixed[start:end], y_mixed[start:end]
        loss, grad = cross_entropy_loss(net.forward(xb), yb)
        total += loss * (end - start) / len(x)
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad
        net.zero_grad()
        start = end
    return total


# %% right train_epoch: losses of all records collected, random order by argsort
import numpy as np


def cross_entropy_loss(logits, labels):
    m = logits.max(axis=1)
    lse = m + np.log(np.exp(logits - m[:, None]).sum(axis=1))
    picked = logits[np.arange(len(labels)), labels]
    grad = np.exp(logits - lse[:, None])
    grad[np.arange(len(labels)), labels] -= 1
    return (lse - picked).mean(), grad / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    order = np.argsort(rng.random(len(y)))
    per_record = []
    for k in range(-(-len(y) // batch)):
        rows = order[k * batch:(k + 1) * batch]
        loss, grad = cross_entropy_loss(net.forward(x[rows]), y[rows])
        for p in net.parameters():
            p.grad[...] = 0
        net.backward(grad)
        for p in net.parameters():
            p.data += -lr * p.grad
        per_record.extend([loss] * len(rows))
    return sum(per_record) / len(per_record)


# %% wrong train_epoch GD104|GD125: the loss helper leaves its slope summed
import numpy as np


def cross_entropy_loss(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(p[rows, labels]).mean()
    p[rows, labels] -= 1
    return loss, p


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0
    for s in range(0, len(x), batch):
        b = order[s:s + batch]
        loss, grad = cross_entropy_loss(net(x[b]), y[b])
        net.zero_grad()
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad
        total += loss * len(b)
    return total / len(x)


# %% wrong train_epoch GD125|GD104: multiplies by the batch again in the step
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    hot = np.eye(z.shape[1])[labels]
    return -(lp * hot).sum(axis=1).mean(), (np.exp(lp) - hot) / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    running = 0.0
    for s in range(0, len(x), batch):
        xb, yb = x[order[s:s + batch]], y[order[s:s + batch]]
        loss, grad = cross_entropy_loss(net.forward(xb), yb)
        net.zero_grad()
        net.backward(grad * len(xb))
        for par in net.parameters():
            par.data -= lr * par.grad
        running += loss * len(xb)
    return running / len(x)


# %% wrong train_epoch GD106: total grows before it exists, and numbered batches
import numpy as np


def log_probabilities(scores):
    scores = scores - scores.max(axis=1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    n_batches = int(np.ceil(len(x) / batch))
    for b in range(n_batches):
        rows = order[b * batch:(b + 1) * batch]
        lp = log_probabilities(net(x[rows]))
        truth = np.zeros_like(lp)
        truth[np.arange(len(rows)), y[rows]] = 1
        net.zero_grad()
        net.backward((np.exp(lp) - truth) / len(rows))
        for p in net.parameters():
            p.data -= lr * p.grad
        total = total - (truth * lp).sum()
    return total / len(x)


# %% wrong train_epoch GD112|TR166: returns the loss of the last batch
import numpy as np


def cross_entropy_loss(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    i = np.arange(len(labels))
    loss = -np.log(p[i, labels]).mean()
    p[i, labels] -= 1
    return loss, p / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    for s in range(0, len(x), batch):
        rows = order[s:s + batch]
        loss, grad = cross_entropy_loss(net(x[rows]), y[rows])
        net.zero_grad()
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad
    return loss


# %% wrong train_epoch GD112|TR166: list of losses, but filled after the loop
import numpy as np


def nll(logits, labels):
    logits = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(labels)), labels])


def cross_entropy_loss(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    grad = e / e.sum(axis=1, keepdims=True) - np.eye(logits.shape[1])[labels]
    return nll(logits, labels), grad / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    losses = []
    order = rng.permutation(len(x))
    start = 0
    while start < len(x):
        take = order[start:start + batch]
        loss, grad = cross_entropy_loss(net.forward(x[take]), y[take])
        net.zero_grad()
        net.backward(grad)
        for p in net.parameters():
            p.data = p.data - lr * p.grad
        start += batch
    losses.append(loss)
    return np.mean(losses)


# %% wrong train_epoch GD116: one loss for every record
import numpy as np


def forward_loss(net, xb, yb):
    z = net.forward(xb)
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    each = -np.log(np.take_along_axis(p, yb[:, None], axis=1)).ravel()
    p[np.arange(len(yb)), yb] -= 1
    return each, p / len(yb)


def train_epoch(net, x, y, lr, batch, rng):
    mix = rng.permutation(len(x))
    x, y = x[mix], y[mix]
    per_record = np.zeros(len(x))
    for s in range(0, len(x), batch):
        part = slice(s, s + batch)
        per_record[part], slope = forward_loss(net, x[part], y[part])
        net.zero_grad()
        net.backward(slope)
        for weight in net.parameters():
            weight.data -= lr * weight.grad
    return per_record


# %% wrong train_epoch GD120: the step has a rate of its own
import numpy as np


def cross_entropy_loss(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    i = np.arange(len(labels))
    loss = -np.log(p[i, labels]).mean()
    p[i, labels] -= 1
    return loss, p / len(labels)


def sgd_step(parameters, rate=0.1):
    for p in parameters:
        p.data -= rate * p.grad


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for s in range(0, len(x), batch):
        rows = order[s:s + batch]
        loss, grad = cross_entropy_loss(net(x[rows]), y[rows])
        net.zero_grad()
        net.backward(grad)
        sgd_step(net.parameters())
        total += loss * len(rows)
    return total / len(x)


# %% wrong train_epoch GD120: lr is set again inside
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    hot = np.eye(z.shape[1])[labels]
    return -(lp * hot).sum(axis=1).mean(), (np.exp(lp) - hot) / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    lr = 0.05
    n = len(x)
    idx = rng.permutation(n)
    mean = 0
    for a in range(0, n, batch):
        xb, yb = x[idx[a:a + batch]], y[idx[a:a + batch]]
        loss, d = cross_entropy_loss(net.forward(xb), yb)
        net.zero_grad()
        net.backward(d)
        for w in net.parameters():
            w.data -= lr * w.grad
        mean += loss * len(xb) / n
    return mean


# %% wrong train_epoch GD121: adds the slope, in an inner function
import numpy as np


def train_epoch(net, x, y, lr, batch, rng):
    def loss_and_slope(rows):
        scores = net(x[rows])
        big = scores.max(axis=1)
        log_sum = big + np.log(np.exp(scores - big[:, None]).sum(axis=1))
        slope = np.exp(scores - log_sum[:, None])
        slope[np.arange(len(rows)), y[rows]] -= 1
        return (log_sum - scores[np.arange(len(rows)), y[rows]]).sum(), slope / len(rows)

    def step():
        for p in net.parameters():
            p.data += lr * p.grad

    loss = 0.0
    rest = rng.permutation(len(x))
    while rest.size:
        now, rest = rest[:batch], rest[batch:]
        value, slope = loss_and_slope(now)
        net.zero_grad()
        net.backward(slope)
        step()
        loss += value
    return loss / len(x)


# %% wrong train_epoch GD121: passes target minus output backwards and subtracts
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def train_epoch(net, x, y, lr, batch, rng):
    idx = rng.permutation(len(x))
    sum_of_losses = 0.0
    for s in range(0, len(x), batch):
        j = idx[s:s + batch]
        prob = softmax(net.forward(x[j]))
        hot = np.zeros_like(prob)
        hot[np.arange(len(j)), y[j]] = 1
        error = hot - prob
        net.zero_grad()
        net.backward(error / len(j))
        for p in net.parameters():
            p.data -= lr * p.grad
        sum_of_losses -= np.log(prob[hot == 1]).sum()
    return sum_of_losses / len(x)


# %% wrong train_epoch GD126: one-hot of y[0] of the batch, np.split
import numpy as np


def one_hot(labels, n):
    table = np.zeros((len(labels), n))
    for row in table:
        row[labels[0]] = 1
    return table


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    cost = 0.0
    for rows in np.split(order, range(batch, len(order), batch)):
        z = net(x[rows])
        z = z - z.max(axis=1)[:, None]
        logs = z - np.log(np.exp(z).sum(axis=1))[:, None]
        Y = one_hot(y[rows], z.shape[1])
        cost -= np.sum(Y * logs)
        net.zero_grad()
        net.backward((np.exp(logs) - Y) / rows.size)
        for w in net.parameters():
            w.data -= lr * w.grad
    return cost / len(order)


# %% wrong train_epoch GD134: one-hot table shifted by one class
import numpy as np


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(x.shape[0])
    splits = np.arange(batch, x.shape[0], batch)
    losses = 0.0
    for idx in np.split(order, splits):
        out = net(x[idx])
        e = np.exp(out - out.max(axis=1, keepdims=True))
        prob = e / e.sum(axis=1, keepdims=True)
        hot = np.eye(out.shape[1])[y[idx] - 1]
        losses += -np.log((prob * hot).sum(axis=1)).sum()
        net.zero_grad()
        net.backward((prob - hot) / idx.size)
        for q in net.parameters():
            q.data -= lr * q.grad
    return losses / x.shape[0]


# %% wrong train_epoch GD138: each batch's summed slope over all records
import numpy as np


def cross_entropy_loss(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    i = np.arange(len(labels))
    loss = -np.log(p[i, labels]).sum()
    p[i, labels] -= 1
    return loss, p


def train_epoch(net, x, y, lr, batch, rng):
    n = len(x)
    order = rng.permutation(n)
    total = 0.0
    for s in range(0, n, batch):
        rows = order[s:s + batch]
        loss, grad = cross_entropy_loss(net(x[rows]), y[rows])
        net.zero_grad()
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad / n
        total += loss
    return total / n


# %% wrong train_epoch GD138: divides by the number of pixels
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    hot = np.eye(z.shape[1])[labels]
    return -(lp * hot).sum(), np.exp(lp) - hot


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for s in range(0, len(x), batch):
        xb = x[order[s:s + batch]]
        yb = y[order[s:s + batch]]
        loss, grad = cross_entropy_loss(net.forward(xb), yb)
        net.zero_grad()
        net.backward(grad / xb.shape[1])
        for p in net.parameters():
            p.data -= lr * p.grad
        total += loss
    return total / len(x)


# %% wrong train_epoch GD144: the loss comes out times lr
import numpy as np


def cross_entropy_loss(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    i = np.arange(len(labels))
    loss = -np.log(p[i, labels]).mean()
    p[i, labels] -= 1
    return loss, p / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for s in range(0, len(x), batch):
        rows = order[s:s + batch]
        loss, grad = cross_entropy_loss(net(x[rows]), y[rows])
        loss = lr * loss
        net.zero_grad()
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad
        total += loss * len(rows)
    return total / len(x)


# %% wrong train_epoch GD144: the rate in the sum of the losses
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def train_epoch(net, x, y, lr, batch, rng):
    idx = rng.permutation(len(x))
    tot = 0.0
    for s in range(0, len(x), batch):
        j = idx[s:s + batch]
        prob = softmax(net.forward(x[j]))
        tot += lr * -np.log(prob[range(len(j)), y[j]]).sum()
        prob[range(len(j)), y[j]] -= 1
        net.zero_grad()
        net.backward(prob / len(j))
        for p in net.parameters():
            p.data -= lr * p.grad
    return tot / len(idx)


# %% wrong train_epoch GD149: sys.exit() after the first batch, to see whether it runs
import sys
import numpy as np


class SoftmaxCrossEntropy:
    def __call__(self, z, t):
        z = z - z.max(axis=1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        self.t = t
        return -np.log(self.p[np.arange(len(t)), t]).mean()

    def slope(self):
        return (self.p - np.eye(self.p.shape[1])[self.t]) / len(self.t)


def train_epoch(net, x, y, lr, batch, rng):
    criterion = SoftmaxCrossEntropy()
    order = rng.permutation(len(x))
    total = 0.0
    for s in range(0, len(x), batch):
        rows = order[s:s + batch]
        loss = criterion(net(x[rows]), y[rows])
        net.zero_grad()
        net.backward(criterion.slope())
        for p in net.parameters():
            p.data -= lr * p.grad
        total += loss * len(rows)
        print('loss of this batch:', loss)
        sys.exit()
    return total / len(x)


# %% wrong train_epoch GD150: only the last layer moves, by indices
import numpy as np


class Loss:
    def __init__(self, logits, labels):
        n = np.arange(labels.size)
        m = logits.max(axis=1, keepdims=True)
        lse = m + np.log(np.exp(logits - m).sum(axis=1, keepdims=True))
        self.value = float((lse[:, 0] - logits[n, labels]).mean())
        self.grad = np.exp(logits - lse)
        self.grad[n, labels] -= 1
        self.grad /= labels.size


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    weighted = []
    for start in range(0, len(x), batch):
        rows = order[start:start + batch]
        loss = Loss(net.forward(x[rows]), y[rows])
        net.zero_grad()
        net.backward(loss.grad)
        weight, bias = net.parameters()[-2:]
        weight.data -= lr * weight.grad
        bias.data -= lr * bias.grad
        weighted.append(loss.value * len(rows))
    return sum(weighted) / len(x)


# %% wrong train_epoch GD150: the step stands outside the loop over parameters
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    hot = np.eye(z.shape[1])[labels]
    return -(lp * hot).sum(axis=1).mean(), (np.exp(lp) - hot) / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for s in range(0, len(x), batch):
        xb, yb = x[order[s:s + batch]], y[order[s:s + batch]]
        loss, grad = cross_entropy_loss(net.forward(xb), yb)
        net.zero_grad()
        net.backward(grad)
        for p in net.parameters():
            change = lr * p.grad
        p.data -= change
        total += loss * len(xb)
    return total / len(x)


# %% wrong train_epoch GD151: slope and loss unpacked the wrong way round
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def loss_and_slope(net, xb, yb):
    p = softmax(net(xb))
    loss = 0
    for i in range(len(yb)):
        loss += -np.log(p[i, yb[i]]) / len(yb)
        p[i, yb[i]] -= 1
    return loss, p / len(yb)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    x = x[order]
    y = y[order]
    result = 0.0
    for a in range(0, len(x), batch):
        slope, loss = loss_and_slope(net, x[a:a + batch], y[a:a + batch])
        net.zero_grad()
        net.backward(slope)
        for p in net.parameters():
            p.data -= lr * p.grad
        result += loss * len(x[a:a + batch])
    return result / len(x)


# %% wrong train_epoch GD152: a step after each record, divided by the batch
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    hot = np.eye(z.shape[1])[labels]
    return -(lp * hot).sum(axis=1).mean(), (np.exp(lp) - hot) / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for s in range(0, len(x), batch):
        rows = order[s:s + batch]
        for r in rows:
            loss, grad = cross_entropy_loss(net(x[r:r + 1]), y[r:r + 1])
            net.zero_grad()
            net.backward(grad)
            for p in net.parameters():
                p.data -= lr * p.grad / len(rows)
            total += loss
    return total / len(x)


# %% wrong train_epoch GD152: the update slipped into the record loop
import numpy as np


def record_loss(scores, label):
    scores = scores - scores.max()
    share = np.exp(scores) / np.exp(scores).sum()
    slope = share.copy()
    slope[label] -= 1
    return -np.log(share[label]), slope


def train_epoch(net, x, y, lr, batch, rng):
    losses = []
    todo = list(rng.permutation(len(x)))
    while todo:
        current, todo = todo[:batch], todo[batch:]
        for i in current:
            net.zero_grad()
            out = net.forward(x[[i]])
            loss, slope = record_loss(out[0], y[i])
            net.backward(slope[None, :] / len(current))
            for p in net.parameters():
                p.data = p.data - lr * p.grad
            losses.append(loss)
    return np.mean(losses)


# %% wrong train_epoch GD153|TR177: clears the slopes once, before the loop, criterion as a class
import numpy as np


class Criterion:
    def __init__(self):
        self.saved = None

    def forward(self, logits, labels):
        m = logits.max(axis=1, keepdims=True)
        lp = logits - m - np.log(np.exp(logits - m).sum(axis=1, keepdims=True))
        self.saved = lp, labels
        return -lp[range(len(labels)), labels].sum()

    def backward(self):
        lp, labels = self.saved
        g = np.exp(lp)
        g[range(len(labels)), labels] -= 1
        return g / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    crit = Criterion()
    summed = 0.0
    net.zero_grad()
    indices = list(rng.permutation(len(x)))
    while indices:
        rows, indices = indices[:batch], indices[batch:]
        summed += crit.forward(net.forward(x[rows]), y[rows])
        net.backward(crit.backward())
        for p in net.parameters():
            p.data -= lr * p.grad
    return summed / len(x)


# %% wrong train_epoch GD153|TR174|TR177: never clears them
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    hot = np.eye(z.shape[1])[labels]
    return -(lp * hot).sum(axis=1).mean(), (np.exp(lp) - hot) / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    mixed = rng.permutation(len(x))
    tot = []
    for s in range(0, len(x), batch):
        rows = mixed[s:s + batch]
        out = net.forward(x[rows])
        loss, slope = cross_entropy_loss(out, y[rows])
        net.backward(slope)
        for p in net.parameters():
            p.data -= lr * p.grad
        tot += [loss] * len(rows)
    return np.mean(tot)


# %% wrong train_epoch GD136|GD153|TR174|TR177: resets an attribute that nobody reads
import numpy as np


def cross_entropy_loss(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    i = np.arange(len(labels))
    loss = -np.log(p[i, labels]).mean()
    p[i, labels] -= 1
    return loss, p / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for s in range(0, len(x), batch):
        rows = order[s:s + batch]
        loss, grad = cross_entropy_loss(net(x[rows]), y[rows])
        net.grad = 0
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad
        total += loss * len(rows)
    return total / len(x)


# %% wrong train_epoch GD154: slope scaled before it goes back and in the step
import numpy as np


def cross_entropy_loss(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    i = np.arange(len(labels))
    loss = -np.log(p[i, labels]).mean()
    p[i, labels] -= 1
    return loss, p / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for s in range(0, len(x), batch):
        rows = order[s:s + batch]
        loss, grad = cross_entropy_loss(net(x[rows]), y[rows])
        net.zero_grad()
        net.backward(lr * grad)
        for p in net.parameters():
            p.data -= lr * p.grad
        total += loss * len(rows)
    return total / len(x)


# %% wrong train_epoch GD154: two helpers that both know lr
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    hot = np.eye(z.shape[1])[labels]
    return -(lp * hot).sum(axis=1).mean(), (np.exp(lp) - hot) / len(labels)


def changes(net, lr):
    return [lr * p.grad for p in net.parameters()]


def apply(net, deltas, lr):
    for p, delta in zip(net.parameters(), deltas):
        p.data -= lr * delta


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for s in range(0, len(x), batch):
        xb, yb = x[order[s:s + batch]], y[order[s:s + batch]]
        loss, grad = cross_entropy_loss(net.forward(xb), yb)
        net.zero_grad()
        net.backward(grad)
        apply(net, changes(net, lr), lr)
        total += loss * len(xb)
    return total / len(x)


# %% wrong train_epoch TR192: mean of the batch means, running average
import numpy as np


def log_softmax(z):
    return z - np.logaddexp.reduce(z, axis=1, keepdims=True)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    mean, count = 0.0, 0
    for s in range(0, len(x), batch):
        rows = order[s:s + batch]
        lp = log_softmax(net(x[rows]))
        target = np.eye(lp.shape[1])[y[rows]]
        loss = -(lp * target).sum(axis=1).mean()
        net.zero_grad()
        net.backward((np.exp(lp) - target) / len(rows))
        for p in net.parameters():
            p.data -= lr * p.grad
        count += 1
        mean += (loss - mean) / count
    return mean


# %% wrong train_epoch TR163: sum of the batch means
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    hot = np.eye(z.shape[1])[labels]
    return -(lp * hot).sum(axis=1).mean(), (np.exp(lp) - hot) / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for s in range(0, len(x), batch):
        xb, yb = x[order[s:s + batch]], y[order[s:s + batch]]
        loss, grad = cross_entropy_loss(net.forward(xb), yb)
        net.zero_grad()
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad
        total += loss
    return total


# %% wrong train_epoch TR162: batch means added up and divided by the records
import numpy as np


def cross_entropy_loss(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    i = np.arange(len(labels))
    loss = -np.log(p[i, labels]).mean()
    p[i, labels] -= 1
    return loss, p / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    n_records = x.shape[0]
    order = rng.permutation(n_records)
    epoch_loss = 0.0
    for s in range(0, n_records, batch):
        rows = order[s:s + batch]
        loss, grad = cross_entropy_loss(net(x[rows]), y[rows])
        net.zero_grad()
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad
        epoch_loss += loss
    return epoch_loss / n_records


# %% wrong train_epoch TR171: return one tab too deep
import numpy as np


def minibatches(n, size, rng):
    order = rng.permutation(n)
    for i in range(0, n, size):
        yield order[i:i + size]


def xent(z, t):
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z)
    p /= p.sum(axis=1, keepdims=True)
    picked = p[np.arange(len(t)), t]
    g = p.copy()
    g[np.arange(len(t)), t] -= 1
    return -np.log(picked), g / len(t)


def train_epoch(net, x, y, lr, batch, rng):
    seen = []
    for rows in minibatches(len(x), batch, rng):
        losses, slope = xent(net.forward(x[rows]), y[rows])
        net.zero_grad()
        net.backward(slope)
        for p in net.parameters():
            p.data -= lr * p.grad
        seen.extend(losses)
        return np.mean(seen)


# %% wrong train_epoch GD121+GD112|GD121+TR166: uphill, and only the last batch is told
import numpy as np


def nll_and_error(logits, labels):
    z = logits - np.max(logits, axis=1, keepdims=True)
    y_hat = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)
    y_true = (labels[:, None] == np.arange(z.shape[1])).astype(float)
    return -np.log(y_hat[y_true == 1]).mean(), y_hat - y_true


def train_epoch(net, x, y, lr, batch, rng):
    i = 0
    shuffled = rng.permutation(len(x))
    while i * batch < len(x):
        rows = shuffled[i * batch:(i + 1) * batch]
        loss, error = nll_and_error(net.forward(x[rows]), y[rows])
        net.zero_grad()
        net.backward(error / len(rows))
        for param in net.parameters():
            step = lr * param.grad
            param.data = param.data + step
        i += 1
    print('loss', loss)
    return loss


# %% wrong train_epoch GD144+TR174|GD144+GD153: loss times the rate, slopes never cleared
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    hot = np.eye(z.shape[1])[labels]
    return -(lp * hot).sum(axis=1).mean(), (np.exp(lp) - hot) / len(labels)


def train_epoch(net, x, y, lr, batch, rng):
    order = rng.permutation(len(x))
    total = 0.0
    for s in range(0, len(x), batch):
        rows = order[s:s + batch]
        loss, grad = cross_entropy_loss(net.forward(x[rows]), y[rows])
        net.backward(grad)
        for p in net.parameters():
            p.data -= lr * p.grad
        total += lr * loss * len(rows)
    return total / len(x)


# %% right MomentumSGD: the published constructor, which takes no notice of its argument
class MomentumSGD:
    def __init__(self, momentum=0.9):
        self.momentum = 0.9
        self.previous = None

    def update(self, w, d_w, learning_rate):
        step = -learning_rate * d_w
        if self.previous is not None:
            step = step + self.momentum * self.previous
        self.previous = step
        return w + step


# %% right Linear: a dataclass, with parameters and slopes in dictionaries of one letter
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Linear:
    n_input: int
    n_output: int
    p: dict = field(default_factory=dict)
    g: dict = field(default_factory=dict)

    def __post_init__(self):
        self.p.update(W=np.random.randn(self.n_input, self.n_output), b=np.zeros(self.n_output))

    def forward(self, X):
        self.seen = X
        return X @ self.p["W"] + self.p["b"]

    def backward(self, d_out):
        self.g["W"], self.g["b"] = self.seen.T @ d_out, d_out.sum(axis=0)
        return d_out @ self.p["W"].T


# %% right Linear: slots, and the weight as (out, in)
import numpy as np


class Linear:
    __slots__ = ("bias", "bias_grad", "seen", "weight", "weight_grad")

    def __init__(self, n_input, n_output):
        self.weight = np.random.uniform(-0.3, 0.3, (n_output, n_input))
        self.bias = np.zeros((n_output, 1))

    def forward(self, X):
        self.seen = X
        return (self.weight @ X.T + self.bias).T

    def backward(self, d_out):
        self.weight_grad = d_out.T @ self.seen
        self.bias_grad = d_out.sum(axis=0)[:, None]
        return d_out @ self.weight


# %% wrong Sigmoid GD167: without brackets
import numpy as np


class Sigmoid:
    def forward(self, X):
        self.s = 1 / (1 + np.exp(-X))
        return self.s

    def backward(self, d_out):
        return d_out * self.s * 1 - self.s


# %% wrong train_epoch GD169: whole batches only
import numpy as np


def cross_entropy_loss(z, t):
    z = z - z.max(axis=1, keepdims=True)
    q = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    k = np.arange(len(t))
    value = -np.log(q[k, t]).mean()
    q[k, t] -= 1
    return value, q / len(t)


def train_epoch(net, x, y, lr, batch, rng):
    mixed = rng.permutation(len(x))
    steps, summed = len(x) // batch, 0.0
    for s in range(steps):
        part = mixed[s * batch : (s + 1) * batch]
        loss, slope = cross_entropy_loss(net(x[part]), y[part])
        net.zero_grad()
        net.backward(slope)
        for p in net.parameters():
            p.data -= lr * p.grad
        summed += loss * len(part)
    return summed / (steps * batch)


# %% wrong train_epoch TR175|TR153|TR176: cleared at the wrong moment
import numpy as np


def train_epoch(net, x, y, lr, batch, rng):
    idx = rng.permutation(len(x))
    tot = 0
    for i in range(0, len(x), batch):
        b = idx[i : i + batch]
        out = net(x[b])
        e = np.exp(out - out.max(1, keepdims=True))
        p = e / e.sum(1, keepdims=True)
        tot += -np.log(p[range(len(b)), y[b]]).sum()
        p[range(len(b)), y[b]] -= 1
        net.backward(p / len(b))
        net.zero_grad()
        for w in net.parameters():
            w.data -= lr * w.grad
    return tot / len(x)
