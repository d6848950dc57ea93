# %% right l1_regularization: np.linalg.norm of the flat weights
import numpy as np


def l1_regularization(weights, lamb):
    return lamb * np.linalg.norm(np.ravel(weights), 1)


# %% right l1_regularization: sign times weight
import numpy as np


def l1_regularization(weights, lamb):
    w = np.asarray(weights)
    penalty = (np.sign(w) * w).sum()
    return float(lamb * penalty)


# %% right l1_regularization: plain loop over the flat array
def l1_regularization(weights, lamb):
    total = 0
    for w in weights.flatten():
        if w < 0:
            total += -w
        else:
            total += w
    return lamb * total


# %% right l1_regularization: published form with its gradient
import numpy as np


def l1_regularization(W, reg_strength):
    loss = reg_strength * np.sum(np.abs(W))
    grad = reg_strength * np.sign(W)
    return loss, grad


# %% right l1_regularization: published form, value only, generator
import numpy as np


def l1_regularization(W, reg_strength):
    return reg_strength * sum(abs(w) for w in np.nditer(W))


# %% right l2_regularization: square and sum
import numpy as np


def l2_regularization(weights, lamb):
    return lamb * np.square(weights).sum()


# %% right l2_regularization: the norm, squared
import numpy as np


def l2_regularization(weights, lamb):
    norm = np.linalg.norm(weights.reshape(-1))
    return lamb * norm ** 2


# %% right l2_regularization: dot of the flat vector with itself
import numpy as np


def l2_regularization(weights, lamb):
    v = np.ravel(weights)
    return lamb * np.dot(v, v)


# %% right l2_regularization: einsum over three dots
import numpy as np


def l2_regularization(weights, lamb):
    flat = np.array(weights, dtype=float)
    return lamb * np.einsum('i,i', flat.ravel(), flat.ravel())


# %% right l2_regularization: vdot and Frobenius' name
import numpy as np


def frobenius(w):
    return np.sqrt(np.vdot(w, w))


def l2_regularization(weights, lamb):
    return np.multiply(lamb, frobenius(weights) ** 2)


# %% right l2_regularization: published form, value and gradient
import numpy as np


def l2_regularization(W, reg_strength):
    '''
    Computes L2 regularization loss on weights and its gradient
    '''
    loss = reg_strength * np.sum(W ** 2)
    grad = 2 * reg_strength * W
    return loss, grad


# %% right l2_regularization: published form, one half in both
import numpy as np


def l2_regularization(W, reg_strength):
    loss = 0.5 * reg_strength * np.sum(W * W)
    grad = reg_strength * W
    return loss, grad


# %% right l2_regularization: published form, half in both, with loops
import numpy as np


def l2_regularization(W, reg_strength):
    loss = 0.0
    grad = np.zeros_like(W)
    for i in np.ndindex(*W.shape):
        loss += reg_strength / 2 * W[i] ** 2
        grad[i] = reg_strength * W[i]
    return loss, grad


# %% right l2_regularization: published form, value only
import numpy as np


def l2_regularization(W, reg_strength):
    return reg_strength * (np.linalg.norm(W, 'fro') ** 2 if np.ndim(W) == 2 else np.sum(np.power(W, 2)))


# %% right l2_regularization: published form, W + W
import numpy as np


def l2_regularization(W, reg_strength):
    sq = W.ravel() @ W.ravel()
    gradient = (W + W) * reg_strength
    return sq * reg_strength, gradient


# %% wrong l2_regularization RG101: the norm
import numpy as np


def l2_regularization(weights, lamb):
    return lamb * np.linalg.norm(weights)


# %% wrong l2_regularization RG101: a root round the sum
import numpy as np


def l2_regularization(weights, lamb):
    squares = 0.0
    for w in np.ravel(weights):
        squares += w * w
    return lamb * squares ** 0.5


# %% wrong l2_regularization RG101: published form, norm with the norm's own gradient
import numpy as np


def l2_regularization(W, reg_strength):
    norm = np.sqrt(np.sum(W ** 2))
    return reg_strength * norm, reg_strength * W / norm


