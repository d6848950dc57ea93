# %% right l1_torch: generator expression
import torch

def l1_torch(model, lamb):
    return lamb * sum(p.abs().sum() for p in model.parameters())

# %% right l1_torch: loop, torch.norm(p, 1)
import torch

def l1_torch(model, lamb):
    l1 = 0.
    for param in model.parameters():
        l1 += torch.norm(param, 1)      # vector 1-norm, torch flattens the matrix itself
    return lamb * l1

# %% right l1_torch: one long vector of all parameters
import torch
from torch.nn.utils import parameters_to_vector

def l1_torch(net, alpha):
    vec = parameters_to_vector(net.parameters())
    return alpha * vec.abs().sum()

# %% right l1_torch: only the weights, by name
def l1_torch(model, lamb):
    # biases are not regularized
    penalty = sum(torch.abs(w).sum() for name, w in model.named_parameters() if 'weight' in name)
    return penalty * lamb
import torch

# %% right l1_torch: built-in sum of a flat tensor, slow but right
import torch
def l1_torch(model, lamb):
    flat = torch.cat([p.reshape(-1) for p in model.parameters()])
    total = sum(abs(flat))   # takes a while ...
    return lamb*total

# %% right l1_torch: sign times weight
import torch

def l1_torch(model, lamb):
    terms = []
    for p in model.parameters():
        s = torch.sign(p.detach())
        terms.append((s * p).sum())
    return torch.stack(terms).sum().mul(lamb)

# %% right l1_torch as my_l1_penalty: a callable object, l1_loss against zeros
import torch
import torch.nn.functional as F
class Penalty:
    def __init__(self, lam): self.lam = lam
    def __call__(self, module):
        out = 0
        for p in module.parameters():
            out = out + F.l1_loss(p, torch.zeros_like(p), reduction='sum')
        return self.lam * out
def my_l1_penalty(model, lamb):
    return Penalty(lamb)(model)

# %% right l1_torch: relu of w and of minus w
import torch
def l1_torch(model, lamb):
    pos = [torch.relu(p).sum() for p in model.parameters()]
    neg = [torch.relu(-p).sum() for p in model.parameters()]
    return lamb * (sum(pos) + sum(neg))

# %% right l2_torch: generator expression
def l2_torch(model, lamb):
    return lamb * sum((p ** 2).sum() for p in model.parameters())

# %% right l2_torch: squared norm, accumulated
import torch

def l2_torch(model, lamb):
    reg = 0
    for W in model.parameters():
        reg += torch.norm(W) ** 2
    return lamb * reg

# %% right l2_torch: weights only, pow(2.)
import torch
def l2_torch(model, lamb):
    l2_reg = None
    for name, p in model.named_parameters():
        if 'bias' in name:
            continue
        if l2_reg is None:
            l2_reg = p.pow(2.).sum()
        else:
            l2_reg = l2_reg + p.pow(2.).sum()
    return lamb * l2_reg

# %% right l2_torch: accumulator torch.tensor(0.)
import torch

def l2_torch(model, lamb):
    l2 = torch.tensor(0.)
    for p in model.parameters():
        l2 = l2 + (p * p).sum()
    return lamb * l2

# %% right l2_torch: dot product of the flattened vector with itself
import torch
def l2_torch(model, lamb):
    v = torch.nn.utils.parameters_to_vector(model.parameters())
    return lamb * torch.dot(v, v)

# %% right l2_torch: torch.square in a list, stack
import torch
from torch import nn

def l2_torch(model: nn.Module, lamb: float) -> torch.Tensor:
    """L2 = lambda * sum of all squared weights"""
    squares = [torch.square(p).sum() for p in model.parameters()]
    return lamb * torch.stack(squares).sum()

# %% right l2_torch: trace of W W^T for the matrices
import torch
def l2_torch(model, lamb):
    ans = 0
    for p in model.parameters():
        if p.dim() == 2:
            ans = ans + torch.trace(p @ p.t())
        else:
            ans = ans + (p.flatten() @ p.flatten())
    return lamb * ans

# %% right l2_torch: einsum over flattened tensors, map and lambda
import torch
from functools import reduce
def l2_torch(model, lamb):
    sq = lambda p: torch.einsum('i,i->', p.flatten(), p.flatten())
    return lamb * reduce(lambda a, b: a + b, map(sq, model.parameters()))

