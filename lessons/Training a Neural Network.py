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
# # Training a Neural Network
#
# **Which steps, in which order, make a training run whose reported number can be believed?**
#
# You will train a network to tell ten kinds of clothing apart, with PyTorch and torchvision. The network is the small part. The
# larger part is everything around it: how the images come in, which of them the network may learn from, what is measured and
# on which images, and how you notice within seconds, not hours, that something is wrong.
#
# The notebook has ten exercises and takes about an hour and a half. You write the missing lines; after each exercise a cell
# checks your answer and names the mistake if there is one. An exercise that is not written yet is called just that. It helps to have done the first
# lesson, *Implementing Gradient Descent with Backpropagation*: here PyTorch finds the gradients for you.
#
# The steps:
#
# 1. look at the data, bring it into shape, split it (exercises 1 and 2);
# 2. model, criterion, optimizer (3 and 4);
# 3. **pre-flight**: two checks that take seconds (5);
# 4. one epoch of training, one evaluation, the loop, the best epoch (6, 7, 8);
# 5. break it on purpose, and see which mistakes show, and where;
# 6. what the network gets wrong (9), and one look at the test set (10);
# 7. why only one.

# %%
import math
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import transforms
from tqdm.auto import tqdm

from chainrule import check, data, plots
from chainrule.course import record
from chainrule.pytorch import loops
from chainrule.pytorch.datasets import load_images

torch.set_num_threads(1)  # networks as small as these are quicker on one thread
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

# %% [markdown]
# All settings are in the next cell. Change them and run the notebook again from the top: that is what they are for.
#
# `DATASET` can also be `"mnist"`, `"fashion-mnist"` or `"cifar10"`. These are read from the data root: the folder that the environment variable
# `CHAINRULE_DATA` names, or else a cache folder. If they are not there, they are downloaded only when `DOWNLOAD` is
# `True`; otherwise a notice is printed and the bundled images are used.

# %% tags=["parameters"]
DATASET = "fashion-small"  # or "fashion-mnist", "mnist", "cifar10"
DOWNLOAD = False  # may a dataset that is missing be downloaded?
BATCH_SIZE = 32  # training images in one step
LEARNING_RATE = 1e-3  # of Adam
HIDDEN = (128, 64)  # neurons in the hidden layers
EPOCHS = 15  # times through the training images
SEED = 0  # of the split, the first weights and the order of the batches
FULL_SIZE = None  # "mnist" or "fashion-mnist": also run the full-size section

# %% [markdown]
# ## 1. The data
#
# The bundled set is a part of Fashion-MNIST: 2,000 images to learn from and 500 to test on, 28 × 28 grey pixels each, in ten
# classes. It behaves like every dataset of torchvision: `train_images[i]` is a pair, a PIL image and its class number.

# %%
train_images, test_images = load_images(DATASET, download=DOWNLOAD)
dataset_name, n_classes = type(train_images).__name__, len(train_images.classes)
print(
    f"{dataset_name}: {len(train_images):,} images to learn from, {len(test_images):,} to test on, {n_classes} classes"
)
image, label = train_images[0]
print(
    f"the first item: a PIL {type(image).__name__} of {image.size} pixels, and {label}, that is {train_images.classes[label]!r}"
)
plots.image_grid(train_images, per_class=5)

# %% [markdown]
# A network takes tensors of floating-point numbers, not PIL images, and learns best from inputs that are neither all positive nor huge. So each image goes through
# a **transform**: `ToTensor` makes a float tensor of shape (channels, height, width) with values from 0 to 1, `Normalize` subtracts a
# mean and divides by a standard deviation, for each channel separately: $x' = (x - \text{mean}) / \text{std}$.
#
# Mean and standard deviation come from the training images, never from the test images.

# %%
pixels = np.asarray(train_images.data, dtype=np.float32) / 255
pixels = pixels.reshape(*pixels.shape[:3], -1)  # (images, height, width, channels)
mean = tuple(pixels.mean(axis=(0, 1, 2), dtype=np.float64).tolist())
std = tuple(pixels.std(axis=(0, 1, 2), dtype=np.float64).tolist())
print("mean of each channel:", np.round(mean, 4), " standard deviation:", np.round(std, 4))

# %% [markdown]
# **Exercise 1: `make_transform`.** Easy, about 5 minutes.
#
# Return one transform that does both steps, from a PIL image to a tensor of shape (channels, height, width). `mean` and `std` are tuples with one number for each channel.
#
# <details><summary>Hint 1</summary><code>transforms.Compose([...])</code> makes one transform out of several, from first to last.</details>
# <details><summary>Hint 2</summary>The order matters: <code>Normalize</code> works on tensors, not on PIL images.</details>
# <details><summary>Hint 3</summary><code>transforms.ToTensor()</code>, then <code>transforms.Normalize(mean, std)</code>.</details>


# %%
# Exercise 1: make_transform
def make_transform(mean, std):
    """Return the transform from a PIL image to a normalised float tensor of shape (channels, height, width)."""
    ### BEGIN SOLUTION
    return transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])
    ### END SOLUTION


# %%
check(make_transform)

# %%
transform = make_transform(mean, std)
for images in (train_images, test_images):
    images.transform = transform
image_shape = tuple(train_images[0][0].shape)
print("an image is now a tensor of shape", image_shape)
some = range(min(len(train_images), 2000))
after = torch.stack([train_images[i][0] for i in some])
plots.pixel_histograms(np.asarray(train_images.data)[: len(some)], after)

