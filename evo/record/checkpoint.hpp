// checkpoint.hpp: State <-> the bytes of checkpoint.bin.
// Why:      what the texts in the tree do not say (scores, births, counters) must survive exactly.
// Use:      std::string bytes = save_checkpoint(state);
//           State state = load_checkpoint(bytes, text_of, "runs/a checkpoint.bin");
// Promises: load(save(s)) is s to the last bit of every number. The oldest version that can hold a state is
//           written: 3 where it is not exact (state.hpp), 4 where it has one island, 5 where it has several,
//           6 where it has halves, 7 where it charges more than tokens or has chosen for a service level;
//           so what one program wrote of a run stays what a later one writes.
//           Controllers are kept as ids here and as texts in the tree; `text_of(id)` gives the text, which
//           must have that id and must check. A damaged or newer file throws RunError before anything of it
//           is believed.
// Threads:  pure functions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "evo/population/state.hpp"

namespace evo {

inline constexpr std::uint32_t kCheckpointVersion = 7;

std::string save_checkpoint(const State& state);

// Whether a program with exact means wrote it.
bool is_exact(std::string_view bytes);

using TextOf = std::function<std::optional<std::string>(const std::string& id)>;
State load_checkpoint(std::string_view bytes, const TextOf& text_of, std::string_view what);

}  // namespace evo
