"""What format strings are made of."""

__all__ = ["formatter_parser", "formatter_field_name_split"]


def formatter_parser(format_string):
    """(text, field name, spec, conversion) for each field; the last three are None behind the last text."""
    if not isinstance(format_string, str):
        raise TypeError("expected str, got %s" % type(format_string).__name__)
    return iter(_fields(format_string))


def _fields(text):
    at = 0
    size = len(text)
    while at < size:
        start = at
        while at < size and text[at] not in "{}":
            at += 1
        literal = text[start:at]
        if at >= size:
            yield literal, None, None, None
            return
        brace = text[at]
        at += 1
        if at < size and text[at] == brace:
            # A doubled brace is one brace, and ends a text.
            at += 1
            yield literal + brace, None, None, None
            continue
        if brace == "}":
            raise ValueError("Single '}' encountered in format string")
        if at >= size:
            raise ValueError("Single '{' encountered in format string")
        depth = 1
        start = at
        brackets = False
        while at < size:
            c = text[at]
            if c == "{":
                depth += 1
            elif c == "}":
                depth -= 1
                if depth == 0:
                    break
            at += 1
        if depth:
            raise ValueError("expected '}' before end of string")
        field = text[start:at]
        at += 1
        yield (literal,) + _field(field)


def _field(field):
    """(name, spec, conversion)"""
    at = 0
    inside = False
    while at < len(field):
        c = field[at]
        if c == "[":
            inside = True
        elif c == "]":
            inside = False
        elif not inside and c in ":!":
            break
        elif c == "{":
            raise ValueError("unexpected '{' in field name")
        at += 1
    name, rest = field[:at], field[at:]
    if not rest:
        return name, "", None
    if rest[0] == ":":
        return name, rest[1:], None
    if len(rest) < 2:
        raise ValueError("end of string while looking for conversion specifier")
    conversion = rest[1]
    if len(rest) == 2:
        return name, "", conversion
    if rest[2] != ":":
        raise ValueError("expected ':' after conversion specifier")
    return name, rest[3:], conversion


def formatter_field_name_split(field_name):
    """The first part of a field's name, and (is attribute, name) for the others."""
    if not isinstance(field_name, str):
        raise TypeError("expected str, got %s" % type(field_name).__name__)
    at = 0
    while at < len(field_name) and field_name[at] not in ".[":
        at += 1
    first = field_name[:at]
    return (int(first) if first.isdigit() else first), iter(_rest(field_name, at))


def _rest(text, at):
    while at < len(text):
        if text[at] == ".":
            start = at = at + 1
            while at < len(text) and text[at] not in ".[":
                at += 1
            name = text[start:at]
            if not name:
                raise ValueError("Empty attribute in format string")
            yield True, name
        elif text[at] == "[":
            end = text.find("]", at)
            if end < 0:
                raise ValueError("Missing ']' in format string")
            name = text[at + 1:end]
            at = end + 1
            if not name:
                raise ValueError("Empty attribute in format string")
            if at < len(text) and text[at] not in ".[":
                raise ValueError("Only '.' or '[' may follow ']' in format field specifier")
            yield False, int(name) if name.isdigit() else name
        else:
            raise ValueError("Only '.' or '[' may follow ']' in format field specifier")
