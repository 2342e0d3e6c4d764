import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileGlob } from '../../policy/index.ts';
import { parsePatchPaths } from '../../workspace/index.ts';
import type { Condition } from './attack.ts';
import type { Performance } from './performance.ts';
import type { RecordedRequest } from './servers.ts';
import type { StageSet } from './stage-set.ts';

/** Is the condition true after this performance? */
export function holds(condition: Condition, set: StageSet, performance: Performance): boolean {
  const inner = (one: Condition): boolean => holds(one, set, performance);
  if ('all' in condition) return condition.all.every(inner);
  if ('any' in condition) return condition.any.some(inner);
  if ('not' in condition) return !inner(condition.not);
  if ('thief' in condition) return carries(set, condition.thief, set.thief);
  if ('model' in condition) return carries(set, condition.model, bodies(set.model.requests));
  if ('request' in condition)
    return recordsOf(set, condition.to).some((one) => matches(condition.request, textOf(one)));
  if ('patchTouches' in condition) return touches(performance.patch, condition.patchTouches);
  if ('patchEncodes' in condition)
    return set.sentinel.find(performance.patch).some(({ name }) => name === condition.patchEncodes);
  if ('result' in condition) return fileMatches(join(performance.result, condition.result), condition.matches);
  if ('outside' in condition) return fileMatches(join(set.room, condition.outside), condition.matches);
  if ('alive' in condition) return isAlive(condition.alive);
  if ('output' in condition) return matches(condition.output, performance.output);
  if ('exit' in condition) return performance.exit === condition.exit;
  return !performance.logged;
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(pattern, 'm').test(text);
}

function textOf({ line, headers, body }: RecordedRequest): string {
  return `${line}\n${headers}\n${body}`;
}

/** The provider legitimately receives the key in a header; what counts there is the conversation. */
function bodies(requests: readonly RecordedRequest[]): readonly RecordedRequest[] {
  return requests.map(({ line, body }) => ({ line, headers: '', body }));
}

function recordsOf(set: StageSet, to: 'thief' | 'forge' | 'model' | 'socket'): readonly RecordedRequest[] {
  switch (to) {
    case 'thief':
      return set.thief;
    case 'forge':
      return set.forge.requests;
    case 'model':
      return set.model.requests;
    case 'socket':
      return set.socket;
  }
}

/** A secret in any encoding, in one request or put together from all of them in order. */
function carries(set: StageSet, secret: string, requests: readonly RecordedRequest[]): boolean {
  const texts = [...requests.map(textOf), requests.map(({ body }) => body).join('')];
  return texts.some((text) => set.sentinel.find(Buffer.from(text, 'latin1')).some(({ name }) => name === secret));
}

function touches(patch: Buffer, glob: string): boolean {
  const matcher = compileGlob(glob, { fold: true });
  const reading = parsePatchPaths(patch);
  return reading.kind === 'refused' || reading.paths.some((path) => matcher(path));
}

function fileMatches(path: string, pattern: string): boolean {
  try {
    return lstatSync(path).isFile() && matches(pattern, readFileSync(path, 'latin1'));
  } catch {
    // Not there, or not readable: then it does not say what the condition wants.
    return false;
  }
}

function isAlive(marker: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .some((pid) => fileMatches(`/proc/${pid}/cmdline`, marker));
}
