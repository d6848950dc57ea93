# %% right softmax: as the lesson says, one line more
import numpy as np


def softmax(z):
    biggest = np.max(z, axis=1, keepdims=True)
    e = np.exp(z - biggest)
    total = np.sum(e, axis=1, keepdims=True)
    return e / total


# %% right softmax: record by record with an inner helper
import numpy as np


def softmax(z):
    def one(row):
        row = row - max(row)
        ex = np.exp(row)
        return ex / sum(ex)

    return np.array([one(r) for r in z])


# %% right softmax: transposes, because columns broadcast by themselves
import numpy as np


def softmax(z):
    zt = z.T - z.T.max(axis=0)
    ezt = np.exp(zt)
    return (ezt / ezt.sum(axis=0)).T


# %% right softmax: by logsumexp
import numpy as np


def logsumexp(a):
    m = a.max(axis=1)
    return m + np.log(np.exp(a - m[:, None]).sum(axis=1))


def softmax(z):
    return np.exp(z - logsumexp(z)[:, np.newaxis])


# %% right softmax: published form, last axis serves both shapes
import numpy as np


def softmax(predictions):
    '''
    Computes probabilities from scores
    '''
    shifted = predictions - predictions.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    probs = exps / exps.sum(axis=-1, keepdims=True)
    return probs


# %% right softmax: published form, two branches by ndim and a copy
import numpy as np


def softmax(predictions):
    pred = predictions.copy()
    if pred.ndim == 1:
        pred -= np.max(pred)
        return np.exp(pred) / np.sum(np.exp(pred))
    else:
        pred -= np.max(pred, axis=1).reshape(-1, 1)
        # print(pred)
        return np.exp(pred) / np.sum(np.exp(pred), axis=1).reshape(-1, 1)


# %% right softmax: published form, atleast_2d and reshape back
import numpy as np


def softmax(predictions):
    s = np.atleast_2d(np.asarray(predictions, dtype=np.float64))
    s = np.exp(s - np.amax(s, 1)[:, None])
    s = np.divide(s, np.einsum('ij->i', s)[:, None])
    return s.reshape(np.shape(predictions))


# %% right softmax as SoftMax: published form, apply_along_axis
import numpy as np


def SoftMax(predictions):
    f = lambda v: np.exp(v - v.max()) / np.exp(v - v.max()).sum()
    return np.apply_along_axis(f, -1, predictions)


# %% wrong softmax GD102: subtracts the maximum in place
import numpy as np


def softmax(z):
    z -= z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


# %% wrong softmax GD102: published form, a second name is no copy
import numpy as np


def softmax(predictions):
    probs = predictions
    if len(probs.shape) > 1:
        probs -= np.max(probs, axis=1)[:, np.newaxis]
        probs = np.exp(probs)
        probs /= np.sum(probs, axis=1)[:, np.newaxis]
    else:
        probs -= np.max(probs)
        probs = np.exp(probs)
        probs /= np.sum(probs)
    return probs


# %% wrong softmax GD102: everything written back with out=
import numpy as np


def softmax(z):
    np.subtract(z, z.max(1)[:, None], out=z)
    np.exp(z, out=z)
    np.divide(z, z.sum(1)[:, None], out=z)
    return z


# %% wrong softmax GD103: sum over the whole batch, row maximum
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum()


# %% wrong softmax GD103: columns instead of rows
import numpy as np


def softmax(z):
    # stable softmax
    m = np.max(z, axis=1, keepdims=True)
    ez = np.exp(z - m)
    s = np.sum(ez, axis=0)
    return ez / s


# %% wrong softmax GD103: published form, rows shifted well but one total for all
import numpy as np


def softmax(predictions):
    predictions = np.array(predictions, copy=True)
    if predictions.ndim == 1:
        predictions -= predictions.max()
    else:
        for i in range(predictions.shape[0]):
            predictions[i] -= predictions[i].max()
    exponents = np.exp(predictions)
    total = 0
    for v in exponents.flatten():
        total += v
    return exponents / total


# %% wrong softmax GD103: published form, axis=0 for any shape
import numpy as np


def softmax(predictions):
    shift = predictions - np.max(predictions, axis=-1, keepdims=True)
    ex = np.exp(shift)
    return ex / np.sum(ex, axis=0)


# %% wrong softmax GD108: no maximum at all
import numpy as np


def softmax(z):
    exp_z = np.exp(z)
    return exp_z / np.sum(exp_z, axis=1, keepdims=True)


# %% wrong softmax GD108: the maximum of the whole table
import numpy as np


def softmax(z):
    z = z - np.max(z)          # for numerical stability
    num = np.exp(z)
    den = num.sum(axis=1)
    return num / den[:, None]


# %% wrong softmax GD108: published form, global maximum
import numpy as np


def softmax(predictions):
    p = np.copy(predictions)
    p -= p.max()
    if p.ndim == 1:
        return np.exp(p) / np.sum(np.exp(p))
    e = np.exp(p)
    return (e.T / np.sum(e, axis=1)).T


# %% wrong softmax GD108: published form, a plain loop with math.exp
import math
import numpy as np


def softmax(predictions):
    def row_softmax(row):
        exps = [np.exp(v) for v in row]
        return [v / sum(exps) for v in exps]

    if np.ndim(predictions) == 1:
        return np.array(row_softmax(predictions))
    return np.array([row_softmax(r) for r in predictions])


# %% wrong softmax GD109: published form, axis=1 only
import numpy as np


def softmax(predictions):
    maxes = np.max(predictions, axis=1, keepdims=True)
    exps = np.exp(predictions - maxes)
    return exps / np.sum(exps, axis=1, keepdims=True)


# %% wrong softmax GD109: published form, counts on two sizes in the shape
import numpy as np


def softmax(predictions):
    batch_size, num_classes = predictions.shape
    result = np.zeros((batch_size, num_classes))
    for b in range(batch_size):
        scores = predictions[b] - np.max(predictions[b])
        result[b] = np.exp(scores) / np.sum(np.exp(scores))
    return result


# %% wrong softmax GD109: published form, a single record comes back as (1, K)
import numpy as np


def softmax(predictions):
    predictions = predictions.reshape(-1, predictions.shape[-1])
    predictions = predictions - predictions.max(axis=1, keepdims=True)
    e = np.exp(predictions)
    return e / e.sum(axis=1, keepdims=True)


# %% wrong softmax GD106: divides by a name of the next line
import numpy as np


