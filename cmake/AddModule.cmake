# One directory, one target, one layer. See ARCHITECTURE.md, "Layers".
#
# touchline_add_module(NAME LAYER n DEPENDS ... HEADERS ... SOURCES ... [PRIVATE_LIBRARIES ...] [TESTS ...] [BENCHES ...])
#   DEPENDS            modules of strictly lower layers; always written, even when empty
#   PRIVATE_LIBRARIES  vendor targets, seen by this module's sources only
#   TESTS              *_test.cc, linked into touchline_NAME_test
#   BENCHES            *_bench.cc, linked into touchline_NAME_bench
function(touchline_add_module NAME)
  cmake_parse_arguments(M "" "LAYER" "DEPENDS;HEADERS;SOURCES;PRIVATE_LIBRARIES;TESTS;BENCHES" ${ARGN})
  if(M_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${NAME}: unknown arguments ${M_UNPARSED_ARGUMENTS}")
  endif()
  add_library(touchline_${NAME} STATIC ${M_HEADERS} ${M_SOURCES})
  set_property(TARGET touchline_${NAME} PROPERTY TOUCHLINE_LAYER ${M_LAYER})
  foreach(dep IN LISTS M_DEPENDS)
    if(NOT TARGET touchline_${dep})
      message(FATAL_ERROR "${NAME}: unknown module '${dep}' (add lower layers first)")
    endif()
    get_property(dep_layer TARGET touchline_${dep} PROPERTY TOUCHLINE_LAYER)
    if(NOT dep_layer LESS M_LAYER)
      message(FATAL_ERROR "${NAME} (layer ${M_LAYER}) may not depend on ${dep} (layer ${dep_layer})")
    endif()
    target_link_libraries(touchline_${NAME} PUBLIC touchline_${dep})
  endforeach()
  target_link_libraries(touchline_${NAME} PRIVATE touchline_warnings ${M_PRIVATE_LIBRARIES})
  target_include_directories(touchline_${NAME} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_compile_features(touchline_${NAME} PUBLIC cxx_std_20)
  set_target_properties(touchline_${NAME} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  if(TOUCHLINE_HEADERS_ALONE)
    touchline_compile_headers_alone(${NAME} ${M_HEADERS})
  endif()
  if(M_TESTS AND TOUCHLINE_TESTS)
    touchline_add_tests(${NAME} SOURCES ${M_TESTS} LIBRARIES touchline_${NAME} ${M_PRIVATE_LIBRARIES})
  endif()
  if(M_BENCHES AND TOUCHLINE_BENCHES)
    add_executable(touchline_${NAME}_bench ${M_BENCHES})
    target_link_libraries(touchline_${NAME}_bench
      PRIVATE touchline_${NAME} touchline_warnings ${M_PRIVATE_LIBRARIES} benchmark::benchmark_main)
    set_property(GLOBAL APPEND PROPERTY TOUCHLINE_BENCHES touchline_${NAME}_bench)
  endif()
endfunction()

# Each header is the only include of a source of its own: a header that forgot an include does not build.
function(touchline_compile_headers_alone NAME)
  foreach(header IN LISTS ARGN)
    string(MAKE_C_IDENTIFIER "${NAME}_${header}" id)
    set(alone ${CMAKE_CURRENT_BINARY_DIR}/alone_${id}.cc)
    file(CONFIGURE OUTPUT ${alone} CONTENT "#include \"touchline/${NAME}/${header}\"\n")
    target_sources(touchline_${NAME} PRIVATE ${alone})
  endforeach()
endfunction()

# touchline_add_tests(NAME SOURCES ... LIBRARIES ...): one GoogleTest program, every case known to ctest.
function(touchline_add_tests NAME)
  cmake_parse_arguments(T "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(touchline_${NAME}_test ${T_SOURCES})
  target_link_libraries(touchline_${NAME}_test PRIVATE touchline_warnings ${T_LIBRARIES} GTest::gtest_main GTest::gmock)
  target_include_directories(touchline_${NAME}_test PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_compile_definitions(touchline_${NAME}_test PRIVATE
    TOUCHLINE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    TOUCHLINE_SHARED_DIR="${TOUCHLINE_SHARED_DIR}"
    TOUCHLINE_CLI="${CMAKE_BINARY_DIR}/touchline")
  gtest_discover_tests(touchline_${NAME}_test TEST_PREFIX "${NAME}." PROPERTIES TIMEOUT 600 DISCOVERY_TIMEOUT 60)
endfunction()
