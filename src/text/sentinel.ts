import type { Automaton } from './automaton.ts';
import { decodeEscapes } from './escape-view.ts';
import { unpackRegions } from './packed-view.ts';
import { createRedactingStream } from './redacting-stream.ts';
import { byPosition, cutOut } from './redaction.ts';
import type { KnownSecret, SecretHit, SecretSentinel } from './secret.ts';
import { SecretScan } from './secret-scan.ts';
import { createSubstitutionScan, type SubstitutionScan } from './substitution.ts';
import { symbolViews } from './symbol-view.ts';
import { type Core, checkSecrets, compileWatchList } from './watch-list.ts';

/**
 * Watch for the given secrets, plain and in every reversible encoding of incidents §2.5: reversed, base64 (any offset,
 * either alphabet, broken lines, twice), base32, base85, hex, URL, JSON, C and HTML escapes in whole or in part, lists
 * of numbers, characters spaced by anything but letters and digits, rot13, changed letter case; and each of these in
 * base64, hex or an archive (gzip, zip, zlib, zstd, brotli, bzip2, xz, lzma, 7z) once more, up to three deep. Not in a
 * stream, which is looked at piece by piece: there the forms are found, and no archive.
 *
 * A secret whose repeats tell enough (some 40 random characters) is also found when each of its characters, or of those
 * of its base64, base32, base85 or hex form, was exchanged for another one: in any alphabet without blanks, shifted, or
 * combined with a byte. Not in a stream either.
 *
 * What is found: the whole secret; a secret without up to ten characters of its head when twelve remain; any stretch
 * of 32 characters of a longer one. What is not: pieces shorter than that, other ciphers, and what lies behind the
 * first 64 MiB that a text unpacks to.
 *
 * What it compares with is compiled at the first use, which takes some 15 ms a secret.
 *
 * @throws SallyportError SP1804 for a secret under 8 bytes: it cannot be told from ordinary text.
 */
export function createSentinel(secrets: readonly KnownSecret[]): SecretSentinel {
  checkSecrets(secrets);
  let compiled: readonly Automaton<Core>[] | undefined;
  const watchList = (): readonly Automaton<Core>[] => {
    compiled ??= compileWatchList(secrets);
    return compiled;
  };
  let substitutions: SubstitutionScan | undefined;
  const search = (bytes: Uint8Array, substituted: SubstitutionScan | undefined): readonly SecretHit[] => {
    const automata = watchList();
    if (automata.length === 0) return [];
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return withoutCovered([
      ...scanWhole(automata, buffer),
      ...scanEscapes(automata, buffer),
      ...(substituted ? scanSubstituted(substituted, buffer) : []),
      ...scanPacked(automata, substituted, buffer),
    ]);
  };
  const find = (bytes: Uint8Array): readonly SecretHit[] => {
    substitutions ??= createSubstitutionScan(secrets);
    return search(bytes, substitutions);
  };
  const redact = (bytes: Uint8Array) => {
    const hits = find(bytes);
    return { bytes: cutOut(Buffer.from(bytes), 0, hits), hits };
  };
  return {
    find,
    findEncoded: (bytes) => search(bytes, undefined),
    redact,
    redactText: (text) => (text === '' ? text : redact(Buffer.from(text)).bytes.toString()),
    stream: () => createRedactingStream(watchList()),
  };
}

/** An archive larger than this is searched for the forms alone. */
const LONGEST_REWRITTEN = 1 << 20;

function scanWhole(automata: readonly Automaton<Core>[], bytes: Buffer): readonly SecretHit[] {
  const sightings = new SecretScan(automata).read({ bytes, base: 0, before: -1 }, 0);
  return sightings.map(({ form, start, end }) => ({ name: form.name, encoding: form.encoding, start, end }));
}

function scanEscapes(automata: readonly Automaton<Core>[], bytes: Buffer): readonly SecretHit[] {
  return decodeEscapes(bytes).flatMap(({ bytes: decoded, offsets }) =>
    scanWhole(automata, decoded).map((hit) => ({
      ...hit,
      encoding: `${hit.encoding} in escapes`,
      start: offsets[hit.start] ?? 0,
      end: offsets[hit.end] ?? bytes.length,
    })),
  );
}

function scanSubstituted(substitutions: SubstitutionScan, bytes: Buffer): readonly SecretHit[] {
  const hits: SecretHit[] = [];
  for (const { symbols, offsetOf } of symbolViews(bytes, substitutions.shortest))
    for (const hit of substitutions.find(symbols))
      hits.push({ ...hit, start: offsetOf(hit.start), end: offsetOf(hit.end) });
  return hits;
}

function scanPacked(
  automata: readonly Automaton<Core>[],
  substitutions: SubstitutionScan | undefined,
  bytes: Buffer,
): readonly SecretHit[] {
  const hits: SecretHit[] = [];
  for (const { bytes: content, packing, start, end } of unpackRegions(bytes))
    for (const { name, encoding } of [
      ...scanWhole(automata, content),
      ...(substitutions && content.length <= LONGEST_REWRITTEN ? substitutions.find(content) : []),
    ])
      hits.push({ name, encoding: `${encoding} in ${packing.toReversed().join(' in ')}`, start, end });
  return hits;
}

function withoutCovered(hits: readonly SecretHit[]): readonly SecretHit[] {
  const kept: SecretHit[] = [];
  let reached = -1;
  for (const hit of hits.toSorted(byPosition)) {
    if (hit.end <= reached) continue;
    kept.push(hit);
    reached = hit.end;
  }
  return kept;
}