# %% [markdown]
# The shape of the histogram is the same; only the scale has moved, so that the mean is 0 and the standard deviation 1.
#
# ### Three sets
#
# - The **training set**: the network's weights are fitted to it.
# - The **validation set**: *you* are fitted to it. Every decision you take (how many epochs, which learning rate, which network) is
#   taken by its numbers.
# - The **test set**: looked at once, at the end, to measure what came out.
#
# A record must never be in two of them. The split should be *stratified* (each class has the same share everywhere), and the same each time you run the notebook.
#
# A **`DataLoader`** then hands out batches. The training loader shuffles anew each epoch; the others need not.
#
# **Exercise 2: `make_loaders`.** Medium, about 12 minutes.
#
# Cut `dataset` into 80 % for training and 20 % for validation, stratified by `dataset.targets`, and return three loaders: training (batches of
# `batch_size`, shuffled), validation and test (batches of 64, in order). The same `seed` must give the same split and the same shuffling.
#
# <details><summary>Hint 1</summary>Split the <em>indices</em> 0 … len(dataset) − 1 once: <code>train_test_split(indices, test_size=0.2, stratify=…, random_state=seed)</code>.</details>
# <details><summary>Hint 2</summary><code>Subset(dataset, indices)</code> is the part of a dataset with these indices.</details>
# <details><summary>Hint 3</summary>Only the training loader gets <code>shuffle=True</code>, and <code>generator=torch.Generator().manual_seed(seed)</code>, so that nothing else that draws random numbers can disturb its order.</details>


# %%
# Exercise 2: make_loaders
def make_loaders(dataset, test_set, batch_size, seed):
    """Return (training, validation, test) loaders; 20 % of `dataset`, stratified, are for validation."""
    ### BEGIN SOLUTION
    train_rows, valid_rows = train_test_split(
        np.arange(len(dataset)),
        test_size=0.2,
        stratify=np.asarray(dataset.targets),
        random_state=seed,
    )
    order = torch.Generator().manual_seed(seed)
    train_loader = DataLoader(
        Subset(dataset, train_rows), batch_size=batch_size, shuffle=True, generator=order
    )
    valid_loader = DataLoader(Subset(dataset, valid_rows), batch_size=64)
    test_loader = DataLoader(test_set, batch_size=64)
    return train_loader, valid_loader, test_loader
    ### END SOLUTION


# %%
check(make_loaders)

# %%
train_loader, valid_loader, test_loader = make_loaders(train_images, test_images, BATCH_SIZE, SEED)
for name, loader in (
    ("training", train_loader),
    ("validation", valid_loader),
    ("test", test_loader),
):
    print(f"{name:<10} {len(loader.dataset):>6,} images in {len(loader):>4} batches")
x, y = next(iter(valid_loader))
print("a batch:", tuple(x.shape), x.dtype, "with labels", tuple(y.shape), y.dtype)

# %% [markdown]
# *A scruple.* Mean and standard deviation were taken over all training images, before the validation images were set aside. Strictly, that is a leak. Two numbers
# averaged over all those pixels cannot tell the network anything about one image, so we leave it at that; for a
# transform that learns more, such as picking features, it would matter.
#
# ## 2. Model, criterion, optimizer
#
# A model in PyTorch is a class. `__init__` makes the layers, `forward` says how a batch goes through them. The sizes of the first and
# the last layer are given by the data: read them from `image_shape` and `n_classes`, and the same class works for colour images, too.
#
# The output is a row of raw scores, called **logits**, one for each class. They need no activation at the end: `CrossEntropyLoss` takes logits, and
# applies the softmax itself.
#
# **Exercise 3: `Net`.** Medium, about 12 minutes.
#
# Write a network with at least two hidden layers, from a batch of images `(B, channels, height, width)` to logits `(B, n_classes)`. `HIDDEN` holds the layers' sizes.
#
# <details><summary>Hint 1</summary><code>nn.Flatten()</code> makes a row of numbers of each image and leaves the batch dimension alone. Its length is <code>math.prod(image_shape)</code>.</details>
# <details><summary>Hint 2</summary>An activation, such as <code>nn.ReLU()</code>, stands between two linear layers, and none after the last.</details>
# <details><summary>Hint 3</summary><code>nn.Sequential(nn.Flatten(), nn.Linear(…, HIDDEN[0]), nn.ReLU(), nn.Linear(HIDDEN[0], HIDDEN[1]), …)</code> in <code>__init__</code>; <code>return self.layers(x)</code> in <code>forward</code>.</details>


# %%
# Exercise 3: Net
class Net(nn.Module):
    """A network from images (B, channels, height, width) to logits (B, n_classes)."""

    def __init__(self, image_shape, n_classes):
        super().__init__()
        ### BEGIN SOLUTION
        first, second = HIDDEN
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(math.prod(image_shape), first),
            nn.ReLU(),
            nn.Linear(first, second),
            nn.ReLU(),
            nn.Linear(second, n_classes),
        )
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return self.layers(x)
        ### END SOLUTION


# %%
check(Net)

# %% [markdown]
# **Exercise 4: `criterion_and_optimizer`.** Easy, about 3 minutes.
#
# The criterion is the cross-entropy; the optimizer is Adam with the given learning rate. Return both, the criterion first.
#
# <details><summary>Hint 1</summary>Both are objects: a class's name with brackets behind it.</details>
# <details><summary>Hint 2</summary>The optimizer must be told what to move: the parameters of <em>this</em> model.</details>


# %%
# Exercise 4: criterion_and_optimizer
def criterion_and_optimizer(model, learning_rate):
    """Return the criterion and the optimizer that moves the parameters of `model`."""
    ### BEGIN SOLUTION
    return nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=learning_rate)
    ### END SOLUTION


# %%
check(criterion_and_optimizer)

