"""Byte-level byte-pair encoding as GPT-2 does it: the split pattern, the byte alphabet, the encoder.

Text is cut into pieces by SPLIT, each piece becomes UTF-8 bytes, each byte a printable stand-in
character (so that vocab.json and merges.txt are plain text), and merges are applied within a piece
in the order in which they were learnt.
"""

import json
import os

import regex

# GPT-2's pattern: contractions, then words, numbers and punctuation with the one space before them.
SPLIT = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")


def byte_alphabet():
    """The 256 stand-in characters, index = byte. Printable Latin-1 stands for itself; the other
    68 bytes take the code points from 256 up, in byte order."""
    printable = set(range(0x21, 0x7F)) | set(range(0xA1, 0xAD)) | set(range(0xAE, 0x100))
    alphabet, extra = [], 256
    for byte in range(256):
        if byte in printable:
            alphabet.append(chr(byte))
        else:
            alphabet.append(chr(extra))
            extra += 1
    return alphabet


def alphabet_order():
    """Bytes in the order of GPT-2's vocabulary: the printable ones first, then the rest."""
    alphabet = byte_alphabet()
    return [b for b in range(256) if ord(alphabet[b]) < 256] + [b for b in range(256) if ord(alphabet[b]) >= 256]


class ByteBpe:
    """Encodes and decodes with a hub-layout folder's vocab.json and merges.txt."""

    def __init__(self, folder):
        with open(os.path.join(folder, "vocab.json"), encoding="utf-8") as file:
            self.vocab = json.load(file)
        with open(os.path.join(folder, "merges.txt"), encoding="utf-8") as file:
            lines = [line.rstrip("\n") for line in file]
        merges = [tuple(line.split(" ")) for line in lines if line and not line.startswith("#version")]
        self.rank = {pair: rank for rank, pair in enumerate(merges)}
        self.alphabet = byte_alphabet()
        self.byte_of = {character: byte for byte, character in enumerate(self.alphabet)}
        self.token_of = {token_id: token for token, token_id in self.vocab.items()}
        self.special = {token for token in self.vocab if token.startswith("<|") and token.endswith("|>")}
        self.word_cache = {}

    def encode_piece(self, piece):
        """Ids of one piece of the split. English repeats its words, so results are kept."""
        known = self.word_cache.get(piece)
        if known is not None:
            return known
        symbols = [self.alphabet[byte] for byte in piece.encode("utf-8")]
        while len(symbols) > 1:
            ranks = [self.rank.get(pair, 1 << 30) for pair in zip(symbols, symbols[1:])]
            best = min(ranks)
            if best == 1 << 30:
                break
            merged, i = [], 0
            while i < len(symbols):  # merge every occurrence of this pair, left to right
                if i < len(ranks) and ranks[i] == best:
                    merged.append(symbols[i] + symbols[i + 1])
                    i += 2
                else:
                    merged.append(symbols[i])
                    i += 1
            symbols = merged
        ids = [self.vocab[symbol] for symbol in symbols]
        self.word_cache[piece] = ids
        return ids

    def encode(self, text):
        """Plain text to ids; special tokens spelt out in the text stay plain text."""
        ids = []
        for piece in SPLIT.findall(text):
            ids.extend(self.encode_piece(piece))
        return ids

    def decode(self, ids):
        data = bytearray()
        for token_id in ids:
            token = self.token_of[int(token_id)]
            if token in self.special:
                data.extend(token.encode("utf-8"))
            else:
                data.extend(self.byte_of[character] for character in token)
        return data.decode("utf-8", errors="replace")
