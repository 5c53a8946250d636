"""The adapters by the name of their example."""

ADAPTERS = {}


def adapter(name):
    """Marks the function that writes the example ``name`` as a workspace, runs it, and gives back its figures."""

    def mark(function):
        assert name not in ADAPTERS
        ADAPTERS[name] = function
        return function

    return mark