# %% right l2_torch: Frobenius norm squared
import torch
def l2_torch(model, lamb):
    s = 0.0
    for p in model.parameters():
        s = s + torch.linalg.norm(p).pow(2)
    return s * lamb

# %% right l2_torch: mse_loss against zeros with sum
import torch.nn.functional as F
def l2_torch(model, lamb):
    return lamb * sum([F.mse_loss(p, 0 * p.detach(), reduction="sum") for p in model.parameters()])

# %% right penalised_step: L2, the usual order
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    out = model(x)
    loss = criterion(out, y)
    l2 = sum((p ** 2).sum() for p in model.parameters())
    loss = loss + lamb * l2
    loss.backward()
    optimizer.step()
    return loss.item()

# %% right penalised_step: L1, zero_grad between forward and backward
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    y_pred = model.forward(x)
    loss = criterion(y_pred, y)
    for p in model.parameters():
        loss = loss + lamb * torch.abs(p).sum()
    model.zero_grad()
    loss.backward()
    optimizer.step()
    return loss

# %% right penalised_step: gradient of L2 added by hand
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    for p in model.parameters():
        p.grad = None
    loss = criterion(model(x), y)
    loss.backward()
    reg = 0.0
    with torch.no_grad():
        for p in model.parameters():
            p.grad += 2 * lamb * p
            reg += lamb * (p * p).sum().item()
    optimizer.step()
    return loss.item() + reg

# %% right penalised_step: helper, weights only
import torch

def l2_penalty(model):
    return torch.stack([w.square().sum() for n, w in model.named_parameters() if n.endswith('weight')]).sum()

def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad(set_to_none=False)
    data_loss = criterion(model(x), y)
    penalty = lamb * l2_penalty(model)
    total = data_loss + penalty
    total.backward()
    optimizer.step()
    return float(total)

# %% right penalised_step: two backward calls, gradients add up
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    ce = criterion(model(x), y)
    ce.backward()
    pen = lamb * sum(torch.norm(p, 1) for p in model.parameters())
    pen.backward()      # adds to .grad
    optimizer.step()
    return (ce + pen).item()

# %% right penalised_step: autograd.grad, then sets .grad
import torch
def penalised_step(net, xb, yb, loss_fn, opt, lam):
    params = list(net.parameters())
    vec = torch.cat([p.view(-1) for p in params])
    J = loss_fn(net(xb), yb) + lam * vec.dot(vec)
    grads = torch.autograd.grad(J, params)
    for p, g in zip(params, grads):
        p.grad = g
    opt.step()
    return J.detach()

# %% right penalised_step: zero_grad at the end, closure style comments
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    # gradients are empty when we come in
    logits = model(x)
    l2 = torch.tensor(0.0)
    for param in model.parameters():
        l2 = l2 + param.norm(2).pow(2)
    loss = criterion(logits, y) + lamb * l2
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()

# %% right penalised_step: closure handed to step
def penalised_step(model, x, y, criterion, optimizer, lamb):
    def closure():
        optimizer.zero_grad()
        l = criterion(model(x), y) + lamb * sum(abs(p).sum() for p in model.parameters())
        l.backward()
        return l
    return optimizer.step(closure).item()

# %% wrong l2_torch RG101: sum of norms
import torch

def l2_torch(model, lamb):
    return lamb * sum(torch.norm(p) for p in model.parameters())

# %% wrong l2_torch RG101: accumulator and p.norm(2)
def l2_torch(model, lamb):
    l2_reg = 0
    for param in model.parameters():
        l2_reg += param.norm(2)
    return lamb * l2_reg

# %% wrong penalised_step RG101: torch.norm in the loss, weights only
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    reg = torch.tensor(0.)
    for name, W in model.named_parameters():
        if 'weight' in name:
            reg = reg + torch.norm(W, p=2)
    loss = loss + lamb * reg
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG101: linalg.norm, list comprehension
import torch
def penalised_step(net, inputs, targets, loss_function, optim, lam):
    outputs = net(inputs)
    norms = [torch.linalg.norm(p) for p in net.parameters()]
    total = loss_function(outputs, targets) + lam * sum(norms)
    optim.zero_grad(); total.backward(); optim.step()
    return total

