#include "llm_mutators/proposers/llm_proposer.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "genome/base/rng.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/proposers/mate_choice.hpp"

namespace llm_mutators {
namespace {

namespace base = genome::base;
using Outcome = Reply::Outcome;

// Beside the streams of genetic_proposer.cpp (0) and mixed_proposer.cpp (1).
constexpr int kSuitors = 5;  // drawn from the population, of whom one becomes the second parent
constexpr auto kGlance = std::chrono::milliseconds(50);
constexpr double kMostGain = 5;  // points; one lucky child must not decide for a hundred generations

std::vector<Model> only(std::unique_ptr<LlmClient> client) {
  std::vector<Model> models;
  models.push_back({.client = std::move(client)});
  return models;
}

}  // namespace

struct LlmProposer::Task {
  std::size_t model = 0;
  Question question;
  bool allowed = true;
  net::Amount reserved;
  std::mutex mutex;
  std::condition_variable ended;
  std::optional<Talk> talk;  // once it is over
  std::exception_ptr broken;

  bool over() {
    const std::scoped_lock lock(mutex);
    return talk.has_value() || broken != nullptr;
  }
  void finish(const std::function<Talk()>& work) {
    std::optional<Talk> result;
    std::exception_ptr error;
    try {
      result = work();
    } catch (...) {
      error = std::current_exception();
    }
    const std::scoped_lock lock(mutex);
    talk = std::move(result);
    broken = error;
    ended.notify_all();
  }
};

struct LlmProposer::Asking {
  Question question;
  Pending pending;
};

LlmProposer::LlmProposer(std::vector<Model> models, Journal journal, LlmOptions options)
    : journal_(std::move(journal)),
      options_(std::move(options)),
      prompter_(options_.task, options_.templates),
      ledger_(options_.limits) {
  for (Model& model : models) endpoints_.push_back(std::make_unique<Endpoint>(std::move(model)));
}

LlmProposer::LlmProposer(std::unique_ptr<LlmClient> client, Journal journal, LlmOptions options)
    : LlmProposer(only(std::move(client)), std::move(journal), std::move(options)) {}

LlmProposer::~LlmProposer() = default;

void LlmProposer::begin(const evo::Outlook& outlook) {
  outlook_ = outlook;
  memory_ = Memory::read(outlook.memory);
  for (const auto& endpoint : endpoints_) {
    endpoint->client().leave_out(memory_.of(endpoint->name()).left_out);
    endpoint->forgive();
  }
  for (ModelRecord& model : memory_.models)
    model.pulls *= Memory::kFade, model.gain *= Memory::kFade, model.cost *= Memory::kFade;
  journal_.drop_committed();
  // Once: later there are calls of this process, which are reserved for.
  if (!lost_) lost_ = options_.replay ? Lost{} : journal_.lost();
  net::Amount spent = memory_.spent();
  spent += lost_->amount;
  ledger_.begin(spent);
  known_.clear();
}

std::vector<std::optional<evo::Proposal>> LlmProposer::propose(
    std::span<const evo::ProposalRequest> requests) {
  exchanges_.clear();  // of a generation that was given up
  entered_.clear();
  std::vector<evo::Proposal> children;
  const int generation = requests.empty() ? outlook_.generation : requests.front().generation;
  const bool awaited = !memory_.pending.empty();
  const std::vector<std::string> entered = enter(children, requests.size(), generation);
  if (awaited && !options_.replay) note_moment(generation, entered);
  for (const evo::ProposalRequest& request : requests) ask(request);
  if (options_.patience == 0) enter(children, requests.size(), generation);
  // What is still under way is committed as asked, so that a resumed run can ask it again.
  for (const Pending& pending : memory_.pending) {
    if (pending.generation != generation) continue;
    const Task& task = *tasks_.at(pending.digest);
    exchanges_.push_back(journal_.asked(endpoints_[task.model]->identity(), task.question));
  }
  std::vector<std::optional<evo::Proposal>> proposals(requests.size());
  for (std::size_t i = 0; i < children.size(); ++i) proposals[i] = std::move(children[i]);
  return proposals;
}

std::vector<evo::Exchange> LlmProposer::take_exchanges() { return std::exchange(exchanges_, {}); }

// ---- what comes back

// In the order of asking, of each model as far as it is due, until there are so many children: who answers
// slowly keeps nobody else waiting.
std::vector<std::string> LlmProposer::enter(std::vector<evo::Proposal>& children, std::size_t most,
                                            int generation) {
  std::vector<std::string> entered;
  std::set<std::string> awaited;  // models
  for (std::size_t at = 0; at < memory_.pending.size() && children.size() < most;) {
    const Pending pending = memory_.pending[at];
    Task* const task = awaited.contains(pending.model) ? nullptr : task_of(pending);
    if (awaited.contains(pending.model) || (task != nullptr && !is_due(pending, *task, generation))) {
      awaited.insert(pending.model);
      ++at;
      continue;
    }
    if (task != nullptr) {
      take_effect(pending, *task, generation, children);
    } else {
      tell(fmt::format("the question {} cannot be asked again: its model or its record is gone",
                       pending.digest));
    }
    entered.push_back(pending.digest);
    memory_.pending.erase(memory_.pending.begin() + static_cast<std::ptrdiff_t>(at));
    tasks_.erase(pending.digest);
  }
  return entered;
}

// Before the first question of the generation, which depends on what is known by then.
void LlmProposer::note_moment(int generation, const std::vector<std::string>& entered) const {
  if (!journal_.moment_of(generation)) journal_.note_moment(generation, entered);
}

// As it was when a process made this generation that was killed, or in the run that this one was forked from.
std::optional<bool> LlmProposer::was_due(const Pending& pending, int generation) const {
  if (const auto entered = journal_.moment_of(generation))
    return std::find(entered->begin(), entered->end(), pending.digest) != entered->end();
  const auto entered = journal_.entered_in_source(pending.digest);
  return entered ? std::optional(*entered <= generation) : std::nullopt;
}

bool LlmProposer::is_due(const Pending& pending, Task& task, int generation) {
  if (options_.replay) {
    const auto kept = journal_.in_run(pending.digest);
    return kept && kept->entered == generation;
  }
  if (generation - pending.generation < options_.patience) {
    const auto before = was_due(pending, generation);
    if (!before.value_or(task.over())) return false;
  }
  std::unique_lock lock(task.mutex);
  while (!task.talk && !task.broken) {
    task.ended.wait_for(lock, kGlance);
    if (!task.talk && !task.broken && options_.stop && options_.stop())
      throw Stopped("stopped while a language model was asked");
  }
  return true;
}

void LlmProposer::take_effect(const Pending& pending, Task& task, int generation,
                              std::vector<evo::Proposal>& children) {
  if (task.broken) std::rethrow_exception(task.broken);
  if (task.talk->stopped) throw Stopped("stopped while a language model was asked");
  account(pending, task, generation);
  Talk& talk = *task.talk;
  for (Kept& kept : talk.exchanges) exchanges_.push_back(Journal::entered(kept, generation).exchange);
  if (!talk.child) {
    const bool heard = !talk.exchanges.empty() && was_had(talk.exchanges.back().reply.outcome);
    if (heard) memory_.learn({generation, talk.hypothesis, talk.problem});
    return;
  }
  const std::string& exchange = talk.exchanges.back().exchange.digest;
  std::string print = fingerprint(*talk.child);
  if (memory_.was_proposed(print)) {  // by another exchange that was under way at the time
    memory_.learn({generation, talk.hypothesis, "it was proposed before, and was not scored again"});
    return;
  }
  memory_.propose(std::move(print));
  entered_.push_back(
      {exchange, pending.model, talk.hypothesis, pending.parents.empty(), pending.parent_fitness});
  memory_.of(pending.model).children += 1;
  children.push_back({.child = std::move(*talk.child),
                      .parents = pending.parents,
                      .operation = fmt::format("model_{}{}", pending.purpose, talk.repaired ? "+repair" : ""),
                      .exchange = exchange,
                      .hypothesis = talk.hypothesis,
                      .raw = options_.raw});
}

void LlmProposer::account(const Pending& pending, const Task& task, int generation) {
  ModelRecord& record = memory_.of(pending.model);
  const Talk& talk = *task.talk;
  net::Amount spent;
  for (std::size_t i = 0; i < talk.exchanges.size(); ++i) {
    const Reply& reply = talk.exchanges[i].reply;
    spent += talk.amounts[i];
    if (!reply.left_out.empty()) record.left_out = reply.left_out;
    if (reply.outcome == Outcome::kSkipped) continue;
    record.asked += 1;
    record.unreported += was_had(reply.outcome) && !reply.usage.known() ? 1 : 0;
    if (reply.usage.reasoning) record.reasoning = record.reasoning.value_or(0) + *reply.usage.reasoning;
    if (was_had(reply.outcome)) {
      record.answered += 1;
      record.circuit.note_reply();
    } else {
      const bool opened = record.circuit.note_failure(generation, options_.failures_in_a_row, reply.hopeless);
      tell_failure(pending, reply, record.circuit, opened);
    }
  }
  record.input += spent.input, record.cached += spent.cached, record.output += spent.output;
  record.money += spent.money;
  const bool all_priced = std::all_of(endpoints_.begin(), endpoints_.end(),
                                      [](const auto& each) { return each->model().price.has_value(); });
  record.cost += all_priced ? spent.money : 1;
  net::Amount reserved = task.reserved;
  reserved += talk.extra;
  ledger_.settle(reserved, spent);
}

void LlmProposer::tell_failure(const Pending& pending, const Reply& reply, const Circuit& circuit,
                               bool opened) const {
  std::string message =
      fmt::format("{} gave no reply (generation {}, child {}): {}", genome::base::one_line(pending.model),
                  pending.generation, pending.index, genome::base::one_line(reply.error));
  if (!reply.said.empty()) message += fmt::format("; it said: {}", genome::base::one_line(reply.said));
  if (opened) {
    message += reply.hopeless       ? "; asking again now would not help, so"
               : circuit.pause == 1 ? fmt::format("; after {} failures in a row", options_.failures_in_a_row)
                                    : "; it was tried again to no avail, so";
    message += circuit.pause == 1 ? " it is left alone for this generation"
                                  : fmt::format(" it is left alone for {} generations", circuit.pause);
    message += "; the genetic operators go on";
  }
  tell(message);
}

void LlmProposer::learn(std::span<const evo::ProposalOutcome> outcomes) {
  for (const evo::ProposalOutcome& outcome : outcomes) {
    const auto child = std::find_if(entered_.begin(), entered_.end(),
                                    [&](const Entered& each) { return each.exchange == outcome.exchange; });
    if (child == entered_.end()) continue;
    ModelRecord& record = memory_.of(child->model);
    const double gain = outcome.fitness - child->parent_fitness;
    std::string result;
    if (outcome.duplicate_of == outcome.id) {
      result = "it was made before, and was not scored again";
    } else if (!outcome.duplicate_of.empty()) {
      result = fmt::format("it acts exactly as the controller {} does", outcome.duplicate_of.substr(0, 10));
    } else {
      result = fmt::format("score {:.3f}; {:+.3f} against {}; {}", outcome.score, gain,
                           child->parentless ? "the middle of the population" : "its parent",
                           outcome.leads   ? "now the best of all"
                           : outcome.lives ? "kept"
                                           : "not kept");
    }
    memory_.learn({outlook_.generation, child->hypothesis, result});
    if (outcome.lives && outcome.duplicate_of.empty() && gain > 0) {
      record.gains += 1;
      record.gain += std::min(gain, kMostGain);
    }
  }
}

// ---- what is asked

std::string LlmProposer::purpose_of(const evo::ProposalRequest& request) const {
  auto rng = base::keyed_stream(request.seed, base::Stream::kModelTask,
                                static_cast<std::uint64_t>(request.generation), request.index);
  const bool two = request.parents.size() > 1 && request.parents[0]->id != request.parents[1]->id;
  if (options_.invent > 0 && base::chance(rng, options_.invent)) return "invent";
  return two && base::chance(rng, options_.crossover) ? "cross" : "mutate";
}

// Of some drawn from the population the one who is most ahead where the first parent is behind.
const evo::Individual& LlmProposer::mate_for(const evo::ProposalRequest& request) const {
  auto rng = base::keyed_stream(request.seed, base::Stream::kModelMate,
                                static_cast<std::uint64_t>(request.generation), request.index);
  std::vector<const evo::Individual*> suitors;
  for (int i = 0; i < kSuitors && !outlook_.population.empty(); ++i)
    suitors.push_back(&outlook_.population[base::uniform_index(rng, outlook_.population.size())]);
  const evo::Individual* mate =
      complement(*request.parents[0], suitors, {options_.task.budget_low, options_.task.budget_high});
  return mate != nullptr ? *mate : *request.parents[1];
}

LlmProposer::Asking LlmProposer::question_of(const evo::ProposalRequest& request) {
  Asking asking;
  Question& question = asking.question;
  Pending& pending = asking.pending;
  question = {.purpose = purpose_of(request), .generation = request.generation, .index = request.index};
  const evo::Individual& mother = *request.parents[0];
  Scene scene{.archive = outlook_.archive, .best = outlook_.best, .lessons = memory_.lessons};
  if (question.purpose == "invent") {
    question.prompt = prompter_.invention(scene);
    const auto& population = outlook_.population;
    pending.parent_fitness = population.empty() ? mother.fitness : population[population.size() / 2].fitness;
  } else {
    if (options_.observe) scene.observations = options_.observe(mother);
    pending.parents = {mother.id};
    if (question.purpose == "cross") {
      const evo::Individual& mate = mate_for(request);
      question.prompt = prompter_.crossover(mother, mate, scene);
      pending.parents.push_back(mate.id);
    } else {
      question.prompt = prompter_.mutation(mother, scene);
    }
    pending.parent_fitness = mother.fitness;
  }
  question.prompt.seed = base::keyed_stream(request.seed, base::Stream::kModelSeed,
                                            static_cast<std::uint64_t>(request.generation), request.index)();
  question.known = known_controllers();
  for (const evo::Individual* parent : request.parents)
    question.known.push_back(fingerprint(parent->controller));
  pending.purpose = question.purpose;
  pending.generation = question.generation;
  pending.index = question.index;
  return asking;
}

void LlmProposer::ask(const evo::ProposalRequest& request) {
  if (options_.stop && options_.stop()) throw Stopped("stopped before a language model was asked");
  const std::vector<std::size_t> models = available(request.generation);
  if (models.empty() && !options_.replay) return;
  Asking asking = question_of(request);
  const Question& question = asking.question;
  bool allowed = true;
  std::optional<std::size_t> model;
  if (options_.replay) {
    model = chosen_before(question);
  } else if ((model = answered_before(models, question))) {
    allowed =
        ledger_.reserve(worst_of(endpoints_[*model]->model(), question.prompt.size(), options_.most_repairs));
  } else {
    model = chosen(models, question.prompt.size());
  }
  if (!model) return;
  Endpoint& endpoint = *endpoints_[*model];
  asking.pending.digest = Journal::digest_of(endpoint.identity(), question);
  asking.pending.model = endpoint.name();
  memory_.of(endpoint.name()).pulls += 1;
  Task& task = start(*model, asking.pending.digest, std::move(asking.question), allowed);
  if (options_.replay || !allowed) ledger_.hold(task.reserved);
  memory_.pending.push_back(std::move(asking.pending));
}

std::size_t LlmProposer::asked_of(const std::string& model) const {
  return static_cast<std::size_t>(std::count_if(memory_.pending.begin(), memory_.pending.end(),
                                                [&](const Pending& each) { return each.model == model; }));
}

std::vector<std::size_t> LlmProposer::available(int generation) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    const std::string name = endpoints_[i]->name();
    const auto record = std::find_if(memory_.models.begin(), memory_.models.end(),
                                     [&](const ModelRecord& each) { return each.name == name; });
    const Circuit circuit = record == memory_.models.end() ? Circuit{} : record->circuit;
    if (!circuit.closed_at(generation)) continue;
    // Without patience all of a generation are asked at once, and wait for their turn.
    const bool waiting_room = options_.patience == 0 && !circuit.probing();
    const auto most = circuit.probing() ? 1 : static_cast<std::size_t>(endpoints_[i]->model().concurrency);
    if (waiting_room || asked_of(name) < most) found.push_back(i);
  }
  return found;
}