# %% [markdown]
# ## 3. Pre-flight
#
# Before the long run, two questions that are answered within seconds.
#
# **Is the first loss what ignorance costs?** A network that knows nothing gives each of the $C$ classes (`n_classes`) about the probability $1/C$, and the cross-entropy of that is
# $-\ln(1/C) = \ln C$. For ten classes that is 2.303. A first loss far from it says that something between image and loss is not as you think.
#
# **Can it learn 32 images by heart?** Shown the same batch again and again, a sound network brings the loss to almost zero. One that
# cannot do *that* will not learn a large dataset either.
#
# **Exercise 5: `initial_loss` and `overfit_one_batch`.** Medium, about 10 minutes.
#
# `initial_loss` returns the loss on the loader's first batch, a float, and trains nothing. `overfit_one_batch` takes `steps` steps, all on the first batch, and returns the
# list of the losses, each as it was before its step.
#
# <details><summary>Hint 1</summary><code>x, y = next(iter(loader))</code> takes one batch. The second function takes it <em>once</em>, before its loop.</details>
# <details><summary>Hint 2</summary>A step is five lines: logits, loss, <code>optimizer.zero_grad()</code>, <code>loss.backward()</code>, <code>optimizer.step()</code>.</details>
# <details><summary>Hint 3</summary><code>loss.item()</code> is the loss as a plain number. Where no gradient is wanted: <code>with torch.no_grad():</code>.</details>


# %%
# Exercise 5: initial_loss and overfit_one_batch
def initial_loss(model, loader, criterion, device):
    """Return the loss of the model, as it is, on the first batch of the loader: a float. The model is not trained."""
    ### BEGIN SOLUTION
    x, y = next(iter(loader))
    with torch.no_grad():
        return criterion(model(x.to(device)), y.to(device)).item()
    ### END SOLUTION


def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    """Train on the first batch of the loader only, `steps` times; return the list of losses, each before its step."""
    ### BEGIN SOLUTION
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
    ### END SOLUTION


# %%
check(initial_loss)

# %%
check(overfit_one_batch)

# %%
torch.manual_seed(SEED)
model = Net(image_shape, n_classes).to(device)
criterion, optimizer = criterion_and_optimizer(model, LEARNING_RATE)
first_loss = initial_loss(model, train_loader, criterion, device)
print(f"first loss {first_loss:.3f}; ignorance costs ln {n_classes} = {math.log(n_classes):.3f}")
batch_losses = overfit_one_batch(model, train_loader, criterion, optimizer, device, steps=300)
learnt = next((step for step, loss in enumerate(batch_losses, 1) if loss < 0.01), None)
print(f"one batch of {BATCH_SIZE} images: loss first below 0.01 at step {learnt}")

# %% [markdown]
# A first loss near ln 10, and a batch learnt by heart within some dozens of steps: the run may begin. What would it have looked like with a mistake? Here are four, each in
# the same pre-flight. Guess first: which of them get the loss to zero?
#
# - *softmax before the loss*: the network ends in a softmax, and `CrossEntropyLoss` applies another one;
# - *softmax in a hidden layer*: where the ReLU should be;
# - *learning rate 0.00001*: a hundred times too small;
# - *no step*: `optimizer.step()` was forgotten.


# %%
def hidden_softmax(image_shape, n_classes):
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(math.prod(image_shape), 128),
        nn.Softmax(dim=1),
        nn.Linear(128, 64),
        nn.Softmax(dim=1),
        nn.Linear(64, n_classes),
    )


def softmax_at_the_end(image_shape, n_classes):
    return nn.Sequential(Net(image_shape, n_classes), nn.Softmax(dim=1))


suspects = {  # what is wrong: the network, and the learning rate
    "softmax before the loss": (softmax_at_the_end, LEARNING_RATE),
    "softmax in the hidden layers": (hidden_softmax, LEARNING_RATE),
    "learning rate 0.00001": (Net, 1e-5),
    "no step": (Net, 0.0),
}
broken_losses = {}
for name, (network, rate) in suspects.items():
    torch.manual_seed(SEED)
    suspect = network(image_shape, n_classes).to(device)
    adam = torch.optim.Adam(suspect.parameters(), lr=rate)
    broken_losses[name] = overfit_one_batch(
        suspect, train_loader, criterion, adam, device, steps=300
    )
    print(f"{name:<30} loss after 300 steps: {broken_losses[name][-1]:.3f}")
print(
    f"lowest loss possible with softmax before the loss: {math.log(1 + (n_classes - 1) / math.e):.3f}"
)
plots.preflight(batch_losses, broken_losses, n_classes)

# %% [markdown]
# None of the four gets there, and each stays high in its own way. The floor of the first one can be calculated: the best that softmax can hand to the loss is a 1 for the
# true class and 0 for the others; the loss takes these for logits, and $-\ln \frac{e^1}{e^1 + 9 e^0} = \ln(1 + 9/e) = 1.461$.
#
# The whole check took a few seconds. It cannot prove that all is well: a mistake in the split, for one, goes unnoticed by it.
#
# ## 4. Training
#
# One **epoch** goes once through the training images: for every batch, forward, loss, gradients, step. On the way, add up what happened: the loss and the right answers.
#
# The last batch is often smaller than the others. `CrossEntropyLoss` gives the *mean* over its batch, and a mean of means is not the mean over all images
# unless the batches are of one size. So weight each batch's loss by its length, and divide by the number of images at the end.
#
# **Exercise 6: `train_one_epoch`.** Medium, about 15 minutes.
#
# Return the mean loss per image and the accuracy as a fraction (0.5, not 50), both over the epoch, from the logits that each batch gave before its step.
#
# <details><summary>Hint 1</summary>Begin with <code>model.train()</code>: layers such as dropout behave differently in training.</details>
# <details><summary>Hint 2</summary>The five lines of exercise 5, for every batch, after sending <code>x</code> and <code>y</code> to the device.</details>
# <details><summary>Hint 3</summary><code>total += loss.item() * len(y)</code>; <code>right += (logits.argmax(dim=1) == y).sum().item()</code>; divide both by the number of images seen.</details>


