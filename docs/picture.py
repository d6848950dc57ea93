"""Draw the README's picture: ``make picture``."""

from pathlib import Path

from chainrule import plots

fig = plots.chain_rule(
    x=[0.8, -0.4],
    weights_input_to_hidden=[[0.5, -0.6], [0.9, 0.3]],
    weights_hidden_to_output=[0.7, -1.1],
    target=1.0,
)
fig.savefig(Path(__file__).with_name("chain-rule.png"), dpi=110)