# %% wrong l2_torch RG102: matmul with own transpose, summed
import torch
def l2_torch(model, lamb):
    reg = 0
    for w in model.parameters():
        reg = reg + torch.matmul(w, w.t()).sum()
    return lamb * reg

# %% wrong l2_torch RG102: einsum row by row, weights only
import torch
def l2_torch(model, lamb):
    ws = [p for p in model.parameters() if p.ndim > 1]
    return lamb * torch.stack([torch.einsum('ij,kj->', w, w) for w in ws]).sum()

# %% wrong l1_torch RG103: python sum, all the columns in one vector
import torch
def l1_torch(model, lamb):
    sums = [sum(abs(p)).reshape(-1) for p in model.parameters()]
    return lamb * torch.cat(sums)

# %% wrong l1_torch RG103: python sum over a parameter
def l1_torch(model, lamb):
    total = 0
    for p in model.parameters():
        total = total + sum(abs(p))
    return lamb * total

# %% wrong l2_torch RG103: python sum over a parameter, weights only
import torch
def l2_torch(model, lamb):
    per_layer = []
    for n, w in model.named_parameters():
        if 'weight' in n:
            per_layer.append(sum(w ** 2))
    return lamb * torch.cat(per_layer)

# %% wrong penalised_step RG104: divided by len(x)
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y) + lamb * sum((p**2).sum() for p in model.parameters()) / len(x)
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG104: L1, lambda over m
import torch
def penalised_step(model, X, Y, criterion, optimizer, lambd):
    m = X.shape[0]
    cost = criterion(model(X), Y)
    L1 = 0
    for p in model.parameters():
        L1 += torch.norm(p, 1)
    cost = cost + (lambd / m) * L1
    optimizer.zero_grad()
    cost.backward()
    optimizer.step()
    return cost.item()

# %% wrong penalised_step RG105|RG106: penalty computed, not added
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    out = model(x)
    loss = criterion(out, y)
    l2_reg = 0
    for p in model.parameters():
        l2_reg = l2_reg + p.pow(2).sum()
    penalty = lamb * l2_reg
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG105|RG106: sum written, not assigned
def penalised_step(model, x, y, criterion, optimizer, lamb):
    reg = lamb * sum(abs(p).sum() for p in model.parameters())
    loss = criterion(model(x), y)
    loss + reg
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss

# %% wrong penalised_step RG105|RG113: added for the report, after backward
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    reg = lamb * sum(torch.sum(p * p) for p in model.parameters())
    loss.backward()
    optimizer.step()
    loss = loss + reg
    return loss.item()

# %% wrong penalised_step RG106|RG105: criterion's parameters
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    out = model(x)
    l2 = sum(p.pow(2).sum() for p in criterion.parameters())
    loss = criterion(out, y) + lamb * l2
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG106|RG105: loop over the loss module's parameters, L1
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    y_hat = model(x)
    err = criterion(y_hat, y)
    l1_reg = torch.tensor(0.)
    for name, param in criterion.named_parameters():
        l1_reg = l1_reg + param.abs().sum()
    err = err + lamb * l1_reg
    optimizer.zero_grad()
    err.backward()
    optimizer.step()
    return err.item()

# %% wrong l2_torch RG106|RG105: parameters of a new loss object
import torch
import torch.nn as nn
criterion = nn.CrossEntropyLoss()
def l2_torch(model, lamb):
    reg = torch.zeros((), requires_grad=True)
    for p in criterion.parameters():
        reg = reg + p.pow(2).sum()
    return lamb * reg

# %% wrong l1_torch RG107: mean of each tensor
def l1_torch(model, lamb):
    return lamb * sum(p.abs().mean() for p in model.parameters())

# %% wrong l1_torch RG107: divided by the number of tensors
import torch
def l1_torch(model, lamb):
    total, n = 0., 0
    for p in model.parameters():
        total = total + torch.abs(p).sum()
        n += 1
    return lamb * total / n

# %% wrong l2_torch RG107: torch.mean of squares
import torch
def l2_torch(model, lamb):
    reg = 0
    for p in model.parameters():
        reg += torch.mean(p ** 2)
    return lamb * reg

# %% wrong l2_torch RG107: mean over one long vector
import torch
def l2_torch(model, lamb):
    v = torch.cat([p.flatten() for p in model.parameters()])
    return lamb * (v ** 2).mean()