std::optional<std::size_t> LlmProposer::chosen(std::vector<std::size_t> models, std::size_t prompt_bytes) {
  while (!models.empty()) {
    std::vector<Arm> arms;
    for (const std::size_t i : models) arms.push_back(memory_.of(endpoints_[i]->name()).arm());
    const std::size_t best = choose(arms);
    const net::Amount worst =
        worst_of(endpoints_[models[best]]->model(), prompt_bytes, options_.most_repairs);
    if (ledger_.reserve(worst)) return models[best];
    models.erase(models.begin() + static_cast<std::ptrdiff_t>(best));
  }
  // While questions are under way, the budget may yet turn out to allow more.
  if (!told_budget_ && memory_.pending.empty()) {
    tell("the budget for models allows no further question at its worst; the genetic operators go on alone");
    told_budget_ = true;
  }
  return std::nullopt;
}

// In a replay: which model was asked this, if any was.
std::optional<std::size_t> LlmProposer::chosen_before(const Question& question) const {
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    if (journal_.known_to_run(Journal::digest_of(endpoints_[i]->identity(), question))) return i;
  }
  return std::nullopt;
}

// Which model's reply is at hand, paid for, because the process was killed or the run forked.
std::optional<std::size_t> LlmProposer::answered_before(const std::vector<std::size_t>& models,
                                                        const Question& question) const {
  for (const std::size_t i : models) {
    if (journal_.recall_at_hand(Journal::digest_of(endpoints_[i]->identity(), question))) return i;
  }
  return std::nullopt;
}