# %% wrong l2_gradient RG101: the slope of the norm
import numpy as np


def l2_gradient(weights, lamb):
    return lamb * weights / np.sqrt(np.sum(weights ** 2))


# %% wrong l2_regularization RG102: w times its own transpose
import numpy as np


def l2_regularization(weights, lamb):
    return lamb * np.dot(weights, weights.T)


# %% wrong l2_regularization RG102: the same with the at sign, published form
import numpy as np


def l2_regularization(W, reg_strength):
    loss = reg_strength * (W.T @ W)
    grad = 2 * reg_strength * W
    return loss, grad


# %% wrong l1_regularization RG102: dot of the signs and the weights
import numpy as np


def l1_regularization(weights, lamb):
    return lamb * np.dot(np.sign(weights), weights.T)


# %% wrong l1_regularization RG103: Python's sum
def l1_regularization(weights, lamb):
    return lamb * sum(abs(weights))


# %% wrong l2_regularization RG103: Python's sum of squares
def l2_regularization(weights, lamb):
    return sum(weights ** 2) * lamb


# %% wrong l2_regularization RG103: published form, a loop over rows
import numpy as np


def l2_regularization(W, reg_strength):
    total = 0
    for row in W:
        total = total + row ** 2
    return reg_strength * total, 2 * reg_strength * W


# %% wrong l2_regularization RG104|RG107: published form, divided by the rows, both
import numpy as np


def l2_regularization(W, reg_strength):
    batch_size = W.shape[0]
    loss = reg_strength * np.sum(W ** 2) / batch_size
    grad = 2 * reg_strength * W / batch_size
    return loss, grad


# %% wrong l2_gradient RG104|RG107: one over m
import numpy as np


def l2_gradient(weights, lamb):
    m = len(weights)
    return (2 * lamb / m) * weights


# %% wrong l1_regularization RG104|RG107: one over m
import numpy as np


def l1_regularization(weights, lamb):
    m = weights.shape[0]
    cost = lamb / m * np.sum(np.absolute(weights))
    return cost


# %% wrong regularized_step RG104|RG107: penalty's slope over the number of rows
def regularized_step(weights, grads, lr, lamb):
    new = []
    for w, g in zip(weights, grads):
        n = w.shape[0]
        reg = 2 * lamb * w / n
        new.append(w - lr * (g + reg))
    return new


# %% wrong regularized_step RG105: computes the penalty's slope and leaves it
def regularized_step(weights, grads, lr, lamb):
    result = []
    for w, g in zip(weights, grads):
        penalty = 2 * lamb * w
        result.append(w - lr * g)
    return result


# %% wrong regularized_step RG105: the line is commented out
import numpy as np


def l2_gradient(weights, lamb):
    return 2 * lamb * weights


def regularized_step(weights, grads, lr, lamb):
    steps = [lr * g for g in grads]
    # steps = [s + lr * l2_gradient(w, lamb) for s, w in zip(steps, weights)]
    return [np.subtract(w, s) for w, s in zip(weights, steps)]


# %% wrong l1_regularization RG107: mean
import numpy as np


def l1_regularization(weights, lamb):
    return lamb * np.mean(np.abs(weights))


# %% wrong l2_regularization RG107: published form, mean and its slope
import numpy as np


def l2_regularization(W, reg_strength):
    loss = reg_strength * np.mean(W ** 2)
    grad = 2 * reg_strength * W / W.size
    return loss, grad


# %% wrong l2_gradient RG107: slope of a mean
import numpy as np


def l2_gradient(weights, lamb):
    n = np.prod(np.shape(weights))
    return lamb * 2 / n * weights


# %% wrong l1_gradient RG107: slope of a mean
import numpy as np


def l1_gradient(weights, lamb):
    signs = np.sign(weights)
    return lamb * signs / signs.size


