// checkpoint_file.hpp: the frame around the bytes of a checkpoint.
// Why:      a payload that was cut, damaged or written by a newer program is told as that, before any of it
//           is read. A checksum is no proof against people: see bounded_archive.hpp.
// Use:      std::string file = frame(payload, 1);
//           std::string payload = unframe(file, 1, "runs/a checkpoint.bin");
// Format:   8 bytes  "EVOTTSCP"
//           4 bytes  version of the payload, from 1 on
//           8 bytes  length of the payload
//           20 bytes SHA-1 of all the other bytes, so that a flipped bit in the head is noticed too
//           then the payload. Numbers are little-endian on every machine.
// Promises: unframe(frame(p, v), v, "") == p; any cut or altered byte is a RunError with a message that
//           says what is wrong, never a crash.
// Threads:  pure functions.
// Tests:    tests/evo/record/checkpoint_file_test.cpp
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace evo {

// The payload in its frame; version >= 1.
std::string frame(std::string_view payload, std::uint32_t version);

// The payload of a framed file. `newest` is the newest version the caller can read; `what` names the file
// in the message of the RunError.
std::string unframe(std::string_view bytes, std::uint32_t newest, std::string_view what);

// The version of a file that unframe accepted.
std::uint32_t framed_version(std::string_view bytes);

}  // namespace evo
