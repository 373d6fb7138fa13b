"""Bugs planted in the turns: whoever is to be alone is, and nobody waits for ever."""

FILE = "coursework/running/turns.py"
TESTS = ["tests/coursework/running/test_turns.py"]
MUTANTS = {
    "beside-one-that-is-alone": ("(self._running if alone else self._alone)", "(self._running if alone else False)"),
    "alone-in-name-only": ("(self._running if alone else self._alone)", "self._alone"),
    "never-together": ("(self._running if alone else self._alone)", "self._running"),
    "nobody-is-first": ("self._waiting[0] is me and not", "not"),
    "alone-for-ever": ("self._alone = False\n                self._changed", "self._changed"),
    "a-turn-is-never-given-back": ("self._running -= 1", "pass"),
    "who-gives-up-stays-in-the-queue": ("self._waiting.remove(me)", "self._waiting.popleft()"),
}
