"""The right steps of training in named parts, one file for each topic."""
