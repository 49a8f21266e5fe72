# protocol: tests of this area
set(protocol_sample unit/protocol_sample.c)
balint_test(protocol-golden unit 20 SOURCES unit/protocol_golden.c LIBS balint-protocol)
balint_test(protocol-fields unit 120 SOURCES unit/protocol_fields.c ${protocol_sample}
            LIBS balint-protocol PkgConfig::JANSSON)
balint_test(protocol-text unit 20 SOURCES unit/protocol_text.c LIBS balint-protocol)
balint_test(protocol-encode unit 60 SOURCES unit/protocol_encode.c ${protocol_sample}
            LIBS balint-protocol PkgConfig::JANSSON)
balint_test(protocol-memory unit 60 SOURCES unit/protocol_memory.c ${protocol_sample}
            LIBS balint-protocol PkgConfig::JANSSON WRAP realloc)
balint_test(protocol-describe unit 20 SOURCES unit/protocol_describe.c LIBS balint-protocol)

# PROTOCOL.md's generated parts are those of the code: ninja protocol-document renews them.
add_executable(balint-describe ${CMAKE_SOURCE_DIR}/signalling/protocol/describe_main.c)
target_link_libraries(balint-describe PRIVATE balint-protocol)
set(protocol_document ${CMAKE_SOURCE_DIR}/signalling/PROTOCOL.md)
add_custom_target(protocol-document COMMAND balint-describe --write ${protocol_document})
add_test(NAME protocol-document COMMAND balint-describe --check ${protocol_document})
set_tests_properties(protocol-document PROPERTIES LABELS unit TIMEOUT 20)

# The fuzzer's corpus is replayed in every build; with FUZZ (clang) the fuzzer itself is built. It compiles the
# decoder anew, so that coverage reaches it.
add_executable(test-fuzz-decode-replay fuzz/replay.c fuzz/decode.c)
target_link_libraries(test-fuzz-decode-replay PRIVATE balint-protocol)
add_test(NAME fuzz-decode-replay
         COMMAND test-fuzz-decode-replay ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/decode)
set_tests_properties(fuzz-decode-replay PROPERTIES LABELS unit TIMEOUT 60)
if(FUZZ)
  get_target_property(protocol_sources balint-protocol SOURCES)
  list(TRANSFORM protocol_sources PREPEND ${CMAKE_SOURCE_DIR}/signalling/)
  add_executable(fuzz-decode fuzz/decode.c ${protocol_sources})
  target_link_libraries(fuzz-decode PRIVATE balint-session PkgConfig::JANSSON)
  target_compile_options(fuzz-decode PRIVATE -fsanitize=fuzzer,address,undefined)
  target_link_options(fuzz-decode PRIVATE -fsanitize=fuzzer,address,undefined)
  add_custom_command(TARGET fuzz-decode POST_BUILD
                     COMMAND balint-describe --dictionary > ${CMAKE_BINARY_DIR}/decode.dict)
  add_dependencies(fuzz-decode balint-describe)
endif()
set_property(GLOBAL APPEND PROPERTY BALINT_SANITIZED balint-describe test-fuzz-decode-replay)