# %% wrong regularized_step RG107: shared out among the matrices
def regularized_step(weights, grads, lr, lamb):
    n_layers = len(weights)
    out = []
    for i in range(n_layers):
        slope = grads[i] + 2 * lamb * weights[i] / n_layers
        out.append(weights[i] - lr * slope)
    return out


# %% wrong regularized_step RG108: the first matrix goes without
def regularized_step(weights, grads, lr, lamb):
    new = [weights[0] - lr * grads[0]]
    for w, g in zip(weights[1:], grads[1:]):
        new.append(w - lr * (g + 2 * lamb * w))
    return new


# %% wrong regularized_step RG108: all but the last, with enumerate
def regularized_step(weights, grads, lr, lamb):
    out = []
    for k, (w, g) in enumerate(zip(weights, grads)):
        d = g.copy()
        if k < len(weights) - 1:      # not the output layer
            d += 2 * lamb * w
        out.append(w - lr * d)
    return out


# %% wrong l2_regularization RG108: the first row taken for a bias
import numpy as np


def l2_regularization(weights, lamb):
    without_bias = weights[1:]
    return lamb * np.sum(without_bias ** 2)


# %% wrong l1_gradient RG108: zeroes the slope of the first row, like theta_0
import numpy as np


def l1_gradient(weights, lamb):
    g = lamb * np.sign(weights)
    g[0] = 0
    return g


# %% wrong l2_regularization RG109|RG110: published form, half missing in the value
import numpy as np


def l2_regularization(W, reg_strength):
    loss = reg_strength * np.sum(np.square(W))
    gradient = reg_strength * W
    return loss, gradient


# %% wrong l2_regularization RG109: published form, half in the value alone
import numpy as np


def l2_regularization(W, reg_strength):
    loss = reg_strength / 2 * np.sum(W ** 2)
    gradient = 2 * reg_strength * W
    return loss, gradient


# %% wrong l2_gradient RG110: lamb times w
def l2_gradient(weights, lamb):
    return lamb * weights


# %% wrong l2_gradient RG110: loop, no two
import numpy as np


def l2_gradient(weights, lamb):
    out = np.empty(weights.shape)
    for i, w in np.ndenumerate(weights):
        out[i] = w * lamb
    return out


# %% wrong regularized_step RG110: weight decay with lamb
def regularized_step(weights, grads, lr, lamb):
    return [(1 - lr * lamb) * w - lr * g for w, g in zip(weights, grads)]


# %% wrong regularized_step RG110: helper without the two
import numpy as np


def penalty_slope(w, lamb):
    return np.multiply(lamb, w)


def regularized_step(weights, grads, lr, lamb):
    total = [g + penalty_slope(w, lamb) for w, g in zip(weights, grads)]
    return [w - lr * t for w, t in zip(weights, total)]


# %% wrong decay_for RG110: the same number
def decay_for(lamb):
    return lamb


# %% wrong decay_for RG110: worked out from a gradient lamb times w
def decay_for(lamb):
    # gradient of the penalty: lamb * w, gradient of the decay: decay * w
    w = 1.0
    gradient = lamb * w
    decay = gradient / w
    return decay


# %% wrong l1_regularization RG111: plain sum
import numpy as np


def l1_regularization(weights, lamb):
    return lamb * np.sum(weights)


# %% wrong l1_regularization RG111: absolute value of the sum
import numpy as np


def l1_regularization(weights, lamb):
    s = np.ravel(weights).sum()
    return lamb * np.abs(s)


# %% wrong l1_regularization RG111: published form, sum and ones
import numpy as np


def l1_regularization(W, reg_strength):
    return reg_strength * W.sum(), reg_strength * np.ones_like(W)


# %% wrong l1_gradient RG111: ones
import numpy as np


def l1_gradient(weights, lamb):
    return np.full(weights.shape, lamb)


# %% wrong l1_gradient RG111: ones, by a loop
import numpy as np


def l1_gradient(weights, lamb):
    slope = np.zeros(np.shape(weights))
    slope += 1
    slope *= lamb
    return slope


# %% wrong soft_threshold RG111: no absolute value
import numpy as np


