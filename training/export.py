"""Exports a pre-training checkpoint to the hub's layout:

python3 export.py --checkpoint WORK/base/last.pt --tokenizer WORK/tokenizer --out ../models/default
"""

import argparse
import os

import torch

from byte_bpe import ByteBpe
from hub_layout import copy_tokenizer, hub_config, hub_tensors
from safetensors_file import write_safetensors
from tokenizer_files import write_json


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--dtype", choices=["f16", "f32"], default="f16")
    parser.add_argument("--temperature", type=float, default=0.7)
    parser.add_argument("--top-p", type=float, default=0.9)
    options = parser.parse_args()

    checkpoint = torch.load(options.checkpoint, map_location="cpu")
    vocab = ByteBpe(options.tokenizer).vocab
    end_of_text = vocab["<|endoftext|>"]
    dtype = {"f16": torch.float16, "f32": torch.float32}[options.dtype]
    os.makedirs(options.out, exist_ok=True)
    write_safetensors(os.path.join(options.out, "model.safetensors"), hub_tensors(checkpoint["model"], dtype))
    write_json(options.out, "config.json", hub_config(checkpoint["config"], end_of_text, dtype))
    write_json(options.out, "generation_config.json", {
        "bos_token_id": end_of_text,
        # The tokens of the heads' inputs belong in no story either.
        "eos_token_id": [vocab[f"<|{name}|>"] for name in ("endoftext", "start", "delimiter", "extract")],
        "pad_token_id": end_of_text,
        "do_sample": True,
        "temperature": options.temperature,
        "top_p": options.top_p,
        # Without these two, 8 of 20 samples came back to eight tokens that they had written before.
        "repetition_penalty": 1.1,
        "no_repeat_ngram_size": 5,
    })
    copy_tokenizer(options.tokenizer, options.out)


if __name__ == "__main__":
    main()
