// output_file.hpp: whether a file can be written where an option says.
// Why:      a bad path is told before the work, by the name that was written, not by one of the system's.
// Use:      expect_folder_of(arguments.file);
//           if (!to_stdout) expect_new_file(arguments.output, arguments.force);
// Promises: UsageError where the folder of the file does not exist or is no folder, and where a file would be
//           replaced that is not to be.
// Threads:  reads the file system, otherwise pure.
// Tests:    tests/experiments/commands/names_of_controllers_test.cpp, command_line_test.cpp
#pragma once

#include <string>

namespace experiments {

// Of a file that the option -o names.
void expect_folder_of(const std::string& file);

// The same, of a file that is written whole: it must not exist, or be a regular file and `force` be given.
void expect_new_file(const std::string& file, bool force);

}  // namespace experiments
