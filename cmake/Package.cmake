# `cpack` makes Debian packages where there is dpkg: `evotts`, the program, `evotts-mpi`, its
# part for several machines, and `libevotts-dev`, the library.
find_program(DPKG dpkg)
if(DPKG)
  set(CPACK_GENERATOR DEB)
else()
  set(CPACK_GENERATOR TGZ)
endif()
set(CPACK_PACKAGE_NAME evotts)
set(CPACK_PACKAGE_VENDOR "The evotts developers")
set(CPACK_PACKAGE_CONTACT "The evotts developers <evotts@localhost>")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_COMPONENTS_ALL development)
if(EVOTTS_BUILD_PROGRAM)
  if(TARGET evotts_mpi)
    list(PREPEND CPACK_COMPONENTS_ALL mpi)
  endif()
  list(PREPEND CPACK_COMPONENTS_ALL program)
endif()
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/DebianFiles.cmake)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME evotts)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "git")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "gnuplot-nox, evotts-mpi")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
"evolution of test-time-scaling controllers
 evotts evolves controllers: programs that decide, while a language model reasons
 about a question in many branches, when to open a branch, advance it, prune it
 or stop, and what to answer. They are scored on recorded branches, with no
 model call, and every generation is a commit in a git repository.")

# Who works on one machine needs no MPI, and the program loads its part for it under mpirun alone.
set(CPACK_DEBIAN_MPI_PACKAGE_NAME evotts-mpi)
set(CPACK_DEBIAN_MPI_PACKAGE_SECTION science)
set(CPACK_DEBIAN_MPI_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_MPI_PACKAGE_DEPENDS "evotts (= ${PROJECT_VERSION}), openmpi-bin")
set(CPACK_COMPONENT_MPI_DESCRIPTION
"evolution of test-time-scaling controllers: several machines
 The part of evotts that lets `mpirun evotts run` score controllers on several
 machines, by OpenMPI.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libevotts-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
if(BUILD_SHARED_LIBS)
  set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS ON)
else()
  set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
      "libcurl4-openssl-dev, libfmt-dev, libgit2-dev, libpagmo-dev, libre2-dev, libsimdjson-dev, libssl-dev, libtbb-dev")
  if(EVOTTS_NATIVE)
    string(APPEND CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS ", libasmjit-dev")
  endif()
endif()
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_RECOMMENDS "pkg-config")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
"evolution of test-time-scaling controllers: C++ library
 Headers and library of evotts: controllers are read, compiled and scored on
 recorded environments, runs are read, and controllers are evolved.")

include(CPack)
