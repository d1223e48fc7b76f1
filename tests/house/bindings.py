"""bindings.py - the rules for what bindings are made of: each public function has a shape
that a binding can have, or an exception with its reason (bindings/exceptions)."""

import sys


def complaints(top):
    """What is wrong, as texts."""
    sys.path.insert(0, str(top / "bindings" / "describe"))
    import describe
    import headers
    import shapes

    try:
        public = headers.Headers(top / "include")
    except headers.Unreadable as error:
        yield f"bindings/describe/headers.py cannot read this declaration: {error}"
        return
    kinds, exceptions, used = shapes.Shapes(public), describe.Exceptions(), set()
    for function in public.functions:
        roles = kinds.parameters(function)
        exception = exceptions.find(function)
        if exception:
            used.add(exception[0])
            continue
        for complaint in kinds.complaints(function, roles):
            yield (f"{function.name} (include/xmpp/{function.header}): {complaint}; give "
                   f"it another shape, or a line in bindings/exceptions")
    for pattern, kind, _ in exceptions.rows:
        if kind not in describe.KINDS:
            yield f"bindings/exceptions: {pattern}: there is no kind {kind}"
        if pattern not in used:
            yield f"bindings/exceptions: {pattern} fits no function"
