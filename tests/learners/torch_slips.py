# %% wrong make_loaders TR241: train_test_split and Subset
import numpy as np
import torch
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, Subset


def make_loaders(dataset, test_set, batch_size, seed):
    indices = np.arange(len(dataset))
    train_idx, valid_idx = train_test_split(
        indices, test_size=0.25, stratify=np.asarray(dataset.targets), random_state=seed
    )
    train_loader = DataLoader(
        Subset(dataset, train_idx.tolist()),
        batch_size=batch_size,
        shuffle=True,
        generator=torch.Generator().manual_seed(seed),
    )
    valid_loader = DataLoader(Subset(dataset, valid_idx.tolist()), batch_size=64)
    test_loader = DataLoader(test_set, batch_size=64)
    return train_loader, valid_loader, test_loader


# %% wrong make_loaders TR241: by hand, class by class
import torch
from torch.utils.data import DataLoader, Subset


def cut_class(places, share, generator):
    """Shuffle the places of one class and cut off a share."""
    places = places[torch.randperm(len(places), generator=generator)]
    n_valid = round(share * len(places))
    return places[n_valid:].tolist(), places[:n_valid].tolist()


def make_loaders(dataset, test_set, batch_size, seed):
    y = torch.as_tensor(dataset.targets)
    g = torch.Generator().manual_seed(seed)
    learn, look = [], []
    for k in torch.unique(y):
        a, b = cut_class(torch.nonzero(y == k).flatten(), 0.1, g)
        learn += a
        look += b
    order = torch.Generator().manual_seed(seed)
    training = DataLoader(Subset(dataset, learn), batch_size, shuffle=True, generator=order)
    validation, test = (DataLoader(part, 64, shuffle=False) for part in (Subset(dataset, look), test_set))
    return training, validation, test


# %% wrong Net TR242: nn.Sequential
import math

from torch import nn


class Net(nn.Module):
    """A network from images (B, channels, height, width) to logits (B, n_classes)."""

    def __init__(self, image_shape, n_classes):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Linear(math.prod(image_shape), 128),
            nn.ReLU(),
            nn.Linear(128, n_classes),
        )

    def forward(self, x):
        return self.layers(x)


# %% wrong Net TR242: single attributes, functional calls, tanh
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, image_shape, n_classes):
        super().__init__()
        channels, height, width = image_shape
        self.fc1 = nn.Linear(channels * height * width, 90)
        self.fc2 = nn.Linear(90, n_classes)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        x = torch.tanh(self.fc1(x))
        logits = self.fc2(x)
        return logits


# %% wrong initial_loss TR243: loop with a running sum
import torch


def initial_loss(model, loader, criterion, device):
    total = 0.0
    batches = 0
    with torch.no_grad():
        for x, y in loader:
            x, y = x.to(device), y.to(device)
            total += criterion(model(x), y).item()
            batches += 1
    return total / batches


# %% wrong initial_loss TR243: inner function, list and statistics
from statistics import fmean

import torch


@torch.no_grad()
def initial_loss(model, loader, criterion, device):
    def loss_of(batch):
        images, labels = (part.to(device) for part in batch)
        return float(criterion(model(images), labels))

    return fmean([loss_of(batch) for batch in loader])


# %% wrong overfit_one_batch TR244: for loop


