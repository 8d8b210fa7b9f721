// readings.hpp: what a text gives as its answer: the last box, the last number, the option it settles on.
// Why:      models mark their answers in a few ways. Cutting at the first brace would read 5232_{8 out of
//           \boxed{5232_{8}}, and a reply to a question with options names several before it decides.
// Use:      const std::optional<std::string_view> content = last_box(text);
//           const std::size_t begin = *open_box("so \\boxed{");                 // behind the brace
//           const std::optional<std::string_view> rest = box_from("so \\boxed{42} .", begin);   // "42"
//           const std::optional<std::string> number = last_number("so 3{,}250 ways.");   // "3{,}250"
//           const std::optional<std::string> letter = stated_letter("(A) is wrong. The answer is B.");
// Promises: any bytes are taken, in linear time; nothing is computed or folded, but letters are capitals.
//           Box: braces are balanced, \{ and \} aside. The last box decides; if it is not closed, the text
//           was cut and has none. Empty boxes repeat the instruction and are passed over; of nested boxes
//           the outermost counts.
//           Number: with its sign, separators of thousands between groups of three, decimals, an exponent or
//           a denominator (3/4). Digits within a word or an index are none, and a plain space parts numbers.
//           A sign counts unless a value stands before it, as in 10-5.
//           Letter: A to J. The last box decides, else what follows "answer", else the last letter in
//           brackets or at the beginning of a line, else the last that stands alone. "A" and "I" before a
//           word in small letters are English.
// Threads:  pure functions; a box is a view of the text.
// Tests:    tests/replay/answers/extract_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace replay {

std::optional<std::string_view> last_box(std::string_view text);

// Where the content begins of the outermost box that the text leaves open.
std::optional<std::size_t> open_box(std::string_view text);
// What the box whose content begins there holds, blanks and all; nothing where it is not closed.
std::optional<std::string_view> box_from(std::string_view text, std::size_t begin);

std::optional<std::string> last_number(std::string_view text);
std::optional<std::string> stated_letter(std::string_view text);

}  // namespace replay
