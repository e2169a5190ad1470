"""Classes that are mostly their fields."""

import _rules
import copy as _copy

__all__ = ['dataclass', 'field', 'Field', 'FrozenInstanceError', 'InitVar', 'KW_ONLY', 'MISSING',
           'fields', 'asdict', 'astuple', 'replace', 'is_dataclass', 'make_dataclass']


class FrozenInstanceError(AttributeError):
    pass


class _Missing:
    pass


MISSING = _Missing()


class _FactoryMark:
    def __repr__(self):
        return '<factory>'


_FACTORY = _FactoryMark()


class KW_ONLY:
    pass


class InitVar:
    def __init__(self, type):
        self.type = type

    def __class_getitem__(cls, type):
        return InitVar(type)


class Field:
    __slots__ = ('name', 'type', 'default', 'default_factory', 'init', 'repr', 'hash', 'compare', 'metadata',
                 'kw_only', '_kind')

    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = {} if metadata is None else metadata
        self.kw_only = kw_only
        self._kind = 'field'


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True,
          metadata=None, kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError('cannot specify both default and default_factory')
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _names_class(annotation, module_name, class_name):
    """Whether an annotation, as an object or as text, is the class `module_name.class_name`."""
    if isinstance(annotation, str):
        text = annotation.split('[')[0].strip()
        return text == class_name or text.endswith('.' + class_name)
    return getattr(annotation, '__name__', None) == class_name and \
        getattr(annotation, '__module__', None) == module_name


def _is_class_var(annotation):
    return _names_class(annotation, 'typing', 'ClassVar') or \
        _names_class(getattr(annotation, '__origin__', None), 'typing', 'ClassVar')


def _is_init_var(annotation):
    return annotation is InitVar or type(annotation) is InitVar or \
        (isinstance(annotation, str) and _names_class(annotation, '', 'InitVar'))


def _field_of(cls, name, annotation, kw_only):
    default = cls.__dict__.get(name, MISSING)
    if isinstance(default, Field):
        made = default
    else:
        if type(default).__name__ == 'member_descriptor':
            default = MISSING
        made = field(default=default)
    made.name = name
    made.type = annotation
    if _is_class_var(annotation):
        made._kind = 'class'
    elif _is_init_var(annotation):
        made._kind = 'init'
    if made.kw_only is MISSING:
        made.kw_only = kw_only
    if made._kind == 'field' and made.default is not MISSING:
        unhashable = type(made.default).__hash__ is None if _rules.dataclass_unhashable_defaults \
            else isinstance(made.default, (list, dict, set))
        if unhashable:
            raise ValueError('mutable default %s for field %s is not allowed: use default_factory'
                             % (type(made.default), name))
    return made


def _collect_fields(cls, kw_only):
    found = {}
    for base in cls.__mro__[-1:0:-1]:
        found.update(getattr(base, '__dataclass_fields__', {}))
    own = cls.__dict__.get('__annotations__')
    if own is None:
        own = cls.__annotations__ if _rules.annotations_lazy else {}
    for name, annotation in list(own.items()):
        if annotation is KW_ONLY or (isinstance(annotation, str) and _names_class(annotation, '', 'KW_ONLY')):
            kw_only = True
            continue
        made = _field_of(cls, name, annotation, kw_only)
        found[name] = made
        if isinstance(cls.__dict__.get(name), Field):
            if made.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, made.default)
    for name, value in cls.__dict__.items():
        if isinstance(value, Field) and name not in own:
            raise TypeError('%r is a field but has no type annotation' % name)
    return found


def _function(name, parameters, body, names, cls):
    """Compiles `def name(parameters): body` with some values in reach."""
    inner = ''.join('  %s\n' % line for line in body) or '  pass\n'
    text = 'def __create__(%s):\n def %s(%s):\n%s\n return %s\n' % (
        ', '.join(names), name, ', '.join(parameters), inner.replace('\n  ', '\n  '), name)
    space = {}
    exec(text, {'__builtins__': __builtins__, '__name__': cls.__module__}, space)
    made = space['__create__'](**names)
    made.__qualname__ = '%s.%s' % (cls.__qualname__, name)
    return made