def soft_threshold(weights, t):
    return np.maximum(weights - t, 0)


# %% wrong soft_threshold RG111: sign kept but w instead of |w|
import numpy as np


def soft_threshold(weights, t):
    shrunk = np.where(weights - t > 0, weights - t, 0)
    return np.sign(weights) * shrunk


# %% wrong l1_regularization RG112: a minus
import numpy as np


def l1_regularization(weights, lamb):
    return -lamb * np.sum(np.abs(weights))


# %% wrong l1_gradient RG112: a minus
import numpy as np


def l1_gradient(weights, lamb):
    return np.where(weights > 0, -lamb, np.where(weights < 0, lamb, 0))


# %% wrong l2_gradient RG112: a minus
def l2_gradient(weights, lamb):
    decay = 2 * lamb
    return -decay * weights


# %% wrong l2_regularization RG112: published form, minus in both
import numpy as np


def l2_regularization(W, reg_strength):
    loss = 0 - reg_strength * np.sum(W ** 2)
    grad = 0 - 2 * reg_strength * W
    return loss, grad


# %% wrong regularized_step RG112: subtracted from the gradient
def regularized_step(weights, grads, lr, lamb):
    return [w - lr * (g - 2 * lamb * w) for w, g in zip(weights, grads)]


# %% wrong regularized_step RG112: brackets around the step only
def regularized_step(weights, grads, lr, lamb):
    out = []
    for w, g in zip(weights, grads):
        stepped = w - lr * g
        stepped = stepped + lr * 2 * lamb * w
        out.append(stepped)
    return out


# %% wrong soft_threshold RG112: moves away from zero
import numpy as np


def soft_threshold(weights, t):
    return np.sign(weights) * np.maximum(np.abs(weights) + t, 0)


# %% wrong decay_for RG112: minus two lamb
def decay_for(lamb):
    return -2 * lamb


# %% wrong l1_regularization RG114: the loop keeps its last row
import numpy as np


def l1_regularization(weights, lamb):
    penalty = 0
    for row in weights:
        penalty = np.sum(np.abs(row))
    return lamb * penalty


# %% wrong l2_regularization RG114: last weight only
import numpy as np


def l2_regularization(weights, lamb):
    for w in weights.flat:
        total = w ** 2
    return total * lamb


# %% wrong regularized_step RG114: a list made anew for each matrix
def regularized_step(weights, grads, lr, lamb):
    for w, g in zip(weights, grads):
        new_weights = [w - lr * (g + 2 * lamb * w)]
    return new_weights


# %% wrong l1_regularization RG115: a fixed strength
import numpy as np


def l1_regularization(weights, lamb):
    return 0.01 * np.sum(np.abs(weights))


# %% wrong l2_regularization RG115: lamb squared
import numpy as np


def l2_regularization(weights, lamb):
    scaled = lamb * weights
    return np.sum(scaled ** 2)


# %% wrong l2_regularization RG115: published form, no strength at all
import numpy as np


def l2_regularization(W, reg_strength):
    return np.sum(W ** 2), 2 * W


# %% wrong l1_gradient RG115: sign alone
import numpy as np


def l1_gradient(weights, lamb):
    return np.sign(weights)


# %% wrong l2_gradient RG115: lamb twice
def l2_gradient(weights, lamb):
    g = 2 * lamb * weights
    g = g * lamb
    return g


# %% wrong regularized_step RG115: a helper with lamb, times lamb
def l2_gradient(weights, lamb):
    return 2 * lamb * weights


def regularized_step(weights, grads, lr, lamb):
    new = []
    for i, w in enumerate(weights):
        new.append(w - lr * grads[i] - lr * lamb * l2_gradient(w, lamb))
    return new


# %% wrong regularized_step RG115: a strength from the lecture
def regularized_step(weights, grads, lr, lamb=1e-4):
    strength = 1e-4
    return [w - lr * (g + 2 * strength * w) for w, g in zip(weights, grads)]


# %% wrong soft_threshold RG115: t squared
import numpy as np


