"""What sacreBLEU says of made-up sentences: python3 make-bleu-reference.py (sacrebleu 2.6.0), into bleu-reference.json"""

import json
import os
import random

from sacrebleu.metrics import BLEU
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a

WORDS = "the a cat dog sat on mat Mat ran 1,000 3.14 10-year well-known it's U.S. e.g. $5 50% naïve — « » … &amp; &quot;x&quot; &amp;lt; (a) [b] -- / \\ , . ! ? : ; - '".split(" ")
ODD = ["", " ", "a-\nb", "one\ntwo", "<skipped>", "100-200", "1.5.", ".5", "a,b", "1,b", "a,1", "~`|{}^_", "é.É,", "😀.😀", "A\u00a0B", "tab\there"]


def main():
    order = random.Random(0)
    sentence = lambda: " ".join(order.choice(WORDS) for _ in range(order.randint(0, 12)))
    tokens = [(text, Tokenizer13a()(text)) for text in ODD + [sentence() for _ in range(30)]]
    corpora = []
    for case in range(30):
        references = [sentence() for _ in range(order.randint(1, 6))]
        # From nearly the same to unlike.
        keep = case / 30
        hypotheses = [" ".join(w if order.random() < keep else order.choice(WORDS) for w in r.split(" ")) for r in references]
        if case % 3 == 0:
            hypotheses = [" ".join(h.split(" ")[: order.randint(0, 9)]) for h in hypotheses]
        corpora.append({"hypotheses": hypotheses, "references": references, "bleu": BLEU().corpus_score(hypotheses, [references]).score})
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "bleu-reference.json"), "w", encoding="utf-8") as file:
        json.dump({"tokens": tokens, "corpora": corpora}, file, ensure_ascii=False, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
