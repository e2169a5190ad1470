def primes(limit):
    flags = [True] * (limit + 1)
    found = 0
    i = 2
    while i <= limit:
        if flags[i]:
            found += 1
            j = i + i
            while j <= limit:
                flags[j] = False
                j += i
        i += 1
    return found


primes(300_000)
