# Answers to the practice of chapter 15, bits per byte, as students write them. See gradients.py for the form.

# right
def bits_per_byte(nats, ids, sizes):
    bits = nats / np.log(2)
    return bits.sum() / sizes[ids].sum()

# right
def bits_per_byte(nats, ids, sizes):
    total, size = 0.0, 0
    for loss, i in zip(nats, ids):
        total += math.log2(math.exp(loss))
        size += sizes[i]
    return total / size

# right
def bits_per_byte(nats, ids, sizes):
    return nats.mean() / sizes[ids].mean() * np.log2(np.e)

# right
def bits_per_byte(nats, ids, sizes):
    return np.float32(nats.sum()) / np.float32(np.log(2) * np.take(sizes, ids).sum())

# right
def bits_per_byte(nats, ids, sizes):
    return torch.tensor(nats).sum() / math.log(2) / torch.tensor(sizes)[torch.tensor(ids)].sum()

# wrong: nats
def bits_per_byte(nats, ids, sizes):
    return np.sum(nats) / np.sum(sizes[ids])

# wrong: multiplied by ln 2
def bits_per_byte(nats, ids, sizes):
    return np.sum(nats * np.log(2)) / np.sum(sizes[ids])

# wrong: digits
def bits_per_byte(nats, ids, sizes):
    return np.log2(nats).sum() / sizes[ids].sum()

# wrong: digits
def bits_per_byte(nats, ids, sizes):
    return np.log2(nats.sum()) / sizes[ids].sum()

# wrong: per token
def bits_per_byte(nats, ids, sizes):
    return nats.mean() / np.log(2)

# wrong: mean of ratios
def bits_per_byte(nats, ids, sizes):
    return np.mean(nats / np.log(2) / sizes[ids])

# wrong: mean of ratios
def bits_per_byte(nats, ids, sizes):
    real = sizes[ids] > 0
    return np.mean(nats[real] / np.log(2) / sizes[ids[real]])

# wrong: not added up
def bits_per_byte(nats, ids, sizes):
    return nats / np.log(2) / sizes[ids]

# wrong: bytes of the vocabulary
def bits_per_byte(nats, ids, sizes):
    return nats.sum() / np.log(2) / sizes.sum()

# wrong: bytes of the vocabulary
def bits_per_byte(nats, ids, sizes):
    return nats.mean() / np.log(2) / sizes.mean()

# wrong: ids for sizes
def bits_per_byte(nats, ids, sizes):
    return nats.sum() / np.log(2) / ids.sum()

# wrong: end left out
def bits_per_byte(nats, ids, sizes):
    return nats[sizes[ids] > 0].sum() / np.log(2) / sizes[ids].sum()

# wrong: end as a byte
def bits_per_byte(nats, ids, sizes):
    return nats.sum() / np.log(2) / np.where(sizes[ids] == 0, 1, sizes[ids]).sum()

# wrong: turned over
def bits_per_byte(nats, ids, sizes):
    return sizes[ids].sum() / (nats.sum() / np.log(2))

# wrong: weighted
def bits_per_byte(nats, ids, sizes):
    return np.average(nats / np.log(2), weights=sizes[ids])

# wrong: eight bits
def bits_per_byte(nats, ids, sizes):
    return nats.sum() / np.log(2) / (sizes[ids].sum() * 8)

# wrong: perplexity
def bits_per_byte(nats, ids, sizes):
    return 2 ** (nats.sum() / np.log(2) / sizes[ids].sum())

# wrong: ?
def bits_per_byte(nats, ids, sizes):
    return nats.sum() / np.log(2) / len(nats) / len(sizes)

# wrong: exception
def bits_per_byte(nats, ids, sizes):
    return nats.sum() / np.log(2) / sum(len(sizes[i]) for i in ids)

# wrong: exception
def bits_per_byte(nats, ids, sizes):
    return (nats / np.log(2) / sizes).mean()
