"""SHA-512, as far as seeds of random numbers need it."""


def _primes(count):
    found = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


def _root(number, power):
    """The whole part of a root."""
    low, high = 0, 1 << number.bit_length() // power + 1
    while low < high:
        middle = (low + high + 1) // 2
        if middle ** power <= number:
            low = middle
        else:
            high = middle - 1
    return low


_MASK = (1 << 64) - 1
# The first 64 bits behind the point of the roots of the first primes.
_ROUNDS = [_root(prime << 192, 3) & _MASK for prime in _primes(80)]
_START = [_root(prime << 128, 2) & _MASK for prime in _primes(8)]


def _turned(word, by):
    return (word >> by | word << 64 - by) & _MASK


def digest(data):
    length = len(data)
    data = bytes(data) + b"\x80" + b"\0" * (-(length + 17) % 128) + (8 * length).to_bytes(16, "big")
    state = _START
    for start in range(0, len(data), 128):
        words = [int.from_bytes(data[at:at + 8], "big") for at in range(start, start + 128, 8)]
        for at in range(16, 80):
            near, far = words[at - 15], words[at - 2]
            near = _turned(near, 1) ^ _turned(near, 8) ^ near >> 7
            far = _turned(far, 19) ^ _turned(far, 61) ^ far >> 6
            words.append((words[at - 16] + near + words[at - 7] + far) & _MASK)
        a, b, c, d, e, f, g, h = state
        for word, constant in zip(words, _ROUNDS):
            first = h + (_turned(e, 14) ^ _turned(e, 18) ^ _turned(e, 41)) + (e & f ^ ~e & g) + constant + word
            second = (_turned(a, 28) ^ _turned(a, 34) ^ _turned(a, 39)) + (a & b ^ a & c ^ b & c)
            a, b, c, d, e, f, g, h = (first + second) & _MASK, a, b, c, (d + first) & _MASK, e, f, g
        state = [(old + new) & _MASK for old, new in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join([word.to_bytes(8, "big") for word in state])
