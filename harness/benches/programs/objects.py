class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def make(times):
    total = 0
    for i in range(times):
        point = Point(i, i)
        total += point.y
    return total


make(200_000)