def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    x, y = next(iter(loader))
    x, y = x.to(device), y.to(device)
    losses = []
    for _ in range(steps):
        logits = model(x)
        loss = criterion(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if losses[-1] < 0.01:
            break
    return losses


# %% wrong overfit_one_batch TR244: a helper for the step, while loop

ENOUGH = 1e-3


def one_step(model, images, labels, criterion, optimizer):
    optimizer.zero_grad()
    cost = criterion(model(images), labels)
    cost.backward()
    optimizer.step()
    return cost.item()


def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    for images, labels in loader:
        break
    images = images.to(device)
    labels = labels.to(device)
    history = []
    while len(history) < steps:
        history.append(one_step(model, images, labels, criterion, optimizer))
        if history[-1] < ENOUGH:
            return history
    return history


# %% wrong train_one_epoch TR223: plain loop, running sums
import torch


def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, right, seen = 0.0, 0, 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        logits = model(x)
        loss = criterion(logits, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        with torch.no_grad():
            logits = model(x)
        right += (logits.argmax(dim=1) == y).sum().item()
        seen += len(y)
    return total / seen, right / seen


# %% wrong train_one_epoch TR223: helpers, sums in a dictionary


def step(model, images, labels, criterion, optimizer):
    optimizer.zero_grad()
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def count_right(model, images, labels):
    answers = model(images).detach().max(1).indices
    return int(answers.eq(labels).sum())


def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    sums = {"loss": 0.0, "right": 0, "images": 0}
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        n = labels.size(0)
        sums["loss"] += n * step(model, images, labels, criterion, optimizer)
        sums["right"] += count_right(model, images, labels)
        sums["images"] += n
    return sums["loss"] / sums["images"], sums["right"] / sums["images"]


# %% wrong train_one_epoch TR177: running sum of tensors


def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    epoch_loss = 0
    right = 0
    n = 0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        logits = model(x)
        epoch_loss = epoch_loss + criterion(logits, y) * len(y)
        right += (logits.argmax(dim=1) == y).sum().item()
        n += len(y)
    epoch_loss = epoch_loss / n
    optimizer.zero_grad()
    epoch_loss.backward()
    optimizer.step()
    return epoch_loss.item(), right / n


# %% wrong train_one_epoch TR177: lists, torch.stack, a weighted sum
import torch


def look_at(model, batch, criterion, device):
    images, labels = batch[0].to(device), batch[1].to(device)
    scores = model(images)
    hits = (scores.argmax(1) == labels).sum()
    return criterion(scores, labels), hits, len(labels)


def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    optimizer.zero_grad()
    losses, hits, sizes = zip(*(look_at(model, batch, criterion, device) for batch in loader))
    losses = torch.stack(losses)
    weights = torch.tensor(sizes, dtype=losses.dtype, device=losses.device)
    mean_loss = (losses * weights).sum() / weights.sum()
    mean_loss.backward()
    optimizer.step()
    return mean_loss.item(), sum(h.item() for h in hits) / sum(sizes)


# %% wrong overfit_one_batch TR222: zip with itertools.cycle
from itertools import cycle


def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    losses = []
    for _, (x, y) in zip(range(steps), cycle(loader)):
        x, y = x.to(device), y.to(device)
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong overfit_one_batch TR222: an inner function, next in the loop
import itertools


def overfit_one_batch(model, loader, criterion, optimizer, device, steps):
    """Return the list of the losses, each before its step."""
    batches = itertools.cycle(loader)

    def learn(images, labels):
        scores = model(images.to(device))
        cost = criterion(scores, labels.to(device))
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        return float(cost.detach())

    history = [0.0] * steps
    for number in range(steps):
        images, labels = next(batches)
        history[number] = learn(images, labels)
    return history


# %% wrong criterion_and_optimizer TR226: two lines
import torch
from torch import nn


def criterion_and_optimizer(model, learning_rate):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate)
    return criterion, optimizer


# %% wrong criterion_and_optimizer TR226: direct imports, settings in a dictionary
from torch.nn import CrossEntropyLoss
from torch.optim import AdamW


def criterion_and_optimizer(model, learning_rate):
    settings = {"lr": learning_rate, "betas": (0.9, 0.999), "eps": 1e-8}
    moved = [p for p in model.parameters() if p.requires_grad]
    return CrossEntropyLoss(reduction="mean"), AdamW(moved, **settings)


# %% wrong make_transform TR134: Compose with a lambda
import torch
from torchvision import transforms


def make_transform(mean, std):
    return transforms.Compose(
        [
            transforms.ToTensor(),
            transforms.Normalize(mean, std),
            transforms.Lambda(lambda image: torch.flatten(image)),
        ]
    )


# %% wrong make_transform TR134: a class of its own
from torchvision import transforms


class Prepare:
    """From a PIL image to the numbers that the network gets."""

    def __init__(self, mean, std):
        self.to_tensor = transforms.ToTensor()
        self.normalize = transforms.Normalize(mean=mean, std=std)

    def __call__(self, picture):
        tensor = self.normalize(self.to_tensor(picture))
        return tensor.reshape(-1)


def make_transform(mean, std):
    return Prepare(mean, std)