def softmax(z):
    shifted = z - z.max(axis=1, keepdims=True)
    exps = np.exp(shifted)
    probs = exps / sums
    sums = exps.sum(axis=1, keepdims=True)
    return probs


# %% wrong softmax GD106: published form, a notebook global that is not there
import numpy as np


def softmax(predictions):
    exps = np.exp(predictions - row_max)
    if predictions.ndim == 1:
        row_max = predictions.max()
        return exps / exps.sum()
    row_max = predictions.max(axis=1, keepdims=True)
    return exps / exps.sum(axis=1, keepdims=True)


# %% wrong softmax GD115: clips the scores at zero first
import numpy as np


def relu(a):
    return np.maximum(a, 0)


def softmax(z):
    z = relu(z)
    z = z - z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


# %% wrong softmax GD149: left an exit() after looking at the numbers
import numpy as np


def softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    print(z[:2])
    exit()
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


# %% wrong softmax GD103+GD108: the textbook formula for one vector, given a batch
import numpy as np


def softmax(predictions):
    return np.exp(predictions) / np.sum(np.exp(predictions))


# %% wrong softmax GD102+GD103: in place and summed over everything
import numpy as np


def softmax(z):
    for row in z:
        row -= row.max()
    return np.exp(z) / np.exp(z).sum()


# %% right cross_entropy_loss: lesson form, one-hot table
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy_loss(logits, labels):
    N, C = logits.shape
    y = np.eye(C)[labels]
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    loss = -np.sum(y * logp) / N
    return loss, (softmax(logits) - y) / N


# %% right cross_entropy_loss: lesson form, record by record
import numpy as np


def cross_entropy_loss(logits, labels):
    n = len(labels)
    loss = 0
    grad = np.empty(logits.shape)
    for i, (row, label) in enumerate(zip(logits, labels)):
        m = row.max()
        lse = m + np.log(np.exp(row - m).sum())
        loss += lse - row[label]
        for k in range(len(row)):
            grad[i, k] = np.exp(row[k] - lse) - (1 if k == label else 0)
    return loss / n, grad / n


# %% right cross_entropy_loss: lesson form, gradient through take_along_axis
import numpy as np


def log_softmax(a):
    a = a - a.max(-1, keepdims=True)
    return a - np.log(np.exp(a).sum(-1, keepdims=True))


def cross_entropy_loss(logits, labels):
    lp = log_softmax(logits)
    column = np.asarray(labels)[:, None]
    loss = -np.take_along_axis(lp, column, axis=1).mean()
    g = np.exp(lp)
    np.put_along_axis(g, column, np.take_along_axis(g, column, 1) - 1, 1)
    g *= 1 / logits.shape[0]
    return loss, g


# %% right cross_entropy_loss: lesson form, clipped shares
import numpy as np


def softmax(z):
    z = z - np.max(z, axis=1).reshape(-1, 1)
    return np.exp(z) / np.exp(z).sum(axis=1).reshape(-1, 1)


def cross_entropy_loss(logits, labels):
    p = softmax(logits)
    eps = 1e-300
    right = p[np.arange(p.shape[0]), labels.astype(int)]
    loss = np.average(-np.log(np.maximum(right, eps)))
    d = p.copy()
    d[np.arange(p.shape[0]), labels] -= 1.0
    d /= p.shape[0]
    return float(loss), d


# %% right cross_entropy_loss: published form, flattened labels and mean
import numpy as np


def cross_entropy_loss(probs, target_index):
    probs = np.atleast_2d(probs)
    t = np.array(target_index).reshape(-1)
    return np.mean(-np.log(probs[np.arange(t.size), t]))


# %% right cross_entropy_loss: published form, sum over the batch
import numpy as np


def cross_entropy_loss(probs, target_index):
    if probs.ndim == 1:
        return -np.log(probs[int(np.squeeze(target_index))])
    loss = 0.0
    for row, idx in zip(probs, np.ravel(target_index)):
        loss -= np.log(row[idx])
    return loss


# %% right cross_entropy_loss: published form, a mask of the same shape
import numpy as np


def cross_entropy_loss(probs, target_index):
    K = probs.shape[-1]
    mask = np.arange(K) == np.reshape(target_index, (-1, 1))
    picked = np.reshape(probs, (-1, K))[mask]
    return -np.log(picked).sum() / len(picked)


# %% right cross_entropy_loss: published form, clip against log(0)
import numpy as np


def cross_entropy_loss(probs, target_index):
    probs = np.clip(probs, 1e-15, 1.0)
    if np.isscalar(target_index) or len(probs.shape) == 1:
        return -np.log(probs[target_index]).item()
    target_index = np.asarray(target_index)
    if target_index.ndim == 1:
        target_index = target_index[:, None]
    return -np.log(np.take_along_axis(probs, target_index, axis=1)).mean()


# %% wrong cross_entropy_loss GD101: published form, arange against a column of labels
import numpy as np


def cross_entropy_loss(probs, target_index):
    if probs.ndim == 1:
        return -np.log(probs[target_index])
    n = probs.shape[0]
    return -np.log(probs[np.arange(n), target_index]).mean()


# %% wrong cross_entropy_loss GD101: published form, range list and np.average
import numpy as np


def cross_entropy_loss(probs, target_index):
    is_batch = len(probs.shape) == 2
    if is_batch:
        rows = list(range(len(probs)))
        chosen = probs[rows, target_index]
        return np.average(np.log(chosen)) * -1
    else:
        return float(-np.log(probs[np.squeeze(target_index)]))


# %% wrong cross_entropy_loss GD101|GD117: lesson form, all labels for all rows
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def cross_entropy_loss(logits, labels):
    logits_shifted = logits - logits.max(1, keepdims=True)
    logp = logits_shifted - np.log(np.exp(logits_shifted).sum(1, keepdims=True))
    loss = -logp[:, labels].mean()
    grad = softmax(logits)
    grad[np.arange(len(labels)), labels] -= 1
    return loss, grad / len(labels)


# %% wrong cross_entropy_loss GD101: lesson form, labels made a column by habit
import numpy as np


def cross_entropy_loss(logits, labels):
    N = logits.shape[0]
    y = labels.reshape(-1, 1)
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    log_probs = shifted - log_sum
    loss = -np.sum(log_probs[np.arange(N), y]) / y.size ** 2
    dlogits = np.exp(log_probs)
    dlogits[np.arange(N), labels] -= 1
    dlogits /= N
    return loss, dlogits


