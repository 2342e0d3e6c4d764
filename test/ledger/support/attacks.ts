/** The tamper matrix: every way we know to change a log, and what a verifier must say of it. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalize } from '../../../src/ledger/canonical.ts';
import type { Verdict } from '../../../src/ledger/index.ts';
import { hashLeaf } from '../../../src/ledger/merkle.ts';
import { edit, ownKey, readLog, rechain, resign, stolenKey, writeLog } from './forgery.ts';

/** Checkpoints of the attacked log stand after every so many records. */
export const CHECKPOINT_EVERY = 20;

export interface Attacked {
  readonly directory: string;
  /** A complete log of another run. */
  readonly other: string;
  readonly runId: string;
  /** Index of some record, neither the first nor among the last two. */
  readonly at: number;
}

export interface Attack {
  readonly name: string;
  /** What the log's own files betray. */
  readonly alone: Verdict;
  /** What a checkpoint kept elsewhere betrays; the same as `alone` when absent. */
  readonly remembered?: Verdict;
  readonly apply: (log: Attacked) => void;
}

const lie = (line: string): string => edit(line, (record) => ({ ...record, subject: { call: 'nothing happened' } }));
const read = (directory: string, name: string): string => readFileSync(join(directory, name), 'utf8');
const write = (directory: string, name: string, text: string | Uint8Array): void =>
  writeFileSync(join(directory, name), text);

/** Change the list of records and write it back. */
function onRecords(change: (lines: string[], at: number, log: Attacked) => readonly string[]): Attack['apply'] {
  return (log) => writeLog(log.directory, change(readLog(log.directory), log.at, log));
}

/** Change the list of stored checkpoints and write it back. */
function onCheckpoints(change: (lines: string[], log: Attacked) => readonly string[]): Attack['apply'] {
  return (log) => {
    const lines = read(log.directory, 'checkpoints.ndjson').split('\n').slice(0, -1);
    write(
      log.directory,
      'checkpoints.ndjson',
      change(lines, log)
        .map((line) => `${line}\n`)
        .join(''),
    );
  };
}

const forgedFinal = (lines: readonly string[]): string =>
  edit(lines.at(-1) ?? '', (record) => ({ ...record, subject: { outcome: 'closed', exit: 0, summary: {} } }));

/** Cut records and, with them, every checkpoint that speaks of more. */
function cutBoth({ directory, at }: Attacked, tail: (lines: readonly string[]) => readonly string[] = () => []): void {
  const kept = Math.floor(at / CHECKPOINT_EVERY) * CHECKPOINT_EVERY;
  const lines = readLog(directory);
  writeLog(directory, rechain([...lines.slice(0, kept), ...tail(lines)]));
  const notes = read(directory, 'checkpoints.ndjson')
    .split('\n')
    .slice(0, kept / CHECKPOINT_EVERY);
  write(directory, 'checkpoints.ndjson', notes.map((line) => `${line}\n`).join(''));
  rmSync(join(directory, 'checkpoint'));
  rmSync(join(directory, 'tile'), { recursive: true });
}

