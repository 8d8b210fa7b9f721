#include "llm_mutators/text/reply.hpp"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "genome/base/text.hpp"
#include "genome/tree/ast.hpp"
#include "llm_mutators/text/reply_pieces.hpp"
#include "llm_mutators/text/thinking.hpp"

namespace llm_mutators {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t kMostCandidates = 8;  // the last ones are looked at
constexpr std::size_t kMostCuts = 24;       // places at which prose may begin

struct Candidate {
  std::size_t first = 0, last = 0;  // lines; the last is not of it
  std::string text;
  bool closed = true;
};

// Where marks begin on a line that end a controller: of a fence, or of a server's own kind.
std::size_t end_mark(std::string_view line) {
  return std::min({line.find("```"), line.find("~~~"), line.find("<|"), line.find("</")});
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view without_indent(std::string_view line, std::size_t most = std::string_view::npos) {
  std::size_t count = 0;
  while (count < std::min(line.size(), most) && is_blank(line[count])) ++count;
  return line.substr(count);
}

bool is_fence(std::string_view line) {
  const std::string_view rest = without_indent(line);
  return rest.starts_with("```") || rest.starts_with("~~~");
}

bool begins_controller(std::string_view line) {
  constexpr std::string_view kWord = "controller";
  return line.starts_with(kWord) && line.size() > kWord.size() && is_blank(line[kWord.size()]) &&
         !without_indent(line.substr(kWord.size())).empty();
}

// Where the code begins on this line; npos when none does. Behind a fence's mark may stand a language.
std::size_t code_on(std::string_view line) {
  std::string_view rest = without_indent(line);
  const bool fence = is_fence(rest);
  if (fence) {
    rest.remove_prefix(std::min(rest.find_first_not_of(rest[0]), rest.size()));
    rest = without_indent(rest);
    if (!begins_controller(rest)) {
      const std::size_t word = rest.find_first_of(" \t");
      rest = word == std::string_view::npos ? std::string_view() : without_indent(rest.substr(word));
    }
  }
  return begins_controller(rest) ? line.size() - rest.size() : std::string_view::npos;
}

// Quotations begin each line with '>', and no line of a controller does.
std::string_view without_quote(std::string_view line) {
  for (std::string_view rest = without_indent(line, 3); rest.starts_with('>');
       rest = without_indent(line, 3)) {
    line = rest.substr(1);
    if (line.starts_with(' ')) line.remove_prefix(1);
  }
  return line;
}

bool is_quoted(std::string_view line) { return without_indent(line, 3).starts_with('>'); }

Candidate candidate_at(const Lines& lines, std::size_t first, std::size_t code) {
  Candidate found{.first = first, .last = first};
  const std::size_t indent = is_fence(lines[first]) ? lines[first].find_first_not_of(" \t") : code;
  bool ended = false;
  for (std::size_t i = first; i < lines.size() && !ended && found.text.size() <= genome::kLimits.text_bytes;
       ++i) {
    std::string_view line = i == first ? lines[i].substr(code) : without_indent(lines[i], indent);
    const std::size_t mark = end_mark(line);
    ended = mark != std::string_view::npos;
    found.text += line.substr(0, mark);
    found.text += '\n';
    found.last = i + 1;
  }
  // Whether it stands in a fence, which then must end.
  const auto fences =
      std::count_if(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(first), is_fence);
  const bool after_fence = first > 0 && is_fence(lines[first - 1]);
  found.closed = ended || !(is_fence(lines[first]) || after_fence || fences % 2 == 1);
  return found;
}

std::vector<Candidate> candidates_in(const Lines& lines) {
  std::vector<Candidate> found;
  for (std::size_t i = lines.size(); i > 0 && found.size() < kMostCandidates; --i) {
    const std::size_t code = code_on(lines[i - 1]);
    if (code != std::string_view::npos) found.push_back(candidate_at(lines, i - 1, code));
  }
  std::ranges::reverse(found);
  return found;
}

bool is_answer_heading(std::string_view line) {
  return genome::base::trimmed(line.substr(0, line.find('#'))) == "answer";
}

// The longest beginning, of whole lines, that checks and has all lines that it can have of the answer: what
// follows is prose.
std::optional<genome::CheckedController> checked(const std::string& text) {
  if (auto whole = genome::check_text(text).controller) return whole;
  const std::string_view all = text;
  std::size_t at = 0, tries = 0;
  bool in_answer = false;
  std::optional<genome::CheckedController> best;
  while (at < all.size() && tries < kMostCuts) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    const std::string_view line = all.substr(at, end - at);
    at = end + 1;
    if (!in_answer) {
      in_answer = is_answer_heading(line);
      continue;
    }
    if (genome::base::trimmed(line).empty()) continue;
    ++tries;
    auto cut = genome::check_text(all.substr(0, std::min(at, all.size()))).controller;
    if (!cut && best) break;  // prose has begun
    if (cut) best = std::move(cut);
  }
  return best;
}

// What a reply came to, read with its quotation marks or without.
struct Reading {
  std::vector<Candidate> candidates;
  const Candidate* meant = nullptr;  // among these; null without any
  std::optional<genome::CheckedController> controller;
};

bool acts(const Candidate& candidate) {
  return candidate.text.find("\nstart\n") != std::string::npos ||
         candidate.text.find("\nround\n") != std::string::npos;
}

bool has_answer(const Candidate& candidate) {
  return std::ranges::any_of(lines_of(candidate.text), is_answer_heading);
}

Reading reading_of(const Lines& lines, const ReadOptions& options) {
  Reading read{.candidates = candidates_in(lines)};
  for (auto each = read.candidates.rbegin(); each != read.candidates.rend() && !read.controller; ++each) {
    if (!each->closed && !options.whole) continue;
    if (auto controller = checked(each->text)) read.controller = as_evolved(*controller);
    if (read.controller) read.meant = &*each;
    // A later one that is whole and wrong is meant: what stands before it may be what it was made of.
    if (!read.controller && has_answer(*each) && acts(*each)) break;
  }
  if (read.meant != nullptr || read.candidates.empty()) return read;
  const auto last = std::find_if(read.candidates.rbegin(), read.candidates.rend(), has_answer);
  read.meant = last != read.candidates.rend() ? &*last : &read.candidates.back();
  return read;
}

std::string hypothesis_beside(const Lines& lines, const Candidate* meant) {
  Lines outside;
  bool inside = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_fence(lines[i])) inside = !inside;
    const bool of_it = meant != nullptr && i >= meant->first && i < meant->last;
    if (meant != nullptr ? !of_it : !inside) outside.push_back(lines[i]);
  }
  return hypothesis_in_lines(outside);
}

