def doubled(rounds):
    length = 0
    for _ in range(rounds):
        numbers = [n * 2 for n in range(20_000)]
        length += len(numbers)
    return length


doubled(40)
