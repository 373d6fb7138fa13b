# Answers to the practice of chapter 11, the beam, as students write them. See gradients.py for the form.

# right
def beam_step(scores, log_p, finished, eos):
    candidates = []
    for k in range(len(scores)):
        if finished[k]:
            candidates.append((scores[k], k, eos))
        else:
            for v in range(log_p.shape[1]):
                candidates.append((scores[k] + log_p[k, v], k, v))
    best = sorted(candidates, reverse=True)[: len(scores)]
    return [c[1] for c in best], [c[2] for c in best], [c[0] for c in best]

# right
def beam_step(scores, log_p, finished, eos):
    log_p = torch.tensor(log_p)
    log_p[torch.tensor(finished)] = -torch.inf
    log_p[torch.tensor(finished), eos] = 0.0
    total = torch.tensor(scores)[:, None] + log_p
    values, flat = total.flatten().topk(len(scores))
    return flat // log_p.shape[1], flat % log_p.shape[1], values

# right
def beam_step(scores, log_p, finished, eos):
    stay = np.where(np.arange(log_p.shape[1]) == eos, 0.0, -1e9)
    total = scores[:, None] + np.where(finished[:, None], stay, log_p)
    flat = total.argsort(axis=None)[::-1][: len(scores)]
    parents, tokens = np.unravel_index(flat, total.shape)
    return parents, tokens, total[parents, tokens]

# wrong: finished ones go on
def beam_step(scores, log_p, finished, eos):
    total = torch.tensor(scores[:, None] + log_p)
    values, flat = total.flatten().topk(len(scores))
    return flat // total.shape[1], flat % total.shape[1], values

# wrong: finished ones dropped
def beam_step(scores, log_p, finished, eos):
    candidates = []
    for k in range(len(scores)):
        if finished[k]:
            continue
        for v in range(log_p.shape[1]):
            candidates.append((scores[k] + log_p[k, v], k, v))
    best = sorted(candidates, reverse=True)[: len(scores)]
    return [c[1] for c in best], [c[2] for c in best], [c[0] for c in best]

# wrong: finished ones stay V times
def beam_step(scores, log_p, finished, eos):
    total = scores[:, None] + log_p * ~finished[:, None]
    flat = np.argsort(-total.ravel())[: len(scores)]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat]

# wrong: finished ones pay
def beam_step(scores, log_p, finished, eos):
    total = scores[:, None] + log_p
    for k in range(len(scores)):
        for v in range(log_p.shape[1]):
            if finished[k] and v != eos:
                total[k, v] = -np.inf
    flat = np.argsort(total.ravel())[::-1][: len(scores)]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat]

# wrong: one for each
def beam_step(scores, log_p, finished, eos):
    tokens = np.where(finished, eos, log_p.argmax(axis=1))
    added = np.where(finished, 0, log_p.max(axis=1))
    return np.arange(len(scores)), tokens, scores + added

# wrong: one for each
def beam_step(scores, log_p, finished, eos):
    tokens = log_p.argmax(axis=1)
    return np.arange(len(scores)), tokens, scores + log_p.max(axis=1)

# wrong: scores so far left out
def beam_step(scores, log_p, finished, eos):
    flat = np.argsort(-log_p.ravel())[: len(scores)]
    return flat // log_p.shape[1], flat % log_p.shape[1], log_p.ravel()[flat]

# wrong: worst
def beam_step(scores, log_p, finished, eos):
    log_p = log_p.copy()
    log_p[finished] = -np.inf
    log_p[finished, eos] = 0
    total = scores[:, None] + log_p
    flat = np.argsort(total.ravel())[: len(scores)]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat]

# wrong: best last
def beam_step(scores, log_p, finished, eos):
    log_p = log_p.copy()
    log_p[finished] = -np.inf
    log_p[finished, eos] = 0
    total = scores[:, None] + log_p
    flat = np.argsort(total.ravel())[-len(scores) :]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat]

# wrong: not sorted
def beam_step(scores, log_p, finished, eos):
    log_p = log_p.copy()
    log_p[finished] = -np.inf
    log_p[finished, eos] = 0
    total = scores[:, None] + log_p
    least = np.sort(total.ravel())[-len(scores)]
    parents, tokens = np.where(total >= least)
    return parents, tokens, total[parents, tokens]

# wrong: divided by the width
def beam_step(scores, log_p, finished, eos):
    log_p = log_p.copy()
    log_p[finished] = -np.inf
    log_p[finished, eos] = 0
    total, K = (scores[:, None] + log_p).ravel(), len(scores)
    flat = np.argsort(-total)[:K]
    return flat // K, flat % K, total[flat]

