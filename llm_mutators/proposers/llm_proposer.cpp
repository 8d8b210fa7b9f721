#include "llm_mutators/proposers/llm_proposer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "genome/base/digest.hpp"
#include "genome/base/rng.hpp"
#include "llm_mutators/proposers/mate_choice.hpp"

namespace llm_mutators {
namespace {

namespace base = genome::base;

constexpr int kSuitors = 5;      // drawn from the population, of whom one becomes the second parent
constexpr double kMostGain = 5;  // points; one lucky child must not decide for a hundred generations

std::vector<Model> only(std::unique_ptr<LlmClient> client) {
  std::vector<Model> models;
  models.push_back({.client = std::move(client)});
  return models;
}

base::Rng stream_of(const evo::ProposalRequest& request, base::Stream stream) {
  return base::keyed_stream(request.seed, stream, static_cast<std::uint64_t>(request.generation),
                            request.index);
}

std::vector<Prompter> prompters_of(const LlmOptions& options) {
  std::vector<Prompter> prompters;
  prompters.emplace_back(options.task, options.templates);
  for (const IslandPrompts& each : options.other_islands) prompters.emplace_back(each.task, each.templates);
  return prompters;
}

}  // namespace

class LlmProposer::Places {
 public:
  explicit Places(std::span<const evo::ProposalRequest> requests) : children(requests.size()) {
    for (std::size_t i = 0; i < requests.size(); ++i) free_[requests[i].island].push_back(i);
    for (auto& [island, places] : free_) std::ranges::reverse(places);
  }

  bool any_left_on(std::size_t island) const {
    const auto places = free_.find(island);
    return places != free_.end() && !places->second.empty();
  }
  bool any_left() const {
    return std::ranges::any_of(free_, [](const auto& each) { return !each.second.empty(); });
  }
  void put(std::size_t island, evo::Proposal child) {
    std::vector<std::size_t>& places = free_.at(island);
    children[places.back()] = std::move(child);
    places.pop_back();
  }

  std::vector<std::optional<evo::Proposal>> children;  // by request