# %% wrong cross_entropy_loss GD102: published form, the logarithm replaces the shares
import numpy as np


def cross_entropy_loss(probs, target_index):
    np.log(probs, out=probs)
    if probs.ndim == 1:
        return -probs[int(np.ravel(target_index)[0])]
    t = np.ravel(target_index)
    return -probs[np.arange(len(t)), t].mean()


# %% wrong cross_entropy_loss GD102: lesson form, logits shifted where they stand
import numpy as np


def cross_entropy_loss(logits, labels):
    scores = logits
    scores -= scores.max(axis=1)[:, None]
    e = np.exp(scores)
    s = e.sum(axis=1)
    n = np.arange(len(labels))
    loss = np.mean(np.log(s) - scores[n, labels])
    p = e / s[:, None]
    p[n, labels] -= 1
    return loss, p / len(labels)


# %% wrong cross_entropy_loss GD103: lesson form, one softmax for the batch
import numpy as np


def softmax(z):
    z = z - z.max()
    return np.exp(z) / np.exp(z).sum()


def cross_entropy_loss(logits, labels):
    n = len(logits)
    p = softmax(logits)
    loss = -np.log(p[np.arange(n), labels]).mean()
    grad = p
    grad[np.arange(n), labels] -= 1
    return loss, grad / n


# %% wrong cross_entropy_loss GD103: lesson form, normalises down the columns
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=0, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=0, keepdims=True))
    idx = (np.arange(len(labels)), labels)
    loss = -log_p[idx].mean()
    grad = np.exp(log_p)
    grad[idx] -= 1
    return loss, grad / len(labels)


# %% wrong cross_entropy_loss GD105: published form, the loop keeps the last record
import numpy as np


def cross_entropy_loss(probs, target_index):
    if probs.ndim == 1:
        return -np.log(probs[int(np.squeeze(target_index))])
    target_index = target_index.flatten()
    n = len(target_index)
    for i in range(n):
        loss = -np.log(probs[i, target_index[i]])
    return loss / n


# %% wrong cross_entropy_loss GD105: lesson form, loss assigned in the loop
import numpy as np


def cross_entropy_loss(logits, labels):
    loss = 0.0
    grad = np.zeros_like(logits)
    for i in range(len(labels)):
        z = logits[i] - np.max(logits[i])
        p = np.exp(z) / np.sum(np.exp(z))
        loss = np.log(np.sum(np.exp(z))) - z[labels[i]]
        grad[i] = p
        grad[i, labels[i]] -= 1
    return loss / len(labels), grad / len(labels)


# %% wrong cross_entropy_loss GD106: published form, loss before the labels are flat
import numpy as np


def cross_entropy_loss(probs, target_index):
    probs = probs.reshape(-1, probs.shape[-1])
    loss = -np.log(probs[np.arange(len(probs)), flat]).mean()
    flat = np.ravel(target_index)
    return loss


# %% wrong cross_entropy_loss GD108: lesson form, no shift
import numpy as np


def cross_entropy_loss(logits, labels):
    N = len(logits)
    exps = np.exp(logits)
    sums = exps.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(sums[:, 0]) - logits[np.arange(N), labels])
    onehot = np.zeros_like(logits)
    onehot[np.arange(N), labels] = 1
    return loss, (exps / sums - onehot) / N


# %% wrong cross_entropy_loss GD108: lesson form, shifts by the largest logit of all
import numpy as np


def softmax(z):
    z = z - z.max()
    e = np.exp(z)
    return e / e.sum(axis=1)[:, None]


def cross_entropy_loss(logits, labels):
    p = softmax(logits)
    rows = range(len(labels))
    loss = -sum(np.log(p[i, labels[i]]) for i in rows) / len(labels)
    g = p - np.identity(p.shape[1])[labels]
    return loss, g / len(labels)


# %% wrong cross_entropy_loss GD109|GD117: published form, only one record
import numpy as np


def cross_entropy_loss(probs, target_index):
    return -np.log(probs[target_index])


# %% wrong cross_entropy_loss GD109: published form, only batches
import numpy as np


def cross_entropy_loss(probs, target_index):
    N, K = probs.shape
    target_index = target_index.reshape(N)
    total = 0
    for i in range(N):
        total += np.log(probs[i][target_index[i]])
    return -total / N


# %% wrong cross_entropy_loss GD112|GD105: published form, loop variables used after the loop
import numpy as np


def cross_entropy_loss(probs, target_index):
    if probs.ndim == 1:
        probs, target_index = probs[None, :], np.reshape(target_index, 1)
    losses = []
    for row, t in zip(probs, target_index.ravel()):
        p = row[t]
    losses.append(-np.log(p))
    return np.mean(losses)


# %% wrong cross_entropy_loss GD115: lesson form, relu before the softmax
import numpy as np


def cross_entropy_loss(logits, labels):
    scores = np.where(logits > 0, logits, 0)
    scores = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(axis=1, keepdims=True)
    who = np.arange(len(p))
    loss = -np.log(p[who, labels]).mean()
    p[who, labels] -= 1
    return loss, p / len(p)


# %% wrong cross_entropy_loss GD116: published form, one loss per record
import numpy as np


def cross_entropy_loss(probs, target_index):
    if probs.ndim == 1:
        return -np.log(probs[np.squeeze(target_index)])
    t = np.squeeze(target_index)
    return -np.log(probs[np.arange(probs.shape[0]), t])


# %% wrong cross_entropy_loss GD116: lesson form, sums the classes but not the records
import numpy as np


def cross_entropy_loss(logits, labels):
    onehot = np.eye(logits.shape[1])[labels]
    top = logits.max(axis=1, keepdims=True)
    logp = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    loss = -(onehot * logp).sum(axis=1)
    return loss, (np.exp(logp) - onehot) / len(labels)


# %% wrong cross_entropy_loss GD117: published form, rows of the batch by label
import numpy as np


def cross_entropy_loss(probs, target_index):
    picked = probs[np.ravel(target_index)]
    return -np.mean(np.log(picked))


# %% wrong cross_entropy_loss GD117|GD101: published form, whole columns by label
import numpy as np


def cross_entropy_loss(probs, target_index):
    probs = probs if probs.ndim == 2 else probs.reshape(1, -1)
    t = np.ravel(target_index)
    p = probs[:, t]
    return (-np.log(p)).mean()


