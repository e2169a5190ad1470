"""Names for annotations, as far as they matter at run time."""

from _typing import (Generic, TypeVar, ParamSpec, ParamSpecArgs, ParamSpecKwargs, TypeVarTuple, TypeAliasType,
                     NoDefault)


class _Special:
    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return 'typing.' + self._name

    def __getitem__(self, parameters):
        return _Applied(self, parameters)


class _Applied:
    def __init__(self, origin, parameters):
        self.__origin__ = origin
        self.__args__ = parameters if isinstance(parameters, tuple) else (parameters,)

    def __repr__(self):
        shown = [a.__qualname__ if isinstance(a, type) else repr(a) for a in self.__args__]
        return '%r[%s]' % (self.__origin__, ', '.join(shown))

    def __eq__(self, other):
        return isinstance(other, _Applied) and \
            (self.__origin__, self.__args__) == (other.__origin__, other.__args__)

    def __hash__(self):
        return hash((id(self.__origin__), self.__args__))


class ClassVar:
    def __class_getitem__(cls, parameter):
        return _Applied(cls, parameter)


Any = _Special('Any')
Optional = _Special('Optional')
Union = _Special('Union')
Callable = _Special('Callable')
Final = _Special('Final')
Literal = _Special('Literal')
List = _Special('List')
Dict = _Special('Dict')
Set = _Special('Set')
FrozenSet = _Special('FrozenSet')
Tuple = _Special('Tuple')
Type = _Special('Type')
Iterable = _Special('Iterable')
Iterator = _Special('Iterator')
TYPE_CHECKING = False


def cast(type, value):
    return value


class _TypedDictMeta(type):
    def __new__(meta, name, bases, space, total=True):
        own = dict(space.get('__annotations__', {}))
        made = type.__new__(_TypedDictMeta, name, (dict,), space)
        keys = {}
        for base in bases:
            keys.update(base.__dict__.get('__typed_keys__', {}))
        keys.update(own)
        made.__typed_keys__ = keys
        made.__total__ = total
        return made

    def __call__(cls, *args, **values):
        return dict(*args, **values)

    def __instancecheck__(cls, instance):
        raise TypeError('TypedDict does not support instance and class checks')

    def __subclasscheck__(cls, other):
        raise TypeError('TypedDict does not support instance and class checks')


class _TypedDictBase:
    def __mro_entries__(self, bases):
        return (_TypedDictRoot,)

    def __call__(self, name, fields, total=True):
        return _TypedDictMeta(name, (), {'__annotations__': dict(fields)}, total=total)


_TypedDictRoot = type.__new__(_TypedDictMeta, 'TypedDict', (), {})
TypedDict = _TypedDictBase()
