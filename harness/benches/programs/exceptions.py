def catch(times):
    caught = 0
    for i in range(times):
        try:
            raise KeyError(i)
        except KeyError:
            caught += 1
    return caught


catch(120_000)
