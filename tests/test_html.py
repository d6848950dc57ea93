"""A page needs nothing but itself, and its formulas are formulas."""

import re
import shutil
import subprocess
from html.parser import HTMLParser

import nbformat
import pytest

from chainrule.course.html import mathml, page
from chainrule.course.lessons import LESSONS, CourseError

v4 = nbformat.v4
LOADING = ("src", "srcset", "href", "data", "poster")
MARKDOWN = r"""
# The *slope* of $E$

Inline $\sigma(x) = \frac{1}{1 + e^{-x}}$ costs \$5 and \$6; code `$x$` and ``a ` $y$``, products $a_1 * b_1 * c_1$.

$$
\begin{aligned}
\text{output\_error} &= \text{target} - \text{output} \\
\mathbf{w} &\leftarrow \mathbf{w} - \eta \nabla_{\mathbf{w}} L
\end{aligned}
$$

| symbol | meaning |
| --- | --- |
| $|w|$ | size |

<details><summary>Hint 1: $\sigma'$</summary>

It is $\sigma(1-\sigma)$.

```python
price = "$not a formula$"
```

</details>
"""
PROBE = """<p id="result"></p><script>onload = () => {
  const bar = document.querySelector("mfrac"), [above, below] = bar.children;
  const stacked = above.getBoundingClientRect().bottom <= below.getBoundingClientRect().top;
  document.getElementById("result").textContent = stacked ? "a fraction" : "no fraction";
}</script>"""


def notebook(*cells):
    return v4.new_notebook(cells=list(cells))


class Page(HTMLParser):
    """What a page loads, and its text outside code."""

    def __init__(self, html):
        super().__init__()
        self.loads, self.links, self.text, self.open = [], [], "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag in ("pre", "code", "style", "script"):
            self.open.append(tag)
        if tag == "a":
            self.links.append(attributes.get("href"))
        else:
            self.loads += [attributes[name] for name in LOADING if name in attributes]

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data):
        if not self.open:
            self.text += data


def assert_complete(html):
    found = Page(html)
    assert [address for address in found.loads if not address.startswith("data:")] == []
    assert "<script" not in html
    assert not re.search(r"@import|url\((?!data:)", html)
    assert not re.search(r"\$[^$\s\d][^$]*\$|\\(frac|sum|begin|text|sigma|partial)\b", found.text)
    assert not re.search("[\ue000\ue001]", html)


def test_formulas_are_mathml_and_code_is_left_alone():
    html = page(notebook(v4.new_markdown_cell(MARKDOWN)), "tiny")
    assert html.count("<math") == 7
    assert "costs $5 and $6" in html
    assert "<code>$x$</code>" in html
    assert "$not a formula$" in html
    assert html.count('<math display="block"') == 1
    assert "<mtext>output_error</mtext>" in html
    assert "<title>The slope of E</title>" in html


def test_a_hint_stays_within_its_details():
    html = page(notebook(v4.new_markdown_cell(MARKDOWN)), "tiny")
    details = html[html.index("<details>") : html.index("</details>")]
    assert "not a formula" in details


def test_the_page_loads_nothing():
    figure = v4.new_output("display_data", {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"})
    cell = v4.new_code_cell("x = 1", execution_count=4, outputs=[figure])
    html = page(notebook(v4.new_markdown_cell(MARKDOWN + "\n\n[a book](http://example.org)"), cell), "tiny")
    assert_complete(html)
    assert "Figure drawn by code cell 4" in html
    assert "http://example.org" in Page(html).links


def test_without_a_heading_the_name_is_the_title():
    assert "<title>tiny &amp; small</title>" in page(notebook(v4.new_code_cell("# not this")), "tiny & small")


@pytest.mark.parametrize("formula", [r"\nosuchcommand x", r"a &= b", r"\frac", r"x_"])
def test_a_formula_that_cannot_be_shown_is_named(formula):
    with pytest.raises(CourseError, match=r"the formula '.*' can't be shown"):
        mathml(formula)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_the_pages_of_the_lessons_are_complete(lesson):
    executed = nbformat.read(lesson.solution, as_version=4)
    html = page(executed, lesson.name)
    assert_complete(html)
    assert f"<title>{lesson.name}" in html


@pytest.mark.skipif(not shutil.which("chromium"), reason="needs chromium")
def test_a_browser_lays_the_formulas_out(tmp_path):
    html = page(notebook(v4.new_markdown_cell(r"$$\frac{1}{1 + x}$$")), "tiny").replace("</body>", PROBE + "</body>")
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}", "--dump-dom"]
    command = ["chromium", *options, (tmp_path / "page.html").as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "a fraction" in dom.stdout
