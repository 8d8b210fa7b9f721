#include "live/serve/counters.hpp"

#include <fmt/format.h>
#include <string_view>

namespace live {
namespace {

class Page {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  template <typename Number>
  void value(Number number, std::string_view labels = "", std::string_view part = "") {
    text_ += fmt::format("{}{}{} {}\n", name_, part, labels, number);
  }
  std::string text() && { return std::move(text_); }

 private:
  std::string name_, text_;
};

void add_tokens(Page& page, const EpisodeTokens& tokens) {
  page.family("evotts_tokens_total", "counter", "Tokens that the upstream generated, by purpose.");
  page.value(tokens.branches, R"({purpose="branches"})");
  page.value(tokens.looks, R"({purpose="looks"})");
  page.value(tokens.finishing, R"({purpose="finishing"})");
  page.value(tokens.lost, R"({purpose="lost"})");
  page.family("evotts_prompt_tokens_total", "counter", "Tokens that the upstream read.");
  page.value(tokens.prompt);
  page.family("evotts_cached_prompt_tokens_total", "counter", "Those of them that it had cached.");
  page.value(tokens.cached);
  page.family("evotts_upstream_requests_total", "counter", "Requests to the upstream by ended episodes.");
  page.value(tokens.requests);
}

void add_delays(Page& page, const Delays& delays) {
  page.family("evotts_statement_delay_seconds", "histogram",
              "From the last result of a statement until the next requests were handed over.");
  std::int64_t count = 0;
  for (std::size_t i = 0; i < Delays::kBounds.size(); ++i) {
    count += delays.counts[i];
    page.value(count, fmt::format(R"({{le="{}"}})", Delays::kBounds[i]), "_bucket");
  }
  count += delays.counts.back();
  page.value(count, R"({le="+Inf"})", "_bucket");
  page.value(delays.seconds, "", "_sum");
  page.value(count, "", "_count");
}

}  // namespace

void ServeCounters::add(const EpisodeOutcome& outcome, double its_seconds) {
  using How = EpisodeOutcome::How;
  ++(outcome.how == How::kAnswered ? answered : outcome.how == How::kFailed ? failed : cancelled);
  if (outcome.how == How::kAnswered) seconds += its_seconds;
  branches += static_cast<std::int64_t>(outcome.session.opened);
  lost_branches += static_cast<std::int64_t>(outcome.failed);
  tokens.branches += outcome.tokens.branches;
  tokens.looks += outcome.tokens.looks;
  tokens.finishing += outcome.tokens.finishing;
  tokens.lost += outcome.tokens.lost;
  tokens.prompt += outcome.tokens.prompt;
  tokens.cached += outcome.tokens.cached;
  tokens.requests += outcome.tokens.requests;
  delays.add(outcome.delays);
}

std::string metrics_text(const ServeCounters& counters, const ServeGauges& gauges) {
  Page page;
  page.family("evotts_episodes_total", "counter", "Episodes that have ended, by how.");
  page.value(counters.answered, R"({end="answered"})");
  page.value(counters.failed, R"({end="failed"})");
  page.value(counters.cancelled, R"({end="cancelled"})");
  page.family("evotts_episodes_running", "gauge", "Episodes under way.");
  page.value(gauges.running);
  page.family("evotts_episodes_waiting", "gauge", "Requests that wait for an episode to end.");
  page.value(gauges.waiting);
  page.family("evotts_answered_seconds_total", "counter", "Seconds that answered episodes took.");
  page.value(counters.seconds);
  add_tokens(page, counters.tokens);
  add_delays(page, counters.delays);
  page.family("evotts_branches_total", "counter", "Branches that ended episodes opened.");
  page.value(counters.branches);
  page.family("evotts_lost_branches_total", "counter", "Those of them that failed for good.");
  page.value(counters.lost_branches);
  page.family("evotts_upstream_requests_running", "gauge", "Requests at the upstream now.");
  page.value(gauges.upstream_at_work);
  page.family("evotts_upstream_requests_waiting", "gauge", "Requests that wait for one of them to end.");
  page.value(gauges.upstream_waiting);
  if (gauges.recorded) {
    page.family("evotts_recorded_episodes_total", "counter", "Episodes of --record, by what became of them.");
    page.value(gauges.recorded->kept, R"({end="kept"})");
    page.value(gauges.recorded->lost, R"({end="lost"})");
  }
  page.family("evotts_refused_total", "counter", "Requests of clients that were refused, by status.");
  for (const auto& [status, count] : counters.refused)
    page.value(count, fmt::format(R"({{status="{}"}})", status));
  return std::move(page).text();
}

}  // namespace live
