# Answers to the practice of chapter 11, the beam, as students write them. See gradients.py for the form.

# right
def beam_step(scores, log_p, eos, width):
    candidates = []
    for k in range(len(scores)):
        for v in range(log_p.shape[1]):
            candidates.append((scores[k] + log_p[k, v], k, v))
    best = sorted(candidates, reverse=True)[:width]
    return [c[1] for c in best], [c[2] for c in best], [c[0] for c in best], [c[2] == eos for c in best]

# right
def beam_step(scores, log_p, eos, width):
    total = torch.tensor(scores)[:, None] + torch.tensor(log_p)
    values, flat = total.flatten().topk(width)
    return flat // log_p.shape[1], flat % log_p.shape[1], values, flat % log_p.shape[1] == eos

# right
def beam_step(scores, log_p, eos, width):
    total = (scores + log_p.T).T
    flat = total.argsort(axis=None)[::-1][:width]
    parents, tokens = np.unravel_index(flat, total.shape)
    return parents, tokens, total[parents, tokens], tokens == eos

# right
def beam_step(scores, log_p, eos, width):
    p = np.exp(scores)[:, None] * np.exp(log_p)
    chosen = np.sort(p.ravel())[::-1][:width]
    where = [np.argwhere(p == x)[0] for x in chosen]
    return [k for k, _ in where], [v for _, v in where], np.log(chosen), np.array([v == eos for _, v in where])

# wrong: one for each
def beam_step(scores, log_p, eos, width):
    tokens = log_p.argmax(axis=1)
    total = scores + log_p.max(axis=1)
    best = np.argsort(-total)[:width]
    return best, tokens[best], total[best], tokens[best] == eos

# wrong: one for each
def beam_step(scores, log_p, eos, width):
    tokens = log_p.argmax(axis=1)
    total = scores + log_p.max(axis=1)
    return np.arange(len(scores))[:width], tokens[:width], total[:width], tokens[:width] == eos

# wrong: scores so far left out
def beam_step(scores, log_p, eos, width):
    flat = np.argsort(-log_p.ravel())[:width]
    tokens = flat % log_p.shape[1]
    return flat // log_p.shape[1], tokens, log_p.ravel()[flat], tokens == eos

# wrong: some of each
def beam_step(scores, log_p, eos, width):
    parents, tokens, total = [], [], []
    for k in range(len(scores)):
        for v in np.argsort(-log_p[k])[:width]:
            parents.append(k)
            tokens.append(v)
            total.append(scores[k] + log_p[k, v])
    return parents, tokens, total, np.array(tokens) == eos

# wrong: as many as before
def beam_step(scores, log_p, eos, width):
    K = len(scores)
    total = scores[:, None] + log_p
    flat = np.argsort(-total.ravel())[:K]
    tokens = flat % log_p.shape[1]
    return flat // log_p.shape[1], tokens, total.ravel()[flat], tokens == eos

# wrong: worst
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] + log_p
    flat = np.argsort(total.ravel())[:width]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat], flat % total.shape[1] == eos

# wrong: best last
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] + log_p
    flat = np.argsort(total.ravel())[-width:]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat], flat % total.shape[1] == eos

# wrong: not sorted
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] + log_p
    least = np.sort(total.ravel())[-width]
    parents, tokens = np.where(total >= least)
    return parents, tokens, total[parents, tokens], tokens == eos

# wrong: divided by another size
def beam_step(scores, log_p, eos, width):
    total = (scores[:, None] + log_p).ravel()
    flat = np.argsort(-total)[:width]
    return flat // width, flat % width, total[flat], flat % width == eos

# wrong: divided by another size
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] + log_p
    flat = np.argsort(-total.ravel())[:width]
    parents, tokens = np.divmod(flat, len(scores))
    return parents, tokens, total.ravel()[flat], tokens == eos

# wrong: swapped
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] + log_p
    flat = np.argsort(-total.ravel())[:width]
    tokens, parents = np.divmod(flat, total.shape[1])
    return parents, tokens, total.ravel()[flat], parents == eos

# wrong: one by one
def beam_step(scores, log_p, eos, width):
    candidates = [
        (k, v, scores[k] + log_p[k, v], v == eos) for k in range(len(scores)) for v in range(log_p.shape[1])
    ]
    return sorted(candidates, key=lambda c: -c[2])[:width]

# wrong: multiplied
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] * log_p
    flat = np.argsort(-total.ravel())[:width]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat], flat % total.shape[1] == eos

# wrong: end left out
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] + log_p
    total[:, eos] = -np.inf
    flat = np.argsort(-total.ravel())[:width]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat], flat % total.shape[1] == eos

# wrong: ends beside
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] + log_p
    out, kept = [], 0
    for i in np.argsort(-total.ravel()):
        k, v = divmod(i, total.shape[1])
        out.append((k, v, total[k, v], v == eos))
        kept += v != eos
        if kept == width:
            break
    return tuple(np.array(column) for column in zip(*out))

# wrong: ended as numbers
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] + log_p
    flat = np.argsort(-total.ravel())[:width]
    parents, tokens = flat // total.shape[1], flat % total.shape[1]
    return parents, tokens, total[parents, tokens], [i for i, v in enumerate(tokens) if v == eos]

# wrong: old scores
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] + log_p
    flat = np.argsort(-total.ravel())[:width]
    parents, tokens = flat // total.shape[1], flat % total.shape[1]
    return parents, tokens, scores[parents], tokens == eos

# wrong: exception
def beam_step(scores, log_p, eos, width):
    total = scores.reshape(width, 1) + log_p
    flat = np.argsort(-total.ravel())[:width]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat], flat % total.shape[1] == eos

# wrong: exception
def beam_step(scores, log_p, eos, width):
    total = scores.item() + log_p
    flat = np.argsort(-total.ravel())[:width]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat], flat % total.shape[1] == eos

# wrong: scores along the symbols
def beam_step(scores, log_p, eos, width):
    candidates = scores + log_p
    values, flat = torch.tensor(candidates).flatten().topk(width)
    parents, tokens = np.unravel_index(flat.numpy(), candidates.shape)
    return parents, tokens, values, tokens == eos

# wrong: best hypothesis alone
def beam_step(scores, log_p, eos, width):
    k = scores.argmax()
    tokens = np.argsort(-log_p[k])[:width]
    return np.full(width, k), tokens, scores[k] + log_p[k, tokens], tokens == eos

# wrong: best hypothesis alone
def beam_step(scores, log_p, eos, width):
    row = log_p[0] + max(scores)
    best = sorted(range(len(row)), key=lambda v: row[v], reverse=True)[:width]
    return [0] * width, best, [row[v] for v in best], [v == eos for v in best]

# wrong: scores along the symbols
def beam_step(scores, log_p, eos, width):
    total = scores + log_p
    flat = np.argsort(-total.ravel())[:width]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat], flat % total.shape[1] == eos

# wrong: ?
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] + log_p
    flat = np.argsort(-total.ravel())[:width]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat]

# wrong: ?
def beam_step(scores, log_p, eos, width):
    total = scores[:, None] + log_p
    flat = np.argsort(-total, axis=None)[:width]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat], flat == eos

# wrong: ?
def beam_step(scores, log_p, eos, width):
    p = np.exp(scores)[:, None] + np.exp(log_p)
    flat = np.argsort(-p.ravel())[:width]
    return flat // p.shape[1], flat % p.shape[1], np.log(p.ravel()[flat]), flat % p.shape[1] == eos
