# Warnings, instruction set and sanitizers, once for the whole tree.
add_library(touchline_warnings INTERFACE)
target_compile_options(touchline_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # GCC 12 reports std::string concatenation (GCC bug 105651)
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-uninitialized>)  # and the empty std::optional members of a struct that is moved

if(TOUCHLINE_MARCH)
  add_compile_options(-march=${TOUCHLINE_MARCH})
endif()
# Contracted multiply-adds would make results depend on the compiler's choices; kernels that want FMA say so.
add_compile_options(-ffp-contract=off)

if(TOUCHLINE_SANITIZE)
  add_compile_options(-fsanitize=${TOUCHLINE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TOUCHLINE_SANITIZE})
endif()
