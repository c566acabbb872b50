"""What the matcher knows of English: contractions, fillers, stop words, question types and relation words.

Relation words are closed groups; the same name with another relation is another question ("who directed Her", "who
produced Her"). Grouping and its use as evidence follow the measurements in the project's notes on near misses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

__all__ = [
    "APOSTROPHE_FREE",
    "CONTRACTIONS",
    "FILLERS_AFTER",
    "FILLERS_BEFORE",
    "QUESTION_TYPES",
    "REACTIONS",
    "RELATIONS",
    "STOP_WORDS",
    "SUBJECT",
]

CONTRACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "won't": "will not", "can't": "can not", "shan't": "shall not", "ain't": "is not", "let's": "let us",
        "gonna": "going to", "wanna": "want to", "gotta": "got to", "kinda": "kind of", "sorta": "sort of",
        "dunno": "do not know", "y'all": "you all", "ppl": "people", "u": "you", "ur": "your", "r": "are",
        "pls": "please", "plz": "please", "abt": "about", "bc": "because", "cuz": "because", "tho": "though",
        "wat": "what", "wut": "what", "wot": "what", "wen": "when", "wich": "which", "hu": "who", "teh": "the",
        "thx": "thanks", "w": "with", "vid": "video", "vids": "videos", "doc": "documentary", "info": "information",
        "pic": "picture", "pics": "pictures", "convo": "conversation", "mins": "minutes", "yrs": "years",
    }
)  # fmt: skip

# Typed without the apostrophe; only those that are no words of their own ("were", "well", "its" stay).
APOSTROPHE_FREE: Mapping[str, str] = MappingProxyType(
    {
        "whats": "what is", "whos": "who is", "wheres": "where is", "whens": "when is", "hows": "how is",
        "whys": "why is", "thats": "that is", "theres": "there is", "didnt": "did not", "doesnt": "does not",
        "dont": "do not", "isnt": "is not", "wasnt": "was not", "werent": "were not", "arent": "are not",
        "hasnt": "has not", "havent": "have not", "hadnt": "had not", "wont": "will not", "cant": "can not",
        "couldnt": "could not", "wouldnt": "would not", "shouldnt": "should not", "im": "i am", "ive": "i have",
        "youre": "you are", "theyre": "they are", "hes": "he is", "shes": "she is",
    }
)  # fmt: skip

# Names keep their possessive as a plain 's; these take "is".
IS_AFTER = frozenset("what who where when how why that there here it he she".split())

_ADDRESS = r"(?:hi|hello|yo|ok|okay|so|um+|uh+|well|and|but|also|btw|by the way|anyway|right|look|listen)"
_POLITE = (
    r"(?:please|quick (?:one|question)|(?:one|a|another|dumb|stupid|silly|random|serious) (?:more )?question|"
    r"just (?:curious|wondering)|sorry(?: if [^,.:;!?]{0,60}?(?: but\b|(?=[,.:;!?])))?|excuse me|"
    r"folks|guys|everyone|all|herald|bot|team|mate|man|dude|"
    r"can (?:you|anyone|anybody|someone|somebody|u) "
    r"(?:please )?(?:tell|remind|explain to|explain|let) (?:me|us)(?: know)?|"
    r"could (?:you|anyone|anybody|someone|somebody) "
    r"(?:please )?(?:tell|remind|explain to|explain|let) (?:me|us)(?: know)?|"
    r"do(?:es)? (?:you|anyone|anybody|someone|any of you) (?:happen to )?(?:know|remember|recall)|"
    r"any(?:one|body) (?:know|remember)s?|i (?:was|am) (?:just )?(?:wondering|curious)(?: about)?|"
    r"i (?:want|would like|need|wanna) to (?:know|ask)|i forgot|remind me|tell me|any idea|any clue|"
    r"if i may ask|may i ask|good (?:morning|afternoon|evening|day)|i am new here|q(?=:)|help(?: me)?(?=[,.:;!])|"
    r"i have (?:a|one|another) (?:quick )?question|"
    r"(?:my|our) (?:\w+ )?\w+ (?:(?:wants|would like) to (?:know|ask)|asked me)|"
    r"(?:idk|not sure|no idea) (?:if|whether) [^,.:;!?]{0,40}?,? but|according to (?:the |these |both )?articles?)"
)
# What is said to the last answer before the next question; words of praise only where a mark parts them from it.
_REACTION = (
    r"(?:(?:ha){1,9}h?|lol|lmao|aw{1,9}|ah{1,9}|ooh?|oh|wow|huh|hm+|hey|wait|"
    r"(?:thanks|thank you|thx|ty|cheers|cool|nice|great|awesome|amazing|perfect|lovely|interesting|got it|gotcha|"
    r"i see|good to know|fair enough|nice one|no way)"
    r"(?: a lot| so much)?(?:,? (?:man|mate|dude|guys|herald|bot))?(?=\s*[,.:;!-])|"
    r"(?:(?:and|oh|ok),? )?(?:one )?(?:last|final|more|other|next) (?:one|thing|question)(?=\s*[,.:;!-]))"
)
REACTIONS = re.compile(rf"^(?:{_REACTION}(?:[\s,.:;!?-]+|$))+", re.I)
FILLERS_BEFORE = re.compile(rf"^(?:(?:{_REACTION}|{_ADDRESS}|{_POLITE})(?:[\s,.:;!?-]+|$))+", re.I)
# Begins where a run of marks does, and never goes back within it: "- - - - ..." would take its square.
FILLERS_AFTER = re.compile(
    r"(?:(?<![\s,.:;!?-])[\s,.:;!?-]++(?:please|thanks|thank you|thanks in advance|cheers|ty|thx|tia|anyone|anybody|"
    r"lol|lmao|haha+|fr|exactly|tho|though|then|again|right|exactly pls|by the way|btw|if you know|do you know|"
    r"does anyone know|any idea|any clue|help|just curious|i (?:forgot|(?:can|do) not (?:remember|recall))))+"
    r"[\s,.:;!?-]*$",
    re.I,
)

# What asks for anything at all on a subject is nothing beside its name; "tell me" and "do you know" are off already.
_ANYTHING = r"(?:something|anything|everything|all|more|some|any|a (?:bit|little)|stuff|things|the)"
_FACTS = r"(?:information|details?|facts?|background|trivia)"
SUBJECT = re.compile(
    rf"^(?:(?:(?:give|get|show|send) (?:me |us )?|got |have |is there |looking for |need )?"
    rf"(?:(?:{_ANYTHING} )*{_FACTS} (?:about|on|regarding)|(?:{_ANYTHING} )+(?:about|on|regarding)|about)|"
    r"what (?:do|can|could) (?:you|we) (?:know|have|say|tell (?:me|us))(?: (?:about|on|of))|"
    r"what is (?:known|there(?: to know)?|there to say) (?:about|on|of))\s+(?P<subject>.+)$|"
    rf"^(?P<named>(?:[\w.'&-]+ ){{0,3}}[\w.'&-]+) {_FACTS}$",
    re.I,
)

STOP_WORDS = frozenset(
    """a an the this that these those some any each both all no not nor only own same so than too very just also
    i me my mine we us our ours you your yours he him his she hers it its they them their theirs one ones
    am is are was were be been being do does did doing done have has had having can could will would shall should may
    might must ought of at by for with about against between into through during to from up down in out on off over
    under again further then once here there and but if or because as until while
    what which who whom whose when where why how get got go goes going went come came say says said tell told
    know think like really actually even still ever never please thing things stuff something anything someone anyone
    somebody anybody kind sort way bit lot many much more most other another such
    make made let us s t d ll m re ve im guy guys person people man woman
    """.split()
)

_TYPES = (
    ("how-many", r"\bhow many\b|\bnumber of\b|\bhow often\b"),
    ("how-much", r"\bhow much\b|\bcost\b|\bprice\b|\bhow expensive\b"),
    ("how-long", r"\bhow long\b|\bhow old\b|\bhow far\b|\bhow late\b|\bhow fast\b|\bhow quick"),
    ("when", r"\bwhen\b|\bwhat (?:year|date|day|month|time)\b|\bwhich (?:year|date|day|month)\b"),
    ("where", r"\bwhere\b|\bwhat (?:city|place|venue|country)\b|\bwhich (?:city|place|venue|country)\b"),
    ("why", r"\bwhy\b|\bhow come\b|\bwhat (?:is|was) the reason\b|\breason\b"),
    ("who", (r"\bwho\b|\bwhom\b|\bwhose\b|\bwhich (?:actor|actress|director|person|guy|filmmaker)\b|"
             r"\bwhat (?:actor|actress)\b")),
    ("which", r"\bwhich\b|\bwhat kind\b|\bwhat sort\b|\bwhat type\b"),
    ("say", r"\bwhat (?:did|does|do|was|is) .{1,40}\b(?:say|said|saying|call|called|answer|reply|think|tell)\b"),
    ("how", r"\bhow\b"),
    ("what", r"\bwhat\b"),
    ("yes-no", r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b"),
)  # fmt: skip
QUESTION_TYPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple((name, re.compile(p)) for name, p in _TYPES)

_RELATIONS = {
    "direct": "direct director directs directed directing helm helmed filmmaker",
    "act": "play plays played star stars starred starring role part act acted actor actress cast portray portrays",
    "voice": "voice voices voiced voicing vocal",
    "write": "write writes wrote written writer script screenplay author penned",
    "produce": "produce produced producer producers production produces",
    "finance": "finance financed financier fund funded funding bankroll bankrolled backer invest invested investor",
    "compose": "compose composed composer score soundtrack",
    "shoot": "cinematographer cinematography shot shoot photography lensed dp camera cameraman",
    "edit": "edit edited editor editing cut",
    "design": "design designer designed costume costumes sets",
    "pay": "pay paid salary earn earned earnings fee money cost price budget gross grossed worth rich expensive cheap"
    " dollars",
    "win": "win won award awards oscar prize nominated nomination nominations trophy",
    "born": "born birthday age old birth young",
    "die": "die died death dead passing passed killed",
    "family": "married marry wife husband kids children parents father mother dad mom brother sister girlfriend"
    " boyfriend dating",
    "live": "live lives lived grew hometown nationality country native",
    "first": "first debut earliest originally",
    "next": "next after following upcoming later sequel future follow",
    "last": "last latest final end ended finally previous recent newest",
    "before": "before prior earlier previously former",
    "exact": "exact exactly precise precisely specific specifically",
    "year": "year date day month century decade",
    "duration": "long minutes hours hour runtime length duration weeks months years",
    "count": "many number count amount total",
    "name": "name named called title titled surname",
    "own": "own owns owned owner founded founder founders belongs",
    "build": "built build builds invented inventor manufacturer manufactures brand company",
    "watch": "watch stream streaming netflix available online download dvd rent",
    "record": "recorded recording video footage transcript podcast filmed livestream",
    "rate": "rating rated reviews review critics tomatoes metacritic imdb",
    "attend": "attend attended attendance audience crowd tickets ticket seats sold",
    "wear": "wear wearing wore clothes dressed outfit shirt pants hat shoes",
    "meet": "meet met friends friend friendship know knew",
    "replace": "replace replaced replacement instead recast swapped swap",
    "like": "favorite favourite best love loved hate hated prefer worst",
    "sing": "song songs sing sings singing music tune track lyrics melody",
    "eat": "food eat ate drink menu dish served catering",
    "where-shot": "location locations filmed address street neighborhood",
    "school": "school studied study college university degree graduate trained",
    "advice": "advice tips recommend recommendation recommended",
}  # fmt: skip
RELATIONS: Mapping[str, frozenset[str]] = MappingProxyType({k: frozenset(v.split()) for k, v in _RELATIONS.items()})
