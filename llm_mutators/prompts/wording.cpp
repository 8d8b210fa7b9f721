// Version 2.
#include "llm_mutators/prompts/wording.hpp"

#include "genome/base/check.hpp"
#include "llm_mutators/prompts/first_wording.hpp"

namespace llm_mutators {
namespace {

constexpr std::string_view kLayout = R"(# The controller language

A controller answers one question with a language model that reasons in several parallel branches. In
each round it decides which branches to open, which to advance (by whole intervals of tokens), which to
prune, when to stop, and what to answer. Every interval costs its tokens. A controller is plain text with
one statement a line; '#' begins a comment. Its sections come in this order, and all but the last are
optional:

controller NAME
rounds N                 # the largest number of rounds, from 1 to {most_rounds}; {usual_rounds} by default

{schedule}                 # settings: expressions of beta and of the settings above them
  NAME rises EXPRESSION  # must never fall as beta goes from 0 to 1; this is checked
  NAME falls EXPRESSION  # must never rise as beta goes from 0 to 1

{memory}                   # registers of the question
  NAME = EXPRESSION      # the initial value, an expression of beta and settings

{branch}                   # registers of each branch, set to this value when the branch is opened
  NAME = EXPRESSION

{start}                    # executed once
  STATEMENT

{round}                    # executed in every round, from top to bottom
  STATEMENT

{answer}                   # the answer is the first of these that is not none
  EXPRESSION

An episode also ends after its last round, after a round without an active branch in which nothing was
opened or advanced, and when the budget allows no further step.
)";

constexpr std::string_view kTypes = R"(
## Types

Values are numbers, truth values (true, false) and answers (none, or opaque text that can only be
compared and counted). A value belongs either to the question (there is one) or to the branch (there is
one for each opened branch). An expression that uses a value of the branch belongs to the branch itself,
unless a function over a set reduces it to one value. A set is a truth value of the branch, such as
`active and depth > 3`. Guards, the N of open and read, the M of keep, and the lines of the answer must
belong to the question. A register has the type of its initial value. Nothing can fail: every operation
is defined for every input.
)";

constexpr std::string_view kStatements = R"(
## Statements

Every statement may end in `when TRUTH`, a truth value of the question. It is then executed only if that
is true.
)";

constexpr std::string_view kOperations = R"(
## Operations

From the loosest to the tightest: or; and; not; comparisons, which cannot be chained; + and -; * and /;
unary minus; ^, which groups to the right. Parentheses work as usual. An operation that accepts values of
any kind needs all of them to be of the same kind.
)";

constexpr std::string_view kNames = R"(
## Names and limits

A name consists of letters, digits and '_', does not begin with a digit, and has at most {name_length}
characters. It must not be a word of the language, and it can name only one thing. A controller has at most
{schedule} settings, {registers} registers in each of memory and branch, {statements} statements in each of
start and round, and {answers} lines of answer. An expression has at most {depth} nested levels, and the
whole controller at most {nodes} operands and operations.
)";

constexpr std::string_view kSignals = R"(
## Signals

Besides its answer, a branch shows numbers that were recorded with its tokens. The step that completes an
interval reveals the numbers of that interval, whether or not it reveals an answer; read reveals all of them.

)";

constexpr std::string_view kSettings =
    "A controller is run on many questions in each of several recorded environments. An environment is a\n"
    "language model answering a set of questions. The controller runs at several settings of its only knob,\n"
    "beta{betas}, from cheap to thorough. Each setting has an accuracy (the percentage of questions "
    "answered\n"
    "correctly) and a cost (the mean number of tokens spent on a question), averaged over the "
    "environments.\n";

constexpr std::string_view kScore =
    "\n## Score\n\n"
    "For every budget from {low} to {high} tokens, take the accuracy that the controller reaches "
    "within\n"
    "that budget, interpolated between neighbouring settings. It is 0 below the cheapest setting, and above\n"
    "the most expensive setting it stays what it is there. The score is the mean of that accuracy over all\n"
    "budgets, which are spread evenly on a logarithmic scale. Therefore:\n\n"
    "- The lowest beta should cost about {low} tokens or slightly less, the highest about {high}, "
    "and the\n"
    "  others should be spread between them by equal factors. Spending beyond {high} tokens earns "
    "nothing.\n"
    "- The cost must rise with beta. A setting that costs no more than a lower one is left out, and the "
    "score\n"
    "  drops by {penalty:g}. (One point is one percent of accuracy.)\n"
    "- Accuracy should be higher at the same cost: spend tokens where the answer may still change, and stop\n"
    "  or prune branches where it will not.\n";

constexpr std::string_view kCoverage =
    "- {points:g} points times the share of the range of budgets, on the logarithmic scale, that lies above "
    "the\n"
    "  most expensive setting. The knob must cover the range, so let beta = 1 spend about {high} "
    "tokens.\n";

