#include "replay/native/translation_key.hpp"

#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

namespace replay {
namespace {

class Bytes {
 public:
  template <typename T>
  void add(const T& value) {
    static_assert(std::has_unique_object_representations_v<T>);
    add_all(std::span(&value, 1));
  }
  template <typename T>
  void add_all(std::span<const T> values) {
    static_assert(std::has_unique_object_representations_v<T>);
    all_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }
  void add_registers(const std::vector<genome::RegisterSlot>& registers) {
    add(registers.size());
    for (const auto& [kind, slot, initial, remembered] : registers) {
      add(kind);
      add(slot);
      add(static_cast<std::uint8_t>(remembered));
    }
  }
  std::string take() && { return std::move(all_); }

 private:
  std::string all_;
};

}  // namespace

// Every member is named, so that nobody adds one to Program without a thought of this place.
TranslationKey translation_key(const genome::Program& program) {
  [[maybe_unused]] const auto& [name, rounds, code, start, round, answer, constants, memory, branch, numbers,
                                truths, answers, branch_numbers, branch_truths, branch_answers, watched,
                                timeless, schedule, signals] = program;
  Bytes bytes;
  bytes.add(code.size());
  bytes.add_all(std::span(code));
  for (const std::size_t section : {start, round, answer}) bytes.add(section);
  bytes.add(rounds);
  for (const genome::Slot count : {numbers, truths, answers, branch_numbers, branch_truths, branch_answers})
    bytes.add(count);
  bytes.add(constants.size());
  for (const auto& [kind, slot, value] : constants) {
    bytes.add(kind);
    bytes.add(slot);
  }
  bytes.add_registers(memory);
  bytes.add_registers(branch);
  return std::move(bytes).take();
}

}  // namespace replay
