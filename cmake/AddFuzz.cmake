# touchline_add_fuzz(NAME SOURCES ... LIBRARIES ...): one libFuzzer program, build/fuzz/touchline_NAME_fuzz.
# Does nothing unless TOUCHLINE_FUZZ is ON (cmake --preset fuzz, Clang); then the whole tree is compiled with coverage
# counters, ASan and UBSan. The source defines LLVMFuzzerTestOneInput. A minute:
# ASAN_OPTIONS=quarantine_size_mb=16 build/fuzz/touchline_NAME_fuzz -max_total_time=60 -rss_limit_mb=4096
if(TOUCHLINE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES Clang)
    message(FATAL_ERROR "TOUCHLINE_FUZZ needs Clang: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

add_custom_target(touchline_fuzz COMMENT "Every fuzz program")

function(touchline_add_fuzz NAME)
  if(NOT TOUCHLINE_FUZZ)
    return()
  endif()
  cmake_parse_arguments(F "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(touchline_${NAME}_fuzz ${F_SOURCES})
  target_include_directories(touchline_${NAME}_fuzz PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(touchline_${NAME}_fuzz PRIVATE touchline_warnings ${F_LIBRARIES})
  target_link_options(touchline_${NAME}_fuzz PRIVATE -fsanitize=fuzzer)
  add_dependencies(touchline_fuzz touchline_${NAME}_fuzz)
endfunction()
