"""Every figure that the lessons and the command line draw; each function returns its matplotlib Figure."""

from chainrule.plots.curves import curves as curves
from chainrule.plots.descent import derivative as derivative
from chainrule.plots.descent import descents as descents
from chainrule.plots.descent import dots as dots
from chainrule.plots.descent import gallery as gallery
from chainrule.plots.descent import gradient_check as gradient_check
from chainrule.plots.descent import histograms as histograms
from chainrule.plots.descent import slow_start as slow_start
from chainrule.plots.descent import valley as valley
from chainrule.plots.descent import vanishing as vanishing
from chainrule.plots.networks import chain_rule as chain_rule
from chainrule.plots.networks import flow as flow
from chainrule.plots.networks import network as network
from chainrule.plots.weights import column_sums as column_sums
from chainrule.plots.weights import effective_decay as effective_decay
from chainrule.plots.weights import mislabelled_digits as mislabelled_digits
from chainrule.plots.weights import overfitting_curves as overfitting_curves
from chainrule.plots.weights import penalty_slopes as penalty_slopes
from chainrule.plots.weights import penalty_valley as penalty_valley
from chainrule.plots.weights import weight_histograms as weight_histograms
from chainrule.plots.weights import weight_paths as weight_paths
