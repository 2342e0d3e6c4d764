import type { Place } from '../../syntax/index.ts';
import type { JsonValue } from '../../system/index.ts';
import { revealHidden } from '../../text/index.ts';
import { hashLines } from '../line-hash.ts';
import type { Locator } from '../position.ts';
import type { Report } from '../report.ts';

/** Longer texts are cut: no viewer shows them. */
const MAX_MESSAGE = 4000;

const START = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 } as const;

/** Places and texts as SARIF writes them. */
export interface SarifPlaces {
  artifactLocation(file: string): { readonly [key: string]: JsonValue };
  physicalLocation(place: Place): { readonly [key: string]: JsonValue };
  /** The `location` of a result: GitHub wants a region, so the first character stands for a file that is not at hand. */
  resultLocation(place: Place): { readonly [key: string]: JsonValue };
  /** A `location`, with a message where one is given. */
  location(place: Place, message?: string): { readonly [key: string]: JsonValue };
  region(place: Place): { readonly [key: string]: JsonValue } | undefined;
  /** `primaryLocationLineHash`; undefined when the file is not at hand. */
  lineHash(place: Place): string | undefined;
  /** Text from outside as a SARIF message: no hidden character, no embedded link (§3.11.6). */
  plain(text: string): string;
}

export function createSarifPlaces(locator: Locator, report: Pick<Report, 'source'>): SarifPlaces {
  const hashes = new Map<string, readonly string[]>();
  const artifactLocation = (file: string) => ({ uri: uriOf(file), uriBaseId: 'SRCROOT' });
  const region = (place: Place) => {
    const found = locator.region(place);
    return found === undefined ? undefined : { ...found };
  };
  const physicalLocation = (place: Place) => {
    const found = region(place);
    const artifact = { artifactLocation: artifactLocation(place.file) };
    return found === undefined ? artifact : { ...artifact, region: found };
  };
  return {
    artifactLocation,
    physicalLocation,
    region,
    resultLocation: (place) => ({ physicalLocation: { region: { ...START }, ...physicalLocation(place) } }),
    location: (place, message) => {
      const physical = { physicalLocation: physicalLocation(place) };
      return message === undefined ? physical : { ...physical, message: { text: plain(message) } };
    },
    lineHash: (place) => {
      const source = report.source(place.file);
      if (source === undefined) return undefined;
      const lines = hashes.get(place.file) ?? hashLines(source.text);
      hashes.set(place.file, lines);
      return lines[(locator.region(place)?.startLine ?? 1) - 1];
    },
    plain,
  };
}

/** A relative reference (RFC 3986 §4.2); nothing in a path from outside can make it absolute or leave a character raw. */
function uriOf(path: string): string {
  return path
    .toWellFormed()
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
}

function plain(text: string): string {
  const shown = revealHidden(text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text);
  return shown.replace(/[\\[\]]/g, '\\$&');
}