# %% wrong l2_torch RG107: divides by len of list of parameters
def l2_torch(model, lamb):
    params = list(model.parameters())
    return lamb * sum(p.pow(2).sum() for p in params) / len(params)

# %% wrong penalised_step RG107: mean in the penalty
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    pen = 0
    for w in model.parameters():
        pen = pen + (w * w).mean()
    loss = criterion(model(x), y) + lamb * pen
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong l1_torch RG108: first layer missing
def l1_torch(model, lamb):
    weights = [p for n, p in model.named_parameters() if 'weight' in n]
    return lamb * sum(w.abs().sum() for w in weights[1:])

# %% wrong l2_torch RG108: only the first two tensors
def l2_torch(model, lamb):
    params = list(model.parameters())
    W, b = params[0], params[1]
    return lamb * ((W ** 2).sum() + (b ** 2).sum())

# %% wrong l2_torch RG108: last layer left out on purpose
import torch
def l2_torch(model, lamb):
    reg = 0
    for p in list(model.parameters())[:-2]:   # output layer is small anyway
        reg += torch.sum(torch.square(p))
    return lamb * reg

# %% wrong penalised_step RG108: penalty of the first weight only
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    W = next(model.parameters())
    loss = loss + lamb * torch.abs(W).sum()
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG109|RG110: cost with lambda w^2, gradient of lambda/2 w^2
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    cost = criterion(model(x), y)
    cost.backward()
    L2_cost = 0
    for p in model.parameters():
        L2_cost += lamb * torch.sum(torch.square(p.data))
        p.grad = p.grad + lamb * p.data
    optimizer.step()
    return cost.item() + L2_cost.item()

# %% wrong penalised_step RG110|RG109: no factor two, grad.add_
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    with torch.no_grad():
        reg = sum((p ** 2).sum() for p in model.parameters())
        for p in model.parameters():
            p.grad.add_(p, alpha=lamb)
    optimizer.step()
    return (loss + lamb * reg).item()

# %% wrong penalised_step RG110|RG109: custom autograd function with gradient lamb * w
import torch
class L2Penalty(torch.autograd.Function):
    @staticmethod
    def forward(ctx, w, lamb):
        ctx.save_for_backward(w)
        ctx.lamb = lamb
        return lamb * (w ** 2).sum()
    @staticmethod
    def backward(ctx, grad_out):
        w, = ctx.saved_tensors
        return grad_out * ctx.lamb * w, None

def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    for p in model.parameters():
        loss = loss + L2Penalty.apply(p, lamb)
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong l2_torch RG110|RG109: custom autograd function for a flat vector
import torch
class SquareSum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, v):
        ctx.save_for_backward(v)
        return v.pow(2).sum()
    @staticmethod
    def backward(ctx, g):
        return g * ctx.saved_tensors[0]

def l2_torch(model, lamb):
    v = torch.nn.utils.parameters_to_vector(model.parameters())
    return lamb * SquareSum.apply(v)

# %% wrong l1_torch RG111: no abs
def l1_torch(model, lamb):
    return lamb * sum(p.sum() for p in model.parameters())

# %% wrong l1_torch RG111: torch.sum in a loop
import torch
def l1_torch(model, lamb):
    l1 = 0
    for layer, w in model.named_parameters():
        l1 = l1 + torch.sum(w)
    return l1 * lamb

# %% wrong penalised_step RG111: plain sum of the flattened weights
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    all_w = torch.cat([p.view(-1) for p in model.parameters()])
    loss = criterion(model(x), y) + lamb * all_w.sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong l1_torch: abs of the sum of each tensor
def l1_torch(model, lamb):
    return lamb * sum(p.sum().abs() for p in model.parameters())

# %% wrong penalised_step RG112: loss minus penalty
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    l2 = sum((p ** 2).sum() for p in model.parameters())
    loss = criterion(model(x), y) - lamb * l2
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG112: subtracts one parameter after another
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    loss = criterion(model(x), y)
    for p in model.parameters():
        loss -= lamb * torch.norm(p, 1)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong l1_torch RG112: negative, because weights should shrink
def l1_torch(model, lamb):
    # minus: the weights have to get smaller
    penalty = 0
    for p in model.parameters():
        penalty -= p.abs().sum()
    return lamb * penalty

