"""Every figure that the lessons and the command line draw; each function returns its matplotlib Figure."""

from chainrule.plots.curves import curves as curves
