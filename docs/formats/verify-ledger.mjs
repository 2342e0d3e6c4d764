/**
 * A second, independent verifier for Sallyport ledgers: one file, no dependencies, no code shared with the program that
 * wrote the log. Read it, then run it: node verify-ledger.mjs DIR [--trust F] [--remembered F] [--json]
 * The format is described in ledger.md, beside this file.
 */
import { isUtf8 } from 'node:buffer';
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `usage: node verify-ledger.mjs DIR [--trust FILE] [--remembered FILE] [--json]
Exit codes: WITNESSED 0, ANCHORED 0, SIGNED-UNANCHORED 10, INCOMPLETE 20, DIVERGED 30, INVALID 40, UNVERIFIABLE 50;
2 when the arguments cannot be used.`;
const FAILING = { 'SIGNED-UNANCHORED': 10, INCOMPLETE: 20, DIVERGED: 30, INVALID: 40, UNVERIFIABLE: 50 };
const MAX_LEAF = 60 * 1024;
const MAX_LINE = 1024 * 1024;
const MAX_DEPTH = 64;
const TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

class Malformed extends Error {}

// --- Canonical JSON (RFC 8785), read character by character: what is not canonical has no second chance. ---
const STRING = /"(?:[^"\\\u0000-\u001f]|\\["\\bfnrt]|\\u00[01][0-9a-f])*"/y;
const NUMBER = /-?[0-9]+(\.[0-9]+)?(e[+-][0-9]+)?/y;
const WORD = /true|false|null/y;

class CanonicalReader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  static object(text) {
    const reader = new CanonicalReader(text);
    const value = reader.value(0);
    if (text[0] !== '{' || reader.at !== text.length) throw new Malformed('is not one JSON object');
    return value;
  }

  value(depth) {
    const head = this.text[this.at];
    if (head === '{' || head === '[') {
      if (depth >= MAX_DEPTH) throw new Malformed('is nested too deep');
      this.at += 1;
      return head === '{' ? this.members(depth + 1) : this.items(depth + 1);
    }
    if (head === '"') return this.string();
    if ('tfn'.includes(head)) return JSON.parse(this.match(WORD));
    return this.number();
  }

  members(depth) {
    const object = Object.create(null);
    if (this.take('}')) return object;
    let previous;
    do {
      if (this.text[this.at] !== '"') throw new Malformed('lacks a key');
      const key = this.string();
      if (previous !== undefined && !(previous < key)) throw new Malformed('has keys out of order or twice');
      previous = key;
      if (!this.take(':')) throw new Malformed('lacks a colon');
      object[key] = this.value(depth);
    } while (this.take(','));
    if (!this.take('}')) throw new Malformed('has an object without end');
    return object;
  }

  items(depth) {
    const array = [];
    if (this.take(']')) return array;
    do array.push(this.value(depth));
    while (this.take(','));
    if (!this.take(']')) throw new Malformed('has an array without end');
    return array;
  }

  string() {
    const token = this.match(STRING);
    const value = JSON.parse(token);
    if (JSON.stringify(value) !== token) throw new Malformed('has a needless escape');
    return value;
  }

  number() {
    const token = this.match(NUMBER);
    const value = Number(token);
    if (Object.is(value, -0) || String(value) !== token) throw new Malformed('has a number in another form');
    if (Number.isInteger(value) && Math.abs(value) > 2 ** 53 - 1) throw new Malformed('has an integer beyond 2^53-1');
    return value;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const [token] = pattern.exec(this.text) ?? [];
    if (token === undefined) throw new Malformed('is not JSON');
    this.at += token.length;
    return token;
  }

  take(character) {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }
}

function decodeUtf8(bytes, limit) {
  if (bytes.length >= limit) throw new Malformed('is too long');
  if (!isUtf8(bytes)) throw new Malformed('is not UTF-8');
  return bytes.toString();
}

