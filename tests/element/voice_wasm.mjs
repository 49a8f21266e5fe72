// Runs the meter as WebAssembly over raw 16-bit samples: node voice_wasm.mjs MODULE RATE NEAR [FAR]
// Prints a line `start end` (ms) for every span, and at the end the sum over what the network remembers.
import { readFileSync } from 'node:fs';

const [path, rate, nearPath, farPath] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(path), {});
const voice = instance.exports;
const samples = (file) => {
  const bytes = readFileSync(file);
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
};
const near = samples(nearPath), far = farPath ? samples(farPath) : null;
const tellSpans = () => {
  while (voice.voice_span()) console.log(`${voice.voice_start()} ${voice.voice_end()}`);
};

voice._initialize?.();
if (!voice.voice_open(Number(rate))) throw new Error(`no such rate: ${rate}`);
const chunk = 441;
const give = (from, at, to) => {
  const memory = new Float32Array(voice.memory.buffer, to, chunk);
  for (let i = 0; i < chunk; i++) memory[i] = at + i < from.length ? from[at + i] / 32768 : 0;
};
for (let at = 0; at + chunk <= near.length; at += chunk) {
  give(near, at, voice.voice_near());
  if (far) give(far, at, voice.voice_far());
  voice.voice_take(chunk, far ? 1 : 0);
  tellSpans();
}
const state = voice.voice_state() >>> 0;
voice.voice_break();
tellSpans();
console.log(`state ${state}`);
