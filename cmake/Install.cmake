# What `cmake --install` puts where. Components: the program with all that is
# read beside it, its part for MPI, and the library.
include(CMakePackageConfigHelpers)
set(data ${CMAKE_INSTALL_DATADIR})
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/evotts)

# ---- program

if(EVOTTS_BUILD_PROGRAM)
  install(TARGETS evotts EXPORT evottsProgram COMPONENT program)
  install(EXPORT evottsProgram NAMESPACE evotts:: DESTINATION ${package} COMPONENT program)
  file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/*.md)
  file(GLOB manual CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.md ${PROJECT_SOURCE_DIR}/docs/*.png)
  file(GLOB recipes CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/experiments/*.toml)
  file(GLOB ablations CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/experiments/ablations/*.toml)
  install(FILES ${pages} LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
  install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs COMPONENT program)
  install(FILES ${recipes} DESTINATION ${data}/evotts/experiments COMPONENT program)
  install(FILES ${ablations} DESTINATION ${data}/evotts/experiments/ablations COMPONENT program)

  # What the program loads under mpirun. In lib whatever the machine calls its libraries' folder: it is the program's own.
  if(TARGET evotts_mpi)
    install(TARGETS evotts_mpi LIBRARY DESTINATION lib/evotts COMPONENT mpi)
    install(FILES examples/slurm.sbatch DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT mpi)
  endif()

  # The program itself writes its page and its completions, from the tables it reads its arguments by.
  set(made ${PROJECT_BINARY_DIR}/reference)
  file(MAKE_DIRECTORY ${made})
  foreach(asked "man;evotts.1;man/man1" "completion;bash;evotts;bash-completion/completions"
                "completion;zsh;_evotts;zsh/site-functions" "completion;fish;evotts.fish;fish/vendor_completions.d")
    list(POP_BACK asked folder file)
    add_custom_command(OUTPUT ${made}/${file} COMMAND evotts ${asked} > ${made}/${file} DEPENDS evotts VERBATIM)
    list(APPEND reference ${made}/${file})
    install(FILES ${made}/${file} DESTINATION ${data}/${folder} COMPONENT program)
  endforeach()
  add_custom_target(reference ALL DEPENDS ${reference})
endif()

# ---- development

install(DIRECTORY include/evotts DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(TARGETS libevotts EXPORT evottsTargets COMPONENT development)
install(EXPORT evottsTargets NAMESPACE evotts:: DESTINATION ${package} COMPONENT development)
configure_package_config_file(cmake/evottsConfig.cmake.in evottsConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(evottsConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/evottsConfig.cmake ${PROJECT_BINARY_DIR}/evottsConfigVersion.cmake
        DESTINATION ${package} COMPONENT development)

# What a program links beside: nothing when the library is shared and has found it itself.
set(PC_REQUIRES "")
set(PC_LIBRARIES "")
if(NOT BUILD_SHARED_LIBS)
  set(PC_REQUIRES "fmt libcrypto libcurl libgit2 re2 simdjson tbb")
  set(PC_LIBRARIES " -lpagmo -lboost_serialization -pthread")
  if(EVOTTS_NATIVE)
    string(PREPEND PC_LIBRARIES " -lasmjit")
  endif()
endif()
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
           OUTPUT_VARIABLE PC_PREFIX)
configure_file(cmake/evotts.pc.in evotts.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/evotts.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
