# Answers to the practice of chapter 10, language models, as students write them. See gradients.py for the form.

# right
def perplexity(log_p, mask):
    return np.exp(-np.sum(log_p * mask) / np.sum(mask))

# right
def perplexity(log_p, mask):
    total, n = 0.0, 0
    for row, keep in zip(log_p, mask):
        for value, real in zip(row, keep):
            if real:
                total += value / math.log(2)
                n += 1
    return 2 ** (-total / n)

# right
def perplexity(log_p, mask):
    return torch.exp(-torch.tensor(log_p)[torch.tensor(mask)].float().mean())

# wrong: padding counted
def perplexity(log_p, mask):
    return np.exp(-np.mean(log_p))

# wrong: padding as zeros
def perplexity(log_p, mask):
    return np.exp(np.mean(-log_p * mask))

# wrong: mean of exp
def perplexity(log_p, mask):
    return np.mean(1 / np.exp(log_p[mask]))

# wrong: mean of texts
def perplexity(log_p, mask):
    each = [np.exp(-row[keep].mean()) for row, keep in zip(log_p, mask)]
    return sum(each) / len(each)

# wrong: texts weighted alike
def perplexity(log_p, mask):
    losses = [-row[keep].mean() for row, keep in zip(log_p, mask)]
    return math.exp(np.mean(losses))

# wrong: nats
def perplexity(log_p, mask):
    return -(log_p * mask).sum() / mask.sum()

# wrong: base 2
def perplexity(log_p, mask):
    return 2 ** (-log_p[mask].mean())

# wrong: sign
def perplexity(log_p, mask):
    return np.exp(log_p[mask].mean())

# wrong: mask turned over
def perplexity(log_p, mask):
    return np.exp(-np.ma.array(log_p, mask=mask).mean())

# wrong: over texts
def perplexity(log_p, mask):
    return np.exp(np.mean([-row[keep].sum() for row, keep in zip(log_p, mask)]))

# wrong: bits
def perplexity(log_p, mask):
    return -np.log2(np.exp(log_p[mask])).mean()

# wrong: per place
def perplexity(log_p, mask):
    return np.exp(-(log_p * mask).sum(axis=0) / mask.sum(axis=0))

# wrong: mean of exp
def perplexity(log_p, mask):
    return np.exp(-log_p * mask).mean()

# wrong: base 2
def perplexity(log_p, mask):
    return 10 ** (-log_p[mask].mean())

# right
def perplexity(log_p, mask):
    return np.exp(-np.ma.array(log_p, mask=~mask).mean())

# right
def perplexity(log_p, mask):
    return np.exp(np.average(-log_p, weights=mask))

# wrong: ?
def perplexity(log_p, mask):
    return np.exp(np.median(-log_p[mask]))

# right
def temper(p, tau):
    logits = np.log(p) / tau
    e = np.exp(logits - logits.max())
    return e / e.sum()

# right
def temper(p, tau):
    return torch.softmax(torch.log(torch.tensor(p)) / tau, dim=0)

# right
def temper(p, tau):
    powers = [x ** (1 / tau) for x in p]
    return [x / sum(powers) for x in powers]

# wrong: the other way
def temper(p, tau):
    q = p**tau
    return q / q.sum()

# wrong: not normalised
def temper(p, tau):
    return np.exp(np.log(p) / tau)

# wrong: divided
def temper(p, tau):
    return p / tau

# wrong: nothing changes
def temper(p, tau):
    q = p / tau
    return q / q.sum()

# wrong: softmax of probabilities
def temper(p, tau):
    e = np.exp(p / tau)
    return e / e.sum()

# wrong: logits
def temper(p, tau):
    return np.log(p) / tau

# wrong: another base
def temper(p, tau):
    q = np.exp(np.log2(p) / tau)
    return q / q.sum()

# wrong: logarithms
def temper(p, tau):
    return torch.log_softmax(torch.log(torch.tensor(p)) / tau, dim=0)

# wrong: not normalised
def temper(p, tau):
    q = p ** (1 / tau)
    return q / q.max()

# wrong: divided
def temper(p, tau):
    return p * tau

# wrong: softmax of probabilities
def temper(p, tau):
    q = np.exp(p) / tau
    return q / q.sum()

# wrong: ?
def temper(p, tau):
    q = np.log(p) / tau
    return q / q.sum()

