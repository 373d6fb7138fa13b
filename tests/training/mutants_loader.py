"""Planted bugs of seqlib.training.loader."""

FILE = "seqlib/training/loader.py"
TESTS = ["tests/training/test_loader.py", "-k", "not noise_again"]
MUTANTS = {
    "same-order-every-pass": ("_seeded(self.loader, self.seed, self.number)", "_seeded(self.loader, self.seed, 0)"),
    "seed-without-part": ("_mixed(seed, number), devices=False", "_mixed(0, number), devices=False"),
    "own-seed-without-part": ("_mixed(generator.initial_seed() % 2**64, seed, number)", "_mixed(seed, number)"),
    "own-generator-goes-on": (
        "generator.manual_seed(_mixed(generator.initial_seed() % 2**64, seed, number))",
        "pass",
    ),
    "own-generator-not-given-back": ("        generator.set_state(state)", "        pass"),
    "resumed-at-the-beginning-of-a-pass": (
        "            while self.number < number:\n                self._read()\n",
        "",
    ),
    "resumed-in-the-first-pass": ("number - number % self.size", "number"),
    "streams-resumed": (
        'isinstance(loader.dataset, torch_data.IterableDataset):\n        return "data reads',
        'False:\n        return "data reads',
    ),
    "any-sampler-resumed": ("type(sampler) not in (*KNOWN, torch_data.BatchSampler)", "False"),
    "workers-that-stay-resumed": ("if loader.persistent_workers:", "if False:"),
    "order-unseen": (
        '"generators": [generator.initial_seed() for generator in _generators(loader)]',
        '"generators": None',
    ),
    "sampler-unseen": ('found |= {"sampler": sampler, ', "found |= {"),
    "too-short-unseen": ("if batch is None and self.size is None and self.place:", "if batch is None and self.place:"),
    "too-long-unseen": ("if next(self.iterator, None) is not None:", "if False:"),
}