constexpr std::string_view kRegret =
    "- {points:g} times the number of points by which the controller is behind the better of two plain\n"
    "  controllers, averaged over environments and budgets. Being ahead elsewhere does not make up for it. "
    "The\n"
    "  two are sc (a majority vote of n whole branches) and asc (whole branches are read one by one until "
    "the\n"
    "  vote is safe).\n";

constexpr std::string_view kLowerBound =
    "- {errors:g} standard errors of its gain over asc, which reads whole branches one by one until the vote "
    "is\n"
    "  safe. The error is taken over the distinct questions: a gain that rests on a few questions counts "
    "for\n"
    "  less than an equal gain that most questions contribute to.\n";

constexpr std::string_view kReweightings =
    "\nEach recorded environment also has variants with the same questions, in which the odds of a correct\n"
    "branch are multiplied by {odds}. All of them count equally. Do not rely on how often branches are\n"
    "correct: decide by what the branches of the question at hand show.\n";

constexpr Wording kWords{
    .layout = kLayout,
    .types = kTypes,
    .statements = kStatements,
    .observed = "\n## What can be observed\n\n",
    .operations = kOperations,
    .names = kNames,
    .example = "\n## An example\n\n",
    .signals = kSignals,
    .signal_names = "\nNAME is one of: {names}.\n",

    .settings = kSettings,
    .score = kScore,
    .charges = "\nThe following is subtracted from the score:\n\n",
    .coverage = kCoverage,
    .regret = kRegret,
    .lower_bound = kLowerBound,
    .parsimony =
        "- {points:g} points for each operation and operand of the controller: remove what does not help.\n",
    .reweightings = kReweightings,
    .or_by = " or by ",
    .budget =
        "\nAt most {tokens} tokens may be spent on a single question. A step that would exceed them is not "
        "taken.\n",
    .probe =
        "\nEach answer that open, advance or probe reveals costs {tokens} tokens in addition. Reveal only "
        "the "
        "answers\nthat the controller looks at, and use continue for the rest.\n",
    .questions =
        "\nA controller cannot be fitted to single questions: it never sees their text, and answers are "
        "opaque.\n",
    .tables =
        "Before it is judged, each setting becomes a table with a value of its own at every beta. These "
        "values\nare free: a setting need not follow one formula.\n",
    .tuned =
        "Propose structures and ideas. The numbers of your controller are tuned a little before it is "
        "judged, "
        "so\nreasonable ones will do.\n",
    .untuned = "Your controller is judged with exactly the numbers you write.\n",

    .size_and_score = "It has {size} operations and operands. Its score is {score:.3f}",
    .after_charges = ", or {fitness:.3f} after the subtractions",
    .best = "; the best controller so far has {score:.3f}",
    .best_after = ", or {fitness:.3f} after the subtractions",
    .settings_over = "Its settings, averaged over {environments}:\n\n",
    .environments = "all environments",
    .with_variants = "all environments and their variants",
    .at_budgets = "The accuracy that counts at some of the budgets:\n\n",
    .frontier =
        "# The best controllers so far\n\nThe frontier of accuracy against tokens has {points} points, which "
        "belong to {controllers} controllers{some}.\n\n",
    .some_of_them = "; {points} of the points are shown",
    .how_it_does = "How it performs",
    .how_first_does = "How the first controller performs",

    .expected =
        "# New questions\n\nOn questions that it has never seen, a search like this one is expected to gain "
        "{gain:+.1f} points over\n{against}, the best known controller (95% interval: {low:+.1f} to "
        "{high:+.1f}). What only fits the {questions} questions\nat hand is worth nothing: prefer rules that "
        "should hold on others.\n\n",
    .lessons = "# Recent proposals and their results\n\n",
    .record =
        "So far, models have proposed {proposals} controllers that could be scored. Of these, {kept} scored "
        "higher\nthan their parents and were kept.\n\n",
    .no_hypothesis = "(no hypothesis given)",
    .outcome = "it scored {score:.3f}, {gain:+.3f} compared with {against}; {end}",
    .population_middle = "the median of the population",
    .parent = "its parent",
    .leads = "it is now the best of all",
    .lives = "it was kept",
    .dies = "it was dropped",
    .made_before = "this controller existed before and was not scored again",
    .proposed_before = "this controller was proposed before and was not scored again",
    .acts_as = "it behaves exactly like the controller {controller}",

    .cut_short = "reply: error: the reply was cut off by the limit on its length; reply more briefly\n",
    .no_signal =
        "reply: error: not all environments record the signal {missing}; these can be used: {there}\n",
    .known =
        "reply: error: this controller is known already, perhaps in other words, and was not scored again; "
        "propose another one\n",
    .more_bytes = "\n({bytes} more bytes are left out)",
};

}  // namespace

const Wording& wording(int version) {
  EVOTTS_CHECK(version == 1 || version == 2);
  return version == 1 ? first_wording() : kWords;
}

}  // namespace llm_mutators
