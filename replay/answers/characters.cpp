#include "replay/answers/characters.hpp"

#include <algorithm>
#include <array>

#include "genome/base/text.hpp"
#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

struct Spelling {
  char32_t code;
  std::string_view plain;
};

constexpr std::array kSpellings = {
    Spelling{U'\u2010', "-"},          // hyphen
    Spelling{U'\u2011', "-"},          // no-break hyphen
    Spelling{U'\u2012', "-"},          // figure dash
    Spelling{U'\u2013', "-"},          // en dash
    Spelling{U'\u2212', "-"},          // minus sign
    Spelling{U'\ufe63', "-"},          // small hyphen-minus
    Spelling{U'\u2018', "'"},          // single quotes
    Spelling{U'\u2019', "'"},          //
    Spelling{U'\u201c', "\""},         // double quotes
    Spelling{U'\u201d', "\""},         //
    Spelling{U'\u201e', "\""},         //
    Spelling{U'\u00ab', "\""},         // guillemets
    Spelling{U'\u00bb', "\""},         //
    Spelling{U'\u3002', "."},          // ideographic full stop
    Spelling{U'\u00b0', "^{\\circ}"},  // degree
    Spelling{U'\u00d7', "\\times "},   // the space ends the command, whatever follows
    Spelling{U'\u00f7', "\\div "},     //
    Spelling{U'\u00b7', "\\cdot "},    //
    Spelling{U'\u22c5', "\\cdot "},    //
    Spelling{U'\u00b1', "\\pm "},      //
    Spelling{U'\u03c0', "\\pi "},      //
    Spelling{U'\u221e', "\\infty "},   //
    Spelling{U'\u2260', "\\neq "},     //
    Spelling{U'\u2264', "\\leq "},     //
    Spelling{U'\u2265', "\\geq "},     //
    Spelling{U'\u222a', "\\cup "},     //
    Spelling{U'\u2229', "\\cap "},     //
};

constexpr char32_t kFullWidthFirst = U'\uff01', kFullWidthLast = U'\uff5e';  // '!' to '~' of ASCII

bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

}  // namespace

std::string one_spelling(std::string_view answer) {
  std::string plain;
  const auto space = [&] {
    if (!plain.empty() && plain.back() != ' ') plain += ' ';
  };
  const auto add = [&](std::string_view text) {
    for (const char c : text) c == ' ' ? space() : plain.push_back(c);
  };
  while (!answer.empty()) {
    take_breath();
    const genome::base::Character c = genome::base::first_character(answer);
    const auto* const known = std::ranges::find(kSpellings, c.code, &Spelling::code);
    if (!c.valid) {
      add("\ufffd");
    } else if (is_space(c.code)) {
      space();
    } else if (known != kSpellings.end()) {
      add(known->plain);
    } else if (c.code >= kFullWidthFirst && c.code <= kFullWidthLast) {
      plain.push_back(static_cast<char>(c.code - kFullWidthFirst + U'!'));
    } else if (!genome::base::is_harmful(c.code)) {
      plain += answer.substr(0, c.bytes);
    }
    answer.remove_prefix(c.bytes);
  }
  if (plain.ends_with(' ')) plain.pop_back();
  return plain;
}

}  // namespace replay
