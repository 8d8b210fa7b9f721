// model_files.hpp: price tables and prompt templates in files of their own.
// Why:      prices change and templates are written by hand; but a run must not change when they do.
// Use:      freeze_model_files(experiment);   // model_prices and model_template_folder are empty then
// The form: a price table is TOML with a table for each model, by the model's name or as the server calls it:
//             ["some-model"]
//             input = 3            # for a million tokens
//             cached_read = 0.3    # as input when left out
//             cache_write = 3.75   # as the kind of server takes for it when left out
//             output = 15
//           a folder of templates holds any of task.txt, rules.txt, mutate.txt, cross.txt, invent.txt,
//           repair.txt.
// Promises: what an experiment says itself is not overruled. UsageError names file and what is wrong.
// Threads:  reads the file system, otherwise pure.
#pragma once

#include "evo/experiment/experiment.hpp"

namespace experiments {

void freeze_model_files(evo::Experiment& experiment);

}  // namespace experiments
