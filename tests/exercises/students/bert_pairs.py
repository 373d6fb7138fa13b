# Answers to the practice of chapter 14, whether two sentences belong together, as students write them. See gradients.py.

# right
def same_topic(b, c, share):
    s = np.sum(b * c, axis=1)
    together = share * s
    apart = (1 - share) * (1 - s) / (b.shape[1] - 1)
    return together / (together + apart)

# right
def same_topic(b, c, share):
    Z = b.shape[1]
    out = []
    for p, q in zip(b, c):
        together = sum(share / Z * p[z] * q[z] for z in range(Z))
        apart = sum((1 - share) / (Z * (Z - 1)) * p[z] * q[w] for z in range(Z) for w in range(Z) if w != z)
        out.append(together / (together + apart))
    return out

# right
def same_topic(b, c, share):
    Z = b.shape[1]
    joint = b[:, :, None] * c[:, None, :]
    joint = joint * np.where(np.eye(Z, dtype=bool), share / Z, (1 - share) / (Z * (Z - 1)))
    return np.trace(joint, axis1=1, axis2=2) / joint.sum((1, 2))

# right
def same_topic(b, c, share):
    s = np.einsum("bz,bz->b", b, c)
    logit = math.log(share / (1 - share)) + np.log(s) - np.log((1 - s) / (b.shape[1] - 1))
    return (1 / (1 + np.exp(-logit))).astype(np.float32)

# right
def same_topic(b, c, share):
    s = np.diag(b @ c.T)
    return share * (b.shape[1] - 1) * s / (share * (b.shape[1] - 1) * s + (1 - share) * (1 - s))

# wrong: as if independent
def same_topic(b, c, share):
    return np.sum(b * c, axis=-1)

# wrong: pairs not counted
def same_topic(b, c, share):
    s = (b * c).sum(1)
    return share * s / (share * s + (1 - share) * (1 - s))

# wrong: divided by Z
def same_topic(b, c, share):
    s = (b * c).sum(1)
    return share * s / (share * s + (1 - share) * (1 - s) / b.shape[1])

# wrong: same by chance
def same_topic(b, c, share):
    s, Z = (b * c).sum(1), b.shape[1]
    return share * s / (share * s + (1 - share) * (b.sum(1) * c.sum(1)) / Z)

# wrong: pairs of topics
def same_topic(b, c, share):
    s, Z = (b * c).sum(1), b.shape[1]
    return share * s / (share * s + (1 - share) * (1 - s) / (Z * (Z - 1)))

# wrong: share forgotten
def same_topic(b, c, share):
    s = (b * c).sum(1)
    return s / (s + (1 - s) / (b.shape[1] - 1))

# wrong: share swapped
def same_topic(b, c, share):
    s = (b * c).sum(1)
    return (1 - share) * s / ((1 - share) * s + share * (1 - s) / (b.shape[1] - 1))

# wrong: not normalised
def same_topic(b, c, share):
    return share * (b * c).sum(1)

# wrong: odds
def same_topic(b, c, share):
    s = (b * c).sum(1)
    return share / (1 - share) * s * (b.shape[1] - 1) / (1 - s)

# wrong: others
def same_topic(b, c, share):
    s = (b * c).sum(1)
    together, apart = share * s, (1 - share) * (1 - s) / (b.shape[1] - 1)
    return apart / (together + apart)

# wrong: best topics
def same_topic(b, c, share):
    return b.argmax(1) == c.argmax(1)

# wrong: best topics
def same_topic(b, c, share):
    return np.where(np.argmax(b, 1) == np.argmax(c, 1), 1, 0)

# wrong: cosine
def same_topic(b, c, share):
    return (b * c).sum(1) / np.linalg.norm(b, axis=1) / np.linalg.norm(c, axis=1)

# wrong: square
def same_topic(b, c, share):
    s = b @ c.T
    return share * s / (share * s + (1 - share) * (1 - s) / (b.shape[1] - 1))

# wrong: whole batch
def same_topic(b, c, share):
    s = np.sum(b * c)
    return share * s / (share * s + (1 - share) * (1 - s))

# wrong: exception
def same_topic(b, c, share):
    s = b @ c
    return share * s / (share * s + (1 - share) * (1 - s) / (b.shape[1] - 1))

# wrong: ?
def same_topic(b, c, share):
    s = 1 - abs(b - c).sum(1) / 2
    return share * s / (share * s + (1 - share) * (1 - s) / (b.shape[1] - 1))