// --- Files, line by line. A line beyond the limit is cut there: memory stays bounded. ---
function* readLines(path, limit) {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  const block = Buffer.alloc(256 * 1024);
  let data = Buffer.alloc(0);
  for (let count = readSync(file, block); count > 0; count = readSync(file, block)) {
    data = Buffer.concat([data, block.subarray(0, count)]);
    let start = 0;
    for (;;) {
      const end = data.indexOf(10, start);
      const length = (end < 0 ? data.length : end) - start;
      if (end < 0 && length <= limit) break;
      const bytes = data.subarray(start, start + Math.min(length, limit));
      yield { bytes, whole: true };
      start += length > limit ? limit : length + 1;
    }
    data = data.subarray(start);
  }
  closeSync(file);
  if (data.length > 0) yield { bytes: data, whole: false };
}

const readIfPresent = (path) => (existsSync(path) ? readFileSync(path) : undefined);

// --- The tree (RFC 6962 §2.1) and its tiles (C2SP tlog-tiles). ---
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const hashLeaf = (bytes) => sha256(Buffer.of(0), bytes);
const hashNode = (left, right) => sha256(Buffer.of(1), left, right);

class Tree {
  size = 0;
  /** Roots of complete subtrees with their heights, which strictly fall. */
  stack = [];
  tiles = [];

  append(leaf, onTile) {
    let node = { hash: leaf, height: 0 };
    this.toTile(node, onTile);
    while (this.stack.at(-1)?.height === node.height) {
      node = { hash: hashNode(this.stack.pop().hash, node.hash), height: node.height + 1 };
      if (node.height % 8 === 0) this.toTile(node, onTile);
    }
    this.stack.push(node);
    this.size += 1;
  }

  root() {
    if (this.stack.length === 0) return sha256('');
    return this.stack.map(({ hash }) => hash).reduceRight((right, left) => hashNode(left, right));
  }

  toTile({ hash, height }, onTile) {
    const level = height / 8;
    const { index, hashes } = this.tiles[level] ?? { index: 0, hashes: [] };
    this.tiles[level] = { index, hashes };
    if (hashes.push(hash) < 256) return;
    onTile(tilePath(level, index), Buffer.concat(hashes));
    this.tiles[level] = { index: index + 1, hashes: [] };
  }

  partialTiles(onTile) {
    for (const [level, { index, hashes }] of this.tiles.entries())
      if (hashes.length > 0) onTile(`${tilePath(level, index)}.p/${hashes.length}`, Buffer.concat(hashes));
  }
}

function tilePath(level, index) {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  const groups = digits.match(/.{3}/g);
  return `tile/${level}/${groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')}`;
}

// --- Notes, keys and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature). ---
function base64(text) {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new Malformed('base64 is malformed');
  return bytes;
}

function parseKey(text) {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(text) ?? [];
  if (encoded === undefined) throw new Malformed('the key is malformed');
  const bytes = base64(encoded);
  const key = { name, id, type: bytes[0], material: bytes.toString('hex', 1), known: [1, 4].includes(bytes[0]) };
  if (!key.known) return key;
  if (bytes.length !== 33) throw new Malformed('the key has another length');
  if (sha256(`${name}\n`, bytes).toString('hex', 0, 4) !== id) throw new Malformed('the key id does not fit');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') };
  return { ...key, key: createPublicKey({ key: jwk, format: 'jwk' }) };
}

export function parseCheckpoint(source) {
  if (source.length > 65_536 || !source.isWellFormed()) throw new Malformed('the note is malformed');
  if ([...source].some((character) => character < ' ' && character !== '\n')) throw new Malformed('control characters');
  const split = source.lastIndexOf('\n\n');
  if (split < 0 || !source.endsWith('\n')) throw new Malformed('the note has no signatures');
  const text = source.slice(0, split + 1);
  const signatures = source
    .slice(split + 2, -1)
    .split('\n')
    .map(parseSignature);
  const lines = text.split('\n');
  if (lines.length !== 4 || lines[0] === '') throw new Malformed('a checkpoint has three lines');
  if (!/^(0|[1-9][0-9]{0,15})$/.test(lines[1]) || Number(lines[1]) > 2 ** 53 - 1) throw new Malformed('bad size');
  const root = base64(lines[2]);
  if (root.length !== 32) throw new Malformed('the root is malformed');
  return { origin: lines[0], size: Number(lines[1]), root, text, signatures };
}

function parseSignature(line) {
  const [, name, encoded] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
  const bytes = base64(encoded ?? '');
  if (bytes.length < 5) throw new Malformed('a signature line is malformed');
  return { name, id: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) };
}