 private:
  std::map<std::size_t, std::vector<std::size_t>> free_;  // by island, the first place last
};

LlmProposer::LlmProposer(std::vector<Model> models, Journal journal, LlmOptions options)
    : journal_(std::move(journal)),
      options_(std::move(options)),
      prompters_(prompters_of(options_)),
      ledger_(options_.limits),
      reporter_(options_.observer),
      chooser_(endpoints_, journal_, ledger_, reporter_,
               {.most_repairs = options_.most_repairs,
                .failures_in_a_row = options_.failures_in_a_row,
                .queues = options_.patience == 0,
                .keeps_reasons = options_.prompt_version > 1}),
      inbox_(endpoints_, journal_, prompters_, ledger_, reporter_,
             {.most_repairs = options_.most_repairs,
              .failures_in_a_row = options_.failures_in_a_row,
              .patience = options_.patience,
              .replay = options_.replay,
              .prompt_version = options_.prompt_version}) {
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
  memory_.fade();
  journal_.drop_committed();
  // Once: later there are calls of this process, which are reserved for.
  if (!lost_) lost_ = options_.replay ? LostCalls{} : journal_.lost();
  net::Amount spent = memory_.spent();
  spent += lost_->amount;
  ledger_.begin(spent);
  known_.clear();
}

std::vector<std::optional<evo::Proposal>> LlmProposer::propose(
    std::span<const evo::ProposalRequest> requests) {
  exchanges_.clear();  // of a generation that was given up
  proposed_.clear();
  Places places(requests);
  const int generation = requests.empty() ? outlook_.generation : requests.front().generation;
  const bool awaited = !memory_.pending.empty();
  const std::vector<std::string> entered = take_replies(places, generation);
  if (awaited && !options_.replay) inbox_.note_moment(generation, entered);
  for (const evo::ProposalRequest& request : requests) ask(request);
  if (options_.patience == 0) take_replies(places, generation);
  // What is still under way is committed as asked, so that a resumed run can ask it again.
  for (const PendingQuestion& pending : memory_.pending) {
    if (pending.generation == generation) exchanges_.push_back(inbox_.record_of(pending));
  }
  return std::move(places.children);
}

std::vector<evo::Exchange> LlmProposer::take_exchanges() { return std::exchange(exchanges_, {}); }

// ---- asked

void LlmProposer::ask(const evo::ProposalRequest& request) {
  if (reporter_.stop_requested()) throw Stopped("stopped before a language model was asked");
  const std::vector<std::size_t> models = chooser_.available(memory_, request.generation);
  if (models.empty() && !options_.replay) return;
  auto [question, pending] = question_of(request);
  const auto choice =
      options_.replay ? chooser_.choice_in_run(question) : chooser_.choose(memory_, models, question);
  if (!choice) return;
  const Endpoint& endpoint = *endpoints_[choice->model];
  pending.digest = Journal::digest_of(endpoint.identity(), question);
  pending.model = endpoint.name();
  memory_.of(pending.model).pulls += 1;
  inbox_.ask(*choice, pending.digest, std::move(question));
  memory_.pending.push_back(std::move(pending));
}

LlmProposer::NewQuestion LlmProposer::question_of(const evo::ProposalRequest& request) {
  NewQuestion made;
  Question& question = made.question;
  PendingQuestion& pending = made.pending;
  question = {.purpose = purpose_of(request),
              .generation = request.generation,
              .index = request.index,
              .island = request.island};
  const Prompter& prompter = prompters_[request.island];
  const evo::Individual& mother = *request.parents[0];
  Scene scene{.archive = outlook_.archive, .best = outlook_.best, .lessons = memory_.lessons};
  scene.expected = outlook_.expected;
  scene.proposals = memory_.children();
  for (const ModelRecord& each : memory_.models) scene.kept += each.gains;
  if (question.purpose == "invent") {
    question.prompt = prompter.invention(scene);
    const auto population = outlook_.population_of(request.island);
    pending.parent_fitness = population.empty() ? mother.fitness : population[population.size() / 2].fitness;
  } else {
    scene.observations = reporter_.observations(mother);
    pending.parents = {mother.id};
    if (question.purpose == "cross") {
      const evo::Individual& mate = mate_for(request);
      question.prompt = prompter.crossover(mother, mate, scene);
      pending.parents.push_back(mate.id);
    } else {
      question.prompt = prompter.mutation(mother, scene);
    }
    pending.parent_fitness = mother.fitness;
  }
  question.prompt.seed = stream_of(request, base::Stream::kModelSeed)();
  question.known = known_controllers();
  for (const evo::Individual* parent : request.parents)
    question.known.push_back(fingerprint(parent->controller));
  pending.purpose = question.purpose;
  pending.generation = question.generation;
  pending.index = question.index;
  pending.island = question.island;
  return made;
}

std::string LlmProposer::purpose_of(const evo::ProposalRequest& request) const {
  auto rng = stream_of(request, base::Stream::kModelTask);
  const bool two = request.parents.size() > 1 && request.parents[0]->id != request.parents[1]->id;
  const double invent = invent_on(request.island);
  if (invent > 0 && base::chance(rng, invent)) return "invent";
  return two && base::chance(rng, options_.crossover) ? "cross" : "mutate";
}

// Of some drawn from the population the one who is most ahead where the first parent is behind.
const evo::Individual& LlmProposer::mate_for(const evo::ProposalRequest& request) const {
  auto rng = stream_of(request, base::Stream::kModelMate);
  std::vector<const evo::Individual*> suitors;
  const auto population = outlook_.population_of(request.island);
  for (int i = 0; i < kSuitors && !population.empty(); ++i)
    suitors.push_back(&population[base::uniform_index(rng, population.size())]);
  const evo::Individual* mate = complement(*request.parents[0], suitors, budgets_of(options_.task));
  return mate != nullptr ? *mate : *request.parents[1];
}

// Fingerprints of everyone who lives or is on the frontier, and of what models proposed before.
const std::vector<std::string>& LlmProposer::known_controllers() {
  if (!known_.empty()) return known_;
  const auto add = [&](const std::string& id, const auto& controller) {
    auto& print = fingerprints_[id];
    if (print.empty()) print = controller();
    known_.push_back(print);
  };
  for (std::size_t island = 0; island < outlook_.islands(); ++island) {
    for (const evo::Individual& each : outlook_.population_of(island))
      add(each.id, [&] { return fingerprint(each.controller); });
  }
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

// ---- replied

// In the order of asking, of each model as far as it is due, until there is a child for every place: a slow
// model keeps no other one waiting, nor does an island whose places are taken keep another.
std::vector<std::string> LlmProposer::take_replies(Places& places, int generation) {
  std::vector<std::string> entered;
  std::set<std::string> awaited;  // models
  for (std::size_t at = 0; at < memory_.pending.size() && places.any_left();) {
    const PendingQuestion asked = memory_.pending[at];
    if (!places.any_left_on(island_of(asked))) {
      ++at;
      continue;
    }
    if (awaited.contains(asked.model) || !inbox_.is_due(asked, generation)) {
      awaited.insert(asked.model);
      ++at;
      continue;
    }
    if (auto result = inbox_.take(asked)) take_effect(asked, std::move(*result), generation, places);
    entered.push_back(asked.digest);
    memory_.pending.erase(memory_.pending.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return entered;
}

std::size_t LlmProposer::island_of(const PendingQuestion& asked) const {
  return std::min(asked.island, prompters_.size() - 1);
}

double LlmProposer::invent_on(std::size_t island) const {
  return island == 0 ? options_.invent : options_.other_islands[island - 1].invent;
}

void LlmProposer::take_effect(const PendingQuestion& asked, ConversationResult result, int generation,
                              Places& places) {
  chooser_.account(memory_, asked, result, generation);
  for (const RecordedReply& each : result.exchanges)
    exchanges_.push_back(Journal::entered(each, generation).exchange);
  if (!result.child) {
    const bool heard = !result.exchanges.empty() && was_had(result.exchanges.back().reply.outcome);
    if (heard) memory_.learn({generation, result.hypothesis, result.problem});
    return;
  }
  const std::string& exchange = result.exchanges.back().exchange.digest;
  std::string print = fingerprint(*result.child);
  if (memory_.was_proposed(print)) {  // by another exchange that was under way at the time
    memory_.learn({generation, result.hypothesis, std::string(words().proposed_before)});
    if (options_.prompt_version > 1) memory_.of(asked.model).note_reason(kKnownAlready);
    return;
  }
  memory_.propose(std::move(print));
  proposed_.push_back(
      {exchange, asked.model, result.hypothesis, asked.parents.empty(), asked.parent_fitness});
  memory_.of(asked.model).children += 1;
  places.put(island_of(asked),
             {.child = std::move(*result.child),
              .parents = asked.parents,
              .operation = fmt::format("model_{}{}", asked.purpose, result.repaired ? "+repair" : ""),
              .exchange = exchange,
              .hypothesis = result.hypothesis,
              .raw = options_.raw});
}

// ---- proposed

void LlmProposer::learn(std::span<const evo::ProposalOutcome> outcomes) {
  for (const evo::ProposalOutcome& outcome : outcomes) {
    const auto child = std::find_if(proposed_.begin(), proposed_.end(), [&](const ProposedChild& each) {
      return each.exchange == outcome.exchange;
    });
    if (child == proposed_.end()) continue;
    ModelRecord& record = memory_.of(child->model);
    const double gain = outcome.fitness - child->parent_fitness;
    memory_.learn({outlook_.generation, child->hypothesis, outcome_text(*child, outcome, gain)});
    if (outcome.lives && outcome.duplicate_of.empty() && gain > 0) {
      record.gains += 1;
      record.gain += std::min(gain, kMostGain);
    }
  }
}

std::string LlmProposer::outcome_text(const ProposedChild& child, const evo::ProposalOutcome& outcome,
                                      double gain) const {
  const Wording& w = words();
  if (outcome.duplicate_of == outcome.id) return std::string(w.made_before);
  if (!outcome.duplicate_of.empty())
    return fmt::format(fmt::runtime(w.acts_as),
                       fmt::arg("controller", genome::base::short_id(outcome.duplicate_of)));
  return fmt::format(fmt::runtime(w.outcome), fmt::arg("score", outcome.score), fmt::arg("gain", gain),
                     fmt::arg("against", child.parentless ? w.population_middle : w.parent),
                     fmt::arg("end", outcome.leads   ? w.leads
                                     : outcome.lives ? w.lives
                                                     : w.dies));
}

}  // namespace llm_mutators
