# Makes a C file that holds the files of signalling/web/: cmake -DOUTPUT=web.c -P embed.cmake
get_filename_component(folder ${CMAKE_CURRENT_LIST_FILE} DIRECTORY)
set(text "/* The files of signalling/web/, made by embed.cmake. */\n#include \"server/http.h\"\n")
foreach(pair IN ITEMS index:index.html style:style.css)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 name)
  list(GET pair 1 file)
  file(READ ${folder}/${file} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n"
         bytes "${bytes}")
  string(APPEND text "const unsigned char balint_web_${name}[] = {\n${bytes}};\n"
         "const size_t balint_web_${name}_size = sizeof balint_web_${name};\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