/** 'absent', 'valid' or 'invalid'. */
function judge(note, key) {
  const own = note.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  const good = own.every(({ bytes }) => {
    if (!key.known) return false;
    if (key.type === 1) return bytes.length === 64 && verifySignature(null, Buffer.from(note.text), key.key, bytes);
    if (bytes.length !== 72 || bytes[0] >= 0x80) return false;
    const message = `cosignature/v1\ntime ${bytes.readBigUInt64BE(0)}\n${note.text}`;
    return verifySignature(null, Buffer.from(message), key.key, bytes.subarray(8));
  });
  if (own.length === 0) return 'absent';
  return good ? 'valid' : 'invalid';
}

// --- Trust policy (C2SP tlog-policy). ---
export function parseTrust(text) {
  const trust = { logs: [], witnesses: [], groups: new Map(), quorum: undefined, used: new Set() };
  for (const [index, line] of [...text.split('\n'), undefined].entries()) {
    const need = (condition, what) => {
      if (!condition) throw new Error(`trust policy, line ${index + 1}: ${what}`);
    };
    if (line === undefined) need(trust.quorum !== undefined, 'there is no quorum line');
    else readTrustLine(line, trust, need);
  }
  return trust;
}

function readTrustLine(line, trust, need) {
  need(!/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line), 'control characters');
  const [word, name, second, ...names] = line.split(/[ \t]+/).filter(Boolean);
  if (word === undefined || word.startsWith('#')) return;
  const once = (use) => need(!trust.used.has(use) && trust.used.add(use), 'listed twice');
  const define = (group) => {
    need(name !== 'none' && !trust.groups.has(name), 'a name is defined once');
    trust.groups.set(name, group);
  };
  if (word === 'log') {
    need(name && names.length === 0, 'log <vkey> [<url>]');
    const key = parseKey(name);
    need(key.type !== 4, 'this is the key of a witness');
    once(`log ${key.material}`);
    trust.logs.push(key);
  } else if (word === 'witness') {
    need(second && names.length <= 1, 'witness <name> <vkey> [<url>]');
    const key = parseKey(second);
    need(key.type !== 1, 'this is the key of a log');
    once(`witness ${key.material}`);
    define({ threshold: 1, members: [] });
    trust.witnesses.push({ name, key });
  } else if (word === 'group') {
    need(names.length > 0 && /^(any|all|[1-9][0-9]{0,8})$/.test(second), 'group <name> <k|any|all> <member>…');
    const threshold = { any: 1, all: names.length }[second] ?? Number(second);
    need(threshold <= names.length, 'the threshold is too large');
    for (const member of names) need(trust.groups.has(member), 'a member is not defined before');
    for (const member of names) once(`member ${member}`);
    define({ threshold, members: names });
  } else {
    need(word === 'quorum' && name && !second && trust.quorum === undefined, 'one quorum <name>');
    need(name === 'none' || trust.groups.has(name), 'the quorum is not defined before');
    trust.quorum = name;
  }
}

function isMet(trust, name, cosigned) {
  const { threshold, members } = trust.groups.get(name);
  if (members.length === 0) return cosigned.has(name);
  return members.filter((member) => isMet(trust, member, cosigned)).length >= threshold;
}

// --- The verification. ---
export class Verification {
  constructor(directory, trust, remembered) {
    Object.assign(this, { directory, trust, remembered, tree: new Tree(), kept: [] });
    Object.assign(this, { outcomes: new Set(), failures: [], failureCount: 0, previous: '0'.repeat(64), mono: 0 });
    Object.assign(this, { checkpoints: 0, covered: 0, tornCheckpoint: false, torn: false, final: null, gaps: 0 });
  }

  run() {
    this.key = this.attempt('key', () => parseKey(this.read('log.vkey')?.replace(/\n$/, '') ?? ''));
    this.signer = this.trustedKey();
    const note = this.read('checkpoint');
    const latest = note === undefined ? undefined : this.attempt('checkpoint.form', () => parseCheckpoint(note));
    if (latest) this.kept.push({ head: latest, outside: false });
    if (this.remembered) this.kept.push({ head: this.remembered, outside: true });
    this.readRecords();
    return this.conclude(latest, this.cosigners(latest));
  }