def soft_threshold(weights, t):
    amount = t * t
    return np.sign(weights) * np.maximum(np.abs(weights) - amount, 0)


# %% wrong soft_threshold RG115: a threshold of its own
import numpy as np


def soft_threshold(weights, t):
    eps = 0.001
    w = np.abs(weights) - eps
    w[w < 0] = 0
    return w * np.sign(weights)


# %% wrong decay_for RG115: a constant
def decay_for(lamb):
    return 2 * 0.01


# %% wrong decay_for RG115: lamb squared
def decay_for(lamb):
    return 2 * lamb ** 2


# %% wrong regularized_step RG117|RG115: shrinks the weight and adds the slope
def regularized_step(weights, grads, lr, lamb):
    out = []
    for w, g in zip(weights, grads):
        g = g + 2 * lamb * w
        out.append((1 - 2 * lr * lamb) * w - lr * g)
    return out


# %% wrong regularized_step RG117|RG115: slope from a helper, then weight decay
import numpy as np


def l2_gradient(weights, lamb):
    return 2 * lamb * np.asarray(weights)


def regularized_step(weights, grads, lr, lamb):
    weight_decay = 2 * lamb
    full = [g + l2_gradient(w, lamb) for w, g in zip(weights, grads)]
    return [w - lr * f - lr * weight_decay * w for w, f in zip(weights, full)]


# %% wrong l1_regularization RG119: a default list that remembers
import numpy as np


def l1_regularization(weights, lamb, terms=[]):
    for w in np.ravel(weights):
        terms.append(lamb * abs(w))
    return sum(terms)


# %% wrong l2_regularization RG119: a total kept on the function
import numpy as np


def l2_regularization(weights, lamb):
    if not hasattr(l2_regularization, 'total'):
        l2_regularization.total = 0.0
    l2_regularization.total += lamb * np.sum(weights ** 2)
    return l2_regularization.total


# %% wrong l1_gradient RG120: divides by the absolute value
import numpy as np


def l1_gradient(weights, lamb):
    return lamb * weights / np.abs(weights)


# %% wrong l1_gradient RG120: divides by the root of the square
import numpy as np


def l1_gradient(weights, lamb):
    magnitude = (weights ** 2) ** 0.5
    return np.divide(weights, magnitude) * lamb


# %% wrong l1_regularization RG122: changes the weights and returns them
import numpy as np


def l1_regularization(weights, lamb):
    weights -= lamb * np.sign(weights)
    return weights


# %% wrong l2_regularization RG122: decays the weights
def l2_regularization(weights, lamb):
    weights *= 1 - 2 * lamb
    return weights


# %% wrong l1_regularization RG122|GD102: absolute values written back
import numpy as np


def l1_regularization(weights, lamb):
    np.abs(weights, out=weights)
    return lamb * weights.sum()


# %% wrong l2_regularization GD102|RG122: squares in place
import numpy as np


def l2_regularization(weights, lamb):
    weights **= 2
    return lamb * np.sum(weights)


# %% wrong l2_gradient GD102|RG122: doubles in place
def l2_gradient(weights, lamb):
    weights *= 2
    weights *= lamb
    return weights


# %% wrong regularized_step GD102|RG122: steps on the old arrays
def regularized_step(weights, grads, lr, lamb):
    for w, g in zip(weights, grads):
        w -= lr * (g + 2 * lamb * w)
    return weights


# %% wrong regularized_step GD102|RG122: writes into the list that came in
def regularized_step(weights, grads, lr, lamb):
    for i in range(len(weights)):
        weights[i] = weights[i] - lr * (grads[i] + 2 * lamb * weights[i])
    return weights


# %% wrong regularized_step GD102|RG122: adds the penalty to the gradients in place
def regularized_step(weights, grads, lr, lamb):
    for w, g in zip(weights, grads):
        g += 2 * lamb * w
    return [w - lr * g for w, g in zip(weights, grads)]


