# Answers to the practice of chapter 13, layer normalisation, as students write them. See gradients.py for the form.

# right
def layer_norm(x, gain, bias, eps):
    out = np.zeros(x.shape)
    for b in range(x.shape[0]):
        for t in range(x.shape[1]):
            mean = sum(x[b, t]) / len(x[b, t])
            var = sum((v - mean) ** 2 for v in x[b, t]) / len(x[b, t])
            out[b, t] = gain * (x[b, t] - mean) / math.sqrt(var + eps) + bias
    return out

# right
def layer_norm(x, gain, bias, eps):
    g, b = torch.tensor(gain), torch.tensor(bias)
    return torch.nn.functional.layer_norm(torch.tensor(x), (x.shape[-1],), g, b, eps)

# right
def layer_norm(x, gain, bias, eps):
    mean = np.einsum("btd->bt", x)[..., None] / x.shape[-1]
    var = np.einsum("btd,btd->bt", x, x)[..., None] / x.shape[-1] - mean**2
    return (x - mean) * (var + eps) ** -0.5 * gain + bias

# right
def layer_norm(x, gain, bias, eps):
    x = x.astype(np.float32).copy()
    x -= x.mean(axis=2, keepdims=True)
    x /= np.sqrt(np.mean(x * x, axis=2, keepdims=True) + np.float32(eps))
    return x * gain.astype(np.float32) + bias.astype(np.float32)

# wrong: changes-input
def layer_norm(x, gain, bias, eps):
    x -= x.mean(-1, keepdims=True)
    x /= np.sqrt(x.var(-1, keepdims=True) + eps)
    return gain * x + bias

# wrong: another axis
def layer_norm(x, gain, bias, eps):
    x = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return gain * x + bias

# wrong: another axis
def layer_norm(x, gain, bias, eps):
    return gain * (x - x.mean()) / np.sqrt(x.var() + eps) + bias

# wrong: another axis
def layer_norm(x, gain, bias, eps):
    return torch.nn.functional.batch_norm(
        torch.tensor(x).transpose(1, 2), None, None, torch.tensor(gain), torch.tensor(bias), training=True, eps=eps
    ).transpose(1, 2)

# wrong: D - 1
def layer_norm(x, gain, bias, eps):
    x = torch.tensor(x)
    normed = (x - x.mean(-1, keepdim=True)) / torch.sqrt(x.var(-1, keepdim=True) + eps)
    return torch.tensor(gain) * normed + torch.tensor(bias)

# wrong: D - 1
def layer_norm(x, gain, bias, eps):
    x = torch.tensor(x)
    normed = (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True) + eps)
    return torch.tensor(gain) * normed + torch.tensor(bias)

# wrong: eps outside the root
def layer_norm(x, gain, bias, eps):
    return gain * (x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + eps) + bias

# wrong: eps left out
def layer_norm(x, gain, bias, eps):
    return gain * (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True) + bias

# wrong: no root
def layer_norm(x, gain, bias, eps):
    return gain * (x - x.mean(-1, keepdims=True)) / (x.var(-1, keepdims=True) + eps) + bias

# wrong: RMS normalisation
def layer_norm(x, gain, bias, eps):
    return gain * x / np.sqrt((x**2).mean(-1, keepdims=True) + eps) + bias

# wrong: variance about 0
def layer_norm(x, gain, bias, eps):
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt((x**2).mean(-1, keepdims=True) + eps) + bias

# wrong: sum of squares
def layer_norm(x, gain, bias, eps):
    c = x - x.mean(-1, keepdims=True)
    return gain * c / np.sqrt((c**2).sum(-1, keepdims=True) + eps) + bias

# wrong: axis lost
def layer_norm(x, gain, bias, eps):
    return gain * (x - x.mean(-1)) / np.sqrt(x.var(-1) + eps) + bias

# wrong: no bias
def layer_norm(x, gain, bias, eps):
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps)

# wrong: neither gain nor bias
def layer_norm(x, gain, bias, eps):
    return torch.nn.functional.layer_norm(torch.tensor(x), (x.shape[-1],), eps=eps)

# wrong: bias times gain
def layer_norm(x, gain, bias, eps):
    return ((x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) + bias) * gain

# wrong: gain first
def layer_norm(x, gain, bias, eps):
    y = x * gain + bias
    return (y - y.mean(-1, keepdims=True)) / np.sqrt(y.var(-1, keepdims=True) + eps)

# wrong: exception
def layer_norm(x, gain, bias, eps):
    return torch.nn.functional.layer_norm(torch.tensor(x), (x.shape[-1],), gain, bias, eps)

# wrong: ?
def layer_norm(x, gain, bias, eps):
    return gain * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) - eps) + bias

# wrong: ?
def layer_norm(x, gain, bias, eps):
    low, high = x.min(-1, keepdims=True), x.max(-1, keepdims=True)
    return gain * (x - low) / (high - low + eps) + bias
