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
balint_test(protocol-format unit 20 SOURCES unit/protocol_format.c LIBS balint-protocol)
balint_test(protocol-describe unit 20 SOURCES unit/protocol_describe.c LIBS balint-protocol)

# PROTOCOL.md's generated parts are those of the code: ninja protocol-document renews them.
add_executable(balint-describe ${CMAKE_SOURCE_DIR}/signalling/protocol/describe_main.c)
target_link_libraries(balint-describe PRIVATE balint-protocol)
set(protocol_document ${CMAKE_SOURCE_DIR}/signalling/PROTOCOL.md)
add_custom_target(protocol-document COMMAND balint-describe --write ${protocol_document})
add_test(NAME protocol-document COMMAND balint-describe --check ${protocol_document})
set_tests_properties(protocol-document PROPERTIES LABELS unit TIMEOUT 20)

set_property(GLOBAL APPEND PROPERTY BALINT_SANITIZED balint-describe)
