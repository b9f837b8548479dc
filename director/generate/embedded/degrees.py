"""Words that say how much, that something is absent, or nothing at all; numbers of percent."""

from typing import Final

__all__ = ["LINKS", "NEGATIONS", "SILENT", "STRENGTHS", "share_of"]

STRENGTHS: Final[dict[str, float]] = {
    "very": 1.25, "extremely": 1.4, "super": 1.25, "really": 1.2, "so": 1.1, "incredibly": 1.4, "ultra": 1.4,
    "highly": 1.25, "totally": 1.2, "completely": 1.2, "deeply": 1.25, "heavily": 1.3, "strongly": 1.25,
    "intensely": 1.3, "heavy": 1.2, "thick": 1.2, "dense": 1.2, "strong": 1.2, "extreme": 1.3, "more": 1.15,
    "deep": 1.1, "total": 1.2, "utterly": 1.3, "slightly": 0.45, "slight": 0.45, "bit": 0.5, "little": 0.5,
    "touch": 0.4, "hint": 0.35, "somewhat": 0.6, "subtle": 0.45, "subtly": 0.45, "mildly": 0.5, "mild": 0.5,
    "faint": 0.4, "faintly": 0.4, "lightly": 0.5, "partially": 0.6, "partly": 0.6, "light": 0.55, "thin": 0.5,
    "less": 0.4, "rather": 0.85, "fairly": 0.85, "quite": 1.0, "almost": 0.8, "half": 0.6, "few": 0.5,
    "absolutely": 1.3, "fully": 1.2, "entirely": 1.2, "wholly": 1.2, "thoroughly": 1.25, "hugely": 1.35,
    "hyper": 1.35, "mega": 1.35, "insanely": 1.4, "terribly": 1.3, "awfully": 1.3, "exceedingly": 1.35,
    "exceptionally": 1.35, "overly": 1.3, "excessively": 1.4, "excessive": 1.4, "extra": 1.25, "too": 1.2,
    "massively": 1.35, "immensely": 1.35, "profoundly": 1.3, "severely": 1.3, "severe": 1.3, "utter": 1.3,
    "pretty": 0.95, "moderately": 0.7, "moderate": 0.7, "reasonably": 0.8, "relatively": 0.8, "nearly": 0.8,
    "mostly": 0.85, "largely": 0.85, "predominantly": 0.9, "vaguely": 0.4, "vague": 0.4, "barely": 0.25,
    "hardly": 0.2, "scarcely": 0.2, "marginally": 0.3, "minimally": 0.25, "tad": 0.35, "trace": 0.3,
    "traces": 0.3, "dash": 0.4, "pinch": 0.35, "whisper": 0.3, "suggestion": 0.35, "smidgen": 0.3,
    "delicately": 0.5, "gently": 0.6, "softly": 0.6, "loosely": 0.5, "sparsely": 0.4, "sparse": 0.4,
    "weak": 0.45, "weakly": 0.45, "sparingly": 0.4, "maximum": 1.4, "max": 1.4, "doubly": 1.4, "quietly": 0.6,
    "richly": 1.2, "densely": 1.3, "thickly": 1.3, "thinly": 0.5, "noticeably": 1.0, "unbelievably": 1.4,
    "ridiculously": 1.4, "seriously": 1.3, "particularly": 1.2, "especially": 1.2, "semi": 0.6,
    "quarter": 0.35, "increasingly": 1.0, "modestly": 0.6, "tinge": 0.35, "tinged": 0.5, "mere": 0.4,
}  # fmt: skip
_NEGATION_WORDS: Final = """
no not without never non minus isn't nor neither lacking lacks devoid sans zero aren't wasn't nothing none
excluding except don't doesn't cannot can't
"""
NEGATIONS: Final = frozenset(_NEGATION_WORDS.split())
# Words that tie others together: a grammar may look at them.
_LINK_WORDS: Final = """
and or with in of on at by from for like near behind under over beside between inside made covered wearing
wears dressed into against below above before after among through across around along clad beneath amid
amidst within outside upon underneath atop featuring bearing towards toward past beyond versus plus onto
"""
LINKS: Final = frozenset(_LINK_WORDS.split())
# Words that are understood and change nothing.
_SILENT_WORDS: Final = """
a an the to as is are was were be been being it its this that these those there here his her their my our
your some any all each every up down out onto during while when where which who what scene scenes shot shots
view image images frame look looks looking style styled styles mood atmosphere atmospheric feel feeling vibe
vibes tones tone palette time set setting background lit coloured colour colours hued tinted type kind kinds
piece pair material texture surface finish finished has have having i we you he she they very much many lots
lot plenty also just only but then than both one two three several full filled shade shades version sort
something thing things place period era century tall big large huge small tiny short long wide narrow low
high giant enormous little round square rectangular curved
if because since until till though although yet still even ever again once always often sometimes never
would could should will shall may might must can do does did done doing get gets got getting give gives given
giving gave make makes making go goes going gone went come comes coming came take takes taken taking put let
lets be keep keeps kept see sees seen seem seems seemed seeming appear appears appearing show shows showing
shown want wants please kindly need needs us me him them himself herself itself themselves myself ourselves
who's it's that's there's whose whom how why mine yours ours theirs someone somebody everyone everything
everywhere somewhere anywhere another other others same such own else too enough about per via off back front
left right middle center centre side sides top bottom part parts area areas bits every first last next
second seconds minute minutes four five six seven eight nine ten dozen hundred couple number amount degree
effect effects quality inspired reminiscent resembling depicting showing featuring called named known
camera lens angle closeup close-up wide-angle establishing exterior ext portrait landscape composition
foreground nice good great best beautiful lovely gorgeous amazing perfect real
way ways medium-sized sized size shape shaped form made-up bathed drenched dipped tinged toned strewn lined
laden wrapped choked cloaked swathed veiled draped scented swept
coated adorned clad filled flooded steeped drowned bound ridden stricken infused kissed washed dominated
"""
SILENT: Final = frozenset(_SILENT_WORDS.split())


def share_of(word: str) -> float | None:
    """0..2 of "40%"; None if the word is no percentage."""
    return min(int(word[:-1]) / 100.0, 2.0) if word.endswith("%") and word[:-1].isdigit() else None
