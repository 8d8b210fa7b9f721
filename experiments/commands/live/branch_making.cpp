#include "experiments/commands/live/branch_making.hpp"

#include <future>
#include <utility>

namespace experiments {
namespace {

// The ids of a text, where branches are joined by ids.
live::Suffix prepared(live::Upstream& upstream, const std::string& text) {
  if (text.empty() || upstream.grade() != live::Grade::kExact) return {.text = text};
  std::promise<std::pair<live::Suffix, std::string>> promise;
  upstream.prepare(text, [&](live::Suffix suffix, std::string error) {
    promise.set_value({std::move(suffix), std::move(error)});
  });
  auto [suffix, error] = promise.get_future().get();
  if (!error.empty()) throw live::UpstreamError(genome::base::Fault::kSystem, error);
  return suffix;
}

}  // namespace

live::Serving serving_of(const live::CollectSettings& settings, std::int64_t finish,
                         live::Upstream& upstream) {
  const live::ReadingTask task(settings.words);
  // A mark in brackets stands on a line of its own.
  const std::string& end = settings.end_of_thought;
  const std::string closing = end.starts_with('<') ? "\n" + end + "\n\n" : end;
  return {.recipe = {.grade = upstream.grade(),
                     .interval = settings.interval,
                     .most_tokens = settings.most_tokens,
                     .look_tokens = settings.look_tokens,
                     .context = upstream.can().context,
                     .suffix = prepared(upstream, task.suffix()),
                     .end_of_thought = end},
          .task = task,
          .closing = prepared(upstream, closing),
          .finish = finish};
}

std::string template_of(const live::Server& server, const live::Capabilities& can,
                        const live::CollectSettings& settings) {
  live::Upstream upstream(server, can, {.requests = 1, .patience = 30});
  std::promise<live::Begun> begun;
  upstream.begin(question_of(settings, live::ReadingTask(settings.words), "{question}"),
                 [&](live::Begun it) { begun.set_value(std::move(it)); });
  const live::Begun prompt = begun.get_future().get();
  if (prompt.prompt == nullptr) throw live::UpstreamError(genome::base::Fault::kSystem, prompt.error);
  if (!prompt.prompt->text.empty() || prompt.prompt->ids.empty() || !can.detokenizer)
    return prompt.prompt->text;
  std::promise<std::string> text;
  upstream.text_of(prompt.prompt->ids,
                   [&](std::string it, const std::string&) { text.set_value(std::move(it)); });
  return text.get_future().get();
}

}  // namespace experiments
