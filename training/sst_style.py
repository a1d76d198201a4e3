"""Reviews written as SST-2 writes them: lower case, one sentence at a time, words and marks apart ("it 's", "do n't", "``").

SST-2 keeps the treebank's spelling, the unlabelled reviews do not: a body that has read only the latter meets
SST-2 as a foreign hand. The rules are the Penn Treebank's, as far as film reviews need them.
"""

import re

END = re.compile(r"""(?<=[.!?])["')\]]*\s+(?=["'(\[]?[A-Z0-9])|\s*\n+\s*|<br\s*/?>""")
RULES = [(re.compile(pattern), new) for pattern, new in [
    (r"[“”]", '"'), (r"[‘’`]", "'"), (r"[—–]", " -- "),
    (r'(^|[\s(\[])"', r"\1`` "), (r'"', " '' "),
    (r"(^|[\s(\[])'(?=\w)(?!(s|m|d|re|ve|ll|t|em|til|cause|n)\b)", r"\1` "),
    (r"\.\.\.+", " ... "), (r"--+", " -- "),
    (r",(?!\d)|(?<!\d),", " , "), (r":(?!\d)", " : "), (r"([;@#$%&?!/*])", r" \1 "), (r"([()\[\]{}])", r" \1 "),
    (r"([^.\s])\.(?=\s*[\"')\]`]*\s*$)", r"\1 . "), (r"(?<=\w)\.\s+(?=['`(])", " . "),
    (r"(\w)n't\b", r"\1 n't"), (r"(\w|\.)'(s|m|d|re|ve|ll)\b", r"\1 '\2"), (r"(\w)'(?=\s|$)", r"\1 '"),
    (r"\bcannot\b", "can not"), (r"\bgonna\b", "gon na"), (r"\bwanna\b", "wan na"), (r"\bgotta\b", "got ta"),
    (r"\s+", " "),
]]
BRACKETS = [("(", "-lrb-"), (")", "-rrb-"), ("[", "-lrb-"), ("]", "-rrb-")]


def sentences(text):
    """The sentences of a text, about: they end with a mark before a capital, or with the line."""
    return [part.strip() for part in END.split(text) if part and part.strip()]


def sst_style(sentence, named_brackets):
    """SST-2's sentences write -lrb- for a bracket (named_brackets), its phrases write the bracket."""
    text = sentence.lower()
    for pattern, new in RULES:
        text = pattern.sub(new, text)
    if named_brackets:
        for bracket, name in BRACKETS:
            text = text.replace(bracket, name)
    return text.strip()