LlmProposer::Task& LlmProposer::start(std::size_t model, const std::string& digest, Question question,
                                      bool allowed) {
  auto& task = tasks_[digest];
  if (task) return *task;
  task = std::make_shared<Task>();
  task->model = model;
  task->reserved = worst_of(endpoints_[model]->model(), question.prompt.size(), options_.most_repairs);
  task->question = std::move(question);
  task->allowed = allowed;
  const auto run = [this, task] { task->finish([&] { return talk(*task); }); };
  if (options_.replay)
    run();
  else
    endpoints_[model]->submit(run);
  return *task;
}

LlmProposer::Task* LlmProposer::task_of(const Pending& pending) {
  const auto found = tasks_.find(pending.digest);
  if (found != tasks_.end()) return found->second.get();
  // Asked by a process that has ended since.
  std::size_t model = 0;
  while (model < endpoints_.size() && endpoints_[model]->name() != pending.model) ++model;
  auto question = journal_.asked_in_run(pending.digest);
  if (model == endpoints_.size() || !question) return nullptr;
  const net::Amount worst =
      worst_of(endpoints_[model]->model(), question->prompt.size(), options_.most_repairs);
  const bool allowed = options_.replay || ledger_.reserve(worst);
  if (options_.replay || !allowed) ledger_.hold(worst);
  return &start(model, pending.digest, std::move(*question), allowed);
}