# right
def nucleus(p, mass):
    order = np.argsort(p)[::-1]
    out, total = np.zeros(len(p)), 0.0
    for i in order:
        out[i] = p[i]
        total += p[i]
        if total >= mass:
            break
    return out / total

# right
def nucleus(p, mass):
    values, ids = torch.sort(torch.tensor(p), descending=True)
    before = values.cumsum(0) - values
    values[before >= mass] = 0
    return torch.zeros_like(values).scatter(0, ids, values / values.sum())

# right
def nucleus(p, mass):
    better = np.array([sum(q for q in p if q > x) for x in p])
    kept = np.where(better < mass, p, 0)
    return kept / kept.sum()

# wrong: one too few
def nucleus(p, mass):
    order = np.argsort(-p)
    keep = order[np.cumsum(p[order]) <= mass]
    if len(keep) == 0:
        keep = order[:1]
    out = np.zeros_like(p)
    out[keep] = p[keep] / p[keep].sum()
    return out

# wrong: not normalised
def nucleus(p, mass):
    order = np.argsort(-p)
    before = np.cumsum(p[order]) - p[order]
    out = np.zeros_like(p)
    out[order[before < mass]] = p[order[before < mass]]
    return out

# wrong: in order of ids
def nucleus(p, mass):
    before = np.cumsum(p) - p
    kept = np.where(before < mass, p, 0)
    return kept / kept.sum()

# wrong: sorted
def nucleus(p, mass):
    q = np.sort(p)[::-1]
    q = np.where(np.cumsum(q) - q < mass, q, 0)
    return q / q.sum()

# wrong: divided by mass
def nucleus(p, mass):
    order = np.argsort(-p)
    k = np.searchsorted(np.cumsum(p[order]), mass) + 1
    out = np.zeros_like(p)
    out[order[:k]] = p[order[:k]] / mass
    return out

# wrong: ids
def nucleus(p, mass):
    order = np.argsort(-p)
    k = np.searchsorted(np.cumsum(p[order]), mass) + 1
    return np.sort(order[:k])

# wrong: one too few
def nucleus(p, mass):
    order = np.argsort(-p)
    keep = order[np.cumsum(p[order]) < mass]
    out = np.zeros_like(p)
    out[keep] = p[keep]
    return out / out.sum()

# wrong: one too few
def nucleus(p, mass):
    out, total = np.zeros(len(p)), 0
    for i in np.argsort(-p):
        if total + p[i] > mass:
            break
        total += p[i]
        out[i] = p[i]
    return out

# wrong: one too few
def nucleus(p, mass):
    values, ids = torch.tensor(p).sort(descending=True)
    values[values.cumsum(0) > mass] = 0
    return torch.zeros_like(values).scatter(0, ids, values) / values.sum()

# wrong: in order of ids
def nucleus(p, mass):
    q = np.where(np.cumsum(p) <= mass, p, 0)
    return q / q.sum()

# wrong: the kept ones alone
def nucleus(p, mass):
    order = np.argsort(-p)
    k = np.searchsorted(np.cumsum(p[order]), mass) + 1
    return p[order[:k]] / p[order[:k]].sum()

# wrong: ids
def nucleus(p, mass):
    kept, total = [], 0
    for i in np.argsort(-p):
        kept.append(i)
        total += p[i]
        if total >= mass:
            return np.array(kept)

# wrong: order mixed up
def nucleus(p, mass):
    order = np.argsort(-p)
    keep = np.cumsum(p[order]) - p[order] < mass
    q = np.where(keep, p, 0)
    return q / q.sum()

# wrong: order mixed up
def nucleus(p, mass):
    order = np.argsort(-p)
    q = p[order]
    q[np.cumsum(q) - q >= mass] = 0
    return (q / q.sum())[order]

# wrong: a threshold
def nucleus(p, mass):
    q = np.where(p >= mass, p, 0)
    return q / q.sum()

# wrong: top k
def nucleus(p, mass):
    out = np.zeros_like(p)
    top = np.argsort(-p)[: max(1, int(mass * len(p)))]
    out[top] = p[top]
    return out / out.sum()

# right
def nucleus(p, mass):
    order = np.argsort(p)
    q = np.where(np.cumsum(p[order]) <= 1 - mass, 0, p[order])
    out = np.zeros_like(p)
    out[order] = q
    return out / out.sum()

# wrong: ?
def nucleus(p, mass):
    kept = np.where(p > 0.2, p, 0)
    return kept / kept.sum()

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
