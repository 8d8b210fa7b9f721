#include "replay/native/program.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "replay/machine/lane_kernels.hpp"
#include "replay/native/section.hpp"

namespace replay {
namespace {

// Pages of one program: private, so that a forked child has its own; first writable, then executable, so
// never both. asmjit's own allocator offers the second only with shared memory, which a child would share.
class CodePages {
 public:
  CodePages() = default;
  CodePages(const CodePages&) = delete;
  CodePages& operator=(const CodePages&) = delete;
  ~CodePages() {
    if (begin_ != nullptr) asmjit::VirtMem::release(begin_, size_);
  }

  // Where the code begins; null when the system grants no such pages.
  std::byte* take(asmjit::CodeHolder& holder) {
    using asmjit::VirtMem::MemoryFlags;
    if (holder.flatten() != asmjit::kErrorOk || holder.resolveUnresolvedLinks() != asmjit::kErrorOk)
      return nullptr;
    const std::size_t page = asmjit::VirtMem::info().pageSize;
    const std::size_t size = (holder.codeSize() + page - 1) / page * page;
    if (asmjit::VirtMem::alloc(&begin_, size, MemoryFlags::kAccessRW) != asmjit::kErrorOk) return nullptr;
    size_ = size;
    const bool written =
        holder.relocateToBase(reinterpret_cast<std::uintptr_t>(begin_)) == asmjit::kErrorOk &&
        holder.copyFlattenedData(begin_, size) == asmjit::kErrorOk &&
        asmjit::VirtMem::protect(begin_, size, MemoryFlags::kAccessRX) == asmjit::kErrorOk;
    return written ? static_cast<std::byte*>(begin_) : nullptr;
  }

 private:
  void* begin_ = nullptr;
  std::size_t size_ = 0;
};

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

// The functions' pages, and the instructions that they refer to.
class NativeProgram::Code {
 public:
  explicit Code(const genome::Program& program) : program_(program) {}
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;

  NativeSections translate(Width lanes) {
    asmjit::CodeHolder holder;
    Errors errors;
    if (holder.init(asmjit::Environment::host()) != asmjit::kErrorOk) return {};
    holder.setErrorHandler(&errors);
    x86::Compiler compiler(&holder);
    const SlotLayout layout(program_);
    const auto write = [&](std::size_t begin) {
      return NativeSectionWriter(compiler, program_, layout, begin, end_of(begin), lanes).write();
    };
    const std::array labels = {write(program_.start), write(program_.round), write(program_.answer)};
    if (compiler.finalize() != asmjit::kErrorOk || errors.first != asmjit::kErrorOk) return {};
    std::byte* const code = pages_.take(holder);
    if (code == nullptr || errors.first != asmjit::kErrorOk) return {};
    const auto function = [&](const asmjit::Label& label) {
      return reinterpret_cast<NativeSection>(code + holder.labelOffsetFromBase(label));
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
  CodePages pages_;
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
