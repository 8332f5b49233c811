"""What people wrote is shown by Markdown as they typed it, and escaped no more than that takes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gtpipe.text import markdown
from gtpipe.text.markdown import block_quote, in_link, plain

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(markdown: str) -> str:
    """The text that a reader sees; `~~` and all tags but those of paragraphs left as they are."""
    html = GITHUB.render(markdown)
    text = re.sub(r"\n?</?p>\n?", "", html)
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


@pytest.mark.parametrize(
    "typed",
    [
        "[EnsembleAPI] did it [pause 3s]. Then",
        "5 * 3 > 2 & more, snake_case, AT&T, a -> b",
        "$15 an hour, or ~20 with (laugh)",
    ],
)
def test_what_markdown_does_not_read_as_markup_stays_as_it_is(typed):
    assert plain(typed) == typed and shown(typed) == typed


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("*really* <laughs>", r"\*really\* \<laughs>"),
        ("[see](here) ![it][y]", r"[see\](here) ![it\][y\]"),
        ("a\n* b\n## c\n> d\n1. e\n---", "a\n\\* b\n#\\# c\n\\> d\n1\\. e\n\\---"),
        ("[^1] [[page]] [x] done", r"\[^1] \[[page]] \[x] done"),
        ("$x$ ~~gone~~ &amp;", r"\$x\$ ~\~gone\~\~ \&amp;"),
    ],
)
def test_what_markdown_reads_as_markup_is_escaped(typed, escaped):
    assert plain(typed) == escaped


WORDS = st.lists(
    st.sampled_from(
        [*"*_`[]()<>!#+-=~|\\&$:.;1 \n", "a", "b", "amp;", "**", "~~", "](", "]:", "```", "http:"]
    ),
    max_size=14,
).map(lambda parts: re.sub(r"\s*\n\s*", "\n", re.sub(r" {2,}", " ", "".join(parts))).strip())


@given(WORDS)
def test_any_text_is_shown_as_it_was_typed(typed):
    assert shown(plain(typed)) == typed
    assert shown(f"**{plain(typed)}**: a") in (f"<strong>{typed}</strong>: a", f"**{typed}**: a")


@given(WORDS.map(lambda text: text.replace("\n", " ")).filter(bool))
def test_any_title_can_be_the_words_of_a_link(typed):
    assert shown(f"[{in_link(typed)}](a.md)") == f'<a href="a.md">{typed}</a>'


@given(WORDS | st.text())
def test_what_is_left_at_once_has_nothing_to_escape(typed):
    assert plain(typed) == markdown._escaped_somewhere(typed, markdown._PLAIN)
    assert in_link(typed) == markdown._escaped_somewhere(typed, markdown._IN_LINK)


def test_words_are_quoted_line_by_line_and_paragraph_by_paragraph():
    assert block_quote("one\n* two\n\nthree") == "> one\\\n> \\* two\n>\n> three"
