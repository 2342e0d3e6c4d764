import type { Place, SourceFile } from '../../../syntax/index.ts';
import type { LockEntry } from './lock-entry.ts';

/** How the entries of a lock file without JSON begin, and what their lines say. Every pattern is bounded. */
interface LineFormat {
  readonly files: RegExp;
  /** Begins an entry; groups `name` and, where it stands there, `version`. */
  readonly begins: RegExp;
  /** Later line that names the entry. */
  readonly name?: RegExp;
  readonly version?: RegExp;
  /** Addresses stand only beside what does not come from the registry. */
  readonly silent?: boolean;
}

const FORMATS: readonly LineFormat[] = [
  {
    files: /(?:^|\/)yarn\.lock$/,
    begins: /^"?(?<name>@?[^@\s"]{1,214})@[^\n]*:\s*$/,
    version: /^\s+version:?\s+"?([^"\s]{1,200})/,
  },
  {
    files: /(?:^|\/)pnpm-lock\.yaml$/,
    begins: /^ {2}'?\/?(?<name>@?[^@\s'(]{1,214})@(?<version>[^\s:'(]{1,200}).*:\s*$/,
    silent: true,
  },
  {
    files: /(?:^|\/)(?:uv|poetry|pdm|Cargo)\.lock$/,
    begins: /^\[\[package\]\]/,
    name: /^name\s*=\s*"([^"]{1,214})"/,
    version: /^version\s*=\s*"([^"]{1,200})"/,
  },
  { files: /(?:^|\/)go\.sum$/, begins: /^(?<name>\S{1,300})\s+(?<version>v\S{1,200})\s+h1:/ },
  {
    files: /(?:^|\/)Gemfile\.lock$/,
    // A section names the registry of all that stands below it.
    begins: /^(?<name>GEM|GIT|PATH)\s*$|^ {2,4}(?<name>[\w.-]{1,100}) \((?<version>[^)\s]{1,100})\)/,
  },
  {
    files: /(?:^|\/)requirements[\w.-]*\.txt$/,
    begins: /^(?<name>[A-Za-z0-9][\w.[\]-]{0,100})\s*(?:==\s*(?<version>[^\s;\\]{1,100})|@|$)/,
  },
];

export function isLineLock(path: string): boolean {
  return FORMATS.some(({ files }) => files.test(path));
}

/** Whether the format names an address only for what the registry does not give. */
export function isSilentLock(path: string): boolean {
  return FORMATS.some(({ files, silent }) => silent === true && files.test(path));
}

const URL = /(?:[\w+.-]{2,30}:\/\/|git@)[^\s"',})\]]{1,2000}/g;
const HASH =
  /(?:sha(?:1|256|384|512)[-:=][A-Za-z0-9+/=]{20,200}|\bh1:[A-Za-z0-9+/=]{20,100}|(?:checksum|integrity|hash)\s*[:=]\s*"?[A-Za-z0-9+/=:/-]{4,300}|--hash=\S{10,200})/g;
const LONGEST_LINE = 20_000;

interface Open {
  name: string;
  version: string;
  readonly urls: string[];
  readonly hashes: string[];
  readonly place: Place;
  urlPlace: Place | undefined;
  hashPlace: Place | undefined;
}

/** Entries of a lock file, line by line. Lines that are longer than any honest one are cut. */
export function readLineLock(file: SourceFile): readonly LockEntry[] {
  const format = FORMATS.find(({ files }) => files.test(file.path));
  if (format === undefined) return [];
  const entries: Open[] = [];
  let current: Open | undefined;
  let start = 0;
  for (const whole of file.text.split('\n')) {
    const line = whole.slice(0, LONGEST_LINE);
    const place: Place = { file: file.path, span: { start, end: start + whole.length } };
    start += whole.length + 1;
    const begins = format.begins.exec(line);
    if (begins) {
      const { name = '', version = '' } = begins.groups ?? {};
      current = { name, version, urls: [], hashes: [], place, urlPlace: undefined, hashPlace: undefined };
      entries.push(current);
    } else if (/^\S/.test(line) && !line.startsWith('#') && !/^[\w-]+\s*=|^\]|^\[package\./.test(line))
      current = undefined;
    if (current) readLine(line, format, place, current);
  }
  return entries.filter(({ name }) => name !== '');
}

function readLine(line: string, format: LineFormat, place: Place, entry: Open): void {
  const name = format.name?.exec(line)?.[1];
  if (name !== undefined && entry.name === '') entry.name = name;
  const version = format.version?.exec(line)?.[1];
  if (version !== undefined && entry.version === '') entry.version = version;
  for (const [url] of line.matchAll(URL)) {
    entry.urls.push(url);
    entry.urlPlace ??= place;
  }
  for (const [hash] of line.matchAll(HASH)) {
    entry.hashes.push(hash.replace(/^(?:checksum|integrity|hash)\s*[:=]\s*"?/, ''));
    entry.hashPlace ??= place;
  }
}
