# overlay: words, layout and planes are pure; screens need fonts, the element a harness
pkg_check_modules(GSTCHECK REQUIRED IMPORTED_TARGET gstreamer-check-1.0)
foreach(part IN ITEMS words words_self words_panel)
  balint_test(overlay-${part} unit 60 SOURCES unit/overlay_${part}.c LIBS balint-layout)
endforeach()
foreach(part IN ITEMS layout panel placing note)
  balint_test(overlay-${part} unit 120 SOURCES unit/overlay_${part}.c LIBS balint-layout)
endforeach()
balint_test(overlay-said unit 60 SOURCES unit/overlay_said.c LIBS balint-overlay-input)
balint_test(overlay-planes unit 120 SOURCES unit/overlay_planes.c LIBS balint-layout m)
balint_test(overlay-input unit 60 SOURCES unit/overlay_input.c LIBS balint-overlay-input)
balint_test(overlay-sheet unit 60 SOURCES unit/overlay_sheet.c LIBS balint-overlay-input)
balint_test(overlay-told element 60 SOURCES unit/overlay_told.c LIBS balint-overlay)
balint_test(overlay-screen element 180 SOURCES unit/overlay_screen.c LIBS balint-overlay)
balint_test(overlay-element element 120 SOURCES element/overlay.c
            LIBS balint-overlay balint-protocol PkgConfig::GSTCHECK)

# ./balint bench overlay
add_executable(bench-overlay bench/overlay.c)
target_link_libraries(bench-overlay PRIVATE balint-overlay)
target_compile_definitions(bench-overlay PRIVATE BALINT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
