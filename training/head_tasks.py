"""Small tasks for heads, one for each of GPT-1's input transformations and more: what they read, and how.

An example is (sequences, target): the texts of each pass through the model, and a label's number, a score
or the right answer's index. dev is for reporting only.
"""

import json
import os
from dataclasses import dataclass
from typing import Callable

from tasks import read_lines


@dataclass
class Task:
    labels: list
    load: Callable  # data folder -> (train, dev)
    kind: str = "classify"  # or "similarity": logits of both orders added, a regression; "choose": softmax over passes


def cola(data):
    def read(name):
        rows = (line.split("\t") for line in read_lines(data, f"cola/{name}.tsv") if line)
        return [([(sentence,)], int(label)) for _, label, _, sentence in rows]

    return read("in_domain_train"), read("in_domain_dev")


def trec(data):
    """No dev file exists: every eleventh question is kept out."""
    lines = read_lines(data, "trec/train.txt", "latin-1")
    examples = [([(line[2:].strip(),)], int(line[0])) for line in lines if line]
    return [e for i, e in enumerate(examples) if i % 11], examples[::11]


ENTAILMENT = ["ENTAILMENT", "NEUTRAL", "CONTRADICTION"]


def sick(example):
    def load(data):
        def read(name):
            rows = (line.split("\t") for line in read_lines(data, f"sick/{name}.txt")[1:] if line.strip())
            return [example(a, b, float(score), judgment.strip()) for _, a, b, score, judgment in rows]

        return read("train"), read("trial")

    return load


def arc_easy(data):
    def read(name):
        with open(os.path.join(data, "finetune", f"arc-easy-{name}.jsonl"), encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        return [([(row["question"], answer) for answer in row["choices"]], row["answer"]) for row in rows]

    return read("train"), read("dev")


TASKS = {
    "cola": Task(["unacceptable", "acceptable"], cola),
    "trec": Task(["description", "entity", "abbreviation", "human", "location", "number"], trec),
    "sick-entailment": Task(ENTAILMENT, sick(lambda a, b, score, judgment: ([(a, b)], ENTAILMENT.index(judgment)))),
    "sick-relatedness": Task(["relatedness"], sick(lambda a, b, score, judgment: ([(a, b), (b, a)], score)), "similarity"),
    "arc-easy": Task(["fits"], arc_easy, "choose"),
}
