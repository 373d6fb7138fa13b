# Answers to the practice of chapter 12, the masked softmax, as students write them. See gradients.py for the form.

# right
def masked_softmax(scores, mask):
    weights = np.zeros(scores.shape)
    B, T, S = scores.shape
    for b in range(B):
        for t in range(T):
            allowed = mask[b, t]
            if allowed.any():
                e = np.exp(scores[b, t][allowed] - scores[b, t][allowed].max())
                weights[b, t][allowed] = e / e.sum()
    return weights

# right
def masked_softmax(scores, mask):
    e = np.where(mask, scores, -np.inf)
    e = np.exp(e - e.max(axis=-1, keepdims=True))
    return np.nan_to_num(e / e.sum(axis=-1, keepdims=True))

# right
def masked_softmax(scores, mask):
    e = torch.tensor(scores).masked_fill(~torch.tensor(mask), -torch.inf)
    return torch.softmax(e, -1).nan_to_num()

# right
def masked_softmax(scores, mask):
    e = torch.tensor(scores, dtype=torch.float32).masked_fill(~torch.tensor(mask), -1e9)
    return torch.softmax(e, -1) * torch.tensor(mask)

# right
def masked_softmax(scores, mask):
    rows = []
    for batch, allowed in zip(scores.tolist(), mask.tolist()):
        row = []
        for e, a in zip(batch, allowed):
            top = max((x for x, ok in zip(e, a) if ok), default=0)
            p = [math.exp(x - top) if ok else 0.0 for x, ok in zip(e, a)]
            row.append([x / sum(p) if any(a) else 0.0 for x in p])
        rows.append(row)
    return rows

# wrong: weights where nothing is allowed
def masked_softmax(scores, mask):
    e = np.where(mask, scores, -1e9)
    e = np.exp(e - e.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# wrong: weights where nothing is allowed
def masked_softmax(scores, mask):
    e = torch.tensor(scores)
    return torch.softmax(e.masked_fill(~torch.tensor(mask), torch.finfo(e.dtype).min), dim=-1)

# wrong: weights where nothing is allowed
def masked_softmax(scores, mask):
    e = scores + (1 - mask) * -1e9
    e = np.exp(e - e.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# wrong: NaN where nothing is allowed
def masked_softmax(scores, mask):
    e = torch.tensor(scores).masked_fill(~torch.tensor(mask), float("-inf"))
    return torch.softmax(e, dim=-1)

# wrong: NaN where nothing is allowed
def masked_softmax(scores, mask):
    e = np.where(mask, scores, -np.inf)
    e = np.exp(e - e.max(axis=2)[:, :, None])
    return e / e.sum(axis=2)[:, :, None]

# wrong: not renormalised
def masked_softmax(scores, mask):
    return torch.softmax(torch.tensor(scores), dim=-1) * torch.tensor(mask)

# wrong: not renormalised
def masked_softmax(scores, mask):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = e / e.sum(axis=-1, keepdims=True)
    weights[~mask] = 0
    return weights

# wrong: 0 under the mask
def masked_softmax(scores, mask):
    return torch.softmax(torch.tensor(scores * mask), dim=-1)

# wrong: mask turned over
def masked_softmax(scores, mask):
    return torch.softmax(torch.tensor(scores).masked_fill(torch.tensor(mask), -1e9), dim=-1)

# wrong: another axis
def masked_softmax(scores, mask):
    e = np.where(mask, scores, -1e9)
    e = np.exp(e - e.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# wrong: another axis
def masked_softmax(scores, mask):
    e = np.where(mask, np.exp(scores), 0)
    return e / e.sum()

# wrong: mask not used
def masked_softmax(scores, mask):
    return torch.softmax(torch.tensor(scores), dim=-1)

# wrong: overflow
def masked_softmax(scores, mask):
    e = np.where(mask, np.exp(scores), 0)
    total = e.sum(axis=-1, keepdims=True)
    return np.where(total > 0, e / total, 0)

# wrong: overflow
def masked_softmax(scores, mask):
    e = np.exp(np.where(mask, scores, -np.inf))
    return e / e.sum(axis=-1, keepdims=True)

# wrong: overflow
def masked_softmax(scores, mask):
    weights = np.zeros(scores.shape)
    for b in range(len(scores)):
        for t in range(scores.shape[1]):
            if mask[b, t].any():
                e = np.exp(scores[b, t][mask[b, t]])
                weights[b, t][mask[b, t]] = e / e.sum()
    return weights

# wrong: largest of all
def masked_softmax(scores, mask):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True)) * mask
    total = e.sum(axis=-1, keepdims=True)
    return e / np.where(total == 0, 1, total)

# wrong: no exponential
def masked_softmax(scores, mask):
    kept = scores * mask
    return np.nan_to_num(kept / kept.sum(-1, keepdims=True))

# wrong: not divided
def masked_softmax(scores, mask):
    return np.where(mask, np.exp(scores), 0)

# wrong: all alike
def masked_softmax(scores, mask):
    return mask / np.maximum(mask.sum(-1, keepdims=True), 1)

# wrong: logarithms
def masked_softmax(scores, mask):
    e = torch.tensor(scores).masked_fill(~torch.tensor(mask), -torch.inf)
    return torch.log_softmax(e, -1)

# wrong: mask too weak
def masked_softmax(scores, mask):
    return torch.softmax(torch.tensor(np.where(mask, scores, -100.0)), -1)

# wrong: changes-input
def masked_softmax(scores, mask):
    scores[~mask] = -np.inf
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.nan_to_num(e / e.sum(axis=-1, keepdims=True))

# wrong: exception
def masked_softmax(scores, mask):
    e = scores[mask]
    return e / e.sum(-1, keepdims=True).reshape(scores.shape)

# wrong: ?
def masked_softmax(scores, mask):
    e = np.where(mask, 2.0 ** (scores - np.where(mask, scores, -1e9).max(-1, keepdims=True)), 0)
    total = e.sum(-1, keepdims=True)
    return e / np.where(total == 0, 1, total)

# wrong: largest of all
def masked_softmax(scores, mask):
    e = np.where(mask, scores, -np.inf)
    e = np.exp(e - e.max())
    total = e.sum(axis=-1, keepdims=True)
    return np.divide(e, total, out=np.zeros_like(e), where=total > 0)

# wrong: smallest taken off
def masked_softmax(scores, mask):
    e = np.where(mask, np.exp(scores - scores.min(axis=-1, keepdims=True)), 0)
    return np.nan_to_num(e / e.sum(axis=-1, keepdims=True))

# wrong: overflow
def masked_softmax(scores, mask):
    e = np.exp(scores) * mask
    return e / (e.sum(axis=-1, keepdims=True) + 1e-9)

# wrong: sum swallowed
def masked_softmax(scores, mask):
    e = np.exp(scores - scores.max(-1, keepdims=True)) * mask
    return e / (e.sum(-1, keepdims=True) + 1e-9)

# wrong: sum swallowed
def masked_softmax(scores, mask):
    e = torch.exp(torch.tensor(scores) - torch.tensor(scores).amax(-1, keepdim=True)) * torch.tensor(mask)
    return e / e.sum(-1, keepdim=True).clamp(min=1e-8)

# wrong: mask too weak
def masked_softmax(scores, mask):
    e = np.where(mask, scores, -1000)
    e = np.exp(e - e.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) * mask

# wrong: ?
def masked_softmax(scores, mask):
    e = np.where(mask[:, :1], scores, -np.inf)
    e = np.exp(e - e.max(axis=-1, keepdims=True))
    return np.nan_to_num(e / e.sum(axis=-1, keepdims=True))
