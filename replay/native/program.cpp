#include "replay/native/program.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "replay/machine/lane_kernels.hpp"
#include "replay/native/section.hpp"

namespace replay {
namespace {

// Programs share the pages that they fit on.
asmjit::JitRuntime& runtime() {
  static asmjit::JitRuntime instance([] {
    static asmjit::JitAllocator::CreateParams parameters;
    parameters.options =
        asmjit::JitAllocatorOptions::kUseDualMapping;  // never writable and executable at once
    return &parameters;
  }());
  return instance;
}

struct Errors : asmjit::ErrorHandler {
  void handleError(asmjit::Error error, const char*, asmjit::BaseEmitter*) override {
    if (first == asmjit::kErrorOk) first = error;
  }
  asmjit::Error first = asmjit::kErrorOk;
};

std::optional<NativeTarget> target_of(std::string_view kernels) {
  if (kernels == "avx2") return NativeTarget::kAvx2;
  if (kernels == "avx512") return NativeTarget::kAvx512;
  return std::nullopt;
}

bool switched_off() {
  const char* asked = std::getenv("EVOTTS_NATIVE");
  return asked != nullptr && std::string_view(asked) == "off";
}

}  // namespace

std::span<const NativeTarget> all_native_targets() {
  static const std::vector<NativeTarget> targets = [] {
    std::vector<NativeTarget> here;
    for (const LaneKernels& kernels : all_lane_kernels()) {
      if (const auto target = target_of(kernels.name)) here.push_back(*target);
    }
    return here;
  }();
  return targets;
}

std::optional<NativeTarget> native_target() {
  static const std::optional<NativeTarget> chosen =
      switched_off() ? std::nullopt : target_of(lane_kernels().name);
  return chosen;
}

// The function's memory, and the instructions that it refers to.
class NativeProgram::Code {
 public:
  explicit Code(const genome::Program& program) : program_(program) {}
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code() {
    if (memory_ != nullptr) runtime().release(memory_);
  }

  NativeSections translate(Width lanes) {
    asmjit::CodeHolder holder;
    Errors errors;
    if (holder.init(runtime().environment()) != asmjit::kErrorOk) return {};
    holder.setErrorHandler(&errors);
    x86::Compiler compiler(&holder);
    const SlotLayout layout(program_);
    const auto write = [&](std::size_t begin) {
      return NativeSectionWriter(compiler, program_, layout, begin, end_of(begin), lanes).write();
    };
    const std::array labels = {write(program_.start), write(program_.round), write(program_.answer)};
    if (compiler.finalize() != asmjit::kErrorOk || errors.first != asmjit::kErrorOk ||
        runtime().add(&memory_, &holder) != asmjit::kErrorOk) {
      return {};
    }
    const auto function = [&](const asmjit::Label& label) {
      return reinterpret_cast<NativeSection>(memory_ + holder.labelOffsetFromBase(label));
    };
    return {function(labels[0]), function(labels[1]), function(labels[2])};
  }

 private:
  // Sections lie one after another, in any order.
  std::size_t end_of(std::size_t begin) const {
    std::size_t end = program_.code.size();
    for (const std::size_t other : {program_.start, program_.round, program_.answer}) {
      if (other > begin) end = std::min(end, other);
    }
    return end;
  }

  const genome::Program program_;
  std::byte* memory_ = nullptr;
};

NativeProgram::NativeProgram(const genome::Program& program, std::optional<NativeTarget> target) {
  if (!target) return;
  code_ = std::make_unique<Code>(program);
  sections_ = code_->translate(*target == NativeTarget::kAvx512 ? Width::kEight : Width::kFour);
  if (!is_translated()) code_.reset();
}
NativeProgram::NativeProgram(NativeProgram&&) noexcept = default;
NativeProgram& NativeProgram::operator=(NativeProgram&&) noexcept = default;
NativeProgram::~NativeProgram() = default;

}  // namespace replay
