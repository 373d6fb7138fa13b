# Answers to the practice of chapter 11, ranks, as students write them. See gradients.py for the form.

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

# wrong: numbered from 1
def rank(log_p, lengths, alpha):
    scores = np.array([sum(row[:n]) / n**alpha for row, n in zip(log_p, lengths)])
    return np.argsort(-scores) + 1

# wrong: places
def rank(log_p, lengths, alpha):
    scores = [sum(row[:n]) / n**alpha for row, n in zip(log_p, lengths)]
    return [sorted(scores, reverse=True).index(s) + 1 for s in scores]

# wrong: ?
def rank(log_p, lengths, alpha):
    scores = np.array([sum(row[:n]) / n**alpha for row, n in zip(log_p, lengths)])
    return np.argsort(-scores) - len(scores)

# wrong: another divisor
def rank(log_p, lengths, alpha):
    scores = [sum(row[:n]) / ((5 + n) / 6) ** alpha for row, n in zip(log_p, lengths)]
    return np.argsort(scores)[::-1]

# wrong: ?
def rank(log_p, lengths, alpha):
    scores = [sum(row[:n]) + alpha * n for row, n in zip(log_p, lengths)]
    return np.argsort(scores)[::-1]