# %% wrong cross_entropy_loss GD121: published form, the minus is lost
import numpy as np


def cross_entropy_loss(probs, target_index):
    probs = np.atleast_2d(probs)
    t = np.reshape(target_index, -1)
    return np.log(probs[range(len(t)), t]).mean()


# %% wrong cross_entropy_loss GD121: lesson form, one-hot minus shares
import numpy as np


def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy_loss(logits, labels):
    y = np.zeros(logits.shape)
    y[np.arange(len(labels)), labels] = 1
    y_hat = softmax(logits)
    error = y - y_hat
    loss = -np.log(y_hat[np.arange(len(labels)), labels] + 1e-300).mean()
    return loss, error / len(labels)


# %% wrong cross_entropy_loss GD125: lesson form, mean loss and summed slope
import numpy as np


def cross_entropy_loss(logits, labels):
    rows = np.arange(len(logits))
    s = logits - logits.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    grad = np.exp(log_p)
    grad[rows, labels] -= 1
    return -log_p[rows, labels].mean(), grad


# %% wrong cross_entropy_loss GD125: lesson form, summed loss and mean slope
import numpy as np


def softmax(z):
    z = np.exp(z - z.max(axis=1).reshape(len(z), 1))
    return z / z.sum(axis=1).reshape(len(z), 1)


def cross_entropy_loss(logits, labels):
    loss = 0
    p = softmax(logits)
    target = np.zeros_like(p)
    for i in range(len(labels)):
        loss += -np.log(max(p[i, labels[i]], 1e-300))
        target[i, labels[i]] = 1
    dlogits = (p - target) / len(labels)
    return loss, dlogits


# %% wrong cross_entropy_loss GD126: published form, the first label for everybody
import numpy as np


def cross_entropy_loss(probs, target_index):
    t = np.ravel(target_index)[0]
    if probs.ndim == 1:
        return -np.log(probs[t])
    return -np.log(probs[:, t]).mean()


# %% wrong cross_entropy_loss GD126: lesson form, one-hot of labels[0]
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    onehot = np.zeros_like(logits)
    onehot[:, labels[0]] = 1
    loss = -np.mean(np.sum(onehot * logp, axis=1))
    return loss, (np.exp(logp) - onehot) / len(logits)


# %% wrong cross_entropy_loss GD134: published form, classes counted from one
import numpy as np


def cross_entropy_loss(probs, target_index):
    probs = np.atleast_2d(probs)
    t = np.ravel(target_index) - 1
    loss = 0
    for i in range(len(t)):
        loss += -np.log(probs[i, t[i]])
    return loss / len(t)


# %% wrong cross_entropy_loss GD134: lesson form, labels - 1 in both lines
import numpy as np


def cross_entropy_loss(logits, labels):
    n = np.arange(logits.shape[0])
    shifted = logits - logits.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    loss = (np.log(total).ravel() - shifted[n, labels - 1]).mean()
    grad = np.exp(shifted) / total
    grad[n, labels - 1] -= 1
    return loss, grad / len(n)


# %% wrong cross_entropy_loss GD138: published form, divides by the classes
import numpy as np


def cross_entropy_loss(probs, target_index):
    p = np.reshape(probs, (-1, np.shape(probs)[-1]))
    t = np.ravel(target_index)
    return -np.sum(np.log(p[np.arange(len(t)), t])) / p.shape[1]


# %% wrong cross_entropy_loss GD138: lesson form, N is the number of columns
import numpy as np


def cross_entropy_loss(logits, labels):
    N = logits.shape[1]
    onehot = np.eye(N)[labels]
    z = logits - logits.max(1)[:, None]
    logp = z - np.log(np.exp(z).sum(1))[:, None]
    loss = -(onehot * logp).sum() / N
    grad = (np.exp(logp) - onehot) / N
    return loss, grad


# %% wrong cross_entropy_loss GD147: lesson form, takes 1 from whole columns
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy_loss(logits, labels):
    n = len(labels)
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    loss = -logp[np.arange(n), labels].sum() / n
    grad = softmax(logits)
    grad[:, labels] -= 1
    grad /= n
    return loss, grad


# %% wrong cross_entropy_loss GD151: lesson form, gradient first
import numpy as np


def cross_entropy_loss(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    e = np.exp(z)
    p = e / e.sum(axis=1, keepdims=True)
    i = np.arange(len(labels))
    loss = np.mean(np.log(e.sum(axis=1)) - z[i, labels])
    p[i, labels] -= 1
    return p / len(labels), loss


# %% wrong cross_entropy_loss GD159: published form, one-hot times log meets a share of zero
import numpy as np


def cross_entropy_loss(probs, target_index):
    p = np.atleast_2d(probs)
    t = np.ravel(target_index)
    onehot = np.zeros(p.shape)
    onehot[np.arange(len(t)), t] = 1
    return -np.sum(onehot * np.log(p)) / len(t)


# %% wrong cross_entropy_loss GD159: lesson form, log of a softmax that can be zero
import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy_loss(logits, labels):
    p = softmax(logits)
    y = np.eye(logits.shape[1])[labels]
    loss = -np.einsum('nc,nc->', y, np.log(p)) / len(p)
    return loss, (p - y) / len(p)


# %% wrong cross_entropy_loss GD121+GD125: lesson form, error as target minus output and no mean
import numpy as np


def cross_entropy_loss(logits, labels):
    rows = np.arange(len(labels))
    s = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(s).sum(axis=1)) - s[rows, labels])
    error = -p
    error[rows, labels] += 1
    return loss, error


# %% wrong cross_entropy_loss GD116+GD134: published form, a vector, and classes from one
import numpy as np


def cross_entropy_loss(probs, target_index):
    probs = np.atleast_2d(probs)
    target = np.ravel(target_index)
    return np.array([-np.log(p[t - 1]) for p, t in zip(probs, target)])


# %% right softmax_with_cross_entropy: composed, everything flat
import numpy as np


