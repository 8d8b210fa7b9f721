# Whether the Python module can be built: sets EVOTTS_PYTHON, Python3_* and PYTHON_FOLDER, where it is installed.
set(EVOTTS_PYTHON_MISSING "")
if(NOT PROJECT_IS_TOP_LEVEL OR EVOTTS_SANITIZE OR EVOTTS_FUZZ)
  # An interpreter that was built without sanitizers cannot load a module that has them.
  option(EVOTTS_PYTHON "Build the Python module" OFF)
else()
  option(EVOTTS_PYTHON "Build the Python module" ON)
endif()
if(NOT EVOTTS_PYTHON)
  return()
endif()

# The distribution's Python comes first: its packages of pybind11, numpy and pytest are for it alone. Another one is
# taken by -D Python3_EXECUTABLE=...
if(NOT Python3_EXECUTABLE AND EXISTS /usr/bin/python3)
  set(Python3_EXECUTABLE /usr/bin/python3)
endif()
find_package(Python3 3.9 COMPONENTS Interpreter Development.Module)
find_package(pybind11 2.10 CONFIG QUIET)
if(NOT Python3_Development.Module_FOUND)
  set(EVOTTS_PYTHON_MISSING "Python's development files (python3-dev on Debian)")
elseif(NOT pybind11_FOUND)
  set(EVOTTS_PYTHON_MISSING "pybind11 (pybind11-dev on Debian)")
endif()
if(EVOTTS_PYTHON_MISSING)
  message(STATUS "No ${EVOTTS_PYTHON_MISSING}: the Python module is left out")
  set(EVOTTS_PYTHON OFF)
  return()
endif()

# Below the prefix, as the interpreter looks below its own prefixes: Debian's has dist-packages.
execute_process(COMMAND ${Python3_EXECUTABLE} -c "import site; print(' '.join(site.getsitepackages()))"
                OUTPUT_VARIABLE site_folders)
if(site_folders MATCHES "dist-packages")
  set(PYTHON_FOLDER lib/python${Python3_VERSION_MAJOR}.${Python3_VERSION_MINOR}/dist-packages)
else()
  set(PYTHON_FOLDER lib/python${Python3_VERSION_MAJOR}.${Python3_VERSION_MINOR}/site-packages)
endif()
