"""Comparison lines of this notebook."""
