# Answers to the practice of chapter 14, the guess at a hole, as students write them. See gradients.py for the form.

# right
def guess_hole(prior, tables, x, t):
    logs = np.log(prior)
    for s in range(len(x)):
        if s != t:
            logs = logs + np.log(tables[:, x[s]])
    belief = np.exp(logs - np.max(logs))
    belief /= belief.sum()
    return belief, belief @ tables

# right
def guess_hole(prior, tables, x, t):
    others = np.concatenate([x[:t], x[t + 1 :]])
    counts = np.bincount(others, minlength=tables.shape[1])
    logs = np.log(prior) + (np.log(tables + 1e-300) * counts).sum(1)
    belief = np.exp(logs - np.logaddexp.reduce(logs))
    return belief.tolist(), (belief[:, None] * tables).sum(0).tolist()

# right
def guess_hole(prior, tables, x, t):
    belief = np.array(prior, dtype=float)
    for s, word in enumerate(x):
        if s == t:
            continue
        belief = belief * tables[:, word]
        belief = belief / belief.sum()
    return belief, np.einsum("z,zv->v", belief, tables)

# right
def guess_hole(prior, tables, x, t):
    seen = np.arange(len(x)) != t
    logs = np.log(prior.astype(np.float32)) + np.log(tables.astype(np.float32))[:, x[seen]].sum(1)
    belief = np.exp(logs - logs.max())
    belief = belief / belief.sum()
    return belief, belief @ tables.astype(np.float32)

# right
def guess_hole(prior, tables, x, t):
    from fractions import Fraction
    belief = [Fraction(p) for p in prior]
    for s, word in enumerate(x):
        if s != t:
            belief = [p * Fraction(row[word]) for p, row in zip(belief, tables)]
    total = sum(belief)
    belief = [float(p / total) for p in belief]
    return belief, np.array(belief) @ tables

# wrong: own word
def guess_hole(prior, tables, x, t):
    logs = np.log(prior) + np.log(tables[:, x]).sum(1)
    belief = np.exp(logs - logs.max())
    belief /= belief.sum()
    return belief, belief @ tables

# wrong: one side
def guess_hole(prior, tables, x, t):
    logs = np.log(prior) + np.log(tables[:, x[:t]]).sum(1)
    belief = np.exp(logs - logs.max())
    belief /= belief.sum()
    return belief, belief @ tables

# wrong: hole elsewhere
def guess_hole(prior, tables, x, t):
    others = np.delete(x, t - 1)
    logs = np.log(prior) + np.log(tables[:, others]).sum(1)
    belief = np.exp(logs - logs.max())
    belief /= belief.sum()
    return belief, belief @ tables

# wrong: same words
def guess_hole(prior, tables, x, t):
    others = [word for word in x if word != x[t]]
    logs = np.log(prior) + np.log(tables[:, others]).sum(1)
    belief = np.exp(logs - logs.max())
    belief /= belief.sum()
    return belief, belief @ tables

# wrong: no prior
def guess_hole(prior, tables, x, t):
    logs = np.log(tables[:, np.delete(x, t)]).sum(1)
    belief = np.exp(logs - logs.max())
    belief /= belief.sum()
    return belief, belief @ tables

# wrong: prior for each word
def guess_hole(prior, tables, x, t):
    logs = 0
    for s in range(len(x)):
        if s != t:
            logs = logs + np.log(prior * tables[:, x[s]])
    belief = np.exp(logs - logs.max())
    belief /= belief.sum()
    return belief, belief @ tables

# wrong: prior for each word
def guess_hole(prior, tables, x, t):
    logs = np.log(tables[:, np.delete(x, t)]).sum(1) + np.log(prior)
    belief = prior * np.exp(logs - logs.max())
    belief /= belief.sum()
    return belief, belief @ tables

# wrong: prior added
def guess_hole(prior, tables, x, t):
    logs = prior + np.log(tables[:, np.delete(x, t)]).sum(1)
    belief = np.exp(logs - logs.max())
    belief /= belief.sum()
    return belief, belief @ tables

# wrong: underflow
def guess_hole(prior, tables, x, t):
    belief = prior.copy()
    for s in range(len(x)):
        if s != t:
            belief *= tables[:, x[s]]
    belief /= belief.sum()
    return belief, belief @ tables

# wrong: underflow
def guess_hole(prior, tables, x, t):
    belief = np.exp(np.log(prior) + np.log(tables[:, np.delete(x, t)]).sum(1))
    belief = belief / belief.sum()
    return belief, belief @ tables

# wrong: not normalised
def guess_hole(prior, tables, x, t):
    belief = prior * np.prod(tables[:, np.delete(x, t)], axis=1)
    return belief, belief @ tables

# wrong: mean of logs
def guess_hole(prior, tables, x, t):
    logs = np.log(prior) + np.log(tables[:, np.delete(x, t)]).mean(1)
    belief = np.exp(logs - logs.max())
    belief /= belief.sum()
    return belief, belief @ tables

# wrong: probabilities added
def guess_hole(prior, tables, x, t):
    belief = prior * tables[:, np.delete(x, t)].sum(1)
    belief = belief / belief.sum()
    return belief, belief @ tables

# wrong: best topic
def guess_hole(prior, tables, x, t):
    logs = np.log(prior) + np.log(tables[:, np.delete(x, t)]).sum(1)
    belief = np.exp(logs - logs.max())
    belief /= belief.sum()
    return belief, tables[np.argmax(belief)]

# wrong: prior guess
def guess_hole(prior, tables, x, t):
    logs = np.log(prior) + np.log(tables[:, np.delete(x, t)]).sum(1)
    belief = np.exp(logs - logs.max())
    return belief / belief.sum(), prior @ tables

# wrong: own word known
def guess_hole(prior, tables, x, t):
    logs = np.log(prior) + np.log(tables[:, np.delete(x, t)]).sum(1)
    belief = np.exp(logs - logs.max())
    belief /= belief.sum()
    return belief, belief @ tables[:, x[t]]

# wrong: guess alone
def guess_hole(prior, tables, x, t):
    logs = np.log(prior) + np.log(tables[:, np.delete(x, t)]).sum(1)
    belief = np.exp(logs - logs.max())
    return belief / belief.sum() @ tables

# wrong: exception
def guess_hole(prior, tables, x, t):
    logs = np.log(prior) + np.log(tables[:, np.delete(x, t)]).sum(0)
    belief = np.exp(logs - logs.max())
    return belief / belief.sum(), belief / belief.sum() @ tables

# wrong: ?
def guess_hole(prior, tables, x, t):
    logs = np.log(prior) + np.log(tables[:, np.delete(x, t)]).sum(1)
    belief = np.exp(logs - logs.max())
    belief /= belief.sum()
    guess = belief @ tables
    guess[x[t]] = 0
    return belief, guess / guess.sum()
