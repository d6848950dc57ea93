"""Mistakes of training runs that show while a program runs: each file a topic, each entry with its observer.

Importing this package enters them all into the catalogue.
"""

from importlib import import_module
from pkgutil import iter_modules

for _topic in iter_modules(__path__):
    import_module(f"{__name__}.{_topic.name}")
