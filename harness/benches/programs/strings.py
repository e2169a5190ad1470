def lengths(times):
    total = 0
    for i in range(times):
        text = str(i)
        total += len(text + "!")
    return total


lengths(200_000)