export const ATTACKS: readonly Attack[] = [
  {
    name: 'a record is edited',
    alone: 'INVALID',
    apply: onRecords((lines, at) => lines.with(at, lie(lines[at] ?? ''))),
  },
  {
    name: 'one byte of a record is changed',
    alone: 'INVALID',
    apply: onRecords((lines, at) =>
      lines.with(at, (lines[at] ?? '').replace('npm', 'npn').replace('"exit"', '"exis"')),
    ),
  },
  {
    name: 'a record is edited and the chain made anew',
    alone: 'INVALID',
    apply: onRecords((lines, at) => rechain(lines.with(at, lie(lines[at] ?? '')))),
  },
  { name: 'a record is deleted', alone: 'INVALID', apply: onRecords((lines, at) => lines.toSpliced(at, 1)) },
  { name: 'the first record is deleted', alone: 'INVALID', apply: onRecords((lines) => lines.slice(1)) },
  {
    name: 'a record is deleted and the chain made anew',
    alone: 'INVALID',
    apply: onRecords((lines, at) => rechain(lines.toSpliced(at, 1))),
  },
  {
    name: 'two records are swapped',
    alone: 'INVALID',
    apply: onRecords((lines, at) => lines.toSpliced(at, 2, lines[at + 1] ?? '', lines[at] ?? '')),
  },
  {
    name: 'two records are swapped and the chain made anew',
    alone: 'INVALID',
    apply: onRecords((lines, at) => rechain(lines.toSpliced(at, 2, lines[at + 1] ?? '', lines[at] ?? ''))),
  },
  {
    name: 'a record is duplicated',
    alone: 'INVALID',
    apply: onRecords((lines, at) => lines.toSpliced(at, 0, lines[at] ?? '')),
  },
  {
    name: 'a record is inserted',
    alone: 'INVALID',
    apply: onRecords((lines, at) => rechain(lines.toSpliced(at, 0, lie(lines[at] ?? '')))),
  },
  {
    name: 'an empty line is inserted',
    alone: 'INVALID',
    apply: onRecords((lines, at) => lines.toSpliced(at, 0, '')),
  },
  { name: 'the tail is cut', alone: 'DIVERGED', apply: onRecords((lines, at) => lines.slice(0, at)) },
  {
    name: 'the tail is cut exactly at a checkpoint',
    alone: 'DIVERGED',
    apply: onRecords((lines, at) => lines.slice(0, Math.floor(at / CHECKPOINT_EVERY) * CHECKPOINT_EVERY)),
  },
  { name: 'only the final record is cut', alone: 'DIVERGED', apply: onRecords((lines) => lines.slice(0, -1)) },
  {
    name: 'the tail is cut inside a record',
    alone: 'DIVERGED',
    apply: ({ directory }) => write(directory, 'events.ndjson', read(directory, 'events.ndjson').slice(0, -100)),
  },
  {
    name: 'records and checkpoints are cut together',
    alone: 'INCOMPLETE',
    remembered: 'DIVERGED',
    apply: (log) => cutBoth(log),
  },
  {
    name: 'records and checkpoints are cut together and a final record is forged without the key',
    alone: 'INCOMPLETE',
    remembered: 'DIVERGED',
    apply: (log) => cutBoth(log, (lines) => [forgedFinal(lines)]),
  },
  {
    name: 'the last checkpoint is written twice',
    alone: 'INVALID',
    apply: onCheckpoints((lines) => [...lines, ...lines.slice(-1)]),
  },
  {
    name: 'all checkpoints are deleted',
    alone: 'INCOMPLETE',
    apply: ({ directory }) => {
      rmSync(join(directory, 'checkpoints.ndjson'));
      rmSync(join(directory, 'checkpoint'));
    },
  },
  {
    name: 'all records are deleted',
    alone: 'DIVERGED',
    apply: ({ directory }) => rmSync(join(directory, 'events.ndjson')),
  },
  {
    name: 'the whole log is rewritten and signed with the stolen key',
    alone: 'SIGNED-UNANCHORED',
    remembered: 'DIVERGED',
    apply: ({ directory, runId, at }) => {
      const lines = readLog(directory);
      resign(directory, rechain(lines.with(at, lie(lines[at] ?? ''))), stolenKey(runId));
    },
  },
  {
    name: 'the log is cut, its end forged, and all signed with the stolen key',
    alone: 'SIGNED-UNANCHORED',
    remembered: 'DIVERGED',
    apply: ({ directory, runId, at }) => {
      const lines = readLog(directory);
      resign(directory, rechain([...lines.slice(0, at), forgedFinal(lines)]), stolenKey(runId));
    },
  },
  {
    name: 'the whole log is rewritten and signed with a key of the attacker',
    alone: 'SIGNED-UNANCHORED',
    remembered: 'DIVERGED',
    apply: ({ directory, runId, at }) => {
      const lines = readLog(directory);
      resign(directory, rechain(lines.with(at, lie(lines[at] ?? ''))), ownKey(runId));
    },
  },
  {
    name: 'the log is signed anew with a key of the attacker, nothing else changed',
    alone: 'SIGNED-UNANCHORED',
    remembered: 'DIVERGED',
    apply: ({ directory, runId }) => resign(directory, readLog(directory), ownKey(runId)),
  },
  {
    name: 'the key file is replaced',
    alone: 'INVALID',
    apply: ({ directory, runId }) => write(directory, 'log.vkey', `${ownKey(runId).verifierKey}\n`),
  },
  { name: 'the key file is deleted', alone: 'INVALID', apply: ({ directory }) => rmSync(join(directory, 'log.vkey')) },
  {
    name: 'the records of another run are put in place',
    alone: 'INVALID',
    apply: ({ directory, other }) => write(directory, 'events.ndjson', read(other, 'events.ndjson')),
  },
  {
    name: 'the whole log of another run is put in place',
    alone: 'SIGNED-UNANCHORED',
    remembered: 'DIVERGED',
    apply: ({ directory, other }) => {
      rmSync(directory, { recursive: true });
      cpSync(other, directory, { recursive: true });
    },
  },
  {
    name: 'a record of another run is spliced in, chained and signed with the stolen key',
    alone: 'INVALID',
    apply: ({ directory, other, runId, at }) =>
      resign(directory, rechain(readLog(directory).with(at, readLog(other)[at] ?? '')), stolenKey(runId)),
  },
  {
    name: 'an inner node is presented as a leaf',
    alone: 'INVALID',
    apply: ({ directory, at }) => {
      const lines = readLog(directory);
      const left = at - (at % 2);
      const hashes = lines.slice(left, left + 2).map((line) => hashLeaf(Buffer.from(line)));
      const parts = [lines.slice(0, left), lines.slice(left + 2)].map((part) =>
        part.map((line) => `${line}\n`).join(''),
      );
      const node = Buffer.from(hashes.join(''), 'hex');
      write(
        directory,
        'events.ndjson',
        Buffer.concat([Buffer.from(parts[0] ?? ''), node, Buffer.from(`\n${parts[1]}`)]),
      );
    },
  },
  {
    name: 'two checkpoints are swapped',
    alone: 'INVALID',
    apply: onCheckpoints((lines) => lines.toSpliced(0, 2, lines[1] ?? '', lines[0] ?? '')),
  },
  {
    name: 'a checkpoint is signed by another key',
    alone: 'INVALID',
    apply: onCheckpoints((lines, { runId }) =>
      lines.with(
        0,
        canonicalize({
          note: ownKey(runId).sign({ origin: `sallyport/run/${runId}`, size: 20, root: '0'.repeat(64) }),
        }),
      ),
    ),
  },
  {
    name: 'a checkpoint of another run is put in place',
    alone: 'INVALID',
    apply: onCheckpoints((lines, { other }) => lines.with(0, read(other, 'checkpoints.ndjson').split('\n')[0] ?? '')),
  },
  {
    name: 'the signature of a checkpoint is damaged',
    alone: 'INVALID',
    apply: onCheckpoints((lines) =>
      lines.with(
        0,
        (lines[0] ?? '').replace(/[A-Za-z](?=[A-Za-z0-9+/]{9}=*\\n"\}$)/, (c) => (c === 'a' ? 'b' : 'a')),
      ),
    ),
  },
  {
    name: 'a fork: two checkpoints of one size, both signed with the stolen key',
    alone: 'INVALID',
    apply: ({ directory, runId }) =>
      write(
        directory,
        'checkpoint',
        stolenKey(runId).sign({ origin: `sallyport/run/${runId}`, size: 20, root: '1'.repeat(64) }),
      ),
  },
  {
    name: 'a tile is changed',
    alone: 'INVALID',
    apply: ({ directory }) => {
      const name = `tile/0/000.p/${readLog(directory).length}`;
      const bytes = readFileSync(join(directory, name));
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      write(directory, name, bytes);
    },
  },
  {
    name: 'a key is repeated in a record, all signed with the stolen key',
    alone: 'INVALID',
    apply: ({ directory, runId, at }) => {
      const lines = readLog(directory);
      resign(
        directory,
        lines.with(at, (lines[at] ?? '').replace('"kind":', '"kind":"budget","kind":')),
        stolenKey(runId),
      );
    },
  },
  {
    name: 'white space is added to a record',
    alone: 'INVALID',
    apply: onRecords((lines, at) => lines.with(at, (lines[at] ?? '').replace('"kind":', '"kind": '))),
  },
  { name: 'line ends become CRLF', alone: 'INVALID', apply: onRecords((lines) => lines.map((line) => `${line}\r`)) },
  {
    name: 'bytes follow the final record',
    alone: 'INVALID',
    apply: ({ directory }) => write(directory, 'events.ndjson', `${read(directory, 'events.ndjson')}{`),
  },
  {
    name: 'a record follows the final one, all signed with the stolen key',
    alone: 'INVALID',
    apply: ({ directory, runId }) => {
      const lines = readLog(directory);
      resign(directory, rechain([...lines, lie(lines[0] ?? '')]), stolenKey(runId));
    },
  },
  {
    name: 'a checkpoint over more records than there are, signed by another key, is added',
    alone: 'INVALID',
    apply: onCheckpoints((lines, { runId }) => [
      ...lines,
      canonicalize({
        note: ownKey(runId).sign({ origin: `sallyport/run/${runId}`, size: 9_000, root: '0'.repeat(64) }),
      }),
    ]),
  },
  ...['kind', 'subject', 'time'].map(
    (field): Attack => ({
      name: `a record loses its ${field}, all signed with the stolen key`,
      alone: 'INVALID',
      apply: ({ directory, runId, at }) => {
        const lines = readLog(directory);
        const poorer = edit(lines[at] ?? '', ({ [field]: _lost, ...record }) => record);
        resign(directory, rechain(lines.with(at, poorer)), stolenKey(runId));
      },
    }),
  ),
  {
    name: 'the monotonic clock is turned back, all signed with the stolen key',
    alone: 'INVALID',
    apply: ({ directory, runId, at }) => {
      const lines = readLog(directory);
      resign(
        directory,
        rechain(
          lines.with(
            at,
            edit(lines[at] ?? '', (record) => ({ ...record, mono: 0 })),
          ),
        ),
        stolenKey(runId),
      );
    },
  },
  {
    name: 'the number of a record becomes an object that cannot be shown',
    alone: 'INVALID',
    apply: onRecords((lines, at) =>
      lines.with(
        at,
        edit(lines[at] ?? '', (record) => ({ ...record, seq: { toString: 1, valueOf: 1 } })),
      ),
    ),
  },
  {
    name: 'a record claims a version that does not exist yet',
    alone: 'UNVERIFIABLE',
    apply: onRecords((lines, at) =>
      lines.with(
        at,
        edit(lines[at] ?? '', (record) => ({ ...record, v: 2 })),
      ),
    ),
  },
];
