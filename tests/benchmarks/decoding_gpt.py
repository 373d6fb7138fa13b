"""Decoding with a GPT: greedy of seqlib against generate of Hugging Face's GPT-2, with the same weights.

    python tests/benchmarks/decoding_gpt.py             ms for each new token: sizes, texts at once, lengths of prompts
    python tests/benchmarks/decoding_gpt.py --bars      the smallest of them; fail if seqlib is not BAR times as fast

Both read the same prompts of random ids and write so many new ids, always the most probable one, with a cache; they
have to write the same ones. Time is that of the processor, prompts included, on one thread unless it is said otherwise;
both take turns, and the median is taken.
"""

import argparse
import os
import sys
import time

import numpy as np
import torch
from timing import cpu, mean, medians

from seqlib.decoding import greedy
from seqlib.nn import from_gpt2

BAR = 1.5  # how many times as fast seqlib must be, in the mean over texts at once
V, NEW = 256, 48
SIZES = {"d 128": (128, 4, 4), "d 256": (256, 4, 4), "d 384": (384, 6, 6)}  # d_model, blocks, heads
TEXTS, PROMPTS = (1, 16), (1, 16, 64, 256)
QUICK = {"sizes": ("d 128", "d 256"), "prompts": (16,)}
OURS, THEIRS = "seqlib", "Hugging Face"


def networks(d, n_layers, n_heads, vocab_size=V, longest=1024):
    """Hugging Face's, with random weights, and seqlib's, with the same ones."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from transformers.models.gpt2.modeling_gpt2 import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    sizes = {"vocab_size": vocab_size, "n_embd": d, "n_layer": n_layers, "n_head": n_heads, "n_positions": longest}
    other = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=None, eos_token_id=None)).eval()
    return {OURS: from_gpt2(other), THEIRS: other}


def ways(nets, texts, length, new=NEW):
    """Name -> the function that writes `new` ids behind each of so many prompts: (texts, new)."""
    prompts = np.random.default_rng(0).integers(0, nets[OURS].n_out, (texts, length))
    x = torch.as_tensor(prompts)
    options = {"attention_mask": torch.ones_like(x), "max_new_tokens": new, "do_sample": False, "pad_token_id": 0}
    return {
        OURS: lambda: greedy(nets[OURS], list(prompts), max_length=new).ids,
        THEIRS: lambda: nets[THEIRS].generate(x, **options)[:, length:].numpy(),
    }


def measure(contending, least):
    """ms for each new id of each way, once both have written the same ones."""
    written = [way() for way in contending.values()]
    if not (written[0] == written[1]).mean() > 0.95:  # a tie may be broken by rounding
        raise ValueError("the two wrote other texts")
    times = medians(contending, 0, least=least, clock=time.process_time)
    return {name: ms / written[0].shape[1] for name, ms in times.items()}


def main():
    """Print the table; exit with 1 if the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bars", type=float, nargs="?", const=1.0, default=0.0, help="fail below so many times BAR")
    parser.add_argument("--least", type=int, default=5, help="repetitions")
    parser.add_argument("--rounds", type=int, default=3, help="tries to meet the bar")
    parser.add_argument("--threads", type=int, default=1, help="on which both compute")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(f"torch {torch.__version__}, {cpu()}, threads: {arguments.threads}, float32; ms for a new token")
    sizes, prompts = (QUICK["sizes"], QUICK["prompts"]) if arguments.bars else (SIZES, PROMPTS)
    missed = False
    for size in sizes:
        nets = networks(*SIZES[size])
        for length in prompts:
            contending = {texts: ways(nets, texts, length) for texts in TEXTS}
            for _ in range(arguments.rounds if arguments.bars else 1):
                ratios = []
                for texts, both in contending.items():
                    took = measure(both, arguments.least)
                    ratios.append(took[THEIRS] / took[OURS])
                    told = ", ".join(f"{name} {ms:.2f}" for name, ms in took.items())
                    print(f"{size}, {texts:2} texts, prompt {length:3}: {told}  × {ratios[-1]:.2f}", flush=True)
                if mean(ratios) >= arguments.bars * BAR:
                    break
            missed |= mean(ratios) < arguments.bars * BAR
    if arguments.bars:
        print(f"bar {arguments.bars * BAR:g}: {'missed' if missed else 'met'}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
