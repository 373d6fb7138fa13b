# Answers to the practice of chapter 2 on gradient and optimiser, as students write them. Each stands below a line that
# says how it is judged: "right", or "wrong: id" with the mistake that must be recognised, or "wrong: ?" if it is only
# refused.

# right
def cross_entropy_gradient(logits, targets):
    z = torch.tensor(logits, requires_grad=True)
    torch.nn.functional.cross_entropy(z, torch.tensor(targets)).backward()
    return z.grad

# right
def cross_entropy_gradient(logits, targets):
    z = torch.tensor(logits).float()
    one_hot = torch.nn.functional.one_hot(torch.tensor(targets), z.shape[1])
    return (torch.softmax(z, dim=1) - one_hot) / len(targets)

# right
def cross_entropy_gradient(logits, targets):
    N, V = logits.shape
    grad = np.zeros((N, V))
    for n in range(N):
        m = max(logits[n])
        e = [math.exp(v - m) for v in logits[n]]
        for v in range(V):
            grad[n, v] = (e[v] / sum(e) - (v == targets[n])) / N
    return grad

# wrong: overflow
def cross_entropy_gradient(logits, targets):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    onehot = np.eye(logits.shape[1])[targets]
    return (p - onehot) / len(targets)

# wrong: overflow
def cross_entropy_gradient(logits, targets):
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    p[range(len(targets)), targets] -= 1
    return p / len(p)

# wrong: wrong axis
def cross_entropy_gradient(logits, targets):
    e = np.exp(logits)
    p = e / e.sum(axis=0)
    p[np.arange(len(targets)), targets] -= 1
    return p / len(targets)

# wrong: wrong axis
def cross_entropy_gradient(logits, targets):
    e = np.exp(logits - np.max(logits))
    p = e / np.sum(e)
    p[np.arange(len(targets)), targets] -= 1
    return p / len(targets)

# wrong: no keepdims
def cross_entropy_gradient(logits, targets):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1)
    p[np.arange(len(targets)), targets] -= 1
    return p / len(targets)

# wrong: sum
def cross_entropy_gradient(logits, targets):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[np.arange(len(targets)), targets] -= 1
    return p

# wrong: whole columns
def cross_entropy_gradient(logits, targets):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[:, targets] -= 1
    return p / len(targets)

# wrong: over all entries
def cross_entropy_gradient(logits, targets):
    z = torch.tensor(logits)
    return (z.softmax(1) - torch.eye(z.shape[1])[targets]) / z.numel()

# wrong: sign
def cross_entropy_gradient(logits, targets):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return (np.eye(logits.shape[1])[targets] - p) / len(targets)

# right
def adam_travel(gradients, lr):
    theta = torch.zeros(gradients.shape[1], requires_grad=True)
    opt = torch.optim.Adam([theta], lr=lr)
    for g in gradients:
        theta.grad = torch.tensor(g).float()
        opt.step()
    return theta

# right
def adam_travel(gradients, lr):
    b1, b2, eps = 0.9, 0.999, 1e-8
    m = v = 0
    moved = 0
    t = 0
    for g in gradients:
        t += 1
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        moved -= lr * m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps)
    return moved

# wrong: t from 0
def adam_travel(gradients, lr):
    m = v = theta = np.zeros(gradients.shape[1])
    for t, g in enumerate(gradients):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        theta = theta - lr * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return theta

# wrong: no epsilon
def adam_travel(gradients, lr):
    m = v = theta = np.zeros(gradients.shape[1])
    for t, g in enumerate(gradients, 1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        theta = theta - lr * (m / (1 - 0.9**t)) / np.sqrt(v / (1 - 0.999**t))
    return theta

# wrong: epsilon in the root
def adam_travel(gradients, lr):
    m = v = theta = np.zeros(gradients.shape[1])
    for t, g in enumerate(gradients, 1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        theta = theta - lr * (m / (1 - 0.9**t)) / np.sqrt(v / (1 - 0.999**t) + 1e-8)
    return theta

# wrong: no correction
def adam_travel(gradients, lr):
    m, v, theta = np.zeros((3, gradients.shape[1]))
    for g in gradients:
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        theta = theta - lr * m / (np.sqrt(v) + 1e-8)
    return theta

# wrong: uphill
def adam_travel(gradients, lr):
    m = u = theta = np.zeros(gradients.shape[1])
    for t in range(1, len(gradients) + 1):
        g = gradients[t - 1]
        m = 0.9 * m + 0.1 * g
        u = 0.999 * u + 0.001 * g**2
        theta = theta + lr * (m / (1 - 0.9**t)) / (np.sqrt(u / (1 - 0.999**t)) + 1e-8)
    return theta

# wrong: length
def adam_travel(gradients, lr):
    m = u = theta = np.zeros(gradients.shape[1])
    for t, g in enumerate(gradients, 1):
        m = 0.9 * m + 0.1 * g
        u = 0.999 * u + 0.001 * g**2
        theta = theta - lr * (m / (1 - 0.9**t)) / (np.sqrt(u / (1 - 0.999**t)) + 1e-8)
    return np.linalg.norm(theta)

# wrong: ?
def adam_travel(gradients, lr):
    m = u = theta = np.zeros(gradients.shape[1])
    for t, g in enumerate(gradients, 1):
        m = 0.9 * m + 0.1 * g
        u = 0.99 * u + 0.01 * g**2
        theta = theta - lr * (m / (1 - 0.9**t)) / (np.sqrt(u / (1 - 0.99**t)) + 1e-8)
    return theta