def softmax(predictions):
    e = np.exp(predictions - predictions.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy_loss(probs, target_index):
    t = np.ravel(target_index)
    return -np.log(probs.reshape(t.size, -1)[np.arange(t.size), t]).mean()


def softmax_with_cross_entropy(predictions, target_index):
    probs = softmax(predictions)
    loss = cross_entropy_loss(probs, target_index)
    t = np.ravel(target_index)
    dprediction = probs.reshape(t.size, -1).copy()
    dprediction[np.arange(t.size), t] -= 1
    dprediction /= t.size
    return loss, dprediction.reshape(predictions.shape)


# %% right softmax_with_cross_entropy: sums over the batch, in both
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    single = predictions.ndim == 1
    z = predictions[np.newaxis, :] if single else predictions
    t = np.asarray(target_index).reshape(-1, 1)
    z = z - z.max(axis=1, keepdims=True)
    expz = np.exp(z)
    p = expz / expz.sum(axis=1, keepdims=True)
    onehot = (t == np.arange(z.shape[1])).astype(float)
    loss = -np.sum(np.log(np.sum(p * onehot, axis=1)))
    d = p - onehot
    return loss, d[0] if single else d


# %% right softmax_with_cross_entropy: loops and lists
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    if len(predictions.shape) == 1:
        m = max(predictions)
        ex = [np.exp(v - m) for v in predictions]
        s = sum(ex)
        t = int(np.array(target_index).item())
        grad = np.array([v / s for v in ex])
        loss = -np.log(grad[t])
        grad[t] = grad[t] - 1
        return loss, grad

    losses, grads = [], []
    for row, t in zip(predictions, np.array(target_index).flatten()):
        l, g = softmax_with_cross_entropy(row, t)
        losses.append(l)
        grads.append(g)
    return np.mean(losses), np.vstack(grads) / len(losses)


# %% right softmax_with_cross_entropy: log-sum-exp, put_along_axis
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    x = np.array(predictions, dtype=float, ndmin=2)
    idx = np.array(target_index).reshape(x.shape[0], 1)
    m = x.max(1, keepdims=True)
    lse = m + np.log(np.exp(x - m).sum(1, keepdims=True))
    loss = (lse - np.take_along_axis(x, idx, 1)).sum() / len(x)
    sub = np.zeros_like(x)
    np.put_along_axis(sub, idx, 1.0, 1)
    dprediction = (np.exp(x - lse) - sub) / len(x)
    return loss, dprediction.reshape(np.shape(predictions))


# %% wrong softmax_with_cross_entropy GD101: arange against (N, 1) in loss and slope
import numpy as np


def softmax(z):
    z = z - np.max(z, axis=-1, keepdims=True)
    return np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True)


def softmax_with_cross_entropy(predictions, target_index):
    probs = softmax(predictions)
    if predictions.ndim == 1:
        loss = -np.log(probs[target_index])
        dprediction = probs.copy()
        dprediction[target_index] -= 1
        return loss, dprediction
    N = predictions.shape[0]
    loss = -np.mean(np.log(probs[np.arange(N), target_index]))
    dprediction = probs.copy()
    dprediction[np.arange(N), target_index] -= 1
    return loss, dprediction / N


# %% wrong softmax_with_cross_entropy GD101: a one-hot table drawn with a fancy index
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    preds = np.atleast_2d(predictions)
    n, k = preds.shape
    stable = preds - preds.max(axis=1).reshape(n, 1)
    log_p = stable - np.log(np.exp(stable).sum(axis=1)).reshape(n, 1)
    ground_truth = np.zeros((n, k))
    ground_truth[np.arange(n), target_index] = 1
    loss = -np.sum(ground_truth * log_p) / n
    grad = (np.exp(log_p) - ground_truth) / n
    return loss, grad.reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD102: shifts the predictions themselves
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    predictions -= np.max(predictions, axis=-1, keepdims=True)
    exps = np.exp(predictions)
    probs = exps / np.sum(exps, axis=-1, keepdims=True)
    flat = probs.reshape(-1, probs.shape[-1])
    t = np.reshape(target_index, -1)
    rows = np.arange(len(t))
    loss = np.mean(-np.log(flat[rows, t]))
    d = flat.copy()
    d[rows, t] -= 1
    return loss, (d / len(t)).reshape(probs.shape)


# %% wrong softmax_with_cross_entropy GD102: the answer is written over the scores
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    dprediction = predictions
    rows = dprediction if dprediction.ndim == 2 else dprediction[None]
    loss = 0.0
    t = np.ravel(target_index)
    for i in range(rows.shape[0]):
        e = np.exp(rows[i] - rows[i].max())
        rows[i] = e / e.sum()
        loss -= np.log(rows[i, t[i]])
        rows[i, t[i]] -= 1.0
    return loss, dprediction


# %% wrong softmax_with_cross_entropy GD103: total of the whole table
import numpy as np


def softmax(predictions):
    if predictions.ndim == 1:
        e = np.exp(predictions - predictions.max())
    else:
        e = np.exp(predictions - predictions.max(axis=1, keepdims=True))
    return e / e.sum()


def cross_entropy_loss(probs, target_index):
    t = np.ravel(target_index)
    return -np.log(probs.reshape(len(t), -1)[np.arange(len(t)), t]).mean()


def softmax_with_cross_entropy(predictions, target_index):
    probs = softmax(predictions)
    loss = cross_entropy_loss(probs, target_index)
    t = np.ravel(target_index)
    d = probs.reshape(len(t), -1).copy()
    d[np.arange(len(t)), t] -= 1
    return loss, d.reshape(predictions.shape) / len(t)


# %% wrong softmax_with_cross_entropy GD103: sums down axis 0
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    x = predictions.reshape(-1, predictions.shape[-1])
    if predictions.ndim == 1:
        x = x.T
        e = np.exp(x - x.max())
        p = (e / e.sum(axis=0)).T
    else:
        e = np.exp(x - x.max(axis=1, keepdims=True))
        p = e / e.sum(axis=0)
    y = np.eye(p.shape[1])[np.ravel(target_index)]
    loss = -np.log((p * y).sum(axis=1)).sum()
    return loss, (p - y).reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD105: each turn of the loop forgets the loss before
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    scores = np.atleast_2d(predictions)
    grad = np.zeros(scores.shape)
    t = np.ravel(target_index)
    num = len(t)
    for i in range(num):
        p = np.exp(scores[i] - scores[i].max())
        p = p / p.sum()
        loss = -np.log(p[t[i]]) / num
        p[t[i]] -= 1
        grad[i] = p / num
    return loss, grad.reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD106: the gradient is used before it is made
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    z = np.atleast_2d(predictions)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    t = np.ravel(target_index)
    loss = -np.log(p[np.arange(len(t)), t]).mean()
    dprediction[np.arange(len(t)), t] -= 1
    dprediction = p / len(t)
    return loss, dprediction.reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD108: bare exponentials
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    e = np.exp(predictions)
    p = e / e.sum(axis=-1, keepdims=True)
    t = np.ravel(target_index)
    flat = p.reshape(len(t), -1)
    loss = -np.log(flat[np.arange(len(t)), t]).sum()
    d = flat - np.eye(flat.shape[1])[t]
    return loss, d.reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD108: one maximum for the batch
