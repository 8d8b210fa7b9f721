#include "live/upstream/upstream.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "live/upstream/segment_call.hpp"
#include "net/json_pieces.hpp"

namespace live {
namespace {

using Json = nlohmann::json;

// A question whose answer is one JSON object.
class JsonCall : public Call {
 public:
  using Done = std::function<void(const Json&, const std::string&)>;

  JsonCall(const Server& server, std::string url, Json body, Done done)
      : server_(server), url_(std::move(url)), body_(std::move(body)), done_(std::move(done)) {}

  net::HttpRequest request() override { return request_to(server_, url_, body_); }

  Attempt judged(const net::HttpResponse& response) override {
    if (response.result == net::HttpResponse::Result::kStopped)
      return {.error = "cancelled", .cancelled = true};
    json_ = genome::base::read_json<Json>(response.body);
    const auto verdict = net::verdict_of(response, net::server_error_of(json_));
    if (verdict == net::Verdict::kGood && json_.is_object()) return {.verdict = verdict};
    return {.verdict = verdict == net::Verdict::kGood ? net::Verdict::kAgain : verdict,
            .error = failure_text(server_, response)};
  }

  void over(const Outcome& outcome) override { done_(json_, outcome.good ? "" : outcome.error); }

 private:
  const Server& server_;
  const std::string url_;
  const Json body_;
  const Done done_;
  Json json_;
};

std::shared_ptr<const Prompt> shared(Prompt prompt) {
  return std::make_shared<const Prompt>(std::move(prompt));
}

}  // namespace

Upstream::Upstream(Server server, Capabilities can, CallOptions options, Sampling sampling)
    : server_(std::move(server)),
      can_(std::move(can)),
      sampling_(std::move(sampling)),
      calls_(std::move(options)) {}

Upstream::Ticket Upstream::ask(const std::string& url, Json body, JsonDone done) {
  return calls_.start(std::make_shared<JsonCall>(server_, url, std::move(body), std::move(done)));
}

Upstream::Ticket Upstream::tokenize(const std::string& text, bool beginning, IdsDone done) {
  return ask(can_.root + "/tokenize",
             {{"model", can_.model},
              {"prompt", text},
              {"content", text},
              {"add_special_tokens", beginning},
              {"add_special", beginning}},
             [done = std::move(done), empty = text.empty()](const Json& json, const std::string& error) {
               std::vector<TokenId> ids = error.empty() ? tokenizer_ids(json) : std::vector<TokenId>();
               const bool none = error.empty() && ids.empty() && !empty;
               done(std::move(ids), none ? "the tokenizer gives no ids" : error);
             });
}

std::shared_ptr<Upstream::Steps> Upstream::begin(const Question& question, BegunDone done) {
  auto steps = std::make_shared<Steps>();
  const bool by_text = can_.completions;
  if (!takes_questions(can_, !question.messages.empty()))
    done({.error = question.messages.empty()
                       ? "the server completes no prompt of text; ask by messages"
                       : "the server renders no messages and continues none; ask by a prompt of text"});
  else if (question.messages.empty())
    begin_rendered(steps, question.text, done);
  else if (by_text && can_.rendering == Rendering::kIds && grade() == Grade::kExact)
    render_ids(steps, json_of(question.messages), std::move(done));
  else if (by_text && can_.rendering == Rendering::kText)
    render_text(steps, json_of(question.messages), std::move(done));
  else
    done({.prompt = shared({.messages = question.messages})});
  return steps;
}

void Upstream::cancel(const std::shared_ptr<Steps>& steps) {
  steps->cancelled = true;
  calls_.cancel(steps->now);
}

void Upstream::begin_rendered(const StepsPointer& steps, const std::string& text, const BegunDone& done) {
  if (grade() != Grade::kExact) return done({.prompt = shared(rendered_prompt(can_, text))});
  if (steps->cancelled) return done({.error = "cancelled"});
  steps->now = tokenize(text, true, [this, text, done](std::vector<TokenId> ids, const std::string& error) {
    if (!error.empty()) return done({.error = error});
    done({.prompt = shared({.ids = with_one_beginning(can_, std::move(ids)), .text = text})});
  });
}

void Upstream::render_ids(const StepsPointer& steps, Json messages, BegunDone done) {
  steps->now =
      ask(can_.root + "/tokenize",
          {{"model", can_.model}, {"messages", std::move(messages)}, {"add_generation_prompt", true}},
          [this, done = std::move(done)](const Json& json, const std::string& error) {
            std::vector<TokenId> ids = error.empty() ? tokenizer_ids(json) : std::vector<TokenId>();
            if (ids.empty()) return done({.error = error.empty() ? "the tokenizer gives no ids" : error});
            done({.prompt = shared({.ids = with_one_beginning(can_, std::move(ids))})});
          });
}

void Upstream::render_text(const StepsPointer& steps, Json messages, BegunDone done) {
  steps->now = ask(can_.root + "/apply-template", {{"messages", std::move(messages)}},
                   [this, steps, done = std::move(done)](const Json& json, const std::string& error) {
                     const std::string text = error.empty() ? net::text_of(net::piece(json, "prompt")) : "";
                     if (text.empty())
                       return done({.error = error.empty() ? "the template gives no prompt" : error});
                     begin_rendered(steps, text, done);
                   });
}

Upstream::Ticket Upstream::prepare(const std::string& suffix, std::function<void(Suffix, std::string)> done) {
  if (grade() != Grade::kExact) {
    done({.text = suffix}, "");
    return 0;
  }
  return tokenize(suffix, false,
                  [suffix, done = std::move(done)](std::vector<TokenId> ids, const std::string& error) {
                    done({.text = suffix, .ids = std::move(ids)}, error);
                  });
}

void Upstream::text_of(const std::vector<TokenId>& ids, std::function<void(std::string, std::string)> done) {
  ask(can_.root + "/detokenize", {{"model", can_.model}, {"tokens", ids}},
      [done = std::move(done)](const Json& json, const std::string& error) {
        if (!error.empty()) return done("", error);
        const std::string text = net::text_of(net::piece(json, "content"));
        done(text.empty() ? net::text_of(net::piece(json, "prompt")) : text, "");
      });
}

Upstream::Ticket Upstream::start(const Branch& branch, const Suffix& suffix, std::int64_t tokens,
                                 std::function<Work()> make, Following following, SegmentDone done) {
  const bool by_messages = !branch.prompt->messages.empty();
  SegmentOrder order{.url = can_.base + (by_messages ? "/chat/completions" : "/completions"),
                     .body = [make = std::move(make)] { return body_text(make()); },
                     .most_tokens = tokens,
                     .prompt_tokens = {},
                     .streamed = can_.streams};
  if (!by_messages && is_by_ids(can_, branch))
    order.prompt_tokens =
        static_cast<std::int64_t>(branch.prompt->ids.size() + branch.ids.size() + suffix.ids.size());
  return calls_.start(
      std::make_shared<SegmentCall>(server_, std::move(order), std::move(following), std::move(done)));
}

Upstream::Ticket Upstream::advance(const Branch& branch, std::int64_t tokens, SegmentDone done,
                                   Following following) {
  EVOTTS_CHECK(grade() >= Grade::kText && branch.prompt != nullptr && tokens > 0);
  return start(
      branch, {}, tokens, [this, branch, tokens] { return segment_work(can_, branch, sampling_, tokens); },
      std::move(following), std::move(done));
}

Upstream::Ticket Upstream::look(const Branch& branch, const Suffix& suffix, std::int64_t most_tokens,
                                SegmentDone done, Following following) {
  EVOTTS_CHECK(grade() >= Grade::kText && branch.prompt != nullptr && most_tokens > 0);
  return start(
      branch, suffix, most_tokens,
      [this, branch, suffix, most_tokens] { return look_work(can_, branch, suffix, sampling_, most_tokens); },
      std::move(following), std::move(done));
}

Upstream::Ticket Upstream::sample(std::shared_ptr<const Prompt> prompt, std::uint64_t seed,
                                  std::int64_t most_tokens, SegmentDone done, Following following) {
  EVOTTS_CHECK(grade() != Grade::kNone && prompt != nullptr && most_tokens > 0);
  const Branch branch{.prompt = std::move(prompt), .seed = seed};
  return start(
      branch, {}, most_tokens,
      [this, branch, most_tokens] { return segment_work(can_, branch, sampling_, most_tokens); },
      std::move(following), std::move(done));
}

}  // namespace live
