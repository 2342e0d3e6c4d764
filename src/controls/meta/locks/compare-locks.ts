import type { Place, Readers, SourceFile } from '../../../syntax/index.ts';
import type { ControlClass } from '../../control-class.ts';
import type { ControlChange, Direction } from '../../model.ts';
import { readJsonLock } from './json-lock.ts';
import { isLineLock, isSilentLock, readLineLock } from './line-lock.ts';
import { hostOf, isLoose, type LockEntry } from './lock-entry.ts';

const JSON_LOCK = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|Pipfile\.lock|composer\.lock)$/;
/** Of one file: a lock that was replaced whole says the same thing in every line. */
const MOST_CHANGES = 50;

export function isLock(path: string): boolean {
  return JSON_LOCK.test(path) || isLineLock(path);
}

type Classes = ReadonlyMap<string, ControlClass>;
type Report = (
  control: string,
  direction: Direction,
  message: string,
  entry: LockEntry,
  before?: Place,
  after?: Place,
) => void;

/** Addresses and digests that changed although the version did not, and places that nothing came from before. */
export function compareLocks(
  before: SourceFile | undefined,
  after: SourceFile | undefined,
  readers: Readers,
  classes: Classes,
): readonly ControlChange[] {
  if (after === undefined) return [];
  const old = before ? readEntries(before, readers) : [];
  const now = [...Map.groupBy(readEntries(after, readers), keyOf).values()].map(mergeOf);
  const known = Map.groupBy(old, keyOf);
  const hosts = new Set(old.flatMap(({ urls }) => urls.map(hostOf)));
  const isSilent = isSilentLock(after.path);
  const changes: ControlChange[] = [];
  const report: Report = (control, direction, message, entry, was, is) => {
    const row = classes.get(control);
    if (row === undefined || changes.length >= MOST_CHANGES) return;
    const { group, severity, meta } = row;
    changes.push({
      control,
      group,
      direction,
      severity,
      confidence: 'high',
      message,
      scope: entry.name,
      before: was,
      after: is ?? entry.place,
      subject: keyOf(entry),
      meta,
    });
  };
  const seen = new Set<string>();
  for (const entry of now) {
    const twins = known.get(keyOf(entry));
    if (twins) compareEntry(mergeOf(twins), entry, hosts, isSilent, report);
    else if (before) judgeNew(entry, hosts, isSilent, report, seen);
  }
  return changes;
}

function readEntries(file: SourceFile, readers: Readers): readonly LockEntry[] {
  return JSON_LOCK.test(file.path) ? readJsonLock(file, readers) : readLineLock(file);
}

function keyOf({ name, version }: LockEntry): string {
  return `${name}@${version}`;
}

/** Some formats list a package once for every place in the tree. */
function mergeOf(entries: readonly LockEntry[]): LockEntry {
  const [first] = entries;
  if (first === undefined || entries.length === 1) return first ?? NOTHING;
  return {
    ...first,
    urls: entries.flatMap(({ urls }) => urls),
    hashes: entries.flatMap(({ hashes }) => hashes),
    urlPlace: entries.find(({ urlPlace }) => urlPlace)?.urlPlace,
    hashPlace: entries.find(({ hashPlace }) => hashPlace)?.hashPlace,
  };
}

const NOTHING: LockEntry = {
  name: '',
  version: '',
  urls: [],
  hashes: [],
  place: { file: '', span: { start: 0, end: 0 } },
  urlPlace: undefined,
  hashPlace: undefined,
};

function compareEntry(
  old: LockEntry,
  now: LockEntry,
  hosts: ReadonlySet<string>,
  isSilent: boolean,
  report: Report,
): void {
  const known = new Set(old.urls.map(plainUrl));
  const moved =
    old.urls.length > 0 || isSilent
      ? now.urls.find((url) => !known.has(plainUrl(url)) && !isSibling(url, old.urls))
      : undefined;
  const title = `${now.name} ${now.version}`.trim();
  if (moved !== undefined) {
    const what = hosts.has(hostOf(moved)) ? 'another address' : `another host, ${hostOf(moved)}`;
    report(
      'lock-address-changed',
      'weakened',
      `${title} comes from ${what}, although its version did not change (it came from ${old.urls[0] ?? 'the registry'})`,
      now,
      old.urlPlace ?? old.place,
      now.urlPlace,
    );
  }
  const shared = now.hashes.some((hash) => old.hashes.includes(hash));
  if (old.hashes.length > 0 && now.hashes.length === 0)
    report(
      'lock-digest-removed',
      'weakened',
      `${title} has no digest any more: nothing says which bytes are right`,
      now,
      old.hashPlace ?? old.place,
      now.place,
    );
  else if (old.hashes.length > 0 && !shared && !isStronger(old, now))
    report(
      'lock-digest-changed',
      'weakened',
      `${title} has another digest, although its version did not change`,
      now,
      old.hashPlace ?? old.place,
      now.hashPlace,
    );
}

function judgeNew(
  entry: LockEntry,
  hosts: ReadonlySet<string>,
  isSilent: boolean,
  report: Report,
  seen: Set<string>,
): void {
  const foreign = entry.urls.find(
    (url) => (hosts.size > 0 || isSilent) && !hosts.has(hostOf(url)) && hostOf(url) !== '',
  );
  if (foreign !== undefined && !seen.has(hostOf(foreign))) {
    seen.add(hostOf(foreign));
    report(
      'lock-host-added',
      'added-capability',
      `${entry.name} ${entry.version} comes from ${hostOf(foreign)}, from which nothing came before`,
      entry,
      undefined,
      entry.urlPlace,
    );
  }
  const loose = entry.urls.find(isLoose);
  if (loose !== undefined)
    report(
      'lock-source-loose',
      'added-capability',
      `${entry.name} comes from ${loose.slice(0, 120)}, which can change without a new version`,
      entry,
      undefined,
      entry.urlPlace,
    );
}

/** Without what comes behind `#` and `?`, which older formats use for the digest. */
function plainUrl(url: string): string {
  return url.replace(/[#?].*$/, '');
}

/** Another file of the same release beside the ones that were there: a wheel for one more platform. */
function isSibling(url: string, others: readonly string[]): boolean {
  return others.length > 1 && others.some((other) => hostOf(other) === hostOf(url) && /^https:/.test(url));
}

function isStronger(old: LockEntry, now: LockEntry): boolean {
  const weak = (hashes: readonly string[]): boolean => hashes.every((hash) => /^sha1|^[0-9a-f]{40}$/.test(hash));
  return weak(old.hashes) && !weak(now.hashes);
}
