def count(limit):
    i = 0
    while i < limit:
        i += 1
    return i


count(1_500_000)
