// texts.hpp: texts for properties of answers: pieces of LaTeX and prose, put together and damaged.
// Why:      arbitrary bytes seldom hold two braces that belong together; real answers are made of pieces.
// Use:      RC_GTEST_PROP(NormalForm, IsIdempotent, ()) { const std::string text = *tests::any_text(); ... }
// Threads:  a pure function.
#pragma once

#include <rapidcheck.h>
#include <string>
#include <vector>

namespace tests {

inline rc::Gen<std::string> any_text() {
  static const std::vector<std::string> pieces = {"\\boxed{",  "\\fbox{",    "\\text{",
                                                  "\\mathrm{", "\\frac",     "\\dfrac",
                                                  "\\sqrt",    "\\left",     "\\right",
                                                  "\\,",       "\\!",        "\\ ",
                                                  "\\quad",    "\\circ",     "\\$",
                                                  "\\%",       "\\{",        "\\}",
                                                  "\\(",       "\\)",        "\\pi",
                                                  "\\cdot",    "{",          "}",
                                                  "{,}",       "(",          ")",
                                                  "[",         "]",          "$",
                                                  "^",         "_",          "*",
                                                  "**",        "`",          "\"",
                                                  "'",         ".",          ",",
                                                  ";",         " ",          "  ",
                                                  "\n",        "~",          "+",
                                                  "-",         "/",          "=",
                                                  "%",         "!",          ":",
                                                  "#",         "0",          "1",
                                                  "12",        "000",        "1,000",
                                                  "0.50",      "1/2",        "x",
                                                  "B",         "(b)",        "cm",
                                                  "minutes",   "million",    "or",
                                                  "Answer:",   "answer is ", "ERR",
                                                  "\\",        "\u2212",     "\u00b0",
                                                  "\u00a0",    "\u00d7",     "\uff15",
                                                  "\u200b",    "\u201c",     "\u4e8c",
                                                  "\xff",      "\xe2\x88",   std::string(1, '\0')};
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::weightedOneOf<std::string>(
                          {{9, rc::gen::elementOf(pieces)}, {1, rc::gen::arbitrary<std::string>()}})),
                      [](const std::vector<std::string>& parts) {
                        std::string all;
                        for (const std::string& part : parts) all += part;
                        return all;
                      });
}

}  // namespace tests
