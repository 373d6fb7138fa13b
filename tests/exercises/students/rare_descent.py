# Less usual answers to the practice of chapter 2, written after its mistakes had been chosen. See descent.py for the form.

# right
def cross_entropy_gradient(logits, targets):
    p = np.exp(logits - logits.max(1)[:, None])
    p = p / p.sum(1)[:, None]
    y = np.zeros_like(p)
    for i, t in enumerate(targets):
        y[i, t] = 1
    return (p - y) / logits.shape[0]

# wrong: sum
def cross_entropy_gradient(logits, targets):
    p = np.exp(logits) / np.sum(np.exp(logits), axis=1)[:, None]
    for n in range(len(targets)):
        p[n, targets[n]] -= 1
    return p

# wrong: ?
def cross_entropy_gradient(logits, targets):
    e = np.exp(logits - logits.max())
    p = e / e.sum(axis=1, keepdims=True)
    return np.mean(p - np.eye(p.shape[1])[targets], axis=0)

# wrong: loss
def cross_entropy_gradient(logits, targets):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(targets)), targets]).mean()

# wrong: no keepdims
def cross_entropy_gradient(logits, targets):
    e = np.exp(logits)
    p = e / e.sum(axis=1)
    p[np.arange(len(targets)), targets] -= 1
    return p / len(targets)

# wrong: epsilon in the root
def adam_travel(gradients, lr):
    m, u, theta = 0, 0, 0
    for t, g in enumerate(gradients):
        m = 0.9 * m + 0.1 * g
        u = 0.999 * u + 0.001 * g**2
        theta -= lr * m / (1 - 0.9**(t+1)) / np.sqrt(u / (1 - 0.999**(t+1)) + 1e-8)
    return theta

# wrong: path
def adam_travel(gradients, lr):
    m, u, path = 0, 0, [np.zeros(gradients.shape[1])]
    for t, g in enumerate(gradients):
        m = 0.9 * m + 0.1 * g
        u = 0.999 * u + 0.001 * g**2
        path.append(path[-1] - lr * m / (1 - 0.9**(t+1)) / (np.sqrt(u / (1 - 0.999**(t+1))) + 1e-8))
    return path

# wrong: ?
def adam_travel(gradients, lr):
    m, u, theta = 0, 0, 0
    for t, g in enumerate(gradients):
        m = 0.9 * m + 0.1 * g
        u = 0.999 * u + 0.001 * g
        theta -= lr * m / (1 - 0.9**(t+1)) / (np.sqrt(u / (1 - 0.999**(t+1))) + 1e-8)
    return theta

# wrong: last step
def adam_travel(gradients, lr):
    m, u, theta = 0, 0, 0
    for g in gradients:
        m = 0.9 * m + 0.1 * g
        u = 0.999 * u + 0.001 * g**2
    t = len(gradients)
    return -lr * (m / (1 - 0.9**t)) / (np.sqrt(u / (1 - 0.999**t)) + 1e-8)
