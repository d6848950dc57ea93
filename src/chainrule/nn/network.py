"""The network: layers one after another, forwards, and backwards by the chain rule."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from chainrule.nn.checks import as_floats, generator
from chainrule.nn.layer import Layer
from chainrule.nn.parameter import Parameter, Storage
from chainrule.nn.reuse import hand_out, reusable

Array = NDArray[Any]


class Sequential:
    """Layers applied in turn; PyTorch's ``nn.Sequential``.

    Parameters
    ----------
    *layers : Layer
        At least one; each belongs to one network only.
    seed : int, optional
        Seed of the first weights, and of what is drawn in training; another one each time if not given.
    dtype : float32 or float64
        Of the weights and of all that is computed; inputs are converted.

    Raises
    ------
    ValueError
        If there are no layers, or one already belongs to a network.
    """

    def __init__(self, *layers: Layer, seed: int | None = None, dtype: DTypeLike = np.float32) -> None:
        if not layers:
            raise ValueError("a network needs at least one layer")
        if np.dtype(dtype) not in (np.float32, np.float64):
            raise ValueError(f"dtype must be float32 or float64; got {np.dtype(dtype)}")
        for i, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                raise TypeError(f"layer {i} must be a layer of chainrule.nn; got {layer!r}")
            if layer.network is not None or layer in layers[:i]:
                raise ValueError(f"layer {i}, {layer!r}, already belongs to a network; build a new one")
        self.layers, self.dtype, self.training = list(layers), np.dtype(dtype), True
        self._parameters = [p for layer in layers for p in layer.parameters()]
        self._storage = Storage(sum(p.size for p in self._parameters), self.dtype)
        self.rng, offset = generator(seed), 0
        for p in self._parameters:
            p.join(self._storage, offset, self.rng)
            offset += p.size
        for layer in layers:
            layer.network, layer.rng = self, self.rng
        self._given: tuple[int, ...] = ()  # the shape of the last batch
        self._outputs: dict[Any, list[Array | None]] = {}
        self._gradients: dict[Any, list[Array | None]] = {}

    def __call__(self, x: ArrayLike) -> Array:
        """Return `forward` of ``x``."""
        return self.forward(x)

    def __getitem__(self, i: int) -> Layer:
        return self.layers[i]

    def __len__(self) -> int:
        return len(self.layers)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the arrays that batches are written to."""
        return vars(self) | {"_outputs": {}, "_gradients": {}}

    def __repr__(self) -> str:
        lines = "".join(f"\n  ({i}): {layer!r}" for i, layer in enumerate(self.layers))
        return f"Sequential({lines}\n)"

    def forward(self, x: ArrayLike) -> Array:
        """Return the output for a batch ``x``: each layer's output is the next one's input."""
        if type(x) is not np.ndarray or x.dtype != self.dtype:
            x = as_floats(x, self.dtype, "x")
        self._given, fresh = x.shape, False
        outputs = reusable(self._outputs, (x.shape, self.training), len(self.layers))
        for i, layer in enumerate(self.layers):
            given, x = x, layer.forward(x, outputs[i])
            if outputs[i] is None and i + 1 < len(outputs) and not np.may_share_memory(x, given):
                outputs[i], fresh = x, True
        if fresh:
            hand_out(x, outputs)
        return x

    def backward(self, grad: ArrayLike, inputs: bool = False) -> Array | None:
        """Take dL/doutput, and add dL/dw to every parameter's ``grad``: the same layers, in reverse.

        Parameters
        ----------
        grad : array of the output's shape
        inputs : bool
            Whether dL/dx is wanted, too; computing it costs a product as large as the first layer's.

        Returns
        -------
        array of the shape of x, or None
        """
        if type(grad) is not np.ndarray or grad.dtype != self.dtype:
            grad = as_floats(grad, self.dtype, "the gradient")
        gradients = reusable(self._gradients, self._given, len(self.layers))
        for i in range(len(self.layers) - 1, 0, -1):
            given, result = grad, self.layers[i].backward(grad, gradients[i])
            assert result is not None
            grad = result
            if gradients[i] is None and not np.may_share_memory(grad, given):
                gradients[i] = grad
        result = self.layers[0].backward(grad, inputs=inputs)
        if not inputs:
            return None
        hand_out(result, gradients)
        return result

    def parameters(self) -> list[Parameter]:
        """Return what the network learns, in PyTorch's order."""
        return list(self._parameters)

    def zero_grad(self) -> None:
        """Forget all gradients."""
        for p in self._parameters:
            p.stale = True

    def train(self, mode: bool = True) -> "Sequential":
        """Switch to training mode (or, with False, to evaluation mode), and return the network."""
        self.training = mode
        for layer in self.layers:
            layer.training = mode
        return self

    def eval(self) -> "Sequential":
        """Switch to evaluation mode, and return the network."""
        return self.train(False)

    def named_parameters(self) -> dict[str, Parameter]:
        """Return the parameters by PyTorch's keys: ``"0.weight"``."""
        return {f"{i}.{p.name}": p for i, layer in enumerate(self.layers) for p in layer.parameters()}

    def named_buffers(self) -> dict[str, Array]:
        """Return what layers remember besides, by PyTorch's keys: ``"1.running_mean"``."""
        return {f"{i}.{name}": b for i, layer in enumerate(self.layers) for name, b in layer.buffers().items()}

    def _arrays(self) -> dict[str, Array]:
        return {key: p.data for key, p in self.named_parameters().items()} | self.named_buffers()

    def state_dict(self) -> dict[str, Array]:
        """Return a copy of all values, of parameters and buffers, by PyTorch's keys."""
        return {key: values.copy() for key, values in self._arrays().items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over values: NumPy arrays or CPU tensors, by PyTorch's keys.

        Raises
        ------
        ValueError
            If keys are missing or too many, a shape differs, or values aren't numbers; nothing is changed then.
        """
        own = self._arrays()
        if set(own) != set(state):
            missing, extra = sorted(set(own) - set(state)), sorted(set(state) - set(own))
            raise ValueError(f"keys do not fit this network: missing {missing}, unexpected {extra}")
        given = {key: np.asarray(values) for key, values in state.items()}
        for key, values in given.items():
            if values.shape != own[key].shape:
                raise ValueError(f"{key!r} must have shape {own[key].shape}; got {values.shape}")
            if values.dtype.kind not in "biuf":
                raise ValueError(f"{key!r} must be numbers; got dtype {values.dtype}")
        for key, values in given.items():
            own[key][...] = values
