# Answers to the practice of chapter 10, language models, as students write them. See gradients.py for the form.

# right
def perplexity(log_p, mask):
    return np.exp(-np.sum(log_p * mask) / np.sum(mask))

# right
def perplexity(log_p, mask):
    total, n = 0.0, 0
    for row, keep in zip(log_p, mask):
        for value, real in zip(row, keep):
            if real:
                total += value / math.log(2)
                n += 1
    return 2 ** (-total / n)

# right
def perplexity(log_p, mask):
    return torch.exp(-torch.tensor(log_p)[torch.tensor(mask)].float().mean())

# wrong: padding counted
def perplexity(log_p, mask):
    return np.exp(-np.mean(log_p))

# wrong: padding as zeros
def perplexity(log_p, mask):
    return np.exp(np.mean(-log_p * mask))

# wrong: mean of exp
def perplexity(log_p, mask):
    return np.mean(1 / np.exp(log_p[mask]))

# wrong: mean of texts
def perplexity(log_p, mask):
    each = [np.exp(-row[keep].mean()) for row, keep in zip(log_p, mask)]
    return sum(each) / len(each)

# wrong: texts weighted alike
def perplexity(log_p, mask):
    losses = [-row[keep].mean() for row, keep in zip(log_p, mask)]
    return math.exp(np.mean(losses))

# wrong: nats
def perplexity(log_p, mask):
    return -(log_p * mask).sum() / mask.sum()

# wrong: base 2
def perplexity(log_p, mask):
    return 2 ** (-log_p[mask].mean())

# wrong: sign
def perplexity(log_p, mask):
    return np.exp(log_p[mask].mean())

# wrong: mask turned over
def perplexity(log_p, mask):
    return np.exp(-np.ma.array(log_p, mask=mask).mean())

# wrong: over texts
def perplexity(log_p, mask):
    return np.exp(np.mean([-row[keep].sum() for row, keep in zip(log_p, mask)]))

# wrong: bits
def perplexity(log_p, mask):
    return -np.log2(np.exp(log_p[mask])).mean()

# wrong: per place
def perplexity(log_p, mask):
    return np.exp(-(log_p * mask).sum(axis=0) / mask.sum(axis=0))

# wrong: mean of exp
def perplexity(log_p, mask):
    return np.exp(-log_p * mask).mean()

# wrong: base 2
def perplexity(log_p, mask):
    return 10 ** (-log_p[mask].mean())

# right
def perplexity(log_p, mask):
    return np.exp(-np.ma.array(log_p, mask=~mask).mean())

# right
def perplexity(log_p, mask):
    return np.exp(np.average(-log_p, weights=mask))

# wrong: ?
def perplexity(log_p, mask):
    return np.exp(np.median(-log_p[mask]))

# right
def temper(p, tau):
    logits = np.log(p) / tau
    e = np.exp(logits - logits.max())
    return e / e.sum()

# right
def temper(p, tau):
    return torch.softmax(torch.log(torch.tensor(p)) / tau, dim=0)

# right
def temper(p, tau):
    powers = [x ** (1 / tau) for x in p]
    return [x / sum(powers) for x in powers]

# wrong: the other way
def temper(p, tau):
    q = p**tau
    return q / q.sum()

# wrong: not normalised
def temper(p, tau):
    return np.exp(np.log(p) / tau)

# wrong: divided
def temper(p, tau):
    return p / tau

# wrong: nothing changes
def temper(p, tau):
    q = p / tau
    return q / q.sum()

# wrong: softmax of probabilities
def temper(p, tau):
    e = np.exp(p / tau)
    return e / e.sum()

# wrong: logits
def temper(p, tau):
    return np.log(p) / tau

# wrong: another base
def temper(p, tau):
    q = np.exp(np.log2(p) / tau)
    return q / q.sum()

# wrong: logarithms
def temper(p, tau):
    return torch.log_softmax(torch.log(torch.tensor(p)) / tau, dim=0)

# wrong: not normalised
def temper(p, tau):
    q = p ** (1 / tau)
    return q / q.max()

# wrong: divided
def temper(p, tau):
    return p * tau

# wrong: softmax of probabilities
def temper(p, tau):
    q = np.exp(p) / tau
    return q / q.sum()

# wrong: ?
def temper(p, tau):
    q = np.log(p) / tau
    return q / q.sum()