def _make_init(cls, found, frozen):
    names = {'_FACTORY': _FACTORY, '_set': object.__setattr__}
    positional = ['self']
    keyword = []
    body = []
    seen_default = None
    for f in found.values():
        if f._kind == 'class':
            continue
        if f.init:
            parameter = f.name
            if f.default is not MISSING:
                names['_default_' + f.name] = f.default
                parameter += '=_default_' + f.name
            elif f.default_factory is not MISSING:
                parameter += '=_FACTORY'
            elif seen_default and not f.kw_only:
                raise TypeError('non-default argument %r follows default argument' % f.name)
            if f.kw_only:
                keyword.append(parameter)
            else:
                positional.append(parameter)
                if '=' in parameter:
                    seen_default = True
        if f._kind == 'init':
            continue
        if f.default_factory is not MISSING:
            names['_factory_' + f.name] = f.default_factory
            value = '_factory_%s()' % f.name
            if f.init:
                value += ' if %s is _FACTORY else %s' % (f.name, f.name)
        elif f.init:
            value = f.name
        elif f.default is not MISSING:
            names['_default_' + f.name] = f.default
            value = '_default_' + f.name
        else:
            continue
        body.append('_set(self, %r, %s)' % (f.name, value) if frozen else 'self.%s = %s' % (f.name, value))
    if hasattr(cls, '__post_init__'):
        body.append('self.__post_init__(%s)' % ', '.join(f.name for f in found.values() if f._kind == 'init'))
    if keyword:
        positional.append('*')
    return _function('__init__', positional + keyword, body, names, cls)


def _make_repr(shown):
    active = set()

    def __repr__(self):
        if id(self) in active:
            return '...'
        active.add(id(self))
        try:
            return '%s(%s)' % (type(self).__qualname__,
                               ', '.join('%s=%r' % (f.name, getattr(self, f.name)) for f in shown))
        finally:
            active.discard(id(self))
    return __repr__


def _values(of, compared):
    return tuple([getattr(of, f.name) for f in compared])


def _make_eq(compared):
    def __eq__(self, other):
        if other.__class__ is self.__class__:
            return _values(self, compared) == _values(other, compared)
        return NotImplemented
    return __eq__


def _make_order(name, compared):
    def compare(self, other):
        if other.__class__ is self.__class__:
            return getattr(_values(self, compared), name)(_values(other, compared))
        return NotImplemented
    compare.__name__ = name
    return compare


def _make_hash(hashed):
    def __hash__(self):
        return hash(_values(self, hashed))
    return __hash__


def _freeze(cls, found):
    names = [f.name for f in found.values() if f._kind == 'field']

    def __setattr__(self, name, value):
        if type(self) is cls or name in names:
            raise FrozenInstanceError('cannot assign to field %r' % name)
        super(cls, self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in names:
            raise FrozenInstanceError('cannot delete field %r' % name)
        super(cls, self).__delattr__(name)
    for method in (__setattr__, __delattr__):
        if method.__name__ in cls.__dict__:
            raise TypeError('Cannot overwrite attribute %s in class %s' % (method.__name__, cls.__name__))
        setattr(cls, method.__name__, method)
    return __setattr__, __delattr__


def _with_slots(cls, found, frozen):
    if '__slots__' in cls.__dict__:
        raise TypeError('%s already specifies __slots__' % cls.__name__)
    space = dict(cls.__dict__)
    inherited = set()
    for base in cls.__mro__[1:-1]:
        inherited.update(base.__dict__.get('__slots__', ()))
    names = tuple(f.name for f in found.values() if f._kind == 'field')
    space['__slots__'] = tuple(name for name in names if name not in inherited)
    for name in names:
        space.pop(name, None)
    space.pop('__dict__', None)
    space.pop('__weakref__', None)
    made = type(cls)(cls.__name__, cls.__bases__, space)
    made.__qualname__ = cls.__qualname__
    if frozen:
        for name in ('__setattr__', '__delattr__'):
            delattr(made, name)
        _freeze(made, found)
    return made


def _set_new(cls, name, value):
    if name in cls.__dict__:
        return True
    setattr(cls, name, value)
    value.__qualname__ = '%s.%s' % (cls.__qualname__, name)
    return False


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots):
    found = _collect_fields(cls, kw_only)
    plain = [f for f in found.values() if f._kind == 'field']
    for base in cls.__mro__[1:]:
        parameters = base.__dict__.get('__dataclass_params__')
        if parameters is not None:
            if parameters['frozen'] and not frozen:
                raise TypeError('cannot inherit non-frozen dataclass from a frozen one')
            if frozen and not parameters['frozen']:
                raise TypeError('cannot inherit frozen dataclass from a non-frozen one')
    if order and not eq:
        raise ValueError('eq must be true if order is true')
    own_hash = cls.__dict__.get('__hash__', MISSING)
    has_own_hash = not (own_hash is MISSING or (own_hash is None and '__eq__' in cls.__dict__))
    cls.__dataclass_fields__ = found
    cls.__dataclass_params__ = {'frozen': frozen, 'eq': eq, 'order': order}
    compared = [f for f in plain if f.compare]
    if init:
        _set_new(cls, '__init__', _make_init(cls, found, frozen))
    if repr:
        _set_new(cls, '__repr__', _make_repr([f for f in plain if f.repr]))
    if eq:
        _set_new(cls, '__eq__', _make_eq(compared))
    if order:
        for name in ('__lt__', '__le__', '__gt__', '__ge__'):
            if _set_new(cls, name, _make_order(name, compared)):
                raise TypeError('Cannot overwrite attribute %s in class %s. Consider using functools.total_ordering'
                                % (name, cls.__name__))
    if frozen:
        _freeze(cls, found)
    hashed = [f for f in plain if (f.compare if f.hash is None else f.hash)]
    if unsafe_hash:
        if has_own_hash:
            raise TypeError('Cannot overwrite attribute __hash__ in class %s' % cls.__name__)
        cls.__hash__ = _make_hash(hashed)
    elif eq and not has_own_hash:
        cls.__hash__ = _make_hash(hashed) if frozen else None
    if match_args and '__match_args__' not in cls.__dict__:
        cls.__match_args__ = tuple(f.name for f in found.values() if f.init and not f.kw_only and f._kind != 'class')
    if slots:
        cls = _with_slots(cls, found, frozen)
    return cls


