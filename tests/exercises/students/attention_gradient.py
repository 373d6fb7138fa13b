# Answers to the practice of chapter 12, the way back, as students write them. See gradients.py for the form.

# right
def attention_backward(dcontext, weights, values):
    dscores, dvalues = np.zeros(weights.shape), np.zeros(values.shape)
    B, T, S = weights.shape
    for b in range(B):
        for t in range(T):
            dweights = values[b] @ dcontext[b, t]
            jacobian = np.diag(weights[b, t]) - np.outer(weights[b, t], weights[b, t])
            dscores[b, t] = jacobian @ dweights
            for s in range(S):
                dvalues[b, s] += weights[b, t, s] * dcontext[b, t]
    return dscores, dvalues

# right
def attention_backward(dcontext, weights, values):
    dweights = np.einsum("btd,bsd->bts", dcontext, values)
    mean = np.einsum("bts,bts->bt", weights, dweights)[..., None]
    return weights * (dweights - mean), np.einsum("bts,btd->bsd", weights, dcontext)

# right
def attention_backward(dcontext, weights, values):
    scores = torch.tensor(weights).log().requires_grad_()
    v = torch.tensor(values, requires_grad=True)
    (scores.softmax(-1) @ v).backward(torch.tensor(dcontext))
    return scores.grad, v.grad

# right
def attention_backward(dcontext, weights, values):
    d, a, v = (x.astype("float32") for x in (dcontext, weights, values))
    context = a @ v
    dscores = a * (d @ v.transpose(0, 2, 1) - (d * context).sum(-1, keepdims=True))
    return dscores.tolist(), (a.transpose(0, 2, 1) @ d).tolist()

# wrong: sum left out
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    return weights * dweights, weights.transpose(0, 2, 1) @ dcontext

# wrong: no softmax
def attention_backward(dcontext, weights, values):
    return dcontext @ values.transpose(0, 2, 1), weights.transpose(0, 2, 1) @ dcontext

# wrong: weights are constants
def attention_backward(dcontext, weights, values):
    return np.zeros_like(weights), weights.transpose(0, 2, 1) @ dcontext

# wrong: sum over another axis
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    total = (weights * dweights).sum(axis=1, keepdims=True)
    return weights * (dweights - total), weights.transpose(0, 2, 1) @ dcontext

# wrong: sum over another axis
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    total = (weights * dweights).sum()
    return weights * (dweights - total), weights.transpose(0, 2, 1) @ dcontext

# wrong: axis lost
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    total = (weights * dweights).sum(axis=-1)
    return weights * (dweights - total), weights.transpose(0, 2, 1) @ dcontext

# wrong: own share alone
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    return dweights * weights * (1 - weights), weights.transpose(0, 2, 1) @ dcontext

# wrong: sum without weights
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    return weights * (dweights - dweights.sum(-1, keepdims=True)), weights.transpose(0, 2, 1) @ dcontext

# wrong: weight left out in front
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    dscores = dweights - (weights * dweights).sum(-1, keepdims=True)
    return dscores, weights.transpose(0, 2, 1) @ dcontext

# wrong: sum not weighted
def attention_backward(dcontext, weights, values):
    d = weights * (dcontext @ values.transpose(0, 2, 1))
    return d - d.sum(-1, keepdims=True), weights.transpose(0, 2, 1) @ dcontext

# wrong: added
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    dscores = weights * (dweights + (weights * dweights).sum(-1, keepdims=True))
    return dscores, weights.transpose(0, 2, 1) @ dcontext

# wrong: weights not transposed
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    dscores = weights * (dweights - (weights * dweights).sum(-1, keepdims=True))
    return dscores, weights @ dcontext

# wrong: mean over queries
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    dscores = weights * (dweights - (weights * dweights).sum(-1, keepdims=True))
    return dscores, (weights[..., None] * dcontext[:, :, None]).mean(1)

# wrong: one query
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    dscores = weights * (dweights - (weights * dweights).sum(-1, keepdims=True))
    dvalues = np.zeros(values.shape)
    for t in range(weights.shape[1]):
        dvalues = weights[:, t, :, None] * dcontext[:, t, None]
    return dscores, dvalues

# wrong: order
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    dscores = weights * (dweights - (weights * dweights).sum(-1, keepdims=True))
    return weights.transpose(0, 2, 1) @ dcontext, dscores

# wrong: dscores alone
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    return weights * (dweights - (weights * dweights).sum(-1, keepdims=True))

# wrong: exception
def attention_backward(dcontext, weights, values):
    return weights * (dcontext @ values.T), weights.T @ dcontext

# wrong: ?
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    dscores = weights * (dweights - (weights * dweights).sum(-1, keepdims=True)) / 2
    return dscores, weights.transpose(0, 2, 1) @ dcontext

# wrong: log-softmax
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    dscores = dweights - weights * dweights.sum(-1, keepdims=True)
    return dscores, weights.transpose(0, 2, 1) @ dcontext

# wrong: values for dvalues
def attention_backward(dcontext, weights, values):
    dweights = dcontext @ values.transpose(0, 2, 1)
    dscores = weights * (dweights - (weights * dweights).sum(-1, keepdims=True))
    return dscores, dscores.transpose(0, 2, 1) @ dcontext