# %%
# Exercise 6: train_one_epoch
def train_one_epoch(model, loader, criterion, optimizer, device):
    """Train once through the loader; return (mean loss per image, accuracy as a fraction)."""
    ### BEGIN SOLUTION
    model.train()
    total, right, count = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        right += (logits.argmax(dim=1) == y).sum().item()
        count += len(y)
    return total / count, right / count
    ### END SOLUTION


# %%
check(train_one_epoch)

# %% [markdown]
# **Exercise 7: `evaluate`.** Medium, about 8 minutes.
#
# The same sums, but nothing is trained: evaluation mode, no gradients, no step. Leave the model in the mode, training or evaluation, in which it came.
#
# <details><summary>Hint 1</summary><code>model.eval()</code> at the beginning; <code>with torch.no_grad():</code> round the loop.</details>
# <details><summary>Hint 2</summary><code>model.training</code> tells the mode; <code>model.train(mode)</code> sets it.</details>


# %%
# Exercise 7: evaluate
def evaluate(model, loader, criterion, device):
    """Return (mean loss per image, accuracy as a fraction) over the loader, and change nothing."""
    ### BEGIN SOLUTION
    mode = model.training
    model.eval()
    total, right, count = 0.0, 0, 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            logits = model(x)
            total += criterion(logits, y).item() * len(y)
            right += (logits.argmax(dim=1) == y).sum().item()
            count += len(y)
    model.train(mode)
    return total / count, right / count
    ### END SOLUTION


# %%
check(evaluate)

# %% [markdown]
# ### Keeping the best epoch
#
# The last epoch is not always the best one. While training goes on we keep a copy of the weights from the epoch with the lowest *validation* loss.
#
# **Exercise 8: `best_state`.** Medium, about 8 minutes.
#
# It is called after every epoch with the best so far (`None` after the first), and returns the better one of that and the model as it is now: a dictionary
# with the keys `"loss"`, `"epoch"` and `"state"`, the last a copy of the weights.
#
# <details><summary>Hint 1</summary><code>model.state_dict()</code> is a dictionary of the weights themselves, not of copies: the next step changes them.</details>
# <details><summary>Hint 2</summary><code>{key: value.clone() for key, value in model.state_dict().items()}</code>, or <code>copy.deepcopy</code>.</details>


# %%
# Exercise 8: best_state
def best_state(best, model, valid_loss, epoch):
    """Return the better of `best` (a dictionary, or None) and now: {"loss": float, "epoch": int, "state": copy of the weights}."""
    ### BEGIN SOLUTION
    if best is not None and best["loss"] <= valid_loss:
        return best
    state = {key: value.detach().clone() for key, value in model.state_dict().items()}
    return {"loss": valid_loss, "epoch": epoch, "state": state}
    ### END SOLUTION


# %%
check(best_state)

# %% [markdown]
# ### The run
#
# The pre-flight has spoilt its network: it knows 32 images by heart. So begin with a fresh one, **and a fresh optimizer**, which holds the fresh network's parameters.

# %%
torch.manual_seed(SEED)
model = Net(image_shape, n_classes).to(device)
criterion, optimizer = criterion_and_optimizer(model, LEARNING_RATE)
history, best = defaultdict(list), None
started = time.perf_counter()
progress = tqdm(range(1, EPOCHS + 1), desc="epochs")
for epoch in progress:
    train_loss, train_accuracy = train_one_epoch(model, train_loader, criterion, optimizer, device)
    valid_loss, valid_accuracy = evaluate(model, valid_loader, criterion, device)
    best = best_state(best, model, valid_loss, epoch)
    for name, value in (("loss", train_loss), ("accuracy", train_accuracy)):
        history[f"train_{name}"].append(value)
    for name, value in (("loss", valid_loss), ("accuracy", valid_accuracy)):
        history[f"valid_{name}"].append(value)
    progress.set_postfix(loss=f"{valid_loss:.3f}", accuracy=f"{valid_accuracy:.3f}")
seconds = time.perf_counter() - started
jitter = np.abs(np.diff(history["valid_accuracy"])).mean() if EPOCHS > 1 else 0.0
print(
    f"{EPOCHS} epochs in {seconds:.1f} s; training accuracy {train_accuracy:.3f}, validation accuracy {valid_accuracy:.3f}"
)
print(
    f"validation loss: lowest {best['loss']:.3f} (epoch {best['epoch']}), at the end {valid_loss:.3f}"
)
print(f"from one epoch to the next the validation accuracy moved by {jitter:.1%} on average")
plots.training_curves(history, best["epoch"])

# %% [markdown]
# How to read the curves:
#
# - The training loss keeps falling: the network learns its training images better and better.
# - The validation loss falls with it at first, then no longer, and on the bundled data it tends to rise again: the network becomes too sure of its wrong answers. The dashed line
#   marks where it was lowest.
# - The validation *accuracy* hardly minds. It jitters from epoch to epoch, so do not read much into a difference of a point.
#
# That the best epoch is the more *accurate* one is often said. In our experiments it was not measurably so; it has the lower loss, which
# means that its probabilities are more honest. We keep it for that.
#
# ### Saving and loading
#
# What is saved is the dictionary of weights, not the model object. To load, make the network anew and fill it. `weights_only=True` makes sure that
# the file can hold nothing but weights: a file from someone else could otherwise run code when it is loaded.

