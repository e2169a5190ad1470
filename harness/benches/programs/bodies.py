def swing(steps):
    x, y = 0.0, 1.0
    vx, vy = 1.0, 0.0
    dt = 0.0005
    for _ in range(steps):
        square = x * x + y * y
        ax = -x / square
        ay = -y / square
        vx += ax * dt
        vy += ay * dt
        x += vx * dt
        y += vy * dt
    return x, y


swing(200_000)
