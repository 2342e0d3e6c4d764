import { EVERYTHING, maskOf } from './category-mask.ts';
import { type Facts, factsOf, refinement } from './facts.ts';
import { ADDRESS_PARTS } from './idioms.ts';
import { clearLabels, DOTS, encodeLabels, LIBRARY_ORIGIN, neutraliseQuote } from './label.ts';
import { keepsHost } from './text-methods.ts';
import type { Value, View } from './value.ts';

/** Parsed addresses: a test of a part speaks of the whole, too. */
const ADDRESSES = new Set(['URL()', 'url.URL()', 'url.parse()', 'document.createElement(a)']);
/** The same, with parts that are as they were written (docs.python.org, urllib.parse; pkg.go.dev, net/url). */
const PLAIN_ADDRESSES = new Set([
  'urllib.parse.urlparse()',
  'urllib.parse.urlsplit()',
  'net/url.Parse()',
  'net/url.ParseRequestURI()',
]);

/** `if (target.jquery)`: what has this is no text. */
export function elementFacts(object: Value): Facts | undefined {
  return factsOf(
    object.views.flatMap((seen) => (seen.relation === 'same' ? refinement(seen.cell, NO_TEXT) : [])),
    [],
  );
}

/** `if urlsplit(target).netloc`: what has none stays on its host, as `netloc != ''` says. */
export function hostFacts(object: Value, name: string): Facts | undefined {
  if (name !== 'netloc') return undefined;
  const absent = addressViews(object, name).map(({ cell }) => refinement(cell, ADDRESS));
  return absent.length === 0 ? undefined : factsOf([], absent);
}

const ADDRESS = maskOf(['ssrf', 'redirect']);
const NO_TEXT = maskOf(['xss', 'redirect', 'code']);

/** What of a thing's labels its member has. */
export function labelsOfMember(object: Value, name: string, whole: Value['taint']): Value['taint'] {
  if (PATHS.test(object.name ?? '') && OWN_NAMES.has(name)) return clearLabels(whole, PATH);
  return isAddress(object) ? partOfAddress(object, name, whole) : partByName(name, whole);
}

/** The last segment of a path has no folder in it (docs.python.org, pathlib). */
const PATHS = /^pathlib\.(?:Pure)?(?:Posix|Windows)?Path\(\)(?:\.|$)/;
const OWN_NAMES: ReadonlySet<string> = new Set(['name', 'stem', 'suffix']);
const PATH = maskOf(['path']);

/** A caller's element says what it is by its name: `options.$el`. */
function partByName(name: string, taint: Value['taint']): Value['taint'] {
  if (taint.length === 0 || !ELEMENT_NAME.test(name)) return taint;
  return taint.flatMap((label) => (label.origin.row === LIBRARY_ORIGIN ? clearLabels([label], NO_TEXT) : [label]));
}

const ELEMENT_NAME = /^(?:\$\w{1,40}|el|elem|element|node|domNode|domElement)$/;

/** What a parser of addresses encodes and resolves (WHATWG URL, 4.4), and what of the page's own address its visitor cannot choose. */
function partOfAddress({ name: parser }: Value, name: string, taint: Value['taint']): Value['taint'] {
  const kept = HOST_PARTS.has(name) ? keepsHost(taint, EVERYTHING) : taint;
  if (parser === 'url.parse()') return kept;
  const inside = name === 'pathname' ? neutraliseQuote(kept, DOTS) : kept;
  return ENCODED_PARTS.has(name) ? encodeLabels(inside, MARKUP) : inside;
}

/** A path of an address begins with a slash; of one that was taken apart as it is when the whole did. */
export function beginningOfPart(object: Value, name: string): string | undefined {
  if (!isAddress(object) || (name !== 'pathname' && name !== 'path')) return undefined;
  return object.name !== 'url.parse()' || object.prefix?.startsWith('/') ? '/' : undefined;
}

const HOST_PARTS = new Set(['host', 'hostname', 'origin', 'port', 'protocol']);
const ENCODED_PARTS = new Set([...HOST_PARTS, 'href', 'pathname', 'search', 'hash']);
const MARKUP = maskOf(['xss']);

/** Whether it is an address that was parsed. */
export function isAddress({ name }: Value): boolean {
  return name !== undefined && ADDRESSES.has(name);
}

/** Parts of an address tell what address it was. */
export function addressViews(object: Value, name: string): readonly View[] {
  const relation = ADDRESS_PARTS[name];
  if (!relation) return [];
  const parsed = isAddress(object) || PLAIN_ADDRESSES.has(object.name ?? '');
  return object.views.flatMap((view) =>
    view.relation === 'address' || (parsed && view.relation === 'same') ? { cell: view.cell, relation } : [],
  );
}
