"""Sets of labels and words that say which parts of an English clause can become a code, and
which say nothing.

Dependency labels are those of spaCy's English pipelines (ClearNLP); words are base forms
or small letters.
"""

from __future__ import annotations

SELF = frozenset(("i", "we", "you"))
ACTED_ON = frozenset(("me", "us"))
NOBODY = frozenset(("nobody", "none", "no-one", "neither"))
EVERYBODY = frozenset("nobody they people everybody everyone".split())
OTHERS = frozenset(
    "they he she people somebody someone everybody everyone nobody who none neither".split()
)
OBJECT_PRONOUNS = frozenset(
    "it him her them me us you myself yourself ourselves themselves himself herself itself".split()
)
REFLEXIVE = frozenset("myself yourself ourselves".split())
POINTING = frozenset("this that these those what which who whom whatever it there here".split())

NO_PART = frozenset("cc conj punct intj parataxis mark aux auxpass nsubj nsubjpass neg".split())
NO_CLAUSE = frozenset("aux auxpass xcomp relcl amod compound csubj pcomp acl".split())
SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "csubjpass", "expl"))
BEFORE_NOUN = frozenset(
    "det poss predet amod compound nummod quantmod nmod case punct advmod npadvmod neg".split()
)

HEDGES = frozenset(
    "just really very quite pretty actually basically literally definitely probably maybe "
    "perhaps totally absolutely obviously honestly certainly simply also too even still "
    "then now so well anyway though rather sort kind bit much more often usually sometimes "
    "mostly generally typically especially particularly specifically currently immediately "
    "normally necessarily anymore always there here either indeed first instead yet ever "
    "eventually like right though far quickly again personally somehow mind rightly "
    "nowadays today yesterday tomorrow".split()
)
ASKING = frozenset("ask tell allow force expect encourage teach invite".split())
DIRECTIONS = frozenset(
    "home back away out up down off forward in round around together apart over along through past "
    "ahead on across upstairs downstairs inside outside abroad alone".split()
)

RELATIONAL = frozenset(
    "top side end front middle bottom back edge lack notion bunch type form piece level "
    "variety range series majority half core set stripe amount".split()
)
STRENGTH = frozenset("really very just quite actually pretty like".split())
# Prepositions not taken up.
NOT_BEHIND = frozenset(
    "like than per if because while according unlike except besides versus via of whether".split()
)
TOWARDS = frozenset(
    ("off", "after", "over", "through", "against", "behind")
)  # prepositions that change what a verb means
WITH_OBJECT = frozenset(
    "have make put use give send buy bring want need create allow add keep mean take call "
    "set".split()
)
ABOUT = frozenset("think know hear see feel worry".split())
POSSESSING = frozenset("have get be see want need know use like".split())

# Verbs that only bring in what is said or thought, talk to the interviewer, or fill a gap.
EMPTY_VERBS = frozenset(
    "say mean guess suppose believe reckon assume bet figure thank swear agree doubt sort "
    "kinda imagine let have_to be happen seem appear sound matter belong please concern "
    "wanna gonna gotta excuse ought dare".split()
)
THINKING = frozenset(
    "think know see hear want need like love hate feel understand remember recall realise "
    "realize find notice wonder expect wish hope prefer use do make take get put go come".split()
)
ASPECTS = frozenset("start begin continue keep end go use finish happen tend get come".split())
BARE = frozenset(
    "meet help leave join follow phone ring text call visit".split()
)  # they may lose "him" or "her"
NOT_DONE_TO = frozenset(
    "let have get want like love make cost suit take need hate know think mean see bet feel strike "
    "remind say hope".split()
)
MODALS_KEPT = frozenset("will would 'll 'd can could ca wo".split())
TALK = frozenset(
    "know see say ask mean want imagine think tell look remember notice guess hear like "
    "wish understand find get talk mention".split()
)
FILLER_STATES = frozenset(
    "sure sorry honest okay ok fine good happy glad right wrong aware curious certain ready great "
    "bad nice able true interested used like familiar different big old new little".split()
)