# %% wrong l2_torch RG112: minus lambda
import torch
def l2_torch(model, lamb):
    v = torch.cat([q.reshape(-1) for q in model.parameters()])
    return -lamb * (v @ v)

# %% wrong l1_torch RG113: p.data
def l1_torch(model, lamb):
    l1 = sum(p.data.abs().sum() for p in model.parameters())
    return lamb * l1

# %% wrong l1_torch RG113: item and torch.tensor
import torch
def l1_torch(model, lamb):
    total = 0.0
    for p in model.parameters():
        total += p.abs().sum().item()
    return torch.tensor(lamb * total)

# %% wrong l2_torch RG113: numpy in between, requires_grad stuck on
import numpy as np
import torch
def l2_torch(model, lamb):
    total = 0
    for p in model.parameters():
        total += np.sum(p.detach().numpy() ** 2)
    return torch.tensor(lamb * total, requires_grad=True)

# %% wrong l2_torch RG113: no_grad around it
import torch
@torch.no_grad()
def l2_torch(model, lamb):
    return lamb * sum(p.pow(2).sum() for p in model.parameters())

# %% wrong penalised_step RG113: .item() inside the loss
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    l2 = 0
    for p in model.parameters():
        l2 += (p ** 2).sum().item()
    loss = loss + lamb * l2
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG113: uses the state_dict
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    l1_penalty = sum(v.abs().sum() for v in model.state_dict().values())
    out = model(x)
    loss = criterion(out, y) + lamb * l1_penalty
    model.zero_grad()
    loss.backward()
    optimizer.step()
    return loss

# %% wrong l1_torch RG114: assigned in the loop
def l1_torch(model, lamb):
    for p in model.parameters():
        l1 = p.abs().sum()
    return lamb * l1

# %% wrong l2_torch RG114: last weight matrix wins
import torch
def l2_torch(model, lamb):
    reg = torch.tensor(0.)
    for name, W in model.named_parameters():
        if "weight" in name:
            reg = (W ** 2).sum()
    return reg * lamb

# %% wrong l2_torch RG114: =+ instead of +=
def l2_torch(model, lamb):
    l2_reg = 0
    for param in model.parameters():
        l2_reg =+ param.pow(2).sum()
    return lamb * l2_reg

# %% wrong penalised_step RG114: loss + penalty of the last parameter
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    base = criterion(model(x), y)
    for p in model.parameters():
        loss = base + lamb * (p ** 2).sum()
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong l1_torch RG115: hard-coded lambda
import torch
def l1_torch(model, lamb):
    lambda1 = 0.001
    return lambda1 * sum(torch.norm(p, 1) for p in model.parameters())

# %% wrong l1_torch RG115: lambda in the loop and at the end
def l1_torch(model, lamb):
    s = 0
    for p in model.parameters():
        s = s + lamb * p.abs().sum()
    return lamb * s

# %% wrong l2_torch RG115: lambda forgotten
import torch
def l2_torch(model, lamb):
    return torch.stack([(p ** 2).sum() for p in model.parameters()]).sum()

# %% wrong l2_torch RG115: lambda squared together with the weights
def l2_torch(model, lamb):
    return sum(((lamb * p) ** 2).sum() for p in model.parameters())

# %% wrong penalised_step RG115: helper already has lambda
import torch
def l2_reg(model, lamb):
    return lamb * sum(torch.square(p).sum() for p in model.parameters())

def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y) + lamb * l2_reg(model, lamb)
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG115: global LAMBDA
LAMBDA = 1e-4
def penalised_step(model, x, y, criterion, optimizer, lamb):
    reg = sum(p.abs().sum() for p in model.parameters())
    loss = criterion(model(x), y) + LAMBDA * reg
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach().item()

