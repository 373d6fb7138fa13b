# Answers to the practice of chapter 11, the loss, as students write them. See gradients.py for the form.

# right
def sequence_loss(logits, y, eos):
    total, count = 0.0, 0
    for row, targets in zip(logits, y):
        for z, word in zip(row, targets):
            p = np.exp(z) / np.exp(z).sum()
            total -= np.log(p[word])
            count += 1
            if word == eos:
                break
    return total / count

# right
def sequence_loss(logits, y, eos):
    n = (y == eos).argmax(axis=1) + 1
    mask = np.arange(y.shape[1]) < n[:, None]
    losses = torch.nn.functional.cross_entropy(
        torch.tensor(logits).transpose(1, 2), torch.tensor(y), reduction="none"
    )
    return losses[torch.tensor(mask)].mean()

# right
def sequence_loss(logits, y, eos):
    targets = torch.tensor(y)
    ended = (targets == eos).cumsum(1)
    targets[ended > 1] = -100
    return torch.nn.functional.cross_entropy(torch.tensor(logits).float().flatten(0, 1), targets.flatten())

# right
def sequence_loss(logits, y, eos):
    z = logits - logits.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    B, T = y.shape
    picked = log_p[np.arange(B)[:, None], np.arange(T), y]
    lengths = [list(row).index(eos) + 1 for row in y]
    return -sum(picked[b, :n].sum() for b, n in enumerate(lengths)) / sum(lengths)

# wrong: end not counted
def sequence_loss(logits, y, eos):
    return torch.nn.functional.cross_entropy(
        torch.tensor(logits).flatten(0, 1), torch.tensor(y).flatten(), ignore_index=eos
    )

# wrong: end not counted
def sequence_loss(logits, y, eos):
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    losses = -np.log(np.take_along_axis(p, y[:, :, None], axis=2)[:, :, 0])
    mask = y != eos
    return (losses * mask).sum() / mask.sum()

# wrong: padding counted
def sequence_loss(logits, y, eos):
    return torch.nn.functional.cross_entropy(torch.tensor(logits).transpose(1, 2), torch.tensor(y))

# wrong: padding in the divisor
def sequence_loss(logits, y, eos):
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    losses = -np.log(np.take_along_axis(p, y[:, :, None], axis=2)[:, :, 0])
    ended = np.cumsum(y == eos, axis=1) > 1
    losses[ended] = 0
    return losses.mean()

# wrong: mean of means
def sequence_loss(logits, y, eos):
    means = []
    for row, targets in zip(logits, y):
        n = list(targets).index(eos) + 1
        p = np.exp(row[:n]) / np.exp(row[:n]).sum(-1, keepdims=True)
        means.append(-np.log(p[np.arange(n), targets[:n]]).mean())
    return np.mean(means)

# wrong: per sentence
def sequence_loss(logits, y, eos):
    log_p = torch.log_softmax(torch.tensor(logits), -1)
    total = 0
    for row, targets in zip(log_p, y):
        n = list(targets).index(eos) + 1
        total -= row[range(n), targets[:n]].sum()
    return total / len(y)

# wrong: sum
def sequence_loss(logits, y, eos):
    log_p = torch.log_softmax(torch.tensor(logits), -1)
    total = 0
    for row, targets in zip(log_p, y):
        for z, word in zip(row, targets):
            total -= z[word]
            if word == eos:
                break
    return total

# wrong: softmax of another axis
def sequence_loss(logits, y, eos):
    p = np.exp(logits) / np.exp(logits).sum()
    losses = -np.log(np.take_along_axis(p, y[:, :, None], axis=2)[:, :, 0])
    return losses[np.cumsum(y == eos, axis=1) <= 1].mean()

# wrong: softmax of another axis
def sequence_loss(logits, y, eos):
    p = torch.softmax(torch.tensor(logits), dim=1).numpy()
    losses = -np.log(np.take_along_axis(p, y[:, :, None], axis=2)[:, :, 0])
    return losses[np.cumsum(y == eos, axis=1) <= 1].mean()

# wrong: no softmax
def sequence_loss(logits, y, eos):
    picked = np.take_along_axis(logits, y[:, :, None], axis=2)[:, :, 0]
    return -picked[np.cumsum(y == eos, axis=1) <= 1].mean()

# wrong: sign
def sequence_loss(logits, y, eos):
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    picked = np.log(np.take_along_axis(p, y[:, :, None], axis=2)[:, :, 0])
    return picked[np.cumsum(y == eos, axis=1) <= 1].mean()

# wrong: logarithm last
def sequence_loss(logits, y, eos):
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    picked = np.take_along_axis(p, y[:, :, None], axis=2)[:, :, 0]
    return -np.log(picked[np.cumsum(y == eos, axis=1) <= 1].mean())

# wrong: shifted again
def sequence_loss(logits, y, eos):
    log_p = torch.log_softmax(torch.tensor(logits), -1)[:, :-1]
    targets = torch.tensor(y)[:, 1:]
    losses = -log_p.gather(2, targets[:, :, None])[:, :, 0]
    mask = (torch.tensor(y) == eos).cumsum(1)[:, 1:] <= 1
    return losses[mask].mean()

# wrong: one number a row
def sequence_loss(logits, y, eos):
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    losses = -np.log(np.take_along_axis(p, y[:, :, None], axis=2)[:, :, 0])
    mask = np.cumsum(y == eos, axis=1) <= 1
    return (losses * mask).sum(axis=1) / mask.sum(axis=1)

# wrong: every word
def sequence_loss(logits, y, eos):
    log_p = torch.log_softmax(torch.tensor(logits), -1).numpy()
    mask = np.cumsum(y == eos, axis=1) <= 1
    return -log_p[mask].mean()

# wrong: exception
def sequence_loss(logits, y, eos):
    return torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(y))

# wrong: ?
def sequence_loss(logits, y, eos):
    p = 1 / (1 + np.exp(-logits))
    losses = -np.log(np.take_along_axis(p, y[:, :, None], axis=2)[:, :, 0])
    return losses[np.cumsum(y == eos, axis=1) <= 1].mean()

# wrong: end in the sum alone
def sequence_loss(logits, y, eos):
    log_p = torch.log_softmax(torch.tensor(logits), -1).numpy()
    picked = np.take_along_axis(log_p, y[..., None], -1)[..., 0]
    return -(picked * (np.cumsum(y == eos, axis=1) <= 1)).sum() / (y != eos).sum()

# wrong: ?
def sequence_loss(logits, y, eos):
    log_p = torch.log_softmax(torch.tensor(logits), -1).numpy()
    picked = np.take_along_axis(log_p, y[..., None], -1)[..., 0]
    return -picked[np.cumsum(y == eos, axis=1) <= 2].mean()
