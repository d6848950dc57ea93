"""``python -m chainrule``: the same as the command ``chainrule``."""

from chainrule.cli import app

app(prog_name="chainrule")
