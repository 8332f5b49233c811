"""Sets of labels and words that say which parts of an English clause can become a code, and
which say nothing.

Dependency labels are those of spaCy's English pipelines (ClearNLP: Choi & Palmer 2012, Guidelines
for the Clear Style Constituent to Dependency Conversion), tags those of the Penn Treebank
(Santorini 1990); words are base forms or small letters.
"""

from __future__ import annotations

# Who acts, and whom somebody's action falls on.
SELF = frozenset(("i", "we", "you"))
ACTED_ON = frozenset(("me", "us"))
NOBODY = frozenset(("nobody", "none", "no-one", "neither"))
EVERYBODY = frozenset("nobody they people everybody everyone".split())
OTHERS = frozenset(
    "they he she people somebody someone everybody everyone nobody who none neither".split()
)
# Pronouns behind a verb, and what only points at something that is not there.
OBJECT_PRONOUNS = frozenset(
    "it him her them me us you myself yourself ourselves themselves himself herself itself".split()
)
REFLEXIVE = frozenset("myself yourself ourselves".split())
POINTING = frozenset("this that these those what which who whom whatever it there here".split())

# Behind a verb, by what hangs on it.
PARTICLES = frozenset(("prt",))  # put *on*
OBJECTS = frozenset(("dobj", "attr", "oprd", "dative"))  # mended *the pump*, called me *a liar*
STATES = frozenset(("acomp",))  # got *fed up*
PREPOSITIONS = frozenset(("prep", "agent"))  # slept *in the barn*, was sent *by the foreman*
ADVERBIALS = frozenset(("advmod", "npadvmod"))  # walked *home*, worked *nights*
COMPLEMENTS = frozenset(("xcomp",))  # tried *to mend it*
CLAUSES = frozenset(("ccomp", "pcomp"))  # said *that it leaks*
CIRCUMSTANCES = frozenset(("advcl",))  # went *to see her*, prayed *if it rained*
FRONTED = frozenset(("dobj", "attr", "dative", "prep", "acomp"))  # *Him* I never asked
AUXILIARIES = frozenset(("aux", "auxpass"))
HANGING = frozenset(("DT", "TO", "IN", "CC", "MD", "PRP$", "WDT"))  # tags no code ends with

# What is no clause of its own, so that its verb gives no code.
NO_CLAUSE = frozenset("aux auxpass xcomp relcl amod compound csubj pcomp acl".split())
# What makes a verb a clause, and what belongs to a noun and stands before it.
SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "csubjpass", "expl"))
BEFORE_NOUN = frozenset(
    "det poss predet amod compound nummod quantmod nmod case punct advmod npadvmod neg".split()
)

# Adverbs that say when, how often or how surely, and no action.
HEDGES = frozenset(
    "just really very quite pretty actually basically literally definitely probably maybe "
    "perhaps totally absolutely obviously honestly certainly simply also too even still "
    "then now so well anyway though rather sort kind bit much more often usually sometimes "
    "mostly generally typically especially particularly specifically currently immediately "
    "normally necessarily anymore always there here either indeed first instead yet ever "
    "eventually like right though far quickly again personally somehow mind rightly "
    "nowadays today yesterday tomorrow".split()
)
# Verbs whose "me" the parser takes for the subject of what follows: asked me to wait.
ASKING = frozenset("ask tell allow force expect encourage teach invite".split())
# Adverbs and prepositions that a verb of motion needs.
DIRECTIONS = frozenset(
    "home back away out up down off forward in round around together apart over along through past "
    "ahead on across upstairs downstairs inside outside abroad alone".split()
)

