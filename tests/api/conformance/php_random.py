"""PHP's seeded random numbers, so that our content is word for word that of the reference."""

LENGTH, SHIFT = 624, 397


class PhpRandom:
    """mt_srand() and mt_rand(low, high) of PHP 7.1 and later: MT19937 with rejection."""

    def __init__(self, seed: int) -> None:
        state = [seed & 0xFFFFFFFF]
        for i in range(1, LENGTH):
            previous = state[-1]
            state.append((1812433253 * (previous ^ (previous >> 30)) + i) & 0xFFFFFFFF)
        self._state, self._next = state, LENGTH

    def _word(self) -> int:
        if self._next == LENGTH:
            self._reload()
        word = self._state[self._next]
        self._next += 1
        word ^= word >> 11
        word ^= (word << 7) & 0x9D2C5680
        word ^= (word << 15) & 0xEFC60000
        return word ^ (word >> 18)

    def _reload(self) -> None:
        state = self._state
        for i in range(LENGTH):
            mixed = (state[i] & 0x80000000) | (state[(i + 1) % LENGTH] & 0x7FFFFFFF)
            twist = 0x9908B0DF if mixed & 1 else 0
            state[i] = state[(i + SHIFT) % LENGTH] ^ (mixed >> 1) ^ twist
        self._next = 0

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        most = high - low
        word = self._word()
        if most & (most + 1) == 0:
            return low + (word & most)
        count = most + 1
        ceiling = 0xFFFFFFFF - (0xFFFFFFFF % count) - 1
        while word > ceiling:
            word = self._word()
        return low + word % count
