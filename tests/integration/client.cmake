# The program `balint`, and the demo.
balint_test(client-commands unit 20 SOURCES integration/client_commands.c LIBS balint-client-core)
balint_test(client-talkbook unit 20 SOURCES integration/client_talkbook.c LIBS balint-client-core m)
balint_test(client-resend unit 20 SOURCES integration/client_resend.c LIBS balint-client-core m)
balint_test(client-resend_evening unit 60 SOURCES integration/client_resend_evening.c LIBS balint-client-core m)
target_compile_definitions(test-client-commands PRIVATE
                           BALINT_MAN_PAGE="${CMAKE_SOURCE_DIR}/plugin/client/balint.1")
balint_test(client-asks unit 20 SOURCES unit/client_asks.c LIBS balint-client-core)
balint_test(client-window element 20 SOURCES unit/client_window.c ${CMAKE_SOURCE_DIR}/plugin/client/window.c
            LIBS balint-client-core PkgConfig::GST util)
balint_test(client-entry unit 20 SOURCES unit/client_entry.c LIBS balint-client-core)
balint_test(client-look unit 20 SOURCES unit/client_look.c LIBS balint-client-core)
balint_test(client-refusal unit 20 SOURCES unit/client_refusal.c LIBS balint-client-core)
balint_test(client-own unit 20 SOURCES unit/client_own.c LIBS balint-client-core)
set(client ${CMAKE_SOURCE_DIR}/plugin/client)
# fontconfig keeps its caches to the end, which LeakSanitizer takes for leaks: an element test runs without it.
balint_test(client-debrief element 20
            SOURCES unit/client_debrief.c ${client}/debrief_json.c ${client}/debrief_keep.c ${client}/debrief_page.c
                    ${client}/secret_file.c
            LIBS balint-client-core balint-identity PkgConfig::JANSSON PkgConfig::CAIRO PkgConfig::GST m)
balint_test(client-notice element 20 SOURCES unit/client_notice.c ${client}/join_notice.c
            LIBS balint-client-core PkgConfig::GST)
balint_test(client-plan unit 20 SOURCES integration/client_plan.c LIBS balint-client-core)
balint_test(client-reporter element 60
            SOURCES integration/client_reporter.c ${CMAKE_SOURCE_DIR}/plugin/client/reporter.c
            LIBS balint-client-core PkgConfig::GST)

# The demo's pure parts, and the demo.
add_library(balint-demo-core STATIC demo/conversation.c demo/truth.c demo/judge.c)
target_include_directories(balint-demo-core PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(balint-demo-core PUBLIC PkgConfig::JANSSON m)
balint_test(client-demo unit 20 SOURCES integration/client_demo.c LIBS balint-demo-core balint-session m)

add_library(balint-demo-process STATIC demo/process.c)
target_include_directories(balint-demo-process PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})

add_executable(balint-demo demo/main.c demo/prepare.c demo/evening.c demo/voices.c demo/verdict.c)
target_compile_definitions(balint-demo PRIVATE
                           BALINT_DEMO_CONVERSATION="${CMAKE_CURRENT_SOURCE_DIR}/demo/conversation.txt")
target_link_libraries(balint-demo PRIVATE balint-demo-core balint-demo-process PkgConfig::GST)

# Real processes over a real server.
balint_test(client-join call 240 SOURCES integration/client_join.c integration/client_world.c
            integration/self_signed.c integration/odd_server.c
            LIBS balint-demo-process PkgConfig::JANSSON PkgConfig::CRYPTO)
target_include_directories(test-client-join PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/integration)
add_dependencies(test-client-join balint balint-server)
balint_test(client-devices call 120 SOURCES integration/client_devices.c integration/client_world.c
            LIBS balint-demo-process PkgConfig::JANSSON)
target_include_directories(test-client-devices PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/integration)
add_dependencies(test-client-devices balint balint-server)
balint_test(client-begin call 240 SOURCES integration/client_begin.c integration/client_world.c
            LIBS balint-demo-process PkgConfig::JANSSON PkgConfig::GST)
target_include_directories(test-client-begin PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/integration)
add_dependencies(test-client-begin balint balint-server)
balint_test(client-lost call 180 SOURCES integration/client_lost.c integration/client_world.c
            LIBS balint-demo-process PkgConfig::JANSSON PkgConfig::CAIRO)
target_include_directories(test-client-lost PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/integration)
add_dependencies(test-client-lost balint balint-server)
balint_test(client-lookback call 180 SOURCES integration/client_lookback.c integration/client_world.c
            LIBS balint-demo-process PkgConfig::JANSSON)
target_include_directories(test-client-lookback PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/integration)
add_dependencies(test-client-lookback balint balint-server)
balint_test(client-door call 240 SOURCES integration/client_door.c integration/client_world.c
            LIBS balint-demo-process PkgConfig::JANSSON PkgConfig::GST)
target_include_directories(test-client-door PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/integration)
add_dependencies(test-client-door balint balint-server)
balint_test(client-deputy call 240 SOURCES integration/client_deputy.c integration/client_world.c
            LIBS balint-demo-process PkgConfig::JANSSON)
target_include_directories(test-client-deputy PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/integration)
add_dependencies(test-client-deputy balint balint-server)
balint_test(client-words call 240 SOURCES integration/client_words.c integration/client_world.c
            LIBS balint-demo-process PkgConfig::JANSSON)
target_include_directories(test-client-words PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/integration)
add_dependencies(test-client-words balint balint-server)
balint_test(client-evening call 240 SOURCES integration/client_evening.c integration/evening_reports.c
            integration/client_world.c
            LIBS balint-demo-process balint-room PkgConfig::JANSSON PkgConfig::SQLITE)
target_include_directories(test-client-evening PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/integration)
add_dependencies(test-client-evening balint balint-server)

balint_test(client-secret call 240 SOURCES integration/client_secret.c integration/client_world.c fakes/leak.c
            LIBS balint-demo-process balint-identity PkgConfig::JANSSON)
target_include_directories(test-client-secret PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/integration)
add_dependencies(test-client-secret balint balint-server)

# A whole short session of six people, with the voices that the project ships.
add_test(NAME demo COMMAND balint-demo --headless --seconds 40 --out ${CMAKE_BINARY_DIR}/demo)
set_tests_properties(demo PROPERTIES LABELS call TIMEOUT 240 RUN_SERIAL TRUE
                     ENVIRONMENT "GST_PLUGIN_PATH=${CMAKE_BINARY_DIR}/lib")
balint_test(client-room call 240 SOURCES integration/client_room.c integration/room_pulse.c integration/client_world.c demo/voices.c
            LIBS balint-demo-core balint-demo-process PkgConfig::JANSSON PkgConfig::GST m)
target_include_directories(test-client-room PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/integration)
add_dependencies(test-client-room balint balint-server)
