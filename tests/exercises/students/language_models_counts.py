# Answers to the practice of chapter 10, language models, as students write them. See gradients.py for the form.

# right
def kneser_ney(counts, D, lower):
    total = counts.sum()
    kinds = np.count_nonzero(counts)
    return np.clip(counts - D, 0, None) / total + D * kinds / total * lower

# right
def kneser_ney(counts, D, lower):
    c = torch.tensor(counts).double()
    return torch.relu(c - D) / c.sum() + D * (c > 0).sum() / c.sum() * torch.tensor(lower)

# right
def kneser_ney(counts, D, lower):
    total = sum(counts)
    out = [max(c - D, 0) / total for c in counts]
    left = 1 - sum(out)
    return [p + left * q for p, q in zip(out, lower)]

# wrong: below zero
def kneser_ney(counts, D, lower):
    return (counts - D) / counts.sum() + D * np.count_nonzero(counts) / counts.sum() * lower

# wrong: no lower order
def kneser_ney(counts, D, lower):
    return np.maximum(counts - D, 0) / counts.sum()

# wrong: one type
def kneser_ney(counts, D, lower):
    return np.maximum(counts - D, 0) / counts.sum() + D / counts.sum() * lower

# wrong: only if unseen
def kneser_ney(counts, D, lower):
    out = (counts - D) / counts.sum()
    gamma = D * np.count_nonzero(counts) / counts.sum()
    for i in range(len(counts)):
        if counts[i] == 0:
            out[i] = gamma * lower[i]
    return out

# wrong: plain mixture
def kneser_ney(counts, D, lower):
    return (1 - D) * counts / counts.sum() + D * lower

# wrong: not normalised
def kneser_ney(counts, D, lower):
    return np.maximum(counts - D, 0) + D * np.count_nonzero(counts) * lower

# wrong: not normalised
def kneser_ney(counts, D, lower):
    return np.maximum(counts - D, 0) / counts.sum() + D * np.count_nonzero(counts) * lower

# wrong: renormalised
def kneser_ney(counts, D, lower):
    q = np.maximum(counts - D, 0) + D * lower
    return q / q.sum()

# wrong: types that never came
def kneser_ney(counts, D, lower):
    return (np.maximum(counts - D, 0) + D * np.sum(counts == 0) * lower) / counts.sum()

# wrong: different counts
def kneser_ney(counts, D, lower):
    return (np.maximum(counts - D, 0) + D * len(set(counts)) * lower) / counts.sum()

# wrong: not summed
def kneser_ney(counts, D, lower):
    return (np.maximum(counts - D, 0) + D * (counts > 0) * lower) / counts.sum()

# wrong: whole numbers
def kneser_ney(counts, D, lower):
    kept = counts.copy()
    for i in range(len(kept)):
        kept[i] = max(kept[i] - D, 0)
    return (kept + D * np.count_nonzero(counts) * lower) / counts.sum()

# wrong: whole numbers
def kneser_ney(counts, D, lower):
    out = np.zeros_like(counts)
    for i in range(len(out)):
        out[i] = (max(counts[i] - D, 0) + D * np.count_nonzero(counts) * lower[i]) / counts.sum()
    return out

# wrong: np.max
def kneser_ney(counts, D, lower):
    return (np.max(counts - D, 0) + D * np.count_nonzero(counts) * lower) / counts.sum()

# wrong: plain mixture
def kneser_ney(counts, D, lower):
    return np.maximum(counts - D, 0) / counts.sum() + D * lower

# wrong: ?
def kneser_ney(counts, D, lower):
    return (counts + D) / (counts.sum() + D * len(counts))

# right
def continuation(pairs):
    kinds = np.count_nonzero(pairs, axis=0)
    return kinds / kinds.sum()

# right
def continuation(pairs):
    seen = (torch.tensor(pairs) > 0).double()
    return seen.sum(0) / seen.sum()

# right
def continuation(pairs):
    V = len(pairs)
    kinds = [len([u for u in range(V) if pairs[u][w]]) for w in range(V)]
    return [k / sum(kinds) for k in kinds]

# wrong: counts
def continuation(pairs):
    return pairs.sum(axis=0) / pairs.sum()

# wrong: rows
def continuation(pairs):
    kinds = np.count_nonzero(pairs, axis=1)
    return kinds / kinds.sum()

# wrong: not normalised
def continuation(pairs):
    return np.count_nonzero(pairs, axis=0)

# wrong: share of symbols
def continuation(pairs):
    return np.count_nonzero(pairs, axis=0) / len(pairs)

# wrong: over all pairs seen
def continuation(pairs):
    return np.count_nonzero(pairs, axis=0) / pairs.sum()

# wrong: counts
def continuation(pairs):
    return pairs.sum(axis=0)

# wrong: rows
def continuation(pairs):
    return [np.count_nonzero(row) for row in pairs]

# wrong: share of symbols
def continuation(pairs):
    return np.count_nonzero(pairs, axis=0) / pairs.size

# wrong: once
def continuation(pairs):
    kinds = (pairs > 1).sum(axis=0)
    return kinds / kinds.sum()

# wrong: different counts
def continuation(pairs):
    kinds = np.array([len(set(column)) for column in pairs.T])
    return kinds / kinds.sum()

# wrong: not after itself
def continuation(pairs):
    others = pairs.copy()
    np.fill_diagonal(others, 0)
    kinds = np.count_nonzero(others, axis=0)
    return kinds / kinds.sum()

# wrong: ?
def continuation(pairs):
    kinds = np.count_nonzero(pairs, axis=0)
    return np.exp(kinds) / np.exp(kinds).sum()
