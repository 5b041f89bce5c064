# The letters: outlines of DejaVu Sans, read by FreeType while building, compiled into touchline_image.
find_file(TOUCHLINE_FONT DejaVuSans.ttf REQUIRED PATHS /usr/share/fonts/truetype/dejavu /usr/share/fonts/TTF
          /usr/share/fonts/dejavu-sans-fonts DOC "DejaVu Sans (package fonts-dejavu-core)")
find_file(TOUCHLINE_FONT_BOLD DejaVuSans-Bold.ttf REQUIRED PATHS /usr/share/fonts/truetype/dejavu /usr/share/fonts/TTF
          /usr/share/fonts/dejavu-sans-fonts DOC "DejaVu Sans Bold (package fonts-dejavu-core)")

add_executable(touchline_bake_glyphs ${CMAKE_CURRENT_LIST_DIR}/bake_glyphs.cc)
target_link_libraries(touchline_bake_glyphs PRIVATE touchline_warnings Freetype::Freetype)
set(glyphs_cc ${CMAKE_CURRENT_BINARY_DIR}/glyphs.cc)
add_custom_command(
  OUTPUT ${glyphs_cc}
  COMMAND touchline_bake_glyphs ${TOUCHLINE_FONT} ${TOUCHLINE_FONT_BOLD} ${glyphs_cc}
  DEPENDS touchline_bake_glyphs ${TOUCHLINE_FONT} ${TOUCHLINE_FONT_BOLD}
  COMMENT "Baking glyphs" VERBATIM)
target_sources(touchline_image PRIVATE ${glyphs_cc})
if(TARGET touchline_image_test)  # the tests compare with FreeType itself
  target_link_libraries(touchline_image_test PRIVATE Freetype::Freetype)
  target_compile_definitions(touchline_image_test PRIVATE TOUCHLINE_FONT_BOLD="${TOUCHLINE_FONT_BOLD}")
endif()