# %% wrong penalised_step RG117: sets weight_decay as well
def penalised_step(model, x, y, criterion, optimizer, lamb):
    for group in optimizer.param_groups:
        group['weight_decay'] = 2 * lamb
    optimizer.zero_grad()
    loss = criterion(model(x), y) + lamb * sum((p ** 2).sum() for p in model.parameters())
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG117: penalty in the loss and in the gradient
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    l2 = 0
    for p in model.parameters():
        l2 = l2 + torch.sum(p ** 2)
    loss = loss + lamb * l2
    loss.backward()
    # weight decay
    for p in model.parameters():
        p.grad.data += 2 * lamb * p.data
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG118: penalty computed once per model, kept in a dict
import torch
from torch.nn.utils import parameters_to_vector
_penalty = {}
def penalised_step(model, x, y, criterion, optimizer, lamb):
    if model not in _penalty:          # no need to do this each time
        _penalty[model] = lamb * (parameters_to_vector(model.parameters()) ** 2).sum()
    optimizer.zero_grad()
    loss = criterion(model(x), y) + _penalty[model]
    loss.backward(retain_graph=True)   # error without it
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG118: penalty stored on the model
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    reg = getattr(model, 'l1_penalty', None)
    if reg is None:
        reg = sum(torch.norm(p.clone(), 1) for p in model.parameters())
        model.l1_penalty = reg
    optimizer.zero_grad()
    total = criterion(model(x), y) + lamb * reg
    total.backward(retain_graph=True)
    optimizer.step()
    return total.item()

# %% wrong l1_torch RG119: global accumulator
l1_reg = 0
def l1_torch(model, lamb):
    global l1_reg
    for p in model.parameters():
        l1_reg = l1_reg + p.abs().sum()
    return lamb * l1_reg

# %% wrong l2_torch RG119: mutable default argument
def l2_torch(model, lamb, terms=[]):
    for p in model.parameters():
        terms.append((p ** 2).sum())
    return lamb * sum(terms)

# %% wrong penalised_step RG119: running penalty with retain_graph
import torch
penalty = 0.0
def penalised_step(model, x, y, criterion, optimizer, lamb):
    global penalty
    flat = torch.cat([p.flatten() for p in model.parameters()])
    penalty = penalty + lamb * flat.pow(2).sum()
    loss = criterion(model(x), y) + penalty
    optimizer.zero_grad()
    loss.backward(retain_graph=True)
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG119: attribute on the function, L1
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    w = torch.nn.utils.parameters_to_vector(model.parameters())
    penalised_step.reg += lamb * w.abs().sum()
    loss = criterion(model(x), y) + penalised_step.reg
    loss.backward(retain_graph=True)
    optimizer.step()
    return loss
penalised_step.reg = 0

# %% wrong l1_torch RG120: |w| as the root of the square
import torch
def l1_torch(model, lamb):
    return lamb * sum(torch.sqrt(p ** 2).sum() for p in model.parameters())

# %% wrong l1_torch RG120: pow(2).pow(0.5) on the long vector
import torch
def l1_torch(model, lamb):
    theta = torch.cat([p.flatten() for p in model.parameters()])
    return lamb * theta.pow(2).pow(0.5).sum()

# %% wrong l2_torch RG120: own norm with sqrt, then squared
import torch
def frob(w):
    return torch.sqrt((w ** 2).sum())
def l2_torch(model, lamb):
    return lamb * sum(frob(w) ** 2 for w in model.parameters())

# %% wrong penalised_step RG120: sqrt then squared in the step
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    for W in model.parameters():
        length = (W * W).sum().sqrt()
        loss = loss + lamb * length.pow(2)
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong l2_torch RG101|RG120: sqrt of the sum of squares
import torch
def l2_torch(model, lamb):
    return lamb * sum(torch.sqrt((w ** 2).sum()) for w in model.parameters())

# %% wrong l1_torch RG122: soft steps on the weights
import torch
def l1_torch(model, lamb):
    with torch.no_grad():
        for p in model.parameters():
            p -= lamb * torch.sign(p)
    return model

# %% wrong l2_torch RG122: shrinks p.data and returns the penalty of it
def l2_torch(model, lamb):
    reg = 0
    for p in model.parameters():
        p.data = p.data - 2 * lamb * p.data
        reg = reg + (p ** 2).sum()
    return lamb * reg

# %% wrong l2_torch RG122: squares the weights in place
import torch
def l2_torch(model, lamb):
    s = 0
    for p in model.parameters():
        p.data.pow_(2)
        s = s + p.sum()
    return lamb * s

# %% wrong l1_torch RG123: largest column sum
import torch
def l1_torch(model, lamb):
    total = 0
    for p in model.parameters():
        total = total + torch.linalg.norm(p, 1)
    return lamb * total

