# Writes which commit the sources are of, as C++. Run at every build, so that no new commit is missed; the file is
# touched only when it would say something else, so that nothing is compiled without need.
#
#   cmake -D SOURCE=FOLDER -D OUTPUT=FILE.cpp -P program_commit.cmake

set(commit "unknown")
# A folder without .git may lie in somebody else's repository, whose commit says nothing of these sources.
find_program(GIT git)
if(GIT AND EXISTS "${SOURCE}/.git")
  # Set in a hook of another repository, these would lead git there.
  set(git ${CMAKE_COMMAND} -E env --unset=GIT_DIR --unset=GIT_WORK_TREE --unset=GIT_INDEX_FILE
          --unset=GIT_COMMON_DIR --unset=GIT_OBJECT_DIRECTORY
          ${GIT} --no-optional-locks -c safe.directory=* -C ${SOURCE})
  execute_process(COMMAND ${git} rev-parse --verify HEAD
    OUTPUT_VARIABLE head ERROR_QUIET RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT failed AND head MATCHES "^[0-9a-f]+$")
    set(commit ${head})
    execute_process(COMMAND ${git} status --porcelain --untracked-files=no
      OUTPUT_VARIABLE changes ERROR_QUIET RESULT_VARIABLE failed)
    if(failed OR changes)
      string(APPEND commit " modified")
    endif()
  endif()
endif()

set(text "#include \"evo/base/program_version.hpp\"\n\nnamespace evo {\n
std::string_view program_commit() { return \"${commit}\"; }\n\n}  // namespace evo\n")
set(before "")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" before)
endif()
if(NOT text STREQUAL before)
  file(WRITE "${OUTPUT}" "${text}")
endif()
