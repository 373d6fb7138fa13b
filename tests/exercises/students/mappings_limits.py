# Answers to the practice of chapter 9, as students write them. See gradients.py for the form.

# right
def learnt(P, n):
    weights = [p / length for p, length in zip(P, n)]
    return [w / sum(weights) for w in weights]

# right
def learnt(P, n):
    return P / n / np.sum(P / n)

# right
def learnt(P, n):
    return P / n * (1 / (P @ (1 / n)))

# right
def learnt(P, n):
    return torch.nn.functional.normalize(torch.tensor(P / n), p=1, dim=0)

# wrong: not divided
def learnt(P, n):
    return P / n

# wrong: the other way
def learnt(P, n):
    return P * n / np.sum(P * n)

# wrong: as it is
def learnt(P, n):
    return P / P.sum()

# wrong: softmax
def learnt(P, n):
    z = P / n
    return np.exp(z - z.max()) / np.exp(z - z.max()).sum()

# wrong: lengths alone
def learnt(P, n):
    return 1 / n / sum(1 / n)

# wrong: number of cases
def learnt(P, n):
    return P / n / len(P)

# wrong: ?
def learnt(P, n):
    return P - 1 / n

# right
def learnt(P, n):
    return torch.softmax(torch.log(torch.tensor(P)) - torch.log(torch.tensor(n)), 0)

# wrong: not divided
def learnt(P, n):
    weights = (1 / n) / (1 / n).sum()
    return P * weights

# wrong: the other way
def learnt(P, n):
    return P * n

# right
def late_word(P_k, H, d):
    late = sum(P_k[k] for k in range(d + 1, len(P_k)))
    words = sum((k + 1) * P_k[k] for k in range(len(P_k)))
    return late * H[d + 1] / words

# right
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return np.sum(P_k * (k > d)) * H[d + 1] / np.sum(P_k * (k + 1))

# right
def late_word(P_k, H, d):
    return (1 - P_k[: d + 1].sum()) * H[d + 1] / (1 + P_k @ np.arange(len(P_k)))

# wrong: just in time
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return P_k[k >= d].sum() * H[d + 1] / (P_k * (k + 1)).sum()

# wrong: one word less
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return P_k[k > d].sum() * H[d] / (P_k * (k + 1)).sum()

# wrong: per phrase
def late_word(P_k, H, d):
    return P_k[d + 1 :].sum() * H[d + 1]

# wrong: noun not counted
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return P_k[k > d].sum() * H[d + 1] / (P_k * k).sum()

# wrong: all adjectives
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return sum(P_k[j] * H[j] for j in k if j > d) / (P_k * (k + 1)).sum()

# wrong: counts alike
def late_word(P_k, H, d):
    k = np.arange(len(P_k))
    return P_k[k > d].sum() * H[d + 1] / (k + 1).mean()

# right
def late_word(P_k, H, d):
    return torch.tensor(P_k[d + 1 :]).sum() * H[d + 1] / (1 + P_k @ np.arange(len(P_k)))

# wrong: a delay less
def late_word(P_k, H, d):
    return P_k[d:].sum() * H[d] / (P_k @ np.arange(1, len(P_k) + 1))

# wrong: in time
def late_word(P_k, H, d):
    return P_k[: d + 1].sum() * H[d + 1] / (P_k @ np.arange(1, len(P_k) + 1))

# wrong: words of late phrases
def late_word(P_k, H, d):
    words = P_k * (np.arange(len(P_k)) + 1)
    return P_k[d + 1 :].sum() * H[d + 1] / words[d + 1 :].sum()

# wrong: words and delay
def late_word(P_k, H, d):
    return P_k[d + 1 :].sum() * H[d + 1] / (P_k @ (np.arange(len(P_k)) + 1 + d))
