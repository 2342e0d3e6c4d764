import { classifyContext, type Effect, type Step, type TemplateText } from '../pipelines/index.ts';
import type { Place } from '../syntax/index.ts';
import type { Arrival } from './arrival.ts';

/**
 * What an output of `actions/github-script` holds: a part of the event, or text that the script fetched. Read by the
 * shape of its statements; what it computes otherwise stays unknown.
 */
export function scriptOutputs({ uses, inputs, effects }: Step, output: string): readonly Arrival[] {
  if (uses?.name !== 'actions/github-script') return [];
  const text = inputs.find(({ name }) => name === 'script')?.value;
  if (text === undefined) return [];
  const spans = output === 'result' ? returned(text.text) : set(text.text, output);
  const seen = new Set<string>();
  return spans.flatMap((span) => valuesIn(span, { text, effects, seen }));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** More names than this are not followed back; each is followed once. */
const MAX_NAMES = 40;

interface Reading {
  readonly text: TemplateText;
  readonly effects: readonly Effect[];
  readonly seen: Set<string>;
}

/** `github.rest.issues.get`, up to its arguments. */
const CALL = /([\w.]{1,80})\s*\(/;

function set(text: string, output: string): readonly Span[] {
  const call = new RegExp(`\\bsetOutput\\(\\s*['"\`]${RegExp.escape(output)}['"\`]\\s*,\\s*([^;\\n]+)`, 'g');
  return groups(text, call);
}

function returned(text: string): readonly Span[] {
  return groups(text, /\breturn\s+([^;\n]+)/g);
}

/** Where the first group of each match stands, which ends it. */
function groups(text: string, pattern: RegExp): readonly Span[] {
  return [...text.matchAll(pattern)].map((match) => {
    const end = match.index + match[0].length;
    return { start: end - (match[1] ?? '').length, end };
  });
}

/** One of a few words, a yes or no, or a number, whatever it was asked of. */
const DECIDED =
  /\?\s*['"`][^'"`]*['"`]\s*:\s*['"`]|[=!]==|\.(?:includes|test|startsWith|endsWith|some|every|has)\([^()]*\)[)\s]*$|\.(?:number|id|length|sha|state|permission|role_name)[)\s]*$/;

const PAYLOAD = /\bcontext\.payload((?:\??\.\w+)*)/g;
const METHODS = /^(?:replace|replaceAll|trim|slice|substring|split|toLowerCase|toString|match|map|join)$/;

function valuesIn(span: Span, reading: Reading): readonly Arrival[] {
  const { text, effects, seen } = reading;
  const expression = text.text.slice(span.start, span.end);
  const place = placeIn(text, span);
  const events = [...expression.matchAll(PAYLOAD)].map(([, path]): Arrival => {
    const names = (path ?? '').split(/\??\./).filter((name) => name !== '' && !METHODS.test(name));
    return { ...classifyContext(['github', 'event', ...names]), place, expanded: 'shell', hops: [] };
  });
  if (DECIDED.test(expression)) return [];
  const fetched = effects.filter((effect) => effect.kind === 'fetch-text' && isWithin(effect.place, place));
  const asked = fetched.map(
    (effect): Arrival => ({
      name: CALL.exec(expression)?.[1] ?? 'a call of the script',
      kind: 'text',
      origin: 'fetched',
      place: effect.place,
      expanded: 'shell',
      hops: [],
    }),
  );
  const named = namesIn(expression).flatMap((name) => {
    if (seen.has(name) || seen.size >= MAX_NAMES) return [];
    seen.add(name);
    return assigned(text.text, name, span.start).flatMap((inner) => valuesIn(inner, reading));
  });
  return [...events, ...asked, ...named];
}

function namesIn(expression: string): readonly string[] {
  const bare = expression.replace(/(['"])(?:(?!\1).)*\1/g, '');
  return [...new Set([...bare.matchAll(/(?<![.\w])([A-Za-z_]\w*)/g)].map(([, name]) => name ?? ''))].slice(0, 12);
}

/** The last value that a name got in front of an offset: `const x = …`, `const { data: x } = …`. */
function assigned(text: string, name: string, before: number): readonly Span[] {
  const declared = new RegExp(
    `\\b(?:const|let|var)\\s+(?:${name}|\\{[^}\\n]{0,200}\\b${name}\\b[^}\\n]{0,200}\\})\\s*=\\s*([^;\\n]+)`,
    'g',
  );
  return groups(text.slice(0, before), declared).slice(-1);
}

function placeIn({ place, offsetOf }: TemplateText, { start, end }: Span): Place {
  return { file: place.file, span: { start: offsetOf(start), end: offsetOf(Math.max(start, end - 1)) + 1 } };
}

function isWithin(inner: Place, outer: Place): boolean {
  return inner.file === outer.file && outer.span.start <= inner.span.start && inner.span.start < outer.span.end;
}
