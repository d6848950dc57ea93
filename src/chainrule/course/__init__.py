"""The course: exercises, the comparison of an answer with the right one, and the notebooks' builder and runner."""

from chainrule.course.compare import compare as compare
from chainrule.course.record import record as record
