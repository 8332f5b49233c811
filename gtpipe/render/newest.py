"""What `gtpipe compare --new` shows: what came last beside earlier incidents of its codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from gtpipe.analysis.comparison import Newest
from gtpipe.analysis.groups import ValueAt, attributes
from gtpipe.analysis.incidents import IncidentInContext, in_order, with_turns_around
from gtpipe.model.names import one_line
from gtpipe.model.problems import in_shell
from gtpipe.model.records import IncidentKey, Interview, Material
from gtpipe.render import blocks
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.incidents import as_blocks, details, interview_title, title, whole
from gtpipe.render.tables import Row

HEADER = tuple(
    "interview turn participant coders words text codes first earlier-interview earlier-turn "
    "earlier-participant earlier-words earlier-text same-codes more".split()
)


def rows(new: Newest) -> Iterator[Row]:
    """A row under HEADER for each earlier incident; one with
    nothing in its columns where there is none.
    """
    view = new.view
    own = (
        view.interview,
        view.turn,
        view.participant,
        list(view.coders),
        view.words or "",
        view.spoken.text,
        list(new.codes),
        list(new.first),
    )
    if not new.earlier:
        yield (*own, "", "", "", "", "", [], new.more)
    for earlier in new.earlier:
        yield (
            *own,
            earlier.view.interview,
            earlier.view.turn,
            earlier.view.participant,
            earlier.view.words or "",
            earlier.view.spoken.text,
            list(earlier.codes),
            new.more,
        )


def show(
    interview: Interview,
    found: Iterable[Newest],
    attribute: str,
    value: ValueAt | None,
    material: Material,
    turns_around: int,
) -> None:
    """Print each turn once with its new incidents, beside the earlier incidents of their codes, or
    above them on a narrow terminal; each with so many turns around it.
    """
    blocks.show(
        [
            Block(interview_title(interview), style="bold"),
            Block(
                "Each turn with its codes, and earlier incidents of them: "
                + (
                    f"{_whose(attribute, material)} of another {attribute} first, "
                    * bool(attribute)
                )
                + "other participants before the same, then in study order.",
                style="dim",
            ),
        ]
    )
    wide = blocks.is_wide()
    page = _Page(attribute, value, material, turns_around)
    for _, group in groupby(found, key=lambda new: new.view.turn):
        news = list(group)
        left, right = list(page.turn(news)), list(page.earlier(news))
        blocks.show([GAP])
        if wide:
            blocks.show_beside([(left, right)])
        else:
            blocks.show(left)
            blocks.show(
                each._replace(indent=each.indent + 4) if each.text else each for each in right
            )


def _whose(attribute: str, material: Material) -> str:
    return "participants" if attribute in attributes(material) else "interviews"


class _Page:
    """What is told turn by turn; a turn's words are printed where they come first."""

    def __init__(
        self, attribute: str, value: ValueAt | None, material: Material, turns_around: int
    ) -> None:
        self.attribute, self.value, self.material = attribute, value, material
        self.turns_around = turns_around
        self._printed: set[str] = set()

    def turn(self, news: Sequence[Newest]) -> Iterator[Block]:
        """A turn with its new incidents: their words, their codes, and notes."""
        views = [new.view for new in news]
        coders = tuple(sorted({coder for view in views for coder in view.coders}))
        same_coders = len({view.coders for view in views}) == 1
        yield from self._words(views, coders)
        for new in news:
            by = "" if same_coders or not new.view.coders else f" ({', '.join(new.view.coders)})"
            yield _told(new.view, new.codes, by)
            for name, text in details(new.view._replace(words=None, beside=(), in_vivo=False)):
                yield Block(f"{name}: {text}", 6, "italic")
        codes = {code for new in news for code in new.codes}
        also = dict.fromkeys(code for view in views for code in view.beside if code not in codes)
        if also:
            yield Block(f"also coded here: {'; '.join(also)}", 4, "italic")

    def earlier(self, news: Sequence[Newest]) -> Iterator[Block]:
        """The earlier incidents, turn by turn; what is new here is said first."""
        first = dict.fromkeys(code for new in news for code in new.first)
        if first:
            all_first = all(len(new.first) == len(new.codes) for new in news)
            codes = "this code" if len(first) == 1 else "these codes"
            told = f" {codes}." if all_first else f": {'; '.join(first)}"
            yield Block(f"First incident of{told}", style="dim")
        gap = False
        for group in self._by_turn(news):
            if gap:
                yield GAP
            gap = True
            yield from self._words([view for view, _ in group], ())
            for view, codes_in_common in group:
                yield _told(view, codes_in_common)
        for new in news:
            if new.more:
                shared = dict.fromkeys(code for code in new.codes if code not in new.first)
                commands = "; ".join(f"gtpipe compare {in_shell(code)}" for code in shared)
                if gap:
                    yield GAP
                gap = False
                yield Block(f"{new.more} more: {commands}", style="dim")

    def _by_turn(
        self, news: Sequence[Newest]
    ) -> list[list[tuple[IncidentInContext, tuple[str, ...]]]]:
        """The earlier incidents of a turn's codes, each once, by their turns: unlike participants
        first, then in study order."""
        codes: dict[IncidentKey, dict[str, None]] = {}
        views: dict[IncidentKey, IncidentInContext] = {}
        nearness: dict[str, int] = {}
        for earlier in (earlier for new in news for earlier in new.earlier):
            view = views.setdefault(earlier.view.key, earlier.view)
            codes.setdefault(view.key, {}).update(dict.fromkeys(earlier.codes))
            nearness[view.place] = earlier.nearness
        turns = groupby(in_order(views.values(), self.material), key=lambda view: view.place)
        grouped = [[(view, tuple(codes[view.key])) for view in group] for _, group in turns]
        return sorted(grouped, key=lambda group: nearness[group[0][0].place])

    def _words(
        self, views: Sequence[IncidentInContext], coders: tuple[str, ...]
    ) -> Iterator[Block]:
        """A turn's heading, and its words where they are not printed yet."""
        view = views[0]._replace(coders=coders)
        heading = self._heading(view)
        if view.place in self._printed:
            yield Block(f"{heading} · words above", 0, "bold cyan")
            return
        self._printed.add(view.place)
        only_one = len({view.span for view in views}) == 1
        (seen,) = with_turns_around([view], self.material, self.turns_around)
        yield from as_blocks(seen if only_one else seen._replace(span=None), (), heading)

    def _heading(self, view: IncidentInContext) -> str:
        if self.value is None or not view.participant:
            return title(view)
        value = self.value(view.interview, view.participant) or "not known"
        return f"{title(view)} · {self.attribute}: {value}"


def _told(view: IncidentInContext, codes: Iterable[str], by: str = "") -> Block:
    """An incident under its turn: the words, and their codes."""
    words = whole(view) if view.words is None else f'"{one_line(view.words)}"'
    return Block(f"{words}{by}: {'; '.join(codes)}", 4, "italic")
