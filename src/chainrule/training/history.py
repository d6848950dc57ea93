"""What a run measured, epoch by epoch."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class History(dict[str, list[float]]):
    """Lists of one number an epoch: ``train_loss``, and with validation data ``valid_loss``, ``valid_accuracy``."""

    def __repr__(self) -> str:
        if not self:
            return "History(no epochs)"
        last = ", ".join(f"{name} {values[-1]:.4g}" for name, values in self.items())
        return f"History({len(next(iter(self.values())))} epochs; last: {last})"

    def add(self, **values: float) -> None:
        """Append one epoch's values."""
        for name, value in values.items():
            self.setdefault(name, []).append(value)

    def plot(self) -> "Figure":
        """Draw the losses over the epochs."""
        from chainrule.plots import curves

        return curves({name.removesuffix("_loss"): v for name, v in self.items() if name.endswith("_loss")})
