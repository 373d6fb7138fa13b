# Answers to the practice of chapter 14, the gradient of a tied table, as students write them. See gradients.py.

# right
def tied_gradient(E, ids, dx, h, words, chosen):
    dE = np.zeros(E.shape)
    B, T = ids.shape
    n = chosen.sum()
    for b in range(B):
        for t in range(T):
            dE[ids[b, t]] += dx[b, t]
            if chosen[b, t]:
                o = E @ h[b, t]
                p = np.exp(o - o.max()) / np.exp(o - o.max()).sum()
                p[words[b, t]] -= 1
                dE += np.outer(p, h[b, t]) / n
    return dE

# right
def tied_gradient(E, ids, dx, h, words, chosen):
    h, y = h[chosen], words[chosen]
    o = h @ E.T
    do = np.exp(o - o.max(1, keepdims=True))
    do /= do.sum(1, keepdims=True)
    do[np.arange(len(y)), y] -= 1
    dE = do.T @ h / len(y)
    np.add.at(dE, ids, dx)
    return dE

# right
def tied_gradient(E, ids, dx, h, words, chosen):
    V = len(E)
    hot = np.eye(V)
    o = h @ E.T
    p = np.exp(o) / np.exp(o).sum(-1, keepdims=True)
    do = (p - hot[words]) * chosen[..., None] / chosen.sum()
    return np.tensordot(do, h, ((0, 1), (0, 1))) + np.tensordot(hot[ids], dx, ((0, 1), (0, 1)))

# right
def tied_gradient(E, ids, dx, h, words, chosen):
    def loss(E):
        o = h[chosen] @ E.T
        logp = o - np.log(np.exp(o).sum(1, keepdims=True))
        return -logp[np.arange(len(o)), words[chosen]].mean() + (E[ids] * dx).sum()

    dE = np.zeros(E.shape)
    for place in np.ndindex(E.shape):
        step = np.zeros(E.shape)
        step[place] = 1e-4
        dE[place] = (loss(E + step) - loss(E - step)) / 2e-4
    return dE

# right
def tied_gradient(E, ids, dx, h, words, chosen):
    E, dx, h = (a.astype(np.float32) for a in (E, dx, h))
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    p[range(len(p)), words[chosen]] -= 1
    entered = np.stack([np.bincount(ids.ravel(), d, len(E)) for d in dx.reshape(-1, E.shape[1]).T], 1)
    return (p.T @ h[chosen] / len(p) + entered).astype(np.float32)

# wrong: input alone
def tied_gradient(E, ids, dx, h, words, chosen):
    dE = np.zeros_like(E)
    np.add.at(dE, ids, dx)
    return dE

# wrong: output alone
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    p[np.arange(len(p)), words[chosen]] -= 1
    return p.T @ h[chosen] / len(p)

# wrong: repeated ids lost
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    p[np.arange(len(p)), words[chosen]] -= 1
    dE = p.T @ h[chosen] / len(p)
    dE[ids] += dx
    return dE

# wrong: repeated ids lost
def tied_gradient(E, ids, dx, h, words, chosen):
    dE = np.zeros(E.shape)
    dE[ids] = dx
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    p[np.arange(len(p)), words[chosen]] -= 1
    return dE + p.T @ h[chosen] / len(p)

# wrong: written over
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    p[np.arange(len(p)), words[chosen]] -= 1
    dE = p.T @ h[chosen] / len(p)
    dE[ids] = dx
    return dE

# wrong: input at chosen words
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    p[np.arange(len(p)), words[chosen]] -= 1
    dE = p.T @ h[chosen] / len(p)
    np.add.at(dE, ids[chosen], dx[chosen])
    return dE

# wrong: words for ids
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    p[np.arange(len(p)), words[chosen]] -= 1
    dE = p.T @ h[chosen] / len(p)
    np.add.at(dE, words, dx)
    return dE

# wrong: ids for words
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    p[np.arange(len(p)), ids[chosen]] -= 1
    dE = p.T @ h[chosen] / len(p)
    np.add.at(dE, ids, dx)
    return dE

# wrong: all positions
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h @ E.T
    p = np.exp(o) / np.exp(o).sum(-1, keepdims=True)
    do = (p - np.eye(len(E))[words]) / words.size
    dE = np.einsum("btv,btd->vd", do, h)
    np.add.at(dE, ids, dx)
    return dE

# wrong: divided by all
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h @ E.T
    p = np.exp(o) / np.exp(o).sum(-1, keepdims=True)
    do = (p - np.eye(len(E))[words]) * chosen[..., None] / words.size
    dE = np.einsum("btv,btd->vd", do, h)
    np.add.at(dE, ids, dx)
    return dE

# wrong: sum
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    p[np.arange(len(p)), words[chosen]] -= 1
    dE = p.T @ h[chosen]
    np.add.at(dE, ids, dx)
    return dE

# wrong: everything divided
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    p[np.arange(len(p)), words[chosen]] -= 1
    dE = p.T @ h[chosen]
    np.add.at(dE, ids, dx)
    return dE / chosen.sum()

# wrong: difference
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    dE = (np.eye(len(E))[words[chosen]] - p).T @ h[chosen] / len(p)
    np.add.at(dE, ids, dx)
    return dE

# wrong: no softmax
def tied_gradient(E, ids, dx, h, words, chosen):
    dE = np.zeros(E.shape)
    np.add.at(dE, words[chosen], -h[chosen] / chosen.sum())
    np.add.at(dE, ids, dx)
    return dE

# wrong: exception
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h[chosen] @ E
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    return p.T @ h[chosen]

# wrong: ?
def tied_gradient(E, ids, dx, h, words, chosen):
    o = h[chosen] @ E.T
    p = np.exp(o) / np.exp(o).sum(1, keepdims=True)
    p[np.arange(len(p)), words[chosen]] -= 1
    dE = p.T @ h[chosen] / len(p)
    np.subtract.at(dE, ids, dx)
    return dE
