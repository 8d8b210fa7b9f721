"""The stubs say of every public name what the module says of it, and everything has a docstring."""
import ast
import inspect
import re

import evotts
import pytest

# What pybind11 and Python give every class.
UNTOLD = {"__init__", "__eq__", "__repr__", "__str__", "__getstate__", "__setstate__", "__new__", "__doc__", "__module__"}


def stub_tree(root):
    return ast.parse((root / "api/python/evotts.pyi").read_text())


def plain(annotation):
    """As both sides write it: without the module, and with what a list or dict holds left out."""
    text = re.sub(r"\b(evotts|typing|numpy)\.", "", annotation)
    text = re.sub(r"\b(List|Dict|Tuple)\[.*", lambda m: m[1].lower(), text) if re.match(r"(List|Dict|Tuple)\[", text) else text
    return {"list": "list", "dict": "dict"}.get(text, text)


def of_stub(function):
    """[(name, kind, default)], and annotations by name."""
    arguments = function.args
    positional = arguments.posonlyargs + arguments.args
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    listed = [(a, "positional", d) for a, d in zip(positional, defaults)]
    listed += [(a, "keyword", d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults)]
    shape = [(a.arg, kind, None if d is None else ast.unparse(d)) for a, kind, d in listed if a.arg != "self"]
    types = {a.arg: plain(ast.unparse(a.annotation)) for a, _, _ in listed if a.arg != "self"}
    types["return"] = plain(ast.unparse(function.returns)) if function.returns else "None"
    return shape, types


def of_module(function):
    line = function.__doc__.splitlines()[0]
    return of_stub(ast.parse("def " + line.replace(" -> object", " -> Any") + ": ...").body[0])


def is_free(annotation):
    """Where the module takes any object, and looks at it itself."""
    return annotation in ("object", "Any", "handle")


def assert_same(place, stub, bound):
    stub_shape, stub_types = of_stub(stub)
    shape, types = of_module(bound)
    assert shape == stub_shape, place
    for name, annotation in types.items():
        if not is_free(annotation):
            assert annotation == stub_types[name], f"{place}: {name}"


def stub_members(node):
    return {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}


def test_every_public_name_is_in_both(root):
    told = set()
    for node in stub_tree(root).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            told.add(node.name)
        elif isinstance(node, ast.AnnAssign):
            told.add(node.target.id)
    assert told == set(evotts.__all__)
    public = {name for name in dir(evotts._evotts) if not name.startswith("_")} | {"__version__"}
    assert public == told


def test_functions_have_the_signatures_of_the_stubs(root):
    seen = 0
    for node in stub_tree(root).body:
        if isinstance(node, ast.FunctionDef):
            assert_same(node.name, node, getattr(evotts, node.name))
            seen += 1
    assert seen == 4


CLASSES = [name for name in evotts.__all__ if inspect.isclass(getattr(evotts, name))]


@pytest.mark.parametrize("name", [c for c in CLASSES if not issubclass(getattr(evotts, c), Exception)])
def test_classes_have_the_members_of_the_stubs(root, name):
    bound = getattr(evotts, name)
    node = next(n for n in stub_tree(root).body if isinstance(n, ast.ClassDef) and n.name == name)
    members = stub_members(node)
    there = {n for n, value in vars(bound).items() if not n.startswith("_")}
    assert there == {n for n in members if not n.startswith("_")}
    for each in ("__copy__", "__deepcopy__"):
        assert (each in vars(bound)) == (each in members)
    for member, stub in members.items():
        own = inspect.getattr_static(bound, member)
        if isinstance(own, property):
            assert any(ast.unparse(d) == "property" for d in stub.decorator_list), member
            annotation = plain(of_module_property(own))
            if not is_free(annotation):
                assert annotation == of_stub(stub)[1]["return"], f"{name}.{member}"
        elif member != "__hash__":
            static = any(ast.unparse(d) == "staticmethod" for d in stub.decorator_list)
            assert static == isinstance(own, staticmethod), member
            assert_same(f"{name}.{member}", stub, getattr(bound, member))


def of_module_property(own):
    return own.fget.__doc__.splitlines()[0].rpartition(" -> ")[2]


@pytest.mark.parametrize("name", [c for c in CLASSES if issubclass(getattr(evotts, c), Exception)])
def test_exceptions_have_the_bases_of_the_stubs(root, name):
    node = next(n for n in stub_tree(root).body if isinstance(n, ast.ClassDef) and n.name == name)
    assert [base.__name__ for base in getattr(evotts, name).__bases__] == [ast.unparse(b) for b in node.bases]
    assert getattr(evotts, name).messages == () and getattr(evotts, name).diagnostics == ()


def test_everything_has_a_docstring_of_its_own():
    for name in evotts.__all__:
        value = getattr(evotts, name)
        if name == "__version__":
            continue
        assert value.__doc__ and value.__module__ == "evotts", name
        if not inspect.isclass(value) or issubclass(value, Exception):
            continue
        for member, own in vars(value).items():
            if member in UNTOLD - {"__init__"} or member.startswith("_pybind") or not (
                callable(own) or isinstance(own, (property, staticmethod))
            ):
                continue
            text = own.__doc__ if isinstance(own, property) else getattr(value, member).__doc__
            if member == "__init__" and "No constructor" in str(text) or "See help(type(self))" in str(text):
                continue
            assert text and (isinstance(own, property) or len(text.strip().splitlines()) > 1), f"{name}.{member}"


def test_the_package_is_marked_as_typed(root):
    import pathlib

    folder = pathlib.Path(evotts.__file__).parent
    assert (folder / "py.typed").is_file()
    assert (folder / "__init__.pyi").read_text() == (root / "api/python/evotts.pyi").read_text()
