# Answers to the practice of chapter 15, the loss of DPO, as students write them. See gradients.py for the form.

# right
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    loss = np.logaddexp(0, -m).mean()
    return loss, -beta / (1 + np.exp(m)) / len(m)

# right
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    losses, grads = [], []
    for c, r, c0, r0 in zip(chosen, rejected, chosen_before, rejected_before):
        m = beta * (c - r - (c0 - r0))
        losses.append(math.log1p(math.exp(-abs(m))) + max(-m, 0))
        grads.append(-beta * (1 / (1 + math.exp(m)) if m < 0 else math.exp(-m) / (1 + math.exp(-m))))
    return sum(losses) / len(losses), np.array(grads) / len(grads)

# right
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    c = torch.tensor(chosen, requires_grad=True)
    r, c0, r0 = (torch.tensor(x) for x in (rejected, chosen_before, rejected_before))
    loss = -torch.nn.functional.logsigmoid(beta * (c - c0 - r + r0)).mean()
    return loss, torch.autograd.grad(loss, c)[0]

# right
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = np.float32(beta) * (chosen - chosen_before - rejected + rejected_before).astype(np.float32)
    loss = np.where(m > 0, np.log1p(np.exp(-np.abs(m))), np.log1p(np.exp(-np.abs(m))) - m)
    return loss.mean(), -np.float32(beta) * np.exp(-np.logaddexp(np.float32(0), m)) / m.size

# wrong: no reference
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * (chosen - rejected)
    return np.logaddexp(0, -m).mean(), -beta / (1 + np.exp(m)) / len(m)

# wrong: reference added
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - rejected) + (chosen_before - rejected_before))
    return np.logaddexp(0, -m).mean(), -beta / (1 + np.exp(m)) / len(m)

# wrong: ratio of logarithms
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * (chosen / chosen_before - rejected / rejected_before)
    return np.logaddexp(0, -m).mean(), -beta / (1 + np.exp(m)) / len(m)

# wrong: swapped
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((rejected - rejected_before) - (chosen - chosen_before))
    return np.logaddexp(0, -m).mean(), beta / (1 + np.exp(m)) / len(m)

# wrong: swapped
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((rejected - rejected_before) - (chosen - chosen_before))
    return np.logaddexp(0, -m).mean(), -beta / (1 + np.exp(m)) / len(m)

# wrong: no β
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = (chosen - chosen_before) - (rejected - rejected_before)
    return np.logaddexp(0, -m).mean(), -1 / (1 + np.exp(m)) / len(m)

# wrong: β outside
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = (chosen - chosen_before) - (rejected - rejected_before)
    return beta * np.logaddexp(0, -m).mean(), -beta / (1 + np.exp(m)) / len(m)

# wrong: β lost on the way
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    return np.logaddexp(0, -m).mean(), -1 / (1 + np.exp(m)) / len(m)

# wrong: sign of the gradient
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    return np.logaddexp(0, -m).mean(), beta / (1 + np.exp(m)) / len(m)

# wrong: σ(m)
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    return np.logaddexp(0, -m).mean(), -beta / (1 + np.exp(-m)) / len(m)

# wrong: slope of σ
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    s = 1 / (1 + np.exp(-m))
    return np.logaddexp(0, -m).mean(), -beta * s * (1 - s) / len(m)

# wrong: gradient of each
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    return np.logaddexp(0, -m).mean(), -beta / (1 + np.exp(m))

# wrong: sum
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    return np.logaddexp(0, -m).sum(), -beta / (1 + np.exp(m))

# wrong: half a sum
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    return np.logaddexp(0, -m).sum(), -beta / (1 + np.exp(m)) / len(m)

# wrong: overflow
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    s = 1 / (1 + np.exp(-m))
    return -np.log(s).mean(), -beta * (1 - s) / len(m)

# wrong: overflow
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    return np.log(1 + np.exp(-m)).mean(), -beta / (1 + np.exp(m)) / len(m)

# wrong: overflow
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    def sigmoid(x):
        return np.exp(x) / (1 + np.exp(x))
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    return -np.log(sigmoid(m)).mean(), -beta * sigmoid(-m) / len(m)

# wrong: loss alone
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    return np.logaddexp(0, -m).mean()

# wrong: no logarithm
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    return (1 / (1 + np.exp(m))).mean(), -beta / (1 + np.exp(m)) / len(m)

# wrong: ?
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((np.exp(chosen) - np.exp(chosen_before)) - (np.exp(rejected) - np.exp(rejected_before)))
    return np.logaddexp(0, -m).mean(), -beta / (1 + np.exp(m)) / len(m)

# wrong: ?
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    return np.logaddexp(0, -m), -beta / (1 + np.exp(m)) / len(m)

# wrong: exception
def dpo(chosen, rejected, chosen_before, rejected_before, beta):
    m = beta * ((chosen - chosen_before) - (rejected - rejected_before))
    loss = np.logaddexp(0, -m).sum() / B
    return loss, -beta / (1 + np.exp(m)) / B
