"""``python -m chainrule``: the same as the command ``chainrule``."""

import os
import sys

if sys.path[0] == os.getcwd():  # a submission called numpy.py in this folder is not NumPy
    del sys.path[0]

from chainrule.cli import app

app(prog_name="chainrule")
