// Version 1: the words of the first programs, which their runs are asked in for ever.
#include "llm_mutators/prompts/first_wording.hpp"

namespace llm_mutators {

const Wording& first_wording() {
  static const Wording words{
      .layout = R"(# The language of controllers

A controller answers one question with a language model that reasons in several branches. Round by
round it decides which branches to open, to advance by intervals of tokens, and to prune, when to
stop, and what to answer. Each interval costs its tokens. A controller is a text of lines ('#' begins
a comment); sections come in this order, and all but the last may be left out:

controller NAME
rounds N                 # at most so many rounds: 1 to {most_rounds}; {usual_rounds} when left out

{schedule}                 # settings: expressions of beta and of earlier settings
  NAME rises EXPRESSION  # never falls while beta goes from 0 to 1; this is checked
  NAME falls EXPRESSION  # never rises

{memory}                   # registers of the question
  NAME = EXPRESSION      # the initial value: of beta and settings

{branch}                   # registers of each branch, set to this when the branch is opened
  NAME = EXPRESSION

{start}                    # done once
  STATEMENT

{round}                    # done again and again, from top to bottom
  STATEMENT

{answer}                   # the first of these that is not none is the answer
  EXPRESSION

An episode also ends after the last round, when no branch is active and a round opened or advanced
nothing, and when the budget admits nothing more.
)",
      .types = R"(
## Types

Values are numbers, truths (true, false) and answers (none, or opaque text that can only be compared
and counted). A value is of the question (one) or of the branch (one for each opened branch); an
expression that mentions anything of the branch is of the branch, unless a function over a set folds
it. A set is a truth of the branch, such as `active and depth > 3`. Guards, N of open and read, M of
keep and the lines of the last section are of the question. A register has the type of its initial
value. Nothing can fail: every operation has a value on every input.
)",
      .statements = R"(
## Statements

Every statement may end in `when TRUTH` (of the question); it is then done only if that holds.
)",
      .observed = "\n## What can be observed\n\n",
      .operations = R"(
## Operations

From loosest to tightest: or; and; not; comparisons (never chained); + and -; * and /; unary minus;
^ (to the right). Parentheses as usual. What takes any kind takes one kind throughout.
)",
      .names = R"(
## Names and limits

A name is letters, digits and '_', begins with no digit, has at most {name_length} characters, is none of the
words above, and names one thing only. At most {schedule} settings, {registers} registers in each of the two sections,
{statements} statements in each of the two sections, {answers} lines of answer, {depth} nested levels in an expression,
{nodes} operands and operations in all.
)",
      .example = "\n## An example\n\n",
      .signals = R"(
## Signals

