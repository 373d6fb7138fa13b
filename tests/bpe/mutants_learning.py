"""Planted bugs of seqlib/bpe/learning.py."""

FILE = "seqlib/bpe/learning.py"
TESTS = ["tests/bpe/test_learning.py"]
MUTANTS = {
    "pieces-counted-once": ("found[pair] += times[i]", "found[pair] += 1"),
    "new-pairs-counted-once": ("found[after] += times[i]", "found[after] += 1"),
    "old-pairs-stay": ("found[before] -= times[i]", "pass"),
    "ties-to-the-larger-ids": (
        "        n, pair = heappop(heap)\n",
        "        n, pair = heappop(heap)\n        alike = [one for one in heap if one[0] == n]\n"
        "        n, pair = max([*alike, (n, pair)])\n",
    ),
    "rarer-pairs-lost": ("            if found[pair] > 0:\n                heappush(heap, (-found[pair], pair))\n", ""),
    "stale-counts": ("if -n != found[pair]:", "if found[pair] <= 0:"),
    "one-too-rare": ("if -n < min_count:", "if -n < min_count - 1:"),
    "min-count-itself-too-rare": ("if -n < min_count:", "if -n <= min_count:"),
    "min-count-one-by-default": ("min_count: int = 2", "min_count: int = 1"),
    "one-token-more": ("len(tokens) < size:", "len(tokens) <= size:"),
    "where-new-pairs-are-forgotten": ("where.setdefault(after, set()).add(i)", "where.setdefault(after, {i})"),
    "where-old-pairs-are-forgotten": ("where.setdefault(pair, set()).add(i)", "where.setdefault(pair, {i})"),
    "new-pairs-not-queued": ("new.add(after)", "pass"),
    "only-pairs-that-begin-with-it": ("if token in after:", "if token == after[0]:"),
    "runs-merged-from-the-right": (
        "    out: list[int] = []\n    i = 0\n    while",
        "    if pair[0] == pair[1] and len(row) > 2 and row[0] == row[1] == row[2] == pair[0]:\n"
        "        return [row[0], *_merged(row[1:], pair, new)]\n    out: list[int] = []\n    i = 0\n    while",
    ),
    "a-run-merged-once-too-often": ("i += 1 + both", "i += 1"),
    "first-of-a-piece-only": ("both = i + 1 < len(row) and", "both = new not in out and i + 1 < len(row) and"),
    "last-pair-left": ("i + 1 < len(row)", "i + 2 < len(row)"),
    "bytes-by-value": ("[of_byte[byte] for byte in piece]", "list(piece)"),
    "parts-swapped": ("merges.append((a, b))", "merges.append((b, a))"),
    "token-backwards": ("tokens.append(a + b)", "tokens.append(b + a)"),
    "negative-counts-pass": ("n, low=0)", "n)"),
    "strings-pass": ("if not isinstance(piece, bytes):", "if False:"),
}
