"""Planted bugs of the tool that asks Lighthouse."""

FILE = "tools/lighthouse.py"
TESTS = ["tests/tools/test_lighthouse.py"]
MUTANTS = {
    "speeds-of-a-busy-machine": ("if max(busy) > QUIET:", "if min(busy) > QUIET:"),
    "no-speeds-at-the-limit": ("if max(busy) > QUIET:", "if max(busy) >= QUIET:"),
    "an-even-number": ("if len(runs) % 2 == 0:", "if not runs:"),
    "best-run": ("statistics.median(run[name] for run in runs)", "max(run[name] for run in runs)"),
    "best-performance-alone": ('[run["performance"] for run in runs]', '[max(run["performance"] for run in runs)]'),
    "blocking-is-no-speed": ('"blocked, ms", "benchmark")', '"benchmark")'),
    "waits-for-nobody": ("> QUIET and clock()", "< 0 and clock()"),
    "pictures-in-the-page-are-requests": ('if item["url"].startswith("http")', "if True"),
    "bytes-unpacked": ('sum(item["transferSize"] for item in asked)', 'max(item["transferSize"] for item in asked)'),
    "all-audits": ("for name in sorted(named):", 'for name in sorted(found["audits"]):'),
    "good-is-a-fault": ('audit["score"] < 0.9', 'audit["score"] <= 0.9'),
    "no-score-is-a-fault": ('audit["score"] is not None and audit["score"]', '(audit["score"] or 0)'),
    "first-page-twice": (' if path != site / "index.html"', ""),
    "pages-of-the-machinery": ('if "_static" not in path.parts', "if True"),
    "phone-for-both": ("*DEVICES[device]]", "]"),
    "failures-are-reports": ("if done.returncode:", "if done.returncode > 1:"),
    "nothing-painted-is-a-report": ('if "runtimeError" in found:', "if False:"),
    "one-run": ("for _ in range(runs):", "for _ in range(1):"),
    "busy-unsaid": ("if max(busy) > QUIET else", "if min(busy) > QUIET else"),
}