Talk LlmProposer::talk(const Task& task) {
  Endpoint& endpoint = *endpoints_[task.model];
  const ConversationOptions how{.most_repairs = options_.most_repairs,
                                .failures_in_a_row = options_.failures_in_a_row,
                                .only_recalled = options_.replay,
                                .may_ask = task.allowed,
                                .ledger = &ledger_,
                                .stop = options_.stop,
                                .log = [&](double seconds, const Question& asked, const Kept& kept) {
                                  log(seconds, asked, kept, endpoint.client().name());
                                }};
  return converse(endpoint, journal_, prompter_, task.question, how);
}

// Of everyone who lives or is on the frontier.
const std::vector<std::string>& LlmProposer::known_controllers() {
  if (!known_.empty()) return known_;
  const auto add = [&](const std::string& id, const auto& controller) {
    auto& print = fingerprints_[id];
    if (print.empty()) print = controller();
    known_.push_back(print);
  };
  for (const evo::Individual& each : outlook_.population)
    add(each.id, [&] { return fingerprint(each.controller); });
  static const std::map<std::string, std::string> kNone;
  for (const auto& [id, text] : outlook_.archive != nullptr ? outlook_.archive->texts() : kNone) {
    add(id, [&, &whole = text] {
      const auto checked = genome::check_text(whole).controller;
      return checked ? fingerprint(*checked) : std::string("-");
    });
  }
  known_.insert(known_.end(), memory_.proposed.begin(), memory_.proposed.end());
  std::sort(known_.begin(), known_.end());
  known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
  return known_;
}

// ---- telling

void LlmProposer::tell(const std::string& message) const {
  const std::scoped_lock lock(telling_);
  if (options_.tell) options_.tell(message);
}

void LlmProposer::log(double seconds, const Question& question, const Kept& kept,
                      std::string_view model) const {
  if (!options_.log) return;
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const Reply& reply = kept.reply;
  const nlohmann::ordered_json json = {
      {"ended", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)))},
      {"model", genome::base::one_line(model)},
      {"purpose", question.purpose},
      {"generation", question.generation},
      {"index", question.index},
      {"attempt", question.attempt},
      {"seconds", seconds},
      {"tries", reply.tries},
      {"outcome", name_of(reply.outcome)},
      {"error", reply.error},
      {"input", reply.usage.input.value_or(-1)},  // -1: not reported
      {"cached", reply.usage.cached_read.value_or(-1)},
      {"output", reply.usage.output.value_or(-1)},
      {"reasoning", reply.usage.reasoning.value_or(-1)},  // of the output
      {"cost", kept.cost},
      {"exchange", kept.exchange.digest}};
  const std::scoped_lock lock(telling_);
  options_.log(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace llm_mutators
