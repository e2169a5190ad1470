def total(limit):
    result = 0
    for i in range(limit):
        result += i
    return result


total(1_500_000)
