class Meter:
    def __init__(self):
        self.value = 0
        self.step = 2

    def tick(self):
        self.value = self.value + self.step


def run(times):
    meter = Meter()
    for _ in range(times):
        meter.tick()
    return meter.value


run(400_000)
