// types.hpp: the type of an expression, found from the tree alone.
// Why:      a `let` whose guard is false has a value too, 0, false or none, of its expression's type.
// Use:      Type type = type_of(statement.value, 0, [&](const std::string& name) { return ...; });
// Promises: right for every expression that the checker accepts; others may end the process.
// Threads:  pure function.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "genome/tree/ast.hpp"
#include "tests/oracle/values.hpp"

namespace oracle {

using TypeOfName = std::function<Type(const std::string& name)>;

// Of the subtree at node `index`.
Type type_of(const genome::Expr& expr, std::size_t index, const TypeOfName& type_of_name);

}  // namespace oracle
