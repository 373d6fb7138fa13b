# Answers to the practice of chapter 12, the alignment error rate, as students write them. See gradients.py.

# right
def aer(weights, sure, possible):
    agreed = count = 0
    for w, S, P in zip(weights, sure, possible):
        for t in range(len(w)):
            link = (np.argmax(w[t]), t)
            agreed += (link in S) + (link in P)
        count += len(w) + len(S)
    return 1 - agreed / count

# right
def aer(weights, sure, possible):
    A = {(n, int(i), t) for n, w in enumerate(weights) for t, i in enumerate(w.argmax(axis=1))}
    S = {(n, *link) for n, links in enumerate(sure) for link in links}
    P = {(n, *link) for n, links in enumerate(possible) for link in links} | S
    return 1 - (len(A & S) + len(A & P)) / (len(A) + len(S))

# right
def aer(weights, sure, possible):
    top, bottom = 0, 0
    for w, S, P in zip(weights, sure, possible):
        hard = torch.nn.functional.one_hot(torch.tensor(w).argmax(-1), w.shape[1])
        in_S, in_P = torch.zeros(w.shape), torch.zeros(w.shape)
        for i, t in S:
            in_S[t, i] = 1
        for i, t in P:
            in_P[t, i] = 1
        top += (hard * in_S).sum() + (hard * in_P).sum()
        bottom += hard.sum() + in_S.sum()
    return 1 - top / bottom

# wrong: best of each column
def aer(weights, sure, possible):
    agreed = count = 0
    for w, S, P in zip(weights, sure, possible):
        A = set(enumerate(w.argmax(axis=0)))
        agreed += len(A & S) + len(A & P)
        count += len(A) + len(S)
    return 1 - agreed / count

# wrong: transposed
def aer(weights, sure, possible):
    agreed = count = 0
    for w, S, P in zip(weights, sure, possible):
        A = set(enumerate(w.argmax(axis=1)))
        agreed += len(A & S) + len(A & P)
        count += len(A) + len(S)
    return 1 - agreed / count

# wrong: agreement
def aer(weights, sure, possible):
    agreed = count = 0
    for w, S, P in zip(weights, sure, possible):
        A = {(i, t) for t, i in enumerate(w.argmax(axis=1))}
        agreed += len(A & S) + len(A & P)
        count += len(A) + len(S)
    return agreed / count

# wrong: possible links are missed
def aer(weights, possible, sure):
    agreed = count = 0
    for w, S, P in zip(weights, sure, possible):
        A = {(i, t) for t, i in enumerate(w.argmax(axis=1))}
        agreed += len(A & S) + len(A & P)
        count += len(A) + len(S)
    return 1 - agreed / count

# wrong: possible links are errors
def aer(weights, sure, possible):
    agreed = count = 0
    for w, S in zip(weights, sure):
        A = {(i, t) for t, i in enumerate(w.argmax(axis=1))}
        agreed += 2 * len(A & S)
        count += len(A) + len(S)
    return 1 - agreed / count

# wrong: possible without sure
def aer(weights, sure, possible):
    agreed = count = 0
    for w, S, P in zip(weights, sure, possible):
        A = {(i, t) for t, i in enumerate(w.argmax(axis=1))}
        agreed += len(A & S) + len(A & (P - S))
        count += len(A) + len(S)
    return 1 - agreed / count

# wrong: precision
def aer(weights, sure, possible):
    wrong = count = 0
    for w, P in zip(weights, possible):
        for t, i in enumerate(w.argmax(axis=1)):
            wrong += (i, t) not in P
            count += 1
    return wrong / count

# wrong: F-measure
def aer(weights, sure, possible):
    A = [{(i, t) for t, i in enumerate(w.argmax(axis=1))} for w in weights]
    precision = sum(len(a & p) for a, p in zip(A, possible)) / sum(map(len, A))
    recall = sum(len(a & s) for a, s in zip(A, sure)) / sum(map(len, sure))
    return 1 - 2 * precision * recall / (precision + recall)

# wrong: mean over sentences
def aer(weights, sure, possible):
    rates = []
    for w, S, P in zip(weights, sure, possible):
        A = {(i, t) for t, i in enumerate(w.argmax(axis=1))}
        rates.append(1 - (len(A & S) + len(A & P)) / (len(A) + len(S)))
    return np.mean(rates)

# wrong: one sentence
def aer(weights, sure, possible):
    for w, S, P in zip(weights, sure, possible):
        A = {(i, t) for t, i in enumerate(w.argmax(axis=1))}
        return 1 - (len(A & S) + len(A & P)) / (len(A) + len(S))

# wrong: threshold
def aer(weights, sure, possible):
    agreed = count = 0
    for w, S, P in zip(weights, sure, possible):
        A = {(i, t) for t, i in zip(*np.where(w > 0.5))}
        agreed += len(A & S) + len(A & P)
        count += len(A) + len(S)
    return 1 - agreed / count

# wrong: from 1
def aer(weights, sure, possible):
    agreed = count = 0
    for w, S, P in zip(weights, sure, possible):
        A = {(i + 1, t) for t, i in enumerate(w.argmax(axis=1), start=1)}
        agreed += len(A & S) + len(A & P)
        count += len(A) + len(S)
    return 1 - agreed / count

# wrong: exception
def aer(weights, sure, possible):
    A = {(i, t) for t, i in enumerate(np.argmax(weights, axis=1))}
    return 1 - (len(A & sure) + len(A & possible)) / (len(A) + len(sure))

# wrong: ?
def aer(weights, sure, possible):
    agreed = count = 0
    for w, S, P in zip(weights, sure, possible):
        agreed += sum(w[t, i] for i, t in S) + sum(w[t, i] for i, t in P)
        count += len(w) + len(S)
    return 1 - agreed / count

# wrong: sentences in one set
def aer(weights, sure, possible):
    A, S, P = set(), set(), set()
    for w, s, p in zip(weights, sure, possible):
        A |= {(i, t) for t, i in enumerate(w.argmax(axis=1))}
        S |= s
        P |= p
    return 1 - (len(A & S) + len(A & P)) / (len(A) + len(S))

# wrong: ?
def aer(weights, sure, possible):
    agreed = count = 0
    for w, S, P in zip(weights, sure, possible):
        A = {(i, t) for t, i in enumerate(w.argmax(axis=1))}
        agreed += len(A & S) + len(A & P)
        count += w.shape[1] + len(S)
    return 1 - agreed / count
