#!/usr/bin/env bash
# The library as others use it: the same small program built against an installed tree, by find_package and by
# pkg-config, and with evotts as a part of its project; all three print what the program of evotts prints.
#
#   tests/package/run.sh BUILD_FOLDER [installed|subproject]     # both when none is named
#
# BUILD_FOLDER is configured and whole (cmake --build). Works in a temporary folder, which it removes.
set -euo pipefail
source=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
build=$(cd "${1:?the build folder is missing}" && pwd)
what=${2:-both}
here=$source/tests/package
work=$(mktemp -d "${TMPDIR:-/tmp}/evotts-package.XXXXXX")
whole=''  # a folder beside BUILD_FOLDER
trap 'rm -rf "$work" ${whole:+"$whole"}' EXIT

fail() { printf 'package: %s\n' "$*" >&2; exit 1; }
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "failed: $*"; }; }
cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }

compiler=$(cached CMAKE_CXX_COMPILER)
configure=(-G "$(cached CMAKE_GENERATOR)" -D CMAKE_BUILD_TYPE="$(cached CMAKE_BUILD_TYPE)" -D CMAKE_CXX_COMPILER="$compiler")
expected=$("$build/evotts" eval cmc --env synthetic:seed=3 --orderings 20 --beta 0,0.5,1 --format csv |
  awk -F, 'NR > 1 { printf "%s,%s,%s\n", $3, $4, $7 }')
[ "$(wc -l <<<"$expected")" = 3 ] || fail "evotts eval printed something else: $expected"

same() { # PROGRAM NAME
  local found
  found=$("$1") || fail "$2: the example fails"
  [ "$found" = "$expected" ] || fail "$2: printed $found instead of $expected"
  printf 'package: %s: good\n' "$2"
}

has() { # PATTERN...: files of the installed tree
  local pattern
  for pattern in "$@"; do
    compgen -G "$prefix/$pattern" >/dev/null || fail "not installed: $pattern"
  done
}

# The example in the head of each public header, as a function.
write_examples() {
  local header
  mkdir "$work/examples"
  for header in "$source"/include/evotts/*.hpp; do
    {
      printf '#include <cstdio>\n#include <iostream>\n'
      (cd "$source/include" && printf '#include <%s>\n' evotts/*.hpp)
      printf 'void mark(std::uint32_t line, std::uint32_t column);\n'
      printf 'evotts::Result generate(const evotts::Want& want);\n'
      printf 'int example(std::string_view text, const evotts::Environment& environment) {\n(void)text, (void)environment;\n'
      awk '/^#pragma/ || (on && /^\/\/ [A-Z][a-z]+:/) { exit }
           sub(/^\/\/ Use: */, "") { on = 1 }
           on { sub(/^\/\/ */, ""); print }' "$header"
      printf 'return 0;\n}\n'
    } >"$work/examples/example_$(basename "$header" .hpp).cpp"
  done
}

# They find their part for MPI where it was installed, and make the tree that one process makes.
ranks() {
  local run=(run "$prefix/share/evotts/experiments/demo.toml" --generations 1 --out)
  has lib/evotts/evotts_mpi.so
  quietly "$prefix/bin/evotts" "${run[@]}" "$work/alone"
  quietly env OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 timeout 120 \
    mpirun --oversubscribe -n 2 "$prefix/bin/evotts" "${run[@]}" "$work/ranks"
  [ "$(git -C "$work/ranks" rev-parse 'HEAD^{tree}')" = "$(git -C "$work/alone" rev-parse 'HEAD^{tree}')" ] ||
    fail "two ranks make another tree"
}

installed() {
  quietly cmake --install "$build" --prefix "$work/first"
  mv "$work/first" "$work/moved tree"  # nothing in it may depend on where it was made
  prefix="$work/moved tree"
  has bin/evotts include/evotts/{version,controller,program,machine,environment,evaluate,answers,run,search,session,interruption}.hpp \
    'lib*/libevotts.*' share/evotts/experiments/{demo.toml,ablations/folds.toml} \
    share/doc/evotts/{LICENSE,README.md,docs/library.md}
  if grep -q '^build reference:' "$build/build.ninja" 2>/dev/null; then
    has share/man/man1/evotts.1 share/bash-completion/completions/evotts share/zsh/site-functions/_evotts \
      share/fish/vendor_completions.d/evotts.fish
  fi
  if grep -q '^build python_module:' "$build/build.ninja" 2>/dev/null; then
    has 'lib/python3*/*-packages/evotts/'{__init__.py,__init__.pyi,py.typed,'_evotts*.so'}
    PYTHONPATH=$(dirname "$(dirname "$(find "$prefix/lib" -name py.typed)")") "$(cached _Python3_EXECUTABLE)" -B -c \
      'import evotts; print(evotts.Controller.known("cmc"))' >/dev/null || fail "the installed module cannot be imported"
  fi
  grep -q '^cmc,' <<<"$("$prefix/bin/evotts" list --format csv)" || fail "the installed program does not list cmc"
  (cd "$prefix/share/evotts" && "$prefix/bin/evotts" run --estimate experiments/demo.toml >/dev/null) ||
    fail "the installed recipe cannot be read"
  if [ -e "$build/evotts_mpi.so" ] && command -v mpirun >/dev/null; then ranks; fi

  write_examples
  quietly cmake -S "$here/installed" -B "$work/found" "${configure[@]}" -D CMAKE_PREFIX_PATH="$prefix" \
    -D EXAMPLES="$work/examples"
  quietly cmake --build "$work/found"
  same "$work/found/example" find_package
  [ "$("$work/found/session")" = "$("$build/tests/session_example")" ] || fail "the installed session says something else"

  pc=$(dirname "$(find "$prefix" -name evotts.pc)")
  eval "flags=($(PKG_CONFIG_PATH="$pc" pkg-config --cflags --libs evotts))"
  libraries=$(dirname "$(find "$prefix" -name 'libevotts.*' | head -n 1)")
  quietly "$compiler" -std=c++20 "$here/example.cpp" -o "$work/by-pkg-config" "${flags[@]}"
  LD_LIBRARY_PATH="$libraries" same "$work/by-pkg-config" pkg-config
}

# With the flags of the build folder, and beside it: so a compiler cache has all of it.
subproject() {
  local type flags='' options
  type=$(cached CMAKE_BUILD_TYPE)
  whole=$(mktemp -d "$(dirname "$build")/subproject.XXXXXX")
  if [ -f "$build/build.ninja" ]; then
    flags=$(sed -n '/^  FLAGS = .* -ffp-contract=off/ { s/^  FLAGS = \(.*\) -ffp-contract=off.*/\1/p; q }' "$build/build.ninja")
  fi
  options=(-D EVOTTS_WARNINGS_AS_ERRORS="$(cached EVOTTS_WARNINGS_AS_ERRORS)"
    ${flags:+-D "CMAKE_CXX_FLAGS_${type^^}=$flags"})
  if command -v ccache >/dev/null; then
    options+=(-D CMAKE_CXX_COMPILER_LAUNCHER="env;CCACHE_SLOPPINESS=pch_defines,time_macros;ccache")
  fi
  quietly cmake -S "$here/subproject" -B "$whole" "${configure[@]}" "${options[@]}" -D EVOTTS="$source"
  quietly cmake --build "$whole" --target example
  same "$whole/example" add_subdirectory
}

case "$what" in
  installed) installed ;;
  subproject) subproject ;;
  both) installed; subproject ;;
  *) fail "unknown: $what" ;;
esac
