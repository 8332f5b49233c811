"""The study as JSON, for programs: as `exchange/study.schema.json` says it.

A key that a later version adds does no harm to who reads; `version` rises when one means something
else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib import resources

from gtpipe.exchange import not_exported
from gtpipe.exchange.records import Loss
from gtpipe.model import anchor
from gtpipe.model.level import CATEGORY, CodeRef
from gtpipe.model.records import Coding, Incident, Interview, Memo, Named, Relation
from gtpipe.render.code_entries import Entry
from gtpipe.render.code_tables import FRAMEWORK
from gtpipe.render.study_part import StudyPart
from gtpipe.render.word.interviews import author

FORMAT, VERSION = "gtpipe-study", 1
Value = str | int | bool | None | list["Value"] | dict[str, "Value"]


def schema() -> bytes:
    """What the JSON holds, as a JSON Schema."""
    return resources.files("gtpipe.exchange").joinpath("study.schema.json").read_bytes()


def content(part: StudyPart) -> tuple[bytes, tuple[Loss, ...]]:
    """The JSON, and what of the study is not in it."""
    study = json.dumps(_Study(part).value(), ensure_ascii=False, indent=1) + "\n"
    return study.encode("utf-8", "replace"), _losses(part)


class _Study:
    def __init__(self, part: StudyPart) -> None:
        self.part, self.material = part, part.corpus.material

    def value(self) -> Value:
        part, settings = self.part, self.part.corpus.settings
        return {
            "format": FORMAT,
            "version": VERSION,
            "study": settings.study,
            "words": part.words,
            "researchers": [
                {"initials": initials, "name": author(initials, settings.researchers)}
                for initials in settings.researchers
            ],
            "participants": list(self.participants()),
            "interviews": [self.interview(one) for one in part.interviews.values()],
            "codes": [self.code(entry) for entry in part.entries],
            "codings": [self.coding(coding) for coding in part.codings],
            "memos": [self.memo(memo) for memo in part.memos],
            "relations": list(self.relations()),
            "negative-cases": list(self.negative_cases()),
        }

    def participants(self) -> Iterator[Value]:
        """Those who speak; of the whole study, those too who do not yet."""
        speaking = [one for each in self.part.interviews.values() for one in each.participants]
        listed = self.material.participants
        known = [name for name in listed if self.part.is_whole or name in speaking]
        for name in dict.fromkeys((*known, *speaking)):
            row = listed.get(name)
            same = row.same_person_as if row else None
            yield {
                "name": name,
                "same-person-as": same.label if same else None,
                "attributes": {**dict(row.attributes)} if row else {},
            }

    def interview(self, interview: Interview) -> Value:
        turns: list[Value] = []
        for turn in interview.turns:
            words: dict[str, Value] = {"words": turn.text} if self.part.words else {}
            turns.append(
                {
                    "turn": turn.id,
                    "line": turn.line,
                    "time": turn.time,
                    "label": turn.label,
                    "participant": interview.participant(turn),
                    **words,
                }
            )
        return {
            "name": interview.name,
            "date": interview.date,
            "schedule": interview.schedule,
            "attributes": {**dict(interview.attributes)},
            "speakers": {**interview.speakers},
            "turns": turns,
        }

    def code(self, entry: Entry) -> Value:
        return {
            **_code(entry.code),
            "definition": entry.definition,
            "include": entry.include,
            "exclude": entry.exclude,
            "because": entry.because,
            "parked": entry.parked,
            "was": [*entry.was],
            "under": [_code(above) for above in entry.under],
            **{name: said for name in FRAMEWORK if (said := getattr(entry, name))},
        }

    def coding(self, coding: Coding) -> Value:
        interview = self.material.interviews[coding.interview]
        start, end = coding.span or (None, None)
        found: dict[str, Value] = {
            "interview": coding.interview,
            "turn": coding.turn,
            "line": interview.turns_of(coding.turn)[0].line,
            "participant": coding.participant,
            "coder": coding.coder,
            "level": coding.level.value,
            "code": coding.code,
            "start": start,
            "end": end,
        }
        if self.part.words:
            found["words"] = interview.words(coding.turn, coding.span)
            found["note"] = coding.note
        return found

    def memo(self, memo: Memo) -> Value:
        found: dict[str, Value] = {
            "name": memo.name,
            "title": memo.title,
            "date": memo.date,
            "by": memo.by,
            "kind": memo.kind,
            "about": [self._about(named) for named in memo.about],
        }
        if self.part.words:
            found["prose"] = memo.prose
        return found

    def relations(self) -> Iterator[Value]:
        """Those whose both ends are handed on."""
        for relation in self.material.theory.relations:
            source, target = self._end(relation.source), self._end(relation.target)
            if source in self.part.codes and target in self.part.codes:
                yield self._relation(relation, source, target)

    def _relation(self, relation: Relation, source: CodeRef, target: CodeRef) -> Value:
        return {
            "from": _code(source),
            "kind": relation.kind,
            "to": _code(target),
            "hypothesis": relation.hypothesis if self.part.words else "",
            "support": self._addresses(relation.support),
            "contradict": self._addresses(relation.contradict),
            "memo": relation.memo.label if relation.memo else None,
        }

    def negative_cases(self) -> Iterator[Value]:
        for case in self.material.theory.negative_cases:
            about = self.part.corpus.names.meanings(case.contradicts)
            is_asked = self.part.is_whole or not self.part.codes.isdisjoint(about)
            if is_asked and case.incident.interview in self.part.interviews:
                yield {
                    "incident": self._address(case.incident),
                    "contradicts": case.contradicts.label,
                    "led-to": case.led_to if self.part.words else "",
                    "note": case.note if self.part.words else "",
                    "by": case.by,
                }

    def _end(self, named: Named) -> CodeRef:
        """The highest level that a name stands for."""
        level = self.part.corpus.names.level(named)
        return CodeRef(level or CATEGORY, named.label)

    def _about(self, named: Named) -> str:
        incident = None if named.level else anchor.parse(named.label)
        if incident and incident.interview in self.material.interviews and not self.part.words:
            return self._address(incident)
        return named.typed

    def _addresses(self, incidents: Iterable[Incident]) -> list[Value]:
        kept = (one for one in incidents if one.interview in self.part.interviews)
        return [self._address(incident) for incident in kept]

    def _address(self, incident: Incident) -> str:
        return incident.address if self.part.words else f"{incident.interview} {incident.turn}"


def _code(code: CodeRef) -> dict[str, Value]:
    return {"level": code.level.value, "label": code.label}


def _losses(part: StudyPart) -> tuple[Loss, ...]:
    """What has no place there; of a part of a study nothing is counted."""
    if not part.is_whole:
        return ()
    losses = not_exported.losses(part.corpus.material)
    return tuple(loss for loss in losses if loss.kind not in not_exported.IN_STUDY_JSON)
