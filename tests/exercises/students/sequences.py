# Answers to the practice of chapter 1, as students write them. Each stands below a line that says how it is judged:
# "right", or "wrong: id" with the mistake that must be recognised, or "wrong: ?" if it is only refused.

# right
def entropy_nats(p):
    h = 0
    for x in p:
        if x > 0:
            h -= x * math.log(x)
    return h

# right
def entropy_nats(p):
    return -np.nansum(p * np.log(p))

# right
def entropy_nats(p):
    return np.where(p == 0, 0, -p * np.log(p)).sum()

# right
def entropy_nats(p):
    return -np.sum(p * np.log(p + 1e-10))

# right
def entropy_nats(p):
    q = torch.tensor(p, dtype=torch.float32)
    q = q[q > 0]
    return -(q * q.log()).sum()

# right
def entropy_nats(p):
    return torch.distributions.Categorical(torch.tensor(p)).entropy().item()

# wrong: nan
def entropy_nats(p):
    return -np.sum(p * np.log(p))

# wrong: nan
def entropy_nats(p):
    return p @ np.log(1 / p)

# wrong: bits
def entropy_nats(p):
    return -np.sum(p * np.log2(p))

# wrong: sign
def entropy_nats(p):
    p = p[p > 0]
    return np.sum(p * np.log(p))

# wrong: unweighted
def entropy_nats(p):
    total = 0
    for x in p:
        if x != 0:
            total -= np.log(x)
    return total

# wrong: mean
def entropy_nats(p):
    return -np.mean(p * np.log(p))

# wrong: not summed
def entropy_nats(p):
    p = p[p > 0]
    return -p * np.log(p)

# wrong: no-return
def entropy_nats(p):
    p = p[p > 0]
    print(-(p * np.log(p)).sum())

# wrong: exception
def entropy_nats(p):
    return -sum(x * math.log(x) for x in p)

# right
def perplexity(log_p, mask):
    return np.exp(-(log_p * mask).sum() / mask.sum())

# right
def perplexity(log_p, mask):
    total, n = 0, 0
    for b in range(log_p.shape[0]):
        for t in range(log_p.shape[1]):
            if mask[b, t]:
                total += log_p[b, t]
                n += 1
    return math.exp(-total / n)

# right
def perplexity(log_p, mask):
    probs = np.exp(log_p)[mask]
    return np.prod(probs) ** (-1 / len(probs))

# right
def perplexity(log_p, mask):
    log_p, mask = torch.tensor(log_p).float(), torch.tensor(mask)
    return torch.exp(-log_p[mask].mean()).item()

# wrong: no mask
def perplexity(log_p, mask):
    return np.exp(-np.mean(log_p))

# wrong: padding counts
def perplexity(log_p, mask):
    log_p = np.where(mask, log_p, 0)
    return np.exp(-log_p.mean())

# wrong: sum
def perplexity(log_p, mask):
    return np.exp(-np.sum(log_p[mask]))

# wrong: one a sentence
def perplexity(log_p, mask):
    n = mask.sum(axis=1)
    return np.exp(-(log_p * mask).sum(axis=1) / n)

# wrong: mean of sentences
def perplexity(log_p, mask):
    n = mask.sum(axis=1)
    return np.exp(-(log_p * mask).sum(axis=1) / n).mean()

# wrong: base 2
def perplexity(log_p, mask):
    cross_entropy = -log_p[mask].mean()
    return 2**cross_entropy

# wrong: sign
def perplexity(log_p, mask):
    return np.exp(np.mean(log_p[mask]))

# wrong: no exp
def perplexity(log_p, mask):
    return -log_p[mask].sum() / mask.sum()

# wrong: log twice
def perplexity(log_p, mask):
    return np.exp(-np.log(log_p[mask]).mean())

# wrong: ?
def perplexity(log_p, mask):
    return np.exp(-log_p[mask].mean()) / log_p.shape[1]

# right
def smoothed(counts, alpha):
    return (counts + alpha) / np.sum(counts + alpha)

# right
def smoothed(counts, alpha):
    V = len(counts)
    N = sum(counts)
    return [(c + alpha) / (N + alpha * V) for c in counts]

# right
def smoothed(counts, alpha):
    t = torch.tensor(counts, dtype=torch.float32) + alpha
    return t / t.sum()

