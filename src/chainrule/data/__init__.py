"""Real data by name, from a file, or drawn: ``data.load("digits").split(0.7, 0.15, 0.15, seed=0)``."""

from chainrule.data.dataset import Dataset as Dataset
from chainrule.data.readers import DataError as DataError
from chainrule.data.readers import root as root
from chainrule.data.registry import DATASETS as DATASETS
from chainrule.data.registry import load as load
from chainrule.data.tables import Table as Table
from chainrule.data.tables import read_table as read_table