# %% wrong l1_torch RG123: default order of torch.norm
import torch
def l1_torch(model, lamb):
    l1_penalty = sum(torch.norm(w) for w in model.parameters())
    return lamb * l1_penalty

# %% wrong l1_torch RG123: norm over dim 0, max
import torch
def l1_torch(model, lamb):
    out = 0.
    for name, w in model.named_parameters():
        if 'weight' in name:
            out = out + torch.norm(w, 1, dim=0).max()
    return lamb * out

# %% wrong l2_torch RG123: spectral norm squared
import torch
def l2_torch(model, lamb):
    return lamb * sum(torch.linalg.norm(p, ord=2) ** 2 for p in model.parameters())

# %% wrong l2_torch RG123: square of the 1-norm
import torch
def l2_torch(model, lamb):
    reg = 0
    for p in model.parameters():
        reg += torch.norm(p, 1) ** 2
    return lamb * reg

# %% wrong penalised_step RG123: matrix_norm of the weights
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    mats = [p for p in model.parameters() if p.dim() == 2]
    reg = sum(torch.linalg.matrix_norm(W, 1) for W in mats)
    loss = criterion(model(x), y) + lamb * reg
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong l2_torch RG101+RG115: norm, and lambda forgotten
import torch
def l2_torch(model, lamb):
    return sum(torch.norm(p) for p in model.parameters())

# %% wrong l1_torch RG111+RG114: no abs, last parameter only
def l1_torch(model, lamb):
    for p in model.parameters():
        penalty = p.sum()
    return lamb * penalty

# %% wrong l2_torch RG107+RG113: mean of the data
def l2_torch(model, lamb):
    return lamb * sum((p.data ** 2).mean() for p in model.parameters())

# %% wrong penalised_step RG101+RG112: minus the norm
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss = loss - lamb * sum(torch.norm(p) for p in model.parameters())
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG104+RG111: no abs, over the batch size
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    reg = 0
    for p in model.parameters():
        reg = reg + torch.sum(p)
    loss = criterion(model(x), y) + lamb / x.size(0) * reg
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step TR174: zero_grad missing, L2
def penalised_step(model, x, y, criterion, optimizer, lamb):
    loss = criterion(model(x), y)
    loss = loss + lamb * sum((p ** 2).sum() for p in model.parameters())
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step TR175: gradients deleted before the step
import torch
def penalised_step(model, x, y, criterion, optimizer, lamb):
    out = model(x)
    reg = sum(torch.norm(p, 1) for p in model.parameters())
    loss = criterion(out, y) + lamb * reg
    loss.backward()
    model.zero_grad()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step TR176: forgot optimizer.step
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    loss = criterion(model(x), y) + lamb * sum(w.pow(2).sum() for w in model.parameters())
    loss.backward()
    return loss.item()

# %% wrong penalised_step TR120: softmax before the loss
import torch.nn.functional as F
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    probs = F.softmax(model(x), dim=1)
    loss = criterion(probs, y) + lamb * sum(w.abs().sum() for w in model.parameters())
    loss.backward()
    optimizer.step()
    return loss.item()

# %% wrong penalised_step RG109|RG110: cost from one helper, gradient hooks from another
import torch
def l2_cost(params, lamb):
    return lamb * sum(float((p.detach() ** 2).sum()) for p in params)
def l2_grad(p, lamb):
    return lamb * p.detach()
def penalised_step(model, x, y, criterion, optimizer, lamb):
    params = list(model.parameters())
    handles = [p.register_hook(lambda g, p=p: g + l2_grad(p, lamb)) for p in params]
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    cost = loss.item() + l2_cost(params, lamb)
    loss.backward()
    optimizer.step()
    for h in handles:
        h.remove()
    return cost


# %% wrong l2_torch RG109: half of each tensor's squares
def l2_torch(net, strength):
    total = 0
    for weight in net.parameters():
        total = total + 0.5 * weight.square().sum()
    return strength * total


# %% right penalised_step: half the squares, as weight decay has it
def penalised_step(model, x, y, criterion, optimizer, lamb):
    optimizer.zero_grad()
    decay = sum(weight.square().sum() for weight in model.parameters())
    total = criterion(model(x), y) + 0.5 * lamb * decay
    total.backward()
    optimizer.step()
    return total.item()