# wrong: not smoothed
def smoothed(counts, alpha):
    return counts / counts.sum()

# wrong: denominator
def smoothed(counts, alpha):
    return (counts + alpha) / counts.sum()

# wrong: one alpha
def smoothed(counts, alpha):
    return (counts + alpha) / (np.sum(counts) + alpha)

# wrong: precedence
def smoothed(counts, alpha):
    return counts + alpha / (counts.sum() + alpha * len(counts))

# wrong: alpha below only
def smoothed(counts, alpha):
    return counts / (counts + alpha).sum()

# wrong: seen words
def smoothed(counts, alpha):
    V = np.count_nonzero(counts)
    return (counts + alpha) / (counts.sum() + alpha * V)

# wrong: changes-input
def smoothed(counts, alpha):
    counts += alpha
    return counts / counts.sum()

# wrong: exception
def smoothed(counts, alpha):
    return (counts + alpha) / (counts.sum(axis=1, keepdims=True) + alpha * counts.shape[1])

# right
def floor_and_chance(p_cue, p_answer):
    def H(q):
        return -sum(x * math.log(x) for x in q)

    C, A = p_answer.shape
    floor = sum(p_cue[i] * H(p_answer[i]) for i in range(C))
    overall = [sum(p_cue[i] * p_answer[i, j] for i in range(C)) for j in range(A)]
    return floor, H(overall)

# right
def floor_and_chance(p_cue, p_answer):
    joint = p_cue[:, None] * p_answer
    h_joint = -np.sum(joint * np.log(joint))
    h_cue = -np.sum(p_cue * np.log(p_cue))
    p = joint.sum(axis=0)
    return np.array([h_joint - h_cue, -np.sum(p * np.log(p))])

# right
def floor_and_chance(p_cue, p_answer):
    cue, answer = torch.tensor(p_cue), torch.tensor(p_answer)
    entropies = torch.distributions.Categorical(answer).entropy()
    return [cue @ entropies, torch.distributions.Categorical(cue @ answer).entropy()]

# wrong: plain mean
def floor_and_chance(p_cue, p_answer):
    h = -(p_answer * np.log(p_answer)).sum(axis=1)
    q = p_cue @ p_answer
    return h.mean(), -(q * np.log(q)).sum()

# wrong: cues alike
def floor_and_chance(p_cue, p_answer):
    floor = np.mean(-np.sum(p_answer * np.log(p_answer), axis=1))
    q = np.mean(p_answer, axis=0)
    return floor, -np.sum(q * np.log(q))

# wrong: wrong axis
def floor_and_chance(p_cue, p_answer):
    floor = (p_cue * -(p_answer * np.log(p_answer)).sum(axis=1)).sum()
    q = np.mean(p_answer, axis=1)
    return floor, -np.sum(q * np.log(q))

# wrong: uniform
def floor_and_chance(p_cue, p_answer):
    floor = -sum(p_cue[c] * np.sum(p_answer[c] * np.log(p_answer[c])) for c in range(len(p_cue)))
    return floor, np.log(p_answer.shape[1])

# wrong: joint
def floor_and_chance(p_cue, p_answer):
    joint = p_cue.reshape(-1, 1) * p_answer
    q = joint.sum(0)
    return -(joint * np.log(joint)).sum(), -(q * np.log(q)).sum()

# wrong: cue
def floor_and_chance(p_cue, p_answer):
    floor = -(p_cue @ (p_answer * np.log(p_answer))).sum()
    chance = -(p_cue * np.log(p_cue)).sum()
    return floor, chance

# wrong: bits
def floor_and_chance(p_cue, p_answer):
    q = p_cue @ p_answer
    return -(p_cue @ (p_answer * np.log2(p_answer))).sum(), -(q * np.log2(q)).sum()

# wrong: exchanged
def floor_and_chance(p_cue, p_answer):
    q = p_cue @ p_answer
    return -(q * np.log(q)).sum(), -(p_cue @ (p_answer * np.log(p_answer))).sum()

# wrong: no-return
def floor_and_chance(p_cue, p_answer):
    q = p_cue @ p_answer
    print("floor", -(p_cue @ (p_answer * np.log(p_answer))).sum(), "chance", -(q * np.log(q)).sum())
