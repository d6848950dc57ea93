"""A pasted table: what is read, what is refused, and that no text at all does anything else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chainrule.data import Dataset
from chainrule.data.readers import DataError
from chainrule.play.pasted import LONGEST, MOST_ROWS, read


def test_numbers_and_classes():
    found = read("a,b,kind\n1,2.5,yes\n3,-4e1,no\n5,6,yes\n", "my table.csv")
    assert found.name == "my table"
    assert (found.features, found.classes) == (("a", "b"), ("no", "yes"))
    assert found.x.tolist() == [[1, 2.5], [3, -40], [5, 6]]
    assert found.y.tolist() == [1, 0, 1]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_line_ends(separator):
    rows = [["x1", "x2", "y"], ["1", "2", "0"], ["3", "4", "1"]]
    for end in ("\n", "\r\n"):
        found = read("\ufeff" + end.join(separator.join(row) for row in rows))
        assert found.x.tolist() == [[1, 2], [3, 4]]
        assert found.classes == ("0", "1")


def test_quantities():
    assert read("x,y\n1,0.5\n2,1.5\n").classes == ()
    many = "x,age\n" + "".join(f"{i},{i + 20}\n" for i in range(30))
    found = read(many)
    assert found.classes == ()
    assert found.y.tolist() == [i + 20 for i in range(30)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x,b,y\n1,2,0\n\n1,nan,1\n", r"line 4, column 'b': expected a finite number, got 'nan'"),
        ("x,b,y\n1,2,0\n1,inf,1\n", r"line 3, column 'b': expected a finite number, got 'inf'"),
        ("x,b,y\n1,red,0\n", r"line 2, column 'b': expected a number, got 'red'"),
        ("x,b,y\n1,,0\n", r"line 2, column 'b': expected a number, got ''"),
        ("x,b,y\n1,2,\n", r"line 2, column 'y': the target is missing"),
        ("x,b,y\n1,2\n", r"line 2: 2 values, but the header has 3"),
        ("x,x,y\n1,2,0\n", r"2 columns are called 'x'"),
        ("1,2,0\n3,4,1\n", r"the first line must name the columns"),
        ("x,y\n1,0\n2,0\n", r"the same in every record"),
        ("x,y\n1e200,0\n2,1\n", r"as large as 1e\+200"),
        ("x\n1\n2\n", r"only one column, 'x'"),
        ("", r"must have a header"),
        ("x,y\n" + "".join(f"{i},name{i}\n" for i in range(30)), r"30 different texts in the last column"),
        (",".join(map(str, range(200))), r"200 columns; the playground takes at most 100"),
    ],
)
def test_what_is_wrong_is_said(text, words):
    with pytest.raises(DataError, match=words) as caught:
        read(text, "mine.csv")
    assert str(caught.value).startswith("mine")
    assert "/" not in str(caught.value)


def test_too_much_is_refused():
    with pytest.raises(DataError, match="lines; the playground takes at most 20,000"):
        read("x,y\n" + "1,2\n" * (MOST_ROWS + 1))
    with pytest.raises(DataError, match="characters; the playground takes at most 4,000,000"):
        read("x,y\n" + "1,2\n" * LONGEST)


@given(st.text(max_size=200) | st.lists(st.lists(st.text(max_size=5), max_size=4), max_size=5).map(
    lambda rows: "\n".join(",".join(row) for row in rows)))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_text_gives_records_or_a_data_error(text):
    try:
        found = read(text, text)
    except DataError:
        return
    assert isinstance(found, Dataset)
    assert np.isfinite(found.x).all()