Beside its answer a branch shows numbers that came with its tokens. The step that ends an interval
reveals those of the interval, with a probe or without; reading reveals all.

)",
      .signal_names = "\nNAME is one of: {names}.\n",

      .settings =
          "A controller is run on many questions in each of several recorded environments (a language\n"
          "model answering a set of questions), at several settings of its one knob beta{betas}, from "
          "cheap to\n"
          "thorough. Each setting gives an accuracy (percent of questions answered rightly) and a cost "
          "(mean\n"
          "tokens of a question), as means over the environments.\n",
      .score =
          "\n## Score\n\n"
          "The score is the mean, over budgets from {low} to {high} tokens (uniform in the "
          "logarithm), of\n"
          "the accuracy reached within the budget, interpolated between neighbouring settings; below the\n"
          "cheapest setting it is 0, above the dearest it stays as it is there. So:\n\n"
          "- The lowest beta should cost about {low} tokens or a little less, the highest about "
          "{high},\n"
          "  with the others spread between them by equal factors. What needs more tokens than that counts "
          "nothing.\n"
          "- Tokens must rise with beta: a setting that costs no more than a lower one is left out, and the "
          "score\n"
          "  (in points: percent of accuracy) falls by {penalty:g}.\n"
          "- At equal tokens the accuracy should be higher: spend where an answer may still change, and "
          "stop\n"
          "  or give up branches where it will not.\n",
      .charges = "\nFrom the score is taken:\n\n",
      .coverage =
          "- {points:g} points times the share of the range of budgets (in the logarithm) above the "
          "dearest setting:\n"
          "  the knob must cover the range, so let beta = 1 spend about {high} tokens.\n",
      .regret =
          "- {points:g} times the points by which it is behind the better of two plain controllers, averaged "
          "over\n"
          "  environments and budgets, where what it is ahead elsewhere counts nothing: no environment may "
          "pay\n"
          "  for another. They are sc (n whole branches vote) and asc (whole branches are read one by one\n"
          "  until the vote is safe).\n",
      .lower_bound =
          "- {errors:g} standard errors, over the distinct questions, of its gain over asc (whole "
          "branches read one\n"
          "  by one until the vote is safe): a gain that rests on a few questions is judged lower than "
          "the same\n"
          "  gain made of a little on most.\n",
      .parsimony =
          "- {points:g} points for each operation and operand of its text: what does not help should go.\n",
      .reweightings =
          "\nEach recorded environment is joined by variants with the same questions, in which the "
          "odds of right\n"
          "branches are multiplied by {odds}; all count alike. So do not rely on how often branches "
          "are right:\n"
          "decide by what the branches of the question at hand show.\n",
      .or_by = " or by ",
      .budget = "\nA single question may spend at most {tokens} tokens; what would spend more is not done.\n",
      .probe =
          "\nEach answer that open, advance or probe reveals costs {tokens} tokens more: reveal what is "
          "looked "
          "at, and\n"
          "use continue for the rest.\n",
      .questions =
          "\nNothing can be fitted to single questions: a controller never sees their text, and answers "
          "are opaque.\n",
      .tables =
          "Before it is judged, each setting becomes a table with a value of its own at every beta, and "
          "these\n"
          "values are free: a setting need not follow one formula.\n",
      .tuned =
          "Propose structure and ideas; the numbers of what you write are tuned a little before it is "
          "judged, "
          "so\nthey need only be sensible.\n",
      .untuned = "What you write is judged with the numbers you give it.\n",

      .size_and_score = "It has {size} operations and operands. Its score is {score:.3f}",
      .after_charges = ", {fitness:.3f} after what is taken",
      .best = "; that of the best so far is {score:.3f}",
      .best_after = ", {fitness:.3f} after that",
      .settings_over = "Its settings, as means over {environments}:\n\n",
      .environments = "all environments",
      .with_variants = "all environments, variants included",
      .at_budgets = "What the score counts at some of the budgets:\n\n",
      .frontier =
          "# The best known\n\nThe frontier of tokens and accuracy has {points} points of {controllers} "
          "controllers{some}.\n\n",
      .some_of_them = "; {points} of them",
      .how_it_does = "How it does",
      .how_first_does = "How the first one does",

      .expected = "",
      .lessons = "# What was tried lately, and what came of it\n\n",
      .record = "",
      .no_hypothesis = "(no hypothesis)",
      .outcome = "score {score:.3f}; {gain:+.3f} against {against}; {end}",
      .population_middle = "the middle of the population",
      .parent = "its parent",
      .leads = "now the best of all",
      .lives = "kept",
      .dies = "not kept",
      .made_before = "it was made before, and was not scored again",
      .proposed_before = "it was proposed before, and was not scored again",
      .acts_as = "it acts exactly as the controller {controller} does",

      .cut_short = "reply: error: it was cut short by the limit on its length; be brief\n",
      .no_signal = "reply: error: there is no signal {missing} in all environments; there is {there}\n",
      .known =
          "reply: error: the controller is one that is known already, the same or in other words; it was not "
          "scored again\n",
      .more_bytes = "\n(and {bytes} bytes more)",
  };
  return words;
}

}  // namespace llm_mutators
