# Answers to the practice of chapter 15, one merge of BPE, as students write them. See gradients.py for the form.

# right
def merge_pair(words, counts, new):
    found = {}
    for word, n in zip(words, counts):
        for a, b in zip(word, word[1:]):
            found[a, b] = found.get((a, b), 0) + n
    most = max(found.values())
    best = min(pair for pair in found if found[pair] == most)
    merged = []
    for word in words:
        out, i = [], 0
        while i < len(word):
            if i + 1 < len(word) and (word[i], word[i + 1]) == best:
                out.append(new)
                i += 2
            else:
                out.append(word[i])
                i += 1
        merged.append(out)
    return best, merged

# right
def merge_pair(words, counts, new):
    from collections import Counter
    found = Counter()
    for word, n in zip(words, counts):
        found.update({p: n * k for p, k in Counter(zip(word, word[1:])).items()})
    best = sorted(found, key=lambda p: (-found[p], p))[0]
    merged = []
    for word in words:
        out = []
        for token in word:
            if out and (out[-1], token) == best:
                out[-1] = new
            else:
                out.append(token)
        merged.append(out)
    return best, merged

# right
def merge_pair(words, counts, new):
    V = new
    table = np.zeros((V, V))
    for word, n in zip(words, counts):
        np.add.at(table, (word[:-1], word[1:]), n)
    a, b = np.unravel_index(table.argmax(), table.shape)
    merged = []
    for word in words:
        word = list(word)
        i = 0
        while i < len(word) - 1:
            if word[i] == a and word[i + 1] == b:
                word[i : i + 2] = [new]
            i += 1
        merged.append(np.array(word))
    return np.array([a, b]), merged

# right
def merge_pair(words, counts, new):
    found = {}
    for word, n in zip(words, counts):
        for i in range(len(word) - 1):
            found[word[i], word[i + 1]] = found.get((word[i], word[i + 1]), 0) + n
    a, b = max(found, key=lambda p: (found[p], -p[0], -p[1]))
    # a text of characters, in which the pair is replaced as str.replace does it
    merged = ["".join(map(chr, word)).replace(chr(a) + chr(b), chr(new)) for word in words]
    return [a, b], [[ord(c) for c in word] for word in merged]

# wrong: words counted once
def merge_pair(words, counts, new):
    found = {}
    for word in words:
        for p in zip(word, word[1:]):
            found[p] = found.get(p, 0) + 1
    best = min(found, key=lambda p: (-found[p], p))
    merged = []
    for word in words:
        out, i = [], 0
        while i < len(word):
            if tuple(word[i : i + 2]) == best:
                out.append(new)
                i += 2
            else:
                out.append(word[i])
                i += 1
        merged.append(out)
    return best, merged

# wrong: once in a word
def merge_pair(words, counts, new):
    found = {}
    for word, n in zip(words, counts):
        for p in set(zip(word, word[1:])):
            found[p] = found.get(p, 0) + n
    best = min(found, key=lambda p: (-found[p], p))
    merged = []
    for word in words:
        out = []
        for token in word:
            if out and (out[-1], token) == best:
                out[-1] = new
            else:
                out.append(token)
        merged.append(out)
    return best, merged

# wrong: overlaps left out
def merge_pair(words, counts, new):
    def text(word):
        return "".join(map(chr, word))
    pairs = {p for word in words for p in zip(word, word[1:])}
    found = {p: sum(n * text(w).count(text(p)) for w, n in zip(words, counts)) for p in pairs}
    best = min(found, key=lambda p: (-found[p], p))
    return best, [[ord(c) for c in text(w).replace(text(best), chr(new))] for w in words]

# wrong: across words
def merge_pair(words, counts, new):
    text = [token for word, n in zip(words, counts) for token in word * n]
    found = {}
    for p in zip(text, text[1:]):
        found[p] = found.get(p, 0) + 1
    best = min(found, key=lambda p: (-found[p], p))
    merged = []
    for word in words:
        out = []
        for token in word:
            if out and (out[-1], token) == best:
                out[-1] = new
            else:
                out.append(token)
        merged.append(out)
    return best, merged

