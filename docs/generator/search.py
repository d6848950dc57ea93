"""How search results are ordered: pages whose symptoms have the words that were searched for come first."""

import json

from docs.generator.symptoms import SYMPTOMS

# Sphinx puts this into its search in the place of its own scorer; the numbers are Sphinx's.
_SCORER = """
const SAID = %s;

const startsOf = (text) => (text.toLowerCase().match(/[\\p{L}\\p{N}_]+/gu) || []).map((word) => word.slice(0, 5));

const likeness = (query, text) => {
  const words = new Set(startsOf(text));
  const wanted = startsOf(query);
  return wanted.length ? wanted.filter((word) => words.has(word)).length / wanted.length : 0;
};

var Scorer = {
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
  score: ([page, title, anchor, description, score]) => {
    const query = new URLSearchParams(window.location.search).get("q") || "";
    const said = [title.replace(/^What do you see\\?( >)?/, ""), ...(SAID[page] || [])];
    return score + 100 * Math.max(...said.map((text) => likeness(query, text))) ** 2;
  },
};
"""


def scorer() -> str:
    """Return the script."""
    said: dict[str, list[str]] = {}
    for lines in SYMPTOMS.values():
        for line, codes in lines.items():
            for code in codes:
                said.setdefault(f"mistakes/{code}", []).append(line)
    return _SCORER % json.dumps(said, ensure_ascii=False)