# %%
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "best.pt"
    torch.save(best["state"], path)
    print(
        f"saved {path.name}: {path.stat().st_size:,} bytes, {sum(p.numel() for p in model.parameters()):,} weights and biases"
    )
    loaded = Net(image_shape, n_classes).to(device)
    loaded.load_state_dict(torch.load(path, weights_only=True))

model.load_state_dict(best["state"])
with torch.no_grad():
    x, y = next(iter(valid_loader))
    same = torch.equal(model.eval()(x.to(device)), loaded.eval()(x.to(device)))
print("the same logits, bit for bit:", same)
assert same

# %% [markdown]
# From here on `model` has the weights of the best epoch.
#
# ## 5. Break it
#
# Mistakes in a training program seldom raise an error. They train a worse network, or a good one that is measured wrongly, and the curve still falls. So let us make some
# on purpose. `run` below is the whole program with its parts as parameters; each mistake replaces one part. To be quick, the images go through
# the transform once and stay in memory (`loops.InMemory`), and the loops are those of `chainrule.pytorch.loops`: yours with the names of types added.
#
# Before you run it, guess for each of the six: will the validation accuracy show it?
#
# 1. **No `zero_grad`**: the gradients of all earlier batches pile up.
# 2. **Softmax before the loss**, as in the pre-flight.
# 3. **No `eval()`**: a network with dropout is measured while half of its hidden neurons are switched off.
# 4. **Sorted**: all T-shirts first, then all trousers, …, never shuffled.
# 5. **Not normalised**: pixels from 0 to 1, and plain SGD with learning rate 0.01 instead of Adam (in blue: the same SGD on normalised pixels).
# 6. **Learning rate 0.1**, a hundred times as large.


# %%
def take(loader, n):
    """Return the first n images that the loader gives, and their labels."""
    batches, count = [], 0
    for batch in loader:
        batches.append(batch)
        count += len(batch[1])
        if count >= n:
            break
    x, y = (torch.cat(parts)[:n] for parts in zip(*batches))
    return x, y


few_train, few_valid = (
    take(train_loader, 1600),
    take(valid_loader, 400),
)  # all there are of the bundled ones


def run(
    seed,
    model=Net,
    optimizer=torch.optim.Adam,
    learning_rate=1e-3,
    score=loops.evaluate,
    train_data=few_train,
    valid_data=few_valid,
    batch_size=32,
    shuffle=True,
    after_epoch=None,
):
    """Train for 10 epochs; return what `score` gave after each: an array of shape (10, 2)."""
    torch.manual_seed(seed)
    network, criterion = model(image_shape, n_classes), nn.CrossEntropyLoss()
    moves = optimizer(
        network.parameters(), lr=learning_rate, fused=True
    )  # fused: the same steps, quicker
    batches = loops.InMemory(*train_data, batch_size, seed=seed if shuffle else None)
    checks = loops.InMemory(*valid_data, batch_size=64)
    scores = []
    for _ in range(10):
        loops.train_one_epoch(network, batches, criterion, moves)
        scores.append(score(network, checks, criterion))
        if after_epoch is not None:
            after_epoch(network)
    return np.array(scores)


class NeverZeroed(torch.optim.Adam):
    """Adam with the mistake of a loop that does not call zero_grad."""

    def zero_grad(self, set_to_none=True):
        pass


def with_dropout(image_shape, n_classes):
    return nn.Sequential(
        nn.Flatten(),
        *(nn.Linear(math.prod(image_shape), 128), nn.ReLU(), nn.Dropout(0.5)),
        *(nn.Linear(128, 64), nn.ReLU(), nn.Dropout(0.5)),
        nn.Linear(64, n_classes),
    )


def accuracy_both_ways(network, loader, criterion):
    """Return the accuracy measured as it should be, and measured in training mode."""
    network.train()
    with torch.no_grad():
        right = [(network(x).argmax(1) == y).sum().item() for x, y in loader]
    wrong = sum(right) / sum(len(y) for _, y in loader)
    return loops.evaluate(network, loader, criterion)[1], wrong


def sort_by_class(x, y):
    order = y.argsort(stable=True)
    return x[order], y[order]


def pixels_0_to_1(x, y):
    return x * torch.tensor(std).view(-1, 1, 1) + torch.tensor(mean).view(-1, 1, 1), y


# %%
started = time.perf_counter()
seeds = (0, 1, 2)
sgd = dict(optimizer=torch.optim.SGD, learning_rate=0.01)
plain = dict(train_data=pixels_0_to_1(*few_train), valid_data=pixels_0_to_1(*few_valid))
variants = {
    "right": {},
    "no zero_grad": dict(optimizer=NeverZeroed),
    "softmax before the loss": dict(model=softmax_at_the_end),
    "dropout": dict(model=with_dropout, score=accuracy_both_ways),
    "sorted, not shuffled": dict(train_data=sort_by_class(*few_train), shuffle=False),
    "SGD": sgd,
    "SGD, not normalised": sgd | plain,
    "learning rate 0.1": dict(learning_rate=0.1),
}
scores = {
    name: np.array([run(seed, **parts) for seed in seeds]) for name, parts in tqdm(variants.items())
}
accuracy = {name: values[:, :, 1] for name, values in scores.items()}
panels = {
    name: (accuracy["right"], accuracy[name])
    for name in ("no zero_grad", "softmax before the loss")
}
panels["no eval(), dropout 0.5"] = (scores["dropout"][:, :, 0], scores["dropout"][:, :, 1])
panels["sorted, not shuffled"] = (accuracy["right"], accuracy["sorted, not shuffled"])
panels["not normalised, SGD"] = (accuracy["SGD"], accuracy["SGD, not normalised"])
panels["learning rate 0.1"] = (accuracy["right"], accuracy["learning rate 0.1"])
print(f"validation accuracy after 10 epochs, mean of {len(seeds)} seeds      right   broken")
for name, (good, bad) in panels.items():
    print(f"  {name:<54} {good[:, -1].mean():.3f}    {bad[:, -1].mean():.3f}")