# Nouns that say nothing without their "of".
RELATIONAL = frozenset(
    "top side end front middle bottom back edge lack notion bunch type form piece level "
    "variety range series majority half core set stripe amount".split()
)
# Words before a noun that only strengthen it.
STRENGTH = frozenset("really very just quite actually pretty like".split())
# Prepositions not taken up.
NOT_BEHIND = frozenset(
    "like than per if because while according unlike except besides versus via of whether".split()
)
# Prepositions that change what a verb means.
TOWARDS = frozenset(("off", "after", "over", "through", "against", "behind"))
# Verbs that say nothing without an object; without what it is about; that only have something.
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
# Verbs that say little by themselves, and those that only begin, go on with or end another.
THINKING = frozenset(
    "think know see hear want need like love hate feel understand remember recall realise "
    "realize find notice wonder expect wish hope prefer use do make take get put go come".split()
)
ASPECTS = frozenset("start begin continue keep end go use finish happen tend get come".split())
# Verbs that may lose "him" or "her".
BARE = frozenset("meet help leave join follow phone ring text call visit".split())
# Verbs whose "me" nothing is done to.
NOT_DONE_TO = frozenset(
    "let have get want like love make cost suit take need hate know think mean see bet feel strike "
    "remind say hope".split()
)
# Modal verbs that leave an action one's own.
UNABLE = frozenset(("can", "could", "ca"))  # with "not"
MODALS_KEPT = frozenset("will would 'll 'd can could ca wo".split())
# What "you" do in talk: you know, you see.
TALK = frozenset(
    "know see say ask mean want imagine think tell look remember notice guess hear like "
    "wish understand find get talk mention".split()
)
# States that say nothing by themselves.
FILLER_STATES = frozenset(
    "sure sorry honest okay ok fine good happy glad right wrong aware curious certain ready great "
    "bad nice able true interested used like familiar different big old new little".split()
)

# What keeps a clause from saying that something was done: see `refusals`.
SENTENCE_ENDS = frozenset((".", "!", "?", "…", "..."))
FIRST_PERSON = frozenset(("i", "we"))
NEGATIONS = frozenset("not n't nt never".split())
EMBEDDED = frozenset("ccomp xcomp acl pcomp csubj acomp attr oprd".split())
BARELY = frozenset(
    "almost nearly hardly barely scarcely rarely seldom practically virtually longer".split()
)
HABIT = frozenset(
    "always every each usually sometimes often used whenever mornings evenings nights days "
    "weekends sundays mondays fridays saturdays".split()
)
CONDITIONS = frozenset("if unless whether otherwise wish suppose imagine lest".split())
UNSURE = frozenset(
    "maybe perhaps possibly probably apparently supposedly allegedly presumably seemingly".split()
)
UNREAL = frozenset("if unless whether lest before like".split())
NOT_FACTS = frozenset(
    "wish imagine pretend suppose dream hope doubt deny expect fear worry pray bet".split()
)
# With "not": how, how much or how long it was done; and that it was done before, or in some case.
PARTLY = frozenset(
    "only just merely simply solely always often usually really quite exactly entirely completely "
    "fully totally necessarily yet much all mostly directly anymore more both".split()
)
AGAIN = frozenset("again anymore since".split())
ONLY_IF = frozenset("until till unless without except because before but".split())
GOING_ON = frozenset("keep continue end finish tend happen start begin carry".split())
# Who speaks or thinks, with what they say behind it.
SAYING = frozenset(
    "say tell claim shout write ask reply answer insist swear promise accuse warn complain yell "
    "text whisper announce explain report argue".split()
)
THINKING_THAT = frozenset(
    "think believe reckon know feel hear figure decide mean assume suggest notice see "
    "remember".split()
)
# What says too little behind "doing" or "using"; who is not there; and talk about the talk.
SOME = frozenset(
    "some any lot lots more most much several other different certain various few little bit "
    "something".split()
)
THIRD_PERSON = frozenset("it him her them they one ones itself".split())
TELLING = frozenset("tell talk mention explain describe say answer show give speak thank".split())
ABOUT_TALK = frozenset("mention say talk explain describe speak discuss".split())
RAMBLING = frozenset("ramble waffle digress witter".split())
RECALLING = frozenset("think remember recall say explain describe put answer express".split())
RECORDED = frozenset("recording recorder microphone transcript interviewer consent".split())
THREADS = frozenset("thread tangent".split())
TOPICS = frozenset("question interview topic subject point recording tape".split())
