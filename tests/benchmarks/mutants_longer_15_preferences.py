"""Planted bugs of tests/benchmarks/longer_15_preferences.py."""

FILE = "tests/benchmarks/longer_15_preferences.py"
TESTS = ["tests/benchmarks/test_longer_15_preferences.py"]
MUTANTS = {
    "rate": ("RATE, PROXY_RATE = 3e-4, 1e-3", "RATE, PROXY_RATE = 1e-3, 1e-3"),
    "proxy-rate": ("RATE, PROXY_RATE = 3e-4, 1e-3", "RATE, PROXY_RATE = 3e-4, 3e-4"),
    "few-comparisons": ("COMPARISONS, ASKED = 8192, 32", "COMPARISONS, ASKED = 512, 32"),
    "fewer-asked": ("COMPARISONS, ASKED = 8192, 32", "COMPARISONS, ASKED = 8192, 16"),
    "nothing-hidden": ("(4096, True)", "(4096, False)"),
    "hidden-throughout": ("(4096, False)", "(4096, True)"),
    "fewer-than-said": ("(512, False)", "(64, False)"),
    "less-pretraining": ("pretrained(6 * steps, seed)", "pretrained(steps, seed)"),
    "table-of-a-few": ("table(net, ALL)", "table(net, ALL[:64])"),
    "optima-of-the-truth": (
        "rewarded.optimum(log_ref, scored, beta) for",
        "rewarded.optimum(log_ref, rewards, beta) for",
    ),
    "proxy-is-true": (
        '"proxy": [rounded(rewarded.expected(log_p, scored)',
        '"proxy": [rounded(rewarded.expected(log_p, rewards)',
    ),
    "true-is-proxy": (
        '"true": [rounded(rewarded.expected(log_p, rewards)',
        '"true": [rounded(rewarded.expected(log_p, scored)',
    ),
    "nearer": ("log_ref) > kl", "log_ref) < kl"),
    "short-search": ("range(60)", "range(6)"),
    "narrow-search": ("np.log(1e-3), np.log(1e3)", "np.log(1e-3), np.log(1.0)"),
    "judged-by-the-whole": (
        "ref = table(net, asked), rewarded.reward(asked), log_ref[number(asked)]",
        "ref = table(net, asked), rewarded.reward(asked), log_ref[: len(asked)]",
    ),
    "kl-backwards": ("kl = rewarded.divergence(log_p, ref)", "kl = rewarded.divergence(ref, log_p)"),
    "frontier-at-none": ("at_divergence(ref, rewards, kl)", "at_divergence(ref, rewards, 0)"),
    "reward-of-the-reference": (
        '"reward": rounded(rewarded.expected(log_p, rewards), 4),\n        "frontier"',
        '"reward": rounded(rewarded.expected(ref, rewards), 4),\n        "frontier"',
    ),
    "reward-of-the-first": ("np.arange(len(lists)), number(answers)", "0, number(answers)"),
    "trained-on-the-asked": (
        "        lists, asked = split(seed)\n        rows",
        "        asked, lists = split(seed)\n        rows",
    ),
    "same-comparisons": ("default_rng([seed, 10**6 + 2])", "default_rng([0, 10**6 + 2])"),
    "compared-elsewhere": (
        "rewarded.compared(log_ref[number(lists)], rewarded.reward(lists), lists, COMPARISONS, rng)",
        "rewarded.compared(log_ref[: len(lists)], rewarded.reward(lists), lists, COMPARISONS, rng)",
    ),
    "dpo-everywhere": ('"policy gradient": lambda', '"policy  gradient": lambda'),
    "no-penalty": (
        "net, ref, true_reward, lists, beta, steps, seed, RATE",
        "net, ref, true_reward, lists, 0.0, steps, seed, RATE",
    ),
    "dpo-beta-one": ("net, ref, pairs, beta, steps, seed, RATE", "net, ref, pairs, 1.0, steps, seed, RATE"),
    "frontier-of-the-training": (
        "frontier = along(rows, rewards, rewards, grid)",
        "frontier = along(log_ref[number(lists)], rewarded.reward(lists), rewarded.reward(lists), grid)",
    ),
    "worst": ("rewards.max(1).mean()", "rewards.min(1).mean()"),
    "model-for-exact": ("rounded(exact_bits(texts, seed), 5)", "rounded(bits(net, texts, seed), 5)"),
    "betas-of-dpo": ("for beta in betas[way]", 'for beta in betas["DPO"]'),
    "agrees-with-equals": ("(s[:, None] - s) > 0]", "(s[:, None] - s) >= 0]"),
    "of-all-pairs": ("both[r[:, None] != r].sum()", "both.sum()"),
    "not-weighted": ("both = np.outer(weight, weight)", "both = np.ones((len(weight), len(weight)))"),
    "last-row-alone": ("hits += both", "hits = both"),
    "best-by-truth": ("rewarded.best_of(log_ref, scored, n) for", "rewarded.best_of(log_ref, rewards, n) for"),
    "bound-without-correction": ("np.log(n) - (n - 1) / n", "np.log(n)"),
    "proxy-trained-on-the-asked": (
        "    lists, asked = split(seed)\n    asked = asked[:ASKED]",
        "    asked, lists = split(seed)\n    asked = asked[:ASKED]",
    ),
    "same-comparisons-for-proxies": ("default_rng([seed, 10**6 + 3])", "default_rng([0, 10**6 + 3])"),
    "as-many-for-all": ("rewarded.reward(lists), lists, n, rng)", "rewarded.reward(lists), lists, COMPARISONS, rng)"),
    "judge-sees-all": ("rewarded.reward_model(net, pairs, hidden,", "rewarded.reward_model(net, pairs, False,"),
    "scored-with-all": ("rewarded.scores(judge, asked, hidden)", "rewarded.scores(judge, asked, False)"),
    "said-with-all": ("rewarded.score(judge, x, y, hidden)", "rewarded.score(judge, x, y, False)"),
    "rewarded-by-the-truth": (
        "net, log_ref, said, lists, beta, steps, seed, RATE",
        "net, log_ref, true_reward, lists, beta, steps, seed, RATE",
    ),
    "policy-is-the-reference": ("log_p = table(policy, asked)", "log_p = rows"),
    "true-by-the-proxy": (
        '"true": rounded(rewarded.expected(log_p, rewards), 4),\n        }\n    return found',
        '"true": rounded(rewarded.expected(log_p, scored), 4),\n        }\n    return found',
    ),
    "reference-on-all": ("        asked = split(seed)[1][:ASKED]", "        asked = split(seed)[1]"),
    "one-proxy": ("for name in PROXIES}", 'for name in ["64 comparisons"]}'),
    "four-seeds": ("range(310, 315)", "range(310, 314)"),
    "no-run-without-penalty": ('"policy gradient": [1.0, 0.5, 0.0]', '"policy gradient": [1.0, 0.5]'),
}