# wrong: largest of ties
def merge_pair(words, counts, new):
    found = {}
    for word, n in zip(words, counts):
        for p in zip(word, word[1:]):
            found[p] = found.get(p, 0) + n
    best = sorted((n, p) for p, n in found.items())[-1][1]
    merged = []
    for word in words:
        out = []
        for token in word:
            if out and (out[-1], token) == best:
                out[-1] = new
            else:
                out.append(token)
        merged.append(out)
    return best, merged

# wrong: first of ties
def merge_pair(words, counts, new):
    from collections import Counter
    found = Counter()
    for word, n in zip(words, counts):
        for p in zip(word, word[1:]):
            found[p] += n
    best = found.most_common(1)[0][0]
    merged = []
    for word in words:
        out = []
        for token in word:
            if out and (out[-1], token) == best:
                out[-1] = new
            else:
                out.append(token)
        merged.append(out)
    return best, merged

# wrong: merged from the right
def merge_pair(words, counts, new):
    found = {}
    for word, n in zip(words, counts):
        for p in zip(word, word[1:]):
            found[p] = found.get(p, 0) + n
    best = min(found, key=lambda p: (-found[p], p))
    merged = []
    for word in words:
        word = list(word)
        for i in reversed(range(len(word) - 1)):
            if tuple(word[i : i + 2]) == best:
                word[i : i + 2] = [new]
        merged.append(word)
    return best, merged

# wrong: first alone
def merge_pair(words, counts, new):
    found = {}
    for word, n in zip(words, counts):
        for p in zip(word, word[1:]):
            found[p] = found.get(p, 0) + n
    best = min(found, key=lambda p: (-found[p], p))
    merged = []
    for word in words:
        word = list(word)
        pairs = list(zip(word, word[1:]))
        if best in pairs:
            i = pairs.index(best)
            word[i : i + 2] = [new]
        merged.append(word)
    return best, merged

# wrong: second stays
def merge_pair(words, counts, new):
    found = {}
    for word, n in zip(words, counts):
        for p in zip(word, word[1:]):
            found[p] = found.get(p, 0) + n
    best = min(found, key=lambda p: (-found[p], p))
    merged = []
    for word in words:
        out = []
        for i in range(len(word)):
            if tuple(word[i : i + 2]) == best:
                out.append(new)
            else:
                out.append(word[i])
        merged.append(out)
    return best, merged

# wrong: changes-input
def merge_pair(words, counts, new):
    found = {}
    for word, n in zip(words, counts):
        for p in zip(word, word[1:]):
            found[p] = found.get(p, 0) + n
    best = min(found, key=lambda p: (-found[p], p))
    for word in words:
        i = 0
        while i < len(word) - 1:
            if (word[i], word[i + 1]) == best:
                word[i] = new
                del word[i + 1]
            i += 1
    return best, words

# wrong: not merged
def merge_pair(words, counts, new):
    found = {}
    for word, n in zip(words, counts):
        for p in zip(word, word[1:]):
            found[p] = found.get(p, 0) + n
    return min(found, key=lambda p: (-found[p], p)), words

# wrong: pair alone
def merge_pair(words, counts, new):
    table = np.zeros((new, new))
    for word, n in zip(words, counts):
        for a, b in zip(word, word[1:]):
            table[a, b] += n
    return np.unravel_index(table.argmax(), table.shape)

# wrong: exception
def merge_pair(words, counts, new):
    words = np.array(words)
    return words[:, :-1], words[:, 1:]

# wrong: ?
def merge_pair(words, counts, new):
    # the most frequent tokens instead of the most frequent pair
    found = {}
    for word, n in zip(words, counts):
        for token in word:
            found[token] = found.get(token, 0) + n
    a, b = sorted(found, key=lambda t: (-found[t], t))[:2]
    return (a, b), words
