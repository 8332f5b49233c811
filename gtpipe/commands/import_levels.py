"""The codes of another program in the code book, among the focused codes and in the theory; what
stands there is left as it is.
"""

from __future__ import annotations

from gtpipe.commands.import_plan import ImportPlan
from gtpipe.exchange.records import Relation
from gtpipe.formats import codebook, focused, naming, theory
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, Level
from gtpipe.store.layout import CODEBOOK, FOCUSED_CODES, THEORY

TAKES_UP = "also takes up"
"""The name of a link from a code to one that stands elsewhere in the tree."""
HYPOTHESIS = "Hypothesis: "
"""How the title of a memo begins that says what a relation claims."""


def define_codes(plan: ImportPlan) -> None:
    text = plan.text(CODEBOOK)
    standing = codebook.loads(text)[0]
    now = naming.current_labels(standing)
    new: dict[str, dict[str, str]] = {}
    for code in plan.labels.of_level(INITIAL):
        if not plan.labels.is_used(code.id):
            continue
        label, fields = plan.labels.label[code.id], plan.labels.fields(code.id)
        label = now.get(label, label)
        entry = standing.get(label)
        if label in new and new[label] != fields:
            plan.lose("definition of a code whose name another one has", label)
        elif entry is not None:
            fields.pop("parked", None)  # what stands is not put aside by an import
            missing = {name: said for name, said in fields.items() if not getattr(entry, name)}
            if missing:
                text = codebook.define(text, label, missing)
                plan.made["definition"] += 1
            if any(said not in (getattr(entry, name) or said) for name, said in fields.items()):
                plan.lose("definition of a code that is defined otherwise here", label)
        elif fields or code.id not in plan.labels.coded:
            new.setdefault(label, fields)
    if new:
        text = codebook.add(text, new)
        plan.made["entry in the code book"] += len(new)
    plan.keep(CODEBOOK, text)


def build_levels(plan: ImportPlan) -> None:
    """Focused codes and categories, those that stand left as they are."""
    text = plan.text(FOCUSED_CODES)
    standing = focused.loads(text)[0]
    for code in plan.labels.of_level(FOCUSED):
        label = plan.labels.label[code.id]
        taken_up = _taken_up(plan, code.id, INITIAL)
        if label in standing:
            has = {named.label for named in standing[label].takes_up}
            for other in taken_up:
                if other not in has:
                    plan.lose(f'code below the focused code "{label}", which stands', other)
            continue
        definition, because = plan.labels.reason(code.id)
        text = focused.add(
            text, label, definition=definition, because=because, by=plan.writer, takes_up=taken_up
        )
        plan.made["focused code"] += 1
    plan.keep(FOCUSED_CODES, text)
    text = plan.text(THEORY)
    categories = {one.label for one in theory.loads(text)[0].categories}
    for code in plan.labels.of_level(CATEGORY):
        label = plan.labels.label[code.id]
        if label in categories:
            continue
        part_of = plan.labels.above(code.id)
        below = _taken_up(plan, code.id, FOCUSED)
        text = theory.add_category(text, label, plan.labels.definition(code.id), part_of, below)
        plan.made["category"] += 1
    plan.keep(THEORY, _with_relations(plan, text))


def _taken_up(plan: ImportPlan, id: str, level: Level) -> tuple[str, ...]:
    """What a code takes up: what stands below it, and what it takes up besides."""
    also = (
        plan.labels.label[one.target]
        for one in plan.project.relations
        if _is_taking_up(plan, one) and one.source == id
        if plan.labels.level.get(one.target) == level
    )
    return tuple(dict.fromkeys((*plan.labels.taken_up(id, level), *also)))


def _is_taking_up(plan: ImportPlan, relation: Relation) -> bool:
    ends = [plan.labels.level.get(end) for end in (relation.source, relation.target)]
    return relation.name == TAKES_UP and ends in ([FOCUSED, INITIAL], [CATEGORY, FOCUSED])


def _with_relations(plan: ImportPlan, text: str) -> str:
    level, label = plan.labels.level, plan.labels.label
    standing = {one.sentence for one in theory.loads(text)[0].relations}
    hypotheses = {
        one.about[0]: one
        for one in plan.project.memos
        if one.title.startswith(HYPOTHESIS) and len(one.about) == 1
    }
    for relation in plan.project.relations:
        if _is_taking_up(plan, relation):
            continue
        kind = relation.name or "goes with"
        if any(level.get(end, INITIAL) == INITIAL for end in (relation.source, relation.target)):
            plan.lose("link between codes that are no focused codes or categories", kind)
            continue
        one, other = label[relation.source], label[relation.target]
        said = hypotheses.get(relation.id)
        if said is not None:
            plan.written_elsewhere.add(said.id)
        sentence = f"{one} {kind} {other}"
        plan.relations[relation.id] = sentence
        if sentence in standing:
            continue
        if not relation.is_directed:
            plan.lose("that a link between codes has no direction", kind)
        text = theory.add_relation(text, one, kind, other, said.text if said else "")
        plan.made["relation"] += 1
    return text