# wrong: swapped
def beam_step(scores, log_p, finished, eos):
    log_p = log_p.copy()
    log_p[finished] = -np.inf
    log_p[finished, eos] = 0
    total = scores[:, None] + log_p
    flat = np.argsort(-total.ravel())[: len(scores)]
    return flat % total.shape[1], flat // total.shape[1], total.ravel()[flat]

# wrong: one by one
def beam_step(scores, log_p, finished, eos):
    candidates = [
        (k, v, scores[k] + (0 if finished[k] else log_p[k, v]))
        for k in range(len(scores))
        for v in range(log_p.shape[1])
        if not finished[k] or v == eos
    ]
    return sorted(candidates, key=lambda c: -c[2])[: len(scores)]

# wrong: multiplied
def beam_step(scores, log_p, finished, eos):
    total = scores[:, None] * log_p
    flat = np.argsort(-total.ravel())[: len(scores)]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat]

# wrong: changes-input
def beam_step(scores, log_p, finished, eos):
    log_p[finished] = -np.inf
    log_p[finished, eos] = 0
    total = scores[:, None] + log_p
    flat = np.argsort(-total.ravel())[: len(scores)]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat]

# wrong: exception
def beam_step(scores, log_p, finished, eos):
    total = scores + log_p
    flat = np.argsort(-total.ravel())[: len(scores)]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat]

# wrong: ?
def beam_step(scores, log_p, finished, eos):
    total = np.where(finished[:, None], -np.inf, scores[:, None] + log_p)
    total[finished, 0] = scores[finished]
    flat = np.argsort(-total.ravel())[: len(scores)]
    return flat // total.shape[1], flat % total.shape[1], total.ravel()[flat]

# right
def rank(log_p, lengths, alpha):
    scores = [row[:n].sum() / n**alpha for row, n in zip(log_p, lengths)]
    return sorted(range(len(scores)), key=lambda i: scores[i], reverse=True)

# right
def rank(log_p, lengths, alpha):
    mask = torch.arange(log_p.shape[1]) < torch.tensor(lengths)[:, None]
    scores = (torch.tensor(log_p) * mask).sum(1) / torch.tensor(lengths).float() ** alpha
    return scores.argsort(descending=True)

# right
def rank(log_p, lengths, alpha):
    upto = np.cumsum(log_p, axis=1)[np.arange(len(lengths)), lengths - 1]
    return np.argsort(np.log(-upto) - alpha * np.log(lengths))

# wrong: not normalised
def rank(log_p, lengths, alpha):
    scores = [sum(row[:n]) for row, n in zip(log_p, lengths)]
    return np.argsort(scores)[::-1]

# wrong: multiplied
def rank(log_p, lengths, alpha):
    scores = np.array([sum(row[:n]) * n**alpha for row, n in zip(log_p, lengths)])
    return np.argsort(-scores)

# wrong: worst first
def rank(log_p, lengths, alpha):
    scores = [sum(row[:n]) / n**alpha for row, n in zip(log_p, lengths)]
    return np.argsort(scores)

# wrong: alpha is 1
def rank(log_p, lengths, alpha):
    scores = np.array([row[:n].mean() for row, n in zip(log_p, lengths)])
    return np.argsort(-alpha * scores)

# wrong: padding counted
def rank(log_p, lengths, alpha):
    return np.argsort(-log_p.sum(axis=1) / lengths**alpha)

# wrong: probabilities
def rank(log_p, lengths, alpha):
    scores = np.array([np.exp(row[:n]).prod() / n**alpha for row, n in zip(log_p, lengths)])
    return np.argsort(-scores)

# wrong: places
def rank(log_p, lengths, alpha):
    scores = [sum(row[:n]) / n**alpha for row, n in zip(log_p, lengths)]
    return [sum(other > s for other in scores) for s in scores]

# wrong: scores
def rank(log_p, lengths, alpha):
    return [sum(row[:n]) / n**alpha for row, n in zip(log_p, lengths)]

# wrong: scores in order
def rank(log_p, lengths, alpha):
    return sorted([sum(row[:n]) / n**alpha for row, n in zip(log_p, lengths)], reverse=True)

# wrong: best alone
def rank(log_p, lengths, alpha):
    scores = [sum(row[:n]) / n**alpha for row, n in zip(log_p, lengths)]
    return scores.index(max(scores))

# wrong: last token left out
def rank(log_p, lengths, alpha):
    scores = [sum(row[: n - 1]) / (n - 1) ** alpha for row, n in zip(log_p, lengths)]
    return np.argsort(scores)[::-1]

# wrong: exception
def rank(log_p, lengths, alpha):
    return np.argsort(-log_p[lengths].sum(axis=1) / lengths**alpha)

# wrong: ?
def rank(log_p, lengths, alpha):
    scores = np.array([sum(row[:n]) / n**alpha for row, n in zip(log_p, lengths)])
    return np.argsort(-scores) + 1