// The last block in fences, where none begins a controller.
std::optional<std::string> last_block(const Lines& lines) {
  std::optional<std::string> block, last;
  for (const std::string_view line : lines) {
    if (is_fence(line)) {
      if (!block) {
        block.emplace();
        continue;
      }
      last = std::exchange(block, std::nullopt);
    } else if (block) {
      *block += line;
      *block += '\n';
    }
  }
  return block ? block : last;
}

void tell_faults(ReadReply& read, const std::string& text, bool closed) {
  read.quoted = text;
  read.reason = closed ? "a controller that does not check" : "a fenced block that was never closed";
  if (!closed)
    read.faults = "reply: error: the fenced block was never closed; the reply seems to have been cut short\n";
  read.faults += faults_of(genome::check_text(text).diagnostics, text);
}

void tell_none(ReadReply& read, std::string_view reply, const Spoken& spoken) {
  read.quoted = reply;
  const bool only_thought =
      genome::base::trimmed(spoken.text).empty() && !genome::base::trimmed(reply).empty();
  read.reason = only_thought ? "thoughts without a reply" : "no controller in the reply";
  read.faults = only_thought
                    ? "reply: error: expected one controller in a fenced block after the thoughts, found "
                      "nothing after them\n"
                    : "reply: error: expected one controller in a fenced block, found none\n";
}

Lines unquoted(Lines lines) {
  for (std::string_view& line : lines) line = without_quote(line);
  return lines;
}

}  // namespace

ReadReply read_reply(std::string_view text, const ReadOptions& options) {
  const Spoken spoken = without_thinking(text);
  Lines lines = lines_of(spoken.text);
  Reading reading = reading_of(lines, options);
  if (!reading.controller && std::ranges::any_of(lines, is_quoted)) {
    Lines plain = unquoted(lines);
    Reading again = reading_of(plain, options);
    if (again.controller || reading.candidates.empty()) {
      lines = std::move(plain);
      reading = std::move(again);
    }
  }
  ReadReply read{.hypothesis = hypothesis_beside(lines, reading.meant),
                 .controller = std::move(reading.controller)};
  if (read.controller) return read;
  if (reading.meant != nullptr) {
    tell_faults(read, reading.meant->text, reading.meant->closed);
  } else if (const auto block = last_block(lines)) {
    tell_faults(read, *block, true);
  } else {
    tell_none(read, text, spoken);
  }
  return read;
}

std::string hypothesis_in(std::string_view text) { return read_reply(text, {.whole = true}).hypothesis; }

}  // namespace llm_mutators
