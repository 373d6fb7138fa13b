# Less usual answers to the practice of chapter 1, written after its mistakes had been chosen. See sequences.py for the form.

# right
def entropy_nats(p):
    return float(sum(-pi * np.log(pi) for pi in p if pi))

# right
def perplexity(log_p, mask):
    return np.exp(np.average(-log_p, weights=mask))

# right
def smoothed(counts, alpha):
    return ((np.array(counts) + alpha) / (np.array(counts).sum() + len(counts) * alpha)).tolist()

# wrong: ?
def entropy_nats(p):
    return -np.sum(p * np.log10(p[p > 0]))

# wrong: ?
def entropy_nats(p):
    p = p + 1e-5
    return -np.sum(p * np.log(p))

# wrong: perplexity
def entropy_nats(p):
    return np.exp(-np.sum(p * np.log(p)))

# wrong: sum
def perplexity(log_p, mask):
    return np.exp(-np.mean(np.sum(log_p * mask, axis=1)))

# wrong: one a sentence
def perplexity(log_p, mask):
    return np.exp(-np.mean(log_p * mask, axis=1))

# wrong: mean of exp
def perplexity(log_p, mask):
    return 1 / np.mean(np.exp(log_p[mask]))

# wrong: ?
def smoothed(counts, alpha):
    return (counts + alpha) / (len(counts) + alpha * len(counts))

# wrong: one a word below
def smoothed(counts, alpha):
    return (counts + alpha) / (counts.sum() + len(counts))

# wrong: ?
def floor_and_chance(p_cue, p_answer):
    floor = -(p_answer * np.log(p_answer)).sum()
    chance = -(p_cue * np.log(p_cue)).sum()
    return floor, chance

# wrong: plain chance
def floor_and_chance(p_cue, p_answer):
    p = p_answer.mean(axis=0)
    return -(p_cue[:, None] * p_answer * np.log(p_answer)).sum(), -(p * np.log(p)).sum()

# wrong: ?
def floor_and_chance(p_cue, p_answer):
    p = p_cue @ p_answer
    return -(p_cue * (p_answer * np.log(p_answer)).sum(axis=1)), -(p * np.log(p)).sum()
