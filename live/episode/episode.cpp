#include "live/episode/episode.hpp"

#include <algorithm>
#include <utility>

#include "genome/base/rng.hpp"
#include "replay/environment/input_error.hpp"

namespace live {

namespace {

bool is_blank(const std::string& answer) { return answer.empty() || answer == "ERR"; }

}  // namespace

std::uint64_t branch_seed(std::uint64_t seed, std::size_t branch) {
  using genome::base::Rng;
  return Rng::scramble(Rng::scramble(seed + 1) + branch);
}

// ---- the session's course

Episode::Episode(EpisodePlan plan, Upstream& upstream, EpisodeFollowing following)
    : plan_(std::move(plan)), upstream_(upstream), following_(std::move(following)), pool_(plan_.ceiling) {
  plan_.session.interval = plan_.serving->recipe.interval;
  if (plan_.trail && plan_.log == nullptr) plan_.log = &actions_;
}

std::shared_ptr<Episode> Episode::start(EpisodePlan plan, Upstream& upstream, Question question,
                                        EpisodeFollowing following) {
  auto episode = std::make_shared<Episode>(std::move(plan), upstream, std::move(following));
  upstream.after(0, [episode, question = std::move(question)] { episode->begin(question); });
  return episode;
}

void Episode::begin(const Question& question) {
  if (plan_.seconds) {
    timer_ = upstream_.after(*plan_.seconds, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->pass_deadline();
    });
  }
  beginning_ =
      upstream_.begin(question, [self = shared_from_this()](const Begun& begun) { self->got_prompt(begun); });
}

void Episode::got_prompt(const Begun& begun) {
  came_ = Clock::now();
  prompt_ = begun.prompt;
  if (state_ != State::kBeginning) return;  // it was cancelled, or the deadline has passed
  if (prompt_ == nullptr) return fail(begun.error);
  session_ = std::make_unique<Session>(*plan_.program, plan_.session, plan_.log, plan_.reads);
  state_ = State::kRunning;
  go_on();
  end_when_quiet();  // where nothing was asked for
}

// Runs the session on for as long as nothing is missing.
void Episode::go_on() {
  while (state_ == State::kRunning) {
    if (!wanted_.empty()) {
      if (!all_dropped()) return;  // something will come
      // What waits is more than the ceiling allows.
      outcome_.ceiling = true;
      stop_session();
    }
    give_ready();
    const bool on = session_->next();
    take_wants();
    tell_progress();
    if (!on) return answer();
    if (outcome_.deadline) {
      lose_missing();
      continue;
    }
    for (const Want& want : session_->wants()) {
      if (want.kind != Want::Kind::kPrune) ask(want.branch);
    }
    send_waiting();
    if (!under_way_.empty()) outcome_.delays.add(std::chrono::duration<double>(Clock::now() - came_).count());
  }
}

Lane& Episode::lane_of(std::size_t branch) {
  if (const auto lane = lanes_.find(branch); lane != lanes_.end()) return lane->second;
  Lane& lane =
      lanes_
          .try_emplace(branch, *plan_.serving, prompt_, branch_seed(plan_.seed, branch), session_->signals())
          .first->second;
  if (plan_.trail) lane.keep_looks();
  return lane;
}

void Episode::take_wants() {
  for (const Want& want : session_->wants()) {
    if (want.kind == Want::Kind::kPrune) {
      drop(want.branch);
      continue;
    }
    lane_of(want.branch).begin(want);
    wanted_.insert(want.branch);
  }
}

void Episode::give_ready() {
  for (const std::size_t branch : ready_) {
    Lane& lane = lanes_.at(branch);
    try {
      session_->give(lane.result());
    } catch (const replay::InputError& error) {
      lane.fail(error.what());
      session_->give({.branch = branch, .lost = true});
    }
    if (!lane.failure().empty()) last_failure_ = lane.failure();
  }
  ready_.clear();
}

