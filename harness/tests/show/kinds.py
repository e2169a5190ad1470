import weakref, collections, functools
a = [1]; b = a; c = [a, a]; c.append(c)
def counter():
    n = 0
    def inc(step=a):
        nonlocal n
        n += 1
        return n
    return inc
f = counter(); f()
class S:
    __slots__ = ("x", "__y")
    def __init__(self): self.x = a; self.__y = 2
class D(S):
    shared = []
    def __init__(self): super().__init__(); self.z = {1: a, 'k': (a, {3,2,'q'})}
s = S(); d = D(); dd = d.__dict__
w = weakref.ref(d)
prox = weakref.proxy(d)
def g(p):
    q = [p]
    yield q
    yield p
gen = g(a); next(gen)
ge = (i for i in a)
it = iter(a); m = map(len, [a]); z = zip(a, a); en = enumerate(a)
dq = collections.deque([a], 5)
od = collections.OrderedDict(x=a)
par = functools.partial(f, a, k=3)
bm = d.__init__
na = a.append
try:
    [].x
except AttributeError as e:
    err = e
def boom(loc):
    raise KeyError(loc)
try: boom(a)
except KeyError as e: err2 = e
fs = frozenset([1, (2, 3)])
class T(tuple): pass
t = T([a]); t.x = 1
class I(int): pass
i = I(5)
sl = slice(a, None)
ns = type('N', (), {})()
@property
def pr(self): return 1
o = object()
rng = range(3); ba = bytearray(b'xy')
big = 1 << 20000
lam = lambda *, k=a: k
