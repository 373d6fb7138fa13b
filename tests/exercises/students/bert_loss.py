# Answers to the practice of chapter 14, the loss at the chosen words, as students write them. See gradients.py.

# right
def masked_loss(scores, words, chosen):
    total, n = 0.0, 0
    for b in range(len(scores)):
        for t in range(len(scores[b])):
            if chosen[b, t]:
                o = scores[b, t] - max(scores[b, t])
                total += math.log(sum(math.exp(v) for v in o)) - o[words[b, t]]
                n += 1
    return total / n

# right
def masked_loss(scores, words, chosen):
    o, y = scores[chosen], words[chosen]
    o = o - o.max(-1, keepdims=True)
    p = np.exp(o) / np.exp(o).sum(-1, keepdims=True)
    return -np.log(p[range(len(y)), y]).mean()

# right
def masked_loss(scores, words, chosen):
    norm = np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    picked = np.take_along_axis(scores - norm, words[..., None], -1).squeeze(-1)
    return -np.average(picked, weights=chosen)

# right
def masked_loss(scores, words, chosen):
    o = scores.astype(np.float32)
    o = o - o.max(axis=2, keepdims=True)
    logp = o - np.log(np.exp(o).sum(axis=2, keepdims=True))
    hot = np.eye(scores.shape[2], dtype=np.float32)[words]
    return -(logp * hot * chosen[:, :, None]).sum() / chosen.sum()

# right
def masked_loss(scores, words, chosen):
    b, t = np.nonzero(chosen)
    o = scores[b, t]
    return np.mean([np.log(np.exp(row - row[y]).sum()) for row, y in zip(o, words[b, t])])

# wrong: all positions
def masked_loss(scores, words, chosen):
    o = scores - scores.max(-1, keepdims=True)
    logp = o - np.log(np.exp(o).sum(-1, keepdims=True))
    return -np.take_along_axis(logp, words[..., None], -1).mean()

# wrong: divided by all
def masked_loss(scores, words, chosen):
    o = scores - scores.max(-1, keepdims=True)
    logp = o - np.log(np.exp(o).sum(-1, keepdims=True))
    losses = -np.take_along_axis(logp, words[..., None], -1)[..., 0]
    return np.where(chosen, losses, 0).mean()

# wrong: mean of means
def masked_loss(scores, words, chosen):
    means = []
    for o, y, c in zip(scores, words, chosen):
        if c.any():
            o, y = o[c] - o[c].max(-1, keepdims=True), y[c]
            means.append(np.mean(np.log(np.exp(o).sum(-1)) - o[range(len(y)), y]))
    return np.mean(means)

# wrong: mean of means
def masked_loss(scores, words, chosen):
    o = scores - scores.max(-1, keepdims=True)
    logp = o - np.log(np.exp(o).sum(-1, keepdims=True))
    losses = -np.take_along_axis(logp, words[..., None], -1)[..., 0] * chosen
    return (losses.sum(1) / chosen.sum(1)).mean()

# wrong: per text
def masked_loss(scores, words, chosen):
    o = scores - scores.max(-1, keepdims=True)
    logp = o - np.log(np.exp(o).sum(-1, keepdims=True))
    return -np.take_along_axis(logp, words[..., None], -1)[chosen].sum() / len(scores)

# wrong: sum
def masked_loss(scores, words, chosen):
    o = scores - scores.max(-1, keepdims=True)
    logp = o - np.log(np.exp(o).sum(-1, keepdims=True))
    return -np.take_along_axis(logp, words[..., None], -1)[chosen].sum()

# wrong: not added up
def masked_loss(scores, words, chosen):
    o = scores - scores.max(-1, keepdims=True)
    logp = o - np.log(np.exp(o).sum(-1, keepdims=True))
    return -np.take_along_axis(logp, words[..., None], -1)[..., 0][chosen]

# wrong: sign
def masked_loss(scores, words, chosen):
    o = scores - scores.max(-1, keepdims=True)
    logp = o - np.log(np.exp(o).sum(-1, keepdims=True))
    return np.take_along_axis(logp, words[..., None], -1)[chosen].mean()

# wrong: overflow
def masked_loss(scores, words, chosen):
    p = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    return -np.log(p[np.arange(len(p))[:, None], np.arange(p.shape[1]), words])[chosen].mean()

# wrong: overflow
def masked_loss(scores, words, chosen):
    o, y = scores[chosen], words[chosen]
    return np.mean(np.log(np.exp(o).sum(1)) - o[np.arange(len(y)), y])

# wrong: another axis
def masked_loss(scores, words, chosen):
    p = np.exp(scores - scores.max())
    p = p / p.sum()
    return -np.log(np.take_along_axis(p, words[..., None], -1)[..., 0])[chosen].mean()

# wrong: no softmax
def masked_loss(scores, words, chosen):
    return -np.take_along_axis(scores, words[..., None], -1)[..., 0][chosen].mean()

# wrong: no softmax
def masked_loss(scores, words, chosen):
    return -np.log(np.take_along_axis(scores, words[..., None], -1)[..., 0][chosen]).mean()

# wrong: probabilities
def masked_loss(scores, words, chosen):
    p = np.exp(scores - scores.max(-1, keepdims=True))
    p = p / p.sum(-1, keepdims=True)
    return 1 - np.take_along_axis(p, words[..., None], -1)[..., 0][chosen].mean()

# wrong: bits
def masked_loss(scores, words, chosen):
    p = np.exp(scores - scores.max(-1, keepdims=True))
    p = p / p.sum(-1, keepdims=True)
    return -np.log2(np.take_along_axis(p, words[..., None], -1)[..., 0][chosen]).mean()

# wrong: scores set to 0
def masked_loss(scores, words, chosen):
    o = scores * chosen[..., None]
    o = o - o.max(-1, keepdims=True)
    logp = o - np.log(np.exp(o).sum(-1, keepdims=True))
    return -np.take_along_axis(logp, words[..., None], -1).mean()

# wrong: ?
def masked_loss(scores, words, chosen):
    return (scores.argmax(-1) != words)[chosen].mean()

# wrong: ?
def masked_loss(scores, words, chosen):
    p = np.exp(scores - scores.max(-1, keepdims=True))
    p = p / p.sum(-1, keepdims=True)
    return -(p * np.log(p)).sum(-1)[chosen].mean()

# wrong: exception
def masked_loss(scores, words, chosen):
    o = scores[chosen]
    return -np.log(np.exp(o) / np.exp(o).sum(1))[words[chosen]].mean()
