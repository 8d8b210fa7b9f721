// output_file.hpp: whether a file can be written where an option says.
// Why:      a bad path is told before the work, by the name that was written, not by one of the system's.
// Use:      expect_folder_of(arguments.file);
// Promises: UsageError where the folder of the file does not exist, or is no folder.
// Threads:  reads the file system, otherwise pure.
// Tests:    tests/experiments/commands/names_of_controllers_test.cpp, command_line_test.cpp
#pragma once

#include <string>

namespace experiments {

// Of a file that the option -o names.
void expect_folder_of(const std::string& file);

}  // namespace experiments
