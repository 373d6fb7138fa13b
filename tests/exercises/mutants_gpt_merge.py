"""Bugs planted in the practice of chapter 15: one merge of BPE."""

FILE = "seqlib/exercises/gpt_merge.py"
TESTS = ["tests/exercises/test_gpt_merge.py"]
MUTANTS = {
    "once-more": (
        "            found[pair] += n\n    return found\n\n\ndef _once",
        "            found[pair] += n + 1\n    return found\n\n\ndef _once",
    ),
    "counted-without-weight": (
        "found[pair] += n * (len(word) - len(_join(word, pair, -1)))",
        "found[pair] += len(word) - len(_join(word, pair, -1))",
    ),
    "once-and-weightless": (
        "dict.fromkeys(pairwise(word)):\n            found[pair] += n",
        "dict.fromkeys(pairwise(word)):\n            found[pair] += 1",
    ),
    "second-of-them": ("return [*word[:i], new, *word[i + 2 :]]", "return [*word[:i], new, *word[i + 1 :]]"),
    "across-the-other-way": (
        "return Counter(pairwise(chain(*words)))",
        "return Counter(pairwise(chain(*words[::-1])))",
    ),
    "turned-words": ("lambda *given: _step()(*given)[1]", "lambda *given: _step()(*given)[1][::-1]"),
    "third-of-them-stays": (
        "            out.append(word[i])\n            i += 1\n    return out",
        "            out.append(word[i])\n            i += 1\n    return out if len(out) != 3 else out[:2]",
    ),
    "new-in-the-middle": ("out[i : i + 2] = [new, new]", "out[i : i + 2] = [new, new + 1]"),
    "lost-pair": ("lambda *given: _step()(*given)[0],", "lambda *given: _step()(*given)[0][::-1],"),
}