# %% wrong soft_threshold GD102|RG122: cuts and moves in the caller's array
def soft_threshold(weights, t):
    small = abs(weights) <= t
    up = weights > t
    down = weights < -t
    weights[small] = 0
    weights[up] -= t
    weights[down] += t
    return weights


# %% wrong l1_regularization RG123: matrix norm 1
import numpy as np


def l1_regularization(weights, lamb):
    return lamb * np.linalg.norm(weights, 1)


# %% wrong l2_regularization RG123: spectral norm, squared
import numpy as np


def l2_regularization(weights, lamb):
    return lamb * np.linalg.norm(weights, ord=2) ** 2


# %% wrong l1_regularization RG123: largest column
import numpy as np


def l1_regularization(weights, lamb):
    per_column = np.abs(weights).sum(axis=0)
    return lamb * per_column.max()


# %% wrong l2_regularization RG123|RG103|GD116: a sum per row
import numpy as np


def l2_regularization(weights, lamb):
    return lamb * np.sum(weights ** 2, axis=1)


# %% wrong l1_regularization GD116: the terms, not their sum
import numpy as np


def l1_regularization(weights, lamb):
    return lamb * np.abs(weights)


# %% wrong l2_regularization GD116: published form, squares without a sum
import numpy as np


def l2_regularization(W, reg_strength):
    return reg_strength * W ** 2, 2 * reg_strength * W


# %% wrong regularized_step GD121: plus the whole slope
def regularized_step(weights, grads, lr, lamb):
    return [w + lr * (g + 2 * lamb * w) for w, g in zip(weights, grads)]


# %% wrong regularized_step GD120: lr is a constant
def regularized_step(weights, grads, lr, lamb):
    learning_rate = 0.1
    return [w - learning_rate * (g + 2 * lamb * w) for w, g in zip(weights, grads)]


# %% wrong regularized_step GD154: lr in the slope and in the step
def regularized_step(weights, grads, lr, lamb):
    new = []
    for w, g in zip(weights, grads):
        change = lr * (g + 2 * lamb * w)
        new.append(w - lr * change)
    return new


# %% wrong regularized_step GD150: only the first matrix is stepped
def regularized_step(weights, grads, lr, lamb):
    new = [w.copy() for w in weights]
    new[0] = new[0] - lr * (grads[0] + 2 * lamb * new[0])
    return new


# %% wrong regularized_step GD106: uses new before it is there
def regularized_step(weights, grads, lr, lamb):
    for w, g in zip(weights, grads):
        new.append(w - lr * (g + 2 * lamb * w))
    new = []
    return new


# %% wrong l2_regularization GD106: total read before it exists
def l2_regularization(weights, lamb):
    for w in weights.ravel():
        total = total + w ** 2
    return lamb * total


# %% wrong l2_regularization GD149: leaves with quit()
import numpy as np


def l2_regularization(weights, lamb):
    print(weights.shape)
    quit()
    return lamb * np.sum(weights ** 2)


# %% wrong l2_regularization RG101+RG115: norm with a fixed strength
import numpy as np


def l2_regularization(weights, lamb):
    return 1e-4 * np.linalg.norm(weights)


# %% wrong l2_regularization RG101+RG107: root of the mean square
import numpy as np


def l2_regularization(weights, lamb):
    rms = np.sqrt(np.mean(weights ** 2))
    return lamb * rms


# %% wrong regularized_step RG110+RG112: no two, wrong side
def regularized_step(weights, grads, lr, lamb):
    return [w - lr * (g - lamb * w) for w, g in zip(weights, grads)]


# %% wrong regularized_step RG108+RG110: skips the first and forgets the two
def regularized_step(weights, grads, lr, lamb):
    out = []
    for i in range(len(weights)):
        g = grads[i]
        if i > 0:
            g = g + lamb * weights[i]
        out.append(weights[i] - lr * g)
    return out


# %% wrong l1_regularization RG111+RG107: plain mean
import numpy as np


def l1_regularization(weights, lamb):
    return lamb * weights.mean()


# %% wrong l2_gradient RG110+RG112: minus lamb w
def l2_gradient(weights, lamb):
    return -(lamb * weights)