void Episode::lose_missing() {
  drop_all();
  give_ready();
  for (const std::size_t branch : wanted_) lanes_.at(branch).abandon();
  wanted_.clear();
  session_->lose_missing();
}

void Episode::stop_session() {
  if (lost_before_) return lose_missing();
  lost_before_ = session_->usage().lost;
  lose_missing();
  session_->stop();
}

void Episode::tell_progress() const {
  if (!following_.progress) return;
  const SessionUsage usage = session_->usage();
  following_.progress({.rounds = usage.rounds,
                       .opened = usage.opened,
                       .finished = usage.finished,
                       .pruned = usage.pruned,
                       .generated = outcome_.tokens.generated(),
                       .read = outcome_.tokens.prompt});
}

// ---- the end

void Episode::cancel() {
  upstream_.after(0, [self = shared_from_this()] {
    if (self->state_ == State::kEnded || self->state_ == State::kEnding) return;
    self->outcome_.how = EpisodeOutcome::How::kCancelled;
    self->drop_all();
    self->state_ = State::kEnding;
    self->end_when_quiet();
  });
}

void Episode::pass_deadline() {
  timer_ = 0;
  if (state_ == State::kEnded || state_ == State::kEnding) return;
  outcome_.deadline = true;
  if (state_ == State::kBeginning) {
    fail("the deadline has passed before the upstream took the question");
  } else if (state_ == State::kRunning) {
    stop_session();
    go_on();
  } else if (state_ == State::kFinishing) {
    drop_all();
    answer_alone(true);
  }
  end_when_quiet();
}

// Whether every branch failed. At the ceiling and the deadline what came stands for more.
bool Episode::came_to_nothing() const {
  const SessionUsage usage = session_->usage();
  if (usage.opened == 0 || usage.lost < usage.opened) return false;
  const bool limited = outcome_.ceiling || outcome_.deadline;
  return !limited || (outcome_.tokens.generated() == 0 && !last_failure_.empty());
}

// A stopped controller may have no branch left to choose from, and yet branches have shown answers.
void Episode::answer_by_votes() {
  const auto best =
      std::ranges::find_if(outcome_.votes, [](const Vote& vote) { return !is_blank(vote.answer); });
  if (best == outcome_.votes.end()) return;
  outcome_.answer = best->answer;
  answer_alone(true);
}

void Episode::answer() {
  outcome_.answer = session_->answer();
  outcome_.branch = session_->answer_branch();
  if (outcome_.answer && is_blank(*outcome_.answer)) {  // a branch whose answer could not be read is none
    outcome_.answer.reset();
    outcome_.branch.reset();
  }
  if (!outcome_.answer && came_to_nothing())
    return fail(last_failure_.empty() ? "no branch has come to anything" : last_failure_);
  add_votes();
  if (!outcome_.branch) {
    if (outcome_.answer) return answer_alone(false);
    if (outcome_.ceiling || outcome_.deadline) {
      answer_by_votes();
      if (outcome_.answer) return;
    }
    const auto ended = std::ranges::find_if(lanes_, [](const auto& each) { return each.second.finished(); });
    if (ended != lanes_.end()) return take_text(ended->first, EpisodeOutcome::Text::kBranch);
    state_ = State::kEnding;
    return;
  }
  const Lane& lane = lanes_.at(*outcome_.branch);
  if (lane.finished() && lane.final_answer() == *outcome_.answer)
    return take_text(*outcome_.branch, EpisodeOutcome::Text::kBranch);
  finish(*outcome_.branch);
}

void Episode::take_text(std::size_t branch, EpisodeOutcome::Text from) {
  const Lane& lane = lanes_.at(branch);
  outcome_.branch = branch;
  outcome_.from = from;
  outcome_.text = lane.branch().text;
  outcome_.thought_bytes = lane.thought_bytes().value_or(0);
  outcome_.cut = lane.cut();
  state_ = State::kEnding;
}

