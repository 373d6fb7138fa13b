"""Planted bugs of tests/benchmarks/dates_heads.py."""

FILE = "tests/benchmarks/dates_heads.py"
TESTS = ["tests/benchmarks/test_dates_heads.py"]
MUTANTS = {
    "parts-swapped": (
        '(("decoder", "self_attn"), ("cross", "multihead_attn"))',
        '(("decoder", "multihead_attn"), ("cross", "self_attn"))',
    ),
    "rows-of-w": (
        "attention.out_proj.weight[:, head * attention.d_k : (head + 1) * attention.d_k] = 0",
        "attention.out_proj.weight[head * attention.d_k : (head + 1) * attention.d_k] = 0",
    ),
    "next-head": (
        "weight[:, head * attention.d_k : (head + 1) * attention.d_k]",
        "weight[:, (head + 1) * attention.d_k : (head + 2) * attention.d_k]",
    ),
    "never-switched-on": ("            attention.out_proj.weight.copy_(before)", "            pass"),
    "not-after-an-error": ("    finally:\n", "    except ZeroDivisionError:\n"),
    "no-eos": (
        "torch.tensor([[*task.source.encode(one.source), EOS]])",
        "torch.tensor([task.source.encode(one.source).tolist()])",
    ),
    "no-bos": (
        "torch.tensor([[BOS, *task.target.encode(one.target)]])",
        "torch.tensor([[*task.target.encode(one.target), EOS]])",
    ),
    "looks-ahead": ("causal=True, need_weights=True", "causal=False, need_weights=True"),
    "self-for-cross": ("part.cross[0].numpy() for k", "part.weights[0].numpy() for k"),
    "encoder-for-decoder": (
        "for k, part in enumerate(wrote, 1)}\n    return",
        "for k, part in enumerate(read, 1)}\n    return",
    ),
    "shares-for-percents": ("round(100 * float(w))", "round(float(w))"),
    "rounded-down": ("round(100 * float(w))", "int(100 * float(w))"),
    "any-form": ("if one.form == form and one.concept not in days", "if one.concept not in days"),
    "one-day": (" and one.concept not in days", ""),
    "no-end-of-the-source": ('"source": [*one.source, "<eos>"]', '"source": [*one.source]'),
    "links-of-possible-words": ("sorted(one.sure)", "sorted(one.possible)"),
    "every-sentence": ("task.sentences[::every]", "task.sentences[:1]"),
    "marks-too": ("for s, t in one.sure if one.roles[1][t]]", "for s, t in one.sure]"),
    "all-attentions": ('weights if name.startswith("cross") else []', "weights"),
    "smallest-weight": ("of_head.argmax(1)", "of_head.argmin(1)"),
    "links-transposed": ("looked[t] == s", "looked[s] == t"),
    "from-head-0": ("else [], 1):", "else []):"),
    "only-single-heads": ("range(n)]:\n", "[0]]:\n"),
    "nothing-for-something": (
        'found[f"{name}, {which}"] = scores(model)',
        'found[f"{name}, {which}"] = found["nothing"]',
    ),
}