def dataclass(cls=None, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, **more):
    known = {'match_args': True, 'kw_only': False, 'slots': False} if _rules.dataclass_slots else {}
    for name in more:
        if name not in known:
            raise TypeError('dataclass() got an unexpected keyword argument %r' % name)
    known.update(more)

    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, known.get('match_args', False),
                        known.get('kw_only', False), known.get('slots', False))
    return wrap if cls is None else wrap(cls)


def fields(of):
    try:
        found = of.__dataclass_fields__
    except AttributeError:
        raise TypeError('must be called with a dataclass type or instance') from None
    return tuple(f for f in found.values() if f._kind == 'field')


def is_dataclass(of):
    return hasattr(of if isinstance(of, type) else type(of), '__dataclass_fields__')


def _is_instance(of):
    return hasattr(type(of), '__dataclass_fields__')


def _inner(value, make):
    if _is_instance(value):
        return make(value)
    if isinstance(value, tuple) and hasattr(value, '_fields'):
        return type(value)(*[_inner(item, make) for item in value])
    if isinstance(value, (list, tuple)):
        return type(value)(_inner(item, make) for item in value)
    if isinstance(value, dict):
        return type(value)((_inner(key, make), _inner(item, make)) for key, item in value.items())
    return _copy.deepcopy(value)


def asdict(of, *, dict_factory=dict):
    if not _is_instance(of):
        raise TypeError('asdict() should be called on dataclass instances')

    def make(value):
        return dict_factory([(f.name, _inner(getattr(value, f.name), make)) for f in fields(value)])
    return make(of)


def astuple(of, *, tuple_factory=tuple):
    if not _is_instance(of):
        raise TypeError('astuple() should be called on dataclass instances')

    def make(value):
        return tuple_factory([_inner(getattr(value, f.name), make) for f in fields(value)])
    return make(of)


def replace(of, **changes):
    if not _is_instance(of):
        raise TypeError('replace() should be called on dataclass instances')
    for f in of.__dataclass_fields__.values():
        if f._kind == 'class':
            continue
        if not f.init:
            if f.name in changes:
                raise ValueError('field %s is declared with init=False, it cannot be specified with replace()' % f.name)
            continue
        if f.name not in changes:
            changes[f.name] = getattr(of, f.name)
    return type(of)(**changes)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options):
    space = {} if namespace is None else dict(namespace)
    annotations = {}
    for item in fields:
        if isinstance(item, str):
            annotations[item] = 'typing.Any'
        else:
            annotations[item[0]] = item[1]
            if len(item) == 3:
                space[item[0]] = item[2]
    space['__annotations__'] = annotations
    return dataclass(type(cls_name, bases, space), **options)
