def count_leaves(depth):
    if depth < 1:
        return 1
    return count_leaves(depth - 1) + count_leaves(depth - 1)


count_leaves(17)
