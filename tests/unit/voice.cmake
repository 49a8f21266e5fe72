# voice: tests of this area
set(VOICE_CIRCLE bench/voice_circle.c bench/voice_sounds.c bench/voice_music.c)
balint_test(ledger-talk unit 30 SOURCES unit/ledger_talk.c LIBS balint-session)
foreach(part IN ITEMS balance reports after stretches again)
  balint_test(ledger-${part} unit 30 SOURCES unit/ledger_${part}.c LIBS balint-session)
endforeach()
balint_test(ledger-pieces unit 30 SOURCES unit/ledger_pieces.c LIBS balint-session)
balint_test(voice-spans unit 30 SOURCES unit/voice_spans.c LIBS balint-meter)
balint_test(voice-resample unit 60 SOURCES unit/voice_resample.c LIBS balint-meter m)
balint_test(voice-meter unit 180 SOURCES unit/voice_meter.c ${VOICE_CIRCLE} LIBS balint-meter m)
balint_test(voice-room unit 180 SOURCES unit/voice_room.c ${VOICE_CIRCLE} LIBS balint-meter m)
balint_test(voice-tones unit 30 SOURCES unit/voice_tones.c ${VOICE_CIRCLE} LIBS balint-meter m)

# ./balint bench voice
add_executable(bench-voice bench/voice.c bench/voice_table.c bench/voice_recordings.c bench/voice_detectors.c ${VOICE_CIRCLE})
target_include_directories(bench-voice PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(bench-voice PRIVATE balint-voice balint-meter PkgConfig::GST m)

# Makes plugin/voice/weights.c; README.md there says from what.
add_executable(train-voice EXCLUDE_FROM_ALL bench/voice_train.c bench/voice_learn.c bench/voice_scenes.c
               bench/voice_recordings.c ${VOICE_CIRCLE})
target_include_directories(train-voice PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(train-voice PRIVATE balint-meter PkgConfig::GST m)
set_source_files_properties(bench/voice_learn.c PROPERTIES COMPILE_OPTIONS "-O3;-ffast-math;-march=native")

pkg_check_modules(VOICE_GSTCHECK REQUIRED IMPORTED_TARGET gstreamer-check-1.0)
foreach(part IN ITEMS voice:voice-element voice_far:voice-far)
  string(REGEX REPLACE ":.*" "" file ${part})
  string(REGEX REPLACE ".*:" "" name ${part})
  balint_test(${name} element 180 SOURCES element/${file}.c element/voice_support.c ${VOICE_CIRCLE}
              LIBS balint-voice balint-meter PkgConfig::VOICE_GSTCHECK PkgConfig::GST m)
endforeach()
balint_test(voice-goals element 600 SOURCES element/voice_goals.c bench/voice_table.c bench/voice_detectors.c
            bench/voice_recordings.c ${VOICE_CIRCLE} LIBS balint-meter PkgConfig::GST m)

# The meter as WebAssembly: clang, lld, wasi-libc (headers, memory functions), node to run it.
find_program(WASM_CC NAMES clang-14 clang)
find_program(WASM_LD NAMES wasm-ld wasm-ld-14)
find_program(NODE NAMES node nodejs)
if(WASM_CC AND WASM_LD AND NODE AND EXISTS /usr/include/wasm32-wasi/string.h)
  set(meter_wasm ${CMAKE_BINARY_DIR}/lib/balint-meter.wasm)
  set(meter_sources)
  foreach(file IN ITEMS browser meter listen echo match spans spectrum resample tones net weights)
    list(APPEND meter_sources ${CMAKE_SOURCE_DIR}/plugin/voice/${file}.c)
  endforeach()
  file(GLOB meter_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/plugin/voice/*.h)
  add_custom_command(OUTPUT ${meter_wasm} DEPENDS ${meter_sources} ${meter_headers} VERBATIM
    COMMAND ${WASM_CC} --target=wasm32-wasi -Os -std=c11 -Wall -Wextra -ffp-contract=off -fno-math-errno
            -I${CMAKE_SOURCE_DIR}/plugin -nostartfiles -Wl,--no-entry,--strip-all -o ${meter_wasm} ${meter_sources})
  add_custom_target(meter-wasm ALL DEPENDS ${meter_wasm})
  balint_test(voice-wasm element 300 SOURCES element/voice_wasm.c bench/voice_recordings.c ${VOICE_CIRCLE}
              LIBS balint-meter PkgConfig::GST m)
  add_dependencies(test-voice-wasm meter-wasm)
else()
  message(STATUS "voice-wasm is left out: it needs clang, lld, wasi-libc, libclang-rt-14-dev-wasm32 and nodejs")
endif()
