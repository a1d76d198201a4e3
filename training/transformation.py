"""GPT-1's input transformation for one text: <|start|> text <|extract|>, cut to the context, in batches."""

import random

import torch

TRUNCATIONS = ("head", "tail", "both", "windows")


def transform(tokenizer, text, context, truncation="tail"):
    """Ids of start, text, extract. A text that is too long keeps its head, its tail, or half of each."""
    ids = tokenizer.encode(text)
    room = context - 2
    if len(ids) > room:
        head = {"head": room, "tail": 0, "both": -(-room // 2)}[truncation]
        ids = ids[:head] + ids[len(ids) - (room - head) :]
    return [tokenizer.vocab["<|start|>"], *ids, tokenizer.vocab["<|extract|>"]]


def sequences_of(tokenizer, text, context, truncation):
    """One such sequence, or with "windows" as many as the text needs, spread evenly, as gptlet does it."""
    if truncation != "windows":
        return [transform(tokenizer, text, context, truncation)]
    start, *ids, extract = transform(tokenizer, text, 10**9)
    room = context - 2
    count = max(1, -(-len(ids) // room))
    spare = max(0, len(ids) - room)
    begins = [int(i * spare / (count - 1) + 0.5) for i in range(count)] if count > 1 else [0]
    return [[start, *ids[at : at + room], extract] for at in begins]


def any_window(ids, context, random):
    """The same for ids that are already encoded: the head, the tail or any window between, each as likely."""
    start, *text, extract = ids
    spare = len(text) - (context - 2)
    at = random.choice((0, spare, random.randint(0, spare))) if spare > 0 else 0
    return [start, *text[at : at + context - 2], extract]


# Lengths are padded up to these: every new shape makes oneDNN compile and keep kernels, and a few hundred
# shapes exhausted what a process may map (std::bad_alloc). Short texts are many, so their steps are finer.
LENGTHS = [8, 16, 24, 32, 40, 48, 64, 96, 128, 160, 192, 224, 256]


def padded(length):
    return next((step for step in LENGTHS if step >= length), -(-length // 256) * 256)


def batches(examples, tokens, seed=None):
    """Lists of examples (ids, label) of one padded length, each list at most `tokens` ids when padded. With a
    seed, for training: in a random order, and what does not fill a list is left out, so that shapes stay few."""
    order = random.Random(seed)
    if seed is not None:
        examples = order.sample(examples, len(examples))
    by_length = {}
    for example in examples:
        by_length.setdefault(padded(len(example[0])), []).append(example)
    result = []
    for length, members in sorted(by_length.items()):
        rows = max(1, tokens // length)
        full = len(members) if seed is None else len(members) // rows * rows
        result += [members[at : at + rows] for at in range(0, full, rows)]
    if seed is not None:
        order.shuffle(result)
    return result


def collate(batch, device="cpu"):
    """-> ids (B,T) padded with 0 on the right, where a causal model cannot see it; lengths (B); labels (B)."""
    lengths = torch.tensor([len(ids) for ids, _ in batch])
    ids = torch.zeros(len(batch), padded(int(lengths.max())), dtype=torch.long)
    for row, (tokens, _) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
    return tuple(t.to(device) for t in (ids, lengths, torch.tensor([label for _, label in batch])))