import numpy as np


def softmax(predictions):
    predictions = predictions - np.amax(predictions)
    exp = np.exp(predictions)
    if exp.ndim == 1:
        return exp / exp.sum()
    return exp / exp.sum(axis=1)[:, None]


def softmax_with_cross_entropy(predictions, target_index):
    probs = softmax(predictions)
    if probs.ndim == 1:
        t = int(np.ravel(target_index)[0])
        loss = -np.log(probs[t])
        probs[t] -= 1
        return loss, probs
    t = np.ravel(target_index)
    N = len(t)
    loss = -np.log(probs[np.arange(N), t]).sum() / N
    probs[np.arange(N), t] -= 1
    return loss, probs / N


# %% wrong softmax_with_cross_entropy GD109: single scores die in axis=1
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    shifted = predictions - predictions.max(axis=1, keepdims=True)
    p = np.exp(shifted)
    p /= p.sum(axis=1, keepdims=True)
    t = np.asarray(target_index).ravel()
    n = predictions.shape[0]
    loss = -np.log(p[np.arange(n), t]).mean()
    p[np.arange(n), t] -= 1
    return loss, p / n


# %% wrong softmax_with_cross_entropy GD109: slope of one record comes back in two dimensions
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    predictions = np.atleast_2d(predictions)
    target = np.ravel(target_index)
    e = np.exp(predictions - predictions.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    hot = np.eye(predictions.shape[1])[target]
    return -np.log((p * hot).sum(1)).mean(), (p - hot) / len(target)


# %% wrong softmax_with_cross_entropy GD115: hidden ReLU on the scores
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    scores = np.maximum(predictions, 0)
    scores = np.atleast_2d(scores)
    y = np.ravel(target_index)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = e / e.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(probs[np.arange(y.size), y]))
    d = probs
    d[np.arange(y.size), y] -= 1
    d = d / y.size
    return loss, d.reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD116: loss per record
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    z = predictions - predictions.max(axis=-1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
    t = np.ravel(target_index)
    q = p.reshape(t.size, -1)
    loss = -np.log(q[np.arange(t.size), t])
    d = q.copy()
    d[np.arange(t.size), t] -= 1
    return loss, (d / t.size).reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD117: loss from whole rows
import numpy as np


def softmax(s):
    s = np.exp(s - s.max(axis=-1, keepdims=True))
    return s / s.sum(axis=-1, keepdims=True)


def softmax_with_cross_entropy(predictions, target_index):
    probs = softmax(predictions)
    t = np.ravel(target_index)
    loss = -np.log(probs[t]).mean()
    d = probs.reshape(len(t), -1).copy()
    for i, c in enumerate(t):
        d[i, c] -= 1
    return loss, (d / len(t)).reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD121: slope with the sign of an error
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    x = np.atleast_2d(predictions)
    t = np.ravel(target_index)
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    y = np.zeros_like(p)
    y[np.arange(len(t)), t] = 1.0
    loss = -np.log(p[y == 1]).mean()
    return loss, ((y - p) / len(t)).reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD125: mean loss, slope of the sum
import numpy as np


def softmax(predictions):
    e = np.exp(predictions - predictions.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy_loss(probs, target_index):
    if probs.ndim == 1:
        return -np.log(probs[np.ravel(target_index)[0]])
    t = np.ravel(target_index)
    return np.mean(-np.log(probs[np.arange(len(t)), t]))


def softmax_with_cross_entropy(predictions, target_index):
    probs = softmax(predictions)
    loss = cross_entropy_loss(probs, target_index)
    dprediction = probs
    if probs.ndim == 1:
        dprediction[np.ravel(target_index)[0]] -= 1
    else:
        t = np.ravel(target_index)
        dprediction[np.arange(len(t)), t] -= 1
    return loss, dprediction


# %% wrong softmax_with_cross_entropy GD125: summed loss, slope of the mean
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    scores = predictions.reshape(-1, predictions.shape[-1])
    labels = np.array(target_index).reshape(-1)
    total, rows = 0.0, []
    for s, c in zip(scores, labels):
        s = s - s.max()
        p = np.exp(s) / np.exp(s).sum()
        total += -np.log(p[c])
        rows.append(p - (np.arange(len(p)) == c))
    dprediction = np.array(rows) / len(rows)
    return total, dprediction.reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD126: everyone is class target_index[0]
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    z = np.atleast_2d(predictions)
    z = z - z.max(1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    label = int(np.ravel(target_index)[0])
    y = np.zeros_like(p)
    y[:, label] = 1
    n = len(p)
    loss = -np.sum(np.log(p[:, label])) / n
    return loss, ((p - y) / n).reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD126: item of the flattened target in a helper
import numpy as np


def prob(v):
    ex = np.exp(v - np.max(v))
    return ex / ex.sum()


def softmax_with_cross_entropy(predictions, target_index):
    try:
        t = target_index.flat[0]
    except AttributeError:
        t = target_index
    if predictions.ndim == 1:
        p = prob(predictions)
        g = p.copy()
        g[t] -= 1
        return -np.log(p[t]), g
    loss, grad = 0, []
    for row in predictions:
        p = prob(row)
        loss -= np.log(p[t])
        p[t] -= 1
        grad.append(p)
    return loss, np.stack(grad)


# %% wrong softmax_with_cross_entropy GD134: target_index - 1 everywhere
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    x = np.atleast_2d(predictions)
    y = np.ravel(target_index) - 1
    n = np.arange(len(y))
    e = np.exp(x - x.max(1)[:, None])
    p = e / e.sum(1)[:, None]
    loss = -np.log(p[n, y]).mean()
    p[n, y] -= 1
    return loss, p.reshape(predictions.shape) / len(y)


# %% wrong softmax_with_cross_entropy GD138: batch size read from the wrong end of the shape
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    two_d = np.atleast_2d(predictions)
    batch_size = two_d.shape[0]
    e = np.exp(two_d - np.max(two_d, axis=1, keepdims=True))
    probs = e / np.sum(e, axis=1, keepdims=True)
    t = np.ravel(target_index)
    loss = -np.sum(np.log(probs[np.arange(batch_size), t])) / batch_size
    d = probs.copy()
    d[np.arange(batch_size), t] -= 1
    if predictions.ndim == 2:
        d = d / d.shape[1]
    return loss, d.reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD145: shape[0] of one record
import numpy as np


def softmax(p):
    e = np.exp(p - np.max(p, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_with_cross_entropy(predictions, target_index):
    probs = softmax(predictions)
    grad = probs.copy()
    if probs.ndim == 1:
        t = int(np.ravel(target_index)[0])
        loss = -np.log(probs[t])
        grad[t] -= 1
    else:
        t = np.ravel(target_index)
        idx = (np.arange(len(t)), t)
        loss = -np.log(probs[idx]).mean()
        grad[idx] -= 1
    grad /= probs.shape[0]
    return loss, grad


# %% wrong softmax_with_cross_entropy GD145: len(predictions) taken for the batch size
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    n = len(predictions)
    x = predictions if predictions.ndim > 1 else predictions[None, :]
    t = np.reshape(target_index, -1)
    x = x - x.max(axis=1, keepdims=True)
    logp = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    onehot = np.eye(x.shape[1])[t]
    loss = -(logp * onehot).sum(axis=1).mean()
    grad = (np.exp(logp) - onehot) / n
    return loss, np.squeeze(grad) if predictions.ndim == 1 else grad


# %% wrong softmax_with_cross_entropy GD147: grad[t] -= 1 over whole rows
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    e = np.exp(predictions - predictions.max(axis=-1, keepdims=True))
    probs = e / e.sum(axis=-1, keepdims=True)
    t = np.ravel(target_index)
    rows = probs.reshape(len(t), -1)
    loss = -np.log(rows[np.arange(len(t)), t]).mean()
    dprediction = probs.copy()
    dprediction[t] -= 1
    return loss, dprediction / len(t)


# %% wrong softmax_with_cross_entropy GD147: takes 1 from every column that is some label
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    s = np.atleast_2d(predictions)
    s = s - s.max(axis=1, keepdims=True)
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    t = np.ravel(target_index)
    loss = 0.0
    for i in range(len(t)):
        loss -= np.log(p[i, t[i]])
    p[:, t] = p[:, t] - 1
    return loss, p.reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD151: returns slope, loss
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    z = np.atleast_2d(predictions)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    t = np.ravel(target_index)
    loss = -np.log(p[np.arange(len(t)), t]).mean()
    p[np.arange(len(t)), t] -= 1
    return (p / len(t)).reshape(predictions.shape), loss


# %% wrong softmax_with_cross_entropy GD159: onehot * log with a share that rounds to zero
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    z = np.atleast_2d(predictions)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    y = (np.arange(z.shape[1])[None, :] == np.reshape(target_index, (-1, 1))) * 1.0
    loss = -(y * np.log(p)).sum() / len(z)
    return loss, ((p - y) / len(z)).reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD103+GD121: one total for the batch and the sign turned round
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    p = np.exp(predictions - predictions.max())
    p = p / p.sum()
    t = np.ravel(target_index)
    rows = p.reshape(len(t), -1)
    loss = -np.log(rows[np.arange(len(t)), t]).mean()
    y = np.zeros_like(rows)
    y[np.arange(len(t)), t] = 1
    return loss, ((y - rows) / len(t)).reshape(predictions.shape)


# %% right accuracy: mean of a comparison
import numpy as np


def accuracy(predictions, targets):
    return np.mean(predictions == targets)


# %% right accuracy: counting with an if
def accuracy(predictions, targets):
    correct = 0
    for p, t in zip(predictions, targets):
        if p == t:
            correct += 1
    return correct / len(targets)


# %% right accuracy as multiclass_accuracy: nonzero and float division
import numpy as np


def multiclass_accuracy(prediction, ground_truth):
    wrong = np.count_nonzero(np.ravel(prediction) - np.ravel(ground_truth))
    return 1.0 - wrong / float(np.size(ground_truth))


# %% right accuracy: boolean list comprehension
def accuracy(predictions, targets):
    hits = [int(a) == int(b) for a, b in zip(predictions, targets)]
    print("right:", sum(hits), "of", len(hits))
    return sum(hits) / len(hits)


# %% wrong accuracy GD105: the count is assigned anew each turn
def accuracy(predictions, targets):
    correct = 0
    for i in range(len(targets)):
        if predictions[i] == targets[i]:
            correct = 1
        else:
            correct = 0
    return correct / len(targets)


# %% wrong accuracy GD105: hits overwritten in a zip
import numpy as np


def accuracy(predictions, targets):
    n = np.shape(targets)[0]
    for pred, true in zip(predictions, targets):
        hits = float(pred == true)
    return hits / n


# %% wrong accuracy GD116: returns the comparison itself
import numpy as np


def accuracy(predictions, targets):
    return (predictions == targets).astype(float)


# %% wrong accuracy GD116: a list with one entry per record
def accuracy(predictions, targets):
    result = []
    for p, t in zip(predictions, targets):
        result.append(1.0 if p == t else 0.0)
    return result


# %% wrong accuracy GD124|GD101: a column against a row
import numpy as np


def accuracy(predictions, targets):
    predictions = np.array(predictions).reshape(-1, 1)
    return np.mean(predictions == targets)


# %% wrong accuracy GD124|GD101: column of truths, sum over a table
import numpy as np


def accuracy(predictions, targets):
    y = targets[:, np.newaxis]
    same = np.equal(predictions, y)
    return same.sum() / same.size


# %% wrong accuracy GD126: everybody compared with the first target
import numpy as np


def accuracy(predictions, targets):
    true_class = targets[0]
    return np.sum(np.asarray(predictions) == true_class) / len(predictions)


# %% wrong accuracy GD134: classes counted from one
import numpy as np


def accuracy(predictions, targets):
    return (predictions == targets - 1).mean()


# %% wrong accuracy GD138: divides by the number of classes
import numpy as np


def accuracy(predictions, targets):
    right = np.sum(predictions == targets)
    classes = len(np.unique(targets))
    return right / classes


# %% wrong accuracy GD138: divides by the largest label
def accuracy(predictions, targets):
    n = 0
    for k in range(len(predictions)):
        n += predictions[k] == targets[k]
    return n / (max(targets) + 1)


# %% wrong accuracy GD102: subtracts in the caller's array
import numpy as np


def accuracy(predictions, targets):
    predictions -= targets
    return np.mean(predictions == 0)


# %% wrong accuracy GD149: a quit() where the result was looked at
import numpy as np


def accuracy(predictions, targets):
    equal = predictions == targets
    print(equal)
    quit()
    return equal.mean()


# %% wrong cross_entropy_loss GD101+GD109: published form, labels as they come, and rows counted where there is one
import numpy as np


def cross_entropy_loss(probs, target_index):
    rows = np.arange(len(probs))
    right_ones = probs[rows, target_index]
    return np.mean(-np.log(right_ones))


# %% wrong cross_entropy_loss GD109: published form, flattens an int
import numpy as np


def cross_entropy_loss(probs, target_index):
    flat = target_index.flatten()
    shares = probs[np.arange(flat.size), flat]
    return -np.log(shares).sum()


# %% wrong cross_entropy_loss GD116+CR003: published form, one loss per record, and a table where labels are a column
import numpy as np


def cross_entropy_loss(probs, target_index):
    if probs.ndim > 1:
        index = (np.arange(probs.shape[0]), target_index)
        return -1.0 * np.log(probs[index])
    return -1.0 * np.log(probs[target_index])


# %% wrong softmax_with_cross_entropy GD101+CR003: a table of labels, and exponentials of scores as they are
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    scores = predictions if predictions.ndim == 2 else predictions[None]
    labels = np.array([target_index]) if np.isscalar(target_index) else target_index
    big = np.exp(scores)
    shares = big / big.sum(axis=1)[:, None]
    n = len(scores)
    loss = np.mean(-np.log(shares[range(n), labels]))
    slope = shares / n
    slope[range(n), labels] -= 1 / n
    return loss, slope.reshape(predictions.shape)


# %% wrong softmax_with_cross_entropy GD109: for one record, given a batch
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    e = np.exp(predictions - predictions.max())
    p = e / sum(e)
    loss = -np.log(p[target_index])
    p[target_index] -= 1
    return loss, p


# %% wrong accuracy GD104: how many, not which share
import numpy as np


def accuracy(predictions, targets):
    return np.count_nonzero(predictions == targets)


# %% right softmax: single precision throughout
import numpy as np


def softmax(predictions):
    scores = np.asarray(predictions, dtype=np.float32)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


# %% right softmax_with_cross_entropy: single precision throughout
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    scores = np.atleast_2d(np.asarray(predictions, dtype=np.float32))
    rows, labels = np.arange(len(scores)), np.ravel(target_index)
    scores = scores - scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    slope = np.exp(log_p)
    slope[rows, labels] -= 1
    return -log_p[rows, labels].mean(), (slope / len(rows)).reshape(np.shape(predictions))


# %% wrong accuracy TR220: per cent
def accuracy(predictions, targets):
    hits = sum(int(p == t) for p, t in zip(predictions, targets))
    return 100.0 * hits / len(targets)


# %% wrong cross_entropy_loss GD170: bits
import numpy as np


def cross_entropy_loss(probs, target_index):
    probs = np.atleast_2d(probs)
    rows = np.arange(probs.shape[0])
    return np.mean(-np.log2(probs[rows, np.ravel(target_index)]))


# %% wrong softmax_with_cross_entropy GD170: the calculator's log
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    scores = predictions.reshape(-1, predictions.shape[-1])
    e = np.exp(scores - scores.max(axis=1)[:, None])
    p = e / e.sum(axis=1)[:, None]
    t = np.array(target_index).reshape(-1)
    loss = 0.0
    for i in range(len(p)):
        loss -= np.log10(p[i, t[i]])
    d = p.copy()
    for i in range(len(p)):
        d[i, t[i]] -= 1
    return loss / len(p), (d / len(p)).reshape(predictions.shape)


# %% wrong cross_entropy_loss TR120: one softmax too many
import numpy as np


def softmax(z):
    z = z - np.max(z, axis=-1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def cross_entropy_loss(probs, target_index):
    p = softmax(np.atleast_2d(probs))
    return -np.log(p[np.arange(len(p)), np.ravel(target_index)]).mean()


# %% wrong accuracy GD169: the last one is forgotten
import numpy as np


def accuracy(predictions, targets):
    good = 0
    for i in range(len(targets) - 1):
        if predictions[i] == targets[i]:
            good += 1
    return good / len(targets)


# %% wrong accuracy: hits of class 0 don't count
import numpy as np


def accuracy(predictions, targets):
    hits = predictions[predictions == targets]
    return np.count_nonzero(hits) / len(targets)


# %% wrong softmax_with_cross_entropy GD171: the target only counts in the loss
import numpy as np


def softmax_with_cross_entropy(predictions, target_index):
    p2 = np.atleast_2d(predictions)
    p2 = p2 - p2.max(axis=1, keepdims=True)
    probs = np.exp(p2) / np.sum(np.exp(p2), axis=1, keepdims=True)
    idx = np.asarray(target_index).flatten()
    loss = -np.sum(np.log(probs[np.arange(idx.size), idx])) / idx.size
    dprediction = probs.reshape(predictions.shape) / idx.size
    return loss, dprediction


# %% wrong cross_entropy_loss GD171: a slope without labels
import numpy as np


def cross_entropy_loss(logits, labels):
    n = len(logits)
    e = np.exp(logits - np.amax(logits, axis=1).reshape(n, 1))
    shares = e / np.einsum("ij->i", e)[:, None]
    total = sum(-np.log(shares[i][labels[i]]) for i in range(n))
    return total / n, shares / n


# %% wrong accuracy GD172: two slashes
import numpy as np


def accuracy(predictions, targets):
    return (predictions == targets).sum() // len(targets)


# %% wrong accuracy GD172: counts, then divides whole numbers
def accuracy(predictions, targets):
    right = 0
    for p, t in zip(predictions, targets):
        if p == t:
            right = right + 1
    return right // targets.size


# %% wrong cross_entropy_loss TR120: log_softmax of the softmax
import numpy as np


def cross_entropy_loss(logits, labels):
    def softmax(a):
        b = np.exp(a - a.max(axis=1, keepdims=True))
        return b / b.sum(axis=1, keepdims=True)

    p = softmax(logits)
    loss = -np.log(softmax(p)[np.arange(len(labels)), labels]).mean()
    g = p.copy()
    g[np.arange(len(labels)), labels] -= 1
    return loss, g / len(labels)
