"""Learns the byte-level BPE vocabulary: python3 train_bpe.py --out DIR [--data DIR] [--size 4096]

Pair counts are kept incrementally: a merge touches only the words that hold the pair, found through
an index, and the best pair comes off a heap whose stale entries are dropped as they surface.
"""

import argparse
import heapq
import time
from collections import Counter, defaultdict

from byte_bpe import SPLIT, alphabet_order, byte_alphabet
from corpora import DEFAULT_DATA, PRETRAIN, read_documents
from tokenizer_files import write_tokenizer

# <|start|>, <|delimiter|> and <|extract|> wait for GPT-1 style fine-tuning.
SPECIALS = ["<|endoftext|>", "<|start|>", "<|delimiter|>", "<|extract|>"]
# Megabytes of each text that the vocabulary is learnt from; stories and tales are read whole.
MEGABYTES = {"childrens-books": 8, "reviews": 12}


def count_words(data):
    words = Counter()
    for name, path in PRETRAIN.items():
        limit = MEGABYTES.get(name)
        for document in read_documents(data, path, limit and limit * 1_000_000):
            words.update(SPLIT.findall(document))
    return words


def learn_merges(words, how_many):
    alphabet = byte_alphabet()
    spelt = [[alphabet[byte] for byte in word.encode("utf-8")] for word in words]
    counts = list(words.values())
    pair_count, pair_words = Counter(), defaultdict(set)
    for index, symbols in enumerate(spelt):
        for pair in zip(symbols, symbols[1:]):
            pair_count[pair] += counts[index]
            pair_words[pair].add(index)
    # Ties go to the pair that sorts first, so that the result never depends on dictionary order.
    heap = [(-count, pair) for pair, count in pair_count.items()]
    heapq.heapify(heap)

    merges = []
    while len(merges) < how_many and heap:
        negative, pair = heapq.heappop(heap)
        if -negative != pair_count[pair]:  # stale: the count changed since it was pushed
            continue
        merges.append(pair)
        changed = set()
        for index in pair_words.pop(pair):
            symbols, count = spelt[index], counts[index]
            for old in zip(symbols, symbols[1:]):
                pair_count[old] -= count
                changed.add(old)
            symbols = spelt[index] = merge_pair(symbols, pair)
            for new in zip(symbols, symbols[1:]):
                pair_count[new] += count
                pair_words[new].add(index)
                changed.add(new)
        del pair_count[pair]
        changed.discard(pair)
        for other in changed:
            if pair_count[other] > 0:
                heapq.heappush(heap, (-pair_count[other], other))
    return merges


def merge_pair(symbols, pair):
    merged, i = [], 0
    while i < len(symbols):
        if i + 1 < len(symbols) and symbols[i] == pair[0] and symbols[i + 1] == pair[1]:
            merged.append(pair[0] + pair[1])
            i += 2
        else:
            merged.append(symbols[i])
            i += 1
    return merged


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=DEFAULT_DATA)
    parser.add_argument("--out", required=True, help="folder for the tokenizer's files")
    parser.add_argument("--size", type=int, default=4096, help="entries in all, special tokens included")
    parser.add_argument("--context", type=int, default=256, help="model_max_length to declare")
    options = parser.parse_args()

    began = time.time()
    words = count_words(options.data)
    print(f"{len(words)} different pieces after {time.time() - began:.0f} s", flush=True)
    merges = learn_merges(words, options.size - 256 - len(SPECIALS))
    alphabet = byte_alphabet()
    tokens = [alphabet[byte] for byte in alphabet_order()] + [a + b for a, b in merges] + SPECIALS
    vocab = {token: token_id for token_id, token in enumerate(tokens)}
    assert len(vocab) == options.size, "two merges spell the same token"
    write_tokenizer(options.out, vocab, merges, SPECIALS, SPECIALS[0], options.context)
    print(f"{len(vocab)} entries after {time.time() - began:.0f} s")


if __name__ == "__main__":
    main()
