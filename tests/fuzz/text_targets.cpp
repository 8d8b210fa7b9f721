// Controllers, replies of models, commits' messages, answers.
#include <string>

#include "evo/base/message_trailers.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/printer.hpp"
#include "llm_mutators/clients/wire_format.hpp"
#include "llm_mutators/text/reply.hpp"
#include "replay/answers/extract.hpp"
#include "tests/fuzz/targets.hpp"

namespace fuzz {

void controller_text(std::string_view bytes) {
  const genome::CheckResult first = genome::check_text(bytes);
  if (!first.controller) return require(!first.diagnostics.empty(), "a refusal without a reason");
  const std::string printed = genome::print(first.controller->tree());
  const genome::CheckResult second = genome::check_text(printed);
  require(second.controller.has_value(), "the print of a controller does not check");
  require(genome::print(second.controller->tree()) == printed, "two prints of a controller differ");
}

void model_reply(std::string_view bytes) {
  const llm_mutators::ReadReply reply = llm_mutators::read_reply(bytes);
  require(reply.hypothesis.size() <= llm_mutators::kLongestHypothesis, "a hypothesis is too long");
  require(reply.hypothesis.find('\n') == std::string::npos, "a hypothesis has two lines");
  if (!reply.controller) return require(!reply.faults.empty(), "a refusal without a reason");
  require(genome::check_text(genome::print(reply.controller->tree())).controller.has_value(),
          "the print of a reply's controller does not check");
}

void server_reply(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto kind = bytes[0] % 2 == 0 ? net::ModelKind::kAnthropic : net::ModelKind::kOpenAi;
  const auto wire = llm_mutators::wire_format(kind, {});
  wire->read(std::string(bytes.substr(1)));
}

void trailers(std::string_view bytes) {
  for (const auto& [key, value] : evo::trailers_of(bytes)) require(!key.empty(), "a trailer without a key");
}

void answers(std::string_view bytes) {
  using replay::AnswerTask, replay::normal_form, replay::parse_extractor;
  for (const AnswerTask task : {AnswerTask::kAny, AnswerTask::kLetter}) {
    const std::string form = normal_form(bytes, task);
    require(normal_form(form, task) == form, "a normal form has another normal form");
    require(!genome::base::first_not_utf8(form), "a normal form is no UTF-8");
  }
  static const replay::Extractor extractors[] = {parse_extractor("boxed"), parse_extractor("number"),
                                                 parse_extractor("letter"), parse_extractor("after::"),
                                                 parse_extractor("regex:(?i)answer:?\\s*(\\S+)")};
  for (const replay::Extractor& extractor : extractors) {
    const std::string answer = extractor.answer(bytes);
    require(!answer.empty(), "an extractor gives the empty answer");
    require(normal_form(answer, extractor.task()) == answer, "an answer is not in normal form");
  }
}

void json(std::string_view bytes) {
  const auto value = genome::base::read_json(bytes);
  if (value.is_discarded()) return;
  const std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  require(genome::base::read_json(text) == value, "a value reads back as another");
}

}  // namespace fuzz