right_loss, softmax_loss = (
    scores[name][:, -1, 0].mean() for name in ("right", "softmax before the loss")
)
print(
    f"validation loss at the end: right {right_loss:.2f}, softmax before the loss {softmax_loss:.2f}"
)
print(f"({time.perf_counter() - started:.0f} s)")
plots.break_it(panels)

# %% [markdown]
# What each of them teaches:
#
# 1. **No `zero_grad`.** It learns something at first, for the new gradient is still a good part of the sum; then old gradients drown the new ones. A curve that lurches, and
#    later falls, is the symptom.
# 2. **Softmax before the loss.** The accuracy survives! With Adam the damage is small, and a look at the accuracy alone would never find it. The *loss* tells: it
#    cannot go below 1.46. You have seen it in the pre-flight.
# 3. **No `eval()`.** The network is as good as the blue one: it *is* the blue one. Only the ruler is wrong.
# 4. **Sorted.** Almost every batch holds a single class, so each step says "everything is a T-shirt", then "everything is a trouser". It learns, but falls well short.
# 5. **Not normalised.** With plain SGD it is clearly behind after 10 epochs. With Adam, which scales each weight's step by itself, the difference is
#    small at the end: try it. "Normalisation decides" is true of the one and not of the other.
# 6. **Learning rate 0.1.** Too large for Adam: it hardly learns at all, and the pre-flight would have said so.
#
# ## 6. What does it get wrong?
#
# An accuracy is one number. A **confusion matrix** has one for every pair of classes: in row $i$, column $j$, how many images of class $i$ were answered with $j$. The diagonal is what was right. We look at the *validation* images: the test set is still waiting.
#
# **Exercise 9: `confusion`.** Medium, about 8 minutes.
#
# From the true classes `y` and the answers `predicted`, both of shape `(N,)`, return this table: whole numbers, shape `(n_classes, n_classes)`.
#
# <details><summary>Hint 1</summary>Rows are the truth, columns the answers. Begin with a table of zeros.</details>
# <details><summary>Hint 2</summary><code>table[y, predicted] += 1</code> counts each pair of classes once only, however often it occurs.</details>
# <details><summary>Hint 3</summary>A loop over the pairs is fine; <code>np.add.at(table, (y, predicted), 1)</code> is the loop in one line.</details>


# %%
# Exercise 9: confusion
def confusion(y, predicted, n_classes):
    """Return the table of counts, an int array of shape (n_classes, n_classes), from two int arrays of shape (N,)."""
    ### BEGIN SOLUTION
    table = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(table, (y, predicted), 1)
    return table
    ### END SOLUTION


# %%
check(confusion)


# %%
def predict(model, loader):
    """Return the images, their labels, and the probabilities of the classes, for all of the loader."""
    model.eval()
    with torch.no_grad():
        parts = [(x, y, model(x.to(device)).softmax(dim=1).cpu()) for x, y in loader]
    return tuple(torch.cat(part) for part in zip(*parts))


images, truth, probabilities = predict(model, valid_loader)
truth, answers = truth.numpy(), probabilities.argmax(dim=1).numpy()
names = [name.split("/")[0] for name in train_images.classes]
table = confusion(truth, answers, n_classes)
both_ways = np.triu(table + table.T, 1)
for pair in np.argsort(both_ways, axis=None)[::-1][:4]:
    i, j = np.unravel_index(pair, both_ways.shape)
    print(
        f"{names[i]} and {names[j]} taken for each other: {both_ways[i, j]} of {(truth != answers).sum()} errors"
    )
if dataset_name.startswith("Fashion"):
    upper = np.isin(truth, (0, 2, 3, 4, 6)) & np.isin(answers, (0, 2, 3, 4, 6)) & (truth != answers)
    print(
        f"among T-shirt, pullover, dress, coat and shirt: {upper.sum() / (truth != answers).sum():.0%} of all errors"
    )
per_class = len(truth) / n_classes
print(
    f"each row rests on about {per_class:.0f} images: a share of 70 % there is good to ±{196 * math.sqrt(0.21 / per_class):.0f} points"
)
plots.confusion_matrix(table, names)

# %% [markdown]
# Most errors are between things that are alike, and a few pairs make up a large part of them. Now the images on which the network was most sure of itself, and wrong:

# %%
wrong = np.flatnonzero(truth != answers)
sure = probabilities.numpy()[wrong, answers[wrong]]
worst = wrong[np.argsort(-sure)[:12]]
as_pixels = (
    images[worst] * torch.tensor(std).view(-1, 1, 1) + torch.tensor(mean).view(-1, 1, 1)
).clamp(0, 1)
as_pixels = (
    as_pixels.permute(0, 2, 3, 1).squeeze(-1).numpy()
)  # (images, height, width), and the colours last if there are any
plots.wrong_images(
    as_pixels, truth[worst], answers[worst], probabilities.numpy()[worst, answers[worst]], names
)

