# Answers to the practice of chapter 14, gelu and its slope, as students write them. See gradients.py for the form.

# right
def gelu(x):
    Phi = 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))
    phi = np.exp(-0.5 * x**2) / math.sqrt(2 * math.pi)
    return x * Phi, Phi + x * phi

# right
def gelu(x):
    Phi = np.array([math.erfc(-v / 2**0.5) / 2 for v in x.ravel()]).reshape(x.shape)
    return [x * Phi, Phi + x * np.exp(-x * x / 2) * (2 * np.pi) ** -0.5]

# right
def gelu(x):
    value = np.vectorize(lambda v: v * (1 + math.erf(v / math.sqrt(2))) / 2)
    h = 1e-5
    return value(x), (value(x + h) - value(x - h)) / (2 * h)

# right
def gelu(x):
    Phi = np.frompyfunc(lambda v: (1 + math.erf(v / 2**0.5)) / 2, 1, 1)(x).astype(np.float32)
    x = x.astype(np.float32)
    return x * Phi, Phi + x * np.exp(-x * x / 2) / np.float32(np.sqrt(2 * np.pi))

# right
def gelu(x):
    from statistics import NormalDist
    cdf, pdf = np.vectorize(NormalDist().cdf), np.vectorize(NormalDist().pdf)
    return x * cdf(x), cdf(x) + x * pdf(x)

# wrong: tanh for erf
def gelu(x):
    c = math.sqrt(2 / math.pi)
    t = np.tanh(c * (x + 0.044715 * x**3))
    return 0.5 * x * (1 + t), 0.5 * (1 + t) + 0.5 * x * (1 - t**2) * c * (1 + 3 * 0.044715 * x**2)

# wrong: sigmoid
def gelu(x):
    s = 1 / (1 + np.exp(-1.702 * x))
    return x * s, s + 1.702 * x * s * (1 - s)

# wrong: x as a constant
def gelu(x):
    Phi = (1 + np.vectorize(math.erf)(x / 2**0.5)) / 2
    return x * Phi, Phi

# wrong: Φ as a constant
def gelu(x):
    Phi = (1 + np.vectorize(math.erf)(x / 2**0.5)) / 2
    return x * Phi, x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)

# wrong: φ without x
def gelu(x):
    Phi = (1 + np.vectorize(math.erf)(x / 2**0.5)) / 2
    return x * Phi, Phi + np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)

# wrong: minus
def gelu(x):
    Phi = (1 + np.vectorize(math.erf)(x / 2**0.5)) / 2
    return x * Phi, Phi - x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)

# wrong: √(2π) left out
def gelu(x):
    Phi = (1 + np.vectorize(math.erf)(x / 2**0.5)) / 2
    return x * Phi, Phi + x * np.exp(-(x**2) / 2)

# wrong: √(2π) left out
def gelu(x):
    Phi = (1 + np.vectorize(math.erf)(x / 2**0.5)) / 2
    return x * Phi, Phi + x * np.exp(-(x**2) / 2) / (2 * np.pi)

# wrong: √2 left out
def gelu(x):
    Phi = (1 + np.vectorize(math.erf)(x)) / 2
    return x * Phi, Phi + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)

# wrong: √2 left out everywhere
def gelu(x):
    Phi = (1 + np.vectorize(math.erf)(x)) / 2
    return x * Phi, Phi + x * np.exp(-(x**2)) / np.sqrt(np.pi)

# wrong: erf for Φ
def gelu(x):
    erf = np.vectorize(math.erf)(x / 2**0.5)
    return x * erf, erf + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)

# wrong: not halved
def gelu(x):
    Phi = 1 + np.vectorize(math.erf)(x / 2**0.5)
    return x * Phi, Phi + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)

# wrong: relu
def gelu(x):
    return np.maximum(0, x), np.where(x > 0, 1.0, 0.0)

# wrong: order
def gelu(x):
    Phi = (1 + np.vectorize(math.erf)(x / 2**0.5)) / 2
    return Phi + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi), x * Phi

# wrong: value alone
def gelu(x):
    return x * (1 + np.vectorize(math.erf)(x / np.sqrt(2))) / 2

# wrong: exception
def gelu(x):
    Phi = (1 + np.erf(x / np.sqrt(2))) / 2
    return x * Phi, Phi + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)

# wrong: ?
def gelu(x):
    Phi = (1 + np.vectorize(math.erf)(x / 2**0.5)) / 2
    return x * Phi, np.gradient(x * Phi, axis=-1)
