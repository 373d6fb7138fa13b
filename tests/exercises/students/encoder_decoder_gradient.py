# Answers to the practice of chapter 11, the gradient of the context, as students write them. See gradients.py.

# right
def context_gradient(ds, s, W_ss, W_sv):
    dc = np.zeros(len(W_ss))
    carried = np.zeros(len(W_ss))
    for t in range(len(s) - 1, -1, -1):
        da = (1 - s[t] ** 2) * (ds[t] + carried)
        dc += W_sv.T @ da
        carried = W_ss.T @ da
    return dc + carried

# right
def context_gradient(ds, s, W_ss, W_sv):
    after, dc = 0, 0
    for d, state in zip(ds[::-1], s[::-1]):
        da = (d + after) * (1 - state * state)
        after = da @ W_ss
        dc = dc + da @ W_sv
    return dc + after

# right
def context_gradient(ds, s, W_ss, W_sv):
    ds, s, W_ss, W_sv = (torch.tensor(x) for x in (ds, s, W_ss, W_sv))
    context = torch.zeros(len(W_ss), dtype=torch.float64, requires_grad=True)
    before = torch.cat([context.detach()[None], s[:-1]])
    offset = torch.atanh(s) - before @ W_ss.T
    state, loss = context, 0
    for t in range(len(s)):
        state = torch.tanh(W_ss @ state + W_sv @ context + offset[t])
        loss = loss + ds[t] @ state
    loss.backward()
    return context.grad

# wrong: start alone
def context_gradient(ds, s, W_ss, W_sv):
    carried = np.zeros(len(W_ss))
    for t in range(len(s) - 1, -1, -1):
        carried = W_ss.T @ ((1 - s[t] ** 2) * (ds[t] + carried))
    return carried

# wrong: steps alone
def context_gradient(ds, s, W_ss, W_sv):
    dc = np.zeros(len(W_ss))
    carried = np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * (ds[t] + carried)
        dc += W_sv.T @ da
        carried = W_ss.T @ da
    return dc

# wrong: first step alone
def context_gradient(ds, s, W_ss, W_sv):
    da = np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * (ds[t] + W_ss.T @ da)
    return W_sv.T @ da + W_ss.T @ da

# wrong: nothing carried
def context_gradient(ds, s, W_ss, W_sv):
    da = ds * (1 - s**2)
    return W_sv.T @ da.sum(axis=0) + W_ss.T @ da[0]

# wrong: no slope
def context_gradient(ds, s, W_ss, W_sv):
    dc = carried = np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        d = ds[t] + carried
        dc = dc + W_sv.T @ d
        carried = W_ss.T @ d
    return dc + carried

# wrong: not transposed
def context_gradient(ds, s, W_ss, W_sv):
    dc = carried = np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * (ds[t] + carried)
        dc = dc + W_sv @ da
        carried = W_ss @ da
    return dc + carried

# wrong: not transposed
def context_gradient(ds, s, W_ss, W_sv):
    dc = carried = np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * (ds[t] + carried)
        dc = dc + da @ W_sv
        carried = W_ss @ da
    return dc + carried

# wrong: slope on a part
def context_gradient(ds, s, W_ss, W_sv):
    dc = carried = np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * ds[t] + carried
        dc = dc + W_sv.T @ da
        carried = W_ss.T @ da
    return dc + carried

# wrong: start through W_ss left out
def context_gradient(ds, s, W_ss, W_sv):
    dc = da = np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * (ds[t] + W_ss.T @ da)
        dc = dc + W_sv.T @ da
    return dc + da

# wrong: forwards
def context_gradient(ds, s, W_ss, W_sv):
    da, before = [], np.zeros(len(W_ss))
    for t in range(len(s)):
        before = (1 - s[t] ** 2) * (ds[t] + W_ss.T @ before)
        da.append(before)
    return W_ss.T @ da[0] + W_sv.T @ sum(da)

# wrong: tanh twice
def context_gradient(ds, s, W_ss, W_sv):
    dc = carried = np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - np.tanh(s[t]) ** 2) * (ds[t] + carried)
        dc, carried = dc + W_sv.T @ da, W_ss.T @ da
    return dc + carried

# wrong: step by step
def context_gradient(ds, s, W_ss, W_sv):
    rows, carried = np.zeros_like(s), np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * (ds[t] + carried)
        rows[t] = W_sv.T @ da
        carried = W_ss.T @ da
    return rows

# wrong: matrices swapped
def context_gradient(ds, s, W_ss, W_sv):
    dc = carried = np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * (ds[t] + carried)
        dc = dc + W_ss.T @ da
        carried = W_sv.T @ da
    return dc + carried

# wrong: changes-input
def context_gradient(ds, s, W_ss, W_sv):
    dc = 0
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * ds[t]
        dc = dc + W_sv.T @ da
        if t > 0:
            ds[t - 1] += W_ss.T @ da
    return dc + W_ss.T @ da

# wrong: exception
def context_gradient(ds, s, W_ss, W_sv):
    da = (1 - s**2) * ds
    return W_ss.T @ da + W_sv.T @ da

# wrong: ?
def context_gradient(ds, s, W_ss, W_sv):
    dc = carried = np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * (ds[t] + carried)
        dc = dc + W_sv.T @ da
        carried = 0.5 * W_ss.T @ da
    return dc + carried

# wrong: forwards
def context_gradient(ds, s, W_ss, W_sv):
    dc = carried = np.zeros(len(W_ss))
    for t in range(len(s)):
        da = (1 - s[t] ** 2) * (ds[t] + carried)
        dc = dc + W_sv.T @ da
        carried = W_ss.T @ da
    return dc + carried

# wrong: mean over uses
def context_gradient(ds, s, W_ss, W_sv):
    dc = carried = np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * (ds[t] + carried)
        dc = dc + W_sv.T @ da
        carried = W_ss.T @ da
    return (dc + carried) / len(s)

# wrong: mean over uses
def context_gradient(ds, s, W_ss, W_sv):
    uses, carried = [], np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * (ds[t] + carried)
        uses.append(W_sv.T @ da)
        carried = W_ss.T @ da
    return np.mean([*uses, carried], axis=0)

# wrong: mean over uses
def context_gradient(ds, s, W_ss, W_sv):
    uses, carried = [], np.zeros(len(W_ss))
    for t in reversed(range(len(s))):
        da = (1 - s[t] ** 2) * (ds[t] + carried)
        uses.append(W_sv.T @ da)
        carried = W_ss.T @ da
    return np.mean(uses, axis=0) + carried