# %% [markdown]
# Would you have known? Some of them are hard for a person, too, and the label need not be the better answer.
#
# ## 7. One look at the test set
#
# The network is chosen, nothing will be changed any more. Now, and only once, the test set.
#
# The number that comes out is itself uncertain: with other test images it would have been another. If each of $n$ images is answered right with probability $p$, the share
# of right answers has the standard deviation $\sqrt{p(1-p)/n}$, and in about 95 of 100 cases lies within 1.96 of these from $p$. This is a simple interval, a good one as long as
# $n$ is large and $p$ not too near 0 or 1.
#
# **Exercise 10: `interval`.** Easy, about 4 minutes.
#
# Return the two ends of this interval, `(low, high)`, as fractions.
#
# <details><summary>Hint 1</summary>Accuracy ± 1.96 · √(p(1 − p)/n), with the accuracy as a fraction in place of p.</details>


# %%
# Exercise 10: interval
def interval(accuracy, n):
    """Return (low, high), fractions: the 95 % interval of an accuracy (a fraction) that was measured on n images."""
    ### BEGIN SOLUTION
    half = 1.96 * math.sqrt(accuracy * (1 - accuracy) / n)
    return accuracy - half, accuracy + half
    ### END SOLUTION


# %%
check(interval)

# %%
test_loss, test_accuracy = evaluate(model, test_loader, criterion, device)
low, high = interval(test_accuracy, len(test_images))
print(
    f"test accuracy {test_accuracy:.1%}, 95 % interval {low:.1%} to {high:.1%} ({len(test_images):,} images)"
)
print(
    f"the validation accuracy of this network was {history['valid_accuracy'][best['epoch'] - 1]:.1%}"
)

# %% [markdown]
# This is the number to report, and with its interval. The validation accuracy may well lie outside: it was measured on other images, has a width of its own, and was
# used to choose the epoch. The interval says what this network does with images of the same kind, and nothing about
# photographs from your telephone.
#
# ## 8. Why only once?
#
# Suppose you had trained ten networks and chosen, by the test set, the best of all their epochs. Each test result is the truth plus luck, and whoever takes the best of
# many takes the luckiest as well. How much luck is in it can be measured, by spending the test set: so this comes last, and after it these images are good for nothing more.
#
# We train ten networks for 10 epochs: 100 candidates. Then, a thousand times, cut the test images at random into two halves. The first half plays the test set: pick the candidate
# that is best on it, and note its accuracy there. The second half tells what it can really do. Beside it, in blue, the honest way: the candidate
# is picked by its validation accuracy, and the first half is only used to measure it.

# %%
started = time.perf_counter()
x, y = take(test_loader, 500)
candidates, valid_scores = [], []


def note_right_answers(network):
    with torch.no_grad():
        candidates.append((network.eval()(x).argmax(1) == y).numpy())


for seed in tqdm(range(10), desc="networks"):
    valid_scores.extend(run(seed, batch_size=64, after_epoch=note_right_answers)[:, 1])
right = np.array(candidates)  # (100 candidates, 500 images): was the answer right?
rng = np.random.default_rng(SEED)
by_test, by_validation = [], []
chosen = int(np.argmax(valid_scores))
for _ in range(1000):
    halves = np.array_split(rng.permutation(right.shape[1]), 2)
    reported, true = (right[:, half].mean(axis=1) for half in halves)
    winner = int(np.argmax(reported))
    by_test.append(100 * (reported[winner] - true[winner]))
    by_validation.append(100 * (reported[chosen] - true[chosen]))
print(f"picked on the test images: reported {np.mean(by_test):+.1f} points too much on average")
print(
    f"picked on validation: {np.mean(by_validation):+.1f} points   ({time.perf_counter() - started:.0f} s)"
)
plots.peeking(by_test, by_validation)

# %% [markdown]
# Both histograms are wide: half a test set of 500 images is small. But the blue one is centred on zero, as it must be: its candidate was picked
# without these images. The orange one is not. Nobody cheated there; somebody only looked too often. The same holds for the validation set, of course: the winner's *validation* accuracy is too good as well,
# and that is why there is a third set.

# %% [markdown]
# ## 9. Quicker, and with more than one process
#
# Where does the time of an epoch go? The loader opens each image by itself, sends it through the transform and stacks the results to a batch,
# each epoch anew. A small network's step takes less time than that. But these images fit into memory, as one tensor of bytes: then a batch is one selection of rows, and the transform a
# few operations on all of its images at once. `loops.InMemory.of` does so with a dataset of torchvision; what is random in its transform is still drawn for each image.


# %%
def epoch_seconds(loader):
    """Return the seconds for handing out the batches alone, and for an epoch of training with them."""
    torch.manual_seed(SEED)
    network = Net(image_shape, n_classes).to(device)
    parts = criterion_and_optimizer(network, LEARNING_RATE)
    began = time.perf_counter()
    for _ in loader:
        pass
    handed_out = time.perf_counter()
    train_one_epoch(network, loader, *parts, device)
    return handed_out - began, time.perf_counter() - handed_out


quick_loader = loops.InMemory.of(train_loader.dataset, BATCH_SIZE, seed=SEED)
print(quick_loader)
for name, loader in (("DataLoader", train_loader), ("InMemory", quick_loader)):
    print(
        "{:<10}  the batches alone {:.3f} s, an epoch of training {:.3f} s".format(
            name, *epoch_seconds(loader)
        )
    )

one_by_one, at_once = (
    [torch.cat(parts) for parts in zip(*loader)]
    for loader in (valid_loader, loops.InMemory.of(valid_loader.dataset, 64))
)
print("the same images and labels, bit for bit:", all(map(torch.equal, one_by_one, at_once)))
assert all(map(torch.equal, one_by_one, at_once))

