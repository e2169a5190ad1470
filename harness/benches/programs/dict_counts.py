def tally(rounds):
    words = ["north", "east", "south", "west", "up", "down"]
    counts = {}
    for _ in range(rounds):
        for word in words:
            if word in counts:
                counts[word] += 1
            else:
                counts[word] = 1
    return counts


tally(70_000)
