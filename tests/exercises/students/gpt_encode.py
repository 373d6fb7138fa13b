# Answers to the practice of chapter 15, merges that are applied, as students write them. See gradients.py for the form.

# right
def apply_merges(ids, merges, V):
    row = list(ids)
    for r, (a, b) in enumerate(merges):
        out = []
        for token in row:
            if out and out[-1] == a and token == b:
                out[-1] = V + r
            else:
                out.append(token)
        row = out
    return np.array(row)

# right
def apply_merges(ids, merges, V):
    rank = {(a, b): r for r, (a, b) in enumerate(merges.tolist())}
    row = ids.tolist()
    while len(row) > 1:
        best = min(zip(row, row[1:]), key=lambda p: rank.get(p, len(rank)))
        if best not in rank:
            break
        i = 0
        while i < len(row) - 1:
            if (row[i], row[i + 1]) == best:
                row[i : i + 2] = [V + rank[best]]
            i += 1
    return row

# right
def apply_merges(ids, merges, V):
    rank = {tuple(pair): r for r, pair in enumerate(merges.tolist())}
    row = ids.tolist()
    while True:
        places = [(rank[p], i) for i, p in enumerate(zip(row, row[1:])) if p in rank]
        if not places:
            return np.array(row)
        r, i = min(places)
        row[i : i + 2] = [V + r]

# right
def apply_merges(ids, merges, V):
    text = "".join(chr(i) for i in ids)
    for r, (a, b) in enumerate(merges):
        text = text.replace(chr(a) + chr(b), chr(V + r))
    return torch.tensor([ord(c) for c in text])

# wrong: by place
def apply_merges(ids, merges, V):
    rank = {tuple(pair): r for r, pair in enumerate(merges.tolist())}
    row, i = ids.tolist(), 0
    while i < len(row) - 1:
        if (row[i], row[i + 1]) in rank:
            row[i : i + 2] = [V + rank[row[i], row[i + 1]]]
            i = 0
        else:
            i += 1
    return row

# wrong: one pass
def apply_merges(ids, merges, V):
    rank = {tuple(pair): r for r, pair in enumerate(merges.tolist())}
    out, i = [], 0
    while i < len(ids):
        pair = tuple(ids[i : i + 2].tolist())
        if pair in rank:
            out.append(V + rank[pair])
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return np.array(out)

# wrong: longest first
def apply_merges(ids, merges, V):
    made = {(i,): i for i in range(V)}
    spelt = [(i,) for i in range(V)]
    for r, (a, b) in enumerate(merges):
        spelt.append(spelt[a] + spelt[b])
        made[spelt[-1]] = V + r
    out, i = [], 0
    while i < len(ids):
        for n in range(len(ids) - i, 0, -1):
            piece = tuple(ids[i : i + n].tolist())
            if piece in made:
                out.append(made[piece])
                i += n
                break
    return out

# wrong: last learnt first
def apply_merges(ids, merges, V):
    row = ids.tolist()
    for r in reversed(range(len(merges))):
        out = []
        for token in row:
            if out and [out[-1], token] == merges[r].tolist():
                out[-1] = V + r
            else:
                out.append(token)
        row = out
    return row

# wrong: one place
def apply_merges(ids, merges, V):
    row = ids.tolist()
    for r, (a, b) in enumerate(merges.tolist()):
        for i in range(len(row) - 1):
            if row[i] == a and row[i + 1] == b:
                row = row[:i] + [V + r] + row[i + 2 :]
                break
    return row

# wrong: merged from the right
def apply_merges(ids, merges, V):
    row = ids.tolist()
    for r, (a, b) in enumerate(merges.tolist()):
        for i in range(len(row) - 2, -1, -1):
            if row[i : i + 2] == [a, b]:
                row[i : i + 2] = [V + r]
    return np.array(row)

# wrong: second stays
def apply_merges(ids, merges, V):
    row = ids.tolist()
    for r, (a, b) in enumerate(merges.tolist()):
        row = [V + r if row[i : i + 2] == [a, b] else row[i] for i in range(len(row))]
    return np.array(row)

# wrong: symbols alone
def apply_merges(ids, merges, V):
    row = ids.tolist()
    for r, (a, b) in enumerate(merges.tolist()):
        if a >= V or b >= V:
            continue
        i = 0
        while i < len(row) - 1:
            if row[i] == a and row[i + 1] == b:
                row[i : i + 2] = [V + r]
            i += 1
    return row

# wrong: one id further
def apply_merges(ids, merges, V):
    text = "".join(chr(i) for i in ids)
    for r, (a, b) in enumerate(merges):
        text = text.replace(chr(a) + chr(b), chr(V + r))
    return [ord(c) + 1 if ord(c) >= V else ord(c) for c in text]

# wrong: how many
def apply_merges(ids, merges, V):
    text = "".join(chr(i) for i in ids)
    for r, (a, b) in enumerate(merges):
        text = text.replace(chr(a) + chr(b), chr(V + r))
    return len(text)

# wrong: nothing merged
def apply_merges(ids, merges, V):
    for r in range(len(merges)):
        for i in range(len(ids) - 1):
            if ids[i] == merges[r][0] and ids[i + 1] == merges[r][0]:
                pass
    return ids

# wrong: exception
def apply_merges(ids, merges, V):
    for r, (a, b) in enumerate(merges):
        ids = ids.replace(a + b, V + r)
    return ids

# wrong: ?
def apply_merges(ids, merges, V):
    # a new id at both places
    row = ids.copy()
    for r, (a, b) in enumerate(merges):
        for i in range(len(row) - 1):
            if row[i] == a and row[i + 1] == b:
                row[i] = row[i + 1] = V + r
    return row
