/* Finds the number whose SHA-256, written behind the salt, is the challenge.
   The browser's own crypto.subtle is absent on plain-http sites, and slow for short texts. */
const primes = [];
for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
const K = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const words = new Int32Array(64);

/* Take the block of 64 bytes at a place of a DataView into the state (FIPS 180-4, 6.2.2). */
function compress(state, view, at) {
  for (let t = 0; t < 16; t += 1) words[t] = view.getInt32(at + t * 4);
  for (let t = 16; t < 64; t += 1) {
    const x = words[t - 15];
    const y = words[t - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[t] = (words[t - 16] + s0 + words[t - 7] + s1) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let t = 0; t < 64; t += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + words[t]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0;
    d = c; c = b; b = a; a = (one + two) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

/* Return the number, or -1 where there is none up to the greatest. */
function find({ challenge, salt, maxNumber }) {
  const wanted = Int32Array.from(challenge.match(/.{8}/g), (part) => parseInt(part, 16) | 0);
  const bytes = new TextEncoder().encode(salt);
  // Whole blocks of the salt are the same for every number.
  const whole = bytes.length - (bytes.length % 64);
  const before = START.slice();
  for (let at = 0; at < whole; at += 64) compress(before, new DataView(bytes.buffer), at);
  const rest = bytes.subarray(whole);
  const tail = new Uint8Array(128);
  const view = new DataView(tail.buffer);
  const state = new Int32Array(8);
  for (let number = 0, digits = 0, end = 0; number <= maxNumber; number += 1) {
    const written = String(number);
    if (written.length !== digits) {
      digits = written.length;
      const length = rest.length + digits;
      end = length + 9 > 64 ? 128 : 64;
      tail.fill(0);
      tail.set(rest);
      tail[length] = 0x80;
      view.setUint32(end - 4, (whole + length) * 8);
    }
    for (let i = 0; i < digits; i += 1) tail[rest.length + i] = written.charCodeAt(i);
    state.set(before);
    compress(state, view, 0);
    if (end > 64) compress(state, view, 64);
    if (state[0] === wanted[0] && state.every((word, i) => word === wanted[i])) return number;
  }
  return -1;
}

onmessage = ({ data }) => postMessage(find(data));