  read(name) {
    return readIfPresent(join(this.directory, name))?.toString();
  }

  report(outcome, check, message, record) {
    this.outcomes.add(outcome);
    this.failureCount += 1;
    if (this.failures.length < 100) this.failures.push({ check, record, message });
  }

  attempt(check, action, record) {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.report('INVALID', check, error.message, record);
      return undefined;
    }
  }

  trustedKey() {
    const { key, trust } = this;
    if (key && !key.known) this.report('UNVERIFIABLE', 'key', `the key is of type ${key.type}`);
    if (!key || !trust || trust.logs.length === 0) return key;
    const isKey = ({ name, id, material }) => name === key.name && id === key.id && material === key.material;
    if (trust.logs.some(isKey)) return key;
    this.report('INVALID', 'key', 'the key is not among the logs of the trust policy');
    return undefined;
  }

  /** Stored checkpoints, in strictly rising size. */
  *storedHeads() {
    let previous = 0;
    for (const { bytes, whole } of readLines(join(this.directory, 'checkpoints.ndjson'), MAX_LINE)) {
      this.tornCheckpoint = !whole;
      if (!whole) return;
      this.checkpoints += 1;
      const head = this.attempt('checkpoint.form', () => {
        const { note } = CanonicalReader.object(decodeUtf8(bytes, MAX_LINE));
        if (typeof note !== 'string') throw new Malformed('has no note');
        return parseCheckpoint(note);
      });
      if (head?.size <= previous) this.report('INVALID', 'checkpoint.order', `checkpoint ${this.checkpoints}`);
      else if (head) yield head;
      previous = Math.max(previous, head?.size ?? 0);
    }
  }

  isSigned(head, outside) {
    const signed = this.signer?.name === head.origin && judge(head, this.signer) === 'valid';
    if (!signed) this.contradict(head, outside, 'checkpoint.signature', 'is not signed by the key of this log');
    return signed;
  }

  contradict(head, outside, check, message) {
    const text = `the checkpoint over ${head.size} records ${message}`;
    if (outside) this.report('DIVERGED', 'remembered', text);
    else this.report('INVALID', check, text, Math.max(0, head.size - 1));
  }

  compareHead(head, outside) {
    const signed = this.isSigned(head, outside);
    if (!head.root.equals(this.tree.root())) this.contradict(head, outside, 'checkpoint.root', 'has another root');
    else if (signed && !outside) this.covered = Math.max(this.covered, head.size);
  }

  readRecords() {
    const stored = this.storedHeads();
    const { tree } = this;
    let next = stored.next().value;
    const compareHeads = () => {
      if (next?.size === tree.size) {
        this.compareHead(next, false);
        next = stored.next().value;
      }
      for (const { head, outside } of this.kept) if (head.size === tree.size) this.compareHead(head, outside);
    };
    const onTile = (path, bytes) => this.compareTile(path, bytes);
    compareHeads();
    for (const { bytes, whole } of readLines(join(this.directory, 'events.ndjson'), MAX_LEAF)) {
      this.torn = !whole;
      if (!whole) break;
      tree.append(this.readRecord(bytes), onTile);
      compareHeads();
    }
    if (this.torn && this.final) this.report('INVALID', 'trailing', 'bytes behind the final record', tree.size);
    if (!this.torn && this.final) tree.partialTiles(onTile);
    for (; next; next = stored.next().value) this.refuseLarger(next, false);
    for (const { head, outside } of this.kept) if (head.size > tree.size) this.refuseLarger(head, outside);
  }

  refuseLarger(head, outside) {
    const check = outside ? 'remembered' : 'checkpoint.size';
    if (this.isSigned(head, outside)) this.report('DIVERGED', check, `a checkpoint covers ${head.size} records`);
  }

  /** Tiles are derived: one that is missing can be made again, one that differs was tampered with. */
  compareTile(path, bytes) {
    const file = readIfPresent(join(this.directory, path));
    if (file && !file.equals(bytes)) this.report('INVALID', 'tile', `${path} does not fit the records`);
  }

  /** Checks one record; returns the hash of its leaf. */
  readRecord(bytes) {
    const sequence = this.tree.size;
    if (this.final) this.report('INVALID', 'final', 'stands behind the final record', sequence);
    const record = this.attempt('canonical', () => CanonicalReader.object(decodeUtf8(bytes, MAX_LEAF)), sequence);
    if (typeof record?.v === 'number' && record.v > 1)
      this.report('UNVERIFIABLE', 'version', `is of version ${record.v}`, sequence);
    else if (record) this.checkFields(record, sequence);
    const leaf = hashLeaf(bytes);
    this.previous = leaf.toString('hex');
    return leaf;
  }

  checkFields({ v: version, seq, prev, log, kind, subject, mono, time }, sequence) {
    const fail = (check, message) => this.report('INVALID', check, message, sequence);
    if (version !== 1) return fail('version', 'has no version that exists');
    const hasSubject = typeof subject === 'object' && subject !== null && !Array.isArray(subject);
    if (seq !== sequence) fail('sequence', 'has another number than its place');
    if (prev !== this.previous) fail('chain', 'does not follow from the record before');
    if (this.key && log !== this.key.name) fail('log', 'belongs to another log');
    if (typeof kind !== 'string' || !hasSubject) fail('field', 'lacks kind or subject');
    if (typeof time !== 'string' || !TIME.test(time)) fail('field', 'has no time');
    if (!Number.isInteger(mono) || mono < this.mono) fail('clock', 'stands before its predecessor');
    else this.mono = mono;
    if (kind === 'capture.gap' && hasSubject) this.gaps += 1;
    if (kind === 'run.final' && hasSubject) this.final = subject;
  }

  cosigners(latest) {
    const cosigned = new Set();
    for (const { name, key } of (latest && this.trust?.witnesses) ?? []) {
      const result = judge(latest, key);
      if (result === 'valid') cosigned.add(name);
      else if (result === 'invalid' && key.known) this.report('INVALID', 'cosignature', `of '${name}' does not fit`);
    }
    return cosigned;
  }

  conclude(latest, cosigned) {
    const { tree, trust, failures, failureCount, outcomes } = this;
    const notes = [];
    if (!this.final) notes.push('there is no final record');
    if (this.torn) notes.push('the last line is torn');
    if (this.tornCheckpoint) notes.push('the last checkpoint is torn');
    if (this.covered < tree.size) notes.push(`no signature covers the last ${tree.size - this.covered} records`);
    if (this.gaps > 0) notes.push(`the run itself recorded ${this.gaps} gaps`);
    const asked = trust && trust.quorum !== 'none' && latest?.size === tree.size;
    const quorum = asked && isMet(trust, trust.quorum, cosigned);
    const confirmed = this.remembered?.size === tree.size ? 'ANCHORED' : 'SIGNED-UNANCHORED';
    const good = notes.length > 0 ? 'INCOMPLETE' : quorum ? 'WITNESSED' : confirmed;
    const verdict = ['UNVERIFIABLE', 'INVALID', 'DIVERGED'].find((word) => outcomes.has(word)) ?? good;
    return { verdict, records: tree.size, root: tree.root().toString('hex'), failures, failureCount, notes };
  }
}

function main() {
  const flag = { type: 'string' };
  const options = { trust: flag, remembered: flag, json: { type: 'boolean' }, help: { type: 'boolean' } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const directory = positionals[0];
  if (values.help) return console.log(USAGE);
  if (!directory || !['events.ndjson', 'log.vkey'].some((name) => existsSync(join(directory, name))))
    throw new Error(`no ledger there\n${USAGE}`);
  const trust = values.trust && parseTrust(readFileSync(values.trust, 'utf8'));
  const remembered = values.remembered && parseCheckpoint(readFileSync(values.remembered, 'utf8'));
  const result = new Verification(directory, trust, remembered).run();
  process.exitCode = FAILING[result.verdict] ?? 0;
  if (values.json) return console.log(JSON.stringify(result, null, 2));
  console.log(`${result.verdict}\n  records ${result.records}\n  root ${result.root}`);
  for (const note of result.notes) console.log(`  note: ${note}`);
  for (const { check, record, message } of result.failures)
    console.log(`  FAILED ${check}${record === undefined ? '' : ` at record ${record}`}: ${JSON.stringify(message)}`);
}

try {
  if (process.argv[1]?.endsWith('verify-ledger.mjs')) main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
