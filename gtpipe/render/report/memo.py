"""Memos by date, each on a page of its own, with what it is about and what refers to it; and what
of the diary is marked quotable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.analysis import memos as about_memos
from gtpipe.analysis.subjects import MEMO, Subject
from gtpipe.model.names import one_line
from gtpipe.model.records import Memo
from gtpipe.render.report import about
from gtpipe.render.report.places import MEMOS, THEORY, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.surroundings import CommentOnPage, relation_id
from gtpipe.render.report.templating import Page


class MemoInList(NamedTuple):
    link: Link
    date: str
    kind: str
    by: str
    about: tuple[Link, ...]


class FromDiary(NamedTuple):
    """An entry of the diary that is marked quotable."""

    date: str
    by: str
    prose: str


class MemoList(NamedTuple):
    memos: tuple[MemoInList, ...]
    diary: tuple[FromDiary, ...]


class MemoPage(NamedTuple):
    """A memo; `prose` is '' in an edition without words. `memos` are about it, `relations` name
    it.
    """

    memo: MemoInList
    prose: str
    memos: tuple[Link, ...]
    relations: tuple[Link, ...]
    comments: tuple[CommentOnPage, ...]


def pages(reported: ReportedStudy) -> Iterator[Page]:
    """None of a study without memos, or for one participant: memos tell of others."""
    material, words = reported.material, reported.edition.words
    if reported.edition.only:
        return
    memos = sorted(material.memos, key=lambda memo: (memo.date, memo.name))
    diary = tuple(
        FromDiary(entry.date, entry.by, entry.prose)
        for entry in material.diary
        if entry.prose and words
    )
    if memos or diary:
        listed = MemoList(tuple(_in_list(memo, reported) for memo in memos), diary)
        yield Page(MEMOS, "memos.html", "Memos", MEMOS, listed)
    relations: dict[str, list[Link]] = {}
    for number, relation in enumerate(material.theory.relations, 1):
        if relation.memo:
            link = Link(relation.sentence, THEORY, relation_id(number))
            relations.setdefault(relation.memo.label.removesuffix(".md"), []).append(link)
    said: dict[str, list[CommentOnPage]] = {}
    for one in material.comments:
        if words and about_memos.is_memo(one.about, material):
            comment = CommentOnPage(one.by, one.comment, one.answer, one.changed)
            said.setdefault(one.about.label.removesuffix(".md"), []).append(comment)
    for memo in memos:
        link = _link(memo, reported)
        others = reported.memos_about.get(Subject(MEMO, memo.name), [])
        content = MemoPage(
            _in_list(memo, reported),
            memo.prose if words else "",
            tuple(_link(other, reported) for other in others),
            tuple(relations.get(memo.name, ())),
            tuple(said.get(memo.name, ())),
        )
        yield Page(link.path, "memo.html", link.text, MEMOS, content)


def _link(memo: Memo, reported: ReportedStudy) -> Link:
    return reported.places.memo(memo.name, one_line(memo.title))


def _in_list(memo: Memo, reported: ReportedStudy) -> MemoInList:
    named = tuple(about.link(one, reported) for one in memo.about)
    return MemoInList(_link(memo, reported), memo.date, memo.kind, memo.by, named)