# %% [markdown]
# And if one computer is not enough? Then each process, on its own processor or its own machine, has a copy of the network and takes its share of the batch.
# The loss of a batch is a mean over its records, so the batch's gradient is the mean of the records' gradients: what you summed up and divided by hand
# in the first lesson. It does not matter who computed which part. The processes send each other their gradients and take the mean; this is called an **all-reduce**, and it is all that PyTorch's
# `DistributedDataParallel` adds to a training step. Here are two shares of a batch, computed one after the other:

# %%
x, y = next(iter(valid_loader))
twin = Net(image_shape, n_classes).double().eval()
twin.load_state_dict(model.state_dict())


def gradients(rows):
    loss = nn.CrossEntropyLoss()(twin(x[rows].double()), y[rows])
    return torch.autograd.grad(loss, list(twin.parameters()))


middle = len(x) // 2
whole_batch, first, second = (
    gradients(rows) for rows in (slice(0, 2 * middle), slice(0, middle), slice(middle, 2 * middle))
)
difference = max(
    ((a + b) / 2 - g).abs().max().item() for a, b, g in zip(first, second, whole_batch)
)
print(
    f"mean of the two processes' gradients, against the gradient of the whole batch: off by {difference:.0e}"
)
assert difference < 1e-12

# %% [markdown]
# `torchrun --nproc-per-node 2 -m chainrule train --engine torch --data mnist` trains with two real processes.
#
# ## 10. Full size
#
# With `FULL_SIZE = "fashion-mnist"` or `"mnist"` in the settings, the same network and the same loops train on the full dataset from the data root.

# %%
if FULL_SIZE:
    whole, unseen = (data.load(FULL_SIZE, part=part) for part in ("train", "test"))
    fitted, held_out = whole.split(0.9, 0.1, seed=SEED)
    centre, spread = float(fitted.x.mean()), float(fitted.x.std())

    def in_memory(records, batch_size, seed=None):
        x = torch.from_numpy((records.x - centre) / spread).view(-1, 1, *records.image_shape)
        return loops.InMemory(x, torch.from_numpy(records.y).long(), batch_size, seed)

    full_train, full_valid, full_test = (
        in_memory(fitted, 64, SEED),
        in_memory(held_out, 500),
        in_memory(unseen, 500),
    )
    torch.manual_seed(SEED)
    full_model = Net((1, *whole.image_shape), len(whole.classes)).to(device)
    criterion, optimizer = criterion_and_optimizer(full_model, LEARNING_RATE)
    full_best, full_epochs, started = None, 8, time.perf_counter()
    for epoch in tqdm(range(1, full_epochs + 1), desc=FULL_SIZE):
        train_one_epoch(full_model, full_train, criterion, optimizer, device)
        loss, accuracy_now = evaluate(full_model, full_valid, criterion, device)
        full_best = best_state(full_best, full_model, loss, epoch)
        print(f"epoch {epoch}: validation loss {loss:.3f}, accuracy {accuracy_now:.4f}")
    full_seconds = time.perf_counter() - started
    full_model.load_state_dict(full_best["state"])
    full_accuracy = evaluate(full_model, full_test, criterion, device)[1]
    low, high = interval(full_accuracy, len(unseen))
    print(
        f"{FULL_SIZE}: test accuracy {full_accuracy:.2%} ({low:.2%} to {high:.2%}), epoch {full_best['epoch']}, {full_seconds:.0f} s"
    )
    assert full_accuracy >= {"mnist": 0.965, "fashion-mnist": 0.86}[FULL_SIZE], (
        "less than this set-up reaches: what was changed?"
    )
else:
    print('skipped: set FULL_SIZE = "fashion-mnist" in the cell of settings to run it')

# %% [markdown]
# ## 11. What this run measured
#
# The gradients were PyTorch's. As a last check, some of them are compared with finite differences, on one batch in float64.


# %%
def layer_sizes(model):
    weights = [p for p in model.parameters() if p.dim() > 1]
    return "-".join(str(n) for n in (weights[0][0].numel(), *(len(w) for w in weights)))


def gradient_error(model, loader):
    x, y = next(iter(loader))
    return loops.gradient_error(model.cpu(), nn.CrossEntropyLoss(), x, y)


least = {"FashionSmall": 0.76, "FashionMNIST": 0.84, "MNIST": 0.95, "CIFAR10": 0.35}[dataset_name]
reached = history["valid_accuracy"][-1]
assert abs(first_loss - math.log(n_classes)) < 0.3, (
    f"the first loss, {first_loss:.2f}, is not near ln {n_classes}"
)
assert learnt is not None, "one batch was not learnt by heart: see the pre-flight"
assert reached >= least, (
    f"validation accuracy {reached:.3f}; with the settings as they came it is at least {least}"
)
record(
    lesson="Training a Neural Network",
    dataset=dataset_name,
    network=layer_sizes(model),
    epochs=EPOCHS,
    seconds=seconds,
    accuracy=test_accuracy,
    gradient_error=gradient_error(model, valid_loader),
)
if FULL_SIZE:
    record(
        lesson="Training a Neural Network",
        dataset=FULL_SIZE,
        network=layer_sizes(full_model),
        epochs=full_epochs,
        seconds=full_seconds,
        accuracy=full_accuracy,
        gradient_error=gradient_error(full_model, full_valid),
    )

# %% [markdown]
# ## Where to go from here
#
# - Change one setting at a time. With `HIDDEN = (16, 16)`, an eighth of the weights is left. How much does the network lose?
# - Put dropout into `Net`, or two convolutions in front of it. The loops need not change.
# - *Further Exploration* asks what depth, width, activations and learning rates do, with repeated seeds.