# %% right l1_gradient: sign
import numpy as np


def l1_gradient(weights, lamb):
    return np.sign(weights) * lamb


# %% right l1_gradient: difference of two comparisons
import numpy as np


def l1_gradient(weights, lamb):
    positive = (weights > 0).astype(float)
    negative = (weights < 0).astype(float)
    return lamb * (positive - negative)


# %% right l1_gradient: nested where
import numpy as np


def l1_gradient(weights, lamb):
    return np.where(weights > 0, lamb, np.where(weights < 0, -lamb, 0.0))


# %% right l1_gradient: vectorised if
import numpy as np


def slope(w):
    if w > 0:
        return 1.0
    if w < 0:
        return -1.0
    return 0.0


def l1_gradient(weights, lamb):
    return lamb * np.vectorize(slope, otypes=[float])(weights)


# %% right l2_gradient: plain
def l2_gradient(weights, lamb):
    return 2 * lamb * weights


# %% right l2_gradient: a sum of two
import numpy as np


def l2_gradient(weights, lamb):
    scaled = np.multiply(weights, lamb)
    return scaled + scaled


# %% right l2_gradient: entry by entry into an empty array
import numpy as np


def l2_gradient(weights, lamb):
    slope = np.zeros_like(weights, dtype=float)
    for index in np.ndindex(weights.shape):
        slope[index] = 2.0 * lamb * weights[index]
    return slope


# %% right regularized_step: a list comprehension
def regularized_step(weights, grads, lr, lamb):
    return [w - lr * (g + 2 * lamb * w) for w, g in zip(weights, grads)]


# %% right regularized_step: weight decay first, then the step
import numpy as np


def regularized_step(weights, grads, lr, lamb):
    shrink = 1 - 2 * lr * lamb
    new_weights = []
    for w, g in zip(weights, grads):
        new_weights.append(shrink * w - lr * g)
    return new_weights


# %% right regularized_step: copies changed in place
import copy


def l2_gradient(weights, lamb):
    return lamb * 2 * weights


def regularized_step(weights, grads, lr, lamb):
    result = copy.deepcopy(weights)
    for i in range(len(result)):
        result[i] -= lr * grads[i]
        result[i] -= lr * l2_gradient(weights[i], lamb)
    return result


# %% right regularized_step: map and a lambda
import numpy as np


def regularized_step(weights, grads, lr, lamb):
    one = lambda w, g: np.subtract(w, np.multiply(lr, np.add(g, np.multiply(2 * lamb, w))))
    return list(map(one, weights, grads))


# %% right soft_threshold: the formula
import numpy as np


def soft_threshold(weights, t):
    return np.sign(weights) * np.maximum(np.abs(weights) - t, 0)


# %% right soft_threshold: two one-sided parts
import numpy as np


def soft_threshold(weights, t):
    above = np.maximum(weights - t, 0)
    below = np.minimum(weights + t, 0)
    return above + below


# %% right soft_threshold: subtracts what np.clip keeps
import numpy as np


def soft_threshold(weights, t):
    return weights - np.clip(weights, -t, t)


# %% right soft_threshold: masks on a copy
import numpy as np


def soft_threshold(weights, t):
    new = np.zeros(weights.shape)
    big = weights > t
    neg = weights < -t
    new[big] = weights[big] - t
    new[neg] = weights[neg] + t
    return new


# %% right decay_for: two lamb
def decay_for(lamb):
    return 2 * lamb


# %% right decay_for: from the two slopes at one weight
def decay_for(lamb):
    w = 3.0
    slope_of_penalty = 2 * lamb * w
    return slope_of_penalty / w


# %% right decay_for: a named factor and float
def decay_for(lamb):
    derivative_of_square = 2.0
    decay = float(lamb) * derivative_of_square
    return decay


# %% wrong l2_regularization RG109: half the sum of squares, without a slope
import numpy as np


def l2_regularization(weights, lamb):
    flat = np.ravel(weights)
    return lamb * (flat @ flat) / 2.0
