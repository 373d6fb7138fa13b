# Answers to the practice of chapter 10, language models, as students write them. See gradients.py for the form.

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
