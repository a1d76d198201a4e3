"""Encodes the pre-training texts into token files: python3 prepare_data.py --work DIR [--data DIR]

Each text becomes WORK/NAME.npy, uint16 ids with <|endoftext|> before every document and at the end.
The validation stories become WORK/valid.npy, and WORK/valid.json holds their size in bytes.
"""

import argparse
import json
import os
import time

import numpy as np

from byte_bpe import ByteBpe
from corpora import DEFAULT_DATA, PRETRAIN, VALID, read_documents


def encode_documents(tokenizer, documents):
    end_of_text = tokenizer.vocab["<|endoftext|>"]
    chunks = []
    for document in documents:
        chunks.append(np.array([end_of_text] + tokenizer.encode(document), dtype=np.uint16))
    chunks.append(np.array([end_of_text], dtype=np.uint16))
    return np.concatenate(chunks)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=DEFAULT_DATA)
    parser.add_argument("--work", required=True, help="folder for token files, outside the repository")
    parser.add_argument("--tokenizer", help="folder of the tokenizer; default WORK/tokenizer")
    parser.add_argument("--max-megabytes", type=int, help="read at most so much of each text")
    options = parser.parse_args()

    tokenizer = ByteBpe(options.tokenizer or os.path.join(options.work, "tokenizer"))
    valid = read_documents(options.data, VALID)
    ids = encode_documents(tokenizer, valid)
    np.save(os.path.join(options.work, "valid.npy"), ids)
    with open(os.path.join(options.work, "valid.json"), "w") as file:
        # The separators are predicted too, but only the text's own bytes are counted.
        json.dump({"documents": len(valid), "bytes": sum(len(d.encode("utf-8")) for d in valid)}, file)

    for name, path in PRETRAIN.items():
        began = time.time()
        limit = options.max_megabytes and options.max_megabytes * 1_000_000
        documents = read_documents(options.data, path, limit)
        ids = encode_documents(tokenizer, documents)
        np.save(os.path.join(options.work, f"{name}.npy"), ids)
        size = sum(len(d.encode("utf-8")) for d in documents)
        print(f"{name}: {len(documents)} documents, {len(ids)} tokens, {size / len(ids):.2f} bytes a token, "
              f"{time.time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
