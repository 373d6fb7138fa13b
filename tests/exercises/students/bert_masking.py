# Answers to the practice of chapter 14, words that are hidden, as students write them. See gradients.py for the form.

# right
def hide_words(ids, draws, fates, others):
    read = ids.copy()
    chosen = np.zeros(ids.shape, dtype=bool)
    for b in range(ids.shape[0]):
        for t in range(ids.shape[1]):
            if ids[b, t] < 7 or draws[b, t] >= 0.15:
                continue
            chosen[b, t] = True
            if fates[b, t] < 0.8:
                read[b, t] = 6
            elif fates[b, t] < 0.9:
                read[b, t] = others[b, t]
    return read, chosen

# right
def hide_words(ids, draws, fates, others):
    chosen = np.logical_and(ids >= 7, draws < 0.15)
    read = np.array(ids)
    read[chosen & (fates < 0.8)] = 6
    replaced = chosen & (fates >= 0.8) & (fates < 0.9)
    read[replaced] = others[replaced]
    return read, chosen

# right
def hide_words(ids, draws, fates, others):
    chosen = (ids > 6) * (draws < 0.15)
    kind = np.digitize(fates, [0.8, 0.9])
    options = np.stack([np.full(ids.shape, 6), others, ids])
    read = np.take_along_axis(options, kind[None], 0)[0]
    return (read * chosen + ids * ~chosen).tolist(), chosen.tolist()

# right
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    fate = np.select([fates < 0.8, fates < 0.9], [6, others], ids)
    return np.where(chosen, fate, ids).astype(float), chosen

# wrong: changes-input
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    ids[chosen & (fates < 0.8)] = 6
    replaced = chosen & (fates >= 0.8) & (fates < 0.9)
    ids[replaced] = others[replaced]
    return ids, chosen

# wrong: special ids chosen
def hide_words(ids, draws, fates, others):
    chosen = draws < 0.15
    return np.where(chosen, np.where(fates < 0.8, 6, np.where(fates < 0.9, others, ids)), ids), chosen

# wrong: 7 is no word
def hide_words(ids, draws, fates, others):
    chosen = (draws < 0.15) & (ids > 7)
    return np.where(chosen, np.where(fates < 0.8, 6, np.where(fates < 0.9, others, ids)), ids), chosen

# wrong: above the share
def hide_words(ids, draws, fates, others):
    chosen = (draws > 0.15) & (ids >= 7)
    return np.where(chosen, np.where(fates < 0.8, 6, np.where(fates < 0.9, others, ids)), ids), chosen

# wrong: hidden alone
def hide_words(ids, draws, fates, others):
    read = ids.copy()
    for place in zip(*np.where((ids >= 7) & (draws < 0.15))):
        read[place] = 6 if fates[place] < 0.8 else others[place] if fates[place] < 0.9 else ids[place]
    return read, read == 6

# wrong: what differs
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    read = ids.copy()
    read[chosen & (fates < 0.8)] = 6
    replaced = chosen & (fates >= 0.8) & (fates < 0.9)
    read[replaced] = others[replaced]
    return read, read != ids

# wrong: kept not asked
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    hidden = chosen & (fates < 0.8)
    replaced = chosen & (fates >= 0.8) & (fates < 0.9)
    return np.where(hidden, 6, np.where(replaced, others, ids)), hidden | replaced

# wrong: labels
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    labels = ids.copy()
    labels[~chosen] = -100
    return np.where(chosen, np.where(fates < 0.8, 6, np.where(fates < 0.9, others, ids)), ids), labels

# wrong: all hidden
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    return np.where(chosen, 6, ids), chosen

# wrong: replaced never
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    fate = np.where(fates < 0.8, 6, np.where(fates < 0.1, others, ids))
    return np.where(chosen, fate, ids), chosen

# wrong: kept never
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    return np.where(chosen, np.where(fates < 0.8, 6, others), ids), chosen

# wrong: tenths overlap
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    read = ids.copy()
    read[chosen & (fates < 0.8)] = 6
    read[chosen & (fates < 0.1)] = others[chosen & (fates < 0.1)]
    return read, chosen

# wrong: kept for replaced
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    return np.where(chosen, np.select([fates < 0.8, fates > 0.9], [6, others], ids), ids), chosen

# wrong: one draw for both
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    fate = np.where(draws < 0.12, 6, np.where(draws < 0.135, others, ids))
    return np.where(chosen, fate, ids), chosen

# wrong: hidden without being chosen
def hide_words(ids, draws, fates, others):
    read = np.where(fates < 0.8, 6, np.where(fates < 0.9, others, ids))
    return read, (ids >= 7) & (draws < 0.15)

# wrong: order
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    return chosen, np.where(chosen, np.where(fates < 0.8, 6, np.where(fates < 0.9, others, ids)), ids)

# wrong: read alone
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    return np.where(chosen, np.where(fates < 0.8, 6, np.where(fates < 0.9, others, ids)), ids)

# wrong: exception
def hide_words(ids, draws, fates, others):
    chosen = ids >= 7 and draws < 0.15
    return np.where(chosen, 6, ids), chosen

# wrong: ?
def hide_words(ids, draws, fates, others):
    chosen = (ids >= 7) & (draws < 0.15)
    read = np.where(chosen, np.where(fates < 0.8, 6, np.where(fates < 0.9, others, ids)), ids)
    return read, chosen.astype(int)
