"""What programs of the suite want of `ast`: literals. There are no trees."""

import _ast

__all__ = ["literal_eval"]


def literal_eval(node_or_string):
    """The value of a text that is a literal, or a display of literals."""
    if not isinstance(node_or_string, str):
        raise ValueError("malformed node or string: %r" % (node_or_string,))
    text = node_or_string.lstrip(" \t")
    if not _ast.is_literal(text):
        raise ValueError("malformed node or string: %r" % (node_or_string,))
    return eval(text, {})
