/**
 * Throughput of the secret sentinel on text without secrets (the case of nearly every request), beside searches that
 * find less: `Buffer.indexOf` of each plain value, and one regular expression of all plain values, each also with the
 * base64, hex and reversed forms. Prints MB/s. `--help` explains; `--mebibytes N` sets the size of the text.
 */
import { parseArgs } from 'node:util';
import { createSentinel } from '../src/text/index.ts';

const { values } = parseArgs({ options: { help: { type: 'boolean' }, mebibytes: { type: 'string', default: '16' } } });
if (values.help) console.log('usage: node bench/sentinel.ts [--mebibytes N]');
else run(Number(values.mebibytes) * 1024 * 1024);

function run(size: number): void {
  const secrets = Array.from({ length: 3 }, (_, index) => ({
    name: `KEY${index}`,
    value: `sk-ant-api03-${noise(95, index + 1)}`,
  }));
  const needles = secrets.flatMap(({ value }) => variantsOf(value));
  const union = new RegExp(needles.map((needle) => needle.replace(/[+/=-]/g, '\\$&')).join('|'));
  const built = performance.now();
  const sentinel = createSentinel(secrets);
  // It is compiled at the first use.
  sentinel.find(Buffer.from('.'));
  console.log(`build: ${(performance.now() - built).toFixed(1)} ms for ${secrets.length} secrets`);
  const text = Buffer.from(conversation(size));
  measure('sentinel.find (every encoding)', text, () => sentinel.find(text).length);
  measure(
    `Buffer.indexOf × ${needles.length}`,
    text,
    () => needles.filter((needle) => text.indexOf(needle) >= 0).length,
  );
  measure(`RegExp union of ${needles.length}`, text, () => (union.test(text.toString('latin1')) ? 1 : 0));
  measure('redacting stream, 16 KiB pieces', text, () => pump(text, sentinel));
}

function measure(name: string, text: Buffer, find: () => number): void {
  const rates = Array.from({ length: 5 }, () => {
    const start = performance.now();
    if (find() !== 0) throw new Error('the text holds no secret');
    return text.length / 1000 / (performance.now() - start);
  });
  const [best = 0, median = 0] = [Math.max(...rates), rates.toSorted((one, other) => one - other)[2] ?? 0];
  console.log(
    `${name.padEnd(36)} median ${median.toFixed(0).padStart(6)} MB/s   best ${best.toFixed(0).padStart(6)} MB/s`,
  );
}

function pump(text: Buffer, sentinel: ReturnType<typeof createSentinel>): number {
  const stream = sentinel.stream();
  let hits = 0;
  for (let at = 0; at < text.length; at += 16_384) hits += stream.push(text.subarray(at, at + 16_384)).hits.length;
  return hits + stream.end().hits.length;
}

function variantsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [value, [...value].reverse().join(''), bytes.toString('base64'), bytes.toString('hex')];
}

/** Something like a request of a coding agent: JSON with code in strings. */
function conversation(size: number): string {
  const turns: string[] = [];
  for (let length = 0, turn = 1; length < size; turn++) {
    const content = `line ${turn}: const value = compute(${turn});\n\tif (value > 10) { return "${noise(12, turn)}"; }\n`;
    const json = JSON.stringify({ role: 'user', content });
    turns.push(json);
    length += json.length + 1;
  }
  return turns.join(',');
}

/** Repeatable letters and digits (a linear congruential generator; nothing here is secret). */
function noise(length: number, seed: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return alphabet[(state >>> 16) % alphabet.length];
  }).join('');
}
