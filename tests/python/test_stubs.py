"""The stubs say of every public name what the module says of it, and everything has a docstring."""
import ast
import inspect

import evotts
import pytest
from test_arguments import CALLS

# What Python gives every class.
UNTOLD = {"__init__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__new__", "__doc__", "__module__"}

# Of a parameter that a stub annotates so, what must be is told in these words.
WORDS = {
    "int": "a whole number",
    "Optional[int]": "a whole number or None",
    "float": "a number",
    "bool": "True or False",
    "str": "str",
    "Optional[str]": "str or None",
    "bytes": "bytes",
    "Union[str, bytes]": "str or bytes",
    "Union[str, bytes, os.PathLike]": "str, bytes or os.PathLike",
    "Controller": "a Controller",
}


def stub_tree(root):
    return ast.parse((root / "api/python/evotts.pyi").read_text())


def shape_of_stub(function):
    """[(name, kind, default)]"""
    arguments = function.args
    positional = arguments.posonlyargs + arguments.args
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    listed = [(a, "POSITIONAL_OR_KEYWORD", d) for a, d in zip(positional, defaults)]
    listed += [(a, "KEYWORD_ONLY", d) for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults)]
    return [(a.arg, kind, None if d is None else ast.literal_eval(d), d is None) for a, kind, d in listed if a.arg != "self"]


def shape_of_module(function):
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    return [(p.name, p.kind.name, None if p.default is p.empty else p.default, p.default is p.empty) for p in parameters]


def annotations(function):
    return {a.arg: ast.unparse(a.annotation) for a in function.args.args + function.args.kwonlyargs if a.arg != "self"}


def assert_same(place, stub, bound):
    assert shape_of_module(bound) == shape_of_stub(stub), place
    if place not in CALLS:
        return
    call, good = CALLS[place]
    for name, annotation in annotations(stub).items():
        if name == "results":
            continue
        with pytest.raises(TypeError) as caught:
            call(**{**good, name: object()})
        words = WORDS.get(annotation) or "a sequence of "
        assert annotation in WORDS or annotation.startswith("Sequence["), annotation
        assert f"{name} must be {words}" in str(caught.value), f"{place}: {name}"


def assert_fits(place, annotation, value):
    """Whether a value is what a stub says of it."""
    if annotation.startswith("Optional["):
        return value is None or assert_fits(place, annotation[len("Optional["):-1], value)
    kind = annotation.partition("[")[0]
    kinds = {"List": list, "Dict": dict, "Tuple": tuple, "int": int, "str": str, "float": float, "bool": bool, "bytes": bytes}
    if kind == "numpy.ndarray":
        return pytest.importorskip("numpy") and isinstance(value, pytest.importorskip("numpy").ndarray)
    assert type(value) is (kinds.get(kind) or getattr(evotts, kind)), f"{place}: {annotation}"


def samples():
    session = evotts.Session(evotts.Controller.known("sc"), 0.5)
    session.next()
    sc, made_up = evotts.Controller.known("sc"), evotts.Environment.synthetic("questions=1,branches=2")
    return [sc, made_up, session, session.wants[0], evotts.Result(0, ["1"], signals=[1]), evotts.Step("1", [1]), evotts.check("x")[0],
            evotts.Extractor("boxed"), evotts.evaluate([sc], [made_up], [0.5], orderings=1)]


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
        if inspect.isgetsetdescriptor(own):
            assert any(ast.unparse(d) == "property" for d in stub.decorator_list), member
            for each in samples():
                if type(each) is bound:
                    assert_fits(f"{name}.{member}", ast.unparse(stub.returns), getattr(each, member))
        elif member == "__init__":
            assert_same(name, stub, bound)
        elif member != "__hash__":
            static = any(ast.unparse(d) == "staticmethod" for d in stub.decorator_list)
            assert static == isinstance(own, staticmethod), member
            assert_same(f"{name}.{member}", stub, getattr(bound, member))


def test_there_is_a_sample_of_every_class_that_has_properties():
    assert {type(each) for each in samples()} == {getattr(evotts, c) for c in CLASSES if not issubclass(getattr(evotts, c), Exception)} - {
        evotts.Run}


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
            if member not in UNTOLD and (callable(own) or inspect.isgetsetdescriptor(own) or isinstance(own, staticmethod)):
                assert getattr(own, "__doc__", None), f"{name}.{member}"
                assert inspect.isgetsetdescriptor(own) or inspect.signature(own.__get__(None, value)) is not None


def test_the_package_is_marked_as_typed(root):
    import pathlib

    folder = pathlib.Path(evotts.__file__).parent
    assert (folder / "py.typed").is_file()
    assert (folder / "__init__.pyi").read_text() == (root / "api/python/evotts.pyi").read_text()