void Episode::answer_alone(bool cut) {
  outcome_.from = EpisodeOutcome::Text::kAnswer;
  outcome_.text = *outcome_.answer;
  outcome_.cut = cut;
  state_ = State::kEnding;
}

// Its thought is ended for it, so that the few tokens that are left go into an answer.
void Episode::finish(std::size_t branch) {
  const Serving& serving = *plan_.serving;
  const Lane& lane = lanes_.at(branch);
  if (outcome_.deadline) return answer_alone(true);
  if (!lane.failure().empty() || lane.finished()) return answer_alone(false);
  finishing_ = lane.branch();
  std::int64_t room = lane.room();
  if (!lane.thought_bytes() && !serving.recipe.end_of_thought.empty()) {
    const std::vector<TokenId>& ids = serving.closing.ids;
    finishing_.text += serving.closing.text;
    finishing_.ids.insert(finishing_.ids.end(), ids.begin(), ids.end());
    room -= static_cast<std::int64_t>(std::max(ids.size(), serving.closing.text.size() / 4));
  }
  finishing_thought_ =
      lane.thought_bytes().value_or(serving.recipe.end_of_thought.empty() ? 0 : finishing_.text.size());
  const std::int64_t tokens = std::min({serving.finish, room, pool_.left()});
  if (tokens <= 0) return answer_alone(true);
  state_ = State::kFinishing;
  const Id id = enter({.purpose = Purpose::kFinishing, .branch = branch, .reserved = tokens});
  under_way_.at(id).ticket = upstream_.advance(finishing_, tokens, receiver(id), watched(id, tokens));
}

void Episode::take_finish(const Segment& segment) {
  const bool whole = segment.good && segment.finished && segment.reason != "length";
  const std::string text = finishing_.text + segment.text;
  if (!whole || plan_.serving->task.final_answer(text) != *outcome_.answer) return answer_alone(!whole);
  outcome_.from = EpisodeOutcome::Text::kFinished;
  outcome_.text = text;
  outcome_.thought_bytes = finishing_thought_;
  state_ = State::kEnding;
}

void Episode::add_votes() {
  const GrowingQuestion& table = session_->question();
  std::map<std::string, Vote> votes;
  for (const auto& [branch, lane] : lanes_) {
    if (table.end(branch) == GrowingQuestion::End::kFinished) {
      ++votes[table.text_of(table.question().branches[branch].final_answer)].finished;
      continue;
    }
    std::int64_t depth = table.steps(branch);
    while (depth > 0 && table.answer_at(branch, depth) == GrowingQuestion::kUnknown) --depth;
    if (depth > 0) ++votes[table.text_of(table.answer_at(branch, depth))].others;
  }
  for (auto& [answer, vote] : votes) {
    vote.answer = answer;
    outcome_.votes.push_back(vote);
  }
  std::ranges::stable_sort(outcome_.votes, std::greater<>(),
                           [](const Vote& vote) { return std::pair(vote.finished, vote.others); });
}

void Episode::fail(const std::string& why) {
  outcome_.how = EpisodeOutcome::How::kFailed;
  outcome_.error = why;
  state_ = State::kEnding;
  drop_all();
  end_when_quiet();
}

// What was dropped still tells what it took.
void Episode::end_when_quiet() {
  if (state_ != State::kEnding || !under_way_.empty()) return;
  state_ = State::kEnded;
  if (timer_ != 0) upstream_.forget(timer_);
  if (session_ != nullptr) {
    outcome_.session = session_->usage();
    outcome_.failed = std::min(lost_before_.value_or(outcome_.session.lost), outcome_.session.lost);
    outcome_.dropped = outcome_.session.lost - outcome_.failed;
    if (following_.ended) following_.ended(*session_);
    if (plan_.trail)
      outcome_.trail = std::make_shared<const EpisodeTrail>(trail_of(*session_, lanes_, *plan_.log));
  }
  const std::function<void(EpisodeOutcome)> done = std::move(following_.done);
  following_ = {};
  done(std::move(outcome_));
}

}  // namespace live
