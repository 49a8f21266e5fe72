# call: tests of this area
foreach(part IN ITEMS microphone candidate sdp two_ends post watch devices pass looking retreat)
  balint_test(call-${part} unit 120 SOURCES unit/call_${part}.c LIBS balint-call-core)
endforeach()
foreach(part IN ITEMS book deputy)
  balint_test(call-${part} unit 120 SOURCES unit/call_${part}.c unit/call_people.c LIBS balint-call-core)
endforeach()
foreach(part IN ITEMS negotiation figures)
  balint_test(call-${part} unit 120 SOURCES unit/call_${part}.c unit/call_onlooker.c LIBS balint-call-core)
endforeach()

# A real call: a real server, real links.
set(fakes ${CMAKE_CURRENT_LIST_DIR}/../fakes)
add_library(balint-caller STATIC ${fakes}/caller.c ${fakes}/circle.c ${fakes}/callerproc.c ${fakes}/wsproxy.c
  ${fakes}/hostile.c
  ${fakes}/scan.c)
target_include_directories(balint-caller PUBLIC ${CMAKE_CURRENT_LIST_DIR}/..)
target_link_libraries(balint-caller PUBLIC balint-call balint-fakes)
foreach(part IN ITEMS pair refused forged floor late lost alone wire churn orders look after_room hostile hostile_people
                hostile_door hostile_floor hostile_week hostile_reports hostile_words hostile_scan)
  balint_test(call-${part} call 180 SOURCES integration/call_${part}.c LIBS balint-caller)
endforeach()
balint_test(call-verify element 120 SOURCES element/call_verify.c LIBS balint-caller)
balint_test(call-secret call 120 SOURCES element/call_secret.c fakes/leak.c LIBS balint-caller)
balint_test(call-hostile_voices call 180
            SOURCES integration/call_hostile_voices.c ${CMAKE_SOURCE_DIR}/plugin/client/reporter.c
            LIBS balint-caller balint-client-core)
# People who report as the program does.
add_library(balint-talker STATIC ${fakes}/talker.c ${CMAKE_SOURCE_DIR}/plugin/client/reporter.c)
target_link_libraries(balint-talker PUBLIC balint-caller balint-client-core)
balint_test(call-resend call 180 SOURCES integration/call_resend.c LIBS balint-talker)
balint_test(call-killed call 360 SOURCES integration/call_killed.c LIBS balint-talker)
