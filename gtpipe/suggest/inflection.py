"""English verb forms that codes are made of: the -ing form and the past participle, spelt from
the base form.

Spelling rules and their exceptions, which is all it takes; compared with what lemminflect 0.2.3
gives for the verbs among the 8,000 commonest words. A final l is doubled, as in British spelling.
"""

from __future__ import annotations

import re

# A last consonant is doubled behind one vowel: stop, stopping …
_ONE_SYLLABLE = re.compile(r"y?[^aeiouy]*(?:qu)?[aeiou][bdfgklmnprtvz]|gas")
# … and in longer verbs whose last syllable is stressed, or that double all the same.
_DOUBLED = re.compile(
    ".*(?:"
    + "|".join(
        (
            "(?:ad|com|per|sub|o|trans|e|re)mit",  # admitting
            "(?:for|be)get|(?:re|off|up|be|in|out)set|(?:baby|house|out)sit",  # forgetting
            "(?:for|under|out)go?t",
            "(?:pre|re|in|de|con|trans)fer|(?:oc|re|in|con)cur|deter|abhor",  # preferring
            "(?:con|pat|en)rol|(?:com|ex|pro|im|dis|re)pel|rebel|excel",  # controlling
            "(?:un|re|over|kid|entr|enw)(?:wrap|lap|nap|ap)|(?:handi|mad)cap",  # unwrapping
            "(?:un|de|re)(?:plug|bug|run|zip|pin|fit|cap)|underpin",  # unplugging
            "out(?:run|bid|fit|put|wit)|input|program|format",  # outwitting
            "begin|embed|forbid|fulfil|instal|regret|equip|acquit|zigzag|worship|hobnob",
            # As in British spelling: travelling.
            "(?:trav|canc|lab|mod|lev|fu|marv|quarr|couns|chann|tunn|shov|du|parc|swiv|unrav|funn"
            "|panel|bev|grov|ref|tow)el",
            "(?:sign|tot|riv|ped|di|equ|met|spir|cryst)al|(?:penc|sten|ev)il|(?:gamb|pist)ol",
        )
    )
    + ")"
)
_NOT_DOUBLED = frozenset(("metal", "evil", "crystal", "pistol"))
_KEEPS_E = frozenset(("singe", "tinge", "swinge", "dye", "eye", "be"))
_PARTICIPLES = dict(
    pair.split(":")
    for pair in """
arise:arisen awake:awoken be:been bear:borne beat:beaten become:become begin:begun bend:bent bet:bet
bid:bid bind:bound bite:bitten bleed:bled blow:blown break:broken breed:bred bring:brought
build:built burst:burst buy:bought cast:cast catch:caught choose:chosen cling:clung come:come
cost:cost creep:crept cut:cut deal:dealt dig:dug do:done draw:drawn drink:drunk drive:driven
eat:eaten fall:fallen feed:fed feel:felt fight:fought find:found flee:fled fly:flown
forbid:forbidden forget:forgotten forgive:forgiven freeze:frozen get:got give:given go:gone
grind:ground grow:grown hang:hung have:had hear:heard hide:hidden hit:hit hold:held hurt:hurt
keep:kept know:known lay:laid lead:led leave:left lend:lent let:let lie:lain light:lit lose:lost
make:made mean:meant meet:met mislead:misled mistake:mistaken misunderstand:misunderstood
overcome:overcome overhear:overheard oversee:overseen overtake:overtaken pay:paid put:put quit:quit
read:read ride:ridden ring:rung rise:risen run:run say:said see:seen seek:sought sell:sold send:sent
set:set shake:shaken shed:shed shoot:shot show:shown shut:shut sing:sung sink:sunk sit:sat
sleep:slept slide:slid speak:spoken spend:spent spin:spun split:split spread:spread stand:stood
steal:stolen stick:stuck sting:stung strike:struck swear:sworn sweep:swept swim:swum swing:swung
take:taken teach:taught tear:torn tell:told think:thought throw:thrown understand:understood
undo:undone upset:upset wake:woken wear:worn weep:wept win:won wind:wound withdraw:withdrawn
write:written
""".split()
)

UNCHANGED = frozenset(verb for verb, form in _PARTICIPLES.items() if verb == form)


def base(lemma: str, past: str) -> str:
    """The base form of a verb, put right where spaCy's lemmatizer misread its past form.

    >>> base("hop", "hoped"), base("hop", "hopped"), base("forgot", "forgot")
    ('hope', 'hop', 'forget')
    """
    if lemma == "forgot":
        return "forget"
    is_cut = past != participle(lemma) and past == participle(f"{lemma}e")
    return f"{lemma}e" if is_cut else lemma


def ing(verb: str) -> str:
    """The -ing form of a base form.

    >>> [ing(verb) for verb in ("lie", "have", "see", "stop", "travel", "visit", "panic")]
    ['lying', 'having', 'seeing', 'stopping', 'travelling', 'visiting', 'panicking']
    """
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and verb not in _KEEPS_E and not verb.endswith(("ee", "oe", "ye")):
        return f"{verb[:-1]}ing"
    return f"{_lengthened(verb)}ing"


def participle(verb: str) -> str:
    """The past participle of a base form.

    >>> [participle(verb) for verb in ("give", "move", "carry", "play", "stop", "offer")]
    ['given', 'moved', 'carried', 'played', 'stopped', 'offered']
    """
    if verb in _PARTICIPLES:
        return _PARTICIPLES[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2:-1] not in tuple("aeiou"):
        return f"{verb[:-1]}ied"
    return f"{_lengthened(verb)}ed"


def _lengthened(verb: str) -> str:
    """A verb as it stands before -ing and -ed: `panick` of `panic`."""
    if verb in _NOT_DOUBLED:
        return verb
    if verb.endswith(("panic", "mimic", "picnic", "traffic", "frolic")):
        return f"{verb}k"
    return verb + verb[-1] if _ONE_SYLLABLE.fullmatch(verb) or _DOUBLED.fullmatch(verb) else verb
