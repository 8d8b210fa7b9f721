// Built in place of program.cpp where there is no code generator: everything is interpreted.
#include "replay/native/program.hpp"

namespace replay {

class NativeProgram::Code {};

std::span<const NativeTarget> all_native_targets() { return {}; }
std::optional<NativeTarget> native_target() { return std::nullopt; }

NativeProgram::NativeProgram(const genome::Program&, std::optional<NativeTarget>) {}
NativeProgram::NativeProgram(NativeProgram&&) noexcept = default;
NativeProgram& NativeProgram::operator=(NativeProgram&&) noexcept = default;
NativeProgram::~NativeProgram() = default;

}  // namespace replay
