def orbit(times):
    x = 0.25
    factor = 0.9975
    shift = 0.125
    for _ in range(times):
        x = x * factor + shift
    return x


orbit(800_000)
