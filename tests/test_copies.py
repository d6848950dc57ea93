"""Copies of networks and optimizers are whole: what one trains, the other does not see."""

import copy
import pickle

import numpy as np
import pytest

from chainrule import nn, optim


def build():
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Dropout(0.25), nn.Linear(4, 2), seed=0, dtype=np.float64)
    optimizer = optim.Adam(net.parameters(), lr=0.1)
    train(net, optimizer)
    return net, optimizer


def train(net, optimizer):
    net.train()(np.random.default_rng(1).normal(size=(5, 3)))
    optimizer.zero_grad()
    net.backward(np.ones((5, 2)))
    optimizer.step()


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda pair: pickle.loads(pickle.dumps(pair))])
def test_a_copy_goes_on_as_the_original_and_apart_from_it(copied):
    net, optimizer = build()
    twin, twin_optimizer = copied((net, optimizer))
    before = net.state_dict()
    train(twin, twin_optimizer)
    assert all((before[key] == values).all() for key, values in net.state_dict().items())
    train(net, optimizer)
    for key, values in twin.state_dict().items():
        assert not (values == before[key]).all()
        np.testing.assert_array_equal(values, net.state_dict()[key])


def test_a_copied_layer_has_the_originals_values_and_is_free():
    layer = nn.Linear(3, 2)
    twin = copy.deepcopy(layer)
    np.testing.assert_array_equal(twin.weight.data, layer.weight.data)
    nn.Sequential(twin)[0].weight.data[...] = 7
    assert (layer.weight.data != 7).all()


def test_a_loss_without_reduction_takes_one_slope_a_record():
    rng = np.random.default_rng(0)
    z, slope = rng.normal(size=(3, 3)), np.array([1.0, 10.0, 100.0])  # as many classes as records
    labels, criterion = [0, 1, 2], nn.CrossEntropyLoss(reduction="none")
    criterion(z, labels)
    once = criterion.backward()
    criterion(z, labels)
    np.testing.assert_allclose(criterion.backward(slope), once * slope[:, None])
