# voice: tests of this area
set(VOICE_CIRCLE bench/voice_circle.c bench/voice_sounds.c bench/voice_music.c)
balint_test(ledger-talk unit 30 SOURCES unit/ledger_talk.c LIBS balint-session)
foreach(part IN ITEMS balance reports after stretches)
  balint_test(ledger-${part} unit 30 SOURCES unit/ledger_${part}.c LIBS balint-session)
endforeach()
balint_test(ledger-pieces unit 30 SOURCES unit/ledger_pieces.c LIBS balint-session)
balint_test(voice-spans unit 30 SOURCES unit/voice_spans.c LIBS balint-meter)
balint_test(voice-resample unit 60 SOURCES unit/voice_resample.c LIBS balint-meter m)
balint_test(voice-meter unit 180 SOURCES unit/voice_meter.c ${VOICE_CIRCLE} LIBS balint-meter m)
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
